//! The end: a goodbye, thanks, and the rating that is asked for once.

use crate::channel::turn::Status;
use crate::dialog::advance;
use crate::dialog::turn::Turn;

/// Says goodbye; whatever was under way is let go.
pub fn answer(turn: &mut Turn<'_>) {
    turn.release_hold();
    turn.state.frames.clear();
    turn.state.open = None;
    turn.say("goodbye");
    turn.state.status = Status::Ended;
}

/// Thanks: a word, then what was open; after a finished task it leads to the end.
pub fn thanks(turn: &mut Turn<'_>) {
    turn.say("thank");
    if turn.state.frames.is_empty() && turn.state.served {
        return nothing_else(turn);
    }
    super::chat::ask_again(turn);
}

/// Nothing else is wanted: the rating, if something was done and it was not asked before; else goodbye.
pub fn nothing_else(turn: &mut Turn<'_>) {
    if turn.state.served && !turn.state.rating_asked {
        turn.state.rating_asked = true;
        turn.push("feedback");
        return advance::advance(turn);
    }
    answer(turn);
}
