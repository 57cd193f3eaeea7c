//! What earlier searches found out about an office on a day: how many appointments can still be made there, as long as nothing
//! changes. A change forgets the days of the office that it touches; what the clock alone changes (something expires, a quota
//! lifts) is remembered with the second until which it holds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::index::Index;
use super::time::Seconds;
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;

/// The most that is remembered, office-days; when it is more, all is forgotten.
const MOST: usize = 16 << 20;

/// What is asked, of those questions that many ask: one person, any employee, any language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    pub(super) service: ServiceId,
    pub(super) mode: Mode,
    pub(super) staff: bool,
    pub(super) channel: String,
}

/// What is known of a day for one question, by the place of the office in the catalogue.
pub(super) type DaySheet = Arc<[AtomicU64]>;

/// The answers to one question, by day.
pub(super) type Sheet = RwLock<HashMap<i32, DaySheet>>;

/// How many appointments can be made at an office on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Free {
    /// So many.
    Exactly(u32),
    /// At least one.
    Some,
}

/// All that is remembered.
#[derive(Debug, Default)]
pub(super) struct Memo {
    sheets: RwLock<HashMap<Question, Arc<Sheet>>>,
    /// The latest moment anybody asked at: to an earlier one the answers may not apply.
    latest: AtomicU32,
    /// How many office-days have room.
    size: AtomicU64,
}

/// How [`Free::Some`] is written down.
const SOME: u32 = u32::MAX;

impl Memo {
    /// The answers to a question asked at `now`; `None` for somebody who asks from the past.
    pub(super) fn sheet(&self, question: &Question, now: Seconds) -> Option<Arc<Sheet>> {
        if self.latest.fetch_max(now, Ordering::AcqRel) > now {
            return None;
        }
        if let Some(sheet) = self.sheets.read().unwrap_or_else(PoisonError::into_inner).get(question) {
            return Some(Arc::clone(sheet));
        }
        let mut sheets = self.sheets.write().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(sheets.entry(question.clone()).or_default()))
    }

    /// The page of a day, an empty one for a new day.
    pub(super) fn day(&self, sheet: &Sheet, day: i32, offices: usize) -> DaySheet {
        if let Some(page) = sheet.read().unwrap_or_else(PoisonError::into_inner).get(&day) {
            return Arc::clone(page);
        }
        let mut days = sheet.write().unwrap_or_else(PoisonError::into_inner);
        let page = days.entry(day).or_insert_with(|| {
            self.size.fetch_add(offices as u64, Ordering::Relaxed);
            (0..offices).map(|_| AtomicU64::new(0)).collect()
        });
        Arc::clone(page)
    }

    /// Forgets a day of an office.
    pub(super) fn forget_day(&mut self, index: &Index, number: u32, day: i32) {
        let Some(office) = index.place_of(number) else { return };
        self.each_sheet(|days| {
            if let Some(entry) = days.get(&day).and_then(|page| page.get(office)) {
                entry.store(0, Ordering::Relaxed);
            }
        });
    }

    /// Forgets all days of an office.
    pub(super) fn forget_office(&mut self, index: &Index, number: u32) {
        let Some(office) = index.place_of(number) else { return };
        self.each_sheet(|days| {
            for entry in days.values().filter_map(|page| page.get(office)) {
                entry.store(0, Ordering::Relaxed);
            }
        });
    }

    /// Forgets the days before a day.
    pub(super) fn forget_before(&mut self, day: i32) {
        self.each_sheet(|days| days.retain(|&other, _| other >= day));
    }

    /// Forgets all, when it has become too much.
    pub(super) fn trim(&mut self) {
        if *self.size.get_mut() > MOST as u64 {
            self.clear();
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.sheets.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        *self.size.get_mut() = 0;
    }

    /// Nobody searches meanwhile: changes have the board for themselves.
    fn each_sheet(&mut self, mut visit: impl FnMut(&mut HashMap<i32, DaySheet>)) {
        for sheet in self.sheets.get_mut().unwrap_or_else(PoisonError::into_inner).values() {
            visit(&mut sheet.write().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// What is written on a page about an office, if it still holds at `now`.
pub(super) fn recall(page: &DaySheet, office: usize, now: Seconds) -> Option<Free> {
    let written = page[office].load(Ordering::Relaxed);
    let (until, free) = ((written >> 32) as u32, written as u32);
    (now < until).then_some(if free == SOME { Free::Some } else { Free::Exactly(free) })
}

/// Writes down what holds before `until`. That there are some never replaces how many there are.
pub(super) fn remember(page: &DaySheet, office: usize, free: Free, until: Seconds) {
    let free = match free {
        Free::Exactly(free) => free.min(SOME - 1),
        Free::Some => SOME,
    };
    page[office].store(u64::from(until) << 32 | u64::from(free), Ordering::Relaxed);
}
