//! `ariadni procedures`: imports, searches and shows the procedures of the national registry.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{Setup, print_line};
use crate::clock::from_athens;
use crate::gateway::registry::WebRegistry;
use crate::procedures::book::ProcedureBook;
use crate::procedures::ingest::{Ingested, read_registry};
use crate::procedures::kept;
use crate::procedures::{Aspect, Hit, Procedure, explain};
use crate::worker::registry_sync::{Progress, RegistrySync, Report};

/// How many broken lines of an import are told one by one.
const TOLD: usize = 10;

/// The index of procedures
#[derive(Debug, Args)]
pub struct ProceduresArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads records of the national registry (JSON lines, plain or gzipped) into the data folder
    Import {
        /// The file of records
        path: PathBuf,
        /// The day on which the file was made, such as 2026-05-21; answers say how old they are by it [default: today]
        #[arg(long, value_name = "DATE")]
        as_of: Option<NaiveDate>,
    },
    /// Brings what is kept of the national registry up to date: reads only what has changed
    Sync,
    /// Finds procedures by what a citizen would say
    Search {
        /// What the citizen says
        #[arg(required_unless_present = "batch", conflicts_with = "batch")]
        query: Option<String>,
        /// Answers in JSON
        #[arg(long)]
        json: bool,
        /// How many at most
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100), value_name = "N")]
        limit: u16,
        /// Reads one query a line from stdin and answers each with one line of JSON
        #[arg(long)]
        batch: bool,
    },
    /// Shows one procedure
    Show {
        /// Its registry number
        id: String,
        /// Answers in JSON
        #[arg(long)]
        json: bool,
    },
}

/// What was found for a query, as JSON.
#[derive(Serialize)]
struct Found<'a> {
    query: &'a str,
    hits: Vec<Hit>,
}

/// A procedure and the page of the registry about it, as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    procedure: &'a Procedure,
    source: String,
}

/// Runs `ariadni procedures` on the procedures kept in the data folder.
///
/// # Errors
/// When a file cannot be read or written, or no procedure has the number.
pub async fn run(arguments: ProceduresArguments, setup: &Setup) -> anyhow::Result<()> {
    let data_dir = data_dir(setup);
    match arguments.command {
        Command::Import { path, as_of } => import(&path, as_of, setup),
        Command::Sync => sync(setup).await,
        Command::Search { query, json, limit, batch } => {
            let book = open(data_dir)?;
            match query {
                Some(query) if !batch => search(&book, &query, limit.into(), json),
                _ => search_lines(&book, limit.into()),
            }
        }
        Command::Show { id, json } => show(&open(data_dir)?, &id, json),
    }
}

fn data_dir(setup: &Setup) -> &Path {
    &setup.config.data_dir
}

fn open(data_dir: &Path) -> anyhow::Result<ProcedureBook> {
    let bar = progress("Ευρετήριο διαδικασιών");
    let book = ProcedureBook::open(data_dir).context("cannot open the procedures; import them again")?;
    bar.finish_and_clear();
    Ok(book)
}

fn import(path: &Path, as_of: Option<NaiveDate>, setup: &Setup) -> anyhow::Result<()> {
    let bar = progress("Διαδικασίες");
    let read = read_registry(path, |line| bar.set_position(line as u64))?;
    bar.finish_and_clear();
    for skipped in read.skipped.iter().take(TOLD) {
        print_line(format_args!("{}:{}: left out: {}", path.display(), skipped.line, skipped.reason))?;
    }
    if read.skipped.len() > TOLD {
        print_line(format_args!("… and {} more lines were left out", read.skipped.len() - TOLD))?;
    }
    anyhow::ensure!(
        !read.procedures.is_empty(),
        "{} holds no procedure; expected one registry record a line, as JSON",
        path.display()
    );
    let (count, left_out) = (read.procedures.len(), read.skipped.len());
    let noon = as_of.and_then(|day| from_athens(day.and_hms_opt(12, 0, 0)?));
    let (kept, stayed) = keep(read, data_dir(setup), noon.unwrap_or_else(|| setup.clock.now()))?;
    let older = if stayed > 0 { format!(" (for {stayed} of them the older record stays)") } else { String::new() };
    print_line(format_args!("imported {count} procedures into {}, left out {left_out} lines{older}", kept.display()))
}

/// Keeps what was imported in place of what was there before; only where a record is broken the older one stays. Gives the file
/// and how many stayed.
fn keep(read: Ingested, data_dir: &Path, as_of: DateTime<Utc>) -> anyhow::Result<(PathBuf, usize)> {
    let mut older = kept::read(data_dir)?;
    let mut all: kept::Kept =
        read.skipped.iter().filter_map(|skipped| older.remove_entry(skipped.id.as_ref()?)).collect();
    let broken = all.len();
    let fresh = read.procedures.len();
    all.extend(read.procedures.into_iter().map(|procedure| {
        let read_at = procedure.read_at.or(Some(as_of));
        (procedure.id.clone(), Procedure { read_at, ..procedure })
    }));
    let replaced = broken + fresh - all.len();
    Ok((kept::save(data_dir, all.values())?, broken - replaced))
}

async fn sync(setup: &Setup) -> anyhow::Result<()> {
    let settings = &setup.config.procedures;
    let registry = WebRegistry::new(&settings.registry_url)?;
    let bar = progress("Διαδικασίες");
    let show = |progress: Progress| match progress {
        Progress::Listed(count, _) => bar.set_position(count as u64),
        Progress::Read(count, due) => {
            bar.set_message("Αλλαγές");
            bar.set_length(due as u64);
            bar.set_position(count as u64);
        }
    };
    let data_dir = data_dir(setup);
    let sync =
        RegistrySync { registry: &registry, data_dir, clock: &setup.clock, at_once: settings.at_once, progress: &show };
    let report = sync.run().await;
    bar.finish_and_clear();
    tell(&report?)
}

fn tell(report: &Report) -> anyhow::Result<()> {
    for left_out in report.left_out.iter().take(TOLD) {
        print_line(format_args!("left out: {}: {}", left_out.what, left_out.reason))?;
    }
    if report.left_out.len() > TOLD {
        print_line(format_args!("… and {} more were left out", report.left_out.len() - TOLD))?;
    }
    let Report { listed, read, unchanged, withdrawn, left_out, complete } = report;
    print_line(format_args!(
        "listed {listed} procedures{}: read {read}, unchanged {unchanged}, withdrawn {}, left out {}",
        if *complete { "" } else { " (the list is not complete)" },
        withdrawn.len(),
        left_out.len()
    ))
}

fn search(book: &ProcedureBook, query: &str, limit: usize, json: bool) -> anyhow::Result<()> {
    let hits = book.search(query, limit);
    if json {
        return print_line(serde_json::to_string(&Found { query, hits })?);
    }
    if hits.is_empty() {
        return print_line("Δεν βρέθηκε διαδικασία.");
    }
    hits.iter().try_for_each(|hit| print_line(format_args!("{}  {:.2}  {}", hit.id, hit.score, hit.title)))
}

fn search_lines(book: &ProcedureBook, limit: usize) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let query = line.context("cannot read stdin")?;
        let hits = book.search(&query, limit);
        print_line(serde_json::to_string(&Found { query: &query, hits })?)?;
    }
    Ok(())
}

fn show(book: &ProcedureBook, id: &str, json: bool) -> anyhow::Result<()> {
    let procedure = book
        .get(id)
        .with_context(|| format!("no procedure has the number {id}; find one with `ariadni procedures search`"))?;
    if json {
        return print_line(serde_json::to_string(&Shown { procedure, source: procedure.source_url() })?);
    }
    print_line(&procedure.title)?;
    print_line(explain(procedure, &Aspect::ALL).display)
}

/// A count on a terminal, shown once a second has passed.
fn progress(what: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg} {pos} ({elapsed})");
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
