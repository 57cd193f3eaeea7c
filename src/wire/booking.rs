//! What is sent to keep, book, find and move; and what a kept time is answered with.

use serde::{Deserialize, Serialize};

use super::LocalTime;
use crate::booking::core::{BookingRequest, Closure, Hold, HoldRequest, Needs};
use crate::booking::id::{HoldId, OfficeId, ResourceId, ServiceId};
use crate::booking::people::{Guest, Language, Mode, Relation};

/// Digits of a social security number (ΑΜΚΑ); a tax number has nine.
const AMKA_DIGITS: usize = 11;

/// A time to keep for a few minutes.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// The service.
    pub service: ServiceId,
    /// The office.
    pub office: OfficeId,
    /// The mode.
    pub mode: Mode,
    /// The start of a free time.
    pub start: LocalTime,
    /// How many persons come; one when absent.
    #[serde(default = "one")]
    #[schema(minimum = 1, default = 1)]
    pub persons: u32,
    /// A language that must be spoken or signed, by ISO 639.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// This very employee; only where the office lets citizens choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<ResourceId>,
}

fn one() -> u32 {
    1
}

impl From<HoldBody> for HoldRequest {
    fn from(body: HoldBody) -> Self {
        let HoldBody { service, office, mode, start, persons, language, employee } = body;
        Self { service, office, mode, start: start.0, needs: Needs { persons, language, resource: employee } }
    }
}

impl From<&HoldRequest> for HoldBody {
    fn from(request: &HoldRequest) -> Self {
        let HoldRequest { service, office, mode, start, needs } = request.clone();
        let Needs { persons, language, resource } = needs;
        Self { service, office, mode, start: LocalTime(start), persons, language, employee: resource }
    }
}

/// A time that is kept.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Held {
    /// Its id.
    pub hold: HoldId,
    /// Until when it is kept.
    pub expires_at: LocalTime,
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
}

impl From<Hold> for Held {
    fn from(Hold { id, expires_at, start, end }: Hold) -> Self {
        Self { hold: id, expires_at: LocalTime(expires_at), start: LocalTime(start), end: LocalTime(end) }
    }
}

impl From<Held> for Hold {
    fn from(Held { hold, expires_at, start, end }: Held) -> Self {
        Self { id: hold, expires_at: expires_at.0, start: start.0, end: end.0 }
    }
}

/// A time to be made an appointment: one that is kept (`hold`), or a free one (`service`, `office`, `mode`, `start`) that is
/// kept and booked in one step.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookBody {
    /// The kept time; booking it twice gives the same appointment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldId>,
    /// Without `hold`: the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// Without `hold`: the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeId>,
    /// Without `hold`: the mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Without `hold`: the start of a free time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<LocalTime>,
    /// Without `hold`: how many persons come; one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub persons: Option<u32>,
    /// Without `hold`: a language that must be spoken or signed, by ISO 639.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Without `hold`: this very employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<ResourceId>,
    /// Whom it is for (ωφελούμενος).
    pub beneficiary: BeneficiaryBody,
    /// Who asks (αιτών).
    pub requester: RequesterBody,
    /// Whether these are two people.
    #[serde(default)]
    pub on_behalf: bool,
    /// What the beneficiary is to the requester.
    #[serde(default)]
    pub relation: Option<Relation>,
    /// Who joins.
    #[serde(default)]
    pub guests: Vec<Guest>,
    /// The registry number of the procedure it is about.
    #[serde(default)]
    pub procedure: Option<String>,
}

/// Whom an appointment is for.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeneficiaryBody {
    /// First and last name, nominative.
    #[schema(min_length = 1, max_length = 120, example = "Μαρία Παπαδοπούλου")]
    pub name: String,
    /// Tax number (ΑΦΜ): then the limits are counted by it. Kept only as a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afm: Option<String>,
    /// Social security number (ΑΜΚΑ), instead of the tax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amka: Option<String>,
}

/// Who asks for an appointment.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequesterBody {
    /// First and last name, nominative.
    #[schema(min_length = 1, max_length = 120, example = "Μαρία Παπαδοπούλου")]
    pub name: String,
    /// Ten national digits, or `+` and the country's; spaces between them do no harm.
    #[schema(min_length = 8, max_length = 32, example = "6944123456")]
    pub phone: String,
    /// Where a confirmation may go.
    #[serde(default)]
    pub email: Option<String>,
}

impl From<&BookingRequest> for BookBody {
    fn from(request: &BookingRequest) -> Self {
        let it = request.clone();
        let (amka, afm) = match it.identity {
            Some(digits) if digits.len() == AMKA_DIGITS => (Some(digits), None),
            other => (None, other),
        };
        let (service, office, mode, start) = (None, None, None, None);
        let (persons, language, employee) = (None, None, None);
        Self {
            hold: Some(it.hold),
            service,
            office,
            mode,
            start,
            persons,
            language,
            employee,
            beneficiary: BeneficiaryBody { name: it.beneficiary, afm, amka },
            requester: RequesterBody { name: it.requester, phone: it.phone.into(), email: it.email.map(String::from) },
            on_behalf: it.on_behalf,
            relation: it.relation,
            guests: it.guests,
            procedure: it.procedure,
        }
    }
}

/// Whose appointment is looked for: both must be right.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindBody {
    /// Greek or Latin letters, with or without the dash.
    pub reference: String,
    /// The telephone it was booked with.
    pub phone: String,
}

/// Where an appointment goes.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleBody {
    /// The start of a free time.
    pub start: LocalTime,
    /// Another office; the same when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeId>,
}

/// An answer to the place that an office proposes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Whether the place is taken.
    pub accept: bool,
}

/// A time in which an office, or one of its desks, serves nobody.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureBody {
    /// The office.
    pub office: OfficeId,
    /// Only this desk or employee; the whole office when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
    /// From when.
    pub from: LocalTime,
    /// Until when, exclusive.
    pub to: LocalTime,
    /// Why, in Greek, as citizens will read it.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
    /// Whether a new place is proposed at once to everybody whom it hurts, and kept for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub propose: bool,
}

impl From<&Closure> for ClosureBody {
    fn from(closure: &Closure) -> Self {
        let Closure { office, resource, window, reason } = closure.clone();
        let (from, to) = (LocalTime(window.from), LocalTime(window.to));
        Self { office, resource, from, to, reason, propose: false }
    }
}
