use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

#[test]
fn sentences_follow_the_table() {
    let wrong: Vec<String> = crate::greek::table(include_str!("../data/greeklish_cases.tsv"))
        .filter_map(|row| {
            let is_right = match row[0] {
                "greek" => is_greeklish(row[1]) && to_greek(row[1]) == row[2],
                _ => !is_greeklish(row[1]),
            };
            (!is_right).then(|| format!("{row:?}: {} {}", is_greeklish(row[1]), to_greek(row[1])))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a table of letters makes of Greeklish: the first meaning of each letter and of the usual pairs, nothing else.
fn by_letter_table(text: &str) -> String {
    const PAIRS: [(&str, &str); 5] = [("th", "θ"), ("ch", "χ"), ("ps", "ψ"), ("ks", "ξ"), ("ou", "ου")];
    const LATIN: &str = "abcdefghijklmnopqrstuvwxyz83490";
    const GREEK: &str = "αβκδεφγηιξκλμνοπθρστυβωχυζθξψθο";
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut greek = String::with_capacity(text.len() * 2);
    while let Some(c) = rest.chars().next() {
        if let Some((latin, meant)) = PAIRS.iter().find(|(latin, _)| rest.starts_with(latin)) {
            greek.push_str(meant);
            rest = &rest[latin.len()..];
            continue;
        }
        let meant = LATIN.chars().position(|latin| latin == c).and_then(|at| GREEK.chars().nth(at));
        greek.push(meant.unwrap_or(c));
        rest = &rest[c.len_utf8()..];
    }
    fold::fold(&greek)
}

fn parallel_sentences() -> Option<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ["../shared", "../../shared"]
        .iter()
        .map(|shared| root.join(shared).join("data/greeklish/parallel_real_and_synthetic.tsv"))
        .find_map(|path| std::fs::read_to_string(path).ok())
}

/// Letters of the references, wrong letters, words, right words.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    letters: usize,
    wrong: usize,
    words: usize,
    right: usize,
}

impl Score {
    fn add(&mut self, expected: &[String], read: &str) {
        let read: Vec<String> = fold::tokens(read).into_iter().map(|token| token.text).collect();
        let (whole, joined) = (expected.join(" "), read.join(" "));
        self.letters += whole.chars().count();
        self.wrong += strsim::levenshtein(&whole, &joined);
        self.words += expected.len();
        self.right += if expected.len() == read.len() {
            expected.iter().zip(&read).filter(|(expected, read)| expected == read).count()
        } else {
            0
        };
    }

    fn error_rate(&self) -> f64 {
        100.0 * self.wrong as f64 / self.letters as f64
    }

    fn word_match(&self) -> f64 {
        100.0 * self.right as f64 / self.words as f64
    }
}

#[test]
fn real_sentences_are_read_far_better_than_by_a_letter_table() {
    let Some(table) = parallel_sentences() else {
        println!("skipped: no parallel sentences beside the repository");
        return;
    };
    let mut scores: BTreeMap<&str, (usize, Score, Score)> = BTreeMap::new();
    for row in table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()) {
        let Some(kind) = row[0].split(':').next() else { continue };
        let expected: Vec<String> = fold::tokens(row[2]).into_iter().map(|token| token.text).collect();
        let count = fold::tokens(&to_greek(row[1])).len();
        // References that translate, or that keep English words, say nothing about letters.
        let keeps_latin = expected.iter().any(|word| word.bytes().any(|b| b.is_ascii_alphabetic()));
        if expected.len() != count || expected.is_empty() || keeps_latin {
            continue;
        }
        let (rows, ours, plain) = scores.entry(kind).or_default();
        *rows += 1;
        ours.add(&expected, &to_greek(row[1]));
        plain.add(&expected, &by_letter_table(row[1]));
    }
    for (kind, (rows, ours, plain)) in &scores {
        println!(
            "{kind}, {rows} sentences of {} letters and {} words: {:.2} % wrong letters and {:.2} % right words; by a \
             letter table {:.2} % and {:.2} %",
            ours.letters,
            ours.words,
            ours.error_rate(),
            ours.word_match(),
            plain.error_rate(),
            plain.word_match()
        );
    }
    for (kind, (_, ours, plain)) in &scores {
        assert!(ours.error_rate() * 3.0 < plain.error_rate(), "{kind}: {ours:?} {plain:?}");
        assert!((100.0 - ours.word_match()) * 3.0 < 100.0 - plain.word_match(), "{kind}: {ours:?} {plain:?}");
    }
    // What was reached, a little below.
    for (kind, errors, words) in [("real", 1.4, 95.0), ("synthetic", 2.5, 92.0)] {
        let (_, ours, _) = scores[kind];
        assert!(ours.error_rate() < errors && ours.word_match() > words, "{kind}: {ours:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "[a-z0-9 @.]{0,90}|\\PC{0,60}") {
        let _ = is_greeklish(&text);
        let _ = to_greek(&text);
    }
}
