//! Calendar feeds: staff make and revoke links, and whoever has a link may follow it.

use std::sync::Arc;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::Official;
use super::body::Body;
use super::error::{ApiError, ErrorBody};
use super::idempotency::{Asked, IdempotencyKey, once};
use super::{Rim, Shared};
use crate::booking::icalendar::Feed;
use crate::booking::id::{OfficeId, ResourceId};
use crate::store::{CalendarFeed, StoreError};
use crate::wire::LocalTime;

/// How far back a feed reaches.
const BACK: TimeDelta = TimeDelta::weeks(4);

/// Whose calendar a link shall open.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedBody {
    office: OfficeId,
    /// Only this desk or employee; the whole office when absent.
    #[serde(default)]
    resource: Option<ResourceId>,
}

/// A link that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MadeFeed {
    /// What it is revoked by.
    id: String,
    office: OfficeId,
    resource: Option<ResourceId>,
    /// The link. It is a secret, and it is shown only here.
    url: String,
}

/// A link that stands, without its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FeedView {
    /// What it is revoked by.
    id: String,
    office: OfficeId,
    resource: Option<ResourceId>,
    created: LocalTime,
}

/// The links that stand.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FeedList {
    feeds: Vec<FeedView>,
}

/// Makes a link under which the appointments of an office or a desk can be followed.
#[utoipa::path(
    post, path = "/api/v1/calendar-feeds", tag = "desk", operation_id = "createCalendarFeed",
    params(IdempotencyKey),
    request_body = FeedBody,
    responses(
        (status = 201, description = "Made; the link is shown only here", body = MadeFeed),
        (status = 404, description = "No such office or desk", body = ErrorBody),
        (status = 422, description = "A value is not allowed, or the key was used otherwise", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn create(
    State(rim): Shared,
    Official(staff): Official,
    key: IdempotencyKey,
    headers: HeaderMap,
    Body { value: body, digest }: Body<FeedBody>,
) -> Result<Response, ApiError> {
    check_place(&rim, &body.office, body.resource.as_ref())?;
    let (store, actor) = (rim.app.store.clone(), staff.actor());
    let nonce = format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
    let secret_hash = digest_of(&secret(&headers, &nonce));
    let work = async move {
        let made = store.create_feed(&body.office, body.resource.as_ref(), &secret_hash, &actor).await;
        made.map_err(unavailable)
    };
    let view = move |made: &CalendarFeed| {
        let kept = json!({ "id": made.id, "office": made.office, "resource": made.resource, "nonce": nonce });
        Ok((StatusCode::CREATED, kept))
    };
    let answer = once(&rim, Asked { staff, key, digest }, view, work).await?;
    with_link(answer, &rim, &headers).await
}

/// The links that stand.
#[utoipa::path(
    get, path = "/api/v1/calendar-feeds", tag = "desk", operation_id = "listCalendarFeeds",
    responses(
        (status = 200, description = "The links, without their secrets", body = FeedList)
    ),
    security(("staff" = []))
)]
pub async fn list(State(rim): Shared, _: Official) -> Result<Json<FeedList>, ApiError> {
    let feeds = rim.app.store.feeds().await.map_err(unavailable)?;
    let view = |feed: CalendarFeed| FeedView {
        id: feed.id,
        office: feed.office,
        resource: feed.resource,
        created: LocalTime(feed.created),
    };
    Ok(Json(FeedList { feeds: feeds.into_iter().map(view).collect() }))
}

/// Revokes a link: it answers 404 from now on.
#[utoipa::path(
    delete, path = "/api/v1/calendar-feeds/{id}", tag = "desk", operation_id = "revokeCalendarFeed",
    params(("id" = String, Path, description = "The id of the feed")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 404, description = "No such link stands", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn revoke(
    State(rim): Shared,
    Official(staff): Official,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let revoked = rim.app.store.revoke_feed(&id, &staff.actor()).await.map_err(unavailable)?;
    if revoked { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found("calendar feed")) }
}

/// The appointments behind a link, as an iCalendar: four weeks back and everything ahead.
#[utoipa::path(
    get, path = "/calendar/{file}", tag = "appointments", operation_id = "readCalendarFeed",
    params(("file" = String, Path, description = "The secret of the link and `.ics`")),
    responses(
        (status = 200, description = "The calendar", body = String, content_type = "text/calendar"),
        (status = 304, description = "It is still the version of If-None-Match"),
        (status = 404, description = "No such link", body = ErrorBody)
    )
)]
pub async fn read(State(rim): Shared, Path(file): Path<String>, asked: HeaderMap) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("calendar");
    let secret = file.strip_suffix(".ics").ok_or_else(unknown)?;
    // Looked up by its digest: how long that takes tells nothing of how near a guess is.
    let feed = rim.app.store.feed_of_secret(&digest_of(secret)).await.map_err(unavailable)?.ok_or_else(unknown)?;
    let in_force = rim.app.catalogue.get();
    let catalogue = in_force.as_ref();
    let office = catalogue.office(&feed.office).ok_or_else(unknown)?;
    let resource = feed.resource.as_ref().and_then(|id| office.resources.iter().find(|resource| resource.id == *id));
    if feed.resource.is_some() && resource.is_none() {
        return Err(unknown());
    }
    let entries = rim.app.store.feed_entries(&feed, rim.app.clock.now() - BACK).await.map_err(unavailable)?;
    Ok(served(Feed { catalogue, office, resource }.write(&entries), &asked))
}

fn served(text: String, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", &digest_of(&text)[..24]);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let unchanged = known.is_some_and(|known| known.contains(&tag));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if unchanged { (StatusCode::NOT_MODIFIED, headers).into_response() } else { (headers, text).into_response() }
}

/// Puts the link into an answer that was kept, or has just been made, without it.
async fn with_link(answer: Response, rim: &Rim, headers: &HeaderMap) -> Result<Response, ApiError> {
    let broken = || ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR);
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, 64 * 1024).await.map_err(|_| broken())?;
    let mut value: Value = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    if let Some(fields) = value.as_object_mut()
        && let Some(Value::String(nonce)) = fields.remove("nonce")
    {
        let url = format!("{}/calendar/{}.ics", base(rim, headers), secret(headers, &nonce));
        fields.insert("url".to_owned(), Value::String(url));
    }
    Ok((parts.status, Json(value)).into_response())
}

/// The secret of a link is made of the caller's own token and a nonce. Only the nonce is kept for a repeated request, and
/// only as long as answers are: so the database alone never opens a link, and the same request still gets the same answer.
fn secret(headers: &HeaderMap, nonce: &str) -> String {
    let token = headers.get(header::AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
    let token = token.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    hex(&Sha256::new()
        .chain_update("calendar feed\n")
        .chain_update(token)
        .chain_update("\n")
        .chain_update(nonce)
        .finalize())
}

/// Where this server is found by others: as it is configured, else as this request came.
fn base(rim: &Rim, headers: &HeaderMap) -> String {
    if let Some(url) = &rim.app.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

/// # Errors
/// 404 when the catalogue has no such office, or the office no such desk.
pub(super) fn check_place(rim: &Arc<Rim>, office: &OfficeId, resource: Option<&ResourceId>) -> Result<(), ApiError> {
    let catalogue = rim.app.catalogue.get();
    let office = catalogue.office(office).ok_or_else(|| ApiError::not_found("office"))?;
    match resource {
        Some(wanted) if !office.resources.iter().any(|resource| resource.id == *wanted) => {
            Err(ApiError::not_found("resource at this office"))
        }
        _ => Ok(()),
    }
}

pub(super) fn unavailable(error: StoreError) -> ApiError {
    tracing::error!(error.cause = %error, "a calendar could not be looked up or kept");
    ApiError::of_status(StatusCode::SERVICE_UNAVAILABLE)
}

fn digest_of(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
