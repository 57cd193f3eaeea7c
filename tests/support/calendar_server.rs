//! A web server that serves a calendar, as another program would: versions, redirects, failures, slowness.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What it serves.
#[derive(Debug, Clone, Default)]
pub struct Served {
    /// The text under every address but those below.
    pub text: String,
    /// Its ETag, when there is one.
    pub etag: Option<String>,
    /// How many of the next requests are answered with 503.
    pub failures: usize,
    /// How many requests came.
    pub requests: usize,
    /// How many of them were answered with 304.
    pub unchanged: usize,
}

/// The server, until it is dropped.
#[derive(Debug)]
pub struct CalendarServer {
    pub address: SocketAddr,
    served: Arc<Mutex<Served>>,
    task: tokio::task::JoinHandle<()>,
}

impl CalendarServer {
    pub async fn start() -> Self {
        let served = Arc::new(Mutex::new(Served::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&served));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, served, task }
    }

    /// `http://127.0.0.1:PORT/PATH`
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// Changes or reads what it serves.
    pub fn with<T>(&self, change: impl FnOnce(&mut Served) -> T) -> T {
        change(&mut self.served.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves these events.
    pub fn serve(&self, events: &[(&str, &str, &str)]) {
        let event = |(uid, from, to): &(&str, &str, &str)| {
            format!("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{from}\r\nDTEND:{to}\r\nEND:VEVENT\r\n")
        };
        let events: String = events.iter().map(event).collect();
        self.with(|served| {
            served.text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n");
        });
    }
}

impl Drop for CalendarServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(served): State<Arc<Mutex<Served>>>, uri: axum::http::Uri, asked: HeaderMap) -> Response {
    let mut served = served.lock().unwrap_or_else(PoisonError::into_inner);
    served.requests += 1;
    let to = |address: &str| (StatusCode::FOUND, [(header::LOCATION, address.to_owned())]).into_response();
    match uri.path() {
        "/moved" => return to("/calendar.ics"),
        "/circle" => return to("/circle"),
        "/out" => return to("ftp://example.gr/calendar.ics"),
        "/huge" => return "x".repeat(6 * 1024 * 1024).into_response(),
        "/missing" => return StatusCode::NOT_FOUND.into_response(),
        _ => {}
    }
    if served.failures > 0 {
        served.failures -= 1;
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Some(etag) = served.etag.clone() else { return served.text.clone().into_response() };
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    if known {
        served.unchanged += 1;
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, etag)], served.text.clone()).into_response()
}
