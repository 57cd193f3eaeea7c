//! Greek written in Latin letters.

/// Unaccented folded Greek.
#[must_use]
pub fn to_greek(text: &str) -> String {
    text.to_owned()
}
