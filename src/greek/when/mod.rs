//! Days, times and intervals in Greek.
//!
//! A small grammar over `tokens`, one file for each construct. Every rule reads from a token on and
//! answers a phrase: days, a part of the day, hours. Phrases that follow one another are merged
//! («Τρίτη» + «το πρωί» + «στις 10») and then resolved against the present moment.
//!
//! How open questions of the language are settled:
//! - Parts of the day: ξημερώματα 00–06, πρωί 06–12, μεσημέρι 12–16, απόγευμα 16–20, βράδυ 20–24. A [`Daily`] that lasts to
//!   midnight ends at 23:59, because a clock cannot show 24:00.
//! - A weekday alone is the next one, never today. «αυτή την …» may be today; «την άλλη …», «την επόμενη …» is that of the
//!   next week, Monday to Sunday; «τη μεθεπόμενη …» of the week after.
//! - A bare hour is read inside 07:00–18:59. A clock time is of grain minute; «κατά τις δέκα» is of grain hour.
//! - «στις 12» is a time and «στις 13» a day of the month, unless a day has been said already.
//! - A date without a year is the next such date, today included. «αρχές», «μέσα», «τέλη» of a month are its days 1–10,
//!   11–20 and 21 to the end.
//! - Without a day, a clock time is its next occurrence; an interval or an open side of hours, or a part of the day, is also
//!   `daily`.
//! - Spring, summer, autumn and winter are three whole months each, winter from December on.
//! - Words are mended first: by their sound, then for one slip of the finger (`mend.rs`).
//! - With a day, an open side of hours ends with that day (or that part of it) and keeps its `open`.

mod clock;
mod day;
mod duration;
mod interval;
mod mend;
mod month;
mod negation;
mod parser;
mod part_of_day;
mod phrase;
mod relative;
mod word;

#[cfg(test)]
mod tests;

use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use super::fold::Token;
use super::greeklish;
use parser::Parser;

/// A day, a time or an interval that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// First Unicode scalar value of it in the text.
    pub start: usize,
    /// One past its last Unicode scalar value.
    pub end: usize,
    /// The words it was read from, as written.
    pub text: String,
    /// What it means.
    pub value: When,
    /// Whether a day was said; where not, `value` lies on the next day that fits.
    pub day_said: bool,
}

/// What the reader may know of the conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// A day or a time is the open question, so that «10» or «δέκα» alone is a time and «24» a day of the month.
    pub bare_numbers: bool,
}

/// The days, times and intervals in `text`, in order; they do not overlap. `reference` is now, by the clock of Athens.
#[must_use]
pub fn find(text: &str, reference: NaiveDateTime) -> Vec<Found> {
    find_with(text, reference, Options::default())
}

/// Whether the text is nothing but a day of the week, with or without its article: «Δευτέρα», «την Τρίτη».
#[must_use]
pub fn is_weekday(text: &str) -> bool {
    let tokens = super::fold::tokens(text);
    let named = tokens.iter().filter(|token| word::weekday(&token.text).is_some()).count();
    named == 1 && tokens.len() <= 2
}

/// As [`find`], knowing what was asked.
#[must_use]
pub fn find_with(text: &str, reference: NaiveDateTime, options: Options) -> Vec<Found> {
    find_in_tokens(text, &greeklish::tokens(text), reference, options)
}

/// As [`find_with`], where `tokens` are those of `text` already.
#[must_use]
pub fn find_in_tokens(text: &str, tokens: &[Token], reference: NaiveDateTime, options: Options) -> Vec<Found> {
    read(text, &mend::tokens(tokens), reference, options)
}

/// As [`find_in_tokens`], with the words as they are.
fn read(text: &str, tokens: &[Token], reference: NaiveDateTime, options: Options) -> Vec<Found> {
    let parser = Parser::new(text, tokens, reference, options);
    let found = parser.all();
    if found.is_empty() {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let found = found.into_iter().filter_map(|span| {
        let (start, end) = (tokens.get(span.start)?.start, tokens.get(span.end.checked_sub(1)?)?.end);
        let mut value = span.phrase.resolve(reference)?;
        value.exclude = span.exclude;
        let text = chars.get(start..end)?.iter().collect();
        Some(Found { start, end, text, value, day_said: span.phrase.days.is_some() || span.phrase.moment.is_some() })
    });
    found.collect()
}

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
