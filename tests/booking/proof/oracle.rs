//! A slow and obvious core: it walks every minute, every desk and every claim, and asks every rule each time.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use ariadni::booking::board::QuotaCheck;
use ariadni::booking::catalogue::{Break, Catalogue, Day, Office, OpeningRule, Resource, Service};
use ariadni::booking::claim::{Change, Claim};
use ariadni::booking::core::{
    Actor, Closure, DayCount, EmptyBecause, HoldRequest, Needs, Order, Slot, SlotQuery, Window,
};
use ariadni::booking::id::ServiceId;
use ariadni::booking::people::Mode;
use ariadni::booking::place::distance_km;
use ariadni::booking::refusal::Refusal;
use ariadni::booking::rule::party::Share;
use ariadni::booking::rule::quota::{Kind, Most, Quota};
use ariadni::booking::rule::release::Release;
use ariadni::greek::feast::holiday_on;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// What is in force and taken at a moment.
pub struct Oracle<'a> {
    pub catalogue: &'a Catalogue,
    pub claims: Vec<Claim>,
    pub closures: Vec<(String, Closure)>,
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    serving: RefCell<HashMap<(String, NaiveDate), u32>>,
}

/// One office asked for something.
struct At<'a> {
    office: &'a Office,
    service: &'a Service,
    mode: Mode,
    needs: &'a Needs,
}

/// What became of one start.
#[derive(Debug, Clone, PartialEq)]
enum Fate {
    TooSoon,
    Closed(String),
    Full,
    Kept,
    Free(u32),
}

fn local(zone: Tz, at: DateTime<Utc>) -> chrono::NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// A minute and what the wall clock shows then.
type Minute = (DateTime<Utc>, NaiveTime);

/// Every minute in which the wall clock of `zone` shows `date`; worked out once, for it is asked for again and again.
fn minutes_of(zone: Tz, date: NaiveDate) -> Rc<Vec<Minute>> {
    type Known = HashMap<(Tz, NaiveDate), Rc<Vec<Minute>>>;
    thread_local!(static KNOWN: RefCell<Known> = RefCell::default());
    let find = || {
        let noon = date.and_hms_opt(12, 0, 0).expect("noon").and_utc();
        // The zones of the cases lie between 0 and 11 hours ahead of UTC.
        let around = (-25 * 60..14 * 60).map(|m| noon + TimeDelta::minutes(m));
        let of_date = around.map(|at| (at, local(zone, at))).filter(|(_, here)| here.date() == date);
        Rc::new(of_date.map(|(at, here)| (at, here.time())).collect::<Vec<Minute>>())
    };
    KNOWN.with_borrow_mut(|known| Rc::clone(known.entry((zone, date)).or_insert_with(find)))
}

/// The whole of a day.
fn day_of(zone: Tz, date: NaiveDate) -> Window {
    let minutes = minutes_of(zone, date);
    Window { from: minutes[0].0, to: minutes[minutes.len() - 1].0 + MINUTE }
}

fn touches(a: Window, b: Window) -> bool {
    a.from < b.to && b.from < a.to
}

fn any_or<T: PartialEq>(only: &[T], wanted: &T) -> bool {
    only.is_empty() || only.iter().any(|one| one == wanted)
}

/// The minutes of a day in which hours are open.
fn open_minutes((from, to): (NaiveTime, NaiveTime), breaks: &[Break], day: &[Minute]) -> BTreeSet<DateTime<Utc>> {
    let after_opening = day.iter().skip_while(|(_, shows)| *shows < from);
    let mut open: BTreeSet<_> = after_opening.take_while(|(_, shows)| *shows < to).map(|(at, _)| *at).collect();
    for pause in breaks {
        let first = day.iter().position(|(_, shows)| *shows >= pause.from);
        let last = day.iter().rposition(|(_, shows)| *shows < pause.to);
        if let (Some(first), Some(last)) = (first, last) {
            day.iter().take(last + 1).skip(first).for_each(|(at, _)| {
                open.remove(at);
            });
        }
    }
    open
}

fn monday_of(date: NaiveDate) -> NaiveDate {
    (0..7).map(|days| date - TimeDelta::days(days)).find(|d| d.weekday() == chrono::Weekday::Mon).expect("a Monday")
}

fn holds(rule: &OpeningRule, date: NaiveDate) -> bool {
    let same_weekday = |other: &NaiveDate| other.weekday() == date.weekday() && other.month() == date.month();
    let month = NaiveDate::from_ymd_opt(date.year(), date.month(), 1).expect("a month");
    let days: Vec<NaiveDate> = month.iter_days().take(31).filter(same_weekday).collect();
    let place = days.iter().position(|day| *day == date).expect("in its month");
    let nth = i8::try_from(place).expect("few") + 1;
    let weeks = &rule.recurrence.weeks_of_month;
    let in_month = weeks.is_empty() || weeks.contains(&nth) || (weeks.contains(&-1) && place + 1 == days.len());
    let in_week = match (rule.recurrence.every_weeks, rule.valid_from) {
        (Some(every), Some(first)) => {
            let mut week = monday_of(first);
            while week < monday_of(date) {
                week += TimeDelta::weeks(i64::from(every));
            }
            week == monday_of(date) || monday_of(date) < monday_of(first)
        }
        _ => true,
    };
    rule.days.contains(&Day::from(date.weekday()))
        && rule.valid_from.is_none_or(|d| d <= date)
        && rule.valid_to.is_none_or(|d| d >= date)
        && in_month
        && in_week
}

fn holiday(office: &Office, date: NaiveDate) -> Option<String> {
    let local = office.local_holidays.iter().flatten().find(|h| h.on.in_year(date.year()) == Some(date));
    holiday_on(date).map(|h| h.name.to_owned()).or_else(|| local.map(|h| h.name.clone()))
}

/// When the wall clock first shows a time of a day or later.
fn shows_first(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    minutes_of(zone, date).iter().find(|(_, shows)| *shows >= time).expect("a minute").0
}

/// The first release on a day or after it.
fn first_release(release: Release, zone: Tz, from: NaiveDate) -> DateTime<Utc> {
    let of = |date: NaiveDate| match release {
        Release::Continuous => None,
        Release::Daily { at } => Some((date, at)),
        Release::Weekly { on, at } => (Day::from(date.weekday()) == on).then_some((date, at)),
        Release::Monthly { on, at } => (date.day() == on).then_some((date, at)),
    };
    let (date, at) = from.iter_days().take(32).find_map(of).expect("one a month at least");
    shows_first(zone, date, at)
}

impl<'a> Oracle<'a> {
    pub fn new(catalogue: &'a Catalogue, changes: &[Change], now: DateTime<Utc>, actor: &'a Actor) -> Self {
        let mut claims: Vec<Claim> = Vec::new();
        let mut closures: Vec<(String, Closure)> = Vec::new();
        for change in changes {
            match change {
                Change::Taken(claim) => {
                    claims.retain(|c| c.id != claim.id);
                    claims.push(claim.clone());
                }
                Change::Freed(id) => claims.retain(|c| c.id != *id),
                Change::Shut { id, closure } => {
                    closures.retain(|c| c.0 != *id);
                    closures.push((id.clone(), closure.clone()));
                }
                Change::Reopened(id) => closures.retain(|c| c.0 != *id),
            }
        }
        claims.retain(|c| c.expires_at.is_none_or(|at| at > now));
        Self { catalogue, claims, closures, now, actor, serving: RefCell::default() }
    }

    fn at<'b>(&self, service: &ServiceId, office: &'b Office, mode: Mode, needs: &'b Needs) -> At<'b>
    where
        'a: 'b,
    {
        At { office, service: self.catalogue.service(service).expect("known"), mode, needs }
    }

    fn citizen(&self) -> bool {
        matches!(self.actor, Actor::Citizen { .. })
    }

    fn earliest(&self, at: &At<'_>) -> DateTime<Utc> {
        self.now + TimeDelta::minutes(if self.citizen() { i64::from(at.service.rules.lead_minutes) } else { 0 })
    }

    /// Whether a date is open for booking, else what keeps it shut.
    fn bookable(&self, at: &At<'_>, date: NaiveDate) -> Result<(), EmptyBecause> {
        let (rules, zone) = (&at.service.rules, at.office.time_zone);
        let today = local(zone, self.now).date();
        let horizon = if self.citizen() { rules.horizon_days } else { 366 };
        let ahead = TimeDelta::days(i64::from(horizon));
        if !self.citizen() || rules.release == Release::Continuous {
            return if date <= today + ahead { Ok(()) } else { Err(EmptyBecause::BeyondHorizon(horizon)) };
        }
        let opens = first_release(rules.release, zone, date - ahead);
        if opens > self.now { Err(EmptyBecause::NotYetOpen(opens)) } else { Ok(()) }
    }

    fn minutes(&self, at: &At<'_>) -> i64 {
        let one = at.service.modes.iter().find(|m| m.mode == at.mode).expect("served").minutes;
        let more = match at.service.rules.party.each {
            Share::Minutes(more) => more * (at.needs.persons - 1),
            Share::Desk => 0,
        };
        i64::from(one + more)
    }

    fn desks(&self, at: &At<'_>) -> usize {
        if at.service.rules.party.each == Share::Desk { at.needs.persons as usize } else { 1 }
    }

    fn team(&self, at: &At<'a>) -> Vec<&'a Resource> {
        let choice = !self.citizen() || at.office.choose_employee;
        let serves = |r: &&Resource| {
            any_or(&r.modes, &at.mode)
                && any_or(&r.services, &at.service.id)
                && at.service.skills.iter().all(|s| r.skills.contains(s))
                && at.needs.language.is_none_or(|l| r.languages.contains(&l))
                && match &at.needs.resource {
                    Some(chosen) => *chosen == r.id && choice && (!self.citizen() || !r.hidden),
                    None => true,
                }
        };
        let team: Vec<_> = at.office.resources.iter().filter(serves).collect();
        let fits = at.needs.persons <= at.service.rules.party.most.max(1) && team.len() >= self.desks(at);
        if fits { team } else { Vec::new() }
    }

    /// The starts of a day, and whether it is a special one; on a holiday those that there would be.
    fn starts(&self, at: &At<'_>, date: NaiveDate) -> (BTreeSet<DateTime<Utc>>, bool) {
        let zone = at.office.time_zone;
        let special: Vec<_> =
            at.office.special_days.iter().filter(|s| s.date == date && any_or(&s.modes, &at.mode)).collect();
        let special: Vec<_> = special.into_iter().filter(|s| any_or(&s.services, &at.service.id)).collect();
        let is_special = !special.is_empty();
        let rules = at.office.opening.iter().filter(|rule| {
            !is_special && holds(rule, date) && any_or(&rule.modes, &at.mode) && any_or(&rule.services, &at.service.id)
        });
        let rules = rules.map(|r| (r.from, r.to, &r.breaks, r.every_minutes));
        let hours = special.into_iter().map(|s| (s.from, s.to, &s.breaks, s.every_minutes)).chain(rules);
        let day = minutes_of(zone, date);
        let one = at.service.modes.iter().find(|m| m.mode == at.mode).expect("served").minutes;
        let mut starts = BTreeSet::new();
        for (from, to, breaks, every) in hours {
            let open = open_minutes((from, to), breaks, &day);
            let mut shown = BTreeSet::new();
            for (minute, time) in day.iter() {
                let first_time = shown.insert(*time);
                let on_grid = *time >= from && (*time - from).num_minutes() % i64::from(every.unwrap_or(one)) == 0;
                let fits = || (0..self.minutes(at)).all(|m| open.contains(&(*minute + TimeDelta::minutes(m))));
                if first_time && on_grid && fits() {
                    starts.insert(*minute);
                }
            }
        }
        (starts, is_special)
    }

    fn claim(at: &At<'_>, resource: &Resource, slot: Window) -> Window {
        let (a, b) = (at.service.rules.buffer, resource.buffer);
        Window {
            from: slot.from - MINUTE * i32::try_from(a.before_minutes + b.before_minutes).expect("small"),
            to: slot.to + MINUTE * i32::try_from(a.after_minutes + b.after_minutes).expect("small"),
        }
    }

    fn closure(&self, at: &At<'_>, resource: &Resource, slot: Window, special: bool) -> Option<&Closure> {
        let shut = self.closures.iter().map(|(_, c)| c).filter(|c| c.office == at.office.id && touches(c.window, slot));
        let shut = shut.filter(|c| c.resource.as_ref().map_or(!special, |r| *r == resource.id));
        shut.min_by_key(|c| c.window.from)
    }

    fn free(&self, at: &At<'a>, slot: Window, special: bool, own: Option<&str>) -> Vec<&'a Resource> {
        let others =
            || self.claims.iter().filter(|c| own.is_none() || c.serves.as_ref().map(|s| s.group.as_str()) != own);
        let is_free = |r: &&Resource| {
            let wanted = Self::claim(at, r, slot);
            !others().any(|c| c.resource == r.id && touches(c.window, wanted))
                && self.closure(at, r, slot, special).is_none()
        };
        self.team(at).into_iter().filter(is_free).collect()
    }

    /// The serving minutes of a day, minute by minute and resource by resource.
    pub fn serving_minutes(&self, office: &Office, date: NaiveDate) -> u32 {
        let key = (office.id.to_string(), date);
        if let Some(known) = self.serving.borrow().get(&key) {
            return *known;
        }
        let minutes = self.count_serving_minutes(office, date);
        self.serving.borrow_mut().insert(key, minutes);
        minutes
    }

    fn count_serving_minutes(&self, office: &Office, date: NaiveDate) -> u32 {
        let zone = office.time_zone;
        let day = minutes_of(zone, date);
        let special: Vec<_> = office.special_days.iter().filter(|s| s.date == date).collect();
        let replaced = special.iter().any(|s| s.modes.is_empty() && s.services.is_empty());
        let weekly = !replaced && holiday(office, date).is_none();
        let mut total = 0;
        for resource in &office.resources {
            let modes = |modes: &[Mode]| modes.is_empty() || modes.iter().any(|m| any_or(&resource.modes, m));
            let services = |ids: &[ServiceId]| ids.is_empty() || ids.iter().any(|s| any_or(&resource.services, s));
            let (mut usual, mut extra) = (BTreeSet::new(), BTreeSet::new());
            for s in special.iter().filter(|s| modes(&s.modes) && services(&s.services)) {
                extra.extend(open_minutes((s.from, s.to), &s.breaks, &day));
            }
            for r in
                office.opening.iter().filter(|r| weekly && holds(r, date) && modes(&r.modes) && services(&r.services))
            {
                usual.extend(open_minutes((r.from, r.to), &r.breaks, &day));
            }
            let shut = |at: &DateTime<Utc>, whole: bool| {
                let minute = Window { from: *at, to: *at + MINUTE };
                let here = self.closures.iter().map(|(_, c)| c).filter(|c| c.office == office.id);
                here.filter(|c| touches(c.window, minute)).any(|c| match &c.resource {
                    None => whole,
                    Some(id) => *id == resource.id,
                })
            };
            usual.retain(|at| !shut(at, true));
            extra.retain(|at| !shut(at, false));
            total += usual.union(&extra).count();
        }
        u32::try_from(total).expect("small")
    }

    /// The quotas that a booking by this actor counts towards.
    fn quotas(&self, at: &At<'_>) -> Vec<Quota> {
        let kind =
            Kind { channel: self.actor.channel(), staff: !self.citizen(), mode: at.mode, service: &at.service.id };
        let mut quotas: Vec<Quota> = at.office.quotas.iter().filter(|q| q.counts(&kind)).cloned().collect();
        if at.office.walk_in_percent > 0 {
            let most = Most::Percent(100 - at.office.walk_in_percent);
            let everybody = Quota {
                channels: Vec::new(),
                booked_by: None,
                modes: Vec::new(),
                services: Vec::new(),
                most,
                lifts_hours_before: None,
            };
            quotas.push(everybody);
        }
        quotas
    }

    /// The quotas that have to be counted again when an appointment is written, with what they are shares of.
    pub fn standing(&self, request: &HoldRequest) -> Vec<QuotaCheck> {
        let office = self.catalogue.office(&request.office).expect("known");
        let at = self.at(&request.service, office, request.mode, &request.needs);
        let minutes_open = self.serving_minutes(office, local(office.time_zone, request.start).date());
        let standing = self.quotas(&at).into_iter().filter(|quota| !self.lifted(quota, request.start));
        standing.map(|quota| QuotaCheck { quota, minutes_open }).collect()
    }

    fn lifted(&self, quota: &Quota, start: DateTime<Utc>) -> bool {
        quota.lifts_hours_before.is_some_and(|hours| self.now >= start - TimeDelta::hours(i64::from(hours)))
    }

    /// How many more bookings a quota admits on a date, tried one by one.
    fn room(&self, at: &At<'_>, date: NaiveDate, quota: &Quota, own: Option<&str>) -> u32 {
        let mut groups: HashMap<&str, u32> = HashMap::new();
        let counted = self.claims.iter().filter(|c| c.office == at.office.id && c.kind.counts_in_quotas());
        for serves in counted.filter_map(|c| c.serves.as_ref()) {
            let kind =
                Kind { channel: &serves.channel, staff: serves.staff, mode: serves.mode, service: &serves.service };
            let today = local(at.office.time_zone, serves.slot.from).date() == date;
            if today && own != Some(serves.group.as_str()) && quota.counts(&kind) {
                let minutes = (serves.slot.to - serves.slot.from).num_minutes();
                *groups.entry(&serves.group).or_default() += u32::try_from(minutes).expect("small");
            }
        }
        let (mut places, mut minutes) = (groups.len(), groups.values().sum::<u32>());
        let each = u32::try_from(self.minutes(at)).expect("small") * u32::try_from(self.desks(at)).expect("few");
        let open = self.serving_minutes(at.office, date);
        let fits = |places: usize, minutes: u32| match quota.most {
            Most::Places(most) => places <= most as usize,
            Most::Percent(percent) => minutes * 100 <= open * percent,
        };
        let mut room = 0;
        while fits(places + 1, minutes + each) {
            (places, minutes, room) = (places + 1, minutes + each, room + 1);
        }
        room
    }

    fn fate(&self, at: &At<'a>, slot: Window, special: bool, rooms: &[(Quota, u32)]) -> Fate {
        if slot.from < self.earliest(at) {
            return Fate::TooSoon;
        }
        let (free, desks) = (self.free(at, slot, special, None).len(), self.desks(at));
        if free < desks {
            let team = self.team(at);
            let shut: Vec<_> = team.iter().filter_map(|r| self.closure(at, r, slot, special)).collect();
            return match shut.first() {
                Some(first) if team.len() - shut.len() < desks => Fate::Closed(first.reason.clone()),
                _ => Fate::Full,
            };
        }
        let standing = rooms.iter().filter(|(quota, _)| !self.lifted(quota, slot.from)).map(|(_, room)| *room);
        let admitted = standing.min().unwrap_or(u32::MAX);
        match u32::try_from(free / desks).expect("few").min(admitted) {
            0 => Fate::Kept,
            free => Fate::Free(free),
        }
    }

    fn rooms(&self, at: &At<'_>, date: NaiveDate, own: Option<&str>) -> Vec<(Quota, u32)> {
        self.quotas(at).into_iter().map(|q| (q.clone(), self.room(at, date, &q, own))).collect()
    }

    fn asked(&self, query: &SlotQuery, office: &Office, start: DateTime<Utc>) -> bool {
        let inside = |w: &Window| start == w.from || (w.from <= start && start < w.to);
        let here = local(office.time_zone, start);
        (query.windows.is_empty() || query.windows.iter().any(inside))
            && !query.excluded.iter().any(inside)
            && query.daily.is_none_or(|d| {
                if d.from <= d.to {
                    d.from <= here.time() && here.time() < d.to
                } else {
                    here.time() >= d.from || here.time() < d.to
                }
            })
            && any_or(&query.weekdays, &Day::from(here.weekday()))
    }

    fn metres(&self, query: &SlotQuery, office: &Office) -> Option<u32> {
        query.near.map(|near| (distance_km(near.position, office.position) * 1000.0).round() as u32)
    }

    /// The offices that are asked, in the order in which they come at one time.
    fn offices(&self, query: &SlotQuery) -> Vec<&'a Office> {
        let mut all: Vec<&Office> = self.catalogue.offices.iter().collect();
        all.retain(|o| query.offices.is_empty() || query.offices.contains(&o.id));
        let most = query.near.and_then(|near| near.within_km).unwrap_or(f64::INFINITY);
        all.retain(|o| self.metres(query, o).is_none_or(|metres| f64::from(metres) <= most * 1000.0));
        all.sort_by_key(|o| (self.metres(query, o), o.id.clone()));
        all
    }

    /// The dates that a query may be about.
    fn dates(&self, query: &SlotQuery, office: &Office) -> Vec<NaiveDate> {
        let today = local(office.time_zone, self.now).date();
        let ahead = if query.windows.is_empty() { 8 } else { 20 };
        (0..ahead).map(|d| today + TimeDelta::days(d)).collect()
    }

    /// Every free slot, in order.
    pub fn find(&self, query: &'a SlotQuery) -> Vec<Slot> {
        let mut all = Vec::new();
        for office in self.offices(query) {
            let at = self.at(&query.service, office, query.mode, &query.needs);
            for date in self.dates(query, office) {
                if self.bookable(&at, date).is_err() || self.is_shut(&at, date) || self.team(&at).is_empty() {
                    continue;
                }
                let (starts, special) = self.starts(&at, date);
                let rooms = self.rooms(&at, date, None);
                for start in starts.into_iter().filter(|s| self.asked(query, office, *s)) {
                    let slot = Window { from: start, to: start + TimeDelta::minutes(self.minutes(&at)) };
                    if let Fate::Free(free) = self.fate(&at, slot, special, &rooms) {
                        let distance_m = self.metres(query, office);
                        all.push(Slot {
                            start,
                            end: slot.to,
                            office: office.id.clone(),
                            mode: query.mode,
                            free,
                            distance_m,
                        });
                    }
                }
            }
        }
        match query.order {
            Order::Earliest => all.sort_by_key(|s| (s.start, s.distance_m, s.office.clone())),
            Order::Nearest => all.sort_by_key(|s| (s.distance_m, s.office.clone(), s.start)),
        }
        all
    }

    fn is_shut(&self, at: &At<'_>, date: NaiveDate) -> bool {
        holiday(at.office, date).is_some() && !self.starts_special(at, date)
    }

    fn starts_special(&self, at: &At<'_>, date: NaiveDate) -> bool {
        let mut days = at.office.special_days.iter().filter(|s| s.date == date);
        days.any(|s| any_or(&s.modes, &at.mode) && any_or(&s.services, &at.service.id))
    }

    /// How much is free on a date, booking one after the other from the morning on, as far as quotas let.
    pub fn count(&self, query: &'a SlotQuery, date: NaiveDate) -> u32 {
        self.offices(query).into_iter().map(|office| self.count_at(query, office, date)).sum()
    }

    fn count_at(&self, query: &'a SlotQuery, office: &'a Office, date: NaiveDate) -> u32 {
        let at = self.at(&query.service, office, query.mode, &query.needs);
        if self.bookable(&at, date).is_err() || self.is_shut(&at, date) || self.team(&at).is_empty() {
            return 0;
        }
        let (starts, special) = self.starts(&at, date);
        let mut made: Vec<(DateTime<Utc>, usize)> = Vec::new();
        let mut busy: Vec<(&Resource, Window)> = Vec::new();
        for start in starts.into_iter().filter(|s| self.asked(query, office, *s) && *s >= self.earliest(&at)) {
            let slot = Window { from: start, to: start + TimeDelta::minutes(self.minutes(&at)) };
            let mut able = self.free(&at, slot, special, None);
            able.retain(|r| !busy.iter().any(|(b, w)| b.id == r.id && touches(*w, Self::claim(&at, r, slot))));
            let parties = able.len() / self.desks(&at);
            let taken = able.into_iter().take(parties * self.desks(&at));
            busy.extend(taken.map(|r| (r, Self::claim(&at, r, slot))));
            made.push((start, parties));
        }
        // As many as possible: one booking after the other, wherever every quota still has room.
        let mut rooms = self.rooms(&at, date, None);
        let mut total = 0;
        for (start, parties) in made {
            for _ in 0..parties {
                let mut standing: Vec<_> = rooms.iter_mut().filter(|(quota, _)| !self.lifted(quota, start)).collect();
                if standing.iter().all(|(_, room)| *room > 0) {
                    standing.iter_mut().for_each(|(_, room)| *room -= 1);
                    total += 1;
                }
            }
        }
        total
    }

    /// Whether an appointment can be put somewhere, and on which resources, the least busy first.
    pub fn place(&self, request: &'a HoldRequest, own: Option<&str>) -> Result<Vec<&'a Resource>, Refusal> {
        let office = self.catalogue.office(&request.office).expect("known");
        let at = self.at(&request.service, office, request.mode, &request.needs);
        if request.needs.persons > at.service.rules.party.most.max(1) {
            return Err(Refusal::Invalid { field: "persons", message: String::new() });
        }
        if self.team(&at).is_empty() {
            return Err(Refusal::NobodyServes(String::new()));
        }
        if request.start < self.earliest(&at) {
            return Err(Refusal::TooSoon(self.earliest(&at)));
        }
        let date = local(office.time_zone, request.start).date();
        self.bookable(&at, date).map_err(|because| match because {
            EmptyBecause::NotYetOpen(opens) => Refusal::NotYetOpen(opens),
            _ => Refusal::BeyondHorizon(if self.citizen() { at.service.rules.horizon_days } else { 366 }),
        })?;
        if self.is_shut(&at, date) {
            return Err(Refusal::Closed(holiday(office, date).expect("a holiday")));
        }
        let (starts, special) = self.starts(&at, date);
        if !starts.contains(&request.start) {
            return Err(Refusal::NotASlot);
        }
        let slot = Window { from: request.start, to: request.start + TimeDelta::minutes(self.minutes(&at)) };
        let mut free = self.free(&at, slot, special, own);
        if free.len() < self.desks(&at) {
            return Err(match self.fate(&at, slot, special, &[]) {
                Fate::Closed(reason) => Refusal::Closed(reason),
                _ => Refusal::SlotTaken,
            });
        }
        let rooms = self.rooms(&at, date, own);
        if rooms.iter().any(|(quota, room)| !self.lifted(quota, slot.from) && *room == 0) {
            return Err(Refusal::KeptForOthers);
        }
        free.sort_by_key(|r| (self.load(office, r, date, own), r.id.clone()));
        Ok(free)
    }

    fn load(&self, office: &Office, resource: &Resource, date: NaiveDate, own: Option<&str>) -> (i64, usize) {
        let zone = office.time_zone;
        let mine = self.claims.iter().filter(|c| c.resource == resource.id && c.office == office.id);
        let mine = mine.filter(|c| own.is_none() || c.serves.as_ref().map(|s| s.group.as_str()) != own);
        let mine: Vec<_> = mine.collect();
        let day = day_of(zone, date);
        let within = |w: Window| (w.to.min(day.to) - w.from.max(day.from)).num_seconds().max(0);
        let seconds: i64 = mine.iter().map(|c| within(c.window)).sum();
        let week = |c: &&&Claim| monday_of(local(zone, c.window.from).date()) == monday_of(date);
        (seconds / 60, mine.iter().filter(week).count())
    }

    /// Why nothing is free; `date` for a single day of a calendar.
    pub fn because(&self, query: &'a SlotQuery, date: Option<NaiveDate>) -> EmptyBecause {
        let offices = self.offices(query);
        let ats: Vec<At<'_>> = offices.iter().map(|o| self.at(&query.service, o, query.mode, &query.needs)).collect();
        if ats.iter().all(|at| self.team(at).is_empty()) {
            return EmptyBecause::NobodyServes;
        }
        let (mut fates, mut holidays, mut idle, mut working) = (Vec::new(), Vec::new(), Vec::new(), false);
        let mut asked_dates: BTreeSet<(NaiveDate, usize)> = BTreeSet::new();
        for (n, at) in ats.iter().enumerate().filter(|(_, at)| !self.team(at).is_empty()) {
            asked_dates.extend(
                self.dates(query, at.office).into_iter().filter(|d| date.is_none_or(|only| only == *d)).map(|d| (d, n)),
            );
        }
        for (day, n) in asked_dates {
            let at = &ats[n];
            if self.bookable(at, day).is_err() || !self.touches_day(query, at.office, day) {
                continue;
            }
            let (starts, special) = self.starts(at, day);
            let asked: Vec<_> = starts.into_iter().filter(|s| self.asked(query, at.office, *s)).collect();
            if self.is_shut(at, day) {
                let name = holiday(at.office, day).expect("a holiday");
                if asked.is_empty() {
                    idle.push(name)
                } else {
                    holidays.push(name)
                }
                continue;
            }
            working = true;
            let rooms = self.rooms(at, day, None);
            for start in asked {
                let slot = Window { from: start, to: start + TimeDelta::minutes(self.minutes(at)) };
                fates.push(self.fate(at, slot, special, &rooms));
            }
        }
        let closed = fates.iter().find_map(|f| if let Fate::Closed(why) = f { Some(why.clone()) } else { None });
        let beyond = self.beyond(query, &ats, date);
        if fates.contains(&Fate::Kept) {
            EmptyBecause::KeptForOthers
        } else if fates.contains(&Fate::Full) {
            EmptyBecause::FullyBooked
        } else if let Some(reason) = closed {
            EmptyBecause::Closed(reason)
        } else if let Some(name) = holidays.into_iter().next() {
            EmptyBecause::Holiday(name)
        } else if fates.contains(&Fate::TooSoon) {
            EmptyBecause::TooSoon
        } else if let (Some(beyond), false) = (beyond, self.lies_before(query, &ats, date)) {
            beyond
        } else if let (Some(name), false) = (idle.into_iter().next(), working) {
            EmptyBecause::Holiday(name)
        } else if self.lies_before(query, &ats, date) {
            EmptyBecause::TooSoon
        } else {
            EmptyBecause::OutsideHours
        }
    }

    /// Whether any minute of a day is asked for, the time of day aside.
    fn touches_day(&self, query: &SlotQuery, office: &Office, date: NaiveDate) -> bool {
        let day = day_of(office.time_zone, date);
        let hits = |w: &Window| touches(*w, day) || (day.from <= w.from && w.from < day.to);
        any_or(&query.weekdays, &Day::from(date.weekday()))
            && (query.windows.is_empty() || query.windows.iter().any(hits))
            && !query.excluded.iter().any(|w| w.from <= day.from && day.to <= w.to)
    }

    fn beyond(&self, query: &SlotQuery, ats: &[At<'_>], date: Option<NaiveDate>) -> Option<EmptyBecause> {
        let mut all: Vec<EmptyBecause> = Vec::new();
        for at in ats {
            let today = local(at.office.time_zone, self.now).date();
            let days = date
                .map_or_else(|| (-50..400).map(|d| today + TimeDelta::days(d)).collect::<Vec<_>>(), |only| vec![only]);
            let named = |day: &NaiveDate| match date {
                Some(_) => self.touches_day(query, at.office, *day),
                None => {
                    let day = day_of(at.office.time_zone, *day);
                    query.windows.iter().any(|w| touches(*w, day))
                }
            };
            let near =
                |day: &NaiveDate| query.windows.iter().any(|w| (w.from.date_naive() - *day).num_days().abs() < 5);
            let days = days.into_iter().filter(|day| date.is_some() || near(day)).filter(named);
            all.extend(days.filter_map(|day| self.bookable(at, day).err()).take(1));
        }
        let when = |because: &EmptyBecause| match because {
            EmptyBecause::NotYetOpen(opens) => *opens,
            _ => DateTime::<Utc>::MAX_UTC,
        };
        all.into_iter().min_by_key(when)
    }

    fn lies_before(&self, query: &SlotQuery, ats: &[At<'_>], date: Option<NaiveDate>) -> bool {
        let earliest = self.earliest(&ats[0]);
        match date {
            Some(date) => ats.iter().all(|at| day_of(at.office.time_zone, date).to <= earliest),
            None => !query.windows.is_empty() && query.windows.iter().all(|w| w.to <= earliest),
        }
    }

    /// What the calendar should show.
    pub fn day(&self, query: &'a SlotQuery, date: NaiveDate) -> DayCount {
        let free = self.count(query, date);
        DayCount { date, free, empty_because: (free == 0).then(|| self.because(query, Some(date))) }
    }
}
