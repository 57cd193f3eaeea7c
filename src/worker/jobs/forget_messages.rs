//! Deletes messages that were delivered or given up: they hold telephones.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// How long a message is kept after it was delivered or given up: long enough to answer somebody who asks what was sent.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Deletes messages that ended a week ago, each hour.
pub struct ForgetMessages {
    /// Where the messages are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Job for ForgetMessages {
    fn name(&self) -> &'static str {
        "forget_messages"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60 * 60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(self.store.forget_messages(self.clock.now() - KEPT).await?)
    }
}
