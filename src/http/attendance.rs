//! What happens to an appointment on its day: the citizen comes, it begins, it ends; or somebody did not come.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::Shared;
use super::appointments::{parse, reason_text, shown};
use super::auth::Official;
use super::body::{Body, EmptyBody};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::booking::core::AppointmentState;
use crate::wire::AppointmentView;

/// A call that only takes an appointment to its next state.
macro_rules! next_state {
    ($(#[$doc:meta])* $name:ident, $path:literal, $id:literal, $state:ident, $told:literal) => {
        $(#[$doc])*
        #[utoipa::path(
            post, path = $path, tag = "desk", operation_id = $id, params(IdempotencyKey),
            responses(
                (status = 200, description = $told, body = AppointmentView),
                (status = 404, description = "No such appointment", body = ErrorBody),
                (status = 409, description = "`wrong_state`, `too_soon`, `desk_elsewhere`, `staff_only`", body = ErrorBody),
                (status = 422, description = "The key was used otherwise", body = ErrorBody)
            ),
            security(("staff" = []))
        )]
        pub async fn $name(
            state: Shared,
            official: Official,
            key: IdempotencyKey,
            path: Path<String>,
            EmptyBody { digest }: EmptyBody,
        ) -> Result<Response, ApiError> {
            let marking = Marking { to: AppointmentState::$state, reason: String::new(), digest };
            mark(state, official, key, path, marking).await
        }
    };
}

next_state! {
    /// The citizen has come.
    check_in, "/api/v1/appointments/{reference}/check-in", "checkIn", CheckedIn, "Checked in"
}
next_state! {
    /// It has begun.
    start, "/api/v1/appointments/{reference}/start", "startAppointment", Started, "Under way"
}
next_state! {
    /// It has taken place.
    finish, "/api/v1/appointments/{reference}/finish", "finishAppointment", Completed, "Completed"
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
    params(IdempotencyKey),
    request_body = MissedBody,
    responses(
        (status = 200, description = "Missed", body = AppointmentView),
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
    let (desk, actor, reference) = (rim.app.desk()?, staff.actor(), parse(&reference)?);
    let work = async move { desk.mark(&reference, to, &actor, &reason).await };
    once(&rim, Asked { staff, key, digest }, shown(StatusCode::OK), work).await
}
