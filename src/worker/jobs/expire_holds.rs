//! Lets go what is kept no longer: holds, offers, slots that were shut after somebody gave them back.
//!
//! Nothing waits for it: what has expired counts as free everywhere. It keeps the tables tidy.

use std::time::Duration;

use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// Frees every expired hold, each half minute.
pub struct ExpireHolds {
    /// Where the holds are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Job for ExpireHolds {
    fn name(&self) -> &'static str {
        "expire_holds"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(30)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(self.store.expire_holds(self.clock.now()).await?)
    }
}
