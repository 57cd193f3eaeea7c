//! What classifies intents, as a trait; and the linear one: a support vector machine for each label over hashed features,
//! weights in one byte each.

use std::borrow::Cow;

use super::NluError;
use super::features::{self, Feature};
use super::speller::Speller;
use super::table::{Table, rarity};
use super::utterance::Utterance;
use crate::assets::Models;

const MAGIC: &[u8; 4] = b"ANLU";
const VERSION: u8 = 2;
/// The file of the bundled model inside `models/`.
pub const BUNDLED: &str = "intents.bin";

/// Ranks labels by how well they fit an utterance. The same utterance always gets the same scores.
pub trait IntentClassifier: Send + Sync {
    /// The labels, in the order of the scores.
    fn labels(&self) -> &[String];

    /// The score of each label. Their softmax is the probability of each, calibrated.
    fn scores(&self, utterance: &Utterance<'_>) -> Vec<f32>;

    /// Cuts a text into words as the examples were cut.
    fn read<'a>(&self, text: &'a str) -> Utterance<'a> {
        Utterance::new(text)
    }

    /// Whether one utterance takes more than half a millisecond: then nobody else should wait for it on the same thread.
    fn is_slow(&self) -> bool {
        false
    }

    /// The labels of a text with their probabilities, the most likely first.
    fn rank(&self, text: &str) -> Vec<(&str, f32)> {
        let mut scores = self.scores(&self.read(text));
        softmax(&mut scores);
        let mut ranking: Vec<_> = self.labels().iter().map(String::as_str).zip(scores).collect();
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranking
    }

    /// The most likely label of a text.
    fn label(&self, text: &str) -> &str {
        &self.labels()[best(&self.scores(&self.read(text)))]
    }
}

/// A trained linear classifier over any set of labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// What it was trained from; see [`super::training::fingerprint`].
    pub fingerprint: [u8; 32],
    /// The labels, in the order of the scores.
    pub labels: Vec<String>,
    /// Divides the scores before the softmax, so that a confidence of 0.8 is right eight times in ten.
    pub temperature: f32,
    /// The language of the examples.
    pub language: Language,
    /// Hashes of the words that the examples write in lower case, sorted: ordinary words, not names.
    pub(super) vocabulary: Vec<u32>,
    pub(super) bias: Vec<f32>,
    /// What one step of a weight is worth, for each label.
    pub(super) steps: Vec<f32>,
    /// How rare a feature is that the examples do not know; see [`super::table::rarity_byte`].
    pub(super) unknown: u8,
    pub(super) table: Table,
    /// The words of the examples.
    pub(super) speller: Speller,
}

/// How the words of an utterance are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Words in Latin letters may be Greek.
    Greek,
    /// As they are written.
    Other,
}

impl Language {
    /// Cuts a text into words.
    pub(super) fn read(self, text: &str) -> Utterance<'_> {
        match self {
            Self::Greek => Utterance::new(text),
            Self::Other => Utterance::as_written(text),
        }
    }
}

impl Classifier {
    /// The model carried inside the binary.
    ///
    /// # Errors
    /// [`NluError::Model`] when it is missing or damaged.
    pub fn bundled() -> Result<Self, NluError> {
        let file = Models::get(BUNDLED).ok_or(NluError::Model("models/intents.bin is missing"))?;
        Self::from_bytes(file.data)
    }

    /// Reads a model; borrowed weights are not copied.
    ///
    /// # Errors
    /// [`NluError::Model`] when the bytes are no model of this version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, NluError> {
        let mut reader = Reader { bytes: &bytes, at: 0 };
        if reader.take(4)? != MAGIC || reader.take(1)? != [VERSION] {
            return Err(NluError::Model("it is of another kind or version"));
        }
        let fingerprint = reader.array::<32>()?;
        let language = if reader.take(1)? == [0] { Language::Greek } else { Language::Other };
        let temperature = reader.float()?;
        let unknown = reader.take(1)?[0];
        let labels = (0..reader.count()?).map(|_| reader.text()).collect::<Result<Vec<_>, _>>()?;
        let bias = (0..labels.len()).map(|_| reader.float()).collect::<Result<_, _>>()?;
        let steps = (0..labels.len()).map(|_| reader.float()).collect::<Result<_, _>>()?;
        let vocabulary = reader.numbers()?;
        let words = (0..reader.count()?).map(|_| reader.text()).collect::<Result<_, _>>()?;
        let hashes = reader.numbers()?;
        let rarities = reader.take(hashes.len())?.to_vec();
        let start = reader.at;
        let weights = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..]),
            Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(start)),
        };
        let is_sound = !labels.is_empty() && temperature > 0.0;
        let table = if is_sound { Table::new(labels.len(), hashes, rarities, weights) } else { None };
        let table = table.ok_or(NluError::Model("it is damaged"))?;
        let speller = Speller::new(words);
        Ok(Self { fingerprint, labels, temperature, language, vocabulary, bias, steps, unknown, table, speller })
    }

    /// The model as a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.table.weights().len() + self.table.hashes().len() * 5 + 65_536);
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.fingerprint);
        bytes.push(u8::from(self.language == Language::Other));
        bytes.extend_from_slice(&self.temperature.to_le_bytes());
        bytes.push(self.unknown);
        push_texts(&mut bytes, &self.labels);
        for number in self.bias.iter().chain(&self.steps) {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        push_numbers(&mut bytes, &self.vocabulary);
        push_texts(&mut bytes, self.speller.words());
        push_numbers(&mut bytes, self.table.hashes());
        bytes.extend_from_slice(self.table.rarities());
        bytes.extend_from_slice(self.table.weights());
        bytes
    }

    fn weigh(&self, features: &[Feature]) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.labels.len()];
        let unknown = rarity(self.unknown);
        let mut squares = 0.0;
        for (hash, weight) in features {
            let Some((rarity, weights)) = self.table.get(*hash) else {
                // What is unknown says nothing, and makes what is known say less.
                squares += (weight * unknown).powi(2);
                continue;
            };
            let value = weight * rarity;
            squares += value * value;
            for (sum, byte) in sums.iter_mut().zip(weights) {
                *sum += value * f32::from(byte.cast_signed());
            }
        }
        let length = squares.sqrt().max(f32::EPSILON);
        let scaled = sums.iter().zip(&self.steps).zip(&self.bias);
        scaled.map(|((sum, step), bias)| (sum * step / length + bias) / self.temperature).collect()
    }

    /// Whether the examples know the folded word as an ordinary word.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.vocabulary.binary_search(&features::word_hash(word)).is_ok()
    }
}

impl IntentClassifier for Classifier {
    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn scores(&self, utterance: &Utterance<'_>) -> Vec<f32> {
        self.weigh(&features::of(utterance, &self.speller))
    }

    fn read<'a>(&self, text: &'a str) -> Utterance<'a> {
        self.language.read(text)
    }
}

/// The place of the highest score.
#[must_use]
pub fn best(scores: &[f32]) -> usize {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0)
}

/// Turns scores into probabilities.
pub fn softmax(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - highest).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

fn push_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn push_numbers(bytes: &mut Vec<u8>, numbers: &[u32]) {
    push_count(bytes, numbers.len());
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
}

fn push_texts(bytes: &mut Vec<u8>, texts: &[String]) {
    push_count(bytes, texts.len());
    for text in texts {
        push_count(bytes, text.len());
        bytes.extend_from_slice(text.as_bytes());
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], NluError> {
        let taken = self.bytes.get(self.at..self.at.saturating_add(count)).ok_or(NluError::Model("it is cut short"))?;
        self.at += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NluError> {
        self.take(N)?.try_into().map_err(|_| NluError::Model("it is cut short"))
    }

    fn float(&mut self) -> Result<f32, NluError> {
        self.array().map(f32::from_le_bytes)
    }

    fn count(&mut self) -> Result<usize, NluError> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    fn numbers(&mut self) -> Result<Vec<u32>, NluError> {
        (0..self.count()?).map(|_| self.array().map(u32::from_le_bytes)).collect()
    }

    fn text(&mut self) -> Result<String, NluError> {
        let length = self.count()?;
        let bytes = self.take(length)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| NluError::Model("a text is not UTF-8"))
    }
}
