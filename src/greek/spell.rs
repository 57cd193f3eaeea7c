//! What is spelled aloud: letters by name, codes, e-mail addresses.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::Token;
use super::number::{self, Parsed};

mod email;

pub use email::{email, latin};

static NAMES: LazyLock<HashMap<&'static str, char>> = LazyLock::new(|| {
    super::table(include_str!("data/letter_names.tsv"))
        .filter_map(|row| Some((row[0], row.get(1)?.chars().next()?)))
        .collect()
});

/// The letter, a capital, that a folded word names or is: «κάπα» → `Κ`, «κ» → `Κ`, «τζι» → Latin `G`.
///
/// Single letters that are whole words of talk («ο», «η», «α») are read too; the caller knows whether a code is expected.
#[must_use]
pub fn letter(word: &str) -> Option<char> {
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(c), None) if c.is_alphabetic() => c.to_uppercase().next(),
        _ => NAMES.get(word).copied(),
    }
}

/// Letters spelled one after another from token `from`: «κάπα ταυ ρο» → `ΚΤΡ`, «μι όπως Μαρία, άλφα» → `ΜΑ`.
#[must_use]
pub fn letters(tokens: &[Token], from: usize) -> Option<Parsed<String>> {
    let mut value = String::with_capacity(8);
    let mut at = from;
    while let Some((letter, count, end)) = repeated_letter(tokens, at) {
        value.extend(std::iter::repeat_n(letter, count));
        at = end;
    }
    (at > from).then_some(Parsed { value, start_token: from, end_token: at })
}

/// A code of letters and digits from token `from`, however grouped: «κάπα ταυ άλφα τέσσερα οκτώ διακόσια εβδομήντα τρία»
/// → `ΚΤΑ48273`. It has letters first and then digits; a written code is taken as it is, without its hyphen.
#[must_use]
pub fn code(tokens: &[Token], from: usize) -> Option<Parsed<String>> {
    let word = tokens.get(from)?.text.as_str();
    if word.starts_with(char::is_alphabetic) && word.ends_with(|c: char| c.is_ascii_digit()) && !word.contains('@') {
        let value = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        return Some(Parsed { value, start_token: from, end_token: from + 1 });
    }
    let (mut value, after) = match letters(tokens, from) {
        Some(spelled) => (spelled.value, spelled.end_token),
        // «ΚΤΑ 48273»: the letters in one word.
        None if (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic) => {
            (word.to_uppercase(), from + 1)
        }
        None => return None,
    };
    let joint =
        usize::from(tokens.get(after).is_some_and(|token| matches!(token.text.as_str(), "παυλα" | "-" | "και")));
    let digits = number::digits(tokens, after + joint)?;
    value.push_str(digits.value.trim_start_matches('+'));
    Some(Parsed { value, start_token: from, end_token: digits.end_token })
}

/// A letter at `at`, how often, and where it ends: «διπλό λάμδα», «δύο νι» twice.
fn repeated_letter(tokens: &[Token], at: usize) -> Option<(char, usize, usize)> {
    let word = tokens.get(at)?.text.as_str();
    let named = |at: usize| tokens.get(at).is_some_and(|token| NAMES.contains_key(token.text.as_str()));
    let count = match word {
        "διπλο" => 2,
        "τριπλο" => 3,
        "δυο" if named(at + 1) => 2,
        _ => return one_letter(tokens, at).map(|(letter, end)| (letter, 1, end)),
    };
    one_letter(tokens, at + 1).map(|(letter, end)| (letter, count, end))
}

/// One letter at `at`, with «όπως Μαρία», «σαν Μαρία», «της Μαρίας» after it.
fn one_letter(tokens: &[Token], at: usize) -> Option<(char, usize)> {
    let letter = letter(&tokens.get(at)?.text)?;
    let explains = tokens
        .get(at + 1)
        .is_some_and(|token| matches!(token.text.as_str(), "οπωσ" | "απο" | "σαν" | "για" | "του" | "τησ"));
    let fits = explains && tokens.get(at + 2).is_some_and(|token| token.text.to_uppercase().starts_with(letter));
    Some((letter, if fits { at + 3 } else { at + 1 }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::greek::fold;

    #[test]
    fn spelling_follows_the_table() {
        let wrong: Vec<String> = crate::greek::table(include_str!("data/spell_cases.tsv"))
            .filter_map(|row| {
                let tokens = fold::tokens(row[1]);
                let read = match row[0] {
                    "letters" => letters(&tokens, 0),
                    "code" => code(&tokens, 0),
                    "email" => email(&tokens),
                    "latin" => Some(Parsed { value: latin(row[1]), start_token: 0, end_token: 0 }),
                    other => panic!("unknown kind {other}"),
                };
                let read = read.map_or_else(|| "-".to_owned(), |parsed| parsed.value);
                (read != row[2]).then(|| format!("{row:?}: {read}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest! {
        #[test]
        fn a_code_said_is_read_back(plain in "[ABEKMPTX]{3}-[0-9]{5}") {
            let tokens = fold::tokens(&crate::greek::speak::code(&plain));
            let read = code(&tokens, 0).expect("a code");
            let greek: String = plain.chars().filter(|c| *c != '-').map(|c| match c {
                'A' => 'Α', 'B' => 'Β', 'E' => 'Ε', 'K' => 'Κ', 'M' => 'Μ', 'P' => 'Ρ', 'T' => 'Τ', 'X' => 'Χ', c => c,
            }).collect();
            prop_assert_eq!(read.value, greek);
        }

        #[test]
        fn nothing_panics(text in "((παπάκι|at|τελεία|κάτω|παύλα|gmail|κομ|μαρία|δύο|άλφα|όπως|a@b.gr|@) ?){0,12}|\\PC{0,40}") {
            let tokens = fold::tokens(&text);
            for from in 0..=tokens.len() {
                for parsed in [letters(&tokens, from), code(&tokens, from)].into_iter().flatten() {
                    prop_assert!(parsed.end_token > from && parsed.end_token <= tokens.len());
                }
            }
            if let Some(parsed) = email(&tokens) {
                prop_assert!(parsed.start_token < parsed.end_token && parsed.end_token <= tokens.len());
                prop_assert!(parsed.value.contains('@'));
            }
        }
    }
}
