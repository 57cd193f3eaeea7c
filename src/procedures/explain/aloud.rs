//! What a text written for the eye becomes for the ear.

use super::Explanation;
use crate::procedures::words::{clean, fit};

/// The longest remark in parentheses that is said, characters; a longer one is for the eye.
const LONGEST_ASIDE: usize = 32;
/// Small numbers as they are said of papers, steps and fees that are neuter.
const COUNTS: [&str; 11] = ["κανένα", "ένα", "δύο", "τρία", "τέσσερα", "πέντε", "έξι", "επτά", "οκτώ", "εννέα", "δέκα"];
/// The same of what is feminine.
const COUNTS_FEMININE: [&str; 11] =
    ["καμία", "μία", "δύο", "τρεις", "τέσσερις", "πέντε", "έξι", "επτά", "οκτώ", "εννέα", "δέκα"];

/// A text for the ear of at most so many characters, without a sign at its end: no asides, no addresses, no signs that are
/// only seen and no questions; and whether the eye reads more.
pub(super) fn said(text: &str, longest: usize) -> (String, bool) {
    let text = clean(text);
    let (plain, left_out) = without_asides(&text);
    let words: Vec<String> = plain.split(' ').filter(|word| !is_address(word)).map(sayable).collect();
    let left_out = left_out || plain.split(' ').any(is_address);
    let fitted = fit(&tidy(&words.join(" ")), longest);
    (fitted.text.trim_end_matches(['.', ',', ':', '·', ' ', '…', '-', '–']).to_owned(), left_out || fitted.cut)
}

/// A sentence for the ear; nothing when nothing in it can be said.
pub(super) fn sentence(text: &str, longest: usize) -> (String, bool) {
    let (said, cut) = said(text, longest);
    let end = if said.is_empty() || said.ends_with('!') { "" } else { "." };
    (format!("{said}{end}"), cut)
}

/// The same text for both, cleaned: the eye reads it whole.
pub(super) fn told(text: &str, longest: usize) -> Explanation {
    let (speak, shortened) = sentence(text, longest);
    Explanation { display: clean(text), speak, shortened }
}

/// «τρία βήματα», «ένα βήμα», «12 βήματα».
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    in_words(count, one, many, &COUNTS)
}

/// The same of what is feminine: «μία προϋπόθεση».
pub(super) fn counted_feminine(count: usize, one: &str, many: &str) -> String {
    in_words(count, one, many, &COUNTS_FEMININE)
}

fn in_words(count: usize, one: &str, many: &str, words: &[&str; 11]) -> String {
    let noun = if count == 1 { one } else { many };
    words.get(count).map_or_else(|| format!("{count} {noun}"), |word| format!("{word} {noun}"))
}

/// «α, β και γ».
pub(super) fn listed(items: &[String], last: &str) -> String {
    match items.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{}{last}{end}", rest.join(", ")),
        Some((end, _)) => end.clone(),
        None => String::new(),
    }
}

/// A name inside a sentence: its first letter small, unless it is an abbreviation; so are «Η» and «Ο» that begin it.
pub(super) fn inside(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(article @ ('Η' | 'Ο')), Some(' ')) => article.to_lowercase().chain(letters).collect(),
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() && second.is_alphabetic() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

/// A text whose short remarks in parentheses stand between commas; the others, and bare numbers, are left out.
fn without_asides(text: &str) -> (String, bool) {
    let mut plain = String::with_capacity(text.len());
    let mut left_out = false;
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[']) {
        plain.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find([')', ']']) else {
            plain.push(' ');
            rest = after;
            continue;
        };
        let aside = after[..close].trim();
        let is_short = aside.chars().count() <= LONGEST_ASIDE && !aside.contains(['(', '[', '.', '/', '=']);
        if is_short && aside.chars().filter(|c| c.is_lowercase()).count() > 2 {
            plain.push_str(&format!(", {aside},"));
        } else {
            // What stood on both sides may not become one word or one number.
            plain.push(' ');
            left_out |= aside.chars().any(char::is_alphabetic);
        }
        rest = &after[close + 1..];
    }
    plain.push_str(rest);
    (plain.replace([')', ']'], " "), left_out)
}

fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    word.contains("://") || word.contains("http") || word.contains("www.") || word.contains('@')
}

/// A word without signs that are only seen.
fn sayable(word: &str) -> String {
    let word = word.replace("και/ή", "ή").replace("ή/και", "ή");
    let letters: Vec<char> = word.chars().collect();
    let mut said = String::with_capacity(word.len());
    for (at, c) in letters.iter().enumerate() {
        let is_letter = |place: Option<usize>| place.and_then(|p| letters.get(p)).is_some_and(|c| c.is_alphabetic());
        match c {
            '/' if is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) => said.push_str(" ή "),
            '&' => said.push_str(" και "),
            ';' | '?' | '\u{37e}' => said.push_str(", "),
            '•' | '*' | '_' | '|' | '<' | '>' | '#' | '"' | '\\' | '`' | '~' | '^' | '=' | '{' | '}' | '$' => {
                said.push(' ')
            }
            '●' | '▪' | '■' | '◦' | '○' | '→' | '➢' | '✓' | '√' => said.push(' '),
            other => said.push(*other),
        }
    }
    said
}

/// Single spaces, none before a sign, and no two signs in a row; a sign that begins a word belongs to the word before it, so
/// that «5 ,10» stays two numbers.
fn tidy(text: &str) -> String {
    let is_sign = |c: char| matches!(c, ',' | '.' | ':' | '·' | '!');
    let mut tidied = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let bare = word.trim_start_matches(is_sign);
        if let Some(sign) = word.chars().next().filter(|_| bare.len() < word.len()) {
            add_sign(&mut tidied, sign);
        }
        if bare.is_empty() {
            continue;
        }
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        let body = bare.trim_end_matches(is_sign);
        tidied.push_str(body);
        if let Some(sign) = bare[body.len()..].chars().next() {
            add_sign(&mut tidied, sign);
        }
    }
    tidied
}

/// Ends what was said with a sign; of two in a row a point stays.
fn add_sign(said: &mut String, sign: char) {
    match said.chars().next_back() {
        None => {}
        Some(',' | ':' | '·') if sign == '.' => {
            said.pop();
            said.push(sign);
        }
        Some(',' | '.' | ':' | '·' | '!') => {}
        Some(_) => said.push(sign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ear_hears_sentences() {
        for (text, heard) in [
            (
                "Παράβολο 10 ευρώ (5 ευρώ για πολύτεκνους) και ένσημο.",
                "Παράβολο 10 ευρώ, 5 ευρώ για πολύτεκνους, και ένσημο.",
            ),
            ("Δύο (2) φωτογραφίες (ν. 1599/1986, άρθρο 8).", "Δύο φωτογραφίες."),
            ("Αίτηση/δήλωση, δείτε https://www.gov.gr/x", "Αίτηση ή δήλωση, δείτε."),
            ("• Ποιος; • Εσείς και/ή ο γονέας", "Ποιος, Εσείς ή ο γονέας."),
            ("{name} <b>α</b> {{x}}", "name α x."),
            ("Χωρίς τέλος (ποτέ", "Χωρίς τέλος ποτέ."),
            ("(μόνο αυτό)", "μόνο αυτό."),
            ("", ""),
            ("…", ""),
            ("5 ,10 και 1(2)3", "5, 10 και 1 3."),
        ] {
            assert_eq!(sentence(text, 200).0, heard, "{text}");
        }
        assert_eq!(sentence("Πρώτη πρόταση. Δεύτερη πρόταση.", 20), ("Πρώτη πρόταση.".to_owned(), true));
        assert_eq!(counted(1, "βήμα", "βήματα"), "ένα βήμα");
        assert_eq!(counted_feminine(4, "προϋπόθεση", "προϋποθέσεις"), "τέσσερις προϋποθέσεις");
        assert_eq!(counted(12, "βήμα", "βήματα"), "12 βήματα");
    }
}
