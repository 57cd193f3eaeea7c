//! The language in which somebody would be served: «μιλάει κανείς αγγλικά;», «ξέρω μόνο ρωσικά».

use super::{Found, Scene};
use crate::booking::people::Language;
use crate::nlu::NluError;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::understanding::EntityValue;

/// Beginnings of words that make a language one that is spoken, not the language of a paper.
const SPOKEN: &[&str] = &[
    "μιλ",
    "ομιλ",
    "ξερ",
    "γνωριζ",
    "καταλαβαιν",
    "συνεννο",
    "εξυπηρετ",
    "υπαλληλ",
    "επικοινων",
    "κανεισ",
    "καποιο",
    "speak",
];

/// Finds languages.
pub struct Finder(Gazetteer<Language>);

impl Finder {
    /// Reads `intents/entities/language.yaml`.
    pub fn bundled() -> Result<Self, NluError> {
        // «Γερμανικό διαβατήριο» speaks of no language: only the words for languages as they stand.
        super::lexical::synonyms("language", Tolerance::Sound, Language::parse).map(Self)
    }

    /// Whether a folded word is part of one.
    pub fn knows(&self, word: &str) -> bool {
        self.0.knows(word)
    }

    /// Adds the languages of the utterance.
    pub fn find(&self, scene: &Scene<'_>, found: &mut Vec<Found>) {
        let is_spoken = |at: usize| SPOKEN.iter().any(|stem| scene.word(at).starts_with(stem));
        if !(0..scene.len()).any(is_spoken) {
            return;
        }
        for m in self.0.find(scene.utterance, scene.ordinary) {
            // «Διερμηνέα νοηματικής» is somebody who comes along.
            let is_guest =
                *m.value == Language::SignLanguage && (0..scene.len()).any(|at| scene.word(at).starts_with("διερμην"));
            if !is_denied(scene, m.from) && !is_guest {
                found.push(Found { doubt: m.cost, ..Found::new(m.from, m.to, EntityValue::Language(*m.value)) });
            }
        }
    }
}

/// «Δεν ξέρω αγγλικά», but not «δεν ξέρω ελληνικά, μόνο αγγλικά» nor «δεν μιλάει κανείς αγγλικά;».
fn is_denied(scene: &Scene<'_>, at: usize) -> bool {
    let near = at.saturating_sub(3)..at;
    let denied = near.clone().any(|before| matches!(scene.word(before), "δεν" | "δε"));
    let after_all = near.clone().any(|before| matches!(scene.word(before), "μονο" | "κανεισ" | "ελληνικα"));
    denied && !after_all && !scene.utterance.is_question()
}
