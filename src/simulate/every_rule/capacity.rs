//! How many can be served at once: a time is taken until nobody is left who can serve it, and the time next to it is tried after that.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::reading::{Asked, free_desks};
use super::rule::{Rules, able, offers, unable};
use super::{Rule, Trial};
use crate::booking::catalogue::{Catalogue, Office, Service};
use crate::booking::core::Needs;
use crate::booking::people::Mode;
use crate::booking::rule::buffer::Buffer;

/// How far from now, days: beyond what the other attempts take.
const AHEAD: i64 = 11;

impl Trial<'_> {
    /// At every office once for each rule that says who serves what.
    pub(super) async fn capacities(&mut self, catalogue: &Catalogue) -> anyhow::Result<()> {
        let whole =
            |(_, office, _): &(&Service, &Office, Mode)| office.quotas.is_empty() && office.walk_in_percent == 0;
        let mut tried = BTreeSet::new();
        for (service, office, mode) in offers(catalogue).filter(whole) {
            let rules = who_serves(service, office, mode);
            // In a sample once is enough, wherever it is.
            let place = (self.options.every <= 1).then_some(&office.id);
            let new: Rules = rules.into_iter().filter(|rule| !tried.contains(&(*rule, place))).collect();
            if !new.is_empty() && self.capacity(catalogue, (service, office, mode), &new).await? {
                tried.extend(new.into_iter().map(|rule| (rule, place)));
            }
        }
        Ok(())
    }

    /// Whether there was a time to try it at: one that nobody has, with another one right after it.
    async fn capacity(
        &mut self,
        catalogue: &Catalogue,
        (service, office, mode): (&Service, &Office, Mode),
        rules: &Rules,
    ) -> anyhow::Result<bool> {
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let lead = TimeDelta::minutes(service.rules.lead_minutes.into());
        let from = self.now + lead + TimeDelta::days(AHEAD);
        let mut open = self.starts(at, from, from + TimeDelta::days(14));
        open.retain(|asked| asked.forbidden(self.now).is_none());
        let all = able(service, office, mode).count();
        let untouched = |asked: &&Asked<'_>| free_desks(catalogue, **asked, &self.rows).len() == all;
        let next = |asked: &Asked<'_>| asked.start + TimeDelta::minutes(asked.minutes());
        let has_next = |asked: &&Asked<'_>| open.iter().any(|other| other.start == next(asked));
        let Some(first) = open.iter().filter(untouched).find(has_next).copied() else { return Ok(false) };
        let (buffers, desks): (Vec<Rule>, Vec<Rule>) =
            rules.iter().partition(|rule| matches!(rule, Rule::BufferOfService | Rule::BufferOfResource));
        while self.take_one_more(catalogue, first, &desks).await? {}
        if !buffers.is_empty() {
            self.take_one_more(catalogue, Asked { start: next(&first), ..first }, &buffers).await?;
        }
        Ok(true)
    }

    /// Takes it once more, which must go well if and only if a desk is free; tells whether it did.
    async fn take_one_more(&mut self, catalogue: &Catalogue, asked: Asked<'_>, rules: &[Rule]) -> anyhow::Result<bool> {
        let free = free_desks(catalogue, asked, &self.rows).len();
        let taken = self.take(asked, Needs::default(), "web").await;
        let what = format!("{} {} {}: {free} free, {taken:?}", asked.service.id, asked.office.id, asked.start);
        for rule in rules {
            self.note(*rule, &what, free > 0, taken.is_err());
        }
        Ok(taken.is_ok())
    }
}

/// The rules that leave fewer desks to a service than the office has, or less of their time.
fn who_serves(service: &Service, office: &Office, mode: Mode) -> Rules {
    let mut rules: Rules = office.resources.iter().filter_map(|desk| unable(service, desk, mode)).collect();
    if service.rules.buffer != Buffer::default() {
        rules.insert(Rule::BufferOfService);
    }
    if able(service, office, mode).any(|desk| desk.buffer != Buffer::default()) {
        rules.insert(Rule::BufferOfResource);
    }
    // Nobody may choose them, but they serve like the others: the last one to be taken is among them.
    if able(service, office, mode).any(|desk| desk.hidden) {
        rules.insert(Rule::HiddenEmployee);
    }
    rules
}
