use std::collections::BTreeMap;

use super::*;
use crate::booking::catalogue::Catalogue;

fn parse(text: &str) -> Result<Municipalities, Vec<PlaceProblem>> {
    Municipalities::parse(&[("crete.yaml".to_owned(), text.to_owned())])
}

fn found(text: &str) -> Option<&'static str> {
    Municipalities::bundled().find(text).map(|m| m.name.as_str())
}

#[test]
fn the_country_has_332_municipalities_in_74_regional_units() {
    let mut units: BTreeMap<&str, usize> = BTreeMap::new();
    for municipality in Municipalities::bundled().iter() {
        *units.entry(&municipality.regional_unit).or_default() += 1;
    }
    assert_eq!(units.values().sum::<usize>(), 332);
    assert_eq!(units.len(), 74);
    assert_eq!(units["Χανίων"], 7);
}

#[test]
fn a_municipality_is_found_by_every_name_it_has() {
    for (text, name) in [
        ("Χανιά", "Χανιά"),
        ("χανια", "Χανιά"),
        ("ΔΗΜΟΣ ΧΑΝΙΩΝ", "Χανιά"),
        ("στον Δήμο Χανίων", "Χανιά"),
        ("Δήμος Αθηναίων", "Αθήνα"),
        ("του Δήμου Αθήνας", "Αθήνα"),
        ("στα Γιαννιτσά", "Πέλλα"),
        ("Πτολεμαΐδα", "Εορδαία"),
        ("Ηράκλειο", "Ηράκλειο"),
        ("Δήμος Ηρακλείου Αττικής", "Ηράκλειο Αττικής"),
        ("Νεάπολη - Συκιές", "Νεάπολη-Συκιές"),
        ("Θήρα", "Σαντορίνη"),
        ("Μενίδι", "Αχαρνές"),
    ] {
        assert_eq!(found(text), Some(name), "{text}");
    }
    for nowhere in ["Στουτγάρδη", "δήμος", "", "Χαν"] {
        assert_eq!(found(nowhere), None, "{nowhere}");
    }
}

#[test]
fn every_name_leads_to_its_own_municipality() {
    for municipality in Municipalities::bundled().iter() {
        assert_eq!(Municipalities::bundled().named(&municipality.name), Some(municipality));
        for name in municipality.names().map(str::to_owned).chain([municipality.official_name()]) {
            assert_eq!(found(&name), Some(municipality.name.as_str()), "{name}");
            assert_eq!(found(&name.to_uppercase()), Some(municipality.name.as_str()), "{name} in capitals");
        }
    }
}

#[test]
fn mistakes_are_named_with_file_and_line() {
    let sound =
        "units:\n  - name: Χανίων\n    municipalities:\n      - {name: Χανιά, of: Χανίων, position: [35.51, 24.02]}\n";
    assert_eq!(parse(sound).expect("sound").iter().count(), 1);
    for (old, new, expected) in [
        ("24.02", "35.02", "crete.yaml:4: Χανιά: position is not latitude and longitude in Greece"),
        ("of: Χανίων", "of: \"\"", "crete.yaml:4: Χανιά: a name is empty"),
        (
            "24.02]",
            "24.02], local_holidays: [{easter: 200, name: Κάποτε}]",
            "crete.yaml:4: Χανιά: a local holiday is on a day that does not exist",
        ),
        (
            "24.02]}",
            "24.02]}\n      - {name: Πλατανιάς, of: Πλατανιά, aliases: [ΧΑΝΙΑ], position: [35.5, 23.9]}",
            "crete.yaml:5: Πλατανιάς: «ΧΑΝΙΑ» is also what Χανιά is called",
        ),
        ("position", "positoin", "crete.yaml:4: unknown field"),
        ("24.02]", "24.02], local_holidays: [{month: 11, name: Μισή}]", "crete.yaml:4: a yearly day is written"),
    ] {
        let problems = parse(&sound.replace(old, new)).expect_err(new);
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|line| line.starts_with(expected)), "{expected}\n  said: {said:?}");
    }
}

#[test]
fn neighbours_are_near_and_islands_are_far() {
    let at = |name: &str| Municipalities::bundled().named(name).expect(name).position;
    for (a, b, kilometres) in [
        ("Αθήνα", "Πειραιάς", 8.0),
        ("Αθήνα", "Θεσσαλονίκη", 303.0),
        ("Αθήνα", "Πάτρα", 177.0),
        ("Χανιά", "Ηράκλειο", 103.0),
        ("Κέρκυρα", "Καστελλόριζο", 940.0),
    ] {
        let distance = distance_km(at(a), at(b));
        assert!((distance - kilometres).abs() < 0.03 * kilometres + 1.0, "{a}–{b}: {distance}");
        assert!((distance - distance_km(at(b), at(a))).abs() < 1e-9);
    }
    assert!(distance_km((0.0, 0.0), (0.0, 180.0)) - std::f64::consts::PI * EARTH_RADIUS_KM < 1e-6);
    assert!(distance_km(at("Αθήνα"), at("Αθήνα")) < 1e-9);
}

#[test]
fn a_regional_unit_lies_together() {
    // A slip in a position shows as a municipality far from all of its unit; only these two islands really are.
    let remote = ["Κύθηρα", "Καστελλόριζο"];
    let all: Vec<_> = Municipalities::bundled().iter().collect();
    for one in all.iter().filter(|m| !remote.contains(&m.name.as_str())) {
        let unit = all.iter().filter(|m| m.regional_unit == one.regional_unit && m.name != one.name);
        let nearest = unit.map(|m| distance_km(one.position, m.position)).min_by(f64::total_cmp);
        assert!(nearest.is_none_or(|km| (0.5..80.0).contains(&km)), "{}: {nearest:?} km from its nearest", one.name);
    }
    assert!(all.iter().enumerate().all(|(at, a)| all[..at].iter().all(|b| a.position != b.position)));
}

#[test]
fn offices_come_by_distance_with_those_of_the_place_itself_first() {
    let catalogue = Catalogue::bundled();
    let ids = |place: &str, organisation: &str| -> Vec<String> {
        let offices = catalogue.offices.iter().filter(|o| o.organisation.as_str() == organisation);
        let from = Municipalities::bundled().find(place).expect(place);
        nearest(from, offices).iter().map(|n| n.office.id.to_string()).collect()
    };
    assert_eq!(ids("Ρέθυμνο", "kep")[..3], ["kep-chanion", "kep-irakleiou", "kep-peiraia"]);
    assert_eq!(ids("Περιστέρι", "kep")[0], "kep-peristeriou");
    assert_eq!(ids("Αθήνα", "kep")[..3], ["kep-syntagmatos", "kep-kypselis", "kep-peristeriou"]);
    assert_eq!(ids("Μυτιλήνη", "mfa").last().map(String::as_str), Some("proxeneio-melvournis"));
}

#[test]
fn equal_distances_are_ordered_by_id_whatever_the_order_of_the_catalogue() {
    let mut offices = Catalogue::bundled().offices;
    for office in &mut offices {
        office.position = (38.0, 23.7);
    }
    let from = Municipalities::bundled().named("Κως").expect("Kos");
    let ids = |offices: &[Office]| nearest(from, offices).iter().map(|n| n.office.id.clone()).collect::<Vec<_>>();
    let forwards = ids(&offices);
    offices.reverse();
    assert_eq!(forwards, ids(&offices));
    assert!(forwards.is_sorted());
}

#[test]
fn an_office_has_its_own_local_holidays_or_those_of_its_municipality() {
    let catalogue = Catalogue::bundled();
    let names = |id: &str| -> Vec<&str> {
        let office = catalogue.office(&id.into()).expect(id);
        office.local_holidays().iter().map(|h| h.name.as_str()).collect()
    };
    assert_eq!(names("kep-chanion"), ["Εισόδια της Θεοτόκου"]);
    assert_eq!(names("at-chanion"), [""; 0], "the police is open");
    assert_eq!(names("kep-peristeriou"), [""; 0], "nothing is known there");
    assert!(names("proxeneio-londinou").contains(&"Δεύτερη ημέρα των Χριστουγέννων"));
    assert!(catalogue.offices.iter().all(|o| o.misplaced().is_none()));
}
