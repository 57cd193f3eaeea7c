//! The program as an operator meets it: exit codes, errors on stderr, results on stdout.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// `ariadni` in a folder, without the settings of whoever runs the tests.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariadni"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ARIADNI_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).args(arguments);
    command
}

/// Runs it to its end in an empty folder.
fn ariadni(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    command(folder.path(), arguments).envs(settings.iter().copied()).output().expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn done_is_zero_and_the_result_is_on_stdout() {
    let output = ariadni(&["migrate"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("sqlite://./data/ariadni.db is up to date"));
}

#[test]
fn failed_work_is_one_and_says_what_and_why() {
    let output = ariadni(&["catalogue", "import", "nowhere.yaml"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("error: cannot read nowhere.yaml\n  because: "), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
}

#[cfg(not(feature = "bert"))]
#[test]
fn a_program_without_the_transformer_says_which_build_has_it_and_understands_all_the_same() {
    let output = ariadni(&["nlu", "train-bert", "--pretrained", ".", "--out", "out"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--features bert"), "{}", stderr(&output));
    let output = ariadni(&["nlu", "parse"], &[("ARIADNI_NLU__BERT", "greek-bert")]);
    assert_eq!(output.status.code(), Some(0));
    let log = stderr(&output);
    assert!(log.contains("greek-bert") && log.contains("--features bert") && log.contains("serves alone"), "{log}");
}

#[test]
fn wrong_usage_is_two_for_commands_options_and_settings_alike() {
    let none: &[(&str, &str)] = &[];
    let cases = [
        (&["frobnicate"][..], none, "frobnicate"),
        (&["migrate", "--now", "yesterday"][..], none, "--now"),
        (&["migrate", "--config", "nowhere.toml"][..], none, "nowhere.toml"),
        (&["migrate", "--database-url", "mysql://x"][..], none, "--database-url"),
        (&["migrate"][..], &[("ARIADNI_BOOKING__HOLD_MINUTES", "0")][..], "ARIADNI_BOOKING__HOLD_MINUTES"),
        (&["serve", "--listen", "here"][..], none, "--listen"),
    ];
    for (arguments, settings, told) in cases {
        let output = ariadni(arguments, settings);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_catalogue_with_a_mistake_is_refused_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("catalogue.yaml");
    std::fs::write(&file, "organisations: []\nservices: []\noffices: []\nofices: []\n").expect("written");
    let output = ariadni(&["catalogue", "import", &file.display().to_string()], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("line 4"), "{}", stderr(&output));
}

#[test]
fn the_bundled_catalogue_written_as_one_document_can_be_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("catalogue.json");
    let bundled = ariadni::booking::catalogue::Catalogue::bundled();
    std::fs::write(&file, serde_json::to_string(&bundled).expect("JSON")).expect("written");
    let output = ariadni(&["catalogue", "import", &file.display().to_string()], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = format!("{} organisations, {} services", bundled.organisations.len(), bundled.services.len());
    assert!(String::from_utf8_lossy(&output.stdout).contains(&told));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = command(folder.path(), &["openapi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn a_chat_in_json_lines_answers_every_line_and_a_malformed_one_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = command(folder.path(), &["chat", "--jsonl", "--now", "2026-11-23T09:00:00+02:00"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("stdin");
    let mut output = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let mut next =
        || -> serde_json::Value { serde_json::from_str(&output.next().expect("a line").expect("text")).expect("JSON") };
    assert_eq!(next()["turn"], 0);
    // Each answer is read before the next line is written: nothing may wait in a buffer.
    writeln!(input, "{{\"text\":\"θέλω ραντεβού στο ΚΕΠ Κυψέλης\"}}").expect("written");
    let answer = next();
    assert_eq!((&answer["turn"], &answer["flow"]), (&1.into(), &"book_appointment".into()));
    writeln!(input, "θέλω").expect("written");
    assert_eq!(next()["error"]["code"], "bad_request");
    writeln!(input, "{{\"text\":\"ακύρωση\"}}").expect("written");
    assert_eq!(next()["turn"], 2);
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[tokio::test]
async fn the_server_says_where_it_listens_and_stops_when_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = command(folder.path(), &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
    ariadni::gateway::choose_cryptography();
    let answer = reqwest::get(format!("{address}/readyz")).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let told = Command::new("kill").arg(child.id().to_string()).status().expect("a signal");
    assert!(told.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(folder.path().join("data/ariadni.db").is_file());
}

/// A server that is stopped when the test ends.
struct Server {
    child: std::process::Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = command(folder, &["serve", "--listen", "127.0.0.1:0", "--now", "2026-11-23T09:00:00+02:00"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[tokio::test]
async fn a_running_server_goes_by_the_catalogue_that_another_process_imports() {
    let folder = tempfile::tempdir().expect("a folder");
    ariadni::gateway::choose_cryptography();
    let server = Server::start(folder.path());
    let offices = async || -> String {
        let answer = reqwest::get(format!("{}/api/v1/offices", server.address)).await.expect("an answer");
        answer.text().await.expect("text")
    };
    assert!(offices().await.contains("ΚΕΠ Λάρισας"));
    let mut catalogue = ariadni::booking::catalogue::Catalogue::bundled();
    catalogue.offices.retain(|office| office.name != "ΚΕΠ Λάρισας");
    let file = folder.path().join("catalogue.json");
    std::fs::write(&file, serde_json::to_string(&catalogue).expect("JSON")).expect("written");
    let imported = command(folder.path(), &["catalogue", "import", &file.display().to_string()]).output();
    let imported = imported.expect("the program starts");
    assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
    let begun = std::time::Instant::now();
    while offices().await.contains("ΚΕΠ Λάρισας") {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "the server still goes by the old catalogue");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(offices().await.contains("ΚΕΠ Πατρέων"));
}
