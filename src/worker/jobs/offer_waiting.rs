//! Offers what comes free to those who wait for it.
//!
//! A place that comes free stays shut for a minute where somebody waits for its service; this job runs several times in that
//! minute, so that it gets there before anybody else.

use std::sync::Arc;
use std::time::Duration;

use crate::booking::waiting::WaitingList;
use crate::worker::Job;

/// Ends offers that are over and makes new ones, every twenty seconds.
pub struct OfferWaiting {
    /// Who waits.
    pub list: Arc<dyn WaitingList>,
}

#[async_trait::async_trait]
impl Job for OfferWaiting {
    fn name(&self) -> &'static str {
        "offer_waiting"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(20)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        Ok(self.list.offer_free().await?)
    }
}
