//! Keeping a free time for a few minutes, and letting it go.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Shared;
use super::appointments::done;
use super::auth::Staff;
use super::body::{Body, EmptyBody};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::booking::core::{Hold, HoldRequest};
use crate::booking::id::HoldId;
use crate::wire::booking::{Held, HoldBody};

/// Keeps a free time for a few minutes.
#[utoipa::path(
    post, path = "/api/v1/holds", tag = "appointments", operation_id = "holdSlot",
    params(IdempotencyKey),
    request_body = HoldBody,
    responses(
        (status = 201, description = "Kept", body = Held),
        (status = 404, description = "Not offered", body = ErrorBody),
        (status = 409, description = "`slot_taken`, `closed`, `too_soon`, `beyond_horizon`, `not_yet_open`, \
                                      `kept_for_others`, `nobody_serves`, `not_a_slot`", body = ErrorBody),
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
    let request = HoldRequest::from(body);
    at_least_one(request.needs.persons)?;
    let (core, actor) = (rim.app.core.clone(), staff.actor());
    let work = async move { core.hold(&request, &actor).await };
    let view = |hold: &Hold| done(StatusCode::CREATED, &Held::from(hold.clone()));
    once(&rim, Asked { staff, key, digest }, view, work).await
}

/// Nobody comes for nobody.
pub fn at_least_one(persons: u32) -> Result<(), ApiError> {
    if persons == 0 {
        return Err(ApiError::invalid("persons", "at least 1", "Γράψτε πόσα άτομα θα έρθουν."));
    }
    Ok(())
}

/// Lets a kept time go; one that is gone already is no error.
#[utoipa::path(
    delete, path = "/api/v1/holds/{id}", tag = "appointments", operation_id = "releaseHold",
    params(("id" = String, Path, description = "The hold.")),
    responses(
        (status = 204, description = "It is kept no longer")
    ),
    security(("staff" = []))
)]
pub async fn release(
    State(rim): Shared,
    staff: Staff,
    Path(id): Path<String>,
    _: EmptyBody,
) -> Result<StatusCode, ApiError> {
    rim.app.core.release(&HoldId::new(id), &staff.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
