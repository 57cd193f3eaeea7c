//! Runs jobs at their intervals and stops them between two runs, never inside one.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// Something to be done again and again; running it twice does no harm.
#[async_trait::async_trait]
pub trait Job: Send + Sync {
    /// Its name in the log.
    fn name(&self) -> &'static str;

    /// How long from the start of one run to the start of the next.
    fn every(&self) -> Duration;

    /// Does it once; returns how many things were changed.
    ///
    /// # Errors
    /// Whatever stopped it; it is logged, and the job is run again after its interval.
    async fn run(&self) -> anyhow::Result<u64>;
}

/// The jobs at work.
#[derive(Debug)]
pub struct Worker {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Worker {
    /// Sets every job to work, each for the first time at once.
    #[must_use]
    pub fn start(jobs: Vec<Box<dyn Job>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for job in jobs {
            tasks.spawn(repeat(job, stopped.clone()));
        }
        Self { tasks, stop }
    }

    /// Lets the runs under way come to their end and starts no more.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(error.cause = %error, "a job broke off");
            }
        }
    }
}

async fn repeat(job: Box<dyn Job>, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval(job.every());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => return,
            _ = ticks.tick() => {}
        }
        match job.run().await {
            Ok(0) => tracing::debug!(job.name = job.name(), "a job found nothing to do"),
            Ok(changed) => tracing::info!(job.name = job.name(), job.changed = changed, "a job was done"),
            Err(error) => tracing::error!(job.name = job.name(), error.cause = %format!("{error:#}"), "a job failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Fails at every second run; each run takes a while.
    struct Flaky {
        begun: Arc<AtomicU32>,
        ended: Arc<AtomicU32>,
    }

    #[async_trait::async_trait]
    impl Job for Flaky {
        fn name(&self) -> &'static str {
            "flaky"
        }
        fn every(&self) -> Duration {
            Duration::from_millis(2)
        }
        async fn run(&self) -> anyhow::Result<u64> {
            let run = self.begun.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.ended.fetch_add(1, Ordering::SeqCst);
            anyhow::ensure!(run.is_multiple_of(2), "every second run fails");
            Ok(1)
        }
    }

    #[tokio::test]
    async fn a_failing_job_is_run_again_and_a_stop_waits_for_the_run_under_way() {
        let (begun, ended) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let worker = Worker::start(vec![Box::new(Flaky { begun: begun.clone(), ended: ended.clone() })]);
        while begun.load(Ordering::SeqCst) < 4 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        worker.stop().await;
        let runs = begun.load(Ordering::SeqCst);
        assert_eq!(runs, ended.load(Ordering::SeqCst), "no run was broken off");
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(runs, begun.load(Ordering::SeqCst), "no run began after the stop");
    }
}
