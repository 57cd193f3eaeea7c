//! Bookings a second: the core on SQLite and on PostgreSQL, beside the same statements sent raw by pgbench, and over HTTP.
//!
//! Distinct times of a country of 500 offices with 8 desks each; every booking is for another person. Databases keep what
//! they say, as real ones do. `scripts/bench-bookings` starts the server that `ARIADNI_BENCH_POSTGRES` names.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ariadni::app::App;
use ariadni::booking::catalogue::{Catalogue, Office, Resource};
use ariadni::booking::core::{Actor, AvailabilityCore, BookingRequest, HoldRequest, Needs};
use ariadni::booking::id::HoldId;
use ariadni::booking::identity::Phone;
use ariadni::booking::people::Mode;
use ariadni::clock::Clock;
use ariadni::config::{Api, Config};
use ariadni::http::{HttpState, router, serve};
use ariadni::store::{LocalCore, Store};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Connection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Offices of the country, and desks of each.
const OFFICES: usize = 500;
const DESKS: usize = 8;
/// The service that is booked: 10 minutes, at every office.
const SERVICE: &str = "kep.information-application";
/// Clients at once.
const CLIENTS: usize = 48;
/// How long each measurement lasts.
const LASTS: Duration = Duration::from_secs(8);
/// Monday 23 November 2026, 08:00 in Athens.
const NOW: &str = "2026-11-23T06:00:00Z";
/// The secret of the machine calls.
const TOKEN: &str = "bench-secret";

fn main() {
    // A runner that asks for a list of tests is told that there are none.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    // Words given after `--` choose what is measured, as with the other benches.
    let only: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(&|what| only.is_empty() || only.iter().any(|word| what.contains(word.as_str()))));
}

#[expect(clippy::disallowed_methods, reason = "a bench is told by its script where the server is")]
async fn measure(wanted: &dyn Fn(&str) -> bool) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sqlite = format!("sqlite://{}", folder.path().join("bench.db").display());
    measure_core("SQLite", &sqlite, wanted).await;
    if wanted("SQLite over HTTP") {
        tell("SQLite, over HTTP in one request", over_http(&sqlite, folder.path()).await);
    }
    let Ok(server) = std::env::var("ARIADNI_BENCH_POSTGRES") else { return };
    let mut raw = None;
    if wanted("PostgreSQL raw") {
        let a_second = self::raw(&server).await;
        tell("PostgreSQL, the same statements by pgbench", a_second);
        raw = Some(a_second);
    }
    let one = measure_core("PostgreSQL", &database(&server, "core").await, wanted).await;
    if let (Some(one), Some(raw)) = (one, raw) {
        say(&format!("  in one step, of the raw statements: {:.0} %", one / raw * 100.0));
    }
    if wanted("PostgreSQL over HTTP") {
        let url = database(&server, "http").await;
        tell("PostgreSQL, over HTTP in one request", over_http(&url, folder.path()).await);
    }
}

/// The core without HTTP; gives the bookings a second in one step.
async fn measure_core(engine: &str, url: &str, wanted: &dyn Fn(&str) -> bool) -> Option<f64> {
    let core = core(url).await;
    let mut one = None;
    if wanted(&format!("{engine} one step")) {
        let a_second = in_one(&core).await;
        tell(&format!("{engine}, the core in one step"), a_second);
        one = Some(a_second);
    }
    if wanted(&format!("{engine} hold and book")) {
        tell(&format!("{engine}, the core by hold and book"), in_two(&core).await);
    }
    core.store().close().await;
    one
}

#[expect(clippy::print_stdout, reason = "a bench tells its figures")]
fn say(line: &str) {
    println!("bookings: {line}");
}

fn tell(what: &str, a_second: f64) {
    say(&format!("{what}: {a_second:.0} a second"));
}

/// A country of alike offices, open 08:00 to 20:00 on every day.
fn country() -> Catalogue {
    let mut catalogue = Catalogue::bundled();
    let model = catalogue.offices.iter().find(|o| o.id.as_str() == "kep-kypselis").cloned().expect("bundled");
    catalogue.services.retain(|s| s.id.as_str() == SERVICE);
    catalogue.organisations.retain(|o| o.id.as_str() == "kep");
    for service in &mut catalogue.services {
        service.modes.retain(|m| m.mode == Mode::InPerson);
        service.modes.iter_mut().for_each(|m| m.minutes = 10);
        service.no_video = Some("-".to_owned());
        service.rules = Default::default();
        service.rules.horizon_days = 365;
    }
    catalogue.offices = (0..OFFICES).map(|n| office(&model, n)).collect();
    catalogue
}

fn office(model: &Office, number: usize) -> Office {
    let mut opening = model.opening[0].clone();
    opening.days = serde_json::from_str(r#"["mon","tue","wed","thu","fri","sat","sun"]"#).expect("days");
    (opening.modes, opening.services, opening.breaks, opening.every_minutes) = Default::default();
    opening.from = "08:00:00".parse().expect("a time of day");
    opening.to = "20:00:00".parse().expect("a time of day");
    let desk = |n: usize| {
        let mut desk: Resource = model.resources[0].clone();
        desk.id = format!("office-{number}-{n}").as_str().into();
        (desk.modes, desk.services) = Default::default();
        desk
    };
    Office {
        id: format!("office-{number}").as_str().into(),
        opening: vec![opening],
        local_holidays: Default::default(),
        special_days: Vec::new(),
        quotas: Vec::new(),
        walk_in_percent: 0,
        services: vec![SERVICE.into()],
        resources: (0..DESKS).map(desk).collect(),
        ..model.clone()
    }
}

/// The n-th time: another office each, then another start; each start has eight desks.
fn wish(n: usize) -> HoldRequest {
    let first: DateTime<Utc> = "2026-12-01T06:00:00Z".parse().expect("an instant");
    let place = n / DESKS;
    let (office, slot) = (place % OFFICES, place / OFFICES);
    let start = first + TimeDelta::days(i64::try_from(slot / 72).expect("few"));
    let start = start + TimeDelta::minutes(i64::try_from(slot % 72).expect("few") * 10);
    HoldRequest {
        service: SERVICE.into(),
        office: format!("office-{office}").as_str().into(),
        mode: Mode::InPerson,
        start,
        needs: Needs::default(),
    }
}

fn people(n: usize, hold: HoldId) -> BookingRequest {
    BookingRequest {
        hold,
        beneficiary: format!("Πολίτης Νούμερο {n}"),
        requester: format!("Πολίτης Νούμερο {n}"),
        phone: Phone::parse("6944123456").expect("a telephone"),
        email: None,
        on_behalf: false,
        relation: None,
        guests: Vec::new(),
        procedure: None,
        identity: None,
    }
}

async fn core(url: &str) -> LocalCore {
    let store = Store::open(url, Clock::fixed(NOW.parse().expect("an instant"))).await.expect("opens");
    store.migrate().await.expect("migrates");
    let catalogue = Arc::new(country());
    store.import_catalogue(&catalogue).await.expect("imports");
    LocalCore::new(store, catalogue)
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Runs one kind of booking on all clients for a while; gives how many a second.
async fn drive<F, Fut>(book: F) -> f64
where
    F: Fn(usize) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    let done = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    let clients = (0..CLIENTS).map(|_| {
        let (book, done) = (book.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            while begin.elapsed() < LASTS {
                book(NEXT.fetch_add(1, Ordering::Relaxed)).await;
                done.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("no panic");
    }
    f64::from(u32::try_from(done.load(Ordering::Relaxed)).expect("fits")) / begin.elapsed().as_secs_f64()
}

async fn in_one(core: &LocalCore) -> f64 {
    let core = core.clone();
    drive(move |n| {
        let core = core.clone();
        async move {
            let people = people(n, HoldId::new(String::new()));
            core.book_in_one(&wish(n), &people, &Actor::System).await.expect("books");
        }
    })
    .await
}

async fn in_two(core: &LocalCore) -> f64 {
    let core = core.clone();
    drive(move |n| {
        let core = core.clone();
        async move {
            let hold = core.hold(&wish(n), &Actor::System).await.expect("holds");
            core.book(&people(n, hold.id), &Actor::System).await.expect("books");
        }
    })
    .await
}

/// The whole server in this process, asked over kept-alive connections by a client that does nothing else.
async fn over_http(url: &str, folder: &Path) -> f64 {
    let config = Config {
        data_dir: folder.to_owned(),
        database_url: Some(url.to_owned()),
        api: Api { tokens: vec![TOKEN.to_owned()] },
        ..Config::default()
    };
    let clock = Clock::fixed(NOW.parse().expect("an instant"));
    core(url).await.store().close().await;
    let app = App::open(config, clock).await.expect("a whole application");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, router(HttpState::from(&app)), async move {
        stopped.await.ok();
    }));
    let lines: Arc<Vec<tokio::sync::Mutex<Option<TcpStream>>>> =
        Arc::new((0..CLIENTS).map(|_| tokio::sync::Mutex::new(None)).collect());
    let a_second = drive(move |n| {
        let lines = Arc::clone(&lines);
        async move {
            let mut line = lines[n % CLIENTS].lock().await;
            if line.is_none() {
                *line = Some(TcpStream::connect(address).await.expect("connects"));
            }
            ask(line.as_mut().expect("a connection"), &request(n)).await;
        }
    })
    .await;
    stop.send(()).ok();
    server.abort();
    app.store.close().await;
    a_second
}

fn request(n: usize) -> Vec<u8> {
    let at = wish(n);
    let name = format!("Πολίτης Νούμερο {n}");
    let body = serde_json::json!({
        "service": at.service, "office": at.office, "mode": at.mode, "start": at.start,
        "beneficiary": {"name": name}, "requester": {"name": name, "phone": "6944123456"},
    })
    .to_string();
    format!(
        "POST /api/v1/appointments HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends a request and reads the answer to its end.
async fn ask(line: &mut TcpStream, request: &[u8]) {
    line.write_all(request).await.expect("sends");
    let mut answer = Vec::with_capacity(2048);
    loop {
        line.read_buf(&mut answer).await.expect("reads");
        let Some(head) = answer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
        assert!(text.starts_with("http/1.1 201"), "{}", String::from_utf8_lossy(&answer));
        let length = text.lines().find_map(|l| l.strip_prefix("content-length: ")).expect("a length");
        if answer.len() >= head + 4 + length.parse::<usize>().expect("a number") {
            return;
        }
    }
}

/// An empty database with the country in it.
async fn database(server: &str, name: &str) -> String {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&format!("{server}/postgres")).await.expect("the server answers");
    let name = format!("bench_{name}");
    let sql = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.expect("made");
    connection.close().await.ok();
    format!("{server}/{name}")
}

/// The statements of one booking, sent by pgbench as fast as the database takes them.
async fn raw(server: &str) -> f64 {
    let url = database(server, "raw").await;
    core(&url).await.store().close().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/booking.sql");
    let clients = 16.to_string();
    let seconds = LASTS.as_secs().to_string();
    let output = Command::new("pgbench")
        .env("PGOPTIONS", "-c enable_seqscan=off")
        .args(["--no-vacuum", "--protocol=prepared", "--client", &clients, "--jobs=2", "--time", &seconds, "--file"])
        .arg(script)
        .arg(&url)
        .output()
        .expect("pgbench is installed with PostgreSQL");
    let text = String::from_utf8_lossy(&output.stdout);
    let tps = text.lines().find_map(|l| l.strip_prefix("tps = "));
    let tps = tps.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    tps.split(' ').next().and_then(|n| n.parse().ok()).expect("a number")
}
