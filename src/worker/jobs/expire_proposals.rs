//! Ends proposals of another place that nobody answered in time, and tells it.

use std::time::Duration;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// Ends proposals whose deadline is over, each minute. The appointments stand as they were.
pub struct ExpireProposals {
    /// Where the proposals are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Job for ExpireProposals {
    fn name(&self) -> &'static str {
        "expire_proposals"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(self.store.expire_proposals(self.clock.now()).await?)
    }
}
