//! Slots: how each settles by itself, which choices it shows, and how an answer to its question is read.

pub mod answer;
pub mod choices;
pub mod employee;
pub mod office;
pub mod take;
pub mod when;

pub use answer::answer;
pub use choices::{choices, chosen_by_words};
pub use take::{keys, take};

use super::action::waiting;
use super::flow::SlotName;
use super::topic;
use super::turn::Turn;
use crate::booking::people::Mode;

/// What became of an open slot before it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It follows from what is known.
    Filled,
    /// The flow was left.
    Left,
    /// A question was asked already.
    Asked,
    /// It must be asked.
    Ask,
}

/// Fills a slot that follows from what is known, so that nobody is asked what is clear.
pub fn settle(turn: &mut Turn<'_>, name: SlotName) -> Settled {
    match name {
        SlotName::Mode => only_mode(turn),
        SlotName::Office => office::settle(turn),
        SlotName::Reference if waiting::is_open(turn) => only_wait(turn),
        SlotName::Reference => only_appointment(turn),
        SlotName::BeneficiaryName => own_name(turn),
        SlotName::Procedure if turn.state.frame().is_some_and(|frame| !frame.among.is_empty()) => {
            topic::ask(turn);
            Settled::Asked
        }
        _ => Settled::Ask,
    }
}

fn only_mode(turn: &mut Turn<'_>) -> Settled {
    match served_modes(turn).as_slice() {
        [only] => {
            turn.state.slots.mode = Some(*only);
            Settled::Filled
        }
        _ => Settled::Ask,
    }
}

/// The modes of the known service, in the order in which they are offered.
pub fn served_modes(turn: &Turn<'_>) -> Vec<Mode> {
    let service = turn.state.slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id));
    let office = turn.state.slots.office.as_ref().and_then(|id| turn.world.catalogue.office(id));
    let Some(service) = service else { return Vec::new() };
    let possible = |mode: &Mode| {
        service.served_by(*mode)
            && match office {
                Some(office) => office::serves(office, service, *mode),
                None => turn.world.catalogue.offices_offering(&service.id).any(|o| office::serves(o, service, *mode)),
            }
    };
    let modes: Vec<Mode> = Mode::ALL.into_iter().filter(possible).collect();
    let by_presence: Vec<Mode> = modes.iter().copied().filter(|mode| *mode != Mode::Video).collect();
    if needs_presence(turn) && !by_presence.is_empty() { by_presence } else { modes }
}

/// Whether the registry says that the procedure itself is not served by video, though its service may be.
fn needs_presence(turn: &Turn<'_>) -> bool {
    let procedure = turn.state.slots.procedure.as_ref().and_then(|id| turn.world.procedures.get(id));
    procedure.and_then(|p| p.ways.as_ref()).is_some_and(|ways| !ways.video)
}

fn only_appointment(turn: &mut Turn<'_>) -> Settled {
    use crate::booking::core::AppointmentState;
    let live: Vec<_> = turn.state.appointments.iter().filter(|a| a.state == AppointmentState::Booked).collect();
    match live.as_slice() {
        [only] => {
            turn.state.slots.reference = Some(only.reference.to_string());
            Settled::Filled
        }
        _ => Settled::Ask,
    }
}

fn only_wait(turn: &mut Turn<'_>) -> Settled {
    use crate::booking::waiting::WaitState;
    let live = turn.state.waits.iter().filter(|w| matches!(w.state, WaitState::Waiting | WaitState::Offered));
    match live.collect::<Vec<_>>().as_slice() {
        [only] => {
            turn.state.slots.reference = Some(only.reference.to_string());
            Settled::Filled
        }
        _ => Settled::Ask,
    }
}

fn own_name(turn: &mut Turn<'_>) -> Settled {
    let slots = &mut turn.state.slots;
    match (slots.on_behalf, &slots.requester_name) {
        (Some(false), Some(name)) => {
            slots.beneficiary_name = Some(name.clone());
            Settled::Filled
        }
        _ => Settled::Ask,
    }
}
