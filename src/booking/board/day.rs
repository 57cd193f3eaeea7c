//! One day at one office: its starts, how many can serve each, what its quotas leave.

use chrono::{DateTime, Utc};

use super::ledger::{Record, Shut};
use super::office_day::OfficeDay;
use super::request::{Candidate, Member, Request};
use super::time::{NEVER, Seconds, Span, instant, seconds};
use crate::booking::calendar::{Date, DayRule};
use crate::booking::rule::quota::{Kind, Quota, Usage};

/// What the hours of an office say of a day, without what is taken or shut.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) date: Date,
    /// The whole day.
    pub(super) day: Span,
    pub(super) rule: DayRule,
    /// On a holiday, those that there would be otherwise. Each is a whole minute of the day.
    pub(super) starts: Vec<Seconds>,
    /// For each number of minutes how many starts lie in so many first minutes of the day.
    ranks: Vec<u16>,
}

/// What a quota leaves of a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cap {
    /// Starts up to here are free for all.
    pub(super) lifted_until: Seconds,
    /// How many more bookings it admits.
    pub(super) room: u32,
}

/// An office on a day, asked for something.
#[derive(Clone, Copy)]
pub(super) struct DayAt<'a, 'c> {
    pub(super) request: &'c Request<'a>,
    pub(super) candidate: &'c Candidate<'a>,
    pub(super) plan: &'c Plan,
    entries: Option<&'a OfficeDay>,
    now: Seconds,
    /// Whose claims do not count.
    own: Option<[u64; 2]>,
}

impl Plan {
    /// How many starts come before a second.
    fn before(&self, at: Seconds) -> usize {
        let minutes = at.saturating_sub(self.day.from).div_ceil(60) as usize;
        usize::from(self.ranks[minutes.min(self.ranks.len() - 1)])
    }

    pub(super) fn is_holiday(&self) -> bool {
        matches!(self.rule, DayRule::Holiday(_))
    }
}

impl Candidate<'_> {
    /// What its hours say of a date.
    pub(super) fn plan(&self, request: &Request<'_>, date: Date) -> Plan {
        let starts = self.offer.starts(&date, request.length());
        let starts: Vec<Seconds> = starts.into_iter().map(seconds).collect();
        let day = Span::of(date.day);
        Plan { date, day, rule: self.offer.rule_of(&date), ranks: ranks(day, &starts), starts }
    }
}

fn ranks(day: Span, starts: &[Seconds]) -> Vec<u16> {
    let mut ranks = Vec::with_capacity(day.length() as usize / 60 + 1);
    for (rank, start) in (0..).zip(starts) {
        ranks.resize((start - day.from) as usize / 60 + 1, rank);
    }
    ranks.resize(day.length() as usize / 60 + 1, u16::try_from(starts.len()).unwrap_or(u16::MAX));
    ranks
}

/// Room to work in, used again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// For each start how many of the team are free.
    pub(super) free: Vec<u32>,
    blocked: Vec<(usize, usize)>,
}

impl<'a, 'c> DayAt<'a, 'c> {
    pub(super) fn new(request: &'c Request<'a>, candidate: &'c Candidate<'a>, plan: &'c Plan) -> Self {
        let entries = candidate.book.day(plan.date.date);
        Self { request, candidate, plan, entries, now: seconds(request.now), own: None }
    }

    /// The same, as if the claims of a group were not there.
    pub(super) fn without(self, own: Option<[u64; 2]>) -> Self {
        Self { own, ..self }
    }

    /// Counts how many of the team are free for each start.
    pub(super) fn free(&self, scratch: &mut Scratch) {
        let Scratch { free, blocked } = scratch;
        // First by how much each start has more or less than the one before it; at the end, how many.
        free.clear();
        free.resize(self.plan.starts.len() + 1, 0);
        free[0] = u32::try_from(self.candidate.team.len()).unwrap_or(u32::MAX);
        let shut = self.closures().next().is_some();
        match self.entries {
            None if !shut => {}
            Some(entries) if !shut && self.own.is_none() && entries.passing().is_empty() => {
                let mut hint = 0;
                for member in &self.candidate.team {
                    let taken = entries.taken(member.number, &mut hint);
                    take_away(free, taken.iter().map(|taken| self.kept(member, taken.span)));
                }
            }
            _ => {
                for member in &self.candidate.team {
                    blocked.clear();
                    self.block(member, blocked);
                    take_away(free, blocked.iter().copied());
                }
            }
        }
        free.pop();
        let mut count = 0_u32;
        for free in free.iter_mut() {
            count = count.wrapping_add(*free);
            *free = count;
        }
    }

    /// The places of the starts that time taken of a member keeps from it.
    fn kept(&self, member: &Member<'_>, taken: Span) -> (usize, usize) {
        let ends_in_it = taken.from.saturating_sub(self.request.length_seconds() + member.after);
        (self.plan.before(ends_in_it.saturating_add(1)), self.plan.before(taken.to.saturating_add(member.before)))
    }

    /// Until when all that was counted holds if nothing changes: then something expires, or a quota lifts.
    pub(super) fn holds_until(&self) -> Seconds {
        let expiries = self.entries.into_iter().flat_map(|entries| entries.passing());
        let expiries = expiries.map(|&number| self.record(number).expires).filter(|&expires| expires > self.now);
        let lifts = self.candidate.quotas.iter().filter_map(|quota| {
            let before = quota.lifts_hours_before?.saturating_mul(3600);
            let next = self.plan.starts.partition_point(|&start| start <= self.now.saturating_add(before));
            self.plan.starts.get(next).map(|start| start - before)
        });
        expiries.chain(lifts).min().unwrap_or(NEVER)
    }

    /// Whether a member of the team is free for the start with this place in the plan.
    pub(super) fn is_free(&self, member: &Member<'_>, start: usize) -> bool {
        let mut blocked = Vec::new();
        self.block(member, &mut blocked);
        !blocked.iter().any(|&(from, to)| from <= start && start < to)
    }

    /// For each start whether a member of the team is free.
    pub(super) fn free_starts(&self, member: &Member<'_>) -> Vec<bool> {
        let mut blocked = Vec::new();
        self.block(member, &mut blocked);
        let mut free = vec![true; self.plan.starts.len()];
        blocked.into_iter().filter(|(from, to)| from < to).for_each(|(from, to)| free[from..to].fill(false));
        free
    }

    /// The places of the starts for which a member cannot serve, as ranges in order.
    fn block(&self, member: &Member<'_>, blocked: &mut Vec<(usize, usize)>) {
        match (self.own, self.entries) {
            (None, Some(entries)) => {
                let taken = entries.taken(member.number, &mut 0);
                blocked.extend(taken.iter().map(|taken| self.kept(member, taken.span)));
                for record in entries.passing().iter().map(|&number| self.record(number)) {
                    self.block_record(member, record, blocked);
                }
            }
            (Some(_), Some(entries)) => {
                for record in entries.all().map(|number| self.record(number)) {
                    self.block_record(member, record, blocked);
                }
            }
            (_, None) => {}
        }
        for shut in self.closures().filter(|shut| shut.resource.is_none_or(|resource| resource == member.number)) {
            let ends_in_it = shut.span.from.saturating_sub(self.request.length_seconds());
            blocked.push((self.plan.before(ends_in_it.saturating_add(1)), self.plan.before(shut.span.to)));
        }
        blocked.sort_unstable();
    }

    /// The closures that count on this day, in the order of their beginning.
    fn closures(&self) -> impl Iterator<Item = &'a Shut> {
        let (day, special) = (self.plan.day, self.plan.rule == DayRule::Special);
        let shut = self.candidate.book.closures.iter().filter(move |shut| shut.span.touches(day));
        shut.filter(move |shut| !special || shut.resource.is_some())
    }

    /// Why a start is shut, when closures alone leave too few of the team.
    pub(super) fn closed_because(&self, start: Seconds) -> Option<&'a str> {
        let slot = self.slot(start);
        let shut = |member: &Member<'_>| {
            let mut closures = self.closures();
            closures
                .find(|shut| shut.span.touches(slot) && shut.resource.is_none_or(|resource| resource == member.number))
        };
        let closures: Vec<_> = self.candidate.team.iter().filter_map(shut).collect();
        let open = self.candidate.team.len() - closures.len();
        closures.first().filter(|_| open < self.request.desks() as usize).map(|shut| &*shut.reason)
    }

    /// What each quota leaves of the day.
    pub(super) fn caps(&self) -> Vec<Cap> {
        if self.candidate.quotas.is_empty() {
            return Vec::new();
        }
        let minutes = self.request.minutes_counted();
        let open = self.minutes_open();
        let caps = self.candidate.quotas.iter().map(|quota| Cap {
            lifted_until: quota
                .lifts_hours_before
                .map_or(0, |hours| self.now.saturating_add(hours.saturating_mul(3600))),
            room: quota.room(self.usage(quota), minutes, open),
        });
        caps.collect()
    }

    /// The serving time of the whole day.
    pub(super) fn minutes_open(&self) -> u32 {
        self.request.board.minutes_open(self.candidate.place, &self.plan.date)
    }

    /// What the bookings that count towards a quota have taken of the day.
    fn usage(&self, quota: &Quota) -> Usage {
        let Some(entries) = self.entries else { return Usage::default() };
        let ledger = &self.request.board.ledger;
        let counts = |service: u32, channel: u16, mode, staff| {
            let channel = ledger.channels.name(u32::from(channel));
            quota.counts(&Kind { channel, staff, mode, service: ledger.services.name(service) })
        };
        let mut usage = Usage::default();
        if self.own.is_none() {
            for used in entries.used().iter().filter(|u| counts(u.service, u.channel, u.mode, u.staff)) {
                usage.places += used.places;
                usage.minutes += used.seconds / 60;
            }
            if entries.passing().is_empty() {
                return usage;
            }
        }
        self.add_records(entries, |r| counts(r.service, r.channel, r.mode, r.staff), &mut usage);
        usage
    }

    /// Adds the records that no sum holds: those that expire, or all when some do not count.
    fn add_records(&self, entries: &OfficeDay, counts: impl Fn(&Record) -> bool, usage: &mut Usage) {
        let mut groups = std::collections::HashSet::new();
        let summed = entries.all().count() - entries.passing().len();
        let skip = if self.own.is_none() { summed } else { 0 };
        if skip > 0 {
            groups.extend(entries.all().take(skip).map(|number| self.record(number).group));
        }
        for record in entries.all().skip(skip).map(|number| self.record(number)) {
            let today = self.plan.day.from <= record.slot.from && record.slot.from < self.plan.day.to;
            if record.counts && today && self.stands(record) && counts(record) {
                usage.places += u32::from(groups.insert(record.group));
                usage.minutes += record.slot.length() / 60;
            }
        }
    }

    /// Whether a claim counts: it has not expired and belongs to somebody else.
    pub(super) fn stands(&self, record: &Record) -> bool {
        record.expires > self.now && (self.own.is_none() || self.own != Some(record.group))
    }

    pub(super) fn slot(&self, start: Seconds) -> Span {
        Span { from: start, to: start + self.request.length_seconds() }
    }

    pub(super) fn starts_at(&self, start: usize) -> DateTime<Utc> {
        instant(self.plan.starts[start])
    }

    fn record(&self, number: u32) -> &'a Record {
        self.request.board.ledger.record(number)
    }

    fn block_record(&self, member: &Member<'_>, record: &Record, blocked: &mut Vec<(usize, usize)>) {
        if record.resource == member.number && self.stands(record) {
            blocked.push(self.kept(member, record.span));
        }
    }
}

/// Takes one away from the starts in any of some ranges, which are in the order of their beginning.
fn take_away(changes: &mut [u32], ranges: impl Iterator<Item = (usize, usize)>) {
    let mut done = 0;
    for (from, to) in ranges {
        let from = from.max(done);
        if from < to {
            changes[from] = changes[from].wrapping_sub(1);
            changes[to] = changes[to].wrapping_add(1);
            done = to;
        }
    }
}

/// How many more bookings the quotas admit at a start.
pub(super) fn admitted(caps: &[Cap], start: Seconds) -> u32 {
    caps.iter().filter(|cap| start > cap.lifted_until).map(|cap| cap.room).min().unwrap_or(u32::MAX)
}
