//! An utterance cut into words, as every part of understanding sees it.

use crate::greek::fold::{self, Token};
use crate::greek::greeklish;

/// The longest text that is read, Unicode scalar values; what follows is not understood.
pub const LONGEST: usize = 2_000;

/// An utterance with its words.
#[derive(Debug, Clone)]
pub struct Utterance<'a> {
    /// The text as received, at most [`LONGEST`] long.
    pub text: &'a str,
    /// Its words, folded; Greeklish ones are already Greek. Their places are those of the original text.
    pub words: Vec<Token>,
}

impl<'a> Utterance<'a> {
    /// Cuts `text` into words.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text: beginning(text), words: greeklish::tokens(beginning(text)) }
    }

    /// Cuts `text` into words and leaves Latin letters as they are: it is of another language than Greek.
    #[must_use]
    pub fn as_written(text: &'a str) -> Self {
        Self { text: beginning(text), words: fold::tokens(beginning(text)) }
    }

    /// The folded word at `at`; empty past the end.
    #[must_use]
    pub fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// Whether it is put as a question.
    #[must_use]
    pub fn is_question(&self) -> bool {
        self.text.contains([';', '?', '\u{37e}'])
    }

    /// The original text of words `from..to`.
    #[must_use]
    pub fn written(&self, from: usize, to: usize) -> String {
        let (start, end) = (self.words[from].start, self.words[to - 1].end);
        self.text.chars().skip(start).take(end - start).collect()
    }
}

/// What is read of a text.
fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(at, _)| &text[..at])
}
