//! The corpora of others, read where they lie beside the tree: each row passes, or is listed here with the reason why its
//! meaning is not shared, or fails; at least 98 % of the shared ones pass.

use chrono::{Months, TimeDelta};

use super::*;
use crate::greek::fold::tokens;
use crate::greek::{Gender, number, speak};

/// Why this product means something else by a row, or never hears it, and which rows (counted from 1 below the heading).
type Unshared = &'static [(&'static str, &'static [usize])];

const FLOOR: f64 = 0.98;

/// The text of a shared corpus, or `None` where it is not at hand.
fn shared(name: &str) -> Option<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        ["../shared", "../../shared"].iter().find_map(|at| std::fs::read_to_string(root.join(at).join(name)).ok());
    if found.is_none() {
        report(&format!("skipped: {name} is not here"));
    }
    found
}

/// The columns of the rows below the heading.
fn rows(corpus: &str) -> impl Iterator<Item = Vec<&str>> {
    corpus.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

/// Says how many rows pass, and asserts that nearly all of the shared ones do, and that no row is listed in vain.
fn rate(name: &str, unshared: Unshared, results: &[(String, bool)]) {
    let reason = |row: usize| unshared.iter().find(|(_, rows)| rows.contains(&row)).map(|(reason, _)| *reason);
    let (mut passed, mut all_shared, mut failed, mut in_vain) = (0_u32, 0_u32, Vec::new(), Vec::new());
    for (row, (text, passes)) in results.iter().enumerate().map(|(at, result)| (at + 1, result)) {
        match reason(row) {
            Some(_) if *passes => in_vain.push(format!("{row} {text}")),
            Some(reason) => report(&format!("{name} {row}: {text}: {reason}")),
            None => {
                all_shared += 1;
                passed += u32::from(*passes);
                if !passes {
                    failed.push(format!("{row} {text}"));
                }
            }
        }
    }
    report(&format!(
        "{name}: {passed} of {all_shared} shared, {} in all; failed: {}",
        results.len(),
        failed.join(" · ")
    ));
    assert!(in_vain.is_empty(), "{name}: listed, but they pass: {in_vain:?}");
    assert!(f64::from(passed) >= FLOOR * f64::from(all_shared), "{name}: {passed} of {all_shared}");
}

#[test]
fn the_times_of_duckling() {
    const UNSHARED: Unshared = &[
        ("«now» names no time to book", &[1]),
        ("no seconds", &[137, 189, 190]),
        ("a wrong day of the week moves no date by a year", &[72]),
        ("the nearest March counts as none there", &[78]),
        ("no quarters of the year, nor of an hour in digits", &[84, 85, 86, 87, 145, 147, 149]),
        ("no weekday is counted from a feast", &[110]),
        ("days from now are days here and 24 hours there", &[154, 155, 156, 158]),
        ("years ago are months there", &[161]),
        ("«εδώ και» is past here and to come there", &[162, 163, 164, 165]),
        ("the length of what begins later", &[166]),
        ("seasons by the sun there, by the months here", &[167, 168]),
        ("past feasts", &[173, 176, 177, 178]),
        ("no feast of this country", &[179]),
        ("its own hours for the parts of the day", &[180, 181, 184, 185, 187, 188, 224, 231]),
        ("weekends begin on Friday evening there", &[182, 183, 186, 237]),
        ("past spans", &[191, 193, 195, 198, 199]),
        ("whole hours and minutes there, from now on here", &[192, 194]),
        ("a weekday may be today there where hours follow", &[204]),
        ("a bare hour is in the night there", &[207, 234]),
        ("no other zones", &[215, 216, 217]),
    ];
    let Some(corpus) = shared("data/duckling_el/time.tsv") else { return };
    let now = moment("2013-02-12T04:30");
    let results: Vec<(String, bool)> = rows(&corpus).map(|row| (row[0].to_owned(), passes(now, &row))).collect();
    rate("duckling times", UNSHARED, &results);
}

fn passes(now: NaiveDateTime, row: &[&str]) -> bool {
    let [text, kind, from, to, ..] = row[..] else { return false };
    let from = moment(&from[..16]);
    let found = find(text, now);
    let [found] = &found[..] else { return false };
    let value = &found.value;
    match kind {
        "value" => value.from == Some(from) && value.open.is_none(),
        "open_after" => value.open == Some(Open::After) && value.from == Some(from),
        "open_before" => value.open == Some(Open::Before) && value.to == Some(from),
        _ => {
            let to = moment(&to[..16]);
            // It ends an interval of hours after the last minute or hour that was named.
            let ends = [to, to - TimeDelta::minutes(1), to - TimeDelta::hours(1)];
            // What is open towards the past begins now there.
            let begins = value.from == Some(from) || value.open == Some(Open::Before) && from == now;
            begins && value.to.is_some_and(|end| ends.contains(&end))
        }
    }
}

#[test]
fn what_duckling_finds_no_time_in() {
    let Some(corpus) = shared("data/duckling_el/time_negative.txt") else { return };
    for text in corpus.lines() {
        assert_eq!(find(text, moment("2013-02-12T04:30")), [], "{text}");
    }
}

/// Durations are counted from a moment here: «σε» before each.
#[test]
fn the_durations_of_duckling() {
    const UNSHARED: Unshared = &[
        ("no seconds", &[1, 2, 3, 4, 5, 6, 7, 8]),
        ("no signs for minutes", &[16, 21, 25, 28]),
        ("days are not halved", &[40]),
        ("a fortnight is fifteen days there", &[44]),
        ("no quarters of the year", &[50]),
        ("ages", &[59, 60, 61, 62]),
        ("no appointment is so far off", &[63]),
    ];
    let Some(corpus) = shared("data/duckling_el/duration.tsv") else { return };
    let results = rows(&corpus).map(|row| {
        let words: Vec<&str> = row[1].split(' ').collect();
        let count: u32 = words[1].parse().expect("a count");
        (row[0].to_owned(), later(count, words[2]).is_some_and(|expected| in_that_time(row[0], expected)))
    });
    rate("duckling durations", UNSHARED, &results.collect::<Vec<_>>());
}

#[test]
fn the_durations_of_ovos() {
    const UNSHARED: Unshared = &[("no seconds", &[3])];
    let Some(corpus) = shared("data/ovos_el/duration.tsv") else { return };
    let results = rows(&corpus).map(|row| {
        let passes = match row[1].parse::<u32>() {
            Ok(seconds) => later(seconds, "Second").is_some_and(|expected| in_that_time(row[0], expected)),
            Err(_) => find(&format!("σε {}", row[0]), moment(START)).is_empty(),
        };
        (row[0].to_owned(), passes)
    });
    rate("ovos durations", UNSHARED, &results.collect::<Vec<_>>());
}

const START: &str = "2013-02-12T04:30";

fn later(count: u32, unit: &str) -> Option<NaiveDateTime> {
    let start = moment(START);
    let count_long = i64::from(count);
    let step = match unit {
        "Second" => TimeDelta::seconds(count_long),
        "Minute" => TimeDelta::minutes(count_long),
        "Hour" => TimeDelta::hours(count_long),
        "Day" => TimeDelta::days(count_long),
        "Week" => TimeDelta::weeks(count_long),
        "Month" => return start.checked_add_months(Months::new(count)),
        "Quarter" => return start.checked_add_months(Months::new(3 * count)),
        "Year" => return start.checked_add_months(Months::new(12 * count)),
        _ => return None,
    };
    Some(start + step)
}

/// Whether «σε …» comes to the expected moment, or to its day where days were said.
fn in_that_time(length: &str, expected: NaiveDateTime) -> bool {
    let found = find(&format!("σε {length}"), moment(START));
    let from = found.first().and_then(|found| found.value.from);
    found.len() == 1 && (from == Some(expected) || from == Some(expected.date().and_time(chrono::NaiveTime::MIN)))
}

#[test]
fn the_numbers_of_duckling() {
    for (name, ordinals, unshared) in [("numeral", false, UNSHARED_NUMERALS), ("ordinal", true, &[])] {
        let Some(corpus) = shared(&format!("data/duckling_el/{name}.tsv")) else { continue };
        let results = rows(&corpus).map(|row| {
            let expected: f64 = row[1].split(' ').nth(1).and_then(|value| value.parse().ok()).expect("a number");
            let words = tokens(row[0]);
            let read = if ordinals {
                number::ordinal(&words, 0)
                    .and_then(|read| Some((f64::from(i32::try_from(read.value).ok()?), read.end_token)))
            } else {
                number::amount(&words, 0).map(|read| (read.value, read.end_token))
            };
            (row[0].to_owned(), read.is_some_and(|(value, end)| (value - expected).abs() < 1e-3 && end == words.len()))
        });
        rate(&format!("duckling {name}s"), unshared, &results.collect::<Vec<_>>());
    }
}

const UNSHARED_NUMERALS: Unshared = &[];

#[test]
fn the_numbers_of_ovos() {
    const UNSHARED: Unshared = &[("nothing here is negative", &[49]), ("fractions are ordinals here", &[58, 59])];
    let Some(corpus) = shared("data/ovos_el/numbers.tsv") else { return };
    let results = rows(&corpus).map(|row| {
        let [kind, value, text] = row[..] else { return (String::new(), false) };
        let whole = value.parse::<i64>();
        let passes = match (kind, whole) {
            ("pronounce", Ok(value)) => speak::number(value, Gender::Neuter) == text,
            ("pronounce_ordinal", Ok(value)) => {
                speak::ordinal(u64::try_from(value).expect("not negative"), "ος").as_deref() == Some(text)
            }
            _ => {
                let words = tokens(text);
                let expected: f64 = value.parse().expect("a number");
                (0..words.len())
                    .find_map(|at| number::amount(&words, at))
                    .is_some_and(|read| (read.value - expected).abs() < 1e-3)
            }
        };
        (text.to_owned(), passes)
    });
    rate("ovos numbers", UNSHARED, &results.collect::<Vec<_>>());
}

#[test]
fn the_times_of_ovos() {
    const UNSHARED: Unshared =
        &[("how long something lasts is not when", &[8]), ("its next week begins in seven days", &[54])];
    let Some(corpus) = shared("data/ovos_el/datetime.tsv") else { return };
    let results = rows(&corpus).map(|row| {
        let [anchor, text, expected, ..] = row[..] else { return (String::new(), false) };
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
            _ => false,
        };
        (text.to_owned(), passes)
    });
    rate("ovos times", UNSHARED, &results.collect::<Vec<_>>());
}

/// Equal times, or times of the same day twelve hours apart.
fn same_hour(found: &str, expected: &str) -> bool {
    let clock = |text: &str| {
        text.split_once('T')
            .and_then(|(_, time)| Some((time.get(..2)?.parse::<i32>().ok()? % 12, time.get(3..)?.to_owned())))
    };
    found == expected || (clock(found).is_some() && clock(found) == clock(expected))
}
