//! Walks a flow from its top to the first step that is not settled, and takes it.

use super::action::{self, Next};
use super::flow::{Action, Condition, SlotName, Step, StepKind};
use super::slot;
use super::state::{About, Frame};
use super::turn::Turn;
use crate::channel::turn::Status;

/// More steps than any conversation takes between two questions; reaching it means that a flow goes in circles.
const MOST_STEPS: usize = 60;

/// Goes on until a question is asked, something is asked of the world, or the conversation ends.
pub fn advance(turn: &mut Turn<'_>) {
    for _ in 0..MOST_STEPS {
        if turn.asked || turn.state.status != Status::Open || turn.request.is_some() {
            return;
        }
        let Some(flow) = turn.flow() else { return idle(turn) };
        match flow.steps.iter().find(|step| !settled(turn, step)) {
            None => finish_flow(turn),
            Some(step) => {
                if take_step(turn, step) {
                    return;
                }
            }
        }
    }
    tracing::error!(flow = turn.flow().map(|f| f.name.as_str()), "a flow goes in circles");
    turn.state.frames.clear();
    turn.say("internal");
    idle(turn);
}

/// Takes one step; `true` when the turn is over.
fn take_step<'a>(turn: &mut Turn<'a>, step: &'a Step) -> bool {
    match step.kind {
        StepKind::Ask(name) => match slot::settle(turn, name) {
            slot::Settled::Filled | slot::Settled::Left => false,
            slot::Settled::Asked => true,
            slot::Settled::Ask => {
                turn.ask(step, About::Slot(name));
                true
            }
        },
        StepKind::Confirm => {
            turn.ask(step, About::Confirm);
            true
        }
        StepKind::ContinueWithBooking => {
            continue_with_booking(turn);
            false
        }
        StepKind::Do(what) => match action::run(turn, what) {
            Next::Done => {
                if let Some(frame) = turn.state.frame_mut() {
                    frame.done.push(what);
                }
                false
            }
            Next::Again => false,
            Next::Wait => true,
            Next::Leave => {
                turn.pop();
                false
            }
        },
    }
}

/// Whether a step needs nothing now.
fn settled(turn: &Turn<'_>, step: &Step) -> bool {
    if step.only_if.is_some_and(|condition| !holds(turn, condition)) {
        return true;
    }
    let Some(frame) = turn.state.frame() else { return true };
    match step.kind {
        StepKind::Ask(SlotName::Procedure) => {
            frame.among.is_empty() && (frame.topic.is_some() || turn.state.slots.has(SlotName::Procedure))
        }
        StepKind::Ask(name) => turn.state.slots.has(name),
        StepKind::Confirm => frame.confirmed,
        StepKind::ContinueWithBooking => false,
        StepKind::Do(what) => !action::due(turn, what),
    }
}

/// Whether a condition holds now.
fn holds(turn: &Turn<'_>, condition: Condition) -> bool {
    match condition {
        Condition::OnBehalf => turn.state.slots.on_behalf == Some(true),
        Condition::ForSelf => turn.state.slots.on_behalf == Some(false),
        Condition::NoAppointment => turn.state.current_appointment().is_none(),
        Condition::UndecidedToWait => {
            turn.state.frame().is_some_and(|frame| !frame.done.contains(&Action::AgreeToWait))
        }
        Condition::NoWait => turn.state.current_wait().is_none(),
        Condition::PlaceOffered => turn.state.current_wait().is_some_and(|wait| wait.offer.is_some()),
        Condition::Bookable => turn.state.frames.len() == 1 && turn.state.slots.service.is_some(),
        Condition::CanSend => action::summary::can_send(turn),
        Condition::WantsSummary => turn.state.slots.send_summary == Some(true),
        Condition::DeskClosed => !turn.world.support.is_open(turn.world.now),
        Condition::Proposed => action::proposal::stands(turn),
        Condition::SeveralPersons => turn.state.slots.several,
    }
}

/// Turns the open flow into the booking flow, keeping what is known.
fn continue_with_booking(turn: &mut Turn<'_>) {
    turn.state.slots.confirm = None;
    turn.state.open = None;
    if let Some(frame) = turn.state.frame_mut() {
        *frame = Frame::new("book_appointment");
    }
}

fn finish_flow(turn: &mut Turn<'_>) {
    turn.pop();
    if turn.state.frames.is_empty() {
        return;
    }
    // A digression is over: the question that was open comes back by itself, with a word that binds.
    turn.say("back_to");
}

/// Nothing is open: the second wish of the same breath, or whether there is anything else.
fn idle(turn: &mut Turn<'_>) {
    if let Some(flow) = turn.state.pending.take().and_then(|intent| turn.flows.started_by(intent)) {
        turn.say("and_now");
        turn.push(&flow.name);
        return advance(turn);
    }
    turn.ask_message("anything_else", About::AnythingElse);
}
