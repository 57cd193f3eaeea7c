//! How a word sounds: words that sound alike have the same key.

/// The key of `text`: spellings of one sound fall together (η ι υ ει οι υι; ο ω; ε αι; ευ εφ/εβ), double letters are
/// single, case and accents are gone. Spaces, digits and Latin letters stay; all other characters are dropped.
///
/// Keys are for comparing with each other, not for reading.
#[must_use]
pub fn key(text: &str) -> String {
    let has_dialytika = text.contains(['ϊ', 'ΐ', 'ϋ', 'ΰ', 'Ϊ', 'Ϋ']);
    let folded: Vec<char> =
        super::fold::fold(&if has_dialytika { parted(text) } else { text.to_owned() }).chars().collect();
    let mut key = String::with_capacity(text.len());
    let mut at = 0;
    let mut last = None;
    while at < folded.len() {
        let (sound, length) = sound(&folded[at..]);
        for c in sound.chars() {
            // One sound that follows itself is one: «Άννα», «Σάββατο», «ποιοι».
            if last != Some(c) || !c.is_alphabetic() {
                key.push(c);
            }
            last = Some(c);
        }
        at += length;
    }
    key
}

/// ϊ and ϋ never join the vowel before them: written as η, which makes no digraph.
fn parted(text: &str) -> String {
    text.chars().map(|c| if matches!(c, 'ϊ' | 'ΐ' | 'ϋ' | 'ΰ' | 'Ϊ' | 'Ϋ') { 'η' } else { c }).collect()
}

/// The sound that `rest` begins with, and how many letters it takes.
fn sound(rest: &[char]) -> (&'static str, usize) {
    let next = rest.get(1).copied().unwrap_or(' ');
    let after = rest.get(2).copied().unwrap_or(' ');
    match (rest[0], next) {
        ('α', 'ι') => ("ε", 2),
        ('ε' | 'ο', 'ι') | ('υ', 'ι') => ("ι", 2),
        ('ο', 'υ') => ("ου", 2),
        ('α', 'υ') => (if is_voiceless(after) { "αφ" } else { "αβ" }, 2),
        ('ε', 'υ') => (if is_voiceless(after) { "εφ" } else { "εβ" }, 2),
        ('γ', 'γ' | 'κ') => ("γκ", 2),
        ('γ', 'χ') => ("νχ", 2),
        ('γ', 'ξ') => ("νξ", 2),
        ('σ', 'β') => ("ζβ", 2),
        ('σ', 'μ') => ("ζμ", 2),
        ('κ', 'σ') => ("ξ", 2),
        ('π', 'σ') => ("ψ", 2),
        ('ν', 'τ') => ("ντ", 2),
        ('μ', 'π') => ("μπ", 2),
        (c, _) => (single(c), 1),
    }
}

/// αυ and ευ end in φ before these and at the end of a word.
fn is_voiceless(c: char) -> bool {
    matches!(c, 'θ' | 'κ' | 'ξ' | 'π' | 'σ' | 'τ' | 'φ' | 'χ' | 'ψ') || !c.is_alphabetic()
}

fn single(c: char) -> &'static str {
    match c {
        'α' => "α",
        'β' => "β",
        'γ' => "γ",
        'δ' => "δ",
        'ε' => "ε",
        'ζ' => "ζ",
        'η' | 'ι' | 'υ' => "ι",
        'θ' => "θ",
        'κ' => "κ",
        'λ' => "λ",
        'μ' => "μ",
        'ν' => "ν",
        'ξ' => "ξ",
        'ο' | 'ω' => "ο",
        'π' => "π",
        'ρ' => "ρ",
        'σ' => "σ",
        'τ' => "τ",
        'φ' => "φ",
        'χ' => "χ",
        'ψ' => "ψ",
        ' ' | '\t' | '\n' => " ",
        '0'..='9' => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][(c as usize - '0' as usize) % 10],
        'a'..='z' => LATIN[(c as usize - 'a' as usize) % 26],
        _ => "",
    }
}

/// Latin letters stay themselves.
const LATIN: [&str; 26] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w",
    "x", "y", "z",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_that_sound_alike_have_one_key() {
        let wrong: Vec<String> = crate::greek::table(include_str!("data/phonetic_cases.tsv"))
            .filter(|row| (key(row[1]) == key(row[2])) != (row[0] == "same"))
            .map(|row| format!("{row:?}: {} {}", key(row[1]), key(row[2])))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest! {
        #[test]
        fn a_key_never_panics_and_ignores_case(text in "[α-ωά-ώϊΐϋΰ ]{0,20}|\\PC{0,30}") {
            let folded = crate::greek::fold::fold(&text);
            if !text.contains(['ϊ', 'ΐ', 'ϋ', 'ΰ', 'Ϊ', 'Ϋ']) {
                prop_assert_eq!(key(&text), key(&folded));
            }
        }
    }
}
