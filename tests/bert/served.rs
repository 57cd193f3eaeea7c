//! The transformer in the program: it ranks beside the linear classifier, and where it cannot the linear one serves on.

use std::path::Path;
use std::process::{Command, Stdio};

use ariadni::app::App;
use ariadni::channel::turn::{Channel, Inbound};
use ariadni::clock::Clock;
use ariadni::config::{Config, Nlu};
use ariadni::nlu::bert::folder;
use ariadni::nlu::bert::training::{Settings, fine_tune};
use ariadni::nlu::examples::{self, Example};

use crate::tiny;

/// A few examples of every intent.
fn of_every_intent() -> Vec<Example> {
    let mut taken: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let few = |one: &Example| {
        let count = taken.entry(one.label.clone()).or_default();
        *count += 1;
        *count <= 12
    };
    examples::bundled().expect("well-formed").into_iter().filter(few).collect()
}

/// Fine-tunes a model over every intent into `out`; its share is set by hand, so that it does rank.
fn make(here: &Path, out: &Path) {
    let examples = of_every_intent();
    tiny::make(here, &examples);
    let settings = Settings { epochs: 3, ..tiny::SETTINGS };
    let (mut trained, base) = fine_tune(here, &examples, &settings, &mut |_, _| {}).expect("a model");
    trained.weight = 0.3;
    folder::save(&trained, &base, out).expect("a folder");
}

/// `ariadni nlu parse` with a transformer: the intents of the lines with their confidence, and the log.
fn parse(folder: &Path, lines: &str) -> (Vec<(String, f64)>, String) {
    use std::io::Write as _;
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariadni"));
    command.args(["nlu", "parse", "--now", "2026-11-23T09:00:00+02:00"]).env("ARIADNI_NLU__BERT", folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("the program starts");
    program.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("written");
    let output = program.wait_with_output().expect("its end");
    assert!(output.status.success());
    let understood = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let intent = &line["intent"];
        (intent["name"].as_str().expect("a name").to_owned(), intent["confidence"].as_f64().expect("a number"))
    };
    let told = String::from_utf8_lossy(&output.stdout).lines().map(understood).collect();
    (told, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_transformer_ranks_beside_the_linear_one_and_dangers_stay_dangers() {
    let _alone = tiny::alone();
    let here = tempfile::tempdir().expect("a folder");
    let out = here.path().join("out");
    make(here.path(), &out);
    let lines = "Ναι\nΠόσο κοστίζει το διαβατήριο;\nβοήθεια, ο πατέρας μου δεν αναπνέει\n\n🙂\n";
    let (with, log) = parse(&out, lines);
    let (without, _) = parse(&here.path().join("nowhere"), lines);
    assert!(log.contains("stands beside"), "{log}");
    let names: Vec<&str> = with.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..3], ["affirm", "ask_cost", "emergency"]);
    assert_eq!(with.len(), 5);
    assert_ne!(with[1].1.to_bits(), without[1].1.to_bits(), "the transformer had no say");
}

#[test]
fn without_its_folder_the_linear_one_serves_on_and_the_log_names_it() {
    let here = tempfile::tempdir().expect("a folder");
    let folder = here.path().join("moved-away");
    let (understood, log) = parse(&folder, "Ναι\n");
    assert_eq!(understood[0].0, "affirm");
    assert!(log.contains("moved-away") && log.contains("serves alone"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_on_with_it() {
    let here = tempfile::tempdir().expect("a folder");
    let out = here.path().join("out");
    let (from, to) = (here.path().to_owned(), out.clone());
    let making = tokio::task::spawn_blocking(move || {
        let _alone = tiny::alone();
        make(&from, &to);
    });
    making.await.expect("a model");
    let config = Config {
        data_dir: here.path().join("data"),
        nlu: Nlu { bert: Some(out), bert_threads: 1 },
        ..Config::default()
    };
    let clock = Clock::fixed("2026-11-23T07:00:00Z".parse().expect("an instant"));
    let app = App::open(config, clock).await.expect("a whole application");
    assert!(app.knowledge.get().await.understander.is_slow(), "the transformer was not taken");
    let open = app.conversations.start(Channel::Web).await.expect("a conversation");
    let said = Inbound::Text("Πόσο κοστίζει το διαβατήριο;".to_owned());
    let answer = app.conversations.turn(&open.id, &open.token, None, said).await.expect("an answer");
    assert!(!answer.replies.is_empty());
}
