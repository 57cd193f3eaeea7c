//! A gateway of short messages on this machine: takes them, refuses them, is ill or slow, as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ariadni::gateway::sms::HttpSms;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};

/// The secret that opens it.
pub const TOKEN: &str = "s3cret";

/// How it answers one request.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// With this status.
    Status(u16),
    /// With 429 and the wish to be left alone for so many seconds.
    Busy(u32),
    /// Not before everybody has lost patience.
    Never,
}

/// What was posted to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub to: String,
    pub from: String,
    pub text: String,
    pub key: String,
    /// Whether it was taken.
    pub taken: bool,
}

#[derive(Debug, Default)]
struct Kept {
    answers: VecDeque<Answer>,
    posted: Vec<Posted>,
}

/// The server, until it is dropped.
#[derive(Debug)]
pub struct SmsServer {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    task: tokio::task::JoinHandle<()>,
}

impl SmsServer {
    pub async fn start() -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/send", routing::post(answer)).with_state(Arc::clone(&kept));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, kept, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}/send", self.address)
    }

    /// A client of it that loses patience soon.
    pub fn sender(&self) -> HttpSms {
        HttpSms::with_patience(&self.url(), TOKEN, "Ariadni", Duration::from_millis(400)).expect("a sender")
    }

    /// The next requests are answered so; those after them are taken.
    pub fn will_answer(&self, answers: &[Answer]) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).answers = answers.iter().copied().collect();
    }

    /// All that was posted so far.
    pub fn posted(&self) -> Vec<Posted> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).posted.clone()
    }

    /// The texts that were taken so far.
    pub fn taken(&self) -> Vec<String> {
        self.posted().into_iter().filter(|posted| posted.taken).map(|posted| posted.text).collect()
    }
}

impl Drop for SmsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(kept): State<Arc<Mutex<Kept>>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if header("authorization") != format!("Bearer {TOKEN}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    let field = |name: &str| body[name].as_str().expect("a text").to_owned();
    let how = {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let how = kept.answers.pop_front().unwrap_or(Answer::Status(202));
        let taken = matches!(how, Answer::Status(200..300));
        let key = header("idempotency-key");
        kept.posted.push(Posted { to: field("to"), from: field("from"), text: field("text"), key, taken });
        how
    };
    match how {
        Answer::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Answer::Busy(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Answer::Never => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            StatusCode::OK.into_response()
        }
    }
}
