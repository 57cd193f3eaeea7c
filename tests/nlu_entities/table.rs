//! `tests/nlu/entities.tsv`: what people say and every value in it, as written and as it is really written.

use ariadni::greek::noise::{Hand, Noise};
use ariadni::greek::{greeklish, phonetic};
use ariadni::nlu::Entity;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::support::{entities, kind, value};

const TABLE: &str = include_str!("../nlu/entities.tsv");
/// Fewer rows than these show little.
const ROWS: usize = 600;
/// Keeps this noise apart from that of training and of the sweeps.
const SEED: u64 = 0x0e17_0000;
/// The least share of rows that hold under each kind of noise.
const FLOORS: [(Noise, f64); 4] =
    [(Noise::Accents, 0.98), (Noise::Greeklish, 0.90), (Noise::Itacism, 0.92), (Noise::Keyboard, 0.78)];

struct Row {
    text: &'static str,
    expected: Vec<Expected>,
}

/// `kind «words» value`
struct Expected {
    kind: &'static str,
    words: &'static str,
    value: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (text, expected) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
            let told = expected.split(" | ").filter(|one| *one != "-");
            Row { text, expected: told.map(|one| read(one).unwrap_or_else(|| panic!("{one}: {line}"))).collect() }
        })
        .collect()
}

fn read(one: &'static str) -> Option<Expected> {
    let (kind, rest) = one.split_once(" «")?;
    let (words, value) = rest.split_once("» ")?;
    Some(Expected { kind, words, value })
}

/// Whether exactly the expected was found, each at the words it was said with.
fn holds(row: &Row, found: &[Entity]) -> bool {
    let same = |(expected, found): (&Expected, &Entity)| {
        expected.kind == kind(found) && expected.value == value(found) && found.text.contains(expected.words)
    };
    row.expected.len() == found.len() && row.expected.iter().zip(found).all(same)
}

/// Whether the same values were found in a text that was spoilt; a name as it was said may have been spoilt with it.
fn holds_spoilt(row: &Row, found: &[Entity]) -> bool {
    let same = |(expected, found): (&Expected, &Entity)| {
        let alike = match expected.kind {
            "employee" | "person_name" => sound(expected.value) == sound(&value(found)),
            _ => expected.value == value(found),
        };
        expected.kind == kind(found) && alike
    };
    row.expected.len() == found.len() && row.expected.iter().zip(found).all(same)
}

fn sound(name: &str) -> String {
    phonetic::key(&greeklish::to_greek(&name.to_lowercase()))
}

fn told(found: &[Entity]) -> String {
    let one = |entity: &Entity| format!("{} «{}» {}", kind(entity), entity.text, value(entity));
    found.iter().map(one).collect::<Vec<_>>().join(" | ")
}

#[test]
fn every_row_holds_as_it_is_written() {
    let rows = rows();
    assert!(rows.len() >= ROWS, "{} rows", rows.len());
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let found = entities(row.text);
            (!holds(row, &found)).then(|| format!("{}\n      {}", row.text, told(&found)))
        })
        .collect();
    println!("{} of {} rows hold", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn most_rows_hold_as_people_really_write_them() {
    let rows = rows();
    let mut below = Vec::new();
    for (noise, floor) in FLOORS {
        let mut wrong = 0_usize;
        for (at, row) in rows.iter().enumerate() {
            let mut rng = StdRng::seed_from_u64(SEED + at as u64);
            let hand = Hand::draw(&mut rng);
            let names = row.expected.iter().filter(|e| matches!(e.kind, "person_name" | "employee"));
            let names: Vec<&str> = names.map(|e| e.words).collect();
            let text = noise.apply(&mut rng, hand, row.text, &names.join(" "));
            let found = entities(&text);
            if !holds_spoilt(row, &found) {
                wrong += 1;
                println!("{}: {text}\n      {}", noise.name(), told(&found));
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "some hundreds of rows")]
        let share = 1.0 - wrong as f64 / rows.len() as f64;
        println!("{}: {share:.3} of {} rows", noise.name(), rows.len());
        if share < floor {
            below.push((noise.name(), share));
        }
    }
    assert!(below.is_empty(), "{below:?}");
}
