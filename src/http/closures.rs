//! Closing an office or a desk for some time, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::appointments::done;
use super::auth::Official;
use super::body::Body;
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::booking::core::{Closure, Window};
use crate::booking::id::{OfficeId, ResourceId};
use crate::wire::booking::ClosureBody;
use crate::wire::{AppointmentView, LocalTime};

/// The longest reason, characters.
const LONGEST_REASON: usize = 200;

/// A closure that stands.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Closed {
    office: OfficeId,
    resource: Option<ResourceId>,
    from: LocalTime,
    to: LocalTime,
    reason: String,
    /// Appointments that stand inside it: their people must be told.
    appointments: Vec<AppointmentView>,
}

/// Closes an office or a desk for some time.
#[utoipa::path(
    post, path = "/api/v1/closures", tag = "appointments", operation_id = "closeOffice",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key closes once.")),
    request_body = ClosureBody,
    responses(
        (status = 201, description = "Closed; with the appointments that stand inside it", body = Closed),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such office or desk", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn close(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<ClosureBody>,
) -> Result<Response, ApiError> {
    let closure = parse(body)?;
    let (core, actor) = (rim.app.core.clone(), staff.actor());
    let work = async move {
        let inside = core.close(&closure, &actor).await?;
        let closed = Closed {
            office: closure.office.clone(),
            resource: closure.resource.clone(),
            from: LocalTime(closure.window.from),
            to: LocalTime(closure.window.to),
            reason: closure.reason.clone(),
            appointments: inside.into_iter().map(AppointmentView::from).collect(),
        };
        done(StatusCode::CREATED, &closed)
    };
    once(&rim, Asked { staff, key, digest }, work).await
}

fn parse(body: ClosureBody) -> Result<Closure, ApiError> {
    let reason = body.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(ApiError::invalid("reason", "1 to 200 characters", "Γράψτε σύντομα τον λόγο."));
    }
    let window = Window { from: body.from.0, to: body.to.0 };
    if window.to <= window.from {
        return Err(ApiError::invalid("to", "later than from", "Το τέλος πρέπει να είναι μετά την αρχή."));
    }
    Ok(Closure { office: body.office, resource: body.resource, window, reason })
}
