//! `ariadni serve`: the web chat, the HTTP API and the jobs behind them, until it is told to stop.

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{Setup, print_line};
use crate::app::App;
use crate::http::{self, HttpState};
use crate::worker::{self, Worker};

/// Serve the web chat and the API
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM, then lets the requests and jobs under way come to their end.
    ///
    /// # Errors
    /// The application cannot be opened, the address cannot be listened on, or the listener breaks.
    pub async fn run(self, setup: &Setup) -> anyhow::Result<()> {
        // Before anything slow, so that no signal is lost.
        let stop = stop_signal()?;
        let app = App::open(setup.config.clone(), setup.clock.clone()).await?;
        let address = setup.config.server.listen;
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address}: is another program there? choose another with --listen")
        })?;
        let worker = Worker::start(worker::jobs(&app));
        let address = listener.local_addr().context("cannot read the address that is listened on")?;
        print_line(format!("Η Αριάδνη ακούει στο http://{address} (τέλος με Ctrl-C)"))?;
        let served = http::serve(listener, http::router(HttpState::from(&app)), stop).await;
        worker.stop().await;
        served.context("the web server broke off")
    }
}

/// Done when the process is asked to stop: Ctrl-C, or the SIGTERM of a service manager.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("told to stop: finishing what is under way");
    })
}
