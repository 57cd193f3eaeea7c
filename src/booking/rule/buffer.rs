//! Time around an appointment in which its resource serves nobody else (χρόνος προετοιμασίας).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::booking::core::Window;

/// Time kept free before and after each appointment. Buffers of a service and of the resource that serves it add up, and so
/// do the one after an appointment and the one before the next. They may lie outside the opening hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Buffer {
    /// Minutes before the start, 0 to 120. Default 0.
    pub before_minutes: u32,
    /// Minutes after the end, 0 to 120. Default 0.
    pub after_minutes: u32,
}

impl Buffer {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            before_minutes: self.before_minutes.saturating_add(other.before_minutes),
            after_minutes: self.after_minutes.saturating_add(other.after_minutes),
        }
    }

    /// What an appointment in `slot` claims of its resource.
    #[must_use]
    pub fn around(self, slot: Window) -> Window {
        let minutes = |n: u32| TimeDelta::minutes(i64::from(n));
        Window { from: slot.from - minutes(self.before_minutes), to: slot.to + minutes(self.after_minutes) }
    }
}
