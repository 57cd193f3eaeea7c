//! Lets go the holds whose time is over.
//!
//! Nothing waits for it: an expired hold counts as free everywhere. It keeps the tables small and the audit complete.

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
