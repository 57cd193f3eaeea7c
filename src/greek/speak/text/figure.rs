//! Everything in a display sentence that begins with a digit.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::Reader;
use crate::greek::Gender;
use crate::greek::speak;

mod compound;

/// Says the figure at which `reader` stands.
pub(super) fn say(reader: &mut Reader) {
    let readings = [telephone, day, law, clock_time, euros, percentage, ordinal, compound_of, code_or_year, plain];
    for reading in readings {
        if let Some((said, end)) = reading(reader) {
            // A figure that touched a letter before it stands apart when said.
            if reader.said.ends_with(char::is_alphanumeric) {
                reader.said.push(' ');
            }
            reader.push(&said, end);
            // What touches it after it, too: «9Α», «4x6».
            if reader.peek(0).is_some_and(char::is_alphabetic) && !reader.said.ends_with(' ') {
                reader.said.push(' ');
            }
            return;
        }
    }
    let c = reader.chars[reader.at];
    reader.said.push(c);
    reader.at += 1;
}

type Said = Option<(String, usize)>;

/// The digits from `at`, and where they end.
fn integer(reader: &Reader, at: usize) -> Option<(u64, usize)> {
    let end = (at..reader.chars.len()).find(|i| !reader.chars[*i].is_ascii_digit()).unwrap_or(reader.chars.len());
    (end > at && end - at <= 18).then(|| Some((reader.slice(at, end).parse().ok()?, end)))?
}

fn is_digit(reader: &Reader, at: usize) -> bool {
    reader.chars.get(at).is_some_and(char::is_ascii_digit)
}

/// Ten digits that begin with 2 or 6 (or more after a plus), with single spaces or hyphens between groups.
fn telephone(reader: &mut Reader) -> Said {
    let has_plus = reader.chars[reader.at] == '+';
    let mut plain = String::with_capacity(16);
    let mut at = reader.at + usize::from(has_plus);
    let mut end = at;
    while let Some(c) = reader.chars.get(at).copied() {
        if c.is_ascii_digit() {
            plain.push(c);
            end = at + 1;
        } else if !(matches!(c, ' ' | '-') && is_digit(reader, at + 1)) {
            break;
        }
        at += 1;
        if plain.len() == if has_plus { 12 } else { 10 } && !is_digit(reader, at) {
            break;
        }
    }
    let fits = if has_plus { plain.len() >= 7 } else { plain.len() == 10 && plain.starts_with(['2', '6']) };
    (fits && !is_digit(reader, end)).then(|| (speak::digits(&if has_plus { format!("+{plain}") } else { plain }), end))
}

/// `26/11`, `26/11/2026`, `26-11-2026`, `26.11.2026`
fn day(reader: &mut Reader) -> Said {
    let (day, after_day) = integer(reader, reader.at)?;
    let separator = *reader.chars.get(after_day)?;
    if !matches!(separator, '/' | '-' | '.') || after_day - reader.at > 2 {
        return None;
    }
    let (month, after_month) = integer(reader, after_day + 1)?;
    let year = (reader.chars.get(after_month) == Some(&separator)).then(|| integer(reader, after_month + 1)).flatten();
    let full_year = year
        .filter(|(_, end)| matches!(end - after_month, 3 | 5))
        .map(|(y, end)| (if y < 100 { y + 2000 } else { y }, end));
    if (separator != '/' && full_year.is_none()) || after_month - after_day > 3 {
        return None;
    }
    // A leap year where none is said, so that 29/2 is a day.
    let (year, end) = full_year.unwrap_or((2024, after_month));
    let date =
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    let said = speak::day_and_month(date);
    match full_year {
        Some(_) => Some((format!("{said} του {}", speak::number(i64::from(date.year()), Gender::Neuter)), end)),
        None => Some((said, end)),
    }
}

/// `10:15`, with the part of the day unless the sentence says it.
fn clock_time(reader: &mut Reader) -> Said {
    let (hour, colon) = integer(reader, reader.at)?;
    let (minute, end) = integer(reader, colon + 1)?;
    if reader.chars.get(colon) != Some(&':')
        || colon - reader.at > 2
        || end - colon != 3
        || is_digit(reader, end + 1) && reader.chars[end] == ':'
    {
        return None;
    }
    let time = NaiveTime::from_hms_opt(u32::try_from(hour).ok()?, u32::try_from(minute).ok()?, 0)?;
    let next = reader.next_word(end);
    let says_part = matches!(next.as_str(), "π" | "μ" | "πμ" | "μμ" | "το" | "τη" | "τα") && names_part(reader, end);
    let said = if says_part { speak::clock(time) } else { speak::time(time) };
    if said.starts_with("μία") {
        agree_with_one(reader);
    }
    if let Some(rest) = range(reader, end) {
        return Some((format!("{said} έως "), rest));
    }
    Some((said, end))
}

/// Whether what follows `end` says the part of the day.
fn names_part(reader: &Reader, end: usize) -> bool {
    let rest: String = reader.chars[end..].iter().take(16).collect();
    let rest = rest.trim_start();
    [
        "π.μ",
        "μ.μ",
        "πμ",
        "μμ",
        "το πρωί",
        "το μεσημέρι",
        "το απόγευμα",
        "το βράδυ",
        "τη νύχτα",
        "τα ξημερώματα",
        "τα μεσάνυχτα",
    ]
    .iter()
    .any(|part| rest.starts_with(part))
}

/// «στις 13:00» is «στη μία»: the article agrees with the hour that is said.
fn agree_with_one(reader: &mut Reader) {
    for (plural, singular) in [("στις ", "στη "), ("Στις ", "Στη "), ("τις ", "τη ")] {
        if reader.said.ends_with(plural) && reader.said.len() >= plural.len() {
            let kept = reader.said.len() - plural.len();
            reader.said.truncate(kept);
            reader.said.push_str(singular);
            return;
        }
    }
}

/// Where the number after a hyphen or dash begins, if a range goes on at `end`.
fn range(reader: &Reader, end: usize) -> Option<usize> {
    let mut at = end;
    while reader.chars.get(at) == Some(&' ') {
        at += 1;
    }
    if !matches!(reader.chars.get(at), Some('-' | '–' | '—')) {
        return None;
    }
    at += 1;
    while reader.chars.get(at) == Some(&' ') {
        at += 1;
    }
    is_digit(reader, at).then_some(at)
}

/// `84,40 €`, `1.250 €`, `€5`
fn euros(reader: &mut Reader) -> Said {
    let before = usize::from(reader.chars[reader.at] == '€');
    let (whole, fraction, end) = decimal(reader, reader.at + before)?;
    let mut mark = end;
    while reader.chars.get(mark).is_some_and(|c| matches!(c, ' ' | '\u{A0}')) {
        mark += 1;
    }
    let after = match reader.next_word(mark).as_str() {
        "ευρώ" => 4,
        "eur" => 3,
        _ if reader.chars.get(mark) == Some(&'€') => 1,
        _ if before == 1 => {
            mark = end;
            0
        }
        _ => return None,
    };
    // «10 €/μήνα»
    let per =
        if reader.chars.get(mark + after) == Some(&'/') { per(&reader.next_word(mark + after + 1)) } else { None };
    let (per, after) = per.map_or(("", after), |article| (article, after + 1));
    let cents = match fraction.len() {
        0 => 0,
        1 => fraction.parse::<i64>().ok()? * 10,
        _ => fraction.get(..2)?.parse().ok()?,
    };
    let said = speak::money(i64::try_from(whole).ok()?.checked_mul(100)?.checked_add(cents)?);
    Some((format!("{said}{per}"), mark + after))
}

/// The article before what a price is paid for: «τον μήνα».
fn per(word: &str) -> Option<&'static str> {
    Some(match word {
        "μήνα" | "χρόνο" => " τον ",
        "ώρα" | "ημέρα" | "μέρα" | "εβδομάδα" | "σελίδα" | "αίτηση" => " την ",
        "έτος" | "εξάμηνο" | "τρίμηνο" | "άτομο" | "αντίγραφο" | "τεμάχιο" => {
            " το "
        }
        _ => return None,
    })
}

/// `4808/2021`, a law or a protocol and its year: «… του δύο χιλιάδες είκοσι ένα».
fn law(reader: &mut Reader) -> Said {
    let (number, slash) = integer(reader, reader.at)?;
    let (year, end) = integer(reader, slash + 1)?;
    // «1599/86», as people say it: «του ογδόντα έξι».
    let is_short = end - slash == 3 && (50..100).contains(&year) && number > 31;
    let is_year = end - slash == 5 && (1800..2100).contains(&year) || is_short;
    let has_year = reader.chars.get(slash) == Some(&'/') && is_year;
    let words = |value: u64| Some(speak::number(i64::try_from(value).ok()?, Gender::Neuter));
    has_year.then(|| Some((format!("{} του {}", words(number)?, words(year)?), end)))?
}

fn percentage(reader: &mut Reader) -> Said {
    let (whole, fraction, end) = decimal(reader, reader.at)?;
    let mark = if reader.chars.get(end) == Some(&' ') { end + 1 } else { end };
    (reader.chars.get(mark) == Some(&'%'))
        .then(|| (format!("{} τοις εκατό", decimal_words(whole, &fraction)), mark + 1))
}

/// `1η`, `26ης`, `2ος`
fn ordinal(reader: &mut Reader) -> Said {
    let (value, end) = integer(reader, reader.at)?;
    let letters: String = reader.chars[end..].iter().take_while(|c| c.is_alphabetic()).collect();
    // «9Α» is a letter, not an ending.
    let said = speak::ordinal(value, &letters)?;
    (!letters.is_empty()).then(|| (said, end + letters.chars().count()))
}

/// `24ωρο`, `6μηνη`: a number that begins a word.
fn compound_of(reader: &mut Reader) -> Said {
    let (value, digits_end) = integer(reader, reader.at)?;
    let rest: String = reader.chars[digits_end..].iter().take_while(|c| c.is_alphabetic()).collect();
    let said = compound::word(value, &rest.to_lowercase())?;
    Some((said, digits_end + rest.chars().count()))
}

/// Long digit strings and those that begin with zero are codes.
fn code_or_year(reader: &mut Reader) -> Said {
    let end =
        (reader.at..reader.chars.len()).find(|i| !reader.chars[*i].is_ascii_digit()).unwrap_or(reader.chars.len());
    let plain = reader.slice(reader.at, end);
    let is_code = plain.len() >= 7
        || (plain.len() > 1 && plain.starts_with('0'))
        || (plain.len() >= 4 && (names_a_code(&reader.said) || asks_to_call(&reader.said)));
    is_code.then(|| (speak::digits(&plain), end))
}

/// Whether the last few words are about a code: «ο κωδικός σας είναι».
fn names_a_code(said: &str) -> bool {
    let tail = said.char_indices().rev().nth(24).map_or(said, |(at, _)| &said[at..]);
    ["κωδικό", "κωδικού", "Κωδικό"].iter().any(|word| tail.contains(word))
}

/// Whether the last words lead to a short telephone number: «καλέστε το 1555».
fn asks_to_call(said: &str) -> bool {
    let tail = said.char_indices().rev().nth(16).map_or(said, |(at, _)| &said[at..]).to_lowercase();
    ["καλέστε", "καλείτε", "καλέσετε", "τηλέφωνο", "γραμμή", "τηλεφωνήστε"].iter().any(|word| tail.contains(word))
}

fn plain(reader: &mut Reader) -> Said {
    let (whole, fraction, end) = decimal(reader, reader.at)?;
    if !fraction.is_empty() {
        return Some((decimal_words(whole, &fraction), end));
    }
    let value = i64::try_from(whole).ok()?;
    if let Some(rest) = range(reader, end) {
        let last = integer(reader, rest).map_or(rest, |(_, end)| end);
        return Some((format!("{} έως ", speak::number(value, gender(reader, last, value))), rest));
    }
    let next = reader.next_word(end);
    if value == 1 && is_month(&next) {
        return Some(("πρώτη".to_owned(), end));
    }
    let gender = gender(reader, end, value);
    if value == 1 && gender == Gender::Masculine && !next.ends_with('ς') {
        return Some(("έναν".to_owned(), end));
    }
    if value == 1 && gender == Gender::Feminine {
        agree_with_one(reader);
    }
    Some((speak::number(value, gender), end))
}

fn is_month(word: &str) -> bool {
    crate::greek::display::MONTHS_GENITIVE.iter().any(|month| month.to_lowercase() == word)
}

/// The gender that the words around a number ask for.
fn gender(reader: &Reader, end: usize, value: i64) -> Gender {
    let next = reader.next_word(end);
    if is_month(&next) || matches!(reader.last_word(), "στις" | "Στις" | "τις" | "στη" | "Στη") {
        return Gender::Feminine;
    }
    match next.as_str() {
        "ώρα" | "ημέρα" | "μέρα" | "εβδομάδα" | "φορά" | "φωτογραφία" | "βεβαίωση" | "κόπια" | "αίτηση" => {
            Gender::Feminine
        }
        "μήνα" | "όροφο" | "μήνας" | "χρόνο" | "χρόνος" => Gender::Masculine,
        word if word.ends_with("οι") || word.ends_with("ους") => Gender::Masculine,
        word if word.ends_with("ες") || word.ends_with("εις") || word.ends_with("έως") => Gender::Feminine,
        // «1 αίτηση», but «3 μέλη».
        word if value == 1 && word.chars().count() > 3 && word.ends_with(['η', 'ή']) => Gender::Feminine,
        word if value == 1 && word.ends_with(['ς']) && !is_neuter_in_os(word) => Gender::Masculine,
        _ => Gender::Neuter,
    }
}

fn is_neuter_in_os(word: &str) -> bool {
    ["έτος", "μέρος", "μέλος", "είδος", "λάθος", "τέλος", "κράτος", "μήκος", "βάρος", "μέγεθος", "στέλεχος", "έδαφος"]
        .contains(&word)
}

/// `1.250,50` at `at`: the whole, the digits of the fraction, where it ends.
fn decimal(reader: &Reader, at: usize) -> Option<(u64, String, usize)> {
    let (mut whole, mut end) = integer(reader, at)?;
    while reader.chars.get(end) == Some(&'.') {
        let Some((group, after)) = integer(reader, end + 1).filter(|(_, after)| after - end == 4) else { break };
        whole = whole.checked_mul(1000)?.checked_add(group)?;
        end = after;
    }
    if matches!(reader.chars.get(end), Some(',' | '.'))
        && let Some((_, after)) = integer(reader, end + 1)
    {
        return Some((whole, reader.slice(end + 1, after), after));
    }
    Some((whole, String::new(), end))
}

fn decimal_words(whole: u64, fraction: &str) -> String {
    let whole = speak::number(i64::try_from(whole).unwrap_or(i64::MAX), Gender::Neuter);
    if fraction.is_empty() {
        return whole;
    }
    let zeros = "μηδέν ".repeat(fraction.len() - fraction.trim_start_matches('0').len());
    let rest = fraction.trim_start_matches('0').parse().unwrap_or(0);
    if rest == 0 {
        format!("{whole} κόμμα {}", zeros.trim_end())
    } else {
        format!("{whole} κόμμα {zeros}{}", speak::number(rest, Gender::Neuter))
    }
}
