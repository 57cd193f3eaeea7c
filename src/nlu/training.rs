//! Training of the classifier: deterministic, in seconds.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::classifier::{Classifier, bucket, softmax};
use super::examples::Example;
use super::features::{self, Feature};
use super::utterance::Utterance;

/// Passes over the examples.
const EPOCHS: usize = 12;
/// The first step of a weight; AdaGrad makes it smaller as the weight moves.
const RATE: f32 = 0.2;
/// How strongly a weight that moves is pulled back to nothing.
const DECAY: f32 = 1e-5;
/// A label this close to right moves no weight; this is what makes training quick.
const SETTLED: f32 = 1e-3;
/// Parts of the examples; each is predicted by what was learned from the others.
pub const FOLDS: usize = 5;

/// Identifies what a model was trained from: the labels and all that the classifier sees of the examples, so that a
/// change of the examples *or* of the features shows.
#[must_use]
pub fn fingerprint(examples: &[Example]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for example in examples {
        digest.update(example.label.as_bytes());
        for (hash, weight) in features::of_text(&example.text) {
            digest.update(hash.to_le_bytes());
            digest.update(weight.to_bits().to_le_bytes());
        }
    }
    digest.finalize().into()
}

/// Examples as numbers.
struct Data {
    labels: Vec<String>,
    rows: Vec<(Vec<Feature>, usize)>,
}

/// Weights while they are being learned.
struct Learner {
    bits: u8,
    labels: usize,
    weights: Vec<f32>,
    /// Sums of squared gradients.
    moved: Vec<f32>,
    bias: Vec<f32>,
}

/// Trains a classifier, calibrated on predictions of examples it had not seen. `progress` is told how many of how many
/// rounds are done.
#[must_use]
pub fn train(examples: &[Example], progress: &mut dyn FnMut(usize, usize)) -> Classifier {
    let data = data(examples);
    let mut held_out = Vec::with_capacity(data.rows.len());
    for fold in 0..FOLDS {
        progress(fold, FOLDS + 1);
        held_out.extend(predict_fold(&data, fold).into_iter().map(|(row, scores)| (scores, data.rows[row].1)));
    }
    progress(FOLDS, FOLDS + 1);
    let learner = learn(&data, |_| true);
    let mut classifier = learner.quantise(data.labels);
    classifier.temperature = temperature(&held_out);
    classifier.fingerprint = fingerprint(examples);
    classifier.vocabulary = vocabulary(examples);
    progress(FOLDS + 1, FOLDS + 1);
    classifier
}

/// Predicts every example by a model that had not seen it: the label of each, in the order of the examples.
#[must_use]
pub fn cross_validate(examples: &[Example], progress: &mut dyn FnMut(usize, usize)) -> Vec<String> {
    let data = data(examples);
    let mut predicted = vec![String::new(); examples.len()];
    for fold in 0..FOLDS {
        progress(fold, FOLDS);
        for (row, scores) in predict_fold(&data, fold) {
            predicted[row].clone_from(&data.labels[best(&scores)]);
        }
    }
    progress(FOLDS, FOLDS);
    predicted
}

/// The place of the highest score.
#[must_use]
pub fn best(scores: &[f32]) -> usize {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0)
}

fn data(examples: &[Example]) -> Data {
    let labels: Vec<String> =
        examples.iter().map(|example| example.label.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let place: HashMap<&str, usize> = labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
    let rows =
        examples.iter().map(|example| (features::of_text(&example.text), place[example.label.as_str()])).collect();
    Data { rows, labels }
}

fn predict_fold(data: &Data, fold: usize) -> Vec<(usize, Vec<f32>)> {
    // Neighbours in a file are alike: they go to different folds, which makes the figure kinder than a true stranger's.
    let learner = learn(data, |row| row % FOLDS != fold);
    let unseen = (0..data.rows.len()).filter(|row| row % FOLDS == fold);
    unseen.map(|row| (row, learner.scores(&data.rows[row].0))).collect()
}

fn learn(data: &Data, takes_part: impl Fn(usize) -> bool) -> Learner {
    let bits = if data.rows.len() < 4_000 { 15 } else { 18 };
    let mut learner = Learner::new(bits, data.labels.len());
    let mut order: Vec<usize> = (0..data.rows.len()).filter(|row| takes_part(*row)).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..EPOCHS {
        random.shuffle(&mut order);
        for row in &order {
            let (features, label) = &data.rows[*row];
            learner.step(features, *label);
        }
    }
    learner
}

impl Learner {
    fn new(bits: u8, labels: usize) -> Self {
        let size = labels << bits;
        Self { bits, labels, weights: vec![0.0; size], moved: vec![1e-6; size], bias: vec![0.0; labels] }
    }

    fn scores(&self, features: &[Feature]) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (hash, value) in features {
            let start = bucket(*hash, self.bits) * self.labels;
            for (score, weight) in scores.iter_mut().zip(&self.weights[start..start + self.labels]) {
                *score += value * weight;
            }
        }
        scores
    }

    fn step(&mut self, features: &[Feature], label: usize) {
        let mut errors = self.scores(features);
        softmax(&mut errors);
        errors[label] -= 1.0;
        let wrong: Vec<(usize, f32)> =
            errors.into_iter().enumerate().filter(|(_, error)| error.abs() > SETTLED).collect();
        for (at, error) in &wrong {
            self.bias[*at] -= 0.02 * error;
        }
        for (hash, value) in features {
            let start = bucket(*hash, self.bits) * self.labels;
            for (at, error) in &wrong {
                let weight = &mut self.weights[start + at];
                let gradient = error * value + DECAY * *weight;
                let moved = &mut self.moved[start + at];
                *moved += gradient * gradient;
                *weight -= RATE * gradient / moved.sqrt();
            }
        }
    }

    fn quantise(self, labels: Vec<String>) -> Classifier {
        let mut steps = vec![f32::EPSILON; self.labels];
        for (at, weight) in self.weights.iter().enumerate() {
            let step = &mut steps[at % self.labels];
            *step = step.max(weight.abs() / 127.0);
        }
        let bytes = self.weights.iter().enumerate().map(|(at, weight)| {
            #[expect(clippy::cast_possible_truncation, reason = "the step keeps it within ±127")]
            let whole = (weight / steps[at % steps.len()]).round() as i8;
            whole.cast_unsigned()
        });
        let weights = Cow::Owned(bytes.collect());
        Classifier {
            fingerprint: [0; 32],
            labels,
            temperature: 1.0,
            vocabulary: Vec::new(),
            bits: self.bits,
            bias: self.bias,
            steps,
            weights,
        }
    }
}

/// The temperature under which unseen examples are the least surprising.
fn temperature(held_out: &[(Vec<f32>, usize)]) -> f32 {
    let surprise = |temperature: f32| -> f32 {
        let one = |(scores, label): &(Vec<f32>, usize)| {
            let mut scores: Vec<f32> = scores.iter().map(|score| score / temperature).collect();
            softmax(&mut scores);
            -scores[*label].max(1e-9).ln()
        };
        held_out.iter().map(one).sum()
    };
    let candidates = (2_u8..=40).map(|step| f32::from(step) * 0.05);
    candidates.min_by(|a, b| surprise(*a).total_cmp(&surprise(*b))).unwrap_or(1.0)
}

/// Words that the examples write with a small first letter: what is not there may be a name.
fn vocabulary(examples: &[Example]) -> Vec<u32> {
    let mut words = BTreeSet::new();
    for example in examples {
        for word in Utterance::new(&example.text).words {
            if word.raw.starts_with(char::is_lowercase) {
                words.insert(features::word_hash(&word.text));
            }
        }
    }
    words.into_iter().collect()
}

/// A small deterministic generator (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            #[expect(clippy::cast_possible_truncation, reason = "a remainder below the length")]
            let other = (self.next() % (last as u64 + 1)) as usize;
            order.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nlu::evaluate::Confusion;
    use crate::nlu::examples;

    /// The least share that is labelled right by a model that had not seen it.
    const FLOOR: f64 = 0.75;

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

    #[test]
    fn unseen_examples_are_mostly_labelled_right() {
        let examples = examples::bundled().expect("well-formed");
        let predicted = cross_validate(&examples, &mut |_, _| {});
        let pairs = examples.iter().zip(&predicted).map(|(example, label)| (example.label.as_str(), label.as_str()));
        let figures = Confusion::of(pairs).figures();
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
        let scores = model.scores(&features::of_text("άναψε το φως στην κουζίνα"));
        assert_eq!(model.labels[best(&scores)], "light_on");
    }
}
