//! Classes of words that many sentences share, so that what is learned with one of them holds for all.

use std::sync::LazyLock;

use super::examples;
use super::gazetteer::{Gazetteer, Tolerance};

/// `intents/entities/topic.yaml` and the relations, each phrase with its class. A file that does not read makes the list
/// empty, which the tests of [`examples`] show.
static CLASSES: LazyLock<Gazetteer<&'static str>> = LazyLock::new(|| {
    let mut classes = Gazetteer::new(Tolerance::Inflection);
    for (class, phrases) in examples::synonyms("topic").unwrap_or_default() {
        let Some(class) = NAMES.iter().find(|name| **name == class) else { continue };
        phrases.iter().for_each(|phrase| classes.add(phrase, *class));
    }
    for (_, phrases) in examples::synonyms("relation").unwrap_or_default() {
        phrases.iter().for_each(|phrase| classes.add(phrase, "relation"));
    }
    classes
});

const NAMES: &[&str] = &["paper", "organisation", "place", "day", "hour"];

/// The class of each of the words, folded; the longest phrase decides.
#[must_use]
pub fn classes(words: &[&str]) -> Vec<Option<&'static str>> {
    let mut classes = vec![None; words.len()];
    let mut found = CLASSES.find_in(words, &|_| true);
    found.sort_by_key(|m| (std::cmp::Reverse(m.to - m.from), m.cost, m.from));
    for m in found {
        if classes[m.from..m.to].iter().all(Option::is_none) {
            classes[m.from..m.to].fill(Some(*m.value));
        }
    }
    classes
}
