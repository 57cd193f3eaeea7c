//! Days, times and intervals in Greek.

use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

/// A day, a time or an interval by the wall clock of Athens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// When it begins; absent where the beginning is open.
    #[serde(with = "optional_minute")]
    pub from: Option<NaiveDateTime>,
    /// When it is over, exclusive; equal to `from` for a clock time; absent where the end is open.
    #[serde(with = "optional_minute")]
    pub to: Option<NaiveDateTime>,
    /// How finely it was said.
    pub grain: Grain,
    /// Which side is open: «πριν από τις δέκα» is `before`, «μετά την Τρίτη» is `after`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
    /// A part of every day inside it: «αυτή την εβδομάδα το πρωί», «πρωινές ώρες».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily: Option<Daily>,
    /// It is what the citizen does not want: «όχι Τρίτη».
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclude: bool,
}

/// How finely a time was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// «στις δέκα και τέταρτο»
    Minute,
    /// «στις δέκα» when only hours are meant
    Hour,
    /// «το πρωί»
    PartOfDay,
    /// «την Τρίτη»
    Day,
    /// «την άλλη εβδομάδα»
    Week,
    /// «τον Δεκέμβριο»
    Month,
    /// «του χρόνου»
    Year,
}

/// The side of an interval that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// Everything before it.
    Before,
    /// Everything from it on.
    After,
}

/// A part of each day, `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daily {
    /// When it begins.
    pub from: NaiveTime,
    /// When it is over.
    pub to: NaiveTime,
}

/// Local times to the minute, `2026-11-24T10:00`, or null.
mod optional_minute {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, Serializer};

    const FORMAT: &str = "%Y-%m-%dT%H:%M";

    pub fn serialize<S: Serializer>(time: &Option<NaiveDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.collect_str(&time.format(FORMAT)),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDateTime>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| NaiveDateTime::parse_from_str(&text, FORMAT).map_err(serde::de::Error::custom))
            .transpose()
    }
}
