//! Whether a shorter explanation, written by somebody who may err or lie, says only what the plain one says.
//!
//! The check is extractive: a shorter explanation is the plain one with some of it left out. Sentences are kept word for word
//! or left out; names of papers are kept, in any case and number, in a list or in a sentence; what is said twice, a paragraph
//! of the law, a reason, and what only tells more of a paper may go. What decides is never lost: the first sentence of a line, papers, numbers,
//! negations, conditions, duties and choices. Nothing is added, moved or joined otherwise. So an honest writer is sometimes
//! refused; then the plain explanation is shown, as it would be without a writer.

mod align;
mod piece;
mod unit;

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use self::align::aligns;
use self::piece::{Kind, Piece, pieces};
use self::unit::{Unit, units};
use crate::greek::fold::is_greek_letter;

/// How lines begin that are never the writer's: the age of what is said, and addresses.
const FIXED: [&str; 3] = ["Από το μητρώο, όπως ήταν ", "Η σελίδα: ", "Περισσότερα: "];
/// More lines than any list of papers has that a person reads.
const MOST_LINES: usize = 40;
/// The signs that a shorter explanation may have beside Greek letters, Latin ones and digits.
const SIGNS: &str = " \n.,:·\u{387}!()«»\"'’΄–—-•/%€&+@…";

/// A plain explanation that may be shortened.
#[derive(Debug, Clone)]
pub struct Plain {
    body: String,
    fixed: Vec<String>,
}

/// A shorter explanation that was found to say only what the plain one says. There is no other way to one than
/// [`Plain::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faithful(String);

/// Why a shorter explanation is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfaithful {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// It is not shorter.
    #[error("it is not shorter")]
    NotShorter,
    /// It has too many lines.
    #[error("it has too many lines")]
    Lines,
    /// It has a sign that belongs to no Greek sentence, or to mark-up.
    #[error("it has the sign {0:?}")]
    Sign(char),
    /// It asks.
    #[error("it asks a question")]
    Question,
    /// An address, a name or another word in Latin letters that the record has not so.
    #[error("the record does not have {0:?}")]
    Literal(String),
    /// A number that the record does not have, or has of something else.
    #[error("the record does not have the number {0:?}")]
    Number(String),
    /// A word that the record does not have.
    #[error("the record does not have the word {0:?}")]
    Word(String),
    /// Something is denied that the record affirms, or the other way round.
    #[error("it denies or affirms otherwise than the record")]
    Negation,
    /// What the record leaves to choose is required, or the other way round.
    #[error("it leaves another choice than the record")]
    Choice,
    /// Something that decides is missing.
    #[error("it leaves out what decides")]
    Lost,
    /// The words are the record's, what they say is not.
    #[error("it does not say what the record says")]
    Sense,
}

impl Unfaithful {
    /// The name of the reason, for logs and tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotShorter => "not_shorter",
            Self::Lines => "lines",
            Self::Sign(_) => "sign",
            Self::Question => "question",
            Self::Literal(_) => "literal",
            Self::Number(_) => "number",
            Self::Word(_) => "word",
            Self::Negation => "negation",
            Self::Choice => "choice",
            Self::Lost => "lost",
            Self::Sense => "sense",
        }
    }
}

impl Faithful {
    /// The text to read: the shorter explanation, and below it the age, the page and the source as the plain one has them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Plain {
    /// Takes a plain explanation as [`super::explain()`] writes it for the eye.
    #[must_use]
    pub fn of(display: &str) -> Self {
        let is_fixed = |line: &str| FIXED.iter().any(|begin| line.starts_with(begin));
        let body: Vec<&str> = display.lines().filter(|line| !is_fixed(line)).collect();
        let fixed = display.lines().filter(|line| is_fixed(line)).map(str::to_owned).collect();
        Self { body: body.join("\n"), fixed }
    }

    /// What may be shortened: all but the age, the page and the source.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Takes an answer if it says only what is said here, and loses nothing that decides.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, answer: &str) -> Result<Faithful, Unfaithful> {
        let answer = tidy(answer);
        looks_right(&self.body, &answer)?;
        let (record, said) = (pieces(&self.body), pieces(&answer));
        literals(&self.body, &answer)?;
        numbers(&record, &said)?;
        words(&record, &said)?;
        let units = units(&self.body);
        if !aligns(&units, &said) {
            return Err(difference(&units, &said));
        }
        let lines = std::iter::once(answer).chain(self.fixed.iter().cloned());
        Ok(Faithful(lines.collect::<Vec<_>>().join("\n")))
    }
}

/// One form of writing: composed letters, one kind of bullet, no empty lines.
fn tidy(answer: &str) -> String {
    let composed: String = answer.nfc().collect();
    let lines = composed.lines().map(|line| {
        let line = line.trim_matches(' ');
        let item = ["- ", "– ", "• ", "•"].iter().find_map(|sign| line.strip_prefix(sign));
        item.map_or_else(|| line.to_owned(), |item| format!("• {}", item.trim_matches(' ')))
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn looks_right(plain: &str, answer: &str) -> Result<(), Unfaithful> {
    if !answer.chars().any(is_greek_letter) && answer.chars().all(|c| !c.is_alphanumeric()) {
        return Err(Unfaithful::Empty);
    }
    // Among the Greek letters of Unicode is a question mark that looks like a semicolon.
    if answer.contains([';', '?', '\u{37e}']) {
        return Err(Unfaithful::Question);
    }
    let is_right = |c: char| c.is_ascii_alphanumeric() || is_greek_letter(c) || SIGNS.contains(c);
    if let Some(sign) = answer.chars().find(|c| !is_right(*c)) {
        return Err(Unfaithful::Sign(sign));
    }
    // A bullet begins a line, and brackets close.
    if answer.lines().any(|line| line.trim_start_matches('•').contains('•')) {
        return Err(Unfaithful::Sign('•'));
    }
    let depth = answer.chars().try_fold(0_usize, |depth, c| match c {
        '(' => Some(depth + 1),
        ')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    if depth != Some(0) {
        return Err(Unfaithful::Sign('('));
    }
    if answer.lines().count() > MOST_LINES {
        return Err(Unfaithful::Lines);
    }
    if answer.chars().count() >= plain.chars().count() {
        return Err(Unfaithful::NotShorter);
    }
    Ok(())
}

/// Addresses and everything else with Latin letters stand in the record letter by letter.
fn literals(plain: &str, answer: &str) -> Result<(), Unfaithful> {
    fn of(text: &str) -> impl Iterator<Item = &str> {
        let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        words.filter(|word| word.contains(|c: char| c.is_ascii_alphabetic() || c == '@') || word.contains("//"))
    }
    let known: HashSet<&str> = of(plain).collect();
    match of(answer).find(|word| !known.contains(word)) {
        Some(word) => Err(Unfaithful::Literal(word.to_owned())),
        None => Ok(()),
    }
}

/// Every number stands in the record beside the same word.
fn numbers(record: &[Piece], answer: &[Piece]) -> Result<(), Unfaithful> {
    // A word beyond a comma or a full stop is not what is counted.
    fn of(pieces: &[Piece]) -> impl Iterator<Item = (&str, Option<&Piece>)> {
        pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Number).map(|(at, piece)| {
            let unit = pieces.get(at + 1).filter(|next| !next.gap.parts() && next.kind == Kind::Word);
            (piece.form.as_str(), unit)
        })
    }
    let known = |(value, unit): &(&str, Option<&Piece>)| {
        of(record).any(|(other, counted)| {
            *value == other
                && match (unit, counted) {
                    (Some(unit), Some(counted)) => unit.says(counted, true),
                    (unit, _) => unit.is_none(),
                }
        })
    };
    match of(answer).find(|number| !known(number)) {
        Some((value, unit)) => {
            let unit = unit.map_or("", |unit| unit.form.as_str());
            Err(Unfaithful::Number(format!("{value} {unit}").trim().to_owned()))
        }
        None => Ok(()),
    }
}

/// Every word that says something stands in the record.
fn words(record: &[Piece], answer: &[Piece]) -> Result<(), Unfaithful> {
    let is_known = |word: &&Piece| word.kind == Kind::Word && !record.iter().any(|said| word.says(said, true));
    match answer.iter().find(is_known) {
        Some(word) => Err(Unfaithful::Word(word.form.clone())),
        None => Ok(()),
    }
}

/// What is wrong with an answer that has only words of the record. Whatever this says, the answer is refused.
fn difference(units: &[Unit], answer: &[Piece]) -> Unfaithful {
    let all_may_go: Vec<Unit> = units.iter().cloned().map(|unit| Unit { may_go: true, ..unit }).collect();
    if aligns(&all_may_go, answer) {
        return Unfaithful::Lost;
    }
    let count = |kind, pieces: &mut dyn Iterator<Item = &Piece>| pieces.filter(|piece| piece.kind == kind).count();
    for (kind, reason) in [(Kind::Not, Unfaithful::Negation), (Kind::Choice, Unfaithful::Choice)] {
        let least = count(kind, &mut units.iter().filter(|unit| !unit.may_go).flat_map(Unit::core));
        let most = count(kind, &mut units.iter().flat_map(Unit::pieces));
        if !(least..=most).contains(&count(kind, &mut answer.iter())) {
            return reason;
        }
    }
    Unfaithful::Sense
}

#[cfg(test)]
mod tests;
