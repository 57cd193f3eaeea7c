//! What the classifier sees of an utterance: hashed words, stems, pairs of them, pieces of words, sounds and shapes.
//!
//! Four views of one word, so that what one spoils another keeps: the word as folded, its sound (ι η υ ει οι are one), its
//! stem (the sound without the ending), and the pieces of the sound, of which a slip of the finger spoils only some.

use super::gazetteer::{sound, stem};
use super::speller::Speller;
use super::utterance::Utterance;

/// One feature: its hash and its weight, before rare features are given more; see [`super::classifier`].
pub type Feature = (u32, f32);

const WORD: f32 = 1.0;
/// A word of a class, beside its class.
const OWN_WORD: f32 = 0.3;
const PAIR: f32 = 0.8;
const PIECE: f32 = 0.35;
const SOUND: f32 = 0.6;
const STEM: f32 = 0.6;
const STEM_PAIR: f32 = 0.5;
/// Two stems with one word between them: what is lost on the line is mostly a small word.
const STEM_GAP: f32 = 0.4;
/// The first and the last stem.
const EDGE: f32 = 0.4;
const SHAPE: f32 = 0.8;
/// Lengths of the pieces of a word, its borders counted as letters.
const PIECES: std::ops::RangeInclusive<usize> = 2..=5;

/// The features of an utterance, its words mended by `speller`; sorted by hash, each once.
#[must_use]
pub(super) fn of(utterance: &Utterance<'_>, speller: &Speller) -> Vec<Feature> {
    let mut features = Features { found: Vec::with_capacity(24 * utterance.words.len() + 8) };
    let heard = heard(utterance, speller);
    features.words(&heard);
    features.stems(&heard);
    features.shape(utterance);
    features.finish()
}

/// The hash under which a word is known to the model's vocabulary.
#[must_use]
pub fn word_hash(word: &str) -> u32 {
    hash(b'w', &[word])
}

/// A word as the features see it.
struct Heard {
    text: String,
    sound: String,
    class: Option<&'static str>,
}

fn heard(utterance: &Utterance<'_>, speller: &Speller) -> Vec<Heard> {
    let meant: Vec<&str> =
        utterance.words.iter().map(|word| speller.mended(&word.text).unwrap_or(&word.text)).collect();
    let classes = super::topics::classes(&meant);
    let words = meant.into_iter().zip(classes);
    words
        .map(|(word, class)| {
            let text = shape_of_number(word).unwrap_or_else(|| word.to_owned());
            Heard { sound: sound(&text), text, class }
        })
        .collect()
}

struct Features {
    found: Vec<Feature>,
}

impl Features {
    fn add(&mut self, kind: u8, parts: &[&str], weight: f32) {
        self.found.push((hash(kind, parts), weight));
    }

    fn words(&mut self, heard: &[Heard]) {
        let mut before = ("^", "^");
        for word in heard {
            if let Some(class) = word.class {
                self.add(b'w', &[&word.text], OWN_WORD);
                if before.0 == class {
                    continue;
                }
                self.add(b'k', &[class], WORD);
                self.add(b'b', &[before.0, class], PAIR);
                self.add(b't', &[before.1, class], SOUND);
                before = (class, class);
                continue;
            }
            self.add(b'w', &[&word.text], WORD);
            self.add(b'b', &[before.0, &word.text], PAIR);
            self.add(b's', &[&word.sound], SOUND);
            self.add(b't', &[before.1, &word.sound], SOUND);
            self.pieces(&word.sound);
            before = (&word.text, &word.sound);
        }
        self.add(b'b', &[before.0, "$"], PAIR);
    }

    /// Stems, alone, beside each other and with one between; the words of a class are the class, said once.
    fn stems(&mut self, heard: &[Heard]) {
        let mut stems: Vec<&str> = heard.iter().map(|word| word.class.unwrap_or_else(|| stem(&word.sound))).collect();
        stems.dedup();
        for stem in &stems {
            self.add(b'm', &[stem], STEM);
        }
        for pair in stems.windows(2) {
            self.add(b'n', pair, STEM_PAIR);
        }
        for three in stems.windows(3) {
            self.add(b'g', &[three[0], three[2]], STEM_GAP);
        }
        if let (Some(first), Some(last)) = (stems.first(), stems.last()) {
            self.add(b'f', &[first], EDGE);
            self.add(b'l', &[last], EDGE);
        }
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
            0 => "0",
            1 => "1",
            2 => "2",
            3 => "3",
            4..=5 => "4",
            6..=9 => "5",
            _ => "6",
        };
        self.add(b'#', &["length", length], SHAPE);
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
