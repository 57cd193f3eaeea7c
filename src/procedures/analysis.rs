//! Words as the index compares them: by their sound, without their ending.
//!
//! One form serves three needs. Greek and Greeklish meet («διαβατήριο», «diabathrio»), spelling by ear is forgiven
//! («διαβατίριο»), and cases and numbers fall together («διαβατηρίου», «διαβατήρια»), which the Snowball stemmer for Greek
//! does not manage for words in -ιο.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::greek::fold::{Token, fold, tokens};

/// The sounds of the words that say nothing about what is wanted, whole: «φόρος» is none for all that «μπορώ» is one.
static STOP_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| sounds_of(include_str!("data/stop_words.txt")));

/// The sounds of the abbreviations, which have no ending to lose: ΕΦΚΑ is not ΕΦΚ.
static ABBREVIATIONS: LazyLock<HashSet<String>> = LazyLock::new(|| sounds_of(include_str!("data/abbreviations.txt")));

/// Endings of nouns, adjectives and verbs by their sound, the longest first.
const ENDINGS: [&str; 41] = [
    "usame", "ontai", "omaste", "umai", "atos", "aton", "ata", "atu", "ato", "eos", "eon", "ume", "ame", "ate", "ete",
    "une", "ane", "omai", "ios", "ion", "ies", "ias", "iu", "ia", "io", "un", "us", "os", "as", "es", "is", "on", "an",
    "en", "in", "a", "e", "i", "o", "u", "s",
];

/// The fewest letters that a word keeps when its ending is cut.
const SHORTEST_STEM: usize = 3;
/// How many letters of a long word stand for its family: «ανεργία» and «άνεργος».
const ROOT: usize = 5;

/// A word by its whole sound, and the form in which the index has it.
struct Word {
    sound: String,
    term: String,
}

/// The words of a text in the form of the index, in order; with the stop words.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.term).collect()
}

/// The words of a text in the form of the index, without those that say nothing about what is wanted; none when all are such.
#[must_use]
pub fn telling_terms(text: &str) -> Vec<String> {
    let told = words(text).into_iter().filter(|word| !STOP_WORDS.contains(&word.sound));
    told.map(|word| word.term).collect()
}

/// The same, but a text of stop words only keeps them all: something has been asked.
#[must_use]
pub fn content_terms(text: &str) -> Vec<String> {
    let told = telling_terms(text);
    if told.is_empty() { terms(text) } else { told }
}

/// The words of a question in the form of the index, without those that say nothing about what is wanted.
///
/// Who writes down what was heard cuts words that he does not know («κλείδα ρυθμό», «εν φιά», «και π»): two neighbours that
/// are a known word together count as that one.
#[must_use]
pub fn question_terms(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let all = words(text);
    let joined = |pair: &[Word]| {
        let sound = format!("{}{}", pair[0].sound, pair[1].sound);
        let long = pair.iter().all(|word| word.sound.len() >= SHORTEST_STEM);
        let term = stem(&sound);
        (ABBREVIATIONS.contains(&sound) || long && is_known(&term)).then_some(term)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if let Some(term) = all.get(at..at + 2).and_then(joined) {
            found.push(term);
            at += 2;
        } else {
            found.extend((!STOP_WORDS.contains(&all[at].sound)).then(|| all[at].term.clone()));
            at += 1;
        }
    }
    if found.is_empty() { terms(text) } else { found }
}

fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut words = tokens(text).into_iter().peekable();
    while let Some(mut word) = words.next() {
        // «8anatos» begins with a θ, not with a number.
        let is_letter = matches!(word.text.as_str(), "8" | "3");
        let joined = |next: &Token| next.start == word.end && next.text.starts_with(|c: char| c.is_ascii_lowercase());
        if let Some(rest) = words.next_if(|next| is_letter && joined(next)) {
            word.text.push_str(&rest.text);
        }
        let sound = sound(&word.text);
        let term = stem(&sound);
        if !term.is_empty() {
            found.push(Word { sound, term });
        }
    }
    found
}

fn sounds_of(lines: &str) -> HashSet<String> {
    let lines = lines.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|word| sound(&fold(word))).collect()
}

/// The first letters of a long term, which its family shares; `None` when the term is short.
#[must_use]
pub fn root(term: &str) -> Option<String> {
    (term.chars().count() > ROOT).then(|| term.chars().take(ROOT).collect())
}

/// The letters that writers in Latin letters mistake for one another as one: b for β or μπ, x for χ or ξ, d for δ or ντ.
#[must_use]
pub fn loose(term: &str) -> String {
    term.replace('b', "v").replace("ks", "x").replace("nd", "d").replace('u', "i").replace('f', "v")
}

/// A sound without its ending.
fn stem(sound: &str) -> String {
    if sound.bytes().any(|b| b.is_ascii_digit()) || ABBREVIATIONS.contains(sound) {
        return sound.to_owned();
    }
    let cut = ENDINGS.iter().filter_map(|ending| sound.strip_suffix(ending)).find(|rest| rest.len() >= SHORTEST_STEM);
    cut.unwrap_or(sound).to_owned()
}

/// A folded word, Greek or Latin letters, by its sound: letters that sound alike are one (η ι υ ει οι; ο ω), double
/// letters are single, and αυ, ευ are written as they are said.
fn sound(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    if !chars.iter().any(|c| c.is_alphabetic()) {
        return chars.into_iter().filter(char::is_ascii_digit).collect();
    }
    // Greeklish writes θ and ξ as digits: «8eatro», «e3etash».
    let is_greeklish = chars.iter().filter(|c| c.is_ascii_alphabetic()).count() >= SHORTEST_STEM;
    let mut sound = String::with_capacity(word.len());
    let mut at = 0;
    while at < chars.len() {
        let following = |ahead: usize| chars.get(at + ahead).copied().unwrap_or(' ');
        let before = at.checked_sub(1).map_or(' ', |previous| chars[previous]);
        let two = pair(before, [chars[at], following(1)], following(2));
        let letters = two.unwrap_or_else(|| single(chars[at], is_greeklish));
        at += if two.is_some() { 2 } else { 1 };
        if letters.is_empty() && chars[at - 1].is_alphanumeric() {
            sound.push(chars[at - 1]);
        } else if !(letters.len() == 1 && sound.ends_with(letters)) {
            sound.push_str(letters);
        }
    }
    for voiceless in ["p", "t", "k", "s", "x", "q", "f"] {
        sound = sound.replace(&format!("v{voiceless}"), &format!("f{voiceless}"));
    }
    sound
}

/// The sound of two letters that are said as one, by the letters before and after them.
fn pair(before: char, [first, second]: [char; 2], after: char) -> Option<&'static str> {
    Some(match (first, second) {
        ('ο', 'υ') | ('o', 'u' | 'y') => "u",
        ('ε' | 'ο' | 'υ', 'ι') | ('e' | 'o', 'i') => "i",
        ('α', 'ι') | ('a', 'i') => "e",
        ('α', 'υ') | ('a', 'u' | 'y') => "av",
        ('ε', 'υ') | ('e', 'u' | 'y') => "ev",
        ('μ', 'π') | ('m', 'p') => "b",
        ('ν', 'τ') => "nd",
        ('n', 't') if after != 'h' => "nd",
        ('γ', 'κ' | 'γ') | ('g', 'k' | 'g') | ('n', 'g') => "g",
        // «th» is θ before a vowel («thanatos») and in «thr…», «…nthr…»; elsewhere it is τη («tautothta», «diavathrio»).
        ('t', 'h') if matches!(after, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' | 'h') => "q",
        ('t', 'h') if after == 'r' && matches!(before, ' ' | 'n') => "q",
        ('c', 'h') => "x",
        ('k', 's') | ('κ', 'σ') => "ks",
        _ => return None,
    })
}

/// The sound of one letter; empty for what is not one.
fn single(c: char, is_greeklish: bool) -> &'static str {
    match c {
        'α' | 'a' => "a",
        'β' | 'v' | 'b' => "v",
        'φ' | 'f' => "f",
        'γ' | 'g' => "g",
        'δ' | 'd' => "d",
        'ε' | 'e' => "e",
        'ζ' | 'z' => "z",
        'η' | 'ι' | 'υ' | 'i' | 'h' | 'y' | 'u' => "i",
        'θ' => "q",
        '8' if is_greeklish => "q",
        'κ' | 'k' | 'c' => "k",
        'λ' | 'l' => "l",
        'μ' | 'm' => "m",
        'ν' | 'n' => "n",
        'χ' | 'x' => "x",
        'ξ' | 'j' => "ks",
        '3' if is_greeklish => "ks",
        'ο' | 'ω' | 'o' | 'w' => "o",
        'π' | 'p' => "p",
        'ρ' | 'r' => "r",
        'σ' | 's' => "s",
        'τ' | 't' => "t",
        'ψ' => "ps",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_spellings_of_one_word_are_one_term() {
        for words in [
            "διαβατήριο διαβατήρια διαβατηρίου ΔΙΑΒΑΤΗΡΙΩΝ διαβατίριο diavathrio diabatiria",
            "έκδοση έκδοσης εκδόσεις εκδόσεων ekdosh ekdosi",
            "ταυτότητα ταυτότητας ταυτότητες ταφτότητα taftotita tautothta",
            "άδεια άδειας άδειες adeia",
            "θάνατος θανάτου θάνατο 8anatos thanatos",
            "εξέταση εξετάσεις e3etash eksetasi",
            "ΑΦΜ Α.Φ.Μ. afm",
            "παραίτηση παραίτησης paraithshs paretisi",
            "άνθρωπος ανθρώπου anthrwpos an8ropos",
            "παιδί παιδιά παιδιού",
            "δουλεύαμε δουλεύατε δούλευε",
            "εφορία εφορίας εφορίες eforia",
        ] {
            let mut found = terms(words);
            found.dedup();
            assert_eq!(found.len(), 1, "{words}: {found:?}");
        }
    }

    #[test]
    fn words_that_sound_different_stay_apart() {
        for (one, other) in [
            ("άντρας", "ADR"),
            ("φόρος", "μπορώ"),
            ("εφορία", "εμπορία"),
            ("κλήση", "κλείσω"),
            ("παιδί", "πέντε"),
            ("ΕΦΚΑ", "ΕΦΚ"),
        ] {
            assert!(terms(one) != terms(other) || STOP_WORDS.contains(&sound(&fold(other))), "{one} {other}");
        }
        for word in ["φόρος", "εγγραφή", "κλήση", "προϊόν", "λήγει", "χώρα"] {
            assert_eq!(content_terms(&format!("{word} για το")), terms(word), "a stop word");
        }
    }

    #[test]
    fn numbers_stay_what_they_are() {
        assert_eq!(terms("707544 1555 Ε9 ΚΠΑ2"), ["707544", "1555", "e9", "kpa2"]);
    }

    #[test]
    fn what_is_wanted_remains() {
        assert_eq!(content_terms("τι χαρτιά χρειάζομαι για να βγάλω διαβατήριο;"), content_terms("vgalw diavatirio"));
        assert!(!content_terms("τι χρειάζεται").is_empty());
    }
}
