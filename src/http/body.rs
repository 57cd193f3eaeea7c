//! What comes with a request: JSON bodies and parameters, refused in the one shape of errors.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde::de::value::StringDeserializer;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};

use super::error::ApiError;

/// A JSON body, with a digest of what was asked, for idempotency keys.
pub struct Body<T> {
    /// What the body says.
    pub value: T,
    /// SHA-256 of method, path and body.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let asked = format!("{} {}\n", request.method(), request.uri().path());
        let bytes = bytes_of(request, state).await?;
        let digest = Sha256::new().chain_update(asked).chain_update(&bytes).finalize().into();
        Ok(Self { value: read(&bytes)?, digest })
    }
}

/// A body that may be left out; when there is one it is a JSON object without fields.
pub struct EmptyBody {
    /// SHA-256 of method, path and parameters.
    pub digest: [u8; 32],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

impl<S: Send + Sync> FromRequest<S> for EmptyBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let asked = format!("{} {}\n", request.method(), request.uri());
        let bytes = bytes_of(request, state).await?;
        if !bytes.trim_ascii().is_empty() {
            read::<NoFields>(&bytes)?;
        }
        Ok(Self { digest: Sha256::digest(asked).into() })
    }
}

async fn bytes_of<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection| ApiError::of_status(rejection.status()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).and_then(|v| v.split(';').next());
    media_type.is_some_and(|t| {
        let t = t.trim().to_ascii_lowercase();
        t == "application/json" || (t.starts_with("application/") && t.ends_with("+json"))
    })
}

/// What is no JSON is 400, what is JSON but not what we ask for is 422.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| {
        ApiError::new(StatusCode::BAD_REQUEST, "bad_json", error.to_string(), "Το αίτημα δεν διαβάζεται.")
    })?;
    serde_json::from_value(value).map_err(|error| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        ApiError::new(status, "invalid", error.to_string(), "Κάποιο στοιχείο δεν είναι σωστό.")
    })
}

/// The parameters of the address, after `?`.
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let read = serde_html_form::from_str(parts.uri.query().unwrap_or_default());
        read.map(Self).map_err(|error| ApiError::bad_parameters(error.to_string()))
    }
}

/// A parameter that may come several times, or once with commas.
pub fn listed<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let written = Vec::<String>::deserialize(deserializer)?;
    let words = written.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| T::deserialize(StringDeserializer::<D::Error>::new(word.to_owned()))).collect()
}
