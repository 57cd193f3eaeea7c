//! Appointments, for staff, machines and trusted fronts (section 4 of the contract).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::auth::{Official, Staff};
use super::body::{Body, EmptyBody, Parameters};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, Done, IdempotencyKey, once};
use super::people;
use crate::booking::core::{Actor, Appointment, AvailabilityCore, BookingRequest, HoldRequest};
use crate::booking::identity::Phone;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::wire::AppointmentView;
use crate::wire::booking::{BookBody, FindBody, RescheduleBody};

/// The longest reason, characters.
const LONGEST_REASON: usize = 300;

/// Makes a kept time an appointment, or keeps and books a free time in one step.
#[utoipa::path(
    post, path = "/api/v1/appointments", tag = "appointments", operation_id = "bookAppointment",
    params(IdempotencyKey),
    request_body = BookBody,
    responses(
        (status = 201, description = "Booked", body = AppointmentView),
        (status = 404, description = "Not offered", body = ErrorBody),
        (status = 409, description = "`hold_expired`, `limit_reached`; without a hold also what a hold is refused for",
         body = ErrorBody),
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
    let place = people::place(&body)?;
    let request = people::request(body)?;
    let (app, actor) = (rim.app.clone(), staff.actor());
    let work = async move {
        match (place, app.desk) {
            (None, _) => app.core.book(&request, &actor).await,
            (Some(place), Some(desk)) => desk.book_at(&place, &request, &actor).await,
            (Some(place), None) => hold_and_book(app.core.as_ref(), &place, request, &actor).await,
        }
    };
    once(&rim, Asked { staff, key, digest }, shown(StatusCode::CREATED), work).await
}

/// What a desk does in one step, where the desk is elsewhere.
async fn hold_and_book(
    core: &dyn AvailabilityCore,
    place: &HoldRequest,
    request: BookingRequest,
    actor: &Actor,
) -> Result<Appointment, Refusal> {
    let hold = core.hold(place, actor).await?.id;
    let booked = core.book(&BookingRequest { hold: hold.clone(), ..request }, actor).await;
    if booked.is_err()
        && let Err(refusal) = core.release(&hold, actor).await
    {
        tracing::warn!(code = refusal.code(), "a hold was not released; it expires by itself");
    }
    booked
}

/// Shows an appointment.
#[utoipa::path(
    get, path = "/api/v1/appointments/{reference}", tag = "appointments", operation_id = "getAppointment",
    responses(
        (status = 200, description = "The appointment", body = AppointmentView),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`staff_only`: for a citizen ask with the telephone (`/appointments/find`)",
         body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn get(
    State(rim): Shared,
    _: Official,
    Path(reference): Path<String>,
) -> Result<Json<AppointmentView>, ApiError> {
    let appointment = rim.app.core.get(&parse(&reference)?).await?;
    Ok(Json(appointment.into()))
}

/// Finds an appointment for somebody who knows the telephone it was booked with. It changes nothing, so a key is not needed.
#[utoipa::path(
    post, path = "/api/v1/appointments/find", tag = "appointments", operation_id = "findAppointment",
    request_body = FindBody,
    responses(
        (status = 200, description = "The appointment", body = AppointmentView),
        (status = 404, description = "No such pair of reference and telephone", body = ErrorBody),
        (status = 422, description = "A value is not allowed", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn find(
    State(rim): Shared,
    _: Staff,
    Body { value: body, .. }: Body<FindBody>,
) -> Result<Json<AppointmentView>, ApiError> {
    // What is no telephone is not the telephone of any appointment: as wrong as a wrong one.
    let phone = Phone::parse(&body.phone).map_err(|_| Refusal::NotFound)?;
    let found = rim.app.core.find(&parse(&body.reference)?, &phone).await?;
    Ok(Json(found.into()))
}

/// Why something is undone.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Why {
    /// For the audit, at most 300 characters.
    #[param(max_length = 300)]
    reason: Option<String>,
}

impl Why {
    /// The reason, empty when none was given.
    pub fn text(self) -> Result<String, ApiError> {
        reason_text(self.reason)
    }
}

/// A reason that may be left out.
pub fn reason_text(reason: Option<String>) -> Result<String, ApiError> {
    let reason = reason.unwrap_or_default().trim().to_owned();
    if reason.chars().count() > LONGEST_REASON || reason.chars().any(char::is_control) {
        return Err(ApiError::invalid("reason", "at most 300 characters", "Γράψτε πιο σύντομα τον λόγο."));
    }
    Ok(reason)
}

/// A reason that people will read.
pub fn needed_reason(reason: &str) -> Result<String, ApiError> {
    let reason = reason_text(Some(reason.to_owned()))?;
    if reason.is_empty() {
        return Err(ApiError::invalid("reason", "1 to 300 characters", "Γράψτε σύντομα τον λόγο."));
    }
    Ok(reason)
}

/// Cancels an appointment.
#[utoipa::path(
    delete, path = "/api/v1/appointments/{reference}", tag = "appointments", operation_id = "cancelAppointment",
    params(Why, IdempotencyKey),
    responses(
        (status = 200, description = "The appointment, cancelled", body = AppointmentView),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`wrong_state`; for a citizen also `too_late`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn cancel(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Path(reference): Path<String>,
    Parameters(why): Parameters<Why>,
    EmptyBody { digest }: EmptyBody,
) -> Result<Response, ApiError> {
    let reason = why.text()?;
    let (core, actor, reference) = (rim.app.core.clone(), staff.actor(), parse(&reference)?);
    let work = async move { core.cancel(&reference, &actor, &reason).await };
    once(&rim, Asked { staff, key, digest }, shown(StatusCode::OK), work).await
}

/// Moves an appointment; its reference stays.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/reschedule", tag = "appointments",
    operation_id = "rescheduleAppointment",
    params(IdempotencyKey),
    request_body = RescheduleBody,
    responses(
        (status = 200, description = "The appointment at its new time", body = AppointmentView),
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
    let (core, actor, reference) = (rim.app.core.clone(), staff.actor(), parse(&reference)?);
    let work = async move { core.reschedule(&reference, body.start.0, body.office.as_ref(), &actor).await };
    once(&rim, Asked { staff, key, digest }, shown(StatusCode::OK), work).await
}

/// A reference that is none names no appointment.
pub fn parse(reference: &str) -> Result<Reference, ApiError> {
    Reference::parse(reference).map_err(|_| Refusal::NotFound.into())
}

/// Answers with an appointment.
pub fn shown(status: StatusCode) -> impl Fn(&Appointment) -> Done + Copy + Send + Sync {
    move |appointment| done(status, &AppointmentView::from(appointment.clone()))
}

/// An answer that an idempotency key can keep.
///
/// # Errors
/// The body has no JSON form, which none of ours lacks.
pub fn done(status: StatusCode, body: &impl Serialize) -> Done {
    let body = serde_json::to_value(body).map_err(|_| ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok((status, body))
}
