//! Names from lists: the lexicon of the application, and the files of synonyms.

use super::{Found, Scene, happened, place};
use crate::nlu::NluError;
use crate::nlu::examples;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::lexicon::LexiconIndex;
use crate::nlu::understanding::EntityValue;

/// Adds the procedures, services, organisations, offices and places of the utterance.
pub fn find(lexicon: &LexiconIndex, scene: &Scene<'_>, found: &mut Vec<Found>) {
    for m in lexicon.find(scene.utterance, scene.ordinary) {
        let is_place = matches!(m.value.value, EntityValue::Place { .. });
        if is_place && !place::is_meant(scene, &m) {
            continue;
        }
        // «Στον δήμο Θέρμης» is a place, whatever organisation is called «δήμος» here.
        let leads = is_place && matches!(scene.before(m.from), "δημο" | "δημοσ" | "δημου");
        found.push(Found { doubt: m.cost, ..Found::new(m.from - usize::from(leads), m.to, m.value.value.clone()) });
    }
    happened::find(lexicon, scene, found);
}

/// The list of `intents/entities/<entity>.yaml`, its values read by `parse`.
pub fn synonyms<T: Copy>(
    entity: &str,
    tolerance: Tolerance,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Gazetteer<T>, NluError> {
    let mut gazetteer = Gazetteer::new(tolerance);
    for (name, words) in examples::synonyms(entity)? {
        let value = parse(&name).ok_or_else(|| NluError::Examples {
            file: format!("entities/{entity}.yaml"),
            message: format!("{name:?} is no {entity}"),
        })?;
        for word in &words {
            gazetteer.add(word, value);
        }
    }
    Ok(gazetteer)
}
