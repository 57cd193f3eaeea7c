//! How long an office serves on a day: what percentages are shares of.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;

use super::Board;
use super::ledger::Shut;
use super::time::Span;
use crate::booking::calendar::{Date, admits, serving, subtract};
use crate::booking::catalogue::{Office, Resource};
use crate::booking::core::Window;
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;

/// What is known of the serving time of days without closures, by staffing and date.
pub(super) type OpenMinutes = Mutex<HashMap<(usize, NaiveDate), u32>>;

impl Board {
    /// The opening minutes of all resources of an office of the catalogue, less closures and leave.
    pub(super) fn minutes_open(&self, place: usize, date: &Date) -> u32 {
        let closures = &self.ledger.book(self.index.office_numbers[place]).closures;
        let day = Span::of(date.day);
        if closures.iter().any(|shut| shut.span.touches(day)) {
            return self.count_minutes(place, date, closures);
        }
        let key = (self.index.staffing[place], date.date);
        let known = self.open_minutes.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let minutes = self.count_minutes(place, date, &[]);
            self.open_minutes.lock().unwrap_or_else(PoisonError::into_inner).insert(key, minutes);
            minutes
        })
    }

    fn count_minutes(&self, place: usize, date: &Date, closures: &[Shut]) -> u32 {
        let office = &self.catalogue.offices[place];
        let resources = office.resources.iter().zip(&self.index.resource_numbers[place]);
        resources.map(|(resource, &number)| minutes_of(office, (resource, number), date, closures)).sum()
    }
}

/// The opening minutes of one resource.
fn minutes_of(office: &Office, (resource, number): (&Resource, u32), date: &Date, closures: &[Shut]) -> u32 {
    let mut open: Vec<Window> = Vec::new();
    for (window, closable) in serving(office, date, |modes, services| concerns(resource, modes, services)) {
        let shut = closures.iter().filter(|shut| shut.resource.map_or(closable, |leave| leave == number));
        open.extend(shut.fold(vec![window], |open, shut| subtract(&open, shut.span.window())));
    }
    union_minutes(open.into_iter().map(Span::of).collect())
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
