//! Where a catalogue comes from: the one carried inside the binary, or an operator's own document.

use serde::Deserialize;

use super::catalogue::{Catalogue, Office, Organisation, Service};
use super::catalogue_check::Problem;
use crate::assets::{CatalogueFiles, texts};

/// Why a catalogue document was refused; nothing of it was taken.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// It cannot be read: not YAML or JSON, or a key or a value that is not expected there.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Line, from 1; 0 when not known.
        line: u64,
        /// Column, from 1; 0 when not known.
        column: u64,
        /// What is wrong there.
        message: String,
    },
    /// It reads well, but what it says does not hold together.
    #[error("{}", list(.0))]
    Inconsistent(Vec<Problem>),
}

/// One organisation's file of the bundled catalogue.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationFile {
    organisation: Organisation,
    services: Vec<Service>,
    offices: Vec<Office>,
}

impl Catalogue {
    /// The catalogue carried inside the binary (`data/catalogue/`, one file an organisation).
    ///
    /// # Panics
    /// When a carried file does not read, which the build's own tests would show.
    #[must_use]
    pub fn bundled() -> Self {
        let mut catalogue = Self::default();
        for (path, text) in texts::<CatalogueFiles>("", ".yaml") {
            let file: OrganisationFile = read(&text).unwrap_or_else(|e| panic!("data/catalogue/{path}: {e}"));
            catalogue.organisations.push(file.organisation);
            catalogue.services.extend(file.services);
            catalogue.offices.extend(file.offices);
        }
        catalogue
    }

    /// Reads an operator's whole catalogue, YAML or JSON, and checks that it holds together.
    ///
    /// # Errors
    /// The line that does not read, or every problem [`Catalogue::check`] finds, with the line of the part it is about.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        let catalogue: Self = read(text)?;
        let mut problems = catalogue.check();
        if problems.is_empty() {
            return Ok(catalogue);
        }
        for problem in &mut problems {
            problem.line = line_of(text, "id", &problem.id);
        }
        Err(CatalogueError::Inconsistent(problems))
    }
}

/// Reads YAML, of which JSON is a part.
pub(super) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, CatalogueError> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let location = error.location();
        CatalogueError::Syntax {
            line: location.map_or(0, |l| l.line()),
            column: location.map_or(0, |l| l.column()),
            message: plain_message(error.without_snippet()),
        }
    })
}

/// The parser's message without its own "at line …", which is said before it.
fn plain_message(error: &serde_saphyr::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// A whole country's catalogue is larger than the parser's default budget for untrusted input.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 20_000_000, max_nodes: 10_000_000 },
    }
}

/// The line, from 1, on which `key` has the value `value`.
pub(super) fn line_of(text: &str, key: &str, value: &str) -> Option<usize> {
    let declares = |line: &str| {
        line.match_indices(value).any(|(at, _)| {
            let before = line[..at].trim_end_matches(['"', '\'', ' ']);
            let after = line[at + value.len()..].chars().next();
            before.trim_end_matches(':').trim_end_matches(['"', '\'']).ends_with(key)
                && !after.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '.')
        })
    };
    text.lines().position(declares).map(|index| index + 1)
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
