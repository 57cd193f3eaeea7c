//! Values found in an utterance: one file a kind; here they are gathered and overlaps are settled.

use super::NluError;
use super::lexicon::LexiconIndex;
use super::understanding::{Context, Entity, EntityValue};
use super::utterance::Utterance;

mod afm;
mod amka;
mod digits;
mod email;
mod employee;
mod guest;
mod happened;
mod language;
mod lexical;
mod mode;
mod number;
mod ordinal;
mod otp;
mod person_name;
mod persons;
mod phone;
mod place;
mod preference;
mod reference;
mod relation;
mod when;

/// Everything that finds entities, ready to be used.
pub struct Finders {
    lexicon: LexiconIndex,
    modes: mode::Finder,
    relations: relation::Finder,
    guests: guest::Finder,
    languages: language::Finder,
    preferences: preference::Finder,
}

/// What a finder may look at.
pub(super) struct Scene<'a> {
    /// The utterance.
    pub utterance: &'a Utterance<'a>,
    /// The conversation.
    pub context: &'a Context,
    /// Whether a folded word is an ordinary one: no name, no slip of a name.
    pub ordinary: &'a dyn Fn(&str) -> bool,
    /// Whether a bare name may be an answer.
    pub may_be_name: bool,
}

impl Scene<'_> {
    /// Whether this slot is being asked for.
    pub fn awaits(&self, slot: &str) -> bool {
        self.context.awaiting.as_deref() == Some(slot)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.utterance.words.len()
    }

    /// The folded word at `at`; empty outside.
    pub fn word(&self, at: usize) -> &str {
        self.utterance.word(at)
    }

    /// Whether a sign such as a comma, or an end of the utterance, stands before word `at`.
    pub fn is_parted(&self, at: usize) -> bool {
        let (Some(before), Some(word)) =
            (at.checked_sub(1).and_then(|before| self.utterance.words.get(before)), self.utterance.words.get(at))
        else {
            return true;
        };
        let between = self.utterance.text.chars().skip(before.end).take(word.start.saturating_sub(before.end));
        between.into_iter().any(|c| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '·' | '\u{37e}' | '–' | '—'))
    }

    /// The folded word before `at`; empty at the beginning.
    pub fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }
}

/// A value with the words it was read from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// Its first word.
    pub from: usize,
    /// The word after its last.
    pub to: usize,
    /// What doubts there are: 0 none. Between equals the lesser doubt wins.
    pub doubt: u32,
    /// Whether it is what was asked for, which beats everything.
    pub asked: bool,
    /// The value.
    pub value: EntityValue,
}

impl Found {
    /// A value without doubts that was not asked for.
    pub fn new(from: usize, to: usize, value: EntityValue) -> Self {
        Self { from, to, doubt: 0, asked: false, value }
    }

    /// The same, being what was asked for.
    pub fn asked(self, asked: bool) -> Self {
        Self { asked, ..self }
    }
}

impl Finders {
    /// Reads the synonyms carried inside the binary and indexes the lexicon.
    ///
    /// # Errors
    /// [`NluError::Examples`] names the file of synonyms that is not well-formed.
    pub fn bundled(lexicon: LexiconIndex) -> Result<Self, NluError> {
        Ok(Self {
            lexicon,
            modes: mode::Finder::bundled()?,
            relations: relation::Finder::bundled()?,
            guests: guest::Finder::bundled()?,
            languages: language::Finder::bundled()?,
            preferences: preference::Finder::bundled()?,
        })
    }

    /// Whether a folded word is part of a name of the lexicon, in any case and spelling.
    #[must_use]
    pub fn knows_name(&self, word: &str) -> bool {
        self.lexicon.knows(word)
    }

    /// Whether a folded word is part of any other phrase that is listened for, in any case and spelling.
    #[must_use]
    pub fn knows_phrase(&self, word: &str) -> bool {
        self.relations.knows(word)
            || self.modes.knows(word)
            || self.guests.knows(word)
            || self.languages.knows(word)
            || self.preferences.knows(word)
    }

    /// The entities of an utterance, in its order, without overlaps.
    pub(super) fn find(&self, scene: &Scene<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        lexical::find(&self.lexicon, scene, &mut found);
        self.modes.find(scene, &mut found);
        self.relations.find(scene, &mut found);
        self.guests.find(scene, &mut found);
        self.languages.find(scene, &mut found);
        persons::find(scene, &mut found);
        self.preferences.find(scene, &mut found);
        when::find(scene, &mut found);
        ordinal::find(scene, &mut found);
        email::find(scene, &mut found);
        reference::find(scene, &mut found);
        digits::find(scene, &mut found);
        number::find(scene, &mut found);
        person_name::find(scene, &mut found);
        employee::find(scene, &mut found);
        let mut settled = settle(found);
        settled.retain(|f| !matches!(&f.value, EntityValue::Place { municipality } if municipality.is_empty()));
        settled
    }
}

/// The public form of what was found.
pub(super) fn entities(utterance: &Utterance<'_>, found: Vec<Found>) -> Vec<Entity> {
    let entity = |found: Found| Entity {
        text: utterance.written(found.from, found.to),
        start: utterance.words[found.from].start,
        end: utterance.words[found.to - 1].end,
        value: found.value,
    };
    found.into_iter().map(entity).collect()
}

/// Keeps, of those that overlap, what was asked for, then the longest, then the surest, then the most telling kind.
fn settle(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|f| (!f.asked, std::cmp::Reverse(f.to - f.from), f.doubt, rank(&f.value), f.from));
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        if kept.iter().all(|other| one.to <= other.from || other.to <= one.from) {
            kept.push(one);
        }
    }
    kept.sort_by_key(|f| f.from);
    kept
}

/// How telling a kind is between two of the same length; the lower wins.
fn rank(value: &EntityValue) -> u8 {
    match value {
        EntityValue::Reference(_) | EntityValue::Email(_) => 0,
        EntityValue::Phone(_) | EntityValue::Afm(_) | EntityValue::Amka(_) | EntityValue::Otp(_) => 1,
        EntityValue::When(_) => 2,
        EntityValue::Office { .. } => 3,
        EntityValue::Procedure { .. } => 4,
        EntityValue::Service { .. } => 5,
        EntityValue::Organisation { .. } => 6,
        EntityValue::Place { .. } => 7,
        EntityValue::Language(_) | EntityValue::Persons(_) => 8,
        // Sign language spoken by an employee needs no interpreter.
        EntityValue::Guest(_) => 9,
        EntityValue::Relation(_) => 10,
        EntityValue::Preference(_) => 11,
        EntityValue::Mode(_) => 12,
        EntityValue::Ordinal(_) => 13,
        EntityValue::Number(_) => 14,
        EntityValue::Employee { .. } => 15,
        EntityValue::PersonName(_) => 16,
    }
}
