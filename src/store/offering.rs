//! Offers of places that came free: made to several people at once, taken by the first, lapsed, let go.
//!
//! Every change of an offer first takes the rows of its group, then its claims, then the waits, so that two of them wait for
//! one another instead of deadlocking.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use sqlx::AnyConnection;

use super::appointments::{self, Made, People};
use super::audit::{self, Entry};
use super::changes::{By, Wish, rules_of};
use super::claims::{self, Hold, Won};
use super::error::{Failure, StoreError};
use super::offers::{self, OfferState, StoredOffer};
use super::row::Columns;
use super::waits::{self, ROOM, StoredWait};
use super::{Store, requests, shares};
use crate::booking::board::QuotaCheck;
use crate::booking::catalogue::Catalogue;
use crate::booking::claim::ClaimKind;
use crate::booking::core::{Actor, Appointment};
use crate::booking::id::HoldId;
use crate::booking::identity::Phone;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::{OFFER_MINUTES, Offered, Wait, WaitState};

/// By which rules an offer is taken.
#[derive(Debug)]
pub(super) struct Terms {
    /// The catalogue in force.
    pub catalogue: Arc<Catalogue>,
    /// The quotas that the place counts towards once it is taken.
    pub quotas: Vec<QuotaCheck>,
    /// How much of them it takes, minutes.
    pub minutes: u32,
}

/// Something that happens to a wait, for the audit and for whoever must be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    action: &'static str,
    /// The message by which the citizen is told of it; empty when he is not.
    message: &'static str,
}

impl Told {
    const fn aloud(action: &'static str) -> Self {
        Self { action, message: action }
    }

    const fn quietly(action: &'static str) -> Self {
        Self { action, message: "" }
    }
}

const OFFERED: Told = Told::aloud("waiting_offered");
const GONE: Told = Told::aloud("waiting_offer_gone");
const MISSED: Told = Told::aloud("waiting_offer_missed");
const TAKEN: Told = Told::quietly("waiting_offer_taken");
const DECLINED: Told = Told::quietly("waiting_offer_declined");
pub(super) const JOINED: Told = Told::quietly("waiting_joined");
const LEFT: Told = Told::quietly("waiting_left");

impl Store {
    /// Offers the seats to all of `to` who still wait; `None` when somebody else has one of the seats, else how many were
    /// told. The claims outlast the offer by a moment, in which the place can be passed on.
    pub(super) async fn try_offer(&self, wish: Wish<'_>, to: &[StoredWait]) -> Result<Option<usize>, Failure> {
        let Wish { place, placement, seats } = wish;
        let now = self.now();
        let expires_at = self.clock.now() + TimeDelta::minutes(OFFER_MINUTES);
        let hold = Hold { kind: ClaimKind::Offer, expires_at: (expires_at + ROOM).timestamp() };
        let mut tx = self.begin().await?;
        shares::check(&mut tx, place, &placement.quotas, placement.minutes, now).await?;
        for seat in seats {
            claims::open_early(&mut tx, seat, now + ROOM.num_seconds()).await?;
        }
        if !claims::claim_all(&mut tx, place, seats, hold, now).await? {
            tx.rollback().await?;
            return Ok(None);
        }
        wish.check_open(&mut tx).await?;
        let mut to: Vec<&StoredWait> = to.iter().collect();
        to.sort_by(|a, b| a.id.cmp(&b.id));
        let offered = Offered { start: place.slot.from, end: place.slot.to, office: place.office.clone(), expires_at };
        let mut told = 0;
        for wait in to {
            if waits::set_state(&mut tx, &wait.id, WaitState::Waiting, WaitState::Offered, now).await? {
                offers::insert(&mut tx, place, &wait.id, expires_at.timestamp(), now).await?;
                self.tell_wait(&mut tx, &wait.reference, OFFERED, &offered, By::actor(&Actor::System)).await?;
                told += 1;
            }
        }
        if told > 0 {
            tx.commit().await?
        } else {
            tx.rollback().await?
        }
        Ok(Some(told))
    }

    /// Takes the offered place, tells the others that it is gone.
    pub(super) async fn try_accept(
        &self,
        reference: &Reference,
        phone: &Phone,
        terms: &Terms,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let (wait, offer) = self.offer_to(&mut tx, reference, phone).await?;
        match offer.state {
            OfferState::Offered => {}
            OfferState::Gone => return Err(Refusal::SlotTaken.into()),
            OfferState::Taken => {
                let made = appointments::by_id(&mut tx, &offer.group).await?;
                return made.map(|made| made.appointment).ok_or_else(|| Refusal::HoldExpired.into());
            }
            _ => return Err(Refusal::HoldExpired.into()),
        }
        let won = self.win_offer(&mut tx, &wait, &offer, terms).await?;
        let request = wait.request.booking(HoldId::new(offer.group.clone()));
        let people = People { request: &request, key: wait.key.clone() };
        let made = Made { rules: rules_of(&terms.catalogue, &won.place)?, series: "" };
        let booked = self.write_booking_of(&mut tx, &won, &people, made, by).await?;
        offers::end(&mut tx, &offer, &wait.id, OfferState::Taken, now).await?;
        if !waits::set_state(&mut tx, &wait.id, WaitState::Offered, WaitState::Booked, now).await? {
            return Err(Failure::Again);
        }
        self.tell_wait(&mut tx, &wait.reference, TAKEN, &offer.place, by).await?;
        self.send_away(&mut tx, &offer, OfferState::Gone).await?;
        requests::commit(tx, &booked).await?;
        Ok(booked)
    }

    /// Makes what is offered an appointment's, and counts it for the channel of the one who takes it.
    async fn win_offer(
        &self,
        tx: &mut AnyConnection,
        wait: &StoredWait,
        offer: &StoredOffer,
        terms: &Terms,
    ) -> Result<Won, Failure> {
        let now = self.now();
        let standing = offer.place.expires_at.timestamp() > now;
        let won = claims::promote(tx, &offer.group, ClaimKind::Offer, now).await?.filter(|_| standing);
        let Some(mut won) = won else { return Err(Refusal::HoldExpired.into()) };
        if claims::is_torn(tx, &offer.group).await? {
            return Err(Refusal::HoldExpired.into());
        }
        shares::check(tx, &won.place, &terms.quotas, terms.minutes, now).await?;
        (won.place.channel, won.place.staff) = (wait.actor.channel().to_owned(), !wait.actor.is_citizen());
        claims::count_as(tx, &offer.group, &won.place.channel, won.place.staff).await?;
        Ok(won)
    }

    /// Lets the offered place go to the next; the place in the queue stays.
    pub(super) async fn try_decline(&self, reference: &Reference, phone: &Phone, by: By<'_>) -> Result<Wait, Failure> {
        let mut tx = self.begin().await?;
        let (wait, offer) = self.offer_to(&mut tx, reference, phone).await?;
        let standing = offer.state == OfferState::Offered && offer.place.expires_at.timestamp() > self.now();
        if !standing {
            return Err(Refusal::HoldExpired.into());
        }
        self.decline_in(&mut tx, &wait, &offer, WaitState::Waiting, by).await?;
        let waits = wait.without_offer();
        requests::commit(tx, &waits).await?;
        Ok(waits)
    }

    /// Takes somebody off the list, whatever is offered to them.
    pub(super) async fn try_leave(
        &self,
        reference: &Reference,
        phone: Option<&Phone>,
        by: By<'_>,
    ) -> Result<(), Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let wait = known(&mut tx, reference, phone, now).await?;
        match wait.state {
            WaitState::Withdrawn => return Ok(()),
            WaitState::Booked => return Err(Refusal::WrongState("booked").into()),
            WaitState::Waiting => {
                if !waits::set_state(&mut tx, &wait.id, WaitState::Waiting, WaitState::Withdrawn, now).await? {
                    return Err(Failure::Again);
                }
            }
            WaitState::Offered => {
                let offer = offers::locked(&mut tx, &wait.id).await?.filter(|o| o.state == OfferState::Offered);
                let offer = offer.ok_or(Failure::Again)?;
                self.decline_in(&mut tx, &wait, &offer, WaitState::Withdrawn, by).await?;
            }
        }
        let left = json!({ "service": wait.request.service });
        self.write_audit(&mut tx, &wait.reference, LEFT, left, by).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends the offers that nobody can answer any more, and the waits that wait for nothing; says how many ended.
    pub(super) async fn end_offers(&self) -> Result<u64, Failure> {
        let (now, by) = (self.now(), By::actor(&Actor::System));
        let lapsed =
            sqlx::query("SELECT DISTINCT group_id FROM wait_offers WHERE state = 'offered' AND expires_at <= $1")
                .bind(now)
                .fetch_all(&self.read)
                .await?;
        let mut ended = 0;
        for row in &lapsed {
            ended += self.end_group(&row.text("group_id")?, OfferState::Missed).await?;
        }
        let closed = sqlx::query(
            "SELECT DISTINCT o.group_id AS group_id FROM wait_offers o WHERE o.state = 'offered' AND (NOT EXISTS \
             (SELECT 1 FROM claims c WHERE c.group_id = o.group_id AND c.live = 1) OR EXISTS \
             (SELECT 1 FROM claims c WHERE c.group_id = o.group_id AND c.live = 0))",
        )
        .fetch_all(&self.read)
        .await?;
        for row in &closed {
            ended += self.end_group(&row.text("group_id")?, OfferState::Closed).await?;
        }
        let over = sqlx::query("SELECT reference FROM waits WHERE state = 'waiting' AND over_at <= $1")
            .bind(now)
            .fetch_all(&self.read)
            .await?;
        for row in &over {
            let reference =
                Reference::parse(&row.text("reference")?).map_err(|_| StoreError::Unreadable("reference"))?;
            self.try_leave(&reference, None, By { reason: "nothing left to wait for", ..by }).await?;
            ended += 1;
        }
        Ok(ended)
    }

    /// Ends an offer for all who may still answer it, and passes its place on.
    async fn end_group(&self, group: &str, how: OfferState) -> Result<u64, Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        offers::lock(&mut tx, group).await?;
        let row = sqlx::query(
            "SELECT group_id, state, office_id, starts_at, ends_at, expires_at FROM wait_offers \
             WHERE group_id = $1 AND state = 'offered' LIMIT 1",
        )
        .bind(group)
        .fetch_optional(&mut *tx)
        .await?;
        // Somebody else has ended it meanwhile.
        let Some(offer) = row.as_ref().map(offers::stored).transpose()? else { return Ok(0) };
        claims::pass_on(&mut tx, group, now + ROOM.num_seconds()).await?;
        let ended = self.send_away(&mut tx, &offer, how).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends the offer for all who have not answered it, and tells them.
    async fn send_away(&self, tx: &mut AnyConnection, offer: &StoredOffer, how: OfferState) -> Result<u64, Failure> {
        let now = self.now();
        let left = offers::asked(tx, &offer.group).await?;
        for wait in &left {
            offers::end(tx, offer, wait, how, now).await?;
            if how == OfferState::Missed {
                waits::lapse(tx, wait, now).await?;
            } else {
                waits::set_state(tx, wait, WaitState::Offered, WaitState::Waiting, now).await?;
            }
            let reference = waits::reference_of(tx, wait).await?;
            let told = if how == OfferState::Missed { MISSED } else { GONE };
            let reason = if how == OfferState::Closed { "closed" } else { "" };
            let by = By { actor: &Actor::System, reason };
            self.tell_wait(tx, &reference, told, &offer.place, by).await?;
        }
        Ok(left.len() as u64)
    }

    /// Takes one person out of an offer; the last one to go lets the place go to others.
    async fn decline_in(
        &self,
        tx: &mut AnyConnection,
        wait: &StoredWait,
        offer: &StoredOffer,
        then: WaitState,
        by: By<'_>,
    ) -> Result<(), Failure> {
        let now = self.now();
        if !offers::end(tx, offer, &wait.id, OfferState::Declined, now).await? {
            return Err(Failure::Again);
        }
        if offers::asked(tx, &offer.group).await?.is_empty() {
            claims::pass_on(tx, &offer.group, now + ROOM.num_seconds()).await?;
        }
        waits::set_state(tx, &wait.id, WaitState::Offered, then, now).await?;
        waits::forgive(tx, &wait.id).await?;
        Ok(self.tell_wait(tx, &wait.reference, DECLINED, &offer.place, by).await?)
    }

    /// The wait of somebody who knows the telephone, and its last offer, kept from changing until the transaction ends.
    async fn offer_to(
        &self,
        tx: &mut AnyConnection,
        reference: &Reference,
        phone: &Phone,
    ) -> Result<(StoredWait, StoredOffer), Failure> {
        let wait = known(tx, reference, Some(phone), self.now()).await?;
        let offer = offers::locked(tx, &wait.id).await?.ok_or(Refusal::HoldExpired)?;
        Ok((wait, offer))
    }

    async fn tell_wait(
        &self,
        tx: &mut AnyConnection,
        reference: &Reference,
        told: Told,
        place: &Offered,
        by: By<'_>,
    ) -> Result<(), StoreError> {
        let mut detail = json!({ "office": place.office, "start": place.start, "expires_at": place.expires_at });
        if !by.reason.is_empty() {
            detail["reason"] = by.reason.into();
        }
        self.write_audit(tx, reference, told, detail, by).await
    }

    /// Writes a line about a wait into the audit, and whom it is told to.
    pub(super) async fn write_audit(
        &self,
        tx: &mut AnyConnection,
        reference: &Reference,
        told: Told,
        detail: serde_json::Value,
        by: By<'_>,
    ) -> Result<(), StoreError> {
        let (By { actor, reason }, Told { action, message }) = (by, told);
        let entry = Entry { actor, action, subject: reference.as_str(), reason, detail, message, at: self.now() };
        audit::record(tx, entry).await
    }
}

/// The wait with this reference, for somebody who knows the telephone where one is asked for.
async fn known(
    tx: &mut AnyConnection,
    reference: &Reference,
    phone: Option<&Phone>,
    now: i64,
) -> Result<StoredWait, Failure> {
    let wait = waits::by_reference(tx, reference, now).await?;
    let wait = wait.filter(|wait| phone.is_none_or(|phone| *phone == wait.request.phone));
    wait.ok_or_else(|| Refusal::NotFound.into())
}
