//! The dialog engine: a pure function.
