//! Greek in Latin letters, by the habits of one writer.

use rand::RngExt;
use rand::rngs::StdRng;

use super::fold;

/// How one citizen writes the letters that have several Latin faces.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hand {
    /// η as h rather than i.
    eta_as_h: bool,
    /// ω as w rather than o.
    omega_as_w: bool,
    /// χ as x rather than ch.
    chi_as_x: bool,
    /// υ as u rather than y.
    upsilon_as_u: bool,
    /// θ as 8 and ξ as 3 rather than th and ks.
    digits: bool,
    /// ου as u rather than ou.
    ou_as_u: bool,
}

impl Hand {
    /// Draws the habits of one citizen.
    pub fn draw(rng: &mut StdRng) -> Self {
        let mut toss = || rng.random_bool(0.5);
        let (eta_as_h, omega_as_w, chi_as_x, upsilon_as_u) = (toss(), toss(), toss(), toss());
        // Rarer habits.
        let (digits, ou_as_u) = (rng.random_bool(0.3), rng.random_bool(0.2));
        Self { eta_as_h, omega_as_w, chi_as_x, upsilon_as_u, digits, ou_as_u }
    }
}

pub(super) fn written(text: &str, hand: Hand) -> String {
    let ou = if hand.ou_as_u { "u" } else { "ou" };
    let text = fold(&text.replace('Ϊ', "Ι")).replace("ου", ou).replace("μπ", "mp").replace("ντ", "nt");
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        let latin = match c {
            'α' => "a",
            'β' => "v",
            'γ' => "g",
            'δ' => "d",
            'ε' => "e",
            'ζ' => "z",
            'η' if hand.eta_as_h => "h",
            'η' | 'ι' => "i",
            'θ' if hand.digits => "8",
            'θ' => "th",
            'κ' => "k",
            'λ' => "l",
            'μ' => "m",
            'ν' => "n",
            'ξ' if hand.digits => "3",
            'ξ' => "ks",
            'ο' => "o",
            'π' => "p",
            'ρ' => "r",
            'σ' | 'ς' => "s",
            'τ' => "t",
            'υ' if hand.upsilon_as_u => "u",
            'υ' => "y",
            'φ' => "f",
            'χ' if hand.chi_as_x => "x",
            'χ' => "ch",
            'ψ' => "ps",
            'ω' if hand.omega_as_w => "w",
            'ω' => "o",
            // A Greek question mark is a Latin one.
            ';' => "?",
            other => {
                written.push(other);
                continue;
            }
        };
        written.push_str(latin);
    }
    written
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn greeklish_has_no_greek_letter_and_keeps_numbers() {
        let hand = Hand { ou_as_u: false, ..Hand::draw(&mut StdRng::seed_from_u64(1)) };
        let written = written("Θέλω ραντεβού για τη μητέρα μου, 26/11;", hand);
        assert!(written.is_ascii() && written.contains("26/11") && written.contains("rantevou"), "{written}");
    }
}
