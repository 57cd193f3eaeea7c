//! Shares of an office's day: each must be possible, and must count some booking.

use super::Check;
use crate::booking::catalogue::Office;
use crate::booking::rule::quota::{BookedBy, Most, Quota};

/// The names under which bookings come in.
const CHANNELS: [&str; 5] = ["web", "telegram", "phone", "terminal", "staff"];
/// The most that is kept for people without an appointment, hundredths.
const MOST_WALK_IN: u32 = 90;
/// A year, hours.
const LONGEST_LIFT: u32 = 366 * 24;

impl Check<'_> {
    pub(super) fn quotas(&mut self, office: &Office) {
        self.require(office.walk_in_percent <= MOST_WALK_IN, "walk_in_percent is not between 0 and 90");
        for (number, quota) in (1..).zip(&office.quotas) {
            self.quota(office, quota, &format!("quota {number}"));
        }
    }

    fn quota(&mut self, office: &Office, quota: &Quota, label: &str) {
        let possible = !matches!(quota.most, Most::Percent(percent) if percent > 100);
        self.require(possible, &format!("{label}: most.percent is more than 100"));
        for channel in quota.channels.iter().filter(|c| !CHANNELS.contains(&c.as_str())) {
            self.report(format!("{label}: there is no channel {channel}; there are {}", CHANNELS.join(", ")));
        }
        for service in quota.services.iter().filter(|s| !office.services.contains(s)) {
            self.report(format!("{label}: service {service} is not offered here"));
        }
        for mode in &quota.modes {
            let counted = |id| quota.services.is_empty() || quota.services.contains(id);
            let served = office.services.iter().filter(|id| counted(id)).filter_map(|id| self.catalogue.service(id));
            if !served.into_iter().any(|service| service.served_by(*mode)) {
                self.report(format!("{label}: nothing is served here by {}", mode.as_str()));
            }
        }
        let by_staff_only = !quota.channels.is_empty() && quota.channels.iter().all(|c| c == "staff");
        let by_citizens_only = !quota.channels.is_empty() && !quota.channels.iter().any(|c| c == "staff");
        let nobody = match quota.booked_by {
            Some(BookedBy::Citizens) => by_staff_only,
            Some(BookedBy::Staff) => by_citizens_only,
            None => false,
        };
        self.require(!nobody, &format!("{label}: booked_by and channels leave no booking to count"));
        let lifts = quota.lifts_hours_before.is_none_or(|hours| (1..=LONGEST_LIFT).contains(&hours));
        self.require(lifts, &format!("{label}: lifts_hours_before is not between 1 and {LONGEST_LIFT}"));
    }
}
