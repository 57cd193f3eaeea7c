//! What those who operate it ask: does it live, can it work, what does it count, what does it offer.

use std::sync::OnceLock;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;

use super::Shared;
use super::error::{ApiError, ErrorBody};

/// How it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
    /// The version that runs.
    version: &'static str,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Whether the process lives.
#[utoipa::path(
    get, path = "/healthz", tag = "operation", operation_id = "alive",
    responses((status = 200, description = "It lives", body = Health))
)]
pub async fn alive() -> Json<Health> {
    Json(OK)
}

/// Whether it can work: the database answers.
#[utoipa::path(
    get, path = "/readyz", tag = "operation", operation_id = "ready",
    responses(
        (status = 200, description = "It can work", body = Health),
        (status = 503, description = "The database does not answer", body = ErrorBody)
    )
)]
pub async fn ready(State(rim): Shared) -> Result<Json<Health>, ApiError> {
    rim.app.store.ping().await.map_err(|error| {
        tracing::warn!(error.cause = %error, "not ready: the database does not answer");
        ApiError::of_status(StatusCode::SERVICE_UNAVAILABLE)
    })?;
    Ok(Json(OK))
}

/// Counters and latencies for Prometheus; nothing about persons.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain"))
)]
pub async fn metrics() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], super::metrics::rendered())
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operation", operation_id = "description",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
pub async fn description() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| super::openapi().to_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str())
}
