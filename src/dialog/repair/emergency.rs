//! Danger comes first: the number to call, said at once.

use crate::channel::turn::Event;
use crate::dialog::turn::Turn;

/// The European emergency number (Directive (EU) 2018/1972, article 109).
pub const NUMBER: &str = "112";

/// Tells to call 112 now.
pub fn answer(turn: &mut Turn<'_>) {
    turn.events.push(Event::EmergencyReferred { number: NUMBER.to_owned() });
    turn.say_note("emergency", NUMBER);
}
