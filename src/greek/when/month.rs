//! Months and what is counted from them: «τον Δεκέμβριο», «τέλη Δεκεμβρίου», «πρώτη Τρίτη του Οκτώβρη».

use chrono::{Datelike, Months, NaiveDate};

use super::Grain;
use super::parser::Parser;
use super::phrase::{Days, plus};
use super::word::{is_month, is_week, is_weekend, is_year, month, which};

/// Which third of a week or a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Third {
    /// αρχές
    Beginning,
    /// μέσα
    Middle,
    /// τέλη
    End,
}

impl Third {
    /// Of a month: the 1st to the 10th, the 11th to the 20th, the rest.
    fn of_month(self, month: Days) -> Days {
        let (from, to) = match self {
            Self::Beginning => (month.from, plus(month.from, 10)),
            Self::Middle => (plus(month.from, 10), plus(month.from, 20)),
            Self::End => (plus(month.from, 20), month.to),
        };
        Days::new(from, to, Grain::Day)
    }

    /// Of a week: Monday and Tuesday, Tuesday to Thursday, Thursday and Friday.
    pub(super) fn of_week(self, monday: NaiveDate) -> Days {
        let (from, to) = match self {
            Self::Beginning => (0, 2),
            Self::Middle => (1, 4),
            Self::End => (3, 5),
        };
        Days::new(plus(monday, from), plus(monday, to), Grain::Day)
    }
}

fn third(word: &str) -> Option<Third> {
    Some(match word {
        "αρχεσ" | "αρχη" => Third::Beginning,
        "μεσα" | "μεση" => Third::Middle,
        "τελη" | "τελοσ" => Third::End,
        _ => return None,
    })
}

/// The month that holds `day`, moved by `steps` months.
pub(super) fn whole_month(day: NaiveDate, steps: i64) -> Option<Days> {
    let first = day.with_day(1)?;
    let months = Months::new(u32::try_from(steps.unsigned_abs()).ok()?);
    let from = if steps < 0 { first.checked_sub_months(months)? } else { first.checked_add_months(months)? };
    Some(Days::new(from, from.checked_add_months(Months::new(1))?, Grain::Month))
}

impl Parser<'_> {
    /// A month, a third of it, or a weekday or week counted in it.
    pub(super) fn month_days(&self, at: usize) -> Option<(Days, usize)> {
        self.third_of(at).or_else(|| self.counted_in_month(at)).or_else(|| self.season(at)).or_else(|| self.month(at))
    }

    /// «Δεκέμβριος», «Οκτώβρη του 2027», «Μάρτιο του χρόνου».
    fn month(&self, at: usize) -> Option<(Days, usize)> {
        let named = month(self.word(at))?;
        // A number before it is a day that this month does not have.
        let ends_here = |i| [self.cardinal(i), self.ordinal(i)].into_iter().flatten().any(|read| read.end_token == at);
        let before = at.checked_sub(1).is_some_and(ends_here);
        if before {
            return None;
        }
        if let Some((year, end)) = self.year_after(at + 1) {
            return Some((whole_month(NaiveDate::from_ymd_opt(year, named, 1)?, 0)?, end));
        }
        let year = if named < self.today().month() { self.year() + 1 } else { self.year() };
        Some((whole_month(NaiveDate::from_ymd_opt(year, named, 1)?, 0)?, at + 1))
    }

    /// «το καλοκαίρι», «την άνοιξη του 2027»: three months; the winter that begins in December.
    fn season(&self, at: usize) -> Option<(Days, usize)> {
        let first = match self.word(at) {
            "ανοιξη" | "ανοιξησ" => 3,
            "καλοκαιρι" | "καλοκαιριου" => 6,
            "φθινοπωρο" | "φθινοπωρου" => 9,
            "χειμωνασ" | "χειμωνα" => 12,
            _ => return None,
        };
        let of_year = |year| Some(whole_month(NaiveDate::from_ymd_opt(year, first, 1)?, 0)?.from);
        let (begins, end) = match self.year_after(at + 1) {
            Some((year, end)) => (of_year(year)?, end),
            None => {
                let lasting = |begins: &NaiveDate| begins.checked_add_months(Months::new(3)) > Some(self.today());
                ((self.year() - 1..=self.year() + 1).filter_map(of_year).find(lasting)?, at + 1)
            }
        };
        Some((Days::new(begins, begins.checked_add_months(Months::new(3))?, Grain::Month), end))
    }

    /// «τέλη Δεκεμβρίου», «αρχές του άλλου μήνα», «μέσα της εβδομάδας».
    fn third_of(&self, at: usize) -> Option<(Days, usize)> {
        if let Some(found) = self.part_of_month(at) {
            return Some(found);
        }
        let third = third(self.word(at))?;
        if let Some(found) = self.edge_of_year(third, at) {
            return Some(found);
        }
        let begin = if matches!(self.word(at + 1), "του" | "τησ" | "τον") { at + 2 } else { at + 1 };
        if let Some((month, end)) = self.month(begin) {
            return Some((third.of_month(month), end));
        }
        let (which, noun) =
            which(self.word(begin)).map_or((None, begin), |which| (Some(which), self.after_articles(begin + 1)));
        let steps = which.map_or(0, super::word::Which::steps);
        let genitive = begin > at + 1 || which.is_some();
        if is_month(self.word(noun)) && genitive {
            return Some((third.of_month(whole_month(self.today(), steps)?), noun + 1));
        }
        if is_week(self.word(noun)) && genitive {
            let days = third.of_week(plus(self.monday(), 7 * steps));
            // «αρχές της εβδομάδας» said on a Friday is of the next.
            let over = which.is_none() && days.to <= self.today();
            return Some((if over { third.of_week(plus(self.monday(), 7)) } else { days }, noun + 1));
        }
        None
    }

    /// «πρώτες μέρες του Δεκέμβρη», «το δεύτερο δεκαήμερο του μήνα», «το δεύτερο δεκαπενθήμερο του Μάρτη».
    fn part_of_month(&self, at: usize) -> Option<(Days, usize)> {
        let (place, noun) = match self.word(at) {
            "πρωτεσ" => (1, "μερεσ"),
            "τελευταιεσ" => (-1, "μερεσ"),
            _ => (self.ordinal(at)?.value, self.word(at + 1)),
        };
        if self.word(at + 1) != noun || !matches!(noun, "μερεσ" | "δεκαημερο" | "δεκαπενθημερο")
        {
            return None;
        }
        let (month, end) = self.of_month(at + 2)?;
        if noun == "δεκαπενθημερο" {
            let middle = plus(month.from, 15);
            let (from, to) = if place == 1 { (month.from, middle) } else { (middle, month.to) };
            return Some((Days::new(from, to, Grain::Day), end));
        }
        let third = match place {
            1 => Third::Beginning,
            2 => Third::Middle,
            3 | -1 => Third::End,
            _ => return None,
        };
        Some((third.of_month(month), end))
    }

    /// «αρχές του χρόνου», «τέλος του χρόνου»: the first month of the next year, the last of this.
    fn edge_of_year(&self, third: Third, at: usize) -> Option<(Days, usize)> {
        if !matches!(self.word(at + 1), "του" | "τησ") || !is_year(self.word(at + 2)) {
            return None;
        }
        let (year, month) = match third {
            Third::Beginning => (self.year() + 1, 1),
            Third::Middle => return None,
            Third::End => (self.year(), 12),
        };
        Some((whole_month(NaiveDate::from_ymd_opt(year, month, 1)?, 0)?, at + 3))
    }

    /// «του Οκτώβρη», «στον Μάρτιο», «του μήνα», «του άλλου μήνα».
    fn of_month(&self, at: usize) -> Option<(Days, usize)> {
        let begin = at + usize::from(matches!(self.word(at), "του" | "τον" | "στον" | "στο"));
        if let Some(found) = self.month(begin) {
            return Some(found);
        }
        let chosen = which(self.word(begin));
        let (steps, noun) = chosen.map_or((0, begin), |which| (which.steps(), self.after_articles(begin + 1)));
        (begin > at && is_month(self.word(noun))).then(|| Some((whole_month(self.today(), steps)?, noun + 1)))?
    }

    /// «τελευταία μέρα του Οκτώβρη», «πρώτο Σαββατοκύριακο του μήνα»; a weekend is counted by its Saturday.
    fn day_in_month(&self, place: i64, noun: usize) -> Option<(Days, usize)> {
        let (month, end) = self.of_month(noun + 1)?;
        let weekend = is_weekend(self.word(noun));
        let days = month.from.iter_days().take_while(|day| *day < month.to);
        let all: Vec<NaiveDate> = days.filter(|day| !weekend || day.weekday() == chrono::Weekday::Sat).collect();
        let day = match usize::try_from(place) {
            Ok(place) => *all.get(place.checked_sub(1)?)?,
            Err(_) => *all.last()?,
        };
        Some((Days::new(day, plus(day, if weekend { 2 } else { 1 }), Grain::Day), end))
    }

    /// «πρώτη Τρίτη του Οκτώβρη», «τελευταία εβδομάδα του μήνα».
    fn counted_in_month(&self, at: usize) -> Option<(Days, usize)> {
        let ordinal = self.ordinal(at).filter(|read| read.value == -1 || (1..=5).contains(&read.value))?;
        let noun = ordinal.end_token;
        let week = is_week(self.word(noun));
        if matches!(self.word(noun), "μερα" | "ημερα") || is_weekend(self.word(noun)) {
            return self.day_in_month(ordinal.value, noun);
        }
        let weekday = if week { Some(chrono::Weekday::Mon) } else { self.weekday_at(noun) }?;
        let (month, end) = self.of_month(noun + 1)?;
        let in_month = month.from.iter_days().take_while(|day| *day < month.to);
        let all: Vec<NaiveDate> = in_month.filter(|day| day.weekday() == weekday).collect();
        let day = match usize::try_from(ordinal.value) {
            Ok(place) => *all.get(place.checked_sub(1)?)?,
            Err(_) => *all.last()?,
        };
        let days = if week { Days::new(day, plus(day, 7), Grain::Week) } else { Days::single(day) };
        Some((days, end))
    }
}
