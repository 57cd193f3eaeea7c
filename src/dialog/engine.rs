//! One step: from state and input to state, replies and at most one request.

use super::flow::{Flows, SlotName};
use super::io::{Input, Reaction};
use super::nearest::nearest;
use super::repair::task::Begun;
use super::state::{About, State};
use super::turn::Turn;
use super::world::World;
use super::{action, advance, repair, slot};
use crate::channel::turn::Status;
use crate::nlu::{EntityValue, Intent, Understanding};

/// The engine: checked flows and nothing else.
#[derive(Debug)]
pub struct Engine {
    flows: Flows,
}

impl Engine {
    /// An engine over these flows.
    #[must_use]
    pub fn new(flows: Flows) -> Self {
        Self { flows }
    }

    /// The flows.
    #[must_use]
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// One step. The same state, input and world always give the same reaction.
    #[must_use]
    pub fn step(&self, state: State, input: Input, world: World<'_>) -> Reaction {
        let mut turn = Turn::new(&self.flows, world, state);
        let outcome = matches!(input, Input::Outcome(_));
        if !outcome && !matches!(input, Input::Begin) {
            turn.state.turn += 1;
            take_back(&mut turn);
        }
        if !matches!(input, Input::Silence) {
            turn.state.silences = 0;
        }
        match input {
            Input::Begin => turn.ask_message("greeting", About::AnythingElse),
            Input::Said(understanding) => hear(&mut turn, &understanding),
            Input::Chosen(value) => choose(&mut turn, &value),
            Input::Keys(keys) => slot::keys(&mut turn, &keys),
            Input::Silence => repair::silence::answer(&mut turn),
            Input::Outcome(outcome) => action::receive(&mut turn, outcome),
        }
        remember(&mut turn, outcome);
        turn.finish()
    }

    /// Whether telephone keys answer the open question as digits, not as the number of a choice.
    #[must_use]
    pub fn keys_are_digits(state: &State) -> bool {
        [SlotName::Phone, SlotName::Reference, SlotName::Rating].into_iter().any(|name| state.awaits(name))
    }
}

/// Whoever goes on writing after a hand-over is answered: what was open before it comes back.
fn take_back(turn: &mut Turn<'_>) {
    if turn.state.status == Status::HandedOff {
        turn.state.status = Status::Open;
        if turn.state.in_flow("hand_off") {
            turn.pop();
        }
    }
}

/// Keeps what was said, for «ξαναπείτε το».
fn remember(turn: &mut Turn<'_>, outcome: bool) {
    if outcome {
        turn.state.last.extend(turn.replies.iter().cloned());
    } else if !turn.replies.is_empty() || turn.request.is_some() {
        turn.state.last = turn.replies.clone();
    }
}

/// Answers something said: emergencies first, then choices, repairs, tasks, values, yes and no.
fn hear(turn: &mut Turn<'_>, heard: &Understanding) {
    if heard.text.trim().is_empty() {
        return repair::not_understood::answer(turn, "");
    }
    let danger = heard.intent.name == Intent::Emergency && heard.intent.confidence >= repair::SURE;
    if danger && !answers_phone(turn, heard) {
        return repair::emergency::answer(turn);
    }
    let nearer = nearest(turn, heard);
    let heard = nearer.as_ref().unwrap_or(heard);
    if let Some(value) = slot::chosen_by_words(turn, heard) {
        return take(turn, &value);
    }
    let begun = match begin(turn, heard) {
        Begun::Answered => return,
        Begun::Opened => true,
        Begun::Nothing => false,
    };
    let filled = super::fill::fill(turn, heard);
    if begun || filled.any() {
        understood(turn);
        if filled.corrected && !begun {
            turn.say("corrected");
        }
        return go_on(turn, begun);
    }
    let misses = misses(turn);
    if slot::answer(turn, heard) {
        if self::misses(turn) <= misses {
            understood(turn);
        }
        return advance::advance(turn);
    }
    if turn.request.is_some() || !turn.replies.is_empty() {
        return;
    }
    repair::not_understood::answer(turn, &heard.text);
}

/// What an utterance begins, or what it is besides an answer.
fn begin(turn: &mut Turn<'_>, heard: &Understanding) -> Begun {
    match repair::waiting::begin(turn, heard) {
        Begun::Nothing if asks(turn, heard) || repair::answer(turn, heard) => Begun::Answered,
        Begun::Nothing => repair::task::begin(turn, heard),
        begun => begun,
    }
}

/// A question that is heard by its words or its trouble, not by its intent.
fn asks(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    repair::task::asks_more(turn, heard) || repair::task::guess(turn, heard)
}

/// Goes on; when the same question comes again, says first that the rest was noted.
fn go_on(turn: &mut Turn<'_>, begun: bool) {
    let before = turn.state.about().filter(|_| !begun && turn.replies.is_empty());
    advance::advance(turn);
    // Whatever else was said shows already that it was heard.
    let only_asked = turn.asked && turn.replies.len() == 1 && before != Some(About::Slot(SlotName::Procedure));
    if before.is_some() && before == turn.state.about() && only_asked {
        turn.say("noted");
        turn.replies.rotate_right(1);
    }
}

/// «Καλέστε με στο …» where a telephone was asked for is the telephone, not a cry for help.
fn answers_phone(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let phone = heard.entities.iter().any(|e| matches!(e.value, EntityValue::Phone(_)));
    phone && turn.state.awaits(SlotName::Phone)
}

/// Takes a choice, if it is one of those on offer.
pub(super) fn choose(turn: &mut Turn<'_>, value: &str) {
    let open = turn.state.open.as_ref();
    let offered = open.is_some_and(|open| open.choices.iter().any(|choice| choice.value == value));
    if !offered {
        turn.say("old_choice");
        return advance::advance(turn);
    }
    take(turn, value);
}

/// Takes a choice and goes on.
fn take(turn: &mut Turn<'_>, value: &str) {
    let misses = misses(turn);
    slot::take(turn, value);
    if turn.request.is_none() && turn.state.status == Status::Open {
        if self::misses(turn) <= misses {
            understood(turn);
        }
        advance::advance(turn);
    }
}

/// How often the open question has gone without an answer; a refusal counts, though it was understood.
fn misses(turn: &Turn<'_>) -> u8 {
    turn.state.open.as_ref().map_or(0, |open| open.misses)
}

fn understood(turn: &mut Turn<'_>) {
    turn.state.failures = turn.state.failures.saturating_sub(1);
    if let Some(open) = turn.state.open.as_mut() {
        open.misses = 0;
    }
}
