//! The rules of time: who serves what, where, when, and what may be booked.

pub mod bundled;
pub mod catalogue;
pub mod catalogue_check;
pub mod core;
pub mod id;
pub mod identity;
pub mod people;
pub mod reference;
pub mod refusal;
