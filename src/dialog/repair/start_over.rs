//! «Από την αρχή.»

use crate::dialog::state::{About, State};
use crate::dialog::turn::Turn;

/// Forgets the task, keeps what was booked, and begins again.
pub fn answer(turn: &mut Turn<'_>) {
    turn.release_hold();
    let old = std::mem::take(&mut turn.state);
    turn.state = State {
        turn: old.turn,
        appointments: old.appointments,
        served: old.served,
        rating_asked: old.rating_asked,
        slow: old.slow,
        ..State::new()
    };
    turn.ask_message("greeting_again", About::AnythingElse);
}
