//! Moving one or many appointments, with a look first at who would be hurt.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::appointment_list::window;
use super::appointments::{done, needed_reason};
use super::auth::Official;
use super::body::Body;
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use crate::booking::core::{Appointment, AppointmentState};
use crate::booking::desk::{Destination, Move, Selection, TransferPlan, TransferRequest};
use crate::booking::id::{OfficeId, ResourceId};
use crate::booking::reference::Reference;
use crate::wire::{AppointmentView, LocalTime};

/// How many references may be named.
const MOST_REFERENCES: usize = 1000;

/// A move of one or many appointments.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferBody {
    /// Which; only those that stand are moved.
    which: WhichBody,
    /// Where to. What is absent stays as it is.
    #[serde(default)]
    to: WhereBody,
    /// Why, in Greek, for the audit and for the people moved.
    #[schema(min_length = 1, max_length = 300)]
    reason: String,
    /// Only say what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// Which appointments: all that every given part fits; at least one part is given.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhichBody {
    /// These; at most 1,000.
    #[schema(max_items = 1000)]
    references: Vec<String>,
    /// Of this office.
    office: Option<OfficeId>,
    /// Of this desk or employee.
    resource: Option<ResourceId>,
    /// Starting from this time.
    from: Option<LocalTime>,
    /// Starting before this time, exclusive.
    to: Option<LocalTime>,
    /// In one of these states; any when empty.
    states: Vec<AppointmentState>,
}

/// Where they go.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhereBody {
    /// So many days later, or earlier when negative, at the same time of the wall clock.
    #[schema(minimum = -366, maximum = 366)]
    days: i32,
    /// So many minutes later, or earlier when negative.
    #[serde(default)]
    #[schema(minimum = -1440, maximum = 1440)]
    minutes: i32,
    /// At this very time; only for a single appointment.
    start: Option<LocalTime>,
    /// To this office.
    office: Option<OfficeId>,
    /// To this desk or employee.
    resource: Option<ResourceId>,
    /// When the very time is not free there: to the nearest free one of the same day.
    nearest_time: bool,
}

/// What a transfer did, or would do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanView {
    /// Whether it was done. Either all of `moved` were moved or none.
    done: bool,
    /// Those who get a new place.
    moved: Vec<MoveView>,
    /// Those for whom there is none.
    hurt: Vec<HurtView>,
}

/// One move.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MoveView {
    /// As it was.
    appointment: AppointmentView,
    /// When it is now, or would be.
    start: LocalTime,
    office: OfficeId,
    resource: ResourceId,
    /// Whether its time of day is another than before.
    time_changed: bool,
}

/// Somebody for whom there is no place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HurtView {
    appointment: AppointmentView,
    /// The code of what stands against it, or a sentence.
    reason: String,
}

/// Moves one or many appointments; with `dry_run` only says who would get which place and who none.
#[utoipa::path(
    post, path = "/api/v1/appointments/transfer", tag = "desk", operation_id = "transferAppointments",
    params(IdempotencyKey),
    request_body = TransferBody,
    responses(
        (status = 200, description = "Moved; or, for a dry run, what would be", body = PlanView),
        (status = 404, description = "`not_offered`: no such destination", body = ErrorBody),
        (status = 409, description = "`somebody_hurt`: nobody was moved, and `detail` holds the plan; `desk_elsewhere`, \
                                      `staff_only`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn transfer(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<TransferBody>,
) -> Result<Response, ApiError> {
    let request = body.parse(rim.app.clock.now())?;
    let (desk, actor) = (rim.app.desk()?, staff.actor());
    let dry_run = request.dry_run;
    let work = async move { desk.transfer(&request, &actor).await };
    let view = move |plan: &TransferPlan| {
        let refused = !plan.done && !dry_run && !plan.hurt.is_empty();
        let view = PlanView::from(plan.clone());
        if refused { Err(somebody_hurt(&view)) } else { done(StatusCode::OK, &view) }
    };
    once(&rim, Asked { staff, key, digest }, view, work).await
}

fn somebody_hurt(plan: &PlanView) -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        "somebody_hurt",
        format!("nobody was moved: there is no place for {} of them", plan.hurt.len()),
        "Δεν μεταφέρθηκε κανένα ραντεβού, γιατί δεν υπάρχει θέση για όλα.",
    )
    .with_detail(serde_json::to_value(plan).ok())
}

impl TransferBody {
    fn parse(self, now: chrono::DateTime<chrono::Utc>) -> Result<TransferRequest, ApiError> {
        let reason = needed_reason(&self.reason)?;
        if self.which.references.len() > MOST_REFERENCES {
            return Err(ApiError::invalid("which.references", "at most 1000", "Δώστε έως 1000 ραντεβού."));
        }
        let references = self.which.references.iter().map(|text| Reference::parse(text)).collect::<Result<_, _>>();
        let references = references.map_err(|_| {
            ApiError::invalid("which.references", "not a reference", "Κάποιος κωδικός ραντεβού δεν είναι σωστός.")
        })?;
        let bounded = self.which.from.is_some() || self.which.to.is_some();
        let window =
            if bounded { Some(window(self.which.from, self.which.to, now).map_err(|_| backwards())?) } else { None };
        let (office, resource, states) = (self.which.office, self.which.resource, self.which.states);
        if !(-366..=366).contains(&self.to.days) || !(-1440..=1440).contains(&self.to.minutes) {
            let bounds = "days -366 to 366, minutes -1440 to 1440";
            return Err(ApiError::invalid("to", bounds, "Η μεταφορά πάει πολύ μακριά."));
        }
        if !(-1_440..=1_440).contains(&self.to.minutes) {
            return Err(ApiError::invalid("to.minutes", "-1440 to 1440", "Η μεταφορά πάει πολύ μακριά."));
        }
        let to = self.to.into();
        let which = Selection { references, office, resource, window, states };
        Ok(TransferRequest { which, to, reason, dry_run: self.dry_run })
    }
}

fn backwards() -> ApiError {
    ApiError::invalid("which.to", "later than from", "Το τέλος πρέπει να είναι μετά την αρχή.")
}

impl From<WhereBody> for Destination {
    fn from(to: WhereBody) -> Self {
        let WhereBody { days, minutes, start, office, resource, nearest_time } = to;
        Self { days, minutes, start: start.map(|time| time.0), office, resource, nearest_time }
    }
}

impl From<TransferPlan> for PlanView {
    fn from(plan: TransferPlan) -> Self {
        let hurt = |(appointment, reason): (Appointment, String)| HurtView { appointment: appointment.into(), reason };
        Self {
            done: plan.done,
            moved: plan.moved.into_iter().map(MoveView::from).collect(),
            hurt: plan.hurt.into_iter().map(hurt).collect(),
        }
    }
}

impl From<Move> for MoveView {
    fn from(Move { from, start, office, resource, time_changed }: Move) -> Self {
        Self { appointment: from.into(), start: LocalTime(start), office, resource, time_changed }
    }
}
