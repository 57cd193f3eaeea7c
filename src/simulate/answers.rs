//! A citizen's answers to single questions: what, how, where, for whom, which number.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::citizen::{Act, Citizen, Correction, Style, joined, mode_title};
use super::goal::{Goal, Kind, Plan};
use super::people::Person;
use super::reading::{plain, question};
use crate::booking::people::Mode;
use crate::channel::turn::{Inbound, Outbound};

impl Citizen<'_> {
    fn plan(&self) -> Option<Plan> {
        match &self.goal {
            Goal::Book(_, plan) => Some(plan.clone()),
            _ => None,
        }
    }

    /// Answers what it is about.
    pub(super) fn name_topic(&mut self) -> Act {
        match self.goal.clone() {
            Goal::Book(_, plan) => {
                let service = self.service_words(&plan);
                let act = self.act("service", &[("service", &service)]);
                if self.style == Style::OneThing {
                    return act;
                }
                let place = self.where_words(&plan);
                joined(act, ", ", &place)
            }
            Goal::Explain(wanted) => Act { inbound: Inbound::Text(wanted.topic), agrees: false },
            _ => self.act("decline", &[]),
        }
    }

    /// Answers how it should be held, or whether in person will do.
    pub(super) fn name_mode(&mut self, heard: &Outbound) -> Act {
        let Some(plan) = self.plan() else { return self.act("mode_in_person", &[]) };
        self.mode_told = true;
        let title = mode_title(plan.mode);
        if let Some(act) = self.press(heard, |t| t.contains(title)) {
            return act;
        }
        if matches!(self.goal, Goal::Book(Kind::WrongMode, _)) && question(heard).contains("θελετε να κλεισουμε")
        {
            return self.act("accept", &[]);
        }
        self.act(mode_act(plan.mode), &[])
    }

    /// Answers where.
    pub(super) fn name_office(&mut self, heard: &Outbound) -> Act {
        let Some(plan) = self.plan() else { return self.act("accept", &[]) };
        if let super::goal::Where::Office(id) = &plan.place
            && let Some(name) = self.catalogue.office(id).map(|office| plain(&office.name))
            && let Some(act) = self.press(heard, |title| title == name)
        {
            return act;
        }
        if matches!(plan.place, super::goal::Where::Town(_)) && self.town_was_told(heard, &plan) {
            return self.any_office(heard);
        }
        let place = self.where_words(&plan);
        let act = self.act("where", &[("where", &place)]);
        let act = self.with_mode(act, plan.mode);
        if self.style == Style::OneThing || self.rng.random_bool(0.5) {
            return act;
        }
        let when = self.when_words();
        self.wishes += 1;
        joined(act, ", ", &when)
    }

    /// Whether every office that is shown lies in the wished town, so that it is time to choose one.
    fn town_was_told(&self, heard: &Outbound, plan: &Plan) -> bool {
        let super::goal::Where::Town(town) = &plan.place else { return false };
        let shown: Vec<String> = super::reading::choices(heard).iter().map(|c| plain(&c.title)).collect();
        let offices = self.catalogue.offices_offering(&plan.service);
        let mut seen = offices.filter(|office| shown.contains(&plain(&office.name))).peekable();
        seen.peek().is_some() && seen.all(|office| &office.municipality == town)
    }

    fn any_office(&mut self, heard: &Outbound) -> Act {
        let shown: Vec<_> = super::reading::choices(heard).into_iter().cloned().collect();
        match shown.choose(&mut self.rng) {
            Some(choice) if self.rng.random_bool(0.5) => {
                Act { inbound: Inbound::Choice(choice.value.clone()), agrees: false }
            }
            Some(choice) => Act { inbound: Inbound::Text(choice.title.clone()), agrees: false },
            None => self.act("first", &[]),
        }
    }

    /// Answers whom it is for.
    pub(super) fn say_for_whom(&mut self, heard: &Outbound) -> Act {
        let Some(plan) = self.plan() else { return self.act("for_self", &[]) };
        let Some(relation) = plan.relation else {
            if let Some(act) = self.press(heard, |title| title == "για μενα") {
                return act;
            }
            let act = self.act("for_self", &[]);
            if self.style != Style::OverAnswers {
                return act;
            }
            let name = self.own_name();
            let more = self.name_words("name_self", &name);
            return joined(act, ". ", &more);
        };
        let words = self.wording.relation(&mut self.rng, relation, &plan.beneficiary);
        if self.style == Style::OneThing {
            return self.act("for_other", &[("relation", &words)]);
        }
        let person = self.beneficiary_now(&plan);
        let values = [("relation", words.as_str()), ("named", &person.accusative()), ("name", &person.name)];
        self.act("for_other_named", &values)
    }

    /// The name that is told now: the wrong one as long as it is not corrected.
    pub(super) fn beneficiary_now(&self, plan: &Plan) -> Person {
        match &self.correction {
            Some(Correction::Name(first)) => Person { name: first.name.clone(), gender: first.gender },
            _ => plan.beneficiary.clone(),
        }
    }

    fn own_name(&self) -> Person {
        match (&self.goal, &self.correction) {
            (Goal::Book(_, plan), Some(Correction::Name(first))) if plan.relation.is_none() => first.clone(),
            (Goal::Book(_, plan), _) => plan.requester.clone(),
            _ => Person { name: String::new(), gender: super::people::Gender::Woman },
        }
    }

    fn name_words(&mut self, act: &str, person: &Person) -> String {
        let values = [
            ("name", person.name.as_str()),
            ("named_bare", &person.accusative_bare()),
            ("the_name", &person.with_article()),
        ];
        self.wording.say(&mut self.rng, act, &values)
    }

    /// Answers who will come.
    pub(super) fn name_beneficiary(&mut self) -> Act {
        let Some(plan) = self.plan() else { return self.act("decline", &[]) };
        let person = self.beneficiary_now(&plan);
        let act = if plan.relation.is_some() { "name_other" } else { "name_self" };
        let text = self.name_words(act, &person);
        self.with_phone(Act { inbound: Inbound::Text(text), agrees: false }, plan.relation.is_none())
    }

    /// Answers who asks.
    pub(super) fn name_requester(&mut self) -> Act {
        let Some(plan) = self.plan() else { return self.act("decline", &[]) };
        let text = self.name_words("name_self", &plan.requester);
        self.with_phone(Act { inbound: Inbound::Text(text), agrees: false }, true)
    }

    fn with_phone(&mut self, act: Act, own: bool) -> Act {
        if self.style != Style::OverAnswers || !own {
            return act;
        }
        let phone = self.phone_words();
        let phone = self.wording.say(&mut self.rng, "phone", &[("phone", &phone)]);
        joined(act, ", ", &phone)
    }

    /// Answers the telephone.
    pub(super) fn say_phone(&mut self) -> Act {
        let phone = self.phone_words();
        self.act("phone", &[("phone", &phone)])
    }

    /// Answers the reference.
    pub(super) fn say_reference(&mut self) -> Act {
        let reference = self.reference_words();
        if reference.is_empty() {
            return self.act("no_reference", &[]);
        }
        self.act("reference", &[("reference", &reference)])
    }

    /// The telephone that is told now, in one of the ways in which people group it.
    pub(super) fn phone_words(&mut self) -> String {
        let phone = match (&self.correction, &self.goal) {
            (Some(Correction::Phone(first)), _) => first.clone(),
            (_, Goal::Book(_, plan)) => plan.phone.clone(),
            (_, Goal::Cancel(a) | Goal::Check(a) | Goal::Reschedule(a, ..)) => a.phone.as_str().to_owned(),
            (_, Goal::HandOff(phone)) => phone.clone(),
            (_, Goal::Explain(_)) => String::new(),
        };
        let groups: &[usize] = match self.rng.random_range(0..8) {
            0 => &[2, 2, 2, 2, 2],
            1 => &[4, 3, 3],
            2 => &[3, 3, 4],
            3 => &[4, 6],
            4 => return digits_in_words(&phone),
            _ => &[10],
        };
        let mut rest = phone.as_str();
        let mut parts = Vec::new();
        for length in groups {
            let (part, after) = rest.split_at((*length).min(rest.len()));
            parts.push(part);
            rest = after;
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }

    /// The reference in one of the ways in which people write and spell it.
    pub(super) fn reference_words(&mut self) -> String {
        let (Goal::Cancel(a) | Goal::Check(a) | Goal::Reschedule(a, ..)) = &self.goal else { return String::new() };
        let latin = a.reference.to_string();
        const FACES: [(char, char, &str); 8] = [
            ('A', 'Α', "άλφα"),
            ('B', 'Β', "βήτα"),
            ('E', 'Ε', "έψιλον"),
            ('K', 'Κ', "κάπα"),
            ('M', 'Μ', "μι"),
            ('P', 'Ρ', "ρο"),
            ('T', 'Τ', "ταυ"),
            ('X', 'Χ', "χι"),
        ];
        let face = |c: char| FACES.iter().find(|(latin, ..)| *latin == c);
        let greek: String = latin.chars().map(|c| face(c).map_or(c, |(_, greek, _)| *greek)).collect();
        match self.rng.random_range(0..6) {
            0 => latin.to_lowercase(),
            1 => greek,
            2 => greek.replace('-', " ").to_lowercase(),
            3 => latin.replace('-', ""),
            4 => {
                let (letters, digits) = latin.split_once('-').unwrap_or((&latin, ""));
                let names: Vec<&str> = letters.chars().filter_map(|c| face(c).map(|(.., name)| *name)).collect();
                format!("{} {digits}", names.join(" "))
            }
            _ => latin,
        }
    }
}

fn mode_act(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "mode_in_person",
        Mode::Video => "mode_video",
        Mode::Phone => "mode_phone",
    }
}

/// Digits one by one, as they are said aloud.
fn digits_in_words(digits: &str) -> String {
    const WORDS: [&str; 10] = ["μηδέν", "ένα", "δύο", "τρία", "τέσσερα", "πέντε", "έξι", "εφτά", "οχτώ", "εννιά"];
    let words = digits.bytes().filter_map(|b| WORDS.get(usize::from(b.wrapping_sub(b'0'))));
    words.copied().collect::<Vec<_>>().join(" ")
}
