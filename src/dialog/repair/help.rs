//! «Τι μπορώ να πω;»

use super::chat;
use crate::dialog::turn::Turn;

/// Says what can be said here, then asks the open question again.
pub fn answer(turn: &mut Turn<'_>) {
    if turn.state.frames.is_empty() {
        turn.ask_message("help", crate::dialog::state::About::AnythingElse);
    } else {
        turn.say("help_with");
        chat::ask_again(turn);
    }
}
