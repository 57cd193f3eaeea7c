//! An appointment as staff and machines see it.

use serde::{Deserialize, Serialize};

use super::{LocalTime, Unreadable};
use crate::booking::core::{Appointment, AppointmentState, Proposal};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::identity::{Email, Phone};
use crate::booking::people::{Guest, Language, Mode, Relation};
use crate::booking::reference::Reference;

/// An appointment as staff see it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AppointmentView {
    /// What the citizen keeps.
    pub reference: String,
    /// Where it is in its life.
    pub state: AppointmentState,
    /// The service.
    pub service: ServiceId,
    /// Where.
    pub office: OfficeId,
    /// The desk or the employee.
    pub resource: ResourceId,
    /// How.
    pub mode: Mode,
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
    /// Whom it is for (ωφελούμενος).
    pub beneficiary: PersonView,
    /// Who asked (αιτών).
    pub requester: ContactView,
    /// Whether these are two people.
    pub on_behalf: bool,
    /// What the beneficiary is to the requester.
    pub relation: Option<Relation>,
    /// Who joins.
    pub guests: Vec<Guest>,
    /// The registry number of the procedure it is about.
    pub procedure: Option<String>,
    /// How often it has been changed.
    pub sequence: u32,
    /// Until when a citizen may cancel or move it.
    pub cancellable_until: LocalTime,
    /// How many persons come.
    #[serde(default = "one")]
    pub persons: u32,
    /// The language asked for, by ISO 639.
    #[serde(default)]
    pub language: Option<Language>,
    /// The series it belongs to.
    #[serde(default)]
    pub series: Option<String>,
    /// Where the office proposes to move it, since it cannot keep it.
    #[serde(default)]
    pub proposal: Option<ProposalView>,
}

fn one() -> u32 {
    1
}

/// Whom an appointment is for.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PersonView {
    /// First and last name.
    pub name: String,
}

/// Who asked for it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ContactView {
    /// First and last name.
    pub name: String,
    /// National digits, or `+…`.
    pub phone: String,
    /// Where a confirmation may go.
    pub email: Option<String>,
}

/// Another place that the office proposes; it is kept until it expires.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProposalView {
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
    /// Where.
    pub office: OfficeId,
    /// Until when the place is kept.
    pub expires_at: LocalTime,
    /// Why the appointment cannot be kept, in Greek.
    pub reason: String,
}

impl From<Appointment> for AppointmentView {
    fn from(it: Appointment) -> Self {
        Self {
            reference: it.reference.to_string(),
            state: it.state,
            service: it.service,
            office: it.office,
            resource: it.resource,
            mode: it.mode,
            start: LocalTime(it.start),
            end: LocalTime(it.end),
            beneficiary: PersonView { name: it.beneficiary },
            requester: ContactView {
                name: it.requester,
                phone: it.phone.as_str().to_owned(),
                email: it.email.map(String::from),
            },
            on_behalf: it.on_behalf,
            relation: it.relation,
            guests: it.guests,
            procedure: it.procedure,
            sequence: it.sequence,
            cancellable_until: LocalTime(it.cancellable_until),
            persons: it.persons,
            language: it.language,
            series: it.series,
            proposal: it.proposal.map(ProposalView::from),
        }
    }
}

impl From<Proposal> for ProposalView {
    fn from(Proposal { start, end, office, expires_at, reason }: Proposal) -> Self {
        Self { start: LocalTime(start), end: LocalTime(end), office, expires_at: LocalTime(expires_at), reason }
    }
}

impl From<ProposalView> for Proposal {
    fn from(ProposalView { start, end, office, expires_at, reason }: ProposalView) -> Self {
        Self { start: start.0, end: end.0, office, expires_at: expires_at.0, reason }
    }
}

impl TryFrom<AppointmentView> for Appointment {
    type Error = Unreadable;

    fn try_from(it: AppointmentView) -> Result<Self, Unreadable> {
        let email = it.requester.email.as_deref().map(Email::parse).transpose();
        Ok(Self {
            reference: Reference::parse(&it.reference).map_err(|_| Unreadable("the reference"))?,
            state: it.state,
            service: it.service,
            office: it.office,
            resource: it.resource,
            mode: it.mode,
            start: it.start.0,
            end: it.end.0,
            beneficiary: it.beneficiary.name,
            requester: it.requester.name,
            phone: Phone::parse(&it.requester.phone).map_err(|_| Unreadable("the telephone"))?,
            email: email.map_err(|_| Unreadable("the e-mail address"))?,
            on_behalf: it.on_behalf,
            relation: it.relation,
            guests: it.guests,
            procedure: it.procedure,
            sequence: it.sequence,
            cancellable_until: it.cancellable_until.0,
            persons: it.persons,
            language: it.language,
            series: it.series,
            proposal: it.proposal.map(Proposal::from),
        })
    }
}
