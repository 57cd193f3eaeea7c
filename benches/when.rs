//! How long one reading of a time takes: every text of the table of readings, alone; median and 99th percentile.
//!
//! With `-- every-minute`: every minute of ten years is said and read back.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ariadni::greek::{speak, when};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

const TABLE: &str = include_str!("../src/greek/data/when.tsv");
const ROUNDS: usize = 100;

fn main() {
    if std::env::args().any(|argument| argument == "every-minute") {
        every_minute();
    } else {
        how_long();
    }
}

/// Stops at the first time that does not come back from its words.
#[expect(clippy::print_stdout, reason = "the count is what it is for")]
fn every_minute() {
    let first = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
    let last = NaiveDate::from_ymd_opt(2036, 11, 23).expect("a date");
    let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day < last).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for share in days.chunks(days.len().div_ceil(threads)) {
            scope.spawn(move || share.iter().for_each(|day| (0..24 * 60).for_each(|minute| comes_back(*day, minute))));
        }
    });
    println!("when: {} times said and read back", days.len() * 24 * 60);
}

fn comes_back(day: NaiveDate, minute: i64) {
    let time: NaiveDateTime = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
    // Said one to three hundred days before, as a date without its year can be.
    let now = time - TimeDelta::days(1 + i64::from(time.ordinal() * 7 + time.hour()) % 300);
    let words = format!("{} {}", speak::date(day), speak::at_time(time.time()));
    let found = when::find(&words, now);
    assert!(found.len() == 1, "{time}: {words}: {found:?}");
    assert_eq!((found[0].value.from, found[0].value.to), (Some(time), Some(time)), "{words}");
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn how_long() {
    let now = "2026-11-23T09:00:00".parse().expect("a local time");
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let texts: Vec<&str> =
        rows.filter_map(|line| line.split('\t').nth(1)).map(|text| text.trim_start_matches('?')).collect();
    let greek = |text: &&&str| !text.contains(|c: char| c.is_ascii_alphabetic());
    let plain: Vec<&str> = texts.iter().filter(greek).copied().collect();
    let latin: Vec<&str> = texts.iter().filter(|text| !greek(text)).copied().collect();
    let sentence = "καλημέρα σας, θα ήθελα ένα ραντεβού για τη μητέρα μου στο ΚΕΠ Κυψέλης την άλλη Τρίτη το πρωί, κατά τις \
                    δέκα και τέταρτο, αν γίνεται";
    for (name, texts) in [("expressions", plain), ("in Latin letters", latin), ("one long sentence", vec![sentence])] {
        // The tables are made at the first reading.
        let mut times: Vec<Duration> = Vec::with_capacity(texts.len() * ROUNDS);
        for round in 0..=ROUNDS {
            for text in &texts {
                let begun = Instant::now();
                black_box(when::find(black_box(text), now));
                if round > 0 {
                    times.push(begun.elapsed());
                }
            }
        }
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
        println!("when: {name}: {} texts, median {:.1} µs, p99 {:.1} µs", texts.len(), at(50), at(99));
    }
}
