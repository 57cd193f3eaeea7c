//! From an utterance to the numbers that a BERT reads.

use super::vocabulary::Vocabulary;
use crate::greek::fold::is_greek_letter;
use crate::nlu::utterance::Utterance;

/// Cuts utterances into word pieces, at most so many.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
    longest: usize,
}

impl Tokenizer {
    /// `longest` is the most pieces of an utterance, with the marks before and behind it; at least 3.
    #[must_use]
    pub fn new(vocabulary: Vocabulary, longest: usize) -> Self {
        Self { vocabulary, longest: longest.max(3) }
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The most pieces of an utterance.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The pieces of an utterance between the marks; what is too long loses its end.
    #[must_use]
    pub fn encode(&self, utterance: &Utterance<'_>) -> Vec<i64> {
        let text = self.vocabulary.spelling().apply(&in_greek(utterance));
        let marks = self.vocabulary.marks();
        let pieces = words(&text).into_iter().flat_map(|word| self.vocabulary.cut(word)).take(self.longest - 2);
        std::iter::once(marks.start).chain(pieces).chain(std::iter::once(marks.end)).collect()
    }
}

/// The utterance as written, from its first word on, with the words that were Greek in Latin letters in Greek ones. The
/// transformer has never read Greeklish.
fn in_greek(utterance: &Utterance<'_>) -> String {
    let Some(first) = utterance.words.first() else { return utterance.text.to_owned() };
    let mut text = String::with_capacity(utterance.text.len() * 2);
    let mut characters = utterance.text.chars().skip(first.start);
    let mut at = first.start;
    for word in &utterance.words {
        text.extend(characters.by_ref().take(word.start - at));
        let written: String = characters.by_ref().take(word.end - word.start).collect();
        let is_turned = word.text.chars().any(is_greek_letter) && !written.chars().any(is_greek_letter);
        text.push_str(&if is_turned { with_final_sigma(&word.text) } else { written });
        at = word.end;
    }
    text.extend(characters);
    text
}

/// Folded words have no final sigma, the vocabulary does.
fn with_final_sigma(word: &str) -> String {
    word.strip_suffix('σ').map_or_else(|| word.to_owned(), |stem| format!("{stem}ς"))
}

/// Words, and each mark of punctuation on its own.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let is_in_word = c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
        if is_in_word {
            start.get_or_insert(at);
            continue;
        }
        words.extend(start.take().map(|from| &text[from..at]));
        if !c.is_whitespace() && !c.is_control() {
            words.push(&text[at..at + c.len_utf8()]);
        }
    }
    words.extend(start.map(|from| &text[from..]));
    words
}
