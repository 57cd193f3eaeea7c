//! Short messages to citizens' mobile telephones (SMS), handed to a gateway over HTTP.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use serde_json::json;

use super::{NoCalls, asked_pause, client};
use crate::booking::identity::Phone;

/// How long one try may take in all.
const WHOLE: Duration = Duration::from_secs(10);
/// The longest pause that a gateway may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// By which a gateway knows a message that it has had before.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Why a message was not taken. It tells nothing of the message itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The gateway will never take it.
    #[error("the message gateway refused it with {0}")]
    Refused(u16),
    /// It may take it another time.
    #[error("{reason}")]
    Later {
        /// Why not now.
        reason: String,
        /// How long it asked to be left alone.
        pause: Option<Duration>,
    },
}

/// Who sends short messages.
#[async_trait::async_trait]
pub trait MessageSender: Send + Sync {
    /// Sends a text to a telephone, once; `key` is the same whenever the same message is sent again.
    ///
    /// # Errors
    /// [`SendError`]; nothing is known to have been sent then.
    async fn send(&self, phone: &Phone, text: &str, key: &str) -> Result<(), SendError>;
}

/// A gateway behind an address: `{"to", "from", "text"}` is posted to it. The secret does not show in its debug output.
#[derive(Debug, Clone)]
pub struct HttpSms {
    client: Client,
    endpoint: Url,
    authorization: HeaderValue,
    sender: String,
}

/// No messages can be sent.
#[derive(Debug, thiserror::Error)]
pub enum NoSms {
    /// The address or the secret cannot be used.
    #[error("the {0} of the message gateway cannot be used")]
    Setting(&'static str),
    /// No calls can be made at all.
    #[error(transparent)]
    NoCalls(#[from] NoCalls),
}

impl HttpSms {
    /// The gateway at an address, opened by a secret; `sender` is the name that citizens see.
    ///
    /// # Errors
    /// [`NoSms`]
    pub fn new(endpoint: &str, token: &str, sender: &str) -> Result<Self, NoSms> {
        Self::with_patience(endpoint, token, sender, WHOLE)
    }

    /// The same with another time for one try.
    ///
    /// # Errors
    /// As [`HttpSms::new`].
    pub fn with_patience(endpoint: &str, token: &str, sender: &str, whole: Duration) -> Result<Self, NoSms> {
        let endpoint = Url::parse(endpoint).map_err(|_| NoSms::Setting("address"))?;
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| NoSms::Setting("secret"))?;
        authorization.set_sensitive(true);
        Ok(Self { client: client(whole)?, endpoint, authorization, sender: sender.to_owned() })
    }
}

#[async_trait::async_trait]
impl MessageSender for HttpSms {
    async fn send(&self, phone: &Phone, text: &str, key: &str) -> Result<(), SendError> {
        let body = json!({ "to": phone.international(), "from": self.sender, "text": text });
        let sent = self
            .client
            .post(self.endpoint.clone())
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(KEY, key)
            .body(body.to_string())
            .send()
            .await;
        let response = sent.map_err(|error| unreached(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        if is_about_the_message(status) {
            return Err(SendError::Refused(status.as_u16()));
        }
        let reason = format!("the message gateway answered {}", status.as_u16());
        Err(SendError::Later { reason, pause: asked_pause(&response, LONGEST_PAUSE) })
    }
}

/// Whether an answer says that this very message is not taken. A gateway that is busy, ill, elsewhere, or that does not know our
/// secret says nothing about the message: it goes out when that is mended.
fn is_about_the_message(status: StatusCode) -> bool {
    status.is_client_error()
        && !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

fn unreached(error: &reqwest::Error) -> SendError {
    let reason = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
    SendError::Later { reason: format!("the message gateway {reason}"), pause: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_about_the_message_is_tried_again() {
        let about = |status: u16| is_about_the_message(StatusCode::from_u16(status).expect("a status"));
        for status in [400, 402, 403, 404, 409, 413, 422] {
            assert!(about(status), "{status}");
        }
        for status in [301, 307, 401, 408, 429, 500, 502, 503] {
            assert!(!about(status), "{status}");
        }
    }

    #[test]
    fn the_secret_does_not_show() {
        let sms = HttpSms::new("https://sms.example.gr/send", "s3cret", "Ariadni").expect("a gateway");
        assert!(!format!("{sms:?}").contains("s3cret"));
        assert!(matches!(HttpSms::new("nonsense", "s3cret", "Ariadni"), Err(NoSms::Setting("address"))));
        assert!(matches!(HttpSms::new("https://sms.example.gr", "s3\ncret", "A"), Err(NoSms::Setting("secret"))));
    }
}
