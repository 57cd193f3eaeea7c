//! The search for free slots: the first page in an order, and how many there are on each day.
//!
//! It walks the calendar day by day over all offices and keeps only the best slots seen, one more than the page holds; a
//! day, or an office on a day, whose first start comes after the worst of them is not looked at.

use std::cell::RefCell;
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Board;
use super::day::{DayAt, Plan, Scratch, admitted};
use super::memo::{DaySheet, Free, Sheet, recall, remember};
use super::reasons::Reasons;
use super::request::{Candidate, Request, days_after};
use super::time::{NEVER, Seconds, instant, seconds};
use crate::booking::calendar::{Date, day_in};
use crate::booking::catalogue::Office;
use crate::booking::core::{Actor, DayCount, EmptyBecause, Near, Order, Slot, SlotPage, SlotQuery, Window};
use crate::booking::id::OfficeId;
use crate::booking::place::distance_km;
use crate::booking::refusal::Refusal;
use crate::booking::wish::Wish;

/// The most slots one page may have.
pub const LARGEST_PAGE: usize = 500;

/// The most days that are counted at once.
const MOST_DAYS: i64 = 366;

/// A search made ready.
pub(super) struct Search<'a> {
    pub(super) request: Request<'a>,
    query: &'a SlotQuery,
    pub(super) wish: Wish<'a>,
    /// In the order in which they come at one time.
    pub(super) candidates: Vec<Candidate<'a>>,
    /// Whether any of them keeps something for others.
    pub(super) has_quotas: bool,
    zones: Vec<Tz>,
    plans: RefCell<HashMap<(usize, NaiveDate), Rc<Plan>>>,
    dates: RefCell<HashMap<(Tz, NaiveDate), Date>>,
    /// What earlier searches found out about this question.
    sheet: Option<Arc<Sheet>>,
    scratch: RefCell<Scratch>,
}

/// A free slot on its way to the page, in the order of the page: by the first, then the second.
type Found = ((Seconds, usize), u32);

impl<'a> Search<'a> {
    pub(super) fn new(
        board: &'a Board,
        query: &'a SlotQuery,
        actor: &'a Actor,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        check(query)?;
        let request = Request::new(board, (&query.service, query.mode, &query.needs), actor, now)?;
        let mut candidates = candidates(&request, &query.offices)?;
        if let Some(near) = query.near {
            candidates.iter_mut().for_each(|c| c.distance_m = Some(distance_m(near, c.offer.office)));
            let most = near.within_km.map_or(f64::INFINITY, |km| km * 1000.0);
            candidates.retain(|c| f64::from(c.distance_m.unwrap_or(0)) <= most);
        }
        candidates.sort_by(|a, b| rank(a).cmp(&rank(b)));
        candidates.dedup_by(|a, b| a.place == b.place);
        let mut zones: Vec<Tz> = Vec::new();
        for candidate in &candidates {
            if !zones.contains(&candidate.offer.office.time_zone) {
                zones.push(candidate.offer.office.time_zone);
            }
        }
        Ok(Self {
            request,
            query,
            wish: Wish::new(query),
            has_quotas: candidates.iter().any(|candidate| !candidate.quotas.is_empty()),
            candidates,
            zones,
            plans: RefCell::default(),
            dates: RefCell::default(),
            sheet: request.question().and_then(|question| board.memo.sheet(&question, seconds(now))),
            scratch: RefCell::default(),
        })
    }

    /// The page that was asked for.
    pub(super) fn page(&self) -> SlotPage {
        let mut found = match self.query.order {
            Order::Earliest => self.earliest(),
            Order::Nearest => self.nearest(),
        };
        let more = found.len() > self.query.limit;
        found.truncate(self.query.limit);
        let empty_because = found.is_empty().then(|| self.why_empty());
        let next_release = found.is_empty().then(|| self.next_release()).flatten();
        SlotPage { slots: found.into_iter().map(|f| self.slot(f)).collect(), more, empty_because, next_release }
    }

    /// The first slots by time, then by rank.
    fn earliest(&self) -> Vec<Found> {
        let Some(first_date) = self.first_date() else { return Vec::new() };
        let last = self.last_date();
        // No zone is a whole day behind another, nor ahead.
        let before_page = self.query.after.as_ref().and_then(|(start, _)| start.date_naive().pred_opt());
        let mut date = first_date.max(before_page.unwrap_or(first_date));
        let after = self.query.after.as_ref().map(|(start, office)| (seconds(*start), self.rank_after(office)));
        let mut best = Best::new(self.query.limit + 1);
        while date <= last && !best.ends_before(self.hull(date).from) {
            let page = self.memory_of(date);
            for (rank, candidate) in self.candidates.iter().enumerate() {
                let first = after.map_or(0, |(start, next)| if rank < next { start + 1 } else { start });
                let could = |start| best.could_take((start, rank));
                let Some(plan) = self.look_at(candidate, date, page.as_ref(), could) else { continue };
                for (start, free) in self.free_slots(candidate, &plan) {
                    if start >= first && !best.offer(((start, rank), free)) {
                        break;
                    }
                }
            }
            date = days_after(date, 1);
        }
        best.in_order()
    }

    /// The first slots by rank, then by time.
    fn nearest(&self) -> Vec<Found> {
        let Some(first_date) = self.first_date() else { return Vec::new() };
        let wanted = self.query.limit + 1;
        let mut found = Vec::new();
        let after = self.query.after.as_ref().map(|(start, office)| (seconds(*start), self.rank_after(office)));
        for (rank, candidate) in self.candidates.iter().enumerate() {
            let first = match after {
                Some((_, next)) if rank + 1 < next => continue,
                Some((start, next)) if rank < next => start + 1,
                _ => 0,
            };
            let mut date = first_date;
            while date <= candidate.last_date && found.len() < wanted {
                if let Some(plan) = self.look_at(candidate, date, self.memory_of(date).as_ref(), |_| true) {
                    let free = self.free_slots(candidate, &plan).into_iter();
                    found.extend(free.filter(|slot| slot.0 >= first).map(|(start, free)| ((start, rank), free)));
                }
                date = days_after(date, 1);
            }
        }
        found.truncate(wanted);
        found
    }

    /// Counts what is free at an office on a date; `None` when nothing is, or nothing that the page `could` take.
    fn look_at(
        &self,
        candidate: &Candidate<'a>,
        date: NaiveDate,
        page: Option<&DaySheet>,
        could: impl Fn(Seconds) -> bool,
    ) -> Option<Rc<Plan>> {
        if candidate.team.is_empty() || date > candidate.last_date {
            return None;
        }
        let known = page.and_then(|page| recall(page, candidate.place, seconds(self.request.now)));
        if known == Some(Free::Exactly(0)) {
            return None;
        }
        let plan = self.plan(candidate, date);
        if plan.is_holiday() || plan.starts.is_empty() {
            self.note(page, candidate, Free::Exactly(0), NEVER);
            return None;
        }
        let (first, last) = (*plan.starts.first()?, *plan.starts.last()?);
        let late = last < self.request.earliest_second();
        if late || !could(first) || !self.wish.touches(date, plan.date.day) {
            return None;
        }
        let day = DayAt::new(&self.request, candidate, &plan);
        let (mut scratch, caps, desks) = (self.scratch.borrow_mut(), day.caps(), self.request.desks());
        day.free(&mut scratch);
        for (free, &start) in scratch.free.iter_mut().zip(&plan.starts) {
            *free = (*free / desks).min(admitted(&caps, start));
        }
        let any = scratch.free.iter().any(|&free| free > 0);
        if known.is_none() {
            self.note(page, candidate, if any { Free::Some } else { Free::Exactly(0) }, day.holds_until());
        }
        drop(scratch);
        any.then_some(plan)
    }

    /// Remembers what was found out about an office.
    fn note(&self, page: Option<&DaySheet>, candidate: &Candidate<'_>, free: Free, until: Seconds) {
        if let Some(page) = page {
            remember(page, candidate.place, free, until);
        }
    }

    /// The free slots that were counted last, of those that are asked for.
    fn free_slots(&self, candidate: &Candidate<'_>, plan: &Plan) -> Vec<(Seconds, u32)> {
        let scratch = self.scratch.borrow();
        let slots = plan.starts.iter().copied().zip(scratch.free.iter().copied());
        slots.filter(|&(start, free)| free > 0 && self.allows(candidate, start)).collect()
    }

    /// What earlier searches found out about a date.
    fn memory_of(&self, date: NaiveDate) -> Option<DaySheet> {
        let board = self.request.board;
        let sheet = self.sheet.as_ref()?;
        Some(board.memo.day(sheet, date.num_days_from_ce(), board.catalogue.offices.len()))
    }

    /// Whether a start is late enough, and asked for.
    pub(super) fn allows(&self, candidate: &Candidate<'_>, start: Seconds) -> bool {
        start >= self.request.earliest_second() && self.grants(candidate, start)
    }

    pub(super) fn grants(&self, candidate: &Candidate<'_>, start: Seconds) -> bool {
        self.wish.takes_whole_days() || self.wish.grants(candidate.offer.office.time_zone, instant(start))
    }

    /// The plan of a date at an office; offices with the same hours share it.
    pub(super) fn plan(&self, candidate: &Candidate<'_>, date: NaiveDate) -> Rc<Plan> {
        let hours = self.request.board.index.hours[candidate.place];
        let mut plans = self.plans.borrow_mut();
        Rc::clone(plans.entry((hours, date)).or_insert_with(|| {
            let zone = candidate.offer.office.time_zone;
            let date = *self.dates.borrow_mut().entry((zone, date)).or_insert_with(|| Date::new(zone, date));
            Rc::new(candidate.plan(&self.request, date))
        }))
    }

    /// How much is free on each day of a range.
    pub(super) fn days(&self, from: NaiveDate, to: NaiveDate) -> Vec<DayCount> {
        from.iter_days().take_while(|date| *date <= to).map(|date| self.count(date)).collect()
    }

    fn count(&self, date: NaiveDate) -> DayCount {
        let (page, hull) = (self.memory_of(date), self.hull(date));
        let late_enough = seconds(hull.from) >= self.request.earliest_second();
        let whole = late_enough && self.wish.takes_whole_days() && self.wish.touches(date, hull);
        let count = |candidate| self.count_at(candidate, date, whole, page.as_ref());
        let free = self.candidates.iter().fold(0_u32, |all, candidate| all.saturating_add(count(candidate)));
        let empty_because = (free == 0).then(|| {
            let mut reasons = Reasons::new(self);
            reasons.look_at_date(date);
            reasons.of_date(date)
        });
        DayCount { date, free, empty_because }
    }

    /// The same at one office; `whole` where every start of the date is asked for.
    fn count_at(&self, candidate: &Candidate<'a>, date: NaiveDate, whole: bool, page: Option<&DaySheet>) -> u32 {
        if candidate.team.is_empty() || date > candidate.last_date {
            return 0;
        }
        let known = page.and_then(|page| recall(page, candidate.place, seconds(self.request.now)));
        match known {
            Some(Free::Exactly(0)) => return 0,
            Some(Free::Exactly(free)) if whole => return free,
            _ => {}
        }
        let plan = self.plan(candidate, date);
        if plan.is_holiday() || plan.starts.is_empty() {
            self.note(page, candidate, Free::Exactly(0), NEVER);
            return 0;
        }
        if !self.wish.touches(date, plan.date.day) {
            return 0;
        }
        let day = DayAt::new(&self.request, candidate, &plan);
        let free = day.count(&mut self.scratch.borrow_mut(), |start| whole || self.allows(candidate, start));
        if whole {
            self.note(page, candidate, Free::Exactly(free), day.holds_until());
        }
        free
    }

    fn why_empty(&self) -> EmptyBecause {
        let mut reasons = Reasons::new(self);
        let Some(mut date) = self.first_date() else { return EmptyBecause::NobodyServes };
        while date <= self.last_date() && !reasons.is_settled() {
            reasons.look_at_date(date);
            date = days_after(date, 1);
        }
        reasons.of_all()
    }

    fn next_release(&self) -> Option<DateTime<Utc>> {
        self.zones.iter().filter_map(|zone| self.request.release().next(self.request.now, *zone)).min()
    }

    /// The first date on which a slot can start; `None` when there is no office.
    fn first_date(&self) -> Option<NaiveDate> {
        let earliest = self.request.earliest().min(self.request.now);
        self.zones.iter().map(|zone| earliest.with_timezone(zone).date_naive()).min()
    }

    pub(super) fn last_date(&self) -> NaiveDate {
        self.candidates.iter().map(|c| c.last_date).max().unwrap_or(NaiveDate::MIN)
    }

    /// From the first midnight to the last midnight that a date has in the zones of the offices.
    pub(super) fn hull(&self, date: NaiveDate) -> Window {
        let days = self.zones.iter().map(|zone| day_in(*zone, date));
        days.reduce(|a, b| Window { from: a.from.min(b.from), to: a.to.max(b.to) })
            .unwrap_or(Window { from: self.request.now, to: self.request.now })
    }

    /// How many offices come before an office, and that one itself.
    fn rank_after(&self, office: &OfficeId) -> usize {
        let board = self.request.board;
        let place = board.index.office(office);
        let distance = self.query.near.zip(place).map(|(near, at)| distance_m(near, &board.catalogue.offices[at]));
        self.candidates.partition_point(|c| rank(c) <= (distance, office))
    }

    fn slot(&self, ((start, rank), free): Found) -> Slot {
        let candidate = &self.candidates[rank];
        let start = instant(start);
        Slot {
            start,
            end: start + self.request.length(),
            office: candidate.offer.office.id.clone(),
            mode: self.request.mode,
            free,
            distance_m: candidate.distance_m,
        }
    }
}

/// The best slots seen so far.
struct Best {
    heap: BinaryHeap<Found>,
    most: usize,
}

impl Best {
    fn new(most: usize) -> Self {
        Self { heap: BinaryHeap::with_capacity(most + 1), most }
    }

    /// Takes a slot if it is among the best; says whether a later one of the same office may be, too.
    fn offer(&mut self, found: Found) -> bool {
        if self.heap.len() >= self.most {
            if self.heap.peek().is_some_and(|worst| *worst <= found) {
                return false;
            }
            self.heap.pop();
        }
        self.heap.push(found);
        true
    }

    /// Whether a slot in this place of the order can be among them.
    fn could_take(&self, place: (Seconds, usize)) -> bool {
        self.heap.len() < self.most || self.heap.peek().is_some_and(|(worst, _)| place < *worst)
    }

    /// Whether nothing that starts from `at` on can be among them.
    fn ends_before(&self, at: DateTime<Utc>) -> bool {
        self.heap.len() >= self.most && self.heap.peek().is_some_and(|((start, _), _)| instant(*start) < at)
    }

    fn in_order(self) -> Vec<Found> {
        self.heap.into_sorted_vec()
    }
}

/// Checks the days of a count.
pub(super) fn check_days(from: NaiveDate, to: NaiveDate) -> Result<(), Refusal> {
    if from > to || (to - from) >= TimeDelta::days(MOST_DAYS) {
        return Err(Refusal::Invalid {
            field: "to",
            message: format!("is not within {MOST_DAYS} days from the first"),
        });
    }
    Ok(())
}

fn check(query: &SlotQuery) -> Result<(), Refusal> {
    let invalid = |field, message: &str| Err(Refusal::Invalid { field, message: message.to_owned() });
    if !(1..=LARGEST_PAGE).contains(&query.limit) {
        return invalid("limit", &format!("is not in 1 to {LARGEST_PAGE}"));
    }
    if query.windows.iter().chain(&query.excluded).any(|w| w.from > w.to) {
        return invalid("windows", "end before they begin");
    }
    if query.order == Order::Nearest && query.near.is_none() {
        return invalid("near", "is missing, and distances are counted from it");
    }
    Ok(())
}

fn candidates<'a>(request: &Request<'a>, offices: &[OfficeId]) -> Result<Vec<Candidate<'a>>, Refusal> {
    let board = request.board;
    if offices.is_empty() {
        let places = board.index.offering(&request.service.id);
        if places.is_empty() {
            return Err(Refusal::NotOffered(format!("service {} at any office", request.service.id)));
        }
        return places.iter().map(|&place| request.candidate(place)).collect();
    }
    let unknown = |id: &OfficeId| Refusal::NotOffered(format!("office {id}"));
    offices.iter().map(|id| request.candidate(board.index.office(id).ok_or_else(|| unknown(id))?)).collect()
}

fn rank<'c>(candidate: &'c Candidate<'_>) -> (Option<u32>, &'c OfficeId) {
    (candidate.distance_m, &candidate.offer.office.id)
}

fn distance_m(near: Near, office: &Office) -> u32 {
    (distance_km(near.position, office.position) * 1000.0).round() as u32
}
