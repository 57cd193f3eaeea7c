//! The waiting list, for staff and machines: joining it, taking or declining what is offered, leaving it, how long it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::appointments::{done, parse, shown};
use super::auth::Staff;
use super::body::{Body, EmptyBody};
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use super::{HttpState, Shared, people};
use crate::booking::core::{Needs, Window};
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::identity::Phone;
use crate::booking::people::{Mode, Relation};
use crate::booking::reference::Reference;
use crate::booking::waiting::{Offered, Wait, WaitCount, WaitRequest, WaitState, WaitingList};
use crate::wire::booking::{BeneficiaryBody, BookBody, RequesterBody};
use crate::wire::{AppointmentView, LocalTime};

/// A wish to be offered a place when one comes free.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitBody {
    service: ServiceId,
    /// At one of these offices; at any that offers the service when absent or empty.
    #[serde(default)]
    #[schema(max_items = 60)]
    offices: Vec<OfficeId>,
    mode: Mode,
    /// A place that starts in one of these stretches of time; at any time when absent or empty.
    #[serde(default)]
    #[schema(max_items = 60)]
    windows: Vec<WindowBody>,
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
    /// The registry number of the procedure it is about.
    #[serde(default)]
    procedure: Option<String>,
}

/// A stretch of time in which a place may start.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowBody {
    from: LocalTime,
    /// Exclusive; the same as `from` means that very time.
    to: LocalTime,
}

/// Who answers an offer.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The telephone that was given when joining.
    #[schema(min_length = 8, max_length = 32, example = "6944123456")]
    phone: String,
}

/// A place in the waiting list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitView {
    /// Of the form of an appointment's reference, and never equal to one.
    reference: String,
    state: WaitState,
    service: ServiceId,
    /// Empty for any.
    offices: Vec<OfficeId>,
    mode: Mode,
    /// The place that is offered now.
    offer: Option<OfferView>,
    /// While waiting: somebody else said yes first to the last offer.
    outrun: bool,
    /// Once booked: the reference of the appointment.
    appointment: Option<String>,
}

/// A place that is offered, and kept meanwhile.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfferView {
    start: LocalTime,
    end: LocalTime,
    office: OfficeId,
    /// Until when it is kept.
    expires_at: LocalTime,
}

/// How many wait for what.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitCounts {
    waiting: Vec<WaitCount>,
}

impl From<Wait> for WaitView {
    fn from(wait: Wait) -> Self {
        let offer = |offer: Offered| OfferView {
            start: LocalTime(offer.start),
            end: LocalTime(offer.end),
            office: offer.office,
            expires_at: LocalTime(offer.expires_at),
        };
        Self {
            reference: wait.reference.to_string(),
            state: wait.state,
            service: wait.request.service,
            offices: wait.request.offices,
            mode: wait.request.mode,
            offer: wait.offer.map(offer),
            outrun: wait.outrun,
            appointment: wait.appointment.map(|reference| reference.to_string()),
        }
    }
}

/// Joins the waiting list for what is full now.
#[utoipa::path(
    post, path = "/api/v1/waiting-list", tag = "appointments", operation_id = "joinWaitingList",
    params(IdempotencyKey),
    request_body = WaitBody,
    responses(
        (status = 201, description = "On the list", body = WaitView),
        (status = 404, description = "Not offered, or the service has no waiting list", body = ErrorBody),
        (status = 409, description = "`still_free`, `already_waits`, `limit_reached`, `closed`, `not_a_slot`, \
                                      `nobody_serves`, `desk_elsewhere`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn join(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Body { value: body, digest }: Body<WaitBody>,
) -> Result<Response, ApiError> {
    let (list, request, actor) = (list(&rim.app)?, body.parse()?, staff.actor());
    let work = async move { list.wait(&request, &actor).await };
    let view = |wait: &Wait| done(StatusCode::CREATED, &WaitView::from(wait.clone()));
    once(&rim, Asked { staff, key, digest }, view, work).await
}

impl WaitBody {
    fn parse(self) -> Result<WaitRequest, ApiError> {
        let booking = people::request(BookBody {
            hold: None,
            service: None,
            office: None,
            mode: None,
            start: None,
            persons: None,
            language: None,
            employee: None,
            beneficiary: self.beneficiary,
            requester: self.requester,
            on_behalf: self.on_behalf,
            relation: self.relation,
            guests: Vec::new(),
            procedure: self.procedure,
        })?;
        Ok(WaitRequest {
            service: self.service,
            offices: self.offices,
            mode: self.mode,
            needs: Needs::default(),
            windows: self.windows.into_iter().map(WindowBody::parse).collect::<Result<_, _>>()?,
            excluded: Vec::new(),
            daily: None,
            beneficiary: booking.beneficiary,
            requester: booking.requester,
            phone: booking.phone,
            email: booking.email,
            on_behalf: booking.on_behalf,
            relation: booking.relation,
            procedure: booking.procedure,
            identity: booking.identity,
        })
    }
}

impl WindowBody {
    fn parse(self) -> Result<Window, ApiError> {
        let window = Window { from: self.from.0, to: self.to.0 };
        if window.to < window.from {
            return Err(ApiError::invalid(
                "windows",
                "ends before it begins",
                "Το τέλος πρέπει να είναι μετά την αρχή.",
            ));
        }
        Ok(window)
    }
}

/// Takes the place that is offered; the first to do so gets it.
#[utoipa::path(
    post, path = "/api/v1/waiting-list/{reference}/accept", tag = "appointments", operation_id = "acceptOffer",
    params(IdempotencyKey),
    request_body = AnswerBody,
    responses(
        (status = 200, description = "The appointment", body = AppointmentView),
        (status = 404, description = "No such place in the list with this telephone", body = ErrorBody),
        (status = 409, description = "`slot_taken` by somebody who said yes first, `hold_expired`, `limit_reached`, \
                                      `kept_for_others`, `desk_elsewhere`", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn accept(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Path(reference): Path<String>,
    Body { value: body, digest }: Body<AnswerBody>,
) -> Result<Response, ApiError> {
    let (list, reference, phone, actor) = (list(&rim.app)?, parse(&reference)?, body.parse()?, staff.actor());
    let work = async move { list.accept(&reference, &phone, &actor).await };
    once(&rim, Asked { staff, key, digest }, shown(StatusCode::OK), work).await
}

/// Lets the place that is offered go to the next, and goes on waiting.
#[utoipa::path(
    post, path = "/api/v1/waiting-list/{reference}/decline", tag = "appointments", operation_id = "declineOffer",
    params(IdempotencyKey),
    request_body = AnswerBody,
    responses(
        (status = 200, description = "Still on the list", body = WaitView),
        (status = 404, description = "No such place in the list with this telephone", body = ErrorBody),
        (status = 409, description = "`hold_expired`: nothing is offered", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn decline(
    State(rim): Shared,
    staff: Staff,
    key: IdempotencyKey,
    Path(reference): Path<String>,
    Body { value: body, digest }: Body<AnswerBody>,
) -> Result<Response, ApiError> {
    let (list, reference, phone, actor) = (list(&rim.app)?, parse(&reference)?, body.parse()?, staff.actor());
    let work = async move { list.decline(&reference, &phone, &actor).await };
    let view = |wait: &Wait| done(StatusCode::OK, &WaitView::from(wait.clone()));
    once(&rim, Asked { staff, key, digest }, view, work).await
}

impl AnswerBody {
    fn parse(self) -> Result<Phone, ApiError> {
        Phone::parse(&self.phone)
            .map_err(|_| ApiError::invalid("phone", "not a telephone number", "Το τηλέφωνο δεν είναι σωστό."))
    }
}

/// Takes somebody off the list. Leaving twice is no error.
#[utoipa::path(
    delete, path = "/api/v1/waiting-list/{reference}", tag = "appointments", operation_id = "leaveWaitingList",
    responses(
        (status = 204, description = "No longer on the list"),
        (status = 404, description = "No such place in the list", body = ErrorBody),
        (status = 409, description = "`wrong_state`: a place was taken already", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn leave(
    State(rim): Shared,
    staff: Staff,
    Path(reference): Path<String>,
    _: EmptyBody,
) -> Result<StatusCode, ApiError> {
    let reference: Reference = parse(&reference)?;
    list(&rim.app)?.leave(&reference, None, &staff.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many wait for which service at which office; nobody is named.
#[utoipa::path(
    get, path = "/api/v1/waiting-list", tag = "appointments", operation_id = "countWaitingList",
    responses(
        (status = 200, description = "The counts, by service and office", body = WaitCounts),
        (status = 409, description = "`desk_elsewhere`: another Ariadni keeps the appointments", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn counts(State(rim): Shared, _: Staff) -> Result<Json<WaitCounts>, ApiError> {
    Ok(Json(WaitCounts { waiting: list(&rim.app)?.counts().await? }))
}

/// The list; only the program that keeps the appointments has one.
fn list(app: &HttpState) -> Result<Arc<dyn WaitingList>, ApiError> {
    let elsewhere = || ApiError::desk_elsewhere(app.core_url.as_deref().unwrap_or_default());
    app.waiting.clone().ok_or_else(elsewhere)
}
