//! The availability core of another Ariadni, over its HTTP API: the same trait, the same refusals.
//!
//! Each call has one time budget, tries again inside it where that does no harm, and answers `Unavailable` when it is over.
//! A refusal is an answer and is never tried again.

mod call;
mod query;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::booking::catalogue::Catalogue;
use crate::booking::core::{
    Actor, Appointment, AvailabilityCore, BookingRequest, Closed, Closure, DayCount, Hold, HoldRequest, SlotPage,
    SlotQuery,
};
use crate::booking::id::{HoldId, OfficeId};
use crate::booking::identity::Phone;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::wire::availability::{Days, Free};
use crate::wire::booking::{AnswerBody, BookBody, ClosureBody, FindBody, Held, HoldBody, RescheduleBody};
use crate::wire::{AppointmentView, LocalTime, Unreadable};

pub use super::NoCalls;
use call::{Call, Line};

/// The least time a catalogue is waited for: it may be large, and nobody is on the line.
const FOR_THE_CATALOGUE: Duration = Duration::from_secs(30);

/// How the other Ariadni is reached.
#[derive(Clone)]
pub struct Reach {
    /// Its address, such as `https://core.example.gr`.
    pub url: String,
    /// One of its `api.tokens`.
    pub token: String,
    /// How long one call may take in all.
    pub patience: Duration,
}

impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reach").field("url", &self.url).field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// Another Ariadni as the availability core of this one.
#[derive(Debug, Clone)]
pub struct RemoteCore {
    line: Line,
}

/// The answer to closing an office, as far as it is needed here.
#[derive(Deserialize)]
struct Hurt {
    appointments: Vec<AppointmentView>,
}

impl RemoteCore {
    /// The core at the other end of `reach`; nothing is asked of it yet.
    ///
    /// # Errors
    /// The machine has no trusted certificates.
    pub fn new(reach: Reach) -> Result<Self, NoCalls> {
        Ok(Self { line: Line::new(reach)? })
    }

    /// The catalogue that is in force there.
    ///
    /// # Errors
    /// It does not answer, or not with a catalogue.
    pub async fn catalogue(&self) -> Result<Catalogue, Refusal> {
        self.line.ask(Call::get(&["catalogue"], Vec::new()).patient(FOR_THE_CATALOGUE)).await
    }

    async fn appointment(&self, call: Call) -> Result<Appointment, Refusal> {
        let view: AppointmentView = self.line.ask(call).await?;
        Appointment::try_from(view).map_err(unreadable)
    }
}

fn unreadable(what: Unreadable) -> Refusal {
    Refusal::Unavailable(format!("the answer of the remote core: {what}"))
}

#[async_trait::async_trait]
impl AvailabilityCore for RemoteCore {
    async fn search(&self, query: &SlotQuery, actor: &Actor) -> Result<SlotPage, Refusal> {
        let call = Call::get(&["availability"], query::page(query)).by(actor)?;
        let free: Free = self.line.ask(call).await?;
        SlotPage::try_from(free).map_err(unreadable)
    }

    async fn days(
        &self,
        query: &SlotQuery,
        from: NaiveDate,
        to: NaiveDate,
        actor: &Actor,
    ) -> Result<Vec<DayCount>, Refusal> {
        let call = Call::get(&["availability", "days"], query::calendar(query, from, to)).by(actor)?;
        let days: Days = self.line.ask(call).await?;
        days.days.into_iter().map(|day| DayCount::try_from(day).map_err(unreadable)).collect()
    }

    async fn hold(&self, request: &HoldRequest, actor: &Actor) -> Result<Hold, Refusal> {
        let held: Held = self.line.ask(Call::post(&["holds"], &HoldBody::from(request)).by(actor)?).await?;
        Ok(held.into())
    }

    async fn release(&self, hold: &HoldId, actor: &Actor) -> Result<(), Refusal> {
        self.line.tell(Call::delete(&["holds", hold.as_str()], Vec::new()).by(actor)?).await
    }

    async fn book(&self, request: &BookingRequest, actor: &Actor) -> Result<Appointment, Refusal> {
        self.appointment(Call::post(&["appointments"], &BookBody::from(request)).by(actor)?).await
    }

    async fn find(&self, reference: &Reference, phone: &Phone) -> Result<Appointment, Refusal> {
        let body = FindBody { reference: reference.to_string(), phone: phone.as_str().to_owned() };
        self.appointment(Call::read(&["appointments", "find"], &body)).await
    }

    async fn get(&self, reference: &Reference) -> Result<Appointment, Refusal> {
        self.appointment(Call::get(&["appointments", reference.as_str()], Vec::new())).await
    }

    async fn cancel(&self, reference: &Reference, actor: &Actor, reason: &str) -> Result<Appointment, Refusal> {
        let why = Some(("reason", reason.to_owned())).filter(|(_, reason)| !reason.is_empty());
        let call = Call::delete(&["appointments", reference.as_str()], why.into_iter().collect());
        self.appointment(call.by(actor)?).await
    }

    async fn reschedule(
        &self,
        reference: &Reference,
        start: DateTime<Utc>,
        office: Option<&OfficeId>,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        let body = RescheduleBody { start: LocalTime(start), office: office.cloned() };
        let path = ["appointments", reference.as_str(), "reschedule"];
        self.appointment(Call::post(&path, &body).by(actor)?).await
    }

    async fn answer_proposal(
        &self,
        reference: &Reference,
        accept: bool,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        let path = ["appointments", reference.as_str(), "proposal"];
        self.appointment(Call::post(&path, &AnswerBody { accept }).by(actor)?).await
    }

    async fn close(&self, closure: &Closure, actor: &Actor) -> Result<Closed, Refusal> {
        let call = Call::post(&["closures"], &ClosureBody::from(closure)).by(actor)?;
        let Hurt { appointments } = self.line.ask(call).await?;
        let hurt = appointments.into_iter().map(|view| Appointment::try_from(view).map_err(unreadable));
        Ok(Closed { id: None, hurt: hurt.collect::<Result<_, _>>()? })
    }
}
