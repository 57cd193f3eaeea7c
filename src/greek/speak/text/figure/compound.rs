//! Words that begin with a number in digits: `24ωρο`, `5ήμερο`, `6μηνη`, `10ετής`, `9ψήφιος`.

/// A word that begins with a number in digits: `24` and «ωρο» → «εικοσιτετράωρο», `5` and «ήμερο» → «πενθήμερο», `10` and
/// «ετής» → «δεκαετής»; `rest` is lower case. `None` where no such word is known.
pub(super) fn word(value: u64, rest: &str) -> Option<String> {
    let plain = crate::greek::fold::fold(rest);
    let begins = |stems: &[&str]| stems.iter().any(|stem| plain.starts_with(stem));
    if begins(&["ημερ"]) {
        // The vowel goes before η: πενθήμερο, δεκαπενθήμερο.
        return Some(match value {
            5 => format!("πενθ{rest}"),
            15 => format!("δεκαπενθ{rest}"),
            _ => format!("{}{rest}", prefix(value)?),
        });
    }
    if begins(&["ετησ", "ετη", "ετεσ", "ετουσ", "ετια", "ετων", "ψηφι"]) {
        return Some(format!("{}{rest}", prefix(value)?));
    }
    if !begins(&["ωρ", "μην", "χρον", "λεπτ", "μελ"]) {
        return None;
    }
    let stem = prefix(value)?;
    if plain != rest.replace('ς', "σ") {
        return Some(format!("{stem}{rest}"));
    }
    // Written without an accent, these take it on the vowel before them: εξάμηνη, εικοσιτετράωρο, δεκαοκτάχρονος.
    let (last, kept) = (stem.chars().last()?, &stem[..stem.len() - 'α'.len_utf8()]);
    let vowel = match last {
        'α' => 'ά',
        'ι' => 'ί',
        'ο' => 'ό',
        other => other,
    };
    Some(format!("{kept}{vowel}{rest}"))
}

/// A number as the first part of a word: «τετρα», «δωδεκα», «εικοσιτετρα».
fn prefix(value: u64) -> Option<String> {
    const UNITS: [&str; 10] = ["", "μονο", "δι", "τρι", "τετρα", "πεντα", "εξα", "επτα", "οκτα", "εννεα"];
    const TENS: [&str; 10] =
        ["", "", "εικοσι", "τριαντα", "σαραντα", "πενηντα", "εξηντα", "εβδομηντα", "ογδοντα", "ενενηντα"];
    let unit = UNITS[usize::try_from(value % 10).ok()?];
    Some(match value {
        1..=9 => unit.to_owned(),
        10 => "δεκα".to_owned(),
        11 => "ενδεκα".to_owned(),
        12 => "δωδεκα".to_owned(),
        13..=19 => format!("δεκα{unit}"),
        20 => "εικοσα".to_owned(),
        21..=99 => format!("{}{unit}", TENS[usize::try_from(value / 10).ok()?]),
        _ => return None,
    })
}
