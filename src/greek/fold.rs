//! Folding and tokens: the form in which every word is compared.
//!
//! A folded word is lower case, without accents, dialytika or combining marks, ends in σ and never ς, and holds no Latin
//! letter that only looks like the Greek one («ΚΕΠ» typed with a Latin K, E or P).

use unicode_normalization::UnicodeNormalization;

/// A word or a number of a sentence.
///
/// How a sentence is cut:
/// - A word is a run of letters and digits: «ΚΠΑ2» → `κπα2`. An apostrophe cuts («σ' ευχαριστώ» → `σ`, `ευχαριστω`).
/// - A dotted abbreviation is one word without its dots: «Α.Μ.Κ.Α.» → `αμκα`, «π.μ.» → `πμ`. Its pieces are of one or two
///   letters, two of them of one.
/// - «e-» before a word joins it: «e-mail» → `email`, «e-ΕΦΚΑ» → `εεφκα`. A reference keeps its hyphen: `kta-48273`.
/// - A number keeps one kind of `:`, `/`, `.` or `,` between digits (`10:30`, `26/11/2026`, `12.50`), the pair of
///   `1.250,50`, a leading `+`, and the hyphens of a whole date (`26-11-2026`). Other hyphens between numbers are tokens
///   of their own: «9-11» → `9`, `-`, `11`; a dash is the same.
/// - A number written together with an ordinal ending stays whole (`1η`, `26ης`); with another word it is cut («10πμ» →
///   `10`, `πμ`).
/// - An e-mail address is one token; a lone `@` is a token. All other punctuation is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded form.
    pub text: String,
    /// The word as it was written.
    pub raw: String,
    /// Where it begins, in Unicode scalar values of the original text.
    pub start: usize,
    /// Where it ends, exclusive, in Unicode scalar values of the original text.
    pub end: usize,
}

/// The whole text in folded form; spaces and punctuation stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut word: Vec<char> = Vec::with_capacity(16);
    for c in text.chars() {
        if is_in_word(c) {
            word.push(c);
        } else {
            fold_word(&word, &mut folded);
            word.clear();
            folded.push(c);
        }
    }
    fold_word(&word, &mut folded);
    folded
}

/// The words and numbers of `text`, in order; see [`Token`] for how it is cut.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let has_address = chars.contains(&'@');
    let mut found: Vec<Token> = Vec::with_capacity(chars.len() / 5 + 1);
    let mut at = 0;
    while at < chars.len() {
        let end = token_end(&chars, at, has_address, found.last());
        if let Some(end) = end {
            let token = make_token(&chars, at, end);
            at = end;
            if !token.text.is_empty() {
                found.push(token);
            }
        } else {
            at += 1;
        }
    }
    found
}

/// Whether `c` is a Greek letter, plain or accented.
#[must_use]
pub fn is_greek_letter(c: char) -> bool {
    matches!(c, '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}') && c.is_alphabetic()
}

/// Where the token that begins at `at` ends, or `None` where no token begins.
fn token_end(chars: &[char], at: usize, has_address: bool, previous: Option<&Token>) -> Option<usize> {
    let c = chars[at];
    if has_address && let Some(end) = address_end(chars, at) {
        return Some(end);
    }
    if c.is_ascii_digit() || (c == '+' && is_digit_at(chars, at + 1)) {
        return Some(number_end(chars, at));
    }
    if c.is_alphanumeric() {
        return Some(word_end(chars, at));
    }
    match c {
        '@' => Some(at + 1),
        '-' | '–' | '—' if joins_numbers(chars, at, previous) => Some(at + 1),
        _ => None,
    }
}

fn make_token(chars: &[char], start: usize, end: usize) -> Token {
    let piece = &chars[start..end];
    let raw: String = piece.iter().collect();
    let mut text = String::with_capacity(raw.len());
    match piece[0] {
        '-' | '–' | '—' => text.push('-'),
        c if c.is_ascii_digit() || c == '+' => fold_word(piece, &mut text),
        _ if raw.contains('@') => text.extend(piece.iter().map(|c| plain(*c).map_or(*c, lower))),
        _ => {
            // Dots of an abbreviation go; a hyphen stays only in a reference, before digits.
            let keep_hyphen = piece.last().is_some_and(char::is_ascii_digit);
            let letters: Vec<char> =
                piece.iter().copied().filter(|c| *c != '.' && (keep_hyphen || *c != '-')).collect();
            fold_word(&letters, &mut text);
        }
    }
    Token { text, raw, start, end }
}

/// A hyphen or dash right after a number and before another.
fn joins_numbers(chars: &[char], at: usize, previous: Option<&Token>) -> bool {
    let after_number = previous.is_some_and(|token| {
        token.text.starts_with(|c: char| c.is_ascii_digit() || c == '+')
            && chars[token.end..at].iter().all(|c| c.is_whitespace())
    });
    after_number && chars[at + 1..].iter().find(|c| !c.is_whitespace()).is_some_and(char::is_ascii_digit)
}

fn word_end(chars: &[char], start: usize) -> usize {
    let end = run_end(chars, start);
    if let Some(end) = dotted_end(chars, start, end) {
        return end;
    }
    let next = end + 1;
    if chars.get(end) != Some(&'-') || next >= chars.len() {
        return end;
    }
    let is_electronic = end - start == 1 && matches!(chars[start], 'e' | 'E' | 'ε' | 'Ε');
    if is_electronic && chars[next].is_alphabetic() {
        return run_end(chars, next);
    }
    let is_reference = end - start <= 4 && chars[start..end].iter().all(|c| c.is_alphabetic());
    let digits_end = (next..chars.len()).find(|i| !chars[*i].is_ascii_digit()).unwrap_or(chars.len());
    if is_reference && digits_end > next && !chars.get(digits_end).is_some_and(|c| is_in_word(*c)) {
        return digits_end;
    }
    end
}

/// The end of «Α.Μ.Κ.Α.» whose first piece is `start..end`.
fn dotted_end(chars: &[char], start: usize, end: usize) -> Option<usize> {
    let (mut begin, mut end, mut pieces, mut singles) = (start, end, 0, 0);
    let mut whole = None;
    loop {
        let letters = chars[begin..end].iter().filter(|c| plain(**c).is_some()).count();
        if letters == 0 || letters > 2 || !chars[begin..end].iter().all(|c| is_in_word(*c) && !c.is_ascii_digit()) {
            return None;
        }
        pieces += 1;
        singles += usize::from(letters == 1);
        if chars.get(end) != Some(&'.') {
            return (pieces > 1 && singles > 1).then_some(end);
        }
        let next = end + 1;
        if pieces > 1 && singles > 1 {
            whole = Some(next);
        }
        if !chars.get(next).is_some_and(|c| c.is_alphabetic()) {
            return whole;
        }
        (begin, end) = (next, run_end(chars, next));
    }
}

fn number_end(chars: &[char], start: usize) -> usize {
    if let Some(end) = hyphenated_date_end(chars, start) {
        return end;
    }
    let mut end = start + 1;
    let mut separator = None;
    while end < chars.len() {
        let c = chars[end];
        if c.is_ascii_digit() {
            end += 1;
        } else if matches!(c, ':' | '/' | '.' | ',') && is_digit_at(chars, end + 1) && joins(separator, c) {
            separator = Some(c);
            end += 1;
        } else {
            break;
        }
    }
    if separator.is_none() && chars.get(end).is_some_and(|c| c.is_alphabetic()) {
        let letters_end = run_end(chars, end);
        let mut suffix = String::with_capacity(8);
        fold_word(&chars[end..letters_end], &mut suffix);
        if is_ordinal_ending(&suffix) {
            return letters_end;
        }
    }
    end
}

fn joins(separator: Option<char>, next: char) -> bool {
    separator.is_none_or(|seen| seen == next || (seen == '.' && next == ','))
}

/// The end of `26-11-2026`: two hyphens between one or two, one or two, and two or four digits.
fn hyphenated_date_end(chars: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    for (part, longest) in [2, 2, 4].into_iter().enumerate() {
        if part > 0 {
            at += usize::from(chars.get(at) == Some(&'-'));
        }
        let begin = at;
        while is_digit_at(chars, at) {
            at += 1;
        }
        let length = at - begin;
        let hyphen_follows = chars.get(at) == Some(&'-');
        if length == 0 || length > longest || (part < 2 && !hyphen_follows) || (part == 2 && length % 2 == 1) {
            return None;
        }
    }
    Some(at)
}

/// Whether `suffix`, folded, is how an ordinal written in digits ends: «1η», «26ης», «2ο».
#[must_use]
pub fn is_ordinal_ending(suffix: &str) -> bool {
    matches!(
        suffix,
        "η" | "ησ"
            | "ην"
            | "ο"
            | "οσ"
            | "ου"
            | "ον"
            | "α"
            | "εσ"
            | "οι"
            | "ων"
            | "ουσ"
            | "h"
            | "o"
            | "os"
            | "hs"
    )
}

/// The end of an e-mail address that begins at `start`.
fn address_end(chars: &[char], start: usize) -> Option<usize> {
    let local = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    if !chars[start].is_alphanumeric() {
        return None;
    }
    // Longer than any mailbox name: not an address (and no quadratic search).
    let reach = chars.len().min(start + 65);
    let at_sign = (start..reach).find(|i| !local(&chars[*i]))?;
    if chars[at_sign] != '@' || !chars.get(at_sign + 1)?.is_alphanumeric() {
        return None;
    }
    let mut end = (at_sign + 1..chars.len())
        .find(|i| !(chars[*i].is_alphanumeric() || matches!(chars[*i], '.' | '-')))
        .unwrap_or(chars.len());
    while matches!(chars[end - 1], '.' | '-') {
        end -= 1;
    }
    Some(end)
}

fn run_end(chars: &[char], start: usize) -> usize {
    (start..chars.len()).find(|i| !is_in_word(chars[*i])).unwrap_or(chars.len())
}

fn is_digit_at(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(char::is_ascii_digit)
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || is_ignorable(c)
}

/// Marks that change how a word looks and not which word it is.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

fn fold_word(word: &[char], folded: &mut String) {
    if word.is_empty() {
        return;
    }
    let becomes_greek = has_disguised_letters(word);
    for c in word.iter().filter_map(|c| plain(*c)) {
        match greek_look_alike(c) {
            Some(greek) if becomes_greek => folded.push(greek),
            _ => folded.push(lower(c)),
        }
    }
}

/// Greek letters and Latin ones together, all of the Latin ones passing for Greek.
fn has_disguised_letters(word: &[char]) -> bool {
    let (mut greek, mut latin) = (false, false);
    for c in word.iter().filter_map(|c| plain(*c)) {
        if c.is_ascii_alphabetic() {
            if greek_look_alike(c).is_none() {
                return false;
            }
            latin = true;
        } else if is_greek_letter(c) {
            greek = true;
        }
    }
    greek && latin
}

/// The Greek letter, lower case, that a Latin one passes for.
fn greek_look_alike(c: char) -> Option<char> {
    Some(match c {
        'A' | 'a' => 'α',
        'B' | 'b' => 'β',
        'E' | 'e' => 'ε',
        'Z' | 'z' => 'ζ',
        'H' | 'h' | 'n' => 'η',
        'I' | 'i' => 'ι',
        'K' | 'k' => 'κ',
        'M' | 'm' => 'μ',
        'N' | 'V' | 'v' => 'ν',
        'O' | 'o' => 'ο',
        'P' | 'p' => 'ρ',
        'T' | 't' => 'τ',
        'Y' | 'y' | 'U' | 'u' => 'υ',
        'X' | 'x' => 'χ',
        'W' | 'w' => 'ω',
        _ => return None,
    })
}

/// `c` without its marks, in its own case; `None` where `c` is itself a mark.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\0'..='\u{7F}' | 'α'..='ω' | 'Α'..='Ω' => c,
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        // Micro sign, as phones write μ.
        '\u{B5}' => 'μ',
        // Letters of old print.
        'ϐ' => 'β',
        'ϑ' => 'θ',
        'ϕ' => 'φ',
        'ϖ' => 'π',
        'ϰ' => 'κ',
        'ϱ' => 'ρ',
        'ϲ' | 'Ϲ' => 'σ',
        'ϵ' => 'ε',
        'ϴ' => 'θ',
        c if is_ignorable(c) => return None,
        c => std::iter::once(c).nfd().next().filter(|c| !is_ignorable(*c))?,
    })
}

fn lower(c: char) -> char {
    match c {
        'ς' => 'σ',
        'α'..='ω' | 'a'..='z' | '0'..='9' => c,
        c => match c.to_lowercase().next() {
            Some('ς') => 'σ',
            Some(lowered) => lowered,
            None => c,
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_follows_the_table() {
        for row in crate::greek::table(include_str!("data/fold_cases.tsv")) {
            assert_eq!(fold(row[0]), row[1], "{}", row[0]);
        }
    }

    #[test]
    fn cutting_follows_the_table() {
        for row in crate::greek::table(include_str!("data/token_cases.tsv")) {
            let words: Vec<String> = tokens(row[0]).into_iter().map(|t| t.text).collect();
            assert_eq!(words.join("|"), row[1], "{}", row[0]);
        }
    }

    #[test]
    fn an_address_is_one_token_with_its_place() {
        let found = tokens("Το e-mail μου: Maria.Pap@gmail.com.");
        assert_eq!(found[3].text, "maria.pap@gmail.com");
        assert_eq!((found[3].start, found[3].end), (15, 34));
        assert_eq!(found[1].raw, "e-mail");
    }

    proptest! {
        #[test]
        fn offsets_cut_the_raw_word_out_of_the_text(text in "([α-ωά-ώΑ-Ω]{1,4}|[a-zA-Z]{1,3}|[0-9]{1,4}|[-.,:/@+ '–€\u{301}]){0,30}|\\PC{0,40}") {
            let chars: Vec<char> = text.chars().collect();
            let mut last = 0;
            for token in tokens(&text) {
                prop_assert!(token.start >= last && token.start < token.end && token.end <= chars.len());
                let cut: String = chars[token.start..token.end].iter().collect();
                prop_assert_eq!(&cut, &token.raw);
                prop_assert!(!token.text.contains(char::is_whitespace));
                last = token.end;
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in "[α-ωΆ-Ώa-zA-Zἀ-ῼ\u{300}-\u{310} .]{0,30}|\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
