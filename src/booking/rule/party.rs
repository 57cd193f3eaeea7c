//! Services for several persons at once: a family at one desk for longer, or at several desks together.

use serde::{Deserialize, Serialize};

/// How many persons one appointment may serve, and what each further one needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Party {
    /// The most persons, 1 to 20. Default 1.
    pub most: u32,
    /// What each person beside the first needs.
    pub each: Share,
}

/// What each person beside the first needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// So many minutes more at the same desk, 0 to 120.
    Minutes(u32),
    /// A desk of their own at the same time.
    Desk,
}

impl Default for Party {
    fn default() -> Self {
        Self { most: 1, each: Share::Minutes(0) }
    }
}

impl Party {
    /// How long an appointment for `persons` takes, minutes, when one for a single person takes `minutes`.
    #[must_use]
    pub fn minutes(self, minutes: u32, persons: u32) -> u32 {
        match self.each {
            Share::Minutes(more) => minutes.saturating_add(more.saturating_mul(persons.saturating_sub(1))),
            Share::Desk => minutes,
        }
    }

    /// How many resources an appointment for `persons` claims.
    #[must_use]
    pub fn desks(self, persons: u32) -> u32 {
        match self.each {
            Share::Minutes(_) => 1,
            Share::Desk => persons.max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_persons_need_more_minutes_or_more_desks() {
        let minutes = Party { most: 4, each: Share::Minutes(10) };
        let desks = Party { most: 4, each: Share::Desk };
        for (party, persons, expected) in [
            (Party::default(), 1, (20, 1)),
            (minutes, 1, (20, 1)),
            (minutes, 3, (40, 1)),
            (desks, 1, (20, 1)),
            (desks, 3, (20, 3)),
        ] {
            assert_eq!((party.minutes(20, persons), party.desks(persons)), expected, "{party:?} {persons}");
        }
    }
}
