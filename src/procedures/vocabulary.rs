//! The words of all names: how telling each is, which were probably meant by a word that is none of them.

use std::collections::{HashMap, HashSet};

use super::analysis::{loose, root};

/// The place of a word in the vocabulary.
pub(super) type WordId = u32;

/// How telling a word is that is in no name.
const UNKNOWN: f32 = 4.0;
/// Brings the rarest words nearer to the others.
const CALM: f32 = 0.7;

/// The words of the names of procedures.
#[derive(Default)]
pub(super) struct Vocabulary {
    ids: HashMap<String, WordId>,
    words: Vec<Known>,
    /// The words that begin, and those that end, with two letters: only they are compared with a misspelt one.
    by_edge: HashMap<(Edge, [u8; 2]), Vec<WordId>>,
    by_root: HashMap<String, Vec<WordId>>,
    /// By the spelling that forgives what Latin letters leave open.
    by_loose: HashMap<String, Vec<WordId>>,
    procedures: f32,
}

struct Known {
    text: String,
    /// How many procedures have it in a name.
    procedures: u32,
}

#[derive(PartialEq, Eq, Hash)]
enum Edge {
    First,
    Last,
}

impl Vocabulary {
    /// Takes in the names of one more procedure.
    pub(super) fn add(&mut self, names: &[Vec<String>]) -> Vec<Vec<WordId>> {
        self.procedures += 1.0;
        let ids: Vec<Vec<WordId>> = names.iter().map(|name| name.iter().map(|word| self.id(word)).collect()).collect();
        for id in ids.iter().flatten().collect::<HashSet<_>>() {
            self.words[*id as usize].procedures += 1;
        }
        ids
    }

    fn id(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = WordId::try_from(self.words.len()).expect("fewer words than numbers");
        self.ids.insert(word.to_owned(), id);
        self.words.push(Known { text: word.to_owned(), procedures: 0 });
        for edge in edges(word) {
            self.by_edge.entry(edge).or_default().push(id);
        }
        if let Some(root) = root(word) {
            self.by_root.entry(root).or_default().push(id);
        }
        self.by_loose.entry(loose(word)).or_default().push(id);
        id
    }

    pub(super) fn get(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    pub(super) fn text(&self, id: WordId) -> &str {
        &self.words[id as usize].text
    }

    /// The words that share a root.
    pub(super) fn family(&self, root: &str) -> &[WordId] {
        self.by_root.get(root).map_or(&[], Vec::as_slice)
    }

    /// How telling a word is: the rarer in names, the more. One that is in none says little.
    pub(super) fn telling(&self, id: Option<WordId>) -> f32 {
        let Some(id) = id else { return UNKNOWN };
        let having = self.words[id as usize].procedures as f32;
        (1.0 + self.procedures / (having + 1.0)).ln().powf(CALM)
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The known words that were probably meant by one that is not known: those that Latin letters cannot tell from it, else
    /// the nearest, one slip away in a word of four or more letters, two in one of eight or more.
    pub(super) fn meant_by(&self, word: &str) -> Vec<WordId> {
        if let Some(same) = self.by_loose.get(&loose(word)) {
            return same.clone();
        }
        let slips = match word.len() {
            0..4 => return Vec::new(),
            4..8 => 1,
            _ => 2,
        };
        let compared: HashSet<WordId> =
            edges(word).filter_map(|edge| self.by_edge.get(&edge)).flatten().copied().collect();
        let known = compared.into_iter().map(|id| (id, &self.words[id as usize]));
        known
            .filter(|(_, known)| known.text.len() >= 4 && known.text.len().abs_diff(word.len()) <= slips)
            .map(|(id, known)| (strsim::osa_distance(&known.text, word), std::cmp::Reverse(known.procedures), id))
            .filter(|(distance, ..)| *distance <= slips)
            .min()
            .map(|(.., id)| id)
            .into_iter()
            .collect()
    }
}

fn edges(word: &str) -> impl Iterator<Item = (Edge, [u8; 2])> {
    let pair = |bytes: Option<&[u8]>| bytes.and_then(|bytes| <[u8; 2]>::try_from(bytes).ok());
    let bytes = word.as_bytes();
    let first = pair(bytes.get(..2)).map(|pair| (Edge::First, pair));
    let last = pair(bytes.len().checked_sub(2).and_then(|from| bytes.get(from..))).map(|pair| (Edge::Last, pair));
    first.into_iter().chain(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedures::analysis::terms;

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for name in ["μπλοκ τιμολογίων", "συνταξιοδότηση", "άδεια ταξί", "άδεια κυνηγιού"]
        {
            vocabulary.add(&[terms(name)]);
        }
        vocabulary
    }

    fn meant(word: &str) -> Vec<String> {
        let vocabulary = vocabulary();
        vocabulary.meant_by(&terms(word)[0]).into_iter().map(|id| vocabulary.text(id).to_owned()).collect()
    }

    #[test]
    fn a_word_that_is_not_known_is_the_nearest_known_one() {
        assert_eq!(meant("blok"), terms("μπλοκ"));
        assert_eq!(meant("taxi"), terms("ταξί"));
        assert_eq!(meant("συνταξοδότηση"), terms("συνταξιοδότηση"));
        assert_eq!(meant("συνταγογράφηση"), [""; 0]);
        assert_eq!(meant("τα"), [""; 0]);
    }

    #[test]
    fn what_many_names_have_tells_less() {
        let vocabulary = vocabulary();
        let telling = |word: &str| vocabulary.telling(vocabulary.get(&terms(word)[0]));
        assert!(telling("κυνηγιού") > telling("άδεια"));
    }
}
