//! What people say: the files of `intents/`, and data files of `{"text","intent"}` lines.

use serde::Deserialize;

use super::NluError;
use crate::assets::{Intents, texts};

/// The version of the files under `intents/`.
const VERSION: u32 = 1;

/// An utterance with what it is meant to be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Example {
    /// The utterance.
    pub text: String,
    /// Its label.
    #[serde(rename = "intent")]
    pub label: String,
}

/// One file `intents/<intent>.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IntentFile {
    version: u32,
    intent: String,
    /// One utterance a line.
    examples: String,
}

/// One file `intents/entities/<entity>.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SynonymFile {
    version: u32,
    entity: String,
    values: std::collections::BTreeMap<String, Vec<String>>,
}

/// The examples carried inside the binary, in the order of their files.
///
/// # Errors
/// [`NluError::Examples`] names the file that is not well-formed.
pub fn bundled() -> Result<Vec<Example>, NluError> {
    let mut examples = Vec::new();
    for (path, text) in texts::<Intents>("", ".yaml") {
        if path.contains('/') {
            continue;
        }
        let file: IntentFile = read(&path, &text)?;
        expect_version(&path, file.version)?;
        if path.strip_suffix(".yaml") != Some(file.intent.as_str()) {
            return Err(wrong(&path, format!("is about {:?}; the file's name must be the intent's", file.intent)));
        }
        let lines = file.examples.lines().map(str::trim).filter(|line| !line.is_empty());
        examples.extend(lines.map(|line| Example { text: line.to_owned(), label: file.intent.clone() }));
    }
    Ok(examples)
}

/// The synonyms of one kind of entity (`intents/entities/<entity>.yaml`): each value with what people call it.
///
/// # Errors
/// [`NluError::Examples`] when the file is missing or not well-formed.
pub fn synonyms(entity: &str) -> Result<Vec<(String, Vec<String>)>, NluError> {
    let path = format!("entities/{entity}.yaml");
    let (_, text) = texts::<Intents>(&path, ".yaml").pop().ok_or_else(|| wrong(&path, "is missing".to_owned()))?;
    let file: SynonymFile = read(&path, &text)?;
    expect_version(&path, file.version)?;
    if file.entity != entity {
        return Err(wrong(&path, format!("is about {:?}", file.entity)));
    }
    Ok(file.values.into_iter().collect())
}

/// Reads a data file: one JSON object `{"text","intent"}` a line; empty lines are passed over.
///
/// # Errors
/// [`NluError::Examples`] names the line that is not well-formed.
pub fn from_json_lines(text: &str) -> Result<Vec<Example>, NluError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|error| wrong(&format!("line {}", at + 1), error.to_string()))
        })
        .collect()
}

fn read<'de, T: Deserialize<'de>>(path: &str, text: &'de str) -> Result<T, NluError> {
    serde_saphyr::from_str(text).map_err(|error| wrong(path, error.to_string()))
}

fn expect_version(path: &str, version: u32) -> Result<(), NluError> {
    if version == VERSION { Ok(()) } else { Err(wrong(path, format!("version {version} is not {VERSION}"))) }
}

fn wrong(file: &str, message: String) -> NluError {
    NluError::Examples { file: file.to_owned(), message }
}
