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

/// A date as the wall clocks of one zone have it, looked up once for all the offices there.
#[derive(Debug, Clone, Copy)]
pub struct Date {
    /// The date.
    pub date: NaiveDate,
    /// The whole of it: 23, 24 or 25 hours.
    pub day: Window,
    zone: Tz,
    /// The name of the public holiday that it is.
    public_holiday: Option<&'static str>,
    /// Whether the clock runs through it evenly, so that times of day can be counted from midnight.
    even: bool,
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

impl Date {
    /// Looks a date up.
    #[must_use]
    pub fn new(zone: Tz, date: NaiveDate) -> Self {
        let day = day_in(zone, date);
        let public_holiday = feast::holiday_on(date).map(|holiday| holiday.name);
        Self { date, day, zone, public_holiday, even: day.to - day.from == TimeDelta::days(1) }
    }

    /// The first instant at which the wall clock shows a time of it or has jumped over it.
    fn at(&self, time: NaiveTime) -> DateTime<Utc> {
        if self.even {
            self.day.from + (time - NaiveTime::MIN)
        } else {
            first_instant(self.zone, self.date.and_time(time))
        }
    }

    /// When a pause until a time of it is over: once the wall clock has shown its last minute for the last time.
    fn pause_end(&self, time: NaiveTime) -> DateTime<Utc> {
        if self.even { self.at(time) } else { pause_end(self.zone, self.date.and_time(time)) }
    }
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

    /// Which rule a date goes by.
    #[must_use]
    pub fn rule_of(&self, date: &Date) -> DayRule {
        if self.special_hours(date.date).next().is_some() {
            return DayRule::Special;
        }
        let holiday = date.public_holiday.map(str::to_owned);
        holiday.or_else(|| local_holiday(self.local_holidays, date.date)).map_or(DayRule::Weekly, DayRule::Holiday)
    }

    /// The starts of appointments of `length` on a date: in order, each once. Those of the weekly hours as if it were no
    /// holiday, unless it is a special day. Closures are not looked at.
    #[must_use]
    pub fn starts(&self, date: &Date, length: TimeDelta) -> Vec<DateTime<Utc>> {
        let mut starts = Vec::new();
        let mut push = |hours: Hours<'_>| {
            for stretch in self.stretches_of(hours, date) {
                stretch.push_starts(length, self.office.time_zone, &mut starts);
            }
        };
        if self.special_hours(date.date).next().is_some() {
            self.special_hours(date.date).for_each(&mut push);
        } else {
            self.weekly_hours(date.date).for_each(&mut push);
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Whether it is served without a pause all through `window`, on or off the grid of starts. Closures are not looked at.
    #[must_use]
    pub fn serves_through(&self, window: Window) -> bool {
        let date = Date::new(self.office.time_zone, self.date_at(window.from));
        let hours: Vec<Hours<'_>> = match self.rule_of(&date) {
            DayRule::Special => self.special_hours(date.date).collect(),
            DayRule::Weekly => self.weekly_hours(date.date).collect(),
            DayRule::Holiday(_) => Vec::new(),
        };
        let mut open = hours.into_iter().flat_map(|hours| hours.windows(&date));
        open.any(|open| open.from <= window.from && window.to <= open.to)
    }

    /// The date that the office's wall clock shows at `instant`.
    #[must_use]
    pub fn date_at(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.office.time_zone).date_naive()
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

    fn stretches_of(&self, hours: Hours<'_>, date: &Date) -> impl Iterator<Item = Stretch> {
        let whole = hours.whole(date);
        let steady = whole.to - whole.from == hours.to - hours.from;
        let every = hours.every_minutes.filter(|&m| m > 0).unwrap_or(self.minutes).max(1);
        let (grid_from, grid_instant) = (date.date.and_time(hours.from), steady.then_some(whole.from));
        hours.windows(date).into_iter().map(move |window| Stretch { window, grid_from, grid_instant, every })
    }
}

impl<'a> Hours<'a> {
    fn weekly(rule: &'a OpeningRule) -> Self {
        Self { from: rule.from, to: rule.to, breaks: &rule.breaks, every_minutes: rule.every_minutes }
    }

    fn special(day: &'a SpecialDay) -> Self {
        Self { from: day.from, to: day.to, breaks: &day.breaks, every_minutes: day.every_minutes }
    }

    fn whole(self, date: &Date) -> Window {
        Window { from: date.at(self.from), to: date.at(self.to) }
    }

    /// The time in which it is open on a date, without the breaks.
    fn windows(self, date: &Date) -> Vec<Window> {
        let whole = self.whole(date);
        if whole.from >= whole.to {
            return Vec::new();
        }
        let breaks = self.breaks.iter().map(|b| Window { from: date.at(b.from), to: date.pause_end(b.to) });
        breaks.fold(vec![whole], |open, pause| subtract(&open, pause))
    }
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
    at: &Date,
    counts: impl Fn(&[Mode], &[ServiceId]) -> bool,
) -> Vec<(Window, bool)> {
    let date = at.date;
    let special: Vec<_> = office.special_days.iter().filter(|day| day.date == date).collect();
    let mut windows = Vec::new();
    for day in special.iter().filter(|day| counts(&day.modes, &day.services)) {
        windows.extend(Hours::special(day).windows(at).into_iter().map(|w| (w, false)));
    }
    let replaced = special.iter().any(|day| day.modes.is_empty() && day.services.is_empty());
    let holiday = at.public_holiday.is_some() || local_holiday(office.local_holidays(), date).is_some();
    if !replaced && !holiday {
        let rules = office.opening.iter().filter(|rule| rule.holds_on(date) && counts(&rule.modes, &rule.services));
        for rule in rules {
            windows.extend(Hours::weekly(rule).windows(at).into_iter().map(|w| (w, true)));
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
