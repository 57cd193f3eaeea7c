//! Strings of digits, typed or said aloud: whether one is a telephone, a tax number, a security number or a code.

use super::{Found, Scene, afm, amka, otp, phone};
use crate::greek::number;
use crate::nlu::understanding::{EntityValue, Number};

/// Fewer digits than these are a number, a day or an hour.
const FEWEST: usize = 4;

/// What a string of digits is expected to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A telephone.
    Phone,
    /// A tax number.
    Afm,
    /// A social security number.
    Amka,
    /// A one-time code.
    Otp,
}

/// Digits with the words they were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The first word.
    pub from: usize,
    /// The word after the last.
    pub to: usize,
    /// The digits, perhaps after a `+`.
    pub digits: String,
}

impl Run {
    /// The same words read as exactly `length` digits, where tens said aloud allow it.
    pub fn of_length(&self, scene: &Scene<'_>, length: usize) -> Option<Run> {
        if self.digits.len() == length {
            return Some(self.clone());
        }
        let read = number::digits_of_length(&scene.utterance.words, self.from, length)?;
        (read.end_token == self.to).then(|| Run { digits: read.value, ..self.clone() })
    }
}

/// Adds the identifiers of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    for run in runs(scene) {
        let expected = expected(scene, &run);
        let Some(value) = read(scene, &run, expected) else { continue };
        // «Το ΑΜΚΑ μου είναι …» wishes for no ΑΜΚΑ.
        found.retain(|other| other.to != other.from + 1 || !is_label(scene.word(other.from), &value));
        let asked = expected.is_some() || !matches!(value, EntityValue::Number(_));
        found.push(Found::new(run.from, run.to, value).asked(asked));
    }
}

/// Every string of four digits or more.
fn runs(scene: &Scene<'_>) -> Vec<Run> {
    let words = &scene.utterance.words;
    let mut runs = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let run = match number::digits(words, at) {
            Some(read) => Run { from: at, to: read.end_token, digits: read.value },
            None => match dotted(&words[at].raw) {
                Some(digits) => Run { from: at, to: at + 1, digits },
                None => {
                    at += 1;
                    continue;
                }
            },
        };
        at = run.to.max(at + 1);
        if run.digits.len() >= FEWEST {
            runs.push(run);
        }
    }
    runs
}

/// The digits of `694.412.3456`; dates and hours have fewer.
fn dotted(word: &str) -> Option<String> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let only_digits = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-' | '+'));
    (only_digits && digits.len() >= 9).then_some(digits)
}

/// What the utterance itself calls the digits, before them or else behind them; else what was asked for.
fn expected(scene: &Scene<'_>, run: &Run) -> Option<Expected> {
    let called = |at: usize| called(scene.word(at));
    let named = (0..run.from).rev().find_map(called).or_else(|| (run.to..scene.len()).find_map(called));
    named.or(match scene.context.awaiting.as_deref() {
        Some("phone") => Some(Expected::Phone),
        Some("afm") => Some(Expected::Afm),
        Some("amka") => Some(Expected::Amka),
        Some("otp") => Some(Expected::Otp),
        _ => None,
    })
}

/// What digits are called by a word.
fn called(word: &str) -> Option<Expected> {
    match word {
        "αφμ" | "φορολογικο" | "afm" => Some(Expected::Afm),
        "αμκα" | "amka" => Some(Expected::Amka),
        "κινητο" | "σταθερο" | "τηλεφωνο" | "τηλ" | "kinito" | "tilefono" => {
            Some(Expected::Phone)
        }
        _ => None,
    }
}

/// Whether a word only says what a value is.
fn is_label(word: &str, value: &EntityValue) -> bool {
    let is = |kind: &str| matches!(value, EntityValue::Number(Number::Invalid { invalid, .. }) if invalid == kind);
    match called(word) {
        Some(Expected::Afm) => matches!(value, EntityValue::Afm(_)) || is("afm"),
        Some(Expected::Amka) => matches!(value, EntityValue::Amka(_)) || is("amka"),
        _ => false,
    }
}

fn read(scene: &Scene<'_>, run: &Run, expected: Option<Expected>) -> Option<EntityValue> {
    let wrong = |what: &str| {
        let digits = run.digits.clone();
        Some(EntityValue::Number(Number::Invalid { digits, invalid: what.to_owned() }))
    };
    match expected {
        // A good number of another kind is not taken for a bad one of the expected kind.
        Some(Expected::Phone) => phone::read(scene, run)
            .or_else(|| amka::read(scene, run))
            .or_else(|| otp::named(scene, run))
            .or_else(|| wrong("phone")),
        Some(Expected::Afm) => afm::read(scene, run)
            .or_else(|| amka::read(scene, run))
            .or_else(|| phone::read(scene, run))
            .or_else(|| wrong("afm")),
        Some(Expected::Amka) => amka::read(scene, run)
            .or_else(|| phone::read(scene, run))
            .or_else(|| afm::read(scene, run))
            .or_else(|| wrong("amka")),
        Some(Expected::Otp) => otp::read(run).or_else(|| phone::read(scene, run)),
        None => phone::read(scene, run)
            .or_else(|| amka::read(scene, run))
            .or_else(|| afm::read(scene, run))
            .or_else(|| otp::named(scene, run))
            .or_else(|| match run.digits.len() {
                9 => wrong("afm"),
                10 => wrong("phone"),
                11 if run.digits.starts_with("69") => wrong("phone"),
                11 => wrong("amka"),
                _ => None,
            }),
    }
}
