//! Days by their date, their weekday or their feast: «24/11», «πρώτη Δεκέμβρη», «Τρίτη 24», «στις 24», «του Αγίου Νικολάου».

use chrono::{Datelike, Months, NaiveDate, Weekday};

use super::clock::{Clock, Hours};
use super::month::whole_month;
use super::parser::{Gap, Parser};
use super::part_of_day::{Kind, Part};
use super::phrase::{Days, Phrase, plus};
use super::word::{is_month, month, weekday, which};
use crate::greek::feast;

impl Parser<'_> {
    /// Days as a piece of a time.
    pub(super) fn day_piece(&self, at: usize, so_far: &Phrase) -> Option<(Phrase, usize)> {
        if self.word(at) == "αποψε" {
            let part = Some(Part::new(Kind::Evening));
            return Some((Phrase { days: Some(Days::single(self.today())), part, ..Phrase::default() }, at + 1));
        }
        if let Some(found) = self.iso_moment(at) {
            return Some(found);
        }
        let weekday = match so_far.days {
            Some(days) => days.weekday,
            None => None,
        };
        if so_far.days.is_some() {
            if let Some((day, end)) = weekday.and_then(|weekday| self.day_for_weekday(at, weekday)) {
                return Some((Days::single(day).into(), end));
            }
            return self.some_days_but_bare(at).map(|(days, end)| (days.into(), end));
        }
        let (days, end) = self.some_days(at).or_else(|| self.bare_day(at))?;
        Some((days.into(), end))
    }

    /// What [`Parser::some_days`] remembers.
    pub(super) fn read_days(&self, at: usize) -> Option<(Days, usize)> {
        self.some_days_but_bare(at).or_else(|| self.announced_day(at))
    }

    fn some_days_but_bare(&self, at: usize) -> Option<(Days, usize)> {
        if at >= self.tokens.len() {
            return None;
        }
        if let Some((day, end)) = self.date(at) {
            let end = if weekday(self.word(end)) == Some(day.weekday()) { end + 1 } else { end };
            return Some((Days::single(day), end));
        }
        self.feast_day(at)
            .or_else(|| self.relative_days(at))
            .or_else(|| self.weekday_or_date(at))
            .or_else(|| self.month_days(at))
    }

    /// A date with its month: «24/11/2026», «2026-11-24», «στις 24 Νοεμβρίου», «1η του μηνός».
    pub(super) fn date(&self, at: usize) -> Option<(NaiveDate, usize)> {
        // «στην 3ης Σεπτεμβρίου» is a street: the day would be «στις 3».
        let street = matches!(self.word(at), "στη" | "στην") && self.word(at + 1).ends_with("ησ");
        let announced = matches!(self.word(at), "στισ" | "τισ" | "στη" | "στην") && !street;
        let begin = if announced { at + 1 } else { at };
        self.iso_date(begin).or_else(|| self.written_date(begin)).or_else(|| self.dashed_date(begin)).or_else(|| {
            let (day, end) = self.day_number(begin)?;
            self.day_of_named_month(day, end)
        })
    }

    /// A day of the month, 1 to 31, as a number or an ordinal.
    pub(super) fn day_number(&self, at: usize) -> Option<(u32, usize)> {
        if self.word(at).contains(['.', ',', '/', ':', '+']) {
            return None;
        }
        let read = self.cardinal(at).or_else(|| self.ordinal(at))?;
        let day = u32::try_from(read.value).ok().filter(|day| (1..=31).contains(day))?;
        Some((day, read.end_token))
    }

    /// Goes on after «24»: «Νοεμβρίου», «του Νοέμβρη 2026», «του μηνός».
    fn day_of_named_month(&self, day: u32, at: usize) -> Option<(NaiveDate, usize)> {
        let at = if matches!(self.word(at), "του" | "τον") { at + 1 } else { at };
        if matches!(self.word(at), "μηνοσ" | "μηνα") && self.word(at - 1) == "του" {
            return Some((self.next_day_of_month(day)?, at + 1));
        }
        if let Some(which) = which(self.word(at)).filter(|_| is_month(self.word(at + 1)) && self.word(at - 1) == "του")
        {
            return Some((whole_month(self.today(), which.steps())?.from.with_day(day)?, at + 2));
        }
        let month = month(self.word(at)).filter(|_| self.gap(at) != Gap::Stop)?;
        let (year, end) = self.year_after(at + 1).map_or((None, at + 1), |(year, end)| (Some(year), end));
        Some((self.in_year(year, month, day)?, end))
    }

    /// «2026», «του 2026», «του χρόνου» after a date or a month.
    pub(super) fn year_after(&self, at: usize) -> Option<(i32, usize)> {
        if self.gap(at) == Gap::Stop {
            return None;
        }
        match (self.word(at), self.word(at + 1)) {
            ("του", "χρονου") => return Some((self.year() + 1, at + 2)),
            ("τουχρονου", _) => return Some((self.year() + 1, at + 1)),
            ("φετοσ", _) => return Some((self.year(), at + 1)),
            _ => {}
        }
        let begin = if matches!(self.word(at), "του" | "το") { at + 1 } else { at };
        if self.word(begin).contains(['.', ',', '/', ':', '+']) {
            return None;
        }
        let read = self.cardinal(begin).filter(|read| (1900..2200).contains(&read.value))?;
        Some((i32::try_from(read.value).ok()?, read.end_token))
    }

    /// The day in `year`, or else the next such day, today included.
    fn in_year(&self, year: Option<i32>, month: u32, day: u32) -> Option<NaiveDate> {
        if let Some(year) = year {
            return NaiveDate::from_ymd_opt(year, month, day);
        }
        // Eight years reach the next 29 February.
        let years = self.year()..=self.year() + 8;
        years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).find(|date| *date >= self.today())
    }

    pub(super) fn next_day_of_month(&self, day: u32) -> Option<NaiveDate> {
        self.days_of_month(day).next()
    }

    /// The days to come that are the `day`th of their month, today included.
    fn days_of_month(&self, day: u32) -> impl Iterator<Item = NaiveDate> {
        let (today, first) = (self.today(), self.today().with_day(1));
        (0..12)
            .filter_map(move |months| first?.checked_add_months(Months::new(months))?.with_day(day))
            .filter(move |date| *date >= today)
    }

    /// `24/11`, `24/11/26`, `24-11-2026`, `24.11.2026`, and `24.11` where it can be no time.
    fn written_date(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let word = self.word(at);
        let separator = ['/', '-', '.'].into_iter().find(|c| word.contains(*c))?;
        let mut parts = word.split(separator);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next());
        let goes_on = self.word(at + 1) == "-" && self.gap(at + 1) == Gap::None;
        if goes_on || parts.next().is_some() || day.len() > 2 || month.len() > 2 || (separator == '-' && year.is_none())
        {
            return None;
        }
        let (day, month): (u32, u32) = (day.parse().ok()?, month.parse().ok()?);
        if separator == '.' && year.is_none() {
            let may_be_time = day < 24 && month % 5 == 0 || word.len() < 4;
            if may_be_time || self.counts_noun(at + 1) || self.word(at + 1) == "ευρω" {
                return None;
            }
        }
        let year = match year {
            Some(year) if year.len() == 2 => Some(2000 + year.parse::<i32>().ok()?),
            Some(year) if year.len() == 4 => Some(year.parse().ok()?),
            Some(_) => return None,
            None => None,
        };
        Some((self.in_year(year, month, day)?, at + 1))
    }

    /// `24-11`, which is a date only where it cannot be an interval of hours.
    fn dashed_date(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let (day, month_word) = (self.word(at), self.word(at + 2));
        let together = self.gap(at + 1) == Gap::None && self.gap(at + 2) == Gap::None;
        let whole = self.word(at + 1) == "-" && self.word(at + 3) != "-" && (at == 0 || self.word(at - 1) != "-");
        if !together || !whole || day.len() > 2 || month_word.len() > 2 || month(self.word(at + 3)).is_some() {
            return None;
        }
        let padded = month_word.starts_with('0') || day.starts_with('0');
        let (day, month): (u32, u32) = (day.parse().ok()?, month_word.parse().ok()?);
        let no_hours = day > 12 && day > month;
        (padded || no_hours).then(|| Some((self.in_year(None, month, day)?, at + 3)))?
    }

    /// `2026-11-26`
    fn iso_date(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let parts = self.words.get(at..at + 5)?;
        if parts[0].len() != 4 || parts[1] != "-" || parts[3] != "-" || parts[2].len() != 2 || parts[4].len() != 2 {
            return None;
        }
        let date = NaiveDate::from_ymd_opt(parts[0].parse().ok()?, parts[2].parse().ok()?, parts[4].parse().ok()?)?;
        Some((date, at + 5))
    }

    /// `2026-11-26T10:15`, seconds allowed.
    fn iso_moment(&self, at: usize) -> Option<(Phrase, usize)> {
        let (date, end) = self.iso_date(at)?;
        let hour = self.word(end).strip_prefix(['t', 'τ'])?;
        let minute = self.word(end + 1).split(':').next()?;
        if self.gap(end) != Gap::None || hour.len() != 2 || minute.len() != 2 {
            return None;
        }
        let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
        let valid = (0..24).contains(&hour) && (0..60).contains(&minute);
        let hours = Hours::At { clock: Clock { hour, minute, settled: true }, about: false };
        let phrase = Phrase { days: Some(Days::single(date)), hours: Some(hours), ..Phrase::default() };
        valid.then_some((phrase, end + 2))
    }

    /// «του Αγίου Νικολάου», «Μεγάλη Εβδομάδα», «παραμονή Χριστουγέννων», «Πάσχα του 2028».
    fn feast_day(&self, at: usize) -> Option<(Days, usize)> {
        let (named, used) = feast::named_day(self.words.get(at..)?)?;
        let end = at + used;
        let length = i64::try_from(named.length()).unwrap_or(1);
        let (first, end) = match self.year_after(end).or_else(|| Some((self.next_year_before(at)?, end))) {
            Some((year, end)) => (named.in_year(year)?, end),
            None => {
                let mut years = self.year()..=self.year() + 1;
                (years.find_map(|year| named.in_year(year).filter(|day| plus(*day, length) > self.today()))?, end)
            }
        };
        Some((Days::new(first, plus(first, length), super::Grain::Day), end))
    }

    /// «του χρόνου το Πάσχα»: Easter moves from year to year.
    fn next_year_before(&self, at: usize) -> Option<i32> {
        let before = |back: usize| at.checked_sub(back).map_or("", |i| self.word(i));
        let back = if super::word::is_article(before(1)) { 1 } else { 0 };
        (before(back + 2) == "του" && before(back + 1) == "χρονου").then(|| self.year() + 1)
    }

    /// «Τρίτη», «Τρίτη 24 Νοεμβρίου», «Τρίτη 24».
    fn weekday_or_date(&self, at: usize) -> Option<(Days, usize)> {
        let named = self.weekday_at(at)?;
        let end = at + 1;
        if self.gap(end) != Gap::Stop {
            let begin = if matches!(self.word(end), "η" | "την" | "στισ") { end + 1 } else { end };
            if let Some((day, end)) = self.date(begin) {
                return Some((Days::single(day), end));
            }
            if let Some((day, end)) = self.day_for_weekday(end, named) {
                return Some((Days::single(day), end));
            }
        }
        let ahead = i64::from(named.days_since(self.today().weekday()));
        let day = plus(self.today(), if ahead == 0 { 7 } else { ahead });
        Some((Days { weekday: Some(named), ..Days::single(day) }, end))
    }

    /// The weekday at `at`: not «τέταρτη», not «τρίτη φορά», and a short form only where a date goes on.
    pub(super) fn weekday_at(&self, at: usize) -> Option<Weekday> {
        let word = self.word(at);
        let named = weekday(word)?;
        let raw = self.tokens.get(at)?.raw.to_lowercase();
        let other_word =
            raw.starts_with("τέτ") || raw.starts_with("δεύ") || raw.starts_with("τρι") && raw.ends_with('ή');
        let next = self.word(at + 1);
        let short = word.chars().count() <= 4 && word != "τριτη";
        let goes_on = next.is_empty() || next == "στισ" || next.starts_with(|c: char| c.is_ascii_digit());
        let third_hour = next == "ωρα" && self.cardinal(at + 2).is_none();
        let ordinal = (super::word::is_counted_noun(next) || third_hour) && self.gap(at + 1) == Gap::Space;
        (!other_word && !ordinal && (!short || goes_on)).then_some(named)
    }

    /// «Τρίτη 24», where the 24th of one of the next two months is a Tuesday; past 24 it can be no hour either.
    fn day_for_weekday(&self, at: usize, weekday: Weekday) -> Option<(NaiveDate, usize)> {
        let begin = if self.word(at) == "στισ" { at + 1 } else { at };
        // «Δευτέρα, Τετάρτη» are two days, not Monday the fourth.
        let (day, end) = self
            .day_number(begin)
            .filter(|_| self.ordinal(begin).is_none() || self.word(begin).starts_with(|c: char| c.is_ascii_digit()))?;
        if self.gap(at) == Gap::Stop || self.goes_on_as_clock(end) {
            return None;
        }
        let agreeing = self.days_of_month(day).take(2).find(|date| date.weekday() == weekday);
        let hour_like = begin > at && day <= 12;
        match agreeing.filter(|_| !hour_like) {
            Some(date) => Some((date, end)),
            None if day > 24 => self.next_day_of_month(day).map(|date| (date, end)),
            None => None,
        }
    }

    /// «στις 24», «τις 15», «την 1η».
    fn announced_day(&self, at: usize) -> Option<(Days, usize)> {
        let word = self.word(at);
        if matches!(word, "στισ" | "τισ") {
            let (day, end) = self.day_number(at + 1).filter(|(day, _)| *day > 12)?;
            let free = !self.goes_on_as_clock(end) && !self.counts_noun(end);
            return free.then(|| Some((Days::single(self.next_day_of_month(day)?), end)))?;
        }
        let digits = word.strip_suffix('η')?;
        let previous = at.checked_sub(1).map_or("", |i| self.word(i));
        let announced = matches!(previous, "την" | "στην" | "τη" | "η" | "μεχρι" | "ωσ" | "εωσ" | "απο");
        let day = digits.parse().ok().filter(|_| announced && self.stands_alone(at + 1))?;
        Some((Days::single(self.next_day_of_month(day)?), at + 1))
    }

    /// «24» alone, when a day is what was asked for.
    fn bare_day(&self, at: usize) -> Option<(Days, usize)> {
        if !self.options.bare_numbers {
            return None;
        }
        let (day, end) = self.day_number(at).filter(|(day, _)| *day > 12)?;
        let free = !self.goes_on_as_clock(end) && self.stands_alone(end) && self.word(end) != "-";
        free.then(|| Some((Days::single(self.next_day_of_month(day)?), end)))?
    }

    /// Whether what follows a number shows that it was an hour, or a day of a month that does not have it.
    fn goes_on_as_clock(&self, at: usize) -> bool {
        let (word, next) = (self.word(at), self.word(at + 1));
        matches!(word, "πμ" | "μμ" | "παρα" | "ωρα" | "ακριβωσ")
            || (word == "η" && next == "ωρα")
            || (word == "και" && (matches!(next, "τεταρτο" | "μιση") || self.cardinal(at + 1).is_some()))
            || self.part_after(at).is_some()
            || month(word).is_some()
            || (word == "του" && (month(next).is_some() || is_month(self.word(at + 2))))
    }
}
