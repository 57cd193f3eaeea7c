//! The board against a slow and obvious core: on random rule books with every kind of rule, random bookings and closures, around
//! clock changes in both hemispheres, feasts and a leap day; and after random histories, what it remembers against what a fresh
//! one finds.

mod dice;
mod oracle;

use std::sync::Arc;

use ariadni::booking::board::Board;
use ariadni::booking::catalogue::Catalogue;
use ariadni::booking::claim::Change;
use ariadni::booking::core::{HoldRequest, Needs, Order, Slot, SlotQuery, Window};
use ariadni::booking::refusal::Refusal;
use ariadni::booking::rule::party::Share;
use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use self::dice::{Case, Dice};
use self::oracle::Oracle;

fn board(catalogue: &Catalogue, changes: &[Change]) -> Board {
    let mut board = Board::new(Arc::new(catalogue.clone()));
    changes.iter().cloned().for_each(|change| board.apply(change));
    board
}

fn hold(query: &SlotQuery, slot: &Slot) -> HoldRequest {
    HoldRequest {
        service: query.service.clone(),
        office: slot.office.clone(),
        mode: slot.mode,
        start: slot.start,
        needs: query.needs.clone(),
    }
}

fn after(slot: &Slot) -> Option<(chrono::DateTime<chrono::Utc>, ariadni::booking::id::OfficeId)> {
    Some((slot.start, slot.office.clone()))
}

/// Where a slot stands in the order of a query.
fn place_in_order(query: &SlotQuery, slot: &Slot) -> (Option<u32>, String, i64, Option<u32>, String) {
    let (at, office) = (slot.start.timestamp(), slot.office.to_string());
    match query.order {
        Order::Earliest => (None, String::new(), at, slot.distance_m, office),
        Order::Nearest => (slot.distance_m, office, at, None, String::new()),
    }
}

fn code<T>(result: &Result<T, Refusal>) -> Option<Refusal> {
    // Messages in English are not compared.
    result.as_ref().err().map(|refusal| match refusal {
        Refusal::NobodyServes(_) => Refusal::NobodyServes(String::new()),
        Refusal::Invalid { field, .. } => Refusal::Invalid { field, message: String::new() },
        other => other.clone(),
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn search_finds_what_the_slow_core_finds_and_says_the_same_reason(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let Case { catalogue, changes, now } = dice.case();
        let actor = dice.actor();
        let query = dice.query(&catalogue, &actor, now);
        let oracle = Oracle::new(&catalogue, &changes, now, &actor);
        let page = board(&catalogue, &changes).find(&query, &actor, now).expect("a sound query");
        let mut expected = oracle.find(&query);
        prop_assert_eq!(page.more, expected.len() > query.limit);
        expected.truncate(query.limit);
        prop_assert_eq!(&page.slots, &expected, "{:?}", query);
        let because = expected.is_empty().then(|| oracle.because(&query, None));
        prop_assert_eq!(page.empty_because, because, "{:?} {:?}", query, actor);
    }

    #[test]
    fn in_the_nights_of_clock_changes_the_slow_core_finds_the_same(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let Case { catalogue, changes, now } = dice.night_of_a_clock_change();
        let actor = dice.actor();
        let service = dice.pick(&catalogue.services);
        let query = SlotQuery::new(service.id, service.modes[0].mode, 500);
        let oracle = Oracle::new(&catalogue, &changes, now, &actor);
        let board = board(&catalogue, &changes);
        for date in [now.date_naive(), now.date_naive() + TimeDelta::days(1)] {
            let found = board.days(&query, date, date, &actor, now).expect("a sound query");
            prop_assert_eq!(&found[0], &oracle.day(&query, date), "{:?}", query);
            // A whole day in any of the zones.
            let noon = date.and_hms_opt(12, 0, 0).expect("noon").and_utc();
            let day = Window { from: noon - TimeDelta::hours(26), to: noon + TimeDelta::hours(14) };
            let query = SlotQuery { windows: vec![day], ..query.clone() };
            let mut expected = oracle.find(&query);
            expected.truncate(500);
            let page = board.find(&query, &actor, now).expect("a sound query");
            prop_assert_eq!(&page.slots, &expected, "{:?}", query);
        }
    }

    #[test]
    fn days_count_what_the_slow_core_can_book(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let Case { catalogue, changes, now } = dice.case();
        let actor = dice.actor();
        let mut query = dice.query(&catalogue, &actor, now);
        if dice.chance(60) {
            query.windows.clear();
        }
        let oracle = Oracle::new(&catalogue, &changes, now, &actor);
        let from = now.date_naive() - TimeDelta::days(1);
        let to = from + TimeDelta::days(6);
        let board = board(&catalogue, &changes);
        let counted = board.days(&query, from, to, &actor, now).expect("a sound query");
        for day in &counted {
            prop_assert_eq!(day, &oracle.day(&query, day.date), "{:?} {:?}", query, actor);
        }
        prop_assert_eq!(counted.len(), 7);
        prop_assert_eq!(&board.days(&query, from, to, &actor, now).expect("again"), &counted, "what is remembered");
        for office in &catalogue.offices {
            let date = from + TimeDelta::days(dice.within(0, 6));
            let minutes = board.serving_minutes(&office.id, date);
            prop_assert_eq!(minutes, oracle.serving_minutes(office, date), "{} {}", office.id, date);
        }
    }

    #[test]
    fn a_place_is_won_where_the_slow_core_sees_one(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let Case { catalogue, changes, now } = dice.case();
        let actor = dice.actor();
        let query = dice.query(&catalogue, &actor, now);
        let oracle = Oracle::new(&catalogue, &changes, now, &actor);
        let board = board(&catalogue, &changes);
        let everybody = SlotQuery { limit: 500, needs: Needs::default(), ..query.clone() };
        let mut starts: Vec<_> = oracle.find(&everybody).iter().map(|s| (s.office.clone(), s.start)).collect();
        starts.extend((0..3).map(|_| {
            let start = now + TimeDelta::seconds(60 - now.timestamp() % 60) + TimeDelta::minutes(dice.within(0, 8 * 288) * 5);
            (dice.pick(&catalogue.offices).id, start)
        }));
        for _ in 0..6 {
            let (office, start) = dice.pick(&starts);
            let own = dice.chance(40).then(|| format!("gc{}", dice.within(0, 24)));
            let request = HoldRequest {
                service: query.service.clone(),
                office,
                mode: query.mode,
                start,
                needs: query.needs.clone(),
            };
            let found = board.place(&request, &actor, now, own.as_deref());
            let expected = oracle.place(&request, own.as_deref());
            prop_assert_eq!(code(&found), code(&expected), "{:?} {:?} own {:?}", request, actor, own);
            let (Ok(found), Ok(free)) = (found, expected) else { continue };
            let service = catalogue.service(&query.service).expect("known");
            let desks = if service.rules.party.each == Share::Desk { query.needs.persons as usize } else { 1 };
            let first: Vec<_> = free.iter().take(desks).map(|r| r.id.clone()).collect();
            let seats: Vec<Vec<_>> =
                found.seats.iter().map(|way| way.iter().map(|seat| seat.resource.clone()).collect()).collect();
            prop_assert_eq!(&seats[0], &first, "the least busy first");
            if desks == 1 {
                prop_assert_eq!(seats.concat(), free.iter().map(|r| r.id.clone()).collect::<Vec<_>>());
            }
            for (way, others) in seats.iter().zip(1..) {
                let different: std::collections::BTreeSet<_> = way.iter().collect();
                prop_assert_eq!((different.len(), way.len()), (desks, desks));
                prop_assert!(!seats[others..].contains(way), "each way once");
            }
            prop_assert_eq!(&found.quotas, &oracle.standing(&request), "those that have not lifted");
            for seat in found.seats.iter().flatten() {
                let resource = free.iter().find(|r| r.id == seat.resource).expect("a free one");
                let buffer = service.rules.buffer.and(resource.buffer);
                prop_assert_eq!(seat.claim, buffer.around(found.slot));
            }
            prop_assert_eq!(found.minutes, u32::try_from((found.slot.to - found.slot.from).num_minutes()).expect("small") * desks as u32);
        }
    }

    #[test]
    fn pages_stay_in_order_while_others_book(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let Case { catalogue, changes, now } = dice.case();
        let actor = dice.actor();
        let mut board = board(&catalogue, &changes);
        let whole = SlotQuery { limit: 500, ..dice.query(&catalogue, &actor, now) };
        let mut always: Vec<Slot> = board.find(&whole, &actor, now).expect("a sound query").slots;
        let mut query = SlotQuery { limit: 7, ..whole.clone() };
        let mut seen: Vec<Slot> = Vec::new();
        for _ in 0..200 {
            let page = board.find(&query, &actor, now).expect("a sound query");
            seen.extend(page.slots);
            if !page.more {
                break;
            }
            query.after = after(seen.last().expect("a full page"));
            if dice.chance(50) {
                dice.change(&catalogue, now).into_iter().for_each(|change| board.apply(change));
                let still = board.find(&whole, &actor, now).expect("a sound query").slots;
                always.retain(|slot| still.iter().any(|s| (s.start, &s.office) == (slot.start, &slot.office)));
            }
        }
        let places: Vec<_> = seen.iter().map(|slot| place_in_order(&whole, slot)).collect();
        prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once");
        let missed: Vec<_> = always.iter().filter(|s| !places.contains(&place_in_order(&whole, s))).collect();
        prop_assert!(missed.is_empty(), "free all the time, and never shown: {:?}", missed);
    }

}

proptest! {
    // Each is a history of forty steps.
    #![proptest_config(config(20))]

    #[test]
    fn what_a_board_remembers_is_what_a_fresh_one_finds(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let Case { mut catalogue, mut changes, mut now } = dice.case();
        let mut remembering = board(&catalogue, &changes);
        let actors = [dice.actor(), dice.actor()];
        let questions: Vec<SlotQuery> = actors.iter().map(|actor| dice.query(&catalogue, actor, now)).collect();
        for _ in 0..40 {
            match dice.within(0, 10) {
                0..=4 => {
                    let change = match (dice.chance(35), changes.is_empty()) {
                        (true, false) => vec![undone(&dice.pick(&changes))],
                        _ => dice.change(&catalogue, now),
                    };
                    let twice = if dice.chance(20) { 2 } else { 1 };
                    for _ in 0..twice {
                        change.iter().cloned().for_each(|change| remembering.apply(change));
                    }
                    changes.extend(change);
                }
                5 | 6 => now += TimeDelta::minutes(dice.within(0, 300)),
                7 if dice.chance(40) => {
                    catalogue = dice.catalogue(now);
                    remembering.replace_catalogue(Arc::new(catalogue.clone()));
                }
                8 if dice.chance(20) => remembering.forget_before(now - TimeDelta::days(2)),
                _ => {}
            }
            let fresh = board(&catalogue, &changes);
            let at = usize::from(dice.chance(50));
            let (actor, question) = (&actors[at], &questions[at]);
            let question = if dice.chance(70) { SlotQuery { needs: Needs::default(), ..question.clone() } } else { question.clone() };
            prop_assert_eq!(remembering.find(&question, actor, now), fresh.find(&question, actor, now));
            if dice.chance(50) {
                let (from, to) = (now.date_naive(), now.date_naive() + TimeDelta::days(5));
                let whole = SlotQuery { windows: Vec::new(), excluded: Vec::new(), daily: None, ..question.clone() };
                prop_assert_eq!(remembering.days(&whole, from, to, actor, now), fresh.days(&whole, from, to, actor, now));
            }
            if let Some(slot) = fresh.find(&question, actor, now).ok().and_then(|page| page.slots.first().cloned()) {
                let request = hold(&question, &slot);
                let place = remembering.place(&request, actor, now, None);
                prop_assert!(place.is_ok(), "found, but {:?}", place);
                prop_assert_eq!(place, fresh.place(&request, actor, now, None));
            }
        }
    }
}

/// What takes a change back.
fn undone(change: &Change) -> Change {
    match change {
        Change::Taken(claim) => Change::Freed(claim.id.clone()),
        Change::Shut { id, .. } => Change::Reopened(id.clone()),
        other => other.clone(),
    }
}

#[test]
fn more_than_a_year_of_days_is_refused() {
    let mut dice = Dice::new(1);
    let Case { catalogue, now, .. } = dice.case();
    let query = SlotQuery::new("kep.x".into(), ariadni::booking::people::Mode::InPerson, 1);
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let days = |from, to| {
        board(&catalogue, &[]).days(&query, day(from), day(to), &crate::world::citizen(), now).map(|d| d.len())
    };
    assert_eq!(days("2027-01-01", "2028-01-01"), Ok(366));
    assert_eq!(days("2027-01-01", "2028-01-02").map_err(|refusal| refusal.code()), Err("invalid"));
    assert_eq!(days("2027-01-02", "2027-01-01").map_err(|refusal| refusal.code()), Err("invalid"));
}
