//! `ariadni nlu train-bert`: fine-tunes a Greek BERT beside the linear classifier (docs/BERT.md).

use std::path::{Path, PathBuf};

use clap::Args;

/// What a build without the transformer answers.
#[cfg(not(feature = "bert"))]
const WITHOUT: &str = "this program was built without the transformer; build it with `cargo build --features bert`, or let \
                       scripts/train-bert do both (docs/BERT.md)";

/// Fine-tunes a BERT that was downloaded, and chooses its share beside the linear classifier
///
/// Every tenth example of a label is held out; the figures at the end are of those.
#[derive(Debug, Args)]
pub struct TrainBert {
    /// The folder of the downloaded model: config.json, vocab.txt, and model.safetensors or rust_model.ot
    #[arg(long, value_name = "DIR")]
    pub pretrained: PathBuf,
    /// The folder that is written, for `nlu.bert` and `nlu evaluate --model`
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// One JSON object {"text","intent"} a line [default: the examples of `intents/`]
    #[arg(long, value_name = "FILE.jsonl")]
    pub data: Option<PathBuf>,
    /// How often every example is read
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub epochs: usize,
    /// The height of the learning rate
    #[arg(long, value_name = "X", default_value_t = 5e-5, value_parser = learning_rate)]
    pub learning_rate: f64,
    /// Examples in one step
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = counting_from_one)]
    pub batch: usize,
    /// The most word pieces of an utterance, with the marks before and behind it
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = counting_from_one)]
    pub longest: usize,
    /// Where chance begins: the same seed, data and number of threads give the same model
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u32,
    /// Threads [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<u16>,
}

fn learning_rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if rate > 0.0 && rate <= 1.0 { Ok(rate) } else { Err("it must be over 0 and at most 1".to_owned()) }
}

fn counting_from_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "it must be a whole number from 1 on".to_owned())
}

/// Runs the sub-command.
///
/// # Errors
/// When the folder or the examples are not what they should be, and always in a build without the transformer.
#[cfg(not(feature = "bert"))]
pub fn train(_arguments: &TrainBert) -> anyhow::Result<()> {
    anyhow::bail!(WITHOUT)
}

/// Runs the sub-command.
///
/// # Errors
/// When the folder or the examples are not what they should be, and always in a build without the transformer.
#[cfg(feature = "bert")]
pub fn train(arguments: &TrainBert) -> anyhow::Result<()> {
    use super::nlu::{advance, progress, read_examples};
    use super::print_line;
    use crate::nlu::bert::{folder, training};

    let TrainBert { pretrained, out, data, epochs, learning_rate, batch, longest, seed, threads } = arguments;
    anyhow::ensure!(!same(pretrained, out), "--out must be another folder than --pretrained");
    let examples = read_examples(data.as_deref())?;
    let cores = std::thread::available_parallelism().ok().and_then(|cores| u16::try_from(cores.get()).ok());
    training::use_threads(threads.or(cores).unwrap_or(1));
    let settings = training::Settings {
        epochs: *epochs,
        learning_rate: *learning_rate,
        batch: *batch,
        longest: *longest,
        seed: *seed,
    };
    let bar = progress("fine-tuning");
    let (trained, base) =
        training::fine_tune(pretrained, &examples, &settings, &mut |done, of| advance(&bar, done, of))?;
    bar.finish_and_clear();
    folder::save(&trained, &base, out)?;
    print_line(format!("{}: from {} examples", out.display(), examples.len() - trained.held_out.len()))?;
    tell(trained)
}

/// The figures of the parts and of the whole on the examples that were held out.
#[cfg(feature = "bert")]
fn tell(trained: crate::nlu::bert::training::Trained) -> anyhow::Result<()> {
    use crate::nlu::classifier::IntentClassifier;
    use crate::nlu::ensemble::Ensemble;
    use crate::nlu::sweep;

    let both = Ensemble::new(trained.linear.clone(), trained.bert.clone(), trained.weight)?;
    let parts: [(&str, &dyn IntentClassifier); 3] =
        [("linear", &*trained.linear), ("transformer", &*trained.bert), ("ensemble", &both)];
    for (name, classifier) in parts {
        for (_, confusion) in sweep::measure(classifier, &trained.held_out, &[]) {
            let figures = confusion.figures();
            super::print_line(format!(
                "{name:>11}: accuracy {:.4}, macro F1 {:.4} on {} held-out examples",
                figures.accuracy, figures.macro_f1, figures.n
            ))?;
        }
    }
    super::print_line(format!("the transformer's share of the ensemble is {:.2}", trained.weight))
}

#[cfg(feature = "bert")]
fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}

/// A model that `train-bert` wrote, with the linear classifier beside it.
///
/// # Errors
/// When the folder is not what it should be, and always in a build without the transformer.
#[cfg(feature = "bert")]
pub fn read_ensemble(folder: &Path) -> anyhow::Result<Box<dyn crate::nlu::classifier::IntentClassifier>> {
    Ok(Box::new(crate::nlu::bert::folder::load_ensemble(folder)?))
}

/// A model that `train-bert` wrote, with the linear classifier beside it.
///
/// # Errors
/// When the folder is not what it should be, and always in a build without the transformer.
#[cfg(not(feature = "bert"))]
pub fn read_ensemble(_folder: &Path) -> anyhow::Result<Box<dyn crate::nlu::classifier::IntentClassifier>> {
    anyhow::bail!(WITHOUT)
}
