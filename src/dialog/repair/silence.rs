//! Silence: first patience, then the question again, then a goodbye that leaves the door open.

use super::goodbye;
use crate::dialog::turn::Turn;

/// Answers a silence by how many there were in a row.
pub fn answer(turn: &mut Turn<'_>) {
    turn.state.silences = turn.state.silences.saturating_add(1);
    match turn.state.silences {
        1 => {
            turn.say("silence_1");
            super::chat::ask_again(turn);
        }
        2 => {
            turn.say("silence_2");
            super::chat::ask_again(turn);
        }
        _ => {
            turn.say("silence_3");
            goodbye::answer(turn);
        }
    }
}
