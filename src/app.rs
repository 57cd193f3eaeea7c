//! Puts the parts together once, for every sub-command and for the tests.

pub mod lexicon;
