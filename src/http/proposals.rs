//! Answers to the place that an office proposes for an appointment it cannot keep.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Shared;
use super::appointments::{parse, shown};
use super::auth::Staff;
use super::body::Body;
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::wire::AppointmentView;
use crate::wire::booking::AnswerBody;

/// Takes the place that is proposed for an appointment, or lets it go; the reference stays.
#[utoipa::path(
    post, path = "/api/v1/appointments/{reference}/proposal", tag = "appointments", operation_id = "answerProposal",
    params(IdempotencyKey),
    request_body = AnswerBody,
    responses(
        (status = 200, description = "The appointment, at the new place after a yes", body = AppointmentView),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`hold_expired` when nothing is proposed or kept any longer, `wrong_state`",
         body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn answer(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Path(reference): Path<String>,
    Body { value: body, digest }: Body<AnswerBody>,
) -> Result<Response, ApiError> {
    let (core, actor, reference) = (rim.app.core.clone(), staff.actor(), parse(&reference)?);
    let work = async move { core.answer_proposal(&reference, body.accept, &actor).await };
    once(&rim, Asked { staff, key, digest }, shown(StatusCode::OK), work).await
}
