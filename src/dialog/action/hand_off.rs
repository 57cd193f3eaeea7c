//! Hands over to a person in their hours; outside them offers a call back, and never pretends.

use super::Next;
use crate::channel::turn::{Event, Status};
use crate::dialog::io::Record;
use crate::dialog::turn::Turn;

/// Hands over when somebody is there; else says when somebody will be.
pub fn run(turn: &mut Turn<'_>) -> Next {
    if !turn.world.support.is_open(turn.world.now) {
        turn.say("desk_closed");
        return Next::Done;
    }
    let reason = turn.state.frame().and_then(|f| f.reason.clone()).unwrap_or_else(|| "asked".to_owned());
    turn.say("handing_over");
    turn.release_hold();
    turn.events.push(Event::HandedOff { reason: reason.clone() });
    turn.records.push(Record::HandOff { reason });
    turn.state.status = Status::HandedOff;
    Next::Wait
}

/// Notes that the citizen is to be called back.
pub fn request_callback(turn: &mut Turn<'_>) -> Next {
    if let Some(phone) = turn.state.slots.phone.clone() {
        turn.events.push(Event::CallbackRequested { phone: phone.clone() });
        turn.records.push(Record::Callback { phone });
        turn.say("callback_noted");
    }
    turn.state.slots.confirm = None;
    Next::Done
}
