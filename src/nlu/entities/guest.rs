//! Who joins the appointment: «μαζί με τον δικηγόρο μου», «με διερμηνέα νοηματικής».

use super::{Found, Scene};
use crate::booking::people::Guest;
use crate::nlu::NluError;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::understanding::EntityValue;

/// Finds guests.
pub struct Finder(Gazetteer<Guest>);

impl Finder {
    /// Reads `intents/entities/guest.yaml`.
    pub fn bundled() -> Result<Self, NluError> {
        let parse = |name: &str| Guest::ALL.into_iter().find(|guest| guest.as_str() == name);
        super::lexical::synonyms("guest", Tolerance::Inflection, parse).map(Self)
    }

    /// Whether a folded word is part of one.
    pub fn knows(&self, word: &str) -> bool {
        self.0.knows(word)
    }

    /// Adds the guests of the utterance.
    pub fn find(&self, scene: &Scene<'_>, found: &mut Vec<Found>) {
        for m in self.0.find(scene.utterance, scene.ordinary) {
            // «Είμαι λογιστής» says who speaks, not who joins; «είμαι κωφός» says what is needed.
            let deaf = *m.value == Guest::SignLanguageInterpreter;
            let speaker = scene.before(m.from) == "ειμαι"
                || (m.from > 1 && matches!(scene.before(m.from), "ο" | "η") && scene.word(m.from - 2) == "ειμαι");
            if deaf || !speaker {
                found.push(Found { doubt: m.cost, ..Found::new(m.from, m.to, EntityValue::Guest(*m.value)) });
            }
        }
    }
}
