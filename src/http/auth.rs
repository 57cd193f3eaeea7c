//! Who may call: the token of a conversation, or one of the secrets of staff and machines.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};

use super::Rim;
use super::error::ApiError;
use crate::booking::core::Actor;
use crate::wire::header;

/// The secrets of staff and machines, kept as digests so that comparing them tells nothing of their lengths.
pub struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    /// Keeps the secrets; empty ones open nothing.
    pub fn new(secrets: &[String]) -> Self {
        Self(secrets.iter().filter(|s| !s.trim().is_empty()).map(|s| digest(s.trim())).collect())
    }

    /// The position of a secret, from 1. It takes as long for a wrong secret as for any right one.
    fn position(&self, shown: &str) -> Option<u64> {
        let shown = digest(shown);
        let mut found = 0_u64;
        for (position, known) in (1..).zip(&self.0) {
            found.conditional_assign(&position, known.ct_eq(&shown));
        }
        (found > 0).then_some(found)
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A member of staff or a program, by its secret; or a citizen, for whom a trusted front with a secret speaks.
pub struct Staff {
    actor: Actor,
    /// SHA-256 of the secret, hexadecimal.
    token_hash: String,
}

impl Staff {
    /// For the rules and the audit: `api-1` for the first of the secrets, `api-1/NAME` where the official is named, or the
    /// citizen whom the headers name.
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }

    /// Idempotency keys of one secret are apart from those of another.
    pub fn token_hash(&self) -> &str {
        &self.token_hash
    }
}

impl FromRequestParts<Arc<Rim>> for Staff {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, rim: &Arc<Rim>) -> Result<Self, ApiError> {
        let shown = bearer(parts).ok_or_else(ApiError::unauthorised)?;
        let position = rim.tokens.position(shown).ok_or_else(ApiError::unauthorised)?;
        let token_hash = digest(shown).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { actor: actor(parts, position)?, token_hash })
    }
}

/// An official: somebody with a secret who does not speak for a citizen.
pub struct Official(pub Staff);

impl FromRequestParts<Arc<Rim>> for Official {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, rim: &Arc<Rim>) -> Result<Self, ApiError> {
        let staff = Staff::from_request_parts(parts, rim).await?;
        if staff.actor.is_citizen() { Err(ApiError::staff_only()) } else { Ok(Self(staff)) }
    }
}

/// Who acts, as the headers of whoever showed the secret at `position` say.
fn actor(parts: &Parts, position: u64) -> Result<Actor, ApiError> {
    let said = |name: &'static str, good: fn(&str) -> bool| match parts.headers.get(name) {
        None => Ok(None),
        Some(value) => match value.to_str().ok().filter(|value| good(value)) {
            Some(value) => Ok(Some(value.to_owned())),
            None => Err(ApiError::bad_parameters(format!("{name}: not a name that is taken"))),
        },
    };
    let channel = said(header::CHANNEL, header::is_channel)?;
    let conversation = said(header::CONVERSATION, header::is_conversation)?;
    let official = said(header::OFFICIAL, header::is_official)?;
    match (channel, conversation, official) {
        (Some(channel), Some(conversation), None) => Ok(Actor::Citizen { channel, conversation }),
        (None, None, Some(name)) => Ok(Actor::Staff { name: format!("api-{position}/{name}") }),
        (None, None, None) => Ok(Actor::Staff { name: format!("api-{position}") }),
        _ => Err(ApiError::invalid(
            "Ariadni-Channel",
            "for a citizen give Ariadni-Channel and Ariadni-Conversation, for an official Ariadni-Official alone",
            "Δεν είναι σαφές ποιος κάνει την ενέργεια.",
        )),
    }
}

/// The token of a conversation, as shown; whether it is right is for the conversation to say.
pub struct ConversationToken(pub String);

impl<S: Sync> FromRequestParts<S> for ConversationToken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        bearer(parts).map(|shown| Self(shown.to_owned())).ok_or_else(ApiError::unauthorised)
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, secret) = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_secret_opens_and_without_secrets_nothing_does() {
        let tokens = Tokens::new(&["alpha".into(), " beta ".into(), "  ".into()]);
        assert_eq!(tokens.position("alpha"), Some(1));
        assert_eq!(tokens.position("beta"), Some(2));
        assert_eq!(tokens.position("alph"), None);
        assert_eq!(tokens.position(""), None);
        assert_eq!(Tokens::new(&[]).position(""), None);
    }
}
