//! Puts the values of an utterance where the open flow needs them, and takes back what no longer holds.

use super::action::waiting;
use super::flow::{SlotName, StepKind};
use super::slot::{office, when};
use super::state::{About, Topic};
use super::topic::{self, Meant};
use super::turn::{Turn, words};
use crate::booking::id::ServiceId;
use crate::booking::identity::Phone;
use crate::booking::people::{Guest, Language};
use crate::booking::reference::Reference;
use crate::greek::greeklish::{is_greeklish, to_greek};
use crate::nlu::{Entity, EntityValue, Number, Understanding};
use crate::procedures::Procedure;

/// Beginnings of the words for somebody who comes along to interpret.
const INTERPRETERS: &[&str] = &["διερμ", "νοηματισ"];

/// What an utterance filled.
#[derive(Debug, Default, Clone, Copy)]
pub struct Filled {
    /// A slot that was empty.
    pub new: bool,
    /// A slot that held something else.
    pub corrected: bool,
    /// A value that was known already, said again as an answer.
    pub same: bool,
}

impl Filled {
    /// Whether it filled anything, or said again what is asked.
    #[must_use]
    pub fn any(self) -> bool {
        self.new || self.corrected || self.same
    }
}

/// Puts every value the open flow can use where it belongs.
pub fn fill(turn: &mut Turn<'_>, heard: &Understanding) -> Filled {
    let mut filled = Filled::default();
    if turn.state.in_flow("explain") && !turn.state.awaits(SlotName::Phone) {
        return topic(turn, heard);
    }
    let times: Vec<_> = heard
        .entities
        .iter()
        .filter_map(|e| match &e.value {
            EntityValue::When(when) => Some((when.clone(), e.text.clone())),
            _ => None,
        })
        .collect();
    for entity in &heard.entities {
        value(turn, entity, heard, &mut filled);
    }
    around(turn, heard, &mut filled);
    // «Παρασκευή Αναγνώστου» is a name where a name was asked for.
    let names = turn.state.awaits(SlotName::BeneficiaryName) || turn.state.awaits(SlotName::RequesterName);
    if !times.is_empty() && asks(turn, SlotName::When) && !names {
        note(&mut filled, when::wish(turn, &times, heard.intent.name));
    }
    // «Δικό μου είναι, λέγομαι …» answers the open question, besides naming somebody.
    if filled.any() && turn.state.awaits(SlotName::OnBehalf) && turn.state.slots.on_behalf.is_none() {
        super::slot::answer::for_whom(turn, &heard.text);
    }
    if turn.state.slots.on_behalf.is_none() && plainly_for_self(turn, heard) {
        let put = put(&mut turn.state.slots.on_behalf, false);
        note(&mut filled, settle_change(turn, SlotName::OnBehalf, put));
    }
    filled
}

/// «Θέλω ραντεβού για μένα» says for whom it is before it is asked.
fn plainly_for_self(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let related = heard.entities.iter().any(|e| matches!(e.value, EntityValue::Relation(_)));
    asks(turn, SlotName::OnBehalf)
        && !related
        && turn.means("plainly_for_self", &heard.text)
        && !turn.means("for_other", &heard.text)
}

/// Whether the open flow asks for a slot at all; nothing said for one thing leaks into another.
#[must_use]
pub fn asks(turn: &Turn<'_>, name: SlotName) -> bool {
    turn.flow().is_some_and(|flow| flow.steps.iter().any(|step| step.kind == StepKind::Ask(name)))
}

/// What became of one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was empty.
    New,
    /// It held the same.
    Same,
    /// It held something else.
    Changed,
    /// The value was refused, and the citizen was told; the old one is kept.
    Refused,
}

fn note(filled: &mut Filled, put: Put) {
    match put {
        Put::New => filled.new = true,
        Put::Same => filled.same = true,
        Put::Changed => filled.corrected = true,
        Put::Refused => {}
    }
}

/// Puts a value into a slot and says what became of it.
pub fn put<T: PartialEq>(slot: &mut Option<T>, value: T) -> Put {
    let put = match slot {
        None => Put::New,
        Some(old) if *old == value => Put::Same,
        Some(_) => Put::Changed,
    };
    *slot = Some(value);
    put
}

/// Remembers that a slot was filled and takes back what depended on its old value.
pub fn settle_change(turn: &mut Turn<'_>, name: SlotName, put: Put) -> Put {
    if put == Put::New || put == Put::Changed {
        turn.state.history.retain(|n| *n != name);
        turn.state.history.push(name);
        if let Some(frame) = turn.state.frame_mut() {
            frame.confirmed = false;
        }
        forget_dependents(turn, name);
    }
    put
}

/// Takes back what a changed slot made untrue.
pub fn forget_dependents(turn: &mut Turn<'_>, name: SlotName) {
    match name {
        SlotName::Service => {
            office::drop_if_not_offered(turn);
            forget_time(turn);
        }
        SlotName::Office => {
            turn.state.slots.resource = None;
            forget_time(turn);
        }
        SlotName::Mode | SlotName::Persons | SlotName::Language | SlotName::Employee => forget_time(turn),
        SlotName::When => {
            turn.state.slots.slot = None;
            turn.state.offers = None;
            turn.release_hold();
        }
        // Who was named before it turned out to be for somebody else is the one who asks.
        SlotName::OnBehalf if turn.state.slots.on_behalf == Some(true) && turn.state.slots.requester_name.is_none() => {
            turn.state.slots.requester_name = turn.state.slots.beneficiary_name.take();
        }
        _ => {}
    }
}

fn forget_time(turn: &mut Turn<'_>) {
    turn.state.slots.slot = None;
    turn.state.offers = None;
    turn.state.search = None;
    turn.release_hold();
}

fn value(turn: &mut Turn<'_>, entity: &Entity, heard: &Understanding, filled: &mut Filled) {
    let put = match &entity.value {
        EntityValue::Service { id } if asks(turn, SlotName::Service) => set_service(turn, id.clone(), None),
        EntityValue::Procedure { id, .. } if asks(turn, SlotName::Service) => set_procedure(turn, id),
        EntityValue::Organisation { id } if asks(turn, SlotName::Service) && turn.state.slots.service.is_none() => {
            put(&mut turn.state.slots.organisation, id.clone())
        }
        EntityValue::Office { id, .. } if asks(turn, SlotName::Office) => office::set(turn, id),
        EntityValue::Place { municipality } if asks(turn, SlotName::Office) => {
            office::set_place_said(turn, &entity.text, municipality)
        }
        EntityValue::Mode(mode) if asks(turn, SlotName::Mode) => {
            let put = put(&mut turn.state.slots.mode, *mode);
            settle_change(turn, SlotName::Mode, put)
        }
        EntityValue::Relation(relation) if asks(turn, SlotName::OnBehalf) => {
            let on_behalf = put(&mut turn.state.slots.on_behalf, true);
            settle_change(turn, SlotName::OnBehalf, on_behalf);
            let put = put(&mut turn.state.slots.relation, *relation);
            settle_change(turn, SlotName::Relation, put)
        }
        EntityValue::Guest(Guest::SignLanguageInterpreter) if signs(turn, entity) => {
            set_language(turn, Language::SignLanguage)
        }
        EntityValue::Language(language) if asks(turn, SlotName::Service) => set_language(turn, *language),
        EntityValue::Persons(persons) if asks(turn, SlotName::Service) => set_persons(turn, *persons),
        EntityValue::Employee { name } if asks(turn, SlotName::Service) => set_employee(turn, name),
        EntityValue::Guest(guest) if asks(turn, SlotName::BeneficiaryName) => put(&mut turn.state.slots.guest, *guest),
        EntityValue::PersonName(name) => person(turn, name, heard),
        EntityValue::Phone(digits) if asks(turn, SlotName::Phone) => phone(turn, digits),
        EntityValue::Email(email) if asks(turn, SlotName::Phone) => put(&mut turn.state.slots.email, email.clone()),
        EntityValue::Reference(text) if asks(turn, SlotName::Reference) => {
            let put = put(&mut turn.state.slots.reference, text.clone());
            let of_wait = Reference::parse(text).is_ok_and(|reference| reference.is_of_wait());
            waiting::follow(turn, of_wait);
            settle_change(turn, SlotName::Reference, put)
        }
        EntityValue::Number(Number::Invalid { invalid, .. }) => invalid_number(turn, invalid),
        EntityValue::Afm(_) | EntityValue::Amka(_) if turn.flow().is_some() => {
            turn.say("personal_not_needed");
            Put::Same
        }
        _ => return,
    };
    note(filled, put);
}

/// Whether it is sign language that is needed, not somebody who comes along as its interpreter.
fn signs(turn: &Turn<'_>, entity: &Entity) -> bool {
    let greek = if is_greeklish(&entity.text) { to_greek(&entity.text) } else { entity.text.clone() };
    let brings = words(&greek).split(' ').any(|word| INTERPRETERS.iter().any(|stem| word.starts_with(stem)));
    asks(turn, SlotName::Service) && !brings
}

/// The language in which to be served.
pub fn set_language(turn: &mut Turn<'_>, language: Language) -> Put {
    let put = put(&mut turn.state.slots.language, language);
    say_back_anew(turn, SlotName::Language, put)
}

/// How many come together; `None` for several of whom nobody said how many.
pub fn set_persons(turn: &mut Turn<'_>, persons: Option<u32>) -> Put {
    let slots = &mut turn.state.slots;
    slots.several = persons.is_none();
    let put = match persons {
        Some(persons) => put(&mut slots.persons, persons),
        None => std::mem::take(&mut slots.persons).map_or(Put::New, |_| Put::Changed),
    };
    say_back_anew(turn, SlotName::Persons, put)
}

/// The employee by whom to be served; who that is shows once the office is known.
fn set_employee(turn: &mut Turn<'_>, name: &str) -> Put {
    turn.state.slots.resource = None;
    let put = put(&mut turn.state.slots.employee, name.to_owned());
    say_back_anew(turn, SlotName::Employee, put)
}

fn say_back_anew(turn: &mut Turn<'_>, name: SlotName, put: Put) -> Put {
    if put != Put::Same {
        turn.state.slots.said_back.retain(|said| *said != name);
    }
    settle_change(turn, name, put)
}

/// «Όπου να 'ναι κοντά στο Αίγιο» names no office there: any around will do.
fn around(turn: &mut Turn<'_>, heard: &Understanding, filled: &mut Filled) {
    let place = heard.entities.iter().find_map(|e| match &e.value {
        EntityValue::Place { municipality } => Some(municipality),
        _ => None,
    });
    if let Some(place) = place.filter(|_| asks(turn, SlotName::Office) && turn.means("around", &heard.text)) {
        note(filled, office::set_around(turn, place));
    }
}

/// The service, and the procedure it is for; both or neither.
pub fn set_service(turn: &mut Turn<'_>, id: ServiceId, procedure: Option<String>) -> Put {
    let Some(service) = turn.world.catalogue.service(&id) else { return Put::Refused };
    turn.state.slots.organisation = Some(service.organisation.clone());
    let put = put(&mut turn.state.slots.service, id);
    if procedure.is_some() || put == Put::Changed {
        turn.state.slots.procedure = procedure;
    }
    settle_change(turn, SlotName::Service, put)
}

fn set_procedure(turn: &mut Turn<'_>, id: &str) -> Put {
    let Some(procedure) = turn.world.procedures.get(id) else { return Put::Refused };
    match &procedure.service {
        Some(service) => set_service(turn, service.clone(), Some(id.to_owned())),
        None => {
            let text = crate::procedures::explain::explain(procedure, &[crate::procedures::explain::Aspect::Channel]);
            let facts = turn.facts().with_note(name_in_sentence(procedure)).with_items(vec![text.display]);
            turn.say_with("not_bookable", &facts);
            Put::Refused
        }
    }
}

/// A procedure's name inside a sentence, after «για».
#[must_use]
pub fn name_in_sentence(procedure: &Procedure) -> String {
    procedure.for_what.clone().unwrap_or_else(|| format!("«{}»", procedure.title))
}

/// A name belongs to whom is asked for; unasked, to whom the sentence speaks of.
fn person(turn: &mut Turn<'_>, name: &str, heard: &Understanding) -> Put {
    let about_other = heard.entities.iter().any(|e| matches!(e.value, EntityValue::Relation(_)));
    let name_of = match turn.state.about() {
        Some(About::Slot(SlotName::RequesterName)) => SlotName::RequesterName,
        Some(About::Slot(SlotName::BeneficiaryName)) => SlotName::BeneficiaryName,
        _ if turn.state.slots.on_behalf == Some(true) && !about_other && turn.means("my_name", &heard.text) => {
            SlotName::RequesterName
        }
        _ => SlotName::BeneficiaryName,
    };
    if !asks(turn, SlotName::BeneficiaryName) {
        return Put::Refused;
    }
    let Some(name) = whole_name(turn, name) else { return Put::Refused };
    let slots = &mut turn.state.slots;
    let put = match name_of {
        SlotName::RequesterName => put(&mut slots.requester_name, name),
        _ => put(&mut slots.beneficiary_name, name),
    };
    settle_change(turn, name_of, put)
}

/// The name with its surname: half a name is kept until the other half is said. Whoever has one name only says it twice.
fn whole_name(turn: &mut Turn<'_>, name: &str) -> Option<String> {
    let half = turn.state.half_name.take();
    match half {
        _ if name.split_whitespace().count() > 1 => Some(name.to_owned()),
        Some(half) if half != name => Some(format!("{half} {name}")),
        Some(half) => Some(half),
        None => {
            turn.state.half_name = Some(name.to_owned());
            turn.say("need_surname");
            None
        }
    }
}

fn phone(turn: &mut Turn<'_>, digits: &str) -> Put {
    match Phone::parse(digits) {
        Ok(phone) => {
            let put = put(&mut turn.state.slots.phone, phone.as_str().to_owned());
            settle_change(turn, SlotName::Phone, put)
        }
        Err(_) => {
            turn.say("bad_phone");
            Put::Refused
        }
    }
}

fn invalid_number(turn: &mut Turn<'_>, what: &str) -> Put {
    let message = match what {
        "phone" if asks(turn, SlotName::Phone) => "bad_phone",
        "reference" if asks(turn, SlotName::Reference) => "bad_reference",
        "afm" | "amka" if turn.state.awaits(SlotName::Phone) => "bad_phone",
        "afm" | "amka" if turn.state.awaits(SlotName::Reference) => "bad_reference",
        _ => return Put::Refused,
    };
    turn.say(message);
    Put::Same
}

/// What an explanation is about; it never touches what is being booked underneath.
fn topic(turn: &mut Turn<'_>, heard: &Understanding) -> Filled {
    match topic::meant(turn, heard) {
        Meant::Nothing => return Filled::default(),
        Meant::One(topic) => set_topic(turn, topic),
        Meant::Few(ids) => {
            if let Some(frame) = turn.state.frame_mut() {
                (frame.among, frame.topic) = (ids, None);
                frame.question.get_or_insert_with(|| topic::asked(heard));
            }
        }
    }
    Filled { new: true, ..Filled::default() }
}

/// Sets what is to be explained.
pub fn set_topic(turn: &mut Turn<'_>, topic: Topic) {
    if turn.state.frames.len() == 1 {
        keep_topic(turn, &topic);
    }
    if let Some(frame) = turn.state.frame_mut() {
        (frame.among, frame.topic) = (Vec::new(), Some(topic));
    }
}

/// Keeps the topic, so that «κλείστε μου λοιπόν» knows what for.
fn keep_topic(turn: &mut Turn<'_>, topic: &Topic) {
    match topic {
        Topic::Procedure(id) => {
            let service = turn.world.procedures.get(id).and_then(|p| p.service.clone());
            turn.state.slots.clear(SlotName::Service);
            turn.state.slots.procedure = Some(id.clone());
            if let Some(service) = service {
                set_service(turn, service, Some(id.clone()));
            }
        }
        Topic::Service(id) => {
            set_service(turn, id.clone(), None);
        }
        Topic::Office(id) => turn.state.slots.office = Some(id.clone()),
        Topic::Organisation(id) => turn.state.slots.organisation = Some(id.clone()),
    }
}
