//! Days, times and intervals: the reading itself is `greek::when`.

use super::{Found, Scene};
use crate::greek::fold::Token;
use crate::greek::number;
use crate::greek::when::{self, Options};
use crate::nlu::understanding::EntityValue;

/// The earliest hour that a bare number means where times are on offer; below it, it counts them.
const FIRST_HOUR: i64 = 7;

/// Adds the days and times of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let words = &scene.utterance.words;
    let options = Options { bare_numbers: scene.awaits("when") || (scene.awaits("slot") && is_bare_hour(words)) };
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

/// «10», «στις έντεκα»: beyond what is ever counted among the times on offer, so an hour.
fn is_bare_hour(words: &[Token]) -> bool {
    let number = |from| number::cardinal(words, from).map(|read| read.value);
    words.len() <= 2 && (0..words.len()).filter_map(number).any(|n| (FIRST_HOUR..24).contains(&n))
}
