//! The transformer as a classifier.

use std::sync::{Mutex, PoisonError};

use super::network::{self, Batch, Network};
use super::tokenizer::Tokenizer;
use crate::nlu::classifier::{IntentClassifier, Language};
use crate::nlu::utterance::Utterance;

/// A fine-tuned BERT over any set of labels.
pub struct Bert {
    pub(super) labels: Vec<String>,
    pub(super) tokenizer: Tokenizer,
    /// Divides the scores before the softmax, so that a confidence of 0.8 is right eight times in ten.
    pub(super) temperature: f32,
    pub(super) language: Language,
    /// libtorch's tensors may not be used by two threads at once.
    pub(super) network: Mutex<Network>,
}

impl Bert {
    /// The scores of pieces that are cut already, before the temperature.
    pub(super) fn raw_scores(&self, pieces: &[i64]) -> Vec<f32> {
        let network = self.network.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = Batch::new(&[pieces], self.tokenizer.vocabulary().marks().padding);
        let scores = tch::no_grad(|| network.scores(&batch, false));
        network::rows(&scores).pop().unwrap_or_else(|| vec![0.0; self.labels.len()])
    }

    /// The most word pieces of an utterance that it reads.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.tokenizer.longest()
    }
}

impl IntentClassifier for Bert {
    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn scores(&self, utterance: &Utterance<'_>) -> Vec<f32> {
        let scores = self.raw_scores(&self.tokenizer.encode(utterance));
        scores.into_iter().map(|score| score / self.temperature).collect()
    }

    fn read<'a>(&self, text: &'a str) -> Utterance<'a> {
        self.language.read(text)
    }

    fn is_slow(&self) -> bool {
        true
    }
}
