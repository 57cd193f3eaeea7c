//! Deletes the rows at which bookings that count towards one limit or one quota wait for one another.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// Nobody has been waiting for so long.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Deletes what nobody waits at any more, each hour.
pub struct ForgetTurns {
    /// Where the rows are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Job for ForgetTurns {
    fn name(&self) -> &'static str {
        "forget_turns"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60 * 60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(self.store.forget_turns(self.clock.now() - KEPT).await?)
    }
}
