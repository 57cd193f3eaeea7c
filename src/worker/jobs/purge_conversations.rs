//! Deletes conversations nobody has gone on with for long: what citizens wrote is kept no longer than it is needed.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// Deletes conversations without a turn for `retention_days`, each hour.
pub struct PurgeConversations {
    /// Where the conversations are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// How long they are kept after their last turn, days.
    pub retention_days: u32,
}

#[async_trait::async_trait]
impl Job for PurgeConversations {
    fn name(&self) -> &'static str {
        "purge_conversations"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60 * 60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        let before = self.clock.now() - TimeDelta::days(i64::from(self.retention_days));
        Ok(self.store.purge_conversations(before).await?)
    }
}
