//! The audit: who did what, for whom, through which channel, why. Append-only; the database refuses anything else.

use serde_json::Value;
use sqlx::AnyConnection;

use super::error::StoreError;
use crate::booking::core::Actor;

/// One line of the audit. No personal data: people are named by the reference of their appointment.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// What, such as `booked`.
    pub action: &'static str,
    /// Whom or what it concerns: a reference, a hold, an office.
    pub subject: &'a str,
    /// Why; empty when the action says it.
    pub reason: &'a str,
    /// Particulars.
    pub detail: Value,
    /// The kind of the message that tells others, such as `appointment_booked`; empty when nobody is told.
    pub message: &'static str,
    /// When, seconds.
    pub at: i64,
}

/// Writes a line in the transaction of the change it tells of; the database puts its message into the outbox.
pub(super) async fn record(tx: &mut AnyConnection, entry: Entry<'_>) -> Result<(), StoreError> {
    let (kind, name) = match entry.actor {
        Actor::Citizen { conversation, .. } => ("citizen", conversation.as_str()),
        Actor::Staff { name } => ("staff", name.as_str()),
        Actor::System => ("system", "system"),
    };
    sqlx::query(
        "INSERT INTO audit (at, actor_kind, actor, channel, action, subject, reason, detail, message) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(entry.at)
    .bind(kind)
    .bind(name)
    .bind(entry.actor.channel())
    .bind(entry.action)
    .bind(entry.subject)
    .bind(entry.reason)
    .bind(entry.detail.to_string())
    .bind(entry.message)
    .execute(tx)
    .await?;
    Ok(())
}
