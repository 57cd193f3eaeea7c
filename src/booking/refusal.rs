//! Why the availability core said no. HTTP and Greek wording are made from these elsewhere.

use chrono::{DateTime, NaiveDate, Utc};

/// Why the availability core said no; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else has the slot.
    #[error("the slot is taken")]
    SlotTaken,
    /// The hold was kept no longer, or never existed.
    #[error("the hold has expired")]
    HoldExpired,
    /// The beneficiary has as many live appointments of this service as allowed.
    #[error("the beneficiary already has {0} live appointment(s) of this service")]
    LimitReached(u32),
    /// There are free times for what somebody wants to wait for.
    #[error("there are free times for that: book one of them")]
    StillFree,
    /// The beneficiary waits for this service already.
    #[error("the beneficiary waits for this service already")]
    AlreadyWaits,
    /// A citizen may change it no longer; it could be changed until this instant.
    #[error("it could be changed until {0}")]
    TooLate(DateTime<Utc>),
    /// The office is closed then; why, in Greek.
    #[error("closed: {0}")]
    Closed(String),
    /// The start is nearer than the service allows, or in the past; or it is too soon to note what became of an appointment.
    #[error("too soon: not before {0}")]
    TooSoon(DateTime<Utc>),
    /// The start is farther ahead than the service allows.
    #[error("too far ahead: bookings open up to {0} days")]
    BeyondHorizon(u32),
    /// The day opens for booking at this instant.
    #[error("bookings for that day open at {0}")]
    NotYetOpen(DateTime<Utc>),
    /// What is left of the day is kept for others.
    #[error("what is left of that day is kept for others")]
    KeptForOthers,
    /// Nobody there serves what was asked for.
    #[error("nobody there serves {0}")]
    NobodyServes(String),
    /// The time is no slot of this office and service.
    #[error("no slot starts then")]
    NotASlot,
    /// The catalogue does not have it, or the office does not offer it so.
    #[error("not offered: {0}")]
    NotOffered(String),
    /// No appointment with this reference and telephone.
    #[error("no such appointment")]
    NotFound,
    /// The appointment is not in a state that allows it.
    #[error("the appointment is {0}")]
    WrongState(&'static str),
    /// The request itself is wrong.
    #[error("invalid {field}: {message}")]
    Invalid {
        /// The field's public name.
        field: &'static str,
        /// What is wrong with it, in English.
        message: String,
    },
    /// One date of several cannot be had, so that none was taken.
    #[error("on {date}: {because}")]
    OnDate {
        /// The first such date, by the office's wall clock.
        date: NaiveDate,
        /// Why.
        because: Box<Refusal>,
    },
    /// The store did not answer; trying again later may work.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
}

impl Refusal {
    /// The public code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SlotTaken => "slot_taken",
            Self::HoldExpired => "hold_expired",
            Self::LimitReached(_) => "limit_reached",
            Self::StillFree => "still_free",
            Self::AlreadyWaits => "already_waits",
            Self::TooLate(_) => "too_late",
            Self::Closed(_) => "closed",
            Self::TooSoon(_) => "too_soon",
            Self::BeyondHorizon(_) => "beyond_horizon",
            Self::NotYetOpen(_) => "not_yet_open",
            Self::KeptForOthers => "kept_for_others",
            Self::NobodyServes(_) => "nobody_serves",
            Self::NotASlot => "not_a_slot",
            Self::NotOffered(_) => "not_offered",
            Self::NotFound => "not_found",
            Self::WrongState(_) => "wrong_state",
            Self::Invalid { .. } => "invalid",
            Self::OnDate { because, .. } => because.code(),
            Self::Unavailable(_) => "unavailable",
        }
    }
}
