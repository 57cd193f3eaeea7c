//! Which organisation of the catalogue stands behind a name of the registry.

use crate::booking::id::OrganisationId;
use crate::greek::fold::fold;

/// Parts of names, folded, and the organisation they mean; the first that occurs decides.
const PROVIDERS: [(&str, &str); 18] = [
    ("αστυνομ", "elas"),
    ("προξεν", "mfa"),
    ("εξωτερικων", "mfa"),
    ("ανεξαρτητη αρχη δημοσιων εσοδων", "aade"),
    ("ααδε", "aade"),
    ("δου", "aade"),
    ("οαεδ", "dypa"),
    ("απασχολησησ", "dypa"),
    ("κπα", "dypa"),
    ("εφκα", "efka"),
    ("κοινωνικησ ασφαλισησ", "efka"),
    ("κτηματολογ", "ktimatologio"),
    ("λιμεν", "ynanp"),
    ("ναυτιλ", "ynanp"),
    ("συνηγορ", "synigoros"),
    ("ιδιωτικου χρεουσ", "egdix"),
    ("κεπ", "kep"),
    ("εξυπηρετησησ πολιτων", "kep"),
];

/// The organisation that the first telling name means.
#[must_use]
pub fn organisation_of(names: &[String]) -> Option<OrganisationId> {
    names.iter().find_map(|name| {
        let name = fold(name).replace('.', "");
        PROVIDERS.iter().find(|(part, _)| begins_a_word(&name, part)).map(|(_, id)| OrganisationId::from(*id))
    })
}

fn begins_a_word(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| !name[..at].chars().next_back().is_some_and(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_registry_mean_organisations_of_the_catalogue() {
        for (name, id) in [
            ("Αστυνομικά Τμήματα", Some("elas")),
            ("Δ.Ο.Υ.", Some("aade")),
            ("e-ΕΦΚΑ", Some("efka")),
            ("Προξενεία", Some("mfa")),
            ("ΚΕΠ", Some("kep")),
            ("Λιμενικές Αρχές", Some("ynanp")),
            ("ΥΠΟΥΡΓΕΙΟ ΠΟΛΙΤΙΣΜΟΥ", None),
        ] {
            assert_eq!(organisation_of(&[name.to_owned()]).as_ref().map(OrganisationId::as_str), id, "{name}");
        }
    }
}
