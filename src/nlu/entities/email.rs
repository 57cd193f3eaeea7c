//! E-mail addresses, typed or said: «μαρία παπάκι gmail τελεία com».

use super::{Found, Scene};
use crate::booking::identity::Email;
use crate::nlu::understanding::EntityValue;

/// The most words one side of a spoken address has.
const LONGEST_SIDE: usize = 8;

/// Adds the addresses of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    for (at, word) in scene.utterance.words.iter().enumerate() {
        let read = if word.raw.contains('@') && word.raw.chars().count() > 1 {
            Email::parse(&word.raw).ok().map(|email| (at, at + 1, email))
        } else if matches!(word.text.as_str(), "παπακι" | "papaki" | "@") {
            spoken(scene, at)
        } else {
            None
        };
        if let Some((from, to, email)) = read {
            found.push(Found::new(from, to, EntityValue::Email(email.into())).asked(true));
        }
    }
}

/// The address around a spoken «παπάκι»: the user before it, the longest domain after it that is one.
fn spoken(scene: &Scene<'_>, at: usize) -> Option<(usize, usize, Email)> {
    let from = user_start(scene, at)?;
    let user: String = (from..at).map(|word| part(scene, word)).collect();
    let ends = (at + 2..=(at + 1 + LONGEST_SIDE).min(scene.len())).rev();
    ends.filter(|to| is_domain_end(scene.word(to - 1))).find_map(|to| {
        let domain: String = (at + 1..to).map(|word| part(scene, word)).collect();
        Some((from, to, Email::parse(&format!("{user}@{domain}")).ok()?))
    })
}

/// One word before the sign, and those joined to it by «τελεία», «παύλα» or digits.
fn user_start(scene: &Scene<'_>, at: usize) -> Option<usize> {
    let mut start = at.checked_sub(1)?;
    while start > 0 && at - start < LONGEST_SIDE {
        let digits = scene.word(start).bytes().all(|b| b.is_ascii_digit());
        let joined = separator(scene.word(start)).is_some() || separator(scene.word(start - 1)).is_some();
        if !joined && !digits {
            break;
        }
        start -= 1;
    }
    Some(start)
}

fn part(scene: &Scene<'_>, at: usize) -> String {
    let word = scene.word(at);
    if let Some(sign) = separator(word) {
        return sign.to_owned();
    }
    match word {
        "τζιμειλ" | "τζιμαιλ" => "gmail".to_owned(),
        "γιαχου" => "yahoo".to_owned(),
        "χοτμειλ" => "hotmail".to_owned(),
        "αουτλουκ" => "outlook".to_owned(),
        "κομ" => "com".to_owned(),
        "γκρ" | "τζιαρ" => "gr".to_owned(),
        _ => word.chars().map(latin).collect(),
    }
}

fn is_domain_end(word: &str) -> bool {
    matches!(word, "κομ" | "com" | "gr" | "γκρ" | "τζιαρ" | "eu" | "net" | "org" | "de" | "uk") || word.contains('.')
}

fn separator(word: &str) -> Option<&'static str> {
    Some(match word {
        "τελεια" | "τελια" | "dot" => ".",
        "παυλα" => "-",
        "κατωπαυλα" | "underscore" => "_",
        _ => return None,
    })
}

/// A Greek letter as ELOT 743 writes it.
fn latin(letter: char) -> &'static str {
    const GREEK: &[(char, &str)] = &[
        ('α', "a"),
        ('β', "v"),
        ('γ', "g"),
        ('δ', "d"),
        ('ε', "e"),
        ('ζ', "z"),
        ('η', "i"),
        ('θ', "th"),
        ('ι', "i"),
        ('κ', "k"),
        ('λ', "l"),
        ('μ', "m"),
        ('ν', "n"),
        ('ξ', "x"),
        ('ο', "o"),
        ('π', "p"),
        ('ρ', "r"),
        ('σ', "s"),
        ('τ', "t"),
        ('υ', "y"),
        ('φ', "f"),
        ('χ', "ch"),
        ('ψ', "ps"),
        ('ω', "o"),
    ];
    const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    match GREEK.iter().find(|(greek, _)| *greek == letter) {
        Some((_, latin)) => latin,
        None => ASCII.find(letter).map_or("", |at| &ASCII[at..=at]),
    }
}
