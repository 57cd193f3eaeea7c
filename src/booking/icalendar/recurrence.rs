//! The times of a repeating event, by the wall clock.
//!
//! The rule is worked out on a wall clock that never jumps, and only its results are placed in a zone: so a meeting at
//! 03:30 does not vanish in the night in which the clock goes forward.

use std::time::{Duration, Instant};

use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarFrequency, ICalendarRecurrenceRule};
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use rrule::{RRule, RRuleSet, Unvalidated};

use super::busy::Trouble;
use super::event::Moment;

/// How many times all rules of one calendar may name together.
const STEPS: u32 = 500_000;
/// How long the rules of one calendar may be worked on: some look for a day that never comes, such as 30 February.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most times that a rule may name in one day: one every five minutes.
const MOST_A_DAY: usize = 288;

/// The patience that is left for the rules of one calendar.
#[derive(Debug)]
pub(super) struct Patience {
    steps: u32,
    until: Instant,
}

impl Default for Patience {
    fn default() -> Self {
        Self { steps: STEPS, until: Instant::now() + PATIENCE }
    }
}

impl Patience {
    fn spend(&mut self) -> Result<(), Trouble> {
        self.steps = self.steps.checked_sub(1).ok_or(Trouble::TooManyTimes)?;
        if Instant::now() < self.until { Ok(()) } else { Err(Trouble::TooManyTimes) }
    }
}

/// A stretch of the wall clock, both ends within it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: NaiveDateTime,
    pub to: NaiveDateTime,
}

/// The starts between `span.from` and `span.to` that a rule gives an event, in order; its own start is not among them
/// unless the rule gives it. Nobody is busy by the minute: rules finer than an hour are refused.
pub(super) fn starts(
    start: Moment,
    rule: &ICalendarRecurrenceRule,
    span: Span,
    patience: &mut Patience,
) -> Result<Vec<NaiveDateTime>, Trouble> {
    let a_day = [rule.byhour.len(), rule.byminute.len(), rule.bysecond.len()];
    let too_often = matches!(rule.freq, ICalendarFrequency::Secondly | ICalendarFrequency::Minutely);
    if too_often || a_day.iter().map(|length| (*length).max(1)).product::<usize>() > MOST_A_DAY {
        return Err(Trouble::BadRule);
    }
    let mut rule = rule.clone();
    let until = match &rule.until {
        Some(until) => Some(end_of(until, start).ok_or(Trouble::BadRule)?),
        None => None,
    };
    if until.is_some_and(|until| until < span.from.max(start.local)) {
        return Ok(Vec::new());
    }
    // Asked for no end, the rule goes on until it passes the span, and needs no end in the zone of its start.
    rule.until = None;
    let first = nearer(start.local, &rule, span.from).ok_or(Trouble::BadRule)?;
    let last = until.map_or(span.to, |until| until.min(span.to));
    walk(first, &rule, Span { from: span.from, to: last }, patience)
}

fn walk(
    first: NaiveDateTime,
    rule: &ICalendarRecurrenceRule,
    span: Span,
    patience: &mut Patience,
) -> Result<Vec<NaiveDateTime>, Trouble> {
    let first = first.and_utc().with_timezone(&rrule::Tz::UTC);
    let written = rule.to_string().parse::<RRule<Unvalidated>>().map_err(|_| Trouble::BadRule)?;
    let valid = written.validate(first).map_err(|_| Trouble::BadRule)?;
    let set = RRuleSet::new(first).rrule(valid).limit();
    let mut found = Vec::new();
    patience.spend()?;
    for at in &set {
        patience.spend()?;
        let local = at.naive_utc();
        if local > span.to {
            return Ok(found);
        }
        if local >= span.from {
            found.push(local);
        }
    }
    Ok(found)
}

/// The last moment of a rule by the wall clock of the event, however the end is written.
fn end_of(until: &PartialDateTime, start: Moment) -> Option<NaiveDateTime> {
    let written = until.to_date_time()?;
    if !until.has_time() {
        return Some(written.date_time.date().and_time(NaiveTime::from_hms_opt(23, 59, 59)?));
    }
    match written.offset {
        Some(offset) => {
            let instant = written.date_time.checked_sub_offset(offset)?.and_utc();
            Some(start.zone.local(instant))
        }
        None => Some(written.date_time),
    }
}

/// A start from which the rule gives the same times after `from`, but nearer to it: nobody walks through the years since
/// an event began. A rule that counts must be counted from its beginning.
fn nearer(start: NaiveDateTime, rule: &ICalendarRecurrenceRule, from: NaiveDateTime) -> Option<NaiveDateTime> {
    let unit = match rule.freq {
        ICalendarFrequency::Hourly => 60 * 60,
        ICalendarFrequency::Daily => 24 * 60 * 60,
        ICalendarFrequency::Weekly => 7 * 24 * 60 * 60,
        _ => return Some(start),
    };
    let step = unit * i64::from(rule.interval.unwrap_or(1));
    let skipped = (from - start).num_seconds() / step - 2;
    if rule.count.is_some() || skipped <= 0 {
        return Some(start);
    }
    start.checked_add_signed(TimeDelta::seconds(skipped * step))
}
