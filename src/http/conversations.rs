//! A citizen's conversation: start, one turn, replay (section 3 of the contract).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::auth::ConversationToken;
use super::body::{Body, EmptyBody, Parameters};
use super::error::{ApiError, ErrorBody};
use super::idempotency::IdempotencyKey;
use crate::channel::turn::{Channel, Inbound, Outbound};
use crate::conversation::{ConversationError, Exchange};

/// The longest `dtmf`, keys; the longest `choice`, characters.
const LONGEST_KEYS: usize = 64;
const LONGEST_CHOICE: usize = 500;

/// A conversation just begun: how to go on with it, and its first line.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Begun {
    /// Its id.
    pub id: String,
    /// The secret to show with every further call; it is told only here.
    pub token: String,
    /// Turn 0, the greeting.
    #[serde(flatten)]
    pub first: Outbound,
}

/// Begins a conversation.
#[utoipa::path(
    post, path = "/api/v1/conversations", tag = "conversations", operation_id = "startConversation",
    params(IdempotencyKey),
    responses(
        (status = 201, description = "Begun", body = Begun),
        (status = 429, description = "This address began too many", body = ErrorBody),
        (status = 503, description = "Try again", body = ErrorBody)
    )
)]
pub async fn start(
    State(rim): Shared,
    Caller(address): Caller,
    key: IdempotencyKey,
    _: EmptyBody,
) -> Result<(StatusCode, Json<Begun>), ApiError> {
    if !rim.starts.take(address, Instant::now()) {
        return Err(ApiError::of_status(StatusCode::TOO_MANY_REQUESTS));
    }
    let begin = async {
        let started = rim.app.conversations.start(Channel::Web).await?;
        super::metrics::conversation_started(Channel::Web);
        Ok(Begun { id: started.id, token: started.token, first: started.greeting })
    };
    let begun = rim.begun.once(key, rim.app.clock.now(), begin).await?;
    Ok((StatusCode::CREATED, Json(begun)))
}

/// Runs one turn.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/messages", tag = "conversations", operation_id = "sendMessage",
    params(
        ("id" = String, Path, description = "The conversation."),
        IdempotencyKey
    ),
    request_body = Inbound,
    responses(
        (status = 200, description = "The answer", body = Outbound),
        (status = 401, description = "No such conversation, or not its token", body = ErrorBody),
        (status = 404, description = "Not the id of a conversation", body = ErrorBody),
        (status = 409, description = "The conversation has ended, or two turns came at once", body = ErrorBody),
        (status = 422, description = "Too long, not allowed, or the key was used for another message", body = ErrorBody)
    ),
    security(("conversation" = []))
)]
pub async fn turn(
    State(rim): Shared,
    Path(id): Path<String>,
    ConversationToken(token): ConversationToken,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: inbound, .. }: Body<Inbound>,
) -> Result<Json<Outbound>, ApiError> {
    check(&inbound)?;
    let began = Instant::now();
    let conversations = Arc::clone(&rim.app.conversations);
    // A turn that has begun is finished even if the caller hangs up: the next try then finds its answer.
    let named = id.clone();
    let running = tokio::spawn(async move { conversations.turn(&named, &token, key.as_deref(), inbound).await });
    let ran = running.await.map_err(|_| ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    super::metrics::turn_ran(Channel::Web, ran.is_ok(), began.elapsed());
    ran.map(Json).map_err(|error| refused(&id, error))
}

/// What is no id of a conversation at all is not found; otherwise a wrong id and a wrong token look alike.
pub fn refused(id: &str, error: ConversationError) -> ApiError {
    match error {
        ConversationError::NotFound if uuid::Uuid::parse_str(id).is_err() => ApiError::not_found("conversation"),
        other => other.into(),
    }
}

/// What no engine could make sense of is refused here; how long a text may be is for the conversation to say.
fn check(inbound: &Inbound) -> Result<(), ApiError> {
    match inbound {
        Inbound::Dtmf(keys) if !keys.chars().all(|c| matches!(c, '0'..='9' | '*' | '#')) => {
            Err(ApiError::invalid("dtmf", "only 0-9, * and #", "Πατήστε μόνο αριθμούς, αστερίσκο ή δίεση."))
        }
        Inbound::Dtmf(keys) if keys.len() > LONGEST_KEYS => {
            Err(ApiError::invalid("dtmf", "at most 64 keys", "Πατήσατε πάρα πολλά πλήκτρα."))
        }
        Inbound::Choice(value) if value.chars().count() > LONGEST_CHOICE => {
            Err(ApiError::invalid("choice", "at most 500 characters", "Αυτή η επιλογή δεν υπάρχει."))
        }
        Inbound::Silence(false) => Err(ApiError::invalid("silence", "it is always true", "Το αίτημα δεν είναι σωστό.")),
        _ => Ok(()),
    }
}

/// From where to replay.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// Only turns after this one; all of them when absent.
    pub after: Option<u32>,
}

/// What was said so far.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Replayed {
    /// In the order of their turns.
    pub messages: Vec<Exchange>,
}

/// Replays a conversation.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/messages", tag = "conversations", operation_id = "replayMessages",
    params(("id" = String, Path, description = "The conversation."), From),
    responses(
        (status = 200, description = "What was said", body = Replayed),
        (status = 401, description = "No such conversation, or not its token", body = ErrorBody),
        (status = 404, description = "Not the id of a conversation", body = ErrorBody)
    ),
    security(("conversation" = []))
)]
pub async fn replay(
    State(rim): Shared,
    Path(id): Path<String>,
    ConversationToken(token): ConversationToken,
    Parameters(from): Parameters<From>,
) -> Result<Json<Replayed>, ApiError> {
    let replayed = rim.app.conversations.replay(&id, &token, from.after).await;
    replayed.map(|messages| Json(Replayed { messages })).map_err(|error| refused(&id, error))
}

/// The address a request came from; the machine itself where the server does not tell.
pub struct Caller(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())))
    }
}
