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
    let words: Vec<String> = full_name.split(|c: char| c.is_whitespace() || c == '-').map(fold).collect();
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
    let (words, joints) = parts_of(full_name);
    let first = words.iter().position(|word| !hint.reads(&fold(word))).unwrap_or(words.len());
    let (words, joints) = (&words[first..], &joints[first..]);
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let (found, person) = first_name(words, &folded, hint);
    let genitive_of = if found.is_none() { unknown_in_genitive(words, &folded) } else { None };
    let is_genitive = match (hint.case, found) {
        (Some(case), _) => case == Case::Genitive,
        (None, Some(at)) => known::oblique(&folded[at], person).is_some_and(|(_, case)| case == Case::Genitive),
        (None, None) => genitive_of.is_some(),
    };
    let person = if hint.gender.is_none() { genitive_of.or(person) } else { person };
    // «Γιώργος Νικολάου»: where the first name is a nominative, what follows is no first name in another case.
    let in_nominative = found.is_some_and(|at| hint.case.is_none() && known::exact(&folded[at]).is_some());
    let mut full = String::with_capacity(full_name.len() + 4);
    for (at, word) in words.iter().enumerate() {
        let is_surname = at > 0 && found.is_none() && known::is_fixed_surname(&folded[at]);
        let is_other_case = in_nominative && known::exact(&folded[at]).is_none();
        let may_be_first =
            !is_surname && !is_other_case && (found.is_none_or(|first| at <= first) || at < 2 && folded.len() > 2);
        let base = match known::nominative_of(&folded[at], person).filter(|_| may_be_first || Some(at) == found) {
            Some(name) => name.to_owned(),
            None if at == 0 && found.is_none() && words.len() > 1 => decline::unknown_first_name(word, person),
            None if is_genitive => decline::unknown_first_name(word, person),
            None => decline::surname_nominative(word, person),
        };
        if at > 0 {
            full.push(joints[at]);
        }
        full.push_str(&accent::restore_word(&base, person));
    }
    full
}

/// Whose genitive a full name begins with, where no first name in it is known: «Ίκαρου Αγγελίδη» a man's, «Αλκινόης
/// Πολέμη» a woman's, since a man's surname would end in ς.
fn unknown_in_genitive(words: &[&str], folded: &[String]) -> Option<Gender> {
    let ([first, .., last], [written, ..]) = (folded, words) else { return None };
    if first.ends_with("ου") {
        let is_mans = decline::surname_gender(first).is_none() && !decline::never_changes(written, first);
        return is_mans.then_some(Gender::Masculine);
    }
    let is_womans = ["ασ", "ησ", "ωσ"].iter().any(|end| first.ends_with(end))
        && ["α", "η", "ου"].iter().any(|end| last.ends_with(end))
        && !known::is_fixed_surname(last);
    is_womans.then_some(Gender::Feminine)
}

/// The parts of a name, those of a double name («Μαρία-Ελένη») each by itself, and what stands before each.
fn parts_of(full_name: &str) -> (Vec<&str>, Vec<char>) {
    let words = full_name.split_whitespace().map(|word| word.trim_matches([',', ';', '-'])).filter(|w| !w.is_empty());
    words
        .flat_map(|word| {
            let parts = word.split('-').filter(|part| !part.is_empty()).enumerate();
            parts.map(|(at, part)| (part, if at == 0 { ' ' } else { '-' }))
        })
        .unzip()
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
    // «Δαμιανής Δαυίδ»: what never declines may be a surname after a first name in another case.
    let begins_oblique = folded.first().is_some_and(|word| {
        known::oblique(word, None).is_some() && known::exact(word).is_none() && !known::is_fixed_surname(word)
    });
    let nominative = |at: usize, word: &str| {
        let is_surname = at > 0 && begins_oblique && !word.ends_with(['σ', 'ν', 'α', 'η', 'ω']);
        known::exact(word).filter(|_| !is_surname && !known::is_accented_as_oblique(words[at], word))
    };
    if !is_oblique
        && let Some((at, name)) = folded.iter().enumerate().find_map(|(at, word)| Some((at, nominative(at, word)?)))
        && fits(name.gender)
    {
        return (Some(at), Some(name.gender));
    }
    let certain = || words.iter().zip(folded).rev().find_map(|(word, folded)| decline::certain_gender(word, folded));
    let told = hint.gender.or_else(certain);
    // After another word, «Δημητρίου» is a surname, unless that word is one.
    let surname_first = words.first().is_some_and(|word| decline::certain_gender(word, &folded[0]).is_some());
    let may_be = |at: usize, word: &str| at == 0 || surname_first || !known::is_fixed_surname(word);
    let other_case = |gender| {
        let mut all = folded.iter().enumerate().filter(|(at, word)| may_be(*at, word));
        all.find_map(|(at, word)| Some((at, known::oblique(word, gender)?.0)))
    };
    let found = other_case(told).or_else(|| other_case(None));
    if let Some((at, name)) = found.filter(|(_, name)| fits(name.gender)) {
        return (Some(at), Some(name.gender));
    }
    (None, hint.gender.or(told).or_else(|| folded.first().and_then(|word| decline::gender_by_ending(word))))
}

fn in_case(full_name: &str, case: Case) -> String {
    let person = gender(full_name);
    let (parts, _) = parts_of(full_name);
    let count = parts.len();
    let knows_first = parts.iter().any(|part| known::exact(&fold(part)).is_some());
    let in_case = |word: &str| {
        let folded = fold(word);
        let is_known = known::exact(&folded).is_some_and(|name| person.is_none_or(|gender| name.gender == gender));
        // «Διδώ Δημητρίου»: of words that are no known names the first is the first name, unless it ends like a surname.
        let is_unknown = !knows_first && count > 1 && parts[0] == word && decline::surname_gender(&folded).is_none();
        let is_first = is_known || is_unknown && folded.ends_with(['α', 'η', 'ω']);
        let keeps = match person {
            // A woman's surname keeps its form; alone, a word is her surname if it ends like one.
            Some(Gender::Feminine) => !is_first && (count > 1 || decline::surname_gender(&folded).is_some()),
            _ => !is_first && known::is_fixed_surname(&folded),
        };
        if keeps { word.to_owned() } else { decline::word(word, person, case, is_first) }
    };
    let words = full_name.split_whitespace();
    words.map(|word| word.split('-').map(in_case).collect::<Vec<_>>().join("-")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
