//! What citizens say, as data: templates for each act of speech, names of services, places and relations.

use std::collections::BTreeMap;

use anyhow::Context;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde::Deserialize;

use super::people::{Gender, Person};
use crate::booking::id::ServiceId;
use crate::booking::people::Relation;

/// The templates and names of `wording.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    acts: BTreeMap<String, Vec<String>>,
    services: BTreeMap<String, Vec<String>>,
    places: BTreeMap<String, Vec<String>>,
    relations: BTreeMap<String, RelationWords>,
}

/// What is said after «για» of a woman and of a man.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RelationWords {
    women: Vec<String>,
    men: Vec<String>,
}

impl Wording {
    /// The wording carried in the binary.
    ///
    /// # Errors
    /// When it does not read, which the build's own tests would show.
    pub fn bundled() -> anyhow::Result<Self> {
        serde_saphyr::from_str(include_str!("wording.yaml")).context("the wording of citizens does not read")
    }

    /// One of the templates of an act, with the values put in; an unknown act says nothing.
    pub fn say(&self, rng: &mut StdRng, act: &str, values: &[(&str, &str)]) -> String {
        let template = self.acts.get(act).and_then(|all| all.choose(rng)).cloned().unwrap_or_default();
        values.iter().fold(template, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// What a citizen calls a service after «για», among the names that fit as long as one does; `otherwise` for one of another
    /// catalogue.
    pub fn service(&self, rng: &mut StdRng, id: &ServiceId, otherwise: &str, fits: impl Fn(&str) -> bool) -> String {
        let all = self.services.get(id.as_str());
        let fitting: Vec<String> = all.into_iter().flatten().filter(|words| fits(words)).cloned().collect();
        pick(rng, if fitting.is_empty() { all } else { Some(&fitting) }, otherwise)
    }

    /// How a citizen names a municipality.
    pub fn place(&self, rng: &mut StdRng, municipality: &str) -> String {
        pick(rng, self.places.get(municipality), municipality)
    }

    /// Whom one books for, as «για τη μητέρα μου»; empty when the relation has no words for this person.
    pub fn relation(&self, rng: &mut StdRng, relation: Relation, person: &Person) -> String {
        pick(rng, self.relations.get(relation.as_str()).map(|words| words.of(person.gender)), "")
    }

    /// The relations with words, and the genders they may have.
    pub fn relations(&self) -> Vec<(Relation, Vec<Gender>)> {
        let genders = |words: &RelationWords| {
            [Gender::Woman, Gender::Man].into_iter().filter(|gender| !words.of(*gender).is_empty()).collect()
        };
        self.relations.iter().filter_map(|(name, words)| Some((Relation::parse(name)?, genders(words)))).collect()
    }
}

impl RelationWords {
    fn of(&self, gender: Gender) -> &Vec<String> {
        match gender {
            Gender::Woman => &self.women,
            Gender::Man => &self.men,
        }
    }
}

fn pick(rng: &mut StdRng, from: Option<&Vec<String>>, otherwise: &str) -> String {
    from.and_then(|all| all.choose(rng)).map_or_else(|| otherwise.to_owned(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::catalogue::Catalogue;

    #[test]
    fn every_act_has_real_variety_and_every_service_and_place_a_name() {
        let wording = Wording::bundled().expect("readable");
        for (act, templates) in &wording.acts {
            let different: std::collections::BTreeSet<_> = templates.iter().collect();
            assert!(different.len() >= 8 && different.len() == templates.len(), "{act}");
        }
        let catalogue = Catalogue::bundled();
        for service in &catalogue.services {
            assert!(wording.services.contains_key(service.id.as_str()), "{}", service.id);
        }
        for office in &catalogue.offices {
            assert!(wording.places.contains_key(&office.municipality), "{}", office.municipality);
        }
        assert_eq!(wording.relations().len(), wording.relations.len(), "a relation is misspelled");
    }

    #[test]
    fn no_sentence_is_an_example_that_understanding_was_trained_on() {
        let examples: std::collections::BTreeSet<String> = crate::assets::Intents::iter()
            .filter_map(|file| crate::assets::Intents::get(&file))
            .flat_map(|file| String::from_utf8_lossy(&file.data).lines().map(plain).collect::<Vec<_>>())
            .collect();
        let wording = Wording::bundled().expect("readable");
        let long = wording.acts.values().flatten().filter(|t| !t.contains('{') && t.split(' ').count() > 5);
        let copied: Vec<_> = long.filter(|t| examples.contains(&plain(t))).collect();
        assert!(copied.is_empty(), "{copied:?}");
    }

    fn plain(text: &str) -> String {
        crate::dialog::turn::words(text)
    }
}
