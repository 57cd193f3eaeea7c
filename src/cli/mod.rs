//! The command line: one file a sub-command, and what all of them share (section 1 of the contract).
//!
//! A sub-command is a clap type with `run(self, &Setup)`. It writes its results to stdout through [`print_line`] and
//! returns its failure; [`main`] alone turns that into an exit code.

pub mod catalogue;
pub mod chat;
pub mod dialogs;
pub mod migrate;
pub mod nlu;
pub mod nlu_bert;
pub mod openapi;
pub mod procedures;
pub mod serve;
pub mod simulate;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, FixedOffset, Utc};
use clap::{Args, Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, ConfigError, Overrides};

/// The exit code when the work failed.
const FAILED: u8 = 1;
/// The exit code of wrong usage, as clap uses it too.
const WRONG_USAGE: u8 = 2;

/// Ariadni (Αριάδνη): understands Greek and books appointments in public services.
#[derive(Debug, Parser)]
#[command(name = "ariadni", version, propagate_version = true)]
struct Line {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Chat(chat::Chat),
    Migrate(migrate::Migrate),
    Openapi(openapi::OpenApi),
    #[command(subcommand)]
    Catalogue(catalogue::CatalogueCommand),
    Procedures(procedures::ProceduresArguments),
    Nlu(nlu::NluArguments),
    Dialogs(dialogs::DialogsArguments),
    Simulate(simulate::Simulate),
}

/// What every sub-command takes.
#[derive(Debug, Args)]
struct Common {
    /// Settings (TOML); every key also as the environment variable ARIADNI_SECTION__KEY
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the embedded database [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE [default: sqlite://DATA_DIR/ariadni.db]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The instant at which the clock starts, such as 2026-11-23T08:00:00+02:00 [default: now]
    #[arg(long, global = true, value_name = "RFC3339")]
    now: Option<DateTime<FixedOffset>>,
}

/// What a sub-command is given beside its own options.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The settings from every source.
    pub config: Config,
    /// The one clock.
    pub clock: Clock,
}

/// Runs the command line of this process to its end.
#[must_use]
pub fn main() -> ExitCode {
    let line = Line::parse();
    let result = setup(&line).map_err(anyhow::Error::from).and_then(|setup| {
        crate::telemetry::init(&setup.config.log);
        let runtime = tokio::runtime::Runtime::new().context("cannot start the threads that do the work")?;
        runtime.block_on(line.command.run(&setup))
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if reader_has_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::from(if error.is::<ConfigError>() { WRONG_USAGE } else { FAILED })
        }
    }
}

fn setup(line: &Line) -> Result<Setup, ConfigError> {
    let overrides = Overrides {
        config: line.common.config.clone(),
        data_dir: line.common.data_dir.clone(),
        database_url: line.common.database_url.clone(),
        listen: line.command.listen().map(str::to_owned),
    };
    let clock = line.common.now.map_or_else(Clock::system, |now| Clock::starting_at(now.with_timezone(&Utc)));
    Ok(Setup { config: Config::load(&overrides)?, clock })
}

impl Command {
    async fn run(self, setup: &Setup) -> anyhow::Result<()> {
        match self {
            Self::Serve(command) => command.run(setup).await,
            Self::Chat(command) => command.run(setup).await,
            Self::Migrate(command) => command.run(setup).await,
            Self::Openapi(command) => command.run(setup).await,
            Self::Catalogue(command) => command.run(setup).await,
            Self::Procedures(arguments) => procedures::run(arguments, setup).await,
            Self::Dialogs(arguments) => arguments.run(),
            Self::Simulate(command) => command.run(setup).await,
            Self::Nlu(arguments) => {
                let understander = || nlu::bundled(&setup.config.nlu);
                nlu::run(arguments, understander, crate::clock::to_athens(setup.clock.now()))
            }
        }
    }

    /// What `--listen` said.
    fn listen(&self) -> Option<&str> {
        match self {
            Self::Serve(command) => command.listen.as_deref(),
            _ => None,
        }
    }
}

/// Writes one line to stdout, at once.
///
/// # Errors
/// When stdout is closed or full.
pub fn print_line(line: impl std::fmt::Display) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).context("cannot write to stdout")
}

/// Whether the error is only that nobody reads on, as in `ariadni … | head`.
fn reader_has_gone(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

#[expect(clippy::print_stderr, reason = "where the command line speaks of its failures")]
fn report(error: &anyhow::Error) {
    eprintln!("{}", in_lines(error));
}

/// The error and each of its causes on a line of its own; a cause that its parent has already told is left out.
fn in_lines(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    let mut lines = format!("error: {told}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !told.contains(&cause) {
            lines.push_str(&format!("\n  because: {cause}"));
            told = cause;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Line::command().debug_assert();
    }

    #[test]
    fn an_error_is_told_with_its_causes_once_each() {
        let error = anyhow::anyhow!("no such file").context("cannot read x: no such file").context("cannot import");
        assert_eq!(in_lines(&error), "error: cannot import\n  because: cannot read x: no such file");
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let error = anyhow::Error::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe)).context("cannot write");
        assert!(reader_has_gone(&error));
    }
}
