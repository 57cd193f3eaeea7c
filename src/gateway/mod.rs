//! The only outbound calls: one trait in our words for each outside service, and one file that speaks to it.
//!
//! What a caller may ask for is bounded here: time-outs, sizes, redirects, tries, and to whom one may speak at all.

mod answer;
pub mod calendars;
mod public;
pub mod registry;
pub mod remote_core;
pub mod sms;
pub mod writer;

use std::time::Duration;

use reqwest::Response;
use reqwest::header::RETRY_AFTER;

/// How long a connection may take to be made, at most.
const CONNECTING: Duration = Duration::from_secs(2);

/// The outside cannot be called at all: the machine has no trusted certificates.
#[derive(Debug, thiserror::Error)]
#[error("calls to other machines cannot be made; are the CA certificates of this machine installed?")]
pub struct NoCalls(#[source] reqwest::Error);

/// Chooses the cryptography of every TLS connection of this process; asking again does no harm.
pub fn choose_cryptography() {
    // Refused when it was chosen before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client whose every request is answered within `patience` or fails. It follows no redirects: a secret goes only where the
/// operator sent it.
///
/// # Errors
/// The machine has no trusted certificates.
pub fn client(patience: Duration) -> Result<reqwest::Client, NoCalls> {
    choose_cryptography();
    reqwest::Client::builder()
        .connect_timeout(CONNECTING.min(patience))
        .timeout(patience)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("ariadni/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(NoCalls)
}

/// How long the server asks to be left alone, seconds, but no longer than `longest`; a date is not understood.
fn asked_pause(response: &Response, longest: Duration) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(longest))
}
