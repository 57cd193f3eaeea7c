//! The names that understanding listens for, from the catalogue and the procedures.

use crate::booking::catalogue::Catalogue;
use crate::booking::place::Municipalities;
use crate::nlu::{EntityValue, Lexicon, LexiconEntry};
use crate::procedures::procedure::Procedure;
use std::collections::BTreeSet;

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
    LexiconEntry { value, names, only_as_place: false }
}

/// The places with an office, and every other municipality: whoever lives there is told of the nearest office.
fn places(catalogue: &Catalogue) -> Vec<LexiconEntry> {
    let with_office: BTreeSet<&str> = catalogue.offices.iter().map(|office| office.municipality.as_str()).collect();
    let others = Municipalities::bundled().iter().map(|m| m.name.as_str()).filter(|name| !with_office.contains(name));
    let place = |name: &str, only_as_place: bool| LexiconEntry {
        value: EntityValue::Place { municipality: name.to_owned() },
        names: place_names(name),
        only_as_place,
    };
    let others: Vec<_> = others.map(|name| place(name, true)).collect();
    with_office.iter().map(|name| place(name, false)).chain(others).collect()
}

/// What people call a municipality, its own name first; abroad only that is known.
fn place_names(municipality: &str) -> Vec<String> {
    match Municipalities::bundled().named(municipality) {
        Some(known) => known.names().map(str::to_owned).collect(),
        None => vec![municipality.to_owned()],
    }
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
}
