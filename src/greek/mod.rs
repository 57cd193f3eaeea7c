//! The Greek language, pure: no project types, no IO, no clock.

pub mod feast;
pub mod when;
