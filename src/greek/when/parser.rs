//! The reader: where it stands in the tokens, and how pieces of one time are put together.

use std::cell::{Cell, OnceCell};

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::phrase::{Days, Phrase};
use super::word::{begins_time, is_article, is_counted_noun, is_function_word, is_joiner, unit};
use super::{Grain, Options};
use crate::greek::fold::Token;
use crate::greek::number::Parsed;
use crate::greek::{feast, number};

/// What separates a token from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: they are written together.
    None,
    Space,
    Comma,
    Dash,
    /// The end of a sentence, or something that is not speech.
    Stop,
}

pub(super) struct Parser<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) words: Vec<&'a str>,
    gaps: Vec<Gap>,
    /// What has been read at each token already; the rules ask again and again.
    memory: Vec<Memory>,
    /// Where the last clock time ended: «στις 10 ή 11» needs no second «στις».
    last_clock: Cell<Option<usize>>,
    pub(super) now: NaiveDateTime,
    pub(super) options: Options,
}

/// What was found at one token.
#[derive(Debug, Clone, Default)]
struct Memory {
    cardinal: OnceCell<Option<Parsed<i64>>>,
    ordinal: OnceCell<Option<Parsed<i64>>>,
    days: OnceCell<Option<(Days, usize)>>,
}

/// A phrase with the tokens it was read from.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) start: usize,
    /// Exclusive.
    pub(super) end: usize,
    pub(super) phrase: Phrase,
    pub(super) exclude: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &str, tokens: &'a [Token], now: NaiveDateTime, options: Options) -> Self {
        let words = tokens.iter().map(|token| token.text.as_str()).collect();
        let memory = vec![Memory::default(); tokens.len()];
        Self { tokens, words, gaps: gaps(text, tokens), memory, last_clock: Cell::new(None), now, options }
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.now.date()
    }

    pub(super) fn year(&self) -> i32 {
        self.now.year()
    }

    /// The folded word at `at`; empty past the end.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words.get(at).copied().unwrap_or_default()
    }

    /// What stands before the token at `at`; past the end it is a stop.
    pub(super) fn gap(&self, at: usize) -> Gap {
        self.gaps.get(at).copied().unwrap_or(Gap::Stop)
    }

    /// The whole number that begins at `at`.
    pub(super) fn cardinal(&self, at: usize) -> Option<Parsed<i64>> {
        self.memory.get(at)?.cardinal.get_or_init(|| number::cardinal(self.tokens, at)).clone()
    }

    /// The ordinal at `at`.
    pub(super) fn ordinal(&self, at: usize) -> Option<Parsed<i64>> {
        self.memory.get(at)?.ordinal.get_or_init(|| number::ordinal(self.tokens, at)).clone()
    }

    /// Days that begin at `at`, without «από», «μετά» and the like.
    pub(super) fn some_days(&self, at: usize) -> Option<(Days, usize)> {
        *self.memory.get(at)?.days.get_or_init(|| self.read_days(at))
    }

    /// Whether a time can begin with the token at `at`: most words of a sentence are passed over here.
    fn may_begin(&self, at: usize) -> bool {
        let word = self.word(at);
        begins_time(word)
            || word.starts_with(|c: char| c.is_ascii_digit())
            || self.cardinal(at).is_some()
            || self.ordinal(at).is_some()
            || word.ends_with("μισι")
            || word.ends_with("μιση")
            || feast::may_begin(word)
    }

    /// Past the articles at `at`, two at most.
    pub(super) fn after_articles(&self, at: usize) -> usize {
        (at..at + 2).find(|i| !is_article(self.word(*i))).unwrap_or(at + 2)
    }

    /// Whether `at` goes on with a choice of clock times: «στις 10, 11 ή 12».
    pub(super) fn continues_choice(&self, at: usize) -> bool {
        self.last_clock.get().is_some_and(|last| {
            (at == last && self.gap(at) == Gap::Comma) || (at == last + 1 && matches!(self.word(last), "η" | "ειτε"))
        })
    }

    /// Whether the number before `at` counts nothing: what follows is no noun.
    pub(super) fn stands_alone(&self, at: usize) -> bool {
        let word = self.word(at);
        word.is_empty()
            || (unit(word).is_none()
                && !is_counted_noun(word)
                && self.gap(at) != Gap::Space
                && self.gap(at) != Gap::None)
            || is_function_word(word)
            || begins_time(word)
            || self.part_after(at).is_some()
    }

    /// Whether the number before `at` counts the noun at `at`.
    pub(super) fn counts_noun(&self, at: usize) -> bool {
        let word = self.word(at);
        matches!(self.gap(at), Gap::Space | Gap::None)
            && (is_counted_noun(word) || (unit(word).is_some() && word != "ωρα"))
    }

    /// Every time in the text, in order.
    pub(super) fn all(&self) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.phrase(at).filter(|_| !self.is_name(at)) {
                Some((phrase, end)) if phrase.resolve(self.now).is_some() => {
                    let exclude = self.is_refused(at, end);
                    self.last_clock.set(phrase.hours.map(|_| end));
                    found.push(Span { start: at, end, phrase, exclude });
                    at = end;
                }
                _ => at += 1,
            }
        }
        self.share(&mut found);
        found
    }

    /// The longest time that begins at `at`.
    fn phrase(&self, at: usize) -> Option<(Phrase, usize)> {
        if !self.may_begin(at) {
            return None;
        }
        let (mut phrase, mut end) = self.piece(at, &Phrase::default())?;
        while let Some((merged, next)) = self.next_piece(end, &phrase) {
            (phrase, end) = (merged, next);
        }
        Some((phrase, end))
    }

    fn next_piece(&self, end: usize, phrase: &Phrase) -> Option<(Phrase, usize)> {
        // «την Πέμπτη και ώρα έξι» is six o'clock of that day; «Δευτέρα και Τρίτη» are two days.
        let of_that_day =
            matches!(self.word(end), "και" | "κι") && self.gap(end) != Gap::Stop && phrase.is_only_a_day();
        let mut at = if of_that_day { end + 1 } else { end };
        loop {
            if self.gap(at) == Gap::Stop || at > end + 3 {
                return None;
            }
            let piece = self.piece(at, phrase).filter(|(piece, _)| !of_that_day || piece.is_only_an_hour());
            let found = piece.and_then(|(piece, next)| Some((phrase.merged(&piece)?, next)));
            if found.is_some() {
                return found;
            }
            if !is_joiner(self.word(at)) {
                return None;
            }
            at += 1;
        }
    }

    fn piece(&self, at: usize, so_far: &Phrase) -> Option<(Phrase, usize)> {
        self.interval(at, so_far)
            .or_else(|| self.duration(at))
            .or_else(|| self.day_piece(at, so_far))
            .or_else(|| self.clock_piece(at, so_far))
            .or_else(|| self.part_piece(at))
    }

    /// «Δευτέρα ή Τρίτη πρωί», «αύριο στις 10 ή στις 11»: what is said once is meant of both.
    fn share(&self, found: &mut [Span]) {
        for i in 1..found.len() {
            let week =
                found[..i].iter().rev().find_map(|span| span.phrase.days.filter(|days| days.grain == Grain::Week));
            // «την άλλη εβδομάδα, εκτός Τρίτης» means the Tuesday of that week.
            if found[i].exclude
                && let Some(week) = week
                && let Some(day) = found[i].phrase.days.and_then(|day| week.merged(day))
            {
                found[i].phrase.days = Some(day);
            }
            let (left, right) = found.split_at_mut(i);
            let (Some(first), Some(second)) = (left.last_mut(), right.first_mut()) else { continue };
            let between = &self.words[first.end..second.start];
            let Some((joint, rest)) = between.split_first() else { continue };
            if !matches!(*joint, "η" | "ειτε" | "και" | "κι") || !rest.iter().all(|word| is_joiner(word)) {
                continue;
            }
            if second.phrase.days.is_none() && second.phrase.moment.is_none() {
                second.phrase.days = first.phrase.days;
                if second.phrase.hours.is_some() && second.phrase.part.is_none() {
                    second.phrase.part = first.phrase.part;
                }
            } else if first.phrase.hours.is_none() && first.phrase.part.is_none() && rest.is_empty() {
                first.phrase.hours = second.phrase.hours;
                first.phrase.part = second.phrase.part;
            }
            second.exclude |= first.exclude;
        }
    }
}

fn gaps(text: &str, tokens: &[Token]) -> Vec<Gap> {
    let mut chars = text.chars();
    let mut position = 0;
    let mut gaps = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        let between = chars.by_ref().take(token.start.saturating_sub(position));
        let mut gap = between.fold(Gap::None, wider);
        let sentence_ends = token.raw.starts_with(char::is_uppercase)
            && index.checked_sub(1).and_then(|i| tokens.get(i)).is_some_and(|before| before.raw.chars().count() > 4);
        if gap == Gap::Stop && !sentence_ends && !ends_for_sure(text, tokens, index) {
            gap = Gap::Comma;
        }
        gaps.push(gap);
        if token.end > token.start {
            chars.by_ref().nth(token.end - token.start - 1);
        }
        position = token.end;
    }
    gaps
}

/// Whether the stop before token `index` is more than the dot of an abbreviation.
fn ends_for_sure(text: &str, tokens: &[Token], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).and_then(|i| tokens.get(i)) else { return true };
    let length = tokens[index].start - before.end;
    text.chars().skip(before.end).take(length).any(|c| matches!(c, ';' | '!' | '?' | '\u{37E}' | '\n'))
}

fn wider(gap: Gap, c: char) -> Gap {
    match c {
        ' ' | '\u{A0}' if gap == Gap::None => Gap::Space,
        c if c.is_whitespace() && c != '\n' => gap,
        ',' | '·' | '\u{B7}' | '(' | ')' | '«' | '»' | ':' if gap != Gap::Stop => Gap::Comma,
        '-' | '–' | '—' if matches!(gap, Gap::None | Gap::Space) => Gap::Dash,
        '\'' | '’' | '΄' if gap != Gap::Stop => gap,
        ',' | '-' | '–' | '—' => gap,
        _ => Gap::Stop,
    }
}
