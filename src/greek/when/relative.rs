//! Days told from today: «αύριο», «την άλλη Τρίτη», «αυτή την εβδομάδα», «τις επόμενες τρεις μέρες», «του χρόνου».

use chrono::{Datelike, NaiveDate, Weekday};

use super::Grain;
use super::month::{Third, whole_month};
use super::parser::Parser;
use super::phrase::{Days, plus};
use super::word::{Unit, Which, is_following, is_month, is_season, is_week, is_weekend, is_year, month, unit, which};

impl Parser<'_> {
    /// The Monday of this week.
    pub(super) fn monday(&self) -> NaiveDate {
        plus(self.today(), -i64::from(self.today().weekday().num_days_from_monday()))
    }

    pub(super) fn relative_days(&self, at: usize) -> Option<(Days, usize)> {
        self.near_day(at)
            .or_else(|| self.chosen(at))
            .or_else(|| self.weekend(None, at))
            .or_else(|| self.part_of_week(at))
            .or_else(|| self.following(at))
            .or_else(|| self.near_year(at))
            .or_else(|| self.first_of_month(at))
    }

    fn near_day(&self, at: usize) -> Option<(Days, usize)> {
        let ahead = match self.word(at) {
            "σημερα" | "σημερον" | "σημερινη" => 0,
            "αυριο" | "αυριον" | "αυριανη" | "ταχια" => 1,
            "μεθαυριο" | "μεταυριο" => 2,
            "αντιμεθαυριο" => 3,
            "χθεσ" | "χτεσ" | "εχθεσ" | "εχτεσ" | "οψεσ" | "εψεσ" => -1,
            "προχθεσ" | "προχτεσ" | "προψεσ" => -2,
            _ => return None,
        };
        Some((Days::single(plus(self.today(), ahead)), at + 1))
    }

    /// «την πρωτομηνιά»
    fn first_of_month(&self, at: usize) -> Option<(Days, usize)> {
        let said = matches!(self.word(at), "πρωτομηνια" | "πρωτομηνιασ");
        said.then(|| Some((Days::single(self.next_day_of_month(1)?), at + 1)))?
    }

    /// «αυτή την Παρασκευή», «την άλλη εβδομάδα», «τον επόμενο μήνα», «την επόμενη μέρα».
    fn chosen(&self, at: usize) -> Option<(Days, usize)> {
        let Some(which) = which(self.word(at)) else { return self.coming(at) };
        let noun = self.after_articles(at + 1);
        if let Some(weekday) = self.weekday_at(noun) {
            return Some((Days::single(self.chosen_weekday(which, weekday)), noun + 1));
        }
        let word = self.word(noun);
        let end = noun + 1;
        if is_week(word) {
            return Some((self.week(which.steps()), end));
        }
        if is_weekend(word) {
            return self.weekend(Some(which), noun);
        }
        if is_month(word) {
            return Some((whole_month(self.today(), which.steps())?, end));
        }
        if is_year(word) {
            return Some((self.whole_year(which.steps())?, end));
        }
        if month(word).is_some() || is_season(word) {
            return self.month_days(noun);
        }
        // «άλλη μέρα» is any other day; «αυτή τη μέρα» is one that was spoken of.
        let next_day = which == Which::Next && self.word(at).starts_with("επομεν");
        (matches!(word, "μερα" | "ημερα") && next_day).then(|| (Days::single(plus(self.today(), 1)), end))
    }

    /// «την εβδομάδα που έρχεται», «μέσα στην εβδομάδα», «από εβδομάδα» (from the next one).
    fn coming(&self, at: usize) -> Option<(Days, usize)> {
        let word = self.word(at);
        let coming = self.word(at + 1) == "που" && matches!(self.word(at + 2), "ερχεται" | "μπαινει");
        let before = |back: usize| at.checked_sub(back).map_or("", |i| self.word(i));
        if coming && is_week(word) {
            return Some((self.week(1), at + 3));
        }
        if coming && is_month(word) {
            return Some((whole_month(self.today(), 1)?, at + 3));
        }
        if coming && let Some(weekday) = self.weekday_at(at) {
            return Some((Days::single(self.chosen_weekday(Which::Coming, weekday)), at + 3));
        }
        if is_week(word) && before(1) == "απο" {
            return Some((self.week(1), at + 1));
        }
        if word == "μεσα" && matches!(self.word(at + 1), "στη" | "στην" | "στο" | "στον") {
            if is_week(self.word(at + 2)) {
                return Some((self.week(0), at + 3));
            }
            if is_month(self.word(at + 2)) {
                return Some((whole_month(self.today(), 0)?, at + 3));
            }
        }
        None
    }

    fn chosen_weekday(&self, which: Which, weekday: Weekday) -> NaiveDate {
        let in_this_week = plus(self.monday(), i64::from(weekday.num_days_from_monday()));
        let ahead = i64::from(weekday.days_since(self.today().weekday()));
        match which {
            Which::This => plus(self.today(), ahead),
            Which::Coming => plus(self.today(), if ahead == 0 { 7 } else { ahead }),
            Which::Next | Which::AfterNext => plus(in_this_week, 7 * which.steps()),
            Which::Previous => plus(self.today(), ahead - 7),
        }
    }

    /// The week, Monday to Sunday, that lies `steps` weeks ahead.
    fn week(&self, steps: i64) -> Days {
        let monday = plus(self.monday(), 7 * steps);
        Days::new(monday, plus(monday, 7), Grain::Week)
    }

    fn weekend(&self, which: Option<Which>, at: usize) -> Option<(Days, usize)> {
        is_weekend(self.word(at)).then_some(())?;
        let steps = match which {
            None | Some(Which::Coming) => 0,
            Some(which) => which.steps(),
        };
        let saturday = plus(self.monday(), 5 + 7 * steps);
        Some((Days::new(saturday, plus(saturday, 2), Grain::Day), at + 1))
    }

    /// «μεσοβδόμαδα»: Tuesday to Thursday.
    fn part_of_week(&self, at: usize) -> Option<(Days, usize)> {
        matches!(self.word(at), "μεσοβδομαδα" | "μεσοβδομαδο" | "μεσοβδομαδισ").then_some(())?;
        let days = Third::Middle.of_week(self.monday());
        let over = days.to <= self.today();
        Some((if over { Third::Middle.of_week(plus(self.monday(), 7)) } else { days }, at + 1))
    }

    /// «τις επόμενες τρεις μέρες», «τις επόμενες μέρες» (three), «τις επόμενες δύο εβδομάδες».
    fn following(&self, at: usize) -> Option<(Days, usize)> {
        is_following(self.word(at)).then_some(())?;
        let (count, noun) = match self.cardinal(at + 1) {
            Some(read) => (read.value.clamp(1, 400), read.end_token),
            None if matches!(self.word(at + 1), "λιγεσ" | "μερικεσ" | "λιγουσ" | "μερικουσ") => {
                (3, at + 2)
            }
            None => (3, at + 1),
        };
        let tomorrow = plus(self.today(), 1);
        let days = match unit(self.word(noun))? {
            Unit::Day => Days::new(tomorrow, plus(tomorrow, count), Grain::Day),
            Unit::Week => {
                let monday = plus(self.monday(), 7);
                Days::new(monday, plus(monday, 7 * count), Grain::Week)
            }
            Unit::Month => {
                let (first, last) = (whole_month(self.today(), 1)?, whole_month(self.today(), count)?);
                Days::new(first.from, last.to, Grain::Month)
            }
            _ => return None,
        };
        Some((days, noun + 1))
    }

    /// «του χρόνου», «φέτος», «πέρυσι».
    fn near_year(&self, at: usize) -> Option<(Days, usize)> {
        let waiting = matches!(self.word(at + 2), "αναμονησ" | "εξυπηρετησησ");
        let (steps, end) = match (self.word(at), self.word(at + 1)) {
            ("του", "χρονου") if !waiting => (1, at + 2),
            ("τουχρονου", _) => (1, at + 1),
            ("φετοσ" | "εφετοσ", _) => (0, at + 1),
            ("περυσι" | "περσι", _) => (-1, at + 1),
            _ => return None,
        };
        Some((self.whole_year(steps)?, end))
    }

    fn whole_year(&self, steps: i64) -> Option<Days> {
        let year = self.year() + i32::try_from(steps).ok()?;
        Some(Days::new(NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?, Grain::Year))
    }
}
