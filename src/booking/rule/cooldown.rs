//! Against trade in appointments: a slot that a citizen gives back stays shut for a while that nobody can foresee.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a slot stays shut after a citizen cancelled it or moved away, drawn anew each time. Staff give back at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cooldown {
    /// The shortest time, minutes. Default 10.
    pub from_minutes: u32,
    /// The longest time, minutes, at most 1440; 0 turns the rule off. Default 60.
    pub to_minutes: u32,
}

impl Default for Cooldown {
    fn default() -> Self {
        Self { from_minutes: 10, to_minutes: 60 }
    }
}

impl Cooldown {
    /// Until when the slot stays shut; `None` when the rule is off. `chance` is a random number of the whole range.
    #[must_use]
    pub fn until(self, now: DateTime<Utc>, chance: u32) -> Option<DateTime<Utc>> {
        if self.to_minutes == 0 {
            return None;
        }
        let (from, to) = (i64::from(self.from_minutes) * 60, i64::from(self.to_minutes.max(self.from_minutes)) * 60);
        let seconds = from + i64::from(chance) % (to - from + 1);
        Some(now + TimeDelta::seconds(seconds))
    }
}
