//! What the transformer costs: time and memory of the tiny one of the tests, and of one as large as the published Greek ones
//! (twelve layers of 768, 35,000 word pieces) with weights drawn at random. `cargo bench --features bert --bench bert`.

use std::hint::black_box;
use std::time::Instant;

use ariadni::nlu::bert::folder;
use ariadni::nlu::bert::training::{Settings, fine_tune};
use ariadni::nlu::classifier::IntentClassifier;
use rust_bert::bert::BertConfig;

#[expect(dead_code, reason = "the tests need more of it")]
#[path = "../tests/bert/tiny.rs"]
mod tiny;

const UTTERANCES: &str = include_str!("utterances.txt");
/// What is fine-tuned on: every tenth example of two intents.
const FEW: [&str; 2] = ["affirm", "ask_cost"];

fn main() {
    // One thread all along, which a busy machine can give.
    let _alone = tiny::alone();
    let base = BertConfig { vocab_size: 35_000, ..BertConfig::default() };
    let sizes = [("tiny, 2 × 64", tiny::config(), 200), ("base, 12 × 768", base, 20)];
    for (name, config, rounds) in sizes {
        measure(name, &config, rounds);
    }
}

#[expect(clippy::print_stdout, reason = "a bench tells its figures on stdout")]
fn measure(name: &str, config: &BertConfig, rounds: usize) {
    let here = tempfile::tempdir().expect("a folder");
    let out = here.path().join("out");
    let examples = tiny::examples(&FEW, 10);
    drop(tiny::make_of(here.path(), config, tiny::vocabulary(&examples)));
    let settings = Settings { epochs: 1, ..Settings::default() };
    let mut begun = None;
    let mut took = 0.0;
    let mut progress = |done: usize, of: usize| {
        let begun: &mut Instant = begun.get_or_insert_with(Instant::now);
        if done == of {
            took = begun.elapsed().as_secs_f64() / f64::from(u32::try_from(of).expect("few"));
        }
    };
    let (trained, read) = fine_tune(here.path(), &examples, &settings, &mut progress).expect("a model");
    folder::save(&trained, &read, &out).expect("a folder");
    drop(trained);
    let bytes = std::fs::metadata(out.join(folder::WEIGHTS)).map_or(0, |file| file.len());
    println!("bert: {name}: weights {} MB, a step of 16 examples {:.3} s", bytes / 1_000_000, took);

    let before = resident();
    let (bert, _) = folder::load(&out).expect("a model");
    let held = resident().saturating_sub(before);
    let mut times = Vec::new();
    for _ in 0..rounds {
        for text in UTTERANCES.lines() {
            let begun = Instant::now();
            black_box(bert.rank(black_box(text)));
            times.push(begun.elapsed().as_micros());
        }
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("bert: {name}: an utterance: median {} µs, p99 {} µs; {held} MB more resident", at(50), at(99));
    println!("bert: {name}: the process at most {} MB so far", status("VmHWM:"));
}

/// Resident memory of this process, MB.
fn resident() -> u64 {
    status("VmRSS:")
}

fn status(line: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = text.lines().find_map(|of| of.strip_prefix(line)).and_then(|rest| rest.split_whitespace().next());
    value.and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1_000
}
