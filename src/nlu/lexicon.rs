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
    /// Whether it is meant only where the words around it speak of a place: «Ταύρος», «Δράμα» and «Δάφνη» are words and people,
    /// too.
    pub only_as_place: bool,
}

/// The lexicon, ready to be searched.
#[derive(Debug)]
pub struct LexiconIndex {
    things: Vec<Thing>,
    names: Gazetteer<usize>,
}

/// What a name means.
#[derive(Debug)]
pub struct Thing {
    /// What it is.
    pub value: EntityValue,
    /// As in [`LexiconEntry`].
    pub only_as_place: bool,
}

impl LexiconIndex {
    /// Indexes a lexicon.
    #[must_use]
    pub fn new(lexicon: Lexicon) -> Self {
        let mut names = Gazetteer::new(Tolerance::Slip);
        let mut things = Vec::with_capacity(lexicon.entries.len());
        for entry in lexicon.entries {
            for name in &entry.names {
                names.add(name, things.len());
            }
            things.push(Thing { value: entry.value, only_as_place: entry.only_as_place });
        }
        Self { things, names }
    }

    /// Every name in the sentence; see [`Gazetteer::find`].
    #[must_use]
    pub fn find(&self, utterance: &Utterance<'_>, ordinary: &dyn Fn(&str) -> bool) -> Vec<Match<&Thing>> {
        let mut found = self.names.find(utterance, ordinary);
        found.sort_by_key(|m| *m.value);
        let of = |m: Match<&usize>| Match { from: m.from, to: m.to, cost: m.cost, value: &self.things[*m.value] };
        found.into_iter().map(of).collect()
    }
}
