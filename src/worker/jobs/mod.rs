//! The jobs, one file each.

pub mod expire_holds;
pub mod purge_conversations;
