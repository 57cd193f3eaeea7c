//! E-mail addresses, typed or said: «μαρία παπάκι gmail τελεία com».

use super::{Found, Scene};
use crate::booking::identity::Email;
use crate::greek::{fold, spell};
use crate::nlu::understanding::EntityValue;

/// Adds the addresses of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let before = found.len();
    for (at, word) in scene.utterance.words.iter().enumerate() {
        if word.raw.contains('@')
            && let Ok(email) = Email::parse(&word.raw)
        {
            found.push(Found::new(at, at + 1, EntityValue::Email(email.into())).asked(true));
        }
    }
    if found.len() == before {
        found.extend(spoken(scene));
    }
}

/// The address that is said, its words as they were written: «gmail» is no Greeklish.
fn spoken(scene: &Scene<'_>) -> Option<Found> {
    if !scene.utterance.words.iter().any(|word| matches!(word.text.as_str(), "παπακι" | "papaki" | "@" | "at")) {
        return None;
    }
    let mut tokens = fold::tokens(scene.utterance.text);
    for token in &mut tokens {
        if let Some(greek) = in_greek(&token.text) {
            greek.clone_into(&mut token.text);
        }
    }
    let read = spell::email(&tokens)?;
    let email = Email::parse(&read.value).ok()?;
    let words = &scene.utterance.words;
    let from = words.iter().position(|word| word.end > tokens[read.start_token].start)?;
    let to = words.iter().rposition(|word| word.start < tokens[read.end_token - 1].end)? + 1;
    (from < to).then(|| Found::new(from, to, EntityValue::Email(email.into())).asked(true))
}

/// The signs of an address, and what is said before one, in Latin letters.
fn in_greek(word: &str) -> Option<&'static str> {
    Some(match word {
        "papaki" => "παπακι",
        "teleia" | "telia" => "τελεια",
        "pavla" | "paula" | "payla" => "παυλα",
        "kato" | "katw" => "κατω",
        "to" => "το",
        "mou" => "μου",
        "einai" | "ine" => "ειναι",
        "meil" | "mail" | "email" => "μειλ",
        "grapse" => "γραψε",
        "grapste" => "γραψτε",
        "steilte" => "στειλτε",
        _ => return None,
    })
}
