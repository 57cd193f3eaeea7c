//! The only outbound calls: one trait in our words for each outside service, and one file that speaks to it.
//!
//! What a caller may ask for is bounded here: time-outs, sizes, redirects, tries, and to whom one may speak at all.

pub mod calendars;
mod public;

/// Chooses the cryptography of every TLS connection of this process; asking again does no harm.
pub fn choose_cryptography() {
    // Refused when it was chosen before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
