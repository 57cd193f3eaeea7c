//! Finds an appointment by reference and telephone, and tells it.

use super::{Next, ask_world, waiting};
use crate::booking::core::{Appointment, AppointmentState};
use crate::booking::identity::Phone;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::channel::turn::Event;
use crate::dialog::io::Request;
use crate::dialog::turn::Turn;
use crate::dialog::{fill, flow::SlotName, repair};

/// After so many wrong pairs a person takes over: guessing is not served.
const MOST_TRIES: u8 = 3;

/// Asks for the appointment.
pub fn run(turn: &mut Turn<'_>) -> Next {
    let slots = &turn.state.slots;
    let reference = slots.reference.as_deref().and_then(|r| Reference::parse(r).ok());
    let phone = slots.phone.as_deref().and_then(|p| Phone::parse(p).ok());
    match (reference, phone) {
        (Some(reference), Some(phone)) => ask_world(turn, Request::Find(reference, phone)),
        (None, _) => {
            turn.say("bad_reference");
            turn.state.slots.reference = None;
            Next::Again
        }
        (_, None) => {
            turn.state.slots.phone = None;
            Next::Again
        }
    }
}

/// Keeps the appointment as proven; or says that reference and telephone do not go together.
pub fn receive(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => found(turn, appointment),
        Err(Refusal::NotFound) => not_found(turn),
        Err(refusal) => super::give_up(turn, &refusal),
    }
}

fn found(turn: &mut Turn<'_>, appointment: Appointment) {
    // An appointment of old whose code looks like one of the waiting list.
    waiting::follow(turn, false);
    turn.events.push(Event::AppointmentFound { reference: appointment.reference.to_string() });
    turn.state.appointments.retain(|a| a.reference != appointment.reference);
    turn.state.appointments.push(appointment);
    prepare_move(turn);
}

/// Moving looks for slots of the same service, office and mode, unless told otherwise.
fn prepare_move(turn: &mut Turn<'_>) {
    let Some(appointment) = turn.state.current_appointment().cloned() else { return };
    if fill::asks(turn, SlotName::Slot) {
        let slots = &mut turn.state.slots;
        slots.service = Some(appointment.service);
        slots.mode = Some(appointment.mode);
        slots.office = Some(appointment.office);
        slots.persons = Some(appointment.persons).filter(|persons| *persons > 1);
        (slots.language, slots.employee, slots.resource) = (appointment.language, None, None);
        slots.procedure = None;
    }
}

fn not_found(turn: &mut Turn<'_>) {
    turn.say(if waiting::is_open(turn) { "wait_not_found" } else { "not_found" });
    turn.state.slots.reference = None;
    turn.state.slots.phone = None;
    turn.state.wrong_proofs = turn.state.wrong_proofs.saturating_add(1);
    if turn.state.wrong_proofs >= MOST_TRIES {
        repair::human::ask_for(turn, "not_found");
    }
}

/// Says at once that it is too late, or that there is nothing left to change.
pub fn check_changeable(turn: &mut Turn<'_>) -> Next {
    if turn.state.in_flow("reschedule_appointment") && super::proposal::stands(turn) {
        // There is a place already; looking for another one comes after a no to it.
        return super::proposal::tell_first(turn);
    }
    prepare_move(turn);
    let Some(appointment) = turn.state.current_appointment() else { return Next::Leave };
    let message = match appointment.state {
        AppointmentState::Booked if turn.world.now <= appointment.cancellable_until => return Next::Done,
        AppointmentState::Booked => "too_late",
        _ => "not_standing",
    };
    turn.say(message);
    Next::Leave
}

/// Tells the appointment.
pub fn tell(turn: &mut Turn<'_>) -> Next {
    turn.say(if super::proposal::stands(turn) { "cannot_be_kept" } else { "appointment" });
    turn.state.served = true;
    Next::Done
}
