//! Where a municipality that has no office is meant: many of them are also words, first names or surnames.

use super::Scene;
use crate::greek::name::first_name_gender;
use crate::nlu::gazetteer::Match;
use crate::nlu::lexicon::Thing;

/// Words that stand before a place.
const BEFORE: &[&str] = &[
    "στο",
    "στον",
    "στη",
    "στην",
    "στα",
    "στισ",
    "στουσ",
    "στου",
    "σε",
    "απο",
    "δημο",
    "δημοσ",
    "δημου",
    "προσ",
    "κοντα",
    "γυρω",
    "κατοικοσ",
    "κεπ",
    "δου",
    "εφορια",
    "κπα",
    "κπα2",
    "δυπα",
    "οαεδ",
    "εφκα",
    "ικα",
    "περιοχη",
    "πολη",
    "νησι",
    "χωριο",
];

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
];

/// Places whose names are everyday words.
const WORDS: &[&str] = &[
    "δραμα",
    "πυλη",
    "ελληνικο",
    "ταυροσ",
    "ποροσ",
    "ψαρα",
    "μεγιστη",
    "αγραφα",
    "παλαμασ",
    "ιοσ",
    "φυλη",
    "δελτα",
    "θερμη",
    "αγια",
    "διον",
];

/// Whether the words around a name, or the name itself, leave no doubt that the place is meant.
pub fn is_meant(scene: &Scene<'_>, name: &Match<&Thing>) -> bool {
    let one_word = name.to == name.from + 1;
    let also_a_word = one_word && ((scene.ordinary)(scene.word(name.from)) || WORDS.contains(&scene.word(name.from)));
    let also_a_person = one_word && first_name_gender(&scene.utterance.words[name.from].raw).is_some();
    if scene.awaits("office") && scene.len() <= 4 && !also_a_word {
        return true;
    }
    let exact = name.cost == 0 && !also_a_word && !also_a_person;
    let placed = BEFORE.contains(&scene.before(name.from));
    let complete = name.to == scene.len() || AFTER.contains(&scene.word(name.to)) || !also_a_word;
    let capital = scene.utterance.words[name.from].raw.starts_with(char::is_uppercase);
    exact || (placed && complete && (capital || !also_a_word || name.cost <= 1))
}
