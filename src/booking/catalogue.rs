//! The catalogue: organisations, what they serve, where, when and by which rules (section 5 of the contract).
//!
//! It is a document: an operator replaces the whole of it with `ariadni catalogue import`. What changes from hour to hour
//! (closures, leave, holds, appointments) is not here but in the store.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::id::{OfficeId, OrganisationId, ResourceId, ServiceId};
use super::people::{Guest, Language, Mode};
use super::rule::buffer::Buffer;
use super::rule::cooldown::Cooldown;
use super::rule::limit::Limits;
pub use super::rule::local_holiday::LocalHoliday;
use super::rule::party::Party;
use super::rule::quota::Quota;
use super::rule::recurrence::Recurrence;
use super::rule::release::Release;
use super::rule::special_day::SpecialDay;

/// Everything that can be booked and by which rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Organisations (φορείς).
    pub organisations: Vec<Organisation>,
    /// Services (αντικείμενα).
    pub services: Vec<Service>,
    /// Offices (καταστήματα).
    pub offices: Vec<Office>,
}

/// A public organisation (φορέας).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its id, such as `kep`.
    pub id: OrganisationId,
    /// Its name, nominative with capital letters as written: «ΚΕΠ».
    pub name: String,
    /// Its full title.
    pub title: String,
    /// The name after «στο/στη(ν)/στις», with that article: «στο ΚΕΠ», «στην ΑΑΔΕ».
    pub at: String,
    /// How its offices are called in a question: «ποιο ΚΕΠ», «ποια ΔΟΥ», «ποιο προξενείο».
    pub which_office: String,
    /// What else people call it, old names too.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The platform it replaces, such as `myKEPlive`.
    pub platform: String,
    /// National digits or a short code of its help line.
    pub phone: String,
    /// Its site.
    pub url: String,
}

/// Something one can book (αντικείμενο).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its id, `organisation.kebab-name`.
    pub id: ServiceId,
    /// The organisation that serves it.
    pub organisation: OrganisationId,
    /// Its name for a button, nominative: «Έκδοση κλειδαρίθμου».
    pub name: String,
    /// Its name inside a sentence, lower case, after «για»: «την έκδοση κλειδαρίθμου».
    pub for_what: String,
    /// What people call it: words and phrases, each understood on its own.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A plain sentence that says what is done there.
    pub description: String,
    /// How it is served and how long that takes.
    pub modes: Vec<ServedBy>,
    /// Why there is no video and what to do instead; present when `video` is not among the modes.
    #[serde(default)]
    pub no_video: Option<String>,
    /// What to bring or to have at hand.
    #[serde(default)]
    pub documents: Vec<String>,
    /// What to have at hand besides, when it is held by video.
    #[serde(default)]
    pub video_documents: Vec<String>,
    /// When and how often it may be booked.
    #[serde(default)]
    pub rules: BookingRules,
    /// What an employee must be able to do to serve it (δεξιότητες), such as `notary`; every resource serves it when empty.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Who may join.
    #[serde(default)]
    pub guests: Vec<Guest>,
    /// Registry ids of the procedures it serves.
    #[serde(default)]
    pub procedures: Vec<String>,
}

/// One way a service is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServedBy {
    /// In person, by video or by telephone.
    pub mode: Mode,
    /// How long one appointment takes, minutes, 5 to 240, a multiple of 5.
    pub minutes: u32,
}

/// When and how often a service may be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BookingRules {
    /// The least time between now and the start, minutes. Default 120.
    pub lead_minutes: u32,
    /// How many days ahead one may book, today counted as 0. Default 60.
    pub horizon_days: u32,
    /// Until how long before the start a citizen may cancel or move it, minutes. Default 1440 (24 hours).
    pub cancel_limit_minutes: u32,
    /// How many live appointments of this service one person may have.
    pub limits: Limits,
    /// When days become bookable within the horizon.
    pub release: Release,
    /// Time around each appointment in which its resource serves nobody else.
    pub buffer: Buffer,
    /// How many persons one appointment may serve.
    pub party: Party,
    /// How long a slot that a citizen gave back stays shut.
    pub cooldown: Cooldown,
    /// How many appointments one series may have, 1 to 52. Default 1: no series.
    pub series_most: u32,
    /// Whether citizens may wait for a place when nothing is free. Default true.
    pub waiting_list: bool,
}

impl Default for BookingRules {
    fn default() -> Self {
        Self {
            lead_minutes: 120,
            horizon_days: 60,
            cancel_limit_minutes: 24 * 60,
            limits: Limits::default(),
            release: Release::default(),
            buffer: Buffer::default(),
            party: Party::default(),
            cooldown: Cooldown::default(),
            series_most: 1,
            waiting_list: true,
        }
    }
}

/// A place or a team that serves citizens (κατάστημα, ΚΕΠ, ΔΟΥ, προξενείο).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Its id, such as `kep-kypselis`.
    pub id: OfficeId,
    /// The organisation it belongs to.
    pub organisation: OrganisationId,
    /// Its name, nominative: «ΚΕΠ Κυψέλης».
    pub name: String,
    /// Its name after «στο/στη(ν)», with that article: «στο ΚΕΠ Κυψέλης», «στη ΔΟΥ Πειραιά».
    pub at: String,
    /// What else people call it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The municipality, nominative: «Αθηναίων» is written «Αθήνα», as people say it.
    pub municipality: String,
    /// Street, number, postal code, town.
    pub address: String,
    /// Latitude and longitude, degrees (WGS 84).
    pub position: (f64, f64),
    /// National digits, or `+…`.
    pub phone: String,
    /// The zone its hours are written in. Default Europe/Athens.
    #[serde(default = "athens")]
    pub time_zone: chrono_tz::Tz,
    /// When it is open for appointments.
    pub opening: Vec<OpeningRule>,
    /// Yearly days on which only this office is shut; those of its municipality when absent, none when empty. Ask
    /// [`Office::local_holidays`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_holidays: Option<Vec<LocalHoliday>>,
    /// Single days on which it opens although something else says that it is shut.
    #[serde(default)]
    pub special_days: Vec<SpecialDay>,
    /// Shares of each day for channels, staff, modes, services.
    #[serde(default)]
    pub quotas: Vec<Quota>,
    /// How many hundredths of each day's serving time are kept for people who come without an appointment, 0 to 90. Default 0.
    #[serde(default)]
    pub walk_in_percent: u32,
    /// Whether citizens may choose the employee. Default false: employees are hidden and taken in turn.
    #[serde(default)]
    pub choose_employee: bool,
    /// Its desks and employees.
    pub resources: Vec<Resource>,
    /// Services it offers.
    pub services: Vec<ServiceId>,
}

fn athens() -> chrono_tz::Tz {
    crate::clock::ATHENS
}

/// Weekly hours (ωράριο) with breaks; several rules add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningRule {
    /// Days of the week: `mon` … `sun`.
    pub days: Vec<Day>,
    /// Opening time.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// Closing time; an appointment ends by then.
    #[serde(with = "hour_minute")]
    pub to: NaiveTime,
    /// Pauses inside it, `from` inclusive, `to` exclusive.
    #[serde(default)]
    pub breaks: Vec<Break>,
    /// Only for these modes; all when empty.
    #[serde(default)]
    pub modes: Vec<Mode>,
    /// Only for these services; all of the office when empty.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// The first day it holds; always when absent.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// The last day it holds; for ever when absent.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// In which weeks it holds; in every one by default.
    #[serde(default)]
    pub recurrence: Recurrence,
    /// Minutes between starts; the duration of the service when absent.
    #[serde(default)]
    pub every_minutes: Option<u32>,
}

/// A pause (διάλειμμα).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// When it begins.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// When it is over.
    #[serde(with = "hour_minute")]
    pub to: NaiveTime,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Δευτέρα
    Mon,
    /// Τρίτη
    Tue,
    /// Τετάρτη
    Wed,
    /// Πέμπτη
    Thu,
    /// Παρασκευή
    Fri,
    /// Σάββατο
    Sat,
    /// Κυριακή
    Sun,
}

impl From<chrono::Weekday> for Day {
    fn from(day: chrono::Weekday) -> Self {
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun]
            [day.num_days_from_monday() as usize]
    }
}

/// A desk or an employee (θυρίδα, υπάλληλος); serves one appointment at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Unique over the whole catalogue, such as `kep-kypselis-1`.
    pub id: ResourceId,
    /// «Θυρίδα 1», or the name of an employee, nominative.
    pub name: String,
    /// A desk, or a named employee. Default a desk.
    #[serde(default)]
    pub kind: ResourceKind,
    /// What the employee can do beside what everybody can.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Languages served beside Greek.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// Never shown to citizens, even where they may choose. Default false.
    #[serde(default)]
    pub hidden: bool,
    /// Time it needs around each appointment, in addition to that of the service.
    #[serde(default)]
    pub buffer: Buffer,
    /// Only these modes; all when empty.
    #[serde(default)]
    pub modes: Vec<Mode>,
    /// Only these services; all of the office when empty.
    #[serde(default)]
    pub services: Vec<ServiceId>,
}

/// What a resource is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A place with whoever sits there (θυρίδα).
    #[default]
    Desk,
    /// A person (υπάλληλος).
    Employee,
}

/// Times of day as `08:30`; `24:00` is not used.
pub mod hour_minute {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes `08:30`.
    ///
    /// # Errors
    /// Only those of the serializer.
    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    /// Reads `08:30`.
    ///
    /// # Errors
    /// When the text is not a time of day.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(serde::de::Error::custom)
    }
}

impl Catalogue {
    /// The organisation with this id.
    #[must_use]
    pub fn organisation(&self, id: &OrganisationId) -> Option<&Organisation> {
        self.organisations.iter().find(|o| &o.id == id)
    }

    /// The service with this id.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|s| &s.id == id)
    }

    /// The rules of a service; those for any service when it has left the catalogue.
    #[must_use]
    pub fn rules(&self, service: &ServiceId) -> BookingRules {
        self.service(service).map_or_else(BookingRules::default, |s| s.rules)
    }

    /// The office with this id.
    #[must_use]
    pub fn office(&self, id: &OfficeId) -> Option<&Office> {
        self.offices.iter().find(|o| &o.id == id)
    }

    /// The offices that offer a service.
    pub fn offices_offering<'a>(&'a self, service: &'a ServiceId) -> impl Iterator<Item = &'a Office> {
        self.offices.iter().filter(move |o| o.services.contains(service))
    }
}

impl OpeningRule {
    /// Whether it holds on `date`, holidays aside.
    #[must_use]
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.days.contains(&Day::from(date.weekday()))
            && self.valid_from.is_none_or(|first| first <= date)
            && self.valid_to.is_none_or(|last| date <= last)
            && self.recurrence.holds(date, self.valid_from)
    }
}

impl Service {
    /// How long an appointment takes in this mode, minutes; `None` when it is not served so.
    #[must_use]
    pub fn minutes(&self, mode: Mode) -> Option<u32> {
        self.modes.iter().find(|m| m.mode == mode).map(|m| m.minutes)
    }

    /// Whether it is served in this mode.
    #[must_use]
    pub fn served_by(&self, mode: Mode) -> bool {
        self.minutes(mode).is_some()
    }
}
