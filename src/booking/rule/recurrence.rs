//! In which weeks an opening rule holds: every one, every n-th, or certain weeks of the month.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The weeks in which a rule holds; of both parts, when both are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recurrence {
    /// Every so many weeks, 1 to 52, counted in weeks from Monday on from the week of `valid_from`. Default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_weeks: Option<u32>,
    /// On the first (1) to fifth (5) or the last (-1) of that weekday in its month; on each of them when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weeks_of_month: Vec<i8>,
}

impl Recurrence {
    /// Whether a rule that is counted from `anchor` holds on `date`.
    #[must_use]
    pub fn holds(&self, date: NaiveDate, anchor: Option<NaiveDate>) -> bool {
        self.in_week(date, anchor) && self.in_month(date)
    }

    fn in_week(&self, date: NaiveDate, anchor: Option<NaiveDate>) -> bool {
        let every = i64::from(self.every_weeks.unwrap_or(1).max(1));
        let monday = |date: NaiveDate| {
            date.num_days_from_ce() - i32::try_from(date.weekday().num_days_from_monday()).unwrap_or(0)
        };
        anchor.is_none_or(|anchor| (i64::from(monday(date) - monday(anchor)) / 7).rem_euclid(every) == 0)
    }

    fn in_month(&self, date: NaiveDate) -> bool {
        let nth = i8::try_from((date.day() - 1) / 7 + 1).unwrap_or(5);
        let last = date.day() + 7 > u32::from(date.num_days_in_month());
        self.weeks_of_month.is_empty() || self.weeks_of_month.iter().any(|&week| week == nth || (week == -1 && last))
    }
}
