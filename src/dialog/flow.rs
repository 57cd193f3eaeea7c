//! Flows as data: what a flow asks, does and confirms, in order. The wording is in the same files.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::apart::Apart;
use super::prompt::{Prompt, Wording};
use crate::nlu::Intent;

/// What can be asked for; the public slot names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotName {
    /// The service (υπηρεσία).
    Service,
    /// The procedure (διαδικασία).
    Procedure,
    /// The office (κατάστημα).
    Office,
    /// In person, by video, by telephone.
    Mode,
    /// Which days or hours suit.
    When,
    /// One of the offered times.
    Slot,
    /// Whether it is for somebody else.
    OnBehalf,
    /// What the beneficiary is to the requester.
    Relation,
    /// Whom it is for.
    BeneficiaryName,
    /// Who asks.
    RequesterName,
    /// The telephone that proves ownership.
    Phone,
    /// E-mail.
    Email,
    /// The reference of an appointment.
    Reference,
    /// Who joins.
    Guest,
    /// How many come together.
    Persons,
    /// A language in which to be served.
    Language,
    /// The employee by whom to be served.
    Employee,
    /// 1 to 5.
    Rating,
    /// Whether to send what was explained as a message.
    SendSummary,
    /// Yes or no to a read-back.
    Confirm,
}

impl SlotName {
    /// The public name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Procedure => "procedure",
            Self::Office => "office",
            Self::Mode => "mode",
            Self::When => "when",
            Self::Slot => "slot",
            Self::OnBehalf => "on_behalf",
            Self::Relation => "relation",
            Self::BeneficiaryName => "beneficiary_name",
            Self::RequesterName => "requester_name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Reference => "reference",
            Self::Guest => "guest",
            Self::Persons => "persons",
            Self::Language => "language",
            Self::Employee => "employee",
            Self::Rating => "rating",
            Self::SendSummary => "send_summary",
            Self::Confirm => "confirm",
        }
    }
}

/// What a flow can do between its questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Tells, before anything else, when the wished mode is not served.
    CheckMode,
    /// Says how many may come together, when somebody comes with others.
    CheckParty,
    /// Says whether an office has what is needed beside a time: the language, the employee.
    CheckNeeds,
    /// Looks for free slots that fit the wishes.
    Search,
    /// Keeps the chosen slot for a few minutes.
    Hold,
    /// Books the held slot.
    Book,
    /// Finds an appointment by reference and telephone.
    Find,
    /// Tells at once when it is too late to change the found appointment.
    CheckChangeable,
    /// Tells the found appointment.
    TellAppointment,
    /// Cancels the found appointment.
    Cancel,
    /// Moves the found appointment to the chosen slot.
    Reschedule,
    /// Notes that the citizen would wait for a place.
    AgreeToWait,
    /// Joins the waiting list.
    JoinWaitingList,
    /// Finds a place in the waiting list by reference and telephone.
    FindWait,
    /// Tells how the found wait stands.
    TellWait,
    /// Takes the place that is offered to the one who waits.
    AcceptOffer,
    /// Leaves the waiting list.
    LeaveWaitingList,
    /// Moves the found appointment to the place that its office proposes.
    AcceptProposal,
    /// Explains the procedure or the service.
    Explain,
    /// Sends what was explained as a message.
    SendSummary,
    /// Hands over to a person.
    HandOff,
    /// Records that the citizen is to be called back.
    RequestCallback,
    /// Records the rating.
    RecordRating,
    /// Ends the conversation.
    End,
}

/// When a step applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The appointment is for somebody else.
    OnBehalf,
    /// The appointment is for the requester.
    ForSelf,
    /// No appointment has been proven to be the citizen's in this conversation.
    NoAppointment,
    /// It was not said yet whether the citizen would wait for a place.
    UndecidedToWait,
    /// No place in the waiting list has been proven to be the citizen's in this conversation.
    NoWait,
    /// A place is offered to the one who waits.
    PlaceOffered,
    /// What was explained can be booked, and no other flow is waiting.
    Bookable,
    /// More can be read than was heard, and a message can be sent.
    CanSend,
    /// The citizen wants that message.
    WantsSummary,
    /// Nobody can take over now.
    DeskClosed,
    /// The office cannot keep the found appointment and proposes another place.
    Proposed,
    /// Several come together and nobody said how many.
    SeveralPersons,
}

/// One step of a flow.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// When it applies; always when absent.
    pub only_if: Option<Condition>,
    /// First, second and third wording of its question.
    pub questions: Vec<Prompt>,
    /// Why it is asked.
    pub why: Option<Prompt>,
    /// Line in its file, for messages and the graph.
    pub line: u64,
}

/// The kinds of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// Ask until the slot is known.
    Ask(SlotName),
    /// Do something.
    Do(Action),
    /// Read back and wait for a yes.
    Confirm,
    /// Go on with the booking flow, keeping what is known.
    ContinueWithBooking,
}

/// One flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Its name, as in the public JSON.
    pub name: String,
    /// What it does, in Greek, for the graph and for help.
    pub title: String,
    /// The intents that start it.
    pub starts_on: Vec<Intent>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What its actions say, by name.
    pub messages: BTreeMap<String, Prompt>,
    /// The file it was read from.
    pub file: String,
}

/// Every flow and every message, checked.
#[derive(Debug)]
pub struct Flows {
    /// By name.
    pub(super) flows: BTreeMap<String, Flow>,
    /// Messages that every flow shares: repairs, greetings, refusals.
    pub(super) shared: BTreeMap<String, Prompt>,
    /// Words by which people name a field they want to change.
    pub(super) fields: HashMap<SlotName, Vec<String>>,
    /// Turns of phrase that the repairs recognise, by name.
    pub(super) phrases: HashMap<String, Vec<String>>,
    /// Facts that tell procedures apart.
    pub(super) apart: Apart,
    /// The words of any question about any procedure, in the form of the index.
    pub(super) follow_up: Vec<String>,
    /// The compiled wording.
    pub(super) wording: Wording,
}

impl Flows {
    /// Every flow, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Flow> {
        self.flows.values()
    }

    /// The facts that tell procedures apart.
    #[must_use]
    pub fn apart(&self) -> &Apart {
        &self.apart
    }

    /// The turns of phrase of one name; none when there is no such name.
    #[must_use]
    pub fn phrases_of(&self, name: &str) -> &[String] {
        self.phrases.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The words of any question about any procedure («κόστος», «μέρες», «διαδικασία»), in the form of the index.
    #[must_use]
    pub fn follow_up(&self) -> &[String] {
        &self.follow_up
    }

    /// The flow with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Flow> {
        self.flows.get(name)
    }

    /// The flow that an intent starts.
    #[must_use]
    pub fn started_by(&self, intent: Intent) -> Option<&Flow> {
        self.flows.values().find(|flow| flow.starts_on.contains(&intent))
    }

    /// A message of a flow, or a shared one.
    pub(super) fn message(&self, flow: Option<&str>, name: &str) -> Option<&Prompt> {
        flow.and_then(|f| self.flows.get(f)).and_then(|f| f.messages.get(name)).or_else(|| self.shared.get(name))
    }
}
