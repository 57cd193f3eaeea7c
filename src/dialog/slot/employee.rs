//! The employee whom a citizen wishes for, where an office lets citizens choose.

use super::office;
use crate::booking::catalogue::{Office, Resource, ResourceKind};
use crate::booking::id::{OfficeId, ResourceId};
use crate::dialog::turn::Turn;
use crate::procedures::analysis::content_terms;

/// The employees of an office whom citizens may choose for the wished service.
fn shown<'a>(turn: &Turn<'_>, office: &'a Office) -> Vec<&'a Resource> {
    let service = turn.state.slots.service.as_ref().and_then(|id| turn.world.catalogue.service(id));
    let Some(service) = service.filter(|_| office.choose_employee) else { return Vec::new() };
    let serves = |r: &&Resource| {
        r.kind == ResourceKind::Employee
            && !r.hidden
            && (r.services.is_empty() || r.services.contains(&service.id))
            && service.skills.iter().all(|skill| r.skills.contains(skill))
            && turn.state.slots.mode.is_none_or(|mode| r.modes.is_empty() || r.modes.contains(&mode))
    };
    office.resources.iter().filter(serves).collect()
}

/// The one employee of an office who goes by a name; people say the surname, or both names, in any case.
#[must_use]
pub fn named(turn: &Turn<'_>, office: &Office, name: &str) -> Option<ResourceId> {
    let said = content_terms(name);
    let is_named = |r: &&&Resource| {
        let own = content_terms(&r.name);
        own.last().is_some_and(|surname| said.contains(surname)) && said.iter().all(|term| own.contains(term))
    };
    let all = shown(turn, office);
    let mut fitting = all.iter().filter(is_named);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.id.clone()),
        _ => None,
    }
}

/// The one office whose employee was named, where no office is known.
#[must_use]
pub fn only_office(turn: &Turn<'_>) -> Option<OfficeId> {
    let name = turn.state.slots.employee.as_deref()?;
    let mut offices = office::candidates(turn).into_iter().filter(|office| named(turn, office, name).is_some());
    match (offices.next(), offices.next()) {
        (Some(only), None) => Some(only.id.clone()),
        _ => None,
    }
}
