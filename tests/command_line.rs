//! The program as an operator meets it: exit codes, errors on stderr, results on stdout.

use std::process::{Command, Output};

/// Runs `ariadni` in an empty folder, without the settings of whoever runs the tests.
fn ariadni(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariadni"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ARIADNI_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder.path()).args(arguments).envs(settings.iter().copied());
    command.output().expect("the program starts")
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

#[test]
fn wrong_usage_is_two_for_commands_options_and_settings_alike() {
    let none: &[(&str, &str)] = &[];
    let cases = [
        (&["frobnicate"][..], none, "frobnicate"),
        (&["migrate", "--now", "yesterday"][..], none, "--now"),
        (&["migrate", "--config", "nowhere.toml"][..], none, "nowhere.toml"),
        (&["migrate", "--database-url", "mysql://x"][..], none, "--database-url"),
        (&["migrate"][..], &[("ARIADNI_BOOKING__HOLD_MINUTES", "0")][..], "ARIADNI_BOOKING__HOLD_MINUTES"),
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
