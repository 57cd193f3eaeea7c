//! Two classifiers as one: the weighted mean of their probabilities.

use std::sync::Arc;

use super::NluError;
use super::classifier::{IntentClassifier, softmax};
use super::utterance::Utterance;

/// Steps between the one alone and the other alone, when a weight is chosen.
const STEPS: u8 = 20;
/// What a probability of nothing counts for in a logarithm.
const LEAST: f32 = 1e-9;

/// Two classifiers over the same labels.
pub struct Ensemble {
    first: Arc<dyn IntentClassifier>,
    second: Arc<dyn IntentClassifier>,
    /// For each label of the first its place among those of the second.
    places: Vec<usize>,
    weight: f32,
}

impl Ensemble {
    /// Joins two classifiers; `weight`, 0 to 1, is the share of the second. The first cuts texts into words.
    ///
    /// # Errors
    /// [`NluError::OtherLabels`] when they do not have the same labels.
    pub fn new(
        first: Arc<dyn IntentClassifier>,
        second: Arc<dyn IntentClassifier>,
        weight: f32,
    ) -> Result<Self, NluError> {
        let place = |label: &String| {
            let place = second.labels().iter().position(|other| other == label);
            place.ok_or_else(|| NluError::OtherLabels(label.clone()))
        };
        let places: Vec<usize> = first.labels().iter().map(place).collect::<Result<_, _>>()?;
        if let Some(more) = second.labels().iter().find(|label| !first.labels().contains(label)) {
            return Err(NluError::OtherLabels(more.clone()));
        }
        Ok(Self { first, second, places, weight: weight.clamp(0.0, 1.0) })
    }

    /// The share of the second, 0 to 1.
    #[must_use]
    pub fn weight(&self) -> f32 {
        self.weight
    }
}

impl IntentClassifier for Ensemble {
    fn labels(&self) -> &[String] {
        self.first.labels()
    }

    fn scores(&self, utterance: &Utterance<'_>) -> Vec<f32> {
        let (first, second) = (probabilities(&*self.first, utterance), probabilities(&*self.second, utterance));
        let mean = |(first, place): (f32, &usize)| mixed(first, second[*place], self.weight);
        first.into_iter().zip(&self.places).map(mean).map(|share| share.max(LEAST).ln()).collect()
    }

    fn read<'a>(&self, text: &'a str) -> Utterance<'a> {
        self.first.read(text)
    }

    fn is_slow(&self) -> bool {
        self.first.is_slow() || self.second.is_slow()
    }
}

/// The weight of the second under which utterances that neither had seen are the least surprising, with the label that each
/// truly has.
#[must_use]
pub fn best_weight(first: &dyn IntentClassifier, second: &dyn IntentClassifier, unseen: &[(&str, &str)]) -> f32 {
    let share = |classifier: &dyn IntentClassifier, text: &str, label: &str| {
        let ranking = classifier.rank(text);
        ranking.iter().find(|(name, _)| *name == label).map_or(0.0, |(_, share)| *share)
    };
    let pairs: Vec<(f32, f32)> =
        unseen.iter().map(|(text, label)| (share(first, text, label), share(second, text, label))).collect();
    let surprise =
        |weight: f32| -> f32 { pairs.iter().map(|(one, other)| -mixed(*one, *other, weight).max(LEAST).ln()).sum() };
    let weights = (0..=STEPS).map(|step| f32::from(step) / f32::from(STEPS));
    weights.min_by(|a, b| surprise(*a).total_cmp(&surprise(*b))).unwrap_or(0.0)
}

fn probabilities(classifier: &dyn IntentClassifier, utterance: &Utterance<'_>) -> Vec<f32> {
    let mut scores = classifier.scores(utterance);
    softmax(&mut scores);
    scores
}

fn mixed(first: f32, second: f32, weight: f32) -> f32 {
    first * (1.0 - weight) + second * weight
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows two labels by their first words, and is as sure as it is told to be.
    struct Parrot {
        labels: Vec<String>,
        sure: f32,
    }

    impl Parrot {
        fn new(labels: [&str; 2], sure: f32) -> Arc<Self> {
            Arc::new(Self { labels: labels.map(str::to_owned).to_vec(), sure })
        }
    }

    impl IntentClassifier for Parrot {
        fn labels(&self) -> &[String] {
            &self.labels
        }

        fn scores(&self, utterance: &Utterance<'_>) -> Vec<f32> {
            let share =
                |label: &String| if utterance.text.starts_with(label.as_str()) { self.sure } else { 1.0 - self.sure };
            self.labels.iter().map(|label| share(label).ln()).collect()
        }
    }

    #[test]
    fn probabilities_are_mixed_label_by_label() {
        let both =
            Ensemble::new(Parrot::new(["a", "b"], 0.9), Parrot::new(["b", "a"], 0.3), 0.25).expect("same labels");
        let ranking = both.rank("a house");
        assert_eq!(ranking[0].0, "a");
        assert!((ranking[0].1 - (0.75 * 0.9 + 0.25 * 0.3)).abs() < 1e-5, "{ranking:?}");
        assert!((ranking[0].1 + ranking[1].1 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn other_labels_are_refused_whichever_has_more() {
        let refused = |first, second| {
            let both = Ensemble::new(Parrot::new(first, 0.9), Parrot::new(second, 0.9), 0.5);
            both.err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(refused(["a", "b"], ["a", "c"]).contains("\"b\""));
        assert!(refused(["a", "a"], ["a", "b"]).contains("\"b\""));
    }

    #[test]
    fn who_is_right_gets_the_weight_and_who_is_wrong_gets_none() {
        let (right, wrong) = (Parrot::new(["a", "b"], 0.9), Parrot::new(["a", "b"], 0.2));
        let unseen = [("a house", "a"), ("b flat", "b")];
        assert!(best_weight(&*right, &*wrong, &unseen) < 0.01);
        assert!(best_weight(&*wrong, &*right, &unseen) > 0.99);
    }
}
