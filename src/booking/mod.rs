//! The rules of time: who serves what, where, when, and what may be booked.

pub mod board;
pub mod bundled;
pub mod calendar;
pub mod catalogue;
pub mod catalogue_check;
pub mod claim;
pub mod core;
pub mod desk;
pub mod fit;
pub mod icalendar;
pub mod id;
pub mod identity;
pub mod in_force;
pub mod notice;
pub mod people;
pub mod place;
pub mod policy;
pub mod proposal;
pub mod reference;
pub mod refusal;
pub mod rule;
pub mod transfer;
pub mod waiting;
mod wish;
