//! How many come together: «είμαστε τέσσερις», «για μένα και τα δυο παιδιά μου», «τετραμελής οικογένεια».

use super::{Found, Scene};
use crate::greek::number;
use crate::nlu::understanding::EntityValue;

/// More than that is no party but something else that is counted.
const MOST: i64 = 20;

const ONESELF: &[&str] = &["μενα", "εμενα", "εγω"];
const TOGETHER: &[&str] = &["και", "κι", "με"];
const ARTICLES: &[&str] =
    &["ο", "η", "οι", "το", "τον", "τη", "την", "τα", "τουσ", "τισ", "αλλα", "αλλουσ", "αλλεσ", "μικρα", "ανηλικα"];
const PEOPLE: &[&str] = &[
    "ατομα",
    "ατομο",
    "ατομων",
    "προσωπα",
    "προσωπων",
    "ανθρωποι",
    "ανθρωπουσ",
    "νοματοι",
    "νοματαιοι",
    "μελη",
    "μελων",
];
/// Several people who are related, with how many they are where the word itself says so.
const RELATED: &[(&str, Option<u32>)] = &[
    ("παιδια", None),
    ("παιδακια", None),
    ("κορεσ", None),
    ("κοριτσια", None),
    ("αγορια", None),
    ("γιουσ", None),
    ("γιοι", None),
    ("μωρα", None),
    ("ανηλικα", None),
    ("εγγονια", None),
    ("εγγονακια", None),
    ("αδερφια", None),
    ("αδελφια", None),
    ("αδερφεσ", None),
    ("αδελφεσ", None),
    ("ξαδερφια", None),
    ("φιλουσ", None),
    ("φιλοι", None),
    ("γονεισ", Some(2)),
    ("πεθερικα", Some(2)),
];
/// Families by their number.
const FAMILIES: &[(&str, u32)] =
    &[("διμελ", 2), ("τριμελ", 3), ("τετραμελ", 4), ("πενταμελ", 5), ("εξαμελ", 6), ("επταμελ", 7), ("εφταμελ", 7)];
/// What else is counted after «είμαστε».
const UNITS: &[&str] =
    &["χρονια", "χρονων", "ετων", "μηνεσ", "μερεσ", "ημερεσ", "ωρεσ", "ωρα", "λεπτα", "χιλιομετρα", "χλμ"];

/// Adds the parties of the utterance; it looks at the relations that were found.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let relations: Vec<(usize, usize)> =
        found.iter().filter(|f| matches!(f.value, EntityValue::Relation(_))).map(|f| (f.from, f.to)).collect();
    let party = |at| {
        with_oneself(scene, &relations, at)
            .or_else(|| we_are(scene, at))
            .or_else(|| counted(scene, at))
            .or_else(|| family(scene, at))
    };
    let parties: Vec<Found> = (0..scene.len()).filter_map(party).collect();
    found.extend(parties);
}

fn several(from: usize, to: usize, persons: Option<u32>) -> Found {
    // «Είμαστε τέσσερις» is no hour, even where an hour is asked for.
    Found::new(from, to, EntityValue::Persons(persons)).asked(true)
}

/// The number at a word, with where it ends.
fn number_at(scene: &Scene<'_>, at: usize) -> Option<(u32, usize)> {
    let read = number::cardinal(&scene.utterance.words, at)?;
    let persons = u32::try_from(read.value).ok().filter(|_| (1..=MOST).contains(&read.value))?;
    Some((persons, read.end_token))
}

/// «Για μένα και τον γιο μου», «εγώ, η γυναίκα μου και τα τρία παιδιά».
fn with_oneself(scene: &Scene<'_>, relations: &[(usize, usize)], from: usize) -> Option<Found> {
    if !ONESELF.contains(&scene.word(from)) {
        return None;
    }
    let (mut to, mut persons) = (from + 1, Some(1));
    while let Some((end, more)) = others(scene, relations, to) {
        (to, persons) = (end, persons.zip(more).map(|(all, more)| all + more));
    }
    (to > from + 1).then(|| several(from, to, persons))
}

/// Those who follow «και»: where they end and how many they are.
fn others(scene: &Scene<'_>, relations: &[(usize, usize)], at: usize) -> Option<(usize, Option<u32>)> {
    let mut at = at;
    while matches!(scene.word(at), "μου" | "μασ" | "μαζι") {
        at += 1;
    }
    let joined = TOGETHER.contains(&scene.word(at));
    at += usize::from(joined);
    let before = at;
    while ARTICLES.contains(&scene.word(at)) {
        at += 1;
    }
    if !joined && at == before {
        return None;
    }
    let (number, at) = match number_at(scene, at) {
        Some((number, end)) => (Some(number), end),
        None => (None, at),
    };
    if let Some((_, own)) = RELATED.iter().find(|(word, _)| *word == scene.word(at)) {
        return Some((at + 1, number.or(*own)));
    }
    if PEOPLE.contains(&scene.word(at)) {
        return Some((at + 1, number));
    }
    let (_, end) = relations.iter().find(|(from, _)| *from == at)?;
    Some((*end, number.or(Some(1))))
}

/// «Είμαστε τέσσερις», «θα είμαστε 3 άτομα».
fn we_are(scene: &Scene<'_>, from: usize) -> Option<Found> {
    if !matches!(scene.word(from), "ειμαστε" | "μαστε" | "ημαστε") {
        return None;
    }
    let mut at = from + 1;
    while matches!(scene.word(at), "συνολικα" | "ολοι" | "μαζι" | "οι") {
        at += 1;
    }
    let (number, end) = number_at(scene, at)?;
    let to = end + usize::from(PEOPLE.contains(&scene.word(end)));
    (!UNITS.contains(&scene.word(end))).then(|| several(from, to, Some(number)))
}

/// «Τρία άτομα», «για τα δυο παιδιά μου», «οι δυο μας».
fn counted(scene: &Scene<'_>, from: usize) -> Option<Found> {
    let (number, end) = number_at(scene, from)?;
    let next = scene.word(end);
    let before = scene.before(from);
    if PEOPLE.contains(&next) {
        return Some(several(from, end + 1, Some(number)));
    }
    // The word beside the number stays what it is: it tells whose appointment it is.
    let of_related = RELATED.iter().any(|(word, _)| *word == next);
    let of_us = matches!(before, "οι" | "τουσ" | "τισ")
        && (next == "μασ" || matches!(scene.word(from.saturating_sub(2)), "εμεισ" | "εμασ" | "μασ"));
    (number > 1 && (of_related || of_us)).then(|| several(from, end, Some(number)))
}

/// «Τετραμελής οικογένεια», «για όλη την οικογένεια», «οικογενειακώς».
fn family(scene: &Scene<'_>, at: usize) -> Option<Found> {
    let word = scene.word(at);
    if let Some((_, persons)) = FAMILIES.iter().find(|(stem, _)| word.starts_with(stem)) {
        return Some(several(at, at + 1, Some(*persons)));
    }
    let whole = word.starts_with("οικογενει") && (at.saturating_sub(3)..at).any(|before| scene.word(before) == "ολη");
    (word == "οικογενειακωσ" || whole).then(|| several(at, at + 1, None))
}
