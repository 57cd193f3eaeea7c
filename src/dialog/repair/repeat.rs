//! «Ξαναπείτε το.»

use crate::dialog::turn::Turn;

/// Says the last replies again, word for word.
pub fn answer(turn: &mut Turn<'_>) {
    turn.replies = turn.state.last.clone();
    // The promise to speak slower was made once.
    turn.say("slower");
    let promise = turn.replies.pop();
    turn.replies.retain(|reply| promise.as_ref().is_none_or(|promise| reply.display != promise.display));
    if turn.replies.is_empty() {
        super::chat::ask_again(turn);
    }
}
