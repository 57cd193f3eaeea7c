//! Simulated citizens by name and telephone: nobody shares either with another one of the same run.

use anyhow::Context;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::Deserialize;

/// Woman or man, as far as the grammar of names goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// «η»
    Woman,
    /// «ο»
    Man,
}

/// Somebody with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First name and surname, nominative.
    pub name: String,
    /// For the article and the case.
    pub gender: Gender,
}

impl Person {
    /// «την Ελένη Γεωργίου», «τον Νίκο Παπαδόπουλο».
    #[must_use]
    pub fn accusative(&self) -> String {
        let article = if self.gender == Gender::Woman { "την" } else { "τον" };
        format!("{article} {}", self.accusative_bare())
    }

    /// «Ελένη Γεωργίου», «Νίκο Παπαδόπουλο».
    #[must_use]
    pub fn accusative_bare(&self) -> String {
        if self.gender == Gender::Woman {
            return self.name.clone();
        }
        let words = self.name.split(' ').map(|word| word.strip_suffix('ς').unwrap_or(word));
        words.collect::<Vec<_>>().join(" ")
    }

    /// «η Ελένη Γεωργίου»
    #[must_use]
    pub fn with_article(&self) -> String {
        format!("{} {}", if self.gender == Gender::Woman { "η" } else { "ο" }, self.name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    men: Vec<String>,
    women: Vec<String>,
    surnames: Vec<(String, String)>,
}

/// Everybody who may turn up, in an order that hangs on the seed.
#[derive(Debug)]
pub struct People {
    women: Vec<String>,
    men: Vec<String>,
    /// Where the telephone numbers begin.
    offset: u64,
}

impl People {
    /// Everybody, shuffled.
    ///
    /// # Errors
    /// When the carried names do not read.
    pub fn shuffled(seed: u64) -> anyhow::Result<Self> {
        let names: Names =
            serde_saphyr::from_str(include_str!("people.yaml")).context("the names of citizens do not read")?;
        let mut rng = StdRng::seed_from_u64(seed);
        let mut all = |firsts: &[String], surname: fn(&(String, String)) -> &String| {
            let pairs = firsts.iter().flat_map(|f| names.surnames.iter().map(move |s| format!("{f} {}", surname(s))));
            let mut pairs: Vec<String> = pairs.collect();
            pairs.shuffle(&mut rng);
            pairs
        };
        let (women, men) = (all(&names.women, |s| &s.1), all(&names.men, |s| &s.0));
        Ok(Self { women, men, offset: seed.wrapping_mul(7_919) })
    }

    /// The person with this number; different numbers below three thousand are different people.
    #[must_use]
    pub fn person(&self, number: usize, gender: Gender) -> Person {
        let names = if gender == Gender::Woman { &self.women } else { &self.men };
        Person { name: names[number % names.len()].clone(), gender }
    }

    /// The mobile telephone with this number; different numbers below ten million are different telephones.
    #[must_use]
    pub fn phone(&self, number: usize) -> String {
        // Odd and no multiple of five: no two numbers below ten million meet.
        let mixed = (number as u64).wrapping_mul(12_345_677).wrapping_add(self.offset) % 10_000_000;
        format!("694{mixed:07}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_many_and_inflect() {
        let people = People::shuffled(1).expect("readable");
        assert!(people.women.len() >= 3600 && people.men.len() >= 3600);
        let man = Person { name: "Νίκος Βλάχος".to_owned(), gender: Gender::Man };
        assert_eq!(man.accusative(), "τον Νίκο Βλάχο");
        let woman = Person { name: "Ελένη Βλάχου".to_owned(), gender: Gender::Woman };
        assert_eq!(woman.with_article(), "η Ελένη Βλάχου");
    }

    #[test]
    fn telephones_are_well_formed_and_nobodys_twice() {
        let people = People::shuffled(3).expect("readable");
        let phones: std::collections::BTreeSet<String> = (0..2000).map(|n| people.phone(n)).collect();
        assert_eq!(phones.len(), 2000);
        assert!(phones.iter().all(|p| crate::booking::identity::Phone::parse(p).is_ok()));
    }
}
