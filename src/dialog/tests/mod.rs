//! The flows as they are checked at load, and the engine under anything a citizen can do.

mod drawn;
mod driven;
mod fate;
mod mistakes;
