//! Whether what was booked under other rules would still fit the rules of a catalogue. It stands either way: this only tells
//! an official whom a change would leave in a place that can no longer be booked.

use super::calendar::Offer;
use super::catalogue::{Catalogue, Office, Resource, Service};
use super::core::Window;
use super::id::{OfficeId, ResourceId, ServiceId};
use super::people::Mode;

/// A place that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The service.
    pub service: ServiceId,
    /// The office.
    pub office: OfficeId,
    /// The desk or the employee.
    pub resource: ResourceId,
    /// The mode.
    pub mode: Mode,
    /// When.
    pub slot: Window,
    /// How many persons.
    pub persons: u32,
}

/// What a place no longer fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Misfit {
    /// There is no such service any more.
    ServiceGone,
    /// There is no such office any more.
    OfficeGone,
    /// The office no longer offers the service, or not in this mode.
    NotOffered,
    /// There is no such desk or employee any more.
    ResourceGone,
    /// The desk or the employee no longer serves it.
    ResourceUnable,
    /// So many persons are no longer served together.
    TooManyPersons,
    /// The service takes another time.
    OtherLength,
    /// It lies on a holiday, in a break, or outside the hours.
    OutsideHours,
}

/// What of a place does not fit; nothing when all of it does. Leads, horizons and shares are no matter: it is booked.
#[must_use]
pub fn misfit(catalogue: &Catalogue, place: &Place) -> Option<Misfit> {
    let Some(service) = catalogue.service(&place.service) else { return Some(Misfit::ServiceGone) };
    let Some(office) = catalogue.office(&place.office) else { return Some(Misfit::OfficeGone) };
    let Ok(offer) = Offer::of(service, office, place.mode) else { return Some(Misfit::NotOffered) };
    let Some(resource) = resource(office, &place.resource) else { return Some(Misfit::ResourceGone) };
    if !serves(resource, service, place.mode) {
        return Some(Misfit::ResourceUnable);
    }
    let party = service.rules.party;
    if place.persons > party.most {
        return Some(Misfit::TooManyPersons);
    }
    let minutes = i64::from(party.minutes(offer.minutes, place.persons));
    if (place.slot.to - place.slot.from).num_minutes() != minutes {
        return Some(Misfit::OtherLength);
    }
    (!offer.serves_through(place.slot)).then_some(Misfit::OutsideHours)
}

fn resource<'a>(office: &'a Office, id: &ResourceId) -> Option<&'a Resource> {
    office.resources.iter().find(|resource| resource.id == *id)
}

fn serves(resource: &Resource, service: &Service, mode: Mode) -> bool {
    (resource.modes.is_empty() || resource.modes.contains(&mode))
        && (resource.services.is_empty() || resource.services.contains(&service.id))
        && service.skills.iter().all(|skill| resource.skills.contains(skill))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday 25 November 2026, 10:00 in Athens, desk 1 of a tax office.
    fn place() -> Place {
        let instant = |text: &str| text.parse().expect("an instant");
        Place {
            service: "aade.key-number".into(),
            office: "doy-peiraia".into(),
            resource: "doy-peiraia-1".into(),
            mode: Mode::InPerson,
            slot: Window { from: instant("2026-11-25T08:00:00Z"), to: instant("2026-11-25T08:15:00Z") },
            persons: 1,
        }
    }

    #[test]
    fn each_change_that_leaves_a_place_behind_is_named() {
        type Change = fn(&mut Catalogue, &mut Office, &mut Service);
        let changes: [(Option<Misfit>, Change); 10] = [
            (None, |_, _, _| ()),
            (None, |_, _, service| service.rules.lead_minutes = 10_000),
            (Some(Misfit::ServiceGone), |_, _, service| service.id = "aade.other".into()),
            (Some(Misfit::OfficeGone), |_, office, _| office.id = "doy-other".into()),
            (Some(Misfit::NotOffered), |_, office, _| office.services.clear()),
            (Some(Misfit::NotOffered), |_, _, service| service.modes.retain(|m| m.mode != Mode::InPerson)),
            (Some(Misfit::ResourceGone), |_, office, _| office.resources.retain(|r| r.id.as_str() != "doy-peiraia-1")),
            (Some(Misfit::ResourceUnable), |_, _, service| service.skills = vec!["notary".to_owned()]),
            (Some(Misfit::OtherLength), |_, _, service| service.modes[0].minutes = 20),
            (Some(Misfit::OutsideHours), |_, office, _| office.opening.truncate(0)),
        ];
        for (expected, change) in changes {
            let mut catalogue = Catalogue::bundled();
            let at = |c: &Catalogue| c.offices.iter().position(|o| o.id == place().office).expect("there");
            let (office_at, service_at) = (at(&catalogue), 0);
            let mut office = catalogue.offices.remove(office_at);
            let position = catalogue.services.iter().position(|s| s.id == place().service).expect("there");
            let mut service = catalogue.services.remove(position);
            change(&mut catalogue, &mut office, &mut service);
            catalogue.offices.insert(office_at, office);
            catalogue.services.insert(service_at, service);
            assert_eq!(misfit(&catalogue, &place()), expected);
        }
        assert_eq!(
            misfit(&Catalogue::bundled(), &Place { persons: 30, ..place() }),
            Some(Misfit::TooManyPersons),
            "a party of thirty"
        );
    }
}
