//! Appointments as a calendar: the feed of an office or a desk, and the file a citizen puts into their own calendar.
//!
//! A feed is read by programs outside this one, often in a cloud. So it shows of a beneficiary only what whoever stands at
//! the desk needs to call them by, «Μαρία Π.», and the reference under which the rest is found: never a telephone, an
//! address, or a second person.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarAction, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarMethod,
    ICalendarParameter, ICalendarProperty, ICalendarStatus, ICalendarTransparency, ICalendarValueType,
};
use chrono::{DateTime, Utc};

use crate::booking::catalogue::{Catalogue, Office, Resource};
use crate::booking::core::{Appointment, AppointmentState};
use crate::booking::id::{ResourceId, ServiceId};
use crate::booking::people::{Guest, Mode};
use crate::booking::reference::Reference;
use crate::greek::name::first_name_gender;

/// Who wrote it.
const PRODUCT: &str = "-//Ariadni//Appointments//EL";

/// How often a program that follows a feed should ask for it.
const REFRESH: ICalendarDuration =
    ICalendarDuration { neg: false, weeks: 0, days: 0, hours: 0, minutes: 15, seconds: 0 };

/// How long before the start a citizen is reminded.
const REMINDER: ICalendarDuration =
    ICalendarDuration { neg: true, weeks: 0, days: 1, hours: 0, minutes: 0, seconds: 0 };

/// What a feed needs to know of an appointment, and no more.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// What it is found by.
    pub reference: Reference,
    /// Where it is in its life.
    pub state: AppointmentState,
    /// The service.
    pub service: ServiceId,
    /// The desk or the employee.
    pub resource: ResourceId,
    /// The mode.
    pub mode: Mode,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Whom it is for, the whole name; only a part of it is shown.
    pub beneficiary: String,
    /// Who joins.
    pub guests: Vec<Guest>,
    /// How often it has been changed.
    pub sequence: u32,
    /// When it was changed last.
    pub changed: DateTime<Utc>,
}

/// The calendar of an office, or of one desk or employee of it.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// Where the names of services are.
    pub catalogue: &'a Catalogue,
    /// The office.
    pub office: &'a Office,
    /// Only this desk or employee.
    pub resource: Option<&'a Resource>,
}

impl Feed<'_> {
    /// Writes it. The same entries give the same text.
    #[must_use]
    pub fn write(&self, entries: &[FeedEntry]) -> String {
        let name = match self.resource {
            Some(resource) => format!("{}: {}", self.office.name, resource.name),
            None => self.office.name.clone(),
        };
        let mut calendar = Calendar::new();
        calendar.root().add_property(ICalendarProperty::Name, name.clone());
        calendar.root().add_property(ICalendarProperty::Other("X-WR-CALNAME".to_owned()), name);
        let duration = ICalendarParameter::value(ICalendarValueType::Duration);
        calendar.root().add_property_with_params(ICalendarProperty::RefreshInterval, [duration], REFRESH);
        for entry in entries {
            let event = self.event(entry);
            calendar.add(event);
        }
        calendar.text()
    }

    fn event(&self, entry: &FeedEntry) -> ICalendarComponent {
        let mut event = event(&Facts {
            reference: &entry.reference,
            sequence: entry.sequence,
            written: entry.changed,
            start: entry.start,
            end: entry.end,
            cancelled: entry.state == AppointmentState::Cancelled,
        });
        let service =
            self.catalogue.service(&entry.service).map_or("Ραντεβού", |service| service.name.as_str());
        let who = short_name(&entry.beneficiary);
        event.add_property(ICalendarProperty::Summary, format!("{service}, {}: {who}", entry.mode.how()));
        event.add_property(ICalendarProperty::Description, self.description(entry));
        place(&mut event, self.office, entry.mode);
        event
    }

    fn description(&self, entry: &FeedEntry) -> String {
        let mut lines = vec![format!("Κωδικός: {}", entry.reference)];
        if let Some(desk) = self.office.resources.iter().find(|resource| resource.id == entry.resource) {
            lines.push(desk.name.clone());
        }
        for guest in &entry.guests {
            lines.push(format!("Μαζί: {}", guest_name(*guest)));
        }
        if entry.state == AppointmentState::Missed {
            lines.push("Δεν ήρθε στο ραντεβού.".to_owned());
        }
        lines.join("\n")
    }
}

/// The appointment as a file for the citizen's own calendar, with a reminder a day before. It holds nobody's name: the
/// calendar may be shared. `written` is now.
#[must_use]
pub fn citizen_file(catalogue: &Catalogue, appointment: &Appointment, written: DateTime<Utc>) -> String {
    let cancelled = appointment.state == AppointmentState::Cancelled;
    let mut event = event(&Facts {
        reference: &appointment.reference,
        sequence: appointment.sequence,
        written,
        start: appointment.start,
        end: appointment.end,
        cancelled,
    });
    let office = catalogue.office(&appointment.office);
    let at = office.map_or("στην υπηρεσία", |office| office.at.as_str());
    let summary = match appointment.mode {
        Mode::InPerson => format!("Ραντεβού {at}"),
        Mode::Video => format!("Ραντεβού με βιντεοκλήση {at}"),
        Mode::Phone => format!("Τηλεφωνικό ραντεβού {at}"),
    };
    event.add_property(ICalendarProperty::Summary, summary.clone());
    event.add_property(ICalendarProperty::Description, for_citizen(catalogue, appointment, office));
    if let Some(office) = office {
        place(&mut event, office, appointment.mode);
    }
    let mut calendar = Calendar::new();
    let event = calendar.add(event);
    if !cancelled {
        calendar.add_to(event, reminder(&summary));
    }
    calendar.text()
}

fn for_citizen(catalogue: &Catalogue, appointment: &Appointment, office: Option<&Office>) -> String {
    let mut lines = Vec::new();
    if let Some(service) = catalogue.service(&appointment.service) {
        lines.push(service.name.clone());
        let video = (appointment.mode == Mode::Video).then_some(&service.video_documents);
        let documents: Vec<&str> =
            service.documents.iter().chain(video.into_iter().flatten()).map(String::as_str).collect();
        if !documents.is_empty() {
            lines.push(format!("Να έχετε μαζί σας: {}.", documents.join(", ")));
        }
    }
    lines.push(format!("Ο κωδικός του ραντεβού σας: {}", appointment.reference));
    if let Some(office) = office {
        lines.push(format!("Τηλέφωνο της υπηρεσίας: {}", office.phone));
    }
    lines.join("\n")
}

/// A calendar that is being written.
struct Calendar(ICalendar);

impl Calendar {
    fn new() -> Self {
        let mut root = ICalendarComponent::new(ICalendarComponentType::VCalendar);
        root.add_property(ICalendarProperty::Version, "2.0");
        root.add_property(ICalendarProperty::Prodid, PRODUCT);
        root.add_property(ICalendarProperty::Method, ICalendarMethod::Publish);
        Self(ICalendar { components: vec![root] })
    }

    fn root(&mut self) -> &mut ICalendarComponent {
        &mut self.0.components[0]
    }

    /// Adds a component; gives its number.
    fn add(&mut self, component: ICalendarComponent) -> usize {
        self.add_to(0, component)
    }

    /// Adds a component inside another.
    fn add_to(&mut self, parent: usize, component: ICalendarComponent) -> usize {
        let number = self.0.components.len();
        self.0.components[parent].component_ids.push(u32::try_from(number).expect("fewer than four billion"));
        self.0.components.push(component);
        number
    }

    fn text(&self) -> String {
        self.0.to_string()
    }
}

/// What both kinds of event say alike.
struct Facts<'a> {
    reference: &'a Reference,
    sequence: u32,
    written: DateTime<Utc>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    cancelled: bool,
}

fn event(facts: &Facts<'_>) -> ICalendarComponent {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&format!("{}@ariadni", facts.reference));
    event.add_dtstamp(utc(facts.written));
    event.add_sequence(i64::from(facts.sequence));
    event.add_property(ICalendarProperty::Dtstart, utc(facts.start));
    event.add_property(ICalendarProperty::Dtend, utc(facts.end));
    let (status, time) = if facts.cancelled {
        (ICalendarStatus::Cancelled, ICalendarTransparency::Transparent)
    } else {
        (ICalendarStatus::Confirmed, ICalendarTransparency::Opaque)
    };
    event.add_property(ICalendarProperty::Status, status);
    event.add_property(ICalendarProperty::Transp, time);
    event
}

fn reminder(text: &str) -> ICalendarComponent {
    let mut alarm = ICalendarComponent::new(ICalendarComponentType::VAlarm);
    alarm.add_property(ICalendarProperty::Action, ICalendarAction::Display);
    alarm.add_property(ICalendarProperty::Trigger, REMINDER);
    alarm.add_property(ICalendarProperty::Description, format!("Αύριο: {text}"));
    alarm
}

/// The address, when one must go there.
fn place(event: &mut ICalendarComponent, office: &Office, mode: Mode) {
    if mode == Mode::InPerson {
        event.add_property(ICalendarProperty::Location, format!("{}, {}", office.name, office.address));
    }
}

fn utc(instant: DateTime<Utc>) -> PartialDateTime {
    PartialDateTime::from_utc_timestamp(instant.timestamp())
}

fn guest_name(guest: Guest) -> &'static str {
    match guest {
        Guest::Lawyer => "δικηγόρος",
        Guest::Accountant => "λογιστής",
        Guest::Engineer => "μηχανικός",
        Guest::SignLanguageInterpreter => "διερμηνέας νοηματικής γλώσσας",
        Guest::Interpreter => "διερμηνέας",
    }
}

/// «Μαρία Παπαδοπούλου» → «Μαρία Π.», whichever stands first. A surname alone becomes its initial.
fn short_name(full: &str) -> String {
    let words: Vec<&str> = full.split_whitespace().collect();
    let known = words.iter().position(|word| first_name_gender(word).is_some());
    let first = match (known, words.len()) {
        (Some(at), _) => at,
        (None, 2..) => 0,
        (None, _) => return initial(full.trim()),
    };
    let rest = words.iter().enumerate().rev().find(|(at, _)| *at != first);
    match rest {
        Some((_, surname)) => format!("{} {}", words[first], initial(surname)),
        None => words[first].to_owned(),
    }
}

fn initial(word: &str) -> String {
    word.chars().next().map(|first| format!("{first}.")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_only_as_far_as_it_is_called_out() {
        let cases = [
            ("Μαρία Παπαδοπούλου", "Μαρία Π."),
            ("Παπαδοπούλου Μαρία", "Μαρία Π."),
            ("Άννα Μαρία Δημητρίου", "Άννα Δ."),
            ("Xin Wei Zhang", "Xin Z."),
            ("Μαρία", "Μαρία"),
            ("Παπαδοπούλου", "Π."),
            ("  ", ""),
        ];
        for (full, shown) in cases {
            assert_eq!(short_name(full), shown, "{full}");
        }
    }
}
