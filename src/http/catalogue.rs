//! What can be booked, where, and what procedures need; public.

use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::body::Parameters;
use super::error::{ApiError, ErrorBody};
use crate::booking::catalogue::{Office, Service};
use crate::booking::id::{OfficeId, OrganisationId, ServiceId};
use crate::booking::people::{Guest, Mode};
use crate::procedures::procedure::{Document, Procedure, Ways};

/// How many procedures are told when the caller does not say.
const USUAL: usize = 20;

/// Which offices are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfficeFilter {
    /// Only of this organisation.
    organisation: Option<String>,
    /// Only those that offer this service.
    service: Option<String>,
    /// Only in this municipality, as the catalogue writes it.
    municipality: Option<String>,
}

/// Offices.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Offices {
    offices: Vec<OfficeView>,
}

/// An office.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfficeView {
    id: OfficeId,
    organisation: OrganisationId,
    name: String,
    municipality: String,
    address: String,
    /// Latitude and longitude, degrees.
    #[schema(value_type = Vec<f64>)]
    position: (f64, f64),
    phone: String,
    /// The zone of its own clock.
    time_zone: String,
    services: Vec<ServiceId>,
    /// Its desks and employees.
    resources: usize,
}

/// Lists offices.
#[utoipa::path(
    get, path = "/api/v1/offices", tag = "catalogue", operation_id = "listOffices", params(OfficeFilter),
    responses((status = 200, description = "Offices", body = Offices))
)]
pub async fn offices(State(rim): Shared, Parameters(filter): Parameters<OfficeFilter>) -> Json<Offices> {
    let wanted = |office: &&Office| {
        same(filter.organisation.as_deref(), office.organisation.as_str())
            && same(filter.municipality.as_deref(), &office.municipality)
            && filter.service.as_deref().is_none_or(|id| office.services.iter().any(|s| s.as_str() == id))
    };
    Json(Offices { offices: rim.app.catalogue.get().offices.iter().filter(wanted).map(OfficeView::from).collect() })
}

fn same(wanted: Option<&str>, value: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == value)
}

impl From<&Office> for OfficeView {
    fn from(office: &Office) -> Self {
        Self {
            id: office.id.clone(),
            organisation: office.organisation.clone(),
            name: office.name.clone(),
            municipality: office.municipality.clone(),
            address: office.address.clone(),
            position: office.position,
            phone: office.phone.clone(),
            time_zone: office.time_zone.name().to_owned(),
            services: office.services.clone(),
            resources: office.resources.len(),
        }
    }
}

/// Which services are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ServiceFilter {
    /// Only of this organisation.
    organisation: Option<String>,
    /// Only those that this office offers.
    office: Option<String>,
}

/// Services.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Services {
    services: Vec<ServiceView>,
}

/// A service one can book.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ServiceView {
    id: ServiceId,
    organisation: OrganisationId,
    name: String,
    description: String,
    modes: Vec<ModeView>,
    documents: Vec<String>,
    /// What to have at hand besides, when it is held by video.
    video_documents: Vec<String>,
    guests: Vec<Guest>,
    /// Registry numbers of the procedures it serves.
    procedures: Vec<String>,
    /// Offices that offer it.
    offices: Vec<OfficeId>,
}

/// One way a service is held.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ModeView {
    mode: Mode,
    /// How long one appointment takes.
    minutes: u32,
}

/// Lists services.
#[utoipa::path(
    get, path = "/api/v1/services", tag = "catalogue", operation_id = "listServices", params(ServiceFilter),
    responses((status = 200, description = "Services", body = Services))
)]
pub async fn services(State(rim): Shared, Parameters(filter): Parameters<ServiceFilter>) -> Json<Services> {
    let catalogue = rim.app.catalogue.get();
    let view = |service: &Service| ServiceView {
        id: service.id.clone(),
        organisation: service.organisation.clone(),
        name: service.name.clone(),
        description: service.description.clone(),
        modes: service.modes.iter().map(|m| ModeView { mode: m.mode, minutes: m.minutes }).collect(),
        documents: service.documents.clone(),
        video_documents: service.video_documents.clone(),
        guests: service.guests.clone(),
        procedures: service.procedures.clone(),
        offices: catalogue.offices_offering(&service.id).map(|office| office.id.clone()).collect(),
    };
    let services = catalogue.services.iter().filter(|s| same(filter.organisation.as_deref(), s.organisation.as_str()));
    let offered = |view: &ServiceView| {
        filter.office.as_deref().is_none_or(|id| view.offices.iter().any(|office| office.as_str() == id))
    };
    Json(Services { services: services.map(view).filter(offered).collect() })
}

/// Which procedures are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProcedureSearch {
    /// What is looked for, in Greek; every procedure when absent.
    q: Option<String>,
    /// At most so many, 1 to 100; with `q` 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Procedures, the best match first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Procedures {
    procedures: Vec<ProcedureHit>,
}

/// A procedure in short.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProcedureHit {
    /// Registry number (ΜΑΚ).
    id: String,
    title: String,
    /// How well it matches; only in a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    organisation: Option<OrganisationId>,
    service: Option<ServiceId>,
}

/// Searches procedures.
#[utoipa::path(
    get, path = "/api/v1/procedures", tag = "catalogue", operation_id = "searchProcedures", params(ProcedureSearch),
    responses(
        (status = 200, description = "Procedures", body = Procedures),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody)
    )
)]
pub async fn procedures(
    State(rim): Shared,
    Parameters(search): Parameters<ProcedureSearch>,
) -> Result<Json<Procedures>, ApiError> {
    if search.limit.is_some_and(|limit| !(1..=100).contains(&limit)) {
        return Err(ApiError::bad_parameters("limit: 1 to 100"));
    }
    let book = rim.app.procedures.get();
    let procedures = match search.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        Some(query) => {
            let hits = book.search(query, search.limit.unwrap_or(USUAL));
            hits.into_iter().filter_map(|hit| Some(short(book.get(&hit.id)?, Some(hit.score)))).collect()
        }
        None => book.all().take(search.limit.unwrap_or(usize::MAX)).map(|p| short(p, None)).collect(),
    };
    Ok(Json(Procedures { procedures }))
}

fn short(procedure: &Procedure, score: Option<f32>) -> ProcedureHit {
    ProcedureHit {
        id: procedure.id.clone(),
        title: procedure.title.clone(),
        score,
        organisation: procedure.organisation.clone(),
        service: procedure.service.clone(),
    }
}

/// A procedure in plain words. What is absent is not known.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProcedureView {
    /// Registry number (ΜΑΚ).
    id: String,
    title: String,
    summary: Option<String>,
    who_may: Option<String>,
    documents: Vec<DocumentView>,
    cost: Option<String>,
    duration: Option<String>,
    place: Option<String>,
    ways: Option<WaysView>,
    organisation: Option<OrganisationId>,
    /// The service that books it.
    service: Option<ServiceId>,
    /// Its page in the national registry.
    source: String,
    /// When it was read from the registry; absent for what is said in this program's own words alone.
    read_at: Option<DateTime<Utc>>,
}

/// A document that is needed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DocumentView {
    name: String,
    note: Option<String>,
    /// Any one of the documents marked so is enough.
    alternative: bool,
    /// One must have it before one may ask for the procedure.
    prerequisite: bool,
}

/// How a procedure can be done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaysView {
    /// The page where it is done online.
    online: Option<String>,
    video: bool,
    in_person: bool,
    note: Option<String>,
}

/// Shows a procedure.
#[utoipa::path(
    get, path = "/api/v1/procedures/{id}", tag = "catalogue", operation_id = "getProcedure",
    params(("id" = String, Path, description = "Registry number (ΜΑΚ).")),
    responses(
        (status = 200, description = "The procedure", body = ProcedureView),
        (status = 404, description = "No such procedure", body = ErrorBody)
    )
)]
pub async fn procedure(State(rim): Shared, Path(id): Path<String>) -> Result<Json<ProcedureView>, ApiError> {
    let book = rim.app.procedures.get();
    let procedure = book.get(&id).ok_or_else(|| ApiError::not_found("procedure"))?;
    Ok(Json(procedure.into()))
}

impl From<&Procedure> for ProcedureView {
    fn from(procedure: &Procedure) -> Self {
        let it = procedure.clone();
        let document = |Document { name, note, alternative, prerequisite, .. }| DocumentView {
            name,
            note,
            alternative,
            prerequisite,
        };
        let ways = |Ways { online, video, in_person, note }| WaysView { online, video, in_person, note };
        Self {
            source: it.source_url(),
            id: it.id,
            title: it.title,
            summary: it.summary,
            who_may: it.who_may,
            documents: it.documents.into_iter().map(document).collect(),
            cost: it.cost,
            duration: it.duration,
            place: it.place,
            ways: it.ways.map(ways),
            organisation: it.organisation,
            service: it.service,
            read_at: it.read_at,
        }
    }
}
