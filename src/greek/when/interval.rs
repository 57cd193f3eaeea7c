//! Intervals and open sides: «από τις 9 μέχρι τις 12», «μεταξύ 10 και 12», «μετά την Τρίτη», «από Δευτέρα και μετά».

use chrono::Datelike;

use super::clock::{Clock, Hours};
use super::parser::{Gap, Parser};
use super::phrase::{Days, Phrase, plus};
use super::{Grain, Open};

/// How an interval or an open side begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// «από»
    From,
    /// «μεταξύ»
    Between,
    /// «μετά»
    After,
    /// «πριν»
    Before,
    /// «μέχρι», which includes what it names
    Until,
}

impl Parser<'_> {
    /// An interval or an open side, of days or of hours.
    pub(super) fn interval(&self, at: usize, so_far: &Phrase) -> Option<(Phrase, usize)> {
        let (opening, begin) = match self.opening(at) {
            Some((opening, begin)) => (Some(opening), begin),
            None => (None, at),
        };
        let days = if so_far.days.is_none() { self.days_between(opening, begin) } else { None };
        let days = days.or_else(|| if so_far.days.is_none() { self.open_days(opening, begin) } else { None });
        if let Some((days, end)) = days {
            return Some((days.into(), end));
        }
        if so_far.hours.is_some() {
            return None;
        }
        self.hours_between(opening, begin, so_far)
            .or_else(|| self.open_hours(opening, begin))
            .map(|(hours, end)| (hours.into(), end))
    }

    fn opening(&self, at: usize) -> Option<(Opening, usize)> {
        let from_follows = |begin: usize| begin + usize::from(self.word(begin) == "απο");
        Some(match self.word(at) {
            // «εκτός από Παρασκευή» opens nothing.
            "απο" if at.checked_sub(1).is_some_and(|i| matches!(self.word(i), "εκτοσ" | "πλην" | "αντι")) =>
            {
                return None;
            }
            "απο" | "απ" => (Opening::From, at + 1),
            "μεταξυ" => (Opening::Between, at + 1),
            "αναμεσα" => (Opening::Between, at + 1 + usize::from(self.word(at + 1) == "σε")),
            "μετα" | "υστερα" | "αργοτερα" => (Opening::After, from_follows(at + 1)),
            "πριν" | "νωριτερα" => (Opening::Before, from_follows(at + 1)),
            "μεχρι" | "ωσ" | "εωσ" | "ισαμε" => {
                (Opening::Until, at + 1 + usize::from(self.word(at + 1) == "και"))
            }
            _ => return None,
        })
    }

    /// «μέχρι», «έως και», «με», «-» between the ends of an interval; «και» after «μεταξύ».
    fn link(&self, opening: Option<Opening>, at: usize) -> Option<usize> {
        let next = match self.word(at) {
            "και" if opening == Some(Opening::Between) => at + 1,
            "μεχρι" | "ωσ" | "εωσ" | "ισαμε" if opening != Some(Opening::Between) => {
                at + 1 + usize::from(self.word(at + 1) == "και")
            }
            "με" | "-" => at + 1,
            _ if self.gap(at) == Gap::Dash => at,
            _ => return None,
        };
        matches!(opening, None | Some(Opening::From | Opening::Between)).then_some(next)
    }

    /// «από Δευτέρα έως Τετάρτη», «13-15 Ιουλίου».
    fn days_between(&self, opening: Option<Opening>, at: usize) -> Option<(Days, usize)> {
        if let Some(found) = self.dates_of_one_month(opening, at) {
            return Some(found);
        }
        let (from, end) = self.some_days(at).or_else(|| self.some_days(self.after_articles(at)))?;
        let (to, end) = self.days_after_link(opening, end)?;
        let to = match to.weekday {
            // The weekday that follows the first, wherever that lies.
            Some(weekday) => Days::single(from.from.iter_days().skip(1).take(7).find(|day| day.weekday() == weekday)?),
            None => to,
        };
        let grain = from.grain.min(to.grain);
        (from.from < to.to && from.from <= to.from).then(|| (Days::new(from.from, to.to, grain), end))
    }

    /// «13-15 Ιουλίου», «από τις 24 έως τις 27 Νοεμβρίου»: a number alone takes the month of the other end.
    fn dates_of_one_month(&self, opening: Option<Opening>, at: usize) -> Option<(Days, usize)> {
        let first = self.after_articles(at);
        let (day, end) = self.day_number(if self.word(first) == "στισ" { first + 1 } else { first })?;
        let begin = self.link(opening, end)?;
        let (to, end) = self.date(begin).or_else(|| self.date(self.after_articles(begin)))?;
        let from = to.with_day(day).filter(|from| *from < to)?;
        Some((Days::new(from, plus(to, 1), Grain::Day), end))
    }

    fn days_after_link(&self, opening: Option<Opening>, at: usize) -> Option<(Days, usize)> {
        let begin = self.link(opening, at)?;
        self.some_days(begin).or_else(|| self.some_days(self.after_articles(begin)))
    }

    /// «μετά την Τρίτη», «πριν από τα Χριστούγεννα», «ως την Παρασκευή», «από αύριο και μετά», «Δευτέρα και μετά».
    fn open_days(&self, opening: Option<Opening>, at: usize) -> Option<(Days, usize)> {
        let (days, end) = self.some_days(at).or_else(|| self.some_days(self.after_articles(at)))?;
        let onwards = self.onwards(end);
        let end_of = |open: Open, from, to| Days { from, to, open: Some((open, days.from)), weekday: None, ..days };
        let open = match opening {
            None if onwards > end => end_of(Open::After, days.from, days.from),
            Some(Opening::From) if self.moves_to(end) => return None,
            Some(Opening::From) => end_of(Open::After, days.from, days.from),
            Some(Opening::After) => end_of(Open::After, days.to, days.to),
            Some(Opening::Before) => end_of(Open::Before, days.from, days.from),
            Some(Opening::Until) => end_of(Open::Before, days.to, days.to),
            None | Some(Opening::Between) => return None,
        };
        Some((open, onwards))
    }

    /// «και πριν τις δώδεκα» after «μετά τις δέκα».
    fn and_before(&self, at: usize) -> Option<(Clock, usize)> {
        let joined = matches!(self.word(at), "και" | "κι" | "αλλα");
        let (opening, begin) = self.opening(at + usize::from(joined)).filter(|_| joined)?;
        let (clock, end, announced) = self.interval_end(begin, false)?;
        (matches!(opening, Opening::Before | Opening::Until) && announced).then_some((clock, end))
    }

    /// Past «και μετά», «κι έπειτα», «και πέρα».
    fn onwards(&self, at: usize) -> usize {
        let joined = matches!(self.word(at), "και" | "κι");
        let later = matches!(self.word(at + 1), "μετα" | "υστερα" | "επειτα" | "περα" | "πανω" | "εξησ");
        // «και μετά την Τρίτη» opens something else.
        let ends = self.some_days(self.after_articles(at + 2)).is_none();
        if joined && later && ends { at + 2 } else { at }
    }

    /// «από τις 9 μέχρι τις 12», «μεταξύ 10 και 12», «10 με 12».
    fn hours_between(&self, opening: Option<Opening>, at: usize, so_far: &Phrase) -> Option<(Hours, usize)> {
        let (first, end, announced) = self.interval_end(at, opening == Some(Opening::Between))?;
        let begin = self.link(opening, end)?;
        let by_dash = opening.is_none() && (self.word(end) == "-" || self.gap(end) == Gap::Dash);
        let (last, last_end, _) = self.interval_end(begin, false)?;
        let first = self.with_part_of(first, last, last_end);
        let end = last_end;
        let in_context =
            self.options.bare_numbers || so_far.days.is_some() || announced || last.settled || first.settled;
        if by_dash && !in_context && !self.with_part(end) || self.counts_noun(end) {
            return None;
        }
        let alone = self.stands_alone(end) || announced || last.settled;
        let hours = Hours::Between(first, last);
        (alone && hours.settled(so_far.part).is_some()).then_some((hours, end))
    }

    /// «δέκα με έντεκα το βράδυ»: the part of the day is said once, of both, where both fit in it.
    fn with_part_of(&self, first: Clock, last: Clock, last_end: usize) -> Clock {
        let part = last_end.checked_sub(1).and_then(|at| self.plain_part(at)).map(|(part, _)| part);
        match part.map(|part| (part, first.settled_by(part))) {
            Some((part, settled)) if !first.settled => {
                let inside = settled.minutes(None) >= part.from && settled.minutes(None) < last.minutes(None);
                if inside { settled } else { first }
            }
            _ => first,
        }
    }

    fn with_part(&self, end: usize) -> bool {
        self.part_after(end).is_some()
    }

    /// One end of an interval of hours with its own part of the day; whether «τις» or minutes announce it.
    fn interval_end(&self, at: usize, before_and: bool) -> Option<(Clock, usize, bool)> {
        let (begin, prefixed, _) = self.clock_prefix(at);
        let at_one = !prefixed && matches!(self.word(at), "τη" | "την");
        let begin = if at_one { at + 1 } else { begin };
        let prefixed = prefixed || at_one && matches!(self.word(begin), "μια" | "μιαμιση");
        let read = if before_and && self.plain_hour_before_and(begin) {
            let read = self.cardinal(begin).filter(|read| (0..=24).contains(&read.value))?;
            let clock = Clock { hour: read.value, minute: 0, settled: read.value > 12 };
            return Some((clock, read.end_token, prefixed));
        } else {
            self.clock_time(begin, prefixed)?
        };
        match self.part_after(read.end) {
            Some((part, end)) if !read.clock.settled => Some((read.clock.settled_by(part), end, true)),
            Some((_, end)) => Some((read.clock, end, true)),
            None => Some((read.clock, read.end, prefixed || read.sure)),
        }
    }

    /// In «μεταξύ 10 και 12» the second number is no minutes of the first.
    fn plain_hour_before_and(&self, at: usize) -> bool {
        let Some(read) = self.cardinal(at) else { return false };
        self.word(read.end_token) == "και" && !matches!(self.word(read.end_token + 1), "τεταρτο" | "μιση")
    }

    /// «μετά τις 10», «πριν το μεσημέρι», «από τις 10 και μετά», «ως τις 12».
    fn open_hours(&self, opening: Option<Opening>, at: usize) -> Option<(Hours, usize)> {
        let article = usize::from(matches!(self.word(at), "το" | "τα"));
        if let (Some(opening), Some((part, end))) = (opening, self.plain_part(at + article)) {
            let clock = |minutes: i64| Clock { hour: minutes / 60, minute: minutes % 60, settled: true };
            let hours = match opening {
                Opening::After => Hours::After(clock(part.to)),
                Opening::From => Hours::After(clock(part.from)),
                Opening::Before => Hours::Before(clock(part.from)),
                Opening::Until => Hours::Before(clock(part.to)),
                Opening::Between => return None,
            };
            return Some((hours, self.onwards(end)));
        }
        let (clock, end, announced) = self.interval_end(at, false)?;
        let onwards = self.onwards(end);
        if !announced && !self.stands_alone(end) || self.counts_noun(end) {
            return None;
        }
        if opening == Some(Opening::After)
            && let Some((last, end)) = self.and_before(end)
        {
            let hours = Hours::Between(clock, last);
            return hours.settled(None).map(|_| (hours, end));
        }
        let hours = match opening {
            Some(Opening::From) if self.moves_to(end) => return None,
            Some(Opening::From | Opening::After) => Hours::After(clock),
            Some(Opening::Before | Opening::Until) => Hours::Before(clock),
            None if onwards > end && (announced || self.options.bare_numbers) => Hours::After(clock),
            _ => return None,
        };
        // «από 3» says too little; «από τις 3», «από 3 και μετά» enough.
        let bare = opening.is_some() && !announced && onwards == end && !self.options.bare_numbers;
        (!bare).then_some((hours, onwards))
    }
}
