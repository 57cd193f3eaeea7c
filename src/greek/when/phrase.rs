//! What has been said of one time, and what it comes to.

use chrono::{Days as Step, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::clock::{Clock, Hours};
use super::part_of_day::Part;
use super::{Daily, Grain, Open, When};

/// The pieces of one time, as far as they have been said.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrase {
    pub(super) days: Option<Days>,
    pub(super) part: Option<Part>,
    pub(super) hours: Option<Hours>,
    /// A span counted from now: «σε μισή ώρα».
    pub(super) moment: Option<(NaiveDateTime, NaiveDateTime)>,
}

/// A run of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    /// The first.
    pub(super) from: NaiveDate,
    /// The first that no longer belongs to it.
    pub(super) to: NaiveDate,
    pub(super) grain: Grain,
    /// Set where nothing but a weekday was said, so that a week or a date can still decide which one.
    pub(super) weekday: Option<Weekday>,
    /// Set where only one side is bounded, with the day that was named: `from` holds for `After`, `to` for `Before`.
    pub(super) open: Option<(Open, NaiveDate)>,
}

impl Days {
    pub(super) fn new(from: NaiveDate, to: NaiveDate, grain: Grain) -> Self {
        Self { from, to, grain, weekday: None, open: None }
    }

    pub(super) fn single(day: NaiveDate) -> Self {
        Self::new(day, plus(day, 1), Grain::Day)
    }

    pub(super) fn is_single(&self) -> bool {
        self.open.is_none() && self.to == plus(self.from, 1)
    }

    /// `other`, moved into this year: «του χρόνου» + «τον Γενάρη».
    fn within_year(self, other: Self) -> Option<Self> {
        let moves = self.grain == Grain::Year && matches!(other.grain, Grain::Day | Grain::Month);
        if !moves || self.open.is_some() || other.open.is_some() || other.weekday.is_some() {
            return None;
        }
        let from = chrono::Datelike::with_year(&other.from, chrono::Datelike::year(&self.from))?;
        let to = if other.grain == Grain::Month {
            let months =
                (1..=3).find(|months| other.from.checked_add_months(Months::new(*months)) == Some(other.to))?;
            from.checked_add_months(Months::new(months))?
        } else {
            plus(from, (other.to - other.from).num_days())
        };
        Some(Self::new(from, to, other.grain))
    }

    /// Two sayings of one day: «Τρίτη» + «24 Νοεμβρίου», «την άλλη εβδομάδα» + «Τρίτη».
    pub(super) fn merged(self, other: Self) -> Option<Self> {
        if let Some(days) = self.within_year(other).or_else(|| other.within_year(self)) {
            return Some(days);
        }
        let (weekday, rest) = match (self.weekday, other.weekday) {
            (Some(weekday), None) => (weekday, other),
            (None, Some(weekday)) => (weekday, self),
            _ => return None,
        };
        if rest.open.is_some() || self.open.is_some() {
            return None;
        }
        if rest.grain == Grain::Week {
            let day = rest.from.iter_days().take(7).find(|day| chrono::Datelike::weekday(day) == weekday)?;
            return Some(Self::single(day));
        }
        (rest.is_single() && chrono::Datelike::weekday(&rest.from) == weekday).then_some(rest)
    }
}

/// `day` moved by `days`; the calendar of chrono is far wider than any date that is read.
pub(super) fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    let step = Step::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(step) } else { day.checked_add_days(step) };
    moved.unwrap_or(day)
}

impl From<Days> for Phrase {
    fn from(days: Days) -> Self {
        Self { days: Some(days), ..Self::default() }
    }
}

impl From<Hours> for Phrase {
    fn from(hours: Hours) -> Self {
        Self { hours: Some(hours), ..Self::default() }
    }
}

impl From<Part> for Phrase {
    fn from(part: Part) -> Self {
        Self { part: Some(part), ..Self::default() }
    }
}

impl Phrase {
    /// Both together, if they can be one time.
    pub(super) fn merged(&self, other: &Self) -> Option<Self> {
        if self.moment.is_some() || other.moment.is_some() {
            return None;
        }
        let days = match (self.days, other.days) {
            (Some(left), Some(right)) => Some(left.merged(right)?),
            (left, right) => left.or(right),
        };
        let part = match (self.part, other.part) {
            (Some(left), Some(right)) if left.kind != right.kind => return None,
            (left, right) => left.or(right),
        };
        let hours = match (self.hours, other.hours) {
            (Some(_), Some(_)) => return None,
            (left, right) => left.or(right),
        };
        Some(Self { days, part, hours, moment: None })
    }

    /// «την Πέμπτη»: a single day, and nothing of its hours.
    pub(super) fn is_only_a_day(&self) -> bool {
        self.days.is_some_and(|days| days.is_single()) && self.hours.is_none() && self.part.is_none()
    }

    /// «στις έξι το απόγευμα»: an hour, and nothing of its day.
    pub(super) fn is_only_an_hour(&self) -> bool {
        self.hours.is_some() && self.days.is_none() && self.moment.is_none()
    }

    /// What it comes to at `now`; `None` where the pieces contradict one another.
    pub(super) fn resolve(&self, now: NaiveDateTime) -> Option<When> {
        if let Some((from, to)) = self.moment {
            let open = None;
            return Some(When {
                from: Some(from),
                to: Some(to),
                grain: Grain::Minute,
                open,
                daily: None,
                exclude: false,
            });
        }
        match self.days {
            Some(days) if days.is_single() => self.on_day(days.from),
            Some(days) if days.open.is_some() => self.on_open_days(days),
            Some(days) => {
                let mut value = when(at(days.from, 0), at(days.to, 0), days.grain);
                value.daily = self.daily();
                Some(value)
            }
            None => self.without_day(now),
        }
    }

    /// On one day.
    fn on_day(&self, day: NaiveDate) -> Option<When> {
        let Some(hours) = self.hours else {
            return Some(match self.part {
                Some(part) => when(at(day, part.from), at(day, part.to), Grain::PartOfDay),
                None => when(at(day, 0), at(day, DAY), Grain::Day),
            });
        };
        let (from, to) = hours.settled(self.part)?;
        let bounds = self.part.map_or((0, DAY), |part| (part.from, part.to));
        let value = match hours {
            Hours::At { .. } | Hours::Between(..) => when(at(day, from), at(day, to), hours.grain()),
            Hours::After(_) => {
                let end = if bounds.1 > from { bounds.1 } else { DAY.max(from) };
                When { open: Some(Open::After), ..when(at(day, from), at(day, end), hours.grain()) }
            }
            Hours::Before(_) => {
                let begin = if bounds.0 < to { bounds.0 } else { 0 };
                When { open: Some(Open::Before), ..when(at(day, begin), at(day, to), hours.grain()) }
            }
        };
        Some(value)
    }

    /// «ως την Παρασκευή στις 12», «από Δευτέρα και μετά το πρωί».
    fn on_open_days(&self, days: Days) -> Option<When> {
        let (open, named) = days.open?;
        let (mut from, mut to, mut grain) = (at(days.from, 0), at(days.to, 0), days.grain);
        let mut daily = self.daily();
        if let Some(hours @ Hours::At { .. }) = self.hours {
            let minutes = hours.settled(self.part)?.0;
            (from, to, grain, daily) = (at(named, minutes), at(named, minutes), hours.grain(), None);
        }
        let (from, to) = match open {
            Open::Before => (None, Some(to)),
            Open::After => (Some(from), None),
        };
        Some(When { from, to, grain, open: Some(open), daily, exclude: false })
    }

    /// On the next day that fits.
    fn without_day(&self, now: NaiveDateTime) -> Option<When> {
        let today = now.date();
        let next = |end: i64| if at(today, end) > now { today } else { plus(today, 1) };
        let Some(hours) = self.hours else {
            let part = self.part?;
            let day = next(part.to);
            let value = when(at(day, part.from), at(day, part.to), Grain::PartOfDay);
            return Some(When { daily: self.daily(), ..value });
        };
        let (from, to) = hours.settled(self.part)?;
        let daily = self.daily();
        let value = match hours {
            Hours::At { .. } => when(at(next(from), from), at(next(from), from), hours.grain()),
            Hours::Between(..) => When { daily, ..when(at(next(to), from), at(next(to), to), hours.grain()) },
            Hours::After(_) => {
                When { to: None, open: Some(Open::After), daily, ..when(at(next(from), from), now, hours.grain()) }
            }
            Hours::Before(_) => {
                When { from: None, open: Some(Open::Before), daily, ..when(now, at(next(to), to), hours.grain()) }
            }
        };
        Some(value)
    }

    /// The hours or the part as something that recurs every day; a clock time lasts an hour here.
    fn daily(&self) -> Option<Daily> {
        let (from, to) = match (self.hours, self.part) {
            (Some(hours), part) => match (hours, hours.settled(part)?) {
                (Hours::At { .. }, (from, _)) => (from, from + 60),
                (Hours::Between(..), span) => span,
                (Hours::After(_), (from, _)) => (from, part.filter(|p| p.to > from).map_or(DAY, |p| p.to)),
                (Hours::Before(_), (_, to)) => (part.filter(|p| p.from < to).map_or(0, |p| p.from), to),
            },
            (None, Some(part)) => (part.from, part.to),
            (None, None) => return None,
        };
        Some(Daily { from: time(from), to: time(to) })
    }
}

/// Minutes of a day.
pub(super) const DAY: i64 = 24 * 60;

fn when(from: NaiveDateTime, to: NaiveDateTime, grain: Grain) -> When {
    When { from: Some(from), to: Some(to), grain, open: None, daily: None, exclude: false }
}

/// So many minutes after the midnight that begins `day`.
fn at(day: NaiveDate, minutes: i64) -> NaiveDateTime {
    let midnight = day.and_time(NaiveTime::MIN);
    midnight.checked_add_signed(TimeDelta::minutes(minutes)).unwrap_or(midnight)
}

/// A clock cannot show 24:00, so that the end of the day is 23:59.
fn time(minutes: i64) -> NaiveTime {
    let seconds = u32::try_from(minutes.clamp(0, DAY - 1) * 60).unwrap_or_default();
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default()
}

/// Hours as minutes of the day: settled here because a part of the day may come before or after the clock.
impl Hours {
    /// Where they begin and end, in minutes from midnight; both alike for one clock time or an open side.
    pub(super) fn settled(self, part: Option<Part>) -> Option<(i64, i64)> {
        match self {
            Self::At { clock, .. } | Self::After(clock) | Self::Before(clock) => {
                Some((clock.minutes(part), clock.minutes(part)))
            }
            Self::Between(first, last) => between(first, last, part),
        }
    }

    fn grain(self) -> Grain {
        match self {
            Self::At { about: true, .. } => Grain::Hour,
            _ => Grain::Minute,
        }
    }
}

/// «6 με 8» is from six to eight in the evening, though eight alone is in the morning.
fn between(first: Clock, last: Clock, part: Option<Part>) -> Option<(i64, i64)> {
    let to = last.minutes(part);
    let from = first.minutes(part);
    if from < to {
        return Some((from, to));
    }
    if !last.settled && to + DAY / 2 <= DAY && from < to + DAY / 2 {
        return Some((from, to + DAY / 2));
    }
    let plain = first.minutes(None);
    if plain < to {
        return Some((plain, to));
    }
    (!first.settled && from >= DAY / 2 && from - DAY / 2 < to).then(|| (from - DAY / 2, to))
}
