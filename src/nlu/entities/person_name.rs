//! Names of people: after «με λένε», «είμαι η», «για τον κύριο», bare where a name was asked for, or a known first name and
//! what follows it where somebody is spoken of.

use super::{Found, Scene};
use crate::greek::{Gender, greeklish, name};
use crate::nlu::understanding::EntityValue;

/// The most words of a name: first name, father's name, two surnames.
const LONGEST: usize = 4;

/// Phrases before a name; the longest first.
const CUES: &[&[&str]] = &[
    &["το", "ονομα", "μου", "ειναι"],
    &["το", "ονομα", "του", "ειναι"],
    &["το", "ονομα", "τησ", "ειναι"],
    &["ονοματεπωνυμο"],
    &["με", "λενε"],
    &["τη", "λενε"],
    &["την", "λενε"],
    &["τον", "λενε"],
    &["το", "λενε"],
    &["ονομαζομαι"],
    &["ονομαζεται"],
    &["λεγομαι"],
    &["λεγεται"],
    &["ακουω", "στο"],
    &["στο", "ονομα"],
    &["σε", "ονομα"],
    &["ειμαι", "ο"],
    &["ειμαι", "η"],
    &["ο", "κυριοσ"],
    &["η", "κυρια"],
    &["τον", "κυριο"],
    &["την", "κυρια"],
    &["του", "κυριου"],
    &["τησ", "κυριασ"],
    &["για", "κυριο"],
    &["για", "κυρια"],
];

/// Words that may stand between a cue and the name, or before a bare name.
const LEADS: &[&str] = &[
    "ο",
    "η",
    "τον",
    "την",
    "τη",
    "του",
    "τησ",
    "το",
    "κυριοσ",
    "κυρια",
    "κυριο",
    "κυριου",
    "κυριασ",
    "κ",
    "λοιπον",
    "ειναι",
    "για",
    "ε",
    "εε",
    "ναι",
    "γραψτε",
    "γραψε",
    "με",
    "λενε",
    "ονομα",
    "μου",
    "στο",
];

/// Words that are never part of a name, though nothing else may be known of them: they follow one.
const AFTER: &[&str] = &[
    "λεγομαι",
    "λεγεται",
    "ονομαζομαι",
    "ονομαζεται",
    "ειμαι",
    "τηλεφωνο",
    "κινητο",
    "σταθερο",
    "νουμερο",
    "καλεστε",
    "παρτε",
    "καλεσε",
    "παρε",
    "στειλτε",
    "αριθμοσ",
];

/// Adds the names of the utterance.
pub fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let mut named = false;
    for from in 0..scene.len() {
        let cue = CUES.iter().find(|cue| cue.iter().enumerate().all(|(at, word)| scene.word(from + at) == *word));
        if let Some(cue) = cue
            && let Some(name) = name_at(scene, from + cue.len(), true)
        {
            found.push(name.asked(asks_for_name(scene)));
            named = true;
        }
    }
    if !named
        && asks_for_name(scene)
        && scene.may_be_name
        && let Some(name) = name_at(scene, 0, false)
    {
        found.push(name.asked(true));
        named = true;
    }
    if !named && speaks_of_names(scene) {
        // «το όνομα είναι λάθος, είναι Παρασκευή …»: neither a day nor a place then.
        let name = (0..scene.len()).find_map(|at| known_name_at(scene, at));
        named = name.is_some();
        found.extend(name.map(|name| name.asked(true)));
    }
    if !named {
        let anywhere = asks_for_name(scene) || scene.awaits("on_behalf") || speaks_of_somebody(found);
        // «Είναι για τον Δημήτρη Καραγιάννη».
        let led = |at: usize| matches!(scene.before(at), "τον" | "την" | "τη" | "του" | "τησ");
        let name = (0..scene.len()).filter(|at| anywhere || led(*at)).find_map(|at| known_name_at(scene, at));
        if let Some(name) = &name {
            // Saint Stavros has a day, Stavros Michailidis has none.
            found.retain(|f| !(matches!(f.value, EntityValue::When(_)) && name.from < f.to && f.to < name.to));
        }
        found.extend(name);
    }
}

/// «Για τη μητέρα μου, την Ελένη Γεωργίου»: whoever names a relation may go on with the name.
fn speaks_of_somebody(found: &[Found]) -> bool {
    found.iter().any(|f| matches!(f.value, EntityValue::Relation(_)))
}

/// Whether a name is what the words are about: «λάθος το όνομα», at a read-back.
fn speaks_of_names(scene: &Scene<'_>) -> bool {
    scene.awaits("confirm")
        && (0..scene.len()).any(|at| matches!(scene.word(at), "ονομα" | "ονοματεπωνυμο" | "επωνυμο" | "επιθετο"))
}

/// A first name that is known, with at least one more name behind it.
fn known_name_at(scene: &Scene<'_>, at: usize) -> Option<Found> {
    let first = &scene.utterance.words[at];
    name::first_name_gender(if first.raw.is_ascii() { &first.text } else { &first.raw })?;
    let surname = at + 1 < scene.len() && is_name_word(scene, at + 1) && !LEADS.contains(&scene.word(at));
    name_at(scene, at, true).filter(|_| surname)
}

/// Whether somebody's name is being asked for.
pub(super) fn asks_for_name(scene: &Scene<'_>) -> bool {
    scene.awaits("beneficiary_name") || scene.awaits("requester_name")
}

/// The name that begins at or soon after word `at`.
pub(super) fn name_at(scene: &Scene<'_>, at: usize, after_cue: bool) -> Option<Found> {
    let mut from = at;
    while from < scene.len() && LEADS.contains(&scene.word(from)) {
        from += 1;
    }
    let longest = (from + LONGEST).min(scene.len());
    let ends = |at: &usize| !is_name_word(scene, *at) || (*at > from && after_comma(scene, *at));
    let to = (from..longest).find(ends).unwrap_or(longest);
    // A bare answer is a name as a whole, or it is something else; more may follow a comma or «λέγομαι».
    let follows =
        to < scene.len() && (after_comma(scene, to) || AFTER.contains(&scene.word(to)) || leads_to_phone(scene, to));
    let goes_on = to.saturating_sub(from) > 1 && follows;
    let whole = after_cue || to == scene.len() || goes_on;
    if to <= from || !whole {
        return None;
    }
    let words = &scene.utterance.words[from..to];
    let name = words.iter().map(|word| capitalised(&word.raw)).collect::<Vec<_>>().join(" ");
    let name = in_greek(&name).unwrap_or(name);
    Some(Found::new(from, to, EntityValue::PersonName(nominative(scene.before(from), &name))))
}

/// «…, τηλέφωνο 69…», «… και το τηλέφωνό μου…», or the digits at once.
fn leads_to_phone(scene: &Scene<'_>, at: usize) -> bool {
    let at = (at..scene.len()).find(|at| !matches!(scene.word(*at), "και" | "το")).unwrap_or(at);
    let word = scene.word(at);
    matches!(word, "τηλεφωνο" | "κινητο" | "σταθερο") || word.chars().all(|c| c.is_ascii_digit() || c == '+')
}

fn is_name_word(scene: &Scene<'_>, at: usize) -> bool {
    let word = &scene.utterance.words[at];
    let capital = word.raw.starts_with(char::is_uppercase);
    let letters = word.raw.chars().all(char::is_alphabetic) && word.raw.chars().count() > 1;
    letters
        && !LEADS.contains(&word.text.as_str())
        && !AFTER.contains(&word.text.as_str())
        && (capital || !(scene.ordinary)(&word.text))
}

/// Whether a comma or a full stop stands before word `at`.
fn after_comma(scene: &Scene<'_>, at: usize) -> bool {
    at > 0 && at < scene.len() && scene.is_parted(at)
}

/// The name in the nominative; the word before it may tell its case.
fn nominative(before: &str, name: &str) -> String {
    let told = match before {
        "τον" | "την" | "τη" | "του" | "τησ" | "κυριο" | "κυριου" | "κυριασ" => {
            name::nominative(&format!("{before} {name}"))
        }
        // «Με λένε Λευτέρη Αναγνώστου»: an accusative without its article.
        "λενε" => match name.split(' ').next().and_then(name::first_name_gender) {
            Some(Gender::Masculine) => name::nominative(&format!("τον {name}")),
            Some(Gender::Feminine) => name::nominative(&format!("την {name}")),
            _ => name::nominative(name),
        },
        _ => name::nominative(name),
    };
    if told.is_empty() { name.to_owned() } else { told }
}

/// A Greek name in Latin letters; a name whose first part is not known in Greek is left as it was written.
fn in_greek(name: &str) -> Option<String> {
    let latin = name.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
    let greek = latin.then(|| greeklish::to_greek(&name.to_lowercase()))?;
    name::first_name_gender(greek.split(' ').next()?)?;
    Some(name::restore(&greek))
}

/// The word with a capital first letter and small ones after it.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let rest: String = letters.as_str().to_lowercase();
    first.chain(rest.chars()).collect()
}
