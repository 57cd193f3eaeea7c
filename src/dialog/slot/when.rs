//! Wishes about time: new ones replace old ones, unless they only complete them.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::booking::core::Slot;
use crate::clock::to_athens;
use crate::dialog::fill::{self, Put};
use crate::dialog::flow::SlotName;
use crate::dialog::state::About;
use crate::dialog::turn::Turn;
use crate::greek::greeklish::{is_greeklish, to_greek};
use crate::greek::when::{self, Daily, Grain, Options, When};
use crate::nlu::Intent;

/// As far as any service is booked ahead.
const WEEKS_AHEAD: i64 = 13;

/// Takes the times of an utterance as the new wish; a time among the offered ones chooses it.
pub fn wish(turn: &mut Turn<'_>, times: &[(When, String)], intent: Intent) -> Put {
    if let Some(slot) = offered_then(turn, times) {
        return choose(turn, slot);
    }
    let denied = intent == Intent::Deny;
    let old = turn.state.slots.when.clone();
    let mut new: Vec<When> = Vec::new();
    for (when, text) in times {
        let mut wish = at_same_hour(turn, complete(turn, when, text));
        wish.exclude |= denied && times.len() == 1;
        new.extend(every_week(turn, wish, text));
    }
    if new.iter().all(|w| w.exclude) {
        // A day that is now refused is no wish any more.
        let stays = |w: &&When| !new.contains(w) && (w.exclude || !new.iter().any(|refused| holds(refused, w)));
        new.extend(old.iter().filter(stays).cloned().collect::<Vec<_>>());
    }
    let put = match (old.is_empty() && turn.state.slots.slot.is_none(), old == new) {
        (true, _) => Put::New,
        (false, true) => Put::Same,
        (false, false) => Put::Changed,
    };
    turn.state.slots.when = new;
    turn.state.slots.earliest = false;
    turn.state.slots.slot = None;
    let put = fill::settle_change(turn, SlotName::When, put);
    // While times are being chosen another wish is no correction, only the next thing to look for.
    let choosing = matches!(turn.state.about(), Some(About::Slot(SlotName::When | SlotName::Slot)));
    if choosing && put == Put::Changed { Put::New } else { put }
}

/// «Όχι Δευτέρα» means no Monday at all; a date that is not wanted is that date alone.
fn every_week(turn: &Turn<'_>, wish: When, text: &str) -> Vec<When> {
    let (Some(from), Some(to)) = (wish.from, wish.to) else { return vec![wish] };
    let named_by_date = text.chars().any(|c| c.is_ascii_digit()) || to - from != TimeDelta::days(1);
    let today = to_athens(turn.world.now).date();
    if !wish.exclude || named_by_date || !when::is_weekday(text) {
        return vec![wish];
    }
    let first = today + TimeDelta::days((from.date() - today).num_days().rem_euclid(7));
    let days = (0..WEEKS_AHEAD).map(|week| (first + TimeDelta::weeks(week)).and_time(NaiveTime::MIN));
    days.map(|from| When { from: Some(from), to: Some(from + TimeDelta::days(1)), ..wish.clone() }).collect()
}

/// Whether one stretch of time lies wholly inside another.
fn holds(outer: &When, inner: &When) -> bool {
    match (outer.from, outer.to, inner.from, inner.to) {
        (Some(from), Some(to), Some(start), Some(end)) => from <= start && end <= to,
        _ => false,
    }
}

/// Chooses a slot.
pub fn choose(turn: &mut Turn<'_>, slot: Slot) -> Put {
    if turn.state.slots.office.as_ref() != Some(&slot.office) {
        turn.state.slots.office = Some(slot.office.clone());
    }
    if turn.state.slots.slot.as_ref() != Some(&slot) {
        turn.release_hold();
    }
    let put = fill::put(&mut turn.state.slots.slot, slot);
    fill::settle_change(turn, SlotName::Slot, put)
}

/// The one offered slot that a clock time names.
fn offered_then(turn: &Turn<'_>, times: &[(When, String)]) -> Option<Slot> {
    let [(time, text)] = times else { return None };
    let at = time.from.filter(|_| time.grain == Grain::Minute && time.from == time.to && !time.exclude)?;
    let any_day = dayless(text, to_athens(turn.world.now));
    let fits = |slot: &&Slot| {
        let start = to_athens(slot.start);
        if any_day { start.time() == at.time() } else { start == at }
    };
    let mut fitting = turn.state.offers.as_ref()?.slots.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

/// Adds the day of the wish before to a time that came without one.
fn complete(turn: &Turn<'_>, time: &When, text: &str) -> When {
    if !dayless(text, to_athens(turn.world.now)) {
        return time.clone();
    }
    let clock = time.from.filter(|_| time.grain <= Grain::Hour).map(|t| t.time());
    let part = time.daily.or_else(|| clock.map(|t| hour_from(t, time.from == time.to)));
    let Some(part) = part else { return time.clone() };
    let Some((from, to)) = known_days(turn) else {
        return When {
            from: None,
            to: None,
            daily: Some(part),
            grain: Grain::PartOfDay,
            open: None,
            exclude: time.exclude,
        };
    };
    let one_day = to - from <= TimeDelta::days(1);
    match clock {
        Some(at) if one_day && time.open.is_none() && time.from == time.to => {
            let at = from.date().and_time(at);
            When { from: Some(at), to: Some(at), daily: None, ..time.clone() }
        }
        _ => When {
            from: Some(from),
            to: Some(to),
            daily: Some(part),
            grain: Grain::Day,
            open: None,
            exclude: time.exclude,
        },
    }
}

/// Another day for a chosen time keeps the hour that was wished for.
fn at_same_hour(turn: &Turn<'_>, time: When) -> When {
    let slots = &turn.state.slots;
    let wished =
        slots.when.iter().find(|w| !w.exclude && w.open.is_none() && w.grain == Grain::Minute && w.from == w.to);
    let hour = wished.and_then(|w| w.from).filter(|_| slots.slot.is_some());
    let whole_day = time.grain == Grain::Day && time.open.is_none() && time.daily.is_none() && !time.exclude;
    match (time.from, time.to, hour) {
        (Some(from), Some(to), Some(hour)) if whole_day && to - from == TimeDelta::days(1) => {
            let at = Some(from.date().and_time(hour.time()));
            When { from: at, to: at, grain: Grain::Minute, ..time }
        }
        _ => time,
    }
}

/// A clock time without a day, as an hour of every day.
fn hour_from(at: NaiveTime, exact: bool) -> Daily {
    let length = if exact { TimeDelta::hours(1) } else { TimeDelta::hours(4) };
    let (to, wrapped) = at.overflowing_add_signed(length);
    Daily { from: at, to: if wrapped == 0 { to } else { NaiveTime::from_hms_opt(23, 59, 0).unwrap_or(at) } }
}

/// The days spoken of: those wished for, or the day of everything on offer.
fn known_days(turn: &Turn<'_>) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let wished = turn.state.slots.when.iter().find(|w| !w.exclude && w.from.is_some());
    if let Some(wish) = wished {
        let from = wish.from?;
        let to = wish.to.filter(|to| *to > from).unwrap_or(midnight_after(from.date()));
        return Some((from.date().and_time(NaiveTime::MIN), last_midnight(to)));
    }
    let chosen = turn.state.slots.slot.iter().chain(turn.state.offers.iter().flat_map(|o| &o.slots));
    let mut days: Vec<NaiveDate> = chosen.map(|slot| to_athens(slot.start).date()).collect();
    days.dedup();
    match days.as_slice() {
        [day] => Some((day.and_time(NaiveTime::MIN), midnight_after(*day))),
        _ => None,
    }
}

fn midnight_after(day: NaiveDate) -> NaiveDateTime {
    (day + TimeDelta::days(1)).and_time(NaiveTime::MIN)
}

fn last_midnight(to: NaiveDateTime) -> NaiveDateTime {
    if to.num_seconds_from_midnight() == 0 { to } else { midnight_after(to.date()) }
}

/// Whether a time was said without a day.
fn dayless(text: &str, now: NaiveDateTime) -> bool {
    let greek = if is_greeklish(text) { Cow::Owned(to_greek(text)) } else { Cow::Borrowed(text) };
    when::find_with(&greek, now, Options { bare_numbers: true }).first().is_some_and(|found| !found.day_said)
}
