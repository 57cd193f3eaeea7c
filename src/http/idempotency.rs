//! `Idempotency-Key`: the same key with the same request gives the same answer; with another request it is refused.
//!
//! Turns of a conversation keep their keys with the conversation. Here are the keys of staff and machine calls, which the
//! store keeps, and those of starting a conversation, which stay in memory because the answer holds a secret.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Rim;
use super::auth::Staff;
use super::conversations::Begun as Answer;
use super::error::ApiError;
use crate::request::{self, Request};
use crate::store::{RequestTurn, Store, StoreError};

/// The longest key, characters.
const LONGEST: usize = 255;
/// How often, and after which pauses, a request waits for its twin.
const PATIENCE: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);
/// How long the answer to starting a conversation is kept.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// How many answers to starting a conversation are kept at most.
const MOST: usize = 10_000;

/// The key of a request, when it has one.
#[derive(utoipa::IntoParams)]
#[into_params(names("Idempotency-Key"), parameter_in = Header)]
pub struct IdempotencyKey(
    /// Whoever got no answer asks again with the same key: the same request is done once, and its first answer is given again.
    pub Option<String>,
);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = value.to_str().unwrap_or_default().trim();
        if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiError::bad_parameters("Idempotency-Key: 1 to 255 visible ASCII characters"));
        }
        Ok(Self(Some(key.to_owned())))
    }
}

/// What a handler answers when all went well.
pub type Done = Result<(StatusCode, Value), ApiError>;

/// Who asks, with which key, for what.
pub struct Asked {
    /// The caller, whose keys are apart from those of others.
    pub staff: Staff,
    /// The key, when there is one.
    pub key: IdempotencyKey,
    /// SHA-256 of method, path and body.
    pub digest: [u8; 32],
}

impl Asked {
    /// SHA-256 of all that is asked and for whom: the answer to one citizen is never given to another. Hexadecimal.
    fn fingerprint(&self) -> String {
        let actor = serde_json::to_vec(&self.staff.actor()).unwrap_or_default();
        hex(&Sha256::new().chain_update(self.digest).chain_update(actor).finalize())
    }
}

/// Runs `work` once for a key and answers with what it made: later requests with the key get the first answer, refusals too.
///
/// The store writes the answer in the transaction of the work. An answer that says «try again» (5xx) is not kept. Work that
/// has begun is finished even if the caller hangs up, so that the next try finds its answer.
pub async fn once<T: Any, E: Into<ApiError>>(
    rim: &Arc<Rim>,
    asked: Asked,
    view: impl Fn(&T) -> Done + Clone + Send + Sync + 'static,
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<Response, ApiError> {
    let told = view.clone();
    once_in_steps(rim, asked, view, async move { told(&work.await.map_err(Into::into)?) }).await
}

/// The same for work that goes on after its transaction: `first` answers with what was made there, should the server die before
/// the work has come to its own answer.
pub async fn once_in_steps<T: Any>(
    rim: &Arc<Rim>,
    asked: Asked,
    first: impl Fn(&T) -> Done + Send + Sync + 'static,
    work: impl Future<Output = Done> + Send + 'static,
) -> Result<Response, ApiError> {
    let fingerprint = asked.fingerprint();
    let Asked { staff, key: IdempotencyKey(key), .. } = asked;
    let Some(key) = key else { return answer(work.await) };
    let store = rim.app.store.clone();
    match turn(&store, staff.token_hash(), &key, &fingerprint).await? {
        RequestTurn::KeyReused => Err(ApiError::key_reused()),
        RequestTurn::InProgress => Err(in_progress()),
        RequestTurn::Answered(request::Answer { status, body }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok((status, [json], body).into_response())
        }
        RequestTurn::New(turn) => {
            let request = Request::new(turn, move |made: &T| first(made).ok().map(written));
            let done = tokio::spawn(async move {
                let done = request.during(work).await;
                finish(&store, &request, done).await
            });
            answer(done.await.map_err(|_| ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR))?)
        }
    }
}

/// Waits a little while the same request is under way.
async fn turn(store: &Store, caller: &str, key: &str, fingerprint: &str) -> Result<RequestTurn, ApiError> {
    for _ in 0..PATIENCE {
        let turn = store.begin_request(caller, key, fingerprint).await.map_err(unavailable)?;
        if turn != RequestTurn::InProgress {
            return Ok(turn);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(RequestTurn::InProgress)
}

/// Keeps the answer that was not kept with the work, or forgets the request when it may be tried again.
async fn finish(store: &Store, request: &Request, done: Done) -> Done {
    let answer = match &done {
        Ok((status, body)) => Some(written((*status, body.clone()))),
        Err(error) if error.status.is_server_error() => None,
        Err(error) => {
            let body = serde_json::to_string(&error.body).ok();
            body.map(|body| request::Answer { status: error.status.as_u16(), body })
        }
    };
    let kept = request.written();
    let saved = match answer {
        Some(answer) if kept.as_ref() == Some(&answer) => return done,
        Some(answer) => store.finish_request(&request.turn, &answer).await,
        None => store.abandon_request(&request.turn).await,
    };
    match saved {
        // What was done and its first answer stand.
        Err(error) if kept.is_some() => {
            tracing::warn!(error.cause = %error, "the first answer to a request was kept, not its last")
        }
        saved => saved.map_err(unavailable)?,
    }
    done
}

fn written((status, body): (StatusCode, Value)) -> request::Answer {
    request::Answer { status: status.as_u16(), body: body.to_string() }
}

fn answer(done: Done) -> Result<Response, ApiError> {
    done.map(|(status, body)| (status, Json(body)).into_response())
}

fn in_progress() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        "in_progress",
        "the same request is being done at this moment; ask again",
        "Το αίτημα εκτελείται ήδη. Δοκιμάστε ξανά σε λίγο.",
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unavailable(error: StoreError) -> ApiError {
    tracing::error!(error.cause = %error, "an idempotency key could not be looked up or kept");
    ApiError::of_status(StatusCode::SERVICE_UNAVAILABLE)
}

/// The conversations begun with a key in the last minutes.
#[derive(Default)]
pub struct Begun(tokio::sync::Mutex<HashMap<String, (DateTime<Utc>, Answer)>>);

impl Begun {
    /// The conversation begun with this key, or a new one.
    pub async fn once(
        &self,
        key: IdempotencyKey,
        now: DateTime<Utc>,
        begin: impl Future<Output = Result<Answer, ApiError>>,
    ) -> Result<Answer, ApiError> {
        let IdempotencyKey(Some(key)) = key else { return begin.await };
        let mut begun = self.0.lock().await;
        begun.retain(|_, (at, _)| now - *at < KEPT);
        if let Some((_, answer)) = begun.get(&key) {
            return Ok(answer.clone());
        }
        let answer = begin.await?;
        if begun.len() < MOST {
            begun.insert(key, (now, answer.clone()));
        }
        Ok(answer)
    }
}
