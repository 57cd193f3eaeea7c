//! The procedures in force: one handle that everything shares, so that a refreshed registry is searched everywhere at once.
//!
//! Whoever does several things that must fit together (a turn, a request) takes the book once and keeps it until the end.

use std::sync::{Arc, PoisonError, RwLock};

use super::book::ProcedureBook;

/// The handle. Clones are one handle.
#[derive(Clone)]
pub struct ProceduresInForce(Arc<RwLock<Arc<ProcedureBook>>>);

impl ProceduresInForce {
    /// Puts the first book in force.
    #[must_use]
    pub fn new(book: ProcedureBook) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(book))))
    }

    /// The book in force at this moment; it stays what it is however often the handle is given another.
    #[must_use]
    pub fn get(&self) -> Arc<ProcedureBook> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another in force. It is whole already: nobody waits for an index to be built.
    pub fn replace(&self, book: ProcedureBook) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(book);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clone_sees_the_new_book_and_what_was_taken_stays() {
        let handle = ProceduresInForce::new(ProcedureBook::bundled());
        let (clone, taken) = (handle.clone(), handle.get());
        handle.replace(ProcedureBook::of(Vec::new()).expect("an empty book"));
        assert_eq!(clone.get().all().count(), 0);
        assert!(taken.all().count() > 0);
    }
}
