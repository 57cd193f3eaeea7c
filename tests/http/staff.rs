//! Section 4 of the contract over HTTP: the life of an appointment in the hands of staff.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, STAFF, TestApp};

const SERVICE: &str = "kep.information-application";

/// Free times of the service at one office, from Tuesday.
async fn free(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/availability?service={SERVICE}&mode=in_person&from=2026-11-24T00:00&limit=20{query}");
    let answer = app.staff_get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["slots"].as_array().expect("slots").clone()
}

/// An office with free times.
async fn office(app: &TestApp) -> String {
    free(app, "").await[0]["office"].as_str().expect("an office").to_owned()
}

fn hold_of(slot: &Value) -> Value {
    json!({"service": SERVICE, "office": slot["office"], "mode": slot["mode"], "start": slot["start"]})
}

fn booking(hold: &str, name: &str) -> Value {
    json!({
        "hold": hold,
        "beneficiary": {"name": name},
        "requester": {"name": "Νίκος Παπαδόπουλος", "phone": "+30 694 412 3456", "email": "nikos@example.gr"},
        "on_behalf": true,
        "relation": "mother",
    })
}

async fn book(app: &TestApp, slot: &Value, name: &str) -> Answer {
    let held = app.staff_post("/api/v1/holds", hold_of(slot)).await;
    assert_eq!(held.status, 201, "{}", held.body);
    let booked = app.staff_post("/api/v1/appointments", booking(&held.text("hold"), name)).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    booked
}

#[tokio::test]
async fn an_appointment_lives_from_search_to_cancellation() {
    let app = TestApp::start().await;
    let slots = free(&app, &format!("&office={}", office(&app).await)).await;
    let (first, second) = (&slots[0], &slots[1]);
    let booked = book(&app, first, "Μαρία Παπαδοπούλου").await;
    assert_eq!(booked.body["start"], first["start"]);
    assert_eq!(booked.body["end"], first["end"]);
    assert_eq!(booked.body["state"], "booked");
    assert_eq!(booked.body["beneficiary"], json!({"name": "Μαρία Παπαδοπούλου"}));
    assert_eq!(booked.body["requester"]["phone"], "6944123456");
    assert_eq!(booked.body["relation"], "mother");

    let path = format!("/api/v1/appointments/{}", booked.text("reference"));
    assert_eq!(app.staff_get(&path).await.body, booked.body);
    let moved = app.staff_post(&format!("{path}/reschedule"), json!({"start": second["start"]})).await;
    assert_eq!((moved.status, &moved.body["start"]), (200, &second["start"]), "{}", moved.body);
    assert_eq!(moved.body["reference"], booked.body["reference"]);

    let cancel = || Answer::of(app.request(Method::DELETE, &path).bearer_auth(STAFF));
    let cancelled = cancel().await;
    assert_eq!((cancelled.status, &cancelled.body["state"]), (200, &json!("cancelled")), "{}", cancelled.body);
    cancel().await.refused(409, "wrong_state");
    assert_eq!(free(&app, &format!("&office={}", first["office"].as_str().expect("an office"))).await, slots);
}

#[tokio::test]
async fn the_last_desk_is_given_once() {
    let app = TestApp::start().await;
    let slot = free(&app, "").await[0].clone();
    for _ in 0..slot["free"].as_u64().expect("a number") {
        assert_eq!(app.staff_post("/api/v1/holds", hold_of(&slot)).await.status, 201);
    }
    app.staff_post("/api/v1/holds", hold_of(&slot)).await.refused(409, "slot_taken");
    let now_free = free(&app, &format!("&office={}", slot["office"].as_str().expect("an office"))).await;
    assert_ne!(now_free[0]["start"], slot["start"]);
}

#[tokio::test]
async fn a_key_does_a_thing_once_and_only_that_thing() {
    let app = TestApp::start().await;
    let slots = free(&app, &format!("&office={}", office(&app).await)).await;
    let once = |slot: Value| app.staff_post_once("/api/v1/holds", "hold-1", hold_of(&slot));
    let (first, again) = tokio::join!(once(slots[0].clone()), once(slots[0].clone()));
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.status, 201, "{}", first.body);
    once(slots[1].clone()).await.refused(422, "key_reused");
    // A refusal is an answer too.
    let nothing = json!({"hold": "no-such-hold", "beneficiary": {"name": "Α"}, "requester": {"name": "Α", "phone": "2101234567"}});
    for _ in 0..2 {
        app.staff_post_once("/api/v1/appointments", "book-1", nothing.clone()).await.refused(409, "hold_expired");
    }
}

#[tokio::test]
async fn an_office_that_closes_says_whom_to_tell_and_offers_nothing() {
    let app = TestApp::start().await;
    let slot = free(&app, "").await[0].clone();
    let booked = book(&app, &slot, "Μαρία Παπαδοπούλου").await;
    let day = slot["start"].as_str().expect("a start").split('T').next().expect("a day").to_owned();
    let closure =
        json!({"office": slot["office"], "from": day, "to": format!("{day}T23:59"), "reason": "Διακοπή ρεύματος"});
    let closed = app.staff_post("/api/v1/closures", closure).await;
    assert_eq!(closed.status, 201, "{}", closed.body);
    assert_eq!(closed.body["appointments"][0]["reference"], booked.body["reference"]);
    let office = slot["office"].as_str().expect("an office");
    assert!(free(&app, &format!("&office={office}&to={day}T23:59")).await.is_empty());
    app.staff_post("/api/v1/holds", hold_of(&slot)).await.refused(409, "closed");
}

#[tokio::test]
async fn staff_calls_need_a_secret() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/availability?service={SERVICE}");
    Answer::of(app.request(Method::GET, &path)).await.refused(401, "unauthorised");
    for wrong in ["", "a-staff", "a-staff-secret-and-more", "A-STAFF-SECRET"] {
        Answer::of(app.request(Method::GET, &path).bearer_auth(wrong)).await.refused(401, "unauthorised");
    }
    let answer = Answer::of(app.request(Method::GET, &path).header("Authorization", format!("bearer {STAFF}"))).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn every_mode_is_searched_when_none_is_named_and_times_are_read_with_an_offset_too() {
    let app = TestApp::start().await;
    let path = |from: &str| format!("/api/v1/availability?service={SERVICE}&from={from}&limit=100");
    let local = app.staff_get(&path("2026-11-24T10:00")).await;
    let offset = app.staff_get(&path("2026-11-24T10:00:00%2B02:00")).await;
    assert_eq!(local.body, offset.body);
    let slots = local.body["slots"].as_array().expect("slots");
    let modes: std::collections::BTreeSet<_> = slots.iter().map(|slot| slot["mode"].as_str()).collect();
    assert!(modes.len() > 1, "{modes:?}");
    let starts: Vec<_> = slots.iter().map(|slot| slot["start"].as_str().expect("a start")).collect();
    assert!(starts.is_sorted() && starts[0] >= "2026-11-24T10:00", "{starts:?}");
}
