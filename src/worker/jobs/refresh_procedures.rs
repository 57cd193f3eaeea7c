//! Keeps the procedures fresh: puts in force what another process has imported, and asks the registry anew each night.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::clock::{Clock, to_athens};
use crate::gateway::registry::ProcedureRegistry;
use crate::procedures::kept::{self, Stamp};
use crate::procedures::{ProcedureBook, ProceduresInForce};
use crate::worker::Job;
use crate::worker::registry_sync::{Progress, RegistrySync};

/// The hours of the night in Athens in which the registry is asked, from and until, exclusive.
const NIGHT: (u32, u32) = (2, 5);
/// Once a night, not twice.
const APART: TimeDelta = TimeDelta::hours(12);
/// How many broken records are told of in the log.
const TOLD: usize = 10;

/// Looks each minute whether the procedures in the data folder are others, and asks the registry in the night.
///
/// A program that was never given the registry does not ask it by itself: `ariadni procedures sync` or `import` comes first.
pub struct RefreshProcedures {
    /// What is searched.
    pub procedures: ProceduresInForce,
    /// Where they are kept.
    pub data_dir: PathBuf,
    /// Where they come from; absent where nobody is to be asked.
    pub registry: Option<Arc<dyn ProcedureRegistry>>,
    /// How many records are read at once.
    pub at_once: usize,
    /// What time it is.
    pub clock: Clock,
    seen: Mutex<Seen>,
}

/// What the job remembers from one run to the next.
#[derive(Debug, Clone, Copy)]
struct Seen {
    stamp: Stamp,
    asked: Option<DateTime<Utc>>,
}

impl RefreshProcedures {
    /// The job; `stamp` is that of the folder before the procedures in force were read from it.
    #[must_use]
    pub fn new(
        procedures: ProceduresInForce,
        data_dir: PathBuf,
        stamp: Stamp,
        registry: Option<Arc<dyn ProcedureRegistry>>,
        at_once: usize,
        clock: Clock,
    ) -> Self {
        Self { procedures, data_dir, registry, at_once, clock, seen: Mutex::new(Seen { stamp, asked: None }) }
    }

    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the registry is to be asked now.
    fn is_time(&self) -> bool {
        let now = self.clock.now();
        let (from, until) = NIGHT;
        let is_night = (from..until).contains(&to_athens(now).hour());
        let rested = self.seen().asked.is_none_or(|asked| now - asked >= APART);
        is_night && rested && kept::stamp(&self.data_dir).is_some()
    }

    async fn ask(&self, registry: &dyn ProcedureRegistry) -> anyhow::Result<()> {
        self.note(|seen| seen.asked = Some(self.clock.now()));
        let quietly = |_: Progress| ();
        let sync = RegistrySync {
            registry,
            data_dir: &self.data_dir,
            clock: &self.clock,
            at_once: self.at_once,
            progress: &quietly,
        };
        let report = sync.run().await?;
        for left_out in report.left_out.iter().take(TOLD) {
            tracing::warn!(procedure.id = %left_out.what, "left out of the refresh: {}", left_out.reason);
        }
        tracing::info!(
            procedures.listed = report.listed,
            procedures.read = report.read,
            procedures.unchanged = report.unchanged,
            procedures.withdrawn = report.withdrawn.len(),
            procedures.left_out = report.left_out.len(),
            "the procedures were refreshed"
        );
        Ok(())
    }

    /// Puts in force what is kept, if it is other than what was seen last; gives how many procedures that is.
    async fn follow(&self) -> anyhow::Result<u64> {
        let stamp = kept::stamp(&self.data_dir);
        if stamp == self.seen().stamp {
            return Ok(0);
        }
        let folder = self.data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || ProcedureBook::open(&folder)).await;
        // A file that cannot be read is not tried again until it is another: the book in force stays.
        self.note(|seen| seen.stamp = stamp);
        let book = opened.context("reading the procedures broke off")??;
        let count = book.all().count() as u64;
        self.procedures.replace(book);
        Ok(count)
    }
}

#[async_trait::async_trait]
impl Job for RefreshProcedures {
    fn name(&self) -> &'static str {
        "refresh_procedures"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        if let Some(registry) = self.registry.as_deref().filter(|_| self.is_time()) {
            self.ask(registry).await?;
        }
        self.follow().await
    }
}
