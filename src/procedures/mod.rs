//! The national registry of procedures (Μίτος): records, index, search, explanation.

pub mod analysis;
pub mod book;
pub mod duration;
pub mod explain;
mod fit;
pub mod in_force;
pub mod index;
pub mod ingest;
pub mod kept;
pub mod near;
pub mod procedure;
pub mod provider;
mod question;
pub mod record;
pub mod sayings;
pub mod search;
mod synonyms;
mod vocabulary;
mod wanted;

pub use book::ProcedureBook;
pub use explain::{Aspect, Explanation, explain};
pub use in_force::ProceduresInForce;
pub use procedure::{Document, Procedure, Ways};
pub use search::Hit;
