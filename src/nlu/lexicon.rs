//! The names of the catalogue and of the procedures, as the application hands them in.

use super::gazetteer::{Gazetteer, Match, Tolerance};
use super::understanding::EntityValue;
use super::utterance::Utterance;

/// Everything with a name that can be spoken of: procedures, services, organisations, offices, places.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Its entries; where two have the same name and kind, the first is meant.
    pub entries: Vec<LexiconEntry>,
}

/// One thing with its names.
#[derive(Debug, Clone)]
pub struct LexiconEntry {
    /// What it is.
    pub value: EntityValue,
    /// What people call it: names and phrases, each understood on its own, in any case (πτώση).
    pub names: Vec<String>,
}

/// The lexicon, ready to be searched.
#[derive(Debug)]
pub struct LexiconIndex {
    values: Vec<EntityValue>,
    names: Gazetteer<usize>,
}

impl LexiconIndex {
    /// Indexes a lexicon.
    #[must_use]
    pub fn new(lexicon: Lexicon) -> Self {
        let mut names = Gazetteer::new(Tolerance::Slip);
        let mut values = Vec::with_capacity(lexicon.entries.len());
        for entry in lexicon.entries {
            for name in &entry.names {
                names.add(name, values.len());
            }
            values.push(entry.value);
        }
        Self { values, names }
    }

    /// Every name in the sentence; see [`Gazetteer::find`].
    #[must_use]
    pub fn find(&self, utterance: &Utterance<'_>, ordinary: &dyn Fn(&str) -> bool) -> Vec<Match<&EntityValue>> {
        let mut found = self.names.find(utterance, ordinary);
        found.sort_by_key(|m| *m.value);
        let of = |m: Match<&usize>| Match { from: m.from, to: m.to, cost: m.cost, value: &self.values[*m.value] };
        found.into_iter().map(of).collect()
    }
}
