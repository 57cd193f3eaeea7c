//! How long an office serves on a day: what percentages are shares of.

use chrono::NaiveDate;

use super::Board;
use super::time::Span;
use crate::booking::calendar::{admits, serving, subtract};
use crate::booking::catalogue::Resource;
use crate::booking::core::Window;
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;

impl Board {
    /// The opening minutes of all resources of an office of the catalogue, less closures and leave.
    pub(super) fn minutes_open(&self, place: usize, date: NaiveDate) -> u32 {
        let resources = self.catalogue.offices[place].resources.iter().zip(&self.index.resource_numbers[place]);
        resources.map(|(resource, &number)| self.minutes_of(place, resource, number, date)).sum()
    }

    fn minutes_of(&self, place: usize, resource: &Resource, number: u32, date: NaiveDate) -> u32 {
        let office = &self.catalogue.offices[place];
        let closures = &self.ledger.book(self.index.office_numbers[place]).closures;
        let mut open: Vec<Window> = Vec::new();
        for (window, closable) in serving(office, date, |modes, services| concerns(resource, modes, services)) {
            let shut = closures.iter().filter(|shut| shut.resource.map_or(closable, |leave| leave == number));
            open.extend(shut.fold(vec![window], |open, shut| subtract(&open, shut.span.window())));
        }
        union_minutes(open.into_iter().map(Span::of).collect())
    }
}

/// Whether hours for these modes and services are hours of a resource.
fn concerns(resource: &Resource, modes: &[Mode], services: &[ServiceId]) -> bool {
    let common_mode = modes.is_empty() || modes.iter().any(|mode| admits(&resource.modes, mode));
    common_mode && (services.is_empty() || services.iter().any(|service| admits(&resource.services, service)))
}

/// How many minutes lie in at least one of the stretches.
fn union_minutes(mut spans: Vec<Span>) -> u32 {
    spans.sort_unstable();
    let (mut total, mut until) = (0, 0);
    for span in spans {
        total += span.to.saturating_sub(span.from.max(until));
        until = until.max(span.to);
    }
    total / 60
}
