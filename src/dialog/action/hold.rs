//! Keeps the chosen slot while the last questions are answered.

use super::{Next, ask_world};
use crate::booking::core::{Hold, HoldRequest};
use crate::booking::refusal::Refusal;
use crate::dialog::io::Request;
use crate::dialog::turn::Turn;

/// Due when a slot is chosen and none is kept.
pub fn due(turn: &Turn<'_>) -> bool {
    turn.state.slots.slot.is_some() && turn.state.hold.is_none()
}

/// Asks for the hold.
pub fn run(turn: &mut Turn<'_>) -> Next {
    let slots = &turn.state.slots;
    let (Some(slot), Some(service)) = (&slots.slot, &slots.service) else { return Next::Leave };
    let (office, mode, start) = (slot.office.clone(), slot.mode, slot.start);
    let request = HoldRequest { service: service.clone(), office, mode, start, needs: slots.needs() };
    ask_world(turn, Request::Hold(request))
}

/// Keeps the hold, or offers other times when the slot has just gone.
pub fn receive(turn: &mut Turn<'_>, result: Result<Hold, Refusal>) {
    match result {
        Ok(hold) => turn.state.hold = Some(hold),
        Err(Refusal::Unavailable(why)) => super::give_up(turn, &Refusal::Unavailable(why)),
        Err(_) => lost(turn),
    }
}

/// The slot has gone to somebody else, or has just closed: says so, and the search begins again.
pub fn lost(turn: &mut Turn<'_>) {
    turn.say("slot_taken");
    turn.state.slots.slot = None;
    turn.state.offers = None;
    turn.state.hold = None;
    if let Some(frame) = turn.state.frame_mut() {
        frame.confirmed = false;
    }
}
