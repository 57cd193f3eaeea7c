//! Several persons: says back how many come, or how many may come together.

use super::Next;
use crate::dialog::flow::SlotName;
use crate::dialog::turn::Turn;

/// The most persons whom the wished service serves together.
fn most(turn: &Turn<'_>) -> Option<u32> {
    let service = turn.state.slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id))?;
    Some(service.rules.party.most.max(1))
}

/// Several come, and that was neither said back nor refused.
pub fn due(turn: &Turn<'_>) -> bool {
    let slots = &turn.state.slots;
    let persons = slots.persons.unwrap_or(1);
    let said_back = slots.said_back.contains(&SlotName::Persons);
    most(turn).is_some_and(|most| persons > most || (most == 1 && slots.several) || (persons > 1 && !said_back))
}

/// Says it.
pub fn run(turn: &mut Turn<'_>) -> Next {
    let Some(most) = most(turn) else { return Next::Again };
    let persons = turn.state.slots.persons.unwrap_or(1);
    turn.state.slots.said_back.push(SlotName::Persons);
    if most == 1 {
        (turn.state.slots.persons, turn.state.slots.several) = (None, false);
        turn.say("party_of_one");
    } else if persons > most {
        turn.state.slots.persons = Some(most);
        turn.say("party_most");
    } else {
        turn.say("party_noted");
    }
    Next::Again
}
