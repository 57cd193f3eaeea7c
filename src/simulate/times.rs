//! How a citizen chooses a time, reads a summary and says yes to it.

use chrono::NaiveDateTime;
use rand::RngExt;
use rand::seq::IndexedRandom;

use super::citizen::{Act, Citizen, Correction, mode_title, mode_words};
use super::goal::{Goal, Plan, Where};
use super::reading::{Offer, offers, plain, question, times_in};
use super::wish::Wish;
use crate::booking::people::Mode;
use crate::channel::turn::{Inbound, Outbound};

/// How often a wish is told before somebody leaves.
const MOST_WISHES: u32 = 6;
/// How often a summary is corrected before somebody leaves.
const MOST_DISAGREEMENTS: u32 = 3;

impl Citizen<'_> {
    /// Chooses among the times on offer, or says what is wished for.
    pub(super) fn choose_time(&mut self, heard: &Outbound, awaiting: &str) -> Option<Act> {
        let Some(wish) = self.wish() else { return Some(self.act("decline", &[])) };
        let offered = offers(heard, self.today);
        let fitting: Vec<usize> = (0..offered.len()).filter(|i| self.suits(wish, &offered, *i)).collect();
        if fitting.is_empty() {
            return self.tell_wish(wish);
        }
        let exact = matches!(wish, Wish::Earliest | Wish::Clock(_));
        if !exact && std::mem::take(&mut self.habits.asks_later) {
            return Some(self.act("later", &[]));
        }
        let index = if wish == Wish::Earliest { fitting[0] } else { *fitting.choose(&mut self.rng)? };
        let offer = offered[index].clone();
        self.chosen = Some(offer.start);
        Some(self.pick(&offered, index, &offer, awaiting))
    }

    /// Whether a time on offer is one to take; the earliest is the first one.
    fn suits(&self, wish: Wish, offered: &[Offer], index: usize) -> bool {
        let start = offered[index].start;
        match wish {
            Wish::Earliest => index == 0 && self.earliest_offered.is_none_or(|earliest| start <= earliest),
            _ => wish.fits(start, self.today),
        }
    }

    fn tell_wish(&mut self, wish: Wish) -> Option<Act> {
        self.wishes += 1;
        if self.wishes > MOST_WISHES {
            self.gave_up = Some("no time that fits was offered".to_owned());
            return None;
        }
        let when = self.when_words();
        if wish.is_sentence() {
            return Some(Act { inbound: Inbound::Text(when), agrees: false });
        }
        Some(self.act("when", &[("when", &when)]))
    }

    /// Takes a time: by button, by number, by naming it, or with a yes where only one was asked about.
    fn pick(&mut self, offered: &[Offer], index: usize, offer: &Offer, awaiting: &str) -> Act {
        if self.habits.buttons > 0.0 && self.rng.random_bool(self.habits.buttons) {
            return Act { inbound: Inbound::Choice(offer.choice.value.clone()), agrees: false };
        }
        let asked_about = index == 0 && (awaiting == "when" || offered.len() == 1);
        if asked_about {
            return self.act("accept", &[]);
        }
        let number = ["first", "second", "third"].get(index);
        match number {
            Some(act) if self.habits.picks_by_number && offered.len() > index => {
                // «το τελευταίο» is among the words for the third.
                let act = if index == 2 && offered.len() != 3 { "first" } else { act };
                self.act(act, &[])
            }
            _ if self.rng.random_bool(0.5) => {
                let title = offer.choice.title.split(',').next().unwrap_or_default().to_owned();
                Act { inbound: Inbound::Text(title), agrees: false }
            }
            _ => {
                let words = Wish::Clock(offer.start).phrase(&mut self.rng, self.wording, self.today);
                Act { inbound: Inbound::Text(words), agrees: false }
            }
        }
    }

    /// Answers a question that wants a yes or a no.
    pub(super) fn confirm(&mut self, heard: &Outbound) -> Option<Act> {
        let asked = question(heard);
        match self.goal.clone() {
            Goal::Book(_, plan) if is_summary(&asked) => self.read_summary(heard, &asked, &plan),
            Goal::Book(..) | Goal::HandOff(_) => Some(self.agree(heard)),
            Goal::Cancel(_) if asked.contains("ακυρω") => Some(self.agree(heard)),
            Goal::Reschedule(..) if !asked.contains("ακυρω") => self.read_move(heard, &asked),
            _ => Some(self.act("decline", &[])),
        }
    }

    fn agree(&mut self, heard: &Outbound) -> Act {
        let act = match self.press(heard, |title| title.starts_with("ναι")) {
            Some(act) => act,
            None => self.act("confirm", &[]),
        };
        Act { agrees: true, ..act }
    }

    fn read_summary(&mut self, heard: &Outbound, asked: &str, plan: &Plan) -> Option<Act> {
        if let Some(correction) = self.correction.take() {
            return Some(match correction {
                Correction::Time(_) => self.correct_time(),
                Correction::Name(_) => self.act("correct_name", &[("name", &plan.beneficiary.name)]),
                Correction::Phone(_) => self.correct_phone(),
            });
        }
        if !is_full(asked) {
            return Some(self.agree(heard));
        }
        // Whoever does not want to come looks for that, also who looks for nothing else.
        let must_come = plan.mode != Mode::InPerson && !asked.contains(mode_title(plan.mode));
        let wrong = if self.habits.careful { self.wrong_in(asked, plan) } else { must_come.then_some("mode") };
        let Some(wrong) = wrong else { return Some(self.agree(heard)) };
        self.disagreements += 1;
        if self.disagreements > MOST_DISAGREEMENTS {
            self.gave_up = Some(format!("the summary stays wrong: {wrong}"));
            return None;
        }
        Some(match wrong {
            "time" => self.correct_time(),
            "name" => self.act("correct_name", &[("name", &plan.beneficiary.name)]),
            "phone" => self.correct_phone(),
            "mode" => self.act("correct_mode", &[("mode", mode_words(plan.mode))]),
            _ => {
                let place = self.where_words(plan);
                self.act("correct_office", &[("where", &place)])
            }
        })
    }

    /// What a careful reader finds wrong in the summary.
    fn wrong_in(&self, asked: &str, plan: &Plan) -> Option<&'static str> {
        let time = times_in(asked, self.today).first().copied();
        if time.is_some_and(|time| !plan.wish.fits(time, self.today)) {
            return Some("time");
        }
        // In Latin letters nobody can tell how the name will be written back.
        let greek = plan.beneficiary.name.split(' ').all(|word| asked.contains(&plain(word)));
        if !greek && asked.contains("για:") && !self.writes_latin() {
            return Some("name");
        }
        if !asked.chars().filter(char::is_ascii_digit).collect::<String>().contains(&plan.phone) {
            return Some("phone");
        }
        if !asked.contains(mode_title(plan.mode)) {
            return Some("mode");
        }
        let Where::Office(id) = &plan.place else { return None };
        let office = self.catalogue.office(id)?;
        (!asked.contains(&plain(&office.at)) && !asked.contains(&plain(&office.name))).then_some("office")
    }

    fn correct_time(&mut self) -> Act {
        let when = self.when_words();
        self.act("correct_time", &[("when", &when)])
    }

    fn correct_phone(&mut self) -> Act {
        let phone = self.phone_words();
        self.act("correct_phone", &[("phone", &phone)])
    }

    fn read_move(&mut self, heard: &Outbound, asked: &str) -> Option<Act> {
        if matches!(self.correction.take(), Some(Correction::Time(_))) {
            return Some(self.correct_time());
        }
        let new: Option<NaiveDateTime> = times_in(asked, self.today).last().copied();
        let wish = self.wish()?;
        let fits = new.is_none_or(|time| wish.fits(time, self.today));
        if fits || !self.habits.careful {
            return Some(self.agree(heard));
        }
        self.disagreements += 1;
        if self.disagreements > MOST_DISAGREEMENTS {
            self.gave_up = Some("the new time stays wrong".to_owned());
            return None;
        }
        Some(self.correct_time())
    }
}

/// Whether a yes would book: the summary and its shorter repetitions.
fn is_summary(asked: &str) -> bool {
    asked.contains("επαναλαβω") || asked.contains("να το κλεισω") || asked.contains("για να κλεισω το ραντεβου")
}

/// Whether the whole summary stands there, to be checked.
fn is_full(asked: &str) -> bool {
    asked.contains("επαναλαβω")
}
