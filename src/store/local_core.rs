//! The availability core on this program's own database.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::appointments::Made;
use super::audit::{self, Entry};
use super::changes::{By, Wish};
use super::claims::Place;
use super::error::{Failure, retrying, unavailable};
use super::memory::Memory;
use super::{Store, appointments, closures, desk, new_id, requests};
use crate::booking::board::{Board, Placement, Seat};
use crate::booking::catalogue::{BookingRules, Catalogue};
use crate::booking::claim::ClaimKind;
use crate::booking::core::{
    Actor, Appointment, AvailabilityCore, BookingRequest, Closed, Closure, DayCount, Hold, HoldRequest, Needs,
    SlotPage, SlotQuery,
};
use crate::booking::id::{HoldId, OfficeId, ServiceId};
use crate::booking::identity::Phone;
use crate::booking::in_force::CatalogueInForce;
use crate::booking::policy;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

/// How long a hold is kept unless the configuration says otherwise, minutes.
pub const HOLD_MINUTES: i64 = 10;

/// How often places are looked for before they count as taken: what was free a moment ago may have gone, and something else
/// may have come free.
const ROUNDS: usize = 2;

/// The longest reason of a closure, Unicode scalar values.
const LONGEST_REASON: usize = 300;

/// The availability core over a [`Store`] and a catalogue that can be exchanged while it runs. Clones are one core.
#[derive(Debug, Clone)]
pub struct LocalCore {
    pub(super) store: Store,
    pub(super) memory: Arc<Memory>,
    catalogue: CatalogueInForce,
    hold_for: TimeDelta,
}

impl LocalCore {
    /// A core by the rules of `catalogue`, which must have been imported into the store.
    #[must_use]
    pub fn new(store: Store, catalogue: Arc<Catalogue>) -> Self {
        let hold_for = TimeDelta::minutes(HOLD_MINUTES);
        let memory = Arc::new(Memory::new(Arc::clone(&catalogue)));
        Self { store, memory, catalogue: CatalogueInForce::new(catalogue), hold_for }
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
        self.catalogue.get()
    }

    /// The handle through which everything else sees the catalogue in force.
    #[must_use]
    pub fn in_force(&self) -> &CatalogueInForce {
        &self.catalogue
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.store.clock.now()
    }

    /// Learns all that was committed before this call.
    pub(super) async fn catch_up(&self) -> Result<(), Refusal> {
        self.memory.catch_up(&self.store).await.map_err(|e| unavailable(&e))
    }

    /// The board as it is known; hold it shortly, never across an await.
    pub(super) fn board(&self) -> std::sync::RwLockReadGuard<'_, Board> {
        self.memory.board()
    }

    /// Where the board would put something; `own` is the group whose claims do not count.
    pub(super) fn placement(
        &self,
        request: &HoldRequest,
        actor: &Actor,
        own: Option<&str>,
    ) -> Result<Placement, Refusal> {
        self.memory.board().place(request, actor, self.now(), own)
    }

    /// Finds places for a request and tries them one after another; when all of them went to others meanwhile, once more.
    pub(super) async fn win<T, F>(
        &self,
        request: &HoldRequest,
        actor: &Actor,
        own: Option<&str>,
        attempt: impl Fn(Placement, Vec<Seat>) -> F,
    ) -> Result<T, Refusal>
    where
        F: Future<Output = Result<Option<T>, Refusal>>,
    {
        for _ in 0..ROUNDS {
            self.catch_up().await?;
            let placement = self.placement(request, actor, own)?;
            let mut ways = placement.seats.clone();
            while let Some(chosen) = self.memory.crowd.try_next(&mut ways) {
                if let Some(won) = attempt(placement.clone(), chosen.seats().to_vec()).await? {
                    return Ok(won);
                }
            }
        }
        Err(Refusal::SlotTaken)
    }

    /// The rules of a service; those for any service when it has left the catalogue.
    pub(super) fn rules(&self, service: &ServiceId) -> BookingRules {
        self.catalogue().rules(service)
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

    async fn try_close(&self, closure: &Closure, actor: &Actor) -> Result<Closed, Failure> {
        let now = self.now().timestamp();
        let office = closure.office.as_str();
        let id = new_id();
        let mut tx = self.store.begin().await?;
        self.store.engine.lock_office(&mut tx, office).await?;
        closures::insert(&mut tx, &id, closure, now).await?;
        let hurt = appointments::hurt_by(&mut tx, closure).await?;
        desk::withdraw_without_place(&self.store, &mut tx, actor).await?;
        let references: Vec<&str> = hurt.iter().map(|s| s.appointment.reference.as_str()).collect();
        let detail = json!({ "closure": id, "resource": closure.resource, "from": closure.window.from,
                             "to": closure.window.to, "appointments": references });
        let (reason, message) = (closure.reason.as_str(), "office_closed");
        let entry = Entry { actor, action: "closed", subject: office, reason, detail, message, at: now };
        audit::record(&mut tx, entry).await?;
        let closed = Closed { id: Some(id), hurt: hurt.into_iter().map(|stored| stored.appointment).collect() };
        requests::commit(tx, &closed).await?;
        Ok(closed)
    }
}

/// The place that a request asks for, under a group.
pub(super) fn place_of(request: &HoldRequest, placement: &Placement, actor: &Actor, group: String) -> Place {
    Place {
        group,
        office: request.office.clone(),
        service: request.service.clone(),
        mode: request.mode,
        channel: actor.channel().to_owned(),
        staff: !actor.is_citizen(),
        persons: request.needs.persons,
        language: request.needs.language,
        slot: placement.slot,
        date: placement.date,
    }
}

#[async_trait::async_trait]
impl AvailabilityCore for LocalCore {
    async fn search(&self, query: &SlotQuery, actor: &Actor) -> Result<SlotPage, Refusal> {
        self.catch_up().await?;
        self.memory.board().find(query, actor, self.now())
    }

    async fn days(
        &self,
        query: &SlotQuery,
        from: NaiveDate,
        to: NaiveDate,
        actor: &Actor,
    ) -> Result<Vec<DayCount>, Refusal> {
        self.catch_up().await?;
        self.memory.board().days(query, from, to, actor, self.now())
    }

    async fn hold(&self, request: &HoldRequest, actor: &Actor) -> Result<Hold, Refusal> {
        let group = uuid::Uuid::new_v4().to_string();
        self.win(request, actor, None, |placement, seats| {
            let place = place_of(request, &placement, actor, group.clone());
            let expires_at = self.now() + self.hold_for;
            async move { retrying(|| self.store.try_hold(&place, &placement, &seats, expires_at)).await }
        })
        .await
    }

    async fn release(&self, hold: &HoldId, _: &Actor) -> Result<(), Refusal> {
        retrying(|| self.store.try_release(hold)).await
    }

    async fn book(&self, request: &BookingRequest, actor: &Actor) -> Result<Appointment, Refusal> {
        policy::check_people(request)?;
        let catalogue = self.catalogue();
        retrying(|| self.store.try_book(request, ClaimKind::Hold, &catalogue, By::actor(actor))).await
    }

    async fn find(&self, reference: &Reference, phone: &Phone) -> Result<Appointment, Refusal> {
        let found = self.store.appointment(reference, Some(phone)).await.map_err(|e| unavailable(&e))?;
        found.ok_or(Refusal::NotFound)
    }

    async fn get(&self, reference: &Reference) -> Result<Appointment, Refusal> {
        let found = self.store.appointment(reference, None).await.map_err(|e| unavailable(&e))?;
        found.ok_or(Refusal::NotFound)
    }

    async fn cancel(&self, reference: &Reference, actor: &Actor, reason: &str) -> Result<Appointment, Refusal> {
        let catalogue = self.catalogue();
        retrying(|| self.store.try_cancel(reference, &catalogue, By { actor, reason })).await
    }

    async fn reschedule(
        &self,
        reference: &Reference,
        start: DateTime<Utc>,
        office: Option<&OfficeId>,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        let stored = self.store.stored(reference).await.map_err(|e| unavailable(&e))?.ok_or(Refusal::NotFound)?;
        let old = &stored.appointment;
        policy::may_change(old, actor, self.now())?;
        let office = office.unwrap_or(&old.office);
        if (start, office) == (old.start, &old.office) {
            return Ok(stored.appointment);
        }
        let needs = Needs { persons: old.persons, language: old.language, resource: None };
        let request =
            HoldRequest { service: old.service.clone(), office: office.clone(), mode: old.mode, start, needs };
        let rules = self.rules(&old.service);
        self.win(&request, actor, Some(&stored.id), |placement, seats| {
            // It goes on counting as what it was booked through.
            let place = Place {
                channel: stored.channel.clone(),
                staff: stored.channel == "staff" || stored.channel == "system",
                ..place_of(&request, &placement, actor, stored.id.clone())
            };
            let rules = &rules;
            async move {
                let to = Wish { place: &place, placement: &placement, seats: &seats };
                retrying(|| self.store.try_move(reference, to, rules, By::actor(actor))).await
            }
        })
        .await
    }

    async fn answer_proposal(
        &self,
        reference: &Reference,
        accept: bool,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        let rules = self.rules(&self.get(reference).await?.service);
        retrying(|| self.store.try_answer(reference, accept, &rules, By::actor(actor))).await
    }

    async fn close(&self, closure: &Closure, actor: &Actor) -> Result<Closed, Refusal> {
        self.check_closure(closure)?;
        retrying(|| self.try_close(closure, actor)).await
    }
}

impl LocalCore {
    /// Wins a place and books it, in one transaction.
    ///
    /// # Errors
    /// As `hold` and `book`.
    pub async fn book_in_one(
        &self,
        at: &HoldRequest,
        people: &BookingRequest,
        actor: &Actor,
    ) -> Result<Appointment, Refusal> {
        policy::check_people(people)?;
        let group = uuid::Uuid::new_v4().to_string();
        let rules = self.rules(&at.service);
        self.win(at, actor, None, |placement, seats| {
            let place = place_of(at, &placement, actor, group.clone());
            let rules = &rules;
            async move {
                let wish = Wish { place: &place, placement: &placement, seats: &seats };
                let made = Made { rules, series: "" };
                retrying(|| self.store.try_book_at(wish, people, made, By::actor(actor))).await
            }
        })
        .await
    }
}
