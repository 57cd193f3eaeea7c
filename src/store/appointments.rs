//! The rows of appointments: read, written, counted. What happens to them is in `changes`.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::error::{Failure, StoreError};
use super::row::Columns;
use super::{Store, claims, engine};
use crate::booking::catalogue::BookingRules;
use crate::booking::core::{Appointment, AppointmentState, BookingRequest, Closure, Proposal};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::identity::{Email, Phone};
use crate::booking::people::{Language, Mode, Relation};
use crate::booking::policy;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

/// How many fresh references are tried before the store gives up; one in five million is taken by each appointment.
const REFERENCE_ATTEMPTS: usize = 40;

/// All that makes an [`Appointment`], as a literal so that every statement stays one.
macro_rules! columns {
    () => {
        "id, reference, state, service_id, office_id, resource_id, mode, starts_at, ends_at, beneficiary, requester, phone, \
         email, on_behalf, relation, guests, procedure_id, sequence, cancellable_until, persons, language, series_id, channel"
    };
}

/// A `SELECT` of appointments.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", COALESCE(offered_office, '') AS offered_office, COALESCE(offered_from, 0) AS offered_from, ",
            "COALESCE(offered_to, 0) AS offered_to, COALESCE(offered_until, 0) AS offered_until, ",
            "COALESCE(offered_because, '') AS offered_because ",
            "FROM appointments LEFT JOIN proposals ON for_appointment = id AND standing = 1 WHERE ",
            $condition
        )
    };
}

/// A statement that changes appointments and gives them back, but not what is proposed to them.
macro_rules! returning {
    ($statement:literal) => {
        concat!($statement, " RETURNING ", columns!(), ", '' AS offered_office")
    };
}

/// How many appointments still count towards a limit; a series counts as one.
macro_rules! count {
    ($condition:literal) => {
        concat!(
            "SELECT COUNT(DISTINCT CASE WHEN series_id = '' THEN id ELSE series_id END) FROM appointments ",
            "WHERE state IN ('booked', 'checked_in', 'started') AND ",
            $condition
        )
    };
}

/// The beginning of every such statement, for lists whose conditions are put together.
pub(super) const SELECT: &str = select!("");

/// An appointment with what only the store knows of it.
#[derive(Debug)]
pub(super) struct Stored {
    /// The id of its row, and the group of its claims.
    pub id: String,
    /// The channel it was booked through.
    pub channel: String,
    /// What everybody knows.
    pub appointment: Appointment,
}

impl Stored {
    /// What everybody knows at an instant: a proposal that is kept no longer is none.
    pub(super) fn as_of(&self, now: DateTime<Utc>) -> Appointment {
        let mut appointment = self.appointment.clone();
        appointment.proposal = appointment.proposal.filter(|proposal| now < proposal.expires_at);
        appointment
    }
}

impl Store {
    /// The appointment with this reference; with this telephone too, when one is given.
    pub(super) async fn appointment(
        &self,
        reference: &Reference,
        phone: Option<&Phone>,
    ) -> Result<Option<Appointment>, StoreError> {
        let mut connection = self.read.acquire().await?;
        let stored = by_reference(&mut connection, reference).await?;
        let now = self.clock.now();
        Ok(stored.map(|s| s.as_of(now)).filter(|a| phone.is_none_or(|phone| *phone == a.phone)))
    }

    /// The appointment with this reference and the id of its row.
    pub(super) async fn stored(&self, reference: &Reference) -> Result<Option<Stored>, StoreError> {
        let mut connection = self.read.acquire().await?;
        by_reference(&mut connection, reference).await
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
}

/// The appointment that a hold or an offer has become.
pub(super) async fn by_id(tx: &mut AnyConnection, id: &str) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(select!("id = $1")).bind(id).fetch_optional(tx).await?;
    row.as_ref().map(stored).transpose()
}

/// The appointment with this reference.
pub(super) async fn by_reference(tx: &mut AnyConnection, reference: &Reference) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(select!("reference = $1")).bind(reference.as_str()).fetch_optional(tx).await?;
    row.as_ref().map(stored).transpose()
}

/// The appointment with this reference, to be changed: whoever else wants to change it waits until the transaction ends.
/// It does not tell what is proposed to it.
pub(super) async fn take(
    tx: &mut AnyConnection,
    reference: &Reference,
    now: i64,
) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(returning!("UPDATE appointments SET updated_at = $1 WHERE reference = $2"))
        .bind(now)
        .bind(reference.as_str())
        .fetch_optional(tx)
        .await?;
    row.as_ref().map(stored).transpose()
}

/// The appointments that stand and fall inside a closure, by any of their resources.
pub(super) async fn hurt_by(tx: &mut AnyConnection, closure: &Closure) -> Result<Vec<Stored>, StoreError> {
    let rows = sqlx::query(select!(
        "office_id = $1 AND state = 'booked' AND starts_at < $3 AND ends_at > $4 \
         AND ($2 = '' OR resource_id = $2 OR EXISTS (SELECT 1 FROM claims c WHERE c.group_id = appointments.id AND c.live = 1 \
         AND c.resource_id = $2)) ORDER BY starts_at, id"
    ))
    .bind(closure.office.as_str())
    .bind(closure.resource.as_ref().map_or("", ResourceId::as_str))
    .bind(closure.window.to.timestamp())
    .bind(closure.window.from.timestamp())
    .fetch_all(tx)
    .await?;
    rows.iter().map(stored).collect()
}

/// The appointments of a series in every state, by their start.
pub(super) async fn of_series(tx: &mut AnyConnection, series: &str) -> Result<Vec<Stored>, StoreError> {
    let rows = sqlx::query(select!("series_id = $1 ORDER BY starts_at, id")).bind(series).fetch_all(tx).await?;
    rows.iter().map(stored).collect()
}

/// Refuses one appointment more than the limits of the service allow, for the beneficiary and for whoever asks. A series counts
/// as one: it is one matter that needs several visits. Bookings that count towards the same limit wait for one another here until the transaction ends.
pub(super) async fn check_limits(
    tx: &mut AnyConnection,
    service: &ServiceId,
    rules: &BookingRules,
    people: &People<'_>,
    now: i64,
) -> Result<(), Failure> {
    let People { request, key } = people;
    wait_for_turns(tx, service, rules, people).await?;
    let row = sqlx::query(count!("service_id = $1 AND beneficiary_key = $2 AND ends_at > $3"))
        .bind(service.as_str())
        .bind(key.as_str())
        .bind(now)
        .fetch_one(&mut *tx)
        .await?;
    below(row.try_get(0).map_err(StoreError::from)?, rules.limits.for_beneficiary(request.relation))?;
    let Some(most) = rules.limits.for_requester(request.relation) else { return Ok(()) };
    let row = sqlx::query(count!("service_id = $1 AND phone = $2 AND ends_at > $3"))
        .bind(service.as_str())
        .bind(request.phone.as_str())
        .bind(now)
        .fetch_one(tx)
        .await?;
    below(row.try_get(0).map_err(StoreError::from)?, most)
}

fn below(live: i64, most: u32) -> Result<(), Failure> {
    if live < i64::from(most) {
        Ok(())
    } else {
        Err(Refusal::LimitReached(u32::try_from(live).unwrap_or(u32::MAX)).into())
    }
}

/// Bookings for one person of one service wait for one another here until the transaction ends, and so do those of one requester
/// where requesters have a limit.
async fn wait_for_turns(
    tx: &mut AnyConnection,
    service: &ServiceId,
    rules: &BookingRules,
    people: &People<'_>,
) -> Result<(), StoreError> {
    let People { request, key } = people;
    engine::wait_in_line(tx, &format!("person {service} {key}")).await?;
    if rules.limits.for_requester(request.relation).is_some() {
        engine::wait_in_line(tx, &format!("person {service} {}", hashed(request.phone.as_str()))).await?;
    }
    Ok(())
}

/// The people of a booking, and as whom the beneficiary counts towards the limits.
#[derive(Debug)]
pub(super) struct People<'a> {
    /// As they were told.
    pub request: &'a BookingRequest,
    /// The digest that stands for the beneficiary.
    pub key: String,
}

impl<'a> People<'a> {
    /// The people of a request, counted by what it says.
    pub(super) fn of(request: &'a BookingRequest) -> Self {
        Self { request, key: hashed(&policy::beneficiary_key(request)) }
    }
}

/// Writes the row of a place that was won, within the limits of its service. `None` when something may stand against it: a limit, or
/// a closure of the office in that time; then nothing is written, and the caller asks what it is.
///
/// One statement asks and writes. It begins after the turn has come, so that it sees all that counts.
pub(super) async fn insert_if_undisputed(
    tx: &mut AnyConnection,
    won: &claims::Won,
    people: &People<'_>,
    made: Made<'_>,
    now: i64,
) -> Result<Option<Stored>, StoreError> {
    wait_for_turns(tx, &won.place.service, made.rules, people).await?;
    let stored = new_row(won, people.request, made)?;
    let unless = Unless {
        beneficiary_has: made.rules.limits.for_beneficiary(people.request.relation),
        requester_has: made.rules.limits.for_requester(people.request.relation).unwrap_or(u32::MAX),
        closed: won.place.office.as_str(),
    };
    Ok(insert_once(tx, &stored, &people.key, unless, now).await?.then_some(stored))
}

/// Writes the row of a place that was won, whatever stands against it.
pub(super) async fn insert(
    tx: &mut AnyConnection,
    won: &claims::Won,
    people: &People<'_>,
    made: Made<'_>,
    now: i64,
) -> Result<Stored, StoreError> {
    for _ in 0..REFERENCE_ATTEMPTS {
        let stored = new_row(won, people.request, made)?;
        if insert_once(tx, &stored, &people.key, Unless::NEVER, now).await? {
            return Ok(stored);
        }
    }
    Err(StoreError::Conflict)
}

/// What keeps a row from being written.
#[derive(Debug, Clone, Copy)]
struct Unless<'a> {
    /// So many appointments of the beneficiary.
    beneficiary_has: u32,
    /// So many appointments of the requester.
    requester_has: u32,
    /// A closure at this office; empty for none.
    closed: &'a str,
}

impl Unless<'_> {
    const NEVER: Self = Self { beneficiary_has: u32::MAX, requester_has: u32::MAX, closed: "" };
}

/// By which rules and as part of what an appointment is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'a> {
    /// The rules of its service.
    pub rules: &'a BookingRules,
    /// The series it belongs to; empty for none.
    pub series: &'a str,
}

/// The row of a place, under a fresh reference.
fn new_row(won: &claims::Won, request: &BookingRequest, made: Made<'_>) -> Result<Stored, StoreError> {
    let appointment = appointment_of(won, request, made)?;
    Ok(Stored { id: won.place.group.clone(), channel: won.place.channel.clone(), appointment })
}

fn appointment_of(won: &claims::Won, request: &BookingRequest, made: Made<'_>) -> Result<Appointment, StoreError> {
    let place = &won.place;
    Ok(Appointment {
        reference: Reference::from_random(rand::random()),
        state: AppointmentState::Booked,
        service: place.service.clone(),
        office: place.office.clone(),
        resource: won.resources.first().cloned().ok_or(StoreError::Unreadable("claim"))?,
        mode: place.mode,
        start: place.slot.from,
        end: place.slot.to,
        beneficiary: request.beneficiary.trim().to_owned(),
        requester: request.requester.trim().to_owned(),
        phone: request.phone.clone(),
        email: request.email.clone(),
        on_behalf: request.on_behalf,
        relation: request.relation,
        guests: request.guests.clone(),
        procedure: request.procedure.clone(),
        sequence: 0,
        cancellable_until: policy::cancellable_until(made.rules, place.slot.from),
        persons: place.persons,
        language: place.language,
        series: Some(made.series.to_owned()).filter(|series| !series.is_empty()),
        proposal: None,
    })
}

/// Inserts the row; `false` when its reference is taken or something keeps it from being written.
async fn insert_once(
    tx: &mut AnyConnection,
    stored: &Stored,
    key: &str,
    unless: Unless<'_>,
    now: i64,
) -> Result<bool, StoreError> {
    let Stored { id, channel, appointment } = stored;
    let guests = serde_json::to_string(&appointment.guests).map_err(|_| StoreError::Unreadable("guests"))?;
    let result = sqlx::query(concat!(
        "INSERT INTO appointments (id, reference, state, service_id, office_id, resource_id, mode, starts_at, \
         ends_at, beneficiary, beneficiary_key, requester, phone, email, on_behalf, relation, guests, procedure_id, \
         sequence, cancellable_until, persons, language, series_id, channel, created_at, updated_at) \
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
         $24, $25, $25 WHERE ($26 >= 4294967295 OR $26 > (",
        count!("service_id = $4 AND beneficiary_key = $11 AND ends_at > $25"),
        ")) AND ($27 >= 4294967295 OR $27 > (",
        count!("service_id = $4 AND phone = $13 AND ends_at > $25"),
        ")) AND NOT EXISTS (SELECT 1 FROM closures WHERE office_id = $28 AND reopened = 0 AND starts_at < $9 AND ends_at > $8) \
         ON CONFLICT (reference) DO NOTHING"
    ))
    .bind(id.as_str())
    .bind(appointment.reference.as_str())
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
    .bind(i64::from(appointment.persons))
    .bind(appointment.language.map_or("", Language::as_str))
    .bind(appointment.series.as_deref().unwrap_or(""))
    .bind(channel.as_str())
    .bind(now)
    .bind(i64::from(unless.beneficiary_has))
    .bind(i64::from(unless.requester_has))
    .bind(unless.closed)
    .execute(tx)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Reads a row of the macro above.
pub(super) fn stored(row: &AnyRow) -> Result<Stored, StoreError> {
    let unreadable = |what: &'static str| move || StoreError::Unreadable(what);
    let relation = row.optional_text("relation")?;
    let email = row.optional_text("email")?;
    let appointment = Appointment {
        reference: Reference::parse(&row.text("reference")?).map_err(|_| StoreError::Unreadable("reference"))?,
        state: AppointmentState::parse(&row.text("state")?).ok_or_else(unreadable("state"))?,
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
        sequence: count(row, "sequence")?,
        cancellable_until: row.instant("cancellable_until")?,
        persons: count(row, "persons")?,
        language: Language::parse(&row.text("language")?),
        series: Some(row.text("series_id")?).filter(|series| !series.is_empty()),
        proposal: proposal(row)?,
    };
    Ok(Stored { id: row.text("id")?, channel: row.text("channel")?, appointment })
}

/// The proposal that waits for an answer, when there is one.
fn proposal(row: &AnyRow) -> Result<Option<Proposal>, StoreError> {
    let office = row.text("offered_office")?;
    if office.is_empty() {
        return Ok(None);
    }
    Ok(Some(Proposal {
        start: row.instant("offered_from")?,
        end: row.instant("offered_to")?,
        office: OfficeId::new(office),
        expires_at: row.instant("offered_until")?,
        reason: row.text("offered_because")?,
    }))
}

fn count(row: &AnyRow, column: &'static str) -> Result<u32, StoreError> {
    u32::try_from(row.number(column)?).map_err(|_| StoreError::Unreadable(column))
}

/// A name's key as it is kept: nobody reads a name in a table that exists only to count.
fn hashed(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
