//! What Ariadni knows in memory: the catalogue, the procedures, how to understand and how to converse.

use std::sync::Arc;

use anyhow::Context;

use crate::app::lexicon::lexicon;
use crate::booking::catalogue::Catalogue;
use crate::dialog::{Engine, Flows, SupportDesk};
use crate::nlu::Understander;
use crate::procedures::ProcedureBook;

/// Everything a turn looks at without asking the store.
pub struct Knowledge {
    /// Who serves what, where and when.
    pub catalogue: Arc<Catalogue>,
    /// The national registry.
    pub procedures: Arc<ProcedureBook>,
    /// Text to meaning.
    pub understander: Understander,
    /// State and meaning to answers.
    pub engine: Engine,
    /// Who takes over.
    pub support: SupportDesk,
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
        let understander = Understander::bundled(lexicon(&catalogue, procedures.all())).context("cannot understand")?;
        let engine = Engine::new(Flows::bundled().context("the flows are wrong")?);
        Ok(Self { catalogue, procedures, understander, engine, support })
    }
}
