//! The safety net for dangers to life: words that are an emergency whatever the classifier thinks of the rest.

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
    sure: Vec<Phrase>,
    unless: Vec<Phrase>,
    calm: Vec<Phrase>,
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
        let mut take = |name: &str| -> Vec<Phrase> {
            let list = lists.iter_mut().find(|(key, _)| key == name).map(|(_, phrases)| std::mem::take(phrases));
            list.unwrap_or_default().iter().map(|text| Phrase::new(text)).collect()
        };
        let net = Self { sure: take("sure"), unless: take("unless"), calm: take("calm") };
        if net.sure.is_empty() {
            let file = "entities/emergency.yaml".to_owned();
            return Err(NluError::Examples { file, message: "has no list `sure`".to_owned() });
        }
        Ok(net)
    }

    /// What the words of an utterance say.
    #[must_use]
    pub fn danger(&self, utterance: &Utterance<'_>) -> Danger {
        let said: Vec<String> = utterance.words.iter().map(|word| sound(&word.text)).collect();
        let any = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.is_in(&said));
        if any(&self.sure) {
            return if any(&self.unless) { Danger::Doubtful } else { Danger::Sure };
        }
        if any(&self.calm) { Danger::Calm } else { Danger::None }
    }
}

impl Phrase {
    fn new(text: &str) -> Self {
        let open = text.ends_with('*');
        Self { words: fold::tokens(text).into_iter().map(|token| sound(&token.text)).collect(), open }
    }

    fn is_in(&self, said: &[String]) -> bool {
        let Some((last, first)) = self.words.split_last() else { return false };
        said.windows(self.words.len()).any(|window| {
            let (end, beginning) = (&window[first.len()], &window[..first.len()]);
            let ends = if self.open { end.starts_with(last.as_str()) } else { end == last };
            ends && beginning == first
        })
    }
}
