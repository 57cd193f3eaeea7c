//! Understanding: Greek text to ranked intents and entities. It never decides what to do.
//!
//! [`understander`] joins the parts: [`classifier`] ranks the intents by [`features`] of the words, [`emergency`] stands
//! beside it so that a danger is never missed, [`entities`] finds the values. [`examples`] is what people say
//! (`intents/`), [`training`] makes the model from it, [`evaluate`] measures it. With the feature `bert` a transformer stands
//! beside the linear classifier (docs/BERT.md), joined to it by [`ensemble`].

mod augment;
#[cfg(feature = "bert")]
pub mod bert;
pub mod classifier;
pub mod emergency;
pub mod ensemble;
pub mod entities;
pub mod evaluate;
pub mod examples;
pub mod features;
pub mod gazetteer;
mod learner;
pub mod lexicon;
mod speller;
pub mod sweep;
mod table;
mod topics;
pub mod training;
pub mod understander;
pub mod understanding;
pub mod utterance;

pub use lexicon::{Lexicon, LexiconEntry, Meant};
pub use understander::Understander;
pub use understanding::{Context, Entity, EntityValue, Intent, Number, Preference, RankedIntent, Understanding};

/// Why understanding could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum NluError {
    /// A file of examples or synonyms is not as it should be.
    #[error("{file}: {message}")]
    Examples {
        /// Path inside `intents/`, or the line of a data file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The model is missing or damaged.
    #[error("the intent model cannot be read: {0}; train it with `ariadni nlu train`")]
    Model(&'static str),
    /// Two classifiers that were to be joined do not have the same labels.
    #[error("only one of the two classifiers knows the label {0:?}; train both from the same examples")]
    OtherLabels(String),
    /// The model names an intent that this program does not know.
    #[error("the intent model names {0:?}, which is no intent")]
    UnknownIntent(String),
}
