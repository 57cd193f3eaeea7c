//! What can go wrong in the store, and which of it is worth another try.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::booking::refusal::Refusal;

/// Why the store did not do it; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no database this program knows.
    #[error("a database URL begins with sqlite: or postgres:")]
    Url,
    /// The database could not be opened.
    #[error("cannot open the database")]
    Open(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("cannot migrate the database")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("the database refused a statement")]
    Database(#[from] sqlx::Error),
    /// Somebody else saved in between.
    #[error("somebody else saved in between")]
    Conflict,
    /// A stored value cannot be read back.
    #[error("the database holds an unreadable {0}")]
    Unreadable(&'static str),
    /// The catalogue contradicts itself.
    #[error("the catalogue is wrong: {0}")]
    Catalogue(String),
}

impl StoreError {
    /// Whether the same call may succeed when it is made again at once: a deadlock broken by the database, a busy file.
    pub(super) fn is_transient(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01" | "5" | "6" | "517"))
    }

    /// Whether the database refused a row because of a trigger or a constraint on claims.
    pub(super) fn is_slot_taken(error: &sqlx::Error) -> bool {
        error
            .as_database_error()
            .is_some_and(|e| e.message().contains("slot_taken") || e.code().is_some_and(|code| code == "23P01"))
    }
}

/// Why one attempt inside a transaction came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The rules say no.
    Refused(Refusal),
    /// Somebody changed the same thing in between: read again, try again.
    Again,
    /// The store itself.
    Store(StoreError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// How often a call that chance was against is made again before its failure is believed, and after which pauses.
fn patience() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(1))
        .with_max_delay(Duration::from_millis(100))
        .with_max_times(10)
        .with_jitter()
}

/// Makes a call again when only chance was against it.
pub(super) async fn retrying<T, F>(attempt: impl FnMut() -> F) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Failure>>,
{
    attempt.retry(patience()).when(Failure::is_chance).await.map_err(refusal)
}

impl Failure {
    fn is_chance(&self) -> bool {
        match self {
            Self::Again => true,
            Self::Store(error) => error.is_transient(),
            Self::Refused(_) => false,
        }
    }
}

/// The refusal that callers see.
fn refusal(failure: Failure) -> Refusal {
    match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Again => Refusal::Unavailable("too many changes at once".to_owned()),
        Failure::Store(error) => unavailable(&error),
    }
}

/// Logs what the store said and tells callers only that it is away.
pub(super) fn unavailable(error: &StoreError) -> Refusal {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    tracing::error!(store.cause = cause, "{error}");
    Refusal::Unavailable(error.to_string())
}
