//! Books the held slot after the yes.

use super::{Next, ask_world, hold};
use crate::booking::core::{Appointment, BookingRequest};
use crate::booking::identity::{Email, Phone};
use crate::booking::refusal::Refusal;
use crate::channel::turn::Event;
use crate::clock::to_athens;
use crate::dialog::flow::Action;
use crate::dialog::io::Request;
use crate::dialog::state::Slots;
use crate::dialog::turn::Turn;

/// Asks for the booking.
pub fn run(turn: &mut Turn<'_>) -> Next {
    match request(turn) {
        Some(request) => ask_world(turn, Request::Book(Box::new(request))),
        None => Next::Leave,
    }
}

fn request(turn: &Turn<'_>) -> Option<BookingRequest> {
    let slots = &turn.state.slots;
    let on_behalf = slots.on_behalf?;
    let beneficiary = slots.beneficiary_name.clone()?;
    Some(BookingRequest {
        hold: turn.state.hold.as_ref()?.id.clone(),
        requester: if on_behalf { slots.requester_name.clone()? } else { beneficiary.clone() },
        beneficiary,
        phone: Phone::parse(slots.phone.as_deref()?).ok()?,
        email: slots.email.as_deref().and_then(|e| Email::parse(e).ok()),
        on_behalf,
        relation: slots.relation.filter(|_| on_behalf),
        guests: slots.guest.into_iter().collect(),
        procedure: slots.procedure.clone(),
        identity: None,
    })
}

/// Says that it is booked; or keeps the slot anew when the hold ran out meanwhile; or offers others.
pub fn receive(turn: &mut Turn<'_>, result: Result<Appointment, Refusal>) {
    match result {
        Ok(appointment) => booked(turn, appointment),
        Err(Refusal::HoldExpired) => turn.state.hold = None,
        Err(Refusal::LimitReached(most)) => {
            turn.say_note("limit_reached", most.to_string());
            turn.pop();
        }
        Err(Refusal::Unavailable(why)) => super::give_up(turn, &Refusal::Unavailable(why)),
        Err(_) => hold::lost(turn),
    }
}

/// Tells the world that an appointment was made, and keeps it as the citizen's own.
pub fn keep(turn: &mut Turn<'_>, appointment: Appointment) {
    let office = turn.world.catalogue.office(&appointment.office);
    turn.events.push(Event::AppointmentBooked {
        reference: appointment.reference.to_string(),
        service: appointment.service.to_string(),
        office: appointment.office.to_string(),
        office_name: office.map(|o| o.name.clone()).unwrap_or_default(),
        mode: appointment.mode.as_str().to_owned(),
        start: to_athens(appointment.start),
        end: to_athens(appointment.end),
        beneficiary: appointment.beneficiary.clone(),
        requester: appointment.requester.clone(),
        phone: appointment.phone.as_str().to_owned(),
        persons: appointment.persons,
    });
    turn.state.served = true;
    turn.state.slots.reference = Some(appointment.reference.to_string());
    turn.state.appointments.push(appointment);
}

fn booked(turn: &mut Turn<'_>, appointment: Appointment) {
    keep(turn, appointment);
    turn.state.hold = None;
    if let Some(frame) = turn.state.frame_mut() {
        frame.done.push(Action::Book);
    }
    turn.say("booked");
    after_booking(turn);
}

/// What must not leak into the next booking: everything but who asks and their telephone.
fn after_booking(turn: &mut Turn<'_>) {
    let slots = &mut turn.state.slots;
    let (requester, phone) = (slots.requester_name.take().or(slots.beneficiary_name.take()), slots.phone.take());
    *slots = Slots::default();
    (slots.requester_name, slots.phone) = (requester, phone);
    turn.state.frames.pop();
    turn.state.open = None;
    turn.state.offers = None;
    turn.state.history.clear();
}
