//! From the outbox to the citizens: what they do not know already becomes a message.
//!
//! The kinds that begin with `appointment_` and `waiting_` are about somebody's appointment or place in the waiting list; each
//! is looked at once, and marked as delivered in the transaction that writes its message. Where a citizen has done it himself in a
//! conversation, where it has been overtaken, or where his telephone takes no messages, there is none. The other kinds
//! (`handed_off`, `callback_requested`, `office_closed`, `office_reopened`) are for staff, and stay for whoever fetches them.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::messages::{self, NewMessage, TRIED_FOR};
use super::offers::{self, OfferState};
use super::row::Columns;
use super::{Store, appointments, engine, waits};
use crate::booking::core::{Appointment, AppointmentState};
use crate::booking::identity::Phone;
use crate::booking::notice::{News, Notice, Visit};
use crate::booking::reference::Reference;
use crate::booking::waiting::WaitState;

/// How many rows that need looking up are settled in one transaction.
const AT_ONCE: i64 = 100;
/// How many rows that need none.
const QUIETLY: i64 = 2_000;

/// What nobody need be told: what citizens have done themselves, and what happens while they are there.
macro_rules! quiet {
    () => {
        "(kind LIKE 'appointment_%' AND (told_by = 'citizen' OR kind IN ('appointment_checked_in', 'appointment_started', \
         'appointment_completed', 'appointment_missed', 'appointment_proposal_declined')))"
    };
}

/// What became of rows of the outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turned {
    /// How many were settled.
    pub settled: u64,
    /// How many messages were made of them.
    pub messages: u64,
}

/// A row of the outbox.
struct Row {
    id: i64,
    kind: String,
    subject: String,
    payload: Value,
    created_at: DateTime<Utc>,
    /// Whether an official or Ariadni itself did it.
    by_others: bool,
}

impl Store {
    /// Turns some of the news that wait in the outbox into messages, worded by `words`; nothing is settled once none is left.
    ///
    /// # Errors
    /// When the database does not answer; nothing is changed then.
    pub async fn turn_news(&self, words: &(dyn Fn(&Notice) -> String + Send + Sync)) -> Result<Turned, StoreError> {
        let now = self.clock.now();
        let mut tx = self.begin().await?;
        // Two processes at once would wait for each other at every row.
        engine::wait_in_line(&mut tx, "news").await?;
        let mut turned = Turned { settled: settle_quietly(&mut tx, now.timestamp()).await?, messages: 0 };
        for row in waiting(&mut tx).await? {
            if let Some((phone, notice)) = readable(&row, find(&mut tx, &row, now).await)? {
                let send_until = notice.news.useful_until().map_or(now + TRIED_FOR, |until| until.min(now + TRIED_FOR));
                let new = NewMessage {
                    conversation: "",
                    kind: &row.kind,
                    phone: &phone,
                    text: &words(&notice),
                    send_until: send_until.timestamp(),
                };
                messages::insert(&mut tx, &new, now.timestamp()).await?;
                turned.messages += 1;
            }
            settle(&mut tx, row.id, now.timestamp()).await?;
            turned.settled += 1;
        }
        tx.commit().await?;
        Ok(turned)
    }
}

/// Settles what nobody need be told.
async fn settle_quietly(tx: &mut AnyConnection, now: i64) -> Result<u64, StoreError> {
    let settled = sqlx::query(concat!(
        "UPDATE outbox SET delivered_at = $1 WHERE id IN (SELECT id FROM outbox WHERE delivered_at IS NULL AND ",
        quiet!(),
        " ORDER BY id LIMIT $2)"
    ))
    .bind(now)
    .bind(QUIETLY)
    .execute(tx)
    .await?;
    Ok(settled.rows_affected())
}

/// What is still to be told, the oldest first.
async fn waiting(tx: &mut AnyConnection) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT id, kind, subject, payload, created_at, told_by FROM outbox WHERE delivered_at IS NULL \
         AND (kind LIKE 'appointment_%' OR kind LIKE 'waiting_%') AND NOT ",
        quiet!(),
        " ORDER BY id LIMIT $1"
    ))
    .bind(AT_ONCE)
    .fetch_all(tx)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Row, StoreError> {
    Ok(Row {
        id: row.number("id")?,
        kind: row.text("kind")?,
        subject: row.text("subject")?,
        // What cannot be read names nothing that is as it was, so that nothing is told of it.
        payload: serde_json::from_str(&row.text("payload")?).unwrap_or_default(),
        created_at: row.instant("created_at")?,
        by_others: matches!(row.text("told_by")?.as_str(), "staff" | "system"),
    })
}

async fn settle(tx: &mut AnyConnection, id: i64, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE outbox SET delivered_at = $1 WHERE id = $2").bind(now).bind(id).execute(tx).await?;
    Ok(())
}

/// Lets a row be that cannot be read: it would keep all that come after it from being told.
fn readable<T>(row: &Row, found: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match found {
        Err(StoreError::Unreadable(what)) => {
            tracing::error!(
                outbox.id = row.id,
                outbox.kind = row.kind,
                "nobody is told of this: its {what} is unreadable"
            );
            Ok(None)
        }
        found => found,
    }
}

/// Whom a row concerns and what he is told, by what is in the database now.
async fn find(tx: &mut AnyConnection, row: &Row, now: DateTime<Utc>) -> Result<Option<(Phone, Notice)>, StoreError> {
    let Ok(reference) = Reference::parse(&row.subject) else { return Err(StoreError::Unreadable("reference")) };
    let found = if row.kind.starts_with("waiting_") {
        about_wait(tx, &reference, row, now).await?
    } else {
        about_appointment(tx, &reference, row).await?
    };
    Ok(found
        .filter(|(phone, news)| phone.is_mobile() && news.is_news(row.created_at, now))
        .map(|(phone, news)| (phone, Notice { reference, news })))
}

async fn about_appointment(
    tx: &mut AnyConnection,
    reference: &Reference,
    row: &Row,
) -> Result<Option<(Phone, News)>, StoreError> {
    let Some(stored) = appointments::by_reference(tx, reference).await? else { return Ok(None) };
    let appointment = stored.appointment;
    // Whatever happened since has a row of its own, or the citizen did it.
    if row.payload["sequence"].as_u64() != Some(u64::from(appointment.sequence)) {
        return Ok(None);
    }
    let shut = is_shut(tx, &stored.id, &appointment).await?;
    Ok(news_of(row, &appointment, shut).map(|news| (appointment.phone, news)))
}

/// What an appointment's row tells while nothing else has happened to it.
fn news_of(row: &Row, appointment: &Appointment, shut: bool) -> Option<News> {
    let visit = Visit {
        service: appointment.service.clone(),
        office: appointment.office.clone(),
        mode: appointment.mode,
        start: appointment.start,
    };
    let news = match row.kind.as_str() {
        "appointment_cancelled" if row.by_others => return Some(News::Cancelled(visit)),
        "appointment_booked" if row.by_others => News::Booked(visit),
        "appointment_rescheduled" | "appointment_proposal_accepted" if row.by_others => News::Moved(visit),
        "appointment_transferred" => News::Moved(visit),
        "appointment_proposed" => {
            let proposal = appointment.proposal.clone()?;
            let instead = Visit { office: proposal.office, start: proposal.start, ..visit.clone() };
            News::Proposed { visit, instead, until: proposal.expires_at }
        }
        // Something else was proposed since, which has a row of its own.
        "appointment_proposal_expired" | "appointment_proposal_withdrawn" if appointment.proposal.is_some() => {
            return None;
        }
        "appointment_proposal_expired" | "appointment_proposal_withdrawn" if shut => News::ProposalOver(visit),
        "appointment_proposal_expired" | "appointment_proposal_withdrawn" => News::Stands(visit),
        _ => return None,
    };
    (appointment.state == AppointmentState::Booked).then_some(news)
}

/// Whether a closure keeps an appointment from taking place.
async fn is_shut(tx: &mut AnyConnection, id: &str, appointment: &Appointment) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT id FROM closures WHERE office_id = $1 AND reopened = 0 AND ends_at > $2 AND starts_at < $3 \
         AND (resource_id = '' OR resource_id = $4 OR EXISTS (SELECT 1 FROM claims c WHERE c.group_id = $5 AND c.live = 1 \
         AND c.resource_id = closures.resource_id)) LIMIT 1",
    )
    .bind(appointment.office.as_str())
    .bind(appointment.start.timestamp())
    .bind(appointment.end.timestamp())
    .bind(appointment.resource.as_str())
    .bind(id)
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

async fn about_wait(
    tx: &mut AnyConnection,
    reference: &Reference,
    row: &Row,
    now: DateTime<Utc>,
) -> Result<Option<(Phone, News)>, StoreError> {
    let Some(wait) = waits::by_reference(tx, reference, now.timestamp()).await? else { return Ok(None) };
    let Some(offer) = offers::last(tx, &wait.id).await? else { return Ok(None) };
    // Another offer since has rows of its own.
    let this = ["start", "expires_at"].map(|key| instant(&row.payload[key]))
        == [offer.place.start, offer.place.expires_at].map(|at| Some(at.timestamp()));
    let news = match (row.kind.as_str(), wait.state, offer.state) {
        _ if !this => None,
        ("waiting_offered", WaitState::Offered, OfferState::Offered) => {
            let (request, place) = (&wait.request, offer.place);
            let visit = Visit {
                service: request.service.clone(),
                office: place.office,
                mode: request.mode,
                start: place.start,
            };
            Some(News::Offered { visit, until: place.expires_at })
        }
        ("waiting_offer_gone", WaitState::Waiting, OfferState::Gone | OfferState::Closed) => Some(News::OfferGone),
        ("waiting_offer_missed", WaitState::Waiting, OfferState::Missed) => Some(News::OfferMissed),
        _ => None,
    };
    Ok(news.map(|news| (wait.request.phone, news)))
}

/// An instant of a payload, seconds since 1970 UTC.
fn instant(value: &Value) -> Option<i64> {
    Some(DateTime::parse_from_rfc3339(value.as_str()?).ok()?.timestamp())
}
