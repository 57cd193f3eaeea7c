//! Cancels or moves the found appointment after the yes.

use super::{Next, ask_world, hold};
use crate::booking::core::Appointment;
use crate::booking::refusal::Refusal;
use crate::channel::turn::Event;
use crate::clock::to_athens;
use crate::dialog::flow::Action;
use crate::dialog::io::Request;
use crate::dialog::turn::Turn;

/// Asks for the cancellation.
pub fn cancel(turn: &mut Turn<'_>) -> Next {
    match turn.state.current_appointment().map(|a| a.reference.clone()) {
        Some(reference) => ask_world(turn, Request::Cancel(reference)),
        None => Next::Leave,
    }
}

/// Says that it is cancelled, or why not.
pub fn cancelled(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => {
            turn.events.push(Event::AppointmentCancelled { reference: appointment.reference.to_string() });
            done(turn, Action::Cancel, appointment);
            turn.say("cancelled");
        }
        Err(refusal) => refused(turn, &refusal),
    }
}

/// Asks for the move.
pub fn reschedule(turn: &mut Turn<'_>) -> Next {
    let reference = turn.state.current_appointment().map(|a| a.reference.clone());
    match (reference, &turn.state.slots.slot) {
        (Some(reference), Some(slot)) => {
            let request = Request::Reschedule(reference, slot.start, slot.office.clone());
            ask_world(turn, request)
        }
        _ => Next::Leave,
    }
}

/// Says that it is moved; or that the old place is kept and why.
pub fn rescheduled(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => {
            moved(turn, Action::Reschedule, appointment);
        }
        Err(Refusal::SlotTaken | Refusal::Closed(_) | Refusal::NotASlot | Refusal::TooSoon(_)) => hold::lost(turn),
        Err(refusal) => refused(turn, &refusal),
    }
}

/// Tells where the appointment is now.
pub fn moved(turn: &mut Turn<'_>, action: Action, appointment: Appointment) {
    let from = turn.state.current_appointment().map_or(appointment.start, |old| old.start);
    turn.events.push(Event::AppointmentRescheduled {
        reference: appointment.reference.to_string(),
        from: to_athens(from),
        start: to_athens(appointment.start),
    });
    done(turn, action, appointment);
    turn.say("rescheduled");
}

fn done(turn: &mut Turn<'_>, action: Action, appointment: Appointment) {
    turn.state.appointments.retain(|a| a.reference != appointment.reference);
    turn.state.appointments.push(appointment);
    turn.state.served = true;
    if let Some(frame) = turn.state.frame_mut() {
        frame.done.push(action);
    }
}

/// Says why not, and leaves the flow.
pub fn refused(turn: &mut Turn<'_>, refusal: &Refusal) {
    match refusal {
        Refusal::TooLate(_) => turn.say("too_late"),
        Refusal::WrongState(_) | Refusal::NotFound => turn.say("not_standing"),
        other => return super::give_up(turn, other),
    }
    turn.pop();
}
