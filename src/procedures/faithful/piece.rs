//! The words and numbers of a text, with what stands between them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::greek::fold::{Token, fold, tokens};
use crate::greek::number;
use crate::procedures::analysis;

/// The form of «ή», which folded is the article «η».
pub(super) const OR: &str = "ή";
/// The form of «ένα από αυτά».
pub(super) const ONE_OF: &str = "ενα απο";
/// How many first letters two forms of one word have in common.
const COMMON: usize = 3;

/// What a word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Says something.
    Word,
    /// A number, in digits or in words.
    Number,
    /// «ο», «η», «ένα».
    Article,
    /// «φέρτε», «χρειάζεται».
    Need,
    /// «δεν», «χωρίς», «εκτός».
    Not,
    /// «αν», «μόνο».
    If,
    /// «μπορείτε», «πρέπει».
    May,
    /// «ή», and «ένα από».
    Choice,
    /// «γιατί».
    Cause,
    /// «άρθρο».
    Law,
}

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// A comma or a bracket.
    pub comma: bool,
    /// «και».
    pub and: bool,
    /// The end of a sentence or of a line, or a colon.
    pub stop: bool,
}

impl Gap {
    /// Whether anything is there.
    pub fn parts(self) -> bool {
        self.comma || self.and || self.stop
    }

    /// Both, one after the other.
    pub fn with(self, other: Self) -> Self {
        Self { comma: self.comma || other.comma, and: self.and || other.and, stop: self.stop || other.stop }
    }
}

/// A word or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// What it does.
    pub kind: Kind,
    /// Its folded form; a number by its value; «ένα από» as one.
    pub form: String,
    /// Its form without its ending.
    term: String,
    /// Whether it is written in capitals.
    capitals: bool,
    /// What stands before it.
    pub gap: Gap,
    /// Which brackets of the text it stands in, from 1 on; 0 outside. Brackets inside brackets are not counted.
    pub bracket: usize,
}

impl Piece {
    /// Whether this form says what another says; `any_case` lets case and number differ.
    pub fn says(&self, record: &Self, any_case: bool) -> bool {
        self.form == record.form || (any_case && self.is_form_of(record))
    }

    /// Whether both are forms of one word: what is written in capitals has one form only.
    pub fn is_form_of(&self, record: &Self) -> bool {
        let word = |piece: &Self| piece.kind == Kind::Word && piece.form.chars().count() >= COMMON;
        let begins = self.form.chars().take(COMMON).eq(record.form.chars().take(COMMON));
        word(self) && word(record) && !self.capitals && begins && self.term == record.term
    }
}

/// What a text says, word by word; what may come and go is left out.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let text = text.replace('€', " ευρώ ").replace('%', " τοις εκατό ");
    let letters: Vec<char> = text.chars().collect();
    let words = tokens(&text);
    let mut found: Vec<Piece> = Vec::new();
    let (mut gap, mut depth, mut brackets) = (Gap::default(), 0_usize, 0);
    let (mut behind, mut at) = (0, 0);
    while at < words.len() {
        let between = &letters[behind..words[at].start];
        for sign in between {
            gap.comma |= matches!(sign, ',' | '(' | ')');
            match sign {
                '(' => {
                    brackets += usize::from(depth == 0);
                    depth += 1;
                }
                ')' => depth = depth.saturating_sub(1),
                '\n' | '.' | ':' | '·' | '\u{387}' | '!' | '•' | '…' => gap.stop = true,
                _ => {}
            }
        }
        let (kind, form, end) = read(&words, at, gap.stop);
        behind = words[end - 1].end;
        let capitals = is_capitals(&words[at].raw);
        at = end;
        match kind {
            None if matches!(form.as_str(), "και" | "κι") => gap.and = true,
            None => {}
            Some(kind) => {
                let term = analysis::terms(&form).concat();
                let bracket = if depth > 0 { brackets } else { 0 };
                found.push(Piece { kind, form, term, capitals, gap, bracket });
                gap = Gap::default();
            }
        }
    }
    found
}

/// The piece that begins at a token, at the beginning of a sentence or not, and where it ends; no kind for what may come
/// and go.
fn read(words: &[Token], at: usize, begins: bool) -> (Option<Kind>, String, usize) {
    let token = &words[at];
    let text = |at: usize| words.get(at).map_or("", |token: &Token| token.text.as_str());
    if let Some((value, end)) = amount(words, at) {
        return (Some(Kind::Number), value, end);
    }
    if matches!(token.text.as_str(), "και" | "κι") {
        return (None, token.text.clone(), at + 1);
    }
    // «ένα από αυτά», «ένας από τους δύο»
    let one = ["ενα", "ενασ", "μια", "καποιο", "καποιοσ", "καποια", "οποιοδηποτε"].contains(&text(at));
    let them = ["αυτα", "αυτεσ", "αυτουσ", "τα", "τισ", "τουσ"].contains(&text(at + 2));
    if one && text(at + 1) == "απο" && them {
        return (Some(Kind::Choice), ONE_OF.to_owned(), at + 3);
    }
    if is_or(words, at, begins) {
        return (Some(Kind::Choice), OR.to_owned(), at + 1);
    }
    let form = GLUE.same.get(&token.text).unwrap_or(&token.text).clone();
    match GLUE.kinds.get(&form) {
        Some(kind) => (*kind, form, at + 1),
        None => (Some(Kind::Word), form, at + 1),
    }
}

/// The value of a number that begins at a token, as text, and where it ends.
///
/// «ένα» and «μία» are articles. A date, a clock time, an ordinal in digits and a long number stay as they are written.
fn amount(words: &[Token], at: usize) -> Option<(String, usize)> {
    let text = words[at].text.as_str();
    let is_digits = text.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    if is_digits && (text.len() > 6 && !text.contains(['.', ',']) || text.starts_with('0') && text.len() > 1) {
        return Some((decimal(words, at).unwrap_or_else(|| text.to_owned()), at + 1));
    }
    if !is_digits && !number::is_word(text) {
        return None;
    }
    match number::amount(words, at) {
        Some(read) if is_digits || (read.value - 1.0).abs() > f64::EPSILON => {
            Some((read.value.to_string(), read.end_token))
        }
        None if is_digits => Some((text.to_owned(), at + 1)),
        _ => None,
    }
}

/// `0,50` begins with a zero and is an amount all the same.
fn decimal(words: &[Token], at: usize) -> Option<String> {
    let is_one = words[at].text.starts_with("0,") || words[at].text.starts_with("0.");
    number::amount(&words[..=at], at).filter(|_| is_one).map(|read| read.value.to_string())
}

/// «ή»; inside a sentence of capitals, which bear no accent, every «Η» may be one.
fn is_or(words: &[Token], at: usize, begins: bool) -> bool {
    let capitals = |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|token| is_capitals(&token.raw));
    match words[at].raw.as_str() {
        "ή" | "Ή" | "ὴ" | "ἤ" => true,
        "Η" => !begins && capitals(at.checked_sub(1)) && capitals(Some(at + 1)),
        _ => false,
    }
}

/// Whether a word of two letters or more is written in capitals.
pub(super) fn is_capitals(raw: &str) -> bool {
    let letters = || raw.chars().filter(|c| c.is_alphabetic());
    letters().count() > 1 && letters().all(char::is_uppercase)
}

struct Glue {
    kinds: HashMap<String, Option<Kind>>,
    same: HashMap<String, String>,
}

static GLUE: LazyLock<Glue> = LazyLock::new(|| {
    let (mut kinds, mut same) = (HashMap::new(), HashMap::new());
    for line in include_str!("../data/glue.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        if name == "same" {
            same.extend(words.filter_map(|pair| pair.split_once('=')).map(|(one, other)| (fold(one), fold(other))));
            continue;
        }
        kinds.extend(words.map(|word| (fold(word), kind(name))));
    }
    Glue { kinds, same }
});

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "filler" => return None,
        "article" => Kind::Article,
        "need" => Kind::Need,
        "not" => Kind::Not,
        "if" => Kind::If,
        "may" => Kind::May,
        "or" => Kind::Choice,
        "cause" => Kind::Cause,
        "law" => Kind::Law,
        _ => Kind::Word,
    })
}
