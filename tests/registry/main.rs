//! The national registry, read over the wire: a local server speaks its shape, with the faults of real ones.

mod command;
mod job;
mod near;
mod search;
mod server;
mod sync;
