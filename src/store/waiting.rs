//! The waiting list on this program's own database.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::appointments::{self, People};
use super::changes::{By, Wish};
use super::error::{Failure, StoreError, retrying, unavailable};
use super::local_core::{LocalCore, place_of};
use super::offering::{JOINED, Terms};
use super::offers::OfferState;
use super::waits::{self, NewWait, ROOM, StoredWait};
use super::{Store, new_id, requests};
use crate::booking::catalogue::BookingRules;
use crate::booking::core::{Actor, Appointment, AvailabilityCore, HoldRequest, Slot};
use crate::booking::id::{HoldId, OfficeId};
use crate::booking::identity::Phone;
use crate::booking::policy;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::{
    OFFER_MINUTES, OFFERED_TO, Wait, WaitCount, WaitRequest, WaitState, WaitingList, worth_waiting,
};

/// So many free places of a wish are looked at for one that was not refused before.
const LOOKED_AT: usize = 50;

#[async_trait::async_trait]
impl WaitingList for LocalCore {
    async fn wait(&self, request: &WaitRequest, actor: &Actor) -> Result<Wait, Refusal> {
        request.check_size()?;
        policy::check_people(&request.booking(HoldId::new("")))?;
        let rules = self.rules(&request.service);
        if self.catalogue().service(&request.service).is_some() && !rules.waiting_list {
            return Err(Refusal::NotOffered(format!("a waiting list for {}", request.service)));
        }
        let page = self.search(&request.query(1), actor).await?;
        match &page.empty_because {
            _ if !page.slots.is_empty() => return Err(Refusal::StillFree),
            Some(why) => worth_waiting(why)?,
            None => {}
        }
        let over_at = request.over_at(self.now());
        let joined = retrying(|| self.store.try_join(request, &rules, actor, over_at)).await?;
        self.shown(joined).await
    }

    async fn waiting(&self, reference: &Reference, phone: &Phone) -> Result<Wait, Refusal> {
        let wait = self.store.wait(reference, Some(phone)).await.map_err(|e| unavailable(&e))?;
        self.shown(wait.ok_or(Refusal::NotFound)?).await
    }

    async fn accept(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<Appointment, Refusal> {
        let terms = self.terms(reference, phone).await?;
        retrying(|| self.store.try_accept(reference, phone, &terms, By::actor(actor))).await
    }

    async fn decline(&self, reference: &Reference, phone: &Phone, actor: &Actor) -> Result<Wait, Refusal> {
        retrying(|| self.store.try_decline(reference, phone, By::actor(actor))).await
    }

    async fn leave(&self, reference: &Reference, phone: Option<&Phone>, actor: &Actor) -> Result<(), Refusal> {
        retrying(|| self.store.try_leave(reference, phone, By::actor(actor))).await
    }

    async fn counts(&self) -> Result<Vec<WaitCount>, Refusal> {
        self.store.wait_counts().await.map_err(|e| unavailable(&e))
    }

    async fn offer_free(&self) -> Result<u64, Refusal> {
        let ended = retrying(|| self.store.end_offers()).await?;
        let queue = self.store.queue().await.map_err(|e| unavailable(&e))?;
        if queue.is_empty() { Ok(ended) } else { Ok(ended + self.offer_to_queue(queue).await?) }
    }
}

/// What somebody refused, or let lapse; nobody is asked twice for one place.
type Refused = HashSet<(String, OfficeId, DateTime<Utc>)>;

impl LocalCore {
    /// By which rules somebody would take what is offered to them.
    async fn terms(&self, reference: &Reference, phone: &Phone) -> Result<Terms, Refusal> {
        let wait = self.store.wait(reference, Some(phone)).await.map_err(|e| unavailable(&e))?;
        let wait = wait.ok_or(Refusal::NotFound)?;
        let mut terms = Terms { catalogue: self.catalogue(), quotas: Vec::new(), minutes: 0 };
        let offer = self.store.last_offer(&wait.id).await.map_err(|e| unavailable(&e))?;
        let Some(offer) = offer.filter(|offer| offer.state == OfferState::Offered) else { return Ok(terms) };
        self.catch_up().await?;
        let request = at(&wait, &offer.place.office, offer.place.start);
        match self.board().place(&request, &wait.actor, self.now(), Some(&offer.group)) {
            Ok(placement) => (terms.quotas, terms.minutes) = (placement.quotas, placement.minutes),
            Err(Refusal::KeptForOthers) => return Err(Refusal::KeptForOthers),
            // What was offered is not refused for being too near by now; a closure is noticed by its claims.
            Err(_) => {}
        }
        Ok(terms)
    }

    /// A wait as it is told.
    async fn shown(&self, wait: StoredWait) -> Result<Wait, Refusal> {
        let last = self.store.last_offer(&wait.id).await.map_err(|e| unavailable(&e))?;
        let standing = last.as_ref().filter(|o| o.state == OfferState::Offered && o.place.expires_at > self.now());
        let mut state = wait.state;
        if state == WaitState::Offered && standing.is_none() {
            state = WaitState::Waiting;
        }
        let taken = last.as_ref().filter(|offer| offer.state == OfferState::Taken);
        let appointment = match taken {
            Some(offer) => self.store.reference_of(&offer.group).await.map_err(|e| unavailable(&e))?,
            None => None,
        };
        Ok(Wait {
            reference: wait.reference,
            request: wait.request,
            state,
            offer: standing.map(|offer| offer.place.clone()),
            outrun: state == WaitState::Waiting && last.as_ref().is_some_and(|o| o.state == OfferState::Gone),
            appointment,
        })
    }

    /// Goes through the queue from its head and offers what is free; says how many places were offered.
    async fn offer_to_queue(&self, mut queue: Vec<StoredWait>) -> Result<u64, Refusal> {
        self.catch_up().await?;
        let refused: Refused = self.store.refused_places().await.map_err(|e| unavailable(&e))?.into_iter().collect();
        // Whoever has an appointment of the service meanwhile could not take another.
        queue.retain(|w| w.standing < self.rules(&w.request.service).limits.for_beneficiary(w.request.relation));
        let (mut offered, mut in_vain) = (0, HashSet::new());
        while let Some(first) = queue.first().cloned() {
            let wish = (format!("{:?}", first.request.query(0)), first.actor.channel().to_owned());
            let asked = if in_vain.contains(&wish) { Vec::new() } else { self.offer_first(&queue, &refused).await? };
            if asked.is_empty() {
                if !refused.iter().any(|(id, ..)| *id == first.id) {
                    in_vain.insert(wish);
                }
                queue.remove(0);
            } else {
                offered += 1;
                queue.retain(|wait| !asked.contains(&wait.id));
                self.catch_up().await?;
            }
        }
        Ok(offered)
    }

    /// Offers one place to the first of the queue, and to those behind them whom it fits too; says who was asked.
    async fn offer_first(&self, queue: &[StoredWait], refused: &Refused) -> Result<Vec<String>, Refusal> {
        let Some(first) = queue.first() else { return Ok(Vec::new()) };
        let places = self.places_for(first, refused);
        let Some(slot) = places.first() else { return Ok(Vec::new()) };
        let rivals: Vec<&StoredWait> = queue.iter().filter(|wait| self.suits(wait, first, slot, refused)).collect();
        // Where there are places for several, each is offered to fewer.
        let free: usize = places.iter().map(|slot| slot.free as usize).sum();
        let most = rivals.len().div_ceil(free.max(1)).clamp(1, OFFERED_TO);
        let to: Vec<StoredWait> = rivals.into_iter().take(most).cloned().collect();
        let told = self.offer(&to, first, slot).await?;
        Ok(if told { to.into_iter().map(|wait| wait.id).collect() } else { Vec::new() })
    }

    /// The places that somebody waits for and that are free now, or come free within a moment.
    fn places_for(&self, wait: &StoredWait, refused: &Refused) -> Vec<Slot> {
        let soon = self.now() + ROOM;
        let found = self.board().find(&wait.request.query(LOOKED_AT), &wait.actor, soon);
        let slots = found.map(|page| page.slots).unwrap_or_default();
        // There must be time to answer and to come.
        let earliest = self.now() + TimeDelta::minutes(OFFER_MINUTES);
        let would_have = |slot: &Slot| {
            slot.start > earliest && !refused.contains(&(wait.id.clone(), slot.office.clone(), slot.start))
        };
        slots.into_iter().filter(would_have).collect()
    }

    /// Whether a place found for `first` can be offered to `wait` by the same claims and the same quotas.
    fn suits(&self, wait: &StoredWait, first: &StoredWait, slot: &Slot, refused: &Refused) -> bool {
        let catalogue = self.catalogue();
        let zone = catalogue.office(&slot.office).map_or(crate::clock::ATHENS, |office| office.time_zone);
        wait.request.service == first.request.service
            && wait.request.needs == first.request.needs
            && wait.request.fits(slot, zone)
            && !refused.contains(&(wait.id.clone(), slot.office.clone(), slot.start))
            && (wait.actor.channel() == first.actor.channel() || self.admits(wait, slot))
    }

    /// Whether the rules for the channel of somebody who waits leave a place for them too.
    fn admits(&self, wait: &StoredWait, slot: &Slot) -> bool {
        let request = at(wait, &slot.office, slot.start);
        self.board().place(&request, &wait.actor, self.now() + ROOM, None).is_ok()
    }

    /// Locks a place and offers it; `false` when it could not be had, or when nobody waits any more.
    async fn offer(&self, to: &[StoredWait], first: &StoredWait, slot: &Slot) -> Result<bool, Refusal> {
        let request = at(first, &slot.office, slot.start);
        let placement = self.board().place(&request, &first.actor, self.now() + ROOM, None);
        let Ok(placement) = placement else { return Ok(false) };
        let place = place_of(&request, &placement, &first.actor, new_id());
        for seats in &placement.seats {
            let wish = Wish { place: &place, placement: &placement, seats };
            match retrying(|| self.store.try_offer(wish, to)).await {
                Ok(Some(told)) => return Ok(told > 0),
                Ok(None) => {}
                Err(Refusal::Unavailable(why)) => return Err(Refusal::Unavailable(why)),
                // A rule that memory did not know of yet: another run sees it.
                Err(_) => return Ok(false),
            }
        }
        Ok(false)
    }
}

/// What somebody waits for, at this very place and time.
fn at(wait: &StoredWait, office: &OfficeId, start: DateTime<Utc>) -> HoldRequest {
    let WaitRequest { service, mode, needs, .. } = wait.request.clone();
    HoldRequest { service, office: office.clone(), mode, start, needs }
}

impl Store {
    /// Puts somebody on the list, or finds the place that the same conversation has given them already.
    async fn try_join(
        &self,
        request: &WaitRequest,
        rules: &BookingRules,
        actor: &Actor,
        over_at: DateTime<Utc>,
    ) -> Result<StoredWait, Failure> {
        let now = self.now();
        let booking = request.booking(HoldId::new(""));
        let people = People::of(&booking);
        let mut tx = self.begin().await?;
        appointments::check_limits(&mut tx, &request.service, rules, &people, now).await?;
        if let Some(live) = waits::live_of(&mut tx, &request.service, &people.key, now).await? {
            let same = live.actor == *actor && !matches!(actor, Actor::Staff { .. });
            return if same { Ok(live) } else { Err(Refusal::AlreadyWaits.into()) };
        }
        let new = NewWait { request, key: &people.key, actor, over_at };
        let wait = waits::insert(&mut tx, &new, now).await?;
        let detail = json!({ "service": request.service, "offices": request.offices, "mode": request.mode });
        self.write_audit(&mut tx, &wait.reference, JOINED, detail, By::actor(actor)).await?;
        requests::commit(tx, &wait.clone().without_offer()).await?;
        Ok(wait)
    }

    /// The reference of the appointment that an offer has become.
    async fn reference_of(&self, group: &str) -> Result<Option<Reference>, StoreError> {
        let mut connection = self.read.acquire().await?;
        Ok(appointments::by_id(&mut connection, group).await?.map(|made| made.appointment.reference))
    }
}
