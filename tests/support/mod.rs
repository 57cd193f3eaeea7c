//! What tests of the running product share.

pub mod database;
