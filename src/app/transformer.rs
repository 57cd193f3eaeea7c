//! The transformer beside the linear classifier, where one is set.

use std::sync::Arc;

use crate::config::Nlu;
use crate::nlu::classifier::IntentClassifier;

/// The ensemble of the settings. `None` where no transformer is set, and where it cannot be used: citizens are then served
/// with the linear classifier, and the log says why.
#[must_use]
pub fn beside_the_linear(settings: &Nlu) -> Option<Arc<dyn IntentClassifier>> {
    let folder = settings.bert.as_deref()?;
    match ensemble(folder, settings.bert_threads) {
        Ok(classifier) => Some(classifier),
        Err(error) => {
            tracing::error!(
                nlu.bert = %folder.display(),
                error.cause = %format!("{error:#}"),
                "the transformer cannot be used; the linear classifier serves alone"
            );
            None
        }
    }
}

#[cfg(feature = "bert")]
fn ensemble(folder: &std::path::Path, threads: u16) -> anyhow::Result<Arc<dyn IntentClassifier>> {
    use crate::nlu::bert;
    use crate::nlu::classifier::Classifier;
    use crate::nlu::ensemble::Ensemble;

    bert::training::use_threads(threads);
    let (transformer, weight) = bert::folder::load(folder)?;
    let linear = Classifier::bundled()?;
    let both = Ensemble::new(Arc::new(linear), Arc::new(transformer), weight)?;
    tracing::info!(nlu.bert = %folder.display(), weight, "the transformer stands beside the linear classifier");
    Ok(Arc::new(both))
}

#[cfg(not(feature = "bert"))]
fn ensemble(_folder: &std::path::Path, _threads: u16) -> anyhow::Result<Arc<dyn IntentClassifier>> {
    anyhow::bail!("this program was built without the feature `bert`; build it with `cargo build --features bert`")
}
