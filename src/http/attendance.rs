//! What happens to an appointment on its day: the citizen comes, it begins, it ends; or somebody did not come.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::Shared;
use super::appointments::{done, parse, reason_text};
use super::auth::Official;
use super::body::{Body, EmptyBody};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::booking::core::AppointmentState;
use crate::wire::AppointmentView;

/// The citizen has come.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/check-in", tag = "desk", operation_id = "checkIn",
    params(
        ("reference" = String, Path, description = "Greek or Latin letters, with or without the dash."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key marks it once.")
    ),
    responses(
        (status = 200, description = "Checked in", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`wrong_state`, `too_soon`, `desk_elsewhere`, `staff_only`", body = ErrorBody),
        (status = 422, description = "The key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn check_in(
    state: Shared,
    official: Official,
    key: IdempotencyKey,
    path: Path<String>,
    EmptyBody { digest }: EmptyBody,
) -> Result<Response, ApiError> {
    mark(state, official, key, path, Marking { to: AppointmentState::CheckedIn, reason: String::new(), digest }).await
}

/// It has begun.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/start", tag = "desk", operation_id = "startAppointment",
    params(
        ("reference" = String, Path, description = "Greek or Latin letters, with or without the dash."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key marks it once.")
    ),
    responses(
        (status = 200, description = "Under way", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`wrong_state`, `too_soon`, `desk_elsewhere`, `staff_only`", body = ErrorBody),
        (status = 422, description = "The key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn start(
    state: Shared,
    official: Official,
    key: IdempotencyKey,
    path: Path<String>,
    EmptyBody { digest }: EmptyBody,
) -> Result<Response, ApiError> {
    mark(state, official, key, path, Marking { to: AppointmentState::Started, reason: String::new(), digest }).await
}

/// It has taken place.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/finish", tag = "desk", operation_id = "finishAppointment",
    params(
        ("reference" = String, Path, description = "Greek or Latin letters, with or without the dash."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key marks it once.")
    ),
    responses(
        (status = 200, description = "Completed", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`wrong_state`, `too_soon`, `desk_elsewhere`, `staff_only`", body = ErrorBody),
        (status = 422, description = "The key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn finish(
    state: Shared,
    official: Official,
    key: IdempotencyKey,
    path: Path<String>,
    EmptyBody { digest }: EmptyBody,
) -> Result<Response, ApiError> {
    mark(state, official, key, path, Marking { to: AppointmentState::Completed, reason: String::new(), digest }).await
}

/// Who did not come.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissedBody {
    /// `citizen`, or `office` when nobody was there to serve.
    who: Absent,
    /// More about it, for the audit.
    #[serde(default)]
    #[schema(max_length = 300)]
    reason: Option<String>,
}

/// One of the two sides of an appointment.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// The citizen (ο πολίτης).
    Citizen,
    /// The office (η υπηρεσία).
    Office,
}

/// It did not take place, because one side was not there.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/missed", tag = "desk", operation_id = "missAppointment",
    params(
        ("reference" = String, Path, description = "Greek or Latin letters, with or without the dash."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key marks it once.")
    ),
    request_body = MissedBody,
    responses(
        (status = 200, description = "Missed", body = AppointmentView),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`wrong_state`, `too_soon`, `desk_elsewhere`, `staff_only`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn missed(
    state: Shared,
    official: Official,
    key: IdempotencyKey,
    path: Path<String>,
    Body { value: body, digest }: Body<MissedBody>,
) -> Result<Response, ApiError> {
    let who = match body.who {
        Absent::Citizen => "citizen",
        Absent::Office => "office",
    };
    let more = reason_text(body.reason)?;
    let reason = if more.is_empty() { who.to_owned() } else { format!("{who}: {more}") };
    mark(state, official, key, path, Marking { to: AppointmentState::Missed, reason, digest }).await
}

/// The next state of an appointment, and the digest of the request for it.
struct Marking {
    to: AppointmentState,
    reason: String,
    digest: [u8; 32],
}

async fn mark(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Path(reference): Path<String>,
    Marking { to, reason, digest }: Marking,
) -> Result<Response, ApiError> {
    let (desk, actor) = (rim.app.desk()?, staff.actor());
    let work = async move {
        let marked = desk.mark(&parse(&reference)?, to, &actor, &reason).await?;
        done(StatusCode::OK, &AppointmentView::from(marked))
    };
    once(&rim, Asked { staff, key, digest }, work).await
}
