//! What goes into a step and what comes out of it.

use chrono::{DateTime, Utc};

use super::state::State;
use crate::booking::core::{Appointment, BookingRequest, Hold, HoldRequest, SlotPage, SlotQuery};
use crate::booking::id::{HoldId, OfficeId};
use crate::booking::identity::Phone;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::{Wait, WaitRequest};
use crate::channel::turn::{Event, Reply};
use crate::nlu::Understanding;

/// What a step is given.
#[derive(Debug, Clone)]
pub enum Input {
    /// A conversation begins.
    Begin,
    /// Something was said or written.
    Said(Understanding),
    /// A button was chosen.
    Chosen(String),
    /// Telephone keys that answer by themselves (`0`–`9`, `*`, `#`).
    Keys(String),
    /// Nothing was said.
    Silence,
    /// What came of the request of the step before.
    Outcome(Outcome),
}

/// What a step may ask of the world; one at a time.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Free slots.
    Search(SlotQuery),
    /// Keep a slot.
    Hold(HoldRequest),
    /// Book the held slot.
    Book(Box<BookingRequest>),
    /// Find an appointment.
    Find(Reference, Phone),
    /// Cancel an appointment.
    Cancel(Reference),
    /// Move an appointment.
    Reschedule(Reference, DateTime<Utc>, OfficeId),
    /// Answer what the office of an appointment proposes: yes or no.
    AnswerProposal(Reference, bool),
    /// Something of the waiting list.
    Waiting(Waiting),
}

/// What a step may ask of the waiting list.
#[derive(Debug, Clone, PartialEq)]
pub enum Waiting {
    /// Join it.
    Join(Box<WaitRequest>),
    /// Find somebody's place in it.
    Find(Reference, Phone),
    /// Take the place that is offered.
    Accept(Reference, Phone),
    /// Let the place that is offered go.
    Decline(Reference, Phone),
    /// Leave it.
    Leave(Reference, Phone),
}

/// What came of a call to the waiting list, in the order of [`Waiting`].
#[derive(Debug, Clone)]
pub enum Answered {
    /// Of joining.
    Joined(Result<Box<Wait>, Refusal>),
    /// Of finding.
    Found(Result<Box<Wait>, Refusal>),
    /// Of taking what is offered.
    Accepted(Result<Box<Appointment>, Refusal>),
    /// Of letting it go.
    Declined(Result<Box<Wait>, Refusal>),
    /// Of leaving.
    Left(Result<(), Refusal>),
}

impl Waiting {
    /// What came of a call that was refused before it was made.
    #[must_use]
    pub fn refused(&self, refusal: Refusal) -> Answered {
        match self {
            Self::Join(_) => Answered::Joined(Err(refusal)),
            Self::Find(..) => Answered::Found(Err(refusal)),
            Self::Accept(..) => Answered::Accepted(Err(refusal)),
            Self::Decline(..) => Answered::Declined(Err(refusal)),
            Self::Leave(..) => Answered::Left(Err(refusal)),
        }
    }
}

/// What came of a request, in the order of [`Request`].
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Of a search.
    Found(Result<SlotPage, Refusal>),
    /// Of keeping a slot.
    Held(Result<Hold, Refusal>),
    /// Of booking.
    Booked(Result<Box<Appointment>, Refusal>),
    /// Of finding.
    Appointment(Result<Box<Appointment>, Refusal>),
    /// Of cancelling.
    Cancelled(Result<Box<Appointment>, Refusal>),
    /// Of moving.
    Rescheduled(Result<Box<Appointment>, Refusal>),
    /// Of a call to the waiting list.
    Waiting(Answered),
    /// Of a yes to a proposal.
    ProposalAccepted(Result<Box<Appointment>, Refusal>),
    /// Of a no to a proposal.
    ProposalDeclined(Result<Box<Appointment>, Refusal>),
}

/// What a step wants written down, with no answer awaited.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// Let a held slot go.
    Release(HoldId),
    /// A person takes over.
    HandOff {
        /// Why.
        reason: String,
    },
    /// A call back is wanted.
    Callback {
        /// To this telephone.
        phone: String,
    },
    /// A message to a mobile telephone.
    Message {
        /// To this telephone.
        phone: String,
        /// What it says.
        text: String,
    },
    /// A rating.
    Feedback {
        /// 1 to 5.
        rating: u8,
    },
}

/// What a step did.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// The new state.
    pub state: State,
    /// What is said, in order.
    pub replies: Vec<Reply>,
    /// What happened for good.
    pub events: Vec<Event>,
    /// What to write down.
    pub records: Vec<Record>,
    /// What must be asked of the world before the turn can end.
    pub request: Option<Request>,
}
