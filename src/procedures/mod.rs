//! The national registry of procedures (Μίτος): records, index, search, explanation.

pub mod procedure;

pub use procedure::{Document, Procedure, Ways};
