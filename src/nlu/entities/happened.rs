//! What happened to a paper, where other words stand between: «έχασε η γιαγιά μου την ταυτότητα», «κόπηκε στη μέση η ταυτότητα».

use super::{Found, Scene};
use crate::nlu::lexicon::LexiconIndex;
use crate::nlu::understanding::EntityValue;

/// What the names of procedures say of a paper, and the beginnings of the verbs with which people say the same.
const EVENTS: &[(&[&str], &[&str])] = &[
    (&["εχασα", "εχασε", "χαθηκε"], &["χασ", "εχασ", "χαθηκ"]),
    (&["εκλεψαν", "κλαπηκε"], &["κλεψ", "εκλεψ", "κλαπηκ", "βουτηξ", "αρπαξ", "σουφρωσ"]),
    (&["κοπηκε", "χαλασε"], &["κοπηκ", "σκιστηκ", "σχιστηκ", "χαλασ", "φθαρηκ", "ελιωσ", "λιωσ", "σπασ", "τσακιστηκ"]),
];
/// How many words may stand between the verb and the paper.
const FURTHEST: usize = 5;
/// The most words of what a paper is called.
const LONGEST: usize = 3;

/// Adds the procedures and services of what happened; the paper alone means less.
pub fn find(lexicon: &LexiconIndex, scene: &Scene<'_>, found: &mut Vec<Found>) {
    for verb in 0..scene.len() {
        let Some(event) = event(scene.word(verb)) else { continue };
        let first = (verb + 1..(verb + 2 + FURTHEST).min(scene.len())).take_while(|at| !ends_clause(scene, *at));
        let Some(paper) = first.into_iter().find_map(|at| happened_to(lexicon, scene, event, at)) else { continue };
        found.retain(|other| {
            let same_words = paper.from <= other.from && other.to <= paper.to;
            !(same_words && matches!(other.value, EntityValue::Procedure { .. } | EntityValue::Service { .. }))
        });
        found.push(paper);
    }
}

/// What the lexicon calls the event together with the words at `at`: «έχασα ταυτότητα».
fn happened_to(lexicon: &LexiconIndex, scene: &Scene<'_>, event: &[&str], at: usize) -> Option<Found> {
    (1..=LONGEST).rev().filter(|length| at + length <= scene.len()).find_map(|length| {
        let named = |verb: &&str, whose: &[&'static str]| {
            let paper = (at..at + length).map(|at| scene.word(at));
            let phrase: Vec<&str> = std::iter::once(*verb).chain(paper).chain(whose.iter().copied()).collect();
            let whole = lexicon.find_in(&phrase).into_iter().find(|m| m.from == 0 && m.to == phrase.len())?;
            Some(Found { doubt: whole.cost, ..Found::new(at, at + length, whole.value.value.clone()) })
        };
        event.iter().find_map(|verb| named(verb, &[]).or_else(|| named(verb, &["μου"])))
    })
}

/// The event that a verb tells.
fn event(word: &str) -> Option<&'static [&'static str]> {
    EVENTS.iter().find(|(_, verbs)| verbs.iter().any(|verb| word.starts_with(verb))).map(|(name, _)| *name)
}

/// Whether something else begins at word `at`: «έχασα το ραντεβού για την ταυτότητα».
fn ends_clause(scene: &Scene<'_>, at: usize) -> bool {
    scene.is_parted(at) || scene.word(at).starts_with("ραντεβου")
}
