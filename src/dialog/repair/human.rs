//! A person: when asked for, and when understanding fails.

use crate::dialog::advance;
use crate::dialog::turn::Turn;

/// Opens the hand-over.
pub fn ask_for(turn: &mut Turn<'_>, reason: &str) {
    if turn.state.in_flow("hand_off") {
        return advance::advance(turn);
    }
    turn.release_hold();
    turn.state.slots.confirm = None;
    turn.push("hand_off").reason = Some(reason.to_owned());
    advance::advance(turn);
}
