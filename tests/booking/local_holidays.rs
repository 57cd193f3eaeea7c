//! Local holidays: each one of each municipality shuts an office there, and is named as the reason.

use std::sync::Arc;

use ariadni::booking::board::Board;
use ariadni::booking::catalogue::{Catalogue, LocalHoliday};
use ariadni::booking::core::{EmptyBecause, HoldRequest, SlotQuery, Window};
use ariadni::booking::place::{Municipalities, Municipality};
use ariadni::booking::refusal::Refusal;
use ariadni::greek::feast;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};

use crate::world::{INFORMATION, KYPSELI, catalogue, citizen, hold_request, query};

/// The catalogue of the tests with the office of Kypseli moved to another municipality.
fn moved_to(municipality: &str) -> Catalogue {
    let mut catalogue = catalogue();
    let office = catalogue.offices.iter_mut().find(|o| o.id == KYPSELI.into()).expect("Kypseli");
    municipality.clone_into(&mut office.municipality);
    catalogue
}

fn at_nine(date: NaiveDate) -> DateTime<Utc> {
    let nine = date.and_hms_opt(9, 0, 0).expect("nine");
    chrono_tz::Europe::Athens.from_local_datetime(&nine).earliest().expect("nine exists").to_utc()
}

/// What a search of the whole of `date` and a hold at nine say, five days before.
fn answers(catalogue: &Catalogue, date: NaiveDate) -> (Option<EmptyBecause>, Result<Window, Refusal>) {
    let now = at_nine(date) - TimeDelta::days(5);
    let whole_day = Window { from: at_nine(date) - TimeDelta::hours(9), to: at_nine(date) + TimeDelta::hours(15) };
    let asked = SlotQuery { windows: vec![whole_day], ..query(INFORMATION, &[KYPSELI], 3) };
    let board = Board::new(Arc::new(catalogue.clone()));
    let page = board.find(&asked, &citizen(), now).expect("searches");
    let nine = HoldRequest { start: at_nine(date), ..hold_request(KYPSELI, "2026-11-26T07:00:00Z") };
    (page.empty_because, board.place(&nine, &citizen(), now, None).map(|place| place.slot))
}

fn shut_for(name: &str) -> (Option<EmptyBecause>, Result<Window, Refusal>) {
    (Some(EmptyBecause::Holiday(name.to_owned())), Err(Refusal::Closed(name.to_owned())))
}

fn is_working_day(date: NaiveDate) -> bool {
    feast::holiday_on(date).is_none() && !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The next time, from 2026 on, that a holiday falls on a day on which people would work.
fn next_working(holiday: &LocalHoliday) -> Option<NaiveDate> {
    (2026..2040).filter_map(|year| holiday.on.in_year(year)).find(|date| is_working_day(*date))
}

fn with_holidays() -> impl Iterator<Item = (&'static Municipality, &'static LocalHoliday)> {
    Municipalities::bundled().iter().flat_map(|m| m.local_holidays.iter().map(move |holiday| (m, holiday)))
}

#[test]
fn every_local_holiday_shuts_its_municipality_and_no_other_day_near_it() {
    assert!(with_holidays().count() > 60, "{}", with_holidays().count());
    for (municipality, holiday) in with_holidays() {
        let catalogue = moved_to(&municipality.name);
        let date = next_working(holiday).expect("a working day in some year");
        let what = format!("{} on {date}: {}", municipality.name, holiday.name);
        assert_eq!(answers(&catalogue, date), shut_for(&holiday.name), "{what}");
        let elsewhere = moved_to("Περιστέρι");
        let (because, held) = answers(&elsewhere, date);
        assert!(because.is_none() && held.is_ok(), "{what}, but not in Peristeri: {because:?} {held:?}");
        let shut = |day: NaiveDate| municipality.local_holidays.iter().any(|h| h.on.falls_on(day));
        let open = date.iter_days().skip(1).find(|day| is_working_day(*day) && !shut(*day)).expect("a day");
        assert_eq!(answers(&catalogue, open).0, None, "{what} is over on {open}");
    }
}

#[test]
fn local_holidays_fall_on_these_days() {
    for (municipality, date, name) in [
        ("Πάτρα", "2026-11-30", "Άγιος Ανδρέας"),
        ("Χανιά", "2028-11-21", "Εισόδια της Θεοτόκου"),
        ("Θεσσαλονίκη", "2026-10-26", "Άγιος Δημήτριος"),
        ("Ρόδος", "2028-03-07", "Ενσωμάτωση της Δωδεκανήσου"),
        ("Κέρκυρα", "2026-05-21", "Ένωση της Επτανήσου"),
        ("Ιωάννινα", "2028-02-21", "Απελευθέρωση των Ιωαννίνων"),
        // The Friday after Easter.
        ("Αιγιάλεια", "2026-04-17", "Παναγία Τρυπητή"),
        ("Αιγιάλεια", "2027-05-07", "Παναγία Τρυπητή"),
        ("Αιγιάλεια", "2028-04-21", "Παναγία Τρυπητή"),
        // Saint George, before Easter and after it.
        ("Σκύρος", "2026-04-23", "Άγιος Γεώργιος"),
        ("Σκύρος", "2029-04-23", "Άγιος Γεώργιος"),
    ] {
        assert_eq!(answers(&moved_to(municipality), date.parse().expect("a date")), shut_for(name), "{municipality}");
    }
}

#[test]
fn saint_george_gives_way_to_easter() {
    let skyros = moved_to("Σκύρος");
    // Easter is on 2 May 2027: 23 April is an ordinary Friday, and the Monday is shut for the whole country anyway.
    assert_eq!(answers(&skyros, "2027-04-23".parse().expect("a date")).0, None);
    assert_eq!(answers(&skyros, "2027-05-03".parse().expect("a date")), shut_for("Δευτέρα του Πάσχα"));
}

#[test]
fn an_office_may_have_a_list_of_its_own_or_none() {
    let saint_andrew: NaiveDate = "2026-11-30".parse().expect("a date");
    let mut patra = moved_to("Πάτρα");
    let office = patra.offices.iter_mut().find(|o| o.id == KYPSELI.into()).expect("Kypseli");
    office.local_holidays = Some(Vec::new());
    assert_eq!(answers(&patra, saint_andrew).0, None, "an empty list is no holiday");
    let own = "{month: 11, day: 25, name: Γιορτή του κτιρίου}";
    let office = patra.offices.iter_mut().find(|o| o.id == KYPSELI.into()).expect("Kypseli");
    office.local_holidays = Some(vec![serde_saphyr::from_str(own).expect("a holiday")]);
    assert_eq!(answers(&patra, "2026-11-25".parse().expect("a date")), shut_for("Γιορτή του κτιρίου"));
    assert_eq!(answers(&patra, saint_andrew).0, None, "its own list stands in place of the municipality's");
}

#[test]
fn an_office_abroad_has_no_local_holidays_but_its_own() {
    let mut abroad = moved_to("Πάτρα");
    let office = abroad.offices.iter_mut().find(|o| o.id == KYPSELI.into()).expect("Kypseli");
    office.time_zone = chrono_tz::Europe::Bucharest;
    assert_eq!(answers(&abroad, "2026-11-30".parse().expect("a date")).0, None, "Bucharest keeps the same hour");
}
