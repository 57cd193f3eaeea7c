//! The appointments of an office or a desk, for officials.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::auth::Official;
use super::body::{Parameters, listed};
use super::error::{ApiError, ErrorBody};
use crate::booking::core::{AppointmentState, Window};
use crate::booking::desk::Selection;
use crate::booking::id::{OfficeId, ResourceId};
use crate::clock::{from_athens, to_athens};
use crate::wire::{AppointmentView, LocalTime};

/// How many appointments are told at most.
const MOST: usize = 1000;

/// Which appointments are wanted: all that every given part fits.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Of this office.
    office: Option<String>,
    /// Of this desk or employee.
    resource: Option<String>,
    /// Starting from this time; from the beginning of today when neither end is given.
    #[param(value_type = Option<LocalTime>, inline)]
    from: Option<LocalTime>,
    /// Starting before this time, exclusive.
    #[param(value_type = Option<LocalTime>, inline)]
    to: Option<LocalTime>,
    /// In one of these states; in any when absent.
    #[serde(default, deserialize_with = "listed")]
    #[param(inline)]
    state: Vec<AppointmentState>,
}

/// Appointments by their start.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Appointments {
    /// At most 1,000.
    appointments: Vec<AppointmentView>,
    /// Whether there may be more: ask for a shorter stretch of time.
    more: bool,
}

/// Lists appointments by their start.
#[utoipa::path(
    get, path = "/api/v1/appointments", tag = "desk", operation_id = "listAppointments", params(Wanted),
    responses(
        (status = 200, description = "Appointments by their start", body = Appointments),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 409, description = "`desk_elsewhere`, `staff_only`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn list(
    State(rim): Shared,
    _: Official,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<Appointments>, ApiError> {
    let which = wanted.selection(rim.app.clock.now())?;
    let appointments = rim.app.desk()?.list(&which).await?;
    let more = appointments.len() >= MOST;
    Ok(Json(Appointments { appointments: appointments.into_iter().map(AppointmentView::from).collect(), more }))
}

impl Wanted {
    fn selection(self, now: DateTime<Utc>) -> Result<Selection, ApiError> {
        let named = |id: Option<String>| id.filter(|id| !id.is_empty());
        Ok(Selection {
            references: Vec::new(),
            office: named(self.office).map(OfficeId::new),
            resource: named(self.resource).map(ResourceId::new),
            window: Some(window(self.from, self.to, now)?),
            states: self.state,
        })
    }
}

/// The stretch between two ends, of which either or both may be left open.
pub fn window(from: Option<LocalTime>, to: Option<LocalTime>, now: DateTime<Utc>) -> Result<Window, ApiError> {
    let today = from_athens(to_athens(now).date().and_time(NaiveTime::MIN)).unwrap_or(now);
    let from = match (from, to) {
        (Some(from), _) => from.0,
        (None, Some(_)) => DateTime::<Utc>::UNIX_EPOCH,
        (None, None) => today,
    };
    let far = from.checked_add_signed(TimeDelta::days(3660)).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let to = to.map_or(far, |to| to.0);
    if to <= from {
        return Err(ApiError::bad_parameters("to: later than from"));
    }
    Ok(Window { from, to })
}
