//! Calendars elsewhere whose busy times shut a desk or an employee, for staff.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::appointments::done;
use super::auth::Official;
use super::body::Body;
use super::calendar_feeds::{check_place, unavailable};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::booking::id::{OfficeId, ResourceId};
use crate::gateway::calendars::CalendarAddress;
use crate::store::BusyCalendar;
use crate::wire::LocalTime;

/// A calendar to be followed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BusyCalendarBody {
    office: OfficeId,
    /// Whose calendar it is.
    resource: ResourceId,
    /// Where it is: `https://…`, `http://…` or `webcal://…`.
    url: String,
}

/// A calendar that is followed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BusyCalendarView {
    /// What it is called by.
    id: String,
    office: OfficeId,
    resource: ResourceId,
    /// Where it is; not the whole address, which is often a secret.
    address: String,
    /// When it was last asked for.
    tried: Option<LocalTime>,
    /// When it was last read.
    fetched: Option<LocalTime>,
    /// Why the last try failed, in English; what was busy before stays so.
    last_error: Option<String>,
    /// What could not be read of it, in English.
    problems: Vec<String>,
    /// Appointments that stand while it says busy: somebody must decide.
    collisions: Vec<CollisionView>,
}

/// An appointment in a time in which the calendar says busy.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CollisionView {
    reference: String,
    from: LocalTime,
    /// Exclusive.
    to: LocalTime,
}

/// The calendars that are followed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BusyCalendarList {
    busy_calendars: Vec<BusyCalendarView>,
}

/// Follows a calendar: from its first reading, within a minute, its busy times shut the desk.
#[utoipa::path(
    post, path = "/api/v1/busy-calendars", tag = "desk", operation_id = "followBusyCalendar",
    params(IdempotencyKey),
    request_body = BusyCalendarBody,
    responses(
        (status = 201, description = "Followed", body = BusyCalendarView),
        (status = 404, description = "No such office or desk", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn follow(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<BusyCalendarBody>,
) -> Result<Response, ApiError> {
    check_place(&rim, &body.office, Some(&body.resource))?;
    let address = CalendarAddress::parse(&body.url).map_err(|error| {
        ApiError::invalid("url", &error.to_string(), "Η διεύθυνση του ημερολογίου δεν είναι σωστή.")
    })?;
    let (store, actor) = (rim.app.store.clone(), staff.actor());
    let work = async move {
        let followed = store.follow_calendar(&body.office, &body.resource, address.as_str(), &actor).await;
        followed.map_err(unavailable)
    };
    let view = |followed: &BusyCalendar| done(StatusCode::CREATED, &BusyCalendarView::from(followed.clone()));
    once(&rim, Asked { staff, key, digest }, view, work).await
}

/// The calendars that are followed, with what came of reading them.
#[utoipa::path(
    get, path = "/api/v1/busy-calendars", tag = "desk", operation_id = "listBusyCalendars",
    responses(
        (status = 200, description = "The calendars", body = BusyCalendarList)
    ),
    security(("staff" = []))
)]
pub async fn list(State(rim): Shared, _: Official) -> Result<Json<BusyCalendarList>, ApiError> {
    let calendars = rim.app.store.busy_calendars().await.map_err(unavailable)?;
    Ok(Json(BusyCalendarList { busy_calendars: calendars.into_iter().map(BusyCalendarView::from).collect() }))
}

/// Stops following a calendar; what it shut is open again.
#[utoipa::path(
    delete, path = "/api/v1/busy-calendars/{id}", tag = "desk", operation_id = "forgetBusyCalendar",
    params(("id" = String, Path, description = "The id of the calendar")),
    responses(
        (status = 204, description = "Followed no longer"),
        (status = 404, description = "No such calendar is followed", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn forget(
    State(rim): Shared,
    Official(staff): Official,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let forgotten = rim.app.store.forget_calendar(&id, &staff.actor()).await.map_err(unavailable)?;
    if forgotten { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found("busy calendar")) }
}

impl From<BusyCalendar> for BusyCalendarView {
    fn from(calendar: BusyCalendar) -> Self {
        let address = CalendarAddress::parse(&calendar.url).map(|address| address.shown()).unwrap_or_default();
        let collisions = calendar.collisions.into_iter().map(|collision| CollisionView {
            reference: collision.reference,
            from: LocalTime(collision.from),
            to: LocalTime(collision.to),
        });
        Self {
            id: calendar.id,
            office: calendar.office,
            resource: calendar.resource,
            address,
            tried: calendar.tried.map(LocalTime),
            fetched: calendar.fetched.map(LocalTime),
            last_error: Some(calendar.last_error).filter(|error| !error.is_empty()),
            problems: calendar.problems,
            collisions: collisions.collect(),
        }
    }
}
