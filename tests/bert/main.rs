//! The transformer, on a tiny one that the tests make: `scripts/test --bert`.

mod folders;
mod served;
mod tiny;
mod tokens;
mod training;
