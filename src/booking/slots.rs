//! Free slots: the starts of an offer minus what is claimed, in the order (start, office), and why there are none.
//!
//! A search walks the calendar a few days at a time and stops as soon as its page is full, so that "the first three" over
//! a whole country costs a day or two. It never touches the store: the caller loads what is claimed for the stretch that
//! [`Search::next_span`] names and hands it to [`Search::advance`].

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::calendar::{Offer, day_in};
use super::catalogue::Catalogue;
use super::core::{Closure, EmptyBecause, Slot, SlotPage, SlotQuery, Window};
use super::id::ResourceId;
use super::refusal::Refusal;
use super::wish::Wish;
use crate::greek::feast;

/// The most slots one page may have.
pub const LARGEST_PAGE: usize = 500;

/// The first stretch of days that a search looks at; each further one is twice as long.
const FIRST_SPAN_DAYS: u64 = 2;

/// A resource that is taken for a while, by an appointment or by a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which desk or employee.
    pub resource: ResourceId,
    /// When.
    pub window: Window,
}

/// All that is taken or closed within a stretch of time.
#[derive(Debug, Default)]
pub struct Busy {
    by_resource: HashMap<ResourceId, Vec<Window>>,
    closures: Vec<Closure>,
}

impl Busy {
    /// Puts claims and closures in order; claims of one resource may touch or even overlap.
    #[must_use]
    pub fn new(claims: Vec<Claim>, closures: Vec<Closure>) -> Self {
        let mut by_resource: HashMap<ResourceId, Vec<Window>> = HashMap::new();
        for claim in claims {
            by_resource.entry(claim.resource).or_default().push(claim.window);
        }
        for windows in by_resource.values_mut() {
            merge(windows);
        }
        Self { by_resource, closures }
    }

    /// How many claims of a resource, merged where they touch, lie within what was loaded.
    #[must_use]
    pub fn load(&self, resource: &ResourceId) -> i64 {
        self.by_resource.get(resource).map_or(0, |w| w.iter().map(|w| (w.to - w.from).num_minutes()).sum())
    }

    fn taken(&self, resource: &ResourceId, window: Window) -> bool {
        let windows = self.by_resource.get(resource).map_or(&[][..], Vec::as_slice);
        let before_end = windows.partition_point(|w| w.from < window.to);
        before_end > 0 && windows[before_end - 1].to > window.from
    }

    /// The closure that keeps a resource of an offer from serving in `window`.
    #[must_use]
    pub fn closure(&self, offer: &Offer<'_>, resource: &ResourceId, window: Window) -> Option<&Closure> {
        self.closures.iter().find(|c| {
            c.office == offer.office.id
                && c.resource.as_ref().is_none_or(|r| r == resource)
                && overlap(c.window, window)
        })
    }

    /// The resources of an offer that are free in `window`.
    pub fn free<'a>(&self, offer: &Offer<'a>, window: Window) -> impl Iterator<Item = &'a ResourceId> {
        let resources = offer.resources().map(|r| &r.id);
        resources.filter(move |r| !self.taken(r, window) && self.closure(offer, r, window).is_none())
    }

    /// Why a window is shut, when closures alone leave no resource of the offer.
    #[must_use]
    pub fn closed_because(&self, offer: &Offer<'_>, window: Window) -> Option<&str> {
        let mut reason = None;
        for resource in offer.resources() {
            reason = Some(self.closure(offer, &resource.id, window)?.reason.as_str());
        }
        reason
    }
}

/// A search on its way through the calendar.
#[derive(Debug)]
pub struct Search<'a> {
    offers: Vec<Offer<'a>>,
    zones: Vec<Tz>,
    query: &'a SlotQuery,
    wish: Wish<'a>,
    earliest: DateTime<Utc>,
    next_date: NaiveDate,
    last_date: NaiveDate,
    /// The last date that may be booked, for each offer.
    horizons: Vec<NaiveDate>,
    span_days: u64,
    pending: Vec<Slot>,
    found: Vec<Slot>,
    reasons: Reasons,
}

impl<'a> Search<'a> {
    /// Checks a query and makes it ready.
    ///
    /// # Errors
    /// `NotOffered` for an unknown or not offered service, office or mode; `Invalid` for a limit or a window out of range.
    pub fn new(catalogue: &'a Catalogue, query: &'a SlotQuery, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !(1..=LARGEST_PAGE).contains(&query.limit) {
            return Err(Refusal::Invalid { field: "limit", message: format!("is not in 1 to {LARGEST_PAGE}") });
        }
        if query.windows.iter().chain(&query.excluded).any(|w| w.from > w.to) {
            return Err(Refusal::Invalid { field: "windows", message: "end before they begin".to_owned() });
        }
        let mut offers = offers_of(catalogue, query)?;
        offers.sort_by(|a, b| a.office.id.cmp(&b.office.id));
        offers.dedup_by(|a, b| a.office.id == b.office.id);
        let rules = offers.first().map_or_else(Default::default, |o| o.service.rules);
        let today = |offer: &Offer<'_>| offer.date_at(now);
        let horizons: Vec<_> = offers.iter().map(|o| days_after(today(o), rules.horizon_days)).collect();
        let next_date = offers.iter().map(today).min().unwrap_or_default();
        Ok(Self {
            next_date,
            last_date: horizons.iter().copied().max().unwrap_or_default(),
            zones: zones_of(&offers),
            offers,
            query,
            wish: Wish::new(query),
            earliest: now + TimeDelta::minutes(i64::from(rules.lead_minutes)),
            horizons,
            span_days: FIRST_SPAN_DAYS,
            pending: Vec::new(),
            found: Vec::new(),
            reasons: Reasons { horizon_days: rules.horizon_days, ..Reasons::default() },
        })
    }

    /// The offices whose claims matter.
    pub fn offers(&self) -> &[Offer<'a>] {
        &self.offers
    }

    /// The stretch of time that [`Search::advance`] will look at next; `None` when the search is over.
    pub fn next_span(&mut self) -> Option<Window> {
        while self.next_date <= self.last_date && !self.wish.touches(self.hull(self.next_date)) {
            self.next_date = self.next_date.succ_opt()?;
        }
        if self.next_date > self.last_date || self.found.len() > self.query.limit {
            return None;
        }
        Some(Window { from: self.hull(self.next_date).from, to: self.hull(self.span_end()).to })
    }

    /// Looks at the stretch that [`Search::next_span`] named, with what is taken in it.
    pub fn advance(&mut self, busy: &Busy) {
        let end = self.span_end();
        while self.next_date <= end && self.found.len() <= self.query.limit {
            let date = self.next_date;
            if self.wish.touches(self.hull(date)) {
                let public = feast::holiday_on(date).map(|h| h.name);
                for index in 0..self.offers.len() {
                    self.look_at(index, date, public, busy);
                }
            }
            self.next_date = days_after(date, 1);
            self.settle();
        }
        self.span_days *= 2;
    }

    /// The page found so far.
    #[must_use]
    pub fn finish(mut self) -> SlotPage {
        self.pending.sort_by(order);
        self.found.append(&mut self.pending);
        let more = self.found.len() > self.query.limit;
        self.found.truncate(self.query.limit);
        let empty_because = self.found.is_empty().then(|| self.why_empty());
        SlotPage { slots: self.found, more, empty_because, next_release: None }
    }

    fn span_end(&self) -> NaiveDate {
        days_after(self.next_date, u32::try_from(self.span_days - 1).unwrap_or(u32::MAX)).min(self.last_date)
    }

    /// From the first midnight to the last midnight that a date has in the zones of the offices.
    fn hull(&self, date: NaiveDate) -> Window {
        let days = self.zones.iter().map(|zone| day_in(*zone, date));
        days.reduce(|a, b| Window { from: a.from.min(b.from), to: a.to.max(b.to) })
            .unwrap_or(Window { from: self.earliest, to: self.earliest })
    }

    /// Moves the slots that no later date can come before from `pending` to `found`.
    fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let next_day_begins = self.hull(self.next_date).from;
        self.pending.sort_by(order);
        let settled = self.pending.partition_point(|slot| slot.start < next_day_begins);
        self.found.extend(self.pending.drain(..settled));
    }

    fn look_at(&mut self, index: usize, date: NaiveDate, public: Option<&str>, busy: &Busy) {
        let offer = self.offers[index];
        let day = offer.day(date);
        if date > self.horizons[index] || !self.wish.touches(day) {
            return;
        }
        if let Some(name) = public.map(str::to_owned).or_else(|| offer.local_holiday(date)) {
            let would_serve = offer.weekly_starts(date).into_iter().any(|start| self.wish.grants(&offer, start));
            self.reasons.holiday(name, would_serve);
            return;
        }
        self.reasons.working_day = true;
        for start in offer.weekly_starts(date) {
            if self.wish.grants(&offer, start) {
                self.look_at_start(&offer, start, busy);
            }
        }
    }

    fn look_at_start(&mut self, offer: &Offer<'a>, start: DateTime<Utc>, busy: &Busy) {
        if start < self.earliest {
            self.reasons.too_soon = true;
            return;
        }
        let window = Window { from: start, to: start + offer.length() };
        match u32::try_from(busy.free(offer, window).count()).unwrap_or(u32::MAX) {
            0 => match busy.closed_because(offer, window) {
                Some(reason) => self.reasons.closed(reason),
                None => self.reasons.full = true,
            },
            free => self.pending.push(Slot {
                start,
                end: window.to,
                office: offer.office.id.clone(),
                mode: offer.mode,
                free,
                distance_m: None,
            }),
        }
    }

    fn why_empty(&self) -> EmptyBecause {
        let open_until = self.hull(self.last_date).to;
        self.reasons.most_telling(self.wish.lies_before(self.earliest), self.wish.reaches_after(open_until))
    }
}

/// Free slots when all that is taken is known beforehand.
///
/// # Errors
/// As [`Search::new`].
pub fn find(catalogue: &Catalogue, query: &SlotQuery, now: DateTime<Utc>, busy: &Busy) -> Result<SlotPage, Refusal> {
    let mut search = Search::new(catalogue, query, now)?;
    while search.next_span().is_some() {
        search.advance(busy);
    }
    Ok(search.finish())
}

/// Checks that a slot of an offer starts at `start` and may be booked at `now`; returns it. Claims are not looked at.
///
/// # Errors
/// `TooSoon`, `BeyondHorizon`, `Closed` on a holiday, `NotASlot`.
pub fn check_start(offer: &Offer<'_>, start: DateTime<Utc>, now: DateTime<Utc>) -> Result<Window, Refusal> {
    let rules = &offer.service.rules;
    let earliest = now + TimeDelta::minutes(i64::from(rules.lead_minutes));
    if start < earliest {
        return Err(Refusal::TooSoon(earliest));
    }
    let date = offer.date_at(start);
    if date > days_after(offer.date_at(now), rules.horizon_days) {
        return Err(Refusal::BeyondHorizon(rules.horizon_days));
    }
    if let Some(name) = offer.holiday(date) {
        return Err(Refusal::Closed(name));
    }
    if offer.weekly_starts(date).binary_search(&start).is_err() {
        return Err(Refusal::NotASlot);
    }
    Ok(Window { from: start, to: start + offer.length() })
}

/// Whether two stretches of time share an instant.
#[must_use]
pub fn overlap(a: Window, b: Window) -> bool {
    a.from < b.to && b.from < a.to
}

/// What was met on the way, to explain an empty page.
#[derive(Debug, Default)]
struct Reasons {
    full: bool,
    closed: Option<String>,
    holiday: Option<String>,
    /// A holiday on a day on which nothing asked for would be served anyway.
    idle_holiday: Option<String>,
    /// A day that is no holiday was among the asked ones.
    working_day: bool,
    too_soon: bool,
    horizon_days: u32,
}

impl Reasons {
    fn holiday(&mut self, name: String, would_serve: bool) {
        let place = if would_serve { &mut self.holiday } else { &mut self.idle_holiday };
        place.get_or_insert(name);
    }

    fn closed(&mut self, reason: &str) {
        self.closed.get_or_insert_with(|| reason.to_owned());
    }

    /// Something that might have been free tells more than a shut door, and a shut door more than the edges of the calendar.
    fn most_telling(&self, lies_before: bool, reaches_after: bool) -> EmptyBecause {
        if self.full {
            EmptyBecause::FullyBooked
        } else if let Some(reason) = &self.closed {
            EmptyBecause::Closed(reason.clone())
        } else if let Some(name) = &self.holiday {
            EmptyBecause::Holiday(name.clone())
        } else if self.too_soon {
            EmptyBecause::TooSoon
        } else if reaches_after {
            EmptyBecause::BeyondHorizon(self.horizon_days)
        } else if let (Some(name), false) = (&self.idle_holiday, self.working_day) {
            EmptyBecause::Holiday(name.clone())
        } else if lies_before {
            EmptyBecause::TooSoon
        } else {
            EmptyBecause::OutsideHours
        }
    }
}

fn offers_of<'a>(catalogue: &'a Catalogue, query: &SlotQuery) -> Result<Vec<Offer<'a>>, Refusal> {
    let not_offered = |what: String| Refusal::NotOffered(what);
    let service = catalogue.service(&query.service).ok_or_else(|| not_offered(format!("service {}", query.service)))?;
    if !query.offices.is_empty() {
        return query.offices.iter().map(|id| Offer::find(catalogue, &query.service, id, query.mode)).collect();
    }
    let offers: Vec<_> = catalogue
        .offices_offering(&service.id)
        .map(|office| Offer::of(service, office, query.mode))
        .collect::<Result<_, _>>()?;
    if offers.is_empty() { Err(not_offered(format!("service {} at any office", service.id))) } else { Ok(offers) }
}

fn zones_of(offers: &[Offer<'_>]) -> Vec<Tz> {
    let mut zones = Vec::new();
    for offer in offers {
        if !zones.contains(&offer.office.time_zone) {
            zones.push(offer.office.time_zone);
        }
    }
    zones
}

fn order(a: &Slot, b: &Slot) -> std::cmp::Ordering {
    (a.start, &a.office).cmp(&(b.start, &b.office))
}

fn days_after(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

/// Sorts windows and joins those that touch.
fn merge(windows: &mut Vec<Window>) {
    windows.sort_by_key(|w| (w.from, w.to));
    windows.dedup_by(|next, kept| {
        let touches = next.from <= kept.to;
        if touches {
            kept.to = kept.to.max(next.to);
        }
        touches
    });
}
