//! Attempts at the edges of every rule, through the core.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

use super::reading::Asked;
use super::rule::{Rules, able, offers};
use super::{Rule, Trial};
use crate::booking::catalogue::{Catalogue, Day, Office, OpeningRule, ResourceKind, Service};
use crate::booking::core::{Needs, SlotQuery, Window};
use crate::booking::people::{Language, Mode, Relation};
use crate::booking::refusal::Refusal;

/// How many days are tried for each part of a calendar.
pub(super) const DAYS: i64 = 70;

impl Trial<'_> {
    /// Tries every rule at its edges.
    pub(super) async fn probe(&mut self) -> anyhow::Result<()> {
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let today = crate::clock::to_athens(self.now).date();
        let offices = self.sample(&catalogue.offices, |office| Rule::of_whole_office(office, today));
        let services = self.sample(&catalogue.services, Rule::of_service);
        for office in offices {
            for rule in &office.opening {
                self.calendar(&catalogue, office, rule).await?;
            }
            self.special_days(&catalogue, office).await?;
            self.abroad(&catalogue, office).await?;
            self.languages(&catalogue, office).await?;
            self.employees(&catalogue, office).await?;
        }
        for service in services {
            self.leads_and_horizons(&catalogue, service).await?;
            self.limits(&catalogue, service).await?;
            self.giving_back(&catalogue, service).await?;
        }
        self.unserved(&catalogue).await?;
        self.capacities(&catalogue).await?;
        for (service, office, mode) in offers(&catalogue).filter(|(service, ..)| service.rules.party.most > 1) {
            self.parties(service, office, mode).await?;
        }
        for office in catalogue.offices.iter().filter(|o| !o.quotas.is_empty() || o.walk_in_percent > 0) {
            self.shares(&catalogue, office).await?;
        }
        self.series(&catalogue).await?;
        self.waiting_lists(&catalogue).await
    }

    /// All of them, or in a sample one for each set of rules.
    fn sample<'b, T>(&self, all: &'b [T], rules: impl Fn(&T) -> Rules) -> Vec<&'b T> {
        let mut seen = BTreeSet::new();
        all.iter().filter(|one| self.options.every <= 1 || seen.insert(rules(one))).collect()
    }

    /// Tries a place; what the catalogue says of it decides what should come of it.
    pub(super) async fn attempt(
        &mut self,
        rule: Rule,
        asked: Asked<'_>,
        needs: Needs,
        allowed: bool,
    ) -> anyhow::Result<bool> {
        let forbidden = asked.forbidden(self.now);
        let taken = self.take(asked, needs.clone(), "web").await;
        let by = forbidden.unwrap_or(rule);
        let at = format!("{} {} {}", asked.service.id, asked.office.id, asked.start);
        match taken {
            Ok(_) => self.note(by, &format!("{at} {needs:?}"), allowed && forbidden.is_none(), false),
            // That others were quicker says nothing of the rule.
            Err(Refusal::SlotTaken | Refusal::KeptForOthers) if allowed && forbidden.is_none() => {}
            Err(Refusal::Unavailable(why)) => anyhow::bail!("the core is away: {why}"),
            Err(why) => self.note(by, &format!("{at} {needs:?}: {why}"), allowed && forbidden.is_none(), true),
        }
        Ok(forbidden.is_none() && allowed)
    }

    /// Days on which an opening rule would hold by its weekday, holidays and breaks among them.
    async fn calendar(&mut self, catalogue: &Catalogue, office: &Office, rule: &OpeningRule) -> anyhow::Result<()> {
        let Some((service, mode)) = served_in(catalogue, office, &rule.modes, &rule.services) else { return Ok(()) };
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let today = self.now.with_timezone(&office.time_zone).date_naive();
        let special = rule.recurrence != Default::default() || rule.valid_from.is_some() || rule.valid_to.is_some();
        let (mut held, mut refused) = (0, 0);
        for date in (1..DAYS).map(|days| today + TimeDelta::days(days)) {
            if !rule.days.contains(&Day::from(date.weekday())) {
                continue;
            }
            let from = instant(office, date, rule.from);
            let allowed = Asked { start: from, ..at }.forbidden(self.now).is_none();
            let count = if allowed { &mut held } else { &mut refused };
            *count += 1;
            if *count <= if special { 4 } else { 1 } {
                let pauses = rule.breaks.iter().map(|pause| instant(office, date, pause.from));
                let off_grid = rule.every_minutes.map(|_| from + TimeDelta::minutes(5));
                let after = instant(office, date, rule.to);
                for start in std::iter::once(from).chain(pauses).chain(off_grid).chain([after]) {
                    self.attempt(Rule::Hours, Asked { start, ..at }, Needs::default(), true).await?;
                }
                self.of_others(catalogue, office, rule, from).await?;
            }
        }
        Ok(())
    }

    /// At hours that are for some modes or services only: the others.
    async fn of_others(
        &mut self,
        catalogue: &Catalogue,
        office: &Office,
        rule: &OpeningRule,
        start: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let here = |(_, at, _): &(&Service, &Office, Mode)| at.id == office.id;
        let mode = offers(catalogue).filter(here).find(|(_, _, mode)| !super::rule::admits(&rule.modes, mode));
        let service = offers(catalogue).filter(here).find(|(service, _, mode)| {
            super::rule::admits(&rule.modes, mode) && !super::rule::admits(&rule.services, &service.id)
        });
        for (kind, other) in [(Rule::HoursOfMode, mode), (Rule::HoursOfService, service)] {
            let Some((service, _, mode)) = other else { continue };
            self.attempt(kind, Asked { service, office, mode, persons: 1, start }, Needs::default(), true).await?;
        }
        Ok(())
    }

    /// An office abroad, at its opening hour by the clock of Athens.
    async fn abroad(&mut self, catalogue: &Catalogue, office: &Office) -> anyhow::Result<()> {
        if office.time_zone == crate::clock::ATHENS {
            return Ok(());
        }
        let Some((service, _, mode)) = offers(catalogue).find(|(_, at, _)| at.id == office.id) else { return Ok(()) };
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let from = self.now + TimeDelta::days(7);
        let Some(open) = self.starts(at, from, from + TimeDelta::days(14)).into_iter().next() else { return Ok(()) };
        let local = open.start.with_timezone(&office.time_zone).naive_local();
        let Some(start) = crate::clock::from_athens(local) else { return Ok(()) };
        let here = Asked { start, ..at };
        let refused = self.take(here, Needs::default(), "web").await.is_err();
        let what = format!("{} by the clock of Athens, {start}", office.id);
        self.note(Rule::TimeZone, &what, here.forbidden(self.now).is_none(), refused);
        Ok(())
    }

    /// Every way in which a service is not held.
    async fn unserved(&mut self, catalogue: &Catalogue) -> anyhow::Result<()> {
        for service in &catalogue.services {
            let Some((_, office, mode)) = offers(catalogue).find(|(s, ..)| s.id == service.id) else { continue };
            let at = Asked { service, office, mode, persons: 1, start: self.now };
            let from = self.now + TimeDelta::days(5);
            let Some(open) = self.starts(at, from, from + TimeDelta::days(14)).into_iter().next() else { continue };
            for mode in Mode::ALL.into_iter().filter(|mode| !service.served_by(*mode)) {
                self.attempt(Rule::ServedBy, Asked { mode, ..open }, Needs::default(), false).await?;
            }
        }
        Ok(())
    }

    async fn special_days(&mut self, catalogue: &Catalogue, office: &Office) -> anyhow::Result<()> {
        for day in &office.special_days {
            let Some((service, mode)) = served_in(catalogue, office, &day.modes, &day.services) else { continue };
            for time in [day.from, day.from - TimeDelta::hours(1), day.to] {
                let asked = Asked { service, office, mode, persons: 1, start: instant(office, day.date, time) };
                self.attempt(Rule::SpecialDay, asked, Needs::default(), true).await?;
            }
        }
        Ok(())
    }

    /// Every language at every office: where somebody speaks it there is a place, elsewhere none.
    async fn languages(&mut self, catalogue: &Catalogue, office: &Office) -> anyhow::Result<()> {
        let here = offers(catalogue).filter(|(_, at, _)| at.id == office.id);
        let Some((service, _, mode)) = here
            .into_iter()
            .find(|(s, _, mode)| able(s, office, *mode).any(speaks_any))
            .or_else(|| offers(catalogue).find(|(_, at, _)| at.id == office.id))
        else {
            return Ok(());
        };
        for language in Language::ALL {
            let speaks = able(service, office, mode).any(|r| r.languages.contains(&language));
            let needs = Needs { language: Some(language), ..Needs::default() };
            self.somewhere(Rule::Languages, (service, office, mode), needs, speaks).await?;
        }
        Ok(())
    }

    async fn employees(&mut self, catalogue: &Catalogue, office: &Office) -> anyhow::Result<()> {
        for resource in &office.resources {
            let served = offers(catalogue).filter(|(_, at, _)| at.id == office.id);
            let mut served = served.filter(|(s, _, mode)| able(s, office, *mode).any(|r| r.id == resource.id));
            let Some((service, _, mode)) = served.next() else { continue };
            let employee = resource.kind == ResourceKind::Employee && !resource.hidden;
            let chosen = office.choose_employee && employee;
            // Whether a desk may be chosen where employees may is a matter of taste.
            if office.choose_employee && resource.kind == ResourceKind::Desk {
                continue;
            }
            let needs = Needs { resource: Some(resource.id.clone()), ..Needs::default() };
            let hidden = office.choose_employee && resource.hidden;
            let rule = if hidden { Rule::HiddenEmployee } else { Rule::ChosenEmployee };
            self.somewhere(rule, (service, office, mode), needs, chosen).await?;
            if !office.choose_employee {
                break;
            }
        }
        Ok(())
    }

    async fn parties(&mut self, service: &Service, office: &Office, mode: Mode) -> anyhow::Result<()> {
        let most = service.rules.party.most;
        for persons in [2, most, most + 1] {
            let needs = Needs { persons, ..Needs::default() };
            let rule = Rule::of_party(&service.rules.party);
            self.somewhere(rule, (service, office, mode), needs, persons <= most).await?;
        }
        Ok(())
    }

    /// Tries the first places that the catalogue allows until one is not taken by somebody else.
    async fn somewhere(
        &mut self,
        rule: Rule,
        (service, office, mode): (&Service, &Office, Mode),
        needs: Needs,
        allowed: bool,
    ) -> anyhow::Result<()> {
        let persons = needs.persons.min(service.rules.party.most);
        let at = Asked { service, office, mode, persons, start: self.now };
        let from = self.now + TimeDelta::minutes(service.rules.lead_minutes.into()) + TimeDelta::days(3);
        let open = self.starts(at, from, from + TimeDelta::days(14));
        let mut open: Vec<_> = open.into_iter().filter(|asked| asked.forbidden(self.now).is_none()).collect();
        open.truncate(40);
        for asked in open {
            let before = self.rows.len();
            let asked = Asked { persons: needs.persons, ..asked };
            if !self.attempt(rule, asked, needs.clone(), allowed).await? || self.rows.len() > before {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn leads_and_horizons(&mut self, catalogue: &Catalogue, service: &Service) -> anyhow::Result<()> {
        let Some((_, office, mode)) = offers(catalogue).find(|(s, ..)| s.id == service.id) else { return Ok(()) };
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let lead = TimeDelta::minutes(service.rules.lead_minutes.into());
        let horizon = self.now + TimeDelta::days(service.rules.horizon_days.into());
        let soon = self.starts(at, self.now, self.now + lead).into_iter().next();
        let far = self.starts(at, horizon - TimeDelta::days(10), horizon + TimeDelta::days(12));
        let beyond = far.iter().find(|asked| asked.forbidden(self.now).is_some()).copied();
        let last = far.iter().rev().find(|asked| asked.forbidden(self.now).is_none()).copied();
        for asked in [soon, beyond, last].into_iter().flatten() {
            self.attempt(Rule::Horizon, asked, Needs::default(), true).await?;
        }
        Ok(())
    }

    /// As many as allowed are taken, and one more is refused: for one person, for a client, by one telephone.
    async fn limits(&mut self, catalogue: &Catalogue, service: &Service) -> anyhow::Result<()> {
        let limits = service.rules.limits;
        let client = limits.per_client.unwrap_or(limits.per_beneficiary);
        self.limit(catalogue, service, Rule::LimitPerBeneficiary, (limits.per_beneficiary, None, true)).await?;
        if limits.per_client.is_some() {
            self.limit(catalogue, service, Rule::LimitPerClient, (client, Some(Relation::Client), true)).await?;
        }
        if let Some(most) = limits.per_requester {
            self.limit(catalogue, service, Rule::LimitPerRequester, (most, Some(Relation::Other), false)).await?;
        }
        Ok(())
    }

    async fn limit(
        &mut self,
        catalogue: &Catalogue,
        service: &Service,
        rule: Rule,
        (most, relation, one_person): (u32, Option<Relation>, bool),
    ) -> anyhow::Result<()> {
        let Some((_, office, mode)) = offers(catalogue).filter(|(s, ..)| s.id == service.id).last() else {
            return Ok(());
        };
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let from = self.now + TimeDelta::minutes(service.rules.lead_minutes.into());
        let open = self.starts(at, from, from + TimeDelta::days(21));
        let now = self.now;
        self.next_person += 1;
        let first = self.next_person;
        let mut taken = 0;
        for asked in open.into_iter().filter(|asked| asked.forbidden(now).is_none()) {
            self.next_person += 1;
            let person = if one_person { first } else { self.next_person };
            let result = self.take_for(asked, Needs::default(), "web", (person, first, relation)).await;
            let refused = match result {
                Ok(_) => false,
                Err(Refusal::LimitReached(_)) => true,
                Err(_) => continue,
            };
            self.note(rule, &format!("{} number {}", service.id, taken + 1), taken < most, refused);
            if refused || taken >= most {
                return Ok(());
            }
            taken += 1;
        }
        Ok(())
    }

    /// Too late for a citizen, never for staff; and what a citizen gives back in time stays shut for a while.
    async fn giving_back(&mut self, catalogue: &Catalogue, service: &Service) -> anyhow::Result<()> {
        let Some((_, office, mode)) = offers(catalogue).find(|(s, ..)| s.id == service.id) else { return Ok(()) };
        let rules = &service.rules;
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let lead = self.now + TimeDelta::minutes(rules.lead_minutes.into());
        let limit = self.now + TimeDelta::minutes(rules.cancel_limit_minutes.into());
        let early = self.starts(at, lead, limit).into_iter().find(|asked| asked.forbidden(self.now).is_none());
        if let Some(asked) = early
            && let Ok(reference) = self.take(asked, Needs::default(), "web").await
        {
            let late = self.app.core.cancel(&reference, &super::actor("web"), "").await;
            self.note(Rule::CancelLimit, service.id.as_str(), false, matches!(late, Err(Refusal::TooLate(_))));
            let staff = self.app.core.cancel(&reference, &super::actor("staff"), "").await;
            self.note(Rule::CancelLimit, "staff", true, staff.is_err());
        }
        let from = limit.max(lead) + TimeDelta::days(2);
        let later = self.starts(at, from, from + TimeDelta::days(10));
        let Some(asked) = later.into_iter().find(|asked| asked.forbidden(self.now).is_none()) else { return Ok(()) };
        if let Ok(reference) = self.take(asked, Needs::default(), "web").await {
            let before = self.free_at(asked).await?;
            let given = self.app.core.cancel(&reference, &super::actor("web"), "").await;
            self.note(Rule::CancelLimit, service.id.as_str(), true, given.is_err());
            let shut = self.free_at(asked).await? == before;
            let what = format!("{} given back", service.id);
            self.note(Rule::Cooldown, &what, rules.cooldown.to_minutes == 0, shut);
        }
        Ok(())
    }

    /// How many such places the core shows at a time.
    async fn free_at(&self, asked: Asked<'_>) -> anyhow::Result<u32> {
        let query = SlotQuery {
            offices: vec![asked.office.id.clone()],
            windows: vec![Window { from: asked.start, to: asked.start }],
            ..SlotQuery::new(asked.service.id.clone(), asked.mode, 1)
        };
        let page = self.app.core.search(&query, &super::actor("web")).await?;
        Ok(page.slots.first().map_or(0, |slot| slot.free))
    }
}

fn speaks_any(resource: &crate::booking::catalogue::Resource) -> bool {
    !resource.languages.is_empty()
}

/// Something that is served under hours or a quota for these modes and services.
pub(super) fn served_in<'a>(
    catalogue: &'a Catalogue,
    office: &Office,
    modes: &[Mode],
    services: &[crate::booking::id::ServiceId],
) -> Option<(&'a Service, Mode)> {
    let here = offers(catalogue).filter(|(_, at, _)| at.id == office.id);
    let fits =
        |service: &Service, mode: Mode| super::rule::admits(modes, &mode) && super::rule::admits(services, &service.id);
    here.map(|(service, _, mode)| (service, mode)).find(|(service, mode)| fits(service, *mode))
}

/// The instant at which the office's clock shows a time on a date.
pub(super) fn instant(office: &Office, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = office.time_zone.from_local_datetime(&date.and_time(time)).earliest();
    local.map_or_else(|| date.and_time(time).and_utc(), |local| local.to_utc())
}
