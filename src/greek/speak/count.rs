//! Cardinal and ordinal numbers in words.

use crate::greek::Gender;

const TEENS: [&str; 10] =
    ["δέκα", "έντεκα", "δώδεκα", "", "", "δεκαπέντε", "δεκαέξι", "δεκαεπτά", "δεκαοκτώ", "δεκαεννέα"];
const TENS: [&str; 10] =
    ["", "", "είκοσι", "τριάντα", "σαράντα", "πενήντα", "εξήντα", "εβδομήντα", "ογδόντα", "ενενήντα"];
const HUNDREDS: [&str; 10] =
    ["", "", "διακόσι", "τριακόσι", "τετρακόσι", "πεντακόσι", "εξακόσι", "επτακόσι", "οκτακόσι", "εννιακόσι"];

/// A whole number in words, nominative, agreeing in gender: «είκοσι μία», «χίλια εννιακόσια», «τρεις».
///
/// Numbers from 10¹² on are said digit by digit.
#[must_use]
pub fn number(value: i64, gender: Gender) -> String {
    let size = value.unsigned_abs();
    let mut parts: Vec<String> = Vec::with_capacity(6);
    if value < 0 {
        parts.push("μείον".to_owned());
    }
    if size >= 1_000_000_000_000 {
        parts.extend(
            size.to_string()
                .chars()
                .filter_map(|c| c.to_digit(10))
                .map(|d| below_ten(d.into(), Gender::Neuter).to_owned()),
        );
        return parts.join(" ");
    }
    if size == 0 {
        parts.push("μηδέν".to_owned());
    }
    named(size / 1_000_000_000, "δισεκατομμύριο", "δισεκατομμύρια", &mut parts);
    named(size / 1_000_000 % 1000, "εκατομμύριο", "εκατομμύρια", &mut parts);
    match size / 1000 % 1000 {
        0 => {}
        1 => parts.push(format!("χίλι{}", plural_ending(gender))),
        thousands => {
            below_thousand(thousands, Gender::Feminine, &mut parts);
            parts.push("χιλιάδες".to_owned());
        }
    }
    below_thousand(size % 1000, gender, &mut parts);
    parts.join(" ")
}

/// Appends «δύο εκατομμύρια» and the like.
fn named(count: u64, singular: &str, plural: &str, parts: &mut Vec<String>) {
    if count > 0 {
        below_thousand(count, Gender::Neuter, parts);
        parts.push(if count == 1 { singular } else { plural }.to_owned());
    }
}

fn below_thousand(value: u64, gender: Gender, parts: &mut Vec<String>) {
    let (hundreds, rest) = (value / 100, value % 100);
    match hundreds {
        0 => {}
        1 => parts.push(if rest == 0 { "εκατό" } else { "εκατόν" }.to_owned()),
        _ => parts.push(format!("{}{}", HUNDREDS[hundreds as usize % 10], plural_ending(gender))),
    }
    match (rest, gender) {
        (0, _) => {}
        (1..=9, _) => parts.push(below_ten(rest, gender).to_owned()),
        (13, Gender::Masculine | Gender::Feminine) => parts.push("δεκατρείς".to_owned()),
        (13 | 14, _) => parts.push(format!("δεκα{}", below_ten(rest - 10, gender))),
        (10..=19, _) => parts.push(TEENS[rest as usize - 10].to_owned()),
        _ => {
            parts.push(TENS[rest as usize / 10].to_owned());
            if rest % 10 > 0 {
                parts.push(below_ten(rest % 10, gender).to_owned());
            }
        }
    }
}

fn plural_ending(gender: Gender) -> &'static str {
    match gender {
        Gender::Masculine => "οι",
        Gender::Feminine => "ες",
        Gender::Neuter => "α",
    }
}

fn below_ten(value: u64, gender: Gender) -> &'static str {
    match (value, gender) {
        (0, _) => "μηδέν",
        (1, Gender::Masculine) => "ένας",
        (1, Gender::Feminine) => "μία",
        (1, Gender::Neuter) => "ένα",
        (2, _) => "δύο",
        (3, Gender::Neuter) => "τρία",
        (3, _) => "τρεις",
        (4, Gender::Neuter) => "τέσσερα",
        (4, _) => "τέσσερις",
        (5, _) => "πέντε",
        (6, _) => "έξι",
        (7, _) => "επτά",
        (8, _) => "οκτώ",
        _ => "εννέα",
    }
}

/// An ordinal from 1 to 99 with the given ending («η», «ος», «ης», «ου» …): «δεύτερη», «εικοστή πρώτη»; `None` outside.
#[must_use]
pub fn ordinal(value: u64, ending: &str) -> Option<String> {
    /// Stems, with the stress where it stays in the common language.
    const UNITS: [&str; 13] = [
        "",
        "πρώτ",
        "δεύτερ",
        "τρίτ",
        "τέταρτ",
        "πέμπτ",
        "έκτ",
        "έβδομ",
        "όγδο",
        "ένατ",
        "δέκατ",
        "ενδέκατ",
        "δωδέκατ",
    ];
    const TENS: [&str; 10] =
        ["", "", "εικοστ", "τριακοστ", "τεσσαρακοστ", "πεντηκοστ", "εξηκοστ", "εβδομηκοστ", "ογδοηκοστ", "ενενηκοστ"];
    stressed(ending)?;
    Some(match value {
        1..=12 => format!("{}{ending}", UNITS[value as usize]),
        13..=19 => format!("δέκατ{ending} {}{ending}", UNITS[value as usize - 10]),
        20..=99 if value.is_multiple_of(10) => format!("{}{}", TENS[value as usize / 10], stressed(ending)?),
        20..=99 => {
            format!("{}{} {}{ending}", TENS[value as usize / 10], stressed(ending)?, UNITS[value as usize % 10])
        }
        _ => return None,
    })
}

fn stressed(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "η" => "ή",
        "ης" => "ής",
        "ην" => "ήν",
        "ο" => "ό",
        "ος" => "ός",
        "ον" => "όν",
        "ου" => "ού",
        "οι" => "οί",
        "ους" => "ούς",
        "ες" => "ές",
        "α" => "ά",
        "ων" => "ών",
        _ => return None,
    })
}
