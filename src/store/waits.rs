//! The rows of the waiting list: who waits for what, and in which order. What is offered to them is in `offers`.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::row::Columns;
use super::{Store, new_id};
use crate::booking::core::Actor;
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::identity::Phone;
use crate::booking::reference::Reference;
use crate::booking::waiting::{MOST_LAPSES, Wait, WaitCount, WaitRequest, WaitState};

/// How many fresh references are tried before the store gives up.
const REFERENCE_ATTEMPTS: usize = 40;

/// How long a place that comes free stays shut while somebody waits for its service, so that it can be passed on before
/// anybody else takes it: several runs of the job that does so.
pub(super) const ROOM: TimeDelta = TimeDelta::seconds(60);

/// `SELECT` of all that makes a [`StoredWait`], as a literal so that every statement stays one.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT w.id AS id, w.reference AS reference, w.state AS state, w.request AS request, w.actor AS actor, ",
            "w.channel AS channel, w.beneficiary_key AS beneficiary_key, ",
            "(SELECT COUNT(*) FROM appointments a WHERE a.service_id = w.service_id ",
            "AND a.beneficiary_key = w.beneficiary_key AND a.ends_at > $1 ",
            "AND a.state IN ('booked', 'checked_in', 'started')) AS standing FROM waits w WHERE ",
            $condition
        )
    };
}

/// A wait with what only the store knows of it.
#[derive(Debug, Clone)]
pub(super) struct StoredWait {
    /// The id of its row.
    pub id: String,
    /// What the citizen keeps.
    pub reference: Reference,
    /// Where it stands.
    pub state: WaitState,
    /// What is waited for.
    pub request: WaitRequest,
    /// Who joined.
    pub actor: Actor,
    /// As whom the beneficiary counts towards the limits.
    pub key: String,
    /// How many live appointments of the service the beneficiary has.
    pub standing: u32,
}

impl StoredWait {
    /// As it is told of somebody who waits and to whom nothing is offered.
    pub(super) fn without_offer(self) -> Wait {
        let Self { reference, request, .. } = self;
        Wait { reference, request, state: WaitState::Waiting, offer: None, outrun: false, appointment: None }
    }
}

/// Who joins, and as what it is kept.
#[derive(Debug)]
pub(super) struct NewWait<'a> {
    /// The wish and the people.
    pub request: &'a WaitRequest,
    /// As whom the beneficiary counts towards the limits.
    pub key: &'a str,
    /// Who joins.
    pub actor: &'a Actor,
    /// When there is nothing left to wait for.
    pub over_at: DateTime<Utc>,
}

/// Whether anybody waits for a service.
pub(super) async fn somebody_waits(tx: &mut AnyConnection, service: &ServiceId) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT id FROM waits WHERE state = 'waiting' AND service_id = $1 LIMIT 1")
        .bind(service.as_str())
        .fetch_optional(tx)
        .await?;
    Ok(row.is_some())
}

/// The wait with this reference.
pub(super) async fn by_reference(
    tx: &mut AnyConnection,
    reference: &Reference,
    now: i64,
) -> Result<Option<StoredWait>, StoreError> {
    let row = sqlx::query(select!("w.reference = $2")).bind(now).bind(reference.as_str()).fetch_optional(tx).await?;
    row.as_ref().map(stored).transpose()
}

/// The live wait of a beneficiary for a service.
pub(super) async fn live_of(
    tx: &mut AnyConnection,
    service: &ServiceId,
    key: &str,
    now: i64,
) -> Result<Option<StoredWait>, StoreError> {
    let row =
        sqlx::query(select!("w.service_id = $2 AND w.beneficiary_key = $3 AND w.state IN ('waiting', 'offered')"))
            .bind(now)
            .bind(service.as_str())
            .bind(key)
            .fetch_optional(tx)
            .await?;
    row.as_ref().map(stored).transpose()
}

/// Puts somebody at the end of the queue.
pub(super) async fn insert(tx: &mut AnyConnection, new: &NewWait<'_>, now: i64) -> Result<StoredWait, StoreError> {
    let kept = WaitRequest { identity: None, ..new.request.clone() };
    for _ in 0..REFERENCE_ATTEMPTS {
        let wait = StoredWait {
            id: new_id(),
            reference: Reference::of_wait(rand::random()),
            state: WaitState::Waiting,
            request: kept.clone(),
            actor: new.actor.clone(),
            key: new.key.to_owned(),
            standing: 0,
        };
        if insert_once(tx, &wait, new.over_at.timestamp(), now).await? {
            return Ok(wait);
        }
    }
    Err(StoreError::Conflict)
}

/// Inserts the row; `false` when its reference is taken, be it by an appointment of old.
async fn insert_once(tx: &mut AnyConnection, wait: &StoredWait, over_at: i64, now: i64) -> Result<bool, StoreError> {
    let json = |error: Result<String, serde_json::Error>| error.map_err(|_| StoreError::Unreadable("wait"));
    let result = sqlx::query(
        "INSERT INTO waits (id, reference, state, service_id, offices, request, phone, beneficiary_key, actor, channel, \
         queued_at, lapses, over_at, created_at, updated_at) \
         SELECT $1, $2, 'waiting', $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $10, $10 \
         WHERE NOT EXISTS (SELECT 1 FROM appointments WHERE reference = $2) ON CONFLICT (reference) DO NOTHING",
    )
    .bind(wait.id.as_str())
    .bind(wait.reference.as_str())
    .bind(wait.request.service.as_str())
    .bind(json(serde_json::to_string(&wait.request.offices))?)
    .bind(json(serde_json::to_string(&wait.request))?)
    .bind(wait.request.phone.as_str())
    .bind(wait.key.as_str())
    .bind(json(serde_json::to_string(&wait.actor))?)
    .bind(wait.actor.channel())
    .bind(now)
    .bind(over_at)
    .execute(tx)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Takes a wait from one state to another; `false` when it was not in that state.
pub(super) async fn set_state(
    tx: &mut AnyConnection,
    id: &str,
    from: WaitState,
    to: WaitState,
    now: i64,
) -> Result<bool, StoreError> {
    let result = sqlx::query("UPDATE waits SET state = $1, updated_at = $2 WHERE id = $3 AND state = $4")
        .bind(to.as_str())
        .bind(now)
        .bind(id)
        .bind(from.as_str())
        .execute(tx)
        .await?;
    Ok(result.rows_affected() == 1)
}

/// Whoever answers shows that somebody is there.
pub(super) async fn forgive(tx: &mut AnyConnection, id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE waits SET lapses = 0 WHERE id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// Goes on waiting after an offer without an answer; the second one in a row costs the place in the queue.
pub(super) async fn lapse(tx: &mut AnyConnection, id: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE waits SET state = 'waiting', updated_at = $1, \
         queued_at = CASE WHEN lapses + 1 >= $2 THEN $1 ELSE queued_at END, \
         lapses = CASE WHEN lapses + 1 >= $2 THEN 0 ELSE lapses + 1 END WHERE id = $3 AND state = 'offered'",
    )
    .bind(now)
    .bind(MOST_LAPSES)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// The reference of a wait.
pub(super) async fn reference_of(tx: &mut AnyConnection, id: &str) -> Result<Reference, StoreError> {
    let row = sqlx::query("SELECT reference FROM waits WHERE id = $1").bind(id).fetch_one(tx).await?;
    Reference::parse(&row.text("reference")?).map_err(|_| StoreError::Unreadable("reference"))
}

impl Store {
    /// The wait with this reference; with this telephone too, when one is given.
    pub(super) async fn wait(
        &self,
        reference: &Reference,
        phone: Option<&Phone>,
    ) -> Result<Option<StoredWait>, StoreError> {
        let mut connection = self.read.acquire().await?;
        let wait = by_reference(&mut connection, reference, self.now()).await?;
        Ok(wait.filter(|wait| phone.is_none_or(|phone| *phone == wait.request.phone)))
    }

    /// All who wait for an offer, in the order in which they are asked.
    pub(super) async fn queue(&self) -> Result<Vec<StoredWait>, StoreError> {
        let rows = sqlx::query(select!("w.state = 'waiting' AND w.over_at > $1 ORDER BY w.queued_at, w.id"))
            .bind(self.now())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(stored).collect()
    }

    /// How many wait for what.
    pub(super) async fn wait_counts(&self) -> Result<Vec<WaitCount>, StoreError> {
        let rows = sqlx::query(
            "SELECT service_id, offices, COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting, \
             COUNT(CASE WHEN state = 'offered' THEN 1 END) AS offered FROM waits \
             WHERE state IN ('waiting', 'offered') GROUP BY service_id, offices",
        )
        .fetch_all(&self.read)
        .await?;
        let mut counts = std::collections::BTreeMap::<(String, String), (u32, u32)>::new();
        for row in &rows {
            let offices: Vec<OfficeId> =
                serde_json::from_str(&row.text("offices")?).map_err(|_| StoreError::Unreadable("offices"))?;
            let any = offices.is_empty().then(String::new);
            for office in offices.iter().map(|office| office.as_str().to_owned()).chain(any) {
                let count = counts.entry((row.text("service_id")?, office)).or_default();
                *count = (count.0 + small(row, "waiting")?, count.1 + small(row, "offered")?);
            }
        }
        let count = |((service, office), (waiting, offered)): ((String, String), (u32, u32))| WaitCount {
            service: ServiceId::new(service),
            office: Some(office).filter(|office| !office.is_empty()).map(OfficeId::new),
            waiting,
            offered,
        };
        Ok(counts.into_iter().map(count).collect())
    }

    /// Deletes the waits that came to their end before an instant, with what was offered to them; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_waits(&self, ended_before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let result = sqlx::query("DELETE FROM waits WHERE state IN ('booked', 'withdrawn') AND updated_at < $1")
            .bind(ended_before.timestamp())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(result.rows_affected())
    }
}

fn small(row: &AnyRow, column: &'static str) -> Result<u32, StoreError> {
    u32::try_from(row.number(column)?).map_err(|_| StoreError::Unreadable(column))
}

fn stored(row: &AnyRow) -> Result<StoredWait, StoreError> {
    Ok(StoredWait {
        id: row.text("id")?,
        reference: Reference::parse(&row.text("reference")?).map_err(|_| StoreError::Unreadable("reference"))?,
        state: WaitState::parse(&row.text("state")?).ok_or(StoreError::Unreadable("state"))?,
        request: serde_json::from_str(&row.text("request")?).map_err(|_| StoreError::Unreadable("request"))?,
        actor: serde_json::from_str(&row.text("actor")?).map_err(|_| StoreError::Unreadable("actor"))?,
        key: row.text("beneficiary_key")?,
        standing: small(row, "standing")?,
    })
}
