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

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn held(recurrence: &Recurrence, anchor: Option<&str>, from: &str, days: usize) -> Vec<u32> {
        let dates = date(from).iter_days().take(days);
        dates.filter(|day| recurrence.holds(*day, anchor.map(date))).map(|day| day.day()).collect()
    }

    #[test]
    fn every_n_weeks_counts_from_the_monday_of_the_first_week() {
        let second = Recurrence { every_weeks: Some(2), ..Recurrence::default() };
        // Thursday 1 October 2026 is the anchor: its week runs from 28 September to 4 October.
        assert_eq!(
            held(&second, Some("2026-10-01"), "2026-09-28", 22),
            [28, 29, 30, 1, 2, 3, 4, 12, 13, 14, 15, 16, 17, 18]
        );
        assert_eq!(
            held(&second, None, "2026-10-01", 3),
            [1, 2, 3],
            "without a first day there is nothing to count from"
        );
        let across_the_year = held(&second, Some("2026-12-21"), "2026-12-28", 14);
        assert_eq!(across_the_year, [4, 5, 6, 7, 8, 9, 10], "week 53 is a week like any other");
    }

    #[test]
    fn weeks_of_the_month_count_each_weekday_by_itself() {
        let of = |weeks: &[i8]| Recurrence { weeks_of_month: weeks.to_vec(), ..Recurrence::default() };
        assert_eq!(held(&of(&[1]), None, "2026-11-01", 30), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(held(&of(&[5]), None, "2026-11-01", 30), [29, 30]);
        assert_eq!(held(&of(&[-1]), None, "2026-11-01", 30), [24, 25, 26, 27, 28, 29, 30]);
        assert_eq!(held(&of(&[-1]), None, "2028-02-01", 29), [23, 24, 25, 26, 27, 28, 29], "a leap year");
        assert_eq!(held(&of(&[5]), None, "2027-02-01", 28), [0_u32; 0]);
        assert_eq!(held(&of(&[2, -1]), None, "2027-02-01", 28), [8, 9, 10, 11, 12, 13, 14, 22, 23, 24, 25, 26, 27, 28]);
    }

    #[test]
    fn both_parts_hold_at_once() {
        let both = Recurrence { every_weeks: Some(2), weeks_of_month: vec![1, 2] };
        assert_eq!(held(&both, Some("2026-11-02"), "2026-11-01", 30), [2, 3, 4, 5, 6, 7, 8]);
    }
}
