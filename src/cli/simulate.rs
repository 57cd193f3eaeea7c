//! `ariadni simulate`: simulated citizens against the real engine.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, builder::RangedU64ValueParser};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Setup, print_line};
use crate::app::App;
use crate::config::Config;
use crate::greek::noise::Noise;
use crate::simulate::every_rule;
use crate::simulate::{Options, Outcome, Report, run};

/// With clean wording fewer successes than this are a failure of the run.
const LEAST_SUCCESS: f64 = 0.95;

/// Simulated citizens against the real engine: task success, turns, wrong bookings.
///
/// Without --database-url it takes a fresh database in a temporary folder and removes it afterwards.
#[derive(Debug, Args)]
pub struct Simulate {
    /// How many conversations
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=3000))]
    conversations: usize,
    /// The same seed gives the same citizens
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// What happens to what citizens write
    #[arg(long, value_enum, default_value_t = Noise::Clean)]
    noise: Noise,
    /// Book under every rule of the catalogue instead, and at the edges of each; fails when a rule could not be tried
    #[arg(long)]
    every_rule: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write the conversations that failed into this folder
    #[arg(long, value_name = "DIR")]
    transcripts: Option<PathBuf>,
    /// Write all conversations, not only those that failed
    #[arg(long, requires = "transcripts")]
    all: bool,
    /// How many citizens talk at once
    #[arg(long, default_value_t = 4, value_name = "K", value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    concurrency: usize,
}

impl Simulate {
    /// Lets them talk and tells what came of it.
    ///
    /// # Errors
    /// When there were wrong bookings, or with clean wording too few successes; when the application fails.
    pub async fn run(self, setup: &Setup) -> anyhow::Result<()> {
        let folder = TemporaryFolder::new()?;
        let own = setup.config.database_url.is_none();
        let config =
            if own { Config { data_dir: folder.0.clone(), ..setup.config.clone() } } else { setup.config.clone() };
        let app = App::open(config, setup.clock.clone()).await?;
        if self.every_rule {
            return self.try_every_rule(&app).await;
        }
        let options = Options {
            conversations: self.conversations,
            seed: self.seed,
            noise: self.noise,
            concurrency: self.concurrency,
        };
        let bar = progress(self.conversations as u64)?;
        let outcome = run(&app, &options, || bar.inc(1)).await?;
        bar.finish_and_clear();
        app.store.close().await;
        if let Some(folder) = &self.transcripts {
            write_transcripts(folder, &outcome, self.all)?;
        }
        if self.json {
            print_line(serde_json::to_string(&outcome.report)?)?
        } else {
            tell(&outcome.report)?
        }
        verdict(&outcome.report, self.noise)
    }

    async fn try_every_rule(&self, app: &App) -> anyhow::Result<()> {
        let options = every_rule::Options { every: 1, seed: self.seed, concurrency: self.concurrency };
        let bar = progress(every_rule::conversations(&app.catalogue.get(), options.every) as u64)?;
        let report = every_rule::run(app, &options, || bar.inc(1)).await?;
        bar.finish_and_clear();
        app.store.close().await;
        if let Some(folder) = &self.transcripts {
            write_talks(folder, &report)?;
        }
        if self.json {
            print_line(serde_json::to_string(&report)?)?
        } else {
            tell_rules(&report)?
        }
        anyhow::ensure!(report.wrong.is_empty(), "{} thing(s) went against the catalogue", report.wrong.len());
        anyhow::ensure!(report.untried.is_empty(), "{} rule(s) of the catalogue were not tried", report.untried.len());
        let could = report.conversations - report.nothing_to_have;
        let enough = report.booked_by_talking as f64 >= LEAST_SUCCESS * could as f64;
        anyhow::ensure!(enough, "only {} of {could} conversations booked what was wanted", report.booked_by_talking);
        Ok(())
    }
}

/// What came of each rule, as a table.
fn tell_rules(report: &every_rule::Report) -> anyhow::Result<()> {
    print_line(format!(
        "{} of {} conversations booked what was wanted; {} had nothing to book by the rules",
        report.booked_by_talking, report.conversations, report.nothing_to_have
    ))?;
    print_line(format!("{:22} {:>8} {:>15} {:>6}  tried through", "rule", "bookings", "refused rightly", "wrong"))?;
    for (rule, tally) in &report.rules {
        let every_rule::Tally { bookings, refused_rightly, wrong, through } = tally;
        let rule = format!("{rule:?}");
        print_line(format!("{rule:22} {bookings:8} {refused_rightly:15} {wrong:6}  {through}"))?;
    }
    for failure in &report.failed {
        print_line(format!("not booked: {failure}"))?;
    }
    for wrong in &report.wrong {
        print_line(format!("wrong: {wrong}"))?;
    }
    for untried in &report.untried {
        print_line(format!("not tried: {untried}"))?;
    }
    Ok(())
}

/// The run fails when the product does.
fn verdict(report: &Report, noise: Noise) -> anyhow::Result<()> {
    anyhow::ensure!(report.wrong_bookings == 0, "{} wrong booking(s)", report.wrong_bookings);
    let enough = noise != Noise::Clean || report.success_rate >= LEAST_SUCCESS;
    anyhow::ensure!(enough, "only {} of {} citizens got what they wanted", report.succeeded, report.n);
    Ok(())
}

fn progress(length: u64) -> anyhow::Result<ProgressBar> {
    if !std::io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} conversations {eta}")?;
    Ok(ProgressBar::new(length).with_style(style))
}

fn tell(report: &Report) -> anyhow::Result<()> {
    let percent = report.success_rate * 100.0;
    print_line(format!("{} conversations, {} succeeded ({percent:.1} %)", report.n, report.succeeded))?;
    print_line(format!("wrong bookings: {}", report.wrong_bookings))?;
    print_line(format!("turns until done: median {}, 95 % within {}", report.turns_median, report.turns_p95))?;
    for (goal, tally) in &report.by_goal {
        print_line(format!("  {goal:24} {:4} of {:4}", tally.succeeded, tally.n))?;
    }
    for failure in &report.failures {
        print_line(format!("failed: {:4} {}: {}", failure.index, failure.goal, failure.reason))?;
    }
    Ok(())
}

fn write_transcripts(folder: &Path, outcome: &Outcome, all: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (played, verdict) in outcome.judged.iter().filter(|(_, verdict)| all || !verdict.succeeded()) {
        let path = folder.join(format!("{:04}-{}.txt", played.index, played.goal.kind().as_str()));
        let result = verdict.reason.as_deref().unwrap_or("succeeded");
        let text = format!("{result}\n{:#?}\n\n{}\n", played.goal, played.transcript.join("\n"));
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn write_talks(folder: &Path, report: &every_rule::Report) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (index, text) in &report.transcripts {
        let path = folder.join(format!("{index:04}-rule.txt"));
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// A folder that goes when it is dropped.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("ariadni-simulate-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make the folder {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed is left to whoever cleans the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
