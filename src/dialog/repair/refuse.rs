//! «Δεν θέλω να το πω»: why it is needed, what else can be done; nobody is pressed.

use super::{human, why};
use crate::dialog::turn::Turn;

/// Says why, and at the second refusal offers a person.
pub fn answer(turn: &mut Turn<'_>) {
    let misses = turn.state.open.as_mut().map_or(0, |open| {
        open.misses += 1;
        open.misses
    });
    turn.say("refused");
    if misses >= 2 { human::ask_for(turn, "refused") } else { why::answer(turn) }
}
