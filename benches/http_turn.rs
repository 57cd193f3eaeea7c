//! How long one whole turn over HTTP takes on SQLite: the real router behind a TCP connection, a client that keeps it open.
//!
//! Every conversation books an appointment step by step, so that the turns are of every weight: small talk, a search, a hold,
//! the booking itself. Criterion gives the mean of a turn; the line `http_turn: …` gives the median and the 99th percentile of
//! single turns, and those of the heaviest kind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ariadni::app::App;
use ariadni::booking::core::{Actor, AvailabilityCore};
use ariadni::booking::reference::Reference;
use ariadni::clock::Clock;
use ariadni::config::Config;
use ariadni::http::{HttpState, router, serve};
use criterion::{Criterion, criterion_group, criterion_main};
use reqwest::Client;
use serde_json::{Value, json};

/// One booking. It is cancelled again between the conversations, off the clock, so that every one finds the same free times.
const TURNS: [&str; 8] = [
    "καλημέρα, θέλω ένα ραντεβού",
    "για κλειδάριθμο, με φυσική παρουσία",
    "στη ΔΟΥ Πειραιά",
    "ναι",
    "για μένα",
    "Μαρία Παπαδοπούλου",
    "6944123456",
    "ναι",
];
/// Conversations of which every turn is timed by itself.
const TIMED: usize = 250;

/// A client and the server it speaks to.
struct Line {
    client: Client,
    base: String,
    core: Arc<dyn AvailabilityCore>,
    said: usize,
    talk: Option<(String, String)>,
}

impl Line {
    /// Sends the next turn of the script, in a new conversation when the last one is over; how long the turn took.
    async fn turn(&mut self) -> (usize, Duration) {
        let number = self.said % TURNS.len();
        if number == 0 {
            let begun =
                self.client.post(format!("{}/api/v1/conversations", self.base)).send().await.expect("an answer");
            assert_eq!(begun.status(), 201);
            let begun: Value = begun.json().await.expect("JSON");
            let text = |key: &str| begun[key].as_str().expect("a string").to_owned();
            self.talk = Some((text("id"), text("token")));
        }
        let (id, token) = self.talk.as_ref().expect("begun");
        let request = self.client.post(format!("{}/api/v1/conversations/{id}/messages", self.base)).bearer_auth(token);
        let request = request.header("Idempotency-Key", self.said.to_string()).json(&json!({ "text": TURNS[number] }));
        let begin = Instant::now();
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let body = answer.bytes().await.expect("a body");
        let took = begin.elapsed();
        self.said += 1;
        if number + 1 == TURNS.len() {
            self.undo(&serde_json::from_slice(&body).expect("JSON")).await;
        }
        (number, took)
    }

    /// Cancels what was booked.
    async fn undo(&self, body: &Value) {
        let reference = body["events"][0]["reference"].as_str().unwrap_or_else(|| panic!("nothing was booked: {body}"));
        let reference = Reference::parse(reference).expect("a reference");
        self.core.cancel(&reference, &Actor::System, "").await.expect("cancelled");
    }
}

async fn line(folder: &std::path::Path) -> Line {
    let config = Config { data_dir: folder.to_owned(), ..Config::default() };
    let clock = Clock::starting_at("2026-11-23T07:00:00Z".parse().expect("an instant"));
    let app = App::open(config, clock).await.expect("a whole application");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let state = HttpState::from(&app);
    tokio::spawn(serve(listener, router(state), std::future::pending()));
    Line { client: Client::new(), base, core: app.core, said: 0, talk: None }
}

fn quantile(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() - 1) as f64 * share).round() as usize;
    sorted[at].as_secs_f64() * 1000.0
}

#[expect(clippy::print_stdout, reason = "a bench tells its figures")]
fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let (median, p99) = (quantile(&times, 0.5), quantile(&times, 0.99));
    println!("http_turn: {what}: n {}, median {median:.2} ms, p99 {p99:.2} ms", times.len());
}

fn turns(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut line = runtime.block_on(line(folder.path()));
    let mut group = criterion.benchmark_group("http_turn");
    group.sample_size(30).measurement_time(Duration::from_secs(8));
    group.bench_function("of_a_booking", |bencher| {
        bencher.iter_custom(|turns| {
            runtime.block_on(async {
                let mut sum = Duration::ZERO;
                for _ in 0..turns {
                    sum += line.turn().await.1;
                }
                sum
            })
        });
    });
    group.finish();
    line.said = line.said.next_multiple_of(TURNS.len());
    let timed: Vec<(usize, Duration)> = runtime.block_on(async {
        let mut all = Vec::new();
        for _ in 0..TIMED * TURNS.len() {
            all.push(line.turn().await);
        }
        all
    });
    tell("every turn", timed.iter().map(|t| t.1).collect());
    for (number, said) in TURNS.iter().enumerate() {
        tell(&format!("«{said}»"), timed.iter().filter(|t| t.0 == number).map(|t| t.1).collect());
    }
}

criterion_group!(benches, turns);
criterion_main!(benches);
