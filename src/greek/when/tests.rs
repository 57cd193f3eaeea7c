//! The table of readings, the properties, and the corpora of others.

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use super::*;

mod corpora;
mod false_alarm;
mod noise;
mod round_trip;

/// Says what a test measured, for those who run it with `--nocapture`.
fn report(text: &str) {
    println!("{text}");
}

fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect(text)
}

/// Rows: now, the text (`?` before it where a time is the open question), the words found, their values.
#[test]
fn readings_follow_the_table() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in crate::greek::table(include_str!("../data/when.tsv")) {
        count += 1;
        let (text, bare_numbers) = row[1].strip_prefix('?').map_or((row[1], false), |text| (text, true));
        let found = find_with(text, moment(row[0]), Options { bare_numbers });
        let words: Vec<&str> = found.iter().map(|f| f.text.as_str()).collect();
        let values: Vec<&When> = found.iter().map(|f| &f.value).collect();
        let got = format!("{}\t{}", words.join(" | "), serde_json::to_string(&values).expect("plain data"));
        if row[2..].join("\t") != got {
            wrong.push(format!("{}\t{}\t{got}", row[0], row[1]));
        }
    }
    assert!(count >= 200, "only {count} rows");
    assert!(wrong.is_empty(), "{} of {count} read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// Where the text is found in the scalar values that its offsets name.
fn offsets_hold(text: &str, options: Options) {
    let chars: Vec<char> = text.chars().collect();
    let mut last = 0;
    for found in find_with(text, moment("2026-11-23T09:00"), options) {
        assert!(last <= found.start && found.start < found.end && found.end <= chars.len(), "{text}: {found:?}");
        assert_eq!(chars[found.start..found.end].iter().collect::<String>(), found.text);
        if let (Some(from), Some(to)) = (found.value.from, found.value.to) {
            assert!(from <= to, "{text}: {found:?}");
        }
        last = found.end;
    }
}

const VOCABULARY: &[&str] = &[
    "αύριο",
    "Τρίτη",
    "την",
    "στις",
    "δέκα",
    "10",
    "και",
    "μισή",
    "τέταρτο",
    "παρά",
    "από",
    "μέχρι",
    "με",
    "-",
    "24/11",
    "24",
    "Νοεμβρίου",
    "του",
    "μήνα",
    "άλλη",
    "εβδομάδα",
    "το",
    "πρωί",
    "βράδυ",
    "μετά",
    "πριν",
    "σε",
    "δύο",
    "μέρες",
    "ώρα",
    "ή",
    "όχι",
    ",",
    "2026-11-26T10:15",
    "πρώτη",
    "τέλη",
    "μεταξύ",
    "10:30",
    "μ.μ.",
    "χρόνου",
    "Πάσχα",
    "παραμονή",
    "31",
    "999999999",
    "μία",
    "μέσα",
    "🙂",
    "e-mail",
    "δεν",
    "μπορώ",
    "επόμενες",
    "ώρες",
    "12",
    "2027",
];

proptest! {
    #[test]
    fn any_text_is_read_without_a_fall(text in "\\PC{0,60}", bare_numbers: bool) {
        offsets_hold(&text, Options { bare_numbers });
    }

    /// Controls, surrogates' neighbours, combining marks: whatever a string can hold.
    #[test]
    fn any_string_at_all_is_read_without_a_fall(text: String, bare_numbers: bool) {
        offsets_hold(&text, Options { bare_numbers });
    }

    #[test]
    fn any_letters_are_read_without_a_fall(
        words in prop::collection::vec("[α-ωάέήίόύώϊΐς]{1,12}|[a-z]{1,10}|[0-9]{1,4}[a-zα-ω:./-]{0,3}", 0..10),
        bare_numbers: bool,
    ) {
        offsets_hold(&words.join(" "), Options { bare_numbers });
    }

    #[test]
    fn any_heap_of_time_words_is_read_without_a_fall(
        words in prop::collection::vec(prop::sample::select(VOCABULARY), 0..14),
        bare_numbers: bool,
    ) {
        offsets_hold(&words.join(" "), Options { bare_numbers });
    }

    #[test]
    fn a_date_said_in_full_is_that_date(days in 0_i64..2000, hour in 7_u32..19, minute in 0_u32..60) {
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date") + chrono::TimeDelta::days(days);
        let expected = date.and_hms_opt(hour, minute, 0);
        for text in [
            format!("στις {} στις {hour}:{minute:02}", date.format("%-d/%-m/%Y")),
            format!("{hour}:{minute:02} στις {}", date.format("%d-%m-%Y")),
            format!("{}T{hour:02}:{minute:02}", date.format("%Y-%m-%d")),
        ] {
            let found = find(&text, moment("2026-11-23T09:00"));
            prop_assert_eq!(found.len(), 1, "{}", &text);
            prop_assert_eq!(found[0].value.from, expected, "{}", &text);
            prop_assert_eq!(found[0].value.to, expected, "{}", &text);
        }
    }
}
