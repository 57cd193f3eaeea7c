//! Holds and appointments, for staff and machines (section 4 of the contract).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::auth::Staff;
use super::body::Body;
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, Done, IdempotencyKey, once};
use super::local_time::LocalTime;
use crate::booking::core::{Appointment, AppointmentState, BookingRequest, HoldRequest, Needs};
use crate::booking::id::{HoldId, OfficeId, ResourceId, ServiceId};
use crate::booking::identity::{Email, Phone};
use crate::booking::people::{Guest, Mode, Relation};
use crate::booking::reference::Reference;

/// The longest name, characters.
const LONGEST_NAME: usize = 120;

/// A time to keep for a few minutes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    service: ServiceId,
    office: OfficeId,
    mode: Mode,
    /// The start of a free time.
    start: LocalTime,
}

/// A time that is kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Held {
    hold: HoldId,
    /// Until when it is kept.
    expires_at: LocalTime,
    start: LocalTime,
    end: LocalTime,
}

/// Keeps a free time for a few minutes.
#[utoipa::path(
    post, path = "/api/v1/holds", tag = "appointments", operation_id = "holdSlot",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key holds once.")),
    request_body = HoldBody,
    responses(
        (status = 201, description = "Kept", body = Held),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "Not offered", body = ErrorBody),
        (status = 409, description = "`slot_taken`, `closed`, `too_soon`, `beyond_horizon`, `not_a_slot`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn hold(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<HoldBody>,
) -> Result<Response, ApiError> {
    let request = HoldRequest {
        service: body.service,
        office: body.office,
        mode: body.mode,
        start: body.start.0,
        needs: Needs::default(),
    };
    let (core, actor) = (rim.app.core.clone(), staff.actor());
    let work = async move {
        let hold = core.hold(&request, &actor).await?;
        let held = Held {
            hold: hold.id,
            expires_at: LocalTime(hold.expires_at),
            start: LocalTime(hold.start),
            end: LocalTime(hold.end),
        };
        done(StatusCode::CREATED, &held)
    };
    once(&rim, Asked { staff, key, digest }, work).await
}

/// A kept time to be made an appointment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookBody {
    hold: HoldId,
    /// Whom it is for (ωφελούμενος).
    beneficiary: BeneficiaryBody,
    /// Who asks (αιτών).
    requester: RequesterBody,
    /// Whether these are two people.
    #[serde(default)]
    on_behalf: bool,
    /// What the beneficiary is to the requester.
    #[serde(default)]
    relation: Option<Relation>,
    /// Who joins.
    #[serde(default)]
    guests: Vec<Guest>,
    /// The registry number of the procedure it is about.
    #[serde(default)]
    procedure: Option<String>,
}

/// Whom an appointment is for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeneficiaryBody {
    /// First and last name, nominative.
    #[schema(min_length = 1, max_length = 120, example = "Μαρία Παπαδοπούλου")]
    name: String,
}

/// Who asks for an appointment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequesterBody {
    /// First and last name, nominative.
    #[schema(min_length = 1, max_length = 120, example = "Μαρία Παπαδοπούλου")]
    name: String,
    /// Ten national digits, or `+` and the country's; spaces between them do no harm.
    #[schema(min_length = 8, max_length = 32, example = "6944123456")]
    phone: String,
    #[serde(default)]
    email: Option<String>,
}

/// Makes a kept time an appointment.
#[utoipa::path(
    post, path = "/api/v1/appointments", tag = "appointments", operation_id = "bookAppointment",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key books once.")),
    request_body = BookBody,
    responses(
        (status = 201, description = "Booked", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 409, description = "`hold_expired`, `limit_reached`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn book(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<BookBody>,
) -> Result<Response, ApiError> {
    let request = body.parse()?;
    let (core, actor) = (rim.app.core.clone(), staff.actor());
    let work = async move {
        let appointment = core.book(&request, &actor).await?;
        done(StatusCode::CREATED, &AppointmentView::from(appointment))
    };
    once(&rim, Asked { staff, key, digest }, work).await
}

impl BookBody {
    fn parse(self) -> Result<BookingRequest, ApiError> {
        let phone = Phone::parse(&self.requester.phone).map_err(|_| {
            ApiError::invalid("requester.phone", "not a telephone number", "Το τηλέφωνο δεν είναι σωστό.")
        })?;
        let email = self.requester.email.as_deref().map(Email::parse).transpose().map_err(|_| {
            ApiError::invalid("requester.email", "not an e-mail address", "Η διεύθυνση e-mail δεν είναι σωστή.")
        })?;
        Ok(BookingRequest {
            hold: self.hold,
            beneficiary: name("beneficiary.name", &self.beneficiary.name)?,
            requester: name("requester.name", &self.requester.name)?,
            phone,
            email,
            on_behalf: self.on_behalf,
            relation: self.relation,
            guests: self.guests,
            procedure: self.procedure,
            identity: None,
        })
    }
}

fn name(field: &str, text: &str) -> Result<String, ApiError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().any(char::is_alphabetic) && text.chars().count() <= LONGEST_NAME {
        Ok(text)
    } else {
        Err(ApiError::invalid(field, "1 to 120 characters, with letters", "Το όνομα δεν είναι σωστό."))
    }
}

/// An appointment as staff see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AppointmentView {
    reference: String,
    state: AppointmentState,
    service: ServiceId,
    office: OfficeId,
    /// The desk or the employee.
    resource: ResourceId,
    mode: Mode,
    start: LocalTime,
    end: LocalTime,
    beneficiary: PersonView,
    requester: ContactView,
    on_behalf: bool,
    relation: Option<Relation>,
    guests: Vec<Guest>,
    procedure: Option<String>,
    /// How often it has been changed.
    sequence: u32,
    /// Until when a citizen may cancel or move it.
    cancellable_until: LocalTime,
}

/// Whom an appointment is for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonView {
    name: String,
}

/// Who asked for it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ContactView {
    name: String,
    phone: String,
    email: Option<String>,
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
        }
    }
}

/// Shows an appointment.
#[utoipa::path(
    get, path = "/api/v1/appointments/{reference}", tag = "appointments", operation_id = "getAppointment",
    params(("reference" = String, Path, description = "Greek or Latin letters, with or without the dash.")),
    responses(
        (status = 200, description = "The appointment", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn get(
    State(rim): Shared,
    _: Staff,
    Path(reference): Path<String>,
) -> Result<Json<AppointmentView>, ApiError> {
    let appointment = rim.app.core.get(&parse(&reference)?).await?;
    Ok(Json(appointment.into()))
}

/// Cancels an appointment.
#[utoipa::path(
    delete, path = "/api/v1/appointments/{reference}", tag = "appointments", operation_id = "cancelAppointment",
    params(("reference" = String, Path, description = "Greek or Latin letters, with or without the dash.")),
    responses(
        (status = 200, description = "The appointment, cancelled", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`wrong_state`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn cancel(
    State(rim): Shared,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Json<AppointmentView>, ApiError> {
    let appointment = rim.app.core.cancel(&parse(&reference)?, &staff.actor(), "").await?;
    Ok(Json(appointment.into()))
}

/// Where an appointment goes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleBody {
    /// The start of a free time.
    start: LocalTime,
    /// Another office; the same when absent.
    #[serde(default)]
    office: Option<OfficeId>,
}

/// Moves an appointment; its reference stays.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/reschedule", tag = "appointments",
    operation_id = "rescheduleAppointment",
    params(
        ("reference" = String, Path, description = "Greek or Latin letters, with or without the dash."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key moves it once.")
    ),
    request_body = RescheduleBody,
    responses(
        (status = 200, description = "The appointment at its new time", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment, or not offered", body = ErrorBody),
        (status = 409, description = "`slot_taken`, `closed`, `wrong_state`, …; the old time is kept", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn reschedule(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Path(reference): Path<String>,
    Body { value: body, digest }: Body<RescheduleBody>,
) -> Result<Response, ApiError> {
    let (core, actor) = (rim.app.core.clone(), staff.actor());
    let work = async move {
        let moved = core.reschedule(&parse(&reference)?, body.start.0, body.office.as_ref(), &actor).await?;
        done(StatusCode::OK, &AppointmentView::from(moved))
    };
    once(&rim, Asked { staff, key, digest }, work).await
}

/// A reference that is none names no appointment.
fn parse(reference: &str) -> Result<Reference, ApiError> {
    Reference::parse(reference).map_err(|_| crate::booking::refusal::Refusal::NotFound.into())
}

/// An answer that an idempotency key can keep.
///
/// # Errors
/// The body has no JSON form, which none of ours lacks.
pub fn done(status: StatusCode, body: &impl Serialize) -> Done {
    let body = serde_json::to_value(body).map_err(|_| ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok((status, body))
}
