//! What a search asks for in time: windows, exclusions, a part of the day, the place after which a page begins.

use chrono::{DateTime, Utc};

use super::calendar::Offer;
use super::core::{SlotQuery, Window};

/// The times that a query asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    query: &'a SlotQuery,
}

impl<'a> Wish<'a> {
    pub(super) fn new(query: &'a SlotQuery) -> Self {
        Self { query }
    }

    /// Whether a slot that starts in `day` might be asked for.
    pub(super) fn touches(&self, day: Window) -> bool {
        let comes_later = self.query.after.as_ref().is_none_or(|(start, _)| *start < day.to);
        let asked = &self.query.windows;
        comes_later
            && (asked.is_empty() || asked.iter().any(|w| w.from < day.to && day.from < w.to.max(after_instant(*w))))
            && !self.query.excluded.iter().any(|w| w.from <= day.from && day.to <= w.to)
    }

    /// Whether the slot of `offer` at `start` is asked for.
    pub(super) fn grants(&self, offer: &Offer<'_>, start: DateTime<Utc>) -> bool {
        let asked = &self.query.windows;
        (asked.is_empty() || asked.iter().any(|w| starts_in(*w, start)))
            && !self.query.excluded.iter().any(|w| starts_in(*w, start))
            && self.in_part_of_day(offer, start)
            && self.query.after.as_ref().is_none_or(|(last, office)| (&start, &offer.office.id) > (last, office))
    }

    /// Whether it asks only for times before `instant`.
    pub(super) fn lies_before(&self, instant: DateTime<Utc>) -> bool {
        !self.query.windows.is_empty() && self.query.windows.iter().all(|w| w.to <= instant)
    }

    /// Whether it asks for times from `instant` on.
    pub(super) fn reaches_after(&self, instant: DateTime<Utc>) -> bool {
        self.query.windows.iter().any(|w| w.to > instant)
    }

    fn in_part_of_day(&self, offer: &Offer<'_>, start: DateTime<Utc>) -> bool {
        self.query.daily.is_none_or(|daily| {
            let time = start.with_timezone(&offer.office.time_zone).time();
            if daily.from <= daily.to {
                daily.from <= time && time < daily.to
            } else {
                daily.from <= time || time < daily.to
            }
        })
    }
}

/// Whether a slot starts in a window; a window without length is a clock time and means a slot that starts then.
fn starts_in(window: Window, start: DateTime<Utc>) -> bool {
    window.from == start || (window.from < start && start < window.to)
}

/// The instant just after a window's beginning, so that a clock time touches its day.
fn after_instant(window: Window) -> DateTime<Utc> {
    window.from + chrono::TimeDelta::seconds(1)
}
