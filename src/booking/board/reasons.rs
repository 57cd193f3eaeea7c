//! Why nothing is free: the rule that really emptied an answer.

use chrono::{DateTime, NaiveDate, Utc};

use super::day::{DayAt, Scratch, admitted};
use super::request::Candidate;
use super::search::Search;
use super::time::{Seconds, seconds};
use crate::booking::calendar::{DayRule, day_in};
use crate::booking::core::EmptyBecause;

/// What was met on the way through the calendar.
pub(super) struct Reasons<'s, 'a> {
    search: &'s Search<'a>,
    kept: bool,
    full: bool,
    closed: Option<String>,
    holiday: Option<String>,
    /// A holiday on a day on which nothing asked for would be served anyway.
    idle_holiday: Option<String>,
    /// A day that is no holiday was among the asked ones.
    working_day: bool,
    too_soon: bool,
}

impl<'s, 'a> Reasons<'s, 'a> {
    pub(super) fn new(search: &'s Search<'a>) -> Self {
        Self {
            search,
            kept: false,
            full: false,
            closed: None,
            holiday: None,
            idle_holiday: None,
            working_day: false,
            too_soon: false,
        }
    }

    /// Whether looking at more days can change nothing.
    pub(super) fn is_settled(&self) -> bool {
        self.kept || (self.full && !self.search.has_quotas)
    }

    /// Looks at one date at every office.
    pub(super) fn look_at_date(&mut self, date: NaiveDate) {
        for candidate in &self.search.candidates {
            if !candidate.team.is_empty() && date <= candidate.last_date && !self.is_settled() {
                self.look_at(candidate, date);
            }
        }
    }

    fn look_at(&mut self, candidate: &Candidate<'a>, date: NaiveDate) {
        let search = self.search;
        let plan = search.plan(candidate, date);
        let is_past = plan.day.to <= seconds(search.request.now);
        if is_past || !search.wish.touches(date, plan.day.window()) {
            return;
        }
        let asked = |start: &Seconds| search.grants(candidate, *start);
        if let DayRule::Holiday(name) = &plan.rule {
            let place = if plan.starts.iter().any(asked) { &mut self.holiday } else { &mut self.idle_holiday };
            place.get_or_insert_with(|| name.clone());
            return;
        }
        self.working_day = true;
        if plan.starts.is_empty() {
            return;
        }
        let day = DayAt::new(&search.request, candidate, &plan);
        let (mut scratch, caps, desks) = (Scratch::default(), day.caps(), search.request.desks());
        day.free(&mut scratch);
        for (start, &free) in plan.starts.iter().zip(&scratch.free).filter(|(start, _)| asked(start)) {
            if *start < search.request.earliest_second() {
                self.too_soon = true;
            } else if free >= desks {
                self.kept |= admitted(&caps, *start) == 0;
            } else if let Some(reason) = day.closed_because(*start) {
                self.closed.get_or_insert_with(|| reason.to_owned());
            } else {
                self.full = true;
            }
        }
    }

    /// The most telling rule for all that was asked.
    pub(super) fn of_all(self) -> EmptyBecause {
        let beyond = self.beyond_of_windows();
        let lies_before = self.search.wish.lies_before(self.search.request.earliest());
        self.most_telling(beyond, lies_before)
    }

    /// The most telling rule for one date.
    pub(super) fn of_date(self, date: NaiveDate) -> EmptyBecause {
        let search = self.search;
        let late = search.candidates.iter().filter(|c| date > c.last_date && touches(search, c, date));
        let beyond = late.map(|c| search.request.beyond(date, c.offer.office.time_zone));
        let beyond = soonest(beyond);
        let lies_before = search.hull(date).to <= search.request.earliest();
        self.most_telling(beyond, lies_before)
    }

    /// What keeps the asked days shut that come after the last bookable one.
    fn beyond_of_windows(&self) -> Option<EmptyBecause> {
        let search = self.search;
        let of = |c: &Candidate<'_>| {
            let zone = c.offer.office.time_zone;
            let first = search.wish.first_after(day_in(zone, c.last_date).to)?;
            Some(search.request.beyond(first.with_timezone(&zone).date_naive(), zone))
        };
        soonest(search.candidates.iter().filter_map(of))
    }

    /// Something that might have been free tells more than a shut door, and a shut door more than the edges of the calendar.
    fn most_telling(self, beyond: Option<EmptyBecause>, lies_before: bool) -> EmptyBecause {
        if self.search.candidates.iter().all(|c| c.team.is_empty()) {
            EmptyBecause::NobodyServes
        } else if self.kept {
            EmptyBecause::KeptForOthers
        } else if self.full {
            EmptyBecause::FullyBooked
        } else if let Some(reason) = self.closed {
            EmptyBecause::Closed(reason)
        } else if let Some(name) = self.holiday {
            EmptyBecause::Holiday(name)
        } else if self.too_soon {
            EmptyBecause::TooSoon
        } else if let (Some(beyond), false) = (beyond, lies_before) {
            beyond
        } else if let (Some(name), false) = (self.idle_holiday, self.working_day) {
            EmptyBecause::Holiday(name)
        } else if lies_before {
            EmptyBecause::TooSoon
        } else {
            EmptyBecause::OutsideHours
        }
    }
}

fn touches(search: &Search<'_>, candidate: &Candidate<'_>, date: NaiveDate) -> bool {
    search.wish.touches(date, day_in(candidate.offer.office.time_zone, date))
}

/// Of several openings the first; a horizon only where nothing opens.
fn soonest(all: impl Iterator<Item = EmptyBecause>) -> Option<EmptyBecause> {
    all.min_by_key(|because| match because {
        EmptyBecause::NotYetOpen(at) => *at,
        _ => DateTime::<Utc>::MAX_UTC,
    })
}
