//! The intent classifier: multinomial logistic regression over hashed features, its weights in one byte each.

use std::borrow::Cow;

use super::NluError;
use super::features::Feature;
use crate::assets::Models;

const MAGIC: &[u8; 4] = b"ANLU";
const VERSION: u8 = 1;
/// The file of the bundled model inside `models/`.
pub const BUNDLED: &str = "intents.bin";

/// A trained classifier over any set of labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// What it was trained from; see [`super::training::fingerprint`].
    pub fingerprint: [u8; 32],
    /// The labels, in the order of the scores.
    pub labels: Vec<String>,
    /// Divides the scores before the softmax, so that a confidence of 0.8 is right eight times in ten.
    pub temperature: f32,
    /// Hashes of the words that the examples write in lower case, sorted: ordinary words, not names.
    pub(super) vocabulary: Vec<u32>,
    pub(super) bits: u8,
    pub(super) bias: Vec<f32>,
    /// What one step of a weight is worth, for each label.
    pub(super) steps: Vec<f32>,
    /// Bucket by bucket, one signed byte for each label.
    pub(super) weights: Cow<'static, [u8]>,
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

    /// Reads a model; borrowed bytes are not copied.
    ///
    /// # Errors
    /// [`NluError::Model`] when the bytes are no model of this version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, NluError> {
        let mut reader = Reader { bytes: &bytes, at: 0 };
        if reader.take(4)? != MAGIC || reader.take(1)? != [VERSION] {
            return Err(NluError::Model("it is of another kind or version"));
        }
        let fingerprint = reader.array::<32>()?;
        let bits = reader.take(1)?[0];
        let temperature = reader.float()?;
        let labels = (0..reader.count()?).map(|_| reader.label()).collect::<Result<Vec<_>, _>>()?;
        let bias = (0..labels.len()).map(|_| reader.float()).collect::<Result<_, _>>()?;
        let steps = (0..labels.len()).map(|_| reader.float()).collect::<Result<_, _>>()?;
        let words = reader.count()?;
        let vocabulary = (0..words).map(|_| reader.array().map(u32::from_le_bytes)).collect::<Result<_, _>>()?;
        let start = reader.at;
        if bits > 24 || labels.is_empty() || bytes.len() - start != labels.len() << bits {
            return Err(NluError::Model("it is cut short"));
        }
        let weights = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..]),
            Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(start)),
        };
        Ok(Self { fingerprint, labels, temperature, vocabulary, bits, bias, steps, weights })
    }

    /// The model as a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.weights.len() + 4096);
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.fingerprint);
        bytes.push(self.bits);
        bytes.extend_from_slice(&self.temperature.to_le_bytes());
        push_count(&mut bytes, self.labels.len());
        for label in &self.labels {
            push_count(&mut bytes, label.len());
            bytes.extend_from_slice(label.as_bytes());
        }
        for number in self.bias.iter().chain(&self.steps) {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        push_count(&mut bytes, self.vocabulary.len());
        for word in &self.vocabulary {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(&self.weights);
        bytes
    }

    /// The score of each label, tempered: their softmax is calibrated.
    #[must_use]
    pub fn scores(&self, features: &[Feature]) -> Vec<f32> {
        let labels = self.labels.len();
        let mut sums = vec![0.0_f32; labels];
        for (hash, weight) in features {
            let start = bucket(*hash, self.bits) * labels;
            for (sum, byte) in sums.iter_mut().zip(&self.weights[start..start + labels]) {
                *sum += weight * f32::from(byte.cast_signed());
            }
        }
        let scaled = sums.iter().zip(&self.steps).zip(&self.bias);
        scaled.map(|((sum, step), bias)| (sum * step + bias) / self.temperature).collect()
    }

    /// Whether the examples know the folded word as an ordinary word.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.vocabulary.binary_search(&super::features::word_hash(word)).is_ok()
    }
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

/// The bucket of a hash.
pub(super) fn bucket(hash: u32, bits: u8) -> usize {
    (hash >> (32 - u32::from(bits))) as usize
}

fn push_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
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

    fn label(&mut self) -> Result<String, NluError> {
        let length = self.count()?;
        let bytes = self.take(length)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| NluError::Model("a label is not UTF-8"))
    }
}
