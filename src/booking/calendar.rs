//! When an office serves: opening rules, breaks, public and local holidays, by the wall clock of the office's own zone.
//!
//! Hours are written in local time and appointments happen in UTC. Where the clock jumps forward, starts that the wall
//! clock never shows are left out; where it falls back, the hour that comes twice is used once, the first time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::catalogue::{Catalogue, Day, LocalHoliday, Office, OpeningRule, Resource, Service};
use super::core::Window;
use super::id::{OfficeId, ServiceId};
use super::people::Mode;
use super::refusal::Refusal;
use crate::greek::feast;

/// A service as one office serves it in one mode: what the rules of time are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Where.
    pub office: &'a Office,
    /// What.
    pub service: &'a Service,
    /// How.
    pub mode: Mode,
    /// How long one appointment takes, minutes.
    pub minutes: u32,
    /// The local holidays of the office, looked up once.
    local_holidays: &'a [LocalHoliday],
}

/// Time in which an office serves without a pause; starts lie on a grid that begins at the opening of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From when until when.
    pub window: Window,
    /// Where the grid begins, local time.
    grid_from: NaiveDateTime,
    /// The instant of `grid_from`, when the clock does not change between opening and closing.
    grid_instant: Option<DateTime<Utc>>,
    /// Minutes between starts, at least 1.
    every: u32,
}

impl<'a> Offer<'a> {
    /// Looks up an offer.
    ///
    /// # Errors
    /// `NotOffered` for an unknown service or office, an office without the service, a service without the mode.
    pub fn find(catalogue: &'a Catalogue, service: &ServiceId, office: &OfficeId, mode: Mode) -> Result<Self, Refusal> {
        let found = catalogue.service(service).ok_or_else(|| Refusal::NotOffered(format!("service {service}")))?;
        let office = catalogue.office(office).ok_or_else(|| Refusal::NotOffered(format!("office {office}")))?;
        Self::of(found, office, mode)
    }

    /// Joins a service and an office.
    ///
    /// # Errors
    /// `NotOffered` for an office without the service, a service without the mode.
    pub fn of(service: &'a Service, office: &'a Office, mode: Mode) -> Result<Self, Refusal> {
        let minutes = service
            .minutes(mode)
            .ok_or_else(|| Refusal::NotOffered(format!("service {} by {}", service.id, mode.as_str())))?;
        if !office.services.contains(&service.id) {
            return Err(Refusal::NotOffered(format!("service {} at office {}", service.id, office.id)));
        }
        Ok(Self { office, service, mode, minutes, local_holidays: office.local_holidays() })
    }

    /// The desks and employees that may serve it.
    pub fn resources(&self) -> impl Iterator<Item = &'a Resource> {
        let (mode, service) = (self.mode, &self.service.id);
        self.office.resources.iter().filter(move |r| {
            (r.modes.is_empty() || r.modes.contains(&mode)) && (r.services.is_empty() || r.services.contains(service))
        })
    }

    /// The name of the public or local holiday (αργία) that shuts the office on `date`, nominative.
    #[must_use]
    pub fn holiday(&self, date: NaiveDate) -> Option<String> {
        feast::holiday_on(date).map(|h| h.name.to_owned()).or_else(|| self.local_holiday(date))
    }

    /// The name of the yearly day on which only this office is shut, nominative.
    #[must_use]
    pub fn local_holiday(&self, date: NaiveDate) -> Option<String> {
        self.local_holidays.iter().find(|holiday| holiday.on.falls_on(date)).map(|holiday| holiday.name.clone())
    }

    /// The stretches in which it is served on `date`; none on a holiday. Closures of the store are not looked at.
    #[must_use]
    pub fn stretches(&self, date: NaiveDate) -> Vec<Stretch> {
        if self.holiday(date).is_some() { Vec::new() } else { self.weekly_stretches(date) }
    }

    /// The stretches by the opening rules alone, as if `date` were no holiday.
    #[must_use]
    pub fn weekly_stretches(&self, date: NaiveDate) -> Vec<Stretch> {
        let rules = self.office.opening.iter().filter(|rule| self.applies(rule, date));
        rules.flat_map(|rule| self.stretches_of(rule, date)).collect()
    }

    /// The starts by the opening rules alone, as if `date` were no holiday: in order, each once.
    #[must_use]
    pub fn weekly_starts(&self, date: NaiveDate) -> Vec<DateTime<Utc>> {
        let stretches = self.weekly_stretches(date);
        let mut starts = Vec::new();
        for stretch in &stretches {
            stretch.push_starts(self.length(), self.office.time_zone, &mut starts);
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// How long one appointment takes.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.minutes))
    }

    /// The date that the office's wall clock shows at `instant`.
    #[must_use]
    pub fn date_at(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.office.time_zone).date_naive()
    }

    /// The whole of `date` at the office: 23, 24 or 25 hours.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Window {
        day_in(self.office.time_zone, date)
    }

    fn applies(&self, rule: &OpeningRule, date: NaiveDate) -> bool {
        rule.days.contains(&Day::from(date.weekday()))
            && rule.valid_from.is_none_or(|first| first <= date)
            && rule.valid_to.is_none_or(|last| date <= last)
            && (rule.modes.is_empty() || rule.modes.contains(&self.mode))
            && (rule.services.is_empty() || rule.services.contains(&self.service.id))
    }

    fn stretches_of(&self, rule: &OpeningRule, date: NaiveDate) -> Vec<Stretch> {
        let zone = self.office.time_zone;
        let (opens, closes) = (date.and_time(rule.from), date.and_time(rule.to));
        let whole = Window { from: first_instant(zone, opens), to: first_instant(zone, closes) };
        let steady = whole.to - whole.from == closes - opens && whole.from < whole.to;
        let every = rule.every_minutes.filter(|&m| m > 0).unwrap_or(self.minutes).max(1);
        let breaks = rule.breaks.iter().map(|b| Window {
            from: first_instant(zone, date.and_time(b.from)),
            to: pause_end(zone, date.and_time(b.to)),
        });
        let without_breaks = breaks.fold(vec![whole], |open, pause| subtract(&open, pause));
        let grid_instant = steady.then_some(whole.from);
        let stretch = |window| Stretch { window, grid_from: opens, grid_instant, every };
        without_breaks.into_iter().filter(|w| w.from < w.to).map(stretch).collect()
    }
}

impl Stretch {
    /// Adds every start from which an appointment of `length` ends inside the stretch.
    fn push_starts(&self, length: TimeDelta, zone: Tz, starts: &mut Vec<DateTime<Utc>>) {
        let step = TimeDelta::minutes(i64::from(self.every));
        let Some(grid) = self.grid_instant else { return self.push_wall_clock_starts(length, zone, starts) };
        let skipped = ((self.window.from - grid).num_seconds() + step.num_seconds() - 1) / step.num_seconds();
        let mut start = grid + TimeDelta::seconds(skipped.max(0) * step.num_seconds());
        while start + length <= self.window.to {
            starts.push(start);
            start += step;
        }
    }

    /// The same on a day on which the clock changes inside the hours: the grid is that of the wall clock.
    fn push_wall_clock_starts(&self, length: TimeDelta, zone: Tz, starts: &mut Vec<DateTime<Utc>>) {
        let last = self.window.to.with_timezone(&zone).naive_local();
        let mut local = self.grid_from;
        while local <= last {
            if let Some(start) = existing_instant(zone, local)
                && start >= self.window.from
                && start + length <= self.window.to
            {
                starts.push(start);
            }
            local += TimeDelta::minutes(i64::from(self.every));
        }
    }
}

/// The whole of `date` in a zone.
#[must_use]
pub fn day_in(zone: Tz, date: NaiveDate) -> Window {
    let midnight = |date: NaiveDate| first_instant(zone, date.and_time(chrono::NaiveTime::MIN));
    Window { from: midnight(date), to: midnight(date.succ_opt().unwrap_or(date)) }
}

/// The first instant at which the wall clock reads `local`; `None` when it never does.
fn existing_instant(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&local).earliest().map(|t| t.with_timezone(&Utc))
}

/// The first instant at which the wall clock reads `local` or has jumped over it.
fn first_instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    // No zone has ever jumped over more than a day; minutes are as fine as any zone that opens an office.
    (0..=24 * 60)
        .find_map(|minutes| existing_instant(zone, local + TimeDelta::minutes(minutes)))
        .unwrap_or_else(|| local.and_utc())
}

/// When a pause until `local` is over: once the wall clock has shown its last minute for the last time.
fn pause_end(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let minute = TimeDelta::minutes(1);
    let last = zone.from_local_datetime(&(local - minute)).latest();
    last.map_or_else(|| first_instant(zone, local - minute), |last| last.with_timezone(&Utc) + minute)
}

/// What is left of `open` without `pause`.
fn subtract(open: &[Window], pause: Window) -> Vec<Window> {
    if pause.from >= pause.to {
        return open.to_vec();
    }
    open.iter()
        .flat_map(|w| {
            [Window { from: w.from, to: w.to.min(pause.from) }, Window { from: w.from.max(pause.to), to: w.to }]
        })
        .filter(|w| w.from < w.to)
        .collect()
}
