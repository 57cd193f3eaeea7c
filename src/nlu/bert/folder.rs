//! The folders: the one that an operator brings (`config.json`, `vocab.txt`, weights), and the one that fine-tuning writes,
//! which has the fine-tuned weights in [`WEIGHTS`] and beside them
//!
//! - `ariadni.json`: the labels, the temperature, the weight in the ensemble; written last, so that a folder without it is
//!   one that was not finished;
//! - `linear.bin`: the linear classifier that was trained from the same examples, for evaluation;
//! - `heldout.jsonl`: the examples that neither has seen.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rust_bert::bert::BertConfig;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::network::Network;
use super::tokenizer::Tokenizer;
use super::training::Trained;
use super::vocabulary::Vocabulary;
use super::{Bert, BertError, weights};
use crate::nlu::classifier::{Classifier, Language};
use crate::nlu::ensemble::Ensemble;

/// The fine-tuned weights.
pub const WEIGHTS: &str = "model.ot";
/// What else is to be known of them.
pub const CARD: &str = "ariadni.json";
/// The linear classifier of the same examples.
pub const LINEAR: &str = "linear.bin";
/// The examples that neither has seen.
pub const HELD_OUT: &str = "heldout.jsonl";
const CONFIG: &str = "config.json";
const VOCABULARY: &str = "vocab.txt";
/// The version of `ariadni.json`.
const VERSION: u32 = 1;

/// What a BERT is made like: its sizes and its word pieces.
pub struct Base {
    pub(super) config: BertConfig,
    pub(super) vocabulary: Vocabulary,
    config_text: String,
    vocabulary_text: String,
}

/// The file `ariadni.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    version: u32,
    labels: Vec<String>,
    /// The most pieces of an utterance.
    longest: usize,
    temperature: f32,
    /// Whether Latin letters are read as Greek ones.
    greek: bool,
    /// The share of the transformer beside the linear classifier, 0 to 1.
    weight: f32,
}

impl Base {
    /// Reads `config.json` and `vocab.txt`.
    ///
    /// # Errors
    /// When one is missing, or they do not fit together.
    pub fn read(folder: &Path) -> Result<Self, BertError> {
        if !folder.is_dir() {
            return Err(BertError::content(folder, "is no folder"));
        }
        let (config_text, vocabulary_text) = (text(&folder.join(CONFIG))?, text(&folder.join(VOCABULARY))?);
        let config: BertConfig = serde_json::from_str(&config_text)
            .map_err(|error| BertError::content(&folder.join(CONFIG), format!("is no config of a BERT: {error}")))?;
        let vocabulary = Vocabulary::parse(&vocabulary_text)
            .map_err(|message| BertError::content(&folder.join(VOCABULARY), message))?;
        if vocabulary.size() > config.vocab_size {
            let message = format!("has {} pieces; config.json says {}", vocabulary.size(), config.vocab_size);
            return Err(BertError::content(&folder.join(VOCABULARY), message));
        }
        Ok(Self { config, vocabulary, config_text, vocabulary_text })
    }

    /// Utterances are cut to `longest` pieces, and never to more than the network has places for.
    pub(super) fn tokenizer(&self, longest: usize) -> Tokenizer {
        let places = usize::try_from(self.config.max_position_embeddings).unwrap_or(longest);
        Tokenizer::new(self.vocabulary.clone(), longest.min(places))
    }
}

/// Reads a fine-tuned transformer, and its share in an ensemble.
///
/// # Errors
/// When something is missing, damaged, or does not fit the rest.
pub fn load(folder: &Path) -> Result<(Bert, f32), BertError> {
    let base = Base::read(folder)?;
    let card = card(&folder.join(CARD))?;
    let path = folder.join(WEIGHTS);
    let network = Network::new(&base.config, &card.labels, &folder.join(CONFIG))?;
    if !path.is_file() {
        return Err(BertError::content(
            folder,
            format!("has no {WEIGHTS}; fine-tune it with `ariadni nlu train-bert`"),
        ));
    }
    let tensors = Tensor::load_multi(&path).map_err(|error| BertError::torch(&path, &error))?.into_iter().collect();
    if let Some(name) = weights::fill(&network.store, &path, &tensors)?.first() {
        return Err(BertError::content(&path, format!("has no {name}")));
    }
    let tokenizer = base.tokenizer(card.longest);
    let language = if card.greek { Language::Greek } else { Language::Other };
    let Card { labels, temperature, weight, .. } = card;
    Ok((Bert { labels, tokenizer, temperature, language, network: Mutex::new(network) }, weight))
}

/// Reads a fine-tuned transformer with the linear classifier that was trained beside it, as one.
///
/// # Errors
/// As [`load`].
pub fn load_ensemble(folder: &Path) -> Result<Ensemble, BertError> {
    let path = folder.join(LINEAR);
    let wrong = |error: crate::nlu::NluError| BertError::content(&path, error.to_string());
    let bytes = std::fs::read(&path).map_err(BertError::file(&path))?;
    let linear = Classifier::from_bytes(Cow::Owned(bytes)).map_err(wrong)?;
    let (bert, weight) = load(folder)?;
    Ensemble::new(Arc::new(linear), Arc::new(bert), weight).map_err(wrong)
}

/// Writes what was trained into a folder, which is made.
///
/// # Errors
/// When a file cannot be written.
pub fn save(trained: &Trained, base: &Base, folder: &Path) -> Result<(), BertError> {
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(BertError::file(&path))
    };
    std::fs::create_dir_all(folder).map_err(BertError::file(folder))?;
    let card_path = folder.join(CARD);
    if card_path.is_file() {
        std::fs::remove_file(&card_path).map_err(BertError::file(&card_path))?;
    }
    write(CONFIG, base.config_text.as_bytes())?;
    write(VOCABULARY, base.vocabulary_text.as_bytes())?;
    write(LINEAR, &trained.linear.to_bytes())?;
    let mut held_out = String::new();
    for example in &trained.held_out {
        let _ = writeln!(held_out, "{}", serde_json::json!({"text": example.text, "intent": example.label}));
    }
    write(HELD_OUT, held_out.as_bytes())?;
    let bert = &trained.bert;
    let path = folder.join(WEIGHTS);
    let network = bert.network.lock().unwrap_or_else(PoisonError::into_inner);
    network.store.save(&path).map_err(|error| BertError::torch(&path, &error))?;
    let card = Card {
        version: VERSION,
        labels: bert.labels.clone(),
        longest: bert.tokenizer.longest(),
        temperature: bert.temperature,
        greek: bert.language == Language::Greek,
        weight: trained.weight,
    };
    let card =
        serde_json::to_string_pretty(&card).map_err(|error| BertError::content(&card_path, error.to_string()))?;
    write(CARD, card.as_bytes())
}

fn card(path: &Path) -> Result<Card, BertError> {
    if !path.is_file() {
        let message = "is missing; fine-tune the model with `ariadni nlu train-bert`";
        return Err(BertError::content(path, message));
    }
    let wrong = |message: String| BertError::content(path, message);
    let card: Card = serde_json::from_str(&text(path)?).map_err(|error| wrong(error.to_string()))?;
    let is_share = (0.0..=1.0).contains(&card.weight);
    if card.version != VERSION {
        return Err(wrong(format!("version {} is not {VERSION}; fine-tune the model anew", card.version)));
    }
    if card.labels.is_empty() || !is_share || !card.temperature.is_finite() || card.temperature <= 0.0 {
        return Err(wrong("is damaged; fine-tune the model anew".to_owned()));
    }
    Ok(card)
}

fn text(path: &Path) -> Result<String, BertError> {
    std::fs::read_to_string(path).map_err(BertError::file(path))
}
