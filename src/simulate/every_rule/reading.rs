//! What the catalogue says of an appointment, read sentence by sentence: slow, obvious, and without a line of the product's own
//! search, so that a mistake there is seen here.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::rule::{Rule, able, admits};
use crate::booking::catalogue::{Break, Catalogue, Day, Office, OpeningRule, Service};
use crate::booking::core::{Appointment, Needs};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::Mode;
use crate::booking::rule::party::Share;
use crate::booking::rule::quota::{BookedBy, Most, Quota};
use crate::booking::rule::release::Release;
use crate::greek::feast;

/// An appointment of the database with how it came there.
#[derive(Debug, Clone)]
pub struct Row {
    /// As the database has it.
    pub appointment: Appointment,
    /// What was asked for.
    pub needs: Needs,
    /// The channel.
    pub channel: String,
    /// Whether staff booked it.
    pub staff: bool,
    /// Whether it came by the waiting list.
    pub waited: bool,
}

/// Hours of one day.
struct Hours<'a> {
    from: NaiveDateTime,
    to: NaiveDateTime,
    breaks: &'a [Break],
    every: u32,
}

/// A place that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What.
    pub service: &'a Service,
    /// Where.
    pub office: &'a Office,
    /// How.
    pub mode: Mode,
    /// How many persons.
    pub persons: u32,
    /// When.
    pub start: DateTime<Utc>,
}

impl Asked<'_> {
    fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.office.time_zone).naive_local()
    }

    /// How long it takes, minutes.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        let one = self.service.modes.iter().find(|m| m.mode == self.mode).map_or(0, |m| m.minutes);
        let more = match self.service.rules.party.each {
            Share::Minutes(more) => more * (self.persons - 1),
            Share::Desk => 0,
        };
        i64::from(one + more)
    }

    /// The rule that forbids this time to a citizen at `now`, if one does. Whether somebody else has it is not looked at.
    #[must_use]
    pub fn forbidden(&self, now: DateTime<Utc>) -> Option<Rule> {
        let rules = &self.service.rules;
        if !self.service.modes.iter().any(|served| served.mode == self.mode) {
            return Some(Rule::ServedBy);
        }
        if self.persons > rules.party.most {
            return Some(Rule::of_party(&rules.party));
        }
        if self.start < now + TimeDelta::minutes(rules.lead_minutes.into()) {
            return Some(Rule::Lead);
        }
        if self.local(self.start).date() > self.open_until(now) {
            return Some(match rules.release {
                Release::Continuous => Rule::Horizon,
                Release::Daily { .. } => Rule::ReleaseDaily,
                Release::Weekly { .. } => Rule::ReleaseWeekly,
                Release::Monthly { .. } => Rule::ReleaseMonthly,
            });
        }
        self.closed()
    }

    /// The last date that a citizen may book at `now`.
    fn open_until(&self, now: DateTime<Utc>) -> NaiveDate {
        let rules = &self.service.rules;
        let now = self.local(now);
        let opened = |day: &NaiveDate| match rules.release {
            Release::Continuous => true,
            Release::Daily { at } => day.and_time(at) <= now,
            Release::Weekly { on, at } => Day::from(day.weekday()) == on && day.and_time(at) <= now,
            Release::Monthly { on, at } => day.day() == on && day.and_time(at) <= now,
        };
        let back = (0..40).map(|days| now.date() - TimeDelta::days(days));
        let latest = back.into_iter().find(opened).unwrap_or(now.date());
        latest + TimeDelta::days(rules.horizon_days.into())
    }

    /// Whether the office serves it then.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let (from, to) = (self.local(self.start), self.local(self.start + TimeDelta::minutes(self.minutes())));
        let special = self.special_hours(from.date());
        if special.is_empty() {
            return self.holiday(from.date()).is_none() && self.fits(|_| false, (from, to));
        }
        special.iter().any(|hours| hours.hold(from, to))
    }

    fn holiday(&self, date: NaiveDate) -> Option<Rule> {
        if feast::holiday_on(date).is_some() {
            return Some(Rule::Holiday);
        }
        let local = self.office.local_holidays().iter().any(|holiday| holiday.on.falls_on(date));
        local.then_some(Rule::LocalHoliday)
    }

    /// The rule by which the office does not serve it then.
    #[must_use]
    pub fn closed(&self) -> Option<Rule> {
        if self.is_open() {
            return None;
        }
        let (from, to) = (self.local(self.start), self.local(self.start + TimeDelta::minutes(self.minutes())));
        let date = from.date();
        if !self.special_hours(date).is_empty() {
            return Some(Rule::SpecialDay);
        }
        if let Some(holiday) = self.holiday(date) {
            return Some(holiday);
        }
        // The rule without which it would have been open.
        let one = |but: Rule| self.fits(|rule| rule == but, (from, to)).then_some(but);
        let alone = [
            Rule::Break,
            Rule::EveryWeeks,
            Rule::WeeksOfMonth,
            Rule::Validity,
            Rule::Grid,
            Rule::HoursOfMode,
            Rule::HoursOfService,
        ];
        alone.into_iter().find_map(one).or(Some(Rule::Hours))
    }

    /// Whether weekly hours hold it, when nothing is made of the rules that are left out.
    fn fits(&self, without: impl Fn(Rule) -> bool, (from, to): (NaiveDateTime, NaiveDateTime)) -> bool {
        let date = from.date();
        let weekly = self.office.opening.iter().filter(|rule| rule.days.contains(&Day::from(date.weekday())));
        let here = weekly.filter(|rule| {
            (without(Rule::HoursOfMode) || admits(&rule.modes, &self.mode))
                && (without(Rule::HoursOfService) || admits(&rule.services, &self.service.id))
                && (without(Rule::Validity) || valid(rule, date))
                && (without(Rule::EveryWeeks) || in_week(rule, date))
                && (without(Rule::WeeksOfMonth) || in_month(rule, date))
        });
        here.into_iter().any(|rule| {
            let breaks = if without(Rule::Break) { &[] } else { &rule.breaks[..] };
            // A set grid that is left out leaves every minute as a start.
            let every = if without(Rule::Grid) && rule.every_minutes.is_some() { Some(1) } else { rule.every_minutes };
            self.hours(date, rule.from, rule.to, breaks, every).hold(from, to)
        })
    }

    fn special_hours(&self, date: NaiveDate) -> Vec<Hours<'_>> {
        let days = self.office.special_days.iter().filter(|day| day.date == date);
        let here = days.filter(|day| admits(&day.modes, &self.mode) && admits(&day.services, &self.service.id));
        here.map(|day| self.hours(date, day.from, day.to, &day.breaks, day.every_minutes)).collect()
    }

    fn hours<'a>(
        &self,
        date: NaiveDate,
        from: chrono::NaiveTime,
        to: chrono::NaiveTime,
        breaks: &'a [Break],
        every: Option<u32>,
    ) -> Hours<'a> {
        let one = self.service.modes.iter().find(|m| m.mode == self.mode).map_or(0, |m| m.minutes);
        Hours { from: date.and_time(from), to: date.and_time(to), breaks, every: every.unwrap_or(one) }
    }
}

impl Hours<'_> {
    /// Whether an appointment may lie so: inside, clear of the breaks, on the grid.
    fn hold(&self, from: NaiveDateTime, to: NaiveDateTime) -> bool {
        let date = self.from.date();
        let clear = |b: &Break| to <= date.and_time(b.from) || date.and_time(b.to) <= from;
        let on_grid = (from - self.from).num_minutes() % i64::from(self.every.max(1)) == 0;
        self.from <= from && to <= self.to && on_grid && self.breaks.iter().all(clear)
    }
}

fn valid(rule: &OpeningRule, date: NaiveDate) -> bool {
    rule.valid_from.is_none_or(|first| first <= date) && rule.valid_to.is_none_or(|last| date <= last)
}

fn recurs(rule: &OpeningRule, date: NaiveDate) -> bool {
    in_week(rule, date) && in_month(rule, date)
}

fn in_week(rule: &OpeningRule, date: NaiveDate) -> bool {
    let monday = |date: NaiveDate| date - TimeDelta::days(date.weekday().num_days_from_monday().into());
    let weeks = rule.valid_from.map_or(0, |first| (monday(date) - monday(first)).num_weeks());
    weeks % i64::from(rule.recurrence.every_weeks.unwrap_or(1)) == 0
}

fn in_month(rule: &OpeningRule, date: NaiveDate) -> bool {
    let last = (date + TimeDelta::days(7)).month() != date.month();
    let week = i8::try_from(date.day0() / 7 + 1).unwrap_or_default();
    let months = &rule.recurrence.weeks_of_month;
    months.is_empty() || months.contains(&week) || (last && months.contains(&-1))
}

/// Every rule that an appointment breaks, among all the others.
#[must_use]
pub fn broken(catalogue: &Catalogue, row: &Row, all: &[Row], now: DateTime<Utc>) -> Vec<Rule> {
    let it = &row.appointment;
    let (Some(service), Some(office)) = (catalogue.service(&it.service), catalogue.office(&it.office)) else {
        return vec![Rule::Hours];
    };
    let persons = row.needs.persons;
    let asked = Asked { service, office, mode: it.mode, persons, start: it.start };
    let mut broken = Vec::new();
    broken.extend(if row.staff { asked.closed() } else { asked.forbidden(now) });
    if (it.end - it.start).num_minutes() != asked.minutes() {
        broken.push(if persons > 1 { Rule::of_party(&service.rules.party) } else { Rule::Hours });
    }
    let Some(resource) = able(service, office, it.mode).find(|resource| resource.id == it.resource) else {
        broken.push(Rule::Skills);
        return broken;
    };
    if row.needs.language.is_some_and(|language| !resource.languages.contains(&language)) {
        broken.push(Rule::Languages);
    }
    if row.needs.resource.as_ref().is_some_and(|wanted| *wanted != it.resource || resource.hidden) {
        broken.push(Rule::ChosenEmployee);
    }
    let others = all.iter().filter(|other| other.appointment.reference != it.reference);
    let claim = claim(catalogue, (&it.service, &it.office, &it.resource), (it.start, it.end));
    if others.clone().any(|other| stands_in(catalogue, other, &it.resource, claim)) {
        let own = resource.buffer != Default::default();
        broken.push(if own { Rule::BufferOfResource } else { Rule::BufferOfService });
    }
    let that_day = of_that_day(office, asked.local(it.start).date(), all);
    for quota in &office.quotas {
        if !lifted(quota, it.start, now) && exceeded(catalogue, office, asked.local(it.start).date(), quota, &that_day)
        {
            broken.extend(Rule::of_quota(quota));
        }
    }
    let minutes: i64 = that_day.iter().map(|row| served(catalogue, row)).sum();
    let date = asked.local(it.start).date();
    if minutes * 100 > serving(office, date) * i64::from(100 - office.walk_in_percent) {
        broken.push(Rule::WalkIn);
    }
    broken
}

/// Whether an appointment stands only because a share of its day was lifted before it.
#[must_use]
pub fn stands_by_lift(catalogue: &Catalogue, row: &Row, all: &[Row], now: DateTime<Utc>) -> bool {
    let Some(office) = catalogue.office(&row.appointment.office) else { return false };
    let date = row.appointment.start.with_timezone(&office.time_zone).date_naive();
    let that_day = of_that_day(office, date, all);
    office.quotas.iter().any(|quota| {
        counts(quota, row)
            && lifted(quota, row.appointment.start, now)
            && exceeded(catalogue, office, date, quota, &that_day)
    })
}

fn of_that_day<'a>(office: &Office, date: NaiveDate, all: &'a [Row]) -> Vec<&'a Row> {
    let local = |row: &Row| row.appointment.start.with_timezone(&office.time_zone).date_naive();
    all.iter().filter(|row| row.appointment.office == office.id && local(row) == date).collect()
}

/// A stretch of time, with all that is around an appointment.
type Claim = (DateTime<Utc>, DateTime<Utc>);

fn claim(catalogue: &Catalogue, (service, office, desk): (&ServiceId, &OfficeId, &ResourceId), at: Claim) -> Claim {
    let service = catalogue.service(service).map(|s| s.rules.buffer).unwrap_or_default();
    let desks = catalogue.office(office).into_iter().flat_map(|o| &o.resources);
    let own = desks.filter(|r| &r.id == desk).map(|r| r.buffer).next().unwrap_or_default();
    let before = TimeDelta::minutes((service.before_minutes + own.before_minutes).into());
    let after = TimeDelta::minutes((service.after_minutes + own.after_minutes).into());
    (at.0 - before, at.1 + after)
}

fn stands_in(catalogue: &Catalogue, other: &Row, desk: &ResourceId, (from, to): Claim) -> bool {
    let it = &other.appointment;
    if &it.resource != desk {
        return false;
    }
    let (other_from, other_to) = claim(catalogue, (&it.service, &it.office, &it.resource), (it.start, it.end));
    from < other_to && other_from < to
}

/// The desks that could still take it among these appointments, by their ids.
#[must_use]
pub fn free_desks<'a>(catalogue: &Catalogue, asked: Asked<'a>, all: &[Row]) -> Vec<&'a ResourceId> {
    let (service, office) = (asked.service, asked.office);
    let at = (asked.start, asked.start + TimeDelta::minutes(asked.minutes()));
    let free = |desk: &&ResourceId| {
        let claim = claim(catalogue, (&service.id, &office.id, desk), at);
        !all.iter().any(|other| stands_in(catalogue, other, desk, claim))
    };
    able(service, office, asked.mode).map(|desk| &desk.id).filter(free).collect()
}

fn lifted(quota: &Quota, start: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    quota.lifts_hours_before.is_some_and(|hours| start <= now + TimeDelta::hours(hours.into()))
}

fn exceeded(catalogue: &Catalogue, office: &Office, date: NaiveDate, quota: &Quota, that_day: &[&Row]) -> bool {
    let counted: Vec<&&Row> = that_day.iter().filter(|row| counts(quota, row)).collect();
    match quota.most {
        Most::Places(most) => counted.len() > most as usize,
        Most::Percent(percent) => {
            let minutes: i64 = counted.iter().map(|row| served(catalogue, row)).sum();
            minutes * 100 > serving(office, date) * i64::from(percent)
        }
    }
}

/// Whether an appointment counts towards a share.
#[must_use]
pub fn counts(quota: &Quota, row: &Row) -> bool {
    let by = quota.booked_by.is_none_or(|by| (by == BookedBy::Staff) == row.staff);
    by && admits(&quota.channels, &row.channel)
        && admits(&quota.modes, &row.appointment.mode)
        && admits(&quota.services, &row.appointment.service)
}

/// Minutes of serving of one appointment, over all its desks.
fn served(catalogue: &Catalogue, row: &Row) -> i64 {
    let it = &row.appointment;
    let each_has_a_desk = catalogue.service(&it.service).is_some_and(|s| s.rules.party.each == Share::Desk);
    (it.end - it.start).num_minutes() * i64::from(if each_has_a_desk { row.needs.persons } else { 1 })
}

/// The serving time of an office on a day, minutes over all its resources, minute by minute.
fn serving(office: &Office, date: NaiveDate) -> i64 {
    let shut = feast::holiday_on(date).is_some() || office.local_holidays().iter().any(|h| h.on.falls_on(date));
    let special: Vec<_> = office.special_days.iter().filter(|day| day.date == date).collect();
    let whole_day_is_special = special.iter().any(|day| day.modes.is_empty() && day.services.is_empty());
    let weekly = office.opening.iter().filter(|r| r.days.contains(&Day::from(date.weekday())));
    let weekly = weekly.filter(|r| !shut && !whole_day_is_special && valid(r, date) && recurs(r, date));
    let hours: Vec<_> = special
        .iter()
        .map(|d| (d.from, d.to, &d.breaks, &d.modes, &d.services))
        .chain(weekly.map(|r| (r.from, r.to, &r.breaks, &r.modes, &r.services)))
        .collect();
    let shared = |a: &[Mode], b: &[Mode]| a.is_empty() || b.is_empty() || a.iter().any(|mode| b.contains(mode));
    let mut minutes = 0;
    for resource in &office.resources {
        let here: Vec<_> = hours
            .iter()
            .filter(|(_, _, _, modes, services)| {
                shared(modes, &resource.modes)
                    && (services.is_empty()
                        || resource.services.is_empty()
                        || services.iter().any(|s| resource.services.contains(s)))
            })
            .collect();
        for minute in 0..if here.is_empty() { 0 } else { 24 * 60 } {
            let Some(at) = chrono::NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0) else { continue };
            minutes += i64::from(here.iter().any(|(from, to, breaks, ..)| {
                *from <= at && at < *to && !breaks.iter().any(|b| b.from <= at && at < b.to)
            }));
        }
    }
    minutes
}
