//! Brings what is kept of the national registry up to date: lists all of it, reads only what has changed, a few at a time.
//!
//! Whatever the registry does, nothing good is lost: a record that cannot be read leaves the older one as it was, a list that
//! breaks off takes nothing away, and a refresh that is killed goes on from where it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use futures::StreamExt;
use serde_json::Value;

use crate::clock::Clock;
use crate::gateway::registry::{ProcedureRegistry, RegistryError};
use crate::procedures::kept::{self, Kept, Unfinished};
use crate::procedures::{Procedure, record};

/// After so many failures in a row the registry is left in peace.
const GIVE_UP_AFTER: usize = 20;
/// So many pages in a row that cannot be read end the list.
const LOST_PAGES: usize = 3;
/// The list has no more pages than this, whatever it says.
const MOST_PAGES: u32 = 2_000;
/// How often the list is read when it names fewer procedures than it says there are: entries move to other pages while it is
/// being read.
const PASSES: usize = 2;

/// How far a refresh has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many procedures are listed so far, of so many, as far as that is known.
    Listed(usize, Option<usize>),
    /// So many of those that have to be read are dealt with.
    Read(usize, usize),
}

/// What came of a refresh.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many procedures the registry lists.
    pub listed: usize,
    /// How many were read anew.
    pub read: usize,
    /// How many had not changed.
    pub unchanged: usize,
    /// The numbers of those that have left the registry.
    pub withdrawn: Vec<String>,
    /// What could not be read, and why; where an older record is kept, it stays.
    pub left_out: Vec<LeftOut>,
    /// Whether every page of the list was read.
    pub complete: bool,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// A registry number, or `page N` of the list.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// A refresh of what is kept in a folder.
pub struct RegistrySync<'a> {
    /// Where records come from.
    pub registry: &'a dyn ProcedureRegistry,
    /// Where they are kept.
    pub data_dir: &'a Path,
    /// What time it is.
    pub clock: &'a Clock,
    /// How many records are read at once.
    pub at_once: usize,
    /// Told of every step.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl RegistrySync<'_> {
    /// Does it.
    ///
    /// # Errors
    /// When nothing could be listed at all, when another process is at it, or when the folder cannot be written. What was
    /// kept before then stays.
    pub async fn run(&self) -> anyhow::Result<Report> {
        let folder = self.data_dir.to_owned();
        let (mut kept, mut unfinished) =
            off_the_loop(move || Ok((kept::read(&folder)?, Unfinished::open(&folder)?))).await?;
        kept.extend(unfinished.found.clone());
        let list = self.list().await;
        if list.entries.is_empty() {
            let reason = list.left_out.first().map_or("it is empty", |page| page.reason.as_str()).to_owned();
            anyhow::bail!("the list of procedures cannot be read: {reason}");
        }
        let mut report = Report {
            listed: list.entries.len(),
            left_out: list.left_out,
            complete: list.complete,
            ..Report::default()
        };
        self.read_due(&list.entries, &mut kept, &mut unfinished, &mut report).await?;
        if report.complete {
            let listed: BTreeSet<&str> = list.entries.keys().map(String::as_str).collect();
            match kept::withdraw(&mut kept, &listed) {
                Ok(withdrawn) => report.withdrawn = withdrawn,
                Err(many) => {
                    let reason = format!("it lacks {many} procedures that were there before; they are kept");
                    report.left_out.push(LeftOut { what: "the list".to_owned(), reason });
                }
            }
        }
        self.save(kept).await?;
        unfinished.finish();
        Ok(report)
    }

    async fn list(&self) -> List {
        let mut list = List::default();
        for _ in 0..PASSES {
            let total = self.list_once(&mut list).await;
            if !list.complete || total.is_none_or(|total| list.entries.len() >= total) {
                break;
            }
            list.complete = false;
        }
        list
    }

    /// Reads every page once into the list; gives how many procedures the registry says there are.
    async fn list_once(&self, list: &mut List) -> Option<usize> {
        let (mut number, mut total, mut lost) = (1, None, 0);
        list.complete = true;
        while number <= MOST_PAGES {
            match self.registry.page(number).await {
                Ok(page) => {
                    lost = 0;
                    total = page.total.or(total);
                    list.entries.extend(page.listed.into_iter().map(|listed| (listed.id, listed.last_updated)));
                    (self.progress)(Progress::Listed(list.entries.len(), total));
                    if page.unreadable > 0 {
                        let reason = format!("{} of its entries cannot be read", page.unreadable);
                        list.leave_out(number, reason);
                    }
                    let Some(next) = page.next else { return total };
                    number = next;
                }
                // A page that is lost takes nothing with it: those after it are there.
                Err(error) => {
                    list.leave_out(number, error.to_string());
                    lost += 1;
                    let more = total.is_some_and(|total| list.entries.len() < total);
                    if lost == LOST_PAGES || !more {
                        return total;
                    }
                    number += 1;
                }
            }
        }
        list.complete = false;
        total
    }

    async fn read_due(
        &self,
        entries: &BTreeMap<String, Option<String>>,
        kept: &mut Kept,
        unfinished: &mut Unfinished,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let now = self.clock.now();
        let is_due = |id: &str, changed: &Option<String>| kept::is_due(kept.get(id), changed.as_deref(), now);
        let listed = entries.iter().filter(|(id, changed)| is_due(id, changed));
        let due: Vec<(String, Option<String>)> = listed.map(|(id, changed)| (id.clone(), changed.clone())).collect();
        let all = due.len();
        report.unchanged = entries.len() - all;
        let failures = AtomicUsize::new(0);
        let records = due.into_iter().map(|(id, changed)| self.read_one(id, changed, &failures));
        let mut records = futures::stream::iter(records).buffer_unordered(self.at_once.max(1));
        let mut done = 0;
        while let Some((id, read)) = records.next().await {
            match read {
                Ok(procedure) => {
                    unfinished.add(&procedure)?;
                    kept.insert(id, procedure);
                    report.read += 1;
                }
                Err(reason) => report.left_out.push(LeftOut { what: id, reason }),
            }
            done += 1;
            (self.progress)(Progress::Read(done, all));
        }
        Ok(())
    }

    /// Reads one record; after too many failures in a row it does not even ask.
    async fn read_one(
        &self,
        id: String,
        changed: Option<String>,
        failures: &AtomicUsize,
    ) -> (String, Result<Procedure, String>) {
        if failures.load(Ordering::Relaxed) >= GIVE_UP_AFTER {
            return (id, Err("the registry does not answer any more".to_owned()));
        }
        let answer = self.registry.record(&id).await;
        match &answer {
            // That it has no such record is an answer too.
            Ok(_) | Err(RegistryError::Status { status: 400..500, .. }) => failures.store(0, Ordering::Relaxed),
            Err(_) => {
                failures.fetch_add(1, Ordering::Relaxed);
            }
        }
        let read = answer.map_err(|error| error.to_string());
        let read = read.and_then(|record| self.read(&id, changed, &record));
        (id, read)
    }

    /// A record as it is kept: of the procedure that was asked for, with the dates by which it is found out of date.
    fn read(&self, id: &str, last_updated: Option<String>, answer: &Value) -> Result<Procedure, String> {
        let procedure = record::to_procedure(answer)?;
        if procedure.id != id {
            return Err(format!("it is the record of {}", procedure.id));
        }
        let last_updated = last_updated.or(procedure.last_updated);
        Ok(Procedure { last_updated, read_at: Some(self.clock.now()), ..procedure })
    }

    async fn save(&self, kept: Kept) -> anyhow::Result<PathBuf> {
        let folder = self.data_dir.to_owned();
        off_the_loop(move || Ok(kept::save(&folder, kept.values())?)).await
    }
}

/// What the registry lists.
#[derive(Debug, Default)]
struct List {
    /// When each procedure was changed last, by its number.
    entries: BTreeMap<String, Option<String>>,
    left_out: Vec<LeftOut>,
    complete: bool,
}

impl List {
    fn leave_out(&mut self, page: u32, reason: String) {
        self.complete = false;
        let left_out = LeftOut { what: format!("page {page}"), reason };
        if !self.left_out.contains(&left_out) {
            self.left_out.push(left_out);
        }
    }
}

/// Reads and writes files where nobody waits for it.
async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("reading or writing what is kept broke off")?
}
