//! The `ariadni` command.

fn main() {}
