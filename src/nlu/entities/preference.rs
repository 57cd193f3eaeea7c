//! Wishes about what is offered: «το νωρίτερο», «όποτε να 'ναι», «άλλη μέρα».

use super::{Found, Scene};
use crate::nlu::NluError;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::understanding::{EntityValue, Preference};

/// Finds preferences.
pub struct Finder(Gazetteer<Preference>);

impl Finder {
    /// Reads `intents/entities/preference.yaml`.
    pub fn bundled() -> Result<Self, NluError> {
        super::lexical::synonyms("preference", Tolerance::Sound, parse).map(Self)
    }

    /// Whether a folded word is part of one.
    pub fn knows(&self, word: &str) -> bool {
        self.0.knows(word)
    }

    /// Adds the preferences of the utterance.
    pub fn find(&self, scene: &Scene<'_>, found: &mut Vec<Found>) {
        for m in self.0.find(scene.utterance, scene.ordinary) {
            // «νωρίτερα» is earlier, «το νωρίτερο» the earliest; the article is the difference.
            let earliest = *m.value == Preference::Earlier && matches!(scene.before(m.from), "το" | "τα" | "οσο");
            let value = if earliest { Preference::Earliest } else { *m.value };
            found.push(Found { doubt: m.cost, ..Found::new(m.from, m.to, EntityValue::Preference(value)) });
        }
    }
}

fn parse(name: &str) -> Option<Preference> {
    Some(match name {
        "earliest" => Preference::Earliest,
        "any" => Preference::Any,
        "earlier" => Preference::Earlier,
        "later" => Preference::Later,
        "other_day" => Preference::OtherDay,
        "other_office" => Preference::OtherOffice,
        _ => return None,
    })
}
