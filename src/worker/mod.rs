//! Work that nobody waits for: jobs, each at its own interval, until the process stops.

pub mod jobs;
pub mod runner;

pub use runner::{Job, Worker};
