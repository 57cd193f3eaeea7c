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
    /// For each office what the ledger calls its resources.
    pub(super) resource_numbers: Vec<Vec<u32>>,
    /// For each office the number of its hours; offices with the same hours share one.
    pub(super) hours: Vec<usize>,
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
        let office_numbers = office_numbers.collect();
        let numbers = |office: &Office| office.resources.iter().map(|r| ledger.resources.number(&r.id)).collect();
        Self {
            offices: catalogue.offices.iter().enumerate().map(|(place, office)| (office.id.clone(), place)).collect(),
            services: catalogue.services.iter().enumerate().map(|(at, service)| (service.id.clone(), at)).collect(),
            offering,
            office_numbers,
            resource_numbers: catalogue.offices.iter().map(numbers).collect(),
            hours: same_hours(catalogue),
        }
    }

    pub(super) fn office(&self, id: &OfficeId) -> Option<usize> {
        self.offices.get(id).copied()
    }

    pub(super) fn service(&self, id: &ServiceId) -> Option<usize> {
        self.services.get(id).copied()
    }

    /// The offices that offer a service, by their ids.
    pub(super) fn offering(&self, id: &ServiceId) -> &[usize] {
        self.offering.get(id).map_or(&[], Vec::as_slice)
    }
}

/// For each office the number of its hours: all that the calendar of an office depends on.
fn same_hours(catalogue: &Catalogue) -> Vec<usize> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let hours = |o: &Office| format!("{:?}", (o.time_zone, &o.opening, &o.special_days, o.local_holidays()));
    catalogue
        .offices
        .iter()
        .map(|office| {
            let next = numbers.len();
            *numbers.entry(hours(office)).or_insert(next)
        })
        .collect()
}
