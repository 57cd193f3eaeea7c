//! Appointment references: `KTA-48273`, «κάπα ταυ άλφα τέσσερα οχτώ δύο εφτά τρία».

use super::{Found, Scene};
use crate::booking::reference::Reference;
use crate::greek::{number, spell};
use crate::nlu::understanding::{EntityValue, Number};

const LETTERS: usize = 3;
const DIGITS: usize = 5;

/// Adds the references of the utterance, and what was meant to be one.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    for from in 0..scene.len() {
        let Some((to, code)) = code(scene, from) else { continue };
        match Reference::parse(&code) {
            Ok(reference) => {
                let value = EntityValue::Reference(reference.as_str().to_owned());
                found.push(Found::new(from, to, value).asked(true));
            }
            Err(_) => {
                let value = Number::Invalid { digits: code, invalid: "reference".to_owned() };
                found.push(Found::new(from, to, EntityValue::Number(value)).asked(true));
            }
        }
    }
}

/// Three letters and five digits that begin at word `from`, and where they end.
fn code(scene: &Scene<'_>, from: usize) -> Option<(usize, String)> {
    let mut code = String::new();
    let mut at = from;
    if let Some(spelled) = spell::letters(&scene.utterance.words, from)
        && spelled.value.chars().count() == LETTERS
    {
        code = spelled.value.to_lowercase();
        at = spelled.end_token;
    }
    while at < scene.len() && code.chars().count() < LETTERS {
        let raw = scene.utterance.words[at].raw.to_lowercase();
        if at == from
            && let Some(whole) = whole_code(&raw)
        {
            return Some((at + 1, whole));
        }
        code.push_str(letters(scene.word(at), &raw)?.as_str());
        at += 1;
    }
    if code.chars().count() != LETTERS {
        return None;
    }
    if matches!(scene.word(at), "-" | "παυλα") {
        at += 1;
    }
    let digits = number::digits_of_length(&scene.utterance.words, at, DIGITS)?;
    // More digits than that are no reference.
    if digits.value.len() != DIGITS || number::digits(&scene.utterance.words, digits.end_token).is_some() {
        return None;
    }
    code.push_str(&digits.value);
    Some((digits.end_token, code))
}

/// `kta-48273` and `kta48273`.
fn whole_code(raw: &str) -> Option<String> {
    let plain: String = raw.chars().filter(|c| c.is_alphanumeric()).collect();
    let cut = plain.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = plain.split_at(cut);
    let shaped = letters.chars().count() == LETTERS && digits.len() == DIGITS;
    (shaped && digits.bytes().all(|b| b.is_ascii_digit())).then_some(plain)
}

/// One to three letters that a reference may have, written or called by name.
fn letters(word: &str, raw: &str) -> Option<String> {
    let named = match word {
        "αλφα" | "alfa" | "alpha" => "α",
        "βητα" | "βιτα" | "vita" | "beta" => "β",
        "εψιλον" | "εψιλο" | "epsilon" => "ε",
        "καπα" | "καππα" | "kapa" | "kappa" => "κ",
        "μι" | "μυ" | "mi" => "μ",
        "ρο" | "ρω" | "ro" => "ρ",
        "ταυ" | "ταφ" | "taf" | "tau" => "τ",
        "χι" | "hi" | "chi" | "xi" => "χ",
        _ => "",
    };
    if !named.is_empty() {
        return Some(named.to_owned());
    }
    let short = raw.chars().count() <= LETTERS && raw.chars().all(|c| "αάβεέκμρτχabekmptx".contains(c));
    short.then(|| raw.to_owned())
}
