//! A slip of the finger.

use rand::RngExt;
use rand::rngs::StdRng;

/// The rows of the Greek and of the Latin keyboard.
const ROWS: [&str; 6] = ["ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Two letters swapped, one left out, one struck twice, or its neighbour on the keyboard; never the first letter. A word
/// of fewer than three letters stays.
pub(super) fn slip(rng: &mut StdRng, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return word.to_owned();
    }
    let at = rng.random_range(1..letters.len() - 1);
    match rng.random_range(0..4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = beside(letters[at]),
    }
    letters.into_iter().collect()
}

/// The key beside; an accent is lost with the letter that carried it, and what is on no row stays.
fn beside(letter: char) -> char {
    let plain = super::spelling::without_accents(&letter.to_string()).chars().next().unwrap_or(letter);
    let neighbour = ROWS.iter().find(|row| row.contains(plain)).and_then(|row| {
        let keys: Vec<char> = row.chars().collect();
        let place = keys.iter().position(|key| *key == plain)?;
        keys.get(place + 1).or_else(|| keys.get(place.wrapping_sub(1))).copied()
    });
    neighbour.unwrap_or(letter)
}
