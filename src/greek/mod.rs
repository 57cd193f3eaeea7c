//! The Greek language, pure: no project types, no IO, no clock.

pub mod display;
pub mod feast;
pub mod fold;
pub mod greeklish;
pub mod name;
pub mod noise;
pub mod number;
pub mod phonetic;
pub mod speak;
pub mod spell;
pub mod when;

/// The grammatical gender of a word, or of the person it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    /// Αρσενικό.
    Masculine,
    /// Θηλυκό.
    Feminine,
    /// Ουδέτερο.
    Neuter,
}

/// The rows of a tab-separated table; empty lines and lines that begin with `#` are left out.
pub(crate) fn table(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests;
