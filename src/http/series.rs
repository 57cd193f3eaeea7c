//! Series of appointments at the same hour every so many weeks.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::appointments::{Why, done};
use super::auth::Official;
use super::body::{Body, EmptyBody, Parameters};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use super::people;
use crate::booking::core::Appointment;
use crate::booking::desk::SeriesRequest;
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::{Guest, Language, Mode, Relation};
use crate::booking::refusal::Refusal;
use crate::wire::booking::{BeneficiaryBody, BookBody, RequesterBody};
use crate::wire::{AppointmentView, LocalTime};

/// A series to be booked.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesBody {
    service: ServiceId,
    office: OfficeId,
    mode: Mode,
    /// The start of the first.
    start: LocalTime,
    /// How many in all, 2 to the service's limit.
    #[schema(minimum = 2, maximum = 52)]
    count: u32,
    /// Weeks from one to the next; one when absent.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 12, default = 1)]
    every_weeks: u32,
    /// How many persons come; one when absent.
    #[serde(default)]
    #[schema(minimum = 1)]
    persons: Option<u32>,
    /// A language that must be spoken or signed, by ISO 639.
    #[serde(default)]
    language: Option<Language>,
    /// This very employee.
    #[serde(default)]
    employee: Option<ResourceId>,
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

fn one() -> u32 {
    1
}

/// A series, or what was cancelled of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeriesView {
    /// Its id.
    series: Option<String>,
    /// By their start.
    appointments: Vec<AppointmentView>,
}

impl From<Vec<Appointment>> for SeriesView {
    fn from(appointments: Vec<Appointment>) -> Self {
        let series = appointments.first().and_then(|first| first.series.clone());
        Self { series, appointments: appointments.into_iter().map(AppointmentView::from).collect() }
    }
}

/// Books a whole series, or nothing.
#[utoipa::path(
    post, path = "/api/v1/series", tag = "desk", operation_id = "bookSeries",
    params(IdempotencyKey),
    request_body = SeriesBody,
    responses(
        (status = 201, description = "Booked, all of them", body = SeriesView),
        (status = 404, description = "Not offered", body = ErrorBody),
        (status = 409, description = "Why the first date that cannot be had is refused; nothing was booked", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn book(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<SeriesBody>,
) -> Result<Response, ApiError> {
    let request = body.parse()?;
    let (desk, actor) = (rim.app.desk()?, staff.actor());
    let work = async move { desk.book_series(&request, &actor).await };
    let view = |booked: &Vec<Appointment>| done(StatusCode::CREATED, &SeriesView::from(booked.clone()));
    once(&rim, Asked { staff, key, digest }, view, work).await
}

impl SeriesBody {
    fn parse(self) -> Result<SeriesRequest, ApiError> {
        let (count, every_weeks) = (self.count, self.every_weeks);
        if !(1..=12).contains(&every_weeks) {
            return Err(ApiError::invalid("every_weeks", "1 to 12", "Διαλέξτε κάθε πόσες εβδομάδες, από 1 έως 12."));
        }
        let single = BookBody {
            hold: None,
            service: Some(self.service),
            office: Some(self.office),
            mode: Some(self.mode),
            start: Some(self.start),
            persons: self.persons,
            language: self.language,
            employee: self.employee,
            beneficiary: self.beneficiary,
            requester: self.requester,
            on_behalf: self.on_behalf,
            relation: self.relation,
            guests: self.guests,
            procedure: self.procedure,
        };
        let first = people::place(&single)?.ok_or_else(|| ApiError::of_status(StatusCode::UNPROCESSABLE_ENTITY))?;
        Ok(SeriesRequest { first, count, every_weeks, people: people::request(single)? })
    }
}

/// What is not found here is no single appointment.
fn no_such_series(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NotFound => ApiError::not_found("series"),
        other => other.into(),
    }
}

/// Cancels what still stands of a series.
#[utoipa::path(
    delete, path = "/api/v1/series/{id}", tag = "desk", operation_id = "cancelSeries",
    params(
        ("id" = String, Path, description = "The series, as its appointments name it."),
        Why,
        IdempotencyKey
    ),
    responses(
        (status = 200, description = "What was cancelled", body = SeriesView),
        (status = 404, description = "No such series", body = ErrorBody),
        (status = 409, description = "`desk_elsewhere`, `staff_only`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn cancel(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Path(series): Path<String>,
    Parameters(why): Parameters<Why>,
    EmptyBody { digest }: EmptyBody,
) -> Result<Response, ApiError> {
    let reason = why.text()?;
    let (desk, actor) = (rim.app.desk()?, staff.actor());
    let named = Some(series.clone());
    let work = async move { desk.cancel_series(&series, &actor, &reason).await.map_err(no_such_series) };
    let view = move |cancelled: &Vec<Appointment>| {
        done(StatusCode::OK, &SeriesView { series: named.clone(), ..SeriesView::from(cancelled.clone()) })
    };
    once(&rim, Asked { staff, key, digest }, view, work).await
}
