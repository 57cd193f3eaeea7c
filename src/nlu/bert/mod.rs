//! A transformer as a second classifier: a Greek BERT that the operator brings, fine-tuned on the examples (docs/BERT.md).
//!
//! [`vocabulary`] and [`tokenizer`] turn an utterance into the numbers of word pieces, [`weights`] reads what the operator
//! downloaded, [`model`] is the classifier, [`training`] fine-tunes it, [`folder`] keeps it.

pub mod folder;
pub mod model;
mod network;
mod safetensors;
pub mod tokenizer;
pub mod training;
pub mod vocabulary;
pub mod weights;

use std::path::{Path, PathBuf};

pub use model::Bert;

/// Why a transformer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BertError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {message}")]
    Content {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        message: String,
    },
    /// There is nothing to learn from.
    #[error("{0}")]
    Examples(String),
}

impl BertError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }

    fn content(path: &Path, message: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), message: message.into() }
    }

    /// libtorch tells its stack too: only the first line says something.
    fn torch(path: &Path, error: &tch::TchError) -> Self {
        let text = error.to_string();
        Self::content(path, text.lines().next().unwrap_or_default())
    }
}
