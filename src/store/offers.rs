//! The rows of offers: which place was offered to whom, and what became of it. What happens to them is in `offering`.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::Store;
use super::claims::Place;
use super::error::StoreError;
use super::row::Columns;
use crate::booking::id::OfficeId;
use crate::booking::waiting::Offered;

/// What was offered to somebody.
#[derive(Debug, Clone)]
pub(super) struct StoredOffer {
    /// The group of the claims that keep the place.
    pub group: String,
    /// What became of it.
    pub state: OfferState,
    /// The place.
    pub place: Offered,
}

/// What became of an offer to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfferState {
    /// It awaits an answer.
    Offered,
    /// It was taken.
    Taken,
    /// It was declined.
    Declined,
    /// No answer came in time.
    Missed,
    /// Somebody else said yes first.
    Gone,
    /// The office took the place back.
    Closed,
}

impl OfferState {
    const ALL: [Self; 6] = [Self::Offered, Self::Taken, Self::Declined, Self::Missed, Self::Gone, Self::Closed];

    fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Taken => "taken",
            Self::Declined => "declined",
            Self::Missed => "missed",
            Self::Gone => "gone",
            Self::Closed => "closed",
        }
    }
}

/// The last offer to somebody.
pub(super) async fn last(tx: &mut AnyConnection, wait: &str) -> Result<Option<StoredOffer>, StoreError> {
    let row = sqlx::query(
        "SELECT group_id, state, office_id, starts_at, ends_at, expires_at FROM wait_offers WHERE wait_id = $1 \
         ORDER BY created_at DESC, group_id DESC LIMIT 1",
    )
    .bind(wait)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(stored).transpose()
}

pub(super) fn stored(row: &AnyRow) -> Result<StoredOffer, StoreError> {
    let state = row.text("state")?;
    let state = OfferState::ALL.into_iter().find(|s| s.as_str() == state).ok_or(StoreError::Unreadable("state"))?;
    let place = Offered {
        start: row.instant("starts_at")?,
        end: row.instant("ends_at")?,
        office: OfficeId::new(row.text("office_id")?),
        expires_at: row.instant("expires_at")?,
    };
    Ok(StoredOffer { group: row.text("group_id")?, state, place })
}

/// Makes whoever changes the same offer wait until the transaction ends.
pub(super) async fn lock(tx: &mut AnyConnection, group: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE wait_offers SET expires_at = expires_at WHERE group_id = $1").bind(group).execute(tx).await?;
    Ok(())
}

/// Ends the offer to one person; `false` when it did not stand.
pub(super) async fn end(
    tx: &mut AnyConnection,
    offer: &StoredOffer,
    wait: &str,
    to: OfferState,
    now: i64,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE wait_offers SET state = $1, answered_at = $2 WHERE group_id = $3 AND wait_id = $4 AND state = 'offered'",
    )
    .bind(to.as_str())
    .bind(now)
    .bind(offer.group.as_str())
    .bind(wait)
    .execute(tx)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Who may still answer an offer, by id.
pub(super) async fn asked(tx: &mut AnyConnection, group: &str) -> Result<Vec<String>, StoreError> {
    let rows =
        sqlx::query("SELECT wait_id FROM wait_offers WHERE group_id = $1 AND state = 'offered' ORDER BY wait_id")
            .bind(group)
            .fetch_all(tx)
            .await?;
    rows.iter().map(|row| row.text("wait_id")).collect()
}

pub(super) async fn insert(
    tx: &mut AnyConnection,
    place: &Place,
    wait: &str,
    expires_at: i64,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO wait_offers (group_id, wait_id, state, office_id, starts_at, ends_at, expires_at, created_at) \
         VALUES ($1, $2, 'offered', $3, $4, $5, $6, $7)",
    )
    .bind(place.group.as_str())
    .bind(wait)
    .bind(place.office.as_str())
    .bind(place.slot.from.timestamp())
    .bind(place.slot.to.timestamp())
    .bind(expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The last offer to somebody as it is once nobody else can change it.
pub(super) async fn locked(tx: &mut AnyConnection, wait: &str) -> Result<Option<StoredOffer>, StoreError> {
    let Some(offer) = last(tx, wait).await? else { return Ok(None) };
    lock(tx, &offer.group).await?;
    last(tx, wait).await
}

impl Store {
    /// The places that somebody would not have, or let lapse, and that are still to come: `(wait, office, start)`.
    pub(super) async fn refused_places(&self) -> Result<Vec<(String, OfficeId, DateTime<Utc>)>, StoreError> {
        let rows = sqlx::query(
            "SELECT wait_id, office_id, starts_at FROM wait_offers WHERE state IN ('declined', 'missed') AND starts_at > $1",
        )
        .bind(self.now())
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| Ok((row.text("wait_id")?, OfficeId::new(row.text("office_id")?), row.instant("starts_at")?)))
            .collect()
    }

    /// The last offer to somebody.
    pub(super) async fn last_offer(&self, wait: &str) -> Result<Option<StoredOffer>, StoreError> {
        let mut connection = self.read.acquire().await?;
        last(&mut connection, wait).await
    }
}
