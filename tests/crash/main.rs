//! The server is killed (`kill -9`) in the middle of a storm of bookings, again and again: what it had told its callers
//! stands, what they ask again with the same key happens once, and the books are in order by a SQL script that knows
//! nothing of the program.
//!
//! `ARIADNI_CRASH_KILLS` says how often; `scripts/storm 50` is the long run.

#[path = "../support/mod.rs"]
mod support;

mod books;
mod clients;
mod faults;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::RngExt;
use tokio::sync::watch;

use books::Books;
use clients::{Client, Journal, Line};
use server::Server;
use support::database::Database;

/// How many callers there are at once.
const CLIENTS: usize = 40;
/// How often the server is killed when nobody says otherwise.
const KILLS: usize = 10;
/// How long callers may take to bring their last request to its end: a deadlock left standing would take longer.
const PATIENCE: Duration = Duration::from_secs(60);

#[expect(clippy::disallowed_methods, reason = "how long a test runs is no setting of the product")]
fn kills() -> usize {
    std::env::var("ARIADNI_CRASH_KILLS").ok().map_or(KILLS, |text| text.parse().expect("a number of kills"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_a_storm_sqlite_keeps_what_was_told() {
    storm(Database::sqlite(), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_a_storm_postgresql_keeps_what_was_told() {
    if let Some(database) = Database::postgres().await {
        storm(database, "PostgreSQL").await;
    }
}

async fn storm(database: Database, name: &str) {
    let began = Instant::now();
    let mut server = Server::on(&database.url);
    server.start().await;
    let (stop, stopped) = watch::channel(false);
    let answered = Answered::default();
    let line = || Line::new(server.address(), Arc::clone(&answered));
    let caller = |number| tokio::spawn(Client::new(number, line(), stopped.clone()).run());
    let clients: Vec<_> = (0..CLIENTS).map(caller).collect();
    kill_again_and_again(&mut server, &answered, kills()).await;
    stop.send_replace(true);
    let mut journal = Journal::default();
    for client in clients {
        let ended = tokio::time::timeout(PATIENCE, client).await.expect("nobody waits for ever");
        journal.add(ended.expect("a caller was told what must not be"));
    }
    server.kill().await;
    let books = Books::open(&database.url).await;
    books.assert_in_order().await;
    books.assert_holds(&journal).await;
    server.start().await;
    clients::assert_still_told(Line::new(server.address(), answered), &journal).await;
    server.kill().await;
    report(name, &journal, began.elapsed());
    assert!(journal.booked() > CLIENTS && journal.moved > 0 && journal.cancelled() > 0, "hardly a storm");
    assert!(journal.interrupted > 0, "no request was ever cut off: the kills proved nothing");
}

/// Lets the storm blow, kills, starts again; now and then the server dies while it starts.
async fn kill_again_and_again(server: &mut Server, answered: &AtomicUsize, times: usize) {
    for kill in 0..times {
        blow(answered, rand::rng().random_range(1..150)).await;
        server.kill().await;
        if kill % 6 == 4 {
            server.start_and_die(Duration::from_millis(rand::rng().random_range(0..400))).await;
        }
        server.start().await;
    }
    blow(answered, 100).await;
}

/// Waits for so many answers and a moment more. Counted, not timed, for a busy machine to have its storm too.
async fn blow(answered: &AtomicUsize, answers: usize) {
    let (target, began) = (answered.load(Ordering::Relaxed) + answers, Instant::now());
    while answered.load(Ordering::Relaxed) < target {
        assert!(began.elapsed() < PATIENCE, "nobody is answered any more");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(rand::rng().random_range(0..30))).await;
}

#[expect(clippy::print_stdout, reason = "the figures of the storm are its result")]
fn report(name: &str, journal: &Journal, took: Duration) {
    println!(
        "{name}: {} kills, {} requests, {} cut off, {} asked again of a busy server; {} booked, {} moved, {} cancelled; {:.0} s",
        kills(),
        journal.requests,
        journal.interrupted,
        journal.busy,
        journal.booked(),
        journal.moved,
        journal.cancelled(),
        took.as_secs_f64()
    );
}

/// Where the server answers at the moment; nothing while it is down.
type Address = Arc<watch::Sender<Option<String>>>;

/// How many requests were answered so far.
type Answered = Arc<AtomicUsize>;
