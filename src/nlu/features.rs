//! What the classifier sees of an utterance: hashed words, pairs of words, pieces of words, sounds and shapes.

use super::utterance::Utterance;

/// One feature: its hash and its weight; the weights of an utterance make a vector of length 1.
pub type Feature = (u32, f32);

const WORD: f32 = 1.0;
/// A word of a class, beside its class.
const OWN_WORD: f32 = 0.3;
const PAIR: f32 = 0.8;
const PIECE: f32 = 0.35;
const SOUND: f32 = 0.6;
const SHAPE: f32 = 0.8;
/// Lengths of the pieces of a word, its borders counted as letters.
const PIECES: std::ops::RangeInclusive<usize> = 2..=5;

/// The features of a text.
#[must_use]
pub fn of_text(text: &str) -> Vec<Feature> {
    of(&Utterance::new(text))
}

/// The features of an utterance, sorted by hash, each once.
#[must_use]
pub(crate) fn of(utterance: &Utterance<'_>) -> Vec<Feature> {
    let mut features = Features::default();
    features.words(utterance);
    features.shape(utterance);
    features.finish()
}

/// The hash under which a word is known to the model's vocabulary.
#[must_use]
pub fn word_hash(word: &str) -> u32 {
    hash(b'w', &[word])
}

#[derive(Default)]
struct Features {
    found: Vec<Feature>,
}

impl Features {
    fn add(&mut self, kind: u8, parts: &[&str], weight: f32) {
        self.found.push((hash(kind, parts), weight));
    }

    fn words(&mut self, utterance: &Utterance<'_>) {
        let classes = super::topics::classes(utterance);
        let mut before = ("^".to_owned(), "^".to_owned());
        for (at, word) in utterance.words.iter().enumerate() {
            let text = shape_of_number(&word.text).unwrap_or_else(|| word.text.clone());
            let sound = super::gazetteer::sound(&text);
            if let Some(class) = classes[at] {
                self.add(b'w', &[&text], OWN_WORD);
                let class = format!("<{class}>");
                if before.0 == class {
                    continue;
                }
                self.add(b'w', &[&class], WORD);
                self.add(b'b', &[&before.0, &class], PAIR);
                self.add(b't', &[&before.1, &class], SOUND);
                before = (class.clone(), class);
                continue;
            }
            self.add(b'w', &[&text], WORD);
            self.add(b'b', &[&before.0, &text], PAIR);
            self.add(b's', &[&sound], SOUND);
            self.add(b't', &[&before.1, &sound], SOUND);
            self.pieces(&sound);
            before = (text, sound);
        }
        self.add(b'b', &[&before.0, "$"], PAIR);
    }

    /// Runs of letters inside `_word_`.
    fn pieces(&mut self, word: &str) {
        let bordered = format!("_{word}_");
        let mut borders: Vec<usize> = bordered.char_indices().map(|(at, _)| at).collect();
        borders.push(bordered.len());
        for length in PIECES {
            for start in 0..borders.len().saturating_sub(length) {
                self.add(b'c', &[&bordered[borders[start]..borders[start + length]]], PIECE);
            }
        }
    }

    fn shape(&mut self, utterance: &Utterance<'_>) {
        let length = match utterance.words.len() {
            few @ 0..=3 => few,
            4..=5 => 4,
            6..=9 => 5,
            _ => 6,
        };
        self.add(b'#', &["length", &length.to_string()], SHAPE);
        if utterance.is_question() {
            self.add(b'#', &["question"], SHAPE);
        }
        let has = |test: fn(char) -> bool| utterance.text.contains(test);
        if has(|c| c.is_ascii_digit()) {
            self.add(b'#', &["digits"], SHAPE);
            if !has(char::is_alphabetic) {
                self.add(b'#', &["digits only"], SHAPE);
            }
        }
        if utterance.words.len() > 1 && utterance.words.iter().all(|word| starts_with_capital(&word.raw)) {
            self.add(b'#', &["capitals"], SHAPE);
        }
    }

    fn finish(mut self) -> Vec<Feature> {
        self.found.sort_unstable_by_key(|feature| feature.0);
        // A word said twice counts no more than a word said once.
        self.found.dedup_by_key(|feature| feature.0);
        let length = self.found.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::EPSILON);
        for (_, weight) in &mut self.found {
            *weight /= length;
        }
        self.found
    }
}

/// `##:##` of `10:30`; numbers are told apart by their shape only.
fn shape_of_number(word: &str) -> Option<String> {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '+')
        .then(|| word.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect())
}

fn starts_with_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// FNV-1a with a last mix, so that the low bits are as good as the high ones.
fn hash(kind: u8, parts: &[&str]) -> u32 {
    let mut state: u32 = (0x811c_9dc5 ^ u32::from(kind)).wrapping_mul(0x0100_0193);
    for part in parts {
        for byte in part.bytes().chain([0x1f]) {
            state = (state ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    state ^= state >> 16;
    state = state.wrapping_mul(0x85eb_ca6b);
    state ^ (state >> 13)
}
