//! Closures: times in which an office, or one of its resources, serves nobody.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::claims::{Wanted, placeholders};
use super::error::StoreError;
use super::new_id;
use super::row::Columns;
use crate::booking::core::{Closure, Window};
use crate::booking::id::{OfficeId, ResourceId};

/// The closures of some offices that touch a stretch of time.
pub(super) async fn load(
    connection: &mut AnyConnection,
    offices: &[&OfficeId],
    span: Window,
) -> Result<Vec<Closure>, StoreError> {
    let (list, ids) = placeholders(3, offices);
    let sql = format!(
        "SELECT office_id, resource_id, starts_at, ends_at, reason FROM closures \
         WHERE starts_at < $1 AND ends_at > $2 AND office_id IN ({list}) ORDER BY starts_at, id"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(span.to.timestamp()).bind(span.from.timestamp());
    for id in ids {
        query = query.bind(id.as_str());
    }
    query.fetch_all(connection).await?.iter().map(closure).collect()
}

/// Why a resource serves nobody in the wanted time, when it does not. Asked after the claim is made, when no closure can
/// slip in any more.
pub(super) async fn reason(tx: &mut AnyConnection, wanted: Wanted<'_>) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "SELECT reason FROM closures WHERE office_id = $1 AND (resource_id IS NULL OR resource_id = $2) \
         AND starts_at < $3 AND ends_at > $4 ORDER BY starts_at, id LIMIT 1",
    )
    .bind(wanted.office.as_str())
    .bind(wanted.resource.as_str())
    .bind(wanted.window.to.timestamp())
    .bind(wanted.window.from.timestamp())
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.text("reason")).transpose()
}

/// Writes a closure and lets go of the holds inside it.
pub(super) async fn insert(tx: &mut AnyConnection, closure: &Closure, now: i64) -> Result<(), StoreError> {
    let resource = closure.resource.as_ref().map(|r| r.as_str().to_owned());
    sqlx::query(
        "INSERT INTO closures (id, office_id, resource_id, starts_at, ends_at, reason, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id())
    .bind(closure.office.as_str())
    .bind(resource)
    .bind(closure.window.from.timestamp())
    .bind(closure.window.to.timestamp())
    .bind(closure.reason.as_str())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE claims SET live = 0 WHERE kind = 'hold' AND live = 1 AND office_id = $1 \
         AND ($2 = '' OR resource_id = $2) AND starts_at < $3 AND ends_at > $4",
    )
    .bind(closure.office.as_str())
    .bind(closure.resource.as_ref().map_or("", ResourceId::as_str))
    .bind(closure.window.to.timestamp())
    .bind(closure.window.from.timestamp())
    .execute(tx)
    .await?;
    Ok(())
}

fn closure(row: &AnyRow) -> Result<Closure, StoreError> {
    Ok(Closure {
        office: OfficeId::new(row.text("office_id")?),
        resource: row.optional_text("resource_id")?.map(ResourceId::new),
        window: Window { from: row.instant("starts_at")?, to: row.instant("ends_at")? },
        reason: row.text("reason")?,
    })
}
