//! The Greek language, pure: no project types, no IO, no clock.

pub mod when;
