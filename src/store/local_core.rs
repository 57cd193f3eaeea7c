//! The availability core on this program's own database.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::audit::{self, Entry};
use super::claims::Wanted;
use super::error::{Failure, StoreError, retrying, unavailable};
use super::{Store, appointments, closures, outbox};
use crate::booking::board::{Board, Placement};
use crate::booking::catalogue::Catalogue;
use crate::booking::core::{
    Actor, Appointment, AppointmentState, AvailabilityCore, BookingRequest, Closure, Hold, HoldRequest, Needs,
    SlotPage, SlotQuery, Window,
};
use crate::booking::id::{HoldId, OfficeId};
use crate::booking::identity::Phone;
use crate::booking::policy;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

/// How long a hold is kept unless the configuration says otherwise, minutes.
pub const HOLD_MINUTES: i64 = 10;

/// The longest reason of a closure, Unicode scalar values.
const LONGEST_REASON: usize = 300;

/// The availability core over a [`Store`] and a catalogue that can be exchanged while it runs. Clones are one core.
#[derive(Debug, Clone)]
pub struct LocalCore {
    store: Store,
    catalogue: Arc<RwLock<Arc<Catalogue>>>,
    hold_for: TimeDelta,
}

impl LocalCore {
    /// A core by the rules of `catalogue`, which must have been imported into the store.
    #[must_use]
    pub fn new(store: Store, catalogue: Arc<Catalogue>) -> Self {
        let hold_for = TimeDelta::minutes(HOLD_MINUTES);
        Self { store, catalogue: Arc::new(RwLock::new(catalogue)), hold_for }
    }

    /// Keeps holds for another time than `HOLD_MINUTES`.
    #[must_use]
    pub fn holding_for(mut self, time: TimeDelta) -> Self {
        self.hold_for = time;
        self
    }

    /// The store underneath.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The catalogue in force.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Imports a catalogue and puts it in force at once; gives its revision.
    ///
    /// # Errors
    /// As [`Store::import_catalogue`]; the old catalogue then stays in force.
    pub async fn import(&self, catalogue: Arc<Catalogue>) -> Result<i64, StoreError> {
        let revision = self.store.import_catalogue(&catalogue).await?;
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
        Ok(revision)
    }

    /// Takes an appointment to its next state on the day: checked in, completed, missed.
    ///
    /// # Errors
    /// `NotFound`; `WrongState` when that state cannot follow.
    pub async fn mark(
        &self,
        reference: &Reference,
        state: AppointmentState,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        retrying(|| self.store.try_mark(reference, state, actor)).await
    }

    fn now(&self) -> DateTime<Utc> {
        self.store.clock.now()
    }

    /// The board as the database has it.
    async fn board(&self, offices: &[&OfficeId]) -> Result<Board, Refusal> {
        let now = self.now();
        let span = Window { from: now - TimeDelta::days(2), to: now + TimeDelta::days(800) };
        let catalogue = self.catalogue();
        let all: Vec<&OfficeId> = catalogue.offices.iter().map(|office| &office.id).collect();
        let offices = if offices.is_empty() { &all } else { offices };
        let changes = self.store.busy(offices, span, now).await.map_err(|e| unavailable(&e))?;
        let mut board = Board::new(Arc::clone(&catalogue));
        changes.into_iter().for_each(|change| board.apply(change));
        Ok(board)
    }

    /// Where it could be put, and on which resources.
    async fn placement(&self, request: &HoldRequest, actor: &Actor) -> Result<Placement, Refusal> {
        self.board(&[&request.office]).await?.place(request, actor, self.now(), None)
    }

    fn check_closure(&self, closure: &Closure) -> Result<(), Refusal> {
        let catalogue = self.catalogue();
        let office = catalogue
            .office(&closure.office)
            .ok_or_else(|| Refusal::NotOffered(format!("office {}", closure.office)))?;
        if let Some(resource) = &closure.resource
            && !office.resources.iter().any(|r| r.id == *resource)
        {
            return Err(Refusal::NotOffered(format!("resource {resource} at office {}", office.id)));
        }
        if closure.window.from >= closure.window.to {
            return Err(Refusal::Invalid { field: "window", message: "ends before it begins".to_owned() });
        }
        let reason = closure.reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(Refusal::Invalid {
                field: "reason",
                message: format!("is empty or longer than {LONGEST_REASON} characters"),
            });
        }
        Ok(())
    }

    async fn try_close(&self, closure: &Closure, actor: &Actor) -> Result<Vec<Appointment>, Failure> {
        let now = self.now().timestamp();
        let office = closure.office.as_str();
        let mut tx = self.store.begin().await?;
        self.store.engine.lock_office(&mut tx, office).await?;
        closures::insert(&mut tx, closure, now).await?;
        let hurt = appointments::hurt_by(&mut tx, closure).await?;
        let references: Vec<&str> = hurt.iter().map(|a| a.reference.as_str()).collect();
        let detail = json!({ "resource": closure.resource, "from": closure.window.from, "to": closure.window.to,
                             "appointments": references });
        outbox::announce(&mut tx, "office_closed", office, &detail, now).await?;
        let reason = closure.reason.as_str();
        audit::record(&mut tx, Entry { actor, action: "closed", subject: office, reason, detail, at: now }).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(hurt)
    }
}

#[async_trait::async_trait]
impl AvailabilityCore for LocalCore {
    async fn search(&self, query: &SlotQuery, actor: &Actor) -> Result<SlotPage, Refusal> {
        let offices: Vec<&OfficeId> = query.offices.iter().collect();
        self.board(&offices).await?.find(query, actor, self.now())
    }

    async fn days(
        &self,
        query: &SlotQuery,
        from: chrono::NaiveDate,
        to: chrono::NaiveDate,
        actor: &Actor,
    ) -> Result<Vec<crate::booking::core::DayCount>, Refusal> {
        let offices: Vec<&OfficeId> = query.offices.iter().collect();
        self.board(&offices).await?.days(query, from, to, actor, self.now())
    }

    async fn hold(&self, request: &HoldRequest, actor: &Actor) -> Result<Hold, Refusal> {
        let placement = self.placement(request, actor).await?;
        for seat in placement.seats.iter().flatten() {
            let wanted = Wanted { resource: &seat.resource, office: &request.office, window: placement.slot };
            let expires_at = self.now() + self.hold_for;
            let attempt = retrying(|| self.store.try_hold(request, wanted, expires_at, actor)).await;
            match attempt? {
                Some(hold) => return Ok(hold),
                None => continue,
            }
        }
        Err(Refusal::SlotTaken)
    }

    async fn release(&self, hold: &HoldId, actor: &Actor) -> Result<(), Refusal> {
        retrying(|| self.store.try_release(hold, actor)).await
    }

    async fn book(&self, request: &BookingRequest, actor: &Actor) -> Result<Appointment, Refusal> {
        policy::check_people(request)?;
        let service = self.store.service_of_hold(&request.hold).await.map_err(|e| unavailable(&e))?;
        let service = service.ok_or(Refusal::HoldExpired)?;
        let catalogue = self.catalogue();
        let offered = catalogue.service(&service).ok_or_else(|| Refusal::NotOffered(format!("service {service}")))?;
        retrying(|| self.store.try_book(request, &offered.rules, actor)).await
    }

    async fn find(&self, reference: &Reference, phone: &Phone) -> Result<Appointment, Refusal> {
        let found = self.store.appointment(reference, Some(phone)).await.map_err(|e| unavailable(&e))?;
        found.ok_or(Refusal::NotFound)
    }

    async fn get(&self, reference: &Reference) -> Result<Appointment, Refusal> {
        let found = self.store.appointment(reference, None).await.map_err(|e| unavailable(&e))?;
        found.ok_or(Refusal::NotFound)
    }

    async fn cancel(&self, reference: &Reference, actor: &Actor, _reason: &str) -> Result<Appointment, Refusal> {
        retrying(|| self.store.try_cancel(reference, actor)).await
    }

    async fn reschedule(
        &self,
        reference: &Reference,
        start: DateTime<Utc>,
        office: Option<&OfficeId>,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        let old = self.get(reference).await?;
        policy::may_change(&old, actor, self.now())?;
        let office = office.unwrap_or(&old.office);
        if (start, office) == (old.start, &old.office) {
            return Ok(old);
        }
        let catalogue = self.catalogue();
        let service = catalogue.service(&old.service).ok_or_else(|| Refusal::NotOffered(old.service.to_string()))?;
        let needs = Needs { persons: old.persons, language: old.language, resource: None };
        let (service_id, place) = (old.service.clone(), office.clone());
        let request = HoldRequest { service: service_id, office: place, mode: old.mode, start, needs };
        let placement = self.placement(&request, actor).await?;
        for seat in placement.seats.iter().flatten() {
            let wanted = Wanted { resource: &seat.resource, office, window: placement.slot };
            let rules = &service.rules;
            match retrying(|| self.store.try_move(reference, wanted, rules, actor)).await? {
                Some(moved) => return Ok(moved),
                None => continue,
            }
        }
        Err(Refusal::SlotTaken)
    }

    async fn close(&self, closure: &Closure, actor: &Actor) -> Result<Vec<Appointment>, Refusal> {
        self.check_closure(closure)?;
        retrying(|| self.try_close(closure, actor)).await
    }
}
