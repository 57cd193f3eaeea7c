//! The rules of a catalogue by name, and where each of them says something.
//!
//! The types of the catalogue are taken apart field by field, without a remainder: whoever adds a field to one of them is told by the
//! compiler to say here which rule it is, and the run then fails until that rule has been tried.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::reading::Row;
use crate::booking::catalogue::{BookingRules, Catalogue, Office, OpeningRule, Resource, Service};
use crate::booking::people::{Mode, Relation};
use crate::booking::rule::buffer::Buffer;
use crate::booking::rule::cooldown::Cooldown;
use crate::booking::rule::limit::Limits;
use crate::booking::rule::party::{Party, Share};
use crate::booking::rule::quota::{BookedBy, Most, Quota};
use crate::booking::rule::recurrence::Recurrence;
use crate::booking::rule::release::Release;
use crate::booking::rule::special_day::SpecialDay;
use crate::clock::ATHENS;

/// Declares the rules once: the type and the list of all its values.
macro_rules! rules {
    ($($(#[doc = $what:literal])+ $name:ident,)+) => {
        /// A rule of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rule {
            $($(#[doc = $what])+ $name,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}

rules! {
    /// Weekly hours and the length of an appointment.
    Hours,
    /// Hours for some modes only.
    HoursOfMode,
    /// Hours for some services only.
    HoursOfService,
    /// Breaks.
    Break,
    /// A set time between starts.
    Grid,
    /// Hours from or to a date.
    Validity,
    /// Hours every n weeks.
    EveryWeeks,
    /// Hours in certain weeks of the month.
    WeeksOfMonth,
    /// Hours by the clock of another country.
    TimeZone,
    /// Public holidays.
    Holiday,
    /// Holidays of the municipality or of the office.
    LocalHoliday,
    /// A day that opens out of turn.
    SpecialDay,
    /// The ways in which a service is held.
    ServedBy,
    /// The least time ahead.
    Lead,
    /// The horizon that moves by itself.
    Horizon,
    /// Days that open one by one at a set hour.
    ReleaseDaily,
    /// Weeks that open at a set hour.
    ReleaseWeekly,
    /// Months that open at a set hour.
    ReleaseMonthly,
    /// Until when a citizen may cancel.
    CancelLimit,
    /// Live appointments of one person.
    LimitPerBeneficiary,
    /// The same for clients of professionals.
    LimitPerClient,
    /// All for whom one telephone books.
    LimitPerRequester,
    /// Time around the appointments of a service.
    BufferOfService,
    /// Time around the appointments of a desk or an employee.
    BufferOfResource,
    /// Several persons at one desk for longer.
    PartyMinutes,
    /// Several persons at a desk each.
    PartyDesks,
    /// A slot given back stays shut.
    Cooldown,
    /// Several appointments in a row.
    Series,
    /// Waiting for a place.
    WaitingList,
    /// Who can do it.
    Skills,
    /// Desks for some modes only.
    ResourceModes,
    /// Desks for some services only.
    ResourceServices,
    /// Languages beside Greek.
    Languages,
    /// An employee by choice.
    ChosenEmployee,
    /// An employee whom nobody may choose.
    HiddenEmployee,
    /// A share of the day for a channel.
    QuotaOfChannel,
    /// A share of the day for what citizens book.
    QuotaOfCitizens,
    /// A share of the day for what officials book.
    QuotaOfStaff,
    /// A share of the day for a mode.
    QuotaOfMode,
    /// A share of the day for a service.
    QuotaOfService,
    /// A share in hundredths of the serving time.
    QuotaPercent,
    /// A share in appointments.
    QuotaPlaces,
    /// A share that ends some hours before the start.
    QuotaLifts,
    /// What is kept for people without an appointment.
    WalkIn,
}

/// A set of rules.
pub type Rules = BTreeSet<Rule>;

/// Keeps the rules of the conditions that hold.
fn where_true<const N: usize>(rules: [(Rule, bool); N]) -> impl Iterator<Item = Rule> {
    rules.into_iter().filter(|(_, holds)| *holds).map(|(rule, _)| rule)
}

impl Rule {
    /// Whether it can refuse anything; the others only let more be booked.
    #[must_use]
    pub fn can_refuse(self) -> bool {
        !matches!(self, Self::QuotaLifts)
    }

    /// Every rule that says something anywhere in a catalogue about the time that can be booked from `today` on.
    #[must_use]
    pub fn of_catalogue(catalogue: &Catalogue, today: NaiveDate) -> Rules {
        let Catalogue { organisations: _, services, offices } = catalogue;
        let of_services = services.iter().flat_map(Self::of_service);
        of_services.chain(offices.iter().flat_map(|office| Self::of_whole_office(office, today))).collect()
    }

    /// What governs an appointment: the rules of its service, of the hours it lies in, of its desk and its office.
    #[must_use]
    pub fn of_row(catalogue: &Catalogue, row: &Row) -> Rules {
        let it = &row.appointment;
        let (Some(service), Some(office)) = (catalogue.service(&it.service), catalogue.office(&it.office)) else {
            return Rules::new();
        };
        let start = it.start.with_timezone(&office.time_zone).naive_local();
        let special: Vec<_> = office.special_days.iter().filter(|day| day.date == start.date()).collect();
        let special: Vec<_> = special.into_iter().filter(|day| day.serves(it.mode, &it.service)).collect();
        let weekly = office.opening.iter().filter(|rule| {
            special.is_empty()
                && rule.holds_on(start.date())
                && (rule.from..rule.to).contains(&start.time())
                && admits(&rule.modes, &it.mode)
                && admits(&rule.services, &it.service)
        });
        let desk = office.resources.iter().filter(|resource| resource.id == it.resource);
        let quotas = office.quotas.iter().filter(|quota| super::reading::counts(quota, row));
        let mut rules: Rules = Self::of_service(service).into_iter().chain(Self::of_office(office)).collect();
        rules.extend(special.iter().flat_map(|day| Self::of_special_day(day)));
        rules.extend(weekly.flat_map(Self::of_opening));
        rules.extend(desk.flat_map(Self::of_resource));
        rules.extend(quotas.flat_map(Self::of_quota));
        rules.retain(|rule| rule.shows_in(row));
        rules
    }

    /// Whether a rule that only some bookings of a service make use of was made use of here.
    fn shows_in(self, row: &Row) -> bool {
        let it = &row.appointment;
        match self {
            Self::PartyMinutes | Self::PartyDesks => row.needs.persons > 1,
            Self::Series => it.series.is_some(),
            Self::WaitingList => row.waited,
            Self::Languages => row.needs.language.is_some(),
            Self::ChosenEmployee => row.needs.resource.is_some(),
            Self::LimitPerClient => it.relation == Some(Relation::Client),
            Self::LimitPerRequester => it.relation.is_some_and(|relation| relation != Relation::Client),
            // Counted where it is known whether the share was exceeded.
            Self::QuotaLifts => false,
            Self::Hours
            | Self::HoursOfMode
            | Self::HoursOfService
            | Self::Break
            | Self::Grid
            | Self::Validity
            | Self::EveryWeeks
            | Self::WeeksOfMonth
            | Self::TimeZone
            | Self::Holiday
            | Self::LocalHoliday
            | Self::SpecialDay
            | Self::ServedBy
            | Self::Lead
            | Self::Horizon
            | Self::ReleaseDaily
            | Self::ReleaseWeekly
            | Self::ReleaseMonthly
            | Self::CancelLimit
            | Self::LimitPerBeneficiary
            | Self::BufferOfService
            | Self::BufferOfResource
            | Self::Cooldown
            | Self::Skills
            | Self::ResourceModes
            | Self::ResourceServices
            | Self::HiddenEmployee
            | Self::QuotaOfChannel
            | Self::QuotaOfCitizens
            | Self::QuotaOfStaff
            | Self::QuotaOfMode
            | Self::QuotaOfService
            | Self::QuotaPercent
            | Self::QuotaPlaces
            | Self::WalkIn => true,
        }
    }

    /// The rules of a service.
    #[must_use]
    pub fn of_service(service: &Service) -> Rules {
        let Service {
            id: _,
            organisation: _,
            name: _,
            for_what: _,
            aliases: _,
            description: _,
            modes,
            no_video: _,
            documents: _,
            video_documents: _,
            rules,
            skills,
            guests: _,
            procedures: _,
        } = service;
        let own = where_true([(Rule::ServedBy, modes.len() < Mode::ALL.len()), (Rule::Skills, !skills.is_empty())]);
        own.chain(Self::of_rules(rules)).collect()
    }

    fn of_rules(rules: &BookingRules) -> Rules {
        let BookingRules {
            lead_minutes,
            horizon_days,
            cancel_limit_minutes,
            limits: Limits { per_beneficiary, per_client, per_requester },
            release,
            buffer,
            party,
            cooldown: Cooldown { from_minutes: _, to_minutes },
            series_most,
            waiting_list,
        } = rules;
        let opens = match release {
            Release::Continuous => Self::Horizon,
            Release::Daily { at: _ } => Self::ReleaseDaily,
            Release::Weekly { on: _, at: _ } => Self::ReleaseWeekly,
            Release::Monthly { on: _, at: _ } => Self::ReleaseMonthly,
        };
        where_true([
            (Self::Lead, *lead_minutes > 0),
            (opens, *horizon_days > 0),
            (Self::CancelLimit, *cancel_limit_minutes > 0),
            (Self::LimitPerBeneficiary, *per_beneficiary > 0),
            (Self::LimitPerClient, per_client.is_some()),
            (Self::LimitPerRequester, per_requester.is_some()),
            (Self::BufferOfService, is_set(buffer)),
            (Self::of_party(party), party.most > 1),
            (Self::Cooldown, *to_minutes > 0),
            (Self::Series, *series_most > 1),
            (Self::WaitingList, *waiting_list),
        ])
        .collect()
    }

    /// The rule by which a service takes several persons at once.
    #[must_use]
    pub fn of_party(party: &Party) -> Self {
        let Party { most: _, each } = party;
        match each {
            Share::Minutes(_) => Self::PartyMinutes,
            Share::Desk => Self::PartyDesks,
        }
    }

    /// An office with all its parts.
    #[must_use]
    pub fn of_whole_office(office: &Office, today: NaiveDate) -> Rules {
        // What was over before, or begins after all that can be booked, cannot be tried.
        let near = |date: NaiveDate| (1..super::probe::DAYS).contains(&(date - today).num_days());
        let mut rules = Self::of_office(office);
        for opening in &office.opening {
            let changes = opening.valid_from.is_some_and(near) || opening.valid_to.is_some_and(near);
            rules.extend(Self::of_opening(opening).into_iter().filter(|rule| changes || *rule != Self::Validity));
        }
        rules.extend(office.special_days.iter().filter(|day| near(day.date)).flat_map(Self::of_special_day));
        rules.extend(office.quotas.iter().flat_map(Self::of_quota));
        rules.extend(office.resources.iter().flat_map(Self::of_resource));
        rules
    }

    /// An office without its hours, shares and desks, which speak for themselves.
    fn of_office(office: &Office) -> Rules {
        let Office {
            id: _,
            organisation: _,
            name: _,
            at: _,
            aliases: _,
            municipality: _,
            address: _,
            position: _,
            phone: _,
            time_zone,
            opening: _,
            local_holidays: _,
            special_days: _,
            quotas: _,
            walk_in_percent,
            choose_employee,
            resources: _,
            services: _,
        } = office;
        where_true([
            (Self::Holiday, true),
            (Self::LocalHoliday, !office.local_holidays().is_empty()),
            (Self::TimeZone, *time_zone != ATHENS),
            (Self::WalkIn, *walk_in_percent > 0),
            (Self::ChosenEmployee, *choose_employee),
        ])
        .collect()
    }

    fn of_opening(opening: &OpeningRule) -> Rules {
        let OpeningRule {
            days: _,
            from: _,
            to: _,
            breaks,
            modes,
            services,
            valid_from,
            valid_to,
            recurrence: Recurrence { every_weeks, weeks_of_month },
            every_minutes,
        } = opening;
        // Where weeks are counted the first day is where the count begins.
        let dated = valid_to.is_some() || (valid_from.is_some() && every_weeks.is_none());
        where_true([
            (Self::Hours, true),
            (Self::Break, !breaks.is_empty()),
            (Self::HoursOfMode, !modes.is_empty()),
            (Self::HoursOfService, !services.is_empty()),
            (Self::Validity, dated),
            (Self::EveryWeeks, every_weeks.is_some()),
            (Self::WeeksOfMonth, !weeks_of_month.is_empty()),
            (Self::Grid, every_minutes.is_some()),
        ])
        .collect()
    }

    fn of_special_day(day: &SpecialDay) -> Rules {
        let SpecialDay { date: _, from: _, to: _, breaks, modes, services, every_minutes } = day;
        where_true([
            (Self::SpecialDay, true),
            (Self::Break, !breaks.is_empty()),
            (Self::HoursOfMode, !modes.is_empty()),
            (Self::HoursOfService, !services.is_empty()),
            (Self::Grid, every_minutes.is_some()),
        ])
        .collect()
    }

    /// The rules that a share of the day is made of.
    #[must_use]
    pub fn of_quota(quota: &Quota) -> Rules {
        let Quota { channels, booked_by, modes, services, most, lifts_hours_before } = quota;
        let by = booked_by.map(|by| match by {
            BookedBy::Citizens => Self::QuotaOfCitizens,
            BookedBy::Staff => Self::QuotaOfStaff,
        });
        let most = match most {
            Most::Percent(_) => Self::QuotaPercent,
            Most::Places(_) => Self::QuotaPlaces,
        };
        let others = where_true([
            (Self::QuotaOfChannel, !channels.is_empty()),
            (Self::QuotaOfMode, !modes.is_empty()),
            (Self::QuotaOfService, !services.is_empty()),
            (Self::QuotaLifts, lifts_hours_before.is_some()),
        ]);
        others.chain(by).chain([most]).collect()
    }

    fn of_resource(resource: &Resource) -> Rules {
        let Resource { id: _, name: _, kind: _, skills, languages, hidden, buffer, modes, services } = resource;
        where_true([
            (Self::Skills, !skills.is_empty()),
            (Self::Languages, !languages.is_empty()),
            (Self::HiddenEmployee, *hidden),
            (Self::BufferOfResource, is_set(buffer)),
            (Self::ResourceModes, !modes.is_empty()),
            (Self::ResourceServices, !services.is_empty()),
        ])
        .collect()
    }
}

fn is_set(buffer: &Buffer) -> bool {
    let Buffer { before_minutes, after_minutes } = buffer;
    *before_minutes > 0 || *after_minutes > 0
}

/// Every service of a catalogue at every office in every mode that somebody serves there.
pub fn offers(catalogue: &Catalogue) -> impl Iterator<Item = (&Service, &Office, Mode)> {
    let at_offices = catalogue.services.iter().flat_map(|s| catalogue.offices_offering(&s.id).map(move |o| (s, o)));
    at_offices.flat_map(|(service, office)| service.modes.iter().map(move |served| (service, office, served.mode)))
}

/// The resources that can serve it.
pub fn able<'a>(service: &'a Service, office: &'a Office, mode: Mode) -> impl Iterator<Item = &'a Resource> {
    office.resources.iter().filter(move |resource| unable(service, resource, mode).is_none())
}

/// The rule by which a resource does not serve it.
pub fn unable(service: &Service, resource: &Resource, mode: Mode) -> Option<Rule> {
    let skilled = service.skills.iter().all(|skill| resource.skills.contains(skill));
    where_true([
        (Rule::ResourceModes, !admits(&resource.modes, &mode)),
        (Rule::ResourceServices, !admits(&resource.services, &service.id)),
        (Rule::Skills, !skilled),
    ])
    .next()
}

/// An empty list admits everything.
pub fn admits<T: PartialEq>(only: &[T], wanted: &T) -> bool {
    only.is_empty() || only.contains(wanted)
}
