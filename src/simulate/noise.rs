//! How people really write: without accents, in Latin letters, with slips of the finger and of the ear.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::greek::fold::fold;

/// What happens to what a citizen writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
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
}

/// How one citizen writes the letters that have several Latin faces.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    /// η as h rather than i.
    eta_as_h: bool,
    /// ω as w rather than o.
    omega_as_w: bool,
    /// χ as x rather than ch.
    chi_as_x: bool,
    /// υ as u rather than y.
    upsilon_as_u: bool,
}

/// One word in how many has a slip.
const SLIP_EVERY: f64 = 1.0 / 7.0;

impl Hand {
    /// Draws the habits of one citizen.
    pub fn draw(rng: &mut StdRng) -> Self {
        let mut toss = || rng.random_bool(0.5);
        Self { eta_as_h: toss(), omega_as_w: toss(), chi_as_x: toss(), upsilon_as_u: toss() }
    }
}

impl Noise {
    /// The text as it is really written; `names` are never misspelled, people know their own.
    pub fn apply(self, rng: &mut StdRng, hand: Hand, text: &str, names: &str) -> String {
        match self {
            Self::Clean => text.to_owned(),
            Self::Accents => without_accents(text),
            Self::Greeklish => greeklish(text, hand),
            Self::Typos => {
                let words = text
                    .split(' ')
                    .map(|word| if names.contains(bare(word)) { word.to_owned() } else { slip(rng, word) });
                words.collect::<Vec<_>>().join(" ")
            }
        }
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Accents go, case and the final sigma stay.
fn without_accents(text: &str) -> String {
    const PLAIN: [(char, char); 18] = [
        ('ά', 'α'),
        ('έ', 'ε'),
        ('ή', 'η'),
        ('ί', 'ι'),
        ('ό', 'ο'),
        ('ύ', 'υ'),
        ('ώ', 'ω'),
        ('ϊ', 'ι'),
        ('ϋ', 'υ'),
        ('ΐ', 'ι'),
        ('ΰ', 'υ'),
        ('Ά', 'Α'),
        ('Έ', 'Ε'),
        ('Ή', 'Η'),
        ('Ί', 'Ι'),
        ('Ό', 'Ο'),
        ('Ύ', 'Υ'),
        ('Ώ', 'Ω'),
    ];
    text.chars().map(|c| PLAIN.iter().find(|(accented, _)| *accented == c).map_or(c, |(_, plain)| *plain)).collect()
}

fn greeklish(text: &str, hand: Hand) -> String {
    let text = fold(&text.replace('Ϊ', "Ι")).replace("ου", "ou").replace("μπ", "mp").replace("ντ", "nt");
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
            'θ' => "th",
            'κ' => "k",
            'λ' => "l",
            'μ' => "m",
            'ν' => "n",
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

/// Words of four letters and more slip now and then; numbers and codes never.
fn slip(rng: &mut StdRng, word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    if bare(word).chars().count() < 4 || word.chars().any(|c| c.is_ascii_alphanumeric()) || !rng.random_bool(SLIP_EVERY)
    {
        return word.to_owned();
    }
    if rng.random_bool(0.5)
        && let Some(heard) = same_sound(rng, word)
    {
        return heard;
    }
    finger(rng, letters)
}

/// Another spelling of the same sound: η for ι, ο for ω, ε for αι.
fn same_sound(rng: &mut StdRng, word: &str) -> Option<String> {
    const SOUNDS: [(&str, &str); 12] = [
        ("η", "ι"),
        ("ή", "ί"),
        ("ι", "η"),
        ("ί", "ή"),
        ("υ", "ι"),
        ("ύ", "ί"),
        ("ει", "ι"),
        ("ω", "ο"),
        ("ώ", "ό"),
        ("αι", "ε"),
        ("ό", "ώ"),
        ("οι", "ι"),
    ];
    let possible: Vec<_> =
        SOUNDS.iter().filter(|(from, _)| word.contains(from) && !part_of_digraph(word, from)).collect();
    possible.choose(rng).map(|(from, to)| word.replacen(from, to, 1))
}

/// Whether a single vowel stands in a digraph, where nobody takes it for another one.
fn part_of_digraph(word: &str, vowel: &str) -> bool {
    const DIGRAPHS: [&str; 12] = ["αι", "αί", "ει", "εί", "οι", "οί", "ου", "ού", "αυ", "αύ", "ευ", "εύ"];
    vowel.chars().count() == 1 && DIGRAPHS.iter().any(|pair| pair.contains(vowel) && word.contains(pair))
}

/// A slip of the finger: two letters swapped, one left out, one struck twice, or its neighbour on the keyboard.
fn finger(rng: &mut StdRng, mut letters: Vec<char>) -> String {
    const ROWS: [&str; 3] = ["ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"];
    let at = rng.random_range(1..letters.len() - 1);
    match rng.random_range(0..4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => {
            let row = ROWS.iter().find(|row| row.contains(letters[at]));
            let beside = row.and_then(|row| {
                let keys: Vec<char> = row.chars().collect();
                let place = keys.iter().position(|key| *key == letters[at])?;
                keys.get(place + 1).or_else(|| keys.get(place.wrapping_sub(1))).copied()
            });
            letters[at] = beside.unwrap_or(letters[at]);
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn accents_go_and_everything_else_stays() {
        assert_eq!(without_accents("Θέλω ραντεβού στις 10:15, Μαΐου"), "Θελω ραντεβου στις 10:15, Μαιου");
    }

    #[test]
    fn greeklish_has_no_greek_letter_and_keeps_numbers() {
        let hand = Hand::draw(&mut StdRng::seed_from_u64(1));
        let written = greeklish("Θέλω ραντεβού για τη μητέρα μου, 26/11;", hand);
        assert!(written.is_ascii() && written.contains("26/11") && written.contains("rantevou"), "{written}");
    }

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
}
