//! The doors: each renders the same turn its own way.

pub mod terminal;
pub mod turn;
