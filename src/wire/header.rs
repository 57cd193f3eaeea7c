//! For whom a call is made, as headers say it.

use crate::booking::core::Actor;

/// The channel of the citizen for whom a trusted front speaks: `web`, `phone`, …
pub const CHANNEL: &str = "ariadni-channel";
/// The conversation of that citizen.
pub const CONVERSATION: &str = "ariadni-conversation";
/// The official who acts, by a user name, for the audit.
pub const OFFICIAL: &str = "ariadni-official";

/// Channels that no citizen comes through: these are the names of the others in the rules and in the audit.
const NOT_CHANNELS: [&str; 2] = ["staff", "system"];

/// The headers that say who acts, with their values.
#[must_use]
pub fn of(actor: &Actor) -> Vec<(&'static str, String)> {
    match actor {
        Actor::Citizen { channel, conversation } => {
            vec![(CHANNEL, channel.clone()), (CONVERSATION, conversation.clone())]
        }
        Actor::Staff { name } => vec![(OFFICIAL, name.clone())],
        Actor::System => vec![(OFFICIAL, "system".to_owned())],
    }
}

/// Whether a channel may be called so: 1 to 32 of `a-z`, `0-9`, `_`, `-`.
#[must_use]
pub fn is_channel(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(letter) && !NOT_CHANNELS.contains(&name)
}

/// Whether a conversation may be called so: 1 to 64 of `A-Z`, `a-z`, `0-9`, `_`, `-`.
#[must_use]
pub fn is_conversation(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(letter)
}

/// Whether an official may be called so: 1 to 64 of `A-Z`, `a-z`, `0-9`, `_`, `-`, `.`, `/`; an address with `@` is personal
/// data and is none.
#[must_use]
pub fn is_official(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b"_-./".contains(&b);
    (1..=64).contains(&name.len()) && name.bytes().all(letter)
}
