//! Where a place is meant: many names of places are also words, first names or surnames.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Scene;
use crate::greek::fold::fold;
use crate::greek::name::first_name_gender;
use crate::nlu::gazetteer::{MISSPELT, Match, SLIPPED, sound, stem};
use crate::nlu::lexicon::{Meant, Thing};

/// Names of places that are everyday words, by the stem of their sound.
static EVERYDAY: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("place/everyday.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|word| stem(&sound(&fold(word))).to_owned()).collect()
});

/// Prepositions that lead to a place, and adverbs that stand before them.
const PREPOSITIONS: &[&str] = &[
    "στο",
    "στον",
    "στη",
    "στην",
    "στα",
    "στισ",
    "στουσ",
    "στου",
    "στησ",
    "στσι",
    "στ",
    "σε",
    "απο",
    "απ",
    "προσ",
    "μεχρι",
    "ωσ",
    "ισαμε",
    "εωσ",
    "κοντα",
    "γυρω",
    "διπλα",
    "εξω",
    "μεταξυ",
    "περα",
    "περι",
];
const ARTICLES: &[&str] = &["το", "τον", "τη", "την", "τα", "τισ", "τουσ", "του", "τησ", "των", "τσι", "τσ"];

/// Words after which nothing but a place is named: where somebody lives, and what lies in a place.
const RESIDENCES: &[&str] = &[
    "μενω",
    "μενει",
    "μενουμε",
    "μενουν",
    "κατοικω",
    "κατοικουμε",
    "κατοικει",
    "κατοικοσ",
    "κατοικοι",
    "κατοικο",
    "κατοικουσ",
    "κατοικων",
    "δημοτησ",
    "δημοτισσα",
    "ζω",
    "ζουμε",
    "καθομαι",
    "καθομαστε",
    "σπουδαζω",
    "εγκατεστημενοσ",
    "μεινισκω",
    "γεννηθηκα",
    "καταγομαι",
    "δημο",
    "δημοσ",
    "δημου",
    "περιοχη",
    "νησι",
    "χωριο",
    "κωμοπολη",
];
const OFFICES: &[&str] = &[
    "κεπ",
    "δου",
    "εφορια",
    "εφοριασ",
    "κπα",
    "κπα2",
    "δυπα",
    "οαεδ",
    "εφκα",
    "εεφκα",
    "ικα",
    "αστυνομια",
    "τμημα",
    "ατ",
    "λιμεναρχειο",
    "κτηματολογιο",
    "υποθηκοφυλακειο",
    "ληξιαρχειο",
    "δημαρχειο",
    "πολεοδομια",
    "τροχαια",
    "προξενειο",
];
/// The shortest word, in letters, in which a slip is forgiven in the name of a small place: there are thousands of them.
const SHORTEST_SLIPPED: usize = 8;
/// Words that a residence goes on with: «στο Λαύριο ζω», «στην Πύλη μένω».
const NEAR: usize = 4;
/// Words whose name behind them is a street's.
const STREETS: &[&str] =
    &["λεωφοροσ", "λεωφορο", "λεωφορου", "οδοσ", "οδο", "οδου", "πλατεια", "δρομοσ", "δρομο", "γεφυρα", "σταθμοσ"];

/// Words after which what was said before is complete: an adjective would go on with its noun.
const AFTER: &[&str] = &[
    "για",
    "με",
    "και",
    "θελω",
    "ηθελα",
    "θα",
    "να",
    "μενω",
    "ειμαι",
    "μηπωσ",
    "γινεται",
    "εχει",
    "εχετε",
    "υπαρχει",
    "παρακαλω",
    "αυριο",
    "μεθαυριο",
    "σημερα",
    "τη",
    "την",
    "το",
    "στισ",
    "ραντεβου",
    "κατω",
    "η",
    "οποτε",
    "οπου",
    "μου",
    "δεν",
    "αν",
    "που",
    "κατοικω",
    "ζω",
    "καθομαι",
    "εχουμε",
    "εχω",
    "μασ",
    "σασ",
];

/// Words that are no place, though one has a name of the same stem («Κεντρί»).
const NEVER: &[&str] =
    &["κεντρο", "κεντρα", "κεντρου", "καμπο", "καμποσ", "καμπουσ", "μεση", "μετα", "γραμμη", "παρον"];

/// The sounds of the words above: «μένο» is «μένω».
static RESIDENCE_SOUNDS: LazyLock<HashSet<String>> = LazyLock::new(|| sounds(RESIDENCES));
static OFFICE_SOUNDS: LazyLock<HashSet<String>> = LazyLock::new(|| sounds(OFFICES));
static STREET_SOUNDS: LazyLock<HashSet<String>> = LazyLock::new(|| sounds(STREETS));

fn sounds(words: &[&str]) -> HashSet<String> {
    words.iter().map(|word| sound(word)).collect()
}

/// How a name is led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// «μένω στη …», «κάτοικος …», «το ΚΕΠ …».
    Residence,
    /// «στη …», «από τη …».
    Preposition,
    /// «για …».
    For,
    /// Anything else.
    None,
}

/// Whether the words around a name, or the name itself, leave no doubt that the place is meant.
pub fn is_meant(scene: &Scene<'_>, name: &Match<&Thing>) -> bool {
    if is_street(scene, name.from) || (name.to == name.from + 1 && NEVER.contains(&scene.word(name.from))) {
        return false;
    }
    let one_word = name.to == name.from + 1;
    let word = scene.word(name.from);
    let small = name.value.meant == Meant::AsSmallPlace;
    let slipped = name.cost >= SLIPPED;
    let everyday = one_word && EVERYDAY.contains(stem(&sound(word)));
    let person = one_word && first_name_gender(&scene.utterance.words[name.from].raw).is_some();
    let capital = is_capital(scene, name);
    let cue = cue(scene, name.from);
    // «Χάνει», «στη γωνία»: a word of talk that only sounds like a form of a name.
    let only_sounds_so = one_word && name.cost > MISSPELT && !capital && (scene.ordinary)(word);
    if name.value.meant == Meant::Anywhere {
        return !(only_sounds_so && cue == Cue::None);
    }
    if scene.awaits("office") && scene.len() <= 4 && !everyday {
        return true;
    }
    if (only_sounds_so && cue != Cue::Residence) || (slipped && small && word.chars().count() < SHORTEST_SLIPPED) {
        return false;
    }
    if everyday {
        let written = capital || (name.cost <= MISSPELT && lives(scene, name));
        return written && !slipped && matches!(cue, Cue::Residence | Cue::Preposition) && is_complete(scene, name);
    }
    let plain = !person && !slipped;
    match cue {
        Cue::Residence => true,
        Cue::Preposition if person => capital || lives(scene, name),
        Cue::Preposition if slipped => !small || capital || lives(scene, name),
        Cue::Preposition => true,
        Cue::For => plain && (!small || capital || is_small_letters(scene)),
        Cue::None if small => plain && capital && !begins(scene, name),
        Cue::None => plain && is_exact(name),
    }
}

/// Written as it is known, or as a whole phrase in another case.
fn is_exact(name: &Match<&Thing>) -> bool {
    name.cost == 0 || (name.to - name.from > 1 && name.cost < SLIPPED)
}

/// «Λεωφόρος Κηφισίας», «οδός Πειραιώς».
fn is_street(scene: &Scene<'_>, at: usize) -> bool {
    STREET_SOUNDS.contains(&sound(scene.before(at)))
}

/// What leads to the name at word `at`: «στη Δράμα», «από τη Δράμα», «μένω στη Δράμα», «μένω Δράμα».
fn cue(scene: &Scene<'_>, at: usize) -> Cue {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| scene.word(at));
    let article = usize::from(ARTICLES.contains(&before(1)));
    let lead = before(1 + article);
    let preposition = PREPOSITIONS.contains(&lead);
    let further = before(2 + article);
    let leads_home = |word: &str| {
        let heard = sound(word);
        RESIDENCE_SOUNDS.contains(&heard) || OFFICE_SOUNDS.contains(&heard)
    };
    if leads_home(lead) || (preposition && leads_home(further)) {
        Cue::Residence
    } else if preposition {
        Cue::Preposition
    } else if lead == "για" {
        Cue::For
    } else {
        Cue::None
    }
}

/// Whether somebody lives near the name: «στην Πύλη Τρικάλων μένω».
fn lives(scene: &Scene<'_>, name: &Match<&Thing>) -> bool {
    let near = name.from.saturating_sub(NEAR)..(name.to + NEAR).min(scene.len());
    near.into_iter().any(|at| RESIDENCE_SOUNDS.contains(&sound(scene.word(at))))
}

/// Whether the name has a capital letter in a text that has small ones too.
fn is_capital(scene: &Scene<'_>, name: &Match<&Thing>) -> bool {
    let capital = |at: usize| scene.utterance.words[at].raw.starts_with(char::is_uppercase);
    (name.from..name.to).any(capital) && scene.utterance.text.chars().any(char::is_lowercase)
}

/// Whether there are no capital letters at all, so that their lack says nothing.
fn is_small_letters(scene: &Scene<'_>) -> bool {
    !scene.utterance.text.chars().any(char::is_uppercase)
}

/// Whether the name begins the utterance, where every word has a capital letter, and goes on.
fn begins(scene: &Scene<'_>, name: &Match<&Thing>) -> bool {
    name.from == 0 && name.to < scene.len()
}

/// Whether nothing follows that the name would be an adjective of.
fn is_complete(scene: &Scene<'_>, name: &Match<&Thing>) -> bool {
    let Some(next) = scene.utterance.words.get(name.to) else { return true };
    let end = scene.utterance.words[name.to - 1].end;
    let parted = scene.utterance.text.chars().skip(end).take(next.start - end).any(|c| !c.is_whitespace());
    let capital = is_capital(scene, name) && !next.raw.starts_with(char::is_uppercase);
    parted || capital || AFTER.contains(&next.text.as_str())
}
