//! The catalogue as a document, for staff: read it, try another, put it in force while everything runs.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::auth::Official;
use super::body::Parameters;
use super::error::{ApiError, ErrorBody};
use crate::booking::bundled::CatalogueError;
use crate::booking::catalogue::Catalogue;
use crate::booking::catalogue_check::Problem;
use crate::booking::fit::Misfit;
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::in_force::Edition;
use crate::booking::people::Mode;
use crate::booking::reference::Reference;
use crate::store::{LocalCore, StoreError, Unfit};
use crate::wire::LocalTime;

/// The largest document, bytes: some ten thousand offices.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// Whether a catalogue is only to be tried.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Trial {
    /// `true` changes nothing and tells what is wrong and whom the change would leave behind.
    #[serde(default)]
    check: bool,
}

/// What came of a catalogue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Judged {
    /// Whether it is in force now.
    in_force: bool,
    /// SHA-256 of its document; its `ETag` without the quotes. Absent when the document does not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// Its number among all that were imported; only when it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    /// Why it cannot be in force; none when it can.
    problems: Vec<ProblemView>,
    /// Appointments and holds that stand, and keep standing, though its rules would not allow them.
    unfit: Vec<UnfitView>,
}

/// Something that does not hold together.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemView {
    /// `document`, `organisation`, `service`, `office` or `resource`.
    part: &'static str,
    /// The id of the part.
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
    /// The line, from 1, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    message: String,
}

/// An appointment or a hold in a place that could no longer be booked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnfitView {
    /// Absent for a hold, which somebody is about to make an appointment.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    service: ServiceId,
    office: OfficeId,
    mode: Mode,
    start: LocalTime,
    because: Misfit,
}

/// Reads the catalogue in force, every rule of it.
#[utoipa::path(
    get, path = "/api/v1/catalogue", tag = "desk", operation_id = "getCatalogue",
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of the copy at hand.")),
    responses(
        (status = 200, description = "The whole document, with an ETag; what PUT takes", body = Object),
        (status = 304, description = "The copy at hand is the catalogue in force"),
        (status = 409, description = "`staff_only`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn read(State(rim): Shared, _: Official, headers: HeaderMap) -> Response {
    let edition = rim.app.catalogue.edition();
    let etag = etag(&edition.digest);
    let validators = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    if named(&headers, &header::IF_NONE_MATCH, &etag) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (validators, [json], edition.catalogue.document()).into_response()
}

/// Puts another catalogue in force at once, or only tries it.
#[utoipa::path(
    put, path = "/api/v1/catalogue", tag = "desk", operation_id = "replaceCatalogue",
    params(
        Trial,
        ("If-Match" = Option<String>, Header, description = "Only in place of the catalogue with this ETag.")
    ),
    request_body(
        description = "The whole catalogue, as JSON or as YAML",
        content((Object = "application/json"), (String = "application/yaml"))
    ),
    responses(
        (status = 200, description = "In force, or tried", body = Judged),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 409, description = "Another Ariadni keeps the catalogue; `staff_only`", body = ErrorBody),
        (status = 412, description = "Somebody else has put another catalogue in force", body = ErrorBody),
        (status = 413, description = "Larger than 64 MB", body = ErrorBody),
        (status = 422, description = "It does not hold together; nothing was changed", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn replace(
    State(rim): Shared,
    official: Official,
    Parameters(trial): Parameters<Trial>,
    headers: HeaderMap,
    document: Bytes,
) -> Result<Json<Judged>, ApiError> {
    let keeper = rim.app.keeper.as_ref().ok_or_else(kept_elsewhere)?;
    if headers.contains_key(header::IF_MATCH)
        && !named(&headers, &header::IF_MATCH, &etag(&rim.app.catalogue.edition().digest))
    {
        return Err(overtaken());
    }
    let edition = match parsed(document).await? {
        Ok(edition) => edition,
        Err(error) if trial.check => return Ok(Json(Judged::refused(error))),
        Err(error) => return Err(inconsistent(&error)),
    };
    let unfit = keeper.unfit(&edition.catalogue).await.map_err(unavailable)?;
    let revision = if trial.check { None } else { Some(put_in_force(keeper, &edition, &official).await?) };
    Ok(Json(Judged {
        in_force: revision.is_some(),
        digest: Some(edition.digest),
        revision,
        problems: Vec::new(),
        unfit: unfit.into_iter().map(UnfitView::from).collect(),
    }))
}

async fn put_in_force(keeper: &LocalCore, edition: &Edition, official: &Official) -> Result<i64, ApiError> {
    let revision = keeper.import_as(edition.catalogue.clone(), &official.0.actor()).await.map_err(unavailable)?;
    tracing::info!(catalogue.revision = revision, "another catalogue is in force");
    Ok(revision)
}

/// Reads and checks a document, which takes a while for a whole country: on a thread of its own.
async fn parsed(document: Bytes) -> Result<Result<Edition, CatalogueError>, ApiError> {
    let text = String::from_utf8(document.into()).map_err(|_| ApiError::of_status(StatusCode::BAD_REQUEST))?;
    let work = move || Catalogue::parse(&text).map(|catalogue| Edition::of(catalogue.into()));
    tokio::task::spawn_blocking(work).await.map_err(|_| ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR))
}

fn etag(digest: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{digest}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether a conditional header names this tag. It may come back marked as weak from a proxy that compresses.
fn named(headers: &HeaderMap, header: &HeaderName, tag: &HeaderValue) -> bool {
    let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|named| named == "*" || named.strip_prefix("W/").unwrap_or(named).as_bytes() == tag.as_bytes())
}

fn kept_elsewhere() -> ApiError {
    let greek = "Ο κατάλογος αλλάζει εκεί όπου τηρούνται τα ραντεβού.";
    ApiError::new(StatusCode::CONFLICT, "kept_elsewhere", "the catalogue is kept at availability.url", greek)
}

fn overtaken() -> ApiError {
    let greek = "Στο μεταξύ άλλαξε ο κατάλογος. Δείτε τον και δοκιμάστε ξανά.";
    ApiError::new(StatusCode::PRECONDITION_FAILED, "overtaken", "another catalogue is in force by now", greek)
}

fn inconsistent(error: &CatalogueError) -> ApiError {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    ApiError::new(status, "invalid_catalogue", error.to_string(), "Ο κατάλογος έχει λάθη. Δεν άλλαξε τίποτε.")
}

fn unavailable(error: StoreError) -> ApiError {
    if let StoreError::Catalogue(problem) = error {
        return ApiError::invalid("catalogue", &problem, "Ο κατάλογος έχει λάθη. Δεν άλλαξε τίποτε.");
    }
    tracing::error!(error.cause = %error, "the store did not take a catalogue");
    ApiError::of_status(StatusCode::SERVICE_UNAVAILABLE)
}

impl Judged {
    fn refused(error: CatalogueError) -> Self {
        let problems = match error {
            CatalogueError::Syntax { line, column, message } => vec![ProblemView {
                part: "document",
                id: String::new(),
                line: Some(line).filter(|line| *line > 0),
                message: format!("column {column}: {message}"),
            }],
            CatalogueError::Inconsistent(problems) => problems.into_iter().map(ProblemView::from).collect(),
        };
        Self { in_force: false, digest: None, revision: None, problems, unfit: Vec::new() }
    }
}

impl From<Problem> for ProblemView {
    fn from(problem: Problem) -> Self {
        let line = problem.line.and_then(|line| u64::try_from(line).ok());
        Self { part: problem.part, id: problem.id, line, message: problem.message }
    }
}

impl From<Unfit> for UnfitView {
    fn from(unfit: Unfit) -> Self {
        let Unfit { reference, place, because } = unfit;
        let start = LocalTime(place.slot.from);
        Self { reference, service: place.service, office: place.office, mode: place.mode, start, because }
    }
}
