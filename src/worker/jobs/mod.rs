//! The jobs, one file each.

pub mod announce_news;
pub mod deliver_messages;
pub mod expire_holds;
pub mod expire_proposals;
pub mod follow_catalogue;
pub mod follow_distant_catalogue;
pub mod forget_answers;
pub mod forget_messages;
pub mod forget_waits;
pub mod offer_waiting;
pub mod purge_conversations;
pub mod refresh_busy_calendars;
pub mod refresh_procedures;
