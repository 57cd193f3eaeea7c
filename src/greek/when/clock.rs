//! Clock times: «στις δέκα και τέταρτο», «10:30», «3 μ.μ.», «δεκάμισι».

use super::parser::{Gap, Parser};
use super::part_of_day::{Kind, Part};
use super::phrase::Phrase;
use crate::greek::number;

/// A reading of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: i64,
    pub(super) minute: i64,
    /// Whether the half of the day is known.
    pub(super) settled: bool,
}

/// Hours of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hours {
    /// One time; `about` where it was said loosely («κατά τις δέκα»).
    At {
        clock: Clock,
        about: bool,
    },
    Between(Clock, Clock),
    Before(Clock),
    After(Clock),
}

/// A clock time as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub(super) clock: Clock,
    /// Whether the words can mean nothing but a clock time («και τέταρτο», «10:30», «π.μ.»).
    pub(super) sure: bool,
    pub(super) about: bool,
    pub(super) end: usize,
}

impl Clock {
    fn new(hour: i64, minute: i64, settled: bool) -> Option<Self> {
        let valid = (0..24).contains(&hour) && (0..60).contains(&minute) || (hour == 24 && minute == 0);
        valid.then_some(Self { hour, minute, settled: settled || hour > 12 || hour == 0 })
    }

    /// Minutes from midnight, by the part of the day if one was said; past 24:00 for the small hours after a βράδυ.
    pub(super) fn minutes(self, part: Option<Part>) -> i64 {
        let plain = self.hour * 60 + self.minute;
        if self.settled {
            return plain;
        }
        let hour = match (part.map(|part| part.kind), self.hour) {
            (Some(Kind::Dawn), 12) => 0,
            (Some(Kind::Dawn | Kind::Morning), hour) => hour,
            (Some(Kind::Noon), 6..=12) | (Some(Kind::Afternoon), 12) => self.hour,
            (Some(Kind::Noon | Kind::Afternoon), hour) => hour + 12,
            (Some(Kind::Evening), hour @ 5..=12) => hour + 12,
            (Some(Kind::Evening), hour) => hour + 24,
            (None, hour @ 1..=6) => hour + 12,
            (None, hour) => hour,
        };
        hour * 60 + self.minute
    }

    /// The same, with the half of the day decided by `part`; the small hours of a βράδυ stay on their own day.
    pub(super) fn settled_by(self, part: Part) -> Self {
        let minutes = self.minutes(Some(part));
        let hour = if minutes > 24 * 60 { minutes / 60 - 24 } else { minutes / 60 };
        Self { hour, minute: minutes % 60, settled: true }
    }
}

impl Parser<'_> {
    /// One clock time, where there is enough to know it for one.
    pub(super) fn clock_piece(&self, at: usize, so_far: &Phrase) -> Option<(Phrase, usize)> {
        if so_far.hours.is_some() {
            return None;
        }
        if matches!(self.word(at), "μεσανυχτα") {
            let clock = Clock { hour: 24, minute: 0, settled: true };
            return Some((Hours::At { clock, about: false }.into(), at + 1));
        }
        let (begin, prefixed, about) = self.clock_prefix(at);
        let read = self.clock_time(begin, prefixed || self.options.bare_numbers)?;
        let said = so_far.days.is_some() || so_far.part.is_some();
        let in_context = self.options.bare_numbers || said || self.continues_choice(at);
        let believed =
            !self.counts_noun(read.end) && (prefixed || read.sure || in_context && self.may_be_bare(begin, read.end));
        let of_one = matches!(self.word(begin), "μια" | "μιασ") && !read.sure && !self.stands_alone(read.end);
        (believed && !of_one).then(|| (Hours::At { clock: read.clock, about: about || read.about }.into(), read.end))
    }

    /// «στις», «κατά τις», «γύρω στις», «ώρα»: where the time begins, whether it was announced, whether loosely.
    pub(super) fn clock_prefix(&self, at: usize) -> (usize, bool, bool) {
        let is_preposition = |i: usize| matches!(self.word(i), "στισ" | "στη" | "στην" | "τισ" | "τη" | "την");
        match self.word(at) {
            "στισ" | "στη" | "στην" => (at + 1, true, false),
            "τισ" => (at + 1, true, false),
            "ωρα" if is_preposition(at + 1) => (at + 2, true, false),
            "ωρα" => (at + 1, true, false),
            "κατα" | "περιπου" | "γυρω" | "προσ" if is_preposition(at + 1) => (at + 2, true, true),
            _ => (at, false, false),
        }
    }

    /// A number with no more than a day before it may be an hour only if it counts nothing.
    fn may_be_bare(&self, begin: usize, end: usize) -> bool {
        !matches!(self.word(begin), "ενα" | "εναν" | "ενασ" | "0" | "μηδεν") && self.stands_alone(end)
    }

    /// A clock time without its preposition. `announced` allows forms that need one: «1030», «δέκα είκοσι».
    pub(super) fn clock_time(&self, at: usize, announced: bool) -> Option<Read> {
        let (hour, minute, mut end, mut sure, literal) =
            self.written_time(at, announced).or_else(|| self.said_time(at, announced))?;
        let mut about = false;
        if self.word(end) == "η" && self.word(end + 1) == "ωρα" {
            (end, sure) = (end + 2, true);
        } else if self.word(end) == "ωρα" {
            (end, sure) = (end + 1, true);
        }
        if self.word(end) == "και" && self.word(end + 1) == "κατι" {
            (end, about) = (end + 2, true);
        }
        if matches!(self.word(end), "ακριβωσ" | "περιπου") && self.gap(end) == Gap::Space {
            about |= self.word(end) == "περιπου";
            end += 1;
        }
        let mut clock = Clock::new(hour, minute, literal)?;
        if let Some(afternoon) = self.half_of_day(end).filter(|_| (1..=12).contains(&hour)) {
            clock = Clock { hour: hour % 12 + if afternoon { 12 } else { 0 }, minute, settled: true };
            (end, sure) = (end + 1, true);
        }
        sure |= self.part_after(end).is_some() && self.gap(end) != Gap::Stop;
        Some(Read { clock, sure, about, end })
    }

    fn half_of_day(&self, at: usize) -> Option<bool> {
        match self.word(at) {
            "πμ" | "am" => Some(false),
            "μμ" | "pm" | "mm" => Some(true),
            _ => None,
        }
    }

    /// «10:30», «10.30», «1030»: hour, minute, end, sure, and whether the hour is of 24.
    fn written_time(&self, at: usize, announced: bool) -> Option<(i64, i64, usize, bool, bool)> {
        let word = self.word(at);
        let separator = word.find([':', '.']);
        if let Some(cut) = separator {
            let (hours, rest) = (&word[..cut], &word[cut + 1..]);
            let minutes = rest.split(':').next()?;
            let hour: i64 = hours.parse().ok()?;
            let minute: i64 = minutes.parse().ok()?;
            let odd_date = word.contains('.') && !announced && minute % 5 != 0 && minute <= 12;
            let shaped = hours.len() <= 2 && minutes.len() == 2 && (rest.len() == 2 || word.contains(':'));
            if !shaped || hour > 24 || minute > 59 || odd_date || self.word(at + 1) == "ευρω" {
                return None;
            }
            return Some((hour, minute, at + 1, true, hours.len() == 2 && hours.starts_with('0')));
        }
        let plain = (3..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        if !plain || !(announced || self.half_of_day(at + 1).is_some()) {
            return None;
        }
        let (hours, minutes) = word.split_at(word.len() - 2);
        let (hour, minute): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hour < 24 && minute < 60).then_some((hour, minute, at + 1, false, hours.starts_with('0')))
    }

    /// «δέκα», «δεκάμισι», «δέκα και μισή», «δώδεκα παρά τέταρτο», «τρεις και είκοσι».
    fn said_time(&self, at: usize, announced: bool) -> Option<(i64, i64, usize, bool, bool)> {
        let word = self.word(at);
        if matches!(word, "κανα" | "καναν" | "καμια" | "καμμια" | "περιπου") || word.contains(['.', ',', '/', ':', '+'])
        {
            return None;
        }
        if word.ends_with("μισι") || word.ends_with("μιση") {
            let amount = number::amount(self.tokens, at).filter(|read| read.end_token == at + 1 && read.value > 1.0)?;
            let more = self.counts_noun(at + 1) || self.word(at + 1) == "και";
            #[expect(clippy::cast_possible_truncation, reason = "at most twelve and a half")]
            return (!more).then_some((amount.value as i64, 30, at + 1, true, false));
        }
        let read = self.cardinal(at)?;
        let (hour, end) = (read.value, read.end_token);
        if !(0..=24).contains(&hour) || matches!(word, "ενα" | "εναν" | "ενασ") {
            return None;
        }
        // «τρεις η ώρα και είκοσι»
        let said_hour = if self.word(end) == "η" && self.word(end + 1) == "ωρα" { end + 2 } else { end };
        let (minute, end, sure) =
            self.minutes_after(said_hour, announced).map_or((0, end, false), |(m, e)| (m, e, true));
        if minute < 0 {
            let hour = if hour == 1 { 12 } else { hour - 1 };
            return Some((hour, 60 + minute, end, sure, false));
        }
        let literal = self.words[at].len() == 2 && word.starts_with('0');
        Some((hour, minute, end, sure, literal))
    }

    /// «και τέταρτο», «και είκοσι λεπτά», «παρά δέκα» (negative), or «είκοσι» right after an announced hour.
    fn minutes_after(&self, at: usize, announced: bool) -> Option<(i64, usize)> {
        let (sign, begin) = match self.word(at) {
            "και" | "κι" => (1, at + 1),
            "παρα" => (-1, at + 1),
            _ if announced && self.gap(at) == Gap::Space => {
                let read = self.cardinal(at).filter(|read| (10..60).contains(&read.value))?;
                let alone = self.stands_alone(read.end_token) && !self.words[at].contains(['.', '/', ':']);
                return alone.then_some((read.value, read.end_token));
            }
            _ => return None,
        };
        match self.word(begin) {
            "τεταρτο" => return Some((sign * 15, begin + 1)),
            "μιση" | "μισι" | "μισυ" if sign > 0 => return Some((30, begin + 1)),
            word if word.contains([':', '.', '/', ',']) => return None,
            _ => {}
        }
        let read = self.cardinal(begin).filter(|read| (1..60).contains(&read.value))?;
        let counted = matches!(self.word(read.end_token), "λεπτα" | "λεπτο");
        let end = read.end_token + usize::from(counted);
        // «στις 10 και 12» is two times; nobody says minutes so, nor minutes with a time of their own.
        let minutes_like = counted || sign < 0 || read.value % 5 == 0 || read.value > 12;
        (minutes_like && (counted || !self.counts_noun(end))).then_some((sign * read.value, end))
    }
}
