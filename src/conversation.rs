//! Runs one turn: the one place that joins the dialog to the world.

use serde::{Deserialize, Serialize};

use crate::channel::turn::{Inbound, Outbound};

/// A conversation just begun.
#[derive(Debug, Clone, Serialize)]
pub struct Started {
    /// Its id.
    pub id: String,
    /// The secret that whoever goes on with it must show; it is stored only as a hash.
    pub token: String,
    /// The greeting, turn 0.
    #[serde(flatten)]
    pub greeting: Outbound,
}

/// One turn as it is replayed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Exchange {
    /// What came in; absent at turn 0.
    #[serde(rename = "in")]
    pub inbound: Option<Inbound>,
    /// What went out.
    #[serde(rename = "out")]
    pub outbound: Outbound,
}

/// Why a turn was not run; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ConversationError {
    /// No such conversation, or the token is not its own.
    #[error("no such conversation")]
    NotFound,
    /// It has ended.
    #[error("the conversation has ended")]
    Ended,
    /// The text is longer than allowed.
    #[error("the message is longer than {0} characters")]
    TooLong(usize),
    /// The idempotency key was used with another message.
    #[error("the idempotency key was used with another message")]
    KeyReused,
    /// Another turn of this conversation was saved in between.
    #[error("another turn came in between")]
    Conflict,
    /// The store did not answer.
    #[error("the store is unavailable")]
    Store(#[source] anyhow::Error),
}
