//! A BERT with weights drawn at random, of two layers or of any size, made here in the form in which an operator downloads
//! one: `config.json`, `vocab.txt`, weights.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ariadni::nlu::bert::training::{self, Settings};
use ariadni::nlu::bert::vocabulary::Spelling;
use ariadni::nlu::examples::{self, Example};
use rust_bert::bert::{BertConfig, BertForSequenceClassification};
use tch::Device;
use tch::nn::VarStore;

/// What the tests fine-tune with: a model that knows nothing yet learns in larger steps.
pub const SETTINGS: Settings = Settings { epochs: 6, learning_rate: 2e-3, batch: 16, longest: 32, seed: 1 };

/// libtorch has one source of chance for the whole process: tests that train take turns, on one thread.
pub fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    training::use_threads(1);
    turn
}

/// The bundled examples of some labels, every so many.
pub fn examples(labels: &[&str], every: usize) -> Vec<Example> {
    let all = examples::bundled().expect("well-formed");
    all.into_iter().filter(|one| labels.contains(&one.label.as_str())).step_by(every).collect()
}

/// Examples as a data file.
pub fn json_lines(examples: &[Example]) -> String {
    let line = |one: &Example| format!("{}\n", serde_json::json!({"text": one.text, "intent": one.label}));
    examples.iter().map(line).collect()
}

/// Writes a tiny BERT whose vocabulary has the words of the examples, and letters for all others.
pub fn make(folder: &Path, examples: &[Example]) -> VarStore {
    make_of(folder, &config(), vocabulary(examples))
}

/// Writes a BERT of a size; as many of its word pieces as it knows no words for are made up.
pub fn make_of(folder: &Path, config: &BertConfig, mut vocabulary: Vec<String>) -> VarStore {
    let pieces = config.vocab_size.max(i64::try_from(vocabulary.len()).expect("few"));
    let labels = Some([(0, "LABEL_0".to_owned()), (1, "LABEL_1".to_owned())].into());
    let config = BertConfig { vocab_size: pieces, id2label: labels, ..config.clone() };
    vocabulary.extend((0..config.vocab_size).skip(vocabulary.len()).map(|number| format!("piece{number}")));
    std::fs::write(folder.join("vocab.txt"), vocabulary.join("\n") + "\n").expect("a file");
    std::fs::write(folder.join("config.json"), serde_json::to_string(&config).expect("JSON")).expect("a file");
    let store = weights(&config);
    store.save(folder.join("rust_model.ot")).expect("a file");
    store
}

/// Two layers of 64, for as many word pieces as there are.
pub fn config() -> BertConfig {
    BertConfig {
        hidden_size: 64,
        intermediate_size: 128,
        num_attention_heads: 4,
        num_hidden_layers: 2,
        max_position_embeddings: 48,
        vocab_size: 0,
        ..BertConfig::default()
    }
}

/// Weights drawn at random, as small as those of a real one.
fn weights(config: &BertConfig) -> VarStore {
    tch::manual_seed(7);
    let store = VarStore::new(Device::Cpu);
    BertForSequenceClassification::new(store.root(), config).expect("a network");
    for (name, mut weight) in store.variables() {
        if name.contains("embeddings.weight") {
            tch::no_grad(|| {
                let _ = weight.normal_(0.0, 0.1);
            });
        }
    }
    store
}

/// The words of the examples, and letters for all others.
pub fn vocabulary(examples: &[Example]) -> Vec<String> {
    let spelling = Spelling { lower_case: true, no_accents: true };
    let mut pieces = BTreeSet::new();
    for example in examples {
        let text = spelling.apply(&example.text);
        pieces.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned));
    }
    for letter in ('α'..='ω').chain('a'..='z').chain('0'..='9') {
        pieces.extend([letter.to_string(), format!("##{letter}")]);
    }
    pieces.extend([";", "?", ".", ",", "!"].map(str::to_owned));
    let marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(str::to_owned);
    marks.into_iter().chain(pieces).collect()
}
