//! The rules of the catalogue, each a small type in its own file: what may be written, and what it says of a day, a moment or
//! a request. None of them knows the store.

pub mod buffer;
pub mod cooldown;
pub mod limit;
pub mod local_holiday;
pub mod party;
pub mod quota;
pub mod recurrence;
pub mod release;
pub mod special_day;
pub mod yearly_day;
