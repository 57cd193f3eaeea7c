//! The national registry of procedures (Μίτος): records, index, search, explanation.

pub mod analysis;
pub mod book;
pub mod duration;
pub mod explain;
pub mod faithful;
mod fit;
pub mod in_force;
pub mod index;
pub mod ingest;
pub mod kept;
pub mod money;
pub mod near;
pub mod page;
pub mod procedure;
pub mod provision;
mod question;
pub mod record;
pub mod sayings;
pub mod search;
mod synonyms;
mod vocabulary;
mod wanted;
pub mod words;

pub use book::ProcedureBook;
pub use explain::{Aspect, Explanation, explain};
pub use in_force::ProceduresInForce;
pub use procedure::{Condition, Document, Fee, Page, Procedure, Step, Ways};
pub use search::Hit;
