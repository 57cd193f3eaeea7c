//! What people call procedures of the registry, as data: names of everyday talk, and the troubles that lead to them. Only the search
//! knows them; they are no titles and are never shown.

use std::collections::HashMap;
use std::sync::LazyLock;

static SAYINGS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("data/sayings.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(id, said)| (id, said.split(" | ").collect())).collect()
});

/// What people say for the procedure with a registry number; nothing when nobody has written it down.
#[must_use]
pub fn of(id: &str) -> &'static [&'static str] {
    SAYINGS.get(id).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_has_a_number_and_phrases_that_say_something() {
        let mut seen = std::collections::HashSet::new();
        let lines = include_str!("data/sayings.tsv").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let (id, said) = line.split_once('\t').expect("a number and phrases");
            assert!(id.len() == 6 && id.bytes().all(|byte| byte.is_ascii_digit()) && seen.insert(id), "{id}");
            let mut phrases = std::collections::HashSet::new();
            for phrase in said.split(" | ") {
                assert!((3..=90).contains(&phrase.chars().count()) && phrases.insert(phrase), "{id}: {phrase:?}");
            }
        }
    }
}
