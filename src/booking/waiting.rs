//! The waiting list (λίστα αναμονής): who waits for which place, and offers of places that came free.
//!
//! An offer locks its slot for [`OFFER_MINUTES`]; it goes to several people at once, the first yes wins, the rest are told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::core::{Actor, Appointment, DailyWindow, Needs, Window};
use super::id::{OfficeId, ServiceId};
use super::identity::{Email, Phone};
use super::people::{Mode, Relation};
use super::reference::Reference;
use super::refusal::Refusal;

/// How long an offer locks its slot, minutes.
pub const OFFER_MINUTES: i64 = 30;

/// How many people one free slot is offered to at once.
pub const OFFERED_TO: usize = 3;

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

/// A place in the waiting list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// What the citizen keeps: the same form as that of an appointment.
    pub reference: Reference,
    /// What is waited for.
    pub request: WaitRequest,
    /// Where it stands.
    pub state: WaitState,
    /// The place that is offered now.
    pub offer: Option<Offered>,
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

/// The waiting list. Every call either did all it says or changed nothing.
#[async_trait::async_trait]
pub trait WaitingList: Send + Sync {
    /// Joins.
    ///
    /// # Errors
    /// `NotOffered` where the service has no waiting list; `LimitReached` for a beneficiary who waits or has an appointment.
    async fn wait(&self, request: &WaitRequest, actor: &Actor) -> Result<Wait, Refusal>;

    /// The wait with this reference, for somebody who knows the telephone.
    ///
    /// # Errors
    /// `NotFound`, alike for a wrong reference and a wrong telephone.
    async fn waiting(&self, reference: &Reference, phone: &Phone) -> Result<Wait, Refusal>;

    /// Takes the place that is offered.
    ///
    /// # Errors
    /// `SlotTaken` when somebody said yes first; `HoldExpired` when the offer is over.
    async fn accept(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<Appointment, Refusal>;

    /// Lets the place that is offered go to the next, and goes on waiting.
    ///
    /// # Errors
    /// `NotFound`; `HoldExpired` when nothing is offered.
    async fn decline(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<Wait, Refusal>;

    /// No longer waits.
    ///
    /// # Errors
    /// `NotFound`.
    async fn leave(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<(), Refusal>;
}
