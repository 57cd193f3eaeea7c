//! The table of readings again, written as people really write.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::greek::noise::{Hand, Noise};

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

/// Reads every row as `noise` makes it, drawn from one seed; a new hand writes each row.
fn share_under(noise: Noise, floor: f64) {
    let mut rng = StdRng::seed_from_u64(4);
    share_read(noise.name(), floor, |text| {
        let hand = Hand::draw(&mut rng);
        noise.apply(&mut rng, hand, text, "")
    });
}

#[test]
fn without_accents_everything_is_read() {
    share_under(Noise::Accents, 1.0);
}

#[test]
fn greeklish_is_read() {
    share_under(Noise::Greeklish, 0.95);
}

#[test]
fn what_is_written_as_it_is_heard_is_read() {
    share_under(Noise::Itacism, 0.95);
}

#[test]
fn slips_of_the_finger_are_read() {
    share_under(Noise::Keyboard, 0.82);
}
