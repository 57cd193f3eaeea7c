//! `ariadni nlu`: understanding on its own, the training and the measuring of the classifier.
//!
//! `parse` wants an [`Understander`] with the application's lexicon; `train` and `evaluate` want nothing and work on any
//! labels.

use std::borrow::Cow;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDateTime;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::nlu_bert::{self, TrainBert};
use super::print_line;
use crate::app::transformer;
use crate::booking::catalogue::Catalogue;
use crate::config::Nlu;
use crate::greek::noise::Noise;
use crate::nlu::classifier::{Classifier, IntentClassifier};
use crate::nlu::evaluate::{self, Confusion};
use crate::nlu::examples::{self, Example};
use crate::nlu::{Context, Understander, sweep, training};

/// Understanding on its own: parse lines, train the classifier, measure it
#[derive(Debug, Args)]
pub struct NluArguments {
    #[command(subcommand)]
    command: NluCommand,
}

#[derive(Debug, Subcommand)]
enum NluCommand {
    /// Reads one utterance a line on stdin, writes one JSON object a line
    Parse {
        /// The slot being asked for, such as `phone` or `confirm`
        #[arg(long, value_name = "SLOT")]
        awaiting: Option<String>,
    },
    /// Trains the classifier from `intents/`, or from a file of {"text","intent"} lines with its own labels
    Train {
        /// One JSON object {"text","intent"} a line
        #[arg(long, value_name = "FILE.jsonl")]
        data: Option<PathBuf>,
        /// Where the model is written
        #[arg(long, value_name = "FILE", default_value = "models/intents.bin")]
        out: PathBuf,
    },
    TrainBert(TrainBert),
    /// Measures a classifier: accuracy, macro F1, confusions, and accuracy under each kind of noise
    ///
    /// Without --data the examples of `intents/` are cross-validated. With --data and without --model, the bundled
    /// model labels the file; where the file has other labels than the model knows, it is cross-validated itself.
    Evaluate {
        /// A model that `train` wrote, or the folder of `train-bert` [default: the bundled one]
        #[arg(long, value_name = "FILE|DIR")]
        model: Option<PathBuf>,
        /// One JSON object {"text","intent"} a line
        #[arg(long, value_name = "FILE.jsonl")]
        data: Option<PathBuf>,
        /// Writes {"n","correct","accuracy","macro_f1"} and nothing else
        #[arg(long)]
        json: bool,
        /// Writes labels.tsv, mistakes.tsv, noise.tsv, figures.json and confusion.svg into this folder
        #[arg(long, value_name = "DIR")]
        report: Option<PathBuf>,
    },
}

/// Runs the sub-command; the understander is made only where it is needed.
///
/// # Errors
/// When a file cannot be read or written, or is not what it should be.
pub fn run(
    arguments: NluArguments,
    understander: impl FnOnce() -> anyhow::Result<Understander>,
    now: NaiveDateTime,
) -> anyhow::Result<()> {
    match arguments.command {
        NluCommand::Parse { awaiting } => parse(&understander()?, &Context { now, awaiting }),
        NluCommand::Train { data, out } => train(data.as_deref(), &out),
        NluCommand::TrainBert(arguments) => nlu_bert::train(&arguments),
        NluCommand::Evaluate { model, data, json, report } => {
            let sweep = evaluate(model.as_deref(), data.as_deref())?;
            if let Some(folder) = report {
                write_report(&sweep, &folder)?;
            }
            tell(&sweep, json)
        }
    }
}

/// The understander of the bundled catalogue, with the transformer of the settings.
///
/// # Errors
/// When the model or a list is missing or damaged.
pub fn bundled(settings: &Nlu) -> anyhow::Result<Understander> {
    let lexicon = crate::app::lexicon::lexicon(&Catalogue::bundled(), &crate::procedures::ingest::bundled());
    let understander = Understander::bundled(lexicon)?;
    match transformer::beside_the_linear(settings) {
        Some(classifier) => Ok(understander.ranked_by(classifier)?),
        None => Ok(understander),
    }
}

fn parse(understander: &Understander, context: &Context) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line.context("cannot read an utterance from stdin")?;
        print_line(serde_json::to_string(&understander.parse(&line, context))?)?;
    }
    Ok(())
}

fn train(data: Option<&Path>, out: &Path) -> anyhow::Result<()> {
    let examples = read_examples(data)?;
    let bar = progress("training");
    let model = training::train(&examples, &mut |done, of| advance(&bar, done, of));
    bar.finish_and_clear();
    let bytes = model.to_bytes();
    std::fs::write(out, &bytes).with_context(|| format!("cannot write the model to {}", out.display()))?;
    print_line(format!(
        "{}: {} labels from {} examples, {} bytes",
        out.display(),
        model.labels.len(),
        examples.len(),
        bytes.len()
    ))
}

/// The confusions of the examples as written, then under each kind of noise.
fn evaluate(model: Option<&Path>, data: Option<&Path>) -> anyhow::Result<Vec<(Noise, Confusion)>> {
    let examples = read_examples(data)?;
    let classifier: Option<Box<dyn IntentClassifier>> = match model {
        Some(path) => Some(read_model(path)?),
        None if data.is_some() => {
            let bundled = Classifier::bundled()?;
            let knows_all = examples.iter().all(|example| bundled.labels.contains(&example.label));
            if knows_all { Some(Box::new(bundled)) } else { None }
        }
        None => None,
    };
    if let Some(classifier) = classifier {
        return Ok(sweep::measure(&*classifier, &examples, &Noise::SWEPT));
    }
    let bar = progress("cross-validating");
    let sweep = sweep::cross_validate(&examples, &Noise::SWEPT, &mut |done, of| advance(&bar, done, of));
    bar.finish_and_clear();
    Ok(sweep)
}

pub(super) fn read_examples(data: Option<&Path>) -> anyhow::Result<Vec<Example>> {
    let Some(path) = data else { return Ok(examples::bundled()?) };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let examples = examples::from_json_lines(&text).with_context(|| format!("in {}", path.display()))?;
    anyhow::ensure!(!examples.is_empty(), "{} has no examples", path.display());
    Ok(examples)
}

fn read_model(path: &Path) -> anyhow::Result<Box<dyn IntentClassifier>> {
    if path.is_dir() {
        return nlu_bert::read_ensemble(path);
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let linear = Classifier::from_bytes(Cow::Owned(bytes)).with_context(|| format!("in {}", path.display()))?;
    Ok(Box::new(linear))
}

fn tell(sweep: &[(Noise, Confusion)], json: bool) -> anyhow::Result<()> {
    let Some((_, confusion)) = sweep.first() else { return Ok(()) };
    let figures = confusion.figures();
    if json {
        return print_line(serde_json::to_string(&figures)?);
    }
    print_line(format!(
        "{} examples, {} right: accuracy {:.4}, macro F1 {:.4}",
        figures.n, figures.correct, figures.accuracy, figures.macro_f1
    ))?;
    for (kind, confusion) in &sweep[1..] {
        let noisy = confusion.figures();
        let lower = (figures.accuracy - noisy.accuracy) * 100.0;
        print_line(format!("{:>10}: accuracy {:.4}, {lower:.1} points lower", kind.name(), noisy.accuracy))?;
    }
    print_line("")?;
    for (truth, predicted, n) in confusion.mistakes().into_iter().take(20) {
        print_line(format!("{n:>4}  {truth} taken for {predicted}"))?;
    }
    Ok(())
}

fn write_report(sweep: &[(Noise, Confusion)], folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let Some((_, confusion)) = sweep.first() else { return Ok(()) };
    let files = [
        ("labels.tsv", confusion.label_table()),
        ("mistakes.tsv", confusion.mistake_table()),
        ("noise.tsv", evaluate::noise_table(sweep)),
        ("figures.json", serde_json::to_string(&confusion.figures())?),
        ("confusion.svg", confusion.picture()),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// A bar on stderr, drawn only on a terminal.
pub(super) fn progress(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}");
    let bar = ProgressBar::new(1).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(super) fn advance(bar: &ProgressBar, done: usize, of: usize) {
    bar.set_length(of as u64);
    bar.set_position(done as u64);
}
