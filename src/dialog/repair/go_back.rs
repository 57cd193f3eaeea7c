//! «Πίσω»: the last answer is taken back and asked again.

use crate::dialog::advance;
use crate::dialog::fill::forget_dependents;
use crate::dialog::turn::Turn;

/// Takes the last answer back.
pub fn answer(turn: &mut Turn<'_>) {
    match turn.state.history.pop() {
        Some(name) if !turn.state.frames.is_empty() => {
            turn.state.open = None;
            turn.state.slots.clear(name);
            forget_dependents(turn, name);
            if let Some(frame) = turn.state.frame_mut() {
                frame.confirmed = false;
            }
            advance::advance(turn);
        }
        _ => {
            turn.say("nothing_to_go_back");
            super::chat::ask_again(turn);
        }
    }
}
