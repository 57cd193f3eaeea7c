//! What is asked of the board, made ready: by whom, for whom, when, and who at an office could serve it.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Board;
use super::ledger::OfficeBook;
use super::memo::Question;
use super::time::{Seconds, Span, seconds_up};
use crate::booking::calendar::{Offer, admits};
use crate::booking::catalogue::{Office, Resource, Service};
use crate::booking::core::{Actor, EmptyBecause, Needs};
use crate::booking::id::ServiceId;
use crate::booking::people::Mode;
use crate::booking::refusal::Refusal;
use crate::booking::rule::quota::{Kind, Quota};
use crate::booking::rule::release::Release;

/// How far ahead officials may book, days.
pub(super) const STAFF_HORIZON_DAYS: u32 = 366;

/// One question, the same at every office.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) board: &'a Board,
    pub(super) service: &'a Service,
    pub(super) mode: Mode,
    pub(super) needs: &'a Needs,
    pub(super) actor: &'a Actor,
    pub(super) now: DateTime<Utc>,
    /// How long one appointment of one person takes, minutes.
    minutes: u32,
}

/// An office that is asked.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) offer: Offer<'a>,
    /// Its place in the catalogue.
    pub(super) place: usize,
    pub(super) book: &'a OfficeBook,
    /// Those of its resources that could serve the request, in the order of the catalogue.
    pub(super) team: Vec<Member<'a>>,
    /// The shares that a booking of this kind counts towards.
    pub(super) quotas: Vec<Quota>,
    /// The last date that may be booked.
    pub(super) last_date: NaiveDate,
    /// How far it is from where distances are counted.
    pub(super) distance_m: Option<u32>,
}

/// A resource that could serve a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) resource: &'a Resource,
    /// What the ledger calls it.
    pub(super) number: u32,
    /// Buffers of the service and of the resource together, seconds.
    pub(super) before: Seconds,
    pub(super) after: Seconds,
}

impl<'a> Request<'a> {
    pub(super) fn new(
        board: &'a Board,
        (service, mode, needs): (&ServiceId, Mode, &'a Needs),
        actor: &'a Actor,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let unknown = || Refusal::NotOffered(format!("service {service}"));
        let place = board.index.service(service).ok_or_else(unknown)?;
        let service = &board.catalogue.services[place];
        if needs.persons == 0 {
            return Err(Refusal::Invalid { field: "persons", message: "is not at least 1".to_owned() });
        }
        let unserved = || Refusal::NotOffered(format!("service {} by {}", service.id, mode.as_str()));
        let minutes = service.minutes(mode).ok_or_else(unserved)?;
        Ok(Self { board, service, mode, needs, actor, now, minutes })
    }

    /// The question that others ask, too; `None` for one with needs of its own.
    pub(super) fn question(&self) -> Option<Question> {
        (*self.needs == Needs::default()).then(|| Question {
            service: self.service.id.clone(),
            mode: self.mode,
            staff: !self.actor.is_citizen(),
            channel: self.actor.channel().to_owned(),
        })
    }

    /// An office of the catalogue, asked for this.
    pub(super) fn candidate(&self, place: usize) -> Result<Candidate<'a>, Refusal> {
        let office = &self.board.catalogue.offices[place];
        let offer = Offer::of(self.service, office, self.mode)?;
        let zone = office.time_zone;
        Ok(Candidate {
            offer,
            place,
            book: self.board.ledger.book(self.board.index.office_numbers[place]),
            team: self.team(office, &self.board.index.resource_numbers[place]),
            quotas: self.quotas(office),
            last_date: self.last_date(zone),
            distance_m: None,
        })
    }

    /// How long the appointment takes.
    pub(super) fn length(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.party_minutes()))
    }

    pub(super) fn length_seconds(&self) -> Seconds {
        self.party_minutes() * 60
    }

    /// How many resources it takes at once.
    pub(super) fn desks(&self) -> u32 {
        self.service.rules.party.desks(self.needs.persons)
    }

    /// What it counts as in quotas.
    pub(super) fn minutes_counted(&self) -> u32 {
        self.party_minutes() * self.desks()
    }

    /// The earliest start.
    pub(super) fn earliest(&self) -> DateTime<Utc> {
        let lead = if self.actor.is_citizen() { self.service.rules.lead_minutes } else { 0 };
        self.now + TimeDelta::minutes(i64::from(lead))
    }

    pub(super) fn earliest_second(&self) -> Seconds {
        seconds_up(self.earliest())
    }

    /// How many days ahead it may be booked.
    pub(super) fn horizon_days(&self) -> u32 {
        if self.actor.is_citizen() { self.service.rules.horizon_days } else { STAFF_HORIZON_DAYS }
    }

    /// When days become bookable for who asks.
    pub(super) fn release(&self) -> Release {
        if self.actor.is_citizen() { self.service.rules.release } else { Release::Continuous }
    }

    /// What keeps a date after the last bookable one shut.
    pub(super) fn beyond(&self, date: NaiveDate, zone: Tz) -> EmptyBecause {
        let opens = self.release().opens_at(date, self.horizon_days(), self.now, zone);
        opens.map_or(EmptyBecause::BeyondHorizon(self.horizon_days()), EmptyBecause::NotYetOpen)
    }

    fn party_minutes(&self) -> u32 {
        self.service.rules.party.minutes(self.minutes, self.needs.persons)
    }

    fn last_date(&self, zone: Tz) -> NaiveDate {
        self.release().open_until(self.horizon_days(), self.now, zone)
    }

    fn team(&self, office: &'a Office, numbers: &[u32]) -> Vec<Member<'a>> {
        let too_many = self.needs.persons > self.service.rules.party.most.max(1);
        let resources = office.resources.iter().zip(numbers);
        let team = resources.filter(|(resource, _)| !too_many && self.serves(office, resource));
        let team: Vec<_> = team.map(|(resource, &number)| self.member(resource, number)).collect();
        if team.len() < self.desks() as usize { Vec::new() } else { team }
    }

    fn member(&self, resource: &'a Resource, number: u32) -> Member<'a> {
        let buffer = self.service.rules.buffer.and(resource.buffer);
        Member { resource, number, before: buffer.before_minutes * 60, after: buffer.after_minutes * 60 }
    }

    fn serves(&self, office: &Office, resource: &Resource) -> bool {
        let may_choose = !self.actor.is_citizen() || (office.choose_employee && !resource.hidden);
        admits(&resource.modes, &self.mode)
            && admits(&resource.services, &self.service.id)
            && self.service.skills.iter().all(|skill| resource.skills.contains(skill))
            && self.needs.language.is_none_or(|language| resource.languages.contains(&language))
            && self.needs.resource.as_ref().is_none_or(|chosen| *chosen == resource.id && may_choose)
    }

    fn quotas(&self, office: &Office) -> Vec<Quota> {
        let kind = Kind::of(self.actor, self.mode, &self.service.id);
        let mut quotas: Vec<Quota> = office.quotas.iter().filter(|quota| quota.counts(&kind)).cloned().collect();
        quotas.extend(Quota::leaving_walk_in(office.walk_in_percent));
        quotas
    }
}

impl Member<'_> {
    /// What an appointment in `slot` claims of it.
    pub(super) fn claim(&self, slot: Span) -> Span {
        Span { from: slot.from.saturating_sub(self.before), to: slot.to.saturating_add(self.after) }
    }
}

/// The date so many days later.
pub(super) fn days_after(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}
