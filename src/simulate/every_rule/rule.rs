//! The rules of a catalogue by name, and where each of them says something.

use crate::booking::catalogue::{Catalogue, Office, OpeningRule, Resource, Service};
use crate::booking::people::Mode;
use crate::booking::rule::buffer::Buffer;
use crate::booking::rule::cooldown::Cooldown;
use crate::booking::rule::release::Release;

/// A rule of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Weekly hours, their grid and the length of an appointment.
    Hours,
    /// Breaks.
    Break,
    /// Public and local holidays.
    Holiday,
    /// Hours from or to a date.
    Validity,
    /// Every n weeks, or certain weeks of the month.
    Recurrence,
    /// A day that opens out of turn.
    SpecialDay,
    /// The least time ahead.
    Lead,
    /// The horizon that moves by itself.
    Horizon,
    /// Days that open at a set hour, one by one or in batches.
    Release,
    /// Until when a citizen may cancel.
    CancelLimit,
    /// Live appointments of one person.
    LimitPerBeneficiary,
    /// The same for clients of professionals.
    LimitPerClient,
    /// All for whom one telephone books.
    LimitPerRequester,
    /// Time around appointments.
    Buffer,
    /// Several persons at once.
    Party,
    /// A slot given back stays shut.
    Cooldown,
    /// Several appointments in a row.
    Series,
    /// Waiting for a place.
    WaitingList,
    /// Who can do it.
    Skills,
    /// Languages beside Greek.
    Languages,
    /// An employee by choice.
    ChosenEmployee,
    /// Shares of the day.
    Quota,
    /// What is kept for people without an appointment.
    WalkIn,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 23] = [
        Self::Hours,
        Self::Break,
        Self::Holiday,
        Self::Validity,
        Self::Recurrence,
        Self::SpecialDay,
        Self::Lead,
        Self::Horizon,
        Self::Release,
        Self::CancelLimit,
        Self::LimitPerBeneficiary,
        Self::LimitPerClient,
        Self::LimitPerRequester,
        Self::Buffer,
        Self::Party,
        Self::Cooldown,
        Self::Series,
        Self::WaitingList,
        Self::Skills,
        Self::Languages,
        Self::ChosenEmployee,
        Self::Quota,
        Self::WalkIn,
    ];

    /// Whether it says something of this service at this office in this mode, beyond what it says when it is left out.
    #[must_use]
    pub fn governs(self, service: &Service, office: &Office, mode: Mode) -> bool {
        let rules = &service.rules;
        let any_hours = |of: fn(&OpeningRule) -> bool| {
            let here = office.opening.iter().filter(|r| admits(&r.modes, &mode) && admits(&r.services, &service.id));
            here.into_iter().any(of)
        };
        let any_resource = |of: fn(&Resource) -> bool| able(service, office, mode).any(of);
        match self {
            Self::Hours | Self::Holiday | Self::Lead | Self::CancelLimit | Self::LimitPerBeneficiary => true,
            Self::Break => any_hours(|rule| !rule.breaks.is_empty()),
            Self::Validity => any_hours(|rule| rule.valid_from.is_some() || rule.valid_to.is_some()),
            Self::Recurrence => any_hours(|rule| rule.recurrence != Default::default()),
            Self::SpecialDay => office.special_days.iter().any(|day| day.serves(mode, &service.id)),
            Self::Horizon => rules.release == Release::Continuous,
            Self::Release => rules.release != Release::Continuous,
            Self::LimitPerClient => rules.limits.per_client.is_some(),
            Self::LimitPerRequester => rules.limits.per_requester.is_some(),
            Self::Buffer => rules.buffer != Buffer::default() || any_resource(|r| r.buffer != Buffer::default()),
            Self::Party => rules.party.most > 1,
            Self::Cooldown => rules.cooldown != Cooldown::default(),
            Self::Series => rules.series_most > 1,
            Self::WaitingList => rules.waiting_list,
            Self::Skills => !service.skills.is_empty(),
            Self::Languages => any_resource(|r| !r.languages.is_empty()),
            Self::ChosenEmployee => office.choose_employee,
            Self::Quota => office.quotas.iter().any(|q| admits(&q.modes, &mode) && admits(&q.services, &service.id)),
            Self::WalkIn => office.walk_in_percent > 0,
        }
    }
}

/// Every service of a catalogue at every office in every mode that somebody serves there.
pub fn offers(catalogue: &Catalogue) -> impl Iterator<Item = (&Service, &Office, Mode)> {
    let at_offices = catalogue.services.iter().flat_map(|s| catalogue.offices_offering(&s.id).map(move |o| (s, o)));
    at_offices.flat_map(|(service, office)| service.modes.iter().map(move |served| (service, office, served.mode)))
}

/// The resources that can serve it.
pub fn able<'a>(service: &'a Service, office: &'a Office, mode: Mode) -> impl Iterator<Item = &'a Resource> {
    let willing = move |r: &&Resource| admits(&r.modes, &mode) && admits(&r.services, &service.id);
    office.resources.iter().filter(willing).filter(|r| service.skills.iter().all(|skill| r.skills.contains(skill)))
}

/// An empty list admits everything.
pub fn admits<T: PartialEq>(only: &[T], wanted: &T) -> bool {
    only.is_empty() || only.contains(wanted)
}
