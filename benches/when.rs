//! How long one reading of a time takes: every text of the table of readings, alone; median and 99th percentile.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ariadni::greek::when;

const TABLE: &str = include_str!("../src/greek/data/when.tsv");
const ROUNDS: usize = 100;

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() {
    let now = "2026-11-23T09:00:00".parse().expect("a local time");
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let texts: Vec<&str> =
        rows.filter_map(|line| line.split('\t').nth(1)).map(|text| text.trim_start_matches('?')).collect();
    let greek = |text: &&&str| !text.contains(|c: char| c.is_ascii_alphabetic());
    let plain: Vec<&str> = texts.iter().filter(greek).copied().collect();
    let latin: Vec<&str> = texts.iter().filter(|text| !greek(text)).copied().collect();
    let sentence = "καλημέρα σας, θα ήθελα ένα ραντεβού για τη μητέρα μου στο ΚΕΠ Κυψέλης την άλλη Τρίτη το πρωί, κατά τις \
                    δέκα και τέταρτο, αν γίνεται";
    for (name, texts) in [("expressions", plain), ("in Latin letters", latin), ("one long sentence", vec![sentence])] {
        // The tables are made at the first reading.
        let mut times: Vec<Duration> = Vec::with_capacity(texts.len() * ROUNDS);
        for round in 0..=ROUNDS {
            for text in &texts {
                let begun = Instant::now();
                black_box(when::find(black_box(text), now));
                if round > 0 {
                    times.push(begun.elapsed());
                }
            }
        }
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
        println!("when: {name}: {} texts, median {:.1} µs, p99 {:.1} µs", texts.len(), at(50), at(99));
    }
}
