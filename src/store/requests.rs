//! Requests of machines and staff that carry an idempotency key: each is done once, its answer given again.
//!
//! The answer is written in the transaction of the work ([`commit`]), so that there is never the one without the other. Only
//! what changed nothing, a refusal above all, is written afterwards.

use std::any::Any;

use chrono::{DateTime, Utc};
use sqlx::{AnyConnection, Transaction};

use super::Store;
use super::error::StoreError;
use super::row::Columns;
use crate::request::{Answer, Request, Turn};

/// After how long a request without an answer counts as lost, seconds: the server that took it has died.
const LOST_AFTER: i64 = 60;

/// What to do with a request that carries a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestTurn {
    /// It is new: do it as its [`Request`], then call [`Store::finish_request`] or [`Store::abandon_request`].
    New(Turn),
    /// The same request is being done at this moment.
    InProgress,
    /// The key was used for another request.
    KeyReused,
    /// It was done: give this answer again.
    Answered(Answer),
}

impl Store {
    /// Takes the turn of a request. `token_hash` keeps the keys of different callers apart; `request_hash` covers method,
    /// path and body.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_request(
        &self,
        token_hash: &str,
        key: &str,
        request_hash: &str,
    ) -> Result<RequestTurn, StoreError> {
        let now = self.now();
        // Status 0 means that it is being done.
        let taken = sqlx::query(
            "INSERT INTO answered_requests (token_hash, idempotency_key, request_hash, status, body, created_at) \
             VALUES ($1, $2, $3, 0, '', $4) ON CONFLICT (token_hash, idempotency_key) DO UPDATE \
             SET created_at = excluded.created_at WHERE answered_requests.status = 0 \
             AND answered_requests.request_hash = excluded.request_hash AND answered_requests.created_at < $5",
        )
        .bind(token_hash)
        .bind(key)
        .bind(request_hash)
        .bind(now)
        .bind(now - LOST_AFTER)
        .execute(&self.write)
        .await?;
        if taken.rows_affected() == 1 {
            let (caller, key) = (token_hash.to_owned(), key.to_owned());
            Ok(RequestTurn::New(Turn { caller, key, taken_at: now }))
        } else {
            self.earlier_request(token_hash, key, request_hash).await
        }
    }

    /// Keeps the answer to a request whose work has written none, or another one than it came to in the end.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else has taken over; when the database does not answer.
    pub async fn finish_request(&self, turn: &Turn, answer: &Answer) -> Result<(), StoreError> {
        write(&mut *self.write.acquire().await?, turn, answer).await
    }

    /// Forgets a request that could not be done, so that it may be tried again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn abandon_request(&self, turn: &Turn) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM answered_requests WHERE token_hash = $1 AND idempotency_key = $2 AND created_at = $3 AND status = 0",
        )
        .bind(&turn.caller)
        .bind(&turn.key)
        .bind(turn.taken_at)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Forgets answers older than an instant; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_requests(&self, older_than: DateTime<Utc>) -> Result<u64, StoreError> {
        let result = sqlx::query("DELETE FROM answered_requests WHERE created_at < $1")
            .bind(older_than.timestamp())
            .execute(&self.write)
            .await?;
        Ok(result.rows_affected())
    }

    async fn earlier_request(
        &self,
        token_hash: &str,
        key: &str,
        request_hash: &str,
    ) -> Result<RequestTurn, StoreError> {
        let row = sqlx::query(
            "SELECT request_hash, status, body FROM answered_requests WHERE token_hash = $1 AND idempotency_key = $2",
        )
        .bind(token_hash)
        .bind(key)
        .fetch_optional(&self.write)
        .await?;
        // Gone in between: whoever was doing it gave up just now.
        let Some(row) = row else { return Ok(RequestTurn::InProgress) };
        if row.text("request_hash")? != request_hash {
            return Ok(RequestTurn::KeyReused);
        }
        match row.number("status")? {
            0 => Ok(RequestTurn::InProgress),
            status => {
                let status = u16::try_from(status).map_err(|_| StoreError::Unreadable("status"))?;
                Ok(RequestTurn::Answered(Answer { status, body: row.text("body")? }))
            }
        }
    }
}

/// Commits what was made, with the answer to the request in whose name it was made.
///
/// # Errors
/// [`StoreError::Conflict`] when the request was given up for lost meanwhile and somebody else has taken over: nothing is
/// committed then. When the database does not answer.
pub(super) async fn commit(
    mut tx: Transaction<'static, sqlx::Any>,
    made: &(dyn Any + Send + Sync),
) -> Result<(), StoreError> {
    let answered = Request::current().and_then(|request| Some((request.answer(made)?, request)));
    let Some((answer, request)) = answered else { return Ok(tx.commit().await?) };
    write(&mut tx, &request.turn, &answer).await?;
    tx.commit().await?;
    request.note_written(answer);
    Ok(())
}

async fn write(tx: &mut AnyConnection, turn: &Turn, answer: &Answer) -> Result<(), StoreError> {
    let written = sqlx::query(
        "UPDATE answered_requests SET status = $1, body = $2 \
         WHERE token_hash = $3 AND idempotency_key = $4 AND created_at = $5",
    )
    .bind(i64::from(answer.status))
    .bind(&answer.body)
    .bind(&turn.caller)
    .bind(&turn.key)
    .bind(turn.taken_at)
    .execute(tx)
    .await?;
    if written.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
