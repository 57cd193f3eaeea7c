//! The only "now". Every component asks a [`Clock`], so that tests and `--now` can set the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The time zone that citizens read and hear (ώρα Ελλάδος).
pub const ATHENS: Tz = chrono_tz::Europe::Athens;

/// A source of the present moment, shared by cloning.
///
/// It is the machine's clock, shifted: `starting_at` makes it begin at a chosen instant and run on, `fixed` makes it
/// stand still until [`Clock::advance`] moves it.
#[derive(Debug, Clone)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Microseconds: an offset to the machine's clock when `running`, the instant itself when not.
    micros: AtomicI64,
    running: bool,
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn system() -> Self {
        Self::with(0, true)
    }

    /// A clock that reads `start` now and runs at the machine's pace.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self::with(start.timestamp_micros() - machine_now().timestamp_micros(), true)
    }

    /// A clock that stands at `instant` until it is moved with [`Clock::advance`].
    #[must_use]
    pub fn fixed(instant: DateTime<Utc>) -> Self {
        Self::with(instant.timestamp_micros(), false)
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = self.inner.micros.load(Ordering::Relaxed);
        let base = if self.inner.running { machine_now().timestamp_micros() } else { 0 };
        DateTime::from_timestamp_micros(base + micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the clock forward (or back, with a negative `by`) for every holder of it.
    pub fn advance(&self, by: TimeDelta) {
        self.inner.micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }

    fn with(micros: i64, running: bool) -> Self {
        Self { inner: Arc::new(Inner { micros: AtomicI64::new(micros), running }) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one home of the machine's clock")]
fn machine_now() -> DateTime<Utc> {
    Utc::now()
}

/// The wall-clock time in Athens at `instant`.
#[must_use]
pub fn to_athens(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&ATHENS).naive_local()
}

/// The instant at which an Athens wall clock reads `local`.
///
/// In the hour that happens twice (last Sunday of October) it is the first of the two; in the hour that does not exist
/// (last Sunday of March) it is `None`.
#[must_use]
pub fn from_athens(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    ATHENS.from_local_datetime(&local).earliest().map(|t| t.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect("a valid local time")
    }

    #[test]
    fn the_doubled_hour_is_its_first_and_the_missing_hour_is_none() {
        let doubled = from_athens(local("2026-10-25T03:30:00")).expect("exists twice");
        assert_eq!(doubled.to_rfc3339(), "2026-10-25T00:30:00+00:00");
        assert_eq!(from_athens(local("2026-03-29T03:30:00")), None);
    }

    #[test]
    fn a_fixed_clock_stands_until_it_is_moved() {
        let clock = Clock::fixed("2026-11-23T08:00:00Z".parse().expect("valid"));
        let before = clock.now();
        assert_eq!(clock.now(), before);
        clock.clone().advance(TimeDelta::minutes(10));
        assert_eq!(clock.now() - before, TimeDelta::minutes(10));
    }
}
