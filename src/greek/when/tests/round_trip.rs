//! What is said aloud is read back: every minute comes back from its words. The whole of ten years is
//! `cargo bench --bench when -- every-minute`.

use chrono::{Datelike, NaiveTime, TimeDelta, Timelike};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::greek::speak;

/// How long the whole trip is.
const YEARS: i32 = 10;

/// A call in which every time of the year that follows may be said.
fn said_at(time: NaiveDateTime) -> NaiveDateTime {
    // Nothing is offered for the minute in which it is said, nor further off than the date without its year can tell.
    time - TimeDelta::days(1 + i64::from(time.ordinal() * 7 + time.hour()) % 300)
}

/// The words of `time`, and whether they are read back as it.
fn comes_back(time: NaiveDateTime) -> Result<(), String> {
    let words = format!("{} {}", speak::date(time.date()), speak::at_time(time.time()));
    let found = find(&words, said_at(time));
    match &found[..] {
        [one] if one.value.from == Some(time) && one.value.to == Some(time) && one.value.grain == Grain::Minute => {
            Ok(())
        }
        other => Err(format!("{time}: {words}: {other:?}")),
    }
}

fn all_come_back(times: impl Iterator<Item = NaiveDateTime>) -> usize {
    let mut count = 0;
    for time in times {
        count += 1;
        if let Err(message) = comes_back(time) {
            panic!("{message}");
        }
    }
    count
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

fn minutes_of(day: NaiveDate) -> impl Iterator<Item = NaiveDateTime> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..24 * 60).map(move |minute| midnight + TimeDelta::minutes(minute))
}

fn days() -> impl Iterator<Item = NaiveDate> {
    let end = first_day().with_year(first_day().year() + YEARS).expect("a date");
    first_day().iter_days().take_while(move |day| *day < end)
}

/// Whole days: an ordinary one, a leap day, both changes of the clock, the turn of a year; and of every day some minutes.
#[test]
fn a_time_said_is_read_back() {
    let whole = ["2026-11-24", "2028-02-29", "2032-02-29", "2027-03-28", "2027-10-31", "2026-12-31", "2027-01-01"];
    let whole = whole.into_iter().map(|day| day.parse::<NaiveDate>().expect("a date"));
    let mut rng = StdRng::seed_from_u64(7);
    let drawn = days().flat_map(|day| {
        let minutes: Vec<i64> = (0..3).map(|_| rng.random_range(0..24 * 60)).collect();
        minutes.into_iter().map(move |minute| day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute))
    });
    let count = all_come_back(whole.flat_map(minutes_of)) + all_come_back(drawn);
    report(&format!("{count} times said and read back"));
}
