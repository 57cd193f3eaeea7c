//! The names that understanding listens for, from the catalogue and the procedures.

use crate::booking::catalogue::Catalogue;
use crate::booking::place::{Municipalities, Municipality};
use crate::nlu::{EntityValue, Lexicon, LexiconEntry, Meant};
use crate::procedures::procedure::Procedure;
use std::collections::{BTreeMap, BTreeSet};

/// The lexicon of a catalogue and of its procedures.
#[must_use]
pub fn lexicon<'a>(catalogue: &Catalogue, procedures: impl IntoIterator<Item = &'a Procedure>) -> Lexicon {
    let offices = catalogue.offices.iter().map(|office| {
        let value = EntityValue::Office { id: office.id.clone(), name: office.name.clone() };
        entry(value, names([&office.name], &office.aliases))
    });
    let procedures = procedures.into_iter().map(|procedure| {
        let value = EntityValue::Procedure { id: procedure.id.clone(), title: procedure.title.clone() };
        entry(value, names([&procedure.title].into_iter().chain(&procedure.for_what), &procedure.aliases))
    });
    let services = catalogue.services.iter().map(|service| {
        let value = EntityValue::Service { id: service.id.clone() };
        entry(value, names([&service.name, &service.for_what], &service.aliases))
    });
    let organisations = catalogue.organisations.iter().map(|organisation| {
        let value = EntityValue::Organisation { id: organisation.id.clone() };
        entry(value, names([&organisation.name, &organisation.title], &organisation.aliases))
    });
    let entries = offices.chain(procedures).chain(services).chain(organisations).chain(places(catalogue)).collect();
    Lexicon { entries }
}

fn entry(value: EntityValue, names: Vec<String>) -> LexiconEntry {
    LexiconEntry { value, names, meant: Meant::Anywhere }
}

/// The places with an office, every other municipality, and the settlements: whoever lives there is told of the nearest office.
fn places(catalogue: &Catalogue) -> Vec<LexiconEntry> {
    let mut offices: BTreeMap<&str, usize> = BTreeMap::new();
    catalogue.offices.iter().for_each(|office| *offices.entry(&office.municipality).or_default() += 1);
    let others = Municipalities::bundled().iter().map(|m| m.name.as_str()).filter(|name| !offices.contains_key(name));
    let near = offices.keys().map(|name| place(name, place_names(name), Meant::Anywhere));
    let far = others.map(|name| place(name, place_names(name), Meant::AsPlace));
    let mut all: Vec<_> = near.chain(far).collect();
    all.extend(Municipalities::bundled().iter().flat_map(|municipality| settlements(municipality, &offices)));
    all.push(undecided(&all));
    all
}

/// The namesakes that stand for none of the others: they are heard, so that nothing that only sounds alike is taken for them.
fn undecided(decided: &[LexiconEntry]) -> LexiconEntry {
    let known: BTreeSet<&str> = decided.iter().flat_map(|entry| &entry.names).map(String::as_str).collect();
    let namesakes = Municipalities::bundled().iter().flat_map(|municipality| &municipality.namesakes);
    let names: BTreeSet<&String> = namesakes.filter(|name| !known.contains(name.as_str())).collect();
    place("", names.into_iter().cloned().collect(), Meant::Undecided)
}

fn place(municipality: &str, names: Vec<String>, meant: Meant) -> LexiconEntry {
    LexiconEntry { value: EntityValue::Place { municipality: municipality.to_owned() }, names, meant }
}

/// What people call a municipality, its own name first; abroad only that is known.
fn place_names(municipality: &str) -> Vec<String> {
    match Municipalities::bundled().named(municipality) {
        Some(known) => known.names().map(str::to_owned).chain(within(known, known.names())).collect(),
        None => vec![municipality.to_owned()],
    }
}

/// The settlements of a municipality: by their names alone where that says which is meant, and with the larger place behind
/// them always. Of namesakes the one in whose municipality there are more offices than in any of the others is meant; where
/// there is none such, none: nobody is sent to the wrong end of the country.
fn settlements(municipality: &Municipality, offices: &BTreeMap<&str, usize>) -> [LexiconEntry; 2] {
    let served = |one: &str| offices.get(one).copied().unwrap_or_default();
    let is_meant = |name: &String| {
        let mut others =
            Municipalities::bundled().with_settlement(name).filter(|other| other.name != municipality.name);
        others.all(|other| served(&other.name) < served(&municipality.name))
    };
    let namesakes = municipality.namesakes.iter().filter(|name| is_meant(name));
    let all = municipality.settlements.iter().chain(&municipality.namesakes).map(String::as_str);
    [
        place(&municipality.name, within(municipality, all).collect(), Meant::AsPlace),
        place(
            &municipality.name,
            municipality.settlements.iter().chain(namesakes).cloned().collect(),
            Meant::AsSmallPlace,
        ),
    ]
}

/// «Φαληράκι Ρόδου»: names with each of the larger places behind them.
fn within<'a>(municipality: &Municipality, names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    names.flat_map(|name| {
        municipality.larger_places().filter(move |at| *at != name).map(move |at| format!("{name} {at}"))
    })
}

fn names<'a>(own: impl IntoIterator<Item = &'a String>, aliases: &'a [String]) -> Vec<String> {
    own.into_iter().chain(aliases).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_listened_for_by_everything_it_is_called_and_is_one_place() {
        let lexicon = lexicon(&Catalogue::bundled(), []);
        let places: Vec<_> = lexicon
            .entries
            .into_iter()
            .filter_map(|entry| match entry.value {
                EntityValue::Place { municipality } => Some((municipality, entry.names)),
                _ => None,
            })
            .collect();
        for (name, municipality) in [
            ("Σαλονίκη", "Θεσσαλονίκη"),
            ("Πατρέων", "Πάτρα"),
            ("Χανιά", "Χανιά"),
            ("Αίγιο", "Αιγιάλεια"),
            ("Ιλίου", "Ίλιον"),
            ("Λονδίνο", "Λονδίνο"),
        ] {
            let meant: Vec<_> = places.iter().filter(|(_, names)| names.iter().any(|n| n == name)).collect();
            assert_eq!(meant.len(), 1, "{name}");
            assert_eq!(meant[0].0, municipality);
        }
    }

    #[test]
    fn a_settlement_is_its_municipality_and_a_namesake_the_one_with_an_office() {
        let lexicon = lexicon(&Catalogue::bundled(), []);
        let meant = |name: &str| -> Vec<&str> {
            let named = lexicon.entries.iter().filter(|entry| entry.names.iter().any(|n| n == name));
            let municipality = |entry: &'_ LexiconEntry| matches!(entry.value, EntityValue::Place { .. });
            named
                .filter(|entry| municipality(entry))
                .filter_map(|entry| match &entry.value {
                    EntityValue::Place { municipality } => Some(municipality.as_str()),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(meant("Κυψέλη"), ["Αθήνα"]);
        assert_eq!(meant("Λίνδος"), ["Ρόδος"]);
        assert_eq!(meant("Άγιος Παντελεήμονας"), ["Αθήνα"], "the others have no office");
        assert_eq!(meant("Τούμπα"), ["Θεσσαλονίκη"], "there are more offices than in Λάρισα");
        assert_eq!(meant("Μεγάλο Χωριό"), [""], "nobody can tell which");
        assert_eq!(meant("Αγία Μαρίνα Αίγινας"), ["Αίγινα"]);
    }
}
