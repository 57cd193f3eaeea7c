//! Conversations and their exchanges; one turn at a time is saved, whichever came first.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::Store;
use super::error::StoreError;
use super::row::Columns;

/// A conversation about to begin, with its greeting.
#[derive(Debug, Clone)]
pub struct NewConversation {
    /// Its id.
    pub id: String,
    /// The hash of the secret that whoever goes on with it must show.
    pub token_hash: String,
    /// The channel's name.
    pub channel: String,
    /// Which version of the program wrote `state`.
    pub state_version: u32,
    /// The dialog's state, JSON.
    pub state: String,
    /// The greeting, turn 0, JSON.
    pub greeting: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A conversation as it was last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredConversation {
    /// Its id.
    pub id: String,
    /// The hash of its secret.
    pub token_hash: String,
    /// The channel's name.
    pub channel: String,
    /// Which version of the program wrote `state`.
    pub state_version: u32,
    /// The dialog's state, JSON.
    pub state: String,
    /// The last turn saved; 0 is the greeting.
    pub turn: u32,
    /// Whether it goes on, by the public name: `open`, `ended`, `handed_off`. The database refuses any other.
    pub status: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When its last turn was saved.
    pub updated_at: DateTime<Utc>,
}

/// A turn to be saved: turn `expected_turn + 1`.
#[derive(Debug, Clone)]
pub struct SaveTurn {
    /// The conversation.
    pub id: String,
    /// Its last turn when it was loaded.
    pub expected_turn: u32,
    /// Which version of the program wrote `state`.
    pub state_version: u32,
    /// The dialog's new state, JSON.
    pub state: String,
    /// Whether it goes on, by the public name: `open`, `ended`, `handed_off`. The database refuses any other.
    pub status: String,
    /// What came in, JSON.
    pub inbound: String,
    /// What goes out, JSON.
    pub outbound: String,
    /// The key under which the same request may come again.
    pub idempotency_key: Option<String>,
    /// The hash of what came in, to notice a key used twice for different things.
    pub inbound_hash: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// One saved turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredExchange {
    /// Its number; 0 is the greeting.
    pub turn: u32,
    /// What came in, JSON; absent at turn 0.
    pub inbound: Option<String>,
    /// What went out, JSON.
    pub outbound: String,
    /// The hash of what came in.
    pub inbound_hash: Option<String>,
}

impl Store {
    /// Begins a conversation.
    ///
    /// # Errors
    /// When the id is taken or the database does not answer.
    pub async fn create_conversation(&self, new: &NewConversation) -> Result<(), StoreError> {
        let now = new.now.timestamp();
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO conversations (id, token_hash, channel, state_version, state, turn, status, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, 0, 'open', $6, $6)",
        )
        .bind(&new.id)
        .bind(&new.token_hash)
        .bind(&new.channel)
        .bind(i64::from(new.state_version))
        .bind(&new.state)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        sqlx::query("INSERT INTO exchanges (conversation_id, turn, outbound, at) VALUES ($1, 0, $2, $3)")
            .bind(&new.id)
            .bind(&new.greeting)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The conversation with this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load_conversation(&self, id: &str) -> Result<Option<StoredConversation>, StoreError> {
        let row = sqlx::query(
            "SELECT id, token_hash, channel, state_version, state, turn, status, created_at, updated_at \
             FROM conversations WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.read)
        .await?;
        row.as_ref().map(conversation).transpose()
    }

    /// Saves a turn, all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another turn was saved since `expected_turn`, or the key was used before.
    pub async fn save_turn(&self, turn: &SaveTurn) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if !update_conversation(&mut tx, turn).await? {
            return Err(StoreError::Conflict);
        }
        insert_exchange(&mut tx, turn).await?;
        Ok(tx.commit().await?)
    }

    /// The turn of a conversation that was saved under an idempotency key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exchange_by_key(&self, id: &str, key: &str) -> Result<Option<StoredExchange>, StoreError> {
        let row = sqlx::query(
            "SELECT turn, inbound, outbound, inbound_hash FROM exchanges \
             WHERE conversation_id = $1 AND idempotency_key = $2",
        )
        .bind(id)
        .bind(key)
        .fetch_optional(&self.read)
        .await?;
        row.as_ref().map(exchange).transpose()
    }

    /// The turns of a conversation after `turn`, in order; all of them, the greeting too, when `turn` is `None`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exchanges_after(&self, id: &str, turn: Option<u32>) -> Result<Vec<StoredExchange>, StoreError> {
        let rows = sqlx::query(
            "SELECT turn, inbound, outbound, inbound_hash FROM exchanges \
             WHERE conversation_id = $1 AND turn > $2 ORDER BY turn",
        )
        .bind(id)
        .bind(turn.map_or(-1, i64::from))
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(exchange).collect()
    }

    /// Deletes conversations that nobody has gone on with since `older_than`, with all that was said; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_conversations(&self, older_than: DateTime<Utc>) -> Result<u64, StoreError> {
        let result = sqlx::query("DELETE FROM conversations WHERE updated_at < $1")
            .bind(older_than.timestamp())
            .execute(&self.write)
            .await?;
        Ok(result.rows_affected())
    }
}

async fn update_conversation(tx: &mut AnyConnection, turn: &SaveTurn) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE conversations SET state_version = $1, state = $2, status = $3, updated_at = $4, turn = turn + 1 \
         WHERE id = $5 AND turn = $6",
    )
    .bind(i64::from(turn.state_version))
    .bind(&turn.state)
    .bind(&turn.status)
    .bind(turn.now.timestamp())
    .bind(&turn.id)
    .bind(i64::from(turn.expected_turn))
    .execute(tx)
    .await?;
    Ok(result.rows_affected() == 1)
}

async fn insert_exchange(tx: &mut AnyConnection, turn: &SaveTurn) -> Result<(), StoreError> {
    let result = sqlx::query(
        "INSERT INTO exchanges (conversation_id, turn, inbound, outbound, idempotency_key, inbound_hash, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(&turn.id)
    .bind(i64::from(turn.expected_turn) + 1)
    .bind(&turn.inbound)
    .bind(&turn.outbound)
    .bind(turn.idempotency_key.clone())
    .bind(&turn.inbound_hash)
    .bind(turn.now.timestamp())
    .execute(tx)
    .await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn conversation(row: &AnyRow) -> Result<StoredConversation, StoreError> {
    Ok(StoredConversation {
        id: row.text("id")?,
        token_hash: row.text("token_hash")?,
        channel: row.text("channel")?,
        state_version: small(row, "state_version")?,
        state: row.text("state")?,
        turn: small(row, "turn")?,
        status: row.text("status")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}

fn exchange(row: &AnyRow) -> Result<StoredExchange, StoreError> {
    Ok(StoredExchange {
        turn: small(row, "turn")?,
        inbound: row.optional_text("inbound")?,
        outbound: row.text("outbound")?,
        inbound_hash: row.optional_text("inbound_hash")?,
    })
}

fn small(row: &AnyRow, column: &'static str) -> Result<u32, StoreError> {
    u32::try_from(row.number(column)?).map_err(|_| StoreError::Unreadable(column))
}
