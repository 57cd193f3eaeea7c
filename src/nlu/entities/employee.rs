//! The employee by whom somebody would be served: «με την κυρία Καραγιάννη», «με τον Γιώργο Σταματίου».

use super::{Found, Scene, person_name};
use crate::greek::name::first_name_gender;
use crate::nlu::understanding::EntityValue;

const TITLES: &[&str] = &["κυριο", "κυρια", "κ", "κα", "κο", "δεσποινιδα", "συμβουλο", "υπαλληλο"];

/// Adds the employees of the utterance; where a name is asked for, a name is only that.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    if !person_name::asks_for_name(scene) {
        found.extend((0..scene.len()).filter_map(|at| employee_at(scene, at)));
    }
}

fn employee_at(scene: &Scene<'_>, from: usize) -> Option<Found> {
    // «Μαζί με τον κύριο …» comes with somebody.
    let accompanied = scene.before(from) == "μαζι";
    let cue = match scene.word(from) {
        "με" if matches!(scene.word(from + 1), "τον" | "την" | "τη") => from + 2,
        "στον" | "στην" | "στη" => from + 1,
        // «Με την ίδια υπάλληλο, την κυρία Ζαχαρίου».
        "τον" | "την" | "τη" if scene.is_parted(from) && (0..from).any(|at| TITLES.contains(&scene.word(at))) => {
            from + 1
        }
        _ => return None,
    };
    let titled = (cue..scene.len()).take_while(|at| TITLES.contains(&scene.word(*at))).count();
    let name = person_name::name_at(scene, cue + titled, true)?;
    let full = name.to - name.from > 1 && first_name_gender(&scene.utterance.words[name.from].raw).is_some();
    let named = titled > 0 || (full && scene.word(from) == "με");
    let said = scene.utterance.written(name.from, name.to);
    (named && !accompanied).then(|| Found::new(from, name.to, EntityValue::Employee { name: said }).asked(true))
}
