//! Appointments: made from holds, moved, cancelled, found. Each change is one transaction with its audit and its message.

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::audit::{self, Entry};
use super::claims::{self, Owner, Wanted};
use super::error::{Failure, StoreError};
use super::holds::{self, StoredHold};
use super::row::Columns;
use super::{Store, closures, new_id, outbox};
use crate::booking::catalogue::BookingRules;
use crate::booking::core::{Actor, Appointment, AppointmentState, BookingRequest, Closure};
use crate::booking::id::{HoldId, OfficeId, ResourceId, ServiceId};
use crate::booking::identity::{Email, Phone};
use crate::booking::people::{Mode, Relation};
use crate::booking::policy;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

/// How many fresh references are tried before the store gives up; one in five million is taken by each appointment.
const REFERENCE_ATTEMPTS: usize = 40;

/// `SELECT` of all that makes an [`Appointment`], as a literal so that every statement stays one.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, reference, state, service_id, office_id, resource_id, mode, starts_at, ends_at, beneficiary, ",
            "requester, phone, email, on_behalf, relation, guests, procedure_id, sequence, cancellable_until ",
            "FROM appointments WHERE ",
            $condition
        )
    };
}

/// An appointment with the id of its row.
#[derive(Debug)]
struct Stored {
    id: String,
    appointment: Appointment,
}

impl Store {
    /// The service of a hold, so that its rules can be looked up.
    pub(super) async fn service_of_hold(&self, hold: &HoldId) -> Result<Option<ServiceId>, StoreError> {
        let mut connection = self.read.acquire().await?;
        Ok(holds::load(&mut connection, hold).await?.map(|hold| hold.service))
    }

    /// Makes a hold an appointment, or gives the appointment that it has become already.
    pub(super) async fn try_book(
        &self,
        request: &BookingRequest,
        rules: &BookingRules,
        actor: &Actor,
    ) -> Result<Appointment, Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let hold = holds::load(&mut tx, &request.hold).await?.ok_or(Refusal::HoldExpired)?;
        let key = hashed(&policy::beneficiary_key(&request.beneficiary, &request.phone));
        wait_for_turn(&mut tx, &hold.service, &key, now).await?;
        if let Some(made) = by_hold(&mut tx, &request.hold).await? {
            return Ok(made.appointment);
        }
        let live = count_live(&mut tx, &hold.service, &key, now).await?;
        if live >= i64::from(rules.limits.per_beneficiary) {
            return Err(Refusal::LimitReached(u32::try_from(live).unwrap_or(u32::MAX)).into());
        }
        let id = new_id();
        if !claims::promote(&mut tx, request.hold.as_str(), &id, now).await? {
            let made = by_hold(&mut tx, &request.hold).await?;
            return made.map(|made| made.appointment).ok_or_else(|| Refusal::HoldExpired.into());
        }
        let appointment = insert(&mut tx, &id, &key, &hold, request, rules, audit::channel(actor), now).await?;
        self.tell(&mut tx, &appointment, actor, "booked", json!({})).await?;
        tx.commit().await?;
        Ok(appointment)
    }

    /// Cancels an appointment that stands.
    pub(super) async fn try_cancel(&self, reference: &Reference, actor: &Actor) -> Result<Appointment, Failure> {
        let mut tx = self.begin().await?;
        let stored = by_reference(&mut tx, reference).await?.ok_or(Refusal::NotFound)?;
        policy::may_change(&stored.appointment, actor, self.clock.now())?;
        let cancelled = self.set_state(&mut tx, stored, AppointmentState::Cancelled).await?;
        claims::free_appointment(&mut tx, &cancelled.id, "").await?;
        self.tell(&mut tx, &cancelled.appointment, actor, "cancelled", json!({})).await?;
        tx.commit().await?;
        Ok(cancelled.appointment)
    }

    /// Takes an appointment to its next state on the day: checked in, completed, missed.
    pub(super) async fn try_mark(
        &self,
        reference: &Reference,
        state: AppointmentState,
        actor: &Actor,
    ) -> Result<Appointment, Failure> {
        let mut tx = self.begin().await?;
        let stored = by_reference(&mut tx, reference).await?.ok_or(Refusal::NotFound)?;
        if state == AppointmentState::Cancelled || !policy::may_follow(stored.appointment.state, state) {
            return Err(Refusal::WrongState(stored.appointment.state.as_str()).into());
        }
        let marked = self.set_state(&mut tx, stored, state).await?;
        self.tell(&mut tx, &marked.appointment, actor, state.as_str(), json!({})).await?;
        tx.commit().await?;
        Ok(marked.appointment)
    }

    /// Tries to move an appointment to the wanted time: the new claim is won before the old one is let go.
    /// `None` when somebody else has that time; the old place is then untouched.
    pub(super) async fn try_move(
        &self,
        reference: &Reference,
        wanted: Wanted<'_>,
        rules: &BookingRules,
        actor: &Actor,
    ) -> Result<Option<Appointment>, Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let old = by_reference(&mut tx, reference).await?.ok_or(Refusal::NotFound)?;
        policy::may_change(&old.appointment, actor, self.clock.now())?;
        let moved = self.set_place(&mut tx, &old, wanted, rules).await?;
        claims::free_expired(&mut tx, wanted, now).await?;
        let Some(claim) = claims::claim(&mut tx, wanted, Owner::Appointment(&old.id), now).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        if let Some(reason) = closures::reason(&mut tx, wanted).await? {
            return Err(Refusal::Closed(reason).into());
        }
        claims::free_appointment(&mut tx, &old.id, &claim).await?;
        let from = json!({ "from": { "office": old.appointment.office, "resource": old.appointment.resource,
                                     "start": old.appointment.start } });
        self.tell(&mut tx, &moved, actor, "rescheduled", from).await?;
        tx.commit().await?;
        Ok(Some(moved))
    }

    /// The appointment with this reference; with this telephone too, when one is given.
    pub(super) async fn appointment(
        &self,
        reference: &Reference,
        phone: Option<&Phone>,
    ) -> Result<Option<Appointment>, StoreError> {
        let mut connection = self.read.acquire().await?;
        let stored = by_reference(&mut connection, reference).await?;
        Ok(stored.map(|s| s.appointment).filter(|a| phone.is_none_or(|phone| *phone == a.phone)))
    }

    /// The appointments of an office that start in `from..to`, in every state, by their start: for the lists of staff.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn appointments_between(
        &self,
        office: &OfficeId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Appointment>, StoreError> {
        let rows = sqlx::query(select!("office_id = $1 AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at, id"))
            .bind(office.as_str())
            .bind(from.timestamp())
            .bind(to.timestamp())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| stored(row).map(|s| s.appointment)).collect()
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
        .execute(tx)
        .await?;
        if result.rows_affected() == 0 {
            return Err(Failure::Again);
        }
        stored.appointment.state = state;
        stored.appointment.sequence += 1;
        Ok(stored)
    }

    async fn set_place(
        &self,
        tx: &mut AnyConnection,
        old: &Stored,
        wanted: Wanted<'_>,
        rules: &BookingRules,
    ) -> Result<Appointment, Failure> {
        let moved = Appointment {
            office: wanted.office.clone(),
            resource: wanted.resource.clone(),
            start: wanted.window.from,
            end: wanted.window.to,
            sequence: old.appointment.sequence + 1,
            cancellable_until: policy::cancellable_until(rules, wanted.window.from),
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

    /// Writes the audit line and the message of a change.
    async fn tell(
        &self,
        tx: &mut AnyConnection,
        appointment: &Appointment,
        actor: &Actor,
        action: &'static str,
        more: serde_json::Value,
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
        outbox::announce(tx, outbox_kind(action), subject, &detail, now).await?;
        audit::record(tx, Entry { actor, action, subject, reason: "", detail, at: now }).await
    }
}

fn outbox_kind(action: &'static str) -> &'static str {
    match action {
        "booked" => "appointment_booked",
        "cancelled" => "appointment_cancelled",
        "rescheduled" => "appointment_rescheduled",
        "checked_in" => "appointment_checked_in",
        "completed" => "appointment_completed",
        _ => "appointment_missed",
    }
}

/// The appointments that stand and fall inside a closure.
pub(super) async fn hurt_by(tx: &mut AnyConnection, closure: &Closure) -> Result<Vec<Appointment>, StoreError> {
    let rows = sqlx::query(select!(
        "office_id = $1 AND ($2 = '' OR resource_id = $2) AND state = 'booked' AND starts_at < $3 AND ends_at > $4 \
         ORDER BY starts_at, id"
    ))
    .bind(closure.office.as_str())
    .bind(closure.resource.as_ref().map_or("", ResourceId::as_str))
    .bind(closure.window.to.timestamp())
    .bind(closure.window.from.timestamp())
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| stored(row).map(|s| s.appointment)).collect()
}

/// Bookings for one beneficiary of one service wait for one another here until the transaction ends.
async fn wait_for_turn(tx: &mut AnyConnection, service: &ServiceId, key: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO beneficiary_turns (service_id, beneficiary_key, touched_at) VALUES ($1, $2, $3) \
         ON CONFLICT (service_id, beneficiary_key) DO UPDATE SET touched_at = excluded.touched_at",
    )
    .bind(service.as_str())
    .bind(key)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

async fn count_live(tx: &mut AnyConnection, service: &ServiceId, key: &str, now: i64) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM appointments WHERE service_id = $1 AND beneficiary_key = $2 AND ends_at > $3 \
         AND state IN ('booked', 'checked_in')",
    )
    .bind(service.as_str())
    .bind(key)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(row.try_get(0)?)
}

async fn by_hold(tx: &mut AnyConnection, hold: &HoldId) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(select!("hold_id = $1")).bind(hold.as_str()).fetch_optional(tx).await?;
    row.as_ref().map(stored).transpose()
}

async fn by_reference(tx: &mut AnyConnection, reference: &Reference) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(select!("reference = $1")).bind(reference.as_str()).fetch_optional(tx).await?;
    row.as_ref().map(stored).transpose()
}

#[expect(clippy::too_many_arguments, reason = "one row, said once")]
async fn insert(
    tx: &mut AnyConnection,
    id: &str,
    key: &str,
    hold: &StoredHold,
    request: &BookingRequest,
    rules: &BookingRules,
    channel: &str,
    now: i64,
) -> Result<Appointment, StoreError> {
    let mut appointment = made(hold, request, rules);
    for _ in 0..REFERENCE_ATTEMPTS {
        if insert_once(tx, id, key, &request.hold, &appointment, channel, now).await? {
            return Ok(appointment);
        }
        appointment.reference = Reference::from_random(rand::random());
    }
    Err(StoreError::Conflict)
}

fn made(hold: &StoredHold, request: &BookingRequest, rules: &BookingRules) -> Appointment {
    Appointment {
        reference: Reference::from_random(rand::random()),
        state: AppointmentState::Booked,
        service: hold.service.clone(),
        office: hold.office.clone(),
        resource: hold.resource.clone(),
        mode: hold.mode,
        start: hold.window.from,
        end: hold.window.to,
        beneficiary: request.beneficiary.trim().to_owned(),
        requester: request.requester.trim().to_owned(),
        phone: request.phone.clone(),
        email: request.email.clone(),
        on_behalf: request.on_behalf,
        relation: request.relation,
        guests: request.guests.clone(),
        procedure: request.procedure.clone(),
        sequence: 0,
        cancellable_until: policy::cancellable_until(rules, hold.window.from),
        persons: 1,
        language: None,
        series: None,
        proposal: None,
    }
}

/// Inserts the row; `false` when its reference is taken.
async fn insert_once(
    tx: &mut AnyConnection,
    id: &str,
    key: &str,
    hold: &HoldId,
    appointment: &Appointment,
    channel: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let guests = serde_json::to_string(&appointment.guests).map_err(|_| StoreError::Unreadable("guests"))?;
    let result = sqlx::query(
        "INSERT INTO appointments (id, reference, hold_id, state, service_id, office_id, resource_id, mode, starts_at, \
         ends_at, beneficiary, beneficiary_key, requester, phone, email, on_behalf, relation, guests, procedure_id, \
         sequence, cancellable_until, channel, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23) \
         ON CONFLICT (reference) DO NOTHING",
    )
    .bind(id)
    .bind(appointment.reference.as_str())
    .bind(hold.as_str())
    .bind(appointment.state.as_str())
    .bind(appointment.service.as_str())
    .bind(appointment.office.as_str())
    .bind(appointment.resource.as_str())
    .bind(appointment.mode.as_str())
    .bind(appointment.start.timestamp())
    .bind(appointment.end.timestamp())
    .bind(appointment.beneficiary.as_str())
    .bind(key)
    .bind(appointment.requester.as_str())
    .bind(appointment.phone.as_str())
    .bind(appointment.email.as_ref().map(|e| e.as_str().to_owned()))
    .bind(i64::from(appointment.on_behalf))
    .bind(appointment.relation.map(|r| r.as_str().to_owned()))
    .bind(guests)
    .bind(appointment.procedure.clone())
    .bind(i64::from(appointment.sequence))
    .bind(appointment.cancellable_until.timestamp())
    .bind(channel)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(result.rows_affected() == 1)
}

fn stored(row: &AnyRow) -> Result<Stored, StoreError> {
    let unreadable = |what: &'static str| move || StoreError::Unreadable(what);
    let relation = row.optional_text("relation")?;
    let email = row.optional_text("email")?;
    let appointment = Appointment {
        reference: Reference::parse(&row.text("reference")?).map_err(|_| StoreError::Unreadable("reference"))?,
        state: state(&row.text("state")?).ok_or_else(unreadable("state"))?,
        service: ServiceId::new(row.text("service_id")?),
        office: OfficeId::new(row.text("office_id")?),
        resource: ResourceId::new(row.text("resource_id")?),
        mode: Mode::parse(&row.text("mode")?).ok_or_else(unreadable("mode"))?,
        start: row.instant("starts_at")?,
        end: row.instant("ends_at")?,
        beneficiary: row.text("beneficiary")?,
        requester: row.text("requester")?,
        phone: Phone::parse(&row.text("phone")?).map_err(|_| StoreError::Unreadable("phone"))?,
        email: email.map(|e| Email::parse(&e)).transpose().map_err(|_| StoreError::Unreadable("email"))?,
        on_behalf: row.number("on_behalf")? == 1,
        relation: relation.map(|r| Relation::parse(&r).ok_or_else(unreadable("relation"))).transpose()?,
        guests: serde_json::from_str(&row.text("guests")?).map_err(|_| StoreError::Unreadable("guests"))?,
        procedure: row.optional_text("procedure_id")?,
        sequence: u32::try_from(row.number("sequence")?).map_err(|_| StoreError::Unreadable("sequence"))?,
        cancellable_until: row.instant("cancellable_until")?,
        persons: 1,
        language: None,
        series: None,
        proposal: None,
    };
    Ok(Stored { id: row.text("id")?, appointment })
}

fn state(name: &str) -> Option<AppointmentState> {
    use AppointmentState::{Booked, Cancelled, CheckedIn, Completed, Missed};
    [Booked, Cancelled, CheckedIn, Completed, Missed].into_iter().find(|s| s.as_str() == name)
}

/// A name's key as it is kept: nobody reads a name in a table that exists only to count.
fn hashed(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
