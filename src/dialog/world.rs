//! What the engine may look at: facts in memory, given to each step.

use chrono::{DateTime, Datelike, NaiveTime, Utc};

use crate::booking::catalogue::{Catalogue, Day};
use crate::clock::to_athens;
use crate::procedures::book::ProcedureBook;

/// Facts in memory.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The procedures.
    pub procedures: &'a ProcedureBook,
    /// Who takes over.
    pub support: &'a SupportDesk,
    /// Whether there is a waiting list: only where this program keeps the appointments itself.
    pub waiting_list: bool,
    /// The citizen hears and does not read: a telephone.
    pub by_voice: bool,
    /// Messages can be sent to mobile telephones.
    pub can_send: bool,
    /// The present moment of this turn.
    pub now: DateTime<Utc>,
}

/// The people who take over (γραμμή υποστήριξης).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportDesk {
    /// Their telephone.
    pub phone: String,
    /// Days on which they answer.
    pub days: Vec<Day>,
    /// From when, Athens.
    pub from: NaiveTime,
    /// Until when, Athens.
    pub to: NaiveTime,
}

impl SupportDesk {
    /// Whether somebody answers at this moment; never on public holidays.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let local = to_athens(now);
        let open_day = self.days.contains(&Day::from(local.weekday()));
        let holiday = crate::greek::feast::holiday_on(local.date()).is_some();
        open_day && !holiday && self.from <= local.time() && local.time() < self.to
    }
}

/// Days of the week in words: «Δευτέρα έως Παρασκευή», or a list when they do not follow each other.
#[must_use]
pub fn days_in_words(days: &[Day]) -> String {
    const WEEK: [(Day, &str); 7] = [
        (Day::Mon, "Δευτέρα"),
        (Day::Tue, "Τρίτη"),
        (Day::Wed, "Τετάρτη"),
        (Day::Thu, "Πέμπτη"),
        (Day::Fri, "Παρασκευή"),
        (Day::Sat, "Σάββατο"),
        (Day::Sun, "Κυριακή"),
    ];
    let positions: Vec<usize> = (0..7).filter(|i| days.contains(&WEEK[*i].0)).collect();
    let consecutive = positions.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match positions.as_slice() {
        [first, .., last] if consecutive && last - first > 1 => format!("{} έως {}", WEEK[*first].1, WEEK[*last].1),
        _ => positions.iter().map(|i| WEEK[*i].1).collect::<Vec<_>>().join(", "),
    }
}
