//! The catalogue in force: one handle that everything shares, so that a new catalogue holds everywhere at once.
//!
//! Whoever does several things that must fit together (a turn, a search) takes the catalogue once and keeps it until the end.

use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use super::catalogue::Catalogue;

/// A catalogue with the digest by which two are told apart.
#[derive(Debug, Clone)]
pub struct Edition {
    /// What it says.
    pub catalogue: Arc<Catalogue>,
    /// SHA-256 of its document, hexadecimal.
    pub digest: String,
}

impl Edition {
    /// The edition of a catalogue.
    #[must_use]
    pub fn of(catalogue: Arc<Catalogue>) -> Self {
        let digest = digest(&catalogue.document());
        Self { catalogue, digest }
    }
}

impl Catalogue {
    /// The whole of it as one JSON document, which [`Catalogue::parse`] reads back.
    #[must_use]
    pub fn document(&self) -> String {
        serde_json::to_string(self).expect("a catalogue has only fields that are JSON")
    }
}

/// SHA-256 of a document, hexadecimal.
#[must_use]
pub fn digest(document: &str) -> String {
    Sha256::digest(document.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The handle. Clones are one handle.
#[derive(Debug, Clone)]
pub struct CatalogueInForce(Arc<RwLock<Edition>>);

impl CatalogueInForce {
    /// Puts the first catalogue in force.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self(Arc::new(RwLock::new(Edition::of(catalogue))))
    }

    /// The catalogue in force at this moment; it stays what it is however often the handle is given another.
    #[must_use]
    pub fn get(&self) -> Arc<Catalogue> {
        self.edition().catalogue
    }

    /// The same with its digest.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another in force; says whether it is another. Only the core does this: `first` makes the rules its own, and no
    /// other exchange comes in between.
    pub fn replace(&self, edition: Edition, first: impl FnOnce(&Arc<Catalogue>)) -> bool {
        let mut place = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let another = place.digest != edition.digest;
        if another {
            first(&edition.catalogue);
            *place = edition;
        }
        another
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clone_sees_the_new_one_and_what_was_taken_stays() {
        let handle = CatalogueInForce::new(Arc::new(Catalogue::bundled()));
        let (clone, taken) = (handle.clone(), handle.get());
        let mut smaller = Catalogue::bundled();
        smaller.offices.truncate(3);
        assert!(handle.replace(Edition::of(Arc::new(smaller.clone())), |_| ()));
        assert_eq!(*clone.get(), smaller);
        assert_eq!(*taken, Catalogue::bundled());
        let before = clone.get();
        assert!(!handle.replace(Edition::of(Arc::new(smaller)), |_| ()), "the same again is no other");
        assert!(Arc::ptr_eq(&before, &clone.get()));
    }

    #[test]
    fn the_document_is_read_back_as_it_was() {
        let catalogue = Catalogue::bundled();
        assert_eq!(Catalogue::parse(&catalogue.document()).expect("its own document"), catalogue);
    }
}
