//! How the appointment is to be held: «με βιντεοκλήση», «από κοντά», «τηλεφωνικά».

use super::{Found, Scene};
use crate::booking::people::Mode;
use crate::nlu::NluError;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::understanding::EntityValue;

/// Finds modes.
pub struct Finder(Gazetteer<Mode>);

impl Finder {
    /// Reads `intents/entities/mode.yaml`.
    pub fn bundled() -> Result<Self, NluError> {
        super::lexical::synonyms("mode", Tolerance::Sound, Mode::parse).map(Self)
    }

    /// Whether a folded word is part of one.
    pub fn knows(&self, word: &str) -> bool {
        self.0.knows(word)
    }

    /// Adds the modes of the utterance.
    pub fn find(&self, scene: &Scene<'_>, found: &mut Vec<Found>) {
        for m in self.0.find(scene.utterance, scene.ordinary) {
            // «τι τηλέφωνο έχει», «δεν θα έρθω» are about something else.
            let negated = (m.from.saturating_sub(2)..m.from).any(|at| matches!(scene.word(at), "δεν" | "δε" | "μην"));
            if !negated {
                found.push(Found { doubt: m.cost, ..Found::new(m.from, m.to, EntityValue::Mode(*m.value)) });
            }
        }
    }
}
