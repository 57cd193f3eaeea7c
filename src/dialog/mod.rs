//! The dialog engine: a pure, deterministic function.
//!
//! `Engine::step(state, input, world)` gives the new state, what is said, and at most one request to the world; the
//! conversation performs the request and steps again with its outcome. No IO, no async, no clock in here.
//!
//! A flow is an ordered list of steps (data, under `dialogs/`). The engine never stores "where it is" in a flow: the open
//! step is always the first one that is not yet settled. A correction therefore needs no special case: it changes a slot, and
//! the walk from the top finds what has become open again.

pub mod action;
pub mod advance;
pub mod apart;
pub mod engine;
pub mod facts;
pub mod fill;
pub mod flow;
pub mod graph;
pub mod io;
pub mod load;
mod nearest;
pub mod prompt;
pub mod repair;
pub mod slot;
pub mod state;
pub mod topic;
pub mod turn;
mod wanted;
pub mod world;

#[cfg(test)]
mod tests;

pub use engine::Engine;
pub use flow::Flows;
pub use io::{Input, Outcome, Reaction, Record, Request};
pub use state::State;
pub use world::{SupportDesk, World};
