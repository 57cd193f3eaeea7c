//! The network itself: BERT with a layer for the labels.

use std::path::Path;

use rust_bert::bert::{BertConfig, BertForSequenceClassification};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

use super::BertError;

/// The network and its weights.
pub(super) struct Network {
    pub(super) store: VarStore,
    layers: BertForSequenceClassification,
}

/// Utterances as numbers, all of the length of the longest.
pub(super) struct Batch {
    pieces: Tensor,
    mask: Tensor,
}

impl Network {
    /// A network with weights drawn at random.
    pub(super) fn new(config: &BertConfig, labels: &[String], path: &Path) -> Result<Self, BertError> {
        check(config).map_err(|message| BertError::content(path, message))?;
        let mut config = config.clone();
        config.id2label = Some((0..).zip(labels.iter().cloned()).collect());
        config.is_decoder = None;
        config.output_attentions = None;
        config.output_hidden_states = None;
        let store = VarStore::new(Device::Cpu);
        let layers = BertForSequenceClassification::new(store.root(), &config)
            .map_err(|error| BertError::content(path, error.to_string()))?;
        Ok(Self { store, layers })
    }

    /// The score of each label for each utterance; in training a part of the network is left out at random.
    pub(super) fn scores(&self, batch: &Batch, training: bool) -> Tensor {
        self.layers.forward_t(Some(&batch.pieces), Some(&batch.mask), None, None, None, training).logits
    }
}

impl Batch {
    /// Fills the shorter up with `padding`, which the network does not look at.
    pub(super) fn new(rows: &[&[i64]], padding: i64) -> Self {
        let longest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let filled =
            |row: &&[i64], with: i64| row.iter().copied().chain(std::iter::repeat(with)).take(longest).collect();
        let pieces: Vec<i64> = rows.iter().flat_map(|row| -> Vec<i64> { filled(row, padding) }).collect();
        let mask: Vec<i64> = rows.iter().flat_map(|row| -> Vec<i64> { filled(&&*vec![1; row.len()], 0) }).collect();
        let shape = [count(rows.len()), count(longest)];
        Self { pieces: Tensor::of_slice(&pieces).view(shape), mask: Tensor::of_slice(&mask).view(shape) }
    }
}

/// The rows of a table of scores.
pub(super) fn rows(scores: &Tensor) -> Vec<Vec<f32>> {
    Vec::<Vec<f32>>::from(&scores.to_kind(Kind::Float))
}

/// What would otherwise end the program inside libtorch.
fn check(config: &BertConfig) -> Result<(), String> {
    let sizes = [
        ("hidden_size", config.hidden_size),
        ("intermediate_size", config.intermediate_size),
        ("max_position_embeddings", config.max_position_embeddings),
        ("num_attention_heads", config.num_attention_heads),
        ("num_hidden_layers", config.num_hidden_layers),
        ("type_vocab_size", config.type_vocab_size),
        ("vocab_size", config.vocab_size),
    ];
    if let Some((name, size)) = sizes.into_iter().find(|(_, size)| !(1..=10_000_000).contains(size)) {
        return Err(format!("{name} is {size}"));
    }
    if config.hidden_size % config.num_attention_heads != 0 {
        return Err("hidden_size is no multiple of num_attention_heads".to_owned());
    }
    Ok(())
}

#[expect(clippy::cast_possible_wrap, reason = "counts of rows and pieces are small")]
fn count(count: usize) -> i64 {
    count as i64
}
