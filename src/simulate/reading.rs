//! What a citizen reads on the screen: sentences, the titles of buttons, days and times.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::channel::turn::{Choice, Outbound};
use crate::greek::fold::fold;

/// The months as they stand after a day, folded and without their ending.
const MONTHS: [&str; 12] = [
    "ιανουαρ",
    "φεβρουαρ",
    "μαρτ",
    "απριλ",
    "μαι",
    "ιουν",
    "ιουλ",
    "αυγουστ",
    "σεπτεμβρ",
    "οκτωβρ",
    "νοεμβρ",
    "δεκεμβρ",
];

/// A time on offer, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The button.
    pub choice: Choice,
    /// The time in its title.
    pub start: NaiveDateTime,
}

/// Text as it is compared: without accents, case and final sigma.
#[must_use]
pub fn plain(text: &str) -> String {
    fold(text)
}

/// All that was said in a turn, folded.
#[must_use]
pub fn said(heard: &Outbound) -> String {
    heard.replies.iter().map(|reply| plain(&reply.display)).collect::<Vec<_>>().join("\n")
}

/// The last message of a turn, folded: the question.
#[must_use]
pub fn question(heard: &Outbound) -> String {
    heard.replies.last().map(|reply| plain(&reply.display)).unwrap_or_default()
}

/// Every button on the screen.
#[must_use]
pub fn choices(heard: &Outbound) -> Vec<&Choice> {
    heard.replies.iter().flat_map(|reply| &reply.choices).collect()
}

/// The times on the buttons.
#[must_use]
pub fn offers(heard: &Outbound, today: NaiveDate) -> Vec<Offer> {
    let timed = |choice: &Choice| {
        let start = time_in(&choice.title, today)?;
        Some(Offer { choice: choice.clone(), start })
    };
    choices(heard).into_iter().filter_map(timed).collect()
}

/// The first day with a time in a text, as «26/11 στις 10:15» or «26 Νοεμβρίου στις 10:15».
#[must_use]
pub fn time_in(text: &str, today: NaiveDate) -> Option<NaiveDateTime> {
    times_in(text, today).into_iter().next()
}

/// Every day with a time in a text.
#[must_use]
pub fn times_in(text: &str, today: NaiveDate) -> Vec<NaiveDateTime> {
    let text = plain(text);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.')).filter(|w| !w.is_empty()).collect();
    let mut found = Vec::new();
    let mut day = None;
    for (i, word) in words.iter().enumerate() {
        let next = words.get(i + 1).copied().unwrap_or_default();
        day = date(word, next, today).or(day);
        if let (Some(date), Some(time)) = (day, clock(word)) {
            found.push(date.and_time(time));
            day = None;
        }
    }
    found
}

fn date(word: &str, next: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (day, month) = match word.split_once('/') {
        Some((day, month)) => (day.parse().ok()?, month.parse().ok()?),
        None => {
            let month = MONTHS.iter().position(|name| next.starts_with(name))?;
            (word.trim_end_matches('η').parse().ok()?, u32::try_from(month).ok()? + 1)
        }
    };
    use chrono::Datelike;
    let this_year = NaiveDate::from_ymd_opt(today.year(), month, day)?;
    if this_year >= today - TimeDelta::days(1) {
        return Some(this_year);
    }
    NaiveDate::from_ymd_opt(today.year() + 1, month, day)
}

fn clock(word: &str) -> Option<chrono::NaiveTime> {
    let (hour, minute) = word.split_once(':')?;
    chrono::NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_read_off_the_screen() {
        let today: NaiveDate = "2026-11-23".parse().expect("a day");
        let read = |text: &str| times_in(text, today).iter().map(|t| t.format("%Y-%m-%dT%H:%M").to_string()).collect();
        let all: Vec<String> = read("Πέμπτη 26/11 στις 10:15, ΚΕΠ Κυψέλης");
        assert_eq!(all, ["2026-11-26T10:15"]);
        let all: Vec<String> =
            read("Να μεταφέρω από την Παρασκευή 1η Ιανουαρίου στις 9:00 σε Τρίτη 24 Νοεμβρίου στις 13:30;");
        assert_eq!(all, ["2027-01-01T09:00", "2026-11-24T13:30"]);
        let none: Vec<String> = read("Απαντούν Δευτέρα έως Παρασκευή 8:00");
        assert!(none.is_empty());
    }
}
