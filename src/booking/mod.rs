//! The rules of time: who serves what, where, when, and what may be booked.

pub mod catalogue;
pub mod core;
pub mod id;
pub mod identity;
pub mod people;
pub mod reference;
pub mod refusal;
