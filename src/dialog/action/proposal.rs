//! The place that an office proposes for an appointment that it cannot keep: told, taken, or let go.

use super::{Next, ask_world, change};
use crate::booking::core::{Appointment, AppointmentState};
use crate::booking::refusal::Refusal;
use crate::dialog::flow::Action;
use crate::dialog::io::Request;
use crate::dialog::state::{About, Frame};
use crate::dialog::turn::Turn;

/// Whether a place was proposed for the found appointment. Whether it is kept still, the answer to a yes will tell.
#[must_use]
pub fn stands(turn: &Turn<'_>) -> bool {
    let appointment = turn.state.current_appointment();
    appointment.is_some_and(|a| a.proposal.is_some() && a.state == AppointmentState::Booked)
}

/// Tells of the proposal before anything else is looked for.
pub fn tell_first(turn: &mut Turn<'_>) -> Next {
    turn.state.open = None;
    if let Some(frame) = turn.state.frame_mut() {
        *frame = Frame::new("check_appointment");
    }
    Next::Again
}

/// Asks for the move after the yes.
pub fn accept(turn: &mut Turn<'_>) -> Next {
    match turn.state.current_appointment().map(|a| a.reference.clone()) {
        Some(reference) => ask_world(turn, Request::AnswerProposal(reference, true)),
        None => Next::Leave,
    }
}

/// Says where the appointment is now; or that the place is kept no longer.
pub fn accepted(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => change::moved(turn, Action::AcceptProposal, appointment),
        Err(Refusal::HoldExpired) => gone(turn),
        Err(refusal) => change::refused(turn, &refusal),
    }
}

/// Lets the place go after the no.
pub fn decline(turn: &mut Turn<'_>) {
    let Some(reference) = turn.state.current_appointment().map(|a| a.reference.clone()) else { return turn.pop() };
    // The question is answered, whatever comes of it.
    turn.state.open = None;
    turn.request = Some(Request::AnswerProposal(reference, false));
}

/// Asks what to do instead.
pub fn declined(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => {
            keep(turn, appointment);
            ask_instead(turn, "proposal_declined");
        }
        Err(Refusal::HoldExpired) => gone(turn),
        Err(refusal) => change::refused(turn, &refusal),
    }
}

/// Whether the open question offers to look for another time.
#[must_use]
pub fn offers_another_time(turn: &Turn<'_>) -> bool {
    let first = turn.state.open.as_ref().and_then(|open| open.choices.first());
    first.is_some_and(|choice| choice.value == "intent:reschedule_appointment")
}

fn gone(turn: &mut Turn<'_>) {
    if let Some(appointment) = turn.state.current_appointment().cloned() {
        keep(turn, Appointment { proposal: None, ..appointment });
    }
    ask_instead(turn, "proposal_gone");
}

/// The flow is over, but the appointment stays the one that is spoken of.
fn ask_instead(turn: &mut Turn<'_>, message: &str) {
    turn.state.frames.pop();
    turn.state.open = None;
    turn.ask_message(message, About::AnythingElse);
}

fn keep(turn: &mut Turn<'_>, appointment: Appointment) {
    turn.state.appointments.retain(|a| a.reference != appointment.reference);
    turn.state.appointments.push(appointment);
}
