//! Fine-tuning: it learns, it repeats itself, and the ensemble is worth its parts.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use ariadni::nlu::bert::folder;
use ariadni::nlu::bert::training::{Settings, fine_tune};
use ariadni::nlu::classifier::IntentClassifier;
use ariadni::nlu::ensemble::Ensemble;
use ariadni::nlu::examples::{self, Example};
use ariadni::nlu::sweep;

use crate::tiny;

const LABELS: [&str; 4] = ["affirm", "ask_cost", "cancel_appointment", "repeat"];

fn accuracy(classifier: &dyn IntentClassifier, examples: &[Example]) -> f64 {
    sweep::measure(classifier, examples, &[])[0].1.figures().accuracy
}

fn scores(classifier: &dyn IntentClassifier, examples: &[Example]) -> Vec<Vec<f32>> {
    examples.iter().map(|one| classifier.scores(&classifier.read(&one.text))).collect()
}

fn ariadni(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariadni"));
    command.current_dir(folder).args(arguments).env("OMP_NUM_THREADS", "1");
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_fine_tunes_a_model_that_labels_what_it_has_not_seen() {
    let _alone = tiny::alone();
    let here = tempfile::tempdir().expect("a folder");
    let all = tiny::examples(&LABELS, 2);
    std::fs::create_dir(here.path().join("tiny")).expect("a folder");
    tiny::make(&here.path().join("tiny"), &all);
    std::fs::write(here.path().join("data.jsonl"), tiny::json_lines(&all)).expect("a file");
    let train = "nlu train-bert --pretrained tiny --out tuned --data data.jsonl --epochs 8 --learning-rate 0.002 \
                 --longest 32 --threads 1";
    let (code, told, error) = ariadni(here.path(), &train.split_whitespace().collect::<Vec<_>>());
    assert_eq!(code, Some(0), "{error}");
    for part in ["linear: accuracy", "transformer: accuracy", "ensemble: accuracy", "share of the ensemble"] {
        assert!(told.contains(part), "{told}");
    }

    let tuned = here.path().join("tuned");
    let held_out = std::fs::read_to_string(tuned.join(folder::HELD_OUT)).expect("a file");
    let held_out = examples::from_json_lines(&held_out).expect("well-formed");
    assert!(held_out.len() > 50 && held_out.iter().all(|one| all.contains(one)), "{}", held_out.len());
    let (bert, weight) = folder::load(&tuned).expect("a model");
    let untrained = Settings { epochs: 0, ..tiny::SETTINGS };
    let (untrained, _) =
        fine_tune(&here.path().join("tiny"), &all, &untrained, &mut |_, _| {}).expect("a model without training");
    let (before, after) = (accuracy(&*untrained.bert, &held_out), accuracy(&bert, &held_out));
    assert!(after >= 0.8 && after >= before + 0.3, "from {before} to {after}\n{told}");

    // The ensemble of the folder, by the command and in hand.
    let ensemble = folder::load_ensemble(&tuned).expect("both");
    assert!((ensemble.weight() - weight).abs() < f32::EPSILON);
    let both = accuracy(&ensemble, &held_out);
    let evaluate = ["nlu", "evaluate", "--model", "tuned", "--data", "tuned/heldout.jsonl", "--json"];
    let (code, told, error) = ariadni(here.path(), &evaluate);
    assert_eq!(code, Some(0), "{error}");
    let figures: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert!((figures["accuracy"].as_f64().expect("a number") - both).abs() < 1e-9, "{told}");
}

#[test]
fn the_same_seed_gives_the_same_model_and_a_saved_one_says_the_same() {
    let _alone = tiny::alone();
    let here = tempfile::tempdir().expect("a folder");
    let all = tiny::examples(&LABELS[..2], 5);
    tiny::make(here.path(), &all);
    let train = |seed| {
        let settings = Settings { epochs: 2, seed, ..tiny::SETTINGS };
        fine_tune(here.path(), &all, &settings, &mut |_, _| {}).expect("a model")
    };
    let ((one, base), (again, _), (other, _)) = (train(1), train(1), train(2));
    let said = scores(&*one.bert, &all);
    assert_eq!(said, scores(&*again.bert, &all));
    assert_ne!(said, scores(&*other.bert, &all));
    let out = here.path().join("out");
    folder::save(&one, &base, &out).expect("a folder");
    let (loaded, weight) = folder::load(&out).expect("a model");
    assert_eq!(loaded.labels(), one.bert.labels());
    assert_eq!(said, scores(&loaded, &all));
    assert!((weight - one.weight).abs() < f32::EPSILON);
}

#[test]
fn the_ensemble_is_no_worse_than_the_weaker_of_its_parts() {
    let _alone = tiny::alone();
    let here = tempfile::tempdir().expect("a folder");
    let all = tiny::examples(&LABELS, 4);
    tiny::make(here.path(), &all);
    for epochs in [0, 4] {
        let settings = Settings { epochs, ..tiny::SETTINGS };
        let (trained, _) = fine_tune(here.path(), &all, &settings, &mut |_, _| {}).expect("a model");
        let ensemble = Ensemble::new(trained.linear.clone(), trained.bert.clone(), trained.weight).expect("both");
        let figures = [&*trained.linear as &dyn IntentClassifier, &*trained.bert, &ensemble]
            .map(|classifier| accuracy(classifier, &trained.held_out));
        assert!(figures[2] >= figures[0].min(figures[1]), "{figures:?} with {}", trained.weight);
        assert!(epochs > 0 || trained.weight < 0.5, "one that learned nothing gets {}", trained.weight);
    }
}

#[test]
fn too_few_examples_and_too_large_steps_are_told() {
    let _alone = tiny::alone();
    let here = tempfile::tempdir().expect("a folder");
    let all = tiny::examples(&LABELS, 4);
    tiny::make(here.path(), &all);
    let told = |examples: &[Example], settings: &Settings| {
        let trained = fine_tune(here.path(), examples, settings, &mut |_, _| {});
        trained.err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(told(&all[..5], &tiny::SETTINGS).contains("two labels"));
    let wild = Settings { learning_rate: 1e30, ..tiny::SETTINGS };
    assert!(told(&all, &wild).contains("smaller learning rate"));
}

#[test]
fn any_text_gets_probabilities() {
    let _alone = tiny::alone();
    let here = tempfile::tempdir().expect("a folder");
    let all = tiny::examples(&LABELS, 4);
    tiny::make(here.path(), &all);
    let settings = Settings { epochs: 1, longest: 500, ..tiny::SETTINGS };
    let (trained, _) = fine_tune(here.path(), &all, &settings, &mut |_, _| {}).expect("a model");
    assert_eq!(trained.bert.longest(), 48, "no more than the network has places for");
    let bert: Arc<dyn IntentClassifier> = trained.bert;
    let long = "πόσο κοστίζει το διαβατήριο; ".repeat(500);
    for text in ["", " ", "\u{0}", "🙂🙂", "ΠΌΣΟ", "\u{301}\u{301}", "poso kanei", "###[SEP][MASK]", "١٢٣", &long]
    {
        let ranking = bert.rank(text);
        let sum: f32 = ranking.iter().map(|(_, share)| share).sum();
        assert!(ranking.len() == LABELS.len() && (sum - 1.0).abs() < 1e-4, "{text:.20}: {ranking:?}");
    }
}
