//! Reading columns as the types of the product.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::error::StoreError;

/// Reads columns by name.
pub(super) trait Columns {
    /// A text column.
    fn text(&self, column: &str) -> Result<String, StoreError>;
    /// A text column that may be NULL.
    fn optional_text(&self, column: &str) -> Result<Option<String>, StoreError>;
    /// A number column.
    fn number(&self, column: &str) -> Result<i64, StoreError>;
    /// An instant, stored as seconds since 1970 UTC.
    fn instant(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError>;
}

impl Columns for AnyRow {
    fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn optional_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn instant(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp(self.number(column)?, 0).ok_or(StoreError::Unreadable(column))
    }
}
