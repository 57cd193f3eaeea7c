//! Cross-validation as written and under each kind of noise; the noise is on the unseen side only.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::classifier::IntentClassifier;
use super::evaluate::Confusion;
use super::examples::Example;
use super::training;
use crate::greek::noise::{Hand, Noise};

/// Keeps the noise of the sweeps apart from the noise that training adds.
const SEED: u64 = 0x05ee_d000_0000;

/// Cross-validates; the confusions as written first, then those of each kind of `noises`.
pub fn cross_validate(
    examples: &[Example],
    noises: &[Noise],
    progress: &mut dyn FnMut(usize, usize),
) -> Vec<(Noise, Confusion)> {
    let kinds: Vec<Noise> = std::iter::once(Noise::Clean).chain(noises.iter().copied()).collect();
    let mut predicted = vec![Vec::with_capacity(examples.len()); kinds.len()];
    training::cross_validate(examples, progress, &mut |at, classifier| {
        for (kind, predicted) in kinds.iter().zip(&mut predicted) {
            predicted.push((at, classifier.label(&spoilt(&examples[at].text, at, *kind)).to_owned()));
        }
    });
    let confusion = |predicted: Vec<(usize, String)>| {
        Confusion::of(predicted.iter().map(|(at, label)| (examples[*at].label.as_str(), label.as_str())))
    };
    kinds.into_iter().zip(predicted.into_iter().map(confusion)).collect()
}

/// Measures a model on texts as written first, then under each kind of `noises`.
#[must_use]
pub fn measure(classifier: &dyn IntentClassifier, examples: &[Example], noises: &[Noise]) -> Vec<(Noise, Confusion)> {
    let kinds = std::iter::once(Noise::Clean).chain(noises.iter().copied());
    let label = |at: usize, kind| classifier.label(&spoilt(&examples[at].text, at, kind));
    kinds
        .map(|kind| {
            let pairs = examples.iter().enumerate().map(|(at, example)| (example.label.as_str(), label(at, kind)));
            (kind, Confusion::of(pairs))
        })
        .collect()
}

/// The text of the example at `at`, spoilt; always in the same way.
#[must_use]
pub fn spoilt(text: &str, at: usize, kind: Noise) -> String {
    let mut rng = StdRng::seed_from_u64(SEED + at as u64);
    let hand = Hand::draw(&mut rng);
    kind.apply(&mut rng, hand, text, "")
}
