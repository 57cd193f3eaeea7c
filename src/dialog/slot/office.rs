//! The office: by name, by place, or the only one there is.

use super::Settled;
use crate::booking::catalogue::{Office, Service};
use crate::booking::core::{Near, Needs};
use crate::booking::id::OfficeId;
use crate::booking::people::Mode;
use crate::booking::place::{Municipalities, Municipality, Nearby, nearest};
use crate::dialog::fill::{self, Put};
use crate::dialog::flow::SlotName;
use crate::dialog::state::About;
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

/// Never more than three offices at once where distance matters.
pub(super) const NEAREST: usize = 3;
/// «Κοντά στο Αίγιο» is so far around, kilometres, or as far as the nearest office lies.
const AROUND_KM: f64 = 40.0;

/// Whether an office that serves a service in this mode has whoever is needed beside that: enough desks, the language.
fn meets(office: &Office, service: &Service, mode: Mode, needs: &Needs) -> bool {
    let able = office.resources.iter().filter(|r| {
        (r.modes.is_empty() || r.modes.contains(&mode))
            && (r.services.is_empty() || r.services.contains(&service.id))
            && service.skills.iter().all(|skill| r.skills.contains(skill))
            && needs.language.is_none_or(|language| r.languages.contains(&language))
    });
    able.count() >= service.rules.party.desks(needs.persons) as usize
}

/// Whether an office has whoever is needed for the wished service, the employee aside.
pub fn meets_needs(turn: &Turn<'_>, office: &Office) -> bool {
    let slots = &turn.state.slots;
    let Some(service) = slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id)) else { return true };
    let needs = Needs { resource: None, ..slots.needs() };
    let modes = service.modes.iter().map(|served| served.mode).filter(|mode| slots.mode.is_none_or(|m| m == *mode));
    needs == Needs::default() || modes.into_iter().any(|mode| meets(office, service, mode, &needs))
}

/// The offices that come into question: those of the wished place only, and the nearest first where distance matters.
pub fn candidates<'a>(turn: &Turn<'a>) -> Vec<&'a Office> {
    let slots = &turn.state.slots;
    let catalogue = turn.world.catalogue;
    let Some(service) = slots.service.as_ref().and_then(|id| catalogue.service(id)) else { return Vec::new() };
    let fits = |office: &&Office| match slots.mode {
        Some(mode) => serves(office, service, mode),
        None => office.services.contains(&service.id),
    };
    let all = catalogue.offices.iter().filter(fits).filter(|office| meets_needs(turn, office));
    match (&slots.place, from(turn)) {
        (Some(place), _) => all.filter(|office| words(&office.municipality) == words(place)).collect(),
        (None, Some(_)) => by_distance(turn, all).into_iter().map(|nearby| nearby.office).collect(),
        (None, None) => all.collect(),
    }
}

/// Whether any office of the country or abroad has whoever is needed.
pub fn is_served_anywhere(turn: &Turn<'_>) -> bool {
    let slots = &turn.state.slots;
    let Some(service) = slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id)) else { return true };
    if (Needs { resource: None, ..slots.needs() }) == Needs::default() {
        return true;
    }
    let mut offices = turn.world.catalogue.offices_offering(&service.id);
    offices.any(|office| slots.mode.is_none_or(|mode| serves(office, service, mode)) && meets_needs(turn, office))
}

/// The municipality from which distances are counted.
fn from(turn: &Turn<'_>) -> Option<&'static Municipality> {
    turn.state.slots.near.as_deref().and_then(|name| Municipalities::bundled().named(name))
}

/// Offices by distance; those abroad are near to nobody here.
fn by_distance<'a>(turn: &Turn<'_>, offices: impl Iterator<Item = &'a Office>) -> Vec<Nearby<'a>> {
    let Some(municipality) = from(turn) else { return Vec::new() };
    nearest(municipality, offices.filter(|office| !office.is_abroad()))
}

/// The nearest offices, while one of them is to be chosen or any of them will do.
pub fn nearby<'a>(turn: &Turn<'a>) -> Vec<Nearby<'a>> {
    if turn.state.slots.near.is_none() || turn.state.slots.place.is_some() {
        return Vec::new();
    }
    let mut nearby = by_distance(turn, candidates(turn).into_iter());
    nearby.truncate(NEAREST);
    nearby
}

/// Where «around» is: the position from which distances are counted, and how far it reaches.
pub fn around(turn: &Turn<'_>) -> Option<Near> {
    let slots = &turn.state.slots;
    let position = from(turn).filter(|_| slots.any_office && slots.office.is_none())?.position;
    let first = nearby(turn).first().map(|nearby| nearby.kilometres)?;
    Some(Near { position, within_km: Some(AROUND_KM.max(first.ceil() + 1.0)) })
}

/// The offices that lie around, by id.
pub fn ids_around(turn: &Turn<'_>, near: Near) -> Vec<OfficeId> {
    let within = near.within_km.unwrap_or(f64::MAX);
    let all = by_distance(turn, candidates(turn).into_iter());
    all.into_iter().filter(|nearby| nearby.kilometres <= within).map(|nearby| nearby.office.id.clone()).collect()
}

/// The office follows from the place, from the employee, or from there being no other; else it is asked.
pub fn settle(turn: &mut Turn<'_>) -> Settled {
    if let Some(office) = super::employee::only_office(turn) {
        turn.state.slots.office = Some(office);
        return Settled::Filled;
    }
    let here = candidates(turn);
    match here.as_slice() {
        [] if turn.state.slots.place.is_some() => {
            leave_place(turn);
            settle(turn)
        }
        [] if turn.state.slots.near.take().is_some() => settle(turn),
        [] => {
            turn.say("no_office");
            turn.pop();
            Settled::Left
        }
        _ if turn.state.slots.near.is_some() => {
            let again = turn.state.open.as_ref().is_some_and(|open| open.misses > 0);
            turn.ask_message(
                if again { "nearest_office_again" } else { "nearest_office" },
                About::Slot(SlotName::Office),
            );
            Settled::Asked
        }
        [only] => {
            turn.state.slots.office = Some(only.id.clone());
            Settled::Filled
        }
        _ => Settled::Ask,
    }
}

/// No office of the wished place will do: says so; distances are counted from there.
fn leave_place(turn: &mut Turn<'_>) {
    let municipality = turn.state.slots.place.as_deref().and_then(|name| Municipalities::bundled().named(name));
    match municipality {
        Some(municipality) => turn.say_note("no_office_in_municipality", municipality.of.clone()),
        None => turn.say("no_office_there"),
    }
    turn.state.slots.place = None;
    turn.state.slots.near = municipality.map(|m| m.name.clone());
}

/// The nearest office, after a yes to it.
pub fn accept_nearest(turn: &mut Turn<'_>) -> bool {
    match nearby(turn).first().map(|nearby| nearby.office.id.clone()) {
        Some(office) => set(turn, &office) != Put::Refused,
        None => false,
    }
}

/// The nearest offices are too far: asks for another place.
pub fn refuse_nearest(turn: &mut Turn<'_>) {
    turn.state.slots.near = None;
    turn.ask_message("which_place", About::Slot(SlotName::Office));
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
    (turn.state.slots.place, turn.state.slots.near) = (None, None);
    let put = fill::put(&mut turn.state.slots.office, id.clone());
    fill::settle_change(turn, SlotName::Office, put)
}

/// Sets the place; an office elsewhere is let go.
pub fn set_place(turn: &mut Turn<'_>, municipality: &str) -> Put {
    let known = turn.state.slots.office.as_ref().and_then(|id| turn.world.catalogue.office(id));
    if known.is_some_and(|office| words(&office.municipality) == words(municipality)) {
        return Put::Same;
    }
    let had_office = turn.state.slots.office.take().is_some() | std::mem::take(&mut turn.state.slots.any_office);
    let said_again = turn.state.slots.near.take().is_some_and(|near| words(&near) == words(municipality));
    let put = fill::put(&mut turn.state.slots.place, municipality.to_owned());
    let put = if said_again { Put::Same } else { put };
    let put = if had_office { Put::Changed } else { put };
    fill::settle_change(turn, SlotName::Office, put)
}

/// Sets the place as it was said: «στην Κυψέλη» is a part of Athens, and the office there bears its name.
pub fn set_place_said(turn: &mut Turn<'_>, said: &str, municipality: &str) -> Put {
    let is_a_part = Municipalities::bundled().find(said).is_none();
    match only_named_in(turn, said).filter(|_| is_a_part) {
        Some(only) => set(turn, &only),
        None => set_place(turn, municipality),
    }
}

/// «Όπου να 'ναι κοντά στο Αίγιο»: whichever office around the place has the earliest time.
pub fn set_around(turn: &mut Turn<'_>, municipality: &str) -> Put {
    let slots = &mut turn.state.slots;
    let known = slots.any_office && slots.office.is_none() && slots.near.as_deref() == Some(municipality);
    let put = match (known, slots.has(SlotName::Office)) {
        (true, _) => Put::Same,
        (false, true) => Put::Changed,
        (false, false) => Put::New,
    };
    (slots.office, slots.place, slots.near, slots.any_office) = (None, None, Some(municipality.to_owned()), true);
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
    only_named_in(turn, text).is_some_and(|only| set(turn, &only) != Put::Refused)
}

/// The one office whose name the words share.
fn only_named_in(turn: &Turn<'_>, text: &str) -> Option<OfficeId> {
    let said = content_terms(text);
    let shares = |office: &&Office| content_terms(&office.name).iter().any(|own| said.contains(own));
    let mut named = candidates(turn).into_iter().filter(shares);
    let only = named.next()?;
    named.next().is_none().then(|| only.id.clone())
}
