//! What officials do beside what citizens can: lists, transfers, states of the day, series, closures, the trail of changes.
//!
//! Only the core that keeps the appointments has a desk; an Ariadni that books at another's core sends its officials there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::core::{Actor, Appointment, AppointmentState, BookingRequest, Closure, HoldRequest, Window};
use super::id::{OfficeId, ResourceId};
use super::reference::Reference;
use super::refusal::Refusal;

/// Which appointments a list or a transfer is about: all that every given part fits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// These; any when empty.
    pub references: Vec<Reference>,
    /// Of this office.
    pub office: Option<OfficeId>,
    /// Of this desk or employee.
    pub resource: Option<ResourceId>,
    /// That start in this stretch of time.
    pub window: Option<Window>,
    /// In one of these states; any when empty.
    pub states: Vec<AppointmentState>,
}

/// Where appointments go (μεταφορά). What is absent stays as it is, except the desk, which changes when it must: with nothing
/// given at all, whoever can stay stays, and those whose place is shut go elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// So many days later, or earlier when negative, at the same time of the wall clock.
    #[serde(default)]
    pub days: i32,
    /// So many minutes later, or earlier when negative.
    #[serde(default)]
    pub minutes: i32,
    /// At this very time; only for a single appointment.
    pub start: Option<DateTime<Utc>>,
    /// To this office.
    pub office: Option<OfficeId>,
    /// To this desk or employee.
    pub resource: Option<ResourceId>,
    /// When the very time is not free there: to the nearest free one of the same day.
    #[serde(default)]
    pub nearest_time: bool,
}

/// A transfer of one or many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransferRequest {
    /// Which; only those that stand are moved.
    pub which: Selection,
    /// Where to.
    pub to: Destination,
    /// Why, in Greek, for the audit and for the people moved.
    pub reason: String,
    /// Only say what would happen.
    pub dry_run: bool,
}

/// One move of a transfer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// As it was.
    pub from: Appointment,
    /// Where it is now, or would be.
    pub start: DateTime<Utc>,
    /// At which office.
    pub office: OfficeId,
    /// At which desk.
    pub resource: ResourceId,
    /// Whether its time of day is another than before.
    pub time_changed: bool,
}

/// What a transfer did, or would do. Either all of `moved` were moved or, when somebody is `hurt`, none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TransferPlan {
    /// Those who get a new place.
    pub moved: Vec<Move>,
    /// Those for whom there is none, and why.
    pub hurt: Vec<(Appointment, String)>,
    /// Whether it was done.
    pub done: bool,
}

/// A closure as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptClosure {
    /// Its id.
    pub id: String,
    /// What is shut, when, why.
    pub closure: Closure,
}

/// A series of appointments at the same hour every so many weeks (σειρά ραντεβού).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesRequest {
    /// The first one.
    pub first: HoldRequest,
    /// How many in all, 2 to the service's limit.
    pub count: u32,
    /// Weeks from one to the next, 1 to 12.
    pub every_weeks: u32,
    /// The people; its hold is not looked at.
    pub people: BookingRequest,
}

/// A line of the trail of one appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrailLine {
    /// When.
    pub at: DateTime<Utc>,
    /// `citizen`, `staff` or `system`.
    pub actor_kind: String,
    /// Who: a conversation, an official's name.
    pub actor: String,
    /// Through which channel.
    pub channel: String,
    /// What.
    pub action: String,
    /// Why; empty when the action says it.
    pub reason: String,
    /// Particulars, JSON.
    pub detail: serde_json::Value,
}

/// What officials do. Every call either did all it says or changed nothing.
#[async_trait::async_trait]
pub trait AppointmentDesk: Send + Sync {
    /// Holds and books in one step, one transaction.
    ///
    /// # Errors
    /// As `hold` and `book`.
    async fn book_at(
        &self,
        place: &HoldRequest,
        people: &BookingRequest,
        actor: &Actor,
    ) -> Result<Appointment, Refusal>;

    /// The appointments of a selection by their start, at most 1,000.
    ///
    /// # Errors
    /// The store is away.
    async fn list(&self, which: &Selection) -> Result<Vec<Appointment>, Refusal>;

    /// Takes an appointment to its next state on the day.
    ///
    /// # Errors
    /// `NotFound`; `WrongState` when that state cannot follow; `TooSoon` before its day, and for «missed» before its start.
    async fn mark(
        &self,
        reference: &Reference,
        state: AppointmentState,
        actor: &Actor,
        reason: &str,
    ) -> Result<Appointment, Refusal>;

    /// Moves one or many, or says who would be hurt.
    ///
    /// # Errors
    /// `NotOffered` for an unknown destination; `Invalid` for a selection without any part.
    async fn transfer(&self, request: &TransferRequest, actor: &Actor) -> Result<TransferPlan, Refusal>;

    /// The closures of an office that end after `from`.
    ///
    /// # Errors
    /// An unknown office.
    async fn closures(&self, office: &OfficeId, from: DateTime<Utc>) -> Result<Vec<KeptClosure>, Refusal>;

    /// Takes a closure back.
    ///
    /// # Errors
    /// `NotFound`.
    async fn reopen(&self, closure: &str, actor: &Actor) -> Result<(), Refusal>;

    /// Proposes a new place to everybody whom a closure hurts, and keeps it for them. Gives all of those people, by the start of
    /// their appointments; whoever has no proposal could not be given one. Those who have one already keep it.
    ///
    /// # Errors
    /// `NotFound` when there is no such closure.
    async fn propose(&self, closure: &str, actor: &Actor) -> Result<Vec<Appointment>, Refusal>;

    /// Books a whole series, or nothing.
    ///
    /// # Errors
    /// `OnDate` with the first date that cannot be had; `Invalid` for a count that the service does not allow.
    async fn book_series(&self, request: &SeriesRequest, actor: &Actor) -> Result<Vec<Appointment>, Refusal>;

    /// Cancels what still stands and has not begun of a series.
    ///
    /// # Errors
    /// `NotFound` when there is no such series.
    async fn cancel_series(&self, series: &str, actor: &Actor, reason: &str) -> Result<Vec<Appointment>, Refusal>;

    /// All that ever happened to an appointment.
    ///
    /// # Errors
    /// `NotFound`.
    async fn trail(&self, reference: &Reference) -> Result<Vec<TrailLine>, Refusal>;
}
