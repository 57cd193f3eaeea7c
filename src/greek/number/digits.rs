//! Digit strings said aloud in any grouping: telephones, tax numbers, codes.

use super::{Class, Parsed, WORDS, Word};
use crate::greek::fold::Token;

/// The longest digit string that is read, in digits.
const LONGEST: usize = 40;

/// The digit string that begins at token `from`, as long as it goes on.
///
/// Words and numerals mix in any grouping: «εξήντα εννιά σαράντα τέσσερα» → `6944`, «διπλό τρία» → `33`, «δύο δέκα» →
/// `210`, «συν τριάντα 694» → `+30694`. Tens and a unit after them are one group (69, not 609): see
/// [`digits_of_length`] where the length is known. Words that only join («και», «μετά», «παύλα») are passed over between
/// groups, never at the end.
#[must_use]
pub fn digits(tokens: &[Token], from: usize) -> Option<Parsed<String>> {
    let mut value = String::with_capacity(16);
    let mut at = plus(tokens, from, &mut value);
    let mut end = None;
    while value.len() < LONGEST {
        // «συν τριάντα έξι…», «μηδέν μηδέν τριάντα έξι…»: the country is said before the number, never 36.
        let in_country = matches!(value.as_str(), "+" | "00") && tokens.get(at).is_some_and(|t| t.text == "τριαντα");
        let Some((text, after)) = group(tokens, at, !in_country) else {
            match tokens.get(at) {
                Some(token) if end.is_some() && is_joint(&token.text) => at += 1,
                _ => break,
            }
            continue;
        };
        value.push_str(&text);
        at = after;
        end = Some(after);
    }
    Some(Parsed { value, start_token: from, end_token: end? })
}

/// The digit string of exactly `length` digits that begins at token `from`, where tens may be read alone («εξήντα εννιά»
/// as 60 and 9) or with their unit, whichever makes the length; reading them together is preferred. A leading `+30` or
/// `0030` is not counted and not returned.
#[must_use]
pub fn digits_of_length(tokens: &[Token], from: usize, length: usize) -> Option<Parsed<String>> {
    let mut country = String::new();
    let at = plus(tokens, from, &mut country);
    let begin = after_country(tokens, at, !country.is_empty());
    let mut value = String::with_capacity(length);
    let mut tries = 0;
    for start in [begin, Some(at)].into_iter().flatten() {
        value.clear();
        if let Some(end_token) = fill(tokens, start, length, &mut value, &mut tries) {
            return Some(Parsed { value, start_token: from, end_token });
        }
    }
    let joined = digits(tokens, from)?;
    let national = joined.value.strip_prefix("+30").or_else(|| joined.value.strip_prefix("0030"))?;
    (national.len() == length).then(|| Parsed { value: national.to_owned(), ..joined })
}

/// Fills `value` up to `length` digits, trying the joined reading of each group first; returns where it ends.
fn fill(tokens: &[Token], from: usize, length: usize, value: &mut String, tries: &mut usize) -> Option<usize> {
    *tries += 1;
    // Two readings a group: stop long before a hostile text makes that expensive.
    if *tries > 4096 {
        return None;
    }
    let mut at = from;
    while !value.is_empty() && tokens.get(at).is_some_and(|token| is_joint(&token.text)) {
        at += 1;
    }
    let mut tried = None;
    for joined in [true, false] {
        let Some((text, after)) = group(tokens, at, joined) else { continue };
        if tried == Some(after) || value.len() + text.len() > length {
            continue;
        }
        tried = Some(after);
        let kept = value.len();
        value.push_str(&text);
        if value.len() == length && group(tokens, after, true).is_none() {
            return Some(after);
        }
        if value.len() < length
            && let Some(end) = fill(tokens, after, length, value, tries)
        {
            return Some(end);
        }
        value.truncate(kept);
    }
    None
}

/// Reads a leading «+» or «συν» into `value`; returns where the digits begin.
fn plus(tokens: &[Token], from: usize, value: &mut String) -> usize {
    match tokens.get(from).map(|token| token.text.as_str()) {
        Some("συν" | "συνν") if group(tokens, from + 1, true).is_some() => {
            value.push('+');
            from + 1
        }
        Some(text) if text.starts_with('+') => {
            value.push('+');
            from
        }
        _ => from,
    }
}

/// Where the national number begins, when `30` follows a plus or `0030` stands alone.
fn after_country(tokens: &[Token], at: usize, has_plus: bool) -> Option<usize> {
    let (text, after) = group(tokens, at, false)?;
    ((has_plus && text == "30") || text == "0030").then_some(after)
}

/// One group of digits at `at`: a numeral without its separators, or number words below a thousand; `joined` puts units
/// to their tens and hundreds.
fn group(tokens: &[Token], at: usize, joined: bool) -> Option<(String, usize)> {
    let token = tokens.get(at)?;
    let text = token.text.as_str();
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
        let plain: String = text.chars().filter(char::is_ascii_digit).collect();
        let only_digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '.' | '/' | ',' | '-'));
        return only_digits.then_some((plain, at + 1));
    }
    if let Some(times) = repetition(text) {
        let begin = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|t| matches!(t.text.as_str(), "το" | "τα")));
        let (repeated, after) = group(tokens, begin, joined)?;
        return (repeated.len() <= 2).then(|| (repeated.repeat(times), after));
    }
    counted(tokens, at).or_else(|| spoken(tokens, at, joined))
}

/// «δύο τριάρια» → `33`, «τρία μηδενικά» → `000`, «ένα εφτάρι» → `7`.
fn counted(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let word = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    let count = match WORDS.get(word(at)?) {
        Some(Word { value: value @ 1..=5, class: Class::Unit }) => usize::try_from(*value).ok()?,
        _ => 0,
    };
    let digit = digit_noun(word(at + usize::from(count > 0))?)?;
    Some((digit.repeat(count.max(1)), at + 1 + usize::from(count > 0)))
}

/// The digit that a noun names: «τριάρι», «τριάρια».
fn digit_noun(word: &str) -> Option<&'static str> {
    Some(match word {
        "μηδενικο" | "μηδενικα" => "0",
        "ασοσ" | "ασσοσ" | "ασοι" | "ασσοι" | "ασουσ" | "ασσουσ" => "1",
        "δυαρι" | "δυαρια" => "2",
        "τριαρι" | "τριαρια" => "3",
        "τεσσαρι" | "τεσσαρια" | "τεσαρι" | "τεσαρια" => "4",
        "πενταρι" | "πενταρια" => "5",
        "εξαρι" | "εξαρια" => "6",
        "εφταρι" | "εφταρια" | "επταρι" | "επταρια" => "7",
        "οχταρι" | "οχταρια" | "οκταρι" | "οκταρια" => "8",
        "εννιαρι" | "εννιαρια" => "9",
        _ => return None,
    })
}

fn spoken(tokens: &[Token], from: usize, joined: bool) -> Option<(String, usize)> {
    let word = |at: usize| tokens.get(at).and_then(|token| WORDS.get(token.text.as_str()).copied());
    let Word { value, class } = word(from)?;
    let mut at = from + 1;
    let mut total = value;
    let mut below = match class {
        Class::Unit | Class::Teen | Class::TensUnit => 1,
        Class::Ten => 10,
        Class::Hundred => 100,
        Class::Thousand => 1000,
        Class::Multiplier | Class::Half | Class::Group => return None,
    };
    while joined && below > 1 {
        let Some(Word { value, class }) = word(at) else { break };
        let size = match class {
            Class::Unit if value > 0 => 1,
            Class::Teen | Class::TensUnit | Class::Ten => 10,
            Class::Hundred => 100,
            _ => break,
        };
        if size >= below {
            break;
        }
        total += value;
        below = if class == Class::Teen || class == Class::TensUnit { 1 } else { size };
        at += 1;
    }
    // «δύο χιλιάδες είκοσι έξι»
    if joined && (1..1000).contains(&total) && matches!(word(at), Some(Word { value: 1000, class: Class::Multiplier }))
    {
        let rest = word(at + 1).filter(|next| next.value > 0 && next.value < 1000);
        let after = rest.and_then(|_| spoken(tokens, at + 1, true)).filter(|(text, _)| text.len() <= 3);
        let (below_thousand, end) = after.unwrap_or_else(|| ("0".to_owned(), at + 1));
        return Some((format!("{total}{below_thousand:0>3}"), end));
    }
    Some((total.to_string(), at))
}

/// How many times «διπλό», «τριπλό» says the next group.
fn repetition(text: &str) -> Option<usize> {
    match text {
        "διπλο" | "διπλη" | "διπλα" => Some(2),
        "τριπλο" | "τριπλα" => Some(3),
        _ => None,
    }
}

/// Words between the groups of a number said aloud.
fn is_joint(text: &str) -> bool {
    matches!(
        text,
        "και"
            | "μετα"
            | "υστερα"
            | "παυλα"
            | "κενο"
            | "-"
            | "εε"
            | "ε"
            | "εεε"
            | "κατοπιν"
            | "τελεια"
            | "συνεχεια"
    )
}
