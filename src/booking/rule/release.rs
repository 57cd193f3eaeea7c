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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ATHENS;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn nine() -> NaiveTime {
        NaiveTime::from_hms_opt(9, 0, 0).expect("nine")
    }

    /// For each moment by the wall clock of Athens: the last bookable date, and when the next one opens.
    fn check(release: Release, horizon: u32, table: &[(&str, &str, &str)]) {
        for (now, last, next) in table {
            let now = instant(now);
            assert_eq!(release.open_until(horizon, now, ATHENS), date(last), "{release:?} at {now}");
            let expected = (!next.is_empty()).then(|| instant(next));
            assert_eq!(release.next(now, ATHENS), expected, "{release:?} at {now}");
            let day_after = date(last).succ_opt().expect("a date");
            assert_eq!(release.opens_at(day_after, horizon, now, ATHENS), expected, "{release:?} at {now}");
            assert_eq!(release.opens_at(date(last), horizon, now, ATHENS), None, "{release:?} at {now}: open already");
        }
    }

    #[test]
    fn the_continuous_horizon_moves_at_midnight_and_announces_nothing() {
        check(
            Release::Continuous,
            30,
            &[("2026-11-23T23:59:59+02:00", "2026-12-23", ""), ("2026-11-24T00:00:00+02:00", "2026-12-24", "")],
        );
    }

    #[test]
    fn one_more_day_opens_each_day_at_its_hour() {
        check(
            Release::Daily { at: nine() },
            30,
            &[
                ("2026-11-23T08:59:59+02:00", "2026-12-22", "2026-11-23T09:00:00+02:00"),
                ("2026-11-23T09:00:00+02:00", "2026-12-23", "2026-11-24T09:00:00+02:00"),
                ("2026-03-28T10:00:00+02:00", "2026-04-27", "2026-03-29T09:00:00+03:00"),
                ("2026-10-24T10:00:00+03:00", "2026-11-23", "2026-10-25T09:00:00+02:00"),
            ],
        );
    }

    #[test]
    fn a_week_opens_at_once_on_its_day_and_hour() {
        check(
            Release::Weekly { on: Day::Mon, at: nine() },
            14,
            &[
                ("2026-11-23T08:59:59+02:00", "2026-11-30", "2026-11-23T09:00:00+02:00"),
                ("2026-11-23T09:00:00+02:00", "2026-12-07", "2026-11-30T09:00:00+02:00"),
                ("2026-11-29T23:00:00+02:00", "2026-12-07", "2026-11-30T09:00:00+02:00"),
                // Clocks change on the Sunday before.
                ("2026-03-27T12:00:00+02:00", "2026-04-06", "2026-03-30T09:00:00+03:00"),
                ("2026-10-23T12:00:00+03:00", "2026-11-02", "2026-10-26T09:00:00+02:00"),
            ],
        );
    }

    #[test]
    fn a_batch_opens_once_a_month() {
        check(
            Release::Monthly { on: 28, at: nine() },
            35,
            &[
                ("2028-02-28T08:59:59+02:00", "2028-03-03", "2028-02-28T09:00:00+02:00"),
                ("2028-02-29T00:00:00+02:00", "2028-04-03", "2028-03-28T09:00:00+03:00"),
                ("2026-12-31T23:59:00+02:00", "2027-02-01", "2027-01-28T09:00:00+02:00"),
            ],
        );
    }

    #[test]
    fn an_hour_that_the_clock_jumps_over_opens_when_it_has_jumped() {
        let half_past_three = NaiveTime::from_hms_opt(3, 30, 0).expect("a time");
        check(
            Release::Daily { at: half_past_three },
            1,
            &[("2026-03-29T02:59:00+02:00", "2026-03-29", "2026-03-29T04:00:00+03:00")],
        );
    }
}
