//! A question as the search reads it: its words, and what each of them may stand for.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::analysis::{question_terms, root, terms};
use super::synonyms::{self, Meant};
use super::vocabulary::{Vocabulary, WordId};

/// The weight of a word that was probably misspelt.
const MISSPELT: f32 = 0.8;
/// The weight of a word of the same family.
pub(super) const FAMILY: f32 = 0.4;
/// What a word that a synonym brings is worth against the word itself, when the synonym is sure.
const SYNONYM: f32 = 0.7;

/// A question in the words of the index.
pub(super) struct Question {
    pub(super) words: Vec<Asked>,
    /// How telling all its words are together.
    pub(super) weight: f32,
    /// For each word of the vocabulary its place in `answers`.
    places: Vec<u16>,
    /// The words of the question that a known word answers, by their place, and how well, 0 to 1. The first answers none.
    answers: Vec<Vec<(usize, f32)>>,
}

/// A word of the question: the forms in which it may stand in a procedure, and how telling it is.
pub(super) struct Asked {
    pub(super) forms: Vec<(String, f32)>,
    pub(super) root: Option<String>,
    pub(super) weight: f32,
}

impl Question {
    pub(super) fn read(text: &str, vocabulary: &Vocabulary) -> Self {
        let meant = synonyms::meant_by(&terms(text));
        let mut seen = HashSet::new();
        let mut said = question_terms(text, |word| vocabulary.get(word).is_some());
        said.retain(|word| seen.insert(word.clone()));
        let words: Vec<Asked> = said.into_iter().map(|word| asked(word, &meant, vocabulary)).collect();
        let mut places = vec![0_u16; vocabulary.len()];
        let mut answers = vec![Vec::new()];
        for (place, word) in words.iter().enumerate() {
            for (id, likeness) in known_forms(word, vocabulary) {
                let at = &mut places[id as usize];
                if *at == 0 {
                    // Only a text of tens of thousands of forms gets there; what is beyond answers nothing.
                    let Ok(next) = u16::try_from(answers.len()) else { continue };
                    *at = next;
                    answers.push(Vec::new());
                }
                answers[usize::from(*at)].push((place, likeness));
            }
        }
        Self { weight: words.iter().map(|word| word.weight).sum(), words, places, answers }
    }

    /// The words of the question that a known word answers, by their place, and how well.
    pub(super) fn answered_by(&self, word: WordId) -> &[(usize, f32)] {
        &self.answers[usize::from(self.places[word as usize])]
    }
}

fn asked(word: String, meant: &[Meant<'_>], vocabulary: &Vocabulary) -> Asked {
    let known = vocabulary.get(&word);
    let near = if known.is_some() { Vec::new() } else { vocabulary.meant_by(&word) };
    let first = known.or(near.first().copied());
    let root = root(first.map_or(word.as_str(), |id| vocabulary.text(id)));
    let weight = vocabulary.telling(first);
    let mut forms: BTreeMap<String, f32> = BTreeMap::new();
    for line in meant.iter().filter(|line| line.replaced.contains(&&word)) {
        for form in &line.new {
            let sure = forms.entry((*form).clone()).or_default();
            *sure = sure.max(line.weight * SYNONYM);
        }
    }
    forms.extend(near.into_iter().map(|id| (vocabulary.text(id).to_owned(), MISSPELT)));
    forms.insert(word, 1.0);
    Asked { forms: forms.into_iter().collect(), root, weight }
}

/// The known words that a word of the question may be, each once, and how surely.
fn known_forms(word: &Asked, vocabulary: &Vocabulary) -> HashMap<WordId, f32> {
    let forms = word.forms.iter().filter_map(|(form, weight)| Some((vocabulary.get(form)?, *weight)));
    let family = word.root.iter().flat_map(|root| vocabulary.family(root)).map(|id| (*id, FAMILY));
    let mut best: HashMap<WordId, f32> = HashMap::new();
    for (id, weight) in forms.chain(family) {
        let known = best.entry(id).or_default();
        *known = known.max(weight);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_answered_by_itself_by_what_was_meant_and_by_its_family() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add(&[terms("οφειλή ανεργία κλειδάριθμος χρωστάω")]);
        let question = Question::read("χρωστάω και είμαι άνεργη, κλείδα ρυθμό", &vocabulary);
        let answered = |word: &str| {
            let id = vocabulary.get(&terms(word)[0]).expect("known");
            question.answered_by(id).iter().map(|(_, likeness)| *likeness).fold(0.0, f32::max)
        };
        assert_eq!(question.words.len(), 3, "two neighbours are one known word");
        assert!((answered("χρωστάω") - 1.0).abs() < 1e-6 && (answered("κλειδάριθμος") - 1.0).abs() < 1e-6);
        assert!(answered("οφειλή") > FAMILY && answered("οφειλή") < 1.0);
        assert!(answered("ανεργία") > 0.0);
    }
}
