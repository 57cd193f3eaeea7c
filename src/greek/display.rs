//! Days and times for the eye, in the right case and with the right article.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

/// The months in the genitive, January first, as they stand after a day («26 Νοεμβρίου»).
pub const MONTHS_GENITIVE: [&str; 12] = [
    "Ιανουαρίου",
    "Φεβρουαρίου",
    "Μαρτίου",
    "Απριλίου",
    "Μαΐου",
    "Ιουνίου",
    "Ιουλίου",
    "Αυγούστου",
    "Σεπτεμβρίου",
    "Οκτωβρίου",
    "Νοεμβρίου",
    "Δεκεμβρίου",
];

/// The day of the week, nominative and accusative alike: «Πέμπτη», «Σάββατο».
#[must_use]
pub fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "Δευτέρα",
        Weekday::Tue => "Τρίτη",
        Weekday::Wed => "Τετάρτη",
        Weekday::Thu => "Πέμπτη",
        Weekday::Fri => "Παρασκευή",
        Weekday::Sat => "Σάββατο",
        Weekday::Sun => "Κυριακή",
    }
}

/// The day of the week with its article, accusative: «την Πέμπτη», «το Σάββατο», «τη Δευτέρα».
#[must_use]
pub fn weekday_with_article(day: NaiveDate) -> String {
    format!("{} {}", article(day), weekday(day))
}

/// «Πέμπτη 26/11»
#[must_use]
pub fn day_short(day: NaiveDate) -> String {
    format!("{} {}/{}", weekday(day), day.day(), day.month())
}

/// «Πέμπτη 26 Νοεμβρίου»
#[must_use]
pub fn day_long(day: NaiveDate) -> String {
    let number = if day.day() == 1 { "1η".to_owned() } else { day.day().to_string() };
    format!("{} {number} {}", weekday(day), month_genitive(day))
}

/// «την Πέμπτη 26 Νοεμβρίου»
#[must_use]
pub fn day_long_accusative(day: NaiveDate) -> String {
    format!("{} {}", article(day), day_long(day))
}

/// The month of `day` in the genitive: «Νοεμβρίου».
#[must_use]
pub fn month_genitive(day: NaiveDate) -> &'static str {
    MONTHS_GENITIVE[day.month0() as usize % 12]
}

/// «10:15», in 24 hours.
#[must_use]
pub fn time(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// «στις 10:15»; «στη 1:00» for the hour after midnight alone, since 13 is plural.
#[must_use]
pub fn at_time(at: NaiveTime) -> String {
    let article = if at.hour() == 1 { "στη" } else { "στις" };
    format!("{article} {}", time(at))
}

/// The title of a free time: «Πέμπτη 26/11 στις 10:15».
#[must_use]
pub fn slot_title(at: NaiveDateTime) -> String {
    format!("{} {}", day_short(at.date()), at_time(at.time()))
}

/// «α, β και γ», with `conjunction` («και», «ή») before the last.
#[must_use]
pub fn list(items: &[String], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

/// The feminine article keeps its ν before a vowel, κ, π, τ; Saturday is neuter.
fn article(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Sat => "το",
        Weekday::Mon => "τη",
        _ => "την",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn days_are_written_in_the_right_case() {
        assert_eq!(day_short(day("2026-11-26")), "Πέμπτη 26/11");
        assert_eq!(day_long(day("2026-12-01")), "Τρίτη 1η Δεκεμβρίου");
        assert_eq!(day_long_accusative(day("2026-11-26")), "την Πέμπτη 26 Νοεμβρίου");
        assert_eq!(weekday_with_article(day("2026-11-28")), "το Σάββατο");
        assert_eq!(weekday_with_article(day("2026-11-23")), "τη Δευτέρα");
        assert_eq!(day_long(day("2027-05-03")), "Δευτέρα 3 Μαΐου");
    }

    #[test]
    fn times_take_their_article() {
        let slot: NaiveDateTime = "2026-11-26T10:15:00".parse().expect("a time");
        assert_eq!(slot_title(slot), "Πέμπτη 26/11 στις 10:15");
        let at = |hour, minute| at_time(NaiveTime::from_hms_opt(hour, minute, 0).expect("a time"));
        assert_eq!(at(13, 0), "στις 13:00");
        assert_eq!(at(1, 5), "στη 1:05");
        assert_eq!(at(9, 0), "στις 9:00");
    }

    #[test]
    fn lists_join_their_last_item_with_the_conjunction() {
        let items = |n: usize| ["ένα", "δύο", "τρία"][..n].iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(list(&items(0), "και"), "");
        assert_eq!(list(&items(1), "και"), "ένα");
        assert_eq!(list(&items(2), "ή"), "ένα ή δύο");
        assert_eq!(list(&items(3), "και"), "ένα, δύο και τρία");
    }
}
