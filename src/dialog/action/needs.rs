//! What is needed beside a time, a language or an employee: says whether the office has it, and where else it is.

use super::Next;
use crate::booking::catalogue::Office;
use crate::dialog::flow::SlotName;
use crate::dialog::slot::{employee, office};
use crate::dialog::turn::Turn;

/// What is said here.
pub const MESSAGES: &[&str] = &[
    "language_there",
    "language_sought",
    "language_not_there",
    "language_nowhere",
    "party_not_there",
    "employee_chosen",
    "employee_unknown",
    "employee_not_chosen",
];

fn office_of<'a>(turn: &Turn<'a>) -> Option<&'a Office> {
    turn.state.slots.office.as_ref().and_then(|id| turn.world.catalogue.office(id))
}

fn is_unsaid(turn: &Turn<'_>, name: SlotName) -> bool {
    turn.state.slots.has(name) && !turn.state.slots.said_back.contains(&name)
}

/// Something is needed of which nothing was said yet, or which the office has not.
pub fn due(turn: &Turn<'_>) -> bool {
    let slots = &turn.state.slots;
    let unmet = match office_of(turn) {
        Some(office) => !office::meets_needs(turn, office),
        None => !office::is_served_anywhere(turn),
    };
    let needy = slots.language.is_some() || slots.persons.is_some();
    let named = slots.employee.is_some() && slots.resource.is_none() && office_of(turn).is_some();
    slots.service.is_some() && ((needy && unmet) || is_unsaid(turn, SlotName::Language) || named)
}

/// Says it.
pub fn run(turn: &mut Turn<'_>) -> Next {
    let office = office_of(turn);
    if !office::is_served_anywhere(turn) {
        return nowhere(turn);
    }
    if office.is_some_and(|office| !office::meets_needs(turn, office)) {
        return not_there(turn);
    }
    if is_unsaid(turn, SlotName::Language) {
        turn.state.slots.said_back.push(SlotName::Language);
        turn.say(if office.is_some() { "language_there" } else { "language_sought" });
    }
    if let Some(office) = office {
        name_employee(turn, office);
    }
    Next::Again
}

/// The office has it not: the nearest that has it is offered.
fn not_there(turn: &mut Turn<'_>) -> Next {
    let spoken = turn.state.slots.language.is_some();
    turn.say(if spoken { "language_not_there" } else { "party_not_there" });
    if spoken {
        turn.state.slots.said_back.push(SlotName::Language);
    }
    let from = office_of(turn).and_then(Office::in_municipality).map(|municipality| municipality.name.clone());
    turn.state.slots.clear(SlotName::Office);
    crate::dialog::fill::forget_dependents(turn, SlotName::Office);
    turn.state.slots.near = from;
    Next::Again
}

/// No office has it: says so and goes on without; a mode that no office serves at all is not its matter.
fn nowhere(turn: &mut Turn<'_>) -> Next {
    if turn.state.slots.language.is_some() {
        turn.say("language_nowhere");
        turn.state.slots.language = None;
    } else {
        turn.state.slots.persons = None;
        turn.say("party_of_one");
    }
    Next::Again
}

/// Says who is meant by the name; without such an employee whoever is free will serve.
fn name_employee(turn: &mut Turn<'_>, office: &Office) {
    let Some(name) = turn.state.slots.employee.clone().filter(|_| turn.state.slots.resource.is_none()) else { return };
    match employee::named(turn, office, &name) {
        Some(resource) => {
            turn.state.slots.resource = Some(resource);
            turn.say("employee_chosen");
        }
        None => {
            turn.state.slots.employee = None;
            turn.say(if office.choose_employee { "employee_unknown" } else { "employee_not_chosen" });
        }
    }
}

/// The wished employee has no free time: says so, and looks for what the others have.
pub fn others_instead(turn: &mut Turn<'_>) {
    turn.say("employee_busy");
    turn.state.slots.clear(SlotName::Employee);
    (turn.state.offers, turn.state.full) = (None, None);
}
