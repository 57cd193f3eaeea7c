//! The state of a conversation: everything the engine remembers between two turns, versioned, stored as JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::flow::SlotName;
use crate::booking::core::{Appointment, EmptyBecause, Hold, Needs, Slot, SlotQuery};
use crate::booking::id::{OfficeId, OrganisationId, ResourceId, ServiceId};
use crate::booking::people::{Guest, Language, Mode, Relation};
use crate::booking::waiting::Wait;
use crate::channel::turn::{Choice, Reply, Status};
use crate::clock::to_athens;
use crate::greek::when::When;
use crate::nlu::Intent;
use crate::procedures::explain::Aspect;

/// The version of [`State`] that this program writes.
///
/// A stored state of an older version is read as far as it goes (every field has a default); one of a newer version, after a
/// roll-back, is begun again kindly. **Invariant:** no deploy strands a citizen.
pub const VERSION: u16 = 2;

/// Everything remembered between two turns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The version it was written with.
    pub version: u16,
    /// Turns so far; the greeting is 0.
    pub turn: u32,
    /// The open flows, the innermost last.
    pub frames: Vec<Frame>,
    /// What is known.
    pub slots: Slots,
    /// The question that is open.
    pub open: Option<Open>,
    /// The slots that were offered last.
    pub offers: Option<Offers>,
    /// The search under way or last made.
    pub search: Option<Search>,
    /// The slot that is kept for the citizen.
    pub hold: Option<Hold>,
    /// Appointments made or proven in this conversation.
    pub appointments: Vec<Appointment>,
    /// Places in the waiting list taken or proven in this conversation.
    pub waits: Vec<Wait>,
    /// The wish for which everything is taken, and for which one may wait.
    pub full: Option<SlotQuery>,
    /// A second thing the citizen wanted in the same breath.
    pub pending: Option<Intent>,
    /// The last replies, for «ξαναπείτε το».
    pub last: Vec<Reply>,
    /// One word of a name, whose other half was asked for.
    pub half_name: Option<String>,
    /// Pairs of reference and telephone that did not go together.
    pub wrong_proofs: u8,
    /// Turns in a row that were silent.
    pub silences: u8,
    /// Failures to understand in the whole conversation, forgiven by each success.
    pub failures: u8,
    /// Slots in the order in which they were filled, for «πίσω».
    pub history: Vec<SlotName>,
    /// The procedure that was named or explained last: only another one is named before it is explained.
    pub explained: Option<String>,
    /// The citizen wants it slower.
    pub slow: bool,
    /// The rating was asked for or given.
    pub rating_asked: bool,
    /// Something was done in this conversation that can be rated.
    pub served: bool,
    /// Whether the conversation goes on.
    pub status: Status,
}

/// An open flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Its name.
    pub flow: String,
    /// Actions that have been done and need not be done again.
    #[serde(default)]
    pub done: Vec<super::flow::Action>,
    /// A yes was given to the read-back of what is known now.
    #[serde(default)]
    pub confirmed: bool,
    /// What is to be explained about it.
    #[serde(default)]
    pub aspects: Vec<Aspect>,
    /// What is to be explained, when it is not what is being booked.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Registry numbers of the procedures of which one is meant, while it is being asked which.
    #[serde(default)]
    pub among: Vec<String>,
    /// What was asked, without names and numbers, while it is being asked which.
    #[serde(default)]
    pub question: Option<String>,
    /// More can be read about it than was said aloud.
    #[serde(default)]
    pub shortened: bool,
    /// Why a person is wanted.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Frame {
    /// A flow just opened.
    #[must_use]
    pub fn new(flow: &str) -> Self {
        Self {
            flow: flow.to_owned(),
            done: Vec::new(),
            confirmed: false,
            aspects: Vec::new(),
            topic: None,
            among: Vec::new(),
            question: None,
            shortened: false,
            reason: None,
        }
    }
}

/// What a citizen asks about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A procedure, by registry id.
    Procedure(String),
    /// A service.
    Service(ServiceId),
    /// An office.
    Office(OfficeId),
    /// An organisation.
    Organisation(OrganisationId),
}

/// The question that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// What it asks for.
    pub about: About,
    /// The buttons it showed.
    pub choices: Vec<Choice>,
    /// How often it has been asked without an answer, 0 at first.
    pub misses: u8,
}

/// What an open question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A slot of the flow.
    Slot(SlotName),
    /// A yes to a read-back.
    Confirm,
    /// What to change at a read-back that got a no.
    Change,
    /// What to do with the thing that was named.
    Purpose,
    /// Whether there is anything else.
    AnythingElse,
    /// Whether to try again what could not be done, because the appointments could not be reached.
    TryAgain,
}

impl About {
    /// The public name of it: a slot, `confirm` at a read-back, or nothing.
    #[must_use]
    pub fn public(self) -> Option<&'static str> {
        match self {
            Self::Slot(slot) => Some(slot.as_str()),
            Self::Confirm | Self::Change => Some("confirm"),
            Self::Purpose | Self::AnythingElse | Self::TryAgain => None,
        }
    }
}

/// What is known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Slots {
    /// The service.
    pub service: Option<ServiceId>,
    /// Registry id of the procedure.
    pub procedure: Option<String>,
    /// The organisation; narrows the services.
    pub organisation: Option<OrganisationId>,
    /// The office.
    pub office: Option<OfficeId>,
    /// A municipality; narrows the offices.
    pub place: Option<String>,
    /// A municipality from which distances are counted: the nearest offices are offered, or any one around it will do.
    pub near: Option<String>,
    /// Any office will do: the one with the chosen slot.
    pub any_office: bool,
    /// The mode.
    pub mode: Option<Mode>,
    /// The wishes about time; any of those not excluded will do.
    pub when: Vec<When>,
    /// No wish about time: the earliest.
    pub earliest: bool,
    /// The chosen slot.
    pub slot: Option<Slot>,
    /// Whether it is for somebody else.
    pub on_behalf: Option<bool>,
    /// What the beneficiary is to the requester.
    pub relation: Option<Relation>,
    /// Whom it is for, nominative.
    pub beneficiary_name: Option<String>,
    /// Who asks, nominative.
    pub requester_name: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The reference of an existing appointment.
    pub reference: Option<String>,
    /// Who joins.
    pub guest: Option<Guest>,
    /// How many come together.
    pub persons: Option<u32>,
    /// Several come together and nobody said how many.
    pub several: bool,
    /// The language in which they would be served.
    pub language: Option<Language>,
    /// The employee by whom they would be served, as the name was said.
    pub employee: Option<String>,
    /// The same employee, once an office has one by that name.
    pub resource: Option<ResourceId>,
    /// The wishes beside a time that were said back already.
    pub said_back: Vec<SlotName>,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// Whether to send what was explained as a message.
    pub send_summary: Option<bool>,
    /// Yes or no to the question behind an explanation or a hand-off.
    pub confirm: Option<bool>,
}

impl Slots {
    /// Whether a slot is known.
    #[must_use]
    pub fn has(&self, name: SlotName) -> bool {
        match name {
            SlotName::Service => self.service.is_some(),
            SlotName::Procedure => self.procedure.is_some() || self.service.is_some(),
            SlotName::Office => self.office.is_some() || self.any_office,
            SlotName::Mode => self.mode.is_some(),
            SlotName::When => self.earliest || !self.when.is_empty() || self.slot.is_some(),
            SlotName::Slot => self.slot.is_some(),
            SlotName::OnBehalf => self.on_behalf.is_some(),
            SlotName::Relation => self.relation.is_some(),
            SlotName::BeneficiaryName => self.beneficiary_name.is_some(),
            SlotName::RequesterName => self.requester_name.is_some(),
            SlotName::Phone => self.phone.is_some(),
            SlotName::Email => self.email.is_some(),
            SlotName::Reference => self.reference.is_some(),
            SlotName::Guest => self.guest.is_some(),
            SlotName::Persons => self.persons.is_some(),
            SlotName::Language => self.language.is_some(),
            SlotName::Employee => self.employee.is_some(),
            SlotName::Rating => self.rating.is_some(),
            SlotName::SendSummary => self.send_summary.is_some(),
            SlotName::Confirm => self.confirm.is_some(),
        }
    }

    /// Forgets a slot.
    pub fn clear(&mut self, name: SlotName) {
        match name {
            SlotName::Service => (self.service, self.procedure, self.organisation) = (None, None, None),
            SlotName::Procedure => self.procedure = None,
            SlotName::Office => {
                (self.office, self.place, self.near, self.any_office) = (None, None, None, false);
            }
            SlotName::Mode => self.mode = None,
            SlotName::When => (self.when, self.earliest, self.slot) = (Vec::new(), false, None),
            SlotName::Slot => self.slot = None,
            SlotName::OnBehalf => (self.on_behalf, self.relation) = (None, None),
            SlotName::Relation => self.relation = None,
            SlotName::BeneficiaryName => self.beneficiary_name = None,
            SlotName::RequesterName => self.requester_name = None,
            SlotName::Phone => self.phone = None,
            SlotName::Email => self.email = None,
            SlotName::Reference => self.reference = None,
            SlotName::Guest => self.guest = None,
            SlotName::Persons => (self.persons, self.several) = (None, false),
            SlotName::Language => self.language = None,
            SlotName::Employee => (self.employee, self.resource) = (None, None),
            SlotName::Rating => self.rating = None,
            SlotName::SendSummary => self.send_summary = None,
            SlotName::Confirm => self.confirm = None,
        }
    }

    /// What an appointment must offer beside a time.
    #[must_use]
    pub fn needs(&self) -> Needs {
        Needs { persons: self.persons.unwrap_or(1), language: self.language, resource: self.resource.clone() }
    }

    /// The public JSON: only what is known, by the public names.
    #[must_use]
    pub fn public(&self) -> Map<String, Value> {
        let when = self.when.iter().find(|w| !w.exclude).or_else(|| self.when.first());
        let slot = self.slot.as_ref().map(|s| to_athens(s.start).format("%Y-%m-%dT%H:%M").to_string());
        let all = [
            ("service", json!(self.service)),
            ("procedure", json!(self.procedure)),
            ("office", json!(self.office)),
            ("place", json!(self.place.as_ref().or(self.near.as_ref()))),
            ("mode", json!(self.mode)),
            ("when", json!(when)),
            ("slot", json!(slot)),
            ("on_behalf", json!(self.on_behalf)),
            ("relation", json!(self.relation)),
            ("beneficiary_name", json!(self.beneficiary_name)),
            ("requester_name", json!(self.requester_name)),
            ("phone", json!(self.phone)),
            ("email", json!(self.email)),
            ("reference", json!(self.reference)),
            ("guest", json!(self.guest)),
            ("persons", json!(self.persons)),
            ("language", json!(self.language)),
            ("employee", json!(self.resource)),
            ("rating", json!(self.rating)),
            ("confirm", json!(self.confirm)),
        ];
        all.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The slots that were offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offers {
    /// The question they answer; the offer is stale when the wishes ask another.
    pub query: SlotQuery,
    /// The slots, three at most.
    pub slots: Vec<Slot>,
    /// Whether more follow.
    pub more: bool,
}

/// A search under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The wishes as a query; offers are kept under it.
    pub wish: SlotQuery,
    /// Why it is made.
    pub purpose: SearchPurpose,
}

/// Why a search is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchPurpose {
    /// For what was wished.
    Wish,
    /// The wish left nothing for this reason: what comes next.
    Next(EmptyBecause),
    /// The office of the wish has nothing: what comes first at any other.
    Elsewhere,
    /// Later than offered.
    Later,
    /// Earlier than offered; the last three before this instant.
    Earlier(DateTime<Utc>),
}

impl State {
    /// A conversation that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self { version: VERSION, ..Self::default() }
    }

    /// Reads a stored state; one written by a newer program gives a new one.
    ///
    /// # Errors
    /// When the text is not a state at all.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let state: Self = serde_json::from_str(text)?;
        if state.version > VERSION { Ok(Self { turn: state.turn, ..Self::new() }) } else { Ok(state) }
    }

    /// The innermost open flow.
    #[must_use]
    pub fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// The innermost open flow, to change.
    pub fn frame_mut(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Whether the innermost open flow is this one.
    #[must_use]
    pub fn in_flow(&self, name: &str) -> bool {
        self.frame().is_some_and(|frame| frame.flow == name)
    }

    /// The proven appointment that the reference names.
    #[must_use]
    pub fn current_appointment(&self) -> Option<&Appointment> {
        let reference = self.slots.reference.as_deref()?;
        self.appointments.iter().find(|a| a.reference.as_str() == reference)
    }

    /// The proven place in the waiting list that the reference names.
    #[must_use]
    pub fn current_wait(&self) -> Option<&Wait> {
        let reference = self.slots.reference.as_deref()?;
        self.waits.iter().find(|wait| wait.reference.as_str() == reference)
    }

    /// What the open question is about.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        self.open.as_ref().map(|open| open.about)
    }

    /// Whether the open question asks for this slot.
    #[must_use]
    pub fn awaits(&self, slot: SlotName) -> bool {
        self.about() == Some(About::Slot(slot))
    }
}
