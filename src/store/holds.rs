//! Holds: places kept for a few minutes. The row is written once; whether the hold still stands is said by its claim.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::AnyConnection;

use super::audit::{self, Entry};
use super::claims::{self, Owner, Wanted};
use super::error::{Failure, StoreError};
use super::row::Columns;
use super::{Store, closures};
use crate::booking::core::{Actor, Hold, HoldRequest, Window};
use crate::booking::id::{HoldId, OfficeId, ResourceId, ServiceId};
use crate::booking::people::Mode;
use crate::booking::refusal::Refusal;

/// A hold as it was made.
#[derive(Debug)]
pub(super) struct StoredHold {
    pub service: ServiceId,
    pub office: OfficeId,
    pub resource: ResourceId,
    pub mode: Mode,
    pub window: Window,
}

impl Store {
    /// Tries to keep the wanted time; `None` when somebody else has it.
    pub(super) async fn try_hold(
        &self,
        request: &HoldRequest,
        wanted: Wanted<'_>,
        expires_at: DateTime<Utc>,
        actor: &Actor,
    ) -> Result<Option<Hold>, Failure> {
        let now = self.now();
        let id = uuid::Uuid::new_v4().to_string();
        let mut tx = self.begin().await?;
        let freed = claims::free_expired(&mut tx, wanted, now).await?;
        insert(&mut tx, &id, request, wanted, expires_at.timestamp(), audit::channel(actor), now).await?;
        if claims::claim(&mut tx, wanted, Owner::Hold(&id, expires_at.timestamp()), now).await?.is_none() {
            tx.rollback().await?;
            return Ok(None);
        }
        if let Some(reason) = closures::reason(&mut tx, wanted).await? {
            return Err(Refusal::Closed(reason).into());
        }
        let detail = json!({
            "service": request.service, "resource": wanted.resource, "start": wanted.window.from,
            "expired_holds_freed": freed,
        });
        audit::record(&mut tx, Entry { actor, action: "held", subject: &id, reason: "", detail, at: now }).await?;
        tx.commit().await?;
        Ok(Some(Hold { id: HoldId::new(id), expires_at, start: wanted.window.from, end: wanted.window.to }))
    }

    /// Lets a hold go, if it still stands.
    pub(super) async fn try_release(&self, hold: &HoldId, actor: &Actor) -> Result<(), Failure> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let result = sqlx::query("UPDATE claims SET live = 0 WHERE hold_id = $1 AND live = 1 AND kind = 'hold'")
            .bind(hold.as_str())
            .execute(&mut *tx)
            .await?;
        if result.rows_affected() > 0 {
            let entry =
                Entry { actor, action: "released", subject: hold.as_str(), reason: "", detail: json!({}), at: now };
            audit::record(&mut tx, entry).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Frees every hold that expired by `now`; says how many. A job calls it; nothing depends on it being called, for
    /// expired holds count as free everywhere.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expire_holds(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let result = sqlx::query("UPDATE claims SET live = 0 WHERE live = 1 AND kind = 'hold' AND expires_at <= $1")
            .bind(now.timestamp())
            .execute(&mut *tx)
            .await?;
        let freed = result.rows_affected();
        if freed > 0 {
            let detail = json!({ "holds": freed });
            let entry = Entry {
                actor: &Actor::System,
                action: "holds_expired",
                subject: "",
                reason: "",
                detail,
                at: now.timestamp(),
            };
            audit::record(&mut tx, entry).await?;
        }
        tx.commit().await?;
        Ok(freed)
    }
}

/// The hold with this id, whether it still stands or not.
pub(super) async fn load(tx: &mut AnyConnection, id: &HoldId) -> Result<Option<StoredHold>, StoreError> {
    let row =
        sqlx::query("SELECT service_id, office_id, resource_id, mode, starts_at, ends_at FROM holds WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(tx)
            .await?;
    row.map(|row| {
        Ok(StoredHold {
            service: ServiceId::new(row.text("service_id")?),
            office: OfficeId::new(row.text("office_id")?),
            resource: ResourceId::new(row.text("resource_id")?),
            mode: Mode::parse(&row.text("mode")?).ok_or(StoreError::Unreadable("mode"))?,
            window: Window { from: row.instant("starts_at")?, to: row.instant("ends_at")? },
        })
    })
    .transpose()
}

async fn insert(
    tx: &mut AnyConnection,
    id: &str,
    request: &HoldRequest,
    wanted: Wanted<'_>,
    expires_at: i64,
    channel: &str,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO holds (id, service_id, office_id, resource_id, mode, starts_at, ends_at, expires_at, channel, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(request.service.as_str())
    .bind(wanted.office.as_str())
    .bind(wanted.resource.as_str())
    .bind(request.mode.as_str())
    .bind(wanted.window.from.timestamp())
    .bind(wanted.window.to.timestamp())
    .bind(expires_at)
    .bind(channel)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
