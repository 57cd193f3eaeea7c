//! Names of people: cases, genders, capitals and accents.
//!
//! A full name is any number of first names and surnames in either order. A woman's surname has one form in all cases; a
//! man's declines, unless it is an old genitive («Ιωάννου»).

use super::Gender;
use super::fold::fold;

mod accent;
mod decline;
mod known;

pub use accent::restore;
pub use known::first_name_gender;

/// The cases of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Ονομαστική.
    Nominative,
    /// Γενική.
    Genitive,
    /// Αιτιατική.
    Accusative,
    /// Κλητική.
    Vocative,
}

/// «Μαρία Παπαδοπούλου» → «Μαρίας Παπαδοπούλου», from the nominative.
#[must_use]
pub fn genitive(full_name: &str) -> String {
    in_case(full_name, Case::Genitive)
}

/// «Γιώργος Παπαδόπουλος» → «Γιώργο Παπαδόπουλο», from the nominative.
#[must_use]
pub fn accusative(full_name: &str) -> String {
    in_case(full_name, Case::Accusative)
}

/// «Γιώργος Παπαδόπουλος» → «Γιώργο Παπαδόπουλε», from the nominative.
#[must_use]
pub fn vocative(full_name: &str) -> String {
    in_case(full_name, Case::Vocative)
}

/// Whether a name is a man's or a woman's, as far as its words tell.
#[must_use]
pub fn gender(full_name: &str) -> Option<Gender> {
    let words: Vec<String> = full_name.split_whitespace().map(fold).collect();
    words
        .iter()
        .find_map(|word| known::exact(word).map(|name| name.gender))
        .or_else(|| words.iter().find_map(|word| known::oblique(word, None).map(|(name, _)| name.gender)))
        .or_else(|| words.iter().rev().find_map(|word| decline::gender_by_ending(word)))
}

/// A name as it stands in an identity card: nominative, with capitals and accents, from any case and spelling.
///
/// Articles and titles before it are dropped and tell its case: «τον Νίκο Ιωάννου» → «Νίκος Ιωάννου», «της μαριας
/// παπαδοπουλου» → «Μαρία Παπαδοπούλου», «Γιώργο Παπαδόπουλε» → «Γιώργος Παπαδόπουλος».
#[must_use]
pub fn nominative(full_name: &str) -> String {
    let mut hint = Hint::default();
    let words: Vec<&str> = full_name
        .split_whitespace()
        .map(|word| word.trim_matches([',', ';']))
        .filter(|word| !word.is_empty())
        .collect();
    let first = words.iter().position(|word| !hint.reads(&fold(word))).unwrap_or(words.len());
    let words = &words[first..];
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let (found, person) = first_name(words, &folded, hint);
    let is_genitive = match (hint.case, found) {
        (Some(case), _) => case == Case::Genitive,
        (None, Some(at)) => known::oblique(&folded[at], person).is_some_and(|(_, case)| case == Case::Genitive),
        (None, None) => false,
    };
    let mut parts = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let is_surname = at > 0 && found.is_none() && known::is_fixed_surname(&folded[at]);
        let may_be_first = !is_surname && (found.is_none_or(|first| at <= first) || at < 2 && folded.len() > 2);
        let base = match known::nominative_of(&folded[at], person).filter(|_| may_be_first || Some(at) == found) {
            Some(name) => name.to_owned(),
            None if at == 0 && found.is_none() && words.len() > 1 => decline::unknown_first_name(word, person),
            None if is_genitive => decline::unknown_first_name(word, person),
            None => decline::surname_nominative(word, person),
        };
        parts.push(restore_in(&base, person));
    }
    parts.join(" ")
}

/// What the words before a name tell of it.
#[derive(Debug, Default, Clone, Copy)]
struct Hint {
    gender: Option<Gender>,
    case: Option<Case>,
}

impl Hint {
    /// Whether `word`, folded, is an article or a title; takes from it what it tells.
    fn reads(&mut self, word: &str) -> bool {
        let (gender, case) = match word.trim_end_matches('.') {
            "ο" => (Gender::Masculine, Case::Nominative),
            "η" => (Gender::Feminine, Case::Nominative),
            "του" => (Gender::Masculine, Case::Genitive),
            "τησ" | "κυριασ" | "κασ" => (Gender::Feminine, Case::Genitive),
            "τον" | "στον" | "κυριο" => (Gender::Masculine, Case::Accusative),
            "την" | "τη" | "στην" | "στη" => (Gender::Feminine, Case::Accusative),
            "κυριοσ" | "κοσ" => (Gender::Masculine, Case::Nominative),
            "κυριε" => (Gender::Masculine, Case::Vocative),
            "κυριου" => (Gender::Masculine, Case::Genitive),
            "κυρια" | "κα" => (Gender::Feminine, self.case.unwrap_or(Case::Nominative)),
            "κ" => return true,
            _ => return false,
        };
        // «τον» comes before «κύριο»: the first to tell is right.
        self.gender = self.gender.or(Some(gender));
        self.case = self.case.or(Some(case));
        true
    }
}

/// The word that is a first name, and the gender of the person.
fn first_name(words: &[&str], folded: &[String], hint: Hint) -> (Option<usize>, Option<Gender>) {
    let fits = |gender: Gender| hint.gender.is_none_or(|told| told == gender);
    let is_oblique = hint.case.is_some_and(|case| case != Case::Nominative);
    if !is_oblique
        && let Some((at, name)) = folded.iter().enumerate().find_map(|(at, word)| Some((at, known::exact(word)?)))
        && fits(name.gender)
    {
        return (Some(at), Some(name.gender));
    }
    let certain = || words.iter().zip(folded).rev().find_map(|(word, folded)| decline::certain_gender(word, folded));
    let told = hint.gender.or_else(certain);
    let other_case =
        |gender| folded.iter().enumerate().find_map(|(at, word)| Some((at, known::oblique(word, gender)?.0)));
    let found = other_case(told).or_else(|| other_case(None));
    if let Some((at, name)) = found.filter(|(_, name)| fits(name.gender)) {
        return (Some(at), Some(name.gender));
    }
    (None, hint.gender.or(told).or_else(|| folded.first().and_then(|word| decline::gender_by_ending(word))))
}

/// Restores the parts of a double name each by itself.
fn restore_in(word: &str, person: Option<Gender>) -> String {
    word.split('-').map(|part| accent::restore_word(part, person)).collect::<Vec<_>>().join("-")
}

fn in_case(full_name: &str, case: Case) -> String {
    let person = gender(full_name);
    let count = full_name.split_whitespace().count();
    full_name
        .split_whitespace()
        .map(|word| {
            let folded = fold(word);
            let is_first = known::exact(&folded).is_some_and(|name| person.is_none_or(|gender| name.gender == gender));
            let keeps = match person {
                // A woman's surname keeps its form; alone, a word is her surname if it ends like one.
                Some(Gender::Feminine) => !is_first && (count > 1 || decline::surname_gender(&folded).is_some()),
                _ => !is_first && known::is_fixed_surname(&folded),
            };
            if keeps { word.to_owned() } else { decline::word(word, person, case, is_first) }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
