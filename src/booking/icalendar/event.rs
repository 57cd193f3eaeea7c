//! One event (VEVENT) as it stands in a calendar.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponent, ICalendarDuration, ICalendarEntry, ICalendarParameterName, ICalendarPeriod, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarStatus, ICalendarTransparency, ICalendarValue,
};
use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

use super::busy::Trouble;
use super::zone::{Zone, Zones};

/// The years in which an event may lie; beyond them is a mistake or mischief.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// The longest event, days.
const LONGEST: i64 = 10 * 366;

/// A time by some wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// What the clock reads; midnight for a whole day.
    pub local: NaiveDateTime,
    /// Whose clock.
    pub zone: Zone,
    /// Whether it is a day without an hour.
    pub all_day: bool,
}

impl Moment {
    pub fn instant(self) -> Option<DateTime<Utc>> {
        self.zone.instant(self.local)
    }
}

/// How long something takes: whole days by the wall clock, then exact time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    pub days: i64,
    pub seconds: i64,
}

impl Length {
    /// When something that begins at `start` ends.
    pub fn end(self, start: Moment) -> Option<DateTime<Utc>> {
        let local = start.local.checked_add_signed(TimeDelta::days(self.days))?;
        start.zone.instant(local)?.checked_add_signed(TimeDelta::seconds(self.seconds))
    }
}

/// Which of the times of a repeating event this one stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instance {
    pub at: Moment,
    /// Whether it stands for all later ones too.
    pub onwards: bool,
}

/// An event.
#[derive(Debug)]
pub(super) struct Event {
    /// Its place in the calendar, from 1: what a report calls it, for its title may say too much.
    pub number: usize,
    pub uid: String,
    pub sequence: i64,
    pub instance: Option<Instance>,
    pub start: Moment,
    pub length: Length,
    pub rules: Vec<ICalendarRecurrenceRule>,
    pub also: Vec<(Moment, Length)>,
    pub except: Vec<Moment>,
    /// Whether its owner is busy then.
    pub busy: bool,
    /// What was wrong with it but does not make it useless.
    pub troubles: Vec<Trouble>,
}

/// Reads times, and remembers when a zone was not known.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub zones: &'a Zones,
    pub unknown_zone: bool,
}

impl Reader<'_> {
    /// Reads an event.
    pub fn event(&mut self, number: usize, component: &ICalendarComponent) -> Result<Event, Trouble> {
        self.unknown_zone = false;
        let first = |name| component.property(&name);
        let written = first(ICalendarProperty::Dtstart).or_else(|| first(ICalendarProperty::RecurrenceId));
        let start = written.and_then(|entry| self.moment(entry)).ok_or(Trouble::NoStart)?;
        let length = self.length(component, start)?;
        let instance = first(ICalendarProperty::RecurrenceId).and_then(|entry| {
            let onwards = entry.parameter(&ICalendarParameterName::Range).is_some();
            self.moment(entry).map(|at| Instance { at, onwards })
        });
        let mut event = Event {
            number,
            uid: component.uid().unwrap_or_default().to_owned(),
            sequence: first(ICalendarProperty::Sequence).and_then(|e| e.values.first()?.as_integer()).unwrap_or(0),
            instance,
            start,
            length,
            rules: Vec::new(),
            also: Vec::new(),
            except: Vec::new(),
            busy: is_busy(component),
            troubles: Vec::new(),
        };
        self.repetition(component, &mut event);
        if self.unknown_zone {
            event.troubles.push(Trouble::UnknownZone);
        }
        Ok(event)
    }

    fn repetition(&mut self, component: &ICalendarComponent, event: &mut Event) {
        for entry in &component.entries {
            match entry.name {
                ICalendarProperty::Rrule => match entry.values.first() {
                    Some(ICalendarValue::RecurrenceRule(rule)) => event.rules.push((**rule).clone()),
                    _ => event.troubles.push(Trouble::BadRule),
                },
                ICalendarProperty::Rdate => event.also.extend(self.added(entry, event.length)),
                ICalendarProperty::Exdate => event.except.extend(self.moments(entry)),
                _ => {}
            }
        }
    }

    fn added(&mut self, entry: &ICalendarEntry, length: Length) -> Vec<(Moment, Length)> {
        let zone = self.zone_of(entry);
        let values = entry.values.iter().filter_map(|value| match value {
            ICalendarValue::PartialDateTime(at) => Some((moment(at, zone)?, length)),
            ICalendarValue::Period(period) => period_of(period, zone),
            _ => None,
        });
        values.collect()
    }

    /// Busy periods (FREEBUSY) of a VFREEBUSY.
    pub fn periods(&mut self, entry: &ICalendarEntry) -> Vec<(Moment, Length)> {
        let zone = self.zone_of(entry);
        let period = |value: &ICalendarValue| match value {
            ICalendarValue::Period(period) => period_of(period, zone),
            _ => None,
        };
        entry.values.iter().filter_map(period).collect()
    }

    fn length(&mut self, component: &ICalendarComponent, start: Moment) -> Result<Length, Trouble> {
        if let Some(entry) = component.property(&ICalendarProperty::Dtend) {
            let end = self.moment(entry).ok_or(Trouble::NoEnd)?;
            return between(start, end);
        }
        match component.property(&ICalendarProperty::Duration).and_then(|entry| entry.values.first()) {
            Some(ICalendarValue::Duration(duration)) => lasting(duration),
            Some(_) => Err(Trouble::NoEnd),
            // Without an end a day lasts a day, and a moment no time at all (RFC 5545, 3.6.1).
            None => Ok(Length { days: i64::from(start.all_day), seconds: 0 }),
        }
    }

    fn moment(&mut self, entry: &ICalendarEntry) -> Option<Moment> {
        self.moments(entry).into_iter().next()
    }

    fn moments(&mut self, entry: &ICalendarEntry) -> Vec<Moment> {
        let zone = self.zone_of(entry);
        let read = |value: &ICalendarValue| match value {
            ICalendarValue::PartialDateTime(at) => moment(at, zone),
            _ => None,
        };
        entry.values.iter().filter_map(read).collect()
    }

    fn zone_of(&mut self, entry: &ICalendarEntry) -> Zone {
        let Some(name) = entry.tz_id() else { return self.zones.home };
        let found = self.zones.find(name);
        self.unknown_zone |= found.is_none();
        found.unwrap_or(self.zones.home)
    }
}

fn moment(written: &PartialDateTime, zone: Zone) -> Option<Moment> {
    let read = written.to_date_time().filter(|read| YEARS.contains(&read.date_time.year()))?;
    let zone = read.offset.map_or(zone, Zone::fixed);
    Some(Moment { local: read.date_time, zone, all_day: !written.has_time() })
}

fn period_of(period: &ICalendarPeriod, zone: Zone) -> Option<(Moment, Length)> {
    match period {
        ICalendarPeriod::Range { start, end } => {
            let start = moment(start, zone)?;
            Some((start, between(start, moment(end, zone)?).ok()?))
        }
        ICalendarPeriod::Duration { start, duration } => Some((moment(start, zone)?, lasting(duration).ok()?)),
    }
}

fn between(start: Moment, end: Moment) -> Result<Length, Trouble> {
    let length = if start.all_day && end.all_day {
        Length { days: (end.local - start.local).num_days(), seconds: 0 }
    } else {
        let instants = end.instant().zip(start.instant()).ok_or(Trouble::NoEnd)?;
        Length { days: 0, seconds: (instants.0 - instants.1).num_seconds() }
    };
    within_reason(length)
}

fn lasting(written: &ICalendarDuration) -> Result<Length, Trouble> {
    if written.neg {
        return Err(Trouble::EndsBeforeItBegins);
    }
    let days = i64::from(written.weeks) * 7 + i64::from(written.days);
    let seconds = i64::from(written.hours) * 3600 + i64::from(written.minutes) * 60 + i64::from(written.seconds);
    within_reason(Length { days, seconds })
}

fn within_reason(length: Length) -> Result<Length, Trouble> {
    let days = length.days + length.seconds.div_euclid(24 * 60 * 60);
    match days {
        ..0 => Err(Trouble::EndsBeforeItBegins),
        LONGEST.. => Err(Trouble::TooLong),
        _ => Ok(length),
    }
}

/// Whether the owner of the calendar is busy during an event, by the standard's words and by Outlook's own.
fn is_busy(event: &ICalendarComponent) -> bool {
    let cancelled = matches!(event.status(), Some(ICalendarStatus::Cancelled));
    let transparent = matches!(event.transparency(), Some(ICalendarTransparency::Transparent));
    let shown_free = event.entries.iter().any(|entry| {
        matches!(&entry.name, ICalendarProperty::Other(name) if name.eq_ignore_ascii_case("X-MICROSOFT-CDO-BUSYSTATUS"))
            && entry.values.first().and_then(ICalendarValue::as_text).is_some_and(|v| v.eq_ignore_ascii_case("FREE"))
    });
    !(cancelled || transparent || shown_free)
}
