//! Closures: times in which an office, or one of its resources, serves nobody.

use sqlx::AnyConnection;

use super::claims::Place;
use super::error::StoreError;
use super::row::Columns;
use crate::booking::board::Seat;
use crate::booking::core::Closure;
use crate::booking::id::ResourceId;

/// Why one of the seats serves nobody in the wanted slot, when it does not. Asked after the claims are made, when no closure
/// can slip in any more. On a special day the closures of the whole office do not hold.
pub(super) async fn reason(
    tx: &mut AnyConnection,
    place: &Place,
    seats: &[Seat],
    special_day: bool,
) -> Result<Option<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT resource_id, reason FROM closures WHERE office_id = $1 AND reopened = 0 \
         AND starts_at < $2 AND ends_at > $3 ORDER BY starts_at, id",
    )
    .bind(place.office.as_str())
    .bind(place.slot.to.timestamp())
    .bind(place.slot.from.timestamp())
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let resource = row.text("resource_id")?;
        let shut = if resource.is_empty() {
            !special_day
        } else {
            seats.iter().any(|seat| seat.resource.as_str() == resource)
        };
        if shut {
            return Ok(Some(row.text("reason")?));
        }
    }
    Ok(None)
}

/// Writes a closure and lets go of the holds and offers inside it, with all their desks.
pub(super) async fn insert(tx: &mut AnyConnection, id: &str, closure: &Closure, now: i64) -> Result<(), StoreError> {
    let resource = closure.resource.as_ref().map_or("", ResourceId::as_str);
    sqlx::query(
        "INSERT INTO closures (id, office_id, resource_id, starts_at, ends_at, reason, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(closure.office.as_str())
    .bind(resource)
    .bind(closure.window.from.timestamp())
    .bind(closure.window.to.timestamp())
    .bind(closure.reason.as_str())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE claims SET live = 0 WHERE kind IN ('hold', 'offer') AND live = 1 AND group_id IN \
         (SELECT group_id FROM claims WHERE kind IN ('hold', 'offer') AND live = 1 AND office_id = $1 \
         AND ($2 = '' OR resource_id = $2) AND slot_starts_at < $3 AND slot_ends_at > $4)",
    )
    .bind(closure.office.as_str())
    .bind(resource)
    .bind(closure.window.to.timestamp())
    .bind(closure.window.from.timestamp())
    .execute(tx)
    .await?;
    Ok(())
}
