//! «Περιμένετε λίγο»: the citizen looks for something; the question stays open.

use crate::dialog::turn::Turn;

/// Waits, with the question open.
pub fn answer(turn: &mut Turn<'_>) {
    turn.say("wait");
}
