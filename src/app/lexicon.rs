//! The names that understanding listens for, from the catalogue and the procedures.

use crate::booking::catalogue::Catalogue;
use crate::nlu::{EntityValue, Lexicon, LexiconEntry};
use crate::procedures::procedure::Procedure;

/// The lexicon of a catalogue and of its procedures.
#[must_use]
pub fn lexicon<'a>(catalogue: &Catalogue, procedures: impl IntoIterator<Item = &'a Procedure>) -> Lexicon {
    let offices = catalogue.offices.iter().map(|office| LexiconEntry {
        value: EntityValue::Office { id: office.id.clone(), name: office.name.clone() },
        names: names([&office.name], &office.aliases),
    });
    let procedures = procedures.into_iter().map(|procedure| LexiconEntry {
        value: EntityValue::Procedure { id: procedure.id.clone(), title: procedure.title.clone() },
        names: names([&procedure.title].into_iter().chain(&procedure.for_what), &procedure.aliases),
    });
    let services = catalogue.services.iter().map(|service| LexiconEntry {
        value: EntityValue::Service { id: service.id.clone() },
        names: names([&service.name, &service.for_what], &service.aliases),
    });
    let organisations = catalogue.organisations.iter().map(|organisation| LexiconEntry {
        value: EntityValue::Organisation { id: organisation.id.clone() },
        names: names([&organisation.name, &organisation.title], &organisation.aliases),
    });
    let municipalities: std::collections::BTreeSet<&String> =
        catalogue.offices.iter().map(|office| &office.municipality).collect();
    let places = municipalities.into_iter().map(|municipality| LexiconEntry {
        value: EntityValue::Place { municipality: municipality.clone() },
        names: vec![municipality.clone()],
    });
    Lexicon { entries: offices.chain(procedures).chain(services).chain(organisations).chain(places).collect() }
}

fn names<'a>(own: impl IntoIterator<Item = &'a String>, aliases: &'a [String]) -> Vec<String> {
    own.into_iter().chain(aliases).cloned().collect()
}
