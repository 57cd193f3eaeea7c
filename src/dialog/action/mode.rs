//! Tells, before anything is booked, that the wished mode is not served, and what to do instead.

use super::Next;
use crate::booking::people::Mode;
use crate::dialog::facts::mode_words;
use crate::dialog::flow::SlotName;
use crate::dialog::slot::served_modes;
use crate::dialog::state::About;
use crate::dialog::turn::Turn;

/// A mode was wished for that the service is not served by.
pub fn due(turn: &Turn<'_>) -> bool {
    let service = turn.state.slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id));
    matches!((service, turn.state.slots.mode), (Some(_), Some(mode)) if !served_modes(turn).contains(&mode))
}

/// Says so and asks whether another mode will do.
pub fn run(turn: &mut Turn<'_>) -> Next {
    let Some(wanted) = turn.state.slots.mode.take() else { return Next::Again };
    let service = turn.state.slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id));
    let procedure = turn.state.slots.procedure.as_ref().and_then(|id| turn.world.procedures.get(id));
    let of_procedure =
        procedure.and_then(|p| p.ways.as_ref()).filter(|ways| !ways.video).and_then(|ways| ways.note.clone());
    let of_service = service.and_then(|s| s.no_video.clone());
    let note = of_procedure.or(of_service).filter(|_| wanted == Mode::Video);
    let message = if note.is_some() { "not_by_video" } else { "mode_not_served" };
    let facts = turn.facts().with_wanted_mode(wanted).with_note(note.unwrap_or_default());
    turn.say_with(message, &facts);
    if served_modes(turn).len() == 1 {
        turn.state.open = None;
        turn.say_note("instead", mode_words(served_modes(turn)[0]));
        let choices = turn.replies.last().map(|r| r.choices.clone()).unwrap_or_default();
        turn.open(About::Slot(SlotName::Mode), choices, 0);
        return Next::Wait;
    }
    Next::Again
}
