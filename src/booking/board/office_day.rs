//! What is taken of one office on one day.

use super::ledger::Record;
use super::time::{NEVER, Span};
use crate::booking::people::Mode;

/// The claims that touch one day of one office.
#[derive(Debug, Default)]
pub(super) struct OfficeDay {
    /// Claims that stand until they are freed.
    lasting: Vec<u32>,
    /// Claims that expire.
    passing: Vec<u32>,
    /// The time of the lasting ones, by resource and beginning, joined where it touches or overlaps.
    taken: Vec<Taken>,
    /// What the lasting ones of this day count in quotas.
    used: Vec<Used>,
}

/// Time of a resource in which it cannot serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taken {
    pub(super) resource: u32,
    pub(super) span: Span,
}

/// What one kind of booking has taken of a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Used {
    pub(super) service: u32,
    pub(super) channel: u16,
    pub(super) mode: Mode,
    pub(super) staff: bool,
    pub(super) places: u32,
    pub(super) seconds: u32,
}

impl OfficeDay {
    pub(super) fn is_empty(&self) -> bool {
        self.lasting.is_empty() && self.passing.is_empty()
    }

    /// Every claim, expired ones too.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        self.lasting.iter().chain(&self.passing).copied()
    }

    /// The claims that expire.
    pub(super) fn passing(&self) -> &[u32] {
        &self.passing
    }

    /// What the lasting ones count in quotas.
    pub(super) fn used(&self) -> &[Used] {
        &self.used
    }

    /// The time that lasting claims take of a resource, in order and apart from one another. `hint` is where it may begin
    /// among all that is taken, and becomes where the next resource may.
    pub(super) fn taken(&self, resource: u32, hint: &mut usize) -> &[Taken] {
        if self.taken.get(*hint).is_none_or(|taken| taken.resource != resource) {
            *hint = self.taken.partition_point(|taken| taken.resource < resource);
        }
        let rest = &self.taken[*hint..];
        let own = rest.iter().position(|taken| taken.resource != resource).unwrap_or(rest.len());
        *hint += own;
        &rest[..own]
    }

    /// Enters a claim; `counts` says whether it counts in this day's quotas.
    pub(super) fn enter(&mut self, number: u32, counts: bool, records: &[Record]) {
        let record = &records[number as usize];
        if record.expires != NEVER {
            self.passing.push(number);
            return;
        }
        if counts {
            let first = !self.lasting.iter().any(|&other| records[other as usize].group == record.group);
            self.use_up(record, u32::from(first));
        }
        self.lasting.push(number);
        self.join(Taken { resource: record.resource, span: record.span });
    }

    /// Strikes a claim out; `counts` as when it was entered.
    pub(super) fn strike(&mut self, number: u32, counts: bool, records: &[Record]) {
        let record = &records[number as usize];
        if let Some(at) = self.passing.iter().position(|&other| other == number) {
            self.passing.swap_remove(at);
            return;
        }
        self.lasting.retain(|&other| other != number);
        self.taken.retain(|taken| taken.resource != record.resource);
        let left: Vec<Span> = self
            .lasting
            .iter()
            .map(|&other| &records[other as usize])
            .filter(|other| other.resource == record.resource)
            .map(|other| other.span)
            .collect();
        for span in left {
            self.join(Taken { resource: record.resource, span });
        }
        if counts {
            let last = !self.lasting.iter().any(|&other| records[other as usize].group == record.group);
            self.give_back(record, u32::from(last));
        }
    }

    fn use_up(&mut self, record: &Record, places: u32) {
        let seconds = record.slot.length();
        if let Some(used) = self.used.iter_mut().find(|used| used.is_of(record)) {
            used.places += places;
            used.seconds += seconds;
        } else {
            let Record { service, channel, mode, staff, .. } = *record;
            self.used.push(Used { service, channel, mode, staff, places, seconds });
        }
    }

    fn give_back(&mut self, record: &Record, places: u32) {
        if let Some(used) = self.used.iter_mut().find(|used| used.is_of(record)) {
            used.places = used.places.saturating_sub(places);
            used.seconds = used.seconds.saturating_sub(record.slot.length());
        }
    }

    /// Adds time of a resource, joined with what it touches.
    fn join(&mut self, new: Taken) {
        let first = self.taken.partition_point(|t| (t.resource, t.span.to) < (new.resource, new.span.from));
        let touching =
            self.taken[first..].iter().take_while(|t| t.resource == new.resource && t.span.from <= new.span.to).count();
        if touching == 0 {
            self.taken.insert(first, new);
            return;
        }
        let last = self.taken[first + touching - 1].span.to;
        let joined = &mut self.taken[first];
        joined.span = Span { from: joined.span.from.min(new.span.from), to: last.max(new.span.to) };
        self.taken.drain(first + 1..first + touching);
    }
}

impl Used {
    fn is_of(&self, record: &Record) -> bool {
        let Record { service, channel, mode, staff, .. } = *record;
        (self.service, self.channel, self.mode, self.staff) == (service, channel, mode, staff)
    }
}
