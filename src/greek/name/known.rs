//! First names and surnames that are known by heart.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{Case, decline};
use crate::greek::Gender;
use crate::greek::fold::fold;

/// A first name of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FirstName {
    /// The nominative with its accent.
    pub(super) text: &'static str,
    pub(super) gender: Gender,
}

struct Known {
    /// By folded nominative.
    exact: HashMap<String, FirstName>,
    /// By folded genitive, accusative or vocative.
    oblique: HashMap<String, Vec<(FirstName, Case)>>,
    /// Surnames with their accent, by folded form.
    surnames: HashMap<String, &'static str>,
    /// Their other cases, and the women's form, with their accent: «σαμαρα» → «Σαμαρά».
    surname_forms: HashMap<String, String>,
    fixed: HashSet<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(load);

fn load() -> Known {
    let mut known = Known {
        exact: HashMap::new(),
        oblique: HashMap::new(),
        surnames: HashMap::new(),
        surname_forms: HashMap::new(),
        fixed: HashSet::new(),
    };
    for (section, text) in sections(include_str!("../data/first_names.txt")) {
        let gender = if section == "male" { Gender::Masculine } else { Gender::Feminine };
        let name = FirstName { text, gender };
        if known.exact.insert(fold(text), name).is_some() {
            continue;
        }
        for case in [Case::Genitive, Case::Accusative, Case::Vocative] {
            let form = fold(&decline::word(text, Some(gender), case, true));
            let forms = known.oblique.entry(form).or_default();
            if !forms.iter().any(|(other, _)| *other == name) {
                forms.push((name, case));
            }
        }
    }
    for (section, text) in sections(include_str!("../data/surnames.txt")) {
        known.surnames.insert(fold(text), text);
        if section == "fixed" {
            known.fixed.insert(fold(text));
            continue;
        }
        for case in [Case::Genitive, Case::Accusative, Case::Vocative] {
            let form = decline::word(text, Some(Gender::Masculine), case, false);
            known.surname_forms.entry(fold(&form)).or_insert(form);
        }
    }
    known
}

/// The words of a list, each with the heading it stands under.
fn sections(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut section = "";
    text.lines().filter(|line| !line.starts_with('#')).flat_map(move |line| {
        if line.is_ascii() && !line.is_empty() {
            section = line;
        }
        let heading = section;
        line.split_whitespace().filter(|word| !word.is_ascii()).map(move |word| (heading, word))
    })
}

/// The gender of `word` if it is a known first name, in any case and spelling.
#[must_use]
pub fn first_name_gender(word: &str) -> Option<Gender> {
    let folded = fold(word);
    exact(&folded).or_else(|| oblique(&folded, None).map(|(name, _)| name)).map(|name| name.gender)
}

/// The first name whose nominative is `folded`.
pub(super) fn exact(folded: &str) -> Option<FirstName> {
    KNOWN.exact.get(folded).copied()
}

/// The first name of which `folded` is another case, of the given gender if one is given.
pub(super) fn oblique(folded: &str, gender: Option<Gender>) -> Option<(FirstName, Case)> {
    let forms = KNOWN.oblique.get(folded)?;
    forms.iter().find(|(name, _)| gender.is_none_or(|gender| gender == name.gender)).copied()
}

/// The nominative, accented, of a first name in any case.
pub(super) fn nominative_of(folded: &str, gender: Option<Gender>) -> Option<&'static str> {
    let fits = |name: &FirstName| gender.is_none_or(|gender| gender == name.gender);
    exact(folded).filter(fits).or_else(|| oblique(folded, gender).map(|(name, _)| name)).map(|name| name.text)
}

/// A surname with its accent.
pub(super) fn surname(folded: &str) -> Option<&'static str> {
    KNOWN.surnames.get(folded).copied()
}

/// A surname in another case than the nominative, or a woman's, with its accent.
pub(super) fn surname_form(folded: &str) -> Option<&'static str> {
    KNOWN.surname_forms.get(folded).map(String::as_str)
}

/// Whether a surname, in the nominative, is known by heart.
pub(super) fn is_listed_surname(folded: &str) -> bool {
    KNOWN.surnames.contains_key(folded)
}

/// Whether `word`, as its accent is written, is another name than the one in the nominative that it looks like without:
/// «Άρτεμης» is the genitive of «Άρτεμις», not «Αρτέμης»; «Φανής» that of «Φανή», not «Φάνης».
pub(super) fn is_accented_as_oblique(word: &str, folded: &str) -> bool {
    let accents = |text: &str| text.chars().map(super::decline::is_accented).collect::<Vec<_>>();
    if !word.chars().any(super::decline::is_accented)
        || exact(folded).is_none_or(|name| accents(name.text) == accents(word))
    {
        return false;
    }
    KNOWN.oblique.get(folded).is_some_and(|forms| {
        forms
            .iter()
            .any(|(name, case)| accents(&decline::word(name.text, Some(name.gender), *case, true)) == accents(word))
    })
}

/// A surname that is a genitive already and never changes: «Ιωάννου».
pub(super) fn is_fixed_surname(folded: &str) -> bool {
    KNOWN.fixed.contains(folded)
        || folded.ends_with("ογλου")
        // «Ελευθερίου»: a man's surname in -ιος is rare, a genitive common.
        || folded.ends_with("ιου")
        || folded
            .strip_prefix("παπα")
            .or_else(|| folded.strip_prefix("χατζη"))
            .is_some_and(|rest| KNOWN.fixed.contains(rest))
}
