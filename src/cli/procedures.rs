//! `ariadni procedures`: imports, searches and shows the procedures of the national registry.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::print_line;
use crate::procedures::book::{ProcedureBook, save_imported};
use crate::procedures::ingest::read_registry;
use crate::procedures::{Aspect, Hit, Procedure, explain};

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
    },
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

/// Runs `ariadni procedures` on the procedures kept in `data_dir`.
///
/// # Errors
/// When a file cannot be read or written, or no procedure has the number.
pub fn run(arguments: ProceduresArguments, data_dir: &Path) -> anyhow::Result<()> {
    match arguments.command {
        Command::Import { path } => import(&path, data_dir),
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

fn open(data_dir: &Path) -> anyhow::Result<ProcedureBook> {
    let bar = progress("Ευρετήριο διαδικασιών");
    let book = ProcedureBook::open(data_dir).context("cannot open the procedures; import them again")?;
    bar.finish_and_clear();
    Ok(book)
}

fn import(path: &Path, data_dir: &Path) -> anyhow::Result<()> {
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
    let kept = save_imported(data_dir, &read.procedures)?;
    let (count, left_out) = (read.procedures.len(), read.skipped.len());
    print_line(format_args!("imported {count} procedures into {}, left out {left_out} lines", kept.display()))
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
