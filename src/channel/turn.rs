//! One turn on any channel: what came in, what goes out. These are the public JSON forms of section 3 of the contract.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The door a citizen came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web widget and the public HTTP API.
    Web,
    /// `ariadni chat`.
    Terminal,
    /// Telegram.
    Telegram,
    /// The telephone.
    Phone,
}

impl Channel {
    /// The name kept in the audit.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Terminal => "terminal",
            Self::Telegram => "telegram",
            Self::Phone => "phone",
        }
    }
}

/// What a citizen did in one turn: exactly one of the fields of the public JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Inbound {
    /// Something written or said.
    Text(String),
    /// The `value` of a choice that was offered.
    Choice(String),
    /// Keys pressed on a telephone, `0`–`9`, `*`, `#`.
    Dtmf(String),
    /// Nothing was said; always `true`.
    Silence(bool),
}

/// One button, or one numbered option read aloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Choice {
    /// What the citizen reads.
    pub title: String,
    /// What comes back as `Inbound::Choice`.
    pub value: String,
}

/// One message of the bot, for the eye and for the ear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reply {
    /// The written form.
    pub display: String,
    /// The spoken form: numbers, dates and codes as words.
    pub speak: String,
    /// What can be answered by a button.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

/// Whether the conversation goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It goes on.
    #[default]
    Open,
    /// It has ended.
    Ended,
    /// A person has taken over.
    HandedOff,
}

impl Status {
    /// The public name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::HandedOff => "handed_off",
        }
    }
}

fn one() -> u32 {
    1
}

/// Something that happened for good, as others may rely on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// An appointment was booked.
    AppointmentBooked {
        /// Its reference.
        reference: String,
        /// Service id.
        service: String,
        /// Office id.
        office: String,
        /// Office name.
        office_name: String,
        /// `in_person`, `video` or `phone`.
        mode: String,
        /// Start, Europe/Athens, without an offset.
        #[serde(with = "local_minute")]
        start: NaiveDateTime,
        /// End, Europe/Athens, without an offset.
        #[serde(with = "local_minute")]
        end: NaiveDateTime,
        /// Whom it is for.
        beneficiary: String,
        /// Who asked for it.
        requester: String,
        /// The telephone that proves ownership.
        phone: String,
        /// How many come together.
        #[serde(default = "one")]
        persons: u32,
    },
    /// An appointment was cancelled.
    AppointmentCancelled {
        /// Its reference.
        reference: String,
    },
    /// An appointment was moved.
    AppointmentRescheduled {
        /// Its reference, which stays the same.
        reference: String,
        /// The old start, Europe/Athens.
        #[serde(with = "local_minute")]
        from: NaiveDateTime,
        /// The new start, Europe/Athens.
        #[serde(with = "local_minute")]
        start: NaiveDateTime,
    },
    /// An appointment was found by reference and telephone.
    AppointmentFound {
        /// Its reference.
        reference: String,
    },
    /// Somebody joined the waiting list.
    WaitingJoined {
        /// The reference of their place in it.
        reference: String,
    },
    /// A procedure was explained.
    ProcedureExplained {
        /// Registry id.
        procedure: String,
        /// Which aspects were told: `summary`, `documents`, `cost`, `duration`, `eligibility`, `office`, `channel`, `steps`,
        /// `deputy` (whether another may go instead).
        aspects: Vec<String>,
    },
    /// A certificate was asked for.
    CertificateRequested {
        /// Which certificate.
        kind: String,
        /// The reference of the request.
        reference: String,
    },
    /// An application was submitted.
    ApplicationSubmitted {
        /// Which application.
        kind: String,
        /// The reference of the application.
        reference: String,
    },
    /// A person takes over.
    HandedOff {
        /// Why: `asked`, `not_understood`, `complaint`, …
        reason: String,
    },
    /// The citizen will be called back.
    CallbackRequested {
        /// The telephone to call.
        phone: String,
    },
    /// The citizen rated the conversation.
    FeedbackGiven {
        /// 1 (bad) to 5 (excellent).
        rating: u8,
    },
    /// The citizen was told to call an emergency number.
    EmergencyReferred {
        /// The number.
        number: String,
    },
}

/// The answer to one turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Outbound {
    /// 0 for the greeting, then one more for each turn.
    pub turn: u32,
    /// What the bot says, in order.
    pub replies: Vec<Reply>,
    /// The flow that is open.
    pub flow: Option<String>,
    /// The slot asked for, `confirm` at a read-back, or null.
    pub awaiting: Option<String>,
    /// What is known so far, by the public slot names.
    #[schema(value_type = Object)]
    pub slots: Map<String, Value>,
    /// What happened for good in this turn.
    pub events: Vec<Event>,
    /// Whether the conversation goes on.
    pub status: Status,
}

/// Local times to the minute, without an offset: `2026-11-24T10:00`.
pub mod local_minute {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, Serializer};

    const FORMAT: &str = "%Y-%m-%dT%H:%M";

    /// Writes the public form.
    ///
    /// # Errors
    /// Only those of the serializer.
    pub fn serialize<S: Serializer>(time: &NaiveDateTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format(FORMAT))
    }

    /// Reads the public form.
    ///
    /// # Errors
    /// When the text is not a local time to the minute.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveDateTime::parse_from_str(&text, FORMAT).map_err(serde::de::Error::custom)
    }
}
