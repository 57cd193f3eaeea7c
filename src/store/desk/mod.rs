//! What officials do with appointments on this program's own database, one file a concern.

mod closures;
mod finder;
mod list;
mod proposals;
mod scratch;
mod series;
mod trail;
mod transfer;

pub(super) use proposals::{overtake, withdraw_without_place};

use chrono::{DateTime, Utc};

use super::changes::By;
use super::error::{retrying, unavailable};
use super::local_core::LocalCore;
use crate::booking::core::{Actor, Appointment, AppointmentState, AvailabilityCore, BookingRequest, HoldRequest};
use crate::booking::desk::{
    AppointmentDesk, KeptClosure, Selection, SeriesRequest, TrailLine, TransferPlan, TransferRequest,
};
use crate::booking::id::OfficeId;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

#[async_trait::async_trait]
impl AppointmentDesk for LocalCore {
    async fn book_at(
        &self,
        place: &HoldRequest,
        people: &BookingRequest,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        self.book_in_one(place, people, actor).await
    }

    async fn list(&self, which: &Selection) -> Result<Vec<Appointment>, Refusal> {
        let listed = self.store.list(which, list::MOST_LISTED).await.map_err(|e| unavailable(&e))?;
        let now = self.now();
        Ok(listed.into_iter().map(|stored| stored.as_of(now)).collect())
    }

    async fn mark(
        &self,
        reference: &Reference,
        state: AppointmentState,
        actor: &Actor,
        reason: &str,
    ) -> Result<Appointment, Refusal> {
        let catalogue = self.catalogue();
        retrying(|| self.store.try_mark(reference, state, &catalogue, By { actor, reason })).await
    }

    async fn transfer(&self, request: &TransferRequest, actor: &Actor) -> Result<TransferPlan, Refusal> {
        self.check_transfer(request)?;
        retrying(|| self.try_transfer(request, actor)).await
    }

    async fn closures(&self, office: &OfficeId, from: DateTime<Utc>) -> Result<Vec<KeptClosure>, Refusal> {
        if self.catalogue().office(office).is_none() {
            return Err(Refusal::NotOffered(format!("office {office}")));
        }
        self.store.closures_of(office, from).await.map_err(|e| unavailable(&e))
    }

    async fn reopen(&self, closure: &str, actor: &Actor) -> Result<(), Refusal> {
        retrying(|| self.store.try_reopen(closure, actor)).await
    }

    async fn propose(&self, closure: &str, actor: &Actor) -> Result<Vec<Appointment>, Refusal> {
        retrying(|| self.try_propose(closure, actor)).await
    }

    async fn book_series(&self, request: &SeriesRequest, actor: &Actor) -> Result<Vec<Appointment>, Refusal> {
        self.book_all(request, actor).await
    }

    async fn cancel_series(&self, series: &str, actor: &Actor, reason: &str) -> Result<Vec<Appointment>, Refusal> {
        let catalogue = self.catalogue();
        retrying(|| self.store.try_cancel_series(series, &catalogue, By { actor, reason })).await
    }

    async fn trail(&self, reference: &Reference) -> Result<Vec<TrailLine>, Refusal> {
        self.get(reference).await?;
        self.store.trail(reference).await.map_err(|e| unavailable(&e))
    }
}
