//! What a citizen wishes about time: drawn from what is free, said in words, judged against the row.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::wording::Wording;
use crate::greek::display;

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before noon.
    Morning,
    /// Noon to four.
    Noon,
    /// Four to eight.
    Afternoon,
}

/// A wish about time, by the clock of Athens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The first that is free.
    Earliest,
    /// That day.
    Day(NaiveDate),
    /// That part of that day.
    DayPart(NaiveDate, Part),
    /// Then and not at another time.
    Clock(NaiveDateTime),
    /// Monday to Sunday of next week.
    NextWeek,
    /// Any day of the week but this one.
    NotOn(Weekday),
}

impl Part {
    fn of(start: NaiveDateTime) -> Self {
        match start.hour() {
            0..12 => Self::Morning,
            12..16 => Self::Noon,
            _ => Self::Afternoon,
        }
    }

    fn act(self) -> &'static str {
        match self {
            Self::Morning => "when_morning",
            Self::Noon => "when_noon",
            Self::Afternoon => "when_afternoon",
        }
    }
}

impl Wish {
    /// Draws a wish that one of the free times fulfils; `None` when nothing is free.
    pub fn draw(rng: &mut StdRng, free: &[NaiveDateTime], today: NaiveDate) -> Option<Self> {
        let first = *free.first()?;
        for _ in 0..20 {
            let time = *free.choose(rng)?;
            let wish = match rng.random_range(0..12) {
                0 | 1 => Self::Earliest,
                2..=4 => Self::Day(time.date()),
                // Nobody says «το πρωί» of the small hours, which are an office abroad by the clock of Athens.
                5 | 6 if time.hour() >= 7 => Self::DayPart(time.date(), Part::of(time)),
                5 | 6 => Self::Day(time.date()),
                7 | 8 => Self::Clock(time),
                9 | 10 => Self::NextWeek,
                _ => Self::NotOn(first.weekday()),
            };
            if wish == Self::Earliest || free.iter().any(|time| wish.fits(*time, today)) {
                return Some(wish);
            }
        }
        Some(Self::Earliest)
    }

    /// Whether a time is what was wished for. The earliest time cannot be told from the time alone and fits always; see the
    /// judge.
    #[must_use]
    pub fn fits(&self, start: NaiveDateTime, today: NaiveDate) -> bool {
        match self {
            Self::Earliest => true,
            Self::Day(day) => start.date() == *day,
            Self::DayPart(day, part) => start.date() == *day && Part::of(start) == *part,
            Self::Clock(time) => start == *time,
            Self::NextWeek => monday(start.date()) == monday(today) + TimeDelta::days(7),
            Self::NotOn(weekday) => start.weekday() != *weekday,
        }
    }

    /// The wish in words.
    pub fn phrase(&self, rng: &mut StdRng, wording: &Wording, today: NaiveDate) -> String {
        match self {
            Self::Earliest => wording.say(rng, "when_earliest", &[]),
            Self::Day(day) => day_phrase(rng, *day, today),
            Self::DayPart(day, part) => {
                let day = day_phrase(rng, *day, today);
                wording.say(rng, part.act(), &[("day", &day)])
            }
            Self::Clock(time) => {
                let day = day_phrase(rng, time.date(), today);
                let clock = clock_phrase(rng, *time);
                let bare = ["τις ", "την ", "τη ", "το "].into_iter().find_map(|article| day.strip_prefix(article));
                let at = format!("{} {clock}", if spoken_hour(*time) == 1 { "στη" } else { "στις" });
                let values = [("day_bare", bare.unwrap_or(&day)), ("day", &day), ("time", &at), ("clock", &clock)];
                wording.say(rng, "when_clock", &values)
            }
            Self::NextWeek => wording.say(rng, "when_next_week", &[]),
            Self::NotOn(weekday) => wording.say(rng, "when_not", &[("weekday", weekday_name(*weekday))]),
        }
    }

    /// Whether it stands as a whole sentence and not inside «θα ήθελα …».
    #[must_use]
    pub fn is_sentence(&self) -> bool {
        matches!(self, Self::Earliest | Self::NotOn(_))
    }
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

/// The name of a day of the week, accusative.
fn weekday_name(day: Weekday) -> &'static str {
    ["Δευτέρα", "Τρίτη", "Τετάρτη", "Πέμπτη", "Παρασκευή", "Σάββατο", "Κυριακή"][day.num_days_from_monday() as usize]
}

fn weekday_article(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "τη",
        Weekday::Sat => "το",
        _ => "την",
    }
}

/// A day as people name it: near ones by name, far ones by date.
fn day_phrase(rng: &mut StdRng, day: NaiveDate, today: NaiveDate) -> String {
    let (weekday, number, month) = (day.weekday(), day.day(), display::MONTHS_GENITIVE[day.month0() as usize]);
    let (article, name) = (weekday_article(weekday), weekday_name(weekday));
    let date = if number == 1 { format!("την πρώτη {month}") } else { format!("στις {number} {month}") };
    let ahead = (day - today).num_days();
    let mut ways =
        vec![date, format!("{article} {name} {number} {month}"), format!("{article} {name} {number}/{}", day.month())];
    match ahead {
        1 => ways.extend(["αύριο".to_owned(), "αύριο".to_owned(), format!("αύριο {name}")]),
        2 => ways.extend(["μεθαύριο".to_owned(), format!("{article} {name}")]),
        3..=7 => ways.extend([format!("{article} {name}"), format!("{article} {name}"), name.to_owned()]),
        _ if number > 1 && day.month() == today.month() => ways.push(format!("στις {number} του μηνός")),
        _ => {}
    }
    ways.choose(rng).cloned().unwrap_or_default()
}

/// The hour that is named: «παρά τέταρτο» names the next one; twelve hours.
fn spoken_hour(time: NaiveDateTime) -> u32 {
    let hour = if time.minute() == 45 { time.hour() + 1 } else { time.hour() };
    (hour + 11) % 12 + 1
}

/// A clock time without «στις»: «δέκα και μισή», «10:30», «μία το μεσημέρι».
fn clock_phrase(rng: &mut StdRng, time: NaiveDateTime) -> String {
    const HOURS: [&str; 12] =
        ["μία", "δύο", "τρεις", "τέσσερις", "πέντε", "έξι", "εφτά", "οχτώ", "εννιά", "δέκα", "έντεκα", "δώδεκα"];
    let hour = HOURS[spoken_hour(time) as usize - 1];
    let minutes = match time.minute() {
        0 => "",
        15 => " και τέταρτο",
        30 => " και μισή",
        45 => " παρά τέταρτο",
        10 => " και δέκα",
        20 => " και είκοσι",
        _ => return format!("{}:{:02}", time.hour(), time.minute()),
    };
    let part = match Part::of(time) {
        Part::Afternoon => " το απόγευμα",
        Part::Noon if rng.random_bool(0.6) => " το μεσημέρι",
        Part::Morning if rng.random_bool(0.3) => " το πρωί",
        _ => "",
    };
    // With an article before the hour only words or «10:30» of the same hour agree with it.
    if rng.random_bool(0.4) && time.hour() != 13 && spoken_hour(time) != 1 {
        return format!("{}:{:02}", time.hour(), time.minute());
    }
    format!("{hour}{minutes}{part}")
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::greek::when;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a local time")
    }

    #[test]
    fn a_wish_fits_what_it_says_and_nothing_else() {
        let today = at("2026-11-23T09:00:00").date();
        let thursday = at("2026-11-26T10:15:00");
        assert!(Wish::Day(thursday.date()).fits(thursday, today));
        assert!(!Wish::Day(thursday.date()).fits(thursday + TimeDelta::days(7), today));
        assert!(!Wish::DayPart(thursday.date(), Part::Noon).fits(thursday, today));
        assert!(!Wish::Clock(thursday).fits(thursday + TimeDelta::minutes(15), today));
        assert!(!Wish::NextWeek.fits(thursday, today) && Wish::NextWeek.fits(thursday + TimeDelta::days(7), today));
        assert!(!Wish::NotOn(Weekday::Thu).fits(thursday, today));
    }

    #[test]
    fn a_clock_time_means_itself_in_every_wording() {
        let wording = Wording::bundled().expect("readable");
        let now = at("2026-11-23T09:00:00");
        let mut rng = StdRng::seed_from_u64(5);
        for hour in 8..20 {
            for minute in [0, 10, 15, 20, 30, 45] {
                let time = at("2026-11-26T00:00:00") + TimeDelta::minutes(hour * 60 + minute);
                let phrase = Wish::Clock(time).phrase(&mut rng, &wording, now.date());
                let found = when::find(&phrase, now);
                assert!(found.iter().any(|f| f.value.from == Some(time)), "{phrase} is no {time}: {found:?}");
            }
        }
    }
}
