//! What people must follow up after a conversation: hand-offs, calls back, ratings.

use serde_json::json;

use super::error::StoreError;
use super::{Store, new_id, outbox};
use crate::booking::identity::Phone;

/// A conversation that a person is to take over.
#[derive(Debug, Clone)]
pub struct Handoff {
    /// The conversation.
    pub conversation: String,
    /// Why: `asked`, `not_understood`, `complaint`, …
    pub reason: String,
    /// What is known so far, JSON, by the public slot names.
    pub slots: String,
}

/// A citizen who is to be called.
#[derive(Debug, Clone)]
pub struct CallbackRequest {
    /// The conversation.
    pub conversation: String,
    /// The telephone to call.
    pub phone: Phone,
}

impl Store {
    /// Records that a person is to take over, and tells staff.
    ///
    /// # Errors
    /// When there is no such conversation or the database does not answer.
    pub async fn record_handoff(&self, handoff: &Handoff) -> Result<(), StoreError> {
        let now = self.now();
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO handoffs (id, conversation_id, reason, slots, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new_id())
        .bind(&handoff.conversation)
        .bind(&handoff.reason)
        .bind(&handoff.slots)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let payload = json!({ "reason": handoff.reason });
        outbox::announce(&mut tx, "handed_off", &handoff.conversation, &payload, now).await?;
        Ok(tx.commit().await?)
    }

    /// Records that a citizen is to be called, and tells staff.
    ///
    /// # Errors
    /// When there is no such conversation or the database does not answer.
    pub async fn record_callback(&self, callback: &CallbackRequest) -> Result<(), StoreError> {
        let now = self.now();
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO callbacks (id, conversation_id, phone, created_at) VALUES ($1, $2, $3, $4)")
            .bind(new_id())
            .bind(&callback.conversation)
            .bind(callback.phone.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await?;
        outbox::announce(&mut tx, "callback_requested", &callback.conversation, &json!({}), now).await?;
        Ok(tx.commit().await?)
    }

    /// Records how a citizen rated a conversation, 1 (bad) to 5 (excellent).
    ///
    /// # Errors
    /// When the rating is out of range (the database refuses it) or the database does not answer.
    pub async fn record_feedback(&self, conversation: &str, rating: u8) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO feedback (id, conversation_id, rating, created_at) VALUES ($1, $2, $3, $4)")
            .bind(new_id())
            .bind(conversation)
            .bind(i64::from(rating))
            .bind(self.now())
            .execute(&self.write)
            .await?;
        Ok(())
    }
}
