//! The way in over HTTP: a real server on a free port, the same scripts.

use std::path::Path;

use ariadni::app::App;
use ariadni::channel::turn::{Channel, Inbound, Outbound};
use ariadni::http::{HttpState, router, serve};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::engine::{self, Door};

/// Plays one file over HTTP.
pub fn plays(path: &Path) -> datatest_stable::Result<()> {
    engine::plays_through::<Server>(path)
}

/// A server of one test with the one conversation it holds; it stops when this is dropped.
pub struct Server {
    client: Client,
    messages: String,
    token: String,
    turns: usize,
    _stop: oneshot::Sender<()>,
}

impl Door for Server {
    async fn open(app: &App, _: Channel) -> Result<(Self, Outbound), String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, router(HttpState::from(app)), async move {
            // The sender is dropped with the test: that is the signal.
            let _ = stopped.await;
        }));
        let client = Client::new();
        let conversations = format!("http://{address}/api/v1/conversations");
        let begun = answer(client.post(&conversations), StatusCode::CREATED).await?;
        let text = |name: &str| begun[name].as_str().map(str::to_owned).ok_or_else(|| format!("no {name} in {begun}"));
        let messages = format!("{conversations}/{}/messages", text("id")?);
        let server = Self { client, messages, token: text("token")?, turns: 0, _stop: stop };
        let greeting = serde_json::from_value(begun).map_err(|e| e.to_string())?;
        Ok((server, greeting))
    }

    async fn turn(&mut self, inbound: Inbound) -> Result<Outbound, String> {
        self.turns += 1;
        let request = self.client.post(&self.messages).bearer_auth(&self.token).json(&inbound);
        let request = request.header("Idempotency-Key", format!("turn-{}", self.turns));
        let repeated = request.try_clone().ok_or("a request with a stream")?;
        let first = answer(request, StatusCode::OK).await?;
        // Whoever sends a message again because the line broke gets the same answer, and nothing happens twice.
        let second = answer(repeated, StatusCode::OK).await?;
        if first != second {
            return Err(format!("sent again, it is answered {second}, not {first}"));
        }
        serde_json::from_value(first).map_err(|e| e.to_string())
    }
}

async fn answer(request: RequestBuilder, wanted: StatusCode) -> Result<Value, String> {
    let response = request.send().await.map_err(|e| e.to_string())?;
    let status = response.status();
    let body: Value = response.json().await.map_err(|e| e.to_string())?;
    if status == wanted { Ok(body) } else { Err(format!("HTTP {status}: {body}")) }
}
