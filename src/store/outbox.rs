//! The outbox: what others must be told, written in the transaction of the change itself. What the audit tells of too is put
//! there by the database (see `audit`); here is the rest.

use serde_json::Value;
use sqlx::AnyConnection;

use super::error::StoreError;

/// Puts a message into the outbox. `subject` is what it is about (a reference, an office); no personal data.
pub(super) async fn announce(
    tx: &mut AnyConnection,
    kind: &'static str,
    subject: &str,
    payload: &Value,
    at: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO outbox (kind, subject, payload, created_at) VALUES ($1, $2, $3, $4)")
        .bind(kind)
        .bind(subject)
        .bind(payload.to_string())
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}
