//! A mistake in a flow file is told with file and line.

use serde::Deserialize;

use crate::assets;
use crate::dialog::Flows;

#[derive(Deserialize)]
struct Case {
    mistake: String,
    line: u64,
    complaint: String,
    text: String,
}

#[test]
fn every_mistake_in_a_flow_names_its_file_and_line() {
    let cases: Vec<Case> = serde_saphyr::from_str(include_str!("mistakes.yaml")).expect("a table of mistakes");
    let bundled = assets::texts::<assets::Dialogs>("", ".yaml");
    for case in cases {
        let mut files = bundled.clone();
        files.push(("zz_wrong.yaml".to_owned(), case.text));
        let Err(error) = Flows::parse(&files) else { panic!("{}: nobody complains", case.mistake) };
        let shown = error.to_string();
        assert_eq!((error.file.as_str(), error.line), ("zz_wrong.yaml", case.line), "{}: {shown}", case.mistake);
        assert!(error.message.contains(&case.complaint), "{}: {shown}", case.mistake);
        assert!(shown.starts_with(&format!("zz_wrong.yaml:{}: ", case.line)), "{shown}");
    }
}

#[test]
fn a_missing_shared_message_is_told() {
    let mut files = assets::texts::<assets::Dialogs>("", ".yaml");
    for (name, text) in &mut files {
        if name.ends_with("shared.yaml") {
            *text = text.replace("  emergency:\n", "  emergenci:\n");
        }
    }
    let error = Flows::parse(&files).expect_err("a message is missing");
    assert!(error.message.contains("emergency"), "{error}");
}

#[test]
fn without_the_shared_file_nothing_is_read() {
    let error = Flows::parse(&[]).expect_err("there is no shared file");
    assert_eq!(error.file, "shared.yaml");
}
