//! Goes by the catalogue of the Ariadni that keeps the appointments, as it is there now.

use std::sync::Arc;
use std::time::Duration;

use crate::booking::in_force::{CatalogueInForce, Edition};
use crate::gateway::remote_core::RemoteCore;
use crate::store::Store;
use crate::worker::Job;

/// Asks for the catalogue each minute, keeps it for the next start, and puts it in force when it is another.
pub struct FollowDistantCatalogue {
    /// Who keeps it.
    pub core: Arc<RemoteCore>,
    /// Where it is kept, for a start while that one is away.
    pub store: Store,
    /// What is gone by here.
    pub catalogue: CatalogueInForce,
}

#[async_trait::async_trait]
impl Job for FollowDistantCatalogue {
    fn name(&self) -> &'static str {
        "follow_distant_catalogue"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        let edition = Edition::of(Arc::new(self.core.catalogue().await?));
        if edition.digest == self.catalogue.edition().digest {
            return Ok(0);
        }
        self.store.import_catalogue(&edition.catalogue).await?;
        Ok(u64::from(self.catalogue.replace(edition, |_| ())))
    }
}
