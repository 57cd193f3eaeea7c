//! The table of readings, the properties, and the corpora of others.

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use super::*;

mod noise;

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

/// The text of a shared corpus, or `None` where it is not at hand.
fn shared(name: &str) -> Option<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        ["../shared", "../../shared"].iter().find_map(|at| std::fs::read_to_string(root.join(at).join(name)).ok());
    if found.is_none() {
        println!("skipped: {name} is not here");
    }
    found
}

/// Passes at least `floor` of the rows, and says which it fails.
fn rate(name: &str, floor: f64, rows: &[(String, bool)]) {
    let passed = rows.iter().filter(|(_, passes)| *passes).count();
    let failed: Vec<&str> = rows.iter().filter(|(_, passes)| !passes).map(|(text, _)| text.as_str()).collect();
    println!("{name}: {passed} of {}; read otherwise: {}", rows.len(), failed.join(" · "));
    #[expect(clippy::cast_precision_loss, reason = "a few hundred rows")]
    let share = passed as f64 / rows.len() as f64;
    assert!(share >= floor, "{name}: {share:.3} is below {floor}");
}

#[test]
fn the_corpus_of_duckling_is_mostly_shared() {
    let Some(corpus) = shared("data/duckling_el/time.tsv") else { return };
    let now = moment("2013-02-12T04:30");
    let mut rows = Vec::new();
    for line in corpus.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, kind, from, to, grain] = columns[..] else { continue };
        // Seconds, quarters, other zones and its own hours for the parts of the day are not shared.
        if matches!(grain, "Second" | "Quarter")
            || from.ends_with("T04:00:00")
            || to.ends_with("T12:00:00") && grain == "Hour"
        {
            continue;
        }
        let from = moment(from.trim_end_matches(":00").get(..16).unwrap_or(&from[..16]));
        let found = find(text, now);
        let value = found.first().map(|found| &found.value);
        let passes = found.len() == 1
            && value.is_some_and(|value| match kind {
                "value" => value.from == Some(from),
                "open_after" => value.open == Some(Open::After) && value.from == Some(from),
                "open_before" => value.open == Some(Open::Before) && value.to == Some(from),
                _ => {
                    let to = moment(&to[..16]);
                    // It ends an interval of hours after the last minute or hour that was named.
                    let ends = [to, to - chrono::TimeDelta::minutes(1), to - chrono::TimeDelta::hours(1)];
                    value.from == Some(from) && value.to.is_some_and(|end| ends.contains(&end))
                }
            });
        rows.push((text.to_owned(), passes));
    }
    rate("duckling", 0.79, &rows);
}

#[test]
fn the_corpus_of_ovos_is_mostly_shared() {
    let Some(corpus) = shared("data/ovos_el/datetime.tsv") else { return };
    let mut rows = Vec::new();
    for line in corpus.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [anchor, text, expected, ..] = columns[..] else { continue };
        let now = moment(if anchor == "a" { "2018-06-01T00:00" } else { "2017-06-27T13:04" });
        let found = find(text, now);
        let from = found.first().and_then(|found| found.value.from);
        let shown = |format: &str| from.map(|from| from.format(format).to_string()).unwrap_or_default();
        let passes = match expected.split_once(' ') {
            None if expected == "NONE" => found.is_empty(),
            // A bare hour is in the morning there and inside office hours here.
            None => same_hour(&shown("%Y-%m-%dT%H:%M"), expected),
            Some(("date", date)) => shown("%Y-%m-%d") == date,
            Some(("time", time)) => same_hour(&shown("T%H:%M"), &format!("T{time}")),
            Some(("month", month)) => shown("%Y-%m") == month,
            Some(("month-day", day)) => shown("%m-%d") == day,
            Some(("weekday", day)) => day.starts_with(&shown("%A")) && from.is_some(),
            _ => continue,
        };
        rows.push((text.to_owned(), passes));
    }
    rate("ovos", 0.95, &rows);
}

/// Equal times, or times of the same day twelve hours apart.
fn same_hour(found: &str, expected: &str) -> bool {
    let clock = |text: &str| {
        text.split_once('T')
            .and_then(|(_, time)| Some((time.get(..2)?.parse::<i32>().ok()? % 12, time.get(3..)?.to_owned())))
    };
    found == expected || (clock(found).is_some() && clock(found) == clock(expected))
}
