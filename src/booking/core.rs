//! The availability core as the rest of the product sees it: one trait, its questions and its answers.
//!
//! The local core is in `store`; another Ariadni can be the core of this one through the same trait.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{HoldId, OfficeId, ResourceId, ServiceId};
use super::identity::{Email, Phone};
use super::people::{Guest, Mode, Relation};
use super::reference::Reference;
use super::refusal::Refusal;

/// A stretch of time, `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it is over.
    pub to: DateTime<Utc>,
}

/// A stretch of every day by the office's wall clock, `from` inclusive, `to` exclusive; a slot must start in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyWindow {
    /// When it begins.
    pub from: NaiveTime,
    /// When it is over.
    pub to: NaiveTime,
}

/// Which free slots are wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotQuery {
    /// The service.
    pub service: ServiceId,
    /// At these offices; at every office that offers the service when empty.
    pub offices: Vec<OfficeId>,
    /// In this mode.
    pub mode: Mode,
    /// A slot starts in one of these; anywhere up to the horizon when empty.
    pub windows: Vec<Window>,
    /// A slot starts in none of these.
    pub excluded: Vec<Window>,
    /// A slot starts in this part of its day.
    pub daily: Option<DailyWindow>,
    /// Only slots that come after this one in the order (start, office): the next page.
    pub after: Option<(DateTime<Utc>, OfficeId)>,
    /// At most so many, 1 to 500.
    pub limit: usize,
}

/// A free slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where.
    pub office: OfficeId,
    /// How.
    pub mode: Mode,
    /// How many resources are still free.
    pub free: u32,
}

/// Free slots in the order (start, office), and why there are none when there are none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SlotPage {
    /// The slots.
    pub slots: Vec<Slot>,
    /// Whether more follow the last one.
    pub more: bool,
    /// Present when `slots` is empty: the rule that emptied it.
    pub empty_because: Option<EmptyBecause>,
}

/// The rule that left nothing free; the most telling one for the asked days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyBecause {
    /// The asked days are public or local holidays; its Greek name, nominative.
    Holiday(String),
    /// The office is closed for another reason, in Greek as the official wrote it.
    Closed(String),
    /// The office does not open on the asked days or hours.
    OutsideHours,
    /// The asked time has passed or is too near.
    TooSoon,
    /// Too far ahead: bookings open up to this many days.
    BeyondHorizon(u32),
    /// Everything is taken.
    FullyBooked,
}

/// Who does something, for the audit and for the rules that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A citizen in a conversation; `conversation` is its id.
    Citizen {
        /// The channel's name.
        channel: String,
        /// The conversation.
        conversation: String,
    },
    /// An official or a trusted program: not bound by the citizen's cancellation limit.
    Staff {
        /// A name for the audit; never a token.
        name: String,
    },
    /// Ariadni itself (jobs).
    System,
}

/// A wish to keep a slot for a few minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldRequest {
    /// The service.
    pub service: ServiceId,
    /// The office.
    pub office: OfficeId,
    /// The mode.
    pub mode: Mode,
    /// The start, one that a search returned.
    pub start: DateTime<Utc>,
}

/// A slot kept for a few minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// Until when it is kept.
    pub expires_at: DateTime<Utc>,
    /// Start of the slot.
    pub start: DateTime<Utc>,
    /// End of the slot.
    pub end: DateTime<Utc>,
}

/// A hold to be made an appointment, with the two people of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookingRequest {
    /// The hold. Booking one hold twice gives the same appointment.
    pub hold: HoldId,
    /// Whom it is for (ωφελούμενος), nominative.
    pub beneficiary: String,
    /// Who asks (αιτών), nominative; the same person when it is not on behalf.
    pub requester: String,
    /// The telephone that proves ownership later.
    pub phone: Phone,
    /// Where a confirmation may go.
    pub email: Option<Email>,
    /// Whether requester and beneficiary are two people.
    pub on_behalf: bool,
    /// What the beneficiary is to the requester.
    pub relation: Option<Relation>,
    /// Who joins.
    pub guests: Vec<Guest>,
    /// The registry id of the procedure it is about.
    pub procedure: Option<String>,
}

/// The life of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentState {
    /// It stands.
    Booked,
    /// It was cancelled.
    Cancelled,
    /// The citizen has come.
    CheckedIn,
    /// It took place.
    Completed,
    /// The citizen did not come.
    Missed,
}

impl AppointmentState {
    /// The name used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::CheckedIn => "checked_in",
            Self::Completed => "completed",
            Self::Missed => "missed",
        }
    }
}

/// An appointment (ραντεβού).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Appointment {
    /// What the citizen keeps.
    pub reference: Reference,
    /// Where it is in its life.
    pub state: AppointmentState,
    /// The service.
    pub service: ServiceId,
    /// The office.
    pub office: OfficeId,
    /// The desk or the employee.
    pub resource: ResourceId,
    /// The mode.
    pub mode: Mode,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Whom it is for, nominative.
    pub beneficiary: String,
    /// Who asked, nominative.
    pub requester: String,
    /// The telephone it was booked with.
    pub phone: Phone,
    /// Where a confirmation may go.
    pub email: Option<Email>,
    /// Whether requester and beneficiary are two people.
    pub on_behalf: bool,
    /// What the beneficiary is to the requester.
    pub relation: Option<Relation>,
    /// Who joins.
    pub guests: Vec<Guest>,
    /// The registry id of the procedure it is about.
    pub procedure: Option<String>,
    /// How often it has been changed; the iCalendar SEQUENCE.
    pub sequence: u32,
    /// Until when a citizen may cancel or move it.
    pub cancellable_until: DateTime<Utc>,
}

/// A time in which an office, or one of its resources, serves nobody (έκτακτο κλείσιμο, άδεια).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closure {
    /// The office.
    pub office: OfficeId,
    /// Only this desk or employee; the whole office when absent.
    pub resource: Option<ResourceId>,
    /// When.
    pub window: Window,
    /// Why, in Greek, as citizens will read it.
    pub reason: String,
}

/// The availability core. Every call either did all it says or changed nothing.
#[async_trait::async_trait]
pub trait AvailabilityCore: Send + Sync {
    /// Free slots, or the rule that left none.
    ///
    /// # Errors
    /// An unknown or not offered service, office or mode; a limit out of range; the store is away.
    async fn search(&self, query: &SlotQuery) -> Result<SlotPage, Refusal>;

    /// Keeps a slot for a few minutes.
    ///
    /// # Errors
    /// The slot was taken, is closed, too near, too far, or is no slot at all.
    async fn hold(&self, request: &HoldRequest, actor: &Actor) -> Result<Hold, Refusal>;

    /// Lets a hold go; letting go of one that is gone is no error.
    ///
    /// # Errors
    /// The store is away.
    async fn release(&self, hold: &HoldId, actor: &Actor) -> Result<(), Refusal>;

    /// Makes a hold an appointment.
    ///
    /// # Errors
    /// The hold has expired, or the beneficiary has too many live appointments of this service.
    async fn book(&self, request: &BookingRequest, actor: &Actor) -> Result<Appointment, Refusal>;

    /// The appointment with this reference, for somebody who knows the telephone it was booked with.
    ///
    /// # Errors
    /// `NotFound`, alike for a wrong reference and a wrong telephone.
    async fn find(&self, reference: &Reference, phone: &Phone) -> Result<Appointment, Refusal>;

    /// The appointment with this reference, for staff.
    ///
    /// # Errors
    /// `NotFound`.
    async fn get(&self, reference: &Reference) -> Result<Appointment, Refusal>;

    /// Cancels an appointment.
    ///
    /// # Errors
    /// `TooLate` for a citizen inside the cancellation limit; `WrongState` when it does not stand.
    async fn cancel(&self, reference: &Reference, actor: &Actor) -> Result<Appointment, Refusal>;

    /// Wins the new slot, then lets the old one go, in one transaction; the reference stays.
    ///
    /// # Errors
    /// As `hold` and `cancel`; the old slot is then kept.
    async fn reschedule(
        &self,
        reference: &Reference,
        start: DateTime<Utc>,
        office: Option<&OfficeId>,
        actor: &Actor,
    ) -> Result<Appointment, Refusal>;

    /// Closes an office or a resource; returns the live appointments that fall inside.
    ///
    /// # Errors
    /// An unknown office or resource; an empty window.
    async fn close(&self, closure: &Closure, actor: &Actor) -> Result<Vec<Appointment>, Refusal>;
}
