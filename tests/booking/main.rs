//! The availability core: its rules alone, and its promises on both databases.

#[path = "../support/mod.rs"]
mod support;

mod busy_times;
mod changes;
mod conversations;
mod guards;
mod local_holidays;
mod model;
mod rules;
mod storms;
mod world;
