//! How far ahead one may book (πότε ανοίγουν τα ραντεβού): a horizon that moves with the clock, one that opens a day at a set
//! hour, or one that opens a batch of days at a set hour.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::booking::calendar::first_instant;
use crate::booking::catalogue::{Day, hour_minute};

/// Days within which every kind of release comes once: a month, and the day on which its hour may have passed.
const LONGEST_CYCLE: usize = 33;

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
    /// The last date that is bookable at `now`; it may lie in the past, when the latest batch is used up.
    #[must_use]
    pub fn open_until(self, horizon_days: u32, now: DateTime<Utc>, zone: Tz) -> NaiveDate {
        let today = now.with_timezone(&zone).date_naive();
        let hour = self.hour().map(|at| move |date: NaiveDate| first_instant(zone, date.and_time(at)));
        let latest = match hour {
            Some(opening) if !self.releases_on(today) || opening(today) > now => self.release_before(today),
            _ => today,
        };
        latest.checked_add_days(Days::new(u64::from(horizon_days))).unwrap_or(NaiveDate::MAX)
    }

    /// When the next day or batch opens after `now`; `None` where the horizon moves by itself.
    #[must_use]
    pub fn next(self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let at = self.hour()?;
        let today = now.with_timezone(&zone).date_naive();
        let releases = today.iter_days().take(LONGEST_CYCLE).filter(|date| self.releases_on(*date));
        releases.map(|date| first_instant(zone, date.and_time(at))).find(|opening| *opening > now)
    }

    /// When `date` becomes bookable; `None` when it is already, and where the horizon moves by itself.
    #[must_use]
    pub fn opens_at(self, date: NaiveDate, horizon_days: u32, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let at = self.hour()?;
        let earliest = date.checked_sub_days(Days::new(u64::from(horizon_days)))?;
        let release = earliest.iter_days().take(LONGEST_CYCLE).find(|date| self.releases_on(*date))?;
        Some(first_instant(zone, release.and_time(at))).filter(|opening| *opening > now)
    }

    /// At which hour it releases; `None` where the horizon moves by itself.
    fn hour(self) -> Option<NaiveTime> {
        match self {
            Self::Continuous => None,
            Self::Daily { at } | Self::Weekly { at, .. } | Self::Monthly { at, .. } => Some(at),
        }
    }

    fn releases_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Continuous | Self::Daily { .. } => true,
            Self::Weekly { on, .. } => Day::from(date.weekday()) == on,
            Self::Monthly { on, .. } => date.day() == on,
        }
    }

    fn release_before(self, date: NaiveDate) -> NaiveDate {
        let mut earlier = (1..=LONGEST_CYCLE as u64).filter_map(|days| date.checked_sub_days(Days::new(days)));
        earlier.find(|date| self.releases_on(*date)).unwrap_or(date)
    }
}
