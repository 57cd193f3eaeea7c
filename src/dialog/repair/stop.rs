//! «Άστο»: what is under way is dropped, nothing is written.

use crate::dialog::advance;
use crate::dialog::turn::Turn;

/// Drops the open flow.
pub fn answer(turn: &mut Turn<'_>) {
    turn.say("stopped");
    turn.state.frames.clear();
    turn.state.pending = None;
    turn.state.open = None;
    turn.leave_task();
    advance::advance(turn);
}
