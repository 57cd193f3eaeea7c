//! Calendars of employees elsewhere: where they are, what came of reading them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::any::AnyRow;

use super::audit::{self, Entry};
use super::error::StoreError;
use super::row::Columns;
use super::{Store, new_id, requests};
use crate::booking::core::{Actor, Window};
use crate::booking::id::{OfficeId, ResourceId};

/// `SELECT` of all that makes a [`BusyCalendar`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.office_id, b.resource_id, b.url, b.etag, b.modified, b.tried_at, b.fetched_at, ",
            "b.last_error, b.problems, b.collisions, b.created_at, o.time_zone ",
            "FROM busy_calendars b JOIN offices o ON o.id = b.office_id ",
            $rest
        )
    };
}

/// A calendar whose busy times shut a desk or an employee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusyCalendar {
    /// Its id.
    pub id: String,
    /// The office.
    pub office: OfficeId,
    /// The desk or the employee.
    pub resource: ResourceId,
    /// Where it is; it may be a secret by itself.
    pub url: String,
    /// The zone of the office.
    pub time_zone: Tz,
    /// The ETag of what was read, when asking for it again would bring nothing new; else empty.
    pub etag: String,
    /// Its Last-Modified, likewise.
    pub modified: String,
    /// When it was last asked for; never when absent.
    pub tried: Option<DateTime<Utc>>,
    /// When it was last read; never when absent.
    pub fetched: Option<DateTime<Utc>>,
    /// Why the last try failed; empty when it did not.
    pub last_error: String,
    /// What could not be read of it.
    pub problems: Vec<String>,
    /// Appointments that stand while it says busy.
    pub collisions: Vec<Collision>,
    /// Since when it is followed.
    pub created: DateTime<Utc>,
}

/// An appointment in a time in which the calendar says busy: it stands, and somebody must decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Collision {
    /// The reference of the appointment.
    pub reference: String,
    /// From when both want the time.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

/// What was read of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusyImport {
    /// The stretch that was read; what is claimed outside it stays.
    pub span: Window,
    /// When its owner is busy in it: in order, apart from one another.
    pub windows: Vec<Window>,
    /// What could not be read.
    pub problems: Vec<String>,
    /// Its ETag.
    pub etag: String,
    /// Its Last-Modified.
    pub modified: String,
}

impl Store {
    /// Follows a calendar; the same one for the same desk is followed once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow_calendar(
        &self,
        office: &OfficeId,
        resource: &ResourceId,
        url: &str,
        actor: &Actor,
    ) -> Result<BusyCalendar, StoreError> {
        let (id, now) = (new_id(), self.now());
        let mut tx = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO busy_calendars (id, office_id, resource_id, url, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (resource_id, url) DO NOTHING",
        )
        .bind(&id)
        .bind(office.as_str())
        .bind(resource.as_str())
        .bind(url)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 1 {
            let detail = json!({ "office": office, "resource": resource });
            let entry =
                Entry { actor, action: "calendar_followed", subject: &id, reason: "", detail, message: "", at: now };
            audit::record(&mut tx, entry).await?;
        }
        let row = sqlx::query(select!("WHERE b.resource_id = $1 AND b.url = $2"))
            .bind(resource.as_str())
            .bind(url)
            .fetch_one(&mut *tx)
            .await?;
        let followed = calendar(&row)?;
        requests::commit(tx, &followed).await?;
        Ok(followed)
    }

    /// Stops following a calendar and lets go of what it claimed; `false` when there is none with this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_calendar(&self, id: &str, actor: &Actor) -> Result<bool, StoreError> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let gone = sqlx::query("DELETE FROM busy_calendars WHERE id = $1").bind(id).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        let freed = sqlx::query("UPDATE claims SET live = 0 WHERE group_id = $1 AND kind = 'busy' AND live = 1")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        let detail = json!({ "freed": freed.rows_affected() });
        let entry =
            Entry { actor, action: "calendar_forgotten", subject: id, reason: "", detail, message: "", at: now };
        audit::record(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The calendars that are followed, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn busy_calendars(&self) -> Result<Vec<BusyCalendar>, StoreError> {
        let rows = sqlx::query(select!("ORDER BY b.id")).fetch_all(&self.read).await?;
        rows.iter().map(calendar).collect()
    }

    /// The calendars that were last asked for before an instant, or never; the longest ago first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn calendars_due(&self, before: DateTime<Utc>) -> Result<Vec<BusyCalendar>, StoreError> {
        let rows = sqlx::query(select!("WHERE b.tried_at <= $1 ORDER BY b.tried_at, b.id"))
            .bind(before.timestamp())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(calendar).collect()
    }

    /// Notes that a calendar was asked for in vain, or with an empty `error` that it is unchanged. What it claimed stays.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_try(&self, id: &str, error: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE busy_calendars SET tried_at = $1, last_error = $2 WHERE id = $3")
            .bind(self.now())
            .bind(error)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }
}

fn calendar(row: &AnyRow) -> Result<BusyCalendar, StoreError> {
    let instant = |column: &'static str| {
        let seconds = row.number(column)?;
        Ok::<_, StoreError>(DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0))
    };
    let json = |column: &'static str| row.text(column);
    Ok(BusyCalendar {
        id: row.text("id")?,
        office: OfficeId::new(row.text("office_id")?),
        resource: ResourceId::new(row.text("resource_id")?),
        url: row.text("url")?,
        time_zone: row.text("time_zone")?.parse().map_err(|_| StoreError::Unreadable("time_zone"))?,
        etag: row.text("etag")?,
        modified: row.text("modified")?,
        tried: instant("tried_at")?,
        fetched: instant("fetched_at")?,
        last_error: row.text("last_error")?,
        problems: serde_json::from_str(&json("problems")?).map_err(|_| StoreError::Unreadable("problems"))?,
        collisions: serde_json::from_str(&json("collisions")?).map_err(|_| StoreError::Unreadable("collisions"))?,
        created: row.instant("created_at")?,
    })
}
