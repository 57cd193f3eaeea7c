//! Whom it is for: «για τη μάνα μου», «του πατέρα μου».

use super::{Found, Scene};
use crate::booking::people::Relation;
use crate::nlu::NluError;
use crate::nlu::gazetteer::{Gazetteer, Tolerance};
use crate::nlu::understanding::EntityValue;

/// Articles and prepositions after which a child is a child; «ναι, παιδί μου» is only a kind word to the listener.
const BEFORE_A_CHILD: &[&str] = &[
    "το",
    "του",
    "τα",
    "των",
    "ο",
    "η",
    "τον",
    "την",
    "τη",
    "τησ",
    "για",
    "στο",
    "στον",
    "στη",
    "στην",
    "ενα",
    "εναν",
    "μια",
    "μικρο",
    "ανηλικο",
    "δυο",
    "τρια",
    "τεσσερα",
];

/// Finds relations.
pub struct Finder(Gazetteer<Relation>);

impl Finder {
    /// Reads `intents/entities/relation.yaml`.
    pub fn bundled() -> Result<Self, NluError> {
        super::lexical::synonyms("relation", Tolerance::Inflection, Relation::parse).map(Self)
    }

    /// Whether a folded word is part of one.
    pub fn knows(&self, word: &str) -> bool {
        self.0.knows(word)
    }

    /// Adds the relations of the utterance.
    pub fn find(&self, scene: &Scene<'_>, found: &mut Vec<Found>) {
        for m in self.0.find(scene.utterance, scene.ordinary) {
            let kind_word =
                *m.value == Relation::Child && m.from > 0 && !BEFORE_A_CHILD.contains(&scene.before(m.from));
            let is_nobody = kind_word || is_called(scene, m.from, m.to) || is_holy(scene, m.from);
            if !is_nobody && !is_self(scene, m.from) {
                found.push(Found { doubt: m.cost, ..Found::new(m.from, m.to, EntityValue::Relation(*m.value)) });
            }
        }
    }
}

/// «Μάνα μου, τι έπαθα», «τι να σου πω, αδερφέ μου», «φίλε»: a kind word to the listener, or to heaven.
fn is_called(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    if scene.awaits("relation") || scene.awaits("on_behalf") {
        return false;
    }
    if scene.word(from).ends_with('ε') && to == from + 1 {
        return true;
    }
    let to = to + usize::from(scene.word(to) == "μου");
    let alone = to - from == scene.len();
    scene.word(to - 1) == "μου" && !alone && scene.is_parted(from) && scene.is_parted(to)
}

/// «Η θεία κοινωνία», «η θεία χάρη».
fn is_holy(scene: &Scene<'_>, at: usize) -> bool {
    scene.word(at).starts_with("θει")
        && matches!(scene.word(at + 1), "κοινωνια" | "λειτουργια" | "χαρη" | "προνοια" | "δικη" | "ευχαριστια")
}

/// «Είμαι ο γιος του»: the speaker, not whom it is for.
fn is_self(scene: &Scene<'_>, at: usize) -> bool {
    let article = matches!(scene.before(at), "ο" | "η" | "το");
    let verb = at.saturating_sub(1 + usize::from(article));
    at > 0 && verb < at && scene.word(verb) == "ειμαι"
}
