//! What differs between the two databases: how to connect, how to begin, how to make others wait.

use std::path::Path;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection};

use super::error::StoreError;

/// Connections that a pool opens at most.
const READERS: u32 = 8;
const POSTGRES_WRITERS: u32 = 16;

/// A connection that has not been used for so long may have been lost meanwhile.
const RESTED: Duration = Duration::from_secs(2);

/// How long a request waits for a connection before the store counts as away.
const PATIENCE: Duration = Duration::from_secs(20);

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer, many readers.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// The engine that a URL names.
    ///
    /// # Errors
    /// [`StoreError::Url`] for any scheme but `sqlite`, `postgres` and `postgresql`.
    pub fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::Url),
        }
    }

    /// The folder of its migrations.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite/",
            Self::Postgres => "postgres/",
        }
    }

    /// How a transaction that will write begins. SQLite takes its one write lock at once, so that a transaction never
    /// finds half-way that somebody else wrote first.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// The pools to read from and to write with.
    pub(super) async fn connect(self, url: &str) -> Result<(AnyPool, AnyPool), StoreError> {
        sqlx::any::install_default_drivers();
        match self {
            Self::Sqlite => connect_sqlite(url).await,
            Self::Postgres => {
                // Two pools: whoever only reads never waits behind those who book.
                let read = postgres_pool(READERS).connect(url).await.map_err(StoreError::Open)?;
                let write = postgres_pool(POSTGRES_WRITERS).connect(url).await.map_err(StoreError::Open)?;
                Ok((read, write))
            }
        }
    }

    /// Waits until nobody is claiming time at an office, and lets nobody begin until the transaction ends. On SQLite
    /// there is one writer anyway; on PostgreSQL this lock and the one that a new claim takes on its office exclude
    /// each other.
    pub(super) async fn lock_office(self, tx: &mut AnyConnection, office: &str) -> Result<(), sqlx::Error> {
        if self == Self::Postgres {
            sqlx::query("SELECT id FROM offices WHERE id = $1 FOR UPDATE").bind(office).execute(tx).await?;
        }
        Ok(())
    }
}

/// Waits until nobody else stands in this line, and keeps it until the transaction ends: whoever comes next sees all that was
/// written. On SQLite there is one writer anyway; on PostgreSQL it is an advisory lock.
pub(super) async fn wait_in_line(tx: &mut AnyConnection, line: &str) -> Result<(), StoreError> {
    if tx.backend_name() == "PostgreSQL" {
        // As text, because the lock itself answers nothing that can be read.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text").bind(line).execute(tx).await?;
    }
    Ok(())
}

async fn connect_sqlite(url: &str) -> Result<(AnyPool, AnyPool), StoreError> {
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let url = if in_memory { url.to_owned() } else { prepare_file(url)? };
    let write = sqlite_pool(1).connect(&url).await.map_err(StoreError::Open)?;
    // A database in memory lives in its one connection.
    let read =
        if in_memory { write.clone() } else { sqlite_pool(READERS).connect(&url).await.map_err(StoreError::Open)? };
    Ok((read, write))
}

/// A pool that asks a connection for a sign of life only when it has rested: asking each time costs a round trip a request.
fn pool(connections: u32) -> AnyPoolOptions {
    let options =
        AnyPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE).test_before_acquire(false);
    options.before_acquire(|connection, meta| {
        Box::pin(async move {
            if meta.idle_for > RESTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    })
}

/// Every statement here is about few rows and has its index. A database that is filled for the first time has no statistics yet;
/// unless told so the planner would read whole tables, and go on doing so while they grow.
fn postgres_pool(connections: u32) -> AnyPoolOptions {
    pool(connections).after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::raw_sql("SET enable_seqscan = off").execute(connection).await?;
            Ok(())
        })
    })
}

fn sqlite_pool(connections: u32) -> AnyPoolOptions {
    pool(connections).idle_timeout(None).max_lifetime(None).after_connect(|connection, _| {
        Box::pin(async move {
            let settings = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                            PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";
            sqlx::raw_sql(settings).execute(connection).await?;
            Ok(())
        })
    })
}

/// Makes the folder of the file, and the URL one that makes the file.
fn prepare_file(url: &str) -> Result<String, StoreError> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let path = address.trim_start_matches("sqlite:").trim_start_matches("//");
    if let Some(folder) = Path::new(path).parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::Open(sqlx::Error::Io(e)))?;
    }
    Ok(match query {
        "" => format!("{address}?mode=rwc"),
        query if query.contains("mode=") => url.to_owned(),
        _ => format!("{url}&mode=rwc"),
    })
}
