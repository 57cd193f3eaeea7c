//! Any other number: «πέντε», «στα 3».

use super::{Found, Scene};
use crate::greek::number;
use crate::nlu::understanding::{EntityValue, Number};

/// Adds the plain numbers of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let words = &scene.utterance.words;
    let mut at = 0;
    while at < words.len() {
        let Some(read) = number::cardinal(words, at) else {
            at += 1;
            continue;
        };
        let article = read.end_token == at + 1 && is_article(scene.word(at)) && !names_a_choice(scene, at);
        if !article {
            let asked = scene.awaits("rating") || scene.awaits("slot");
            let value = EntityValue::Number(Number::Plain(read.value));
            found.push(Found::new(at, read.end_token, value).asked(asked && scene.len() <= 4));
        }
        at = read.end_token.max(at + 1);
    }
}

fn is_article(word: &str) -> bool {
    matches!(word, "ενα" | "μια" | "ενασ" | "εναν" | "ενοσ" | "μιασ")
}

/// «το ένα», «νούμερο ένα», or nothing else.
fn names_a_choice(scene: &Scene<'_>, at: usize) -> bool {
    scene.len() == 1 || matches!(scene.before(at), "το" | "νουμερο" | "αριθμο" | "αριθμοσ" | "επιλογη" | "στο")
}
