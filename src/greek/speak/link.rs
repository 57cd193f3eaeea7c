//! Addresses of pages and mailboxes, said aloud.

use std::fmt::Write as _;

/// «γκοβ τελεία τζι αρ» for `gov.gr`; mailboxes with «παπάκι».
pub(super) fn link(text: &str) -> String {
    let lower = text.to_lowercase();
    let plain = lower.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let plain = plain.trim_end_matches('/');
    let mut said = String::with_capacity(plain.len() * 3);
    let mut label = String::new();
    for c in plain.chars() {
        let name = match c {
            '.' => "τελεία",
            '@' => "παπάκι",
            '-' => "παύλα",
            '_' => "κάτω παύλα",
            '/' => "κάθετος",
            ':' => "άνω κάτω τελεία",
            c if c.is_alphanumeric() => {
                label.push(c);
                continue;
            }
            _ => continue,
        };
        say_label(&mut label, &mut said);
        let _ = write!(said, " {name}");
    }
    say_label(&mut label, &mut said);
    said.trim_start().to_owned()
}

fn say_label(label: &mut String, said: &mut String) {
    if label.is_empty() {
        return;
    }
    let cut = label.find(|c: char| c.is_ascii_digit()).unwrap_or(label.len());
    let (word, digits) = label.split_at(cut);
    if !word.is_empty() {
        let _ = match super::text::saying(word) {
            Some(known) => write!(said, " {known}"),
            None if word.chars().all(|c| c.is_ascii_alphabetic()) && word.len() > 2 => {
                let greek = crate::greek::greeklish::to_greek(word);
                match greek.strip_suffix('σ') {
                    Some(stem) => write!(said, " {stem}ς"),
                    None => write!(said, " {greek}"),
                }
            }
            None if word.is_ascii() => write!(said, " {}", super::code(word)),
            None => write!(said, " {word}"),
        };
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        if !digits.is_empty() {
            let _ = write!(said, " {}", super::digits(digits));
        }
    } else {
        let _ = write!(said, " {}", super::code(digits));
    }
    label.clear();
}
