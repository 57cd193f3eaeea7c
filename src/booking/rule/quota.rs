//! Shares of an office's day (ποσοστώσεις): so much for a channel, for staff, for a mode, for those who come without an
//! appointment.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::booking::core::Actor;
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;

/// A limit on what a group of bookings may take of each day of an office. Several quotas hold all at once.
///
/// Keeping something for staff is a quota on citizens; keeping something for those who walk in is a quota on everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Only bookings through these channels (`web`, `telegram`, `phone`, `terminal`, `staff`); all when empty.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Only those booked by citizens, or only those booked by staff; both when absent.
    #[serde(default)]
    pub booked_by: Option<BookedBy>,
    /// Only in these modes; all when empty.
    #[serde(default)]
    pub modes: Vec<Mode>,
    /// Only of these services; all when empty.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// How much they may take of a day.
    pub most: Most,
    /// From so many hours before its start on, a slot is free for all again; never when absent.
    #[serde(default)]
    pub lifts_hours_before: Option<u32>,
}

/// Who booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookedBy {
    /// A citizen, in a conversation.
    Citizens,
    /// An official or a trusted program.
    Staff,
}

/// How much of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Most {
    /// So many hundredths of the day's serving time (all its resources together), 0 to 100.
    Percent(u32),
    /// So many appointments.
    Places(u32),
}

/// What a booking counts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind<'a> {
    /// The channel's name.
    pub channel: &'a str,
    /// Whether staff booked.
    pub staff: bool,
    /// The mode.
    pub mode: Mode,
    /// The service.
    pub service: &'a ServiceId,
}

impl<'a> Kind<'a> {
    /// What a booking by `actor` counts as.
    #[must_use]
    pub fn of(actor: &'a Actor, mode: Mode, service: &'a ServiceId) -> Self {
        Self { channel: actor.channel(), staff: !actor.is_citizen(), mode, service }
    }
}

/// What a group of bookings has taken of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Appointments and holds; several desks at once count as one.
    pub places: u32,
    /// Minutes of serving, without buffers, over all resources.
    pub minutes: u32,
}

impl Quota {
    /// What keeps so many hundredths of each day for people who come without an appointment; `None` when nothing is kept.
    #[must_use]
    pub fn leaving_walk_in(percent: u32) -> Option<Self> {
        (percent > 0).then(|| Self {
            channels: Vec::new(),
            booked_by: None,
            modes: Vec::new(),
            services: Vec::new(),
            most: Most::Percent(100_u32.saturating_sub(percent)),
            lifts_hours_before: None,
        })
    }

    /// Whether a booking counts towards it.
    #[must_use]
    pub fn counts(&self, kind: &Kind<'_>) -> bool {
        let booked_by = match self.booked_by {
            None => true,
            Some(BookedBy::Staff) => kind.staff,
            Some(BookedBy::Citizens) => !kind.staff,
        };
        booked_by
            && (self.channels.is_empty() || self.channels.iter().any(|c| c == kind.channel))
            && (self.modes.is_empty() || self.modes.contains(&kind.mode))
            && (self.services.is_empty() || self.services.contains(kind.service))
    }

    /// Whether a slot that starts at `start` is free for all by `now`.
    #[must_use]
    pub fn lifted(&self, start: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.lifts_hours_before.is_some_and(|hours| start - now <= TimeDelta::hours(i64::from(hours)))
    }

    /// How many more bookings of so many `minutes` each fit, on a day with so many `minutes_open` of serving time.
    #[must_use]
    pub fn room(&self, used: Usage, minutes: u32, minutes_open: u32) -> u32 {
        match self.most {
            Most::Places(most) => most.saturating_sub(used.places),
            Most::Percent(percent) => {
                let share = u64::from(minutes_open) * u64::from(percent);
                let left = share.saturating_sub(u64::from(used.minutes) * 100);
                u32::try_from(left / (u64::from(minutes.max(1)) * 100)).unwrap_or(u32::MAX)
            }
        }
    }

    /// Whether one more booking of so many `minutes` still fits, on a day with so many `minutes_open` of serving time.
    #[must_use]
    pub fn admits(&self, used: Usage, minutes: u32, minutes_open: u32) -> bool {
        self.room(used, minutes, minutes_open) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(most: Most) -> Quota {
        let (channels, modes, services) = (Vec::new(), Vec::new(), Vec::new());
        Quota { channels, booked_by: None, modes, services, most, lifts_hours_before: None }
    }

    #[test]
    fn it_counts_only_the_bookings_it_names() {
        let service: ServiceId = "kep.a".into();
        let web = Kind { channel: "web", staff: false, mode: Mode::Video, service: &service };
        let desk = Kind { channel: "staff", staff: true, mode: Mode::InPerson, service: &service };
        let all = quota(Most::Places(1));
        for (quota, counted) in [
            (all.clone(), (true, true)),
            (Quota { channels: vec!["web".to_owned()], ..all.clone() }, (true, false)),
            (Quota { booked_by: Some(BookedBy::Citizens), ..all.clone() }, (true, false)),
            (Quota { booked_by: Some(BookedBy::Staff), ..all.clone() }, (false, true)),
            (Quota { modes: vec![Mode::InPerson], ..all.clone() }, (false, true)),
            (Quota { services: vec!["kep.b".into()], ..all.clone() }, (false, false)),
            (Quota { channels: vec!["web".to_owned()], modes: vec![Mode::Phone], ..all }, (false, false)),
        ] {
            assert_eq!((quota.counts(&web), quota.counts(&desk)), counted, "{quota:?}");
        }
    }

    #[test]
    fn it_admits_up_to_its_places_or_its_hundredths_and_no_further() {
        let used = |places, minutes| Usage { places, minutes };
        for (most, used, expected) in [
            (Most::Places(3), used(0, 0), 3),
            (Most::Places(3), used(3, 60), 0),
            (Most::Places(3), used(5, 60), 0),
            (Most::Percent(50), used(0, 0), 12),
            (Most::Percent(50), used(11, 220), 1),
            (Most::Percent(50), used(11, 221), 0),
            (Most::Percent(50), used(20, 400), 0),
            (Most::Percent(0), used(0, 0), 0),
            (Most::Percent(100), used(0, 0), 24),
        ] {
            let quota = quota(most);
            assert_eq!(quota.room(used, 20, 480), expected, "{most:?} {used:?}");
            assert_eq!(quota.admits(used, 20, 480), expected > 0, "{most:?} {used:?}");
        }
    }

    #[test]
    fn it_lifts_to_the_second() {
        let start: DateTime<Utc> = "2026-11-26T08:00:00Z".parse().expect("an instant");
        let lifting = Quota { lifts_hours_before: Some(24), ..quota(Most::Places(0)) };
        let before = |seconds| start - TimeDelta::hours(24) - TimeDelta::seconds(seconds);
        assert_eq!((lifting.lifted(start, before(1)), lifting.lifted(start, before(0))), (false, true));
        assert!(!quota(Most::Places(0)).lifted(start, start), "one that never lifts");
    }

    #[test]
    fn what_is_kept_for_those_who_walk_in_is_a_quota_on_everybody() {
        assert_eq!(Quota::leaving_walk_in(0), None);
        assert_eq!(Quota::leaving_walk_in(30), Some(quota(Most::Percent(70))));
    }
}
