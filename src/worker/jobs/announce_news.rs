//! Turns news that wait in the outbox into messages to those whom they concern.

use std::time::Duration;

use crate::booking::in_force::CatalogueInForce;
use crate::booking::notice::{Notice, Wording};
use crate::clock::Clock;
use crate::store::Store;
use crate::worker::Job;

/// So many times in a row more is taken from the outbox; what is left then waits for the next run.
const ROUNDS: usize = 50;

/// Words what citizens must be told, every five seconds. Only where messages can be sent: elsewhere the outbox is left as it is.
pub struct AnnounceNews {
    /// Where the outbox and the messages are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// What offices and services are called.
    pub catalogue: CatalogueInForce,
    /// Where a person answers.
    pub phone: String,
    /// Where one writes to Ariadni.
    pub site: Option<String>,
}

#[async_trait::async_trait]
impl Job for AnnounceNews {
    fn name(&self) -> &'static str {
        "announce_news"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(5)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        let catalogue = self.catalogue.edition().catalogue;
        let words = |notice: &Notice| {
            notice.text(&Wording {
                catalogue: &catalogue,
                phone: &self.phone,
                site: self.site.as_deref(),
                now: self.clock.now(),
            })
        };
        let mut messages = 0;
        for _ in 0..ROUNDS {
            let turned = self.store.turn_news(&words).await?;
            messages += turned.messages;
            if turned.settled == 0 {
                break;
            }
        }
        Ok(messages)
    }
}
