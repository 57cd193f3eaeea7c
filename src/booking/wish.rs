//! What a search asks for in time: windows, exclusions, weekdays, a part of the day.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::catalogue::Day;
use super::core::{SlotQuery, Window};

/// The times that a query asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    query: &'a SlotQuery,
}

impl<'a> Wish<'a> {
    pub(super) fn new(query: &'a SlotQuery) -> Self {
        Self { query }
    }

    /// Whether a slot that starts on `date`, which is `day`, might be asked for.
    pub(super) fn touches(&self, date: NaiveDate, day: Window) -> bool {
        let asked = &self.query.windows;
        let weekdays = &self.query.weekdays;
        (weekdays.is_empty() || weekdays.contains(&Day::from(date.weekday())))
            && (asked.is_empty() || asked.iter().any(|w| w.from < day.to && day.from < w.to.max(after_instant(*w))))
            && !self.query.excluded.iter().any(|w| w.from <= day.from && day.to <= w.to)
    }

    /// Whether a slot at `start`, on a day that it touches, is asked for by the wall clock of `zone`.
    pub(super) fn grants(&self, zone: Tz, start: DateTime<Utc>) -> bool {
        let asked = &self.query.windows;
        (asked.is_empty() || asked.iter().any(|w| starts_in(*w, start)))
            && !self.query.excluded.iter().any(|w| starts_in(*w, start))
            && self.in_part_of_day(zone, start)
    }

    /// Whether it grants every start of the days that it touches.
    pub(super) fn takes_whole_days(&self) -> bool {
        self.query.windows.is_empty() && self.query.excluded.is_empty() && self.query.daily.is_none()
    }

    /// Whether it asks only for times before `instant`.
    pub(super) fn lies_before(&self, instant: DateTime<Utc>) -> bool {
        !self.query.windows.is_empty() && self.query.windows.iter().all(|w| w.to <= instant)
    }

    /// The first instant from `instant` on that it names.
    pub(super) fn first_after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let later = self.query.windows.iter().filter(|w| w.to.max(after_instant(**w)) > instant);
        later.map(|w| w.from.max(instant)).min()
    }

    fn in_part_of_day(&self, zone: Tz, start: DateTime<Utc>) -> bool {
        self.query.daily.is_none_or(|daily| {
            let time = start.with_timezone(&zone).time();
            if daily.from <= daily.to {
                daily.from <= time && time < daily.to
            } else {
                daily.from <= time || time < daily.to
            }
        })
    }
}

/// Whether a slot starts in a window; a window without length is a clock time and means a slot that starts then.
fn starts_in(window: Window, start: DateTime<Utc>) -> bool {
    window.from == start || (window.from < start && start < window.to)
}

/// The instant just after a window's beginning, so that a clock time touches its day.
fn after_instant(window: Window) -> DateTime<Utc> {
    window.from + chrono::TimeDelta::seconds(1)
}
