//! What Ariadni knows in memory: the catalogue, the procedures, how to understand and how to converse.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;

use crate::app::lexicon::lexicon;
use crate::booking::catalogue::Catalogue;
use crate::booking::in_force::CatalogueInForce;
use crate::dialog::{Engine, Flows, SupportDesk};
use crate::nlu::Understander;
use crate::nlu::classifier::IntentClassifier;
use crate::procedures::{ProcedureBook, ProceduresInForce};

/// Everything a turn looks at without asking the store. A turn takes one and keeps it until its end.
pub struct Knowledge {
    /// Who serves what, where and when.
    pub catalogue: Arc<Catalogue>,
    /// The national registry.
    pub procedures: Arc<ProcedureBook>,
    /// Text to meaning.
    pub understander: Understander,
    /// State and meaning to answers.
    pub engine: Arc<Engine>,
    /// Who takes over.
    pub support: SupportDesk,
    /// What ranks intents in place of the carried classifier alone.
    classifier: Option<Arc<dyn IntentClassifier>>,
}

impl Knowledge {
    /// Puts the knowledge together.
    ///
    /// # Errors
    /// When the carried flows or the carried model are wrong.
    pub fn new(
        catalogue: Arc<Catalogue>,
        procedures: Arc<ProcedureBook>,
        support: SupportDesk,
    ) -> anyhow::Result<Self> {
        let engine = Arc::new(Engine::new(Flows::bundled().context("the flows are wrong")?));
        Self::with(engine, catalogue, procedures, support)
    }

    /// The same with another classifier for the intents.
    ///
    /// # Errors
    /// When it has a label that is no intent.
    pub fn ranked_by(self, classifier: Arc<dyn IntentClassifier>) -> anyhow::Result<Self> {
        let understander = self.understander.ranked_by(Arc::clone(&classifier)).context("cannot understand")?;
        Ok(Self { understander, classifier: Some(classifier), ..self })
    }

    /// The same knowledge of another catalogue or other procedures: their names are listened for too.
    fn of(&self, catalogue: Arc<Catalogue>, procedures: Arc<ProcedureBook>) -> anyhow::Result<Self> {
        let known = Self::with(Arc::clone(&self.engine), catalogue, procedures, self.support.clone())?;
        match &self.classifier {
            Some(classifier) => known.ranked_by(Arc::clone(classifier)),
            None => Ok(known),
        }
    }

    fn with(
        engine: Arc<Engine>,
        catalogue: Arc<Catalogue>,
        procedures: Arc<ProcedureBook>,
        support: SupportDesk,
    ) -> anyhow::Result<Self> {
        let understander = Understander::bundled(lexicon(&catalogue, procedures.all())).context("cannot understand")?;
        Ok(Self { catalogue, procedures, understander, engine, support, classifier: None })
    }
}

/// Knowledge that follows the catalogue and the procedures in force: whoever exchanges them need not know of it.
pub struct CurrentKnowledge {
    catalogue: CatalogueInForce,
    procedures: ProceduresInForce,
    known: RwLock<Arc<Knowledge>>,
    /// Held while knowledge is put together, so that many turns wait for one making of it.
    making: tokio::sync::Mutex<()>,
}

impl CurrentKnowledge {
    /// Knowledge of what is in force; `classifier` ranks the intents in place of the carried one alone.
    ///
    /// # Errors
    /// As [`Knowledge::new`].
    pub fn new(
        catalogue: CatalogueInForce,
        procedures: ProceduresInForce,
        support: SupportDesk,
        classifier: Option<Arc<dyn IntentClassifier>>,
    ) -> anyhow::Result<Self> {
        let known = Knowledge::new(catalogue.get(), procedures.get(), support)?;
        let known = match classifier {
            Some(classifier) => known.ranked_by(classifier)?,
            None => known,
        };
        Ok(Self { catalogue, procedures, known: RwLock::new(Arc::new(known)), making: tokio::sync::Mutex::default() })
    }

    /// The knowledge of what is in force. After an exchange the first to ask puts it together.
    pub async fn get(&self) -> Arc<Knowledge> {
        if let Some(known) = self.up_to_date() {
            return known;
        }
        let _one_at_a_time = self.making.lock().await;
        if let Some(known) = self.up_to_date() {
            return known;
        }
        let (before, catalogue, procedures) = (self.known(), self.catalogue.get(), self.procedures.get());
        let old = Arc::clone(&before);
        match tokio::task::spawn_blocking(move || old.of(catalogue, procedures))
            .await
            .map_err(anyhow::Error::from)
            .flatten()
        {
            Ok(made) => {
                let made = Arc::new(made);
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&made);
                made
            }
            Err(error) => {
                tracing::error!(error.cause = %format!("{error:#}"), "what is in force now cannot be talked about");
                before
            }
        }
    }

    fn known(&self) -> Arc<Knowledge> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn up_to_date(&self) -> Option<Arc<Knowledge>> {
        let known = self.known();
        let same_catalogue = Arc::ptr_eq(&known.catalogue, &self.catalogue.get());
        (same_catalogue && Arc::ptr_eq(&known.procedures, &self.procedures.get())).then_some(known)
    }
}
