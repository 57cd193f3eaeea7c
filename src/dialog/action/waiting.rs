//! The waiting list: joins it, tells how one stands in it, takes or declines what is offered, leaves it.

use super::{Next, ask_world, book};
use crate::booking::core::{Appointment, EmptyBecause, SlotQuery};
use crate::booking::identity::{Email, Phone};
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::{Wait, WaitRequest, WaitState};
use crate::channel::turn::Event;
use crate::dialog::flow::Action;
use crate::dialog::io::{Answered, Request, Waiting};
use crate::dialog::slot::office;
use crate::dialog::state::Frame;
use crate::dialog::turn::Turn;

/// The flow that joins.
const JOIN: &str = "join_waiting_list";
/// The flow that tells how one stands, and takes what is offered.
const CHECK: &str = "check_waiting_list";
/// The flow that leaves.
const LEAVE: &str = "leave_waiting_list";

/// Whether the open flow speaks of a place in the list that somebody has already.
#[must_use]
pub fn is_open(turn: &Turn<'_>) -> bool {
    turn.state.in_flow(CHECK) || turn.state.in_flow(LEAVE)
}

/// Whether one may wait for a wish that left nothing for this reason.
#[must_use]
pub fn helps(turn: &Turn<'_>, wish: &SlotQuery, why: &EmptyBecause) -> bool {
    let booking = turn.state.in_flow("book_appointment") || turn.state.in_flow("availability");
    let service = turn.world.catalogue.service(&wish.service);
    booking
        && turn.world.waiting_list
        && matches!(why, EmptyBecause::FullyBooked | EmptyBecause::KeptForOthers)
        && service.is_some_and(|service| service.rules.waiting_list)
}

/// Turns what is open into joining, keeping what is known of the people; `agreed` when it was asked for.
pub fn open(turn: &mut Turn<'_>, agreed: bool) {
    turn.release_hold();
    (turn.state.slots.slot, turn.state.slots.confirm, turn.state.open) = (None, None, None);
    turn.state.frames.pop();
    let mut frame = Frame::new(JOIN);
    if agreed {
        frame.done.push(Action::AgreeToWait);
    }
    turn.state.frames.push(frame);
}

/// A code of the list is looked for in the list, one of an appointment among the appointments, whatever was asked for.
pub fn follow(turn: &mut Turn<'_>, of_wait: bool) {
    let Some(frame) = turn.state.frame_mut() else { return };
    let other = match (frame.flow.as_str(), of_wait) {
        ("check_appointment" | "reschedule_appointment", true) => CHECK,
        ("cancel_appointment", true) => LEAVE,
        (CHECK, false) => "check_appointment",
        (LEAVE, false) => "cancel_appointment",
        _ => return,
    };
    *frame = Frame::new(other);
}

/// Notes that the citizen would wait.
pub fn agree(turn: &mut Turn<'_>) -> Next {
    turn.state.slots.confirm = None;
    Next::Done
}

/// Asks to join.
pub fn join(turn: &mut Turn<'_>) -> Next {
    match request(turn) {
        Some(request) => call(turn, Waiting::Join(Box::new(request))),
        None => Next::Leave,
    }
}

fn request(turn: &Turn<'_>) -> Option<WaitRequest> {
    let slots = &turn.state.slots;
    let wish = turn.state.full.clone()?;
    let on_behalf = slots.on_behalf?;
    let beneficiary = slots.beneficiary_name.clone()?;
    // A wait knows no distances, only offices.
    let around = wish.near.map(|near| office::ids_around(turn, near)).unwrap_or_default();
    Some(WaitRequest {
        service: wish.service,
        offices: if wish.offices.is_empty() { around } else { wish.offices },
        mode: wish.mode,
        needs: wish.needs,
        windows: wish.windows,
        excluded: wish.excluded,
        daily: wish.daily,
        requester: if on_behalf { slots.requester_name.clone()? } else { beneficiary.clone() },
        beneficiary,
        phone: Phone::parse(slots.phone.as_deref()?).ok()?,
        email: slots.email.as_deref().and_then(|e| Email::parse(e).ok()),
        on_behalf,
        relation: slots.relation.filter(|_| on_behalf),
        procedure: slots.procedure.clone(),
        identity: None,
    })
}

/// Asks for the place in the list.
pub fn find(turn: &mut Turn<'_>) -> Next {
    match proof(turn) {
        Some((reference, phone)) => call(turn, Waiting::Find(reference, phone)),
        None if turn.state.slots.phone.is_none() => Next::Again,
        None => {
            turn.say("bad_reference");
            turn.state.slots.reference = None;
            Next::Again
        }
    }
}

/// Reference and telephone, as they were proven before or as they are said now.
fn proof(turn: &Turn<'_>) -> Option<(Reference, Phone)> {
    if let Some(wait) = turn.state.current_wait() {
        return Some((wait.reference.clone(), wait.request.phone.clone()));
    }
    let slots = &turn.state.slots;
    let reference = Reference::parse(slots.reference.as_deref()?).ok()?;
    Some((reference, Phone::parse(slots.phone.as_deref()?).ok()?))
}

/// Tells how the wait stands; what is offered is read back by the question that follows.
pub fn tell(turn: &mut Turn<'_>) -> Next {
    let Some(wait) = turn.state.current_wait() else { return Next::Leave };
    let message = match (wait.state, wait.outrun) {
        (WaitState::Offered, _) => return Next::Done,
        (WaitState::Waiting, true) => "wait_outrun",
        (WaitState::Waiting, false) => "wait_still",
        (WaitState::Booked, _) => "wait_booked",
        (WaitState::Withdrawn, _) => "wait_over",
    };
    turn.say(message);
    turn.state.served = true;
    Next::Done
}

/// Asks for the place that is offered.
pub fn accept(turn: &mut Turn<'_>) -> Next {
    match proof(turn) {
        Some((reference, phone)) => call(turn, Waiting::Accept(reference, phone)),
        None => Next::Leave,
    }
}

/// Lets the place that is offered go to the next.
pub fn decline(turn: &mut Turn<'_>) {
    if let Some((reference, phone)) = proof(turn) {
        call(turn, Waiting::Decline(reference, phone));
    }
}

/// Asks to leave.
pub fn leave(turn: &mut Turn<'_>) -> Next {
    match proof(turn) {
        Some((reference, phone)) => call(turn, Waiting::Leave(reference, phone)),
        None => Next::Leave,
    }
}

fn call(turn: &mut Turn<'_>, call: Waiting) -> Next {
    ask_world(turn, Request::Waiting(call))
}

/// Takes what came of a call.
pub fn receive(turn: &mut Turn<'_>, answered: Answered) {
    match answered {
        Answered::Joined(result) => joined(turn, result.map(|wait| *wait)),
        Answered::Found(result) => found(turn, result.map(|wait| *wait)),
        Answered::Accepted(result) => accepted(turn, result.map(|appointment| *appointment)),
        Answered::Declined(result) => declined(turn, result.map(|wait| *wait)),
        Answered::Left(result) => left(turn, result),
    }
}

fn joined(turn: &mut Turn<'_>, result: Result<Wait, Refusal>) {
    match result {
        Ok(wait) => {
            turn.events.push(Event::WaitingJoined { reference: wait.reference.to_string() });
            turn.state.slots.reference = Some(wait.reference.to_string());
            turn.state.served = true;
            keep(turn, wait);
            turn.say("waiting_joined");
            turn.pop();
        }
        // Something came free while the questions were answered: that is better than to wait for it.
        Err(Refusal::StillFree) => {
            turn.say("free_again");
            turn.state.frames.pop();
            (turn.state.open, turn.state.offers, turn.state.full) = (None, None, None);
            turn.state.frames.push(Frame::new("book_appointment"));
        }
        Err(Refusal::AlreadyWaits) => end(turn, "already_waits"),
        Err(Refusal::LimitReached(_)) => end(turn, "limit_reached"),
        Err(refusal) => super::give_up(turn, &refusal),
    }
}

fn found(turn: &mut Turn<'_>, result: Result<Wait, Refusal>) {
    match result {
        Ok(wait) => {
            keep(turn, wait);
            if let Some(frame) = turn.state.frame_mut() {
                frame.done.push(Action::FindWait);
            }
        }
        // Before there was a waiting list an appointment could have such a code.
        Err(Refusal::NotFound) => {
            if let Some((reference, phone)) = proof(turn) {
                turn.request = Some(Request::Find(reference, phone));
            }
        }
        Err(refusal) => super::give_up(turn, &refusal),
    }
}

fn accepted(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => {
            let taken = turn.state.slots.reference.take();
            turn.state.waits.retain(|wait| Some(wait.reference.as_str()) != taken.as_deref());
            book::keep(turn, appointment);
            end(turn, "offer_accepted");
        }
        Err(Refusal::SlotTaken) => end(turn, "offer_gone"),
        Err(Refusal::HoldExpired) => end(turn, "offer_over"),
        Err(Refusal::LimitReached(_)) => end(turn, "offer_limit"),
        Err(refusal) => super::give_up(turn, &refusal),
    }
}

fn declined(turn: &mut Turn<'_>, result: Result<Wait, Refusal>) {
    match result {
        Ok(wait) => {
            keep(turn, wait);
            end(turn, "offer_declined");
        }
        Err(Refusal::HoldExpired) => end(turn, "offer_over"),
        Err(refusal) => super::give_up(turn, &refusal),
    }
}

fn left(turn: &mut Turn<'_>, result: Result<(), Refusal>) {
    match result {
        Ok(()) => {
            let left = turn.state.slots.reference.clone();
            end(turn, "waiting_left");
            turn.state.waits.retain(|wait| Some(wait.reference.as_str()) != left.as_deref());
        }
        Err(Refusal::WrongState(_)) => end(turn, "wait_booked"),
        Err(refusal) => super::give_up(turn, &refusal),
    }
}

/// Keeps a place in the list as the citizen's own.
fn keep(turn: &mut Turn<'_>, wait: Wait) {
    turn.state.waits.retain(|other| other.reference != wait.reference);
    turn.state.waits.push(wait);
}

/// Says how it ended and closes the flow.
fn end(turn: &mut Turn<'_>, message: &str) {
    turn.say(message);
    turn.state.served = true;
    turn.pop();
}
