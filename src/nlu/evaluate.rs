//! Measures the classifier: accuracy, macro F1, confusions; tables and a picture of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::greek::noise::Noise;

/// The figures of one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// How many examples.
    pub n: usize,
    /// How many were labelled right.
    pub correct: usize,
    /// The share that was labelled right, 0 to 1.
    pub accuracy: f64,
    /// The mean over labels of F1, 0 to 1; labels that occur in the data count alike.
    pub macro_f1: f64,
}

/// How often each label was taken for each.
#[derive(Debug, Clone, Default)]
pub struct Confusion {
    /// (true label, predicted label) → how often.
    cells: BTreeMap<(String, String), usize>,
}

/// How well one label is found.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelFigures {
    /// The label.
    pub label: String,
    /// How many examples have it.
    pub support: usize,
    /// Of those predicted so, the share that are.
    pub precision: f64,
    /// Of those that are, the share predicted so.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl Confusion {
    /// Counts pairs of (true label, predicted label).
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut confusion = Self::default();
        for (truth, predicted) in pairs {
            *confusion.cells.entry((truth.to_owned(), predicted.to_owned())).or_default() += 1;
        }
        confusion
    }

    /// The figures over all labels.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let n = self.cells.values().sum();
        let correct = self.cells.iter().filter(|((truth, predicted), _)| truth == predicted).map(|(_, n)| n).sum();
        let occurring: Vec<f64> = self.labels_of_data().iter().map(|label| self.of_label(label).f1).collect();
        Figures {
            n,
            correct,
            accuracy: share(correct, n),
            macro_f1: if occurring.is_empty() { 0.0 } else { occurring.iter().sum::<f64>() / float(occurring.len()) },
        }
    }

    /// The figures of every label that occurs or was predicted, in alphabetical order.
    #[must_use]
    pub fn by_label(&self) -> Vec<LabelFigures> {
        self.labels().iter().map(|label| self.of_label(label)).collect()
    }

    /// The mistakes, most frequent first: (true label, predicted label, how often).
    #[must_use]
    pub fn mistakes(&self) -> Vec<(&str, &str, usize)> {
        let wrong = self.cells.iter().filter(|((truth, predicted), _)| truth != predicted);
        let mut mistakes: Vec<_> =
            wrong.map(|((truth, predicted), n)| (truth.as_str(), predicted.as_str(), *n)).collect();
        mistakes.sort_by_key(|(_, _, n)| std::cmp::Reverse(*n));
        mistakes
    }

    /// A table (tab-separated) of the figures of every label.
    #[must_use]
    pub fn label_table(&self) -> String {
        let mut table = "label\tsupport\tprecision\trecall\tf1\n".to_owned();
        for l in self.by_label() {
            let _ = writeln!(table, "{}\t{}\t{:.4}\t{:.4}\t{:.4}", l.label, l.support, l.precision, l.recall, l.f1);
        }
        table
    }

    /// A table (tab-separated) of the mistakes.
    #[must_use]
    pub fn mistake_table(&self) -> String {
        let mut table = "truth\tpredicted\tcount\n".to_owned();
        for (truth, predicted, n) in self.mistakes() {
            let _ = writeln!(table, "{truth}\t{predicted}\t{n}");
        }
        table
    }

    /// A picture (SVG) of the confusions: a row for each true label, a column for each predicted one.
    #[must_use]
    pub fn picture(&self) -> String {
        const CELL: usize = 22;
        const MARGIN: usize = 190;
        let labels: Vec<String> = self.labels().into_iter().collect();
        let size = MARGIN + CELL * labels.len() + 10;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" font-family=\"sans-serif\" \
             font-size=\"11\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        );
        for (at, label) in labels.iter().enumerate() {
            let middle = MARGIN + CELL * at + CELL / 2;
            let name = escaped(label);
            let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>", MARGIN - 6, middle + 4);
            let (x, y) = (middle + 4, MARGIN - 6);
            let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" transform=\"rotate(-90 {x} {y})\">{name}</text>");
        }
        for (row, truth) in labels.iter().enumerate() {
            let total: usize = labels.iter().map(|predicted| self.count(truth, predicted)).sum();
            for (column, predicted) in labels.iter().enumerate() {
                let n = self.count(truth, predicted);
                let colour = if row == column { "30,110,180" } else { "200,60,40" };
                let (x, y) = (MARGIN + CELL * column, MARGIN + CELL * row);
                let shade = if n == 0 { 0.0 } else { 0.15 + 0.85 * share(n, total) };
                let _ = writeln!(
                    svg,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"rgba({colour},{shade:.2})\" \
                     stroke=\"#ddd\"/>"
                );
                if n > 0 {
                    let (x, y) = (x + CELL / 2, y + CELL / 2 + 4);
                    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{n}</text>");
                }
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn count(&self, truth: &str, predicted: &str) -> usize {
        self.cells.get(&(truth.to_owned(), predicted.to_owned())).copied().unwrap_or(0)
    }

    fn labels(&self) -> BTreeSet<String> {
        self.cells.keys().flat_map(|(truth, predicted)| [truth.clone(), predicted.clone()]).collect()
    }

    fn labels_of_data(&self) -> BTreeSet<String> {
        self.cells.keys().map(|(truth, _)| truth.clone()).collect()
    }

    fn of_label(&self, label: &str) -> LabelFigures {
        let sum = |test: &dyn Fn(&(String, String)) -> bool| -> usize {
            self.cells.iter().filter(|(cell, _)| test(cell)).map(|(_, n)| n).sum()
        };
        let right = self.count(label, label);
        let support = sum(&|(truth, _)| truth == label);
        let predicted = sum(&|(_, predicted)| predicted == label);
        let f1 = share(2 * right, support + predicted);
        let label = label.to_owned();
        LabelFigures { label, support, precision: share(right, predicted), recall: share(right, support), f1 }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples are small")]
fn float(count: usize) -> f64 {
    count as f64
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A table (tab-separated) of the figures under each kind of noise; the first is without.
#[must_use]
pub fn noise_table(sweep: &[(Noise, Confusion)]) -> String {
    let mut table = "noise\tn\taccuracy\tmacro_f1\tpoints_lower\n".to_owned();
    let clean = sweep.first().map_or(0.0, |(_, confusion)| confusion.figures().accuracy);
    for (kind, confusion) in sweep {
        let figures = confusion.figures();
        let lower = (clean - figures.accuracy) * 100.0;
        let _ = writeln!(
            table,
            "{}\t{}\t{:.4}\t{:.4}\t{lower:.2}",
            kind.name(),
            figures.n,
            figures.accuracy,
            figures.macro_f1
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_textbook() {
        let pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("c", "b")];
        let confusion = Confusion::of(pairs);
        let figures = confusion.figures();
        assert_eq!((figures.n, figures.correct), (5, 3));
        assert!((figures.accuracy - 0.6).abs() < 1e-9);
        // F1: a 0.8, b 0.5, c 0.
        assert!((figures.macro_f1 - 1.3 / 3.0).abs() < 1e-9);
        assert_eq!(confusion.mistakes().len(), 2);
        assert!(confusion.picture().contains("<svg") && confusion.label_table().contains("a\t3\t1.0000\t0.6667"));
    }
}
