//! Greek written in Latin letters (Greeklish), in any of its habits.
//!
//! Every Latin letter has the Greek ones that people write with it, each at a cost; a letter model of Greek (four letters at
//! a time) and a list of common words choose among the readings. All costs are in sixteenths of a nat.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold;

mod habits;
mod neighbour;

/// `letters.py` beside it says what the bytes are.
static LETTERS: &[u8; 25 * 25 * 25 * 25] = include_bytes!("data/letters.bin");

/// Folded common words; true where English has no such word.
static COMMON: LazyLock<HashMap<String, bool>> = LazyLock::new(|| {
    words(include_str!("data/common_words.txt"))
        .map(|word| (fold::fold(word.trim_end_matches('!')), word.ends_with('!')))
        .collect()
});

/// What each word of this project's own texts is worth when it is one of several readings, more for the more frequent.
static FREQUENT: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    super::table(include_str!("data/frequent_words.tsv"))
        .filter_map(|row| Some((row[0], 40 + 6 * row.get(1)?.parse::<u32>().ok()?.checked_ilog2()?)))
        .collect()
});

static ENGLISH: LazyLock<std::collections::HashSet<&'static str>> =
    LazyLock::new(|| words(include_str!("data/english_words.txt")).collect());

fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// Readings kept while a word is read.
const BEAM: usize = 16;
/// The longest word that is read, in letters.
const LONGEST: usize = 40;
/// What a common word is worth against the letter model.
const COMMON_WORTH: u32 = 60;
/// What it is worth among the readings of one word.
const COMMON_PREFERRED: u32 = 80;
/// The mean cost of a letter above which a word does not sound Greek.
const FOREIGN: u32 = 50;

/// Whether a folded word is one of the commonest.
pub(crate) fn is_common(word: &str) -> bool {
    COMMON.contains_key(word)
}

/// The words of `text`; where it is Greeklish they are Greek already, their places those of the text.
#[must_use]
pub fn tokens(text: &str) -> Vec<fold::Token> {
    let mut tokens = fold::tokens(text);
    if is_greeklish(text) {
        join_digits(&mut tokens);
        let latin: Vec<String> = tokens.iter().map(|token| token.text.clone()).collect();
        tokens.iter_mut().filter(|token| is_latin_word(&token.text)).for_each(token_to_greek);
        for at in 0..tokens.len() {
            let next = tokens.get(at + 1).map_or("", |token| token.text.as_str());
            if let Some(better) = neighbour::reading_before(&latin[at], next, at == 0) {
                better.clone_into(&mut tokens[at].text);
            }
        }
    }
    tokens
}

/// Puts together what the cut between digits and letters has parted: «24hs» is an ordinal, and in «8elw» 8 is a letter.
fn join_digits(tokens: &mut Vec<fold::Token>) {
    let mut at = 1;
    while at < tokens.len() {
        let (number, word) = (&tokens[at - 1], &tokens[at]);
        let together = number.end == word.start && number.text.bytes().all(|b| b.is_ascii_digit());
        let ending = match word.text.as_str() {
            "h" | "i" => Some("η"),
            "hs" | "is" => Some("ησ"),
            "ou" => Some("ου"),
            _ => None,
        };
        let letter = matches!(number.text.as_str(), "8" | "3") && is_latin_word(&word.text) && word.text.len() > 2;
        let text = match ending {
            Some(ending) => format!("{}{ending}", number.text),
            None => format!("{}{}", number.text, word.text),
        };
        if together && (ending.is_some() || letter) {
            let second = tokens.remove(at);
            let first = &mut tokens[at - 1];
            *first =
                fold::Token { text, raw: format!("{}{}", first.raw, second.raw), start: first.start, end: second.end };
        } else {
            at += 1;
        }
    }
}

/// Letters only: not an address, a number or a code.
fn is_latin_word(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_alphanumeric()) && word.bytes().filter(u8::is_ascii_alphabetic).count() > 1
        || matches!(word, "h" | "o" | "i")
}

fn token_to_greek(token: &mut fold::Token) {
    let greek = to_greek(&token.text);
    if !greek.contains(char::is_whitespace) && !greek.is_empty() {
        token.text = greek;
    }
}

/// Whether `text` is Greek in Latin letters, and not English, an address or a code.
#[must_use]
pub fn is_greeklish(text: &str) -> bool {
    if !text.bytes().any(|b| b.is_ascii_alphabetic()) || text.chars().any(fold::is_greek_letter) {
        return false;
    }
    let (mut greek, mut english, mut letters, mut cost) = (0, 0, 0_usize, 0);
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !is_word(word) || word.len() > LONGEST {
            continue;
        }
        let lower = word.to_ascii_lowercase();
        if ENGLISH.contains(lower.as_str()) {
            english += 1;
            continue;
        }
        let reading = read(&lower);
        if COMMON.get(&reading.text).is_some_and(|is_only_greek| *is_only_greek) {
            greek += 1;
        }
        letters += lower.len() + 1;
        cost += reading.cost as usize;
    }
    if letters == 0 || greek != english {
        return greek > english;
    }
    cost / letters < FOREIGN as usize
}

/// `text` in Greek letters, folded: lower case, without accents. Numbers, addresses and codes stay as they are; words that
/// are Greek already are folded.
#[must_use]
pub fn to_greek(text: &str) -> String {
    let pieces: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let mut words: Vec<String> = pieces.iter().map(|piece| converted(piece.trim_end())).collect();
    for at in 0..words.len().saturating_sub(1) {
        let latin = pieces[at].trim_end().to_ascii_lowercase();
        let next = words[at + 1].trim_matches(|c: char| !c.is_alphanumeric());
        if let Some(better) = neighbour::reading_before(&latin, next, at == 0) {
            better.clone_into(&mut words[at]);
        }
    }
    let mut greek = String::with_capacity(text.len() * 2);
    for (at, (piece, word)) in pieces.iter().zip(&words).enumerate() {
        if at > 0 && greek.is_empty() && word.is_empty() {
            continue;
        }
        greek.push_str(word);
        greek.push_str(&piece[piece.trim_end().len()..]);
    }
    greek
}

fn converted(word: &str) -> String {
    if is_address(word) {
        return word.to_owned();
    }
    let mut greek = String::with_capacity(word.len() * 2);
    convert(word, &mut greek);
    greek
}

/// Converts the letter runs of a chunk without spaces.
fn convert(chunk: &str, greek: &mut String) {
    let mut rest = chunk;
    while let Some(first) = rest.chars().next() {
        let in_run = first.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != in_run).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        if is_word(run) && run.len() <= LONGEST {
            greek.push_str(&read(&run.to_ascii_lowercase()).text);
        } else if run.is_ascii() {
            greek.push_str(run);
        } else {
            greek.push_str(&fold::fold(run));
        }
    }
}

/// A Latin word, perhaps with digits that stand for letters (8, 3, 4, 9) among at least as many letters.
fn is_word(word: &str) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    letters > 0
        && letters >= digits
        && word.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'8' | b'3' | b'4' | b'9' | b'0' | b'6'))
}

fn is_address(word: &str) -> bool {
    word.contains('@')
        || word.contains("://")
        || word.starts_with("www.")
        || [".gr", ".com", ".eu", ".org"].iter().any(|end| word.ends_with(end))
}

/// The best reading of one word and what it cost.
struct Reading {
    text: String,
    cost: u32,
}

#[derive(Clone, Copy)]
struct Path {
    cost: u32,
    /// The last three letters, as digits of base 25.
    context: usize,
    length: u8,
    letters: [u8; LONGEST * 2],
}

impl Path {
    const EMPTY: Self = Self { cost: 0, context: 0, length: 0, letters: [0; LONGEST * 2] };

    fn with(&self, letters: &[u8], cost: u32) -> Self {
        let mut next = *self;
        next.cost += cost;
        for letter in letters {
            let Some(place) = next.letters.get_mut(usize::from(next.length)) else { break };
            next.cost += u32::from(LETTERS[next.context * 25 + usize::from(*letter)]);
            next.context = next.context * 25 % (25 * 25 * 25) + usize::from(*letter);
            *place = *letter;
            next.length += 1;
        }
        next
    }

    fn text(&self) -> String {
        self.letters[..usize::from(self.length)].iter().map(|letter| habits::letter(*letter)).collect()
    }
}

/// Short words whose best letters are not what people mean by them.
fn shortcut(word: &str) -> Option<&'static str> {
    Some(match word {
        "ti" => "τι",
        "stis" => "στισ",
        "exw" | "exo" | "eho" | "ehw" => "εχω",
        "k" | "ke" | "kai" | "kie" => "και",
        "gt" | "giati" => "γιατι",
        "rdv" | "rv" => "ραντεβου",
        "dn" => "δεν",
        "tn" => "την",
        "bravo" | "brabo" => "μπραβο",
        "poli" => "πολυ",
        "taxisnet" => "ταξισνετ",
        "tlf" | "til" => "τηλ",
        "8a" | "tha" => "θα",
        "geia" => "γεια",
        "i" => "η",
        "oi" => "οι",
        "ki" => "κι",
        _ => return None,
    })
}

fn read(word: &str) -> Reading {
    if let Some(text) = shortcut(word) {
        return Reading { text: text.to_owned(), cost: 0 };
    }
    let bytes = word.as_bytes();
    let mut beams: Vec<Vec<Path>> = vec![Vec::new(); bytes.len() + 1];
    beams[0].push(Path::EMPTY);
    for at in 0..bytes.len() {
        let paths = prune(std::mem::take(&mut beams[at]));
        for path in &paths {
            habits::readings(bytes, at, |letters, length, cost| {
                beams[at + length].push(path.with(letters, cost));
            });
        }
    }
    prune(std::mem::take(&mut beams[bytes.len()]))
        .iter()
        .map(|path| {
            let text = path.text();
            let ending = u32::from(LETTERS[path.context * 25]);
            let is_common = COMMON.contains_key(&text);
            let worth = if is_common { COMMON_WORTH } else { 0 };
            let frequent = FREQUENT.get(text.as_str()).copied().unwrap_or(0);
            let preferred = frequent.max(if is_common { COMMON_PREFERRED } else { 0 });
            let cost = path.cost + ending;
            (i64::from(cost) - i64::from(preferred), Reading { text, cost: cost.saturating_sub(worth) })
        })
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, reading)| reading)
        .unwrap_or_else(|| Reading { text: word.to_owned(), cost: u32::MAX / 2 })
}

/// The cheapest readings.
fn prune(mut paths: Vec<Path>) -> Vec<Path> {
    paths.sort_unstable_by_key(|path| path.cost);
    paths.truncate(BEAM);
    paths
}

#[cfg(test)]
mod tests;
