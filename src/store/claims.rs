//! Claims: who has a resource when. The database refuses a second live one; here it is only asked.

use chrono::{DateTime, Utc};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::error::StoreError;
use super::row::Columns;
use super::{Store, closures, new_id};
use crate::booking::claim::{Change, Claim, ClaimKind};
use crate::booking::core::Window;
use crate::booking::id::{OfficeId, ResourceId};

/// Time that somebody wants of a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The resource.
    pub resource: &'a ResourceId,
    /// Its office.
    pub office: &'a OfficeId,
    /// When.
    pub window: Window,
}

/// Whom a claim belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Owner<'a> {
    /// A hold that is kept until an instant, seconds.
    Hold(&'a str, i64),
    /// An appointment, by its row id.
    Appointment(&'a str),
}

impl Store {
    /// All that is taken or closed at some offices within a stretch of time. Expired holds count as free.
    pub(super) async fn busy(
        &self,
        offices: &[&OfficeId],
        span: Window,
        now: DateTime<Utc>,
    ) -> Result<Vec<Change>, StoreError> {
        let mut connection = self.read.acquire().await?;
        let claims = load(&mut connection, offices, span, now).await?;
        let closures = closures::load(&mut connection, offices, span).await?;
        let shut = closures.into_iter().enumerate().map(|(n, closure)| Change::Shut { id: n.to_string(), closure });
        Ok(claims.into_iter().map(Change::Taken).chain(shut).collect())
    }
}

async fn load(
    connection: &mut AnyConnection,
    offices: &[&OfficeId],
    span: Window,
    now: DateTime<Utc>,
) -> Result<Vec<Claim>, StoreError> {
    let (list, ids) = placeholders(4, offices);
    let sql = format!(
        "SELECT id, office_id, resource_id, starts_at, ends_at FROM claims \
         WHERE live = 1 AND starts_at < $1 AND starts_at > $2 - 86400 AND ends_at > $2 \
         AND (expires_at IS NULL OR expires_at > $3) AND office_id IN ({list})"
    );
    let mut query =
        sqlx::query(AssertSqlSafe(sql)).bind(span.to.timestamp()).bind(span.from.timestamp()).bind(now.timestamp());
    for id in ids {
        query = query.bind(id.as_str());
    }
    let rows = query.fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let window = Window { from: row.instant("starts_at")?, to: row.instant("ends_at")? };
            Ok(Claim {
                id: row.text("id")?,
                office: OfficeId::new(row.text("office_id")?),
                resource: ResourceId::new(row.text("resource_id")?),
                window,
                kind: ClaimKind::Appointment,
                expires_at: None,
                serves: None,
            })
        })
        .collect()
}

/// `$4, $5, …` for a list of offices and what to bind to it. The list is filled up to a power of two by repetition, so
/// that there are few different statements to prepare.
pub(super) fn placeholders<'a>(first: usize, offices: &[&'a OfficeId]) -> (String, Vec<&'a OfficeId>) {
    let length = offices.len().next_power_of_two();
    let ids = offices.iter().chain(offices.last().into_iter().cycle()).copied().take(length).collect();
    let list: Vec<String> = (first..first + length).map(|n| format!("${n}")).collect();
    (list.join(", "), ids)
}

/// Frees what expired holds still claim of the wanted time; says how many there were.
pub(super) async fn free_expired(tx: &mut AnyConnection, wanted: Wanted<'_>, now: i64) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "UPDATE claims SET live = 0 \
         WHERE resource_id = $1 AND live = 1 AND kind = 'hold' AND expires_at <= $2 \
         AND starts_at < $3 AND starts_at > $4 - 86400 AND ends_at > $4",
    )
    .bind(wanted.resource.as_str())
    .bind(now)
    .bind(wanted.window.to.timestamp())
    .bind(wanted.window.from.timestamp())
    .execute(tx)
    .await?;
    Ok(result.rows_affected())
}

/// Claims the wanted time; gives the claim's id, or `None` when somebody else has it.
///
/// On PostgreSQL `DO NOTHING` makes two clients that want the same time wait for each other instead of deadlocking.
pub(super) async fn claim(
    tx: &mut AnyConnection,
    wanted: Wanted<'_>,
    owner: Owner<'_>,
    now: i64,
) -> Result<Option<String>, StoreError> {
    let id = new_id();
    let query = match owner {
        Owner::Hold(hold, expires_at) => sqlx::query(
            "INSERT INTO claims (id, resource_id, office_id, starts_at, ends_at, created_at, live, kind, hold_id, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 1, 'hold', $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(wanted.resource.as_str())
        .bind(wanted.office.as_str())
        .bind(wanted.window.from.timestamp())
        .bind(wanted.window.to.timestamp())
        .bind(now)
        .bind(hold)
        .bind(expires_at),
        Owner::Appointment(appointment) => sqlx::query(
            "INSERT INTO claims (id, resource_id, office_id, starts_at, ends_at, created_at, live, kind, appointment_id) \
             VALUES ($1, $2, $3, $4, $5, $6, 1, 'appointment', $7) ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(wanted.resource.as_str())
        .bind(wanted.office.as_str())
        .bind(wanted.window.from.timestamp())
        .bind(wanted.window.to.timestamp())
        .bind(now)
        .bind(appointment),
    };
    match query.execute(tx).await {
        Ok(result) if result.rows_affected() == 1 => Ok(Some(id)),
        Ok(_) => Ok(None),
        Err(error) if StoreError::is_slot_taken(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes the live claim of a hold that has not expired the claim of an appointment; says whether there was one.
pub(super) async fn promote(
    tx: &mut AnyConnection,
    hold: &str,
    appointment: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE claims SET kind = 'appointment', appointment_id = $1, expires_at = NULL \
         WHERE hold_id = $2 AND live = 1 AND kind = 'hold' AND expires_at > $3",
    )
    .bind(appointment)
    .bind(hold)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(result.rows_affected() > 0)
}

/// Lets go of all that an appointment claims, except one claim that it has just won.
pub(super) async fn free_appointment(
    tx: &mut AnyConnection,
    appointment: &str,
    except: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE claims SET live = 0 WHERE appointment_id = $1 AND live = 1 AND id <> $2")
        .bind(appointment)
        .bind(except)
        .execute(tx)
        .await?;
    Ok(())
}
