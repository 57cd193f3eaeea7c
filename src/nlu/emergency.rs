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
        let net = Self { sure: take("sure"), unless: take("unless") };
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
        match (any(&self.sure), any(&self.unless)) {
            (false, _) => Danger::None,
            (true, true) => Danger::Doubtful,
            (true, false) => Danger::Sure,
        }
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
