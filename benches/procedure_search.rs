//! How long the index of all procedures takes to build, and one search in it: the questions of `tests/procedures`, asked of the whole
//! registry where its dump lies beside this repository, else of the bundled procedures.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ariadni::procedures::{Procedure, ProcedureBook, ingest};
use criterion::{Criterion, criterion_group, criterion_main};

/// How often each question is asked.
const ROUNDS: usize = 5;

#[expect(clippy::print_stdout, reason = "what is measured is told")]
fn tell(figures: &str) {
    println!("procedure_search: {figures}");
}

/// Every procedure there is to search: the plain layer over the dump, as a book has them.
fn procedures() -> Vec<Procedure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dumps = ["../shared", "../../shared"].map(|up| root.join(up).join("data/mitos/registry.jsonl.gz"));
    let Some(dump) = dumps.iter().find(|path| path.exists()) else {
        tell("there is no dump of the registry here; the bundled procedures are searched");
        return ingest::bundled();
    };
    ingest::read_registry(dump, |_| ()).expect("reads").procedures.into_iter().chain(ingest::bundled()).collect()
}

fn questions() -> Vec<&'static str> {
    let tables =
        [include_str!("../tests/procedures/queries.dev.tsv"), include_str!("../tests/procedures/queries.test.tsv")];
    let lines = tables.into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).collect()
}

fn searching(criterion: &mut Criterion) {
    let procedures = procedures();
    let mut group = criterion.benchmark_group("procedures");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    group.bench_function("build the index", |bencher| {
        bencher.iter_batched(
            || procedures.clone(),
            |procedures| black_box(ProcedureBook::of(procedures)),
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
    let book = ProcedureBook::of(procedures).expect("indexed");
    let questions = questions();
    let mut took: Vec<Duration> = Vec::new();
    for question in questions.iter().cycle().take(ROUNDS * questions.len()) {
        let began = Instant::now();
        black_box(book.search(black_box(question), 10));
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    tell(&format!(
        "{} procedures, {} searches: {:.2} ms at the median, {:.2} ms at p99, {:.2} ms at most",
        book.all().count(),
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    ));
}

criterion_group!(benches, searching);
criterion_main!(benches);
