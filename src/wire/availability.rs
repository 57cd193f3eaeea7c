//! Free times and days, and why there are none.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{LocalTime, Unreadable};
use crate::booking::core::{DayCount, EmptyBecause, Slot, SlotPage};
use crate::booking::id::OfficeId;
use crate::booking::people::Mode;

/// Free times in their order.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Free {
    /// The free times.
    pub slots: Vec<FreeSlot>,
    /// Whether there are more than the limit let through.
    pub more: bool,
    /// Where the next page begins, for `after`; only when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Why there are none; only when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_because: Option<Reason>,
    /// When the next days open for booking; only when there are none and days open at set hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_release: Option<LocalTime>,
}

/// One free time.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FreeSlot {
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
    /// Where.
    pub office: OfficeId,
    /// How.
    pub mode: Mode,
    /// How many desks or employees are still free.
    pub free: u32,
    /// How far the office is from `near`, kilometres as the crow flies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
}

/// The rule that left nothing free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    /// `holiday`, `closed`, `outside_hours`, `too_soon`, `beyond_horizon`, `not_yet_open`, `kept_for_others`,
    /// `nobody_serves` or `fully_booked`.
    pub code: String,
    /// The holiday or the reason for closing, in Greek.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// A Greek sentence fit to be shown to a citizen.
    #[serde(default)]
    pub message_el: String,
    /// How many days ahead one may book; only with `beyond_horizon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// When the asked days open for booking; only with `not_yet_open`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<LocalTime>,
}

/// Days of a calendar.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Days {
    /// In their order, none left out.
    pub days: Vec<DayView>,
}

/// How much is free on one day.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DayView {
    /// The day, by the office's wall clock.
    #[schema(value_type = String, format = Date)]
    pub date: NaiveDate,
    /// How many appointments can still be made.
    pub free: u32,
    /// Why there are none; only when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_because: Option<Reason>,
}

impl From<Slot> for FreeSlot {
    fn from(slot: Slot) -> Self {
        let Slot { start, end, office, mode, free, distance_m } = slot;
        let distance_km = distance_m.map(|metres| f64::from(metres) / 1000.0);
        Self { start: LocalTime(start), end: LocalTime(end), office, mode, free, distance_km }
    }
}

impl From<FreeSlot> for Slot {
    fn from(slot: FreeSlot) -> Self {
        let FreeSlot { start, end, office, mode, free, distance_km } = slot;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on this earth")]
        let metres = |km: f64| (km * 1000.0).round() as u32;
        Self { start: start.0, end: end.0, office, mode, free, distance_m: distance_km.map(metres) }
    }
}

impl TryFrom<Free> for SlotPage {
    type Error = Unreadable;

    fn try_from(free: Free) -> Result<Self, Unreadable> {
        Ok(Self {
            slots: free.slots.into_iter().map(Slot::from).collect(),
            more: free.more,
            empty_because: free.empty_because.map(EmptyBecause::try_from).transpose()?,
            next_release: free.next_release.map(|time| time.0),
        })
    }
}

impl From<DayCount> for DayView {
    fn from(DayCount { date, free, empty_because }: DayCount) -> Self {
        Self { date, free, empty_because: empty_because.map(Reason::from) }
    }
}

impl TryFrom<DayView> for DayCount {
    type Error = Unreadable;

    fn try_from(DayView { date, free, empty_because }: DayView) -> Result<Self, Unreadable> {
        Ok(Self { date, free, empty_because: empty_because.map(EmptyBecause::try_from).transpose()? })
    }
}

impl From<EmptyBecause> for Reason {
    fn from(reason: EmptyBecause) -> Self {
        let message_el = greek(&reason);
        let (code, detail, days, opens_at) = match reason {
            EmptyBecause::Holiday(name) => ("holiday", Some(name), None, None),
            EmptyBecause::Closed(why) => ("closed", Some(why), None, None),
            EmptyBecause::OutsideHours => ("outside_hours", None, None, None),
            EmptyBecause::TooSoon => ("too_soon", None, None, None),
            EmptyBecause::BeyondHorizon(days) => {
                ("beyond_horizon", Some(format!("έως {days} ημέρες")), Some(days), None)
            }
            EmptyBecause::NotYetOpen(at) => ("not_yet_open", Some(LocalTime(at).greek()), None, Some(LocalTime(at))),
            EmptyBecause::KeptForOthers => ("kept_for_others", None, None, None),
            EmptyBecause::NobodyServes => ("nobody_serves", None, None, None),
            EmptyBecause::FullyBooked => ("fully_booked", None, None, None),
        };
        Self { code: code.to_owned(), detail, message_el, days, opens_at }
    }
}

/// What a citizen is told about an empty answer.
fn greek(reason: &EmptyBecause) -> String {
    let at = |time: &DateTime<Utc>| LocalTime(*time).greek();
    match reason {
        EmptyBecause::Holiday(name) => format!("Τότε είναι αργία ({name}) και η υπηρεσία είναι κλειστή."),
        EmptyBecause::Closed(why) => format!("Τότε η υπηρεσία είναι κλειστή: {why}."),
        EmptyBecause::OutsideHours => "Εκείνες τις ώρες η υπηρεσία δεν δέχεται ραντεβού.".into(),
        EmptyBecause::TooSoon => "Τόσο σύντομα δεν κλείνονται ραντεβού.".into(),
        EmptyBecause::BeyondHorizon(days) => format!("Τα ραντεβού κλείνονται έως {days} ημέρες πριν."),
        EmptyBecause::NotYetOpen(time) => format!("Τα ραντεβού για τότε ανοίγουν στις {}.", at(time)),
        EmptyBecause::KeptForOthers => "Οι θέσεις που μένουν τότε δεν κλείνονται από εδώ.".into(),
        EmptyBecause::NobodyServes => "Εκεί δεν υπάρχει υπάλληλος για αυτό που ζητάτε.".into(),
        EmptyBecause::FullyBooked => "Τότε είναι όλα κλεισμένα.".into(),
    }
}

impl TryFrom<Reason> for EmptyBecause {
    type Error = Unreadable;

    fn try_from(reason: Reason) -> Result<Self, Unreadable> {
        let missing = Unreadable("the reason for an empty answer");
        Ok(match reason.code.as_str() {
            "holiday" => Self::Holiday(reason.detail.ok_or(missing)?),
            "closed" => Self::Closed(reason.detail.ok_or(missing)?),
            "outside_hours" => Self::OutsideHours,
            "too_soon" => Self::TooSoon,
            "beyond_horizon" => Self::BeyondHorizon(reason.days.ok_or(missing)?),
            "not_yet_open" => Self::NotYetOpen(reason.opens_at.ok_or(missing)?.0),
            "kept_for_others" => Self::KeptForOthers,
            "nobody_serves" => Self::NobodyServes,
            "fully_booked" => Self::FullyBooked,
            _ => return Err(missing),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_greek_sentence_and_comes_back_as_it_was() {
        let at = "2026-11-24T06:00:00Z".parse().expect("an instant");
        let reasons = [
            EmptyBecause::Holiday("Χριστούγεννα".into()),
            EmptyBecause::Closed("Διακοπή ρεύματος".into()),
            EmptyBecause::OutsideHours,
            EmptyBecause::TooSoon,
            EmptyBecause::BeyondHorizon(60),
            EmptyBecause::NotYetOpen(at),
            EmptyBecause::KeptForOthers,
            EmptyBecause::NobodyServes,
            EmptyBecause::FullyBooked,
        ];
        for reason in reasons {
            let told = Reason::from(reason.clone());
            assert!(told.message_el.ends_with('.'), "{told:?}");
            let json = serde_json::to_string(&told).expect("JSON");
            let read: Reason = serde_json::from_str(&json).expect("a reason");
            assert_eq!(EmptyBecause::try_from(read), Ok(reason));
        }
        let unknown =
            Reason { code: "strike".into(), detail: None, message_el: String::new(), days: None, opens_at: None };
        assert!(EmptyBecause::try_from(unknown).is_err());
    }
}
