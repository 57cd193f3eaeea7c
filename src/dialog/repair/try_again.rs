//! The appointments cannot be reached: nothing that was said is lost, and the same is tried again when the citizen wants.

use crate::dialog::advance;
use crate::dialog::state::About;
use crate::dialog::turn::Turn;
use crate::nlu::{Intent, Understanding};

/// Says so and waits for a word. What was about to be written is read back again before it is tried again: whoever comes back
/// after minutes should hear what the yes is for.
pub fn offer(turn: &mut Turn<'_>) {
    if let Some(frame) = turn.state.frame_mut() {
        frame.confirmed = false;
    }
    turn.ask_message("unavailable", About::TryAgain);
}

/// «Ξανά», «δοκιμάστε πάλι» where trying again was offered.
pub fn is_meant(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let again = turn.means("try_again", &heard.text) || heard.intent.name == Intent::Repeat;
    turn.state.about() == Some(About::TryAgain) && again && !turn.means("deny", &heard.text)
}

/// Goes on where it stopped.
pub fn answer(turn: &mut Turn<'_>) {
    turn.state.open = None;
    advance::advance(turn);
}
