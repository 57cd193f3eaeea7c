//! Instants as whole seconds since 1970: half the size of a `DateTime`, and the same to the second as the store keeps them.

use chrono::{DateTime, Utc};

use crate::booking::core::Window;

/// Seconds since 1970; lasts until 2106.
pub(super) type Seconds = u32;

/// Never, as an end or an expiry.
pub(super) const NEVER: Seconds = Seconds::MAX;

/// The second that an instant lies in.
pub(super) fn seconds(at: DateTime<Utc>) -> Seconds {
    Seconds::try_from(at.timestamp().max(0)).unwrap_or(NEVER)
}

/// The first whole second that is not before an instant.
pub(super) fn seconds_up(at: DateTime<Utc>) -> Seconds {
    seconds(at).saturating_add(u32::from(at.timestamp_subsec_nanos() > 0))
}

/// The instant of a second.
pub(super) fn instant(at: Seconds) -> DateTime<Utc> {
    DateTime::from_timestamp(i64::from(at), 0).unwrap_or_default()
}

/// A stretch of seconds, `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) from: Seconds,
    pub(super) to: Seconds,
}

impl Span {
    /// The whole seconds that a window touches.
    pub(super) fn of(window: Window) -> Self {
        Self { from: seconds(window.from), to: seconds_up(window.to) }
    }

    pub(super) fn window(self) -> Window {
        Window { from: instant(self.from), to: instant(self.to) }
    }

    pub(super) fn is_empty(self) -> bool {
        self.from >= self.to
    }

    pub(super) fn touches(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The part of it inside another one, which may be empty.
    pub(super) fn within(self, other: Self) -> Self {
        let from = self.from.max(other.from);
        Self { from, to: self.to.min(other.to).max(from) }
    }

    pub(super) fn length(self) -> Seconds {
        self.to - self.from
    }
}
