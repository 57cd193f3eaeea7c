//! A single day on which an office opens although something else says that it is shut (έκτακτη λειτουργία).

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::booking::catalogue::{Break, hour_minute};
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;

/// Hours of one day that hold in place of everything else: weekly hours, holidays and closures of the whole office. Leave of
/// a single employee still stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The day.
    pub date: NaiveDate,
    /// Opening time.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// Closing time.
    #[serde(with = "hour_minute")]
    pub to: NaiveTime,
    /// Pauses inside it.
    #[serde(default)]
    pub breaks: Vec<Break>,
    /// Only for these modes; all when empty.
    #[serde(default)]
    pub modes: Vec<Mode>,
    /// Only for these services; all of the office when empty.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// Minutes between starts; the duration of the service when absent.
    #[serde(default)]
    pub every_minutes: Option<u32>,
}

impl SpecialDay {
    /// Whether its hours hold for a service in a mode; everything else of the office goes by its usual rules that day.
    #[must_use]
    pub fn serves(&self, mode: Mode, service: &ServiceId) -> bool {
        (self.modes.is_empty() || self.modes.contains(&mode))
            && (self.services.is_empty() || self.services.contains(service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_hours_hold_for_the_modes_and_services_it_names() {
        let day = |modes: &[Mode], services: &[&str]| SpecialDay {
            date: "2026-12-25".parse().expect("a date"),
            from: NaiveTime::MIN,
            to: NaiveTime::MIN,
            breaks: Vec::new(),
            modes: modes.to_vec(),
            services: services.iter().map(|id| (*id).into()).collect(),
            every_minutes: None,
        };
        for (special, mode, service, expected) in [
            (day(&[], &[]), Mode::Video, "kep.a", true),
            (day(&[Mode::Phone], &[]), Mode::Phone, "kep.a", true),
            (day(&[Mode::Phone], &[]), Mode::Video, "kep.a", false),
            (day(&[], &["kep.b"]), Mode::Video, "kep.a", false),
            (day(&[Mode::Video], &["kep.b"]), Mode::Video, "kep.b", true),
        ] {
            assert_eq!(special.serves(mode, &service.into()), expected, "{special:?}");
        }
    }
}
