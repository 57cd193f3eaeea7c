//! A thing is done together with its answer to an idempotency key, or not at all.

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::AnyPool;

use crate::support::{Answer, STAFF, TestApp};

const SERVICE: &str = "kep.information-application";
const OFFICE: &str = "kep-kypselis";

/// The database behind the server's back.
struct Behind(AnyPool);

impl Behind {
    async fn of(app: &TestApp) -> Self {
        sqlx::any::install_default_drivers();
        Self(AnyPool::connect(&app.database).await.expect("connects"))
    }

    async fn run(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.0).await.expect("runs");
    }

    /// How much was ever done.
    async fn done(&self) -> (i64, i64, i64) {
        let count = async |sql: &'static str| sqlx::query_scalar(sql).fetch_one(&self.0).await.expect("counts");
        (
            count("SELECT COUNT(*) FROM audit").await,
            count("SELECT COUNT(*) FROM claims").await,
            count("SELECT COUNT(*) FROM outbox").await,
        )
    }
}

/// What is asked for again and again.
struct Asking<'a> {
    app: &'a TestApp,
    behind: &'a Behind,
    asked: usize,
}

impl Asking<'_> {
    /// Asks while no success can be written down, then once more with the same key; gives what it was answered in the end.
    async fn twice(&mut self, method: Method, path: &str, body: Option<Value>) -> Value {
        self.asked += 1;
        let (key, before) = (format!("key-{}", self.asked), self.behind.done().await);
        self.behind
            .run(
                "CREATE TRIGGER no_success BEFORE UPDATE ON answered_requests WHEN NEW.status BETWEEN 200 AND 299 \
                 BEGIN SELECT RAISE(ABORT, 'no success can be kept'); END",
            )
            .await;
        let lost = self.once(&method, path, &key, body.as_ref()).await;
        assert_eq!(lost.status, 503, "{method} {path}: {}", lost.body);
        assert_eq!(self.behind.done().await, before, "{method} {path} was done without its answer");
        self.behind.run("DROP TRIGGER no_success").await;
        let answer = self.once(&method, path, &key, body.as_ref()).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.body);
        let after = self.behind.done().await;
        assert_ne!(after, before, "{method} {path} did nothing");
        let again = self.once(&method, path, &key, body.as_ref()).await;
        assert_eq!((again.status, &again.body), (answer.status, &answer.body), "{method} {path}");
        assert_eq!(self.behind.done().await, after, "{method} {path} was done twice");
        answer.body
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        self.twice(Method::POST, path, Some(body)).await
    }

    async fn once(&self, method: &Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
        let request = self.app.request(method.clone(), path).bearer_auth(STAFF).header("Idempotency-Key", key);
        Answer::of(if let Some(body) = body { request.json(body) } else { request }).await
    }

    /// Free times of a day.
    async fn free(&self, service: &str, from: &str) -> Vec<Value> {
        let path = format!("/api/v1/availability?service={service}&mode=in_person&office={OFFICE}&from={from}");
        self.app.staff_get(&path).await.body["slots"].as_array().expect("slots").clone()
    }
}

fn at(slot: &Value) -> Value {
    json!({"service": SERVICE, "office": OFFICE, "mode": "in_person", "start": slot["start"]})
}

fn with_people(mut place: Value, name: &str) -> Value {
    place["beneficiary"] = json!({"name": name});
    place["requester"] = json!({"name": name, "phone": "6944123456"});
    place
}

fn path(appointment: &Value, rest: &str) -> String {
    format!("/api/v1/appointments/{}{rest}", appointment["reference"].as_str().expect("a reference"))
}

#[tokio::test]
async fn what_cannot_be_answered_is_not_done_whatever_was_asked_for() {
    let app = TestApp::start().await;
    let behind = Behind::of(&app).await;
    let mut asking = Asking { app: &app, behind: &behind, asked: 0 };
    let today = asking.free(SERVICE, "2026-11-23T12:00").await;
    let held = asking.post("/api/v1/holds", at(&today[0])).await;
    let kept = asking.post("/api/v1/appointments", with_people(json!({"hold": held["hold"]}), "Άννα Άλφα")).await;
    let free = asking.free(SERVICE, "2026-11-24").await;
    let one = asking.post("/api/v1/appointments", with_people(at(&free[0]), "Βάσω Βήτα")).await;
    let other = asking.post("/api/v1/appointments", with_people(at(&free[1]), "Γιάννης Γάμμα")).await;
    asking.post(&path(&one, "/reschedule"), json!({"start": free[4]["start"]})).await;
    for doing in ["/check-in", "/start", "/finish"] {
        asking.post(&path(&kept, doing), json!({})).await;
    }
    let closure = json!({"office": OFFICE, "from": "2026-11-24", "to": "2026-11-25", "reason": "Διακοπή ρεύματος"});
    let closed = asking.post("/api/v1/closures", closure).await;
    let id = closed["id"].as_str().expect("an id");
    let hurt = asking.post(&format!("/api/v1/closures/{id}/proposals"), json!({})).await;
    assert!(hurt["appointments"].as_array().is_some_and(|hurt| hurt.len() == 2), "{hurt}");
    asking.post(&path(&one, "/proposal"), json!({"accept": true})).await;
    asking.post(&path(&other, "/proposal"), json!({"accept": false})).await;
    asking.twice(Method::DELETE, &path(&other, "?reason=x"), None).await;
    let transfer = json!({"which": {"references": [one["reference"]]}, "to": {"days": 7}, "reason": "Απεργία"});
    let moved = asking.post("/api/v1/appointments/transfer", transfer).await;
    assert_eq!(moved["done"], json!(true), "{moved}");
    let feed = asking.post("/api/v1/calendar-feeds", json!({"office": OFFICE})).await;
    assert!(feed["url"].as_str().is_some_and(|url| url.ends_with(".ics")), "{feed}");
    let followed = json!({"office": OFFICE, "resource": kept["resource"], "url": "https://calendar.example.gr/a.ics"});
    asking.post("/api/v1/busy-calendars", followed).await;
}

#[tokio::test]
async fn a_series_is_done_together_with_its_answer_too() {
    let app = TestApp::start().await;
    let behind = Behind::of(&app).await;
    let mut asking = Asking { app: &app, behind: &behind, asked: 0 };
    let catalogue = app.staff_get("/api/v1/catalogue").await.body;
    let services = catalogue["services"].as_array().expect("services");
    let service =
        services.iter().find(|s| s["rules"]["series_most"].as_u64() > Some(1)).expect("a service with series");
    let (id, mode) = (service["id"].as_str().expect("an id"), service["modes"][0]["mode"].as_str().expect("a mode"));
    let search = format!("/api/v1/availability?service={id}&mode={mode}&from=2026-11-24&limit=1");
    let slot = app.staff_get(&search).await.body["slots"][0].clone();
    let place = json!({"service": id, "office": slot["office"], "mode": mode, "start": slot["start"], "count": 2});
    let series = asking.post("/api/v1/series", with_people(place, "Μαρία Παπαδοπούλου")).await;
    let cancel = format!("/api/v1/series/{}", series["series"].as_str().expect("an id"));
    let cancelled = asking.twice(Method::DELETE, &cancel, None).await;
    assert!(cancelled["appointments"].as_array().is_some_and(|gone| gone.len() == 2), "{cancelled}");
}

#[tokio::test]
async fn a_closure_says_when_nothing_was_proposed_and_proposing_can_be_asked_for_again() {
    let app = TestApp::start().await;
    let behind = Behind::of(&app).await;
    let asking = Asking { app: &app, behind: &behind, asked: 0 };
    let slot = asking.free(SERVICE, "2026-11-25").await[0].clone();
    let booked = app.staff_post("/api/v1/appointments", with_people(at(&slot), "Μαρία Παπαδοπούλου")).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    let closure = json!({"office": OFFICE, "from": "2026-11-25", "to": "2026-11-26", "reason": "Διακοπή ρεύματος", "propose": true});
    behind.run("CREATE TRIGGER no_proposal BEFORE INSERT ON proposals BEGIN SELECT RAISE(ABORT, 'not now'); END").await;
    let closed = app.staff_post_once("/api/v1/closures", "close", closure.clone()).await;
    assert_eq!((closed.status, &closed.body["proposed"]), (201, &json!(false)), "{}", closed.body);
    let failed = json!([{"reference": booked.body["reference"], "outcome": "failed"}]);
    assert_eq!(closed.body["proposals"], failed, "{}", closed.body);
    assert_eq!(closed.body["appointments"][0]["proposal"], Value::Null, "{}", closed.body);
    behind.run("DROP TRIGGER no_proposal").await;

    assert_eq!(app.staff_post_once("/api/v1/closures", "close", closure.clone()).await.body, closed.body);
    let listed = app.staff_get(&format!("/api/v1/closures?office={OFFICE}")).await;
    assert_eq!(listed.body["closures"].as_array().map(Vec::len), Some(1), "{}", listed.body);
    let propose = format!("/api/v1/closures/{}/proposals", closed.text("id"));
    let first = app.staff_post(&propose, json!({})).await;
    assert!(first.body["appointments"][0]["proposal"]["start"].is_string(), "{}", first.body);
    assert_eq!(app.staff_post(&propose, json!({})).await.body, first.body);
    // A second closure of the same day finds what is proposed already, and says so.
    let second = app.staff_post_once("/api/v1/closures", "close-2", closure).await;
    let made = json!([{"reference": booked.body["reference"], "outcome": "made"}]);
    assert_eq!((&second.body["proposed"], &second.body["proposals"]), (&json!(true), &made), "{}", second.body);
}
