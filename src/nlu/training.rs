//! Training of the classifier: deterministic, in seconds.
//!
//! Every example is learned as it is written and in the noisy copies of `super::augment`; rare features count for more
//! (`table::rarity_byte`); `super::learner` finds the weights; the temperature comes from predictions of examples that
//! the model had not seen.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::augment;
use super::classifier::{Classifier, IntentClassifier, Language, softmax};
use super::examples::Example;
use super::features::{self, Feature};
use super::learner::{self, Row, Weights};
use super::speller::Speller;
use super::table::{self, Table};
use super::utterance::Utterance;
use crate::greek::fold;
use crate::greek::greeklish;

/// Parts of the examples; each is predicted by what was learned from the others.
pub const FOLDS: usize = 5;
/// How far an example may push a weight, and a noisy copy of it.
const COST: f32 = 3.0;
const COST_OF_COPY: f32 = 0.4;
/// With at least this many examples a feature or a word that only one of them has is left out: it is mostly a misspelling.
const MANY: usize = 2_000;

/// Identifies what a model was trained from: the labels and all that the classifier sees of the examples, so that a
/// change of the examples *or* of the features shows.
#[must_use]
pub fn fingerprint(examples: &[Example]) -> [u8; 32] {
    let language = language(examples);
    let mut digest = Sha256::new();
    for example in examples {
        digest.update(example.label.as_bytes());
        for (hash, weight) in features::of(&language.read(&example.text), &Speller::default()) {
            digest.update(hash.to_le_bytes());
            digest.update(weight.to_bits().to_le_bytes());
        }
    }
    digest.finalize().into()
}

/// Trains a classifier, calibrated on predictions of examples it had not seen. `progress` is told how many of how many
/// rounds are done.
#[must_use]
pub fn train(examples: &[Example], progress: &mut dyn FnMut(usize, usize)) -> Classifier {
    progress(0, 3);
    let written = written(examples);
    let corpus = Corpus::new(examples, &written);
    let unseen = |at: usize| at.is_multiple_of(FOLDS) && examples.len() >= FOLDS;
    progress(1, 3);
    let calibrating = corpus.fit(|at| !unseen(at));
    let held_out = corpus.texts.iter().enumerate().filter(|(at, _)| unseen(*at));
    let scored: Vec<_> = held_out.map(|(_, text)| (calibrating.scores(&text.clean), text.label)).collect();
    progress(2, 3);
    let mut classifier = corpus.fit(|_| true);
    classifier.temperature = temperature(&scored);
    classifier.fingerprint = fingerprint(examples);
    classifier.vocabulary = vocabulary(&corpus);
    progress(3, 3);
    classifier
}

/// Gives every example to `judge`, with a model that was trained from the other folds: the place of the example, the model.
pub fn cross_validate(
    examples: &[Example],
    progress: &mut dyn FnMut(usize, usize),
    judge: &mut dyn FnMut(usize, &Classifier),
) {
    let written = written(examples);
    let corpus = Corpus::new(examples, &written);
    for fold in 0..FOLDS {
        progress(fold, FOLDS);
        // Neighbours in a file are alike: they go to different folds, which makes the figure kinder than a true
        // stranger's.
        let classifier = corpus.fit(|at| at % FOLDS != fold);
        (fold..examples.len()).step_by(FOLDS).for_each(|at| judge(at, &classifier));
    }
    progress(FOLDS, FOLDS);
}

/// Greek, unless most of the texts are neither in Greek letters nor Greek in Latin ones.
pub(super) fn language(examples: &[Example]) -> Language {
    let is_greek = |text: &str| text.chars().any(fold::is_greek_letter) || greeklish::is_greeklish(text);
    let greek = examples.iter().filter(|example| is_greek(&example.text)).count();
    if greek * 2 >= examples.len() { Language::Greek } else { Language::Other }
}

/// An example as it is written, and its noisy copies.
struct Written<'a> {
    text: &'a str,
    copies: Vec<String>,
}

fn written(examples: &[Example]) -> Vec<Written<'_>> {
    let written = |(at, example)| {
        let Example { text, .. }: &Example = example;
        Written { text, copies: augment::copies(text, at) }
    };
    examples.iter().enumerate().map(written).collect()
}

/// The examples cut into words.
struct Corpus<'a> {
    language: Language,
    labels: Vec<String>,
    texts: Vec<Text<'a>>,
}

/// One example.
struct Text<'a> {
    label: usize,
    clean: Utterance<'a>,
    copies: Vec<Utterance<'a>>,
}

impl<'a> Corpus<'a> {
    fn new(examples: &[Example], written: &'a [Written<'a>]) -> Self {
        let language = language(examples);
        let labels: Vec<String> =
            examples.iter().map(|example| example.label.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let place: HashMap<&str, usize> = labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
        let text = |(example, written): (&Example, &'a Written<'a>)| Text {
            label: place[example.label.as_str()],
            clean: language.read(written.text),
            copies: written.copies.iter().map(|copy| language.read(copy)).collect(),
        };
        let texts = examples.iter().zip(written).map(text).collect();
        Self { language, labels, texts }
    }

    /// Learns from the texts at the places that take part. The model is not calibrated yet.
    fn fit(&self, takes_part: impl Fn(usize) -> bool) -> Classifier {
        let texts: Vec<&Text<'_>> =
            self.texts.iter().enumerate().filter(|(at, _)| takes_part(*at)).map(|(_, text)| text).collect();
        let least = if texts.len() < MANY { 1 } else { 2 };
        let speller = Speller::new(frequent_words(&texts, least));
        let numbered = Numbered::new(&texts, &speller, least);
        let learned = learner::learn(&numbered.rows, numbered.known.len(), self.labels.len());
        let (table, steps) = quantised(&learned, &numbered.known);
        Classifier {
            fingerprint: [0; 32],
            labels: self.labels.clone(),
            temperature: 1.0,
            language: self.language,
            vocabulary: Vec::new(),
            bias: learned.bias,
            steps,
            unknown: numbered.unknown,
            table,
            speller,
        }
    }
}

/// The words that at least so many texts have, the most frequent first.
fn frequent_words(texts: &[&Text<'_>], least: usize) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for text in texts {
        let words: BTreeSet<&str> = text.clean.words.iter().map(|word| word.text.as_str()).collect();
        words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
    }
    let mut words: Vec<(&str, usize)> = counts.into_iter().filter(|(_, count)| *count >= least).collect();
    words.sort_unstable_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    words.into_iter().map(|(word, _)| word.to_owned()).collect()
}

/// Texts as numbers.
struct Numbered {
    rows: Vec<Row>,
    /// The hash and the rarity of each feature, in the order of their numbers.
    known: Vec<(u32, u8)>,
    /// The rarity of a feature that no text has.
    unknown: u8,
}

impl Numbered {
    /// Features that fewer than `least` texts have are left out.
    fn new(texts: &[&Text<'_>], speller: &Speller, least: usize) -> Self {
        let mut hashed = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            for utterance in &text.copies {
                hashed.push((at, COST_OF_COPY, features::of(utterance, speller)));
            }
            hashed.push((at, COST, features::of(&text.clean, speller)));
        }
        let known = known(&hashed, least, texts.len());
        let numbers: HashMap<u32, (u32, u8)> =
            known.iter().zip(0..).map(|((hash, rarity), number)| (*hash, (number, *rarity))).collect();
        let unknown = table::rarity_byte(0, texts.len());
        let row = |(at, cost, features): &(usize, f32, Vec<Feature>)| {
            let mut squares = 0.0;
            let mut row = Vec::with_capacity(features.len());
            for (hash, weight) in features {
                let number = numbers.get(hash);
                let value = weight * table::rarity(number.map_or(unknown, |(_, rarity)| *rarity));
                squares += value * value;
                row.extend(number.map(|(number, _)| (*number, value)));
            }
            let length = squares.sqrt().max(f32::EPSILON);
            row.iter_mut().for_each(|(_, value)| *value /= length);
            Row { features: row, label: texts[*at].label, cost: *cost }
        };
        Self { rows: hashed.iter().map(row).collect(), known, unknown }
    }
}

/// The features that at least so many of `all` texts have, with their rarity; the most frequent first, so that those used
/// together lie together.
fn known(hashed: &[(usize, f32, Vec<Feature>)], least: usize, all: usize) -> Vec<(u32, u8)> {
    // The last text that had the feature, and how many had it.
    let mut counts: HashMap<u32, (usize, usize)> = HashMap::new();
    for (at, _, features) in hashed {
        for (hash, _) in features {
            let (last, count) = counts.entry(*hash).or_insert((usize::MAX, 0));
            if last != at {
                (*last, *count) = (*at, *count + 1);
            }
        }
    }
    let mut known: Vec<(u32, usize)> =
        counts.into_iter().map(|(hash, (_, count))| (hash, count)).filter(|(_, count)| *count >= least).collect();
    known.sort_unstable_by_key(|(hash, count)| (std::cmp::Reverse(*count), *hash));
    known.into_iter().map(|(hash, count)| (hash, table::rarity_byte(count, all))).collect()
}

/// The weights in one byte each, and what a step of a byte is worth for each label.
fn quantised(learned: &Weights, known: &[(u32, u8)]) -> (Table, Vec<f32>) {
    let labels = learned.labels;
    let mut steps = vec![f32::EPSILON; labels];
    for (at, weight) in learned.weights.iter().enumerate() {
        steps[at % labels] = steps[at % labels].max(weight.abs() / 127.0);
    }
    let mut order: Vec<(u32, u8, usize)> =
        known.iter().enumerate().map(|(number, (hash, rarity))| (*hash, *rarity, number * labels)).collect();
    order.sort_unstable();
    let mut weights = Vec::with_capacity(learned.weights.len());
    for (_, _, start) in &order {
        let row = learned.weights[*start..start + labels].iter().zip(&steps);
        #[expect(clippy::cast_possible_truncation, reason = "the step keeps it within ±127")]
        weights.extend(row.map(|(weight, step)| ((weight / step).round() as i8).cast_unsigned()));
    }
    let (hashes, rarities) = order.iter().map(|(hash, rarity, _)| (*hash, *rarity)).unzip();
    (Table::new(labels, hashes, rarities, Cow::Owned(weights)).expect("made to fit"), steps)
}

/// The temperature under which unseen examples are the least surprising.
pub(super) fn temperature(unseen: &[(Vec<f32>, usize)]) -> f32 {
    let surprise = |temperature: f32| -> f32 {
        let one = |(scores, label): &(Vec<f32>, usize)| {
            let mut scores: Vec<f32> = scores.iter().map(|score| score / temperature).collect();
            softmax(&mut scores);
            -scores[*label].max(1e-9).ln()
        };
        unseen.iter().map(one).sum()
    };
    let candidates = (0_u8..=60).map(|step| 0.05 * 1.05_f32.powi(i32::from(step)));
    candidates.min_by(|a, b| surprise(*a).total_cmp(&surprise(*b))).unwrap_or(1.0)
}

/// Words that the examples write with a small first letter: what is not there may be a name.
fn vocabulary(corpus: &Corpus<'_>) -> Vec<u32> {
    let words = corpus.texts.iter().flat_map(|text| &text.clean.words);
    let ordinary = words.filter(|word| word.raw.starts_with(char::is_lowercase));
    ordinary.map(|word| features::word_hash(&word.text)).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nlu::evaluate::Confusion;
    use crate::nlu::examples;

    /// The least share that is labelled right by a model that had not seen it.
    const FLOOR: f64 = 0.95;

    #[test]
    fn the_bundled_model_was_trained_from_these_examples() {
        let examples = examples::bundled().expect("well-formed");
        let model = Classifier::bundled().expect("a model");
        assert!(
            model.fingerprint == fingerprint(&examples),
            "intents/ or the features have changed since models/intents.bin was trained: run `cargo run -- nlu train`"
        );
        assert_eq!(Classifier::from_bytes(Cow::Owned(model.to_bytes())).expect("reads what it writes"), model);
    }

    /// One fold of the five: `ariadni nlu evaluate` goes through all of them.
    #[test]
    fn unseen_examples_are_mostly_labelled_right() {
        let examples = examples::bundled().expect("well-formed");
        let written: Vec<Written<'_>> =
            examples.iter().map(|example| Written { text: &example.text, copies: Vec::new() }).collect();
        let classifier = Corpus::new(&examples, &written).fit(|at| at % FOLDS != 0);
        let unseen = examples.iter().step_by(FOLDS);
        let figures = Confusion::of(unseen.map(|one| (one.label.as_str(), classifier.label(&one.text)))).figures();
        assert!(figures.accuracy >= FLOOR, "{figures:?}");
    }

    #[test]
    fn training_is_deterministic_and_works_on_any_labels() {
        let lines = r#"{"text":"άναψε το φως","intent":"light_on"}
                       {"text":"σβήσε το φως","intent":"light_off"}
                       {"text":"άναψε τη λάμπα","intent":"light_on"}
                       {"text":"σβήσε τη λάμπα","intent":"light_off"}"#;
        let examples = examples::from_json_lines(lines).expect("well-formed");
        let model = train(&examples, &mut |_, _| {});
        assert_eq!(model, train(&examples, &mut |_, _| {}));
        assert_eq!(model.label("άναψε το φως στην κουζίνα"), "light_on");
        assert_eq!(model.label("ANAPSE TO FVS"), "light_on");
    }

    #[test]
    fn english_is_read_as_it_is_written() {
        let lines = r#"{"text":"turn the lamp on","intent":"light_on"}
                       {"text":"switch the light on please","intent":"light_on"}
                       {"text":"turn off the lamp","intent":"light_off"}
                       {"text":"no more light please, off","intent":"light_off"}"#;
        let examples = examples::from_json_lines(lines).expect("well-formed");
        let model = train(&examples, &mut |_, _| {});
        assert_eq!(model.language, Language::Other);
        assert_eq!(model.label("please turn the light off"), "light_off");
    }
}
