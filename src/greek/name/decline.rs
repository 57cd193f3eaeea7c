//! Case endings of single names.

use super::{Case, known};
use crate::greek::Gender;
use crate::greek::fold::fold;

/// First names in -ος that call with -ε although they are short.
const CALLED_WITH_E: [&str; 3] = ["φοιβοσ", "λινοσ", "τιτοσ"];

/// A single name, given in the nominative, in another case; words that do not decline come back as they are.
pub(super) fn word(word: &str, person: Option<Gender>, case: Case, is_first: bool) -> String {
    if case == Case::Nominative {
        return word.to_owned();
    }
    let folded = fold(word);
    if person == Some(Gender::Feminine) {
        return feminine(word, &folded, case);
    }
    masculine(word, &folded, case, is_first)
}

fn feminine(word: &str, folded: &str, case: Case) -> String {
    if folded.ends_with("ισ") && case != Case::Vocative {
        // Άρτεμις, Άλκηστις: in common use της Άρτεμης, την Άρτεμη.
        return replaced(word, 2, if case == Case::Genitive { "ης" } else { "η" });
    }
    let declines = folded.ends_with(['α', 'η', 'ω']);
    if case != Case::Genitive || !declines {
        return word.to_owned();
    }
    replaced(word, 0, "ς")
}

fn masculine(word: &str, folded: &str, case: Case, is_first: bool) -> String {
    match folded {
        _ if folded.ends_with("ουσ") || folded.ends_with("ησ") || folded.ends_with("ασ") || folded.ends_with("εσ") => {
            replaced(word, 1, "")
        }
        _ if folded.ends_with("ισ") && case != Case::Vocative => replaced(word, 2, "η"),
        _ if folded.ends_with("οσ") => match case {
            Case::Genitive => replaced(word, 2, "ου"),
            Case::Accusative | Case::Nominative => replaced(word, 2, "ο"),
            Case::Vocative => replaced(word, 2, if calls_with_o(word, folded, is_first) { "ο" } else { "ε" }),
        },
        _ if folded.ends_with("ων") || folded.ends_with("ωρ") => third_declension(word, folded, case),
        _ => word.to_owned(),
    }
}

/// Αγαμέμνων, Πλάτων, Ξενοφών, Ναπολέων, Βίκτωρ
fn third_declension(word: &str, folded: &str, case: Case) -> String {
    let stem = match folded {
        "συμεων" | "σολομων" => return word.to_owned(),
        _ if folded.ends_with("φων") && is_last_stressed(word) => "ώντ",
        _ if folded.ends_with("λεων") => "οντ",
        _ if folded.ends_with("ωρ") => "ωρ",
        "πλατων" | "σολων" | "κιμων" | "ζηνων" | "τρυφων" | "σιμων" | "βιων" | "σπυριδων" | "φωκιων" | "βησσαριων"
        | "φαιδων" | "βυρων" => "ων",
        _ => "ον",
    };
    match case {
        Case::Genitive => replaced(word, 2, &format!("{stem}ος")),
        Case::Accusative => replaced(word, 2, &format!("{stem}α")),
        Case::Nominative | Case::Vocative => word.to_owned(),
    }
}

/// Γιώργο, Παύλο, Αλέκο, Κυριάκο, Νικολό; but Αλέξανδρε, Γεώργιε, Αυγουστίνε.
fn calls_with_o(word: &str, folded: &str, is_first: bool) -> bool {
    if CALLED_WITH_E.contains(&folded) {
        return false;
    }
    if folded.ends_with("ακοσ")
        || folded.ends_with("εκοσ")
        || folded.ends_with("ουκοσ")
        || folded.ends_with("ολοσ") && is_last_stressed(word)
    {
        return true;
    }
    let length = syllables(folded);
    let is_short = length <= 2 || (length == 3 && is_second_last_stressed(word) && folded.ends_with("ιοσ"));
    if is_first {
        let called_so = matches!(
            folded,
            "κυριακοσ"
                | "στελιοσ"
                | "σπηλιοσ"
                | "στεργιοσ"
                | "μανουσοσ"
                | "μαρινοσ"
                | "φραγκισκοσ"
                | "κομνηνοσ"
        );
        return called_so || is_short && !is_last_stressed(word);
    }
    // Surnames stressed before the last: κύριε Γεωργάτο, Καραμήτσο, Κουτσούκο.
    let of_surname = ["ατοσ", "ιτσοσ", "ητσοσ", "ουτσοσ", "ικοσ", "ηκοσ", "ελοσ", "ουσοσ", "ισκοσ", "ουνοσ"];
    is_short && !is_last_stressed(word)
        || is_second_last_stressed(word) && of_surname.iter().any(|end| folded.ends_with(end))
}

fn syllables(folded: &str) -> usize {
    let letters: Vec<char> = folded.chars().collect();
    let is_vowel = |c: char| matches!(c, 'α' | 'ε' | 'η' | 'ι' | 'ο' | 'υ' | 'ω');
    // Γιώργος: ι after γ at the beginning is no syllable.
    let mut at = if folded.starts_with("γι") && letters.get(2).is_some_and(|c| is_vowel(*c)) { 2 } else { 0 };
    let mut count = 0;
    while at < letters.len() {
        if is_vowel(letters[at]) {
            count += 1;
            let next = letters.get(at + 1).copied().unwrap_or(' ');
            // Two letters of one vowel.
            let joins = matches!((letters[at], next), ('α' | 'ε' | 'ο' | 'υ', 'ι') | ('α' | 'ε' | 'ο', 'υ'));
            at += usize::from(joins);
        }
        at += 1;
    }
    count
}

fn is_last_stressed(word: &str) -> bool {
    word.chars().rev().take(2).any(is_accented)
}

/// Whether the accent is on the vowel before the ending.
fn is_second_last_stressed(word: &str) -> bool {
    word.chars().rev().skip(2).take(4).any(is_accented)
}

pub(super) fn is_accented(c: char) -> bool {
    matches!(c, 'ά' | 'έ' | 'ή' | 'ί' | 'ό' | 'ύ' | 'ώ' | 'ΐ' | 'ΰ' | 'Ά' | 'Έ' | 'Ή' | 'Ί' | 'Ό' | 'Ύ' | 'Ώ')
}

/// `word` without its last `cut` letters and with `ending`, which takes the accent and the capitals of what it replaces.
fn replaced(word: &str, cut: usize, ending: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let (kept, lost) = letters.split_at(letters.len().saturating_sub(cut));
    let in_capitals = letters.len() > 1 && letters.iter().all(|c| !c.is_lowercase());
    let stressed = lost.iter().any(|c| is_accented(*c));
    let mut result: String = kept.iter().collect();
    // «Ξενοφών» → «Ξενοφώντος»: an ending may bring its own accent.
    let mut pending = stressed && !ending.chars().any(is_accented);
    for c in ending.chars() {
        let c = if pending {
            accented(c).inspect(|_| pending = false).unwrap_or(c)
        } else if stressed {
            c
        } else {
            unless_stressed_elsewhere(c, kept)
        };
        if in_capitals {
            let plain = fold(c.encode_utf8(&mut [0; 4]));
            result.extend(plain.chars().flat_map(char::to_uppercase));
        } else {
            result.push(c);
        }
    }
    stress_on_u(result, stressed && ending.starts_with("ου"))
}

/// -ού takes its accent on the second letter.
fn stress_on_u(word: String, applies: bool) -> String {
    if applies && let Some(stem) = word.strip_suffix("όυ") {
        return format!("{stem}ού");
    }
    word
}

/// An ending that brings its own accent loses it where the stem has one.
fn unless_stressed_elsewhere(c: char, stem: &[char]) -> char {
    if is_accented(c) && stem.iter().any(|c| is_accented(*c)) {
        fold(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c)
    } else {
        c
    }
}

/// The vowel with its accent.
pub(super) fn accented(c: char) -> Option<char> {
    Some(match c {
        'α' => 'ά',
        'ε' => 'έ',
        'η' => 'ή',
        'ι' => 'ί',
        'ο' => 'ό',
        'υ' => 'ύ',
        'ω' => 'ώ',
        _ => return None,
    })
}

/// The gender that a surname shows in whatever case it stands.
pub(super) fn certain_gender(word: &str, folded: &str) -> Option<Gender> {
    if word.contains("όπουλ") || folded.ends_with("οπουλε") || folded.ends_with("οπουλο") || folded.ends_with("οπουλοσ")
    {
        return Some(Gender::Masculine);
    }
    ["οπουλου", "ιδου", "αδου"].iter().any(|end| folded.ends_with(end)).then_some(Gender::Feminine)
}

/// The gender that a surname shows by itself in the nominative.
pub(super) fn surname_gender(folded: &str) -> Option<Gender> {
    let feminine = ["οπουλου", "ιδου", "αδου", "ακη", "ιδη", "αδη", "ουδη", "ελλη", "ιωτη", "ουλη"];
    if ["οπουλου", "ιδου", "αδου"].iter().any(|end| folded.ends_with(end)) {
        return Some(Gender::Feminine);
    }
    if folded.ends_with("οπουλε") || folded.ends_with("οπουλο") || folded.ends_with("οπουλοσ") {
        return Some(Gender::Masculine);
    }
    if ["ιδησ", "αδησ", "ακησ", "ιωτησ", "ουδησ"].iter().any(|end| folded.ends_with(end)) {
        return Some(Gender::Masculine);
    }
    feminine
        .iter()
        .any(|end| folded.ends_with(end) && folded.chars().count() > end.len() / 2 + 3)
        .then_some(Gender::Feminine)
}

/// The gender that a name's ending shows in the nominative.
pub(super) fn gender_by_ending(folded: &str) -> Option<Gender> {
    if let Some(gender) = surname_gender(folded) {
        return Some(gender);
    }
    match folded.chars().last()? {
        'σ' | 'ν' => Some(Gender::Masculine),
        'α' | 'η' | 'ω' => Some(Gender::Feminine),
        _ => None,
    }
}

/// A surname in the nominative, from any case; only a man's declines.
pub(super) fn surname_nominative(word: &str, person: Option<Gender>) -> String {
    let folded = fold(word);
    if never_changes(word, &folded) || person != Some(Gender::Masculine) || word.chars().count() < 3 {
        return word.to_owned();
    }
    match folded {
        _ if folded.ends_with("οπουλου")
            || folded.ends_with("ακου")
            || folded.ends_with("ιανου")
            || folded.ends_with("ινου")
            || folded.ends_with("ιου") =>
        {
            replaced(&unaccented_tail(word), 2, "ος")
        }
        _ if folded.ends_with('ε') && !word.ends_with('έ') => replaced(word, 1, "ος"),
        _ if folded.ends_with('ε') || folded.ends_with('ο') || folded.ends_with('η') || folded.ends_with('α') => {
            // The vowel stays as it is written.
            let in_capitals = word.chars().all(char::is_uppercase);
            format!("{word}{}", if in_capitals { "Σ" } else { "ς" })
        }
        _ => word.to_owned(),
    }
}

/// Whether a surname, as it is written, is an old genitive that stays as it is. «Γκανάτσιου» is none, it belongs to
/// «Γκανάτσιος», and «Θηβαίου» to «Θηβαίος»: old genitives are stressed on the ι of -ίου.
pub(super) fn never_changes(word: &str, folded: &str) -> bool {
    let is_of_ios = folded.ends_with("ιου") && word.chars().any(is_accented) && !word.ends_with("ίου");
    let is_listed = known::is_listed_surname(folded);
    known::is_fixed_surname(folded) && (is_listed || !is_of_ios && !folded.ends_with("αιου"))
}

/// A first name that is not known, in the nominative, from another case of the person's gender.
pub(super) fn unknown_first_name(word: &str, person: Option<Gender>) -> String {
    let folded = fold(word);
    match person {
        Some(Gender::Feminine) if ["ασ", "ησ", "ωσ"].iter().any(|end| folded.ends_with(end)) => {
            replaced(word, 1, "")
        }
        Some(Gender::Masculine) if folded.ends_with("ου") && !never_changes(word, &folded) => replaced(word, 2, "ος"),
        _ => surname_nominative(word, person),
    }
}

/// «Παπαδοπούλου» as a man's genitive is stressed as «Παπαδόπουλου»: the accent is left for the restoring of accents.
fn unaccented_tail(word: &str) -> String {
    if fold(word).ends_with("οπουλου") { fold(word) } else { word.to_owned() }
}
