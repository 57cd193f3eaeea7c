//! How long slot search takes over a whole country: 500 offices with 8 desks each, 60 days ahead.
//!
//! Cold is the first search after the catalogue was put in force, when nothing is remembered; warm is a search after one more
//! booking. Filling the board is not measured, hearing one change is.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ariadni::booking::board::Board;
use ariadni::booking::catalogue::{Catalogue, Office, Service};
use ariadni::booking::claim::{Change, Claim, ClaimKind, Serves};
use ariadni::booking::core::{Actor, SlotQuery, Window};
use ariadni::booking::people::Mode;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};

const DESKS: usize = 8;
const DAYS: i64 = 60;
const SERVICE: &str = "kep.information-application";
/// Opening and closing hours; a third of the offices has each.
const HOURS: [(u32, u32); 3] = [(480, 840), (450, 870), (540, 900)];

/// Monday, 08:00 in Athens.
fn now() -> DateTime<Utc> {
    "2026-11-23T06:00:00Z".parse().expect("an instant")
}

fn citizen() -> Actor {
    Actor::Citizen { channel: "web".to_owned(), conversation: "c-1".to_owned() }
}

/// A country of so many offices with `DESKS` desks each, all with the same service.
fn country(offices: usize) -> Catalogue {
    let bundled = Catalogue::bundled();
    let mut service: Service = bundled.service(&SERVICE.into()).expect("bundled").clone();
    service.rules.horizon_days = u32::try_from(DAYS).expect("small");
    service.modes.iter_mut().for_each(|served| served.minutes = 20);
    let pattern = bundled.offices_offering(&service.id).next().expect("offered").clone();
    let office = |number: usize| {
        let mut office: Office = pattern.clone();
        office.id = format!("office-{number:05}").as_str().into();
        office.services = vec![service.id.clone()];
        office.local_holidays = Some(Vec::new());
        let (from, to) = HOURS[number % HOURS.len()];
        let time = |minutes: u32| NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0).expect("a time");
        office.opening.truncate(1);
        let rule = &mut office.opening[0];
        (rule.from, rule.to, rule.breaks, rule.every_minutes) = (time(from), time(to), Vec::new(), None);
        (rule.modes, rule.services) = (Vec::new(), Vec::new());
        let mut desk = office.resources[0].clone();
        (desk.modes, desk.services) = (Vec::new(), Vec::new());
        office.resources = (0..DESKS)
            .map(|n| {
                desk.id = format!("office-{number:05}-{n}").as_str().into();
                desk.clone()
            })
            .collect();
        office
    };
    Catalogue { services: vec![service.clone()], offices: (0..offices).map(office).collect(), ..bundled }
}

/// The claim of one desk at one of the starts of a day, counted from opening; `None` after closing.
fn claim(office: usize, desk: usize, date: NaiveDate, start: u32, kind: ClaimKind) -> Option<Claim> {
    let (opens, closes) = HOURS[office % HOURS.len()];
    let minutes = opens + start * 20;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0)?;
    let local = chrono_tz::Europe::Athens.from_local_datetime(&date.and_time(time)).earliest()?;
    let window = Window { from: local.to_utc(), to: local.to_utc() + TimeDelta::minutes(20) };
    let id = uuid::Uuid::new_v4().to_string();
    let serves = Serves {
        group: id.clone(),
        service: SERVICE.into(),
        mode: Mode::InPerson,
        channel: "web".to_owned(),
        staff: false,
        slot: window,
    };
    let (office, resource) = (format!("office-{office:05}"), format!("office-{office:05}-{desk}"));
    (minutes + 20 <= closes).then(|| Claim {
        id,
        office: office.as_str().into(),
        resource: resource.as_str().into(),
        window,
        kind,
        expires_at: None,
        serves: Some(serves),
    })
}

/// A board on which `percent` hundredths of all places are booked on the first `days` days.
fn booked(offices: usize, percent: u32, days: i64) -> Board {
    let mut board = Board::new(Arc::new(country(offices)));
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = || {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        u32::try_from(chance % 10_000).expect("small") < percent
    };
    for day in 0..days {
        let date = now().date_naive() + TimeDelta::days(day);
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        for (office, desk) in (0..offices).flat_map(|o| (0..DESKS).map(move |d| (o, d))).filter(|_| !weekend) {
            for start in (0..21).filter(|_| draw()) {
                if let Some(claim) = claim(office, desk, date, start, ClaimKind::Appointment) {
                    board.apply(Change::Taken(claim));
                }
            }
        }
    }
    board
}

/// What is measured: a search of the board.
type Ask = fn(&Board);

fn first_page(board: &Board) {
    let query = SlotQuery::new(SERVICE.into(), Mode::InPerson, 50);
    black_box(board.find(black_box(&query), &citizen(), now()).expect("a page"));
}

fn all_days(board: &Board) {
    let query = SlotQuery::new(SERVICE.into(), Mode::InPerson, 50);
    let today = now().date_naive();
    black_box(board.days(&query, today, today + TimeDelta::days(DAYS), &citizen(), now()).expect("days"));
}

fn one_office(board: &Board) {
    let mut query = SlotQuery::new(SERVICE.into(), Mode::InPerson, 50);
    query.offices = vec!["office-00123".into()];
    black_box(board.find(black_box(&query), &citizen(), now()).expect("a page"));
}

/// Measures a search cold and warm.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, board: &mut Board, name: &str, ask: Ask) {
    let catalogue = Arc::clone(board.catalogue());
    let timed = |board: &Board| {
        let begun = Instant::now();
        ask(board);
        begun.elapsed()
    };
    group.bench_function(BenchmarkId::new("cold", name), |bencher| {
        bencher.iter_custom(|times| {
            (0..times).fold(Duration::ZERO, |total, _| {
                board.replace_catalogue(Arc::clone(&catalogue));
                total + timed(board)
            })
        });
    });
    ask(board);
    let date = now().date_naive() + TimeDelta::days(DAYS - 3);
    let extra = claim(7, 3, date, 5, ClaimKind::Busy).expect("inside the hours");
    group.bench_function(BenchmarkId::new("warm", name), |bencher| {
        bencher.iter_custom(|times| {
            (0..times).fold(Duration::ZERO, |total, time| {
                let extra = extra.clone();
                board.apply(if time % 2 == 0 { Change::Taken(extra) } else { Change::Freed(extra.id) });
                total + timed(board)
            })
        });
    });
    board.apply(Change::Freed(extra.id));
}

fn country_wide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("slot_search");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for (state, percent, days) in
        [("nothing_booked", 0, 0), ("half_booked", 5_000, DAYS + 1), ("all_but_ten_days_booked", 10_000, DAYS - 9)]
    {
        let mut board = booked(500, percent, days);
        measure(&mut group, &mut board, &format!("first_page/{state}"), first_page);
        measure(&mut group, &mut board, &format!("all_days/{state}"), all_days);
        measure(&mut group, &mut board, &format!("one_office/{state}"), one_office);
    }
    group.finish();
}

/// The same with more bookings, and with more offices.
fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("slot_search_growth");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for (name, percent) in [("bookings_x1", 100), ("bookings_x10", 1_000), ("bookings_x100", 10_000)] {
        let mut board = booked(500, percent, DAYS - 9);
        let name = format!("{name}_{}", board.claims());
        measure(&mut group, &mut board, &format!("first_page/{name}"), first_page);
        measure(&mut group, &mut board, &format!("all_days/{name}"), all_days);
    }
    for (name, offices) in [("offices_x1", 500), ("offices_x10", 5_000), ("offices_x100", 50_000)] {
        let mut board = booked(offices, 2_000, 2);
        measure(&mut group, &mut board, &format!("first_page/{name}"), first_page);
        measure(&mut group, &mut board, &format!("all_days/{name}"), all_days);
    }
    group.finish();
}

criterion_group!(benches, country_wide, growth);
criterion_main!(benches);
