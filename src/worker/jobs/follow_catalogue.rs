//! Takes over the catalogue that another process imported: `ariadni catalogue import`, or another server.

use std::time::Duration;

use crate::store::LocalCore;
use crate::worker::Job;

/// Looks for a newer catalogue every few seconds and puts it in force.
pub struct FollowCatalogue {
    /// Whose rules change.
    pub core: LocalCore,
}

#[async_trait::async_trait]
impl Job for FollowCatalogue {
    fn name(&self) -> &'static str {
        "follow_catalogue"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(3)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(u64::from(self.core.follow().await?))
    }
}
