//! The rules of time by example: hours, breaks, holidays, leads, horizons, clock changes, and why nothing is left.

use std::sync::Arc;

use ariadni::booking::board::Board;
use ariadni::booking::calendar::{Date, Offer};
use ariadni::booking::catalogue::{Catalogue, OpeningRule};
use ariadni::booking::claim::{Change, Claim, ClaimKind};
use ariadni::booking::core::{Closure, DailyWindow, EmptyBecause, SlotPage, SlotQuery, Window};
use ariadni::booking::people::Mode;
use ariadni::booking::refusal::Refusal;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::world::{INFORMATION, KYPSELI, MONDAY, PATRA, catalogue, citizen, hold_request, instant, query};

/// The board of the small country after some changes.
fn board(changes: &[Change]) -> Board {
    let mut board = Board::new(Arc::new(catalogue()));
    changes.iter().cloned().for_each(|change| board.apply(change));
    board
}

fn search_at(now: &str, query: &SlotQuery, changes: &[Change]) -> SlotPage {
    board(changes).find(query, &citizen(), instant(now)).expect("searches")
}

fn search(query: &SlotQuery) -> SlotPage {
    search_at(MONDAY, query, &[])
}

/// A resource taken by somebody.
fn taken(resource: &str, window: Window) -> Change {
    let office = resource.rsplit_once('-').expect("office-number").0;
    Change::Taken(Claim {
        id: format!("{resource} {}", window.from),
        office: office.into(),
        resource: resource.into(),
        window,
        kind: ClaimKind::Busy,
        expires_at: None,
        serves: None,
    })
}

fn shut(closure: &Closure) -> Change {
    Change::Shut { id: closure.reason.clone(), closure: closure.clone() }
}

/// A whole day in Athens, winter time.
fn day(date: &str) -> Window {
    let from = instant(&format!("{date}T00:00:00+02:00"));
    Window { from, to: from + TimeDelta::days(1) }
}

fn on(date: &str, offices: &[&str]) -> SlotQuery {
    SlotQuery { windows: vec![day(date)], ..query(INFORMATION, offices, 500) }
}

fn local_starts(page: &SlotPage) -> Vec<String> {
    page.slots.iter().map(|s| s.start.with_timezone(&chrono_tz::Europe::Athens).format("%H:%M").to_string()).collect()
}

#[test]
fn a_day_has_its_hours_without_the_break_and_only_whole_appointments() {
    let starts = local_starts(&search(&on("2026-11-26", &[KYPSELI])));
    assert_eq!(starts.len(), 9 + 7);
    assert_eq!(&starts[..2], ["08:00", "08:20"]);
    assert_eq!(&starts[7..11], ["10:20", "10:40", "11:40", "12:00"]);
    assert_eq!(starts.last().map(String::as_str), Some("13:40"));
}

#[test]
fn slots_of_several_offices_are_in_order_with_how_many_are_free() {
    let page = search(&SlotQuery { limit: 6, ..on("2026-11-26", &[]) });
    let seen: Vec<_> = page.slots.iter().map(|s| (s.start.to_rfc3339(), s.office.as_str(), s.free)).collect();
    let expected = [
        ("2026-11-26T06:00:00+00:00", KYPSELI, 2),
        ("2026-11-26T06:20:00+00:00", KYPSELI, 2),
        ("2026-11-26T06:40:00+00:00", KYPSELI, 2),
        ("2026-11-26T07:00:00+00:00", KYPSELI, 2),
        ("2026-11-26T07:00:00+00:00", PATRA, 1),
        ("2026-11-26T07:20:00+00:00", KYPSELI, 2),
    ];
    assert_eq!(seen, expected.map(|(start, office, free)| (start.to_owned(), office, free)));
    assert!(page.more);
}

#[test]
fn what_is_taken_is_not_free() {
    let window = Window { from: instant("2026-11-26T07:10:00Z"), to: instant("2026-11-26T07:30:00Z") };
    let busy = [taken("kep-patreon-1", window), taken("kep-kypselis-2", window)];
    let starts = local_starts(&search_at(MONDAY, &on("2026-11-26", &[PATRA]), &busy));
    assert_eq!(&starts[..2], ["09:40", "10:00"], "09:00 and 09:20 overlap what is taken");
    let free: Vec<u32> = search_at(MONDAY, &on("2026-11-26", &[KYPSELI]), &busy).slots.iter().map(|s| s.free).collect();
    assert_eq!(&free[..6], [2, 2, 2, 1, 1, 2]);
}

#[test]
fn a_rule_for_one_mode_and_a_mode_with_its_own_duration() {
    let tuesday = SlotQuery { mode: Mode::Phone, ..on("2026-11-24", &[KYPSELI]) };
    let starts = local_starts(&search(&tuesday));
    assert_eq!(&starts[..3], ["08:00", "08:15", "08:30"]);
    assert_eq!(&starts[starts.len() - 2..], ["17:30", "17:45"]);
    assert_eq!(local_starts(&search(&on("2026-11-24", &[KYPSELI]))).last().map(String::as_str), Some("13:40"));
}

#[test]
fn part_of_the_day_exclusions_and_paging() {
    let time = |text: &str| text.parse::<NaiveTime>().expect("a time");
    let mut asked = query(INFORMATION, &[PATRA], 2);
    asked.daily = Some(DailyWindow { from: time("11:00:00"), to: time("12:00:00") });
    asked.excluded = vec![day("2026-11-24")];
    let page = search(&asked);
    let seen: Vec<_> = page.slots.iter().map(|s| s.start.to_rfc3339()).collect();
    assert_eq!(seen, ["2026-11-23T09:00:00+00:00", "2026-11-23T09:20:00+00:00"]);
    asked.after = page.slots.last().map(|s| (s.start, s.office.clone()));
    let seen: Vec<_> = search(&asked).slots.iter().map(|s| s.start.to_rfc3339()).collect();
    assert_eq!(seen, ["2026-11-23T09:40:00+00:00", "2026-11-25T09:00:00+00:00"]);
}

#[test]
fn a_clock_time_is_a_window_without_length() {
    let at = |text: &str| Window { from: instant(text), to: instant(text) };
    let asked = SlotQuery { windows: vec![at("2026-11-26T08:00:00Z")], ..query(INFORMATION, &[KYPSELI], 5) };
    assert_eq!(local_starts(&search(&asked)), ["10:00"]);
    let asked = SlotQuery { windows: vec![at("2026-11-26T08:10:00Z")], ..asked };
    assert_eq!(search(&asked).empty_because, Some(EmptyBecause::OutsideHours));
}

#[test]
fn lead_and_horizon_are_to_the_minute_and_to_the_day() {
    let first = |now: &str| search_at(now, &query(INFORMATION, &[KYPSELI], 1), &[]).slots[0].start;
    assert_eq!(first("2026-11-23T06:00:00Z"), instant("2026-11-23T08:00:00Z"));
    assert_eq!(first("2026-11-23T06:00:01Z"), instant("2026-11-23T08:20:00Z"));
    let asked = query(INFORMATION, &[PATRA], 500);
    let last = search(&asked).slots.last().expect("some").start;
    assert_eq!(last, instant("2027-01-22T09:40:00Z"), "Friday, 60 days on");
    let earlier = search_at("2026-11-22T06:00:00Z", &asked, &[]).slots.last().expect("some").start;
    assert_eq!(earlier, instant("2027-01-21T09:40:00Z"));
}

#[test]
fn an_empty_page_says_which_rule_emptied_it() {
    let because = |query: &SlotQuery| search(query).empty_because;
    let holiday = |name: &str| Some(EmptyBecause::Holiday(name.to_owned()));
    assert_eq!(because(&on("2026-11-30", &[PATRA])), holiday("Άγιος Ανδρέας"));
    assert_eq!(because(&on("2026-11-30", &[PATRA, KYPSELI])), None);
    assert_eq!(because(&on("2026-12-25", &[])), holiday("Χριστούγεννα"));
    assert_eq!(because(&on("2026-12-26", &[])), holiday("Σύναξη της Θεοτόκου"), "a Saturday, but people say the feast");
    assert_eq!(because(&on("2026-11-28", &[])), Some(EmptyBecause::OutsideHours));
    assert_eq!(because(&on("2026-11-20", &[])), Some(EmptyBecause::TooSoon));
    assert_eq!(because(&on("2027-02-02", &[])), Some(EmptyBecause::BeyondHorizon(60)));
    let evening = |hours: &str| NaiveTime::parse_from_str(hours, "%H:%M").expect("a time");
    let late = Some(DailyWindow { from: evening("18:00"), to: evening("22:00") });
    assert_eq!(because(&SlotQuery { daily: late, ..query(INFORMATION, &[], 3) }), Some(EmptyBecause::OutsideHours));
    let today_nine = Window { from: instant("2026-11-23T07:00:00Z"), to: instant("2026-11-23T07:30:00Z") };
    let asked = SlotQuery { windows: vec![today_nine], ..query(INFORMATION, &[KYPSELI], 3) };
    assert_eq!(because(&asked), Some(EmptyBecause::TooSoon));
}

#[test]
fn taken_tells_more_than_closed_and_closed_more_than_a_holiday() {
    let thursday = day("2026-11-26");
    let closure =
        Closure { office: PATRA.into(), resource: None, window: thursday, reason: "Απεργία".to_owned() };
    let closed = [shut(&closure)];
    let page = search_at(MONDAY, &on("2026-11-26", &[PATRA]), &closed);
    assert_eq!(page.empty_because, Some(EmptyBecause::Closed("Απεργία".to_owned())));
    let full = [taken("kep-kypselis-1", thursday), taken("kep-kypselis-2", thursday), shut(&closure)];
    let page = search_at(MONDAY, &on("2026-11-26", &[PATRA, KYPSELI]), &full);
    assert_eq!(page.empty_because, Some(EmptyBecause::FullyBooked));
    let mut long = on("2026-11-26", &[PATRA]);
    long.windows.push(day("2026-11-30"));
    let page = search_at(MONDAY, &long, &closed);
    assert_eq!(page.empty_because, Some(EmptyBecause::Closed("Απεργία".to_owned())));
}

#[test]
fn queries_that_make_no_sense_are_refused() {
    let code =
        |query: SlotQuery| board(&[]).find(&query, &citizen(), instant(MONDAY)).err().map(|refusal| refusal.code());
    let asked = || query(INFORMATION, &[], 3);
    assert_eq!(code(SlotQuery { limit: 0, ..asked() }), Some("invalid"));
    assert_eq!(code(SlotQuery { limit: 501, ..asked() }), Some("invalid"));
    let backwards = Window { from: instant(MONDAY), to: instant("2026-11-22T06:00:00Z") };
    assert_eq!(code(SlotQuery { windows: vec![backwards], ..asked() }), Some("invalid"));
    assert_eq!(code(SlotQuery { mode: Mode::Video, ..asked() }), Some("not_offered"));
    assert_eq!(code(query("kep.nothing", &[], 3)), Some("not_offered"));
    assert_eq!(code(query(INFORMATION, &["nowhere"], 3)), Some("not_offered"));
    assert_eq!(code(query(INFORMATION, &["mfa-melbourne"], 3)), Some("not_offered"));
}

#[test]
fn an_office_far_away_keeps_its_own_clock() {
    let page = search(&query("mfa.passport", &[], 1));
    assert_eq!(page.slots[0].start, instant("2026-11-23T22:00:00Z"), "Tuesday 09:00 in Melbourne");
    let spring = search_at("2026-04-01T00:00:00Z", &query("mfa.passport", &[], 500), &[]);
    let melbourne = chrono_tz::Australia::Melbourne;
    let hours = |slot: &ariadni::booking::core::Slot| slot.start.with_timezone(&melbourne).time();
    let nine = NaiveTime::from_hms_opt(9, 0, 0).expect("a time");
    assert!(spring.slots.iter().all(|slot| hours(slot) >= nine), "on both sides of 5 April");
    let athens = search_at("2026-10-22T04:00:00Z", &query(INFORMATION, &[PATRA], 30), &[]);
    let first_of_day: Vec<_> = athens.slots.iter().step_by(9).map(|s| s.start.to_rfc3339()).collect();
    assert_eq!(
        first_of_day,
        [
            "2026-10-22T06:00:00+00:00",
            "2026-10-23T06:00:00+00:00",
            "2026-10-26T07:00:00+00:00",
            "2026-10-27T07:00:00+00:00"
        ]
    );
}

/// Kypseli open in the night of the clock change only.
fn night(from: &str, to: &str, every: Option<u32>) -> Catalogue {
    let mut catalogue = catalogue();
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").expect("a time");
    let rule = OpeningRule {
        days: vec![ariadni::booking::catalogue::Day::Sun],
        from: time(from),
        to: time(to),
        every_minutes: every,
        ..catalogue.offices[0].opening[0].clone()
    };
    catalogue.offices[0].opening = vec![OpeningRule { breaks: Vec::new(), ..rule }];
    catalogue
}

fn night_starts(catalogue: &Catalogue, date: &str) -> Vec<DateTime<Utc>> {
    let offer = Offer::find(catalogue, &INFORMATION.into(), &KYPSELI.into(), Mode::InPerson).expect("offered");
    let date = Date::new(chrono_tz::Europe::Athens, date.parse::<NaiveDate>().expect("a date"));
    offer.starts(&date, TimeDelta::minutes(20))
}

#[test]
fn a_leap_day_is_a_day_like_any_other() {
    let offered = |now: &str, date: &str| search_at(now, &on(date, &[PATRA]), &[]).slots.len();
    assert_eq!(offered("2028-02-01T06:00:00Z", "2028-02-29"), 9, "a Tuesday");
    let query = query(INFORMATION, &[PATRA], 500);
    let days = |now: &str| {
        let (from, to) = ("2028-02-28".parse().expect("a date"), "2028-03-01".parse().expect("a date"));
        let counted = board(&[]).days(&query, from, to, &citizen(), instant(now)).expect("counts");
        counted.iter().map(|day| (day.date.to_string(), day.free)).collect::<Vec<_>>()
    };
    let all = [("2028-02-28", 0), ("2028-02-29", 9), ("2028-03-01", 9)].map(|(day, free)| (day.to_owned(), free));
    assert_eq!(days("2028-02-01T06:00:00Z"), all, "Clean Monday comes before it that year");
    // Sixty days on from 31 December is the leap day itself, and not the first of March.
    let last = search_at("2027-12-31T06:00:00Z", &query, &[]).slots.last().expect("some").start;
    assert_eq!(last, instant("2028-02-29T09:40:00Z"));
}

#[test]
fn in_the_night_of_spring_the_missing_hour_has_no_starts() {
    let starts = night_starts(&night("02:00", "05:00", Some(30)), "2026-03-29");
    let expected = ["00:00", "00:30", "01:00", "01:30"].map(|t| instant(&format!("2026-03-29T{t}:00Z")));
    assert_eq!(starts, expected, "02:00, 02:30, 04:00, 04:30");
    // The grid is that of the wall clock: 03:30 is on it and never shown, and 04:15 is three quarters of an hour later.
    let starts = night_starts(&night("02:00", "05:00", Some(45)), "2026-03-29");
    let expected = ["00:00", "00:45", "01:15"].map(|t| instant(&format!("2026-03-29T{t}:00Z")));
    assert_eq!(starts, expected, "02:00, 02:45, 04:15");
}

#[test]
fn in_the_night_of_autumn_the_doubled_hour_has_its_starts_once() {
    let starts = night_starts(&night("02:00", "05:00", Some(30)), "2026-10-25");
    let expected = [
        "2026-10-24T23:00",
        "2026-10-24T23:30",
        "2026-10-25T00:00",
        "2026-10-25T00:30",
        "2026-10-25T02:00",
        "2026-10-25T02:30",
    ];
    assert_eq!(starts, expected.map(|t| instant(&format!("{t}:00Z"))), "02:00, 02:30, 03:00, 03:30, 04:00, 04:30");
    let until_half_past = night_starts(&night("02:00", "03:30", Some(30)), "2026-10-25");
    assert_eq!(until_half_past.last(), Some(&instant("2026-10-25T00:00:00Z")), "closing counts the first time");
}

#[test]
fn what_may_be_held_is_what_a_search_finds() {
    let board = board(&[]);
    let check = |start: &str| {
        board.place(&hold_request(KYPSELI, start), &citizen(), instant(MONDAY), None).map(|place| place.slot.to)
    };
    assert_eq!(check("2026-11-23T08:00:00Z"), Ok(instant("2026-11-23T08:20:00Z")));
    assert_eq!(check("2026-11-23T07:59:59Z"), Err(Refusal::TooSoon(instant("2026-11-23T08:00:00Z"))));
    assert_eq!(check("2026-11-23T08:00:01Z"), Err(Refusal::NotASlot));
    assert_eq!(check("2027-01-23T08:00:00Z"), Err(Refusal::BeyondHorizon(60)));
    assert_eq!(check("2026-12-25T08:00:00Z"), Err(Refusal::Closed("Χριστούγεννα".to_owned())));
}
