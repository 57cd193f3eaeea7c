//! «Ξαναπείτε το.»

use crate::dialog::turn::Turn;

/// Says the last replies again, word for word.
pub fn answer(turn: &mut Turn<'_>) {
    turn.replies = turn.state.last.clone();
    if turn.replies.is_empty() {
        super::chat::ask_again(turn);
    }
}
