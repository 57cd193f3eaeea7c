//! From the text of a calendar to the times in which its owner is busy.

use std::collections::{BTreeMap, HashSet};

use calcard::icalendar::{
    ICalendar, ICalendarComponentType, ICalendarFreeBusyType, ICalendarParameterName, ICalendarParameterValue,
    ICalendarProperty,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::event::{Event, Instance, Length, Moment, Reader};
use super::recurrence::{self, Patience, Span};
use super::zone::Zones;
use crate::booking::core::Window;

/// The largest calendar that is read, bytes.
pub const LARGEST: usize = 5 * 1024 * 1024;

/// The most times at which events may take place within the span asked for.
pub const MOST_OCCURRENCES: usize = 10_000;

/// What a calendar says about a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BusyTimes {
    /// When its owner is busy: in order, clipped to the span, never touching one another.
    pub windows: Vec<Window>,
    /// What could not be read, or not fully.
    pub problems: Vec<Problem>,
}

/// Something wrong with one event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {event}: {trouble}")]
pub struct Problem {
    /// Its place in the calendar, from 1.
    pub event: usize,
    /// What is wrong.
    pub trouble: Trouble,
}

/// What can be wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Trouble {
    /// It is left out.
    #[error("it has no start that can be read; left out")]
    NoStart,
    /// It is left out.
    #[error("its end cannot be read; left out")]
    NoEnd,
    /// It is left out.
    #[error("it ends before it begins; left out")]
    EndsBeforeItBegins,
    /// It is left out.
    #[error("it lasts longer than ten years; left out")]
    TooLong,
    /// Only its own start is taken.
    #[error("its repetition cannot be read; only its first time is taken")]
    BadRule,
    /// The rest is left out.
    #[error("it takes place too often; only some of its times are taken")]
    TooManyTimes,
    /// It is read in the zone of the calendar.
    #[error("its time zone is not known; it is read in the zone of the calendar")]
    UnknownZone,
}

/// Why a text is no calendar at all; what was read from it before should stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`LARGEST`].
    #[error("the calendar is larger than 5 MB")]
    TooLarge,
    /// Something else: a web page, a picture.
    #[error("this is no calendar")]
    NotACalendar,
    /// It breaks off.
    #[error("the calendar breaks off before its end")]
    Unfinished,
}

/// Reads when the owner of a calendar is busy within `span`; `office` is the zone of times that name none.
///
/// # Errors
/// [`Unreadable`] when it is not the whole of a calendar. Events that cannot be read are only reported.
pub fn busy_times(text: &[u8], span: Window, office: chrono_tz::Tz) -> Result<BusyTimes, Unreadable> {
    if text.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let text = String::from_utf8_lossy(text);
    let calendars = parse(&text);
    if calendars.is_empty() {
        return Err(Unreadable::NotACalendar);
    }
    let ends = text.trim_end_matches(['\0', '\u{1a}']).trim_end();
    if !ends.get(ends.len().saturating_sub(13)..).is_some_and(|end| end.eq_ignore_ascii_case("END:VCALENDAR")) {
        return Err(Unreadable::Unfinished);
    }
    let mut gatherer = Gatherer::new(span);
    for calendar in &calendars {
        gatherer.calendar(calendar, office);
    }
    Ok(gatherer.finish())
}

fn parse(text: &str) -> Vec<ICalendar> {
    let mut parser = Parser::new(text);
    let mut calendars = Vec::new();
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) if is_calendar(&calendar) => calendars.push(calendar),
            Entry::Eof | Entry::TooManyComponents => return calendars,
            _ => {}
        }
    }
}

/// An event may stand outside any calendar; that is none.
fn is_calendar(calendar: &ICalendar) -> bool {
    calendar.components.first().is_some_and(|root| root.component_type == ICalendarComponentType::VCalendar)
}

/// Gathers busy windows, within limits.
struct Gatherer {
    span: Window,
    windows: Vec<Window>,
    problems: Vec<Problem>,
    reported: HashSet<(usize, Trouble)>,
    patience: Patience,
    events: usize,
}

impl Gatherer {
    fn new(span: Window) -> Self {
        let (windows, problems, reported) = (Vec::new(), Vec::new(), HashSet::new());
        Self { span, windows, problems, reported, patience: Patience::default(), events: 0 }
    }

    fn calendar(&mut self, calendar: &ICalendar, office: chrono_tz::Tz) {
        let zones = Zones::of(calendar, office, self.span.from.year());
        let mut reader = Reader { zones: &zones, unknown_zone: false };
        let mut series: BTreeMap<String, Vec<Event>> = BTreeMap::new();
        for component in &calendar.components {
            match component.component_type {
                ICalendarComponentType::VEvent => {
                    self.events += 1;
                    match reader.event(self.events, component) {
                        Ok(event) => series.entry(key(&event)).or_default().push(event),
                        Err(trouble) => self.report(self.events, trouble),
                    }
                }
                ICalendarComponentType::VFreebusy => {
                    self.events += 1;
                    let entries = component.properties(&ICalendarProperty::Freebusy);
                    let busy = entries.filter(|entry| !says_free(entry.parameter(&ICalendarParameterName::Fbtype)));
                    for (start, length) in busy.flat_map(|entry| reader.periods(entry)) {
                        self.take(self.events, start, length);
                    }
                }
                _ => {}
            }
        }
        for events in series.into_values() {
            self.series(&events);
        }
    }

    /// Events of one identity: one that repeats and those that stand for some of its times.
    fn series(&mut self, events: &[Event]) {
        for event in events {
            for trouble in &event.troubles {
                self.report(event.number, *trouble);
            }
        }
        let (standing, masters): (Vec<&Event>, Vec<&Event>) = events.iter().partition(|e| e.instance.is_some());
        let replaced = Replacements::of(&standing);
        for master in masters.into_iter().filter(|master| master.busy) {
            self.master(master, &replaced);
        }
        for event in replaced.events() {
            if event.busy {
                self.take(event.number, event.start, event.length);
            }
        }
    }

    fn master(&mut self, event: &Event, replaced: &Replacements<'_>) {
        let except: HashSet<DateTime<Utc>> = event.except.iter().filter_map(|at| at.instant()).collect();
        // Outlook leaves a day out by its date, whatever the hour.
        let except_days: HashSet<_> = event.except.iter().filter(|at| at.all_day).map(|at| at.local.date()).collect();
        for (start, length) in self.times(event) {
            let Some(instant) = start.instant() else { continue };
            if except.contains(&instant) || except_days.contains(&start.local.date()) {
                continue;
            }
            match replaced.of_time(start, instant) {
                Replaced::No => self.take(event.number, start, length),
                // It stands for itself.
                Replaced::ByItself => {}
                Replaced::Onwards(other, instance) => {
                    let moved = start.local + (other.start.local - instance.at.local);
                    if other.busy {
                        self.take(other.number, Moment { local: moved, ..other.start }, other.length);
                    }
                }
            }
        }
    }

    /// Every time at which an event takes place in or about the span, each once.
    fn times(&mut self, event: &Event) -> Vec<(Moment, Length)> {
        let margin = TimeDelta::days(event.length.days + event.length.seconds / (24 * 60 * 60) + 2);
        let (from, to) = (self.span.from.naive_utc(), self.span.to.naive_utc());
        let span = Span {
            from: from.checked_sub_signed(margin).unwrap_or(from),
            to: to.checked_add_signed(TimeDelta::days(2)).unwrap_or(to),
        };
        let mut times = vec![(event.start, event.length)];
        for rule in &event.rules {
            match recurrence::starts(event.start, rule, span, &mut self.patience) {
                Ok(starts) => {
                    let at = |local| (Moment { local, ..event.start }, event.length);
                    times.extend(starts.into_iter().filter(|local| *local != event.start.local).map(at));
                }
                Err(trouble) => self.report(event.number, trouble),
            }
        }
        times.extend(&event.also);
        times
    }

    /// Keeps what of a time lies in the span.
    fn take(&mut self, event: usize, start: Moment, length: Length) {
        let Some((from, to)) = start.instant().zip(length.end(start)) else { return };
        let window = Window { from: from.max(self.span.from), to: to.min(self.span.to) };
        if window.from >= window.to {
            return;
        }
        if self.windows.len() == MOST_OCCURRENCES {
            return self.report(event, Trouble::TooManyTimes);
        }
        self.windows.push(window);
    }

    fn report(&mut self, event: usize, trouble: Trouble) {
        if self.reported.insert((event, trouble)) {
            self.problems.push(Problem { event, trouble });
        }
    }

    fn finish(mut self) -> BusyTimes {
        self.windows.sort_unstable_by_key(|window| (window.from, window.to));
        let mut windows: Vec<Window> = Vec::new();
        for window in self.windows {
            match windows.last_mut() {
                Some(last) if window.from <= last.to => last.to = last.to.max(window.to),
                _ => windows.push(window),
            }
        }
        self.problems.sort_by_key(|problem| problem.event);
        BusyTimes { windows, problems: self.problems }
    }
}

/// What belongs together; an event without an identity belongs to itself.
fn key(event: &Event) -> String {
    if event.uid.is_empty() { format!("\0{}", event.number) } else { event.uid.clone() }
}

fn says_free(kind: Option<&ICalendarParameterValue>) -> bool {
    matches!(kind, Some(ICalendarParameterValue::Fbtype(ICalendarFreeBusyType::Free)))
}

/// Events that stand for single times of another, or for all its times from one on.
struct Replacements<'a> {
    by_time: BTreeMap<DateTime<Utc>, &'a Event>,
    /// Exchange names a time by its day alone.
    days: HashSet<NaiveDate>,
    /// By what they stand for, the last first.
    onwards: Vec<(DateTime<Utc>, &'a Event, Instance)>,
}

enum Replaced<'a> {
    No,
    ByItself,
    Onwards(&'a Event, Instance),
}

impl<'a> Replacements<'a> {
    /// Where several stand for one time the newest holds.
    fn of(events: &[&'a Event]) -> Self {
        let mut by_time: BTreeMap<DateTime<Utc>, &'a Event> = BTreeMap::new();
        for event in events {
            if let Some(at) = event.instance.and_then(|instance| instance.at.instant())
                && by_time.get(&at).is_none_or(|known| known.sequence <= event.sequence)
            {
                by_time.insert(at, event);
            }
        }
        let instances = by_time.values().filter_map(|event| event.instance);
        let days = instances.filter(|instance| instance.at.all_day).map(|instance| instance.at.local.date()).collect();
        let mut onwards: Vec<_> = by_time
            .iter()
            .filter_map(|(at, event)| Some((*at, *event, event.instance.filter(|instance| instance.onwards)?)))
            .collect();
        onwards.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        Self { by_time, days, onwards }
    }

    fn events(&self) -> impl Iterator<Item = &'a Event> {
        self.by_time.values().copied()
    }

    fn of_time(&self, start: Moment, instant: DateTime<Utc>) -> Replaced<'a> {
        if self.by_time.contains_key(&instant) || self.days.contains(&start.local.date()) {
            return Replaced::ByItself;
        }
        let earlier = self.onwards.iter().find(|(at, ..)| *at <= instant);
        earlier.map_or(Replaced::No, |(_, event, instance)| Replaced::Onwards(event, *instance))
    }
}
