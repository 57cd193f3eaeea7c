//! A conversation as it happens: server-sent events that resume where the reader stopped.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::Stream;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::watch;

use super::auth::ConversationToken;
use super::body::Parameters;
use super::conversations::{From, refused};
use super::error::{ApiError, ErrorBody};
use super::{Rim, Shared};
use crate::conversation::Exchange;

/// A comment goes out so often, so that proxies keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Streams a conversation: what was said after `Last-Event-ID` (or `after`), then every new turn.
///
/// The id of an event is its turn, its data one `{"in","out"}` object as in the replay.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/events", tag = "conversations", operation_id = "streamEvents",
    params(
        ("id" = String, Path, description = "The conversation."),
        ("Last-Event-ID" = Option<u32>, Header, description = "The last turn that was seen."),
        From
    ),
    responses(
        (status = 200, description = "Server-sent events", body = String, content_type = "text/event-stream"),
        (status = 401, description = "No such conversation, or not its token", body = ErrorBody),
        (status = 404, description = "Not the id of a conversation", body = ErrorBody)
    ),
    security(("conversation" = []))
)]
pub async fn events(
    State(rim): Shared,
    Path(id): Path<String>,
    ConversationToken(token): ConversationToken,
    LastEventId(last): LastEventId,
    Parameters(from): Parameters<From>,
    closing: Closing,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    // Subscribed before replaying, so that no turn falls between the two.
    let live = rim.app.conversations.subscribe(&id, &token).await.map_err(|error| refused(&id, error))?;
    let seen = last.or(from.after);
    let waiting = rim.app.conversations.replay(&id, &token, seen).await?.into();
    let reader = Reader { rim, id, token, seen, waiting, live, closing };
    let stream = futures::stream::unfold(reader, |mut reader| async move {
        let exchange = reader.next().await?;
        Some((Ok(event(&exchange)), reader))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn event(exchange: &Exchange) -> Event {
    let event = Event::default().id(exchange.outbound.turn.to_string());
    event.json_data(exchange).unwrap_or_default()
}

/// One reader of one conversation.
struct Reader {
    rim: Arc<Rim>,
    id: String,
    token: String,
    seen: Option<u32>,
    waiting: VecDeque<Exchange>,
    live: Receiver<Exchange>,
    closing: Closing,
}

impl Reader {
    /// The next turn that was not sent yet; `None` when the server stops or the conversation is gone.
    async fn next(&mut self) -> Option<Exchange> {
        loop {
            while let Some(exchange) = self.waiting.pop_front() {
                if self.seen.is_none_or(|seen| exchange.outbound.turn > seen) {
                    self.seen = Some(exchange.outbound.turn);
                    return Some(exchange);
                }
            }
            let received = tokio::select! {
                received = self.live.recv() => received,
                () = self.closing.wait() => return None,
            };
            match received {
                Ok(exchange) => self.waiting.push_back(exchange),
                Err(RecvError::Lagged(_)) => {
                    let missed = self.rim.app.conversations.replay(&self.id, &self.token, self.seen).await.ok()?;
                    self.waiting.extend(missed);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// The turn after which a reader goes on.
pub struct LastEventId(Option<u32>);

impl<S: Sync> FromRequestParts<S> for LastEventId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("last-event-id") else { return Ok(Self(None)) };
        let turn = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        turn.map(|turn| Self(Some(turn))).ok_or_else(|| ApiError::bad_parameters("Last-Event-ID: a turn number"))
    }
}

/// Tells streams that the server stops; without it they would hold the shutdown up.
#[derive(Clone)]
pub struct Closing(Option<watch::Receiver<bool>>);

impl Closing {
    /// Made by the server.
    pub fn new(signal: watch::Receiver<bool>) -> Self {
        Self(Some(signal))
    }

    async fn wait(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                // An error means that the server is gone, which is as good a reason to stop.
                let _ = signal.wait_for(|closing| *closing).await;
            }
            None => std::future::pending().await,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Closing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self(None)))
    }
}
