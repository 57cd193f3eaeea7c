//! The facts that wording may use, by name, made from the state and the world.

mod needs;
mod waiting;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;

use super::state::State;
use super::world::World;
use crate::booking::catalogue::{Catalogue, Office, Service};
use crate::booking::core::{Appointment, Slot};
use crate::booking::identity::Phone;
use crate::booking::people::{Guest, Mode, Relation};
use crate::booking::place::Nearby;
use crate::clock::to_athens;
use crate::greek::{display, speak};

/// Everything a template may mention; an absent fact is an error there.
#[derive(Debug, Default, Serialize)]
pub struct Facts {
    service: Option<ServiceFacts>,
    organisation: Option<OrganisationFacts>,
    office: Option<OfficeFacts>,
    place: Option<String>,
    /// The nearest offices, three at most, where distance matters.
    nearby: Vec<needs::NearbyFacts>,
    /// How many come together, when more than one does.
    persons: Option<needs::PersonsFacts>,
    /// The language in which they would be served.
    language: Option<needs::LanguageFacts>,
    /// The employee whom they chose.
    employee: Option<needs::EmployeeFacts>,
    mode: Option<ModeFacts>,
    /// The modes on offer, as one says them: «με φυσική παρουσία ή με βιντεοκλήση».
    modes: String,
    /// The mode that was wished for and is not served.
    wanted_mode: Option<ModeFacts>,
    slot: Option<TimeFacts>,
    offers: Vec<TimeFacts>,
    /// Whether the offers are all at one office.
    one_office: bool,
    /// Whether the offers are all on one day.
    one_day: bool,
    on_behalf: bool,
    relation: Option<RelationFacts>,
    beneficiary: Option<NameFacts>,
    requester: Option<NameFacts>,
    phone: Option<String>,
    guest: Option<&'static str>,
    procedure: Option<ProcedureFacts>,
    appointment: Option<AppointmentFacts>,
    wish: Option<waiting::WishFacts>,
    wait: Option<waiting::WaitFacts>,
    support: SupportFacts,
    /// Whether messages can be sent to the citizen, as far as is known.
    messages: bool,
    /// A sentence or a word that an action puts in.
    note: Option<String>,
    /// A list that an action puts in.
    items: Vec<String>,
    /// The name of the flow that is open, in Greek.
    doing: Option<String>,
}

#[derive(Debug, Serialize)]
struct ServiceFacts {
    name: String,
    for_what: String,
    description: String,
    documents: Vec<String>,
    no_video: Option<String>,
}

#[derive(Debug, Serialize)]
struct OrganisationFacts {
    name: String,
    at: String,
    which_office: String,
    phone: String,
}

#[derive(Debug, Serialize)]
struct OfficeFacts {
    name: String,
    at: String,
    address: String,
    phone: String,
    abroad: bool,
}

/// A mode in words.
#[derive(Debug, Serialize)]
struct ModeFacts {
    id: &'static str,
    /// «με βιντεοκλήση»
    how: &'static str,
}

#[derive(Debug, Serialize)]
struct TimeFacts {
    /// «Πέμπτη 26/11 στις 10:15»
    title: String,
    /// «την Πέμπτη 26 Νοεμβρίου»
    day: String,
    /// «στις 10:15»
    at: String,
    /// «την Πέμπτη, είκοσι έξι Νοεμβρίου, στις δέκα και τέταρτο»
    spoken: String,
    /// «την Πέμπτη, είκοσι έξι Νοεμβρίου»
    spoken_day: String,
    /// «στις δέκα και τέταρτο»
    spoken_at: String,
    /// «ώρα Στουτγάρδης 9:15», where the office keeps another time.
    abroad: Option<String>,
    office: String,
    office_at: String,
    /// «περίπου 31 χιλιόμετρα μακριά», where distance matters.
    away: Option<String>,
}

#[derive(Debug, Serialize)]
struct RelationFacts {
    /// «η μητέρα σας»
    nominative: &'static str,
    /// «τη μητέρα σας»
    accusative: &'static str,
}

#[derive(Debug, Serialize)]
struct NameFacts {
    name: String,
}

#[derive(Debug, Serialize)]
struct ProcedureFacts {
    title: String,
    for_what: String,
}

#[derive(Debug, Serialize)]
struct AppointmentFacts {
    reference: String,
    service: String,
    slot: TimeFacts,
    office: Option<OfficeFacts>,
    mode: ModeFacts,
    /// What to have at hand, in this mode.
    documents: Vec<String>,
    beneficiary: NameFacts,
    cancellable_until: String,
    changeable: bool,
    /// How many come together, when more than one does.
    persons: Option<needs::PersonsFacts>,
    cancelled: bool,
    /// The place that the office proposes instead.
    proposed: Option<TimeFacts>,
    /// Why the office cannot keep it.
    reason: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct SupportFacts {
    phone: String,
    hours: String,
}

/// How many papers are named when an appointment is told.
const MOST_PAPERS: usize = 8;

impl Facts {
    /// With a sentence or a word put in.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With a list put in.
    #[must_use]
    pub fn with_items(mut self, items: Vec<String>) -> Self {
        self.items = items;
        self
    }

    /// With the mode that was wished for and is not served.
    #[must_use]
    pub fn with_wanted_mode(mut self, mode: Mode) -> Self {
        self.wanted_mode = Some(mode_facts(mode));
        self
    }

    /// With the nearest offices.
    #[must_use]
    pub fn with_nearby(mut self, nearby: &[Nearby<'_>]) -> Self {
        self.nearby = nearby.iter().map(needs::nearby).collect();
        self
    }

    /// With the modes that can be chosen from.
    #[must_use]
    pub fn with_modes(mut self, modes: &[Mode]) -> Self {
        let words: Vec<String> = modes.iter().map(|mode| mode_words(*mode).to_owned()).collect();
        self.modes = display::list(&words, "ή");
        self
    }

    /// With the name of the open flow.
    #[must_use]
    pub fn with_doing(mut self, title: Option<String>) -> Self {
        self.doing = title;
        self
    }

    /// The names a template may mention.
    pub const NAMES: &[&str] = &[
        "service",
        "organisation",
        "office",
        "place",
        "nearby",
        "persons",
        "language",
        "employee",
        "mode",
        "modes",
        "wanted_mode",
        "slot",
        "offers",
        "one_office",
        "one_day",
        "on_behalf",
        "relation",
        "beneficiary",
        "requester",
        "phone",
        "guest",
        "procedure",
        "appointment",
        "wish",
        "wait",
        "support",
        "messages",
        "note",
        "items",
        "doing",
        "loop",
    ];

    /// The facts of this moment.
    #[must_use]
    pub fn of(state: &State, world: World<'_>) -> Self {
        let (slots, catalogue) = (&state.slots, world.catalogue);
        let service = slots.service.as_ref().and_then(|id| catalogue.service(id));
        let organisation = slots.organisation.as_ref().or(service.map(|s| &s.organisation));
        let offers = state.offers.as_ref().map(|o| o.slots.as_slice()).unwrap_or_default();
        let procedure = slots.procedure.as_ref().and_then(|id| world.procedures.get(id));
        Self {
            service: service.map(service_facts),
            organisation: organisation.and_then(|id| catalogue.organisation(id)).map(|o| OrganisationFacts {
                name: o.name.clone(),
                at: o.at.clone(),
                which_office: o.which_office.clone(),
                phone: o.phone.clone(),
            }),
            office: slots.office.as_ref().and_then(|id| catalogue.office(id)).map(office_facts),
            place: slots.place.clone(),
            persons: slots.persons.and_then(needs::persons),
            language: slots.language.map(needs::language),
            employee: needs::employee(slots, catalogue),
            mode: slots.mode.map(mode_facts),
            slot: slots.slot.as_ref().map(|slot| slot_facts(slot, catalogue)),
            offers: offers.iter().map(|slot| slot_facts(slot, catalogue)).collect(),
            one_day: offers.windows(2).all(|pair| to_athens(pair[0].start).date() == to_athens(pair[1].start).date()),
            one_office: offers.windows(2).all(|pair| pair[0].office == pair[1].office),
            on_behalf: slots.on_behalf == Some(true),
            relation: slots.relation.and_then(relation_facts),
            beneficiary: slots.beneficiary_name.as_deref().map(name_facts),
            requester: slots.requester_name.as_deref().map(name_facts),
            phone: slots.phone.clone(),
            guest: slots.guest.map(guest_words),
            procedure: procedure.map(|p| ProcedureFacts {
                title: p.title.clone(),
                for_what: p.for_what.clone().unwrap_or_else(|| format!("τη διαδικασία «{}»", p.title)),
            }),
            appointment: state.current_appointment().map(|a| appointment_facts(a, world)),
            wish: waiting::wish(state, world),
            wait: state.current_wait().map(|wait| waiting::wait(wait, world)),
            support: SupportFacts { phone: world.support.phone.clone(), hours: support_hours(world) },
            messages: world.can_send && takes_messages(state),
            ..Self::default()
        }
    }
}

/// A telephone that is not known yet may be a mobile.
fn takes_messages(state: &State) -> bool {
    let phone = state.slots.phone.as_deref().map(Phone::parse);
    phone.is_none_or(|phone| phone.is_ok_and(|phone| phone.is_mobile()))
}

fn service_facts(service: &Service) -> ServiceFacts {
    ServiceFacts {
        name: service.name.clone(),
        for_what: service.for_what.clone(),
        description: service.description.clone(),
        documents: service.documents.clone(),
        no_video: service.no_video.clone(),
    }
}

fn office_facts(office: &Office) -> OfficeFacts {
    OfficeFacts {
        name: office.name.clone(),
        at: office.at.clone(),
        address: office.address.clone(),
        phone: office.phone.clone(),
        abroad: office.time_zone != crate::clock::ATHENS,
    }
}

fn mode_facts(mode: Mode) -> ModeFacts {
    ModeFacts { id: mode.as_str(), how: mode_words(mode) }
}

/// A mode after «θα γίνει»: «με βιντεοκλήση».
#[must_use]
pub fn mode_words(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "με φυσική παρουσία",
        Mode::Video => "με βιντεοκλήση",
        Mode::Phone => "τηλεφωνικά",
    }
}

fn slot_facts(slot: &Slot, catalogue: &Catalogue) -> TimeFacts {
    let away = slot.distance_m.map(|metres| needs::away(f64::from(metres) / 1000.0));
    TimeFacts { away, ..time_facts(slot.start, catalogue.office(&slot.office)) }
}

fn time_facts(start: DateTime<Utc>, office: Option<&Office>) -> TimeFacts {
    let local = to_athens(start);
    let abroad = office.filter(|o| o.time_zone != crate::clock::ATHENS).map(|o| {
        let there = start.with_timezone(&o.time_zone).naive_local();
        let day =
            if there.date() == local.date() { String::new() } else { format!("{} ", display::day_short(there.date())) };
        format!("{day}{}", there.format("%H:%M"))
    });
    TimeFacts {
        title: display::slot_title(local),
        day: display::day_long_accusative(local.date()),
        at: display::at_time(local.time()),
        spoken: office.map_or_else(|| spoken(local), |office| spoken_at_office(start, office)),
        spoken_day: speak::text(&display::day_long_accusative(local.date())),
        spoken_at: speak::text(&display::at_time(local.time())),
        abroad,
        office: office.map(|o| o.name.clone()).unwrap_or_default(),
        office_at: office.map(|o| o.at.clone()).unwrap_or_default(),
        away: None,
    }
}

/// A day and a time for the ear: «την Πέμπτη, είκοσι έξι Νοεμβρίου, στις δέκα και τέταρτο».
fn spoken(local: NaiveDateTime) -> String {
    speak::text(&format!("{} {}", display::day_long_accusative(local.date()), display::at_time(local.time())))
}

/// The same, with the time there too where the office keeps another.
fn spoken_at_office(start: DateTime<Utc>, office: &Office) -> String {
    let (here, there) = (to_athens(start), start.with_timezone(&office.time_zone).naive_local());
    if here == there {
        return spoken(here);
    }
    let day = if here.date() == there.date() {
        String::new()
    } else {
        format!("{} ", display::day_long_accusative(there.date()))
    };
    let local = speak::text(&format!("{day}{}", display::at_time(there.time())));
    format!("{} ώρα Ελλάδος, δηλαδή {local} εκεί", spoken(here))
}

fn name_facts(full: &str) -> NameFacts {
    NameFacts { name: full.to_owned() }
}

fn appointment_facts(appointment: &Appointment, world: World<'_>) -> AppointmentFacts {
    let office = world.catalogue.office(&appointment.office);
    let service = world.catalogue.service(&appointment.service);
    let until = to_athens(appointment.cancellable_until);
    let proposal = appointment.proposal.as_ref();
    AppointmentFacts {
        reference: appointment.reference.to_string(),
        // Appointments outlive what is offered.
        service: service.map_or_else(|| "την υπηρεσία που είχατε διαλέξει".to_owned(), |s| s.for_what.clone()),
        slot: time_facts(appointment.start, office),
        office: Some(office.map_or_else(|| office_gone(world), office_facts)),
        mode: mode_facts(appointment.mode),
        documents: papers_to_bring(appointment, service, world),
        beneficiary: name_facts(&appointment.beneficiary),
        cancellable_until: format!("{} {}", display::day_long_accusative(until.date()), display::at_time(until.time())),
        persons: needs::persons(appointment.persons),
        changeable: world.now <= appointment.cancellable_until,
        cancelled: appointment.state == crate::booking::core::AppointmentState::Cancelled,
        proposed: proposal.map(|p| time_facts(p.start, world.catalogue.office(&p.office))),
        reason: proposal.map(|p| p.reason.trim_end_matches('.').to_owned()),
    }
}

/// An office that the catalogue no longer has: what is not known of it is not invented, the support desk knows.
fn office_gone(world: World<'_>) -> OfficeFacts {
    OfficeFacts {
        name: "το γραφείο που είχατε διαλέξει".to_owned(),
        at: "στο γραφείο που είχατε διαλέξει".to_owned(),
        address: String::new(),
        phone: world.support.phone.clone(),
        abroad: false,
    }
}

/// The papers of the procedure that is booked, where it is known what they are; else those of the service.
fn papers_to_bring(appointment: &Appointment, service: Option<&Service>, world: World<'_>) -> Vec<String> {
    let procedure = appointment.procedure.as_ref().and_then(|id| world.procedures.get(id));
    let Some(procedure) = procedure.filter(|procedure| !procedure.documents.is_empty()) else {
        return service.map(|service| documents_for(service, appointment.mode)).unwrap_or_default();
    };
    let (either, all): (Vec<_>, Vec<_>) = procedure.documents.iter().partition(|document| document.alternative);
    let mut papers: Vec<String> = all.into_iter().map(|document| document.name.clone()).collect();
    if !either.is_empty() {
        papers.push(display::list(&either.into_iter().map(|document| document.name.clone()).collect::<Vec<_>>(), "ή"));
    }
    let besides = service.into_iter().flat_map(|service| &service.video_documents);
    papers.extend(besides.filter(|_| appointment.mode == Mode::Video).cloned());
    let more = papers.len().saturating_sub(MOST_PAPERS);
    if more > 1 {
        papers.truncate(MOST_PAPERS);
        papers.push(format!("και {more} ακόμη (ρωτήστε με όποτε θέλετε)"));
    }
    papers
}

fn documents_for(service: &Service, mode: Mode) -> Vec<String> {
    let besides = service.video_documents.iter().filter(|_| mode == Mode::Video);
    service.documents.iter().chain(besides).cloned().collect()
}

/// The relation with article and «σας»; `None` where the name alone says it better.
fn relation_facts(relation: Relation) -> Option<RelationFacts> {
    let (nominative, accusative) = match relation {
        Relation::Mother => ("η μητέρα σας", "τη μητέρα σας"),
        Relation::Father => ("ο πατέρας σας", "τον πατέρα σας"),
        Relation::Grandmother => ("η γιαγιά σας", "τη γιαγιά σας"),
        Relation::Grandfather => ("ο παππούς σας", "τον παππού σας"),
        Relation::Child => ("το παιδί σας", "το παιδί σας"),
        Relation::Aunt => ("η θεία σας", "τη θεία σας"),
        Relation::Uncle => ("ο θείος σας", "τον θείο σας"),
        Relation::Spouse | Relation::Sibling | Relation::Neighbour | Relation::Client | Relation::Other => return None,
    };
    Some(RelationFacts { nominative, accusative })
}

fn guest_words(guest: Guest) -> &'static str {
    match guest {
        Guest::Lawyer => "με δικηγόρο",
        Guest::Accountant => "με λογιστή",
        Guest::Engineer => "με μηχανικό",
        Guest::SignLanguageInterpreter => "με διερμηνέα νοηματικής",
        Guest::Interpreter => "με διερμηνέα",
    }
}

fn support_hours(world: World<'_>) -> String {
    let desk = world.support;
    let days = super::world::days_in_words(&desk.days);
    format!("{days} {}–{}", desk.from.format("%H:%M"), desk.to.format("%H:%M"))
}
