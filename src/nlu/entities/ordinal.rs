//! Places in a list: «το δεύτερο», «την τελευταία».

use super::{Found, Scene};
use crate::greek::number;
use crate::nlu::gazetteer::sound;
use crate::nlu::understanding::EntityValue;

/// Adds the ordinals of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let mut at = 0;
    while at < scene.len() {
        match number::ordinal(&scene.utterance.words, at) {
            Some(ordinal) => {
                if !is_weekday(scene, at) && !is_office(scene, ordinal.end_token) && !is_adverb(scene, at) {
                    let value = EntityValue::Ordinal(ordinal.value);
                    let asked = scene.awaits("slot") && !in_a_date(found, at);
                    found.push(Found::new(at, ordinal.end_token, value).asked(asked));
                }
                at = ordinal.end_token.max(at + 1);
            }
            None => at += 1,
        }
    }
}

/// «Την πρώτη Δεκεμβρίου» is a day.
fn in_a_date(found: &[Found], at: usize) -> bool {
    found.iter().any(|f| matches!(f.value, EntityValue::When(_)) && f.from <= at && at + 1 < f.to)
}

/// «Δευτέρα», «Τρίτη», «Τετάρτη», «Πέμπτη» are days, unless a list is spoken of: «η τρίτη επιλογή».
fn is_weekday(scene: &Scene<'_>, at: usize) -> bool {
    matches!(
        scene.word(at),
        "δευτερα" | "δευτερασ" | "τριτη" | "τεταρτη" | "πεμπτη" | "τριτησ" | "τεταρτησ" | "πεμπτησ"
    ) && !matches!(sound(scene.word(at + 1)).as_str(), "επιλογι" | "ορα" | "λισι" | "προτασι" | "περιπτοσι" | "κατα")
}

/// «Πρώτη φορά παίρνω», «τελευταία δεν είμαι καλά», «ένα τέταρτο».
fn is_adverb(scene: &Scene<'_>, at: usize) -> bool {
    let before = scene.before(at);
    match scene.word(at) {
        "τεταρτο" => !matches!(before, "το" | "του"),
        "τελευταια" => !matches!(before, "η" | "την" | "τα") && scene.len() > 2 && !scene.awaits("slot"),
        _ => matches!(scene.word(at + 1), "φορα" | "φορεσ"),
    }
}

/// «Α΄ ΔΟΥ Αθηνών» is the name of an office.
fn is_office(scene: &Scene<'_>, after: usize) -> bool {
    matches!(scene.word(after), "δου" | "εφορια" | "εφοριασ")
}
