//! Words for the ear: dates, times, numbers, telephones and codes as a clerk would say them to an old person.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::Gender;
use super::display;

mod count;
mod link;
mod text;

pub use count::{number, ordinal};
pub use text::text;

/// «Πέμπτη είκοσι έξι Νοεμβρίου», «Τρίτη πρώτη Δεκεμβρίου»
#[must_use]
pub fn date(day: NaiveDate) -> String {
    format!("{} {}", display::weekday(day), day_and_month(day))
}

/// «είκοσι έξι Νοεμβρίου», without the day of the week.
#[must_use]
pub fn day_and_month(day: NaiveDate) -> String {
    let number = if day.day() == 1 { "πρώτη".to_owned() } else { number(i64::from(day.day()), Gender::Feminine) };
    format!("{number} {}", display::month_genitive(day))
}

/// «δέκα και τέταρτο το πρωί», «μία και μισή το μεσημέρι», «έντεκα παρά είκοσι το πρωί».
///
/// The hours after midnight are «τα ξημερώματα», midnight too: «τα μεσάνυχτα της Τρίτης» would be the end of it.
/// After the half hour whole fives are said as people say them, with «παρά» and the next hour; other minutes with «και», odd ones with «λεπτά».
#[must_use]
pub fn time(at: NaiveTime) -> String {
    format!("{} {}", clock(at), part_of_day(at))
}

/// [`time`] with its article: «στις δέκα και τέταρτο το πρωί», «στη μία το μεσημέρι».
#[must_use]
pub fn at_time(at: NaiveTime) -> String {
    format!("{} {}", if hour_said(at) == 1 { "στη" } else { "στις" }, time(at))
}

/// The time without the part of the day: «δέκα και τέταρτο».
#[must_use]
pub fn clock(at: NaiveTime) -> String {
    let hour = number(i64::from(hour_said(at)), Gender::Feminine);
    match at.minute() {
        0 => hour,
        15 => format!("{hour} και τέταρτο"),
        30 => format!("{hour} και μισή"),
        45 => format!("{hour} παρά τέταρτο"),
        minute if is_said_backwards(minute) => {
            format!("{hour} παρά {}", number(i64::from(60 - minute), Gender::Neuter))
        }
        1 => format!("{hour} και ένα λεπτό"),
        // «δέκα και έντεκα» alone would be two times.
        minute if !minute.is_multiple_of(5) => {
            format!("{hour} και {} λεπτά", number(i64::from(minute), Gender::Neuter))
        }
        minute => format!("{hour} και {}", number(i64::from(minute), Gender::Neuter)),
    }
}

/// «το πρωί», «το μεσημέρι», «το απόγευμα», «το βράδυ», «τα ξημερώματα».
#[must_use]
pub fn part_of_day(at: NaiveTime) -> &'static str {
    match at.hour() {
        5..=11 => "το πρωί",
        12..=14 => "το μεσημέρι",
        15..=19 => "το απόγευμα",
        20..=23 => "το βράδυ",
        _ => "τα ξημερώματα",
    }
}

/// The hour that is named, 1 to 12: the next one when the minutes are counted back from it.
fn hour_said(at: NaiveTime) -> u32 {
    let hour = at.hour() + u32::from(is_said_backwards(at.minute()));
    if hour.is_multiple_of(12) { 12 } else { hour % 12 }
}

fn is_said_backwards(minute: u32) -> bool {
    minute > 30 && minute.is_multiple_of(5)
}

/// A digit string in the groups in which it is easiest to write down: a telephone as «έξι εννιά τέσσερα, τέσσερα,
/// δώδεκα, τριάντα τέσσερα, πενήντα έξι». Other characters are passed over; a leading `+` is said.
#[must_use]
pub fn digits(text: &str) -> String {
    let plain: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    if let [hundreds @ 1..=9, tens, unit] = plain[..] {
        // Emergency and service numbers are said whole: εκατόν δώδεκα.
        return pair_or_whole(i64::from(hundreds) * 100 + i64::from(tens * 10 + unit));
    }
    let has_plus = text.trim_start().starts_with('+');
    let mut groups = Vec::with_capacity(8);
    let mut rest = plain.as_slice();
    if has_plus && rest.len() == 12 {
        groups.push(format!("συν {}", group(&rest[..2])));
        rest = &rest[2..];
    } else if has_plus {
        groups.push("συν".to_owned());
    }
    let mut parts = Vec::with_capacity(6);
    for length in grouping(rest) {
        let (first, after) = rest.split_at(length.min(rest.len()));
        parts.push(first);
        rest = after;
    }
    groups.extend(said_apart(&parts));
    groups.join(", ")
}

/// Groups as they are said, so that none runs into the next: «είκοσι, ένα» would be heard as 21, so it is «δύο μηδέν, ένα».
fn said_apart(parts: &[&[u8]]) -> Vec<String> {
    let mut unit_follows = false;
    let mut said: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts.iter().rev() {
        let runs_on = unit_follows && matches!(part, [1..=9, 0]);
        said.push(if runs_on { one_by_one(part) } else { group(part) });
        unit_follows = part.first().is_some_and(|digit| *digit > 0) && (runs_on || part.len() != 2);
    }
    said.reverse();
    said
}

/// The lengths of the groups in which so many digits are said.
fn grouping(plain: &[u8]) -> Vec<usize> {
    match plain.len() {
        // Telephone: the prefix digit by digit, one, then pairs.
        10 => vec![3, 1, 2, 2, 2],
        // ΑΦΜ
        9 => vec![3, 3, 3],
        // ΑΜΚΑ: the date of birth, then the rest.
        11 => vec![2, 2, 2, 2, 3],
        length => (0..length % 2).map(|_| 1).chain((0..length / 2).map(|_| 2)).collect(),
    }
}

/// One group: pairs as numbers, others digit by digit.
fn group(part: &[u8]) -> String {
    match part {
        [tens @ 1..=9, unit] => pair_or_whole(i64::from(tens * 10 + unit)),
        _ => one_by_one(part),
    }
}

fn one_by_one(part: &[u8]) -> String {
    part.iter().map(|digit| digit_word(*digit)).collect::<Vec<_>>().join(" ")
}

fn pair_or_whole(value: i64) -> String {
    // «εννιά», since «εννέα» and «ένα» are confused on the telephone.
    number(value, Gender::Neuter).replace("εννέα", "εννιά")
}

fn digit_word(digit: u8) -> &'static str {
    ["μηδέν", "ένα", "δύο", "τρία", "τέσσερα", "πέντε", "έξι", "επτά", "οκτώ", "εννιά"][usize::from(digit % 10)]
}

/// A code to be written down: letters by their Greek names, digits one by one with a breath between groups.
/// `KTA-48273` → «κάπα, ταυ, άλφα, τέσσερα οκτώ, δύο επτά τρία».
#[must_use]
pub fn code(text: &str) -> String {
    let mut parts: Vec<String> = Vec::with_capacity(8);
    let mut run: Vec<u8> = Vec::with_capacity(8);
    for c in text.chars().chain(std::iter::once(' ')) {
        if let Some(digit) = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
            run.push(digit);
            continue;
        }
        for group in breaths(&run) {
            parts.push(group.iter().map(|digit| digit_word(*digit)).collect::<Vec<_>>().join(" "));
        }
        run.clear();
        if let Some(name) = letter_name(c) {
            parts.push(name.to_owned());
        }
    }
    parts.join(", ")
}

/// Cuts digits in pairs, a last group of three taking the odd one.
fn breaths(run: &[u8]) -> Vec<&[u8]> {
    let mut groups = Vec::new();
    let mut rest = run;
    while rest.len() > 3 {
        let (pair, after) = rest.split_at(2);
        groups.push(pair);
        rest = after;
    }
    if !rest.is_empty() {
        groups.push(rest);
    }
    groups
}

/// The Greek name of a letter; a Latin capital that looks Greek is named as the Greek one.
#[must_use]
pub fn letter_name(c: char) -> Option<&'static str> {
    let folded = super::fold::fold(c.encode_utf8(&mut [0; 4]));
    Some(match folded.chars().next()? {
        'α' | 'a' => "άλφα",
        'β' | 'b' => "βήτα",
        'γ' => "γάμα",
        'δ' => "δέλτα",
        'ε' | 'e' => "έψιλον",
        'ζ' | 'z' => "ζήτα",
        'η' | 'h' => "ήτα",
        'θ' => "θήτα",
        'ι' | 'i' => "γιώτα",
        'κ' | 'k' => "κάπα",
        'λ' => "λάμδα",
        'μ' | 'm' => "μι",
        'ν' | 'n' => "νι",
        'ξ' => "ξι",
        'ο' | 'o' => "όμικρον",
        'π' => "πι",
        'ρ' | 'p' => "ρο",
        'σ' => "σίγμα",
        'τ' | 't' => "ταυ",
        'υ' | 'y' => "ύψιλον",
        'φ' => "φι",
        'χ' | 'x' => "χι",
        'ψ' => "ψι",
        'ω' => "ωμέγα",
        'c' => "σι",
        'd' => "ντι",
        'f' => "εφ",
        'g' => "τζι",
        'j' => "τζέι",
        'l' => "ελ",
        'q' => "κιου",
        'r' => "αρ",
        's' => "ες",
        'u' => "γιου",
        'v' => "βι",
        'w' => "ντάμπλ γιου",
        _ => return None,
    })
}

/// «ογδόντα τέσσερα ευρώ και σαράντα λεπτά», from cents.
#[must_use]
pub fn money(cents: i64) -> String {
    let sign = if cents < 0 { "μείον " } else { "" };
    let (euros, rest) = ((cents / 100).saturating_abs(), (cents % 100).abs());
    let lepta = format!("{} {}", number(rest, Gender::Neuter), if rest == 1 { "λεπτό" } else { "λεπτά" });
    match (euros, rest) {
        (_, 0) => format!("{sign}{} ευρώ", number(euros, Gender::Neuter)),
        (0, _) => format!("{sign}{lepta}"),
        _ => format!("{sign}{} ευρώ και {lepta}", number(euros, Gender::Neuter)),
    }
}

#[cfg(test)]
mod tests;
