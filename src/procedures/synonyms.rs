//! Plain words and the official ones for them, as data: what people say, and where the registry says it differently.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::analysis::{content_terms, terms};

/// How surely a saying means the official words, where the table does not say.
const USUAL: f32 = 0.7;

/// What some words of a question may stand for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meant<'a> {
    /// The words of the question that the official words lack.
    pub replaced: Vec<&'a String>,
    /// The official words that were not said.
    pub new: Vec<&'a String>,
    /// How surely, 0 to 1.
    pub weight: f32,
}

/// A line of the table: all of `said` in a question may mean all of `official`.
struct Line {
    said: Vec<String>,
    official: Vec<String>,
    weight: f32,
}

/// The lines by the first of their words, so that few are looked at.
static LINES: LazyLock<HashMap<String, Vec<Line>>> = LazyLock::new(|| {
    let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
    for line in include_str!("data/synonyms.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(said), Some(official)) = (cells.next(), cells.next()) else { continue };
        let weight = cells.next().and_then(|weight| weight.parse().ok()).unwrap_or(USUAL);
        let (said, official) = (terms(said), content_terms(official));
        if let Some(first) = said.first() {
            lines.entry(first.clone()).or_default().push(Line { said, official, weight });
        }
    }
    lines
});

/// What the words of a question may stand for.
///
/// What is said in several words counts when all of them are there. A line whose words are among those of another that
/// counts is worth half: «κάρτα» says less when it was «κάρτα ανεργίας».
pub(super) fn meant_by(words: &[String]) -> Vec<Meant<'static>> {
    let lines = words.iter().collect::<HashSet<_>>().into_iter().filter_map(|word| LINES.get(word)).flatten();
    let found: Vec<&Line> = lines.filter(|line| line.said.iter().all(|said| words.contains(said))).collect();
    let is_part = |line: &Line| {
        found
            .iter()
            .any(|more| more.said.len() > line.said.len() && line.said.iter().all(|said| more.said.contains(said)))
    };
    found.iter().map(|line| line.meant(is_part(line))).collect()
}

impl Line {
    fn meant(&'static self, is_part: bool) -> Meant<'static> {
        let replaced: Vec<&String> = self.said.iter().filter(|said| !self.official.contains(said)).collect();
        Meant {
            replaced: if replaced.is_empty() { self.said.iter().collect() } else { replaced },
            new: self.official.iter().filter(|form| !self.said.contains(form)).collect(),
            weight: if is_part { self.weight / 2.0 } else { self.weight },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(question: &str) -> Vec<(String, String)> {
        let lines = meant_by(&terms(question));
        let pairs = lines.iter().flat_map(|line| {
            line.replaced.iter().flat_map(|word| line.new.iter().map(|form| ((*word).clone(), (*form).clone())))
        });
        pairs.collect()
    }

    #[test]
    fn a_word_stands_for_another_and_several_only_together() {
        let pair = |word: &str, form: &str| (terms(word).remove(0), terms(form).remove(0));
        assert!(said("χρωστάω στην εφορία").contains(&pair("χρωστάω", "οφειλή")));
        assert!(said("χάλασε η κάρτα ανεργίας").contains(&pair("κάρτα", "δελτίο")));
        assert!(!said("χάλασε η κάρτα του ΑΜΚΑ").contains(&pair("κάρτα", "δελτίο")));
        assert_eq!(said("κουραμπιέδες"), []);
    }

    #[test]
    fn what_says_more_weakens_what_says_less() {
        let alone = meant_by(&terms("ταυτότητα"));
        let more = meant_by(&terms("έληξε ταυτότητα"));
        let least = |lines: &[Meant<'_>]| lines.iter().map(|line| line.weight).fold(f32::MAX, f32::min);
        assert!(least(&more) < least(&alone), "{more:?}");
    }
}
