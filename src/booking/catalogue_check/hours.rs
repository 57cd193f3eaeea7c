//! Hours: weekly rules, the weeks in which they hold, single days.

use chrono::{NaiveTime, TimeDelta};

use super::Check;
use crate::booking::catalogue::{Break, Office, OpeningRule};
use crate::booking::id::ServiceId;
use crate::booking::rule::special_day::SpecialDay;

/// What weekly hours and the hours of a single day have in common.
struct Hours<'a> {
    label: String,
    from: NaiveTime,
    to: NaiveTime,
    breaks: &'a [Break],
    every_minutes: Option<u32>,
    services: &'a [ServiceId],
}

impl Check<'_> {
    pub(super) fn opening(&mut self, office: &Office, rule: &OpeningRule) {
        let label = format!("opening {}", between(rule.from, rule.to));
        self.require(!rule.days.is_empty(), &format!("{label}: it has no days"));
        let ordered = rule.valid_from.zip(rule.valid_to).is_none_or(|(from, to)| from <= to);
        self.require(ordered, &format!("{label}: valid_to is before valid_from"));
        self.recurrence(rule, &label);
        let OpeningRule { from, to, breaks, every_minutes, services, .. } = rule;
        self.hours(office, &Hours { label, from: *from, to: *to, breaks, every_minutes: *every_minutes, services });
    }

    fn recurrence(&mut self, rule: &OpeningRule, label: &str) {
        let every = rule.recurrence.every_weeks;
        let possible = every.is_none_or(|weeks| (1..=52).contains(&weeks));
        self.require(possible, &format!("{label}: recurrence.every_weeks is not between 1 and 52"));
        let anchored = every.is_none_or(|weeks| weeks <= 1) || rule.valid_from.is_some();
        self.require(
            anchored,
            &format!("{label}: recurrence.every_weeks is counted from valid_from, which is missing"),
        );
        let weeks = &rule.recurrence.weeks_of_month;
        let exist = weeks.iter().all(|week| (1..=5).contains(week) || *week == -1);
        self.require(exist, &format!("{label}: recurrence.weeks_of_month has something that is neither 1 to 5 nor -1"));
        let once = weeks.iter().enumerate().all(|(index, week)| !weeks[..index].contains(week));
        self.require(once, &format!("{label}: recurrence.weeks_of_month names a week twice"));
    }

    pub(super) fn special_day(&mut self, office: &Office, day: &SpecialDay) {
        let label = format!("special day {} {}", day.date, between(day.from, day.to));
        let SpecialDay { from, to, breaks, every_minutes, services, .. } = day;
        self.hours(office, &Hours { label, from: *from, to: *to, breaks, every_minutes: *every_minutes, services });
    }

    fn hours(&mut self, office: &Office, hours: &Hours<'_>) {
        let label = &hours.label;
        self.require(hours.from < hours.to, &format!("{label}: it ends before it begins"));
        let inside = |b: &Break| b.from < b.to && hours.from <= b.from && b.to <= hours.to;
        self.require(hours.breaks.iter().all(inside), &format!("{label}: a break is not inside it"));
        let apart = sorted(hours.breaks).windows(2).all(|pair| pair[0].to <= pair[1].from);
        self.require(apart, &format!("{label}: two breaks overlap"));
        let step_fits = hours.every_minutes.is_none_or(|m| (5..=240).contains(&m) && m % 5 == 0);
        self.require(step_fits, &format!("{label}: every_minutes is not 5 to 240 in steps of 5"));
        for service in hours.services.iter().filter(|s| !office.services.contains(s)) {
            self.report(format!("{label}: service {service} is not offered here"));
        }
    }
}

/// The longest time without a break inside a rule.
pub(super) fn longest_stretch(rule: &OpeningRule) -> TimeDelta {
    let breaks = sorted(&rule.breaks);
    let begins = std::iter::once(rule.from).chain(breaks.iter().map(|b| b.to));
    let ends = breaks.iter().map(|b| b.from).chain(std::iter::once(rule.to));
    begins.zip(ends).map(|(from, to)| to - from).max().unwrap_or_default()
}

fn sorted(breaks: &[Break]) -> Vec<Break> {
    let mut breaks = breaks.to_vec();
    breaks.sort_by_key(|b| b.from);
    breaks
}

fn between(from: NaiveTime, to: NaiveTime) -> String {
    format!("{}–{}", from.format("%H:%M"), to.format("%H:%M"))
}
