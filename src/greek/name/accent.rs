//! Capitals and accents of names that were typed without them.

use super::decline::{accented, is_accented};
use super::known;
use crate::greek::Gender;
use crate::greek::fold::fold;

/// Folded endings of surnames and how they are accented; the longest that fits is taken.
const ENDINGS: [(&str, &str); 76] = [
    ("οπουλοσ", "όπουλος"),
    ("οπουλου", "οπούλου"),
    ("οπουλο", "όπουλο"),
    ("οπουλε", "όπουλε"),
    ("ογλου", "όγλου"),
    ("αιδησ", "αΐδης"),
    ("αιδη", "αΐδη"),
    ("αιδου", "αΐδου"),
    ("ιδησ", "ίδης"),
    ("ιδη", "ίδη"),
    ("ιδου", "ίδου"),
    ("αδησ", "άδης"),
    ("αδη", "άδη"),
    ("αδου", "άδου"),
    ("ακησ", "άκης"),
    ("ακη", "άκη"),
    ("ακοσ", "άκος"),
    ("ακου", "άκου"),
    ("ακασ", "άκας"),
    ("ουδησ", "ούδης"),
    ("ουδη", "ούδη"),
    ("ουλησ", "ούλης"),
    ("ουλη", "ούλη"),
    ("ελησ", "έλης"),
    ("ελη", "έλη"),
    ("ελλησ", "έλλης"),
    ("ελλη", "έλλη"),
    ("ιωτησ", "ιώτης"),
    ("ιωτη", "ιώτη"),
    ("ιτησ", "ίτης"),
    ("ιτη", "ίτη"),
    ("ατοσ", "άτος"),
    ("ατου", "άτου"),
    ("ιανοσ", "ιανός"),
    ("ιανου", "ιανού"),
    ("ινοσ", "ινός"),
    ("ινου", "ινού"),
    ("αιοσ", "αίος"),
    ("αιου", "αίου"),
    ("εασ", "έας"),
    ("εα", "έα"),
    ("ιδασ", "ίδας"),
    ("ωτησ", "ώτης"),
    ("ωτη", "ώτη"),
    ("ανησ", "άνης"),
    ("ανη", "άνη"),
    ("αρησ", "άρης"),
    ("αρη", "άρη"),
    ("ιρησ", "ίρης"),
    ("ινησ", "ίνης"),
    ("ινη", "ίνη"),
    ("ονησ", "όνης"),
    ("ουνησ", "ούνης"),
    ("αλησ", "άλης"),
    ("αλη", "άλη"),
    ("αμπασ", "άμπας"),
    ("ουρασ", "ούρας"),
    ("ουκασ", "ούκας"),
    ("ουρησ", "ούρης"),
    ("ιασ", "ιάς"),
    ("ιαν", "ιάν"),
    ("αιτησ", "αΐτης"),
    ("αιτη", "αΐτη"),
    ("οιδησ", "οΐδης"),
    ("οιδη", "οΐδη"),
    ("κλησ", "κλής"),
    ("κλη", "κλή"),
    ("ω", "ώ"),
    ("ικοσ", "ικός"),
    ("ικου", "ικού"),
    ("ιου", "ίου"),
    ("αου", "άου"),
    ("τζησ", "τζής"),
    ("τζη", "τζή"),
    ("γιαννησ", "γιάννης"),
    ("γιαννη", "γιάννη"),
];

/// Folded endings of names stressed on the third syllable from the end: Βελισσάριος, Λύσανδρος, Ηράκλεια.
const STRESSED_EARLY: [&str; 14] = [
    "ιοσ",
    "ανδροσ",
    "κριτοσ",
    "δωροσ",
    "πατροσ",
    "βουλοσ",
    "δοτοσ",
    "πιστοσ",
    "στομοσ",
    "μαχοσ",
    "λαοσ",
    "αρχοσ",
    "τιμοσ",
    "κλεια",
];

/// A full name with capitals and accents, in the case it is in: «μαρια παπαδοπουλου» → «Μαρία Παπαδοπούλου». Accents that
/// are written are kept.
#[must_use]
pub fn restore(full_name: &str) -> String {
    let person = super::gender(full_name);
    let words: Vec<String> = full_name
        .split_whitespace()
        .map(|word| word.split('-').map(|part| restore_word(part, person)).collect::<Vec<_>>().join("-"))
        .collect();
    words.join(" ")
}

/// One word of a name with capital and accent.
pub(super) fn restore_word(word: &str, person: Option<Gender>) -> String {
    if word.chars().any(is_accented) {
        return title(word);
    }
    let folded = fold(word);
    if let Some(name) = known::exact(&folded) {
        return name.text.to_owned();
    }
    if let Some(surname) = known::surname(&folded) {
        return surname.to_owned();
    }
    // «Ελευθερίου» is a surname before it is a genitive.
    let is_surname = folded.ends_with("ιου") && known::is_fixed_surname(&folded);
    if let Some((name, case)) = known::oblique(&folded, person).filter(|_| !is_surname) {
        return super::decline::word(name.text, Some(name.gender), case, true);
    }
    if let Some(surname) = known::surname_form(&folded) {
        return surname.to_owned();
    }
    if let Some(surname) = with_known_tail(&folded, person) {
        return title(&surname);
    }
    if !folded.ends_with("αιοσ") && STRESSED_EARLY.iter().any(|end| folded.ends_with(end)) {
        return title(&stressed(&folded, 3));
    }
    let longest = ENDINGS
        .iter()
        .filter(|(end, _)| folded.ends_with(end) && folded.len() > end.len())
        .max_by_key(|(end, _)| end.len());
    match longest {
        Some((end, accented_end)) => {
            let accented_end = match (*end, person) {
                ("οπουλου", Some(Gender::Masculine)) => "όπουλου",
                _ => accented_end,
            };
            title(&format!("{}{accented_end}", &folded[..folded.len() - end.len()]))
        }
        None => title(&stressed(&folded, 2)),
    }
}

/// «παπαδημητριου», «καραγιαννησ»: a prefix before a name that is known.
fn with_known_tail(folded: &str, person: Option<Gender>) -> Option<String> {
    let rest = ["παπα", "χατζη", "καρα", "κωστο", "γερο", "μαστρο"].iter().find_map(|prefix| {
        folded.strip_prefix(prefix).filter(|rest| rest.chars().count() > 3).map(|rest| (*prefix, rest))
    });
    let (prefix, rest) = rest?;
    if rest.ends_with("ιου") {
        return None;
    }
    let tail = known::surname(rest)
        .map(str::to_owned)
        .or_else(|| known::exact(rest).map(|name| name.text.to_owned()))
        .or_else(|| {
            let (name, case) = known::oblique(rest, person).or_else(|| known::oblique(rest, None))?;
            Some(super::decline::word(name.text, Some(name.gender), case, true))
        })?;
    Some(format!("{prefix}{}", tail.to_lowercase()))
}

/// The syllable so many from the end accented, or the first one; words of one syllable take no accent. Most names that no
/// rule knows are stressed on the last but one.
fn stressed(folded: &str, from_end: usize) -> String {
    let mut letters: Vec<char> = folded.chars().collect();
    let mut syllables = Vec::with_capacity(6);
    let mut at = 0;
    while at < letters.len() {
        if accented(letters[at]).is_some() {
            let next = letters.get(at + 1).copied().unwrap_or(' ');
            // The accent of two letters of one vowel stands on the second.
            at += usize::from(matches!((letters[at], next), ('α' | 'ε' | 'ο' | 'υ', 'ι') | ('α' | 'ε' | 'ο', 'υ')));
            syllables.push(at);
        }
        at += 1;
    }
    let place = syllables.len().saturating_sub(from_end);
    if let Some(at) = syllables.get(place).copied().filter(|_| syllables.len() > 1)
        && let Some(vowel) = accented(letters[at])
    {
        letters[at] = vowel;
    }
    letters.into_iter().collect()
}

/// A capital and small letters after it, ς at the end.
fn title(word: &str) -> String {
    let mut titled = String::with_capacity(word.len());
    for (at, c) in word.chars().enumerate() {
        if at == 0 {
            titled.extend(c.to_uppercase());
        } else {
            titled.extend(c.to_lowercase());
        }
    }
    if titled.ends_with('σ') && titled.chars().count() > 1 {
        titled.pop();
        titled.push('ς');
    }
    titled
}
