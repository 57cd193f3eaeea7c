//! Fine-tuning of a pre-trained BERT on examples, and the choice of its share beside the linear classifier.
//!
//! Every tenth example of a label is held out. The transformer and a linear classifier learn from the others; the
//! temperature of the one and the weight between both come from the examples that neither has seen, as written and spoilt.
//! In every second epoch an example is read in one of its noisy copies.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tch::Tensor;
use tch::nn::{AdamW, Optimizer, OptimizerConfig};

use super::folder::Base;
use super::network::{Batch, Network};
use super::tokenizer::Tokenizer;
use super::{Bert, BertError, weights};
use crate::greek::noise::Noise;
use crate::nlu::classifier::{Classifier, IntentClassifier};
use crate::nlu::examples::Example;
use crate::nlu::{augment, ensemble, sweep, training};

/// One example in so many is held out, label by label.
const HELD_OUT: usize = 10;
/// The share of the steps in which the learning rate grows to its height; afterwards it falls to nothing.
const WARM_UP: f64 = 0.1;
/// The longest step, as a norm over all weights.
const LONGEST_STEP: f64 = 1.0;

/// How to fine-tune.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often every example is read. Default 4.
    pub epochs: usize,
    /// The height of the learning rate. Default 0.00005.
    pub learning_rate: f64,
    /// Examples in one step. Default 16.
    pub batch: usize,
    /// The most word pieces of an utterance, with the marks before and behind it. Default 64.
    pub longest: usize,
    /// Where chance begins: the same seed, data and number of threads give the same model. Default 1.
    pub seed: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { epochs: 4, learning_rate: 5e-5, batch: 16, longest: 64, seed: 1 }
    }
}

/// What came of it.
pub struct Trained {
    /// The transformer.
    pub bert: Arc<Bert>,
    /// A linear classifier that learned from the same examples.
    pub linear: Arc<Classifier>,
    /// The share of the transformer beside it, 0 to 1.
    pub weight: f32,
    /// The examples that neither has seen.
    pub held_out: Vec<Example>,
}

/// Sets how many threads libtorch uses in this process.
pub fn use_threads(threads: u16) {
    tch::set_num_threads(i32::from(threads.max(1)));
}

/// Fine-tunes the model of a folder. `progress` is told how many of how many steps are done.
///
/// # Errors
/// When the folder is not what it should be, or there are too few examples.
pub fn fine_tune(
    pretrained: &Path,
    examples: &[Example],
    settings: &Settings,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(Trained, Base), BertError> {
    let base = Base::read(pretrained)?;
    let (learned, held_out) = split(examples)?;
    let linear = training::train(&learned, &mut |_, _| {});
    tch::manual_seed(i64::from(settings.seed));
    let network = Network::new(&base.config, &linear.labels, pretrained)?;
    let (path, tensors) = weights::read(pretrained)?;
    weights::fill(&network.store, &path, &tensors)?;
    drop(tensors);
    let tokenizer = base.tokenizer(settings.longest);
    let rows = rows(&learned, &linear, &tokenizer);
    learn(&network, &rows, settings, base.vocabulary.marks().padding, progress)?;
    let mut bert = Bert {
        labels: linear.labels.clone(),
        tokenizer,
        temperature: 1.0,
        language: linear.language,
        network: Mutex::new(network),
    };
    bert.network.get_mut().unwrap_or_else(PoisonError::into_inner).store.freeze();
    let unseen = as_written_and_spoilt(&held_out);
    bert.temperature = temperature(&bert, &unseen);
    let pairs: Vec<(&str, &str)> = unseen.iter().map(|(text, label)| (text.as_str(), *label)).collect();
    let weight = ensemble::best_weight(&linear, &bert, &pairs);
    drop(pairs);
    drop(unseen);
    Ok((Trained { bert: Arc::new(bert), linear: Arc::new(linear), weight, held_out }, base))
}

/// The examples to learn from, and those held out.
fn split(examples: &[Example]) -> Result<(Vec<Example>, Vec<Example>), BertError> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut learned, mut held_out) = (Vec::new(), Vec::new());
    for example in examples {
        let count = counts.entry(&example.label).or_default();
        *count += 1;
        if count.is_multiple_of(HELD_OUT) { held_out.push(example.clone()) } else { learned.push(example.clone()) }
    }
    if counts.len() < 2 || held_out.is_empty() {
        let message = format!("there must be two labels, and {HELD_OUT} examples of one at least");
        return Err(BertError::Examples(message));
    }
    Ok((learned, held_out))
}

/// An example in numbers.
struct Row {
    label: i64,
    written: Vec<i64>,
    copies: Vec<Vec<i64>>,
}

impl Row {
    /// As written in one epoch, in one of its noisy copies in the next.
    fn in_epoch(&self, epoch: usize, at: usize) -> &[i64] {
        let turn = epoch + at;
        if turn.is_multiple_of(2) || self.copies.is_empty() {
            return &self.written;
        }
        &self.copies[turn / 2 % self.copies.len()]
    }
}

fn rows(examples: &[Example], linear: &Classifier, tokenizer: &Tokenizer) -> Vec<Row> {
    let encode = |text: &str| tokenizer.encode(&linear.read(text));
    let label = |name: &String| linear.labels.iter().zip(0..).find(|(label, _)| *label == name).map_or(0, |(_, at)| at);
    let row = |(at, example): (usize, &Example)| Row {
        label: label(&example.label),
        written: encode(&example.text),
        copies: augment::copies(&example.text, at).iter().map(|copy| encode(copy)).collect(),
    };
    examples.iter().enumerate().map(row).collect()
}

fn learn(
    network: &Network,
    rows: &[Row],
    settings: &Settings,
    padding: i64,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), BertError> {
    let mut optimizer = AdamW::default()
        .build(&network.store, settings.learning_rate)
        .map_err(|error| BertError::Examples(format!("libtorch has no optimiser: {error}")))?;
    let size = settings.batch.max(1);
    let steps = settings.epochs * rows.len().div_ceil(size);
    let mut step = 0;
    for epoch in 0..settings.epochs {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.shuffle(&mut StdRng::seed_from_u64(u64::from(settings.seed) << 32 | epoch as u64));
        for places in order.chunks(size) {
            progress(step, steps);
            optimizer.set_lr(settings.learning_rate * height(step, steps));
            let pieces: Vec<&[i64]> = places.iter().map(|at| rows[*at].in_epoch(epoch, *at)).collect();
            let labels: Vec<i64> = places.iter().map(|at| rows[*at].label).collect();
            take_step(network, &mut optimizer, &Batch::new(&pieces, padding), &labels)?;
            step += 1;
        }
    }
    progress(steps, steps);
    Ok(())
}

fn take_step(network: &Network, optimizer: &mut Optimizer, batch: &Batch, labels: &[i64]) -> Result<(), BertError> {
    let loss = network.scores(batch, true).cross_entropy_for_logits(&Tensor::of_slice(labels));
    if !f64::from(&loss).is_finite() {
        return Err(BertError::Examples("the weights grew out of all bounds; give a smaller learning rate".to_owned()));
    }
    optimizer.backward_step_clip_norm(&loss, LONGEST_STEP);
    Ok(())
}

/// The share of the learning rate at a step: up, then down in a straight line.
#[expect(clippy::cast_precision_loss, reason = "counts of steps are small")]
fn height(step: usize, steps: usize) -> f64 {
    let done = (step + 1) as f64 / (steps + 1) as f64;
    if done < WARM_UP { done / WARM_UP } else { (1.0 - done) / (1.0 - WARM_UP) }
}

/// The examples as written, and each once more under one kind of noise.
fn as_written_and_spoilt(examples: &[Example]) -> Vec<(String, &str)> {
    let kinds = Noise::SWEPT.iter().cycle();
    let spoilt = examples.iter().enumerate().zip(kinds).map(|((at, example), kind)| {
        let text = sweep::spoilt(&example.text, at, *kind);
        (text, example.label.as_str())
    });
    examples.iter().map(|example| (example.text.clone(), example.label.as_str())).chain(spoilt).collect()
}

fn temperature(bert: &Bert, unseen: &[(String, &str)]) -> f32 {
    let scored: Vec<(Vec<f32>, usize)> = unseen
        .iter()
        .filter_map(|(text, label)| {
            let at = bert.labels.iter().position(|known| known == label)?;
            Some((bert.raw_scores(&bert.tokenizer.encode(&bert.read(text))), at))
        })
        .collect();
    training::temperature(&scored)
}
