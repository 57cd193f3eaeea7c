//! The Greek language, pure: no project types, no IO, no clock.

pub mod feast;
pub mod fold;
pub mod number;
pub mod when;

/// The rows of a tab-separated table; empty lines and lines that begin with `#` are left out.
pub(crate) fn table(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect())
}
