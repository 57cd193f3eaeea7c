//! The waiting list (λίστα αναμονής): who waits for which place, and offers of places that came free.
//!
//! An offer locks its slot for [`OFFER_MINUTES`]; it goes to several people at once, the first yes wins, the rest are told.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::core::{
    Actor, Appointment, BookingRequest, DailyWindow, EmptyBecause, Needs, Order, Slot, SlotQuery, Window,
};
use super::id::{HoldId, OfficeId, ServiceId};
use super::identity::{Email, Phone};
use super::people::{Mode, Relation};
use super::reference::Reference;
use super::refusal::Refusal;

/// How long an offer locks its slot, minutes.
pub const OFFER_MINUTES: i64 = 30;

/// How many people one free slot is offered to at once.
pub const OFFERED_TO: usize = 3;

/// So many offers in a row without any answer, and one's place is the last of the queue.
pub const MOST_LAPSES: i64 = 2;

/// Nobody waits longer, days: what citizens told is kept no longer than it can be of use.
pub const LONGEST_WAIT_DAYS: i64 = 90;

/// The most offices or windows that one wish may name.
const MOST_PARTS: usize = 60;

/// A wish to be told when a place comes free.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitRequest {
    /// The service.
    pub service: ServiceId,
    /// At one of these offices; at any that offers the service when empty.
    pub offices: Vec<OfficeId>,
    /// The mode.
    pub mode: Mode,
    /// For whom, in which language, by whom.
    pub needs: Needs,
    /// A slot starts in one of these; at any time when empty.
    pub windows: Vec<Window>,
    /// A slot starts in none of these.
    #[serde(default)]
    pub excluded: Vec<Window>,
    /// A slot starts in this part of its day.
    pub daily: Option<DailyWindow>,
    /// Whom it is for (ωφελούμενος), nominative.
    pub beneficiary: String,
    /// Who asks (αιτών), nominative.
    pub requester: String,
    /// The telephone that proves ownership later.
    pub phone: Phone,
    /// Where an offer may go.
    pub email: Option<Email>,
    /// Whether requester and beneficiary are two people.
    pub on_behalf: bool,
    /// What the beneficiary is to the requester.
    pub relation: Option<Relation>,
    /// The registry id of the procedure it is about.
    pub procedure: Option<String>,
    /// As in a booking.
    pub identity: Option<String>,
}

impl WaitRequest {
    /// The free slots that would end the wait.
    #[must_use]
    pub fn query(&self, limit: usize) -> SlotQuery {
        SlotQuery {
            offices: self.offices.clone(),
            needs: self.needs.clone(),
            windows: self.windows.clone(),
            excluded: self.excluded.clone(),
            daily: self.daily,
            order: Order::Earliest,
            ..SlotQuery::new(self.service.clone(), self.mode, limit)
        }
    }

    /// Whether a slot is one that is waited for; `zone` is that of its office.
    #[must_use]
    pub fn fits(&self, slot: &Slot, zone: Tz) -> bool {
        let starts_in = |w: &Window| w.from == slot.start || (w.from < slot.start && slot.start < w.to);
        let in_part_of_day = self.daily.is_none_or(|daily| {
            let time = slot.start.with_timezone(&zone).time();
            if daily.from <= daily.to {
                daily.from <= time && time < daily.to
            } else {
                daily.from <= time || time < daily.to
            }
        });
        self.mode == slot.mode
            && (self.offices.is_empty() || self.offices.contains(&slot.office))
            && (self.windows.is_empty() || self.windows.iter().any(starts_in))
            && !self.excluded.iter().any(starts_in)
            && in_part_of_day
    }

    /// The people of it as those of a booking; `offer` is what was offered.
    #[must_use]
    pub fn booking(&self, offer: HoldId) -> BookingRequest {
        BookingRequest {
            hold: offer,
            beneficiary: self.beneficiary.clone(),
            requester: self.requester.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            on_behalf: self.on_behalf,
            relation: self.relation,
            guests: Vec::new(),
            procedure: self.procedure.clone(),
            identity: self.identity.clone(),
        }
    }

    /// When there is nothing left to wait for.
    #[must_use]
    pub fn over_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let longest = now + TimeDelta::days(LONGEST_WAIT_DAYS);
        // A clock time is a window without length: its slot starts then, and is waited for up to then.
        let last = self.windows.iter().map(|w| w.to.max(w.from)).max();
        last.map_or(longest, |last| last.min(longest))
    }

    /// Refuses a wish that names too much.
    ///
    /// # Errors
    /// `Invalid` with the field's public name.
    pub fn check_size(&self) -> Result<(), Refusal> {
        let lengths =
            [("office", self.offices.len()), ("windows", self.windows.len()), ("excluded", self.excluded.len())];
        for (field, length) in lengths {
            if length > MOST_PARTS {
                return Err(Refusal::Invalid { field, message: format!("names more than {MOST_PARTS}") });
            }
        }
        Ok(())
    }
}

/// Whether waiting helps where a search found nothing for this reason.
///
/// # Errors
/// What to tell whoever would wait in vain.
pub fn worth_waiting(why: &EmptyBecause) -> Result<(), Refusal> {
    match why {
        EmptyBecause::FullyBooked
        | EmptyBecause::KeptForOthers
        | EmptyBecause::Closed(_)
        | EmptyBecause::NotYetOpen(_)
        | EmptyBecause::BeyondHorizon(_) => Ok(()),
        EmptyBecause::Holiday(name) => Err(Refusal::Closed(name.clone())),
        EmptyBecause::NobodyServes => Err(Refusal::NobodyServes("what is waited for".to_owned())),
        EmptyBecause::OutsideHours | EmptyBecause::TooSoon => Err(Refusal::NotASlot),
    }
}

/// Where a wait stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitState {
    /// Nothing has come free yet.
    Waiting,
    /// A place is offered.
    Offered,
    /// An offer was taken.
    Booked,
    /// The citizen no longer waits.
    Withdrawn,
}

impl WaitState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Offered, Self::Booked, Self::Withdrawn];

    /// The name used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Booked => "booked",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the name used in JSON and in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A place in the waiting list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// What the citizen keeps: the same form as that of an appointment, and never equal to one.
    pub reference: Reference,
    /// What is waited for; without the identity number, which is kept only as a digest.
    pub request: WaitRequest,
    /// Where it stands.
    pub state: WaitState,
    /// The place that is offered now.
    pub offer: Option<Offered>,
    /// While waiting: somebody else said yes first to the last offer.
    #[serde(default)]
    pub outrun: bool,
    /// Once booked: the reference of the appointment.
    #[serde(default)]
    pub appointment: Option<Reference>,
}

/// A place that came free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where.
    pub office: OfficeId,
    /// Until when it is kept.
    pub expires_at: DateTime<Utc>,
}

/// How many wait for a service at an office; whoever would go to several offices is counted at each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WaitCount {
    /// The service.
    pub service: ServiceId,
    /// The office; absent for those who would go to any.
    pub office: Option<OfficeId>,
    /// Who wait.
    pub waiting: u32,
    /// To whom a place is offered now.
    pub offered: u32,
}

/// The waiting list. Every call either did all it says or changed nothing.
#[async_trait::async_trait]
pub trait WaitingList: Send + Sync {
    /// Joins. Joining again from the same conversation gives the same place.
    ///
    /// # Errors
    /// `NotOffered` where the service has no waiting list; `StillFree` where there are free times; `AlreadyWaits` and
    /// `LimitReached` for a beneficiary who waits or has an appointment; `Invalid` as in a booking.
    async fn wait(&self, request: &WaitRequest, actor: &Actor) -> Result<Wait, Refusal>;

    /// The wait with this reference, for somebody who knows the telephone.
    ///
    /// # Errors
    /// `NotFound`, alike for a wrong reference and a wrong telephone.
    async fn waiting(&self, reference: &Reference, phone: &Phone) -> Result<Wait, Refusal>;

    /// Takes the place that is offered. A second yes gives the same appointment.
    ///
    /// # Errors
    /// `SlotTaken` when somebody said yes first; `HoldExpired` when the offer is over; `LimitReached`.
    async fn accept(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<Appointment, Refusal>;

    /// Lets the place that is offered go to the next, and goes on waiting.
    ///
    /// # Errors
    /// `NotFound`; `HoldExpired` when nothing is offered.
    async fn decline(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<Wait, Refusal>;

    /// No longer waits. Officials need no telephone.
    ///
    /// # Errors
    /// `NotFound`; `WrongState` once a place was taken.
    async fn leave(&self, reference: &Reference, phone: Option<&Phone>, actor: &Actor) -> Result<(), Refusal>;

    /// How many wait for what, without naming anybody.
    ///
    /// # Errors
    /// The store is away.
    async fn counts(&self) -> Result<Vec<WaitCount>, Refusal>;

    /// Ends offers that are over and offers what is free to those who have waited longest; says how many offers were made or
    /// ended. A job calls it; doing it twice, or in two processes at once, does no harm.
    ///
    /// # Errors
    /// The store is away.
    async fn offer_free(&self) -> Result<u64, Refusal>;
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    fn request() -> WaitRequest {
        WaitRequest {
            service: "a.b".into(),
            offices: vec!["here".into()],
            mode: Mode::InPerson,
            needs: Needs::default(),
            windows: Vec::new(),
            excluded: Vec::new(),
            daily: None,
            beneficiary: "Άννα Α".to_owned(),
            requester: "Άννα Α".to_owned(),
            phone: Phone::parse("6944123456").expect("a telephone"),
            email: None,
            on_behalf: false,
            relation: None,
            procedure: None,
            identity: None,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn slot(office: &str, start: &str) -> Slot {
        let start = at(start);
        let end = start + TimeDelta::minutes(20);
        Slot { start, end, office: office.into(), mode: Mode::InPerson, free: 1, distance_m: None }
    }

    #[test]
    fn a_slot_fits_by_office_mode_window_and_wall_clock() {
        let nine = slot("here", "2026-11-26T07:00:00Z");
        let athens = crate::clock::ATHENS;
        assert!(request().fits(&nine, athens));
        assert!(!request().fits(&slot("there", "2026-11-26T07:00:00Z"), athens));
        assert!(!WaitRequest { mode: Mode::Video, ..request() }.fits(&nine, athens));
        assert!(WaitRequest { offices: Vec::new(), ..request() }.fits(&nine, athens));
        let window = |from: &str, to: &str| Window { from: at(from), to: at(to) };
        for (from, to, fits) in [
            ("2026-11-26T07:00:00Z", "2026-11-26T07:00:00Z", true),
            ("2026-11-26T06:00:00Z", "2026-11-26T07:00:00Z", false),
            ("2026-11-26T06:00:00Z", "2026-11-26T07:00:01Z", true),
            ("2026-11-26T07:00:01Z", "2026-11-26T08:00:00Z", false),
        ] {
            let wish = WaitRequest { windows: vec![window(from, to)], ..request() };
            assert_eq!(wish.fits(&nine, athens), fits, "{from} {to}");
            let refused = WaitRequest { excluded: vec![window(from, to)], ..request() };
            assert_eq!(refused.fits(&nine, athens), !fits, "not {from} {to}");
        }
        let daily = |from: u32, to: u32| {
            let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).expect("a time");
            Some(DailyWindow { from: hour(from), to: hour(to) })
        };
        // 09:00 in Athens.
        for (from, to, fits) in [(8, 10, true), (9, 10, true), (8, 9, false), (22, 10, true), (22, 9, false)] {
            assert_eq!(WaitRequest { daily: daily(from, to), ..request() }.fits(&nine, athens), fits, "{from}-{to}");
        }
    }

    #[test]
    fn a_wait_is_over_with_its_last_window_and_never_lasts_for_ever() {
        let now = at("2026-11-23T06:00:00Z");
        let longest = now + TimeDelta::days(LONGEST_WAIT_DAYS);
        assert_eq!(request().over_at(now), longest);
        let day = |from: &str, to: &str| Window { from: at(from), to: at(to) };
        let thursday = day("2026-11-25T22:00:00Z", "2026-11-26T22:00:00Z");
        let wish = WaitRequest { windows: vec![thursday], ..request() };
        assert_eq!(wish.over_at(now), thursday.to);
        let wish = WaitRequest { windows: vec![thursday, day("2026-11-25T22:00:00Z", "2028-01-01T00:00:00Z")], ..wish };
        assert_eq!(wish.over_at(now), longest);
    }
}
