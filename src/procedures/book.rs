//! All the procedures that are known, by id and by search.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::index::ProcedureIndex;
use super::ingest;
use super::kept::{self, KeptError};
use super::procedure::Procedure;
use super::search::Hit;
use crate::booking::id::{OrganisationId, ServiceId};

/// All the procedures that are known. Cloning shares them.
#[derive(Clone)]
pub struct ProcedureBook {
    procedures: Arc<BTreeMap<String, Procedure>>,
    index: Arc<ProcedureIndex>,
}

/// Why the procedures could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// What is kept of the registry cannot be read.
    #[error(transparent)]
    Kept(#[from] KeptError),
    /// The index cannot be built.
    #[error("cannot build the index of procedures")]
    Index(#[from] tantivy::TantivyError),
}

impl ProcedureBook {
    /// The procedures carried inside the binary.
    ///
    /// # Panics
    /// When a carried file does not read, which the build's own tests would show.
    #[must_use]
    pub fn bundled() -> Self {
        Self::of(ingest::bundled()).expect("an index in memory of a hundred procedures")
    }

    /// The bundled procedures over those that were imported into `data_dir`, if any were.
    ///
    /// Where both have a field the bundled one stays: it is in plain words.
    ///
    /// # Errors
    /// When the imported file is there but cannot be read.
    pub fn open(data_dir: &Path) -> Result<Self, BookError> {
        let mut all = kept::read(data_dir)?;
        for plain in ingest::bundled() {
            let over = match all.remove(&plain.id) {
                Some(registered) => plain.over(registered),
                None => plain,
            };
            all.insert(over.id.clone(), over);
        }
        Ok(Self::of(all.into_values().collect())?)
    }

    /// A book of these procedures; of two with one id the later.
    ///
    /// # Errors
    /// When the index cannot be built.
    pub fn of(procedures: Vec<Procedure>) -> tantivy::Result<Self> {
        let procedures: BTreeMap<_, _> = procedures.into_iter().map(|p| (p.id.clone(), p)).collect();
        let index = ProcedureIndex::build(procedures.values())?;
        Ok(Self { procedures: Arc::new(procedures), index: Arc::new(index) })
    }

    /// The procedure with this registry number.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Procedure> {
        self.procedures.get(id)
    }

    /// Every procedure, by registry number.
    pub fn all(&self) -> impl Iterator<Item = &Procedure> {
        self.procedures.values()
    }

    /// The procedures that fit a question best, the best first; see [`ProcedureIndex::search`].
    #[must_use]
    pub fn search(&self, question: &str, limit: usize) -> Vec<Hit> {
        self.index.search(question, limit)
    }
}

impl Procedure {
    /// This description in plain words, completed by what only the registry's record knows.
    ///
    /// What the plain words speak of is theirs alone: a fee of the registry does not stand beside a cost in plain words, nor a
    /// page beside a way. A service of the registry's must be the same organisation's.
    #[must_use]
    pub fn over(self, registered: Self) -> Self {
        let mut aliases = self.aliases;
        aliases.extend(registered.aliases);
        let organisation = self.organisation.or(registered.organisation);
        let is_theirs = |service: &ServiceId| {
            let of_service = service.as_str().split_once('.').map(|(organisation, _)| organisation);
            of_service == organisation.as_ref().map(OrganisationId::as_str)
        };
        Self {
            id: self.id,
            title: self.title,
            for_what: self.for_what.or(registered.for_what),
            aliases,
            summary: self.summary.or(registered.summary),
            conditions: first(self.conditions, if self.who_may.is_none() { registered.conditions } else { Vec::new() }),
            who_may: self.who_may.or(registered.who_may),
            documents: first(self.documents, registered.documents),
            fees: first(self.fees, if self.cost.is_none() { registered.fees } else { Vec::new() }),
            cost: self.cost.or(registered.cost),
            duration: self.duration.or(registered.duration),
            validity: self.validity.or(registered.validity),
            steps: first(self.steps, registered.steps),
            place: self.place.or(registered.place),
            groups: first(self.groups, registered.groups),
            pages: first(self.pages, if self.ways.is_none() { registered.pages } else { Vec::new() }),
            ways: self.ways.or(registered.ways),
            remarks: self.remarks.or(registered.remarks),
            languages: first(self.languages, registered.languages),
            life_events: first(self.life_events, registered.life_events),
            service: self.service.or(registered.service.filter(is_theirs)),
            organisation,
            last_updated: self.last_updated.or(registered.last_updated),
            read_at: self.read_at.or(registered.read_at),
            reads: self.reads.max(registered.reads),
        }
    }
}

/// The first list unless it is empty.
fn first<T>(plain: Vec<T>, registered: Vec<T>) -> Vec<T> {
    if plain.is_empty() { registered } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::catalogue::Catalogue;

    const QUESTIONS: &str = include_str!("../../tests/procedures/search.tsv");

    #[test]
    fn citizens_words_find_their_procedure_first() {
        let book = ProcedureBook::bundled();
        let rows: Vec<_> =
            QUESTIONS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).collect();
        assert!(rows.len() >= 60, "{} questions", rows.len());
        let missed: Vec<String> = rows
            .iter()
            .filter_map(|(question, ids)| {
                let hits = book.search(question, 3);
                let first = hits.first().map_or("nothing", |hit| hit.id.as_str());
                (!ids.split(',').any(|id| id == first)).then(|| format!("{question}: {ids} wanted, {hits:?} found"))
            })
            .collect();
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }

    #[test]
    fn every_bundled_procedure_is_sound() {
        let catalogue = Catalogue::bundled();
        let mut seen = std::collections::HashSet::new();
        for procedure in ingest::bundled() {
            let id = procedure.id.clone();
            assert!(seen.insert(id.clone()), "{id} is there twice");
            assert!(procedure.service.iter().all(|s| catalogue.service(s).is_some()), "{id}: unknown service");
            assert!(procedure.organisation.iter().all(|o| catalogue.organisation(o).is_some()), "{id}: organisation");
            assert!(procedure.for_what.is_some() && procedure.summary.is_some(), "{id}: no plain words");
        }
        for service in &catalogue.services {
            for id in &service.procedures {
                assert!(seen.contains(id), "{}: procedure {id} is not carried", service.id);
            }
        }
    }

    #[test]
    fn an_import_completes_the_bundled_ones_and_replaces_the_one_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let registered = |id: &str, title: &str, cost: &str| Procedure {
            id: id.into(),
            title: title.into(),
            summary: Some("Από το μητρώο.".into()),
            duration: Some(cost.into()),
            ..Procedure::default()
        };
        kept::save(folder.path(), [registered("5", "Πρώτη", "α")].iter()).expect("saved");
        let two = [registered("7", "Κάλυψη φρέατος", "α"), registered("144400", "Άλλο", "β")];
        kept::save(folder.path(), two.iter()).expect("saved over");
        let book = ProcedureBook::open(folder.path()).expect("opened");
        assert_eq!(book.get("5"), None);
        assert_eq!(book.search("κάλυψη φρεάτων", 1)[0].id, "7");
        let passport = book.get("144400").expect("bundled");
        assert_ne!(passport.summary.as_deref(), Some("Από το μητρώο."), "plain words stay on top");
        assert!(passport.duration.is_some());
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "nothing half written stays");
    }

    #[test]
    fn titles_of_the_whole_registry_find_themselves() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let shared = ["../shared", "../../shared"].map(|up| root.join(up).join("data/mitos/registry.jsonl.gz"));
        let Some(path) = shared.iter().find(|path| path.exists()) else {
            println!("skipped: no registry beside this repository");
            return;
        };
        let read = ingest::read_registry(path, |_| ()).expect("read");
        assert!(read.procedures.len() > 3000 && read.skipped.is_empty());
        let book = ProcedureBook::of(read.procedures).expect("indexed");
        let asked: Vec<&Procedure> = book.all().step_by(40).collect();
        let found = asked.iter().filter(|p| book.search(&p.title, 5).iter().any(|hit| hit.id == p.id)).count();
        assert!(found * 100 >= asked.len() * 97, "{found} of {}", asked.len());
    }
}
