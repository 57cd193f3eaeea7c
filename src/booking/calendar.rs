//! When an office serves: opening rules, breaks, public and local holidays, special days, by the wall clock of the office's
//! own zone.
//!
//! Hours are written in local time and appointments happen in UTC. Where the clock jumps forward, starts that the wall
//! clock never shows are left out; where it falls back, the hour that comes twice is used once, the first time.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::catalogue::{Break, Catalogue, LocalHoliday, Office, OpeningRule, Service};
use super::core::Window;
use super::id::{OfficeId, ServiceId};
use super::people::Mode;
use super::refusal::Refusal;
use super::rule::special_day::SpecialDay;
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
    /// How long an appointment of one person takes, minutes.
    pub minutes: u32,
    /// The local holidays of the office, looked up once.
    local_holidays: &'a [LocalHoliday],
}

/// Which rule a day goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayRule {
    /// The weekly hours.
    Weekly,
    /// The hours of a special day: holidays and closures of the whole office do not count.
    Special,
    /// It is a public or local holiday; its name, nominative.
    Holiday(String),
}

/// Opening hours of one day, from whichever rule.
#[derive(Debug, Clone, Copy)]
struct Hours<'a> {
    from: NaiveTime,
    to: NaiveTime,
    breaks: &'a [Break],
    every_minutes: Option<u32>,
}

/// Time in which an office serves without a pause; starts lie on a grid that begins at the opening of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    window: Window,
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

    /// The name of the public or local holiday (αργία) that shuts the office on `date`, nominative.
    #[must_use]
    pub fn holiday(&self, date: NaiveDate) -> Option<String> {
        feast::holiday_on(date).map(|h| h.name.to_owned()).or_else(|| local_holiday(self.local_holidays, date))
    }

    /// Which rule `date` goes by.
    #[must_use]
    pub fn rule_of(&self, date: NaiveDate) -> DayRule {
        if self.special_hours(date).next().is_some() {
            DayRule::Special
        } else {
            self.holiday(date).map_or(DayRule::Weekly, DayRule::Holiday)
        }
    }

    /// The starts of appointments of `length` on `date`: in order, each once. Those of the weekly hours as if `date` were no
    /// holiday, unless it is a special day. Closures are not looked at.
    #[must_use]
    pub fn starts(&self, date: NaiveDate, length: TimeDelta) -> Vec<DateTime<Utc>> {
        let mut starts = Vec::new();
        let mut push = |hours: Hours<'_>| {
            for stretch in self.stretches_of(hours, date) {
                stretch.push_starts(length, self.office.time_zone, &mut starts);
            }
        };
        if self.special_hours(date).next().is_some() {
            self.special_hours(date).for_each(&mut push);
        } else {
            self.weekly_hours(date).for_each(&mut push);
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Whether it is served without a pause all through `window`, on or off the grid of starts. Closures are not looked at.
    #[must_use]
    pub fn serves_through(&self, window: Window) -> bool {
        let date = self.date_at(window.from);
        let hours: Vec<Hours<'_>> = match self.rule_of(date) {
            DayRule::Special => self.special_hours(date).collect(),
            DayRule::Weekly => self.weekly_hours(date).collect(),
            DayRule::Holiday(_) => Vec::new(),
        };
        let mut open = hours.into_iter().flat_map(|hours| hours.windows(self.office.time_zone, date));
        open.any(|open| open.from <= window.from && window.to <= open.to)
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

    fn weekly_hours(&self, date: NaiveDate) -> impl Iterator<Item = Hours<'a>> {
        let (mode, service) = (self.mode, &self.service.id);
        let rules = self.office.opening.iter().filter(move |rule| rule.holds_on(date));
        rules.filter(move |rule| admits(&rule.modes, &mode) && admits(&rule.services, service)).map(Hours::weekly)
    }

    fn special_hours(&self, date: NaiveDate) -> impl Iterator<Item = Hours<'a>> {
        let (mode, service) = (self.mode, &self.service.id);
        let days = self.office.special_days.iter().filter(move |day| day.date == date);
        days.filter(move |day| day.serves(mode, service)).map(Hours::special)
    }

    fn stretches_of(&self, hours: Hours<'_>, date: NaiveDate) -> Vec<Stretch> {
        let (opens, closes) = (date.and_time(hours.from), date.and_time(hours.to));
        let windows = hours.windows(self.office.time_zone, date);
        let Some(whole) = hull(self.office.time_zone, opens, closes) else { return Vec::new() };
        let steady = whole.to - whole.from == closes - opens;
        let every = hours.every_minutes.filter(|&m| m > 0).unwrap_or(self.minutes).max(1);
        let grid_instant = steady.then_some(whole.from);
        windows.into_iter().map(|window| Stretch { window, grid_from: opens, grid_instant, every }).collect()
    }
}

impl<'a> Hours<'a> {
    fn weekly(rule: &'a OpeningRule) -> Self {
        Self { from: rule.from, to: rule.to, breaks: &rule.breaks, every_minutes: rule.every_minutes }
    }

    fn special(day: &'a SpecialDay) -> Self {
        Self { from: day.from, to: day.to, breaks: &day.breaks, every_minutes: day.every_minutes }
    }

    /// The time in which it is open on `date`, without the breaks.
    fn windows(self, zone: Tz, date: NaiveDate) -> Vec<Window> {
        let whole = hull(zone, date.and_time(self.from), date.and_time(self.to));
        let breaks = self.breaks.iter().map(|b| Window {
            from: first_instant(zone, date.and_time(b.from)),
            to: pause_end(zone, date.and_time(b.to)),
        });
        breaks.fold(whole.into_iter().collect(), |open, pause| subtract(&open, pause))
    }
}

/// From opening to closing; `None` when the wall clock leaves nothing between them.
fn hull(zone: Tz, opens: NaiveDateTime, closes: NaiveDateTime) -> Option<Window> {
    let whole = Window { from: first_instant(zone, opens), to: first_instant(zone, closes) };
    (whole.from < whole.to).then_some(whole)
}

/// An empty list admits everything.
pub(super) fn admits<T: PartialEq>(only: &[T], wanted: &T) -> bool {
    only.is_empty() || only.contains(wanted)
}

/// The name of the yearly day on which only this office is shut, nominative.
fn local_holiday(holidays: &[LocalHoliday], date: NaiveDate) -> Option<String> {
    holidays.iter().find(|holiday| holiday.on.falls_on(date)).map(|holiday| holiday.name.clone())
}

/// The time in which an office serves anybody on `date` by hours that `counts` lets count, and whether closures of the whole
/// office count against it.
pub(super) fn serving(
    office: &Office,
    date: NaiveDate,
    counts: impl Fn(&[Mode], &[ServiceId]) -> bool,
) -> Vec<(Window, bool)> {
    let zone = office.time_zone;
    let special: Vec<_> = office.special_days.iter().filter(|day| day.date == date).collect();
    let mut windows = Vec::new();
    for day in special.iter().filter(|day| counts(&day.modes, &day.services)) {
        windows.extend(Hours::special(day).windows(zone, date).into_iter().map(|w| (w, false)));
    }
    let replaced = special.iter().any(|day| day.modes.is_empty() && day.services.is_empty());
    let holiday = feast::holiday_on(date).is_some() || local_holiday(office.local_holidays(), date).is_some();
    if !replaced && !holiday {
        let rules = office.opening.iter().filter(|rule| rule.holds_on(date) && counts(&rule.modes, &rule.services));
        for rule in rules {
            windows.extend(Hours::weekly(rule).windows(zone, date).into_iter().map(|w| (w, true)));
        }
    }
    windows
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
pub(super) fn first_instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
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
pub(super) fn subtract(open: &[Window], pause: Window) -> Vec<Window> {
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
