//! Reading an answer that must not be too long, and why there is none.

use reqwest::Response;

/// Why there is no answer.
pub(super) enum Lost {
    /// It did not come in time.
    TimedOut,
    /// Nobody could be reached.
    Unreachable,
    /// It broke off.
    BrokeOff,
    /// It is longer than is read.
    TooLarge,
}

/// Without the address: it may tell more than a log should hold.
impl From<reqwest::Error> for Lost {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_body() || error.is_decode() {
            Self::BrokeOff
        } else {
            Self::Unreachable
        }
    }
}

/// The whole body, if it has at most `largest` bytes; nothing beyond them is kept.
pub(super) async fn body(mut response: Response, largest: usize) -> Result<Vec<u8>, Lost> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await? {
        if body.len() + part.len() > largest {
            return Err(Lost::TooLarge);
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}
