//! Closing an office or a desk for some time, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::appointments::{AppointmentView, done};
use super::auth::Staff;
use super::body::Body;
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use super::local_time::LocalTime;
use crate::booking::core::{Closure, Window};
use crate::booking::id::{OfficeId, ResourceId};

/// The longest reason, characters.
const LONGEST_REASON: usize = 200;

/// A time in which an office, or one of its desks, serves nobody.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureBody {
    office: OfficeId,
    /// Only this desk or employee; the whole office when absent.
    #[serde(default)]
    resource: Option<ResourceId>,
    from: LocalTime,
    /// Exclusive.
    to: LocalTime,
    /// Why, in Greek, as citizens will read it.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// A closure that stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
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
    staff: Staff,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<ClosureBody>,
) -> Result<Response, ApiError> {
    let closure = body.parse()?;
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

impl ClosureBody {
    fn parse(self) -> Result<Closure, ApiError> {
        let reason = self.reason.trim().to_owned();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(ApiError::invalid("reason", "1 to 200 characters", "Γράψτε σύντομα τον λόγο."));
        }
        let window = Window { from: self.from.0, to: self.to.0 };
        if window.to <= window.from {
            return Err(ApiError::invalid("to", "later than from", "Το τέλος πρέπει να είναι μετά την αρχή."));
        }
        Ok(Closure { office: self.office, resource: self.resource, window, reason })
    }
}
