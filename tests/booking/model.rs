//! Slot search against a slow and obvious model: it walks every minute and asks every rule, on random rule books, around
//! both clock changes, feasts and a leap day.

use std::collections::BTreeSet;
use std::sync::Arc;

use ariadni::booking::board::Board;
use ariadni::booking::catalogue::{
    BookingRules, Break, Catalogue, Day, LocalHoliday, Office, OpeningRule, Resource, ServedBy, Service,
};
use ariadni::booking::claim::{Change, Claim, ClaimKind};
use ariadni::booking::core::{Closure, DailyWindow, HoldRequest, Needs, Order, Slot, SlotQuery, Window};
use ariadni::booking::people::Mode;
use ariadni::booking::place::Municipalities;
use ariadni::booking::rule::yearly_day::YearlyDay;
use ariadni::clock::ATHENS;
use ariadni::greek::feast::{holiday_on, orthodox_easter};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::world::{catalogue as small_catalogue, citizen};

const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// Days of the model's small world.
const HORIZON: u32 = 4;

/// A rule book, what is taken, and a question.
#[derive(Debug, Clone)]
struct Case {
    catalogue: Catalogue,
    claims: Vec<Claim>,
    closures: Vec<Closure>,
    now: DateTime<Utc>,
    query: SlotQuery,
}

// The model.

fn local(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// Every minute in which the wall clock of `zone` shows `date`.
fn minutes_of(zone: Tz, date: NaiveDate) -> Vec<DateTime<Utc>> {
    let noon = date.and_hms_opt(12, 0, 0).expect("noon").and_utc();
    // The zones of the cases lie between 0 and 11 hours ahead of UTC.
    let around = (-24 * 60..13 * 60).map(|m| noon + TimeDelta::minutes(m));
    around.filter(|at| local(zone, *at).date() == date).collect()
}

/// The minutes in which a rule is open on a date.
fn open_minutes(zone: Tz, rule: &OpeningRule, day: &[DateTime<Utc>]) -> BTreeSet<DateTime<Utc>> {
    let shows = |at: &DateTime<Utc>| local(zone, *at).time();
    let after_opening = day.iter().copied().skip_while(|at| shows(at) < rule.from);
    let mut open: BTreeSet<_> = after_opening.take_while(|at| shows(at) < rule.to).collect();
    for pause in &rule.breaks {
        let first = day.iter().position(|at| shows(at) >= pause.from);
        let last = day.iter().rposition(|at| shows(at) < pause.to);
        if let (Some(first), Some(last)) = (first, last) {
            for at in day.iter().take(last + 1).skip(first) {
                open.remove(at);
            }
        }
    }
    open
}

fn applies(rule: &OpeningRule, date: NaiveDate, mode: Mode) -> bool {
    rule.days.contains(&Day::from(date.weekday()))
        && rule.valid_from.is_none_or(|d| d <= date)
        && rule.valid_to.is_none_or(|d| d >= date)
        && (rule.modes.is_empty() || rule.modes.contains(&mode))
}

/// An office's own list, or that of the municipality with its name.
fn local_holidays(office: &Office) -> Vec<LocalHoliday> {
    let of_the_place = || {
        let mut all = Municipalities::bundled().iter();
        all.find(|m| m.name == office.municipality && office.time_zone == ATHENS).map(|m| m.local_holidays.clone())
    };
    office.local_holidays.clone().or_else(of_the_place).unwrap_or_default()
}

/// Counted day by day from Easter, the feast that gives way to it too.
fn falls_on(day: YearlyDay, date: NaiveDate) -> bool {
    let same = |month, of_month| date.month() == month && date.day() == of_month;
    let from_easter = (date - orthodox_easter(date.year())).num_days();
    match day {
        YearlyDay::Fixed { month, day } => same(month, day),
        YearlyDay::Easter { offset } => from_easter == offset,
        YearlyDay::NotBeforeEaster { month, day, offset } => {
            let fixed = NaiveDate::from_ymd_opt(date.year(), month, day);
            (same(month, day) && from_easter >= offset) || (from_easter == offset && fixed.is_some_and(|f| f < date))
        }
    }
}

fn model_starts(office: &Office, minutes: u32, date: NaiveDate, mode: Mode) -> BTreeSet<DateTime<Utc>> {
    let zone = office.time_zone;
    let shut = holiday_on(date).is_some() || local_holidays(office).iter().any(|h| falls_on(h.on, date));
    let day = if shut { Vec::new() } else { minutes_of(zone, date) };
    let mut starts = BTreeSet::new();
    for rule in office.opening.iter().filter(|rule| applies(rule, date, mode)) {
        let open = open_minutes(zone, rule, &day);
        let every = i64::from(rule.every_minutes.unwrap_or(minutes));
        let mut shown = BTreeSet::new();
        for at in &day {
            let time = local(zone, *at).time();
            let first_time = shown.insert(time);
            let on_grid = time >= rule.from && (time - rule.from).num_minutes() % every == 0;
            let fits =
                (0..i64::from(minutes)).all(|m| open.contains(&(*at + MINUTE * i32::try_from(m).expect("small"))));
            if first_time && on_grid && fits {
                starts.insert(*at);
            }
        }
    }
    starts
}

fn touches(a: Window, b: Window) -> bool {
    a.from < b.to && b.from < a.to
}

fn wanted(case: &Case, office: &Office, start: DateTime<Utc>) -> bool {
    let query = &case.query;
    let inside = |w: &Window| start == w.from || (w.from <= start && start < w.to);
    let time = local(office.time_zone, start).time();
    (query.windows.is_empty() || query.windows.iter().any(inside))
        && !query.excluded.iter().any(inside)
        && query.daily.is_none_or(|d| d.from <= time && time < d.to)
        && query.after.as_ref().is_none_or(|(last, id)| (start, &office.id) > (*last, id))
}

/// Every free slot, in order.
fn model(case: &Case) -> Vec<Slot> {
    let service = &case.catalogue.services[0];
    let minutes = service.minutes(case.query.mode).expect("served");
    let mut all = Vec::new();
    for office in &case.catalogue.offices {
        let today = local(office.time_zone, case.now).date();
        for date in today.iter_days().take(HORIZON as usize + 1) {
            for start in model_starts(office, minutes, date, case.query.mode) {
                let end = start + TimeDelta::minutes(i64::from(minutes));
                let window = Window { from: start, to: end };
                let serves = |r: &&Resource| {
                    (r.modes.is_empty() || r.modes.contains(&case.query.mode))
                        && !case.claims.iter().any(|c| c.resource == r.id && touches(c.window, window))
                        && !case.closures.iter().any(|c| {
                            c.office == office.id
                                && c.resource.as_ref().is_none_or(|id| *id == r.id)
                                && touches(c.window, window)
                        })
                };
                let free = u32::try_from(office.resources.iter().filter(serves).count()).expect("few");
                let soon = start < case.now + TimeDelta::minutes(i64::from(service.rules.lead_minutes));
                if free > 0 && !soon && wanted(case, office, start) {
                    all.push(Slot {
                        start,
                        end,
                        office: office.id.clone(),
                        mode: case.query.mode,
                        free,
                        distance_m: None,
                    });
                }
            }
        }
    }
    all.sort_by(|a, b| (a.start, &a.office).cmp(&(b.start, &b.office)));
    all
}

// Random rule books.

fn time(minutes: u32) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0).expect("within a day")
}

fn any_rule() -> impl Strategy<Value = OpeningRule> {
    let hours = (prop_oneof![60u32..240, 400u32..900], 20u32..400);
    let pause = prop::option::of((0u32..200, 10u32..90));
    let every = prop::option::of(prop::sample::select(vec![5u32, 7, 15, 20, 45]));
    let days = prop_oneof![Just((0..7).collect()), prop::collection::btree_set(0usize..7, 1..=7)];
    let modes = prop::sample::select(vec![Vec::new(), Vec::new(), vec![Mode::InPerson], vec![Mode::Video]]);
    (hours, pause, every, days, modes, prop::option::weighted(0.3, 0i64..4), any::<bool>()).prop_map(
        |((from, length), pause, every_minutes, days, modes, validity, starting)| {
            let week = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];
            let valid = |on: bool| validity.filter(|_| on).map(|d| NaiveDate::default() + TimeDelta::days(d));
            OpeningRule {
                days: days.into_iter().map(|d| week[d]).collect(),
                from: time(from),
                to: time(from + length),
                breaks: pause
                    .into_iter()
                    .map(|(at, long)| Break { from: time(from + at), to: time(from + at + long) })
                    .collect(),
                modes,
                services: Vec::new(),
                valid_from: valid(starting),
                valid_to: valid(!starting),
                recurrence: Default::default(),
                every_minutes,
            }
        },
    )
}

/// No holiday, or one so many days after the day of the case; [`settle_dates`] puts it there.
fn any_holidays(kind: usize, day: i64) -> Vec<LocalHoliday> {
    let (month, day_of_month) = (1, u32::try_from(day).expect("small") + 1);
    let on = match kind {
        0 => return Vec::new(),
        1 => YearlyDay::Fixed { month, day: day_of_month },
        2 => YearlyDay::Easter { offset: day },
        _ => YearlyDay::NotBeforeEaster { month, day: day_of_month, offset: day / 2 },
    };
    vec![LocalHoliday { on, name: "Τοπική εορτή".to_owned() }]
}

fn any_office(index: usize) -> impl Strategy<Value = Office> {
    let zones = vec![chrono_tz::Europe::Athens, chrono_tz::Europe::Berlin, chrono_tz::Australia::Melbourne];
    let zone = prop::sample::select(zones);
    let local_holiday = prop::option::weighted(0.7, (0usize..4, 0i64..5));
    (zone, prop::collection::vec(any_rule(), 1..3), 1usize..4, local_holiday, any::<bool>()).prop_map(
        move |(time_zone, opening, desks, holiday, one_by_video)| {
            let id = format!("office-{index}");
            let desk = |n: usize| Resource {
                id: format!("{id}-{n}").as_str().into(),
                name: "Θυρίδα".to_owned(),
                modes: if one_by_video && n == 0 { vec![Mode::Video] } else { Vec::new() },
                services: Vec::new(),
                kind: Default::default(),
                skills: Vec::new(),
                languages: Vec::new(),
                hidden: false,
                buffer: Default::default(),
            };
            let local_holidays = holiday.map(|(kind, day)| any_holidays(kind, day));
            Office {
                id: id.as_str().into(),
                time_zone,
                opening,
                local_holidays,
                resources: (0..desks).map(desk).collect(),
                services: vec!["kep.x".into()],
                ..small_catalogue().offices[0].clone()
            }
        },
    )
}

fn any_service() -> impl Strategy<Value = Service> {
    (prop::sample::select(vec![5u32, 10, 20, 25, 60]), prop::sample::select(vec![0u32, 60, 120, 1440])).prop_map(
        |(minutes, lead_minutes)| {
            let rules = BookingRules { lead_minutes, horizon_days: HORIZON, ..BookingRules::default() };
            let modes = [Mode::InPerson, Mode::Video].map(|mode| ServedBy { mode, minutes }).to_vec();
            Service { id: "kep.x".into(), modes, rules, ..small_catalogue().services[0].clone() }
        },
    )
}

/// Nights of clock changes in all three zones, Easter, Christmas, a leap day, and any day.
fn any_now() -> impl Strategy<Value = DateTime<Utc>> {
    let days = [
        "2026-03-27",
        "2026-10-23",
        "2026-04-02",
        "2026-10-02",
        "2026-04-09",
        "2026-04-15",
        "2026-12-23",
        "2028-02-27",
        "2026-06-15",
    ];
    (prop::sample::select(days.to_vec()), 0i64..2 * 86_400).prop_map(|(day, seconds)| {
        let day: NaiveDate = day.parse().expect("a date");
        day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(seconds)
    })
}

fn any_window(now: DateTime<Utc>) -> impl Strategy<Value = Window> {
    (-600i64..6 * 1440, 0i64..3000).prop_map(move |(from, length)| {
        let whole_minute = now - TimeDelta::seconds(now.timestamp() % 60);
        let from = whole_minute + TimeDelta::minutes(from);
        Window { from, to: from + TimeDelta::minutes(length) }
    })
}

fn any_query(now: DateTime<Utc>) -> impl Strategy<Value = SlotQuery> {
    let windows = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(any_window(now), 1..3)];
    let excluded = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(any_window(now), 1..2)];
    let daily = prop::option::weighted(0.2, (0u32..700, 1u32..700));
    let after = prop::option::weighted(0.2, (any_window(now), 0usize..3));
    let mode = prop::sample::select(vec![Mode::InPerson, Mode::Video]);
    (windows, excluded, daily, after, mode, prop::sample::select(vec![1usize, 20, 500, 500])).prop_map(
        |(windows, excluded, daily, after, mode, limit)| SlotQuery {
            service: "kep.x".into(),
            offices: Vec::new(),
            mode,
            windows,
            excluded,
            daily: daily.map(|(from, length)| DailyWindow { from: time(from), to: time(from + length) }),
            needs: Needs::default(),
            weekdays: Vec::new(),
            near: None,
            order: Order::default(),
            after: after.map(|(window, n)| (window.from, format!("office-{n}").as_str().into())),
            limit,
        },
    )
}

/// Moves the dates that rules were made with, counted from 1970, to the days of the case.
fn settle_dates(office: &mut Office, now: DateTime<Utc>) {
    let shift = |date: NaiveDate| now.date_naive() + (date - NaiveDate::default());
    for rule in &mut office.opening {
        rule.valid_from = rule.valid_from.map(shift);
        rule.valid_to = rule.valid_to.map(shift);
    }
    let from_easter = |days: i64| {
        let date = now.date_naive() + TimeDelta::days(days);
        (date - orthodox_easter(date.year())).num_days()
    };
    let calendar = |month: &mut u32, day: &mut u32| {
        let date = shift(NaiveDate::from_ymd_opt(1970, *month, *day).expect("a date"));
        (*month, *day) = (date.month(), date.day());
    };
    for holiday in office.local_holidays.iter_mut().flatten() {
        match &mut holiday.on {
            YearlyDay::Fixed { month, day } => calendar(month, day),
            YearlyDay::Easter { offset } => *offset = from_easter(*offset),
            YearlyDay::NotBeforeEaster { month, day, offset } => {
                // Sometimes the calendar decides, sometimes Easter.
                *offset = from_easter(*offset * 2 - 1);
                calendar(month, day);
            }
        }
    }
}

fn any_case() -> impl Strategy<Value = Case> {
    any_now().prop_flat_map(|now| {
        let taken = prop::collection::vec((0usize..3, 0usize..3, any_window(now)), 0..12);
        let shut = prop::collection::vec((0usize..3, prop::option::of(0usize..3), any_window(now)), 0..2);
        let offices = (any_office(0), any_office(1));
        (any_service(), offices, taken, shut, any_query(now)).prop_map(move |(service, (a, b), taken, shut, query)| {
            let mut catalogue = Catalogue { services: vec![service], offices: vec![a, b], ..small_catalogue() };
            catalogue.offices.iter_mut().for_each(|office| settle_dates(office, now));
            let desk = |office: usize, n: usize| format!("office-{office}-{n}").as_str().into();
            Case {
                catalogue,
                claims: taken
                    .into_iter()
                    .enumerate()
                    .map(|(at, (o, n, window))| claim(at, o, desk(o, n), window))
                    .collect(),
                closures: shut
                    .into_iter()
                    .map(|(o, n, window)| Closure {
                        office: format!("office-{o}").as_str().into(),
                        resource: n.map(|n| desk(o, n)),
                        window,
                        reason: "Κλειστά".to_owned(),
                    })
                    .collect(),
                now,
                query,
            }
        })
    })
}

fn claim(at: usize, office: usize, resource: ariadni::booking::id::ResourceId, window: Window) -> Claim {
    Claim {
        id: format!("claim-{at}"),
        office: format!("office-{office}").as_str().into(),
        resource,
        window,
        kind: ClaimKind::Busy,
        expires_at: None,
        serves: None,
    }
}

fn board(case: &Case) -> Board {
    let mut board = Board::new(Arc::new(case.catalogue.clone()));
    for claim in &case.claims {
        board.apply(Change::Taken(claim.clone()));
    }
    for (at, closure) in case.closures.iter().enumerate() {
        board.apply(Change::Shut { id: at.to_string(), closure: closure.clone() });
    }
    board
}

fn search(case: &Case, query: &SlotQuery) -> ariadni::booking::core::SlotPage {
    board(case).find(query, &citizen(), case.now).expect("a sound query")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn search_finds_what_the_model_finds(mut case in any_case()) {
        case.claims.retain(|c| c.window.from < c.window.to);
        case.closures.retain(|c| c.window.from < c.window.to);
        let page = search(&case, &case.query);
        let mut expected = model(&case);
        prop_assert_eq!(page.more, expected.len() > case.query.limit);
        expected.truncate(case.query.limit);
        prop_assert_eq!(&page.slots, &expected);
        prop_assert_eq!(page.empty_because.is_some(), expected.is_empty());
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repetition(case in any_case()) {
        let whole = search(&case, &SlotQuery { limit: 500, ..case.query.clone() });
        let mut query = SlotQuery { limit: 7, ..case.query.clone() };
        let mut seen = Vec::new();
        loop {
            let page = search(&case, &query);
            seen.extend(page.slots);
            if !page.more || seen.len() >= whole.slots.len() {
                break;
            }
            query.after = seen.last().map(|slot| (slot.start, slot.office.clone()));
        }
        seen.truncate(whole.slots.len());
        prop_assert_eq!(seen, whole.slots);
    }

    #[test]
    fn whatever_is_found_may_be_held(case in any_case()) {
        let board = board(&case);
        for slot in search(&case, &case.query).slots {
            let request = HoldRequest {
                service: case.query.service.clone(),
                office: slot.office,
                mode: slot.mode,
                start: slot.start,
                needs: Needs::default(),
            };
            let placement = board.place(&request, &citizen(), case.now, None).expect("a place");
            prop_assert_eq!(placement.slot, Window { from: slot.start, to: slot.end });
            prop_assert_eq!(placement.seats.len(), slot.free as usize);
        }
    }
}
