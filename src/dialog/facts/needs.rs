//! The facts of what is needed beside a time: how near, for how many, in which language, by whom.

use serde::Serialize;

use crate::booking::catalogue::Catalogue;
use crate::booking::people::Language;
use crate::booking::place::Nearby;
use crate::dialog::state::Slots;
use crate::greek::{Gender, name, speak};

/// From here on distances are told in steps of five kilometres: nobody needs them nearer.
const FAR_KM: f64 = 20.0;

/// An office and how far it is.
#[derive(Debug, Serialize)]
pub(super) struct NearbyFacts {
    name: String,
    /// «στη ΔΟΥ Πειραιά»
    at: String,
    /// «περίπου 12 χιλιόμετρα μακριά»
    away: String,
}

/// How many come together.
#[derive(Debug, Serialize)]
pub(super) struct PersonsFacts {
    /// 3
    count: u32,
    /// «τρία άτομα»
    words: String,
}

/// A language.
#[derive(Debug, Serialize)]
pub(super) struct LanguageFacts {
    /// «αγγλικά»
    name: &'static str,
    /// After «υπάλληλος που»: «μιλάει αγγλικά»
    speaks: String,
}

/// An employee.
#[derive(Debug, Serialize)]
pub(super) struct EmployeeFacts {
    /// «η κυρία Ελένη Καραγιάννη»
    nominative: String,
    /// «την κυρία Ελένη Καραγιάννη»
    accusative: String,
}

pub(super) fn nearby(nearby: &Nearby<'_>) -> NearbyFacts {
    let office = nearby.office;
    NearbyFacts { name: office.name.clone(), at: office.at.clone(), away: away(nearby.kilometres) }
}

/// A distance in words.
pub(super) fn away(kilometres: f64) -> String {
    let rounded = if kilometres < FAR_KM { kilometres.round() } else { (kilometres / 5.0).round() * 5.0 };
    if rounded < 2.0 {
        "πολύ κοντά".to_owned()
    } else {
        format!("περίπου {rounded:.0} χιλιόμετρα μακριά")
    }
}

/// `None` for one person, of whom nothing is said.
pub(super) fn persons(count: u32) -> Option<PersonsFacts> {
    let words = || format!("{} άτομα", speak::number(i64::from(count), Gender::Neuter));
    (count > 1).then(|| PersonsFacts { count, words: words() })
}

pub(super) fn language(language: Language) -> LanguageFacts {
    let name = match language {
        Language::SignLanguage => "νοηματική",
        Language::English => "αγγλικά",
        Language::Albanian => "αλβανικά",
        Language::Russian => "ρωσικά",
        Language::Ukrainian => "ουκρανικά",
        Language::Arabic => "αραβικά",
        Language::German => "γερμανικά",
        Language::French => "γαλλικά",
    };
    let verb = if language == Language::SignLanguage { "ξέρει" } else { "μιλάει" };
    LanguageFacts { name, speaks: format!("{verb} {name}") }
}

/// The chosen employee, with the title that people use.
pub(super) fn employee(slots: &Slots, catalogue: &Catalogue) -> Option<EmployeeFacts> {
    let id = slots.resource.as_ref()?;
    let resource = catalogue.offices.iter().flat_map(|office| &office.resources).find(|r| r.id == *id)?;
    let full = &resource.name;
    Some(match name::gender(full) {
        Some(Gender::Feminine) => titled("η κυρία", full, "την κυρία"),
        Some(Gender::Masculine) => titled("ο κύριος", full, "τον κύριο"),
        _ => EmployeeFacts { nominative: full.clone(), accusative: full.clone() },
    })
}

fn titled(nominative: &str, full: &str, accusative: &str) -> EmployeeFacts {
    EmployeeFacts {
        nominative: format!("{nominative} {full}"),
        accusative: format!("{accusative} {}", name::accusative(full)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_told_as_people_tell_them() {
        for (kilometres, expected) in [
            (0.4, "πολύ κοντά"),
            (3.4, "περίπου 3 χιλιόμετρα μακριά"),
            (31.0, "περίπου 30 χιλιόμετρα μακριά"),
            (188.0, "περίπου 190 χιλιόμετρα μακριά"),
        ] {
            assert_eq!(away(kilometres), expected);
        }
    }

    #[test]
    fn one_person_is_no_party() {
        assert!(persons(1).is_none());
        assert_eq!(persons(3).map(|p| p.words), Some("τρία άτομα".to_owned()));
    }
}
