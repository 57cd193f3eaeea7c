//! A server in the shape of OpenAI's chat completions, which writes what a test wants of it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ariadni::config::Explain;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The key that opens it.
pub const KEY: &str = "writer-s3cret";

/// What is made of an honest text.
pub type Change = fn(String) -> String;

/// How it answers.
#[derive(Clone)]
pub enum Manner {
    /// Shortens honestly, then changes what it wrote.
    Writes(Change),
    /// Shortens honestly, too late.
    Slow(Duration),
    /// This status.
    Status(u16),
    /// An honest answer that breaks off.
    Cut,
    /// An honest answer with very much beside it.
    Huge,
    /// This, in place of a completion.
    Instead(&'static str),
    /// An honest answer that the model did not end.
    Unended,
}

struct Serving {
    manner: Manner,
    asked: Vec<Value>,
}

/// The server, until it is dropped.
pub struct WriterServer {
    address: SocketAddr,
    serving: Arc<Mutex<Serving>>,
    task: tokio::task::JoinHandle<()>,
}

impl WriterServer {
    pub async fn start(manner: Manner) -> Self {
        let serving = Arc::new(Mutex::new(Serving { manner, asked: Vec::new() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&serving));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, serving, task }
    }

    /// Settings by which it is asked for whatever is a little long.
    pub fn settings(&self) -> Explain {
        Explain {
            endpoint: Some(format!("http://{}/v1", self.address)),
            model: Some("a-model".to_owned()),
            api_key: Some(KEY.to_owned()),
            longer_than: 100,
            patience: 1,
        }
    }

    /// From now on it answers in this manner.
    pub fn answers(&self, manner: Manner) {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner).manner = manner;
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Value> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }
}

impl Drop for WriterServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(serving): State<Arc<Mutex<Serving>>>, uri: Uri, headers: HeaderMap, body: String) -> Response {
    let request: Value = serde_json::from_str(&body).expect("JSON");
    let manner = {
        let mut serving = serving.lock().unwrap_or_else(PoisonError::into_inner);
        serving.asked.push(request.clone());
        serving.manner.clone()
    };
    if uri.path() != "/v1/chat/completions" {
        return StatusCode::NOT_FOUND.into_response();
    }
    if headers.get("authorization").and_then(|value| value.to_str().ok()) != Some(&format!("Bearer {KEY}")) {
        return (StatusCode::UNAUTHORIZED, r#"{"error":{"message":"wrong key"}}"#).into_response();
    }
    let short = shortened(request["messages"][1]["content"].as_str().expect("a text"));
    match manner {
        Manner::Writes(change) => axum::Json(completion(&change(short), "stop")).into_response(),
        Manner::Slow(pause) => {
            tokio::time::sleep(pause).await;
            axum::Json(completion(&short, "stop")).into_response()
        }
        Manner::Status(status) => (StatusCode::from_u16(status).expect("a status"), "<html></html>").into_response(),
        Manner::Cut => {
            let text = completion(&short, "stop").to_string();
            let half = text.as_bytes()[..text.len() / 2].to_vec();
            let parts = [Ok(half), Err(std::io::Error::other("the line is cut"))];
            Body::from_stream(futures::stream::iter(parts)).into_response()
        }
        Manner::Huge => {
            let mut answer = completion(&short, "stop");
            answer["padding"] = json!("α".repeat(1 << 20));
            axum::Json(answer).into_response()
        }
        Manner::Instead(body) => body.into_response(),
        Manner::Unended => axum::Json(completion(&short, "length")).into_response(),
    }
}

fn completion(text: &str, end: &str) -> Value {
    json!({
        "id": "c-1", "object": "chat.completion", "model": "a-model", "usage": {"total_tokens": 1},
        "choices": [{"index": 0, "finish_reason": end, "message": {"role": "assistant", "content": text}}],
    })
}

/// What an honest writer makes of a list of papers.
fn shortened(content: &str) -> String {
    let text = content.trim_start_matches('<').trim_end_matches('>').trim();
    let lines = text.lines().map(|line| if line.ends_with(':') { "Φέρτε:" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}
