//! The journal of claims and closures: what is in force, and what changed since. Memory follows the database through it,
//! whoever wrote.

use sqlx::any::AnyRow;

use super::Store;
use super::claims::NEVER;
use super::error::StoreError;
use super::row::Columns;
use crate::booking::claim::{Change, Claim, ClaimKind, Serves};
use crate::booking::core::{Closure, Window};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::Mode;

/// A place in the journal: everything before it has been read.
pub(super) type Position = i64;

impl Store {
    /// All that is taken or shut after `since`, seconds, and the position from which on changes are still to be read.
    pub(super) async fn in_force(&self, since: i64) -> Result<(Vec<Change>, Position), StoreError> {
        let mut connection = self.read.acquire().await?;
        // The position first: what changes meanwhile is then heard twice rather than never.
        let head = sqlx::query("SELECT next FROM claim_journal_head").fetch_one(&mut *connection).await?;
        let position = head.number("next")?;
        let rows = sqlx::query(
            "SELECT 'claim' AS what, id, office_id, resource_id, starts_at, ends_at, live, kind, group_id, service_id, mode, \
             channel, by_staff, slot_starts_at, slot_ends_at, expires_at, '' AS reason \
             FROM claims WHERE live = 1 AND ends_at > $1 \
             UNION ALL \
             SELECT 'closure', id, office_id, resource_id, starts_at, ends_at, 1, '', '', '', '', '', 0, starts_at, ends_at, 0, \
             reason FROM closures WHERE reopened = 0 AND ends_at > $1",
        )
        .bind(since)
        .fetch_all(&mut *connection)
        .await?;
        Ok((rows.iter().map(change).collect::<Result<_, _>>()?, position))
    }

    /// What changed from a position on, in the order in which it is safe to apply, and the next position.
    pub(super) async fn changes_from(&self, position: Position) -> Result<(Vec<Change>, Position), StoreError> {
        let rows = sqlx::query(
            "SELECT next, what, id, office_id, resource_id, starts_at, ends_at, live, kind, group_id, service_id, mode, channel, \
             by_staff, slot_starts_at, slot_ends_at, expires_at, reason FROM claim_journal WHERE position >= $1",
        )
        .bind(position)
        .fetch_all(&self.read)
        .await?;
        let mut next = position;
        for row in &rows {
            next = next.max(row.number("next")?);
        }
        Ok((rows.iter().map(change).collect::<Result<_, _>>()?, next))
    }
}

/// Reads a row of the journal, or of what is in force.
pub(super) fn change(row: &AnyRow) -> Result<Change, StoreError> {
    let (id, live) = (row.text("id")?, row.number("live")? == 1);
    match (row.text("what")?.as_str(), live) {
        ("claim", true) => Ok(Change::Taken(claim(id, row)?)),
        ("claim", false) => Ok(Change::Freed(id)),
        (_, true) => Ok(Change::Shut { id, closure: closure(row)? }),
        (_, false) => Ok(Change::Reopened(id)),
    }
}

/// Whose claim a row is; empty for a closure.
pub(super) fn group_of(row: &AnyRow) -> Result<String, StoreError> {
    row.text("group_id")
}

fn claim(id: String, row: &AnyRow) -> Result<Claim, StoreError> {
    let service = row.text("service_id")?;
    let serves = if service.is_empty() { None } else { Some(serves(service, row)?) };
    Ok(Claim {
        id,
        office: OfficeId::new(row.text("office_id")?),
        resource: ResourceId::new(row.text("resource_id")?),
        window: window(row)?,
        kind: ClaimKind::parse(&row.text("kind")?).ok_or(StoreError::Unreadable("kind"))?,
        expires_at: Some(row.instant("expires_at")?).filter(|at| at.timestamp() < NEVER),
        serves,
    })
}

fn serves(service: String, row: &AnyRow) -> Result<Serves, StoreError> {
    Ok(Serves {
        group: row.text("group_id")?,
        service: ServiceId::new(service),
        mode: Mode::parse(&row.text("mode")?).ok_or(StoreError::Unreadable("mode"))?,
        channel: row.text("channel")?,
        staff: row.number("by_staff")? == 1,
        slot: Window { from: row.instant("slot_starts_at")?, to: row.instant("slot_ends_at")? },
    })
}

/// Reads a closure.
pub(super) fn closure(row: &AnyRow) -> Result<Closure, StoreError> {
    Ok(Closure {
        office: OfficeId::new(row.text("office_id")?),
        resource: Some(row.text("resource_id")?).filter(|id| !id.is_empty()).map(ResourceId::new),
        window: window(row)?,
        reason: row.text("reason")?,
    })
}

fn window(row: &AnyRow) -> Result<Window, StoreError> {
    Ok(Window { from: row.instant("starts_at")?, to: row.instant("ends_at")? })
}
