//! A whole application for one test.

use std::sync::Arc;

use ariadni::app::App;
use ariadni::booking::waiting::WaitingList;
use ariadni::clock::Clock;
use ariadni::config::{Api, Availability, Config};
use ariadni::http::{HttpState, router, serve};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tokio::sync::oneshot;

/// The secret that opens the staff calls.
pub const STAFF: &str = "a-staff-secret";

/// The clock of every test stands at Monday 23 November 2026, 09:00 in Athens.
pub const NOW: &str = "2026-11-23T07:00:00Z";

/// A server on a free port with a database of its own; both go when it is dropped.
pub struct TestApp {
    /// What time it is.
    pub clock: Clock,
    /// Who waits, for the job that is not run here.
    pub waiting: Option<Arc<dyn WaitingList>>,
    /// Its database, to look behind its back.
    pub database: String,
    base: String,
    client: Client,
    _stop: oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// Starts one.
    pub async fn start() -> Self {
        Self::with_core(&Availability::default()).await
    }

    /// Starts one whose core is elsewhere.
    pub async fn with_core(availability: &Availability) -> Self {
        Self::configured(|config| config.availability = availability.clone()).await
    }

    /// Starts one with other settings.
    pub async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Clock::fixed(NOW.parse().expect("a valid instant"));
        let database = format!("sqlite://{}", folder.path().join("test.db").display());
        let state = state(folder.path(), clock.clone(), change).await;
        let waiting = state.waiting.clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, router(state), async move {
            // The sender is dropped with the test: that is the signal.
            let _ = stopped.await;
        }));
        Self { clock, waiting, database, base, client: Client::new(), _stop: stop, _folder: folder }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// A request without any secret.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A GET of staff.
    pub async fn staff_get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).bearer_auth(STAFF)).await
    }

    /// A POST of staff.
    pub async fn staff_post(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::POST, path).bearer_auth(STAFF).json(&body)).await
    }

    /// A POST of staff with an idempotency key.
    pub async fn staff_post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(STAFF).header("Idempotency-Key", key);
        Answer::of(request.json(&body)).await
    }

    /// Begins a conversation.
    pub async fn talk(&self) -> Talk<'_> {
        let begun = Answer::of(self.request(Method::POST, "/api/v1/conversations")).await;
        assert_eq!(begun.status, 201, "{}", begun.body);
        Talk { app: self, id: begun.text("id"), token: begun.text("token"), first: begun.body }
    }
}

async fn state(folder: &std::path::Path, clock: Clock, change: impl FnOnce(&mut Config)) -> HttpState {
    let mut config = Config {
        data_dir: folder.to_owned(),
        database_url: Some(format!("sqlite://{}", folder.join("test.db").display())),
        api: Api { tokens: vec![STAFF.to_owned()] },
        ..Config::default()
    };
    change(&mut config);
    let app = App::open(config, clock).await.expect("a whole application");
    HttpState { allowed_origins: vec!["https://www.example.gr".to_owned()], ..HttpState::from(&app) }
}

/// A conversation of a test.
pub struct Talk<'a> {
    app: &'a TestApp,
    /// Its id.
    pub id: String,
    /// Its secret.
    pub token: String,
    /// The answer that began it.
    pub first: Value,
}

impl Talk<'_> {
    /// A request inside it.
    pub fn request(&self, method: Method, rest: &str) -> RequestBuilder {
        let path = format!("/api/v1/conversations/{}/{rest}", self.id);
        self.app.request(method, &path).bearer_auth(&self.token)
    }

    /// One turn.
    pub async fn send(&self, inbound: Value) -> Answer {
        Answer::of(self.request(Method::POST, "messages").json(&inbound)).await
    }

    /// One turn of words; gives what was answered.
    pub async fn says(&self, text: &str) -> Value {
        let answer = self.send(serde_json::json!({ "text": text })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// One turn with an idempotency key.
    pub async fn send_once(&self, key: &str, inbound: Value) -> Answer {
        Answer::of(self.request(Method::POST, "messages").header("Idempotency-Key", key).json(&inbound)).await
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; null where there is none.
    pub body: Value,
}

impl Answer {
    /// Sends a request.
    pub async fn of(request: RequestBuilder) -> Self {
        Self::from(request.send().await.expect("an answer")).await
    }

    async fn from(response: Response) -> Self {
        let status = response.status().as_u16();
        Self { status, body: response.json().await.unwrap_or(Value::Null) }
    }

    /// A string of the body.
    pub fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }

    /// Whether it is a refusal with this status and code, in the one shape of errors.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        let error = &self.body["error"];
        assert_eq!((self.status, error["code"].as_str()), (status, Some(code)), "{}", self.body);
        let greek = error["message_el"].as_str().unwrap_or_default();
        assert!(greek.chars().any(|c| ('α'..='ω').contains(&c)), "no Greek in {}", self.body);
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", self.body);
    }
}
