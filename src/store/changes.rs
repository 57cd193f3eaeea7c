//! What happens to appointments: booked, moved, cancelled, taken to their next state. Each change is one transaction with its
//! audit and its message.

use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::appointments::{self, Made, People, Stored};
use super::audit::{self, Entry};
use super::claims::{self, BOOKED, Place, Won};
use super::error::{Failure, StoreError};
use super::{Store, closures, desk, requests, shares};
use crate::booking::board::{Placement, Seat};
use crate::booking::catalogue::{BookingRules, Catalogue};
use crate::booking::claim::ClaimKind;
use crate::booking::core::{Actor, Appointment, AppointmentState, BookingRequest, Window};
use crate::booking::id::{OfficeId, ResourceId};
use crate::booking::policy;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

/// Who changes something, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Why; empty when the change says it.
    pub reason: &'a str,
}

impl<'a> By<'a> {
    /// Somebody who need not say why.
    pub(super) fn actor(actor: &'a Actor) -> Self {
        Self { actor, reason: "" }
    }
}

impl Store {
    /// Makes what is kept under the request's hold an appointment, or gives the appointment that it has become already.
    pub(super) async fn try_book(
        &self,
        request: &BookingRequest,
        kept_as: ClaimKind,
        catalogue: &Catalogue,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let now = self.now();
        let hold = request.hold.as_str();
        let mut tx = self.begin().await?;
        let Some(won) = claims::promote(&mut tx, hold, kept_as, now).await? else {
            let made = appointments::by_id(&mut tx, hold).await?;
            return made.map(|made| made.appointment).ok_or_else(|| Refusal::HoldExpired.into());
        };
        let rules = rules_of(catalogue, &won.place)?;
        let (people, made) = (People::of(request), Made { rules, series: "" });
        let booked = self.write_booking_of(&mut tx, &won, &people, made, by).await?;
        requests::commit(tx, &booked).await?;
        Ok(booked)
    }

    /// Wins the seats and books them in one transaction; `None` when somebody else has one of them.
    pub(super) async fn try_book_at(
        &self,
        wish: Wish<'_>,
        request: &BookingRequest,
        made: Made<'_>,
        by: By<'_>,
    ) -> Result<Option<Appointment>, Failure> {
        let mut tx = self.begin().await?;
        let Some(won) = win(&mut tx, wish, self.now()).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let people = People::of(request);
        let booked = match appointments::insert_if_undisputed(&mut tx, &won, &people, made, self.now()).await? {
            Some(stored) => self.tell_booked(&mut tx, stored, made, by).await?,
            None => {
                wish.check_open(&mut tx).await?;
                self.write_booking_of(&mut tx, &won, &people, made, by).await?
            }
        };
        requests::commit(tx, &booked).await?;
        Ok(Some(booked))
    }

    /// Writes the appointment of a place that was won, within the limits of its service.
    pub(super) async fn write_booking_of(
        &self,
        tx: &mut AnyConnection,
        won: &Won,
        people: &People<'_>,
        made: Made<'_>,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        if let Some(stored) = appointments::insert_if_undisputed(tx, won, people, made, self.now()).await? {
            return Ok(self.tell_booked(tx, stored, made, by).await?);
        }
        appointments::check_limits(tx, &won.place.service, made.rules, people, self.now()).await?;
        self.write_within_limits(tx, won, people, made, by).await
    }

    /// The same once the limits are known to be kept.
    pub(super) async fn write_within_limits(
        &self,
        tx: &mut AnyConnection,
        won: &Won,
        people: &People<'_>,
        made: Made<'_>,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let stored = appointments::insert(tx, won, people, made, self.now()).await?;
        Ok(self.tell_booked(tx, stored, made, by).await?)
    }

    async fn tell_booked(
        &self,
        tx: &mut AnyConnection,
        stored: Stored,
        made: Made<'_>,
        by: By<'_>,
    ) -> Result<Appointment, StoreError> {
        let series = if made.series.is_empty() { json!({}) } else { json!({ "series": made.series }) };
        self.tell(tx, &stored.appointment, by, "booked", series).await?;
        Ok(stored.appointment)
    }

    /// Cancels an appointment that stands.
    pub(super) async fn try_cancel(
        &self,
        reference: &Reference,
        catalogue: &Catalogue,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let mut tx = self.begin().await?;
        let cancelled = self.cancel_in(&mut tx, reference, catalogue, by).await?;
        requests::commit(tx, &cancelled).await?;
        Ok(cancelled)
    }

    /// The same inside a transaction.
    pub(super) async fn cancel_in(
        &self,
        tx: &mut AnyConnection,
        reference: &Reference,
        catalogue: &Catalogue,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let stored = appointments::take(tx, reference, self.now()).await?.ok_or(Refusal::NotFound)?;
        policy::may_change(&stored.appointment, by.actor, self.clock.now())?;
        let cancelled = self.set_state(tx, stored, AppointmentState::Cancelled).await?;
        let service = &cancelled.appointment.service;
        let shut_until = self.shut_until(tx, service, &catalogue.rules(service), by.actor).await?;
        claims::give_back(tx, &cancelled.id, shut_until).await?;
        self.tell(tx, &cancelled.appointment, by, "cancelled", json!({})).await?;
        Ok(cancelled.appointment)
    }

    /// Takes an appointment to its next state on the day.
    pub(super) async fn try_mark(
        &self,
        reference: &Reference,
        state: AppointmentState,
        catalogue: &Catalogue,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let mut tx = self.begin().await?;
        let stored = appointments::take(&mut tx, reference, self.now()).await?.ok_or(Refusal::NotFound)?;
        let zone = catalogue.office(&stored.appointment.office).map_or(crate::clock::ATHENS, |o| o.time_zone);
        policy::may_mark(&stored.appointment, state, self.clock.now(), zone)?;
        let marked = self.set_state(&mut tx, stored, state).await?;
        self.tell(&mut tx, &marked.appointment, by, state.as_str(), json!({})).await?;
        requests::commit(tx, &marked.appointment).await?;
        Ok(marked.appointment)
    }

    /// Tries to move an appointment to the seats: they are won before the old place is let go. `None` when somebody else has
    /// one of them; the old place is then untouched.
    pub(super) async fn try_move(
        &self,
        reference: &Reference,
        to: Wish<'_>,
        rules: &BookingRules,
        by: By<'_>,
    ) -> Result<Option<Appointment>, Failure> {
        let mut tx = self.begin().await?;
        let Some(moved) = self.move_in(&mut tx, reference, to, rules, by).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        requests::commit(tx, &moved).await?;
        Ok(Some(moved))
    }

    /// The same inside a transaction, which must be given up when the answer is `None`.
    pub(super) async fn move_in(
        &self,
        tx: &mut AnyConnection,
        reference: &Reference,
        to: Wish<'_>,
        rules: &BookingRules,
        by: By<'_>,
    ) -> Result<Option<Appointment>, Failure> {
        let now = self.now();
        let old = appointments::take(tx, reference, self.now()).await?.ok_or(Refusal::NotFound)?;
        policy::may_change(&old.appointment, by.actor, self.clock.now())?;
        shares::check(tx, to.place, &to.placement.quotas, to.placement.minutes, now).await?;
        let moved = self.set_place(tx, &old, At::of(to.place, to.seats)?, rules).await?;
        let shut_until = self.shut_until(tx, &moved.service, rules, by.actor).await?;
        if !claims::move_all(tx, to.place, to.seats, shut_until, now).await? {
            return Ok(None);
        }
        to.check_open(tx).await?;
        desk::overtake(tx, &old.id).await?;
        self.tell(tx, &moved, by, "rescheduled", moved_from(&old.appointment)).await?;
        Ok(Some(moved))
    }

    /// Moves on to another state, unless somebody else changed the appointment in between.
    async fn set_state(
        &self,
        tx: &mut AnyConnection,
        mut stored: Stored,
        state: AppointmentState,
    ) -> Result<Stored, Failure> {
        let result = sqlx::query(
            "UPDATE appointments SET state = $1, sequence = sequence + 1, updated_at = $2 WHERE id = $3 AND sequence = $4",
        )
        .bind(state.as_str())
        .bind(self.now())
        .bind(&stored.id)
        .bind(i64::from(stored.appointment.sequence))
        .execute(&mut *tx)
        .await?;
        if result.rows_affected() == 0 {
            return Err(Failure::Again);
        }
        desk::overtake(tx, &stored.id).await?;
        stored.appointment.state = state;
        stored.appointment.sequence += 1;
        Ok(stored)
    }

    /// Writes another place into the row, unless somebody else changed the appointment in between.
    pub(super) async fn set_place(
        &self,
        tx: &mut AnyConnection,
        old: &Stored,
        to: At,
        rules: &BookingRules,
    ) -> Result<Appointment, Failure> {
        let At { office, resource, slot } = to;
        let moved = Appointment {
            office,
            resource,
            start: slot.from,
            end: slot.to,
            proposal: None,
            sequence: old.appointment.sequence + 1,
            cancellable_until: policy::cancellable_until(rules, slot.from),
            ..old.appointment.clone()
        };
        let result = sqlx::query(
            "UPDATE appointments SET office_id = $1, resource_id = $2, starts_at = $3, ends_at = $4, cancellable_until = $5, \
             sequence = sequence + 1, updated_at = $6 WHERE id = $7 AND sequence = $8",
        )
        .bind(moved.office.as_str())
        .bind(moved.resource.as_str())
        .bind(moved.start.timestamp())
        .bind(moved.end.timestamp())
        .bind(moved.cancellable_until.timestamp())
        .bind(self.now())
        .bind(&old.id)
        .bind(i64::from(old.appointment.sequence))
        .execute(tx)
        .await?;
        if result.rows_affected() == 0 { Err(Failure::Again) } else { Ok(moved) }
    }

    /// Writes the audit line of a change, which others are told of.
    pub(super) async fn tell(
        &self,
        tx: &mut AnyConnection,
        appointment: &Appointment,
        by: By<'_>,
        action: &'static str,
        more: Value,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let mut detail = json!({
            "service": appointment.service, "office": appointment.office, "resource": appointment.resource,
            "mode": appointment.mode, "start": appointment.start, "sequence": appointment.sequence,
        });
        if let (Some(detail), Some(more)) = (detail.as_object_mut(), more.as_object()) {
            detail.extend(more.clone());
        }
        let subject = appointment.reference.as_str();
        let (By { actor, reason }, message) = (by, message_of(action));
        audit::record(tx, Entry { actor, action, subject, reason, detail, message, at: now }).await
    }
}

/// A place as the row of an appointment names it.
#[derive(Debug, Clone)]
pub(super) struct At {
    /// The office.
    pub office: OfficeId,
    /// The first of its desks.
    pub resource: ResourceId,
    /// When, without buffers.
    pub slot: Window,
}

impl At {
    /// The seats of a place.
    pub(super) fn of(place: &Place, seats: &[Seat]) -> Result<Self, StoreError> {
        let resource = seats.iter().map(|seat| &seat.resource).min().cloned();
        let resource = resource.ok_or(StoreError::Unreadable("seat"))?;
        Ok(Self { office: place.office.clone(), resource, slot: place.slot })
    }
}

/// Seats that somebody wants, and what they were chosen for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    /// Whose and what.
    pub place: &'a Place,
    /// What the board said.
    pub placement: &'a Placement,
    /// One candidate of it.
    pub seats: &'a [Seat],
}

impl Wish<'_> {
    /// Refuses seats that a closure shuts. Asked after they are won, when no closure can slip in any more.
    pub(super) async fn check_open(&self, tx: &mut AnyConnection) -> Result<(), Failure> {
        match closures::reason(tx, self.place, self.seats, self.placement.special_day).await? {
            Some(reason) => Err(Refusal::Closed(reason).into()),
            None => Ok(()),
        }
    }
}

/// Wins the seats for an appointment within the quotas; `None` when somebody else has one of them. Whether they are open is still
/// to be asked.
pub(super) async fn win(tx: &mut AnyConnection, wish: Wish<'_>, now: i64) -> Result<Option<Won>, Failure> {
    let Wish { place, placement, seats } = wish;
    shares::check(tx, place, &placement.quotas, placement.minutes, now).await?;
    if !claims::claim_all(tx, place, seats, BOOKED, now).await? {
        return Ok(None);
    }
    let mut resources: Vec<_> = seats.iter().map(|seat| seat.resource.clone()).collect();
    resources.sort();
    Ok(Some(Won { place: place.clone(), resources }))
}

/// The rules of the service of a place.
pub(super) fn rules_of<'a>(catalogue: &'a Catalogue, place: &Place) -> Result<&'a BookingRules, Refusal> {
    let service = catalogue.service(&place.service);
    service.map(|s| &s.rules).ok_or_else(|| Refusal::NotOffered(format!("service {}", place.service)))
}

/// Where an appointment was, for those who are told that it is elsewhere.
pub(super) fn moved_from(old: &Appointment) -> Value {
    json!({ "from": { "office": old.office, "resource": old.resource, "start": old.start } })
}

fn message_of(action: &'static str) -> &'static str {
    match action {
        "booked" => "appointment_booked",
        "cancelled" => "appointment_cancelled",
        "rescheduled" => "appointment_rescheduled",
        "transferred" => "appointment_transferred",
        "checked_in" => "appointment_checked_in",
        "started" => "appointment_started",
        "completed" => "appointment_completed",
        "proposed" => "appointment_proposed",
        "proposal_accepted" => "appointment_proposal_accepted",
        "proposal_declined" => "appointment_proposal_declined",
        "proposal_expired" => "appointment_proposal_expired",
        "proposal_withdrawn" => "appointment_proposal_withdrawn",
        _ => "appointment_missed",
    }
}
