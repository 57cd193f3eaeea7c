//! Times counted from now: «σε δύο μέρες», «σε μισή ώρα», «μέσα σε μια εβδομάδα», «πριν από τρεις μέρες».

use chrono::{Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::Grain;
use super::parser::Parser;
use super::phrase::{Days, Phrase, plus};
use super::word::{Unit, unit};
use crate::greek::number;

/// Which way a duration is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// «σε»
    Ahead,
    /// «μέσα σε»
    Within,
    /// «πριν από»
    Ago,
}

/// A length of time in what it was said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Minutes(i64),
    Days(i64),
    Months(u32),
}

/// No appointment is asked for further off, in any unit.
const FARTHEST: f64 = 1000.0;

impl Parser<'_> {
    /// A time counted from now.
    pub(super) fn duration(&self, at: usize) -> Option<(Phrase, usize)> {
        let Some((direction, begin)) = self.direction(at) else {
            return self.coming_minutes(at).or_else(|| self.until_then(at));
        };
        if direction == Direction::Ahead
            && let Some(found) = self.one_or_another(begin)
        {
            return Some(found);
        }
        let (length, end) = self.length(begin)?;
        if direction == Direction::Ahead
            && let Some(found) = self.counted_from(length, end)
        {
            return Some(found);
        }
        let end = if self.word(end) == "απο" && matches!(self.word(end + 1), "σημερα" | "τωρα") {
            end + 2
        } else {
            end
        };
        Some((self.counted(direction, length)?, end))
    }

    /// «δύο τρεις μέρες», «δύο με τρεις βδομάδες»: from the one to the other.
    fn one_or_another(&self, at: usize) -> Option<(Phrase, usize)> {
        let least = self.cardinal(at).filter(|read| read.end_token == at + 1)?;
        let begin = least.end_token + usize::from(matches!(self.word(least.end_token), "με" | "η" | "-"));
        let most = self.cardinal(begin).filter(|most| (least.value + 1..=60).contains(&most.value))?;
        let days = match unit(self.word(most.end_token))? {
            Unit::Day => 1,
            Unit::Week => 7,
            _ => return None,
        };
        let day = |count: i64| plus(self.today(), count * days);
        let run = Days::new(day(least.value), plus(day(most.value), 1), Grain::Day);
        Some((run.into(), most.end_token + 1))
    }

    /// «σε μια βδομάδα από αύριο»: counted from another day than today.
    fn counted_from(&self, length: Length, at: usize) -> Option<(Phrase, usize)> {
        if self.word(at) != "απο" {
            return None;
        }
        let (from, end) = self.some_days(self.after_articles(at + 1)).filter(|(days, _)| days.is_single())?;
        let day = match length {
            Length::Minutes(_) => return None,
            Length::Days(days) => plus(from.from, days),
            Length::Months(months) => moved(from.from, months, false)?,
        };
        Some((Days::single(day).into(), end))
    }

    /// «δύο μέρες από σήμερα», «μισή ώρα από τώρα».
    fn until_then(&self, at: usize) -> Option<(Phrase, usize)> {
        // Few words can begin it: the rest are passed over without reading a number.
        let may_begin = self.cardinal(at).is_some() || self.word(at).starts_with("μισ");
        let (length, end) = if may_begin { self.length(at) } else { None }?;
        let said = self.word(end) == "απο" && matches!(self.word(end + 1), "σημερα" | "τωρα");
        said.then(|| Some((self.counted(Direction::Ahead, length)?, end + 2)))?
    }

    fn direction(&self, at: usize) -> Option<(Direction, usize)> {
        let about = |begin: usize| begin + usize::from(matches!(self.word(begin), "περιπου" | "ακριβωσ"));
        Some(match (self.word(at), self.word(at + 1)) {
            ("μεσα", "σε") => (Direction::Within, about(at + 2)),
            ("εντοσ", _) => (Direction::Within, about(at + 1)),
            ("σε", _) => (Direction::Ahead, about(at + 1)),
            ("μετα" | "επειτα" | "υστερα", "απο") => (Direction::Ahead, about(at + 2)),
            ("μετα", _) => (Direction::Ahead, at + 1),
            ("πριν", "απο") => (Direction::Ago, about(at + 2)),
            ("πριν", _) => (Direction::Ago, at + 1),
            _ => return None,
        })
    }

    /// «τα επόμενα 10 λεπτά», «τις επόμενες δύο ώρες»: from now on, as long.
    fn coming_minutes(&self, at: usize) -> Option<(Phrase, usize)> {
        if !super::word::is_following(self.word(at)) || self.cardinal(at + 1).is_none() {
            return None;
        }
        let (length, end) = self.length(at + 1)?;
        matches!(length, Length::Minutes(_)).then(|| Some((self.counted(Direction::Within, length)?, end)))?
    }

    /// «δύο μέρες», «καμιά βδομάδα», «ένα τέταρτο», «τρεις ώρες και είκοσι λεπτά», «μερικές μέρες».
    fn length(&self, at: usize) -> Option<(Length, usize)> {
        if self.word(at) == "μισαωρο"
            || matches!(self.word(at), "κανα" | "κανενα" | "ενα") && self.word(at + 1) == "μισαωρο"
        {
            return Some((Length::Minutes(30), at + 1 + usize::from(self.word(at) != "μισαωρο")));
        }
        let one = usize::from(matches!(self.word(at), "ενα" | "κανα" | "μια" | "μιασ"));
        if let Some(length) = compound(self.word(at + one)) {
            return Some((length, at + one + 1));
        }
        let (count, noun) = self.count(at)?;
        if matches!(self.word(noun), "τεταρτο" | "τεταρτα" | "τεταρτακι") {
            let end =
                if self.word(noun + 1) == "τησ" && self.word(noun + 2) == "ωρασ" { noun + 3 } else { noun + 1 };
            return Some((Length::Minutes(whole(count * 15.0)?), end));
        }
        let unit = unit(self.word(noun))?;
        let length = match unit {
            Unit::Minute => Length::Minutes(whole(count)?),
            Unit::Hour => {
                let (more, end) = self.minutes_more(noun + 1);
                return Some((Length::Minutes(whole(count * 60.0)? + more), end));
            }
            Unit::Day => Length::Days(whole(count)?),
            Unit::Week => Length::Days(whole(count * 7.0)?),
            Unit::Fortnight => Length::Days(whole(count * 14.0)?),
            Unit::Month => Length::Months(u32::try_from(whole(count)?).ok()?),
            Unit::Year => Length::Months(u32::try_from(whole(count * 12.0)?).ok()?),
        };
        Some((length, noun + 1))
    }

    fn count(&self, at: usize) -> Option<(f64, usize)> {
        if matches!(self.word(at), "λιγεσ" | "λιγα" | "λιγουσ" | "μερικεσ" | "μερικα" | "μερικουσ")
        {
            return Some((3.0, at + 1));
        }
        if let Some(read) = number::amount(self.tokens, at) {
            return Some((read.value, read.end_token));
        }
        matches!(self.word(at), "καμια" | "κανα" | "κανενα").then_some((1.0, at + 1))
    }

    /// «και είκοσι λεπτά», «και μισή», «και τέταρτο» after hours.
    fn minutes_more(&self, at: usize) -> (i64, usize) {
        if self.word(at) != "και" {
            return (0, at);
        }
        match self.word(at + 1) {
            "μιση" => (30, at + 2),
            "τεταρτο" => (15, at + 2),
            _ => match self.cardinal(at + 1) {
                Some(read) if matches!(self.word(read.end_token), "λεπτα" | "λεπτο") && read.value < 60 => {
                    (read.value, read.end_token + 1)
                }
                _ => (0, at),
            },
        }
    }

    fn counted(&self, direction: Direction, length: Length) -> Option<Phrase> {
        let today = self.today();
        let day = match length {
            Length::Minutes(minutes) => return self.counted_minutes(direction, minutes),
            Length::Days(days) if direction == Direction::Ago => plus(today, -days),
            Length::Days(days) => plus(today, days),
            Length::Months(months) => moved(today, months, direction == Direction::Ago)?,
        };
        let days = match direction {
            Direction::Within => Days::new(today, plus(day, 1), Grain::Day),
            Direction::Ahead | Direction::Ago => Days::single(day),
        };
        Some(days.into())
    }

    fn counted_minutes(&self, direction: Direction, minutes: i64) -> Option<Phrase> {
        let now = to_the_minute(self.now)?;
        let step = TimeDelta::minutes(minutes);
        let moment = match direction {
            Direction::Ahead => (now.checked_add_signed(step)?, now.checked_add_signed(step)?),
            Direction::Within => (now, now.checked_add_signed(step)?),
            Direction::Ago => (now.checked_sub_signed(step)?, now.checked_sub_signed(step)?),
        };
        Some(Phrase { moment: Some(moment), ..Phrase::default() })
    }
}

/// «δεκάλεπτο», «δίωρο», «τριήμερο», «εξάμηνο», «διετία».
fn compound(word: &str) -> Option<Length> {
    const COUNTS: [(&str, i64); 17] = [
        ("σαρανταπεντα", 45),
        ("δεκαπεντα", 15),
        ("δωδεκα", 12),
        ("εικοσα", 20),
        ("τριαντα", 30),
        ("σαραντα", 40),
        ("εξηντα", 60),
        ("τετρα", 4),
        ("πεντα", 5),
        ("επτα", 7),
        ("εφτα", 7),
        ("οκτα", 8),
        ("οχτα", 8),
        ("δεκα", 10),
        ("εξα", 6),
        ("τρι", 3),
        ("δι", 2),
    ];
    let (prefix, count) = COUNTS.into_iter().find(|(prefix, _)| word.starts_with(prefix))?;
    Some(match word.get(prefix.len()..)? {
        "λεπτο" | "λεπτου" | "λεπτοσ" => Length::Minutes(count),
        "ωρο" | "ωρου" => Length::Minutes(60 * count),
        "ημερο" | "ημερου" => Length::Days(count),
        "μηνο" | "μηνου" => Length::Months(u32::try_from(count).ok()?),
        "ετια" | "ετιασ" => Length::Months(u32::try_from(12 * count).ok()?),
        _ => return None,
    })
}

fn to_the_minute(time: NaiveDateTime) -> Option<NaiveDateTime> {
    time.with_second(0)?.with_nanosecond(0)
}

fn moved(day: NaiveDate, months: u32, back: bool) -> Option<NaiveDate> {
    let months = Months::new(months);
    if back { day.checked_sub_months(months) } else { day.checked_add_months(months) }
}

/// Rounded up: a day and a half from now is on the second day.
fn whole(count: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds that are checked here")]
    (0.0..=FARTHEST * 60.0).contains(&count).then(|| count.ceil() as i64)
}
