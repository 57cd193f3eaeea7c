//! What was understood of one utterance: ranked intents and entities, in the public JSON form.

use serde::{Deserialize, Serialize};

use crate::booking::id::{OfficeId, OrganisationId, ServiceId};
use crate::booking::people::{Guest, Language, Mode, Relation};
use crate::greek::when::When;

/// What somebody wants with an utterance (πρόθεση).
macro_rules! intents {
    ($($variant:ident $name:literal,)*) => {
        /// What somebody wants with an utterance (πρόθεση); the names are public.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Intent {
            $(#[doc = $name] #[serde(rename = $name)] $variant,)*
        }

        impl Intent {
            /// Every intent, in a fixed order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The public name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

intents! {
    BookAppointment "book_appointment",
    CancelAppointment "cancel_appointment",
    RescheduleAppointment "reschedule_appointment",
    CheckAppointment "check_appointment",
    AskAvailability "ask_availability",
    ExplainProcedure "explain_procedure",
    AskDocuments "ask_documents",
    AskCost "ask_cost",
    AskDuration "ask_duration",
    AskOffice "ask_office",
    AskChannel "ask_channel",
    RequestCertificate "request_certificate",
    SubmitApplication "submit_application",
    TrackRequest "track_request",
    Inform "inform",
    Affirm "affirm",
    Deny "deny",
    Correct "correct",
    Repeat "repeat",
    SpeakSlower "speak_slower",
    Help "help",
    StartOver "start_over",
    GoBack "go_back",
    Wait "wait",
    TalkToHuman "talk_to_human",
    Greet "greet",
    Thank "thank",
    Goodbye "goodbye",
    Complain "complain",
    AskBot "ask_bot",
    Emergency "emergency",
    OutOfScope "out_of_scope",
}

impl Intent {
    /// Reads the public name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|i| i.as_str() == name)
    }
}

/// An intent with how sure the classifier is of it, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankedIntent {
    /// The intent.
    pub name: Intent,
    /// Calibrated probability, 0 to 1.
    pub confidence: f32,
}

/// A value that an entity carries; `type` and `value` are the public JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum EntityValue {
    /// A day, a time, an interval.
    When(When),
    /// A procedure of the national registry (διαδικασία).
    Procedure {
        /// Registry number.
        id: String,
        /// Official title.
        title: String,
    },
    /// A service of the catalogue.
    Service {
        /// Catalogue id.
        id: ServiceId,
    },
    /// An organisation of the catalogue.
    Organisation {
        /// Catalogue id.
        id: OrganisationId,
    },
    /// An office of the catalogue.
    Office {
        /// Catalogue id.
        id: OfficeId,
        /// Its name in the nominative.
        name: String,
    },
    /// A place.
    Place {
        /// The municipality (δήμος) in the nominative, as the catalogue writes it.
        municipality: String,
    },
    /// How the appointment is to be held.
    Mode(Mode),
    /// Whom it is for.
    Relation(Relation),
    /// A person's name, in the nominative.
    PersonName(String),
    /// Ten national digits, or `+…`.
    Phone(String),
    /// A tax number whose check digit holds.
    Afm(String),
    /// A social security number whose check digit holds.
    Amka(String),
    /// An e-mail address, lower case.
    Email(String),
    /// An appointment reference in its canonical form.
    Reference(String),
    /// A one-time code of 4 to 8 digits.
    Otp(String),
    /// A place in a list: 1 is the first, -1 the last.
    Ordinal(i64),
    /// Any other number; `invalid` says which identifier it failed to be.
    Number(Number),
    /// Somebody who joins the appointment.
    Guest(Guest),
    /// A wish about the offered times or offices.
    Preference(Preference),
    /// How many come together; null when there are several and nobody said how many.
    Persons(Option<u32>),
    /// A language in which somebody would be served.
    Language(Language),
    /// The employee by whom somebody would be served.
    Employee {
        /// The name as it was said.
        name: String,
    },
}

/// A number, perhaps a mistyped identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// A plain number.
    Plain(i64),
    /// Digits whose shape or check digit does not hold.
    Invalid {
        /// The digits as heard.
        digits: String,
        /// `afm`, `amka`, `phone` or `reference`.
        invalid: String,
    },
}

/// A wish about the offered times or offices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// the earliest there is
    Earliest,
    /// any will do
    Any,
    /// earlier than offered
    Earlier,
    /// later than offered
    Later,
    /// another day
    OtherDay,
    /// another office
    OtherOffice,
}

/// A value found in the text, with where it stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// The words it was read from, as written.
    pub text: String,
    /// First Unicode scalar value of it in the utterance.
    pub start: usize,
    /// One past its last Unicode scalar value.
    pub end: usize,
    /// What it means.
    #[serde(flatten)]
    pub value: EntityValue,
}

/// What was understood of one utterance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    /// The utterance as received.
    pub text: String,
    /// The best intent.
    pub intent: RankedIntent,
    /// The best few intents, best first; the first is `intent`.
    pub ranking: Vec<RankedIntent>,
    /// Entities in the order of the text; they do not overlap.
    pub entities: Vec<Entity>,
}

/// What understanding may know of the conversation: the open question changes how an answer is read.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Now, as an Athens wall clock reads it.
    pub now: chrono::NaiveDateTime,
    /// The slot being asked for, by its public name (`when`, `phone`, `beneficiary_name`, `confirm`, …).
    pub awaiting: Option<String>,
}
