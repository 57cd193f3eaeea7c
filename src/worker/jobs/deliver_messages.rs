//! Sends the messages that wait, and tries again what the gateway does not take.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::StreamExt;

use crate::clock::Clock;
use crate::gateway::sms::{MessageSender, SendError};
use crate::store::{DueMessage, Store, Undelivered};
use crate::worker::Job;

/// How many messages are sent at once.
const AT_ONCE: usize = 8;
/// How many are taken at once: none of them waits for more than one other.
const TAKEN: u32 = 16;
/// How long nobody else is given what was taken: far longer than it takes to send it or to fail.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// So many times in a row more is taken; what is left then waits for the next run.
const ROUNDS: usize = 200;
/// How long it waits after the first failure; after each further one twice as long.
const PAUSE: Duration = Duration::from_secs(10);
/// It never waits longer of its own accord.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Sends what is due, every three seconds, until it is taken, refused, or of no use any more.
pub struct DeliverMessages {
    /// Where the messages are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Who sends them.
    pub sender: Arc<dyn MessageSender>,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    Delivered,
    GivenUp,
    PutOff,
}

#[async_trait::async_trait]
impl Job for DeliverMessages {
    fn name(&self) -> &'static str {
        "deliver_messages"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(3)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        let mut delivered = 0;
        for _ in 0..ROUNDS {
            let due = self.store.take_due(self.clock.now(), TAKEN, LEASE).await?;
            if due.is_empty() {
                break;
            }
            let tries = due.into_iter().map(|message| self.deliver(message));
            let tried: Vec<anyhow::Result<Tried>> =
                futures::stream::iter(tries).buffer_unordered(AT_ONCE).collect().await;
            let tried: Vec<Tried> = tried.into_iter().collect::<Result<_, _>>()?;
            delivered += tried.iter().filter(|tried| **tried == Tried::Delivered).count() as u64;
            // A gateway that cannot keep up is left in peace until the next run.
            if tried.contains(&Tried::PutOff) {
                break;
            }
        }
        Ok(delivered)
    }
}

impl DeliverMessages {
    /// Tries one message and notes what became of it.
    async fn deliver(&self, message: DueMessage) -> anyhow::Result<Tried> {
        if message.send_until <= self.clock.now() {
            return self.give_up(&message, "it is of no use any more").await;
        }
        match self.sender.send(&message.phone, &message.text, &message.id).await {
            Ok(()) => {
                self.store.mark_delivered(&message).await?;
                Ok(Tried::Delivered)
            }
            Err(error @ SendError::Refused(_)) => self.give_up(&message, &error.to_string()).await,
            Err(SendError::Later { reason, pause: asked }) => {
                let next = self.clock.now() + pause(message.attempt, asked, rand::random());
                if next >= message.send_until {
                    return self.give_up(&message, &reason).await;
                }
                tracing::warn!(sms.id = message.id, sms.attempt = message.attempt, "a message waits: {reason}");
                self.store.mark_failed(&message, Undelivered::RetryAt(next), &reason).await?;
                Ok(Tried::PutOff)
            }
        }
    }

    async fn give_up(&self, message: &DueMessage, reason: &str) -> anyhow::Result<Tried> {
        tracing::error!(
            sms.id = message.id,
            sms.kind = message.kind,
            sms.attempt = message.attempt,
            "a message was given up: {reason}"
        );
        self.store.mark_failed(message, Undelivered::ForGood, reason).await?;
        Ok(Tried::GivenUp)
    }
}

/// How long to wait after the `attempt`-th try failed: between half and all of a time that doubles, so that what failed together
/// is not tried together, and at least as long as was asked for. `chance` is from 0 to 1.
fn pause(attempt: u32, asked: Option<Duration>, chance: f64) -> TimeDelta {
    let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    let whole = PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE);
    let own = whole / 2 + (whole / 2).mul_f64(chance);
    TimeDelta::from_std(own.max(asked.unwrap_or_default())).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_are_as_long_as_was_asked_for() {
        let seconds = |attempt, asked, chance| pause(attempt, asked, chance).num_seconds();
        assert_eq!((seconds(1, None, 0.0), seconds(1, None, 1.0)), (5, 10));
        assert_eq!((seconds(2, None, 0.0), seconds(2, None, 1.0)), (10, 20));
        assert_eq!(seconds(5, None, 0.5), 120);
        for attempt in [12, 32, 33, 1_000, u32::MAX] {
            assert_eq!((seconds(attempt, None, 0.0), seconds(attempt, None, 1.0)), (1_800, 3_600), "{attempt}");
        }
        assert_eq!(seconds(1, Some(Duration::from_secs(90)), 0.5), 90);
        assert_eq!(seconds(12, Some(Duration::from_secs(90)), 1.0), 3_600);
    }
}
