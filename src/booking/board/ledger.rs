//! All that is taken or shut, by office and day, kept so that a search reads little: what lasts is joined where it touches,
//! so that a full day is a few stretches however many appointments it has.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use hashbrown::HashTable;

use super::names::{Names, key_of};
use super::office_day::OfficeDay;
use super::time::{NEVER, Seconds, Span, instant, seconds};
use crate::booking::claim::{Claim, ClaimKind};
use crate::booking::core::Closure;
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::Mode;

/// The most that the buffers of a service and of a resource reach beyond an appointment, seconds. A claim is entered on every
/// day that it comes so near to, so that one day's entries answer for all appointments of that day.
const REACH: Seconds = 4 * 3600;

/// A claim in few bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) id: [u64; 2],
    /// What shares one appointment; that of nothing when it serves nothing.
    pub(super) group: [u64; 2],
    pub(super) office: u32,
    pub(super) resource: u32,
    pub(super) span: Span,
    /// From then on it counts as free.
    pub(super) expires: Seconds,
    /// The appointment without its buffers.
    pub(super) slot: Span,
    pub(super) service: u32,
    pub(super) channel: u16,
    pub(super) mode: Mode,
    pub(super) staff: bool,
    /// Whether quotas count it.
    pub(super) counts: bool,
}

/// A closure of an office or of one of its resources.
#[derive(Debug, Clone)]
pub(super) struct Shut {
    id: [u64; 2],
    /// Only this resource.
    pub(super) resource: Option<u32>,
    pub(super) span: Span,
    pub(super) reason: Arc<str>,
}

/// What is taken and shut at one office.
#[derive(Debug)]
pub(super) struct OfficeBook {
    zone: Tz,
    days: BTreeMap<i32, OfficeDay>,
    /// In the order of their beginning.
    pub(super) closures: Vec<Shut>,
}

/// All that is taken or shut, whatever the catalogue says of it.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) offices: Names<OfficeId>,
    pub(super) resources: Names<ResourceId>,
    pub(super) services: Names<ServiceId>,
    pub(super) channels: Names<String>,
    records: Vec<Record>,
    vacant: Vec<u32>,
    by_id: HashTable<u32>,
    books: Vec<OfficeBook>,
    office_of_closure: HashMap<[u64; 2], u32>,
}

impl OfficeBook {
    fn new() -> Self {
        Self { zone: crate::clock::ATHENS, days: BTreeMap::new(), closures: Vec::new() }
    }

    /// What is taken on a day; `None` when nothing ever was.
    pub(super) fn day(&self, date: NaiveDate) -> Option<&OfficeDay> {
        self.days.get(&date.num_days_from_ce())
    }

    /// The date that the office's wall clock shows at a second.
    pub(super) fn date(&self, at: Seconds) -> NaiveDate {
        instant(at).with_timezone(&self.zone).date_naive()
    }

    /// The days on which a claim is entered, and whether it counts in their quotas: only on the day of its slot.
    fn days_of(&self, record: &Record) -> Vec<(i32, bool)> {
        let day = |at: Seconds| self.date(at).num_days_from_ce();
        let (first, last) = (record.span.from.saturating_sub(REACH), record.span.to.saturating_add(REACH - 1));
        let slot_day = record.counts.then(|| day(record.slot.from));
        let near: Vec<i32> = (day(first)..=day(last)).collect();
        let elsewhere = slot_day.filter(|slot_day| !near.contains(slot_day));
        near.into_iter().chain(elsewhere).map(|day| (day, Some(day) == slot_day)).collect()
    }
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self {
            offices: Names::new(),
            resources: Names::new(),
            services: Names::new(),
            channels: Names::new(),
            records: Vec::new(),
            vacant: Vec::new(),
            by_id: HashTable::new(),
            books: Vec::new(),
            office_of_closure: HashMap::new(),
        }
    }

    /// The number of an office, which then has a book.
    pub(super) fn office(&mut self, id: &OfficeId) -> u32 {
        let number = self.offices.number(id);
        if self.books.len() <= number as usize {
            self.books.push(OfficeBook::new());
        }
        number
    }

    pub(super) fn book(&self, office: u32) -> &OfficeBook {
        &self.books[office as usize]
    }

    pub(super) fn record(&self, number: u32) -> &Record {
        &self.records[number as usize]
    }

    /// How many claims there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Says by which wall clock an office counts its days, and enters its claims anew when that is another one.
    pub(super) fn set_zone(&mut self, office: u32, zone: Tz) {
        if self.books[office as usize].zone == zone {
            return;
        }
        let numbers: Vec<u32> =
            self.by_id.iter().copied().filter(|&number| self.record(number).office == office).collect();
        let records: Vec<Record> = numbers.iter().map(|&number| *self.record(number)).collect();
        records.iter().for_each(|record| self.remove(record.id, &mut |_, _| {}));
        self.books[office as usize].zone = zone;
        records.into_iter().for_each(|record| self.insert(record, &mut |_, _| {}));
    }

    /// Enters a claim in place of what the one with its id was; tells every office and day that it changed.
    pub(super) fn take(&mut self, claim: &Claim, mut changed: impl FnMut(u32, i32)) {
        let record = self.record_of(claim);
        let old = self.find(record.id).map(|number| *self.record(number));
        if old == Some(record) {
            return;
        }
        if old.is_some() {
            self.remove(record.id, &mut changed);
        }
        if !record.span.is_empty() {
            self.insert(record, &mut changed);
        }
    }

    /// Strikes a claim out; tells every office and day that it changed.
    pub(super) fn free(&mut self, id: &str, mut changed: impl FnMut(u32, i32)) {
        self.remove(key_of(id), &mut changed);
    }

    /// Enters a closure in place of what the one with its id was; tells the offices that it changed.
    pub(super) fn shut(&mut self, id: &str, closure: &Closure, mut changed: impl FnMut(u32)) {
        self.reopen(id, &mut changed);
        let (id, office) = (key_of(id), self.office(&closure.office));
        let resource = closure.resource.as_ref().map(|resource| self.resources.number(resource));
        let shut = Shut { id, resource, span: Span::of(closure.window), reason: closure.reason.as_str().into() };
        if shut.span.is_empty() {
            return;
        }
        let closures = &mut self.books[office as usize].closures;
        let at = closures.partition_point(|other| (other.span.from, other.id) < (shut.span.from, shut.id));
        closures.insert(at, shut);
        self.office_of_closure.insert(id, office);
        changed(office);
    }

    /// Strikes a closure out; tells the office that it changed.
    pub(super) fn reopen(&mut self, id: &str, mut changed: impl FnMut(u32)) {
        let id = key_of(id);
        if let Some(office) = self.office_of_closure.remove(&id) {
            self.books[office as usize].closures.retain(|shut| shut.id != id);
            changed(office);
        }
    }

    /// Forgets what was over by then; tells every office and day that it changed.
    pub(super) fn forget_before(&mut self, at: Seconds, mut changed: impl FnMut(u32, i32)) {
        let over = |record: &Record| record.span.to <= at || record.expires <= at;
        let gone: Vec<_> = self.by_id.iter().map(|&n| *self.record(n)).filter(over).map(|record| record.id).collect();
        gone.into_iter().for_each(|id| self.remove(id, &mut changed));
        for book in &mut self.books {
            book.closures.retain(|shut| shut.span.to > at);
        }
        let books = &self.books;
        self.office_of_closure.retain(|id, office| books[*office as usize].closures.iter().any(|shut| shut.id == *id));
    }

    fn record_of(&mut self, claim: &Claim) -> Record {
        let serves = claim.serves.as_ref();
        let nothing = || ServiceId::new("");
        Record {
            id: key_of(&claim.id),
            group: serves.map_or([0, 0], |s| key_of(&s.group)),
            office: self.office(&claim.office),
            resource: self.resources.number(&claim.resource),
            span: Span::of(claim.window),
            expires: claim.expires_at.map_or(NEVER, seconds),
            slot: serves.map_or(Span { from: 0, to: 0 }, |s| Span::of(s.slot)),
            service: self.services.number(&serves.map_or_else(nothing, |s| s.service.clone())),
            channel: u16::try_from(self.channels.number(&serves.map_or_else(String::new, |s| s.channel.clone())))
                .unwrap_or(u16::MAX),
            mode: serves.map_or(Mode::InPerson, |s| s.mode),
            staff: serves.is_some_and(|s| s.staff),
            counts: serves.is_some() && ClaimKind::counts_in_quotas(claim.kind),
        }
    }

    fn find(&self, id: [u64; 2]) -> Option<u32> {
        self.by_id.find(hash(id), |&number| self.records[number as usize].id == id).copied()
    }

    fn insert(&mut self, record: Record, changed: &mut impl FnMut(u32, i32)) {
        let number = self.vacant.pop().unwrap_or_else(|| u32::try_from(self.records.len()).expect("fewer than 2^32"));
        if number as usize == self.records.len() {
            self.records.push(record);
        } else {
            self.records[number as usize] = record;
        }
        let records = &self.records;
        self.by_id.insert_unique(hash(record.id), number, |&other| hash(records[other as usize].id));
        let book = &mut self.books[record.office as usize];
        for (day, counts) in book.days_of(&record) {
            book.days.entry(day).or_default().enter(number, counts, &self.records);
            changed(record.office, day);
        }
    }

    fn remove(&mut self, id: [u64; 2], changed: &mut impl FnMut(u32, i32)) {
        let Some(number) = self.find(id) else { return };
        let record = self.records[number as usize];
        if let Ok(entry) = self.by_id.find_entry(hash(id), |&other| other == number) {
            entry.remove();
        }
        let book = &mut self.books[record.office as usize];
        for (day, counts) in book.days_of(&record) {
            if let Some(entries) = book.days.get_mut(&day) {
                entries.strike(number, counts, &self.records);
                if entries.is_empty() {
                    book.days.remove(&day);
                }
            }
            changed(record.office, day);
        }
        self.vacant.push(number);
    }
}

fn hash(id: [u64; 2]) -> u64 {
    // The ids are random already; this spreads those that are not.
    (id[0] ^ id[1].rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
