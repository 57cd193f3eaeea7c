//! All that ever happened to an appointment, for officials.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;

use super::Shared;
use super::appointments::parse;
use super::auth::Official;
use super::error::{ApiError, ErrorBody};
use crate::booking::desk::TrailLine;
use crate::wire::LocalTime;

/// The trail of an appointment, the oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Trail {
    lines: Vec<LineView>,
}

/// One thing that happened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LineView {
    at: LocalTime,
    /// `citizen`, `staff` or `system`.
    actor_kind: String,
    /// A conversation, or an official's name.
    actor: String,
    channel: String,
    /// `held`, `booked`, `rescheduled`, …
    action: String,
    /// Empty when the action says it.
    reason: String,
    /// Particulars.
    #[schema(value_type = Object)]
    detail: Value,
}

/// Tells who did what to an appointment, for whom, through which channel and why.
#[utoipa::path(
    get, path = "/api/v1/appointments/{reference}/trail", tag = "desk", operation_id = "getTrail",
    responses(
        (status = 200, description = "The oldest first", body = Trail),
        (status = 404, description = "No such appointment", body = ErrorBody),
        (status = 409, description = "`desk_elsewhere`, `staff_only`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn trail(State(rim): Shared, _: Official, Path(reference): Path<String>) -> Result<Json<Trail>, ApiError> {
    let desk = rim.app.desk()?;
    let lines = desk.trail(&parse(&reference)?).await?;
    Ok(Json(Trail { lines: lines.into_iter().map(LineView::from).collect() }))
}

impl From<TrailLine> for LineView {
    fn from(line: TrailLine) -> Self {
        let TrailLine { at, actor_kind, actor, channel, action, reason, detail } = line;
        Self { at: LocalTime(at), actor_kind, actor, channel, action, reason, detail }
    }
}
