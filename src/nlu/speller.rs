//! Words as they were meant: what is no known word is taken for the known one that sounds the same, or that one slip of the
//! finger away was meant.

use std::collections::HashMap;

use super::gazetteer::sound;

/// The shortest word in which a slip is mended, in letters.
const SHORTEST: usize = 3;
/// How many times rarer a word of the same sound may be than a word one slip away, and still be what was meant.
const SPELT_OTHERWISE: u32 = 8;
/// The longest word that is looked at, in letters.
const LONGEST: usize = 24;
/// In a word of at least this many letters the first letter may be the slip.
const LONG: usize = 6;

/// The known words.
#[derive(Debug, Clone, Default)]
pub(super) struct Speller {
    /// Folded words, the most frequent first.
    words: Vec<String>,
    /// The number of each word.
    known: HashMap<String, u32>,
    /// The most frequent word of each sound.
    by_sound: HashMap<String, u32>,
    /// Hashes of each word, and of it with each letter left out, with the number of the word; sorted.
    slips: Vec<(u32, u32)>,
}

impl PartialEq for Speller {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Speller {
    /// A speller of folded words, the most frequent first.
    pub fn new(words: Vec<String>) -> Self {
        let mut speller = Self::default();
        for (word, number) in words.iter().zip(0_u32..) {
            speller.known.insert(word.clone(), number);
            speller.by_sound.entry(sound(word)).or_insert(number);
            let letters: Vec<char> = word.chars().collect();
            if (SHORTEST..=LONGEST).contains(&letters.len()) {
                slips(&letters, |hash| speller.slips.push((hash, number)));
            }
        }
        speller.slips.sort_unstable();
        speller.slips.dedup();
        speller.words = words;
        speller
    }

    /// The known words, the most frequent first.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The known word that is meant by an unknown one; `None` for a known word, a number, or where no known word is near.
    pub fn mended(&self, word: &str) -> Option<&str> {
        if self.known.contains_key(word) || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let same_sound = self.by_sound.get(&sound(word)).copied();
        let letters: Vec<char> = word.chars().collect();
        let slipped = if (SHORTEST..=LONGEST).contains(&letters.len()) { self.slipped(word, &letters) } else { None };
        let number = match (same_sound, slipped) {
            // A misspelling is likelier than a slip, unless the word that sounds so is a rare one.
            (Some(sound), Some(slip)) => {
                if sound / SPELT_OTHERWISE <= slip {
                    sound
                } else {
                    slip
                }
            }
            (one, other) => one.or(other)?,
        };
        Some(&self.words[number as usize])
    }

    /// The most frequent known word that is one slip away.
    fn slipped(&self, word: &str, letters: &[char]) -> Option<u32> {
        let mut best: Option<(bool, u32)> = None;
        slips(letters, |hash| {
            let from = self.slips.partition_point(|slip| slip.0 < hash);
            for (_, number) in self.slips[from..].iter().take_while(|slip| slip.0 == hash) {
                let known = &self.words[*number as usize];
                let first_differs = known.chars().next() != letters.first().copied();
                let candidate = (first_differs, *number);
                if (!first_differs || letters.len() >= LONG)
                    && best.is_none_or(|best| candidate < best)
                    && strsim::osa_distance(known, word) <= 1
                {
                    best = Some(candidate);
                }
            }
        });
        best.map(|(_, number)| number)
    }
}

/// The hash of a word, and of it with each letter left out.
fn slips(letters: &[char], mut take: impl FnMut(u32)) {
    take(hash(letters.iter()));
    for left_out in 0..letters.len() {
        take(hash(letters[..left_out].iter().chain(&letters[left_out + 1..])));
    }
}

/// FNV-1a over letters.
fn hash<'a>(letters: impl Iterator<Item = &'a char>) -> u32 {
    letters.fold(0x811c_9dc5, |state, letter| (state ^ u32::from(*letter)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_a_known_word_stays() {
        let words = ["ραντεβου", "θελω", "ναι", "κλεισω", "ευχαριστω", "καλα"];
        let speller = Speller::new(words.map(str::to_owned).to_vec());
        for (written, meant) in [
            ("ραντεβοθ", Some("ραντεβου")),
            ("ρανετβου", Some("ραντεβου")),
            ("αντεβου", Some("ραντεβου")),
            ("θελλω", Some("θελω")),
            ("θελο", Some("θελω")),
            ("κλισο", Some("κλεισω")),
            ("εφχαριστω", Some("ευχαριστω")),
            ("νσι", Some("ναι")),
            ("θελω", None),
            ("σαλα", None),
            ("παπουτσια", None),
            ("6944", None),
            ("", None),
        ] {
            assert_eq!(speller.mended(written), meant, "{written}");
        }
    }
}
