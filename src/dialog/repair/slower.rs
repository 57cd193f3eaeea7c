//! «Πιο αργά.»

use crate::dialog::turn::Turn;

/// Promises to speak slower and says the last replies again.
pub fn answer(turn: &mut Turn<'_>) {
    turn.state.slow = true;
    let last = turn.state.last.clone();
    turn.say("slower");
    turn.replies.extend(last);
}
