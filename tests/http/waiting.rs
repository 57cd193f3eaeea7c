//! The waiting list over HTTP, in the hands of staff and machines.

use std::collections::BTreeSet;

use ariadni::config::Availability;
use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, STAFF, TestApp};

/// One desk serves it in person at this office.
const SERVICE: &str = "aade.key-number";
const OFFICE: &str = "doy-larisas";
const START: &str = "2026-11-24T09:00";

fn people(name: &str, phone: &str) -> Value {
    json!({"beneficiary": {"name": name}, "requester": {"name": name, "phone": phone}})
}

/// Books the one place there is then; gives its reference.
async fn take(app: &TestApp) -> String {
    let place = json!({"service": SERVICE, "office": OFFICE, "mode": "in_person", "start": START});
    let held = app.staff_post("/api/v1/holds", place).await;
    let mut body = people("Νίκος Γεωργίου", "6977111222");
    body["hold"] = held.text("hold").into();
    let booked = app.staff_post("/api/v1/appointments", body).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    booked.text("reference")
}

fn wish(name: &str, phone: &str) -> Value {
    let mut body = people(name, phone);
    body["service"] = SERVICE.into();
    body["offices"] = json!([OFFICE]);
    body["mode"] = "in_person".into();
    body["windows"] = json!([{"from": START, "to": START}]);
    body
}

async fn join(app: &TestApp, name: &str, phone: &str) -> String {
    let joined = app.staff_post("/api/v1/waiting-list", wish(name, phone)).await;
    assert_eq!((joined.status, &joined.body["state"]), (201, &json!("waiting")), "{}", joined.body);
    app.clock.advance(TimeDelta::seconds(1));
    joined.text("reference")
}

/// The office lets the place go, and it is offered.
async fn offer(app: &TestApp, taken: &str) {
    let path = format!("/api/v1/appointments/{taken}");
    assert_eq!(Answer::of(app.request(Method::DELETE, &path).bearer_auth(STAFF)).await.status, 200);
    let list = app.waiting.as_ref().expect("a waiting list");
    assert_eq!(list.offer_free().await, Ok(1));
}

async fn answer(app: &TestApp, reference: &str, how: &str, phone: &str) -> Answer {
    app.staff_post(&format!("/api/v1/waiting-list/{reference}/{how}"), json!({"phone": phone})).await
}

async fn counts(app: &TestApp) -> Value {
    app.staff_get("/api/v1/waiting-list").await.body["waiting"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_one_yes_at_once_one_person_wins() {
    let app = TestApp::start().await;
    let taken = take(&app).await;
    let phones = ["6944123401", "6944123402", "6944123403"];
    let mut waits = Vec::new();
    for (name, phone) in ["Άννα Άλφα", "Βάσω Βήτα", "Γιάννης Γάμμα"].into_iter().zip(phones)
    {
        waits.push((join(&app, name, phone).await, phone));
    }
    assert_eq!(counts(&app).await, json!([{"service": SERVICE, "office": OFFICE, "waiting": 3, "offered": 0}]));
    offer(&app, &taken).await;
    assert_eq!(counts(&app).await, json!([{"service": SERVICE, "office": OFFICE, "waiting": 0, "offered": 3}]));
    // Nobody else comes in between.
    let place = json!({"service": SERVICE, "office": OFFICE, "mode": "in_person", "start": START});
    app.staff_post("/api/v1/holds", place).await.refused(409, "slot_taken");
    let all = (0..21).map(|n| {
        let (reference, phone) = &waits[n % 3];
        answer(&app, reference, "accept", phone)
    });
    let answers = join_all(all).await;
    let won: BTreeSet<String> = answers.iter().filter(|a| a.status == 200).map(|a| a.text("reference")).collect();
    assert_eq!(won.len(), 1, "one appointment, however often its owner says yes");
    for lost in answers.iter().filter(|a| a.status != 200) {
        lost.refused(409, "slot_taken");
    }
    assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 7, "the yes of one person");
    assert_eq!(counts(&app).await, json!([{"service": SERVICE, "office": OFFICE, "waiting": 2, "offered": 0}]));
    let booked = app.staff_get(&format!("/api/v1/appointments/{}", won.first().expect("one"))).await;
    assert_eq!((booked.status, &booked.body["start"]), (200, &json!(START)));
}

#[tokio::test]
async fn a_key_joins_once_and_a_refusal_says_why() {
    let app = TestApp::start().await;
    let body = || wish("Άννα Άλφα", "6944123401");
    app.staff_post("/api/v1/waiting-list", body()).await.refused(409, "still_free");
    take(&app).await;
    let once = || app.staff_post_once("/api/v1/waiting-list", "wait-1", body());
    let (first, again) = (once().await, once().await);
    assert_eq!((first.status, &first.body), (again.status, &again.body), "{}", first.body);
    assert_eq!(first.status, 201);
    app.staff_post("/api/v1/waiting-list", body()).await.refused(409, "already_waits");
    app.staff_post("/api/v1/waiting-list", wish("Νίκος Γεωργίου", "6977111222")).await.refused(409, "limit_reached");
    for (pointer, value) in [
        ("/requester/phone", json!("12")),
        ("/beneficiary/name", json!("  ")),
        ("/windows/0/to", json!("2026-11-23T09:00")),
    ] {
        let mut body = body();
        *body.pointer_mut(pointer).expect("a field") = value;
        app.staff_post("/api/v1/waiting-list", body).await.refused(422, "invalid");
    }
    let mut unknown = body();
    unknown["offices"] = json!(["kep-pouthena"]);
    app.staff_post("/api/v1/waiting-list", unknown).await.refused(404, "not_offered");
    Answer::of(app.request(Method::GET, "/api/v1/waiting-list")).await.refused(401, "unauthorised");
}

#[tokio::test]
async fn one_declines_goes_on_waiting_and_leaves() {
    let app = TestApp::start().await;
    let taken = take(&app).await;
    let (reference, phone) = (join(&app, "Άννα Άλφα", "6944123401").await, "6944123401");
    answer(&app, &reference, "accept", phone).await.refused(409, "hold_expired");
    offer(&app, &taken).await;
    answer(&app, &reference, "decline", "6944123409").await.refused(404, "not_found");
    answer(&app, &taken, "accept", phone).await.refused(404, "not_found");
    let declined = answer(&app, &reference, "decline", phone).await;
    assert_eq!((declined.status, &declined.body["state"]), (200, &json!("waiting")), "{}", declined.body);
    assert_eq!(declined.body["offer"], Value::Null);
    answer(&app, &reference, "decline", phone).await.refused(409, "hold_expired");
    let leave = || app.request(Method::DELETE, &format!("/api/v1/waiting-list/{reference}")).bearer_auth(STAFF);
    for _ in 0..2 {
        assert_eq!(Answer::of(leave()).await.status, 204);
    }
    assert_eq!(counts(&app).await, json!([]));
}

#[tokio::test]
async fn where_another_program_keeps_the_appointments_it_says_who() {
    let core = TestApp::start().await;
    let reach = Availability { url: Some(core.url().to_owned()), token: Some(STAFF.to_owned()), timeout_seconds: 2 };
    let front = TestApp::with_core(&reach).await;
    assert!(front.waiting.is_none());
    front.staff_get("/api/v1/waiting-list").await.refused(409, "desk_elsewhere");
    front.staff_post("/api/v1/waiting-list", wish("Άννα Άλφα", "6944123401")).await.refused(409, "desk_elsewhere");
}
