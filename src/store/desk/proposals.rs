//! Proposals: another place for everybody whom a closure hurts, kept by claims until the citizen answers.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::finder::{Finder, Offer};
use crate::booking::catalogue::BookingRules;
use crate::booking::claim::ClaimKind;
use crate::booking::core::{Actor, Appointment, AppointmentState, Closure, Proposal, Window};
use crate::booking::id::ResourceId;
use crate::booking::proposal::WITHIN_DAYS;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::store::appointments::{self, Stored};
use crate::store::changes::{At, By, moved_from};
use crate::store::claims;
use crate::store::error::{Failure, StoreError};
use crate::store::local_core::LocalCore;
use crate::store::row::Columns;
use crate::store::{Store, journal, requests};

impl LocalCore {
    /// Proposes a place to everybody whom a closure hurts and who has no proposal; gives everybody whom it hurts.
    pub(super) async fn try_propose(&self, closure: &str, actor: &Actor) -> Result<Vec<Appointment>, Failure> {
        let now = self.now();
        let mut tx = self.store.begin().await?;
        let kept = closure_by_id(&mut tx, closure).await?.ok_or(Refusal::NotFound)?;
        let hurt = appointments::hurt_by(&mut tx, &kept).await?;
        let until = kept.window.to.max(now) + TimeDelta::days(WITHIN_DAYS + 2);
        let catalogue = self.catalogue();
        let mut finder =
            Finder::new(&self.store, &catalogue, actor, Window { from: now - TimeDelta::days(2), to: until });
        let mut told = Vec::new();
        for stored in hurt.into_iter().filter(|stored| stored.appointment.end > now) {
            let mut appointment = stored.as_of(now);
            if appointment.proposal.is_none() {
                if stored.appointment.proposal.is_some() {
                    self.store.expire(&mut tx, &stored.id).await?;
                }
                if let Some(offer) = finder.offer(&mut tx, &stored).await? {
                    appointment = self.store.write_proposal(&mut tx, &stored, offer, (closure, &kept), actor).await?;
                }
            }
            told.push(appointment);
        }
        requests::commit(tx, &told).await?;
        Ok(told)
    }
}

impl Store {
    /// Moves the appointment to the place proposed, or lets that place go.
    pub(in crate::store) async fn try_answer(
        &self,
        reference: &Reference,
        accept: bool,
        rules: &BookingRules,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let mut tx = self.begin().await?;
        appointments::take(&mut tx, reference, self.now()).await?.ok_or(Refusal::NotFound)?;
        let old = appointments::by_reference(&mut tx, reference).await?.ok_or(Refusal::NotFound)?;
        if old.appointment.state != AppointmentState::Booked {
            return Err(Refusal::WrongState(old.appointment.state.as_str()).into());
        }
        let Some(proposal) = old.as_of(self.clock.now()).proposal else { return Err(Refusal::HoldExpired.into()) };
        let answered = if accept {
            self.accept(&mut tx, &old, &proposal, rules, by).await?
        } else {
            end(&mut tx, &old.id, "declined").await?.ok_or(Failure::Again)?;
            let left = Appointment { proposal: None, ..old.appointment };
            self.tell(&mut tx, &left, by, "proposal_declined", json!({})).await?;
            left
        };
        requests::commit(tx, &answered).await?;
        Ok(answered)
    }

    async fn accept(
        &self,
        tx: &mut AnyConnection,
        old: &Stored,
        proposal: &Proposal,
        rules: &BookingRules,
        by: By<'_>,
    ) -> Result<Appointment, Failure> {
        let row = standing(tx, &old.id).await?.ok_or(Failure::Again)?;
        let at = At {
            office: proposal.office.clone(),
            resource: ResourceId::new(row.text("offered_resource")?),
            slot: Window { from: proposal.start, to: proposal.end },
        };
        let moved = self.set_place(tx, old, at, rules).await?;
        claims::free(tx, &old.id, ClaimKind::Appointment).await?;
        let adopted = claims::adopt(tx, &row.text("offer_id")?, &old.id, self.now()).await?;
        adopted.ok_or(Refusal::HoldExpired)?;
        end(tx, &old.id, "accepted").await?.ok_or(Failure::Again)?;
        self.tell(tx, &moved, by, "proposal_accepted", moved_from(&old.appointment)).await?;
        Ok(moved)
    }

    async fn write_proposal(
        &self,
        tx: &mut AnyConnection,
        stored: &Stored,
        offer: Offer,
        (closure, kept): (&str, &Closure),
        actor: &Actor,
    ) -> Result<Appointment, Failure> {
        let now = self.now();
        let Offer { id, resource, proposal } = offer;
        let proposal = Proposal { reason: kept.reason.clone(), ..proposal };
        sqlx::query(
            "INSERT INTO proposals (offer_id, for_appointment, closure_id, offered_office, offered_resource, offered_from, \
             offered_to, offered_until, offered_because, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&id)
        .bind(&stored.id)
        .bind(closure)
        .bind(proposal.office.as_str())
        .bind(resource.as_str())
        .bind(proposal.start.timestamp())
        .bind(proposal.end.timestamp())
        .bind(proposal.expires_at.timestamp())
        .bind(proposal.reason.as_str())
        .bind(now)
        .execute(&mut *tx)
        .await?;
        // The office cannot keep the appointment, so the citizen may change it for as long as there is anything to change.
        let result = sqlx::query(
            "UPDATE appointments SET cancellable_until = starts_at, sequence = sequence + 1, updated_at = $1 \
             WHERE id = $2 AND sequence = $3",
        )
        .bind(now)
        .bind(&stored.id)
        .bind(i64::from(stored.appointment.sequence))
        .execute(&mut *tx)
        .await?;
        if result.rows_affected() == 0 {
            return Err(Failure::Again);
        }
        let appointment = Appointment {
            sequence: stored.appointment.sequence + 1,
            cancellable_until: stored.appointment.start,
            proposal: Some(proposal.clone()),
            ..stored.appointment.clone()
        };
        let more = json!({ "closure": closure, "proposed": { "office": proposal.office, "resource": resource,
                           "start": proposal.start, "until": proposal.expires_at } });
        self.tell(tx, &appointment, By { actor, reason: &kept.reason }, "proposed", more).await?;
        Ok(appointment)
    }

    /// Ends every proposal that nobody answered in time; says how many. A job calls it. The appointments stand as they were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expire_proposals(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let rows = sqlx::query("SELECT for_appointment FROM proposals WHERE standing = 1 AND offered_until <= $1")
            .bind(now.timestamp())
            .fetch_all(&self.read)
            .await?;
        let mut ended = 0;
        for row in &rows {
            let mut tx = self.begin().await?;
            ended += u64::from(self.expire(&mut tx, &row.text("for_appointment")?).await?);
            tx.commit().await?;
        }
        Ok(ended)
    }

    /// Ends the proposal of an appointment because its time is over; `false` when somebody answered meanwhile.
    async fn expire(&self, tx: &mut AnyConnection, appointment: &str) -> Result<bool, StoreError> {
        if end(tx, appointment, "expired").await?.is_none() {
            return Ok(false);
        }
        self.tell_ended(tx, appointment, &Actor::System, "proposal_expired").await?;
        Ok(true)
    }

    async fn tell_ended(
        &self,
        tx: &mut AnyConnection,
        appointment: &str,
        actor: &Actor,
        action: &'static str,
    ) -> Result<(), StoreError> {
        match appointments::by_id(tx, appointment).await? {
            Some(stored) => self.tell(tx, &stored.appointment, By::actor(actor), action, json!({})).await,
            None => Ok(()),
        }
    }
}

/// Takes back all that was proposed because of a closure: the appointments can be kept after all.
pub(super) async fn withdraw_all(
    store: &Store,
    tx: &mut AnyConnection,
    closure: &str,
    actor: &Actor,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT for_appointment FROM proposals WHERE standing = 1 AND closure_id = $1")
        .bind(closure)
        .fetch_all(&mut *tx)
        .await?;
    withdraw(store, tx, &rows, actor).await
}

/// Takes back the proposals whose place was let go, because another closure shut it.
pub(in crate::store) async fn withdraw_without_place(
    store: &Store,
    tx: &mut AnyConnection,
    actor: &Actor,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT for_appointment FROM proposals WHERE standing = 1 AND offered_until > $1 AND NOT EXISTS \
         (SELECT 1 FROM claims WHERE claims.group_id = proposals.offer_id AND claims.live = 1 AND claims.kind = 'offer')",
    )
    .bind(store.now())
    .fetch_all(&mut *tx)
    .await?;
    withdraw(store, tx, &rows, actor).await
}

async fn withdraw(store: &Store, tx: &mut AnyConnection, rows: &[AnyRow], actor: &Actor) -> Result<(), StoreError> {
    for row in rows {
        let appointment = row.text("for_appointment")?;
        if end(tx, &appointment, "withdrawn").await?.is_some() {
            store.tell_ended(tx, &appointment, actor, "proposal_withdrawn").await?;
        }
    }
    Ok(())
}

/// Lets go of what is proposed to an appointment that somebody moved, cancelled or noted otherwise.
pub(in crate::store) async fn overtake(tx: &mut AnyConnection, appointment: &str) -> Result<(), StoreError> {
    end(tx, appointment, "overtaken").await.map(|_| ())
}

/// Ends the proposal that stands for an appointment and lets its place go, unless the appointment has it now; its offer.
async fn end(tx: &mut AnyConnection, appointment: &str, outcome: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "UPDATE proposals SET standing = 0, outcome = $1 WHERE for_appointment = $2 AND standing = 1 RETURNING offer_id",
    )
    .bind(outcome)
    .bind(appointment)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let offer = row.text("offer_id")?;
    claims::free(tx, &offer, ClaimKind::Offer).await?;
    Ok(Some(offer))
}

async fn standing(tx: &mut AnyConnection, appointment: &str) -> Result<Option<AnyRow>, StoreError> {
    let query =
        sqlx::query("SELECT offer_id, offered_resource FROM proposals WHERE for_appointment = $1 AND standing = 1");
    Ok(query.bind(appointment).fetch_optional(tx).await?)
}

async fn closure_by_id(tx: &mut AnyConnection, id: &str) -> Result<Option<Closure>, StoreError> {
    let row = sqlx::query(
        "SELECT id, office_id, resource_id, starts_at, ends_at, reason FROM closures WHERE id = $1 AND reopened = 0",
    )
    .bind(id)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(journal::closure).transpose()
}
