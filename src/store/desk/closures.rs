//! Closures as officials list them and take them back.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::proposals;
use crate::booking::core::Actor;
use crate::booking::desk::KeptClosure;
use crate::booking::id::OfficeId;
use crate::booking::refusal::Refusal;
use crate::store::audit::{self, Entry};
use crate::store::error::{Failure, StoreError};
use crate::store::row::Columns;
use crate::store::{Store, journal};

impl Store {
    /// The closures of an office that end after an instant, by their beginning.
    pub(super) async fn closures_of(
        &self,
        office: &OfficeId,
        from: DateTime<Utc>,
    ) -> Result<Vec<KeptClosure>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, office_id, resource_id, starts_at, ends_at, reason FROM closures \
             WHERE office_id = $1 AND reopened = 0 AND ends_at > $2 ORDER BY starts_at, id",
        )
        .bind(office.as_str())
        .bind(from.timestamp())
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(|row| Ok(KeptClosure { id: row.text("id")?, closure: journal::closure(row)? })).collect()
    }

    /// Takes a closure back; whoever was proposed another place because of it keeps the old one.
    pub(super) async fn try_reopen(&self, id: &str, actor: &Actor) -> Result<(), Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "UPDATE closures SET reopened = 1 WHERE id = $1 AND reopened = 0 \
             RETURNING id, office_id, resource_id, starts_at, ends_at, reason",
        )
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Err(Refusal::NotFound.into()) };
        let closure = journal::closure(&row)?;
        let office = closure.office.as_str();
        let detail = json!({ "closure": id, "resource": closure.resource, "from": closure.window.from,
                             "to": closure.window.to });
        let (reason, message) = (closure.reason.as_str(), "office_reopened");
        let entry = Entry { actor, action: "reopened", subject: office, reason, detail, message, at: now };
        audit::record(&mut tx, entry).await?;
        proposals::withdraw_all(self, &mut tx, id, actor).await?;
        tx.commit().await?;
        Ok(())
    }
}
