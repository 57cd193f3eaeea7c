//! The availability core as the rest of the product sees it: one trait, its questions and its answers.
//!
//! The local core is in `store`; another Ariadni can be the core of this one through the same trait.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::Day;
use super::id::{HoldId, OfficeId, ResourceId, ServiceId};
use super::identity::{Email, Phone};
use super::people::{Guest, Language, Mode, Relation};
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
    /// For whom, in which language, by whom.
    #[serde(default)]
    pub needs: Needs,
    /// A slot starts in one of these; anywhere up to the horizon when empty.
    pub windows: Vec<Window>,
    /// A slot starts in none of these.
    pub excluded: Vec<Window>,
    /// A slot starts in this part of its day.
    pub daily: Option<DailyWindow>,
    /// A slot starts on one of these weekdays, by the office's wall clock; on any when empty.
    #[serde(default)]
    pub weekdays: Vec<Day>,
    /// Counted from here; distances are told, and offices too far away left out.
    #[serde(default)]
    pub near: Option<Near>,
    /// What comes first.
    #[serde(default)]
    pub order: Order,
    /// Only slots that come after this one in the order: the next page.
    pub after: Option<(DateTime<Utc>, OfficeId)>,
    /// At most so many, 1 to 500.
    pub limit: usize,
}

impl SlotQuery {
    /// Every free slot of a service in a mode, at any office and time, the earliest first.
    #[must_use]
    pub fn new(service: ServiceId, mode: Mode, limit: usize) -> Self {
        Self {
            service,
            offices: Vec::new(),
            mode,
            needs: Needs::default(),
            windows: Vec::new(),
            excluded: Vec::new(),
            daily: None,
            weekdays: Vec::new(),
            near: None,
            order: Order::default(),
            after: None,
            limit,
        }
    }
}

/// What an appointment must offer beside a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// How many persons come, at least 1.
    pub persons: u32,
    /// A language that must be spoken or signed.
    pub language: Option<Language>,
    /// This very employee; only where the office lets citizens choose.
    pub resource: Option<ResourceId>,
}

impl Default for Needs {
    fn default() -> Self {
        Self { persons: 1, language: None, resource: None }
    }
}

/// A place from which distances are counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// Latitude and longitude, degrees (WGS 84).
    pub position: (f64, f64),
    /// Offices farther away are left out; none when absent. Kilometres as the crow flies.
    pub within_km: Option<f64>,
}

/// What comes first among free slots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The earliest; at one time the nearest office, then by id.
    #[default]
    Earliest,
    /// The nearest office with all its slots, then the next one. Needs [`SlotQuery::near`].
    Nearest,
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
    /// How many such appointments can still be made then.
    pub free: u32,
    /// How far the office is from where distances are counted, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
}

/// How much is free on one day, for a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// The day, by the office's wall clock.
    pub date: NaiveDate,
    /// How many appointments can still be made.
    pub free: u32,
    /// Why there are none, when there are none.
    pub empty_because: Option<EmptyBecause>,
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
    /// Present when `slots` is empty and days open in batches: when the next ones do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_release: Option<DateTime<Utc>>,
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
    /// The asked days open for booking at this instant.
    NotYetOpen(DateTime<Utc>),
    /// What is left is kept for others: for another channel, for staff, for those who come without an appointment.
    KeptForOthers,
    /// Nobody there serves what was asked for: a language, a skill, so many persons.
    NobodyServes,
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

impl Actor {
    /// The channel somebody came through.
    #[must_use]
    pub fn channel(&self) -> &str {
        match self {
            Self::Citizen { channel, .. } => channel,
            Self::Staff { .. } => "staff",
            Self::System => "system",
        }
    }

    /// Whether the rules for citizens hold: leads, horizons, cancellation limits, quotas on citizens.
    #[must_use]
    pub fn is_citizen(&self) -> bool {
        matches!(self, Self::Citizen { .. })
    }
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
    /// For whom, in which language, by whom; as it was searched.
    pub needs: Needs,
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
    /// The tax or social security number of the beneficiary (ΑΦΜ, ΑΜΚΑ), digits: then the limits are counted by it instead of
    /// by name and telephone. Kept only as a digest.
    pub identity: Option<String>,
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
    /// It is under way.
    Started,
    /// It took place.
    Completed,
    /// The citizen did not come.
    Missed,
}

impl AppointmentState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Booked, Self::Cancelled, Self::CheckedIn, Self::Started, Self::Completed, Self::Missed];

    /// Reads the name used in JSON and in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// The name used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::CheckedIn => "checked_in",
            Self::Started => "started",
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
    /// How many persons come.
    #[serde(default = "one")]
    pub persons: u32,
    /// The language asked for.
    #[serde(default)]
    pub language: Option<Language>,
    /// The series it belongs to.
    #[serde(default)]
    pub series: Option<String>,
    /// Where the office proposes to move it, since it cannot keep it.
    #[serde(default)]
    pub proposal: Option<Proposal>,
}

fn one() -> u32 {
    1
}

/// Another place for an appointment that the office cannot keep; it is kept for the citizen until it expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where.
    pub office: OfficeId,
    /// Until when the place is kept.
    pub expires_at: DateTime<Utc>,
    /// Why the appointment cannot be kept, in Greek.
    pub reason: String,
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

/// A closure that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// Its id; absent where another core has made it.
    pub id: Option<String>,
    /// The live appointments that fall inside.
    pub hurt: Vec<Appointment>,
}

/// The availability core. Every call either did all it says or changed nothing.
#[async_trait::async_trait]
pub trait AvailabilityCore: Send + Sync {
    /// Free slots, or the rule that left none.
    ///
    /// # Errors
    /// An unknown or not offered service, office or mode; a limit out of range; the store is away.
    async fn search(&self, query: &SlotQuery, actor: &Actor) -> Result<SlotPage, Refusal>;

    /// How much is free on each day of `from..=to`, at most 366 days, over all the offices of the query. The page settings of the
    /// query are not looked at.
    ///
    /// # Errors
    /// As [`Self::search`]; more than 366 days.
    async fn days(
        &self,
        query: &SlotQuery,
        from: NaiveDate,
        to: NaiveDate,
        actor: &Actor,
    ) -> Result<Vec<DayCount>, Refusal>;

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

    /// Cancels an appointment; `reason` is for the audit, empty when none was given.
    ///
    /// # Errors
    /// `TooLate` for a citizen inside the cancellation limit; `WrongState` when it does not stand.
    async fn cancel(&self, reference: &Reference, actor: &Actor, reason: &str) -> Result<Appointment, Refusal>;

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

    /// Answers the proposal of an appointment that the office cannot keep: with a yes it moves to the place kept for it, with a no
    /// that place is let go. No limit of the service holds: it is not the citizen who changes.
    ///
    /// # Errors
    /// `NotFound`; `WrongState` when the appointment does not stand; `HoldExpired` when nothing is proposed or the place is kept
    /// no longer: the appointment is then as it was.
    async fn answer_proposal(&self, reference: &Reference, accept: bool, actor: &Actor)
    -> Result<Appointment, Refusal>;

    /// Closes an office or a resource.
    ///
    /// # Errors
    /// An unknown office or resource; an empty window.
    async fn close(&self, closure: &Closure, actor: &Actor) -> Result<Closed, Refusal>;
}
