//! E-mail addresses, written or said aloud.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::greek::fold::Token;
use crate::greek::number::{Parsed, digits};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A mail service with its usual address.
    Provider,
    /// What comes after the last dot.
    Ending,
    /// «παπάκι»
    At,
    /// A punctuation mark by name.
    Sign,
}

static WORDS: LazyLock<HashMap<&'static str, (Kind, &'static str)>> = LazyLock::new(|| {
    crate::greek::table(include_str!("../data/mail_words.tsv"))
        .filter_map(|row| {
            let kind = match *row.get(1)? {
                "provider" => Kind::Provider,
                "ending" => Kind::Ending,
                "at" => Kind::At,
                _ => Kind::Sign,
            };
            Some((row[0], (kind, *row.get(2)?)))
        })
        .collect()
});

/// The first address in `tokens`: written («maria@gmail.com»), or said («μαρία τελεία πι παπάκι τζιμέιλ τελεία κομ»).
///
/// A name said in Greek is written in Latin letters by the rules of identity cards ([`latin`]); the address must be read
/// back. A well-known service said without its ending gets its usual one.
#[must_use]
pub fn email(tokens: &[Token]) -> Option<Parsed<String>> {
    if let Some(at) = tokens.iter().position(|token| is_written(&token.text)) {
        return Some(Parsed { value: in_latin(&tokens[at].text), start_token: at, end_token: at + 1 });
    }
    let sign = (0..tokens.len()).find(|at| kind(tokens, *at) == Some(Kind::At) && domain(tokens, at + 1).is_some())?;
    let (domain, end_token) = domain(tokens, sign + 1)?;
    let start_token = mailbox_start(tokens, sign);
    let mailbox = mailbox(&tokens[start_token..sign]);
    let is_address = !mailbox.is_empty() && domain.is_ascii();
    is_address.then(|| Parsed { value: format!("{mailbox}@{domain}"), start_token, end_token })
}

fn is_written(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        && in_latin(text).is_ascii()
}

/// A written address whose mailbox was typed in Greek letters («μαρία@gmail.com»), in Latin ones.
fn in_latin(text: &str) -> String {
    match text.split_once('@') {
        Some((local, domain)) if !local.is_ascii() => format!("{}@{domain}", latin(local)),
        _ => text.to_owned(),
    }
}

fn kind(tokens: &[Token], at: usize) -> Option<Kind> {
    tokens.get(at).and_then(|token| WORDS.get(token.text.as_str())).map(|(kind, _)| *kind)
}

fn written(token: &Token) -> Option<&'static str> {
    WORDS.get(token.text.as_str()).map(|(_, written)| *written)
}

/// The domain that begins at `at`, and where it ends.
fn domain(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    // «τζι μέιλ», «γιαχού», «τζιμέιλ τελεία κομ»
    let (name, mut end) = match (tokens.get(at)?.text.as_str(), tokens.get(at + 1).map(|token| token.text.as_str())) {
        ("τζι" | "g", Some("μειλ" | "mail")) => ("gmail.com".to_owned(), at + 2),
        ("χοτ" | "hot", Some("μειλ" | "mail")) => ("hotmail.com".to_owned(), at + 2),
        _ if kind(tokens, at) == Some(Kind::Provider) => (written(&tokens[at])?.to_owned(), at + 1),
        _ => (String::new(), at),
    };
    let mut parts: Vec<String> =
        name.split('.').next().filter(|part| !part.is_empty()).map(str::to_owned).into_iter().collect();
    loop {
        let is_dot = tokens.get(end).is_some_and(|token| written(token) == Some("."));
        let next = end + usize::from(is_dot);
        if let Some((ending, after)) = ending(tokens, next) {
            parts.push(ending);
            return (parts.len() > 1).then(|| (parts.join("."), after));
        }
        let word = tokens
            .get(next)
            .filter(|token| kind(tokens, next).is_none() && token.text.chars().all(char::is_alphanumeric));
        match word {
            Some(word) if parts.is_empty() || is_dot => {
                parts.push(latin(&word.text));
                end = next + 1;
            }
            _ if name.is_empty() => return None,
            _ => return Some((name, end)),
        }
    }
}

/// «κομ», «gr», «τζι αρ»
fn ending(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    if kind(tokens, at) == Some(Kind::Ending) {
        return Some((written(&tokens[at])?.to_owned(), at + 1));
    }
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    if is(at, "τζι") && is(at + 1, "αρ") {
        return Some(("gr".to_owned(), at + 2));
    }
    None
}

/// Where the mailbox before `sign` begins: after the last word that only introduces it.
fn mailbox_start(tokens: &[Token], sign: usize) -> usize {
    let introduces = |token: &Token| {
        matches!(
            token.text.as_str(),
            "ειναι"
                | "email"
                | "μειλ"
                | "ιμειλ"
                | "ημειλ"
                | "mail"
                | "μου"
                | "το"
                | "στο"
                | "σε"
                | "διευθυνση"
                | "ηλεκτρονικη"
                | "ταχυδρομειο"
                | "ηλεκτρονικο"
                | "γραψε"
                | "γραψτε"
                | "λοιπον"
                | "ναι"
                | "στειλτε"
                | "τησ"
                | "του"
                | "για"
        )
    };
    let earliest = sign.saturating_sub(16);
    (earliest..sign).rev().find(|at| introduces(&tokens[*at])).map_or(earliest, |at| at + 1)
}

fn mailbox(tokens: &[Token]) -> String {
    let mut local = String::with_capacity(24);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let follows = |text: &str| tokens.get(at + 1).is_some_and(|next| next.text == text);
        if token.text == "κατω" && follows("παυλα") {
            local.push('_');
            at += 2;
        } else if let Some((Kind::Sign, sign)) = WORDS.get(token.text.as_str()) {
            local.push_str(sign);
            at += 1;
        } else if let Some(number) = digits(tokens, at) {
            local.push_str(number.value.trim_start_matches('+'));
            at = number.end_token;
        } else {
            match super::letter(&token.text) {
                Some(letter) => local.push_str(&latin(&letter.to_string())),
                None => local.push_str(&latin(&token.text)),
            }
            at += 1;
        }
    }
    local.retain(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
    local
}

/// Greek in Latin letters by the rules of identity cards (ΕΛΟΤ 743), lower case: «Παπαδοπούλου» → `papadopoulou`.
#[must_use]
pub fn latin(word: &str) -> String {
    let letters: Vec<char> = crate::greek::fold::fold(word).chars().collect();
    let mut latin = String::with_capacity(letters.len() * 2);
    let mut at = 0;
    while let Some(c) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let after = letters.get(at + 2).copied().unwrap_or(' ');
        let voiceless = matches!(after, 'θ' | 'κ' | 'ξ' | 'π' | 'σ' | 'τ' | 'φ' | 'χ' | 'ψ') || !after.is_alphabetic();
        let (written, length) = match (c, next) {
            ('ο', 'υ') => ("ou", 2),
            ('α', 'υ') => (if voiceless { "af" } else { "av" }, 2),
            ('ε', 'υ') => (if voiceless { "ef" } else { "ev" }, 2),
            ('μ', 'π') => (if at == 0 { "b" } else { "mp" }, 2),
            ('γ', 'γ') => ("ng", 2),
            ('γ', 'ξ') => ("nx", 2),
            ('γ', 'χ') => ("nch", 2),
            _ => (single(c), 1),
        };
        if written.is_empty() {
            latin.push(c);
        }
        latin.push_str(written);
        at += length;
    }
    latin
}

fn single(c: char) -> &'static str {
    match c {
        'α' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' => "s",
        'τ' => "t",
        'υ' => "y",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => "",
    }
}
