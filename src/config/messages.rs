//! Settings of short messages to citizens.

use serde::{Deserialize, Serialize};

use super::{Rule, secret};

/// Short messages (SMS) to citizens, handed to a gateway.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// The address that messages are posted to, such as `https://sms.example.gr/send`. Default none: nothing is sent.
    pub sms_endpoint: Option<String>,
    /// The secret that opens it. Default none.
    pub sms_token: Option<String>,
    /// The name that citizens see: 1 to 11 Latin letters, digits or spaces, or up to 15 digits. Default `Ariadni`.
    pub sender: String,
}

impl Default for Messages {
    fn default() -> Self {
        Self { sms_endpoint: None, sms_token: None, sender: "Ariadni".to_owned() }
    }
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = if self.sms_token.is_some() { "with" } else { "without" };
        write!(f, "Messages {{ {:?} {token} a token, from {:?} }}", self.sms_endpoint, self.sender)
    }
}

impl Messages {
    /// What types alone cannot refuse.
    pub(super) fn rules(&self) -> [Rule; 3] {
        let address = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        let digits = self.sender.len() <= 15 && self.sender.bytes().all(|byte| byte.is_ascii_digit());
        let name = self.sender.len() <= 11
            && self.sender.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
            && self.sender.trim() == self.sender;
        [
            (
                "messages.sms_endpoint",
                self.sms_endpoint.as_ref().is_none_or(address),
                "is no address",
                "write one such as https://sms.example.gr/send, or leave it out to send no messages",
            ),
            (
                "messages.sms_token",
                self.sms_endpoint.is_none() || self.sms_token.as_deref().is_some_and(secret),
                "does not open the gateway at messages.sms_endpoint",
                "write the secret that the gateway has given you",
            ),
            (
                "messages.sender",
                !self.sender.is_empty() && (digits || name),
                "is no sender of short messages",
                "write 1 to 11 Latin letters, digits or spaces, or a number of up to 15 digits",
            ),
        ]
    }
}
