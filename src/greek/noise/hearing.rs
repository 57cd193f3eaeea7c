//! What speech recognition makes of a sentence said over the telephone.

use rand::RngExt;
use rand::rngs::StdRng;

use super::{bare, is_fixed, spelling};

/// How often a small word (at most three letters, unstressed as they are) is lost, and any other word.
const SMALL_LOST: f64 = 0.12;
const WORD_LOST: f64 = 0.03;
/// How often a word is taken for one of the same sound.
const TAKEN_FOR_ANOTHER: f64 = 0.15;
/// A sentence of fewer words loses none: there would be nothing left to understand.
const SHORTEST_LOSING: usize = 3;

/// Without punctuation and capitals, some words lost, some in another spelling.
pub(super) fn heard(rng: &mut StdRng, text: &str, names: &str) -> String {
    let words: Vec<&str> = text.split(' ').map(bare).filter(|word| !word.is_empty()).collect();
    let loses = words.len() >= SHORTEST_LOSING;
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in &words {
        let fixed = is_fixed(word, names);
        let lost = if word.chars().count() <= 3 { SMALL_LOST } else { WORD_LOST };
        if loses && !fixed && rng.random_bool(lost) {
            continue;
        }
        let other = if !fixed && rng.random_bool(TAKEN_FOR_ANOTHER) { spelling::same_sound(rng, word) } else { None };
        kept.push(other.unwrap_or_else(|| (*word).to_owned()).to_lowercase());
    }
    if kept.is_empty() { words.join(" ") } else { kept.join(" ") }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn most_words_stay_and_a_short_answer_stays_whole() {
        let mut rng = StdRng::seed_from_u64(5);
        let text = "Θέλω, παρακαλώ, να αλλάξω το ραντεβού μου στο ΚΕΠ για τις 12:30!";
        let lengths: Vec<usize> = (0..100).map(|_| heard(&mut rng, text, "").split(' ').count()).collect();
        assert!(lengths.iter().sum::<usize>() > 950 && lengths.iter().any(|n| *n < 11), "{lengths:?}");
        assert!((0..20).all(|_| heard(&mut rng, text, "").contains("12:30")));
        assert_eq!(heard(&mut rng, "όχι άλλο!", "").split(' ').count(), 2);
    }
}
