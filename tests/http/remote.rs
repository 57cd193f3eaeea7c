//! One Ariadni as the core of another: real servers, a line that breaks, a core that is stopped and started again.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use ariadni::app::App;
use ariadni::clock::Clock;
use ariadni::config::{Api, Availability, Config};
use ariadni::http::{HttpState, router, serve};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::proxy::{Proxy, Weather};
use crate::support::{NOW, STAFF, TestApp};

/// A core that can be stopped and started again on the same port, over the same database.
struct Core {
    folder: tempfile::TempDir,
    address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<std::io::Result<()>>)>,
}

impl Core {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut core = Self { folder, address, running: None };
        core.serve_on(listener).await;
        core
    }

    async fn start_again(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the same port");
        self.serve_on(listener).await;
    }

    async fn serve_on(&mut self, listener: TcpListener) {
        let app = App::open(config(self.folder.path(), Availability::default()), clock()).await.expect("a core");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(serve(listener, router(HttpState::from(&app)), async move {
            let _ = stopped.await;
        }));
        self.running = Some((stop, serving));
    }

    async fn stop(&mut self) {
        let (stop, serving) = self.running.take().expect("it runs");
        stop.send(()).expect("it listens");
        serving.await.expect("no panic").expect("a clean end");
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many appointments stand in its database, by its own file.
    async fn appointments(&self) -> i64 {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}", self.folder.path().join("test.db").display());
        let pool = sqlx::AnyPool::connect(&url).await.expect("the database");
        let counted = sqlx::query_scalar("SELECT COUNT(*) FROM appointments").fetch_one(&pool).await;
        pool.close().await;
        counted.expect("a number")
    }
}

fn clock() -> Clock {
    Clock::fixed(NOW.parse().expect("a valid instant"))
}

fn config(folder: &Path, availability: Availability) -> Config {
    Config {
        data_dir: folder.to_owned(),
        database_url: Some(format!("sqlite://{}", folder.join("test.db").display())),
        api: Api { tokens: vec![STAFF.to_owned()] },
        availability,
        ..Config::default()
    }
}

/// An Ariadni whose core is at `url`; a call to it may take two seconds.
async fn front(url: &str) -> TestApp {
    TestApp::with_core(&reach(url)).await
}

fn reach(url: &str) -> Availability {
    Availability { url: Some(url.to_owned()), token: Some(STAFF.to_owned()), timeout_seconds: 2 }
}

fn display(answer: &Value) -> String {
    let replies = answer["replies"].as_array().expect("replies");
    replies.iter().filter_map(|reply| reply["display"].as_str()).collect::<Vec<_>>().join("\n")
}

/// The citizen hears that nothing is lost, what to do, and whom to call.
#[track_caller]
fn is_told_kindly(answer: &Value) {
    let said = display(answer);
    for part in ["δεν χάθηκαν", "«ξανά»", "1500"] {
        assert!(said.contains(part), "no «{part}» in «{said}»");
    }
    assert_eq!(answer["status"], "open", "{answer}");
    assert_eq!(answer["flow"], "book_appointment", "{answer}");
}

const UNTIL_THE_TIMES: [&str; 3] =
    ["Θέλω ραντεβού στο ΚΕΠ Κυψέλης", "θέλω βεβαίωση μόνιμης κατοικίας", "με φυσική παρουσία"];
const UNTIL_THE_YES: [&str; 4] = ["ναι", "για μένα", "Μαρία Παπαδοπούλου", "6944123456"];

#[tokio::test]
async fn a_core_that_goes_away_and_comes_back_loses_nothing_of_a_conversation() {
    let mut core = Core::start().await;
    let front = front(&core.url()).await;
    let talk = front.talk().await;
    for text in &UNTIL_THE_TIMES[..2] {
        talk.says(text).await;
    }
    core.stop().await;
    is_told_kindly(&talk.says(UNTIL_THE_TIMES[2]).await);
    // Still away: the same kind answer, not another.
    is_told_kindly(&talk.says("ξανά").await);
    core.start_again().await;
    let found = talk.says("ξανά").await;
    assert!(display(&found).contains("πρώτο ελεύθερο"), "{found}");
    assert_eq!(found["awaiting"], "when");
    for text in UNTIL_THE_YES {
        talk.says(text).await;
    }
    core.stop().await;
    is_told_kindly(&talk.says("ναι").await);
    core.start_again().await;
    // What is written is read back again before it is tried again.
    let read_back = talk.says("ξανά").await;
    assert_eq!(read_back["awaiting"], "confirm", "{read_back}");
    assert!(display(&read_back).contains("Μαρία Παπαδοπούλου"), "{read_back}");
    let booked = talk.says("ναι").await;
    assert_eq!(booked["events"][0]["type"], "appointment_booked", "{booked}");
    assert_eq!(core.appointments().await, 1);
}

#[tokio::test]
async fn a_core_that_hangs_is_not_waited_for_longer_than_was_said() {
    let core = Core::start().await;
    let proxy = Proxy::to(core.address.to_string()).await;
    let front = front(&proxy.url).await;
    let talk = front.talk().await;
    for text in &UNTIL_THE_TIMES[..2] {
        talk.says(text).await;
    }
    proxy.becomes(Weather::Hangs);
    let asked = Instant::now();
    is_told_kindly(&talk.says(UNTIL_THE_TIMES[2]).await);
    let waited = asked.elapsed();
    assert!((Duration::from_millis(1500)..Duration::from_secs(5)).contains(&waited), "{waited:?}");
    proxy.becomes(Weather::Fair);
    let found = talk.says("δοκιμάστε πάλι").await;
    assert!(display(&found).contains("πρώτο ελεύθερο"), "{found}");
}

#[tokio::test]
async fn an_answer_that_is_lost_on_the_way_is_asked_for_again_and_books_once() {
    let core = Core::start().await;
    let proxy = Proxy::to(core.address.to_string()).await;
    let front = front(&proxy.url).await;
    let talk = front.talk().await;
    for text in UNTIL_THE_TIMES.into_iter().chain(UNTIL_THE_YES) {
        talk.says(text).await;
    }
    proxy.becomes(Weather::LosesAnswers("POST /api/v1/appointments ", 2));
    let booked = talk.says("ναι").await;
    assert_eq!(booked["events"][0]["type"], "appointment_booked", "{booked}");
    assert_eq!(proxy.lost(), 2, "the line did not break");
    assert_eq!(core.appointments().await, 1);
    let reference = booked["events"][0]["reference"].as_str().expect("a reference");
    let found = front.staff_get(&format!("/api/v1/appointments/{reference}")).await;
    assert_eq!(found.body["state"], "booked", "{}", found.body);
}

#[tokio::test]
async fn when_every_answer_is_lost_the_citizen_asks_again_later_and_there_is_still_one_appointment() {
    let core = Core::start().await;
    let proxy = Proxy::to(core.address.to_string()).await;
    let front = front(&proxy.url).await;
    let talk = front.talk().await;
    for text in UNTIL_THE_TIMES.into_iter().chain(UNTIL_THE_YES) {
        talk.says(text).await;
    }
    proxy.becomes(Weather::LosesAnswers("POST /api/v1/appointments ", usize::MAX));
    is_told_kindly(&talk.says("ναι").await);
    assert_eq!(core.appointments().await, 1, "it was booked, only the answer was lost");
    proxy.becomes(Weather::Fair);
    talk.says("ξανά").await;
    let booked = talk.says("ναι").await;
    assert_eq!(booked["events"][0]["type"], "appointment_booked", "{booked}");
    assert_eq!(core.appointments().await, 1);
}

#[tokio::test]
async fn a_front_starts_while_its_core_is_away_by_the_catalogue_it_knew() {
    let mut core = Core::start().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = core.url();
    let open = async || App::open(config(folder.path(), reach(&url)), clock()).await;
    let known = open().await.expect("the core is there").catalogue.get();
    core.stop().await;
    let again = open().await.expect("the catalogue is known from before");
    assert_eq!(again.catalogue.get(), known);
    assert!(again.desk.is_none());
    let fresh = tempfile::tempdir().expect("a temporary folder");
    let refused = App::open(config(fresh.path(), reach(&core.url())), clock()).await.err().expect("no catalogue");
    let told = format!("{refused:#}");
    assert!(told.contains(&core.url()) && told.contains("none is known"), "{told}");
    assert!(!told.contains(STAFF), "{told}");
}

#[tokio::test]
async fn a_wrong_secret_is_not_tried_again_and_citizens_are_told_the_same() {
    let core = Core::start().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    App::open(config(folder.path(), reach(&core.url())), clock()).await.expect("the catalogue is kept");
    let wrong = Availability { token: Some("wrong".to_owned()), ..reach(&core.url()) };
    let app = App::open(config(folder.path(), wrong), clock()).await.expect("by the catalogue it knew");
    let asked = Instant::now();
    let reference = ariadni::booking::reference::Reference::from_random(1);
    let refusal = app.core.get(&reference).await.expect_err("no access");
    assert_eq!(refusal.code(), "unavailable");
    assert!(asked.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn what_the_front_is_asked_over_its_own_api_it_asks_of_its_core() {
    let core = Core::start().await;
    let front = front(&core.url()).await;
    let search = "/api/v1/availability?service=kep.information-application&mode=in_person&limit=3";
    let free = front.staff_get(search).await;
    let slot = &free.body["slots"][0];
    let body = json!({
        "service": "kep.information-application", "office": slot["office"], "mode": "in_person", "start": slot["start"],
        "beneficiary": {"name": "Ελένη Γεωργίου"}, "requester": {"name": "Ελένη Γεωργίου", "phone": "2101234567"},
    });
    let booked = front.staff_post("/api/v1/appointments", body).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    assert_eq!(core.appointments().await, 1);
    let path = format!("/api/v1/appointments/{}", booked.text("reference"));
    assert_eq!(front.staff_get(&path).await.body, booked.body);
    // Officials go where the appointments are kept.
    let elsewhere = front.staff_get("/api/v1/closures?office=kep-kypselis").await;
    elsewhere.refused(409, "desk_elsewhere");
    assert_eq!(elsewhere.body["error"]["detail"]["url"], core.url());
}
