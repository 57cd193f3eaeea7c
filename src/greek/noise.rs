//! How people really write, and what recognition makes of what they say: without accents, in Latin letters, as they hear
//! it, with slips of the finger, with words lost on the line.
//!
//! One home for three uses: simulated citizens, the noise sweeps of `nlu evaluate`, and the examples that training adds.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::fold::fold;

mod finger;
mod hearing;
mod latin;
mod spelling;

pub use latin::Hand;

/// What happens to what a citizen writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Noise {
    /// Nothing.
    #[default]
    Clean,
    /// Accents are left out.
    Accents,
    /// Greek in Latin letters.
    Greeklish,
    /// A slip of the finger, or one sound for another of the same, in a word now and then.
    Typos,
    /// Spelt as it sounds: every second word that could be spelt otherwise is.
    Itacism,
    /// One slip of the finger, two in a longer text.
    Keyboard,
    /// Heard over the telephone: small words lost, words of the same sound, no accents of a sentence.
    Hearing,
}

/// One word in how many has a slip.
const SLIP_EVERY: f64 = 1.0 / 7.0;
/// The shortest word that a finger slips in, in letters.
const SHORTEST_SLIPPED: usize = 3;
/// A text of more letters than this has two slips.
const TWO_SLIPS_ABOVE: usize = 24;

impl Noise {
    /// The kinds that the sweeps of `nlu evaluate` go through.
    pub const SWEPT: [Self; 5] = [Self::Accents, Self::Greeklish, Self::Itacism, Self::Keyboard, Self::Hearing];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Accents => "accents",
            Self::Greeklish => "greeklish",
            Self::Typos => "typos",
            Self::Itacism => "itacism",
            Self::Keyboard => "keyboard",
            Self::Hearing => "hearing",
        }
    }

    /// The text as it is really written; `names` are never misspelled, people know their own.
    pub fn apply(self, rng: &mut StdRng, hand: Hand, text: &str, names: &str) -> String {
        match self {
            Self::Clean => text.to_owned(),
            Self::Accents => spelling::without_accents(text),
            Self::Greeklish => latin::written(text, hand),
            Self::Typos => each_word(text, names, |word| slip_now_and_then(rng, word)),
            Self::Itacism => {
                each_word(text, names, |word| if rng.random_bool(0.5) { spelling::same_sound(rng, word) } else { None })
            }
            Self::Keyboard => keyboard(rng, text, names),
            Self::Hearing => hearing::heard(rng, text, names),
        }
    }
}

/// The text with each word that `changed` changes changed; numbers, codes and names stay.
fn each_word(text: &str, names: &str, mut changed: impl FnMut(&str) -> Option<String>) -> String {
    let written = |word: &str| {
        let fixed = is_fixed(word, names);
        (if fixed { None } else { changed(word) }).unwrap_or_else(|| word.to_owned())
    };
    text.split(' ').map(written).collect::<Vec<_>>().join(" ")
}

/// Names, numbers, codes and addresses are written as they are.
fn is_fixed(word: &str, names: &str) -> bool {
    let bare = bare(word);
    bare.is_empty() || names.contains(bare) || word.contains(|c: char| c.is_ascii_digit() || c == '@')
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Words of four letters and more slip now and then.
fn slip_now_and_then(rng: &mut StdRng, word: &str) -> Option<String> {
    let slips = bare(word).chars().count() > 3
        && !word.contains(|c: char| c.is_ascii_alphanumeric())
        && rng.random_bool(SLIP_EVERY);
    if !slips {
        return None;
    }
    if rng.random_bool(0.5)
        && let Some(heard) = spelling::same_sound(rng, word)
    {
        return Some(heard);
    }
    Some(finger::slip(rng, word))
}

fn keyboard(rng: &mut StdRng, text: &str, names: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let can_slip = |word: &str| bare(word).chars().count() >= SHORTEST_SLIPPED && !is_fixed(word, names);
    let mut places: Vec<usize> = (0..words.len()).filter(|at| can_slip(&words[*at])).collect();
    let slips = if text.chars().count() > TWO_SLIPS_ABOVE { 2 } else { 1 };
    for _ in 0..slips {
        let Some(at) = places.choose(rng).copied() else { break };
        places.retain(|place| *place != at);
        words[at] = finger::slip(rng, &words[at]);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn slips_are_few_and_spare_names_and_numbers() {
        let mut rng = StdRng::seed_from_u64(2);
        let hand = Hand::draw(&mut rng);
        let text = "Θέλω ραντεβού για Μαρία Παπαδοπούλου στο 6944123456 παρακαλώ";
        let slipped: Vec<String> =
            (0..200).map(|_| Noise::Typos.apply(&mut rng, hand, text, "Μαρία Παπαδοπούλου")).collect();
        let changed = slipped.iter().filter(|s| *s != text).count();
        assert!((40..160).contains(&changed), "{changed}");
        assert!(slipped.iter().all(|s| s.contains("Μαρία Παπαδοπούλου στο 6944123456")));
    }

    #[test]
    fn every_swept_kind_changes_most_texts_and_repeats_itself_from_one_seed() {
        let text = "Θέλω να κλείσω ραντεβού για την ταυτότητα, έχετε την Τετάρτη;";
        for kind in Noise::SWEPT {
            let written = |seed| {
                let mut rng = StdRng::seed_from_u64(seed);
                let hand = Hand::draw(&mut rng);
                kind.apply(&mut rng, hand, text, "")
            };
            let changed = (0..50).filter(|seed| written(*seed) != text).count();
            assert!(changed >= 45, "{} changed {changed} of 50", kind.name());
            assert_eq!(written(7), written(7));
        }
    }

    #[test]
    fn a_finger_slips_once_or_twice() {
        let mut rng = StdRng::seed_from_u64(3);
        let text = "θέλω να αλλάξω το ραντεβού μου";
        for _ in 0..100 {
            let slipped = Noise::Keyboard.apply(&mut rng, Hand::default(), text, "");
            let changed = text.split(' ').zip(slipped.split(' ')).filter(|(a, b)| a != b).count();
            assert!((1..=2).contains(&changed), "{slipped}");
            assert!(strsim::osa_distance(text, &slipped) <= 2, "{slipped}");
        }
    }
}
