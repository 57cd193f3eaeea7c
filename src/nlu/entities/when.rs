//! Days, times and intervals: the reading itself is `greek::when`.

use super::{Found, Scene};
use crate::greek::when::{self, Options};
use crate::nlu::understanding::EntityValue;

/// Adds the days and times of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let words = &scene.utterance.words;
    let options = Options { bare_numbers: scene.awaits("when") };
    // «στις 10 και μισή» is one time among those on offer, not the tenth of them.
    let asked = scene.awaits("when") || scene.awaits("slot");
    for read in when::find_in_tokens(scene.utterance.text, words, scene.context.now, options) {
        let from = words.iter().position(|word| word.start == read.start);
        let to = words.iter().position(|word| word.end == read.end).map(|last| last + 1);
        if let (Some(from), Some(to)) = (from, to)
            && from < to
        {
            found.push(Found::new(from, to, EntityValue::When(read.value)).asked(asked));
        }
    }
}
