//! Who stands behind a name of the registry, and which service of ours books what is served there.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::booking::catalogue::Catalogue;
use crate::booking::id::{OrganisationId, ServiceId};
use crate::booking::people::Mode;
use crate::greek::fold::{fold, tokens};

/// The organisation that is near everybody: it is taken where the registry names it among others.
const NEAR: &str = "kep";

/// One line of the table of places.
struct Place {
    /// Beginning of a word of the name, folded; the whole word where it ends so.
    part: &'static str,
    organisation: Option<&'static str>,
    booked: Booked,
}

/// What is booked at a place.
#[derive(Clone, Copy)]
enum Booked {
    /// A service, whatever the title is.
    Service(&'static str),
    /// Only what a title tells.
    ByTitle,
    /// Nothing: the name is no place where one goes.
    Nothing,
}

/// One line of the table of titles.
struct Telling {
    service: &'static str,
    words: Vec<&'static str>,
    /// Whether the words tell even where no place is named.
    plain: bool,
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let place = |row: Vec<&'static str>| {
        let booked = match *row.get(2)? {
            "-" => Booked::ByTitle,
            "owner" | "online" => Booked::Nothing,
            service => Booked::Service(service),
        };
        Some(Place { part: row[0], organisation: Some(row[1]).filter(|id| *id != "-"), booked })
    };
    rows(include_str!("data/provision.tsv")).filter_map(place).collect()
});

static TITLES: LazyLock<Vec<Telling>> = LazyLock::new(|| {
    let telling = |row: Vec<&'static str>| {
        let words = row.get(1)?.split(' ').collect();
        Some(Telling { service: row[0], words, plain: row.get(2) == Some(&"plain") })
    };
    rows(include_str!("data/provision_titles.tsv")).filter_map(telling).collect()
});

/// The services that the catalogue carried inside the binary offers by video call.
static BY_VIDEO: LazyLock<HashSet<ServiceId>> = LazyLock::new(|| {
    let services = Catalogue::bundled().services.into_iter();
    services.filter(|service| service.served_by(Mode::Video)).map(|service| service.id).collect()
});

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// The organisation that the first telling name means.
#[must_use]
pub fn organisation_of(names: &[String]) -> Option<OrganisationId> {
    names.iter().find_map(|name| place(name)?.organisation).map(OrganisationId::from)
}

/// The service that books a procedure: it is served at one of `groups`, the places that the registry names.
///
/// The title decides where it tells more exactly; else a place near everybody; else the only one of ours that is named. A
/// wrong appointment is worse than none, so that of several none is guessed. Where the registry names no place at all, only
/// a title tells that is as plain as the service's own name.
#[must_use]
pub fn service_of(title: &str, groups: &[String]) -> Option<ServiceId> {
    let words: Vec<String> = tokens(title).into_iter().map(|token| token.text).collect();
    if groups.is_empty() {
        return TITLES.iter().find(|telling| telling.plain && telling.fits(&words)).map(Telling::id);
    }
    let places: Vec<(&str, Booked)> = groups
        .iter()
        .filter_map(|name| place(name))
        .filter(|place| !matches!(place.booked, Booked::Nothing))
        .filter_map(|place| Some((place.organisation?, place.booked)))
        .collect();
    let named = |organisation: &str| places.iter().any(|(named, _)| *named == organisation);
    let exact = TITLES.iter().find(|telling| named(telling.organisation()) && telling.fits(&words));
    if let Some(telling) = exact {
        return Some(telling.id());
    }
    let several = places.iter().any(|(organisation, _)| *organisation != places[0].0);
    let usual = places.iter().find(|(organisation, _)| !several || *organisation == NEAR);
    usual.and_then(|(_, booked)| if let Booked::Service(id) = booked { Some(ServiceId::from(*id)) } else { None })
}

/// Whether a name of the registry is a place where one goes; a name that is not known is one.
#[must_use]
pub fn is_place(name: &str) -> bool {
    place(name).is_none_or(|place| !matches!(place.booked, Booked::Nothing))
}

/// Whether a service can be had by video call.
#[must_use]
pub fn by_video(service: &ServiceId) -> bool {
    BY_VIDEO.contains(service)
}

fn place(name: &str) -> Option<&'static Place> {
    let name = fold(name).replace('.', "");
    PLACES.iter().find(|place| match place.part.strip_suffix('$') {
        Some(word) => name.split(|c: char| !c.is_alphanumeric()).any(|of_name| of_name == word),
        None => begins_a_word(&name, place.part),
    })
}

fn begins_a_word(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| !name[..at].chars().next_back().is_some_and(char::is_alphabetic))
}

impl Telling {
    fn id(&self) -> ServiceId {
        ServiceId::from(self.service)
    }

    /// The organisation of its service: what stands before the dot.
    fn organisation(&self) -> &'static str {
        self.service.split_once('.').map_or(self.service, |(organisation, _)| organisation)
    }

    fn fits(&self, title: &[String]) -> bool {
        self.words.iter().all(|wanted| match wanted.strip_prefix('!') {
            Some(unwanted) => !has(title, unwanted),
            None => wanted.split('|').any(|one| has(title, one)),
        })
    }
}

fn has(title: &[String], wanted: &str) -> bool {
    title.iter().any(|word| match wanted.strip_suffix('$') {
        Some(whole) => word == whole,
        None => word.starts_with(wanted),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_registry_mean_organisations_of_the_catalogue() {
        for (name, id) in [
            ("Αστυνομικά Τμήματα", Some("elas")),
            ("Δ.Ο.Υ.", Some("aade")),
            ("e-ΕΦΚΑ", Some("efka")),
            ("Προξενεία", Some("mfa")),
            ("ΚΕΠ", Some("kep")),
            ("e-ΚΕΠ", Some("kep")),
            ("Λιμενικές Αρχές", Some("ynanp")),
            ("Δήμοι", Some("dimos")),
            ("ΥΠΟΥΡΓΕΙΟ ΝΑΥΤΙΛΙΑΣ ΚΑΙ ΝΗΣΙΩΤΙΚΗΣ ΠΟΛΙΤΙΚΗΣ", Some("ynanp")),
            ("Λιμενικά Ταμεία", None),
            ("Συνήγορος του Καταναλωτή", None),
            ("ΥΠΟΥΡΓΕΙΟ ΠΟΛΙΤΙΣΜΟΥ", None),
            ("ΔΗΜΟΣΙΟΓΡΑΦΙΚΟΣ ΟΡΓΑΝΙΣΜΟΣ", None),
        ] {
            assert_eq!(organisation_of(&[name.to_owned()]).as_ref().map(OrganisationId::as_str), id, "{name}");
        }
    }

    #[test]
    fn both_tables_name_what_the_catalogue_has_and_are_read_whole() {
        let catalogue = Catalogue::bundled();
        let lines = |table: &'static str| rows(table).count();
        assert_eq!(PLACES.len(), lines(include_str!("data/provision.tsv")));
        assert_eq!(TITLES.len(), lines(include_str!("data/provision_titles.tsv")));
        for place in PLACES.iter() {
            assert_eq!(fold(place.part), place.part, "not folded");
            let known = |id: &str| catalogue.organisation(&OrganisationId::from(id)).is_some();
            assert!(place.organisation.is_none_or(known), "{}: organisation", place.part);
            if let Booked::Service(id) = place.booked {
                let service = catalogue.service(&ServiceId::from(id)).expect(id);
                assert_eq!(Some(service.organisation.as_str()), place.organisation, "{}", place.part);
            }
        }
        for telling in TITLES.iter() {
            assert!(catalogue.service(&telling.id()).is_some(), "{}", telling.service);
            assert!(telling.words.iter().all(|word| fold(word) == *word), "{:?}: not folded", telling.words);
        }
    }

    #[test]
    fn records_book_what_their_places_and_their_title_tell() {
        let table = include_str!("../../tests/procedures/provision.tsv");
        let told = rows(table).filter_map(|row| {
            let groups: Vec<String> = row[1].split('|').filter(|group| !group.is_empty()).map(str::to_owned).collect();
            let found = service_of(row[0], &groups).map_or_else(|| "-".to_owned(), |id| id.as_str().to_owned());
            (found != row[2]).then(|| format!("{} at {}: {found} for {}", row[0], row[1], row[2]))
        });
        let wrong: Vec<String> = told.collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(rows(table).count() >= 50);
    }

    #[test]
    fn a_place_that_is_none_books_nothing() {
        let service = |title: &str, groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
            service_of(title, &groups).map(|id| id.as_str().to_owned())
        };
        assert_eq!(service("Κάτι", &["e-ΚΕΠ"]), None);
        assert_eq!(service("Κάτι", &["ΚΕΠ"]).as_deref(), Some("kep.information-application"));
        assert_eq!(service("Έκδοση διαβατηρίου", &["ΥΠΟΥΡΓΕΙΟ ΕΞΩΤΕΡΙΚΩΝ"]), None);
        assert_eq!(service("Έκδοση διαβατηρίου", &[]), None);
        assert!(is_place("Περιφέρειες") && is_place("ΚΕΠ") && !is_place("e-ΚΕΠ"));
    }
}
