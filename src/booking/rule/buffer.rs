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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_of_service_and_resource_add_up_around_the_slot() {
        let of = |before_minutes, after_minutes| Buffer { before_minutes, after_minutes };
        let slot = Window {
            from: "2026-11-26T08:00:00Z".parse().expect("an instant"),
            to: "2026-11-26T08:20:00Z".parse().expect("an instant"),
        };
        for (service, resource, from, to) in [
            (of(0, 0), of(0, 0), "08:00", "08:20"),
            (of(10, 0), of(5, 0), "07:45", "08:20"),
            (of(0, 10), of(0, 5), "08:00", "08:35"),
            (of(15, 5), of(0, 30), "07:45", "08:55"),
        ] {
            let claim = service.and(resource).around(slot);
            let seen = [claim.from, claim.to].map(|at| at.format("%H:%M").to_string());
            assert_eq!(seen, [from, to], "{service:?} {resource:?}");
        }
    }
}
