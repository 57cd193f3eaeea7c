//! Calendar feeds: secret links under which an office, or one desk of it, can be followed. Only a digest of the secret is kept.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::any::AnyRow;

use super::audit::{self, Entry};
use super::error::StoreError;
use super::row::Columns;
use super::{Store, new_id, requests};
use crate::booking::core::{Actor, AppointmentState};
use crate::booking::icalendar::FeedEntry;
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::Mode;
use crate::booking::reference::Reference;

/// A feed that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFeed {
    /// Its id, under which it is revoked.
    pub id: String,
    /// The office.
    pub office: OfficeId,
    /// Only this desk or employee.
    pub resource: Option<ResourceId>,
    /// Since when.
    pub created: DateTime<Utc>,
}

impl Store {
    /// Makes a feed under the digest of a secret.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create_feed(
        &self,
        office: &OfficeId,
        resource: Option<&ResourceId>,
        secret_hash: &str,
        actor: &Actor,
    ) -> Result<CalendarFeed, StoreError> {
        let (id, created) = (new_id(), self.clock.now());
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO calendar_feeds (id, secret_hash, office_id, resource_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&id)
        .bind(secret_hash)
        .bind(office.as_str())
        .bind(resource.map_or("", ResourceId::as_str))
        .bind(created.timestamp())
        .execute(&mut *tx)
        .await?;
        let detail = json!({ "office": office, "resource": resource });
        let entry = Entry {
            actor,
            action: "feed_created",
            subject: &id,
            reason: "",
            detail,
            message: "",
            at: created.timestamp(),
        };
        audit::record(&mut tx, entry).await?;
        let feed = CalendarFeed { id, office: office.clone(), resource: resource.cloned(), created };
        requests::commit(tx, &feed).await?;
        Ok(feed)
    }

    /// Takes a feed back; `false` when none with this id stands.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_feed(&self, id: &str, actor: &Actor) -> Result<bool, StoreError> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let revoked = sqlx::query("UPDATE calendar_feeds SET revoked_at = $1 WHERE id = $2 AND revoked_at = 0")
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        if revoked.rows_affected() == 0 {
            return Ok(false);
        }
        let entry =
            Entry { actor, action: "feed_revoked", subject: id, reason: "", detail: json!({}), message: "", at: now };
        audit::record(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The feeds that stand, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn feeds(&self) -> Result<Vec<CalendarFeed>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, office_id, resource_id, created_at FROM calendar_feeds WHERE revoked_at = 0 ORDER BY id",
        )
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(feed).collect()
    }

    /// The feed whose secret has this digest, while it stands.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn feed_of_secret(&self, secret_hash: &str) -> Result<Option<CalendarFeed>, StoreError> {
        let row = sqlx::query(
            "SELECT id, office_id, resource_id, created_at FROM calendar_feeds WHERE secret_hash = $1 AND revoked_at = 0",
        )
        .bind(secret_hash)
        .fetch_optional(&self.read)
        .await?;
        row.as_ref().map(feed).transpose()
    }

    /// What a feed shows: the appointments that start after `from`, in every state, by their start.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn feed_entries(&self, feed: &CalendarFeed, from: DateTime<Utc>) -> Result<Vec<FeedEntry>, StoreError> {
        // A desk follows what is served at it, also as the second desk of an appointment.
        let rows = sqlx::query(
            "SELECT reference, state, service_id, resource_id, mode, starts_at, ends_at, beneficiary, guests, sequence, \
             updated_at FROM appointments WHERE office_id = $1 AND starts_at >= $2 \
             AND ($3 = '' OR resource_id = $3 OR EXISTS (SELECT 1 FROM claims WHERE claims.group_id = appointments.id \
             AND claims.live = 1 AND claims.kind = 'appointment' AND claims.resource_id = $3)) ORDER BY starts_at, id",
        )
        .bind(feed.office.as_str())
        .bind(from.timestamp())
        .bind(feed.resource.as_ref().map_or("", ResourceId::as_str))
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(entry).collect()
    }
}

fn feed(row: &AnyRow) -> Result<CalendarFeed, StoreError> {
    let resource = Some(row.text("resource_id")?).filter(|resource| !resource.is_empty());
    Ok(CalendarFeed {
        id: row.text("id")?,
        office: OfficeId::new(row.text("office_id")?),
        resource: resource.map(ResourceId::new),
        created: row.instant("created_at")?,
    })
}

fn entry(row: &AnyRow) -> Result<FeedEntry, StoreError> {
    Ok(FeedEntry {
        reference: Reference::parse(&row.text("reference")?).map_err(|_| StoreError::Unreadable("reference"))?,
        state: AppointmentState::parse(&row.text("state")?).ok_or(StoreError::Unreadable("state"))?,
        service: ServiceId::new(row.text("service_id")?),
        resource: ResourceId::new(row.text("resource_id")?),
        mode: Mode::parse(&row.text("mode")?).ok_or(StoreError::Unreadable("mode"))?,
        start: row.instant("starts_at")?,
        end: row.instant("ends_at")?,
        beneficiary: row.text("beneficiary")?,
        guests: serde_json::from_str(&row.text("guests")?).map_err(|_| StoreError::Unreadable("guests"))?,
        sequence: u32::try_from(row.number("sequence")?).map_err(|_| StoreError::Unreadable("sequence"))?,
        changed: row.instant("updated_at")?,
    })
}
