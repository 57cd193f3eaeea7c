//! Free times, for staff, machines and trusted fronts.

use std::cmp::Ordering;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use super::Shared;
use super::auth::Staff;
use super::body::{Parameters, listed};
use super::error::{ApiError, ErrorBody};
use super::filter::{Filter, stretches};
use crate::booking::core::{DayCount, Order, Slot, SlotPage, SlotQuery, Window};
use crate::clock::to_athens;
use crate::wire::LocalTime;
use crate::wire::availability::{DayView, Days, Free, FreeSlot, Reason};
use crate::wire::cursor::Cursor;
use crate::wire::stretch::Stretch;

/// How many slots are told when the caller does not say.
const USUAL: usize = 50;
/// How many days are counted when the caller does not say.
const USUAL_DAYS: i64 = 31;
/// How many stretches of time may be named.
const MOST_STRETCHES: usize = 100;

/// When, in which order, and how many.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// Starting from this time (`2026-11-24T10:00` or `2026-11-24`); from now when absent.
    #[param(value_type = Option<LocalTime>, inline)]
    from: Option<LocalTime>,
    /// Starting before this time, exclusive; up to the horizon when absent.
    #[param(value_type = Option<LocalTime>, inline)]
    to: Option<LocalTime>,
    /// Starting in one of these (`2026-11-24T10:00/2026-11-24T12:00`, the end exclusive, or a date for its whole day); may be
    /// repeated, and adds to `from` and `to`.
    #[serde(default, deserialize_with = "listed")]
    #[param(value_type = Vec<Stretch>, inline, max_items = 100)]
    window: Vec<String>,
    /// `earliest` first (at one time the nearest, then by id), or the `nearest` office with all its times first.
    #[serde(default)]
    #[param(inline)]
    order: Order,
    /// The `next` of the page before: goes on after it, whatever was booked meanwhile.
    #[param(pattern = "^[A-Za-z0-9_-]+$", max_length = 1024)]
    after: Option<String>,
    /// At most so many, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// Searches free times.
#[utoipa::path(
    get, path = "/api/v1/availability", tag = "appointments", operation_id = "searchAvailability",
    params(Filter, Page),
    responses(
        (status = 200, description = "Free times in the asked order", body = Free),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 404, description = "No such service, office or place, or not offered so", body = ErrorBody),
        (status = 422, description = "A value is not allowed", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn search(
    State(rim): Shared,
    staff: Staff,
    Parameters(filter): Parameters<Filter>,
    Parameters(page): Parameters<Page>,
) -> Result<Json<Free>, ApiError> {
    let limit = page.limit()?;
    let cursor = page.cursor()?;
    let mut pages = Vec::new();
    for mut query in filter.queries(&rim.app.catalogue.get())? {
        query.limit = limit;
        page.ask(&mut query, &cursor, rim.app.clock.now())?;
        pages.push(rim.app.core.search(&query, &staff.actor()).await?);
    }
    Ok(Json(merged(pages, page.order, limit, cursor)))
}

impl Page {
    fn limit(&self) -> Result<usize, ApiError> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=500).contains(&limit) { Ok(limit) } else { Err(ApiError::bad_parameters("limit: 1 to 500")) }
    }

    fn cursor(&self) -> Result<Cursor, ApiError> {
        let Some(after) = &self.after else { return Ok(Cursor::default()) };
        let unknown = || ApiError::invalid("after", "not the next of a page", "Η σελίδα δεν βρέθηκε. Ψάξτε ξανά.");
        Cursor::parse(after).ok_or_else(unknown)
    }

    /// Puts the page's wishes into the query of one mode.
    fn ask(&self, query: &mut SlotQuery, cursor: &Cursor, now: DateTime<Utc>) -> Result<(), ApiError> {
        if self.order == Order::Nearest && query.near.is_none() {
            return Err(ApiError::invalid("order", "nearest needs near", "Γράψτε κοντά σε ποιο μέρος ψάχνετε."));
        }
        query.order = self.order;
        query.after = cursor.last(query.mode);
        query.windows = self.windows(now)?;
        Ok(())
    }

    fn windows(&self, now: DateTime<Utc>) -> Result<Vec<Window>, ApiError> {
        if self.window.len() > MOST_STRETCHES {
            return Err(ApiError::bad_parameters("window: at most 100"));
        }
        let mut windows = stretches("window", &self.window)?;
        if self.from.is_none() && self.to.is_none() {
            return Ok(windows);
        }
        let from = self.from.map_or(now, |from| from.0);
        // Open on the right: farther than any horizon.
        let far = from.checked_add_signed(TimeDelta::days(3660)).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let to = self.to.map_or(far, |to| to.0);
        if to <= from {
            return Err(ApiError::invalid("to", "later than from", "Το τέλος πρέπει να είναι μετά την αρχή."));
        }
        windows.push(Window { from, to });
        Ok(windows)
    }
}

/// The pages of several modes as one, in the asked order; the cursor goes on with what this page tells.
fn merged(pages: Vec<SlotPage>, order: Order, limit: usize, mut cursor: Cursor) -> Free {
    let mut more = pages.iter().any(|page| page.more);
    let reason = pages.iter().find_map(|page| page.empty_because.clone());
    let next_release = pages.iter().filter_map(|page| page.next_release).min();
    let mut slots: Vec<Slot> = pages.into_iter().flat_map(|page| page.slots).collect();
    slots.sort_by(|a, b| compare(a, b, order));
    more |= slots.len() > limit;
    slots.truncate(limit);
    for slot in &slots {
        cursor.told(slot.mode, slot.start, slot.office.clone());
    }
    let none = slots.is_empty();
    Free {
        slots: slots.into_iter().map(FreeSlot::from).collect(),
        more,
        next: more.then(|| cursor.to_string()),
        empty_because: reason.filter(|_| none).map(Reason::from),
        next_release: next_release.filter(|_| none).map(LocalTime),
    }
}

/// What comes first: in the order of the core, and by mode where that says nothing.
fn compare(a: &Slot, b: &Slot, order: Order) -> Ordering {
    match order {
        Order::Earliest => (a.start, a.distance_m, &a.office, a.mode).cmp(&(b.start, b.distance_m, &b.office, b.mode)),
        Order::Nearest => (a.distance_m, &a.office, a.start, a.mode).cmp(&(b.distance_m, &b.office, b.start, b.mode)),
    }
}

/// Which days are counted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Calendar {
    /// The first day (`2026-11-24`); today when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<NaiveDate>,
    /// The last day, itself included, at most 366 days in all; a month from the first when absent.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<NaiveDate>,
}

/// Counts what is free on each day, for a calendar.
#[utoipa::path(
    get, path = "/api/v1/availability/days", tag = "appointments", operation_id = "countDays",
    params(Filter, Calendar),
    responses(
        (status = 200, description = "Every day of the stretch, with why there is nothing where there is nothing", body = Days),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 404, description = "No such service, office or place, or not offered so", body = ErrorBody),
        (status = 422, description = "A value is not allowed", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn days(
    State(rim): Shared,
    staff: Staff,
    Parameters(filter): Parameters<Filter>,
    Parameters(calendar): Parameters<Calendar>,
) -> Result<Json<Days>, ApiError> {
    let from = calendar.from.unwrap_or_else(|| to_athens(rim.app.clock.now()).date());
    let month = from.checked_add_signed(TimeDelta::days(USUAL_DAYS - 1));
    let to = calendar.to.or(month).unwrap_or(from);
    if to < from || (to - from).num_days() >= 366 {
        let wanted = "from the first day on, at most 366 days in all";
        return Err(ApiError::invalid("to", wanted, "Διαλέξτε έως 366 ημέρες."));
    }
    let mut counted: Vec<DayCount> = Vec::new();
    for query in filter.queries(&rim.app.catalogue.get())? {
        let days = rim.app.core.days(&query, from, to, &staff.actor()).await?;
        counted = if counted.is_empty() { days } else { added(counted, days) };
    }
    Ok(Json(Days { days: counted.into_iter().map(DayView::from).collect() }))
}

/// The days of two modes as one calendar.
fn added(one: Vec<DayCount>, other: Vec<DayCount>) -> Vec<DayCount> {
    let sum = |(one, other): (DayCount, DayCount)| {
        let free = one.free.saturating_add(other.free);
        let empty_because = one.empty_because.or(other.empty_because).filter(|_| free == 0);
        DayCount { date: one.date, free, empty_because }
    };
    one.into_iter().zip(other).map(sum).collect()
}
