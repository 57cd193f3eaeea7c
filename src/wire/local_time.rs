//! Times as the API writes and reads them: the wall clock of Athens without an offset.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::{ATHENS, from_athens, to_athens};

/// An instant, written `2026-11-24T10:00` by the wall clock of Athens.
///
/// Seconds appear only where there are any. It is read with or without seconds, as a bare date (its midnight), or as
/// RFC 3339 with an offset. In the one hour that the autumn clock change repeats, its second time is written with the offset:
/// there the wall clock alone would name another instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(pub DateTime<Utc>);

impl LocalTime {
    /// Reads one of the forms; `None` for anything else and for the hour that the spring clock change skips.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(instant.with_timezone(&Utc)));
        }
        let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
            .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN)))?;
        from_athens(local).map(Self)
    }

    /// `24/11/2026 στις 10:00`.
    #[must_use]
    pub fn greek(self) -> String {
        to_athens(self.0).format("%d/%m/%Y στις %H:%M").to_string()
    }
}

impl std::fmt::Display for LocalTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let local = to_athens(self.0);
        let whole_minute = self.0.timestamp() % 60 == 0;
        let format = if whole_minute { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
        let second_of_two = from_athens(local).is_none_or(|first| first.timestamp() != self.0.timestamp());
        if second_of_two {
            return write!(f, "{}", self.0.with_timezone(&ATHENS).format("%Y-%m-%dT%H:%M:%S%:z"));
        }
        write!(f, "{}", local.format(format))
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a local time such as 2026-11-24T10:00"))
    }
}

/// The forms that are read; that the day exists is beyond a pattern.
const FORMS: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\
                     (T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?)?$";

impl utoipa::ToSchema for LocalTime {}

impl utoipa::PartialSchema for LocalTime {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(
                "A time by the wall clock of Athens. Written without an offset; read with or without seconds, as a bare \
                 date (its midnight), or with an offset as RFC 3339 has it.",
            ))
            .pattern(Some(FORMS))
            .examples([serde_json::json!("2026-11-24T10:00")])
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_one_instant_is_read_alike_and_written_locally() {
        for text in [
            "2026-11-24T10:00",
            "2026-11-24T10:00:00",
            "2026-11-24T10:00:00+02:00",
            "2026-11-24T08:00:00Z",
            "2026-11-24T08:00:00.000Z",
        ] {
            let time = LocalTime::parse(text).expect(text);
            assert_eq!(serde_json::to_value(time).expect("writes"), "2026-11-24T10:00", "{text}");
        }
        assert_eq!(LocalTime::parse("2026-11-24").expect("a day").greek(), "24/11/2026 στις 00:00");
    }

    #[test]
    fn both_hours_of_the_autumn_change_are_written_and_read_back_apart() {
        let first: DateTime<Utc> = "2026-10-25T00:30:00Z".parse().expect("an instant");
        let second = first + chrono::TimeDelta::hours(1);
        assert_eq!(LocalTime(first).to_string(), "2026-10-25T03:30");
        assert_eq!(LocalTime(second).to_string(), "2026-10-25T03:30:00+02:00");
        for instant in [first, second] {
            assert_eq!(LocalTime::parse(&LocalTime(instant).to_string()), Some(LocalTime(instant)));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "αύριο", "2026-13-01", "2026-11-24 10:00", "2026-03-29T03:30", "10:00"] {
            assert_eq!(LocalTime::parse(text), None, "{text}");
        }
    }
}
