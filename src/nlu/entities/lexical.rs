//! Names from lists: the lexicon of the application, and the files of synonyms.

use super::{Found, Scene, place};
use crate::nlu::NluError;
use crate::nlu::examples;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::lexicon::LexiconIndex;

/// Adds the procedures, services, organisations, offices and places of the utterance.
pub fn find(lexicon: &LexiconIndex, scene: &Scene<'_>, found: &mut Vec<Found>) {
    for m in lexicon.find(scene.utterance, scene.ordinary) {
        if !m.value.only_as_place || place::is_meant(scene, &m) {
            found.push(Found { doubt: m.cost, ..Found::new(m.from, m.to, m.value.value.clone()) });
        }
    }
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
