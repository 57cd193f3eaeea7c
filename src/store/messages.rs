//! Messages to citizens on their way: recorded in the transaction of what they tell of, taken by one worker at a time, kept
//! no longer than they are of use.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::row::Columns;
use super::{Store, engine, new_id};
use crate::booking::identity::Phone;

/// How long it is tried to deliver a message, at most.
pub const TRIED_FOR: TimeDelta = TimeDelta::hours(24);

/// A message to be sent now, by whoever took it.
#[derive(Clone, PartialEq, Eq)]
pub struct DueMessage {
    /// Its id, the same at every try.
    pub id: String,
    /// What it tells, such as `appointment_cancelled`.
    pub kind: String,
    /// To whom.
    pub phone: Phone,
    /// What is sent.
    pub text: String,
    /// After this it is of no use.
    pub send_until: DateTime<Utc>,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// Telephone and text are left out: they are nobody's business but the citizen's.
impl std::fmt::Debug for DueMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DueMessage {{ {} {}, try {} }}", self.kind, self.id, self.attempt)
    }
}

/// What is to become of a message that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undelivered {
    /// It is tried again then.
    RetryAt(DateTime<Utc>),
    /// It is not.
    ForGood,
}

/// A message about to be written.
#[derive(Debug)]
pub(super) struct NewMessage<'a> {
    /// The conversation it was promised in; empty for news.
    pub conversation: &'a str,
    /// What it tells.
    pub kind: &'a str,
    /// To whom; a mobile telephone.
    pub phone: &'a Phone,
    /// What is sent.
    pub text: &'a str,
    /// After this it is of no use.
    pub send_until: i64,
}

impl Store {
    /// Records a message for a citizen, to be sent as soon as possible; `false`, and nothing is recorded, when the telephone
    /// is none that takes messages.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record_message(
        &self,
        conversation: &str,
        kind: &str,
        phone: &Phone,
        text: &str,
    ) -> Result<bool, StoreError> {
        if !phone.is_mobile() {
            return Ok(false);
        }
        let now = self.now();
        let send_until = now + TRIED_FOR.num_seconds();
        let mut connection = self.write.acquire().await?;
        insert(&mut connection, &NewMessage { conversation, kind, phone, text, send_until }, now).await?;
        Ok(true)
    }

    /// Takes messages that are due, the oldest of each telephone only, so that they arrive in their order. Nobody else is given
    /// them until `now + lease`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_due(
        &self,
        now: DateTime<Utc>,
        limit: u32,
        lease: TimeDelta,
    ) -> Result<Vec<DueMessage>, StoreError> {
        let mut tx = self.begin().await?;
        engine::wait_in_line(&mut tx, "messages").await?;
        let rows = sqlx::query(
            "UPDATE messages SET attempts = attempts + 1, next_attempt_at = $1 \
             WHERE delivered_at = 0 AND failed_at = 0 AND next_attempt_at <= $2 AND id IN (SELECT m.id FROM messages m \
             WHERE m.delivered_at = 0 AND m.failed_at = 0 AND m.next_attempt_at <= $2 AND NOT EXISTS (SELECT 1 FROM messages e \
             WHERE e.phone = m.phone AND e.id < m.id AND e.delivered_at = 0 AND e.failed_at = 0) ORDER BY m.id LIMIT $3) \
             RETURNING id, kind, phone, text, send_until, attempts",
        )
        .bind((now + lease).timestamp())
        .bind(now.timestamp())
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let mut due: Vec<DueMessage> = rows.iter().map(due_message).collect::<Result<_, _>>()?;
        due.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(due)
    }

    /// Notes that a message was taken by the gateway.
    ///
    /// # Errors
    /// When the database does not answer; the message is then sent again, under the same id.
    pub async fn mark_delivered(&self, message: &DueMessage) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE messages SET delivered_at = $1, reason = '' WHERE id = $2 AND delivered_at = 0 AND failed_at = 0",
        )
        .bind(self.now())
        .bind(&message.id)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Notes that a message was not taken, and why; nothing happens if somebody else has it by now.
    ///
    /// # Errors
    /// When the database does not answer; the message is then tried again once its lease is over.
    pub async fn mark_failed(&self, message: &DueMessage, then: Undelivered, reason: &str) -> Result<(), StoreError> {
        let (next, failed) = match then {
            Undelivered::RetryAt(next) => (next.timestamp(), 0),
            Undelivered::ForGood => (0, self.now()),
        };
        sqlx::query(
            "UPDATE messages SET next_attempt_at = $1, failed_at = $2, reason = $3 \
             WHERE id = $4 AND attempts = $5 AND delivered_at = 0 AND failed_at = 0",
        )
        .bind(next)
        .bind(failed)
        .bind(reason)
        .bind(&message.id)
        .bind(i64::from(message.attempt))
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Deletes messages that were delivered, or given up, before an instant; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_messages(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM messages WHERE created_at < $1 AND ((delivered_at > 0 AND delivered_at < $1) \
             OR (failed_at > 0 AND failed_at < $1) OR (delivered_at = 0 AND failed_at = 0 AND send_until < $1))",
        )
        .bind(before.timestamp())
        .execute(&self.write)
        .await?;
        Ok(deleted.rows_affected())
    }
}

/// Writes a message in the transaction of what it tells of.
pub(super) async fn insert(tx: &mut AnyConnection, new: &NewMessage<'_>, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO messages (id, conversation, kind, phone, text, created_at, send_until, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6)",
    )
    .bind(new_id())
    .bind(new.conversation)
    .bind(new.kind)
    .bind(new.phone.as_str())
    .bind(new.text)
    .bind(now)
    .bind(new.send_until)
    .execute(tx)
    .await?;
    Ok(())
}

fn due_message(row: &AnyRow) -> Result<DueMessage, StoreError> {
    Ok(DueMessage {
        id: row.text("id")?,
        kind: row.text("kind")?,
        phone: Phone::parse(&row.text("phone")?).map_err(|_| StoreError::Unreadable("phone"))?,
        text: row.text("text")?,
        send_until: row.instant("send_until")?,
        attempt: u32::try_from(row.number("attempts")?).map_err(|_| StoreError::Unreadable("attempts"))?,
    })
}
