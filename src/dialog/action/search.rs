//! Looks for free slots that fit the wishes; when there are none says why, and looks for what comes next.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{Next, ask_world, needs, waiting};
use crate::booking::core::{DailyWindow, EmptyBecause, Order, Slot, SlotPage, SlotQuery, Window};
use crate::booking::refusal::Refusal;
use crate::clock::{from_athens, to_athens};
use crate::dialog::io::Request;
use crate::dialog::slot::office;
use crate::dialog::slot::when::choose;
use crate::dialog::state::{Offers, Search, SearchPurpose};
use crate::dialog::turn::Turn;
use crate::greek::display;
use crate::greek::when::{Grain, Open, When};

/// A part of the day that begins by then is its first; without it the rest of the day is left.
const MORNING_ENDS_BEFORE: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("a time of day");
/// Never more than three times at once: nobody keeps more in mind.
const OFFERED: usize = 3;
/// Enough to see three different times where many offices are free at once.
const AT_ANY_OFFICE: usize = 60;
/// Enough to see a whole day of an office.
const WHOLE_DAY: usize = 200;

/// Due while no slot is chosen and what is on offer answers other wishes.
pub fn due(turn: &Turn<'_>) -> bool {
    let slots = &turn.state.slots;
    let asked = turn.state.offers.as_ref().map(|offers| &offers.query);
    slots.slot.is_none() && slots.service.is_some() && slots.mode.is_some() && asked != wish(turn).as_ref()
}

/// Asks for what the wishes say.
pub fn run(turn: &mut Turn<'_>) -> Next {
    match wish(turn) {
        Some(wish) => search(turn, wish.clone(), wish, SearchPurpose::Wish),
        None => Next::Leave,
    }
}

fn search(turn: &mut Turn<'_>, wish: SlotQuery, query: SlotQuery, purpose: SearchPurpose) -> Next {
    turn.state.search = Some(Search { wish, purpose });
    ask_world(turn, Request::Search(query))
}

/// The wishes as a query.
fn wish(turn: &Turn<'_>) -> Option<SlotQuery> {
    let slots = &turn.state.slots;
    let wanted = |w: &&When| !w.exclude;
    let unwanted_days = |w: &&When| w.exclude && w.daily.is_none();
    let exact = exact_time(turn).is_some();
    // The same wish must be the same query a moment later, or it would be asked for ever.
    let today = day_begins(turn.world.now);
    Some(SlotQuery {
        service: slots.service.clone()?,
        offices: slots.office.iter().cloned().collect(),
        mode: slots.mode?,
        windows: slots.when.iter().filter(wanted).filter_map(|w| window(w, today)).collect(),
        excluded: slots.when.iter().filter(unwanted_days).filter_map(|w| window(w, today)).collect(),
        daily: part_of_day(&slots.when),
        needs: slots.needs(),
        weekdays: Vec::new(),
        near: office::around(turn),
        order: Order::default(),
        after: None,
        limit: if exact { WHOLE_DAY } else { enough(turn) },
    })
}

/// When something opens, after «ανοίγουν»: «την Πέμπτη 26 Νοεμβρίου στις 08:00».
fn when_it_opens(at: DateTime<Utc>) -> String {
    let local = to_athens(at);
    format!("{} {}", display::day_long_accusative(local.date()), display::at_time(local.time()))
}

/// The part of the day that the wishes leave: the wished one, or what an unwanted one («όχι πρωί») leaves of the day.
fn part_of_day(wishes: &[When]) -> Option<DailyWindow> {
    let wished = wishes.iter().filter(|w| !w.exclude).find_map(|w| w.daily);
    let unwanted = wishes.iter().filter(|w| w.exclude).find_map(|w| w.daily);
    let last = NaiveTime::from_hms_opt(23, 59, 0)?;
    match (wished, unwanted) {
        (Some(part), _) => Some(DailyWindow { from: part.from, to: part.to }),
        (None, Some(part)) if part.from <= MORNING_ENDS_BEFORE => Some(DailyWindow { from: part.to, to: last }),
        (None, Some(part)) => Some(DailyWindow { from: NaiveTime::MIN, to: part.from }),
        (None, None) => None,
    }
}

/// Midnight before an instant, in Athens.
fn day_begins(now: DateTime<Utc>) -> DateTime<Utc> {
    to_athens(now).date().and_hms_opt(0, 0, 0).and_then(from_athens).unwrap_or(now)
}

/// The clock time wished for, when there is one such wish.
fn exact_time(turn: &Turn<'_>) -> Option<NaiveDateTime> {
    let mut wanted = turn.state.slots.when.iter().filter(|w| !w.exclude);
    match (wanted.next(), wanted.next()) {
        (Some(only), None) if only.open.is_none() && only.from == only.to && only.grain <= Grain::Hour => only.from,
        _ => None,
    }
}

/// The stretch of time that a wish leaves; the whole day of a clock time, because the nearest is sought there.
///
/// A wish is told from another by its stretches, so an open end lies at a midnight: were it the moment itself, each step
/// would find a new wish and search again.
fn window(when: &When, now: DateTime<Utc>) -> Option<Window> {
    let now = from_athens(to_athens(now).date().and_time(NaiveTime::MIN)).unwrap_or(now);
    let far = now + TimeDelta::days(400);
    let at = |time: Option<NaiveDateTime>| time.and_then(from_athens);
    let day_of = |time: NaiveDateTime| {
        let midnight = time.date().and_hms_opt(0, 0, 0)?;
        Some(Window { from: from_athens(midnight)?, to: from_athens(midnight + TimeDelta::days(1))? })
    };
    match (when.open, when.from, when.to) {
        (Some(Open::After), Some(from), to) => {
            let end = to.filter(|to| *to > from).and_then(from_athens);
            Some(Window { from: from_athens(from)?, to: end.unwrap_or(far) })
        }
        (Some(Open::Before), from, Some(to)) => {
            let start = at(from.filter(|from| *from < to)).unwrap_or(now);
            Some(Window { from: start, to: from_athens(to)? })
        }
        (Some(Open::Before), Some(only), None) => Some(Window { from: now, to: from_athens(only)? }),
        (_, Some(from), Some(to)) if from == to => day_of(from),
        (_, Some(from), Some(to)) => Some(Window { from: from_athens(from)?, to: from_athens(to)? }),
        (_, Some(from), None) => Some(Window { from: from_athens(from)?, to: far }),
        (_, None, Some(to)) => Some(Window { from: now, to: from_athens(to)? }),
        (_, None, None) => None,
    }
}

/// Takes what was found.
pub fn receive(turn: &mut Turn<'_>, result: Result<SlotPage, Refusal>) {
    let page = match result {
        Ok(page) => page,
        Err(refusal) => return super::give_up(turn, &refusal),
    };
    let Some(Search { wish, purpose }) = turn.state.search.take() else { return };
    match (page.slots.is_empty(), purpose) {
        (true, SearchPurpose::Wish) => next_after_nothing(turn, wish, &page),
        (true, SearchPurpose::Next(_)) if wish.needs.resource.is_some() => needs::others_instead(turn),
        (true, SearchPurpose::Next(_)) => elsewhere(turn, wish),
        (true, SearchPurpose::Elsewhere) => nothing_at_all(turn),
        (true, SearchPurpose::Later) => turn.say("nothing_later"),
        (true, SearchPurpose::Earlier(_)) => turn.say("nothing_earlier"),
        (false, SearchPurpose::Wish) => {
            turn.state.full = None;
            found(turn, wish, page);
        }
        (false, SearchPurpose::Next(why)) => {
            say_why(turn, &why);
            if turn.state.full.is_some() {
                turn.say("wait_instead");
            }
            offer(turn, wish, page.slots, page.more);
        }
        (false, SearchPurpose::Elsewhere) => found_elsewhere(turn, page),
        (false, SearchPurpose::Later) => offer(turn, wish, page.slots, page.more),
        (false, SearchPurpose::Earlier(_)) => {
            let mut slots = page.slots;
            slots.dedup_by_key(|slot| slot.start);
            let last = slots.split_off(slots.len().saturating_sub(OFFERED));
            offer(turn, wish, last, true);
        }
    }
}

/// What fits the wish: the very time, or the nearest of that day, or the first three.
fn found(turn: &mut Turn<'_>, wish: SlotQuery, page: SlotPage) {
    let Some(at) = exact_time(turn) else { return offer(turn, wish, page.slots, page.more) };
    if let Some(exact) = page.slots.iter().find(|slot| to_athens(slot.start) == at) {
        let exact = exact.clone();
        offer(turn, wish, vec![exact.clone()], false);
        choose(turn, exact);
        return;
    }
    let mut nearest = page.slots;
    nearest.sort_by_key(|slot| (to_athens(slot.start) - at).num_minutes().abs());
    nearest.truncate(OFFERED);
    nearest.sort_by_key(|slot| slot.start);
    turn.say_note("not_that_time", display::at_time(at.time()));
    offer(turn, wish, nearest, true);
}

/// So many slots give three different times.
fn enough(turn: &Turn<'_>) -> usize {
    if turn.state.slots.office.is_none() { AT_ANY_OFFICE } else { OFFERED }
}

fn offer(turn: &mut Turn<'_>, query: SlotQuery, mut slots: Vec<Slot>, more: bool) {
    // The same time at several offices is one time to choose; the first office has it.
    slots.dedup_by_key(|slot| slot.start);
    slots.truncate(OFFERED);
    turn.state.offers = Some(Offers { query, slots, more });
}

/// The wish left nothing: looks for the first that comes after it, with the reason kept to be said.
fn next_after_nothing(turn: &mut Turn<'_>, wish: SlotQuery, page: &SlotPage) {
    let why = page.empty_because.clone().unwrap_or(EmptyBecause::FullyBooked);
    turn.state.full = Some(wish.clone()).filter(|wish| waiting::helps(turn, wish, &why));
    let wished = !wish.windows.is_empty() || wish.daily.is_some();
    if !wished && wish.needs.resource.is_some() {
        return needs::others_instead(turn);
    }
    if !wished {
        return elsewhere(turn, wish);
    }
    let after = wish.windows.iter().map(|w| w.from).min().unwrap_or(turn.world.now).max(turn.world.now);
    let after = if why == EmptyBecause::TooSoon || matches!(why, EmptyBecause::BeyondHorizon(_)) {
        turn.world.now
    } else {
        after
    };
    let far = after + TimeDelta::days(400);
    let daily = wish.daily.filter(|_| !wish.windows.is_empty());
    let query =
        SlotQuery { windows: vec![Window { from: after, to: far }], daily, limit: enough(turn), ..wish.clone() };
    search(turn, wish, query, SearchPurpose::Next(why));
}

/// The office of the wish has nothing, then or later: looks for what comes first at the others, where one may wait for it.
fn elsewhere(turn: &mut Turn<'_>, wish: SlotQuery) {
    if wish.offices.is_empty() || turn.state.full.is_none() {
        return nothing_at_all(turn);
    }
    let from = wish.windows.iter().map(|w| w.from).min();
    let windows = from.map(|from| Window { from, to: from + TimeDelta::days(400) }).into_iter().collect();
    let query = SlotQuery { offices: Vec::new(), windows, limit: AT_ANY_OFFICE, ..wish.clone() };
    search(turn, wish, query, SearchPurpose::Elsewhere);
}

/// Offers what other offices have; one may still wait for the first.
fn found_elsewhere(turn: &mut Turn<'_>, page: SlotPage) {
    turn.say("full_there");
    turn.say("wait_for_there");
    (turn.state.slots.office, turn.state.slots.any_office) = (None, true);
    if let Some(query) = wish(turn) {
        offer(turn, query, page.slots, page.more);
    }
}

fn nothing_at_all(turn: &mut Turn<'_>) {
    if turn.state.full.is_some() {
        turn.say("nothing_free_now");
        return waiting::open(turn, false);
    }
    turn.say("nothing_free");
    turn.pop();
}

fn say_why(turn: &mut Turn<'_>, why: &EmptyBecause) {
    if matches!(why, EmptyBecause::FullyBooked) && turn.state.slots.resource.is_some() {
        return turn.say("employee_busy_then");
    }
    match why {
        EmptyBecause::Holiday(name) => turn.say_note("wish_holiday", name.clone()),
        EmptyBecause::Closed(reason) => turn.say_note("wish_closed", reason.clone()),
        EmptyBecause::OutsideHours => turn.say("wish_hours"),
        EmptyBecause::TooSoon => turn.say("wish_soon"),
        EmptyBecause::BeyondHorizon(days) => turn.say_note("wish_horizon", days.to_string()),
        EmptyBecause::NotYetOpen(at) => turn.say_note("wish_not_yet", when_it_opens(*at)),
        EmptyBecause::KeptForOthers => turn.say("wish_kept"),
        EmptyBecause::NobodyServes => turn.say("wish_nobody"),
        EmptyBecause::FullyBooked => turn.say("wish_full"),
    }
}

/// The next three.
pub fn later(turn: &mut Turn<'_>) {
    let Some(offers) = turn.state.offers.clone() else { return };
    let Some(last) = offers.slots.last() else { return };
    let from = last.start + TimeDelta::minutes(1);
    let query = SlotQuery {
        windows: vec![Window { from, to: from + TimeDelta::days(400) }],
        limit: enough(turn),
        ..offers.query.clone()
    };
    search(turn, offers.query, query, SearchPurpose::Later);
}

/// The three before.
pub fn earlier(turn: &mut Turn<'_>) {
    let Some(offers) = turn.state.offers.clone() else { return };
    let Some(first) = offers.slots.first() else { return };
    let before = Window { from: turn.world.now, to: first.start };
    let query = SlotQuery { after: None, windows: vec![before], limit: 500, ..offers.query.clone() };
    search(turn, offers.query, query, SearchPurpose::Earlier(first.start));
}

/// The first ones of a later day than the first on offer.
pub fn other_day(turn: &mut Turn<'_>) {
    let Some(offers) = turn.state.offers.clone() else { return };
    let day = offers.slots.first().map(|slot| to_athens(slot.start).date());
    let next = day.and_then(|day| (day + TimeDelta::days(1)).and_hms_opt(0, 0, 0)).and_then(from_athens);
    let Some(from) = next else { return };
    let query = SlotQuery {
        after: None,
        windows: vec![Window { from, to: from + TimeDelta::days(400) }],
        limit: enough(turn),
        ..offers.query.clone()
    };
    search(turn, offers.query, query, SearchPurpose::Later);
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn an_open_wish_is_the_same_wish_a_moment_later() {
        let midday = NaiveDate::from_ymd_opt(2026, 11, 23).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap();
        let now = from_athens(midday).unwrap();
        let whole = When {
            from: Some(midday),
            to: Some(midday),
            daily: None,
            grain: Grain::Day,
            open: Some(Open::After),
            exclude: false,
        };
        let before = When { from: None, open: Some(Open::Before), ..whole.clone() };
        let until = When { to: None, open: None, ..whole.clone() };
        for wish in [whole, before, until] {
            let first = window(&wish, now).unwrap();
            assert_eq!(Some(first), window(&wish, now + TimeDelta::seconds(1)), "{wish:?}");
        }
    }
}
