//! Words of time as people misspell them: heard rather than spelled («στης», «σιμερα»), or with one slip of the finger
//! («Τεετάρτη», «Δεκεμβρόου»).
//!
//! A word is mended only where it is no word that is known here, and only to a word of the calendar, the clock or a number.
//! The cost is bounded: one look by sound, then only the words of that first letter and about that length, for one slip.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::greek::fold::Token;
use crate::greek::{feast, greeklish, number, phonetic};

/// The shortest word in which a slip of the finger is looked for; shorter ones lie too close to one another.
const SHORTEST: usize = 4;
/// The longest word that is looked at.
const LONGEST: usize = 20;
/// From this length on any letter may stand for another, not only its neighbour on the keyboard.
const LONG: usize = 6;

static KNOWN: LazyLock<Known> = LazyLock::new(Known::new);

/// A word and its letters.
type Spelt = (String, Vec<char>);

/// Every word of time, for each way to look it up.
struct Known {
    words: HashSet<String>,
    /// Ordinary words that lie close to one of them, and are never mended.
    ordinary: HashSet<&'static str>,
    by_sound: HashMap<String, String>,
    by_shape: HashMap<(char, usize), Vec<Spelt>>,
}

impl Known {
    fn new() -> Self {
        // The table of feasts keeps its final sigmas.
        let words =
            list(include_str!("../data/time_words.txt")).chain(number::words_known()).chain(feast::words_known());
        let words: Vec<String> = words.map(|word| word.replace('ς', "σ")).collect();
        let (mut by_sound, mut by_shape) = (HashMap::new(), HashMap::<_, Vec<Spelt>>::new());
        for word in &words {
            by_sound.entry(phonetic::key(word)).or_insert_with(|| word.clone());
            // «προι» sounds otherwise by the book, and is what people write.
            by_sound.entry(phonetic::key(&word.replace("ωι", "οι"))).or_insert_with(|| word.clone());
            let letters: Vec<char> = word.chars().collect();
            if (SHORTEST..=LONGEST).contains(&letters.len()) && !is_short_form(&letters) {
                let same = by_shape.entry((letters[0], letters.len())).or_default();
                if same.iter().all(|(other, _)| other != word) {
                    same.push((word.clone(), letters));
                }
            }
        }
        let ordinary = list(include_str!("../data/not_time_words.txt")).collect();
        Self { words: words.into_iter().collect(), ordinary, by_sound, by_shape }
    }
}

/// «Φεβρ», «Σαββ»: Greek words end in a vowel, σ or ν.
fn is_short_form(letters: &[char]) -> bool {
    letters.last().is_some_and(|last| !matches!(last, 'α' | 'ε' | 'η' | 'ι' | 'ο' | 'υ' | 'ω' | 'σ' | 'ν'))
}

fn list(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// The tokens with misspelt words of time mended; their places stay those of the text.
pub(super) fn tokens(tokens: &[Token]) -> Cow<'_, [Token]> {
    let mut mended: Cow<'_, [Token]> = Cow::Borrowed(tokens);
    for (at, token) in tokens.iter().enumerate() {
        if let Some(word) = word(&token.text) {
            word.clone_into(&mut mended.to_mut()[at].text);
        }
    }
    for at in 0..mended.len().saturating_sub(1) {
        // «τοις εκατό» is the only «τοις» that people say.
        let article = match mended[at].text.as_str() {
            "τησ" | "τοισ" if is_plural(&mended, at + 1) && mended[at + 1].text != "εκατο" => "τισ",
            "τοισ" if mended[at + 1].text != "εκατο" => "τησ",
            _ => continue,
        };
        article.clone_into(&mut mended.to_mut()[at].text);
    }
    mended
}

/// Whether the word at `at` is what «τις» stands before and «της» cannot: «μετά της 10», «μετά της γιορτές».
fn is_plural(tokens: &[Token], at: usize) -> bool {
    let word = &tokens[at].text;
    word.ends_with("εσ")
        || word.starts_with(|c: char| c.is_ascii_digit()) && word.contains([':', '.'])
        || !word.ends_with("ησ") && number::cardinal(tokens, at).is_some_and(|read| (0..=31).contains(&read.value))
}

/// The word of time that `word` is a misspelling of.
fn word(word: &str) -> Option<&'static str> {
    let known: &'static Known = &KNOWN;
    if word.len() < 4 || word.len() > 2 * LONGEST || known.words.contains(word) || known.ordinary.contains(word) {
        return None;
    }
    let letters: Vec<char> = word.chars().collect();
    if !letters.iter().all(|c| matches!(c, 'α'..='ω')) || greeklish::is_common(word) {
        return None;
    }
    known.by_sound.get(&phonetic::key(word)).map(String::as_str).or_else(|| slipped(known, &letters))
}

/// The only word of time, or the likeliest, of which these letters are one slip.
fn slipped(known: &'static Known, letters: &[char]) -> Option<&'static str> {
    let length = letters.len();
    if length + 1 < SHORTEST {
        return None;
    }
    let shapes = (length - 1..=length + 1).filter_map(|n| known.by_shape.get(&(letters[0], n)));
    let mut best: Option<(u32, &'static str)> = None;
    let mut tied = false;
    for (word, meant) in shapes.flatten() {
        let Some(cost) = slip(letters, meant) else { continue };
        match best {
            Some((least, _)) if cost > least => {}
            Some((least, _)) if cost == least => tied = true,
            _ => (best, tied) = (Some((cost, word.as_str())), false),
        }
    }
    best.filter(|_| !tied).map(|(_, word)| word)
}

/// What it costs to have written `written` for `meant` in one slip, or `None`. The first letter always stands, and the last
/// where letters were not swapped: endings tell one word from another.
fn slip(written: &[char], meant: &[char]) -> Option<u32> {
    let same = written.iter().zip(meant).take_while(|(left, right)| left == right).count();
    let rest = |skip_written: usize, skip_meant: usize| {
        written.get(same + skip_written..).is_some_and(|rest| Some(rest) == meant.get(same + skip_meant..))
    };
    let last = meant.len().saturating_sub(1);
    match written.len() as i64 - meant.len() as i64 {
        1 if same > 0 && rest(1, 0) => {
            let double = written[same] == written[same - 1];
            (double || same < meant.len()).then_some(if double { 0 } else { 2 })
        }
        -1 if same < last && rest(0, 1) => Some(1),
        0 if same + 1 < meant.len() && rest(2, 2) && swapped(written, meant, same) => Some(1),
        0 if same < last && rest(1, 1) => {
            let near = are_neighbours(written[same], meant[same]);
            (near || meant.len() >= LONG).then_some(if near { 1 } else { 2 })
        }
        _ => None,
    }
}

fn swapped(written: &[char], meant: &[char], at: usize) -> bool {
    written[at] == meant[at + 1] && written[at + 1] == meant[at]
}

/// The rows of the Greek keyboard
/// (the key of ς holds σ, as it is folded).
const ROWS: [&str; 3] = ["σερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"];

/// Whether two letters lie side by side on the keyboard.
fn are_neighbours(left: char, right: char) -> bool {
    ROWS.iter().any(|row| {
        let place = |letter| row.chars().position(|key| key == letter);
        place(left).zip(place(right)).is_some_and(|(left, right)| left.abs_diff(right) == 1)
    })
}
