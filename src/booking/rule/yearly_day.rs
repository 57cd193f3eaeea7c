//! A day that comes every year: by the calendar, by Orthodox Easter, or by both.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::greek::feast::{EASTER_YEARS, orthodox_easter};

/// How far from Easter a day may be written, days: from the beginning of the Triodion to well after All Saints.
const FROM_EASTER: std::ops::RangeInclusive<i64> = -70..=100;

/// A day that comes every year.
///
/// Written as `{month: 11, day: 30}`, as `{easter: 5}` (days from Easter Sunday), or as
/// `{month: 4, day: 23, not_before_easter: 1}` for a feast that gives way to Easter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WrittenDay", into = "WrittenDay")]
pub enum YearlyDay {
    /// The same day of the same month; 29 February comes in leap years only.
    Fixed {
        /// Month, 1–12.
        month: u32,
        /// Day of the month.
        day: u32,
    },
    /// So many days from Easter Sunday; before it when negative.
    Easter {
        /// Days from Easter Sunday.
        offset: i64,
    },
    /// The same day of the same month, but never earlier than so many days from Easter Sunday: Saint George is kept on
    /// 23 April, or on Easter Monday when Easter has not passed by then.
    NotBeforeEaster {
        /// Month, 1–12.
        month: u32,
        /// Day of the month.
        day: u32,
        /// The earliest it may be kept, days from Easter Sunday.
        offset: i64,
    },
}

impl YearlyDay {
    /// The day it falls on in `year`; `None` when it does not come that year, or Easter of that year is not known.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Fixed { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Self::Easter { offset } => from_easter(year, offset),
            Self::NotBeforeEaster { month, day, offset } => {
                let fixed = NaiveDate::from_ymd_opt(year, month, day)?;
                Some(from_easter(year, offset)?.max(fixed))
            }
        }
    }

    /// Whether it falls on `date`.
    #[must_use]
    pub fn falls_on(self, date: NaiveDate) -> bool {
        match self {
            // Asked for every day of a search; the month and the day tell without looking at the year.
            Self::Fixed { month, day } => (month, day) == (date.month(), date.day()),
            Self::Easter { .. } | Self::NotBeforeEaster { .. } => self.in_year(date.year()) == Some(date),
        }
    }

    /// Whether it comes in some year at all, and so near Easter that the year is never in doubt.
    #[must_use]
    pub fn is_possible(self) -> bool {
        const LEAP_YEAR: i32 = 2024;
        let near = |offset: i64| FROM_EASTER.contains(&offset);
        match self {
            Self::Fixed { month, day } => NaiveDate::from_ymd_opt(LEAP_YEAR, month, day).is_some(),
            Self::Easter { offset } => near(offset),
            Self::NotBeforeEaster { month, day, offset } => {
                NaiveDate::from_ymd_opt(LEAP_YEAR, month, day).is_some() && near(offset)
            }
        }
    }
}

fn from_easter(year: i32, offset: i64) -> Option<NaiveDate> {
    if !EASTER_YEARS.contains(&year) {
        return None;
    }
    let (easter, step) = (orthodox_easter(year), Days::new(offset.unsigned_abs()));
    if offset < 0 { easter.checked_sub_days(step) } else { easter.checked_add_days(step) }
}

/// A day as a document writes it.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenDay {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easter: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before_easter: Option<i64>,
}

/// A day written neither by the calendar nor by Easter, or by both at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a yearly day is written {{month, day}}, {{easter}}, or {{month, day, not_before_easter}}")]
pub struct UnclearDay;

impl TryFrom<WrittenDay> for YearlyDay {
    type Error = UnclearDay;

    fn try_from(written: WrittenDay) -> Result<Self, UnclearDay> {
        match (written.month, written.day, written.easter, written.not_before_easter) {
            (Some(month), Some(day), None, None) => Ok(Self::Fixed { month, day }),
            (Some(month), Some(day), None, Some(offset)) => Ok(Self::NotBeforeEaster { month, day, offset }),
            (None, None, Some(offset), None) => Ok(Self::Easter { offset }),
            _ => Err(UnclearDay),
        }
    }
}

impl From<YearlyDay> for WrittenDay {
    fn from(day: YearlyDay) -> Self {
        let none = Self::default();
        match day {
            YearlyDay::Fixed { month, day } => Self { month: Some(month), day: Some(day), ..none },
            YearlyDay::Easter { offset } => Self { easter: Some(offset), ..none },
            YearlyDay::NotBeforeEaster { month, day, offset } => {
                Self { month: Some(month), day: Some(day), not_before_easter: Some(offset), ..none }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> YearlyDay {
        serde_saphyr::from_str(text).expect("a yearly day")
    }

    fn days(day: YearlyDay, years: std::ops::RangeInclusive<i32>) -> String {
        let in_year = |year| day.in_year(year).map_or_else(|| "-".to_owned(), |d| d.format("%m-%d").to_string());
        years.map(in_year).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn days_fall_where_the_calendar_and_easter_put_them() {
        for (text, expected) in [
            ("{month: 11, day: 30}", "11-30 11-30 11-30 11-30 11-30 11-30 11-30 11-30 11-30"),
            ("{month: 2, day: 29}", "02-29 - - - 02-29 - - - 02-29"),
            // The Friday after Easter, and the Thursday of the Ascension.
            ("{easter: 5}", "05-10 04-25 04-17 05-07 04-21 04-13 05-03 04-18 05-07"),
            ("{easter: 39}", "06-13 05-29 05-21 06-10 05-25 05-17 06-06 05-22 06-10"),
            ("{easter: -48}", "03-18 03-03 02-23 03-15 02-28 02-19 03-11 02-24 03-15"),
            // Saint George: kept on Easter Monday in 2024, 2027, 2030 and 2032.
            ("{month: 4, day: 23, not_before_easter: 1}", "05-06 04-23 04-23 05-03 04-23 04-23 04-29 04-23 05-03"),
            ("{month: 4, day: 25, not_before_easter: 2}", "05-07 04-25 04-25 05-04 04-25 04-25 04-30 04-25 05-04"),
        ] {
            assert_eq!(days(read(text), 2024..=2032), expected, "{text}");
        }
    }

    #[test]
    fn saint_george_is_the_day_that_people_call_so() {
        let written = read("{month: 4, day: 23, not_before_easter: 1}");
        let (spoken, _) = crate::greek::feast::named_day(&["του", "αγιου", "γεωργιου"]).expect("a feast");
        for year in 1900..=2300 {
            assert_eq!(written.in_year(year), spoken.in_year(year), "{year}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_or_said_to_be_impossible() {
        for text in
            ["{month: 4}", "{day: 4}", "{}", "{month: 4, day: 1, easter: 2}", "{easter: 1, not_before_easter: 2}"]
        {
            let error = serde_saphyr::from_str::<YearlyDay>(text).expect_err(text).to_string();
            assert!(error.contains("a yearly day is written"), "{text}: {error}");
        }
        assert!(serde_saphyr::from_str::<YearlyDay>("{month: 4, day: 1, year: 2026}").is_err());
        for text in ["{month: 2, day: 30}", "{month: 13, day: 1}", "{easter: 101}", "{month: 4, day: 0}"] {
            assert!(!read(text).is_possible(), "{text}");
        }
        assert!(read("{month: 2, day: 29}").is_possible());
        assert_eq!(read("{easter: 0}").in_year(1500), None, "nobody knew that Easter by this calendar");
    }

    fn any_yearly_day() -> impl Strategy<Value = YearlyDay> {
        let fixed = (1u32..=12, 1u32..=31);
        prop_oneof![
            fixed.clone().prop_map(|(month, day)| YearlyDay::Fixed { month, day }),
            FROM_EASTER.prop_map(|offset| YearlyDay::Easter { offset }),
            (fixed, FROM_EASTER).prop_map(|((month, day), offset)| YearlyDay::NotBeforeEaster { month, day, offset }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_falls_on_one_day_of_the_year_at_most_and_is_written_as_it_is_read(
            day in any_yearly_day(),
            year in 1900i32..2300,
        ) {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
            let fallen: Vec<_> = first.iter_days().take_while(|d| d.year() == year).filter(|d| day.falls_on(*d)).collect();
            prop_assert_eq!(fallen, day.in_year(year).into_iter().collect::<Vec<_>>());
            let text = serde_json::to_string(&day).expect("serializes");
            prop_assert_eq!(serde_json::from_str::<YearlyDay>(&text).expect("reads"), day);
        }
    }
}
