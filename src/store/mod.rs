//! The only SQL.
//!
//! Every statement is written once, for SQLite and PostgreSQL alike: numbered placeholders, times as seconds since 1970
//! UTC, truth values as 0 and 1, identifiers and JSON as text. What differs lies in `migrations/` and in [`Engine`].
//!
//! **Invariant:** no two live claims share a resource at the same time; the database refuses the second (an exclusion
//! constraint on PostgreSQL, triggers on SQLite). Code only explains the refusal.

mod appointments;
mod audit;
mod busy_calendars;
mod busy_import;
mod calendar_feeds;
mod catalogue;
mod changes;
mod claims;
mod closures;
mod conversations;
mod crowd;
mod desk;
mod editions;
mod engine;
mod error;
mod follow_ups;
mod given_back;
mod holds;
mod journal;
mod local_core;
mod memory;
mod messages;
mod migrate;
mod news;
mod offering;
mod offers;
mod outbox;
mod requests;
mod row;
mod shares;
mod waiting;
mod waits;

use sqlx::{Any, AnyPool, Transaction};

use crate::clock::Clock;
pub use busy_calendars::{BusyCalendar, BusyImport, Collision};
pub use busy_import::BusyChanges;
pub use calendar_feeds::CalendarFeed;
pub use conversations::{NewConversation, SaveTurn, StoredConversation, StoredExchange};
pub use editions::Unfit;
pub use engine::Engine;
pub use error::StoreError;
pub use follow_ups::{CallbackRequest, Handoff};
pub use local_core::LocalCore;
pub use messages::{DueMessage, TRIED_FOR, Undelivered};
pub use news::Turned;
pub use requests::RequestTurn;

/// The database: one SQLite file or one PostgreSQL server. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    read: AnyPool,
    write: AnyPool,
    clock: Clock,
}

impl Store {
    /// Opens the database at `sqlite://PATH`, `sqlite::memory:` or `postgres://…`; an absent SQLite file is made.
    ///
    /// # Errors
    /// [`StoreError::Url`] for another scheme, [`StoreError::Open`] when it cannot be reached.
    pub async fn open(url: &str, clock: Clock) -> Result<Self, StoreError> {
        let engine = Engine::of(url)?;
        let (read, write) = engine.connect(url).await?;
        Ok(Self { engine, read, write, clock })
    }

    /// Which database it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Brings the tables up to date; does nothing when they are.
    ///
    /// # Errors
    /// [`StoreError::Migrate`]; what was applied before the failing step stays.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrate::run(self.engine, &self.write).await
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// Closes the connections once their work is done.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Begins a transaction, on a task of its own: were its caller dropped while the database is beginning (somebody hung up),
    /// the PostgreSQL driver would put the connection back into the pool with a transaction open that nobody ends.
    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let (pool, statement) = (self.write.clone(), self.engine.begin());
        let begun = tokio::spawn(async move { pool.begin_with(statement).await });
        Ok(begun.await.map_err(|_| sqlx::Error::WorkerCrashed)??)
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }
}

/// A fresh identifier; later ones sort after earlier ones.
fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
