//! What the transformer costs: time and memory of the tiny one of the tests, and of one as large as the published Greek ones
//! (twelve layers of 768, 35,000 word pieces) with weights drawn at random. `cargo bench --features bert --bench bert`.
#![expect(clippy::print_stdout, reason = "a bench tells its figures on stdout")]

use std::hint::black_box;
use std::path::Path;
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

/// What this program is called with to serve a model in a process of its own, whose memory is that of the model alone.
const SERVE: &str = "--serve";
const ROUNDS: usize = 5;

fn main() {
    // One thread all along, which a busy machine can give.
    let _alone = tiny::alone();
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == SERVE) {
        return serve(&arguments[at + 1]);
    }
    let base = BertConfig { vocab_size: 35_000, ..BertConfig::default() };
    for (name, config) in [("tiny, 2 × 64", tiny::config()), ("base, 12 × 768", base)] {
        println!("bert: {name}");
        measure(&config);
    }
}

fn measure(config: &BertConfig) {
    let here = tempfile::tempdir().expect("a folder");
    let out = here.path().join("out");
    let examples = tiny::examples(&FEW, 10);
    drop(tiny::make_of(here.path(), config, tiny::vocabulary(&examples)));
    let settings = Settings { epochs: 1, ..Settings::default() };
    let mut begun = None;
    let mut took = (0, 0);
    let mut progress = |done: usize, of: usize| {
        let begun: &mut (Instant, u64) = begun.get_or_insert_with(|| (Instant::now(), on_the_processor()));
        let steps = u128::try_from(of).expect("few").max(1);
        if done == of {
            took =
                (begun.0.elapsed().as_millis() / steps, u128::from(on_the_processor() - begun.1) / steps / 1_000_000);
        }
    };
    let (trained, read) = fine_tune(here.path(), &examples, &settings, &mut progress).expect("a model");
    folder::save(&trained, &read, &out).expect("a folder");
    let bytes = std::fs::metadata(out.join(folder::WEIGHTS)).map_or(0, |file| file.len());
    println!("  weights {} MB", bytes / 1_000_000);
    println!("  a step of 16 examples {} ms, {} ms of them on the processor", took.0, took.1);
    println!("  at most {} MB resident while it learns", status("VmHWM:"));
    drop(trained);
    let this = std::env::current_exe().expect("this program");
    let served = std::process::Command::new(this).arg(SERVE).arg(&out).status().expect("it starts");
    assert!(served.success());
}

fn serve(folder: &str) {
    let (bert, _) = folder::load(Path::new(folder)).expect("a model");
    println!("  {} MB resident when it is loaded, at most {} MB before", status("VmRSS:"), status("VmHWM:"));
    let mut times = Vec::new();
    let before = on_the_processor();
    for text in UTTERANCES.lines().cycle().take(UTTERANCES.lines().count() * ROUNDS) {
        let begun = Instant::now();
        black_box(bert.rank(black_box(text)));
        times.push(begun.elapsed().as_micros());
    }
    let mean = u128::from(on_the_processor() - before) / times.len() as u128 / 1_000;
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("  an utterance: median {} µs, p99 {} µs; {mean} µs on the processor", at(50), at(99));
}

/// How long this thread has been on a processor, nanoseconds: a busy machine does not count.
fn on_the_processor() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0)
}

/// A size of this process, MB.
fn status(line: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = text.lines().find_map(|of| of.strip_prefix(line)).and_then(|rest| rest.split_whitespace().next());
    value.and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1_000
}
