//! The word pieces that a BERT knows, as `vocab.txt` lists them: one a line, numbered from 0.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::greek::fold::is_greek_letter;

/// A longer word is not looked for, characters.
const LONGEST_WORD: usize = 100;
/// What a piece begins with that goes on with a word.
const CONTINUED: &str = "##";
/// Of so many pieces one may have capitals, or accents, though the vocabulary is without: real ones hold a few strangers.
const STRANGERS: usize = 50;

/// The word pieces with their numbers.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    numbers: HashMap<String, i64>,
    marks: Marks,
    spelling: Spelling,
}

/// The numbers of the pieces that are no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// `[PAD]`: fills up.
    pub padding: i64,
    /// `[UNK]`: a word that no pieces make.
    pub unknown: i64,
    /// `[CLS]`: before the text.
    pub start: i64,
    /// `[SEP]`: behind it.
    pub end: i64,
}

/// How a vocabulary writes words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    /// Without capitals.
    pub lower_case: bool,
    /// Without accents and dialytika.
    pub no_accents: bool,
}

impl Vocabulary {
    /// Reads the text of a `vocab.txt`.
    ///
    /// # Errors
    /// What is missing from it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pieces: Vec<&str> = text.lines().map(str::trim_end).collect();
        let numbers: HashMap<String, i64> = pieces.iter().map(|piece| (*piece).to_owned()).zip(0..).collect();
        let mark = |name: &str| {
            numbers.get(name).copied().ok_or_else(|| format!("has no piece {name}; it is no vocabulary of a BERT"))
        };
        let marks =
            Marks { padding: mark("[PAD]")?, unknown: mark("[UNK]")?, start: mark("[CLS]")?, end: mark("[SEP]")? };
        Ok(Self { spelling: Spelling::of(&pieces), marks, numbers })
    }

    /// One more than the highest number.
    #[must_use]
    pub fn size(&self) -> i64 {
        self.numbers.values().max().map_or(0, |highest| highest + 1)
    }

    /// The pieces that are no words.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// How its words are written.
    #[must_use]
    pub fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// Cuts a word into the longest pieces, from its beginning to its end; one unknown piece where that fails.
    #[must_use]
    pub fn cut(&self, word: &str) -> Vec<i64> {
        let unknown = vec![self.marks.unknown];
        if word.chars().count() > LONGEST_WORD {
            return unknown;
        }
        let mut cut = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let Some((number, length)) = self.longest_piece(rest, !cut.is_empty()) else { return unknown };
            cut.push(number);
            rest = &rest[length..];
        }
        cut
    }

    /// The longest piece at the head of `rest`: its number, its length in bytes.
    fn longest_piece(&self, rest: &str, continued: bool) -> Option<(i64, usize)> {
        let ends = rest.char_indices().rev().map(|(at, c)| at + c.len_utf8());
        let mut piece = String::with_capacity(rest.len() + CONTINUED.len());
        for end in ends {
            piece.clear();
            piece.push_str(if continued { CONTINUED } else { "" });
            piece.push_str(&rest[..end]);
            if let Some(number) = self.numbers.get(&piece) {
                return Some((*number, end));
            }
        }
        None
    }
}

impl Spelling {
    /// Seen from the pieces themselves: what a folder says of its spelling is often missing and sometimes wrong.
    fn of(pieces: &[&str]) -> Self {
        let is_mark = |piece: &&&str| piece.starts_with('[') && piece.ends_with(']');
        let words = || pieces.iter().filter(|piece| !is_mark(piece) && piece.chars().any(char::is_alphabetic));
        let rare = |strangers: usize, all: usize| strangers * STRANGERS <= all;
        let capitals = words().filter(|piece| piece.chars().any(char::is_uppercase)).count();
        let lower_case = rare(capitals, words().count());
        let greek = || words().filter(|piece| piece.chars().any(is_greek_letter));
        let accented = greek().filter(|piece| piece.nfd().any(is_combining_mark)).count();
        let no_accents = if greek().next().is_some() { rare(accented, greek().count()) } else { lower_case };
        Self { lower_case, no_accents }
    }

    /// A text as the vocabulary would write it.
    #[must_use]
    pub fn apply(self, text: &str) -> String {
        // The whole text at once, so that a capital sigma at the end of a word becomes a final one.
        let text = if self.lower_case { text.to_lowercase() } else { text.to_owned() };
        if self.no_accents { text.nfd().filter(|c| !is_combining_mark(*c)).collect() } else { text.nfc().collect() }
    }
}
