//! Deletes the answers kept for repeated requests: they hold names and telephones, and no caller tries again after a day.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// How long the answer to an idempotency key is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Deletes answers to idempotency keys older than a day, each hour.
pub struct ForgetAnswers {
    /// Where the answers are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Job for ForgetAnswers {
    fn name(&self) -> &'static str {
        "forget_answers"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60 * 60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(self.store.purge_requests(self.clock.now() - KEPT).await?)
    }
}
