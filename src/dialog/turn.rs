//! One step at work: the state being changed, and what has been said and asked for so far.

use super::facts::Facts;
use super::flow::{Flow, Flows, Step};
use super::io::{Reaction, Record, Request};
use super::slot;
use super::state::{About, Frame, Open, State};
use super::world::World;
use crate::channel::turn::{Choice, Event, Reply};
use crate::greek::fold::fold;

/// One step at work.
pub struct Turn<'a> {
    /// The flows.
    pub flows: &'a Flows,
    /// What may be looked at.
    pub world: World<'a>,
    /// The state, as far as it has come.
    pub state: State,
    /// Said so far.
    pub replies: Vec<Reply>,
    /// Happened so far.
    pub events: Vec<Event>,
    /// To be written down.
    pub records: Vec<Record>,
    /// Asked of the world.
    pub request: Option<Request>,
    /// A question was asked in this step. **Invariant:** one question a turn.
    pub asked: bool,
}

impl<'a> Turn<'a> {
    /// A step about to begin.
    #[must_use]
    pub fn new(flows: &'a Flows, world: World<'a>, state: State) -> Self {
        let (replies, events, records) = (Vec::new(), Vec::new(), Vec::new());
        Self { flows, world, state, replies, events, records, request: None, asked: false }
    }

    /// The open flow.
    #[must_use]
    pub fn flow(&self) -> Option<&'a Flow> {
        self.state.frame().and_then(|frame| self.flows.get(&frame.flow))
    }

    /// The facts of this moment.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts::of(&self.state, self.world)
            .with_modes(&slot::served_modes(self))
            .with_nearby(&slot::office::nearby(self))
            .with_doing(self.flow().map(|f| f.title.clone()))
    }

    /// Says a message of the open flow, or a shared one.
    pub fn say(&mut self, message: &str) {
        let facts = self.facts();
        self.say_with(message, &facts);
    }

    /// Says a message with a sentence put in.
    pub fn say_note(&mut self, message: &str, note: impl Into<String>) {
        let facts = self.facts().with_note(note);
        self.say_with(message, &facts);
    }

    /// Says a message with facts of its own.
    pub fn say_with(&mut self, message: &str, facts: &Facts) {
        let flow = self.state.frame().map(|frame| frame.flow.as_str());
        let Some(prompt) = self.flows.message(flow, message) else {
            tracing::error!(message, "no such message");
            return;
        };
        let made = prompt.choices_from.map(|source| slot::choices(self, source)).unwrap_or_default();
        let reply = self.flows.wording.render(prompt, facts, made);
        if let Some(open) = self.state.open.as_mut() {
            offer_also(&mut open.choices, &reply.choices);
        }
        self.replies.push(reply);
    }

    /// Asks the question of a step, in the wording that fits how often it was asked.
    pub fn ask(&mut self, step: &'a Step, about: About) {
        let misses = self.state.open.as_ref().filter(|open| open.about == about).map_or(0, |open| open.misses);
        let Some(prompt) = step.questions.get(usize::from(misses)).or(step.questions.last()) else { return };
        let made = prompt.choices_from.map(|source| slot::choices(self, source)).unwrap_or_default();
        let reply = self.flows.wording.render(prompt, &self.facts(), made);
        self.open(about, reply.choices.clone(), misses);
        self.replies.push(reply);
    }

    /// Asks with a message instead of a step's question.
    pub fn ask_message(&mut self, message: &str, about: About) {
        let misses = self.state.open.as_ref().filter(|open| open.about == about).map_or(0, |open| open.misses);
        self.say(message);
        let choices = self.replies.last().map(|reply| reply.choices.clone()).unwrap_or_default();
        self.open(about, choices, misses);
    }

    /// A question was asked: it is open until it is answered.
    pub fn open(&mut self, about: About, mut choices: Vec<Choice>, misses: u8) {
        for reply in &self.replies {
            offer_also(&mut choices, &reply.choices);
        }
        self.state.open = Some(Open { about, choices, misses });
        self.asked = true;
    }

    /// Whether the text contains one of the phrases of this name, by whole words, accents aside.
    #[must_use]
    pub fn means(&self, phrase: &str, text: &str) -> bool {
        let text = format!(" {} ", words(text));
        let phrases = self.flows.phrases.get(phrase);
        phrases.is_some_and(|all| all.iter().any(|p| text.contains(&format!(" {} ", words(p)))))
    }

    /// Whether the whole text is one of the phrases of this name.
    #[must_use]
    pub fn is_phrase(&self, phrase: &str, text: &str) -> bool {
        let text = words(text);
        self.flows.phrases.get(phrase).is_some_and(|all| all.iter().any(|p| words(p) == text))
    }

    /// Opens a flow on top of those that are open.
    pub fn push(&mut self, flow: &str) -> &mut Frame {
        self.state.open = None;
        self.state.frames.push(Frame::new(flow));
        self.state.frames.last_mut().expect("one was just pushed")
    }

    /// Closes the open flow.
    pub fn pop(&mut self) {
        self.state.frames.pop();
        self.state.open = None;
        if self.state.frames.is_empty() {
            self.leave_task();
        }
    }

    /// Lets go of what belonged to a task that is over; the people and the topic are kept.
    pub fn leave_task(&mut self) {
        self.release_hold();
        let slots = &mut self.state.slots;
        (slots.when, slots.earliest, slots.slot) = (Vec::new(), false, None);
        (slots.guest, slots.confirm, slots.reference) = (None, None, None);
        (slots.persons, slots.several, slots.employee, slots.resource) = (None, false, None, None);
        (self.state.offers, self.state.search, self.state.full) = (None, None, None);
        self.state.history.clear();
    }

    /// Lets a held slot go.
    pub fn release_hold(&mut self) {
        if let Some(hold) = self.state.hold.take() {
            self.records.push(Record::Release(hold.id));
        }
    }

    /// What the step did.
    #[must_use]
    pub fn finish(self) -> Reaction {
        let Self { state, replies, events, records, request, .. } = self;
        Reaction { state, replies, events, records, request }
    }
}

/// What a turn shows can be chosen: buttons of a remark come after those of the question.
fn offer_also(open: &mut Vec<Choice>, shown: &[Choice]) {
    for choice in shown {
        if open.iter().all(|other| other.value != choice.value) {
            open.push(choice.clone());
        }
    }
}

/// Folded words, one space between them, punctuation gone.
#[must_use]
pub fn words(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
