//! Facts that tell procedures apart, each asked about by one question: «Τι συνέβη: χάθηκε, σας την έκλεψαν, ή φθάρηκε;»
//!
//! They stand in `dialogs/facts.yaml`. A value of a fact holds for a procedure by the words of its title, and for a citizen by what he says.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::procedures::analysis::terms;

/// The facts, the most useful first.
#[derive(Debug, Default)]
pub struct Apart {
    facts: Vec<Fact>,
}

/// A fact as it is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSource {
    /// Its name, for complaints.
    pub fact: String,
    question: String,
    values: Vec<ValueSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueSource {
    value: String,
    title: String,
    phrase: String,
    #[serde(default)]
    names: Vec<String>,
    said: Vec<String>,
    #[serde(default)]
    otherwise: bool,
}

#[derive(Debug)]
struct Fact {
    question: String,
    values: Vec<Value>,
}

#[derive(Debug)]
struct Value {
    title: String,
    phrase: String,
    /// It holds for a title that has all words of one of these.
    names: Vec<Vec<String>>,
    /// It is said by whoever says all words of one of these.
    said: Vec<Vec<String>>,
    /// It holds for titles for which no other one does.
    otherwise: bool,
}

/// How a fact divides procedures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split<'a> {
    /// The beginning of the question: «Τι συνέβη».
    pub question: &'a str,
    /// The parts, in the order of the fact's values.
    pub parts: Vec<Part<'a>>,
}

/// The procedures for which one value holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// The value on a button: «Χάθηκε».
    pub title: &'a str,
    /// The value inside the question: «χάθηκε».
    pub phrase: &'a str,
    /// The places of its procedures among those that were given.
    pub places: Vec<usize>,
    said: &'a [Vec<String>],
}

impl Apart {
    /// Facts from the way they are written down.
    ///
    /// # Errors
    /// The name of a fact and what is wrong with it.
    pub fn of(sources: Vec<FactSource>) -> Result<Self, (String, String)> {
        let mut facts = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for source in sources {
            let wrong = |message: &str| Err((source.fact.clone(), message.to_owned()));
            let names: std::collections::HashSet<_> = source.values.iter().map(|value| &value.value).collect();
            if !seen.insert(source.fact.clone()) {
                return wrong("a fact of this name is there already");
            }
            if source.values.len() < 2 || names.len() < source.values.len() {
                return wrong("a fact needs two or more values, each with a name of its own");
            }
            if source.values.iter().filter(|value| value.otherwise).count() > 1 {
                return wrong("only one value can hold for all others");
            }
            if source.values.iter().any(|value| value.said.is_empty() || value.names.is_empty() && !value.otherwise) {
                return wrong("each value needs words of titles (`names`) and of people (`said`)");
            }
            if source.question.trim_end().ends_with([';', ':', '?']) {
                return wrong("the values and the question mark follow the question by themselves");
            }
            facts.push(Fact { question: source.question, values: source.values.into_iter().map(Value::of).collect() });
        }
        Ok(Self { facts })
    }

    /// The fact that divides procedures with these titles into the most parts; `None` when there is none that holds for all of them.
    #[must_use]
    pub fn split(&self, titles: &[&str]) -> Option<Split<'_>> {
        let titles: Vec<Vec<String>> = titles.iter().map(|title| terms(title)).collect();
        let splits = self.facts.iter().filter_map(|fact| fact.split(&titles));
        // Of facts that divide as well the first counts; `max_by_key` would give the last.
        splits.fold(None, |best: Option<Split<'_>>, split| match best {
            Some(best) if best.different() >= split.different() => Some(best),
            _ => Some(split),
        })
    }
}

impl Value {
    fn of(source: ValueSource) -> Self {
        let read = |phrases: Vec<String>| phrases.iter().map(|phrase| terms(phrase)).collect();
        Self {
            title: source.title,
            phrase: source.phrase,
            names: read(source.names),
            said: read(source.said),
            otherwise: source.otherwise,
        }
    }
}

impl Fact {
    fn split(&self, titles: &[Vec<String>]) -> Option<Split<'_>> {
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, title) in titles.iter().enumerate() {
            for value in self.values_of(title)? {
                places.entry(value).or_default().push(place);
            }
        }
        let parts: Vec<Part<'_>> = places
            .into_iter()
            .map(|(value, places)| {
                let Value { title, phrase, said, .. } = &self.values[value];
                Part { title, phrase, places, said }
            })
            .collect();
        let split = Split { question: &self.question, parts };
        (split.different() > 1).then_some(split)
    }

    /// The values that hold for a title: one, or several («λόγω απώλειας ή κλοπής»); `None` when the fact is none of its.
    fn values_of(&self, title: &[String]) -> Option<Vec<usize>> {
        let holding = self.values.iter().enumerate().filter(|(_, value)| says_one_of(title, &value.names));
        let holding: Vec<usize> = holding.map(|(value, _)| value).collect();
        if holding.is_empty() {
            Some(vec![self.values.iter().position(|value| value.otherwise)?])
        } else {
            Some(holding)
        }
    }
}

impl Split<'_> {
    /// How many different answers there are.
    fn different(&self) -> usize {
        self.parts.iter().map(|part| &part.places).collect::<BTreeSet<_>>().len()
    }

    /// The place of the one part that was meant by what was said.
    #[must_use]
    pub fn chosen(&self, text: &str) -> Option<usize> {
        let words = terms(text);
        let mut said = self.parts.iter().enumerate().filter(|(_, part)| says_one_of(&words, part.said));
        match (said.next(), said.next()) {
            (Some((only, _)), None) => Some(only),
            _ => None,
        }
    }
}

/// Whether words have all of one of these groups.
fn says_one_of(words: &[String], groups: &[Vec<String>]) -> bool {
    groups.iter().any(|group| !group.is_empty() && group.iter().all(|word| words.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: &str = "
- fact: what_happened
  question: Τι συνέβη
  values:
    - { value: lost, title: Χάθηκε, phrase: χάθηκε, names: [απώλεια], said: [έχασα, χάθηκε, δεν τη βρίσκω] }
    - { value: stolen, title: Κλάπηκε, phrase: σας την έκλεψαν, names: [κλοπή], said: [κλέψανε, κλοπή] }
    - { value: expired, title: Έληξε, phrase: έληξε, names: [λήξη, παρέλευση], said: [έληξε] }
- fact: age
  question: Για ποιον είναι
  values:
    - { value: minor, title: Για παιδί, phrase: για παιδί, names: [ανηλίκου], said: [παιδί, γιος, κόρη] }
    - { value: adult, title: Για ενήλικα, phrase: για ενήλικα, otherwise: true, said: [για μένα, ενήλικας] }
";

    fn apart() -> Apart {
        Apart::of(serde_saphyr::from_str(FACTS).expect("reads")).expect("sound")
    }

    #[test]
    fn the_fact_that_divides_best_is_asked_and_the_answer_is_heard() {
        let apart = apart();
        let titles = ["Ταυτότητα λόγω απώλειας", "Ταυτότητα λόγω κλοπής", "Ταυτότητα ανηλίκου λόγω παρέλευσης"];
        let split = apart.split(&titles).expect("a fact");
        assert_eq!(split.question, "Τι συνέβη");
        assert_eq!(split.parts.iter().map(|part| &part.places[..]).collect::<Vec<_>>(), [[0], [1], [2]]);
        assert_eq!(split.chosen("μου την κλέψανε στο λεωφορείο"), Some(1));
        assert_eq!(split.chosen("δεν τη βρισκω πουθενα"), Some(0));
        assert_eq!(split.chosen("την έχασα ή μου την κλέψανε"), None, "both were said");
        assert_eq!(split.chosen("δεν ξέρω"), None);
    }

    #[test]
    fn a_title_may_have_several_values() {
        let apart = apart();
        let split = apart.split(&["Ταυτότητα λόγω απώλειας ή κλοπής", "Ταυτότητα λόγω λήξης"]).expect("a fact");
        assert_eq!(split.parts.iter().map(|part| &part.places[..]).collect::<Vec<_>>(), [[0], [0], [1]]);
        assert_eq!(split.chosen("μου την κλέψανε"), Some(1));
    }

    #[test]
    fn where_a_fact_does_not_hold_for_all_it_is_not_asked() {
        let apart = apart();
        assert_eq!(
            apart.split(&["Ταυτότητα λόγω απώλειας", "Ταυτότητα"]),
            None,
            "nothing says what happened to the second"
        );
        assert_eq!(apart.split(&["Λόγω απώλειας ή κλοπής", "Λόγω κλοπής ή απώλειας"]), None, "both answers mean both");
        assert_eq!(apart.split(&["Διαβατήριο", "Ταυτότητα"]), None);
        assert_eq!(apart.split(&["Διαβατήριο ανηλίκου", "Διαβατήριο"]).expect("a fact").question, "Για ποιον είναι");
    }

    #[test]
    fn what_is_wrong_in_the_file_is_named() {
        for (yaml, complaint) in [
            (FACTS.replace("fact: age", "fact: what_happened"), "already"),
            (FACTS.replace("value: adult", "value: minor"), "name of its own"),
            (FACTS.replace("names: [ανηλίκου]", "otherwise: true"), "only one"),
            (FACTS.replace("names: [κλοπή], ", ""), "words of titles"),
            (FACTS.replace("Τι συνέβη", "Τι συνέβη;"), "by themselves"),
        ] {
            let (_, message) = Apart::of(serde_saphyr::from_str(&yaml).expect("reads")).expect_err(complaint);
            assert!(message.contains(complaint), "{message}");
        }
    }
}
