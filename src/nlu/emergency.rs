//! The safety net for dangers to life: words that are an emergency whatever the classifier thinks of the rest.

use std::collections::HashMap;

use super::NluError;
use super::examples;
use super::gazetteer::sound;
use super::utterance::Utterance;
use crate::greek::fold;

/// What the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// Nothing of danger.
    None,
    /// Nothing of danger, and words of everyday business that the classifier may mistake for it.
    Calm,
    /// Words of danger beside words of paperwork: the classifier decides, and danger stays in its ranking.
    Doubtful,
    /// Danger.
    Sure,
}

/// The words of `intents/entities/emergency.yaml`.
#[derive(Debug)]
pub struct SafetyNet {
    sure: Phrases,
    unless: Phrases,
    calm: Phrases,
}

/// Phrases by their first word, so that few are looked at.
#[derive(Debug, Default)]
struct Phrases {
    by_first: HashMap<String, Vec<Phrase>>,
    /// Those of one word that may go on.
    beginnings: Vec<String>,
}

#[derive(Debug)]
struct Phrase {
    /// As they sound: danger is written in haste.
    words: Vec<String>,
    /// The last word may go on.
    open: bool,
}

impl SafetyNet {
    /// Reads the list carried inside the binary.
    ///
    /// # Errors
    /// [`NluError::Examples`] when it is missing or not well-formed.
    pub fn bundled() -> Result<Self, NluError> {
        let mut lists = examples::synonyms("emergency")?;
        let mut take = |name: &str| -> Phrases {
            let list = lists.iter_mut().find(|(key, _)| key == name).map(|(_, phrases)| std::mem::take(phrases));
            Phrases::of(list.unwrap_or_default().iter().map(|text| Phrase::new(text)))
        };
        let net = Self { sure: take("sure"), unless: take("unless"), calm: take("calm") };
        if net.sure.by_first.is_empty() {
            let file = "entities/emergency.yaml".to_owned();
            return Err(NluError::Examples { file, message: "has no list `sure`".to_owned() });
        }
        Ok(net)
    }

    /// What the words of an utterance say.
    #[must_use]
    pub fn danger(&self, utterance: &Utterance<'_>) -> Danger {
        let said: Vec<String> = utterance.words.iter().map(|word| sound(&word.text)).collect();
        let any = |phrases: &Phrases| phrases.are_in(&said);
        if any(&self.sure) {
            return if any(&self.unless) { Danger::Doubtful } else { Danger::Sure };
        }
        if any(&self.calm) { Danger::Calm } else { Danger::None }
    }
}

impl Phrases {
    fn of(phrases: impl Iterator<Item = Phrase>) -> Self {
        let mut all = Self::default();
        for mut phrase in phrases {
            match phrase.words.as_mut_slice() {
                [] => {}
                [only] if phrase.open => all.beginnings.push(std::mem::take(only)),
                [first, ..] => all.by_first.entry(first.clone()).or_default().push(phrase),
            }
        }
        all
    }

    fn are_in(&self, said: &[String]) -> bool {
        said.iter().enumerate().any(|(at, word)| {
            let there = self.by_first.get(word).is_some_and(|all| all.iter().any(|phrase| phrase.begins(&said[at..])));
            there || self.beginnings.iter().any(|beginning| word.starts_with(beginning.as_str()))
        })
    }
}

impl Phrase {
    fn new(text: &str) -> Self {
        let open = text.ends_with('*');
        Self { words: fold::tokens(text).into_iter().map(|token| sound(&token.text)).collect(), open }
    }

    /// Whether what was said begins with it.
    fn begins(&self, said: &[String]) -> bool {
        let Some((last, first)) = self.words.split_last() else { return false };
        said.starts_with(first)
            && said
                .get(first.len())
                .is_some_and(|end| if self.open { end.starts_with(last.as_str()) } else { end == last })
    }
}
