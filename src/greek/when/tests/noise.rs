//! The table of readings again, written as people really write.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::greek::fold::fold;

/// Texts of the table whose reading hangs on the accent and on nothing else: «η τέταρτη» is no Wednesday.
const BY_ACCENT: &[&str] = &["η τέταρτη"];

/// Reads every row after `noise` and asserts that at least `floor` of those that it changed keep their meaning.
fn share_read(name: &str, floor: f64, mut noise: impl FnMut(&str) -> String) {
    let (mut right, mut all, mut wrong) = (0_u32, 0_u32, Vec::new());
    for row in crate::greek::table(include_str!("../../data/when.tsv")) {
        let (text, bare_numbers) = row[1].strip_prefix('?').map_or((row[1], false), |text| (text, true));
        let written = noise(text);
        if written == text || BY_ACCENT.contains(&text) {
            continue;
        }
        all += 1;
        let found = find_with(&written, moment(row[0]), Options { bare_numbers });
        let values: Vec<&When> = found.iter().map(|f| &f.value).collect();
        if serde_json::to_string(&values).expect("plain data") == *row.last().expect("values") {
            right += 1;
        } else {
            wrong.push(format!("{text} → {written}"));
        }
    }
    let share = f64::from(right) / f64::from(all);
    report(&format!("{name}: {right} of {all} ({share:.4}); read otherwise:\n{}", wrong.join("\n")));
    assert!(share >= floor, "{name}: {share:.4} is below {floor}:\n{}", wrong.join("\n"));
}

#[test]
fn without_accents_everything_is_read() {
    share_read("accents", 1.0, fold);
}

#[test]
fn greeklish_is_read() {
    let mut rng = StdRng::seed_from_u64(4);
    // «p.m.» in Latin letters is the English one.
    share_read(
        "greeklish",
        0.95,
        |text| if text.contains("π.μ.") { text.to_owned() } else { greeklish(&mut rng, text) },
    );
}

#[test]
fn what_is_written_as_it_is_heard_is_read() {
    let mut rng = StdRng::seed_from_u64(5);
    share_read("itacism", 0.97, |text| heard(&mut rng, text));
}

#[test]
fn one_slip_of_the_finger_is_read() {
    let mut rng = StdRng::seed_from_u64(6);
    share_read("slips", 0.85, |text| slipped(&mut rng, text));
}

/// Latin letters by the habits of one drawn hand.
fn greeklish(rng: &mut StdRng, text: &str) -> String {
    let (eta, omega, chi, upsilon, theta, xi) = (
        *["h", "i"].choose(rng).expect("two"),
        *["w", "o"].choose(rng).expect("two"),
        *["x", "ch", "h"].choose(rng).expect("three"),
        *["y", "u"].choose(rng).expect("two"),
        *["th", "8"].choose(rng).expect("two"),
        *["ks", "x", "3"].choose(rng).expect("three"),
    );
    let folded = fold(text).replace("ου", "ou");
    let mut written = String::with_capacity(folded.len());
    for c in folded.chars() {
        let place = "αβγδειζκλμνοπρσςτφψ".chars().position(|letter| letter == c);
        match (c, place) {
            ('η', _) => written.push_str(eta),
            ('ω', _) => written.push_str(omega),
            ('χ', _) => written.push_str(chi),
            ('υ', _) => written.push_str(upsilon),
            ('θ', _) => written.push_str(theta),
            ('ξ', _) => written.push_str(xi),
            (_, Some(place)) => {
                const LATIN: [&str; 19] =
                    ["a", "v", "g", "d", "e", "i", "z", "k", "l", "m", "n", "o", "p", "r", "s", "s", "t", "f", "ps"];
                written.push_str(LATIN[place]);
            }
            (other, None) => written.push(other),
        }
    }
    written
}

/// Each vowel sound of a word of three letters and more, one time in three, by another spelling of it.
fn heard(rng: &mut StdRng, text: &str) -> String {
    const SOUNDS: [&[&str]; 3] = [&["ει", "οι", "η", "ι", "υ"], &["ο", "ω"], &["αι", "ε"]];
    let words = text.split(' ').map(|word| {
        let letters: Vec<char> = fold(word).chars().collect();
        if letters.len() < 3 || word.chars().any(|c| !c.is_alphabetic()) {
            return word.to_owned();
        }
        let mut written = String::new();
        let mut at = 0;
        while at < letters.len() {
            let pair: String = letters[at..letters.len().min(at + 2)].iter().collect();
            if matches!(pair.as_str(), "ου" | "αυ" | "ευ") {
                written.push_str(&pair);
                at += 2;
                continue;
            }
            let spelt = SOUNDS.iter().find_map(|sound| {
                let spelling = sound.iter().find(|spelling| pair.starts_with(**spelling))?;
                Some((*sound, *spelling))
            });
            match spelt {
                Some((sound, spelling)) => {
                    // A vowel before another would make a digraph that sounds otherwise.
                    let alone = at == 0 || !"αεου".contains(letters[at - 1]);
                    let other = sound.choose(rng).filter(|_| alone && rng.random_bool(1.0 / 3.0));
                    written.push_str(other.unwrap_or(&spelling));
                    at += spelling.chars().count();
                }
                None => {
                    written.push(letters[at]);
                    at += 1;
                }
            }
        }
        if written == letters.iter().collect::<String>() { word.to_owned() } else { written }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// One slip in one drawn word of four letters and more: two letters swapped, one left out, one struck twice, or its
/// neighbour on the keyboard. First letters stand, as people see those.
fn slipped(rng: &mut StdRng, text: &str) -> String {
    const ROWS: [&str; 3] = ["ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"];
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len())
        .filter(|at| words[*at].chars().count() > 3 && words[*at].chars().all(char::is_alphabetic))
        .collect();
    let Some(drawn) = long.choose(rng) else { return text.to_owned() };
    let mut letters: Vec<char> = fold(&words[*drawn]).chars().collect();
    let at = rng.random_range(1..letters.len() - 1);
    match rng.random_range(0..4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => {
            let row: Vec<char> =
                ROWS.iter().find(|row| row.contains(letters[at])).map_or(vec![], |row| row.chars().collect());
            let place = row.iter().position(|key| *key == letters[at]).unwrap_or(0);
            let beside: Vec<char> =
                [place.wrapping_sub(1), place + 1].iter().filter_map(|i| row.get(*i)).copied().collect();
            letters[at] = *beside.choose(rng).unwrap_or(&letters[at]);
        }
    }
    let plain = fold(&words[*drawn]);
    let written: String = letters.iter().collect();
    if written != plain {
        words[*drawn] = written;
    }
    words.join(" ")
}
