//! The real binary on a free port, killed and started again on the same database.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::Address;

/// The secret of the callers.
pub const SECRET: &str = "storm";

/// How much later it is by the server's clock when it is there again. Longer than a request counts as being under way, so
/// that a caller who asks again is served; a hold outlives a few of these.
const OUTAGE: TimeDelta = TimeDelta::minutes(2);

/// A server that can be killed.
pub struct Server {
    database_url: String,
    folder: tempfile::TempDir,
    now: DateTime<Utc>,
    process: Option<Child>,
    address: Address,
}

impl Server {
    /// One that has not been started yet.
    pub fn on(database_url: &str) -> Self {
        Self {
            database_url: database_url.to_owned(),
            folder: tempfile::tempdir().expect("a temporary folder"),
            now: "2026-11-23T05:00:00Z".parse().expect("an instant"),
            process: None,
            address: Arc::new(watch::Sender::new(None)),
        }
    }

    /// Where it answers.
    pub fn address(&self) -> Address {
        Arc::clone(&self.address)
    }

    /// Starts it and waits until it listens.
    pub async fn start(&mut self) {
        let output = self.spawn();
        let listening = tokio::task::spawn_blocking(move || line_with_address(output));
        let listening = tokio::time::timeout(Duration::from_secs(60), listening).await.expect("it starts in a minute");
        let address = listening.expect("its output was read").expect("it starts again on what it left behind");
        self.address.send_replace(Some(address));
    }

    /// Starts it and kills it before it may have come up.
    pub async fn start_and_die(&mut self, after: Duration) {
        let _output = self.spawn();
        tokio::time::sleep(after).await;
        self.kill().await;
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it can be killed");
            tokio::task::spawn_blocking(move || process.wait()).await.expect("waited").expect("it is gone");
        }
        self.address.send_replace(None);
    }

    fn spawn(&mut self) -> ChildStdout {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ariadni"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ARIADNI_")) {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &self.database_url]);
        command.arg("--now").arg(self.now.to_rfc3339()).arg("--data-dir").arg(self.folder.path());
        command.env("ARIADNI_API__TOKENS", SECRET).env("ARIADNI_LOG__LEVEL", "error");
        self.now += OUTAGE;
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let output = process.stdout.take().expect("its output");
        self.process = Some(process);
        output
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

/// `None` when it ended without having listened.
fn line_with_address(output: ChildStdout) -> Option<String> {
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    let mut addresses = lines.filter_map(|line| {
        let address = line.split_whitespace().find(|word| word.starts_with("http://"))?;
        Some(address.to_owned())
    });
    addresses.next()
}
