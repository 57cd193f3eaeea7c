//! All that ever happened to an appointment, from the audit.

use crate::booking::desk::TrailLine;
use crate::booking::reference::Reference;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::row::Columns;

impl Store {
    /// The lines of the audit about an appointment, oldest first.
    pub(super) async fn trail(&self, reference: &Reference) -> Result<Vec<TrailLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, actor_kind, actor, channel, action, reason, detail FROM audit WHERE subject = $1 ORDER BY id",
        )
        .bind(reference.as_str())
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(TrailLine {
                    at: row.instant("at")?,
                    actor_kind: row.text("actor_kind")?,
                    actor: row.text("actor")?,
                    channel: row.text("channel")?,
                    action: row.text("action")?,
                    reason: row.text("reason")?,
                    detail: serde_json::from_str(&row.text("detail")?).map_err(|_| StoreError::Unreadable("detail"))?,
                })
            })
            .collect()
    }
}
