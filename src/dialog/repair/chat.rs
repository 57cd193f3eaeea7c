//! Greetings, «είσαι μηχανή;», complaints, what is not ours: a word, then back to the question.

use crate::dialog::advance;
use crate::dialog::state::About;
use crate::dialog::turn::Turn;
use crate::nlu::{Intent, Understanding};

/// Says a word and asks the open question again.
pub fn answer(turn: &mut Turn<'_>, message: &str) {
    turn.say(message);
    ask_again(turn);
}

/// The open question again, when a flow is open; else what was said is enough.
pub fn ask_again(turn: &mut Turn<'_>) {
    if !turn.state.frames.is_empty() {
        advance::advance(turn);
    } else if turn.state.open.is_none() {
        turn.ask_message("tell_me", About::AnythingElse);
    }
}

/// What is not ours; an answer to an open question may look like it, and is given the benefit of the doubt.
pub fn out_of_scope(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    let expecting = matches!(turn.state.about(), Some(About::Slot(_) | About::Change));
    let sure = heard.intent.name == Intent::OutOfScope && heard.intent.confidence >= 0.6;
    if expecting && !sure {
        return false;
    }
    if expecting {
        super::not_understood::beside(turn);
    } else {
        answer(turn, "out_of_scope");
    }
    true
}
