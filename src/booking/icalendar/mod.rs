//! Calendars as other programs read and write them (RFC 5545): appointments as a feed, busy times from an address.
//!
//! Reading is forgiving, because calendars in the wild are: a broken event is reported and left out, never fatal. What
//! cannot be a calendar at all, or not the whole of one, is refused, so that busy time is never let go by mistake.

mod busy;
mod event;
mod recurrence;
mod write;
mod zone;

pub use busy::{BusyTimes, LARGEST, MOST_OCCURRENCES, Problem, Trouble, Unreadable, busy_times};
pub use write::{Feed, FeedEntry, citizen_file};
