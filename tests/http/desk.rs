//! What officials do over HTTP: lists, the day itself, moves of many, closures and what is proposed then, series, the trail.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, STAFF, TestApp};

const SERVICE: &str = "kep.information-application";
const OFFICE: &str = "kep-kypselis";

async fn delete(app: &TestApp, path: &str) -> Answer {
    Answer::of(app.request(Method::DELETE, path).bearer_auth(STAFF)).await
}

/// Books the first free time from a local time on; gives the appointment.
async fn book(app: &TestApp, from: &str, name: &str) -> Value {
    let path = format!("/api/v1/availability?service={SERVICE}&mode=in_person&office={OFFICE}&from={from}&limit=1");
    let slot = app.staff_get(&path).await.body["slots"][0].clone();
    let body = json!({
        "service": SERVICE, "office": OFFICE, "mode": "in_person", "start": slot["start"],
        "beneficiary": {"name": name}, "requester": {"name": name, "phone": "6944123456"},
    });
    let booked = app.staff_post("/api/v1/appointments", body).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    booked.body
}

fn path(appointment: &Value, rest: &str) -> String {
    format!("/api/v1/appointments/{}{rest}", appointment["reference"].as_str().expect("a reference"))
}

#[tokio::test]
async fn an_appointment_is_followed_through_its_day_and_the_trail_tells_all_of_it() {
    let app = TestApp::start().await;
    let appointment = book(&app, "2026-11-23T12:00", "Μαρία Παπαδοπούλου").await;
    app.staff_post(&path(&appointment, "/finish"), json!({})).await.refused(409, "wrong_state");
    for (doing, state) in [("/check-in", "checked_in"), ("/start", "started"), ("/finish", "completed")] {
        let marked = app.staff_post_once(&path(&appointment, doing), doing, json!({})).await;
        assert_eq!((marked.status, &marked.body["state"]), (200, &json!(state)), "{}", marked.body);
        // Sent again because the line broke.
        let again = app.staff_post_once(&path(&appointment, doing), doing, json!({})).await;
        assert_eq!(again.body, marked.body);
    }
    app.staff_post(&path(&appointment, "/check-in"), json!({})).await.refused(409, "wrong_state");
    let trail = app.staff_get(&path(&appointment, "/trail")).await;
    let lines = trail.body["lines"].as_array().expect("lines");
    let actions: Vec<_> = lines.iter().filter_map(|line| line["action"].as_str()).collect();
    for action in ["booked", "checked_in", "started", "completed"] {
        assert!(actions.contains(&action), "no {action} in {actions:?}");
    }
    assert!(lines.iter().all(|line| line["actor"] == "api-1" && line["actor_kind"] == "staff"), "{lines:?}");
    assert!(!trail.body.to_string().contains("Παπαδοπούλου"), "{}", trail.body);
    app.staff_get("/api/v1/appointments/nothing/trail").await.refused(404, "not_found");
}

#[tokio::test]
async fn who_did_not_come_is_written_down_once_the_time_has_come() {
    let app = TestApp::start().await;
    let (one, other) = (
        book(&app, "2026-11-23T12:00", "Μαρία Παπαδοπούλου").await,
        book(&app, "2026-11-23T12:00", "Νίκος Γεωργίου").await,
    );
    let citizen = json!({"who": "citizen"});
    app.staff_post(&path(&one, "/missed"), citizen.clone()).await.refused(409, "too_soon");
    app.clock.advance(TimeDelta::hours(5));
    assert_eq!(app.staff_post(&path(&one, "/missed"), citizen).await.body["state"], "missed");
    let office = json!({"who": "office", "reason": "Ασθένεια"});
    assert_eq!(app.staff_post(&path(&other, "/missed"), office).await.body["state"], "missed");
    let trail = app.staff_get(&path(&other, "/trail")).await.body.to_string();
    assert!(trail.contains("office: Ασθένεια"), "{trail}");
    for wrong in [json!({}), json!({"who": "nobody"}), json!({"who": "citizen", "reason": "x".repeat(301)})] {
        app.staff_post(&path(&one, "/missed"), wrong).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn a_list_has_what_was_asked_for_and_nothing_else() {
    let app = TestApp::start().await;
    let first = book(&app, "2026-11-24T00:00", "Μαρία Παπαδοπούλου").await;
    let second = book(&app, "2026-11-25T00:00", "Νίκος Γεωργίου").await;
    assert_eq!(delete(&app, &path(&second, "")).await.status, 200);
    let list = async |query: &str| {
        let answer = app.staff_get(&format!("/api/v1/appointments?{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["appointments"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|a| a["reference"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(list(&format!("office={OFFICE}")).await, [&first["reference"], &second["reference"]].map(Value::clone));
    assert_eq!(list(&format!("office={OFFICE}&state=booked,checked_in")).await, [first["reference"].clone()]);
    assert_eq!(list("from=2026-11-25&to=2026-11-26").await, [second["reference"].clone()]);
    assert_eq!(list(&format!("resource={}", first["resource"].as_str().expect("a desk"))).await[0], first["reference"]);
    assert!(list("office=kep-larisas").await.is_empty());
    for wrong in ["from=2026-11-26&to=2026-11-25", "state=gone", "from=αύριο"] {
        app.staff_get(&format!("/api/v1/appointments?{wrong}")).await.refused(400, "bad_request");
    }
}

#[tokio::test]
async fn a_dry_run_says_who_would_go_where_and_moves_nobody() {
    let app = TestApp::start().await;
    let appointment = book(&app, "2026-11-24T00:00", "Μαρία Παπαδοπούλου").await;
    let body = |dry_run: bool, days: i32| {
        json!({
            "which": {"office": OFFICE, "from": "2026-11-24", "to": "2026-11-25"}, "to": {"days": days},
            "reason": "Απεργία", "dry_run": dry_run,
        })
    };
    let plan = app.staff_post("/api/v1/appointments/transfer", body(true, 7)).await;
    assert_eq!((plan.status, &plan.body["done"]), (200, &json!(false)), "{}", plan.body);
    assert_eq!(plan.body["moved"][0]["appointment"]["reference"], appointment["reference"]);
    assert!(plan.body["moved"][0]["start"].as_str().is_some_and(|start| start.starts_with("2026-12-01T")));
    assert_eq!(app.staff_get(&path(&appointment, "")).await.body, appointment);
    // On a Sunday there is no place: nobody is moved, and the plan says who is hurt.
    let hurt = app.staff_post("/api/v1/appointments/transfer", body(false, 5)).await;
    hurt.refused(409, "somebody_hurt");
    assert_eq!(hurt.body["error"]["detail"]["hurt"][0]["appointment"]["reference"], appointment["reference"]);
    let moved = app.staff_post("/api/v1/appointments/transfer", body(false, 7)).await;
    assert_eq!((moved.status, &moved.body["done"]), (200, &json!(true)), "{}", moved.body);
    let now = app.staff_get(&path(&appointment, "")).await.body;
    assert_eq!(now["start"], plan.body["moved"][0]["start"]);
    for wrong in [
        json!({"which": {}, "reason": "Απεργία"}),
        json!({"which": {"office": OFFICE}, "reason": " "}),
        json!({"which": {"references": ["nothing"]}, "reason": "Απεργία"}),
        json!({"which": {"office": OFFICE, "from": "2026-11-25", "to": "2026-11-24"}, "reason": "Απεργία"}),
        json!({"which": {"office": OFFICE}, "to": {"days": 10_000}, "reason": "Απεργία"}),
    ] {
        app.staff_post("/api/v1/appointments/transfer", wrong).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn a_closure_proposes_new_places_that_are_taken_or_let_go_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let (yes, no) = (
        book(&app, "2026-11-25T00:00", "Μαρία Παπαδοπούλου").await,
        book(&app, "2026-11-25T00:00", "Νίκος Γεωργίου").await,
    );
    let closure = json!({"office": OFFICE, "from": "2026-11-25", "to": "2026-11-26", "reason": "Διακοπή ρεύματος", "propose": true});
    let closed = app.staff_post_once("/api/v1/closures", "close-1", closure.clone()).await;
    assert_eq!((closed.status, &closed.body["proposed"]), (201, &json!(true)), "{}", closed.body);
    let hurt = closed.body["appointments"].as_array().expect("appointments");
    assert!(hurt.len() == 2 && hurt.iter().all(|a| a["proposal"]["start"].is_string()), "{}", closed.body);
    assert_eq!(app.staff_post_once("/api/v1/closures", "close-1", closure).await.body, closed.body);

    let accepted = app.staff_post(&path(&yes, "/proposal"), json!({"accept": true})).await;
    let proposed =
        |of: &Value| hurt.iter().find(|a| a["reference"] == of["reference"]).expect("hurt")["proposal"].clone();
    assert_eq!((accepted.status, &accepted.body["start"]), (200, &proposed(&yes)["start"]), "{}", accepted.body);
    let declined = app.staff_post(&path(&no, "/proposal"), json!({"accept": false})).await;
    assert_eq!((declined.status, &declined.body["proposal"]), (200, &Value::Null), "{}", declined.body);
    app.staff_post(&path(&no, "/proposal"), json!({"accept": true})).await.refused(409, "hold_expired");
    app.staff_post(&path(&no, "/proposal"), json!({})).await.refused(422, "invalid");

    let listed = app.staff_get(&format!("/api/v1/closures?office={OFFICE}")).await;
    let id = closed.text("id");
    assert!(
        listed.body["closures"].as_array().is_some_and(|all| all.iter().any(|c| c["id"] == id.as_str())),
        "{}",
        listed.body
    );
    let proposals = app.staff_post(&format!("/api/v1/closures/{id}/proposals"), json!({})).await;
    assert_eq!(proposals.status, 200, "{}", proposals.body);
    assert_eq!(delete(&app, &format!("/api/v1/closures/{id}")).await.status, 204);
    delete(&app, &format!("/api/v1/closures/{id}")).await.refused(404, "not_found");
    app.staff_post("/api/v1/closures/nothing/proposals", json!({})).await.refused(404, "not_found");
    app.staff_get("/api/v1/closures?office=nowhere").await.refused(404, "not_offered");
}

#[tokio::test]
async fn a_series_is_booked_as_a_whole_or_not_at_all_and_cancelled_as_a_whole() {
    let app = TestApp::start().await;
    let catalogue = app.staff_get("/api/v1/catalogue").await.body;
    let services = catalogue["services"].as_array().expect("services");
    let service =
        services.iter().find(|s| s["rules"]["series_most"].as_u64() > Some(1)).expect("a service with series");
    let (id, mode) = (service["id"].as_str().expect("an id"), service["modes"][0]["mode"].as_str().expect("a mode"));
    let search = format!("/api/v1/availability?service={id}&mode={mode}&from=2026-11-24&limit=1");
    let slot = app.staff_get(&search).await.body["slots"][0].clone();
    let body = |count: u32| {
        json!({
            "service": id, "office": slot["office"], "mode": mode, "start": slot["start"], "count": count,
            "beneficiary": {"name": "Μαρία Παπαδοπούλου"},
            "requester": {"name": "Μαρία Παπαδοπούλου", "phone": "6944123456"},
        })
    };
    app.staff_post("/api/v1/series", body(53)).await.refused(422, "invalid");
    let booked = app.staff_post_once("/api/v1/series", "series-1", body(2)).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    let of_it = booked.body["appointments"].as_array().expect("appointments");
    assert!(of_it.len() == 2 && of_it.iter().all(|a| a["series"] == booked.body["series"]), "{}", booked.body);
    assert_eq!(app.staff_post_once("/api/v1/series", "series-1", body(2)).await.body, booked.body);
    let cancelled = delete(&app, &format!("/api/v1/series/{}?reason=x", booked.text("series"))).await;
    let gone = cancelled.body["appointments"].as_array().expect("appointments");
    assert!(gone.len() == 2 && gone.iter().all(|a| a["state"] == "cancelled"), "{}", cancelled.body);
    delete(&app, "/api/v1/series/nothing").await.refused(404, "not_found");
}

#[tokio::test]
async fn nothing_of_it_is_done_without_a_secret() {
    let app = TestApp::start().await;
    let appointment = book(&app, "2026-11-23T12:00", "Μαρία Παπαδοπούλου").await;
    let calls = [
        (Method::GET, "/api/v1/appointments".to_owned()),
        (Method::GET, path(&appointment, "/trail")),
        (Method::POST, path(&appointment, "/check-in")),
        (Method::POST, path(&appointment, "/missed")),
        (Method::POST, path(&appointment, "/proposal")),
        (Method::POST, "/api/v1/appointments/transfer".to_owned()),
        (Method::GET, format!("/api/v1/closures?office={OFFICE}")),
        (Method::DELETE, "/api/v1/closures/x".to_owned()),
        (Method::POST, "/api/v1/closures/x/proposals".to_owned()),
        (Method::POST, "/api/v1/series".to_owned()),
        (Method::DELETE, "/api/v1/series/x".to_owned()),
    ];
    for (method, path) in calls {
        Answer::of(app.request(method, &path).json(&json!({}))).await.refused(401, "unauthorised");
    }
    assert_eq!(app.staff_get(&path(&appointment, "")).await.body, appointment);
}
