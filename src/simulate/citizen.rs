//! One simulated citizen: reads what the bot says, as a person would, and answers towards a goal.
//!
//! Only what a person can read is read: the sentences, the buttons, and which question is open. What the engine holds in its
//! slots is never looked at.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use rand::RngExt;
use rand::rngs::StdRng;

use super::goal::{Goal, Kind, Plan, Where};
use super::people::Person;
use super::reading::{choices, plain, question, said};
use super::wish::Wish;
use super::wording::Wording;
use crate::app::App;
use crate::booking::catalogue::Catalogue;
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;
use crate::channel::turn::{Event, Inbound, Outbound, Status};
use crate::greek::noise::{Hand, Noise};

/// Nobody answers the same question more often.
const PATIENCE: u32 = 5;

/// How somebody talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// All in the first sentence.
    AllAtOnce,
    /// One thing a turn.
    OneThing,
    /// More than was asked.
    OverAnswers,
}

/// What somebody corrects at the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// The wish about time; first this one was told.
    Time(Wish),
    /// The name; first this one was told.
    Name(Person),
    /// The telephone; first this one was told.
    Phone(String),
}

/// Habits that turn up once in a conversation, if at all.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    /// Asks for documents in the middle of a booking.
    pub digresses: bool,
    /// Asks to hear it again.
    pub asks_again: bool,
    /// Needs a moment.
    pub hesitates: bool,
    /// Asks for a later time before choosing.
    pub asks_later: bool,
    /// Picks by «το δεύτερο» where there are several.
    pub picks_by_number: bool,
    /// Reads the summary before saying yes; the others just say yes.
    pub careful: bool,
    /// How often a button is used where there is one.
    pub buttons: f64,
}

/// One turn of a citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What is sent.
    pub inbound: Inbound,
    /// Whether it says yes to a read-back.
    pub agrees: bool,
}

/// A citizen in a conversation.
pub struct Citizen<'a> {
    pub(super) app: &'a App,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) wording: &'a Wording,
    pub(super) rng: StdRng,
    pub(super) goal: Goal,
    pub(super) style: Style,
    pub(super) habits: Habits,
    pub(super) correction: Option<Correction>,
    pub(super) today: NaiveDate,
    noise: (Noise, Hand),
    /// The question before, and how often in a row it was asked.
    asked: (String, u32),
    openings: u32,
    done: bool,
    farewells: u32,
    /// How often the wish about time was told.
    pub(super) wishes: u32,
    /// Whether it was said how the appointment is to be held.
    pub(super) mode_told: bool,
    pub(super) disagreements: u32,
    pub(super) chosen: Option<NaiveDateTime>,
    /// The earliest time that was ever offered.
    pub earliest_offered: Option<NaiveDateTime>,
    /// Whether it was said, before booking, that there is no video.
    pub told_no_video: bool,
    /// Why the citizen left without having what was wanted.
    pub gave_up: Option<String>,
}

impl<'a> Citizen<'a> {
    /// A citizen with this goal; `decoy` is a wish that may come before the real one.
    pub fn new(
        app: &'a App,
        wording: &'a Wording,
        mut rng: StdRng,
        (goal, decoy, stranger): (Goal, Option<Wish>, Person),
        noise: Noise,
    ) -> Self {
        let style = [Style::AllAtOnce, Style::OneThing, Style::OverAnswers][rng.random_range(0..3)];
        let correction = match rng.random_range(0..10) {
            0 => decoy.map(Correction::Time),
            1 if matches!(goal, Goal::Book(..)) => Some(Correction::Name(stranger)),
            2 if matches!(goal, Goal::Book(..)) => Some(Correction::Phone("2107256390".to_owned())),
            _ => None,
        };
        let habits = Habits {
            digresses: rng.random_bool(0.12),
            asks_again: rng.random_bool(0.1),
            hesitates: rng.random_bool(0.1),
            asks_later: rng.random_bool(0.12),
            picks_by_number: rng.random_bool(0.4),
            careful: rng.random_bool(0.6),
            buttons: if rng.random_bool(0.3) { 0.5 } else { 0.0 },
        };
        let hand = Hand::draw(&mut rng);
        let today = crate::clock::to_athens(app.clock.now()).date();
        Self {
            app,
            catalogue: app.catalogue.get(),
            wording,
            rng,
            goal,
            style,
            habits,
            correction,
            today,
            noise: (noise, hand),
            asked: (String::new(), 0),
            openings: 0,
            done: false,
            farewells: 0,
            wishes: 0,
            mode_told: false,
            disagreements: 0,
            chosen: None,
            earliest_offered: None,
            told_no_video: false,
            gave_up: None,
        }
    }

    /// The goal.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// Whether what was wanted has happened, as far as the screen shows.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The next turn; nothing when the citizen leaves.
    pub fn answer(&mut self, heard: &Outbound) -> Option<Act> {
        self.read(heard);
        if heard.status != Status::Open {
            return None;
        }
        if self.done {
            return self.farewell(heard);
        }
        let awaiting = heard.awaiting.clone().unwrap_or_default();
        if self.is_tired(&awaiting) {
            return None;
        }
        let act = self.repair(&awaiting).or_else(|| self.reply(heard, &awaiting));
        act.map(|act| self.written(act))
    }

    fn read(&mut self, heard: &Outbound) {
        let offered = super::reading::offers(heard, self.today).into_iter().map(|offer| offer.start);
        self.earliest_offered = offered.chain(self.earliest_offered).min();
        let said = said(heard);
        self.told_no_video |= said.contains("δεν γινεται") && said.contains("βιντεο")
            || said.contains("θελετε να κλεισουμε ραντεβου με φυσικη παρουσια");
        if self.told_no_video
            && let Goal::Book(_, plan) = &mut self.goal
            && plan.mode == Mode::Video
        {
            plan.mode = Mode::InPerson;
        }
        self.done |= heard.events.iter().any(|event| match (&self.goal, event) {
            (Goal::Book(..), Event::AppointmentBooked { .. })
            | (Goal::Cancel(_), Event::AppointmentCancelled { .. })
            | (Goal::Reschedule(..), Event::AppointmentRescheduled { .. })
            | (Goal::Check(_), Event::AppointmentFound { .. })
            | (Goal::HandOff(_), Event::HandedOff { .. } | Event::CallbackRequested { .. }) => true,
            (Goal::Explain(wanted), Event::ProcedureExplained { procedure, .. }) => *procedure == wanted.procedure,
            _ => false,
        });
    }

    /// Whether the same question has come too often.
    fn is_tired(&mut self, awaiting: &str) -> bool {
        let again = if self.asked.0 == awaiting { self.asked.1 + 1 } else { 1 };
        self.asked = (awaiting.to_owned(), again);
        if again > PATIENCE && !matches!(awaiting, "slot" | "when") || again > 2 * PATIENCE {
            let what = if awaiting.is_empty() { "nothing" } else { awaiting };
            self.gave_up = Some(format!("asked for {what} again and again"));
        }
        self.gave_up.is_some()
    }

    /// A habit that shows now: a digression, a moment to look for something.
    fn repair(&mut self, awaiting: &str) -> Option<Act> {
        let mid_booking = matches!(awaiting, "office" | "when" | "on_behalf" | "beneficiary_name" | "phone");
        if awaiting.is_empty() || awaiting == "confirm" {
            return None;
        }
        let now = self.rng.random_bool(0.35);
        let booking = matches!(self.goal, Goal::Book(..));
        if now && booking && mid_booking && std::mem::take(&mut self.habits.digresses) {
            return Some(self.act("digress", &[]));
        }
        if now && std::mem::take(&mut self.habits.asks_again) {
            return Some(self.act("repeat", &[]));
        }
        (now && std::mem::take(&mut self.habits.hesitates)).then(|| self.act("hesitate", &[]))
    }

    fn reply(&mut self, heard: &Outbound, awaiting: &str) -> Option<Act> {
        if let Some(act) = self.recognised(heard, awaiting) {
            return Some(act);
        }
        match awaiting {
            "" => self.open(heard),
            "confirm" => self.confirm(heard),
            "when" | "slot" => self.choose_time(heard, awaiting),
            "service" | "procedure" => Some(self.name_topic()),
            "mode" => Some(self.name_mode(heard)),
            "office" => Some(self.name_office(heard)),
            "on_behalf" | "relation" => Some(self.say_for_whom(heard)),
            "beneficiary_name" => Some(self.name_beneficiary()),
            "requester_name" => Some(self.name_requester()),
            "phone" => Some(self.say_phone()),
            "reference" => Some(self.say_reference()),
            _ => Some(self.act("decline", &[])),
        }
    }

    /// A button with the very name of what is wanted, where words were not enough.
    fn recognised(&mut self, heard: &Outbound, awaiting: &str) -> Option<Act> {
        if !matches!(awaiting, "" | "service" | "procedure") || self.openings == 0 {
            return None;
        }
        let wanted: Vec<String> = match &self.goal {
            Goal::Book(_, plan) => {
                let service = self.catalogue.service(&plan.service)?;
                vec![plain(&service.name), plain(&service.for_what)]
            }
            Goal::Explain(question) => {
                let procedures = self.app.procedures.get();
                let procedure = procedures.get(&question.procedure)?;
                let in_words = procedure.for_what.iter().map(|words| plain(words));
                std::iter::once(plain(&procedure.title)).chain(in_words).collect()
            }
            _ => return None,
        };
        let choice = choices(heard).into_iter().find(|choice| wanted.contains(&plain(&choice.title)))?;
        Some(Act { inbound: Inbound::Choice(choice.value.clone()), agrees: false })
    }

    /// The first sentence, and again when the bot has lost the thread.
    fn open(&mut self, heard: &Outbound) -> Option<Act> {
        self.openings += 1;
        if self.openings > 3 {
            self.gave_up = Some("had to begin too often".to_owned());
            return None;
        }
        if self.openings > 1 && question(heard).contains("να κλεισουμε ραντεβου η") {
            return Some(self.purpose());
        }
        Some(match self.goal.clone() {
            Goal::Book(kind, plan) => self.open_booking(kind, &plan),
            Goal::Cancel(_) => self.open_change("open_cancel"),
            Goal::Reschedule(..) => self.open_change("open_reschedule"),
            Goal::Check(_) => self.open_change("open_check"),
            Goal::Explain(wanted) => self.ask(&wanted.topic, wanted.aspect),
            Goal::HandOff(_) => self.act("open_human", &[]),
        })
    }

    fn purpose(&mut self) -> Act {
        match self.goal.clone() {
            Goal::Explain(wanted) => self.ask(&wanted.topic, wanted.aspect),
            _ => self.act("open_book", &[]),
        }
    }

    fn open_booking(&mut self, kind: Kind, plan: &Plan) -> Act {
        let service = self.service_words(plan);
        match kind {
            Kind::WrongMode => self.act("open_video", &[("service", &service)]),
            Kind::Availability => self.act("open_availability", &[("service", &service)]),
            _ if self.style == Style::AllAtOnce => {
                let (place, when) = (self.where_words(plan), self.when_words());
                self.wishes += 1;
                let act = self.act("open_all", &[("service", &service), ("where", &place), ("when", &when)]);
                self.with_mode(act, plan.mode)
            }
            _ if self.style == Style::OneThing && self.rng.random_bool(0.5) => self.act("open_book", &[]),
            _ => self.act("open_service", &[("service", &service)]),
        }
    }

    /// Whoever does not want to come says so, once.
    pub(super) fn with_mode(&mut self, act: Act, mode: Mode) -> Act {
        let silent = mode == Mode::InPerson || std::mem::replace(&mut self.mode_told, true);
        if silent { act } else { joined(act, ", ", mode_words(mode)) }
    }

    /// Some have the reference at hand from the beginning.
    fn open_change(&mut self, act: &str) -> Act {
        let opening = self.act(act, &[]);
        if self.style == Style::OneThing {
            return opening;
        }
        let reference = self.reference_words();
        let reference = self.wording.say(&mut self.rng, "reference", &[("reference", &reference)]);
        joined(opening, ". ", &reference)
    }

    fn ask(&mut self, topic: &str, aspect: &str) -> Act {
        // «για απολύθηκα» is no Greek: only what is surely a noun in the neuter or the feminine goes after «για».
        let first = topic.split(' ').next().unwrap_or_default();
        let noun = first.ends_with(['η', 'ή', 'ο', 'ό', 'ι', 'ί']) && first.chars().count() > 3;
        let act = format!("ask_{aspect}{}", if noun && aspect == "documents" { "_noun" } else { "" });
        self.act(&act, &[("topic", topic)])
    }

    fn farewell(&mut self, heard: &Outbound) -> Option<Act> {
        self.farewells += 1;
        if self.farewells > 3 {
            return None;
        }
        let act = match heard.awaiting.as_deref() {
            Some("rating") if self.rng.random_bool(0.6) => {
                Act { inbound: Inbound::Text(self.rng.random_range(1..=5).to_string()), agrees: false }
            }
            Some(_) => self.act("decline", &[]),
            None => self.act("no_more", &[]),
        };
        Some(self.written(act))
    }

    /// Something said, from the templates of an act.
    pub(super) fn act(&mut self, act: &str, values: &[(&str, &str)]) -> Act {
        let mut text = self.wording.say(&mut self.rng, act, values);
        // Nobody who wants a video call says that they will come.
        let comes = !matches!(&self.goal, Goal::Book(_, plan) if plan.mode != Mode::InPerson);
        while !comes && text.contains("έρθω") {
            text = self.wording.say(&mut self.rng, act, values);
        }
        Act { inbound: Inbound::Text(text), agrees: false }
    }

    /// A button whose title is as wished, by those who like buttons.
    pub(super) fn press(&mut self, heard: &Outbound, wished: impl Fn(&str) -> bool) -> Option<Act> {
        let choice = choices(heard).into_iter().find(|choice| wished(&plain(&choice.title)))?.clone();
        let likes = self.habits.buttons > 0.0 && self.rng.random_bool(self.habits.buttons);
        likes.then_some(Act { inbound: Inbound::Choice(choice.value), agrees: false })
    }

    /// The plan of a booking, or of the appointment to be moved.
    pub(super) fn wish(&self) -> Option<Wish> {
        match (&self.correction, &self.goal) {
            (Some(Correction::Time(first)), _) => Some(*first),
            (_, Goal::Book(_, plan)) => Some(plan.wish),
            (_, Goal::Reschedule(_, wish, _)) => Some(*wish),
            _ => None,
        }
    }

    pub(super) fn service_words(&mut self, plan: &Plan) -> String {
        let otherwise = self.catalogue.service(&plan.service).map(|s| s.for_what.clone()).unwrap_or_default();
        // Whoever wants a video call has a matter in mind that is served so, where the service has one.
        let app = self.app;
        let fits = |words: &str| plan.mode != Mode::Video || !asks_for_presence(app, &plan.service, words);
        self.wording.service(&mut self.rng, &plan.service, &otherwise, fits)
    }

    pub(super) fn where_words(&mut self, plan: &Plan) -> String {
        match &plan.place {
            Where::Office(id) => self.catalogue.office(id).map(|o| o.at.clone()).unwrap_or_default(),
            Where::Town(town) => self.wording.place(&mut self.rng, town),
        }
    }

    pub(super) fn when_words(&mut self) -> String {
        let Some(wish) = self.wish() else { return String::new() };
        wish.phrase(&mut self.rng, self.wording, self.today)
    }

    pub(super) fn writes_latin(&self) -> bool {
        self.noise.0 == Noise::Greeklish
    }

    /// What really arrives: with the noise of this run.
    fn written(&mut self, act: Act) -> Act {
        let Inbound::Text(text) = &act.inbound else { return act };
        let names = match &self.goal {
            Goal::Book(_, plan) => format!("{} {}", plan.beneficiary.accusative(), plan.requester.name),
            _ => String::new(),
        };
        let (noise, hand) = self.noise;
        Act { inbound: Inbound::Text(noise.apply(&mut self.rng, hand, text, &names)), agrees: act.agrees }
    }
}

/// Whether the words name a procedure of the service that is not served by video, by the registry.
fn asks_for_presence(app: &App, service: &ServiceId, words: &str) -> bool {
    let words = plain(words);
    let procedures = app.procedures.get();
    let in_person = procedures.all().filter(|procedure| {
        procedure.service.as_ref() == Some(service) && procedure.ways.as_ref().is_some_and(|ways| !ways.video)
    });
    let mut names = in_person.flat_map(|procedure| procedure.aliases.iter().chain([&procedure.title]));
    names.any(|name| words.contains(&plain(name)))
}

/// What was said with something more after it.
pub(super) fn joined(act: Act, with: &str, more: &str) -> Act {
    match act.inbound {
        Inbound::Text(text) => Act { inbound: Inbound::Text(format!("{text}{with}{more}")), ..act },
        _ => act,
    }
}

/// A mode as one asks for it.
pub(super) fn mode_words(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "με φυσική παρουσία",
        Mode::Video => "με βιντεοκλήση",
        Mode::Phone => "τηλεφωνικά",
    }
}

/// How a mode is written on a button, folded.
pub(super) fn mode_title(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "φυσικη",
        Mode::Video => "βιντεο",
        Mode::Phone => "τηλεφων",
    }
}
