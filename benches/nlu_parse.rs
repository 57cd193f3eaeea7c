//! How long understanding takes: one pass over thirty utterances of every kind, and the longest of them alone.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use ariadni::app::lexicon::lexicon;
use ariadni::booking::catalogue::Catalogue;
use ariadni::nlu::{Context, Understander, examples};
use ariadni::procedures::ProcedureBook;
use criterion::{Criterion, criterion_group, criterion_main};

const UTTERANCES: &str = include_str!("utterances.txt");

fn parse(criterion: &mut Criterion) {
    let (catalogue, procedures) = (Arc::new(Catalogue::bundled()), ProcedureBook::bundled());
    let understander = Understander::bundled(lexicon(&catalogue, procedures.all())).expect("the carried model");
    let context = Context { now: "2026-11-23T09:00:00".parse().expect("a local time"), awaiting: None };
    let utterances: Vec<&str> = UTTERANCES.lines().collect();
    let mut group = criterion.benchmark_group("nlu_parse");
    group.throughput(criterion::Throughput::Elements(utterances.len() as u64));
    group.bench_function("thirty_utterances", |bencher| {
        bencher.iter(|| {
            for text in &utterances {
                black_box(understander.parse(black_box(text), &context));
            }
        });
    });
    let longest = utterances.iter().max_by_key(|text| text.chars().count()).expect("thirty of them");
    group.throughput(criterion::Throughput::Elements(1));
    group.bench_function("longest_utterance", |bencher| {
        bencher.iter(|| black_box(understander.parse(black_box(longest), &context)));
    });
    group.finish();
    tell_percentiles(&understander, &context);
}

/// Criterion tells means; what a citizen waits for at worst is told here, over every example of `intents/`.
#[expect(clippy::print_stdout, reason = "a bench tells its figures on stdout, as criterion does")]
fn tell_percentiles(understander: &Understander, context: &Context) {
    let all = examples::bundled().expect("well-formed");
    all.iter().take(500).for_each(|example| drop(black_box(understander.parse(&example.text, context))));
    let timed = |text: &str| {
        let begun = Instant::now();
        black_box(understander.parse(black_box(text), context));
        begun.elapsed().as_micros()
    };
    let mut times: Vec<u128> = all.iter().map(|example| timed(&example.text)).collect();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 1_000];
    println!("nlu_parse, {} examples: median {} µs, p99 {} µs, p99.9 {} µs", times.len(), at(500), at(990), at(999));
}

criterion_group!(benches, parse);
criterion_main!(benches);
