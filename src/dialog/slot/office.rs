//! The office: by name, by place, or the only one there is.

use super::Settled;
use crate::booking::catalogue::{Office, Service};
use crate::booking::id::OfficeId;
use crate::booking::people::Mode;
use crate::dialog::fill::{self, Put};
use crate::dialog::flow::SlotName;
use crate::dialog::turn::{Turn, words};
use crate::procedures::analysis::content_terms;

/// Whether an office has somebody who serves this service in this mode.
#[must_use]
pub fn serves(office: &Office, service: &Service, mode: Mode) -> bool {
    office.services.contains(&service.id)
        && service.served_by(mode)
        && office.resources.iter().any(|r| {
            (r.modes.is_empty() || r.modes.contains(&mode))
                && (r.services.is_empty() || r.services.contains(&service.id))
        })
}

/// The offices that come into question, those of the wished place only, when there are any there.
pub fn candidates<'a>(turn: &Turn<'a>) -> Vec<&'a Office> {
    let slots = &turn.state.slots;
    let catalogue = turn.world.catalogue;
    let Some(service) = slots.service.as_ref().and_then(|id| catalogue.service(id)) else { return Vec::new() };
    let fits = |office: &&Office| match slots.mode {
        Some(mode) => serves(office, service, mode),
        None => office.services.contains(&service.id),
    };
    let all: Vec<&Office> = catalogue.offices.iter().filter(fits).collect();
    let Some(place) = &slots.place else { return all };
    all.into_iter().filter(|office| words(&office.municipality) == words(place)).collect()
}

/// The office follows from the place, or from there being no other; else it is asked.
pub fn settle(turn: &mut Turn<'_>) -> Settled {
    let here = candidates(turn);
    match here.as_slice() {
        [only] => {
            turn.state.slots.office = Some(only.id.clone());
            Settled::Filled
        }
        [] if turn.state.slots.place.is_some() => {
            turn.say("no_office_there");
            turn.state.slots.place = None;
            settle(turn)
        }
        [] => {
            turn.say("no_office");
            turn.pop();
            Settled::Left
        }
        _ => Settled::Ask,
    }
}

/// Sets the office, if it offers the service; else says so and keeps what was.
pub fn set(turn: &mut Turn<'_>, id: &OfficeId) -> Put {
    let catalogue = turn.world.catalogue;
    let Some(office) = catalogue.office(id) else { return Put::Refused };
    if let Some(service) = turn.state.slots.service.as_ref().and_then(|s| catalogue.service(s)) {
        let possible = match turn.state.slots.mode {
            Some(mode) => serves(office, service, mode),
            None => office.services.contains(&service.id),
        };
        if !possible {
            turn.say_note("office_does_not_offer", office.name.clone());
            return Put::Refused;
        }
    } else {
        turn.state.slots.organisation = Some(office.organisation.clone());
    }
    turn.state.slots.place = None;
    let put = fill::put(&mut turn.state.slots.office, id.clone());
    fill::settle_change(turn, SlotName::Office, put)
}

/// Sets the place; an office elsewhere is let go.
pub fn set_place(turn: &mut Turn<'_>, municipality: &str) -> Put {
    let known = turn.state.slots.office.as_ref().and_then(|id| turn.world.catalogue.office(id));
    if known.is_some_and(|office| words(&office.municipality) == words(municipality)) {
        return Put::Same;
    }
    let had_office = turn.state.slots.office.take().is_some();
    let put = fill::put(&mut turn.state.slots.place, municipality.to_owned());
    let put = if had_office { Put::Changed } else { put };
    fill::settle_change(turn, SlotName::Office, put)
}

/// Lets go of an office that does not offer the service that is now wanted.
pub fn drop_if_not_offered(turn: &mut Turn<'_>) {
    let slots = &turn.state.slots;
    let offered = match (&slots.office, &slots.service) {
        (Some(office), Some(service)) => {
            turn.world.catalogue.office(office).is_some_and(|o| o.services.contains(service))
        }
        _ => true,
    };
    if !offered {
        let office = turn.state.slots.office.take().and_then(|id| turn.world.catalogue.office(&id));
        if let Some(office) = office.filter(|_| fill::asks(turn, SlotName::Office)) {
            turn.say_note("office_does_not_offer", office.name.clone());
        }
    }
}

/// Sets the one office whose name the words share, whatever their endings and letters: «στην Κυψέλη», «kypseli» is the
/// police station of Kypseli when one is asked for.
pub fn named_in(turn: &mut Turn<'_>, text: &str) -> bool {
    let said = content_terms(text);
    let shares = |office: &&Office| content_terms(&office.name).iter().any(|own| said.contains(own));
    let named: Vec<OfficeId> = candidates(turn).into_iter().filter(shares).map(|o| o.id.clone()).collect();
    match named.as_slice() {
        [only] => set(turn, only) != Put::Refused,
        _ => false,
    }
}
