//! Closing an office or a desk for some time, what becomes of the appointments inside, and opening it again; for officials.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::appointments::done;
use super::auth::Official;
use super::body::{Body, EmptyBody, Parameters};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once, once_in_steps};
use crate::booking::core::{self, Actor, Appointment, Closure, Window};
use crate::booking::desk::{AppointmentDesk, KeptClosure};
use crate::booking::id::{OfficeId, ResourceId};
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::wire::booking::ClosureBody;
use crate::wire::{AppointmentView, LocalTime};

/// The longest reason, characters.
const LONGEST_REASON: usize = 200;

/// A closure that stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Closed {
    /// Its id, for proposing and opening again; absent where another Ariadni keeps the appointments.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    office: OfficeId,
    resource: Option<ResourceId>,
    from: LocalTime,
    to: LocalTime,
    reason: String,
    /// Whether new places were looked for. With `propose`, `false` says that this failed though the closure stands: ask for
    /// it once more (`…/proposals`), as often as need be.
    proposed: bool,
    /// With `propose`: what came of it for each appointment.
    proposals: Vec<Proposing>,
    /// Appointments that stand inside it, with what is proposed to their people: they must be told.
    appointments: Vec<AppointmentView>,
}

/// What came of proposing a new place for one appointment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Proposing {
    #[schema(value_type = String)]
    reference: Reference,
    outcome: ProposingOutcome,
}

/// What may come of proposing.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposingOutcome {
    /// A place is proposed and kept.
    Made,
    /// There is none to propose.
    NoPlace,
    /// It could not be looked for; ask for it once more.
    Failed,
}

/// Whether and how new places were proposed when the office was closed.
enum Proposed {
    NotAsked,
    Failed,
    /// All whom the closure hurts, with what is proposed to them.
    Done(Vec<Appointment>),
}

impl Closed {
    fn new(closure: Closure, made: core::Closed, proposed: Proposed) -> Self {
        let outcomes = |appointments: &[Appointment], outcome: fn(&Appointment) -> ProposingOutcome| {
            let outcome = |it: &Appointment| Proposing { reference: it.reference.clone(), outcome: outcome(it) };
            appointments.iter().map(outcome).collect()
        };
        let (done, proposals, appointments) = match proposed {
            Proposed::NotAsked => (false, Vec::new(), made.hurt),
            Proposed::Failed => (false, outcomes(&made.hurt, |_| ProposingOutcome::Failed), made.hurt),
            Proposed::Done(hurt) => (true, outcomes(&hurt, outcome), hurt),
        };
        let Closure { office, resource, window, reason } = closure;
        Self {
            id: made.id,
            office,
            resource,
            from: LocalTime(window.from),
            to: LocalTime(window.to),
            reason,
            proposed: done,
            proposals,
            appointments: appointments.into_iter().map(AppointmentView::from).collect(),
        }
    }
}

fn outcome(appointment: &Appointment) -> ProposingOutcome {
    if appointment.proposal.is_some() { ProposingOutcome::Made } else { ProposingOutcome::NoPlace }
}

/// Closes an office or a desk for some time.
///
/// With `propose` it is closed first. Should proposing fail then, the closure stands, the answer is 201 all the same, `proposed` is
/// `false`, and `proposals` says so of every appointment; `POST /closures/{id}/proposals` tries again.
#[utoipa::path(
    post, path = "/api/v1/closures", tag = "desk", operation_id = "closeOffice",
    params(IdempotencyKey),
    request_body = ClosureBody,
    responses(
        (status = 201, description = "Closed; with the appointments that stand inside it", body = Closed),
        (status = 404, description = "No such office or desk", body = ErrorBody),
        (status = 409, description = "`staff_only`; with `propose` also `desk_elsewhere`", body = ErrorBody),
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
    let propose = body.propose;
    let closure = parse(body)?;
    let desk = if propose { Some(rim.app.desk()?) } else { None };
    let (core, actor) = (rim.app.core.clone(), staff.actor());
    // Until new places were proposed they were not: that is the answer should the server die on the way.
    let first = {
        let closure = closure.clone();
        move |made: &core::Closed| {
            let proposed = if propose { Proposed::Failed } else { Proposed::NotAsked };
            done(StatusCode::CREATED, &Closed::new(closure.clone(), made.clone(), proposed))
        }
    };
    let work = async move {
        let made = core.close(&closure, &actor).await?;
        let proposed = match (&desk, &made.id) {
            (Some(desk), Some(id)) => proposed(desk.as_ref(), id, &actor).await,
            _ => Proposed::NotAsked,
        };
        done(StatusCode::CREATED, &Closed::new(closure, made, proposed))
    };
    once_in_steps(&rim, Asked { staff, key, digest }, first, work).await
}

/// Proposes new places. The closure stands, so a failure here is told and not answered as one.
async fn proposed(desk: &dyn AppointmentDesk, id: &str, actor: &Actor) -> Proposed {
    match desk.propose(id, actor).await {
        Ok(hurt) => Proposed::Done(hurt),
        Err(refusal) => {
            tracing::warn!(code = refusal.code(), "closed, but nothing was proposed");
            Proposed::Failed
        }
    }
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

/// Whose closures are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Of this office.
    office: String,
    /// Those that end after this time; after now when absent.
    #[param(value_type = Option<LocalTime>, inline)]
    from: Option<LocalTime>,
}

/// Closures.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Closures {
    closures: Vec<ClosureView>,
}

/// A closure as it is kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClosureView {
    id: String,
    office: OfficeId,
    resource: Option<ResourceId>,
    from: LocalTime,
    /// Exclusive.
    to: LocalTime,
    reason: String,
}

impl From<KeptClosure> for ClosureView {
    fn from(KeptClosure { id, closure }: KeptClosure) -> Self {
        let Closure { office, resource, window, reason } = closure;
        Self { id, office, resource, from: LocalTime(window.from), to: LocalTime(window.to), reason }
    }
}

/// Lists the closures of an office that are not over.
#[utoipa::path(
    get, path = "/api/v1/closures", tag = "desk", operation_id = "listClosures", params(Wanted),
    responses(
        (status = 200, description = "Closures", body = Closures),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 404, description = "No such office", body = ErrorBody),
        (status = 409, description = "`desk_elsewhere`, `staff_only`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn list(
    State(rim): Shared,
    _: Official,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<Closures>, ApiError> {
    let from = wanted.from.map_or_else(|| rim.app.clock.now(), |from| from.0);
    let closures = rim.app.desk()?.closures(&OfficeId::new(wanted.office), from).await?;
    Ok(Json(Closures { closures: closures.into_iter().map(ClosureView::from).collect() }))
}

/// Opens what was closed.
#[utoipa::path(
    delete, path = "/api/v1/closures/{id}", tag = "desk", operation_id = "reopenOffice",
    params(("id" = String, Path, description = "The closure.")),
    responses(
        (status = 204, description = "It is open again"),
        (status = 404, description = "No such closure", body = ErrorBody),
        (status = 409, description = "`desk_elsewhere`, `staff_only`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn reopen(
    State(rim): Shared,
    Official(staff): Official,
    Path(id): Path<String>,
    _: EmptyBody,
) -> Result<StatusCode, ApiError> {
    rim.app.desk()?.reopen(&id, &staff.actor()).await.map_err(no_such_closure)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Those whom a closure hurts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Hurt {
    /// By their start; whoever has no `proposal` could not be given one.
    appointments: Vec<AppointmentView>,
}

/// Proposes a new place to everybody whom a closure hurts, and keeps it for them.
///
/// It may be asked for again at any time: what stands proposed stays, and whoever has no proposal is looked for a place again.
#[utoipa::path(
    post, path = "/api/v1/closures/{id}/proposals", tag = "desk", operation_id = "proposePlaces",
    params(
        ("id" = String, Path, description = "The closure."),
        IdempotencyKey
    ),
    responses(
        (status = 200, description = "All whom it hurts, with what is proposed to them", body = Hurt),
        (status = 404, description = "No such closure", body = ErrorBody),
        (status = 409, description = "`desk_elsewhere`, `staff_only`", body = ErrorBody),
        (status = 422, description = "The key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn propose(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    Path(id): Path<String>,
    EmptyBody { digest }: EmptyBody,
) -> Result<Response, ApiError> {
    let (desk, actor) = (rim.app.desk()?, staff.actor());
    let work = async move { desk.propose(&id, &actor).await.map_err(no_such_closure) };
    let view = |hurt: &Vec<Appointment>| {
        let appointments = hurt.iter().cloned().map(AppointmentView::from).collect();
        done(StatusCode::OK, &Hurt { appointments })
    };
    once(&rim, Asked { staff, key, digest }, view, work).await
}

/// What is not found here is no appointment.
fn no_such_closure(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NotFound => ApiError::not_found("closure"),
        other => other.into(),
    }
}
