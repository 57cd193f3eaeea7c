//! Deletes places in the waiting list that came to their end: they hold names and telephones.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// Deletes waits that ended `retention_days` ago, each hour.
pub struct ForgetWaits {
    /// Where the waits are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// How long they are kept after they ended, days.
    pub retention_days: u32,
}

#[async_trait::async_trait]
impl Job for ForgetWaits {
    fn name(&self) -> &'static str {
        "forget_waits"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60 * 60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        let before = self.clock.now() - TimeDelta::days(i64::from(self.retention_days));
        Ok(self.store.forget_waits(before).await?)
    }
}
