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
    /// Where its names mean it.
    pub meant: Meant,
}

/// Where a name means what it names; «Ταύρος», «Δράμα», «Δάφνη» and «Πηγή» are words and people, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Wherever it stands.
    Anywhere,
    /// Where the words around it do not speak against a place.
    AsPlace,
    /// As [`Meant::AsPlace`], but nobody can tell which of several places of this name it is: it is passed over.
    Undecided,
    /// Where the words around it speak of a place: so small a one that hardly anybody knows its name.
    AsSmallPlace,
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
    pub meant: Meant,
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
            things.push(Thing { value: entry.value, meant: entry.meant });
        }
        Self { things, names }
    }

    /// Every name in the sentence; see [`Gazetteer::find`].
    #[must_use]
    pub fn find(&self, utterance: &Utterance<'_>, ordinary: &dyn Fn(&str) -> bool) -> Vec<Match<&Thing>> {
        let mut found = self.names.find(utterance, ordinary);
        found.sort_by_key(|m| *m.value);
        self.things_of(found)
    }

    /// The same in a few folded words, without forgiving slips.
    #[must_use]
    pub fn find_in(&self, words: &[&str]) -> Vec<Match<&Thing>> {
        let mut found = self.names.find_in(words, &|_| true);
        found.sort_by_key(|m| *m.value);
        self.things_of(found)
    }

    /// Whether a folded word is part of a name, in any case and spelling.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.names.knows(word)
    }

    fn things_of(&self, found: Vec<Match<&usize>>) -> Vec<Match<&Thing>> {
        let of = |m: Match<&usize>| Match { from: m.from, to: m.to, cost: m.cost, value: &self.things[*m.value] };
        found.into_iter().map(of).collect()
    }
}
