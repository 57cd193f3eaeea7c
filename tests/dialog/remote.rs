//! The way in to an Ariadni whose availability core is another one, over HTTP: the same scripts. What is there before a
//! conversation, and what the database must hold in the end, is that of the other.

use std::path::Path;

use ariadni::app::App;
use ariadni::channel::turn::{Channel, Inbound, Outbound};
use ariadni::config::{Availability, Config};
use ariadni::http::{HttpState, router, serve};
use tokio::sync::oneshot;

use crate::engine::{self, Door, Straight};

/// The secret of the front.
const TOKEN: &str = "front";

/// Plays one file where the core is elsewhere.
pub fn plays(path: &Path) -> datatest_stable::Result<()> {
    engine::plays_through::<Front>(path)
}

/// An Ariadni without appointments of its own; the core's server stops when this is dropped.
pub struct Front {
    straight: Straight,
    _folder: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
}

impl Door for Front {
    async fn open(core: &App, channel: Channel) -> Result<(Self, Outbound), String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let (stop, stopped) = oneshot::channel::<()>();
        let state = HttpState { tokens: vec![TOKEN.to_owned()], ..HttpState::from(core) };
        tokio::spawn(serve(listener, router(state), async move {
            // The sender is dropped with the test: that is the signal.
            let _ = stopped.await;
        }));
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let availability =
            Availability { url: Some(format!("http://{address}")), token: Some(TOKEN.to_owned()), timeout_seconds: 10 };
        let config = Config { data_dir: folder.path().to_owned(), availability, ..Config::default() };
        let app = App::open(config, core.clock.clone()).await.map_err(|e| format!("{e:#}"))?;
        let (straight, greeting) = Straight::open(&app, channel).await?;
        Ok((Self { straight, _folder: folder, _stop: stop }, greeting))
    }

    async fn turn(&mut self, inbound: Inbound) -> Result<Outbound, String> {
        self.straight.turn(inbound).await
    }
}
