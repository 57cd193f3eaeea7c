//! Making the busy times of a calendar claims: what nobody else has is claimed, what the calendar no longer says is let go,
//! what is the same stays as it is; all in one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::AnyConnection;

use super::audit::{self, Entry};
use super::busy_calendars::{BusyCalendar, BusyImport, Collision};
use super::error::StoreError;
use super::row::Columns;
use super::{Store, new_id};
use crate::booking::core::{Actor, Window};

/// A day, seconds: claims are parted where days end in UTC, so that the same busy time gives the same claims tomorrow.
const DAY: i64 = 24 * 60 * 60;

/// How often an import is tried when only chance was against it.
const ATTEMPTS: usize = 6;

/// From when until when, seconds since 1970 UTC.
type Piece = (i64, i64);

/// A live claim on the resource.
struct Taken {
    id: String,
    group: String,
    kind: String,
    piece: Piece,
}

/// What an import changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BusyChanges {
    /// Claims made.
    pub taken: usize,
    /// Claims let go.
    pub freed: usize,
    /// Appointments that stand in the way.
    pub collisions: Vec<Collision>,
}

impl Store {
    /// Brings the claims of a calendar in line with what was read of it.
    ///
    /// A busy time in which somebody has an appointment is claimed around it, and the appointment is reported in the row of
    /// the calendar. Where a hold, an offer or another calendar is in the way the rest is claimed, and the
    /// next import tries again.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is changed.
    pub async fn import_busy(
        &self,
        calendar: &BusyCalendar,
        import: &BusyImport,
        actor: &Actor,
    ) -> Result<BusyChanges, StoreError> {
        for _ in 1..ATTEMPTS {
            match self.try_import(calendar, import, actor).await {
                Err(error) if error.is_transient() => {}
                done => return done,
            }
        }
        self.try_import(calendar, import, actor).await
    }

    async fn try_import(
        &self,
        calendar: &BusyCalendar,
        import: &BusyImport,
        actor: &Actor,
    ) -> Result<BusyChanges, StoreError> {
        let now = self.now();
        let mut tx = self.begin().await?;
        self.engine.lock_office(&mut tx, calendar.office.as_str()).await?;
        let Some(known) = known_collisions(&mut tx, &calendar.id).await? else {
            return Ok(BusyChanges::default());
        };
        let (own, others): (Vec<Taken>, Vec<Taken>) = taken(&mut tx, calendar, import.span, now)
            .await?
            .into_iter()
            .partition(|taken| taken.group == calendar.id && taken.kind == "busy");
        let pieces: Vec<Piece> =
            import.windows.iter().map(|window| (window.from.timestamp(), window.to.timestamp())).collect();
        let obstacles: Vec<Piece> = others.iter().map(|other| other.piece).collect();
        let wanted: BTreeSet<Piece> = by_days(&without(&pieces, &obstacles)).into_iter().collect();
        let had: BTreeSet<Piece> = own.iter().map(|own| own.piece).collect();
        let freed = let_go(&mut tx, own.iter().filter(|own| !wanted.contains(&own.piece))).await?;
        let mut changes = BusyChanges { taken: 0, freed, collisions: Vec::new() };
        let mut whole = !pieces.iter().any(|piece| obstacles.iter().any(|obstacle| touch(*piece, *obstacle)));
        for piece in wanted.difference(&had) {
            let won = claim(&mut tx, calendar, *piece, now).await?;
            changes.taken += usize::from(won);
            whole &= won;
        }
        changes.collisions = collisions(&mut tx, &others, &pieces).await?;
        note(&mut tx, calendar, import, &changes.collisions, whole, now).await?;
        if changes.taken + changes.freed > 0 || changes.collisions != known {
            tell(&mut tx, calendar, &changes, actor, now).await?;
        }
        tx.commit().await?;
        Ok(changes)
    }
}

fn touch(a: Piece, b: Piece) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// What was reported before; `None` when the calendar is followed no longer.
async fn known_collisions(tx: &mut AnyConnection, id: &str) -> Result<Option<Vec<Collision>>, StoreError> {
    let row = sqlx::query("SELECT collisions FROM busy_calendars WHERE id = $1").bind(id).fetch_optional(tx).await?;
    row.map(|row| serde_json::from_str(&row.text("collisions")?).map_err(|_| StoreError::Unreadable("collisions")))
        .transpose()
}

/// The live claims on the resource that touch the span, without what has expired: that is freed on the way.
async fn taken(
    tx: &mut AnyConnection,
    calendar: &BusyCalendar,
    span: Window,
    now: i64,
) -> Result<Vec<Taken>, StoreError> {
    sqlx::query(
        "UPDATE claims SET live = 0 WHERE resource_id = $1 AND live = 1 AND expires_at <= $2 \
         AND starts_at < $3 AND ends_at > $4",
    )
    .bind(calendar.resource.as_str())
    .bind(now)
    .bind(span.to.timestamp())
    .bind(span.from.timestamp())
    .execute(&mut *tx)
    .await?;
    let rows = sqlx::query(
        "SELECT id, group_id, kind, starts_at, ends_at FROM claims \
         WHERE resource_id = $1 AND live = 1 AND starts_at < $2 AND ends_at > $3 ORDER BY starts_at",
    )
    .bind(calendar.resource.as_str())
    .bind(span.to.timestamp())
    .bind(span.from.timestamp())
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let piece = (row.number("starts_at")?, row.number("ends_at")?);
            Ok(Taken { id: row.text("id")?, group: row.text("group_id")?, kind: row.text("kind")?, piece })
        })
        .collect()
}

/// What is left of `pieces` without `obstacles`; both in order.
fn without(pieces: &[Piece], obstacles: &[Piece]) -> Vec<Piece> {
    let mut left = Vec::new();
    for piece in pieces {
        let (mut from, to) = *piece;
        for &(begins, ends) in obstacles.iter().filter(|obstacle| touch(*piece, **obstacle)) {
            if begins > from {
                left.push((from, begins));
            }
            from = from.max(ends);
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

/// The pieces parted where days end.
fn by_days(pieces: &[Piece]) -> Vec<Piece> {
    let mut parted = Vec::new();
    for &(mut from, to) in pieces {
        while from < to {
            let end = to.min((from.div_euclid(DAY) + 1) * DAY);
            parted.push((from, end));
            from = end;
        }
    }
    parted
}

async fn let_go<'a>(tx: &mut AnyConnection, claims: impl Iterator<Item = &'a Taken>) -> Result<usize, StoreError> {
    let mut freed = 0;
    for claim in claims {
        sqlx::query("UPDATE claims SET live = 0 WHERE id = $1").bind(&claim.id).execute(&mut *tx).await?;
        freed += 1;
    }
    Ok(freed)
}

/// Claims a piece; `false` when somebody else was faster.
async fn claim(
    tx: &mut AnyConnection,
    calendar: &BusyCalendar,
    (from, to): Piece,
    now: i64,
) -> Result<bool, StoreError> {
    let local_date = DateTime::from_timestamp(from, 0)
        .map(|start| start.with_timezone(&calendar.time_zone).date_naive().to_string())
        .unwrap_or_default();
    let made = sqlx::query(
        "INSERT INTO claims (id, resource_id, office_id, starts_at, ends_at, live, kind, group_id, slot_starts_at, \
         slot_ends_at, local_date, created_at) VALUES ($1, $2, $3, $4, $5, 1, 'busy', $6, $4, $5, $7, $8) \
         ON CONFLICT DO NOTHING",
    )
    .bind(new_id())
    .bind(calendar.resource.as_str())
    .bind(calendar.office.as_str())
    .bind(from)
    .bind(to)
    .bind(calendar.id.as_str())
    .bind(local_date)
    .bind(now)
    .execute(tx)
    .await;
    match made {
        Ok(made) => Ok(made.rows_affected() == 1),
        Err(error) if StoreError::is_slot_taken(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The appointments among what others have of the busy times.
async fn collisions(tx: &mut AnyConnection, others: &[Taken], pieces: &[Piece]) -> Result<Vec<Collision>, StoreError> {
    let instant = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0).ok_or(StoreError::Unreadable("starts_at"));
    let mut found = Vec::new();
    for other in others.iter().filter(|other| other.kind == "appointment") {
        let both = pieces.iter().filter(|piece| touch(**piece, other.piece));
        for (from, to) in both.map(|piece| (piece.0.max(other.piece.0), piece.1.min(other.piece.1))) {
            let row = sqlx::query("SELECT reference FROM appointments WHERE id = $1")
                .bind(&other.group)
                .fetch_one(&mut *tx)
                .await?;
            found.push(Collision { reference: row.text("reference")?, from: instant(from)?, to: instant(to)? });
        }
    }
    Ok(found)
}

/// Writes down what was read. The version is kept only when there is nothing to be done again: as long as something is in
/// the way, the whole calendar is asked for each time.
async fn note(
    tx: &mut AnyConnection,
    calendar: &BusyCalendar,
    import: &BusyImport,
    collisions: &[Collision],
    whole: bool,
    now: i64,
) -> Result<(), StoreError> {
    let version = |value: &str| if whole { value.to_owned() } else { String::new() };
    sqlx::query(
        "UPDATE busy_calendars SET etag = $1, modified = $2, tried_at = $3, fetched_at = $3, last_error = '', \
         problems = $4, collisions = $5 WHERE id = $6",
    )
    .bind(version(&import.etag))
    .bind(version(&import.modified))
    .bind(now)
    .bind(json!(import.problems).to_string())
    .bind(json!(collisions).to_string())
    .bind(calendar.id.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

async fn tell(
    tx: &mut AnyConnection,
    calendar: &BusyCalendar,
    changes: &BusyChanges,
    actor: &Actor,
    at: i64,
) -> Result<(), StoreError> {
    let references: BTreeSet<&str> = changes.collisions.iter().map(|collision| collision.reference.as_str()).collect();
    let detail = json!({ "resource": calendar.resource, "taken": changes.taken, "freed": changes.freed,
                         "collisions": references });
    audit::record(
        tx,
        Entry { actor, action: "busy_imported", subject: &calendar.id, reason: "", detail, message: "", at },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_time_is_parted_around_what_others_have_and_where_days_end() {
        let cases: &[(&[Piece], &[Piece], &[Piece])] = &[
            (&[(0, 10)], &[], &[(0, 10)]),
            (&[(0, 10)], &[(3, 5)], &[(0, 3), (5, 10)]),
            (&[(0, 10)], &[(-5, 2), (8, 20)], &[(2, 8)]),
            (&[(0, 10)], &[(0, 10)], &[]),
            (&[(0, 10), (20, 30)], &[(5, 25)], &[(0, 5), (25, 30)]),
            (&[(0, 10)], &[(10, 20)], &[(0, 10)]),
        ];
        for (pieces, obstacles, left) in cases {
            assert_eq!(without(pieces, obstacles), *left, "{pieces:?} without {obstacles:?}");
        }
        assert_eq!(by_days(&[(-1, DAY + 1)]), [(-1, 0), (0, DAY), (DAY, DAY + 1)]);
    }
}
