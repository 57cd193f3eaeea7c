//! Numbers in words and digits: amounts, ordinals, and digit strings said aloud.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::{Token, is_ordinal_ending};

mod digits;

pub use digits::{digits, digits_of_length};

/// Something read from tokens, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<T> {
    /// What was read.
    pub value: T,
    /// The index of the first token of it.
    pub start_token: usize,
    /// The index after the last token of it.
    pub end_token: usize,
}

/// What a number word is, and so what may follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// 0 to 9.
    Unit,
    /// 10 to 19 in one word.
    Teen,
    /// 20, 30 … 90.
    Ten,
    /// «εικοσιένα» in one word.
    TensUnit,
    /// 100, 200 … 900.
    Hundred,
    /// «χίλια», which stands by itself.
    Thousand,
    /// «χιλιάδες», «εκατομμύρια», which count what is before them.
    Multiplier,
    /// «δυόμισι».
    Half,
    /// «δεκαριά».
    Group,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    value: i64,
    class: Class,
}

static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
    super::table(include_str!("data/number_words.tsv"))
        .filter_map(|row| Some((row[0], Word { value: row.get(1)?.parse().ok()?, class: class(row.get(2)?)? })))
        .collect()
});

static ORDINALS: LazyLock<HashMap<&'static str, i64>> = LazyLock::new(|| {
    super::table(include_str!("data/ordinal_words.tsv"))
        .filter_map(|row| Some((row[0], row.get(1)?.parse().ok()?)))
        .collect()
});

fn class(name: &str) -> Option<Class> {
    Some(match name {
        "unit" => Class::Unit,
        "teen" => Class::Teen,
        "ten" => Class::Ten,
        "tensunit" => Class::TensUnit,
        "hundred" => Class::Hundred,
        "thousand" => Class::Thousand,
        "multiplier" => Class::Multiplier,
        "half" => Class::Half,
        "group" => Class::Group,
        _ => return None,
    })
}

/// Every word of a number or an ordinal, folded.
pub(crate) fn words_known() -> impl Iterator<Item = &'static str> {
    WORDS.keys().chain(ORDINALS.keys()).copied()
}

/// Whether a folded word is a number of the units, tens or hundreds.
pub(crate) fn is_word(word: &str) -> bool {
    WORDS.get(word).is_some_and(|word| !matches!(word.class, Class::Multiplier | Class::Half | Class::Group))
}

/// The whole number that begins at token `from`: «εκατόν είκοσι», «χίλια εννιακόσια», «δέκα έξι», «κάνα δυο», `1.250`.
///
/// «ένα» and «μία» are read as 1 wherever they stand; whether they are articles is for the caller to say.
#[must_use]
pub fn cardinal(tokens: &[Token], from: usize) -> Option<Parsed<i64>> {
    let begin = after_approximation(tokens, from);
    let (value, mut end) = match numeral(tokens.get(begin)?) {
        Some(value) => (value, begin + 1),
        // «καμιά εκατοστή»; alone it is an ordinal.
        None if begin > from && tokens[begin].text == "εκατοστη" => (100, begin + 1),
        None => words(tokens, begin)?,
    };
    let value = times(tokens, value, &mut end);
    Some(Parsed { value, start_token: from, end_token: end })
}

/// The amount that begins at token `from`, halves and decimals too: «ενάμιση», «δύο και μισή», «μισό», `12,50`,
/// «δύο κόμμα πέντε».
#[must_use]
pub fn amount(tokens: &[Token], from: usize) -> Option<Parsed<f64>> {
    let begin = after_approximation(tokens, from);
    let first = tokens.get(begin)?;
    let parsed = |value: f64, end_token| Some(Parsed { value, start_token: from, end_token });
    if is_half(&first.text) {
        return parsed(0.5, begin + 1);
    }
    if let Some(Word { value, class: Class::Half }) = WORDS.get(first.text.as_str()) {
        let (thousands, end) = multiplier(tokens, begin + 1);
        return parsed((small(*value) + 0.5) * small(thousands), end);
    }
    if let Some(value) = decimal(&first.text) {
        let (thousands, end) = multiplier(tokens, begin + 1);
        return parsed(value * small(thousands), end);
    }
    let whole = cardinal(tokens, begin)?;
    let end = whole.end_token;
    let value = small(whole.value);
    let text = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    if text(end) == Some("και") && text(end + 1).is_some_and(is_half) {
        return parsed(value + 0.5, end + 2);
    }
    if text(end) == Some("κομμα")
        && let Some(fraction) = digits::digits(tokens, end + 1)
    {
        let value = format!("{}.{}", whole.value, fraction.value.trim_start_matches('+')).parse().ok()?;
        return parsed(value, fraction.end_token);
    }
    parsed(value, end)
}

/// The ordinal at token `from`: «πρώτο» → 1, «εικοστή πρώτη» → 21, `2ος` → 2, «τελευταίο» → -1, «προτελευταία» → -2.
///
/// «τρίτη», «τετάρτη», «πέμπτη» are also days of the week: the caller, who knows what was asked, decides.
#[must_use]
pub fn ordinal(tokens: &[Token], from: usize) -> Option<Parsed<i64>> {
    let parsed = |value, end_token| Some(Parsed { value, start_token: from, end_token });
    let word = tokens.get(from)?.text.as_str();
    if let Some(first) = ORDINALS.get(word).copied() {
        let second = tokens.get(from + 1).and_then(|token| ORDINALS.get(token.text.as_str()).copied());
        return match second {
            Some(unit @ 1..=9) if first >= 10 && first % 10 == 0 => parsed(first + unit, from + 2),
            _ => parsed(first, from + 1),
        };
    }
    let Some(cut) = word.find(|c: char| !c.is_ascii_digit()) else {
        // «42 ος»
        let parted = tokens.get(from + 1).is_some_and(|next| next.text == "οσ");
        return parted.then(|| parsed(word.parse().ok()?, from + 2))?;
    };
    let value: i64 = word[..cut].parse().ok()?;
    is_ordinal_ending(&word[cut..]).then_some(())?;
    parsed(value, from + 1)
}

/// Skips «κάνα», «καμιά», «περίπου», «γύρω στα» before a number, and the article of «μια ντουζίνα».
fn after_approximation(tokens: &[Token], from: usize) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    match text(from) {
        "κανα" | "καναν" | "καμια" | "καμμια" | "περιπου" | "σχεδον" => from + 1,
        "γυρω" | "κοντα" if matches!(text(from + 1), "στα" | "στισ" | "στουσ" | "στο" | "στη" | "στην") => {
            from + 2
        }
        "μια" if WORDS.get(text(from + 1)).is_some_and(|word| word.class == Class::Group) => from + 1,
        _ => from,
    }
}

/// A whole number in digits, with dots between thousands or none.
fn numeral(token: &Token) -> Option<i64> {
    let text = token.text.as_str();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let mut groups = text.split('.');
    let first = groups.next()?;
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    let plain: String = text.chars().filter(|c| *c != '.').collect();
    (grouped && plain.bytes().all(|b| b.is_ascii_digit())).then(|| plain.parse().ok())?
}

/// `0,77`, `1.250,50`, `12.50`.
fn decimal(text: &str) -> Option<f64> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some((whole, fraction)) = text.split_once(',') {
        return format!("{}.{fraction}", whole.replace('.', "")).parse().ok();
    }
    let (whole, fraction) = text.split_once('.')?;
    (fraction.len() != 3 && !fraction.contains('.')).then(|| format!("{whole}.{fraction}").parse().ok())?
}

/// A number in words that begins at `from`, without what multiplies it: its value and where it ends.
fn words(tokens: &[Token], from: usize) -> Option<(i64, usize)> {
    let word = |at: usize| tokens.get(at).and_then(|token| WORDS.get(token.text.as_str()).copied());
    let mut at = from;
    let mut value = 0;
    // The smallest magnitude read so far: every next word must be below it.
    let mut below = i64::MAX;
    while let Some(Word { value: part, class }) = word(at) {
        let fits = match class {
            Class::Thousand => below == i64::MAX,
            Class::Hundred => below > 100,
            Class::Ten | Class::Teen | Class::TensUnit => below > 10 && below != i64::MAX || at == from,
            Class::Unit => (below > 1 && part > 0) || at == from,
            Class::Group => at == from,
            Class::Multiplier => at == from && part == 1000,
            Class::Half => false,
        };
        if !fits {
            break;
        }
        value += part;
        below = match class {
            Class::Thousand | Class::Multiplier => 1000,
            Class::Hundred => 100,
            Class::Ten => 10,
            // «δέκα έξι», as speech is often written down; «δέκα ένα» and «δέκα δύο» are never sixteen's kin.
            Class::Teen
                if part == 10 && word(at + 1).is_some_and(|next| next.class == Class::Unit && next.value > 2) =>
            {
                10
            }
            Class::Unit | Class::Teen | Class::TensUnit | Class::Group | Class::Half => 1,
        };
        at += 1;
    }
    (at > from).then_some((value, at))
}

/// Goes on with «χιλιάδες», «εκατομμύρια» and what follows them.
fn times(tokens: &[Token], first: i64, end: &mut usize) -> i64 {
    let (mut total, mut part, mut last) = (0_i64, first, i64::MAX);
    loop {
        let (factor, after) = multiplier(tokens, *end);
        if after == *end || factor >= last {
            break;
        }
        total = total.saturating_add(part.saturating_mul(factor));
        (part, last, *end) = (0, factor, after);
        if let Some((next, after)) = words(tokens, after).filter(|(next, _)| *next > 0 && *next < factor) {
            (part, *end) = (next, after);
        } else {
            break;
        }
    }
    total.saturating_add(part)
}

/// The multiplier at `at` and where it ends; 1 and `at` when there is none.
fn multiplier(tokens: &[Token], at: usize) -> (i64, usize) {
    match tokens.get(at).and_then(|token| WORDS.get(token.text.as_str())) {
        Some(Word { value, class: Class::Multiplier }) => (*value, at + 1),
        _ => (1, at),
    }
}

fn is_half(text: &str) -> bool {
    matches!(text, "μισο" | "μισοσ" | "μιση" | "μισησ" | "μισα" | "μισουσ")
}

#[expect(clippy::cast_precision_loss, reason = "amounts that people say are far below 2^52")]
fn small(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::greek::fold;

    fn whole<T>(parsed: Option<Parsed<T>>, count: usize) -> Option<T> {
        parsed.filter(|parsed| parsed.end_token == count).map(|parsed| parsed.value)
    }

    #[test]
    fn numbers_follow_the_table() {
        let mut wrong = Vec::new();
        for row in crate::greek::table(include_str!("data/number_cases.tsv")) {
            let tokens = fold::tokens(row[1]);
            let read = match row[0] {
                "cardinal" => whole(cardinal(&tokens, 0), tokens.len()).map(|v| v.to_string()),
                "amount" => whole(amount(&tokens, 0), tokens.len()).map(|v| v.to_string()),
                "ordinal" => whole(ordinal(&tokens, 0), tokens.len()).map(|v| v.to_string()),
                "digits" => whole(digits(&tokens, 0), tokens.len()),
                "ten" => whole(digits_of_length(&tokens, 0, 10), tokens.len()),
                other => panic!("unknown kind {other}"),
            };
            if read.as_deref().unwrap_or("-") != row[2] {
                wrong.push(format!("{} {}: {read:?}, not {}", row[0], row[1], row[2]));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_every_reading_moves_on(
            text in "((ένα|δύο|τρία|δέκα|είκοσι|εκατό|χίλια|χιλιάδες|εκατομμύρια|μισή|και|διπλό|κόμμα|[0-9.,]{1,25}|[+0-9]{1,4}|πρώτη) ?){0,12}|\\PC{0,40}"
        ) {
            let tokens = fold::tokens(&text);
            for from in 0..=tokens.len() {
                for end in [
                    cardinal(&tokens, from).map(|p| p.end_token),
                    amount(&tokens, from).map(|p| p.end_token),
                    ordinal(&tokens, from).map(|p| p.end_token),
                    digits(&tokens, from).map(|p| p.end_token),
                    digits_of_length(&tokens, from, 10).map(|p| p.end_token),
                ].into_iter().flatten() {
                    prop_assert!(end > from && end <= tokens.len());
                }
            }
        }
    }
}
