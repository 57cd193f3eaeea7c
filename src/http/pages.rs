//! The web widget and the page that shows it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use super::Rim;
use super::error::ApiError;
use crate::assets::Web;

/// Scripts, styles and calls only from here; no frames, no inline anything.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files served, each under its address.
const FILES: &[(&str, &str, &str)] = &[
    ("/", "demo.html", "text/html; charset=utf-8"),
    ("/embedded", "embedded.html", "text/html; charset=utf-8"),
    ("/demo.css", "demo.css", "text/css; charset=utf-8"),
    ("/widget.js", "widget.js", "text/javascript; charset=utf-8"),
    ("/favicon.svg", "favicon.svg", "image/svg+xml"),
];

/// A route for each file.
pub fn routes() -> Router<Arc<Rim>> {
    let add = |router: Router<Arc<Rim>>, &(address, name, kind): &(&'static str, &'static str, &'static str)| {
        router.route(address, get(move |request: Request| async move { file(name, kind, request.headers()) }))
    };
    FILES.iter().fold(Router::new(), add).layer(CompressionLayer::new())
}

fn file(name: &str, kind: &'static str, asked: &HeaderMap) -> Response {
    let Some(file) = Web::get(name) else { return ApiError::of_status(StatusCode::NOT_FOUND).into_response() };
    let tag = entity_tag(&file.metadata.sha256_hash());
    let unchanged = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&tag));
    let headers = headers(kind, &tag);
    if unchanged {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.data.into_owned()).into_response()
}

fn headers(kind: &'static str, tag: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // Kept, but asked about each time: a new version is there at once, an old one costs 304.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // Pages of other sites may load the widget.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{tag}\"")) {
        headers.insert(header::ETAG, tag);
    }
    headers
}

fn entity_tag(hash: &[u8; 32]) -> String {
    hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
