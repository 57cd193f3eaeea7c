//! Stretches of time as addresses carry them.

use chrono::{NaiveTime, TimeDelta, Timelike};
use serde::{Deserialize, Deserializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::LocalTime;
use crate::booking::core::Window;

/// `FROM/TO` (the end exclusive), each a time as [`LocalTime`] reads it; or a bare date, which is the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch(pub Window);

impl Stretch {
    /// Reads it; `None` for what is none, or ends before it begins.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = match text.split_once('/') {
            Some((from, to)) => (LocalTime::parse(from)?.0, LocalTime::parse(to)?.0),
            None => {
                let day: chrono::NaiveDate = text.parse().ok()?;
                let midnight = |date: chrono::NaiveDate| LocalTime::parse(&date.to_string());
                (midnight(day)?.0, midnight(day.checked_add_signed(TimeDelta::days(1))?)?.0)
            }
        };
        (from <= to).then_some(Self(Window { from, to }))
    }
}

impl std::fmt::Display for Stretch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", LocalTime(self.0.from), LocalTime(self.0.to))
    }
}

/// A time of day, `08:30` or `08:30:15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(pub NaiveTime);

impl TimeOfDay {
    /// Reads it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let formats = ["%H:%M", "%H:%M:%S"];
        formats.iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok()).map(Self)
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let format = if self.0.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
        write!(f, "{}", self.0.format(format))
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a time of day such as 08:30"))
    }
}

/// The forms that are read; that the day exists, and that the end is not before the beginning, is beyond a pattern.
const STRETCHES: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}\
                         (T[0-9]{2}:[0-9]{2}(:[0-9]{2})?/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$";

const TIMES_OF_DAY: &str = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";

impl utoipa::ToSchema for Stretch {}

impl utoipa::PartialSchema for Stretch {
    fn schema() -> RefOr<Schema> {
        text(STRETCHES, &["2026-11-24T10:00/2026-11-24T12:00", "2026-11-24"])
    }
}

impl utoipa::ToSchema for TimeOfDay {}

impl utoipa::PartialSchema for TimeOfDay {
    fn schema() -> RefOr<Schema> {
        text(TIMES_OF_DAY, &["08:30"])
    }
}

fn text(pattern: &str, examples: &[&str]) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    object.examples(examples.iter().map(|example| serde_json::json!(example))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_read_back_as_it_was_written_and_a_date_is_its_whole_day() {
        let day = Stretch::parse("2026-10-25").expect("a day");
        assert_eq!((day.0.to - day.0.from).num_hours(), 25, "the day of the autumn change");
        assert_eq!(day.to_string(), "2026-10-25T00:00/2026-10-26T00:00");
        assert_eq!(Stretch::parse(&day.to_string()), Some(day));
        let instant = Stretch::parse("2026-11-24T10:00/2026-11-24T10:00").expect("a clock time");
        assert_eq!(instant.0.from, instant.0.to);
        for text in ["", "/", "2026-11-24T10:00", "2026-11-24/", "2026-11-25/2026-11-24", "αύριο", "2026-02-30"] {
            assert_eq!(Stretch::parse(text), None, "{text}");
        }
        assert_eq!(TimeOfDay::parse("08:30").map(|time| time.to_string()).as_deref(), Some("08:30"));
        assert!(TimeOfDay::parse("25:00").is_none());
    }
}
