//! Free times, for staff and machines.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::auth::Staff;
use super::body::Parameters;
use super::error::{ApiError, ErrorBody};
use super::local_time::LocalTime;
use crate::booking::catalogue::Catalogue;
use crate::booking::core::{EmptyBecause, Needs, Order, Slot, SlotPage, SlotQuery, Window};
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::people::Mode;

/// How many slots are told when the caller does not say.
const USUAL: usize = 50;

/// Which free times are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The service.
    service: String,
    /// Only at this office.
    office: Option<String>,
    /// Only in this mode; every mode of the service when absent.
    #[param(inline)]
    mode: Option<Mode>,
    /// Starting from this time (`2026-11-24T10:00` or `2026-11-24`); from now when absent.
    #[param(value_type = Option<LocalTime>, inline)]
    from: Option<LocalTime>,
    /// Starting before this time, exclusive; up to the horizon when absent.
    #[param(value_type = Option<LocalTime>, inline)]
    to: Option<LocalTime>,
    /// At most so many, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// Free times in their order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Free {
    /// The free times.
    slots: Vec<FreeSlot>,
    /// Whether there are more than the limit let through.
    more: bool,
    /// Why there are none; only when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    empty_because: Option<Reason>,
}

/// One free time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FreeSlot {
    start: LocalTime,
    end: LocalTime,
    office: OfficeId,
    mode: Mode,
    /// How many desks or employees are still free.
    free: u32,
}

/// The rule that left nothing free.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reason {
    /// `holiday`, `closed`, `outside_hours`, `too_soon`, `beyond_horizon`, `not_yet_open`, `kept_for_others`,
    /// `nobody_serves` or `fully_booked`.
    code: &'static str,
    /// The holiday or the reason for closing, in Greek.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Searches free times.
#[utoipa::path(
    get, path = "/api/v1/availability", tag = "appointments", operation_id = "searchAvailability",
    params(Wanted),
    responses(
        (status = 200, description = "Free times, the earliest first", body = Free),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 404, description = "No such service or office, or not offered so", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn search(
    State(rim): Shared,
    staff: Staff,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<Free>, ApiError> {
    let limit = wanted.limit.unwrap_or(USUAL);
    let queries = wanted.queries(&rim.app.catalogue, rim.app.clock.now(), limit)?;
    let mut pages = Vec::with_capacity(queries.len());
    for query in &queries {
        pages.push(rim.app.core.search(query, &staff.actor()).await?);
    }
    Ok(Json(merged(pages, limit)))
}

impl Wanted {
    /// One query for each mode that is wanted.
    fn queries(
        &self,
        catalogue: &Catalogue,
        now: chrono::DateTime<chrono::Utc>,
        limit: usize,
    ) -> Result<Vec<SlotQuery>, ApiError> {
        if !(1..=500).contains(&limit) {
            return Err(ApiError::bad_parameters("limit: 1 to 500"));
        }
        let service = ServiceId::new(self.service.as_str());
        let modes = match self.mode {
            Some(mode) => vec![mode],
            None => modes_of(catalogue, &service)?,
        };
        let offices =
            self.office.iter().filter(|office| !office.is_empty()).map(|o| OfficeId::new(o.as_str())).collect();
        let windows = self.windows(now)?;
        let query = |mode| SlotQuery {
            service: service.clone(),
            offices: Vec::clone(&offices),
            mode,
            windows: windows.clone(),
            excluded: Vec::new(),
            daily: None,
            needs: Needs::default(),
            weekdays: Vec::new(),
            near: None,
            order: Order::default(),
            after: None,
            limit,
        };
        Ok(modes.into_iter().map(query).collect())
    }

    fn windows(&self, now: chrono::DateTime<chrono::Utc>) -> Result<Vec<Window>, ApiError> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(Vec::new());
        }
        let from = self.from.map_or(now, |from| from.0);
        // Open on the right: farther than any horizon.
        let to = self.to.map_or(from + chrono::TimeDelta::days(3660), |to| to.0);
        if to <= from {
            return Err(ApiError::bad_parameters("to: later than from"));
        }
        Ok(vec![Window { from, to }])
    }
}

fn modes_of(catalogue: &Catalogue, service: &ServiceId) -> Result<Vec<Mode>, ApiError> {
    let service = catalogue.service(service).ok_or_else(|| ApiError::not_found("service"))?;
    Ok(service.modes.iter().map(|served| served.mode).collect())
}

/// The pages of several modes as one, in the order of start, office and mode.
fn merged(pages: Vec<SlotPage>, limit: usize) -> Free {
    let mut more = pages.iter().any(|page| page.more);
    let reason = pages.iter().find_map(|page| page.empty_because.clone());
    let mut slots: Vec<Slot> = pages.into_iter().flat_map(|page| page.slots).collect();
    slots.sort_by(|a, b| (a.start, &a.office, a.mode).cmp(&(b.start, &b.office, b.mode)));
    more |= slots.len() > limit;
    slots.truncate(limit);
    let empty_because = reason.filter(|_| slots.is_empty()).map(Reason::from);
    Free { slots: slots.into_iter().map(FreeSlot::from).collect(), more, empty_because }
}

impl From<Slot> for FreeSlot {
    fn from(slot: Slot) -> Self {
        let Slot { start, end, office, mode, free, .. } = slot;
        Self { start: LocalTime(start), end: LocalTime(end), office, mode, free }
    }
}

impl From<EmptyBecause> for Reason {
    fn from(reason: EmptyBecause) -> Self {
        let (code, detail) = match reason {
            EmptyBecause::Holiday(name) => ("holiday", Some(name)),
            EmptyBecause::Closed(why) => ("closed", Some(why)),
            EmptyBecause::OutsideHours => ("outside_hours", None),
            EmptyBecause::TooSoon => ("too_soon", None),
            EmptyBecause::BeyondHorizon(days) => ("beyond_horizon", Some(format!("έως {days} ημέρες"))),
            EmptyBecause::NotYetOpen(at) => ("not_yet_open", Some(LocalTime(at).greek())),
            EmptyBecause::KeptForOthers => ("kept_for_others", None),
            EmptyBecause::NobodyServes => ("nobody_serves", None),
            EmptyBecause::FullyBooked => ("fully_booked", None),
        };
        Self { code, detail }
    }
}
