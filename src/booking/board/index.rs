//! The catalogue by number: what a search would otherwise look for again and again.

use std::collections::HashMap;

use super::ledger::Ledger;
use crate::booking::catalogue::{Catalogue, Office};
use crate::booking::id::{OfficeId, ServiceId};

/// Where things are in a catalogue, and what their numbers are in the ledger.
#[derive(Debug)]
pub(super) struct Index {
    offices: HashMap<OfficeId, usize>,
    services: HashMap<ServiceId, usize>,
    /// For each service the offices that offer it, by their ids.
    offering: HashMap<ServiceId, Vec<usize>>,
    /// For each office what the ledger calls it.
    pub(super) office_numbers: Vec<u32>,
    /// The place in the catalogue of an office that the ledger calls so.
    places: HashMap<u32, usize>,
    /// For each office what the ledger calls its resources.
    pub(super) resource_numbers: Vec<Vec<u32>>,
    /// For each office the number of its hours; offices with the same hours share one.
    pub(super) hours: Vec<usize>,
    /// For each office the number of its hours together with what its resources serve.
    pub(super) staffing: Vec<usize>,
}

impl Index {
    /// Makes the index of a catalogue; the ledger learns the names and the zones of its offices.
    pub(super) fn new(catalogue: &Catalogue, ledger: &mut Ledger) -> Self {
        let mut offering: HashMap<ServiceId, Vec<usize>> = HashMap::new();
        for (place, office) in catalogue.offices.iter().enumerate() {
            for service in &office.services {
                offering.entry(service.clone()).or_default().push(place);
            }
        }
        for places in offering.values_mut() {
            places.sort_by(|a, b| catalogue.offices[*a].id.cmp(&catalogue.offices[*b].id));
            places.dedup();
        }
        let office_numbers = catalogue.offices.iter().map(|office| {
            let number = ledger.office(&office.id);
            ledger.set_zone(number, office.time_zone);
            number
        });
        let office_numbers: Vec<u32> = office_numbers.collect();
        let numbers = |office: &Office| office.resources.iter().map(|r| ledger.resources.number(&r.id)).collect();
        Self {
            offices: catalogue.offices.iter().enumerate().map(|(place, office)| (office.id.clone(), place)).collect(),
            services: catalogue.services.iter().enumerate().map(|(at, service)| (service.id.clone(), at)).collect(),
            offering,
            places: office_numbers.iter().enumerate().map(|(place, &number)| (number, place)).collect(),
            office_numbers,
            resource_numbers: catalogue.offices.iter().map(numbers).collect(),
            hours: numbered(catalogue, hours_of),
            staffing: numbered(catalogue, |office| {
                let serves: Vec<_> = office.resources.iter().map(|r| (&r.modes, &r.services)).collect();
                format!("{} {serves:?}", hours_of(office))
            }),
        }
    }

    pub(super) fn office(&self, id: &OfficeId) -> Option<usize> {
        self.offices.get(id).copied()
    }

    /// The place of an office by what the ledger calls it; `None` for one that the catalogue does not have.
    pub(super) fn place_of(&self, number: u32) -> Option<usize> {
        self.places.get(&number).copied()
    }

    pub(super) fn service(&self, id: &ServiceId) -> Option<usize> {
        self.services.get(id).copied()
    }

    /// The offices that offer a service, by their ids.
    pub(super) fn offering(&self, id: &ServiceId) -> &[usize] {
        self.offering.get(id).map_or(&[], Vec::as_slice)
    }
}

/// All that the calendar of an office depends on.
fn hours_of(office: &Office) -> String {
    format!("{:?}", (office.time_zone, &office.opening, &office.special_days, office.local_holidays()))
}

/// For each office a number; offices that look the same share one.
fn numbered(catalogue: &Catalogue, looks: impl Fn(&Office) -> String) -> Vec<usize> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let number = |office: &Office| {
        let next = numbers.len();
        *numbers.entry(looks(office)).or_insert(next)
    };
    catalogue.offices.iter().map(number).collect()
}
