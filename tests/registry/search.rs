//! Citizens' words against the whole registry: how often the procedure they mean comes first, and how high it stands.

use ariadni::procedures::{ProcedureBook, kept, record};

use crate::server::whole_registry;

/// The least mean reciprocal rank among the first ten, and the least share found first.
const FLOORS: (f64, f64) = (0.90, 0.85);

pub struct Row {
    pub query: &'static str,
    pub ids: Vec<&'static str>,
    kind: &'static str,
}

pub fn rows(table: &'static str) -> Vec<Row> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().expect("query, ids and kind");
            Row { query: cell(), ids: cell().split(',').collect(), kind: cell() }
        })
        .collect()
}

/// Mean reciprocal rank and share found first.
#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    rows: f64,
    reciprocal: f64,
    first: f64,
}

impl Figures {
    fn add(&mut self, rank: Option<usize>) {
        self.rows += 1.0;
        self.reciprocal += rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
        self.first += f64::from(rank == Some(0));
    }

    fn told(self) -> (f64, f64) {
        (self.reciprocal / self.rows, self.first / self.rows)
    }
}

/// The bundled procedures over the whole registry; nothing where its dump is not beside this repository.
pub fn whole_book() -> Option<ProcedureBook> {
    let all = whole_registry()?;
    let folder = tempfile::tempdir().expect("a folder");
    let read: Vec<_> = all.iter().filter_map(|record| record::to_procedure(record).ok()).collect();
    kept::save(folder.path(), read.iter()).expect("saves");
    Some(ProcedureBook::open(folder.path()).expect("opens"))
}

#[test]
fn what_people_say_finds_what_they_mean() {
    let Some(book) = whole_book() else { return };
    let sets = [
        ("dev", include_str!("../procedures/queries.dev.tsv")),
        ("test", include_str!("../procedures/queries.test.tsv")),
    ];
    for (set, table) in sets {
        let mut kinds: std::collections::BTreeMap<&str, Figures> = std::collections::BTreeMap::new();
        let mut whole = Figures::default();
        for Row { query, ids, kind } in rows(table) {
            let hits = book.search(query, 10);
            let rank = hits.iter().position(|hit| ids.contains(&hit.id.as_str()));
            whole.add(rank);
            kinds.entry(kind).or_default().add(rank);
            if set == "dev" && rank != Some(0) {
                let first = hits.first().map_or("nothing", |hit| hit.title.as_str());
                println!("{rank:?} {query} -> {first}");
            }
        }
        for (kind, figures) in kinds {
            let (mrr, first) = figures.told();
            println!("{set}, {kind}: {} rows, MRR@10 {mrr:.3}, first {first:.3}", figures.rows);
        }
        let (mrr, first) = whole.told();
        println!("{set}: {} rows, MRR@10 {mrr:.3}, first {first:.3}", whole.rows);
        assert!(mrr >= FLOORS.0 && first >= FLOORS.1, "{set}: MRR@10 {mrr:.3}, first {first:.3}");
    }
}
