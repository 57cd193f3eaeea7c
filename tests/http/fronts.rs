//! Who speaks, and for whom: officials by name, trusted fronts for a citizen; and what each may do.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, STAFF, TestApp};

const SERVICE: &str = "kep.information-application";
const CITIZEN: [(&str, &str); 2] = [("Ariadni-Channel", "web"), ("Ariadni-Conversation", "c-1")];

async fn call(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
    let mut request = app.request(method, path).bearer_auth(STAFF);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    Answer::of(request).await
}

/// The first free time from a local time on.
async fn free(app: &TestApp, from: &str) -> Value {
    let path = format!("/api/v1/availability?service={SERVICE}&mode=in_person&from={from}&limit=1");
    app.staff_get(&path).await.body["slots"][0].clone()
}

fn booking(slot: &Value) -> Value {
    json!({
        "service": SERVICE, "office": slot["office"], "mode": slot["mode"], "start": slot["start"],
        "beneficiary": {"name": "Μαρία Παπαδοπούλου"},
        "requester": {"name": "Μαρία Παπαδοπούλου", "phone": "6944123456"},
    })
}

#[tokio::test]
async fn a_trusted_front_speaks_for_a_citizen_and_the_limits_of_citizens_hold() {
    let app = TestApp::start().await;
    // Today: inside the 24 hours in which a citizen may change nothing any more.
    let slot = free(&app, "2026-11-23T12:00").await;
    let booked = call(&app, Method::POST, "/api/v1/appointments", &CITIZEN, Some(booking(&slot))).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    let path = format!("/api/v1/appointments/{}", booked.text("reference"));
    let refused = call(&app, Method::DELETE, &path, &CITIZEN, None).await;
    refused.refused(409, "too_late");
    assert!(refused.body["error"]["detail"]["until"].is_string(), "{}", refused.body);
    // The same secret without the headers is that of an official, who may.
    let named = [("Ariadni-Official", "m.nikolaou")];
    let cancelled = call(&app, Method::DELETE, &format!("{path}?reason=by%20phone"), &named, None).await;
    assert_eq!((cancelled.status, &cancelled.body["state"]), (200, &json!("cancelled")), "{}", cancelled.body);
}

#[tokio::test]
async fn what_officials_do_is_not_done_for_a_citizen() {
    let app = TestApp::start().await;
    for path in ["/api/v1/appointments/KTA-00000", "/api/v1/appointments?office=kep-kypselis", "/api/v1/catalogue"] {
        call(&app, Method::GET, path, &CITIZEN, None).await.refused(409, "staff_only");
    }
    let closure = json!({"office": "kep-kypselis", "from": "2026-11-24", "to": "2026-11-25", "reason": "Απεργία"});
    call(&app, Method::POST, "/api/v1/closures", &CITIZEN, Some(closure)).await.refused(409, "staff_only");
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_and_give_nobody_more_rights() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/availability?service={SERVICE}&limit=1");
    let strange: &[&[(&str, &str)]] = &[
        &[("Ariadni-Channel", "staff"), ("Ariadni-Conversation", "c-1")],
        &[("Ariadni-Channel", "system"), ("Ariadni-Conversation", "c-1")],
        &[("Ariadni-Channel", "Web Chat"), ("Ariadni-Conversation", "c-1")],
        &[("Ariadni-Channel", ""), ("Ariadni-Conversation", "c-1")],
        &[("Ariadni-Channel", "web"), ("Ariadni-Conversation", "c 1; DROP")],
        &[("Ariadni-Official", "maria@example.gr")],
        &[("Ariadni-Official", "")],
    ];
    for headers in strange {
        call(&app, Method::GET, &path, headers, None).await.refused(400, "bad_request");
    }
    let contradictory: &[&[(&str, &str)]] = &[
        &[("Ariadni-Channel", "web")],
        &[("Ariadni-Conversation", "c-1")],
        &[CITIZEN[0], CITIZEN[1], ("Ariadni-Official", "m.nikolaou")],
    ];
    for headers in contradictory {
        call(&app, Method::GET, &path, headers, None).await.refused(422, "invalid");
    }
    let long = "n".repeat(65);
    call(&app, Method::GET, &path, &[("Ariadni-Official", long.as_str())], None).await.refused(400, "bad_request");
    let nobody = app.request(Method::GET, &path).header(CITIZEN[0].0, CITIZEN[0].1).header(CITIZEN[1].0, CITIZEN[1].1);
    Answer::of(nobody).await.refused(401, "unauthorised");
}

#[tokio::test]
async fn a_key_of_one_citizen_never_gives_the_answer_of_another() {
    let app = TestApp::start().await;
    let slot = free(&app, "2026-11-24T00:00").await;
    let hold = json!({"service": SERVICE, "office": slot["office"], "mode": slot["mode"], "start": slot["start"]});
    let keyed = |conversation: &'static str| {
        [("Ariadni-Channel", "web"), ("Ariadni-Conversation", conversation), ("Idempotency-Key", "k")]
    };
    let first = call(&app, Method::POST, "/api/v1/holds", &keyed("c-1"), Some(hold.clone())).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = call(&app, Method::POST, "/api/v1/holds", &keyed("c-1"), Some(hold.clone())).await;
    assert_eq!(again.body, first.body);
    call(&app, Method::POST, "/api/v1/holds", &keyed("c-2"), Some(hold)).await.refused(422, "key_reused");
}

#[tokio::test]
async fn the_pair_of_reference_and_telephone_finds_and_nothing_less_does() {
    let app = TestApp::start().await;
    let slot = free(&app, "2026-11-25T00:00").await;
    let booked = app.staff_post("/api/v1/appointments", booking(&slot)).await;
    let reference = booked.text("reference");
    let find = async |reference: &str, phone: &str| {
        let body = json!({"reference": reference, "phone": phone});
        call(&app, Method::POST, "/api/v1/appointments/find", &CITIZEN, Some(body)).await
    };
    assert_eq!(find(&reference, "+30 694 412 3456").await.body, booked.body);
    for (reference, phone) in [(reference.as_str(), "6944123457"), (&reference, "x"), ("KTA-00000", "6944123456")] {
        find(reference, phone).await.refused(404, "not_found");
    }
    app.staff_post("/api/v1/appointments/find", json!({"reference": reference})).await.refused(422, "invalid");
}

#[tokio::test]
async fn cancelling_with_a_key_is_done_once_and_answered_the_same() {
    let app = TestApp::start().await;
    let slot = free(&app, "2026-11-25T00:00").await;
    let booked = app.staff_post("/api/v1/appointments", booking(&slot)).await;
    let path = format!("/api/v1/appointments/{}", booked.text("reference"));
    let key = [("Idempotency-Key", "cancel-1")];
    let first = call(&app, Method::DELETE, &path, &key, None).await;
    let again = call(&app, Method::DELETE, &path, &key, None).await;
    assert_eq!((first.status, &first.body), (200, &again.body));
    assert_eq!(again.status, 200);
    call(&app, Method::DELETE, &format!("{path}?reason=x"), &key, None).await.refused(422, "key_reused");
    call(&app, Method::DELETE, &path, &[], None).await.refused(409, "wrong_state");
    let long = format!("{path}?reason={}", "x".repeat(301));
    call(&app, Method::DELETE, &long, &[], None).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_place_without_a_hold_is_kept_and_booked_in_one_step() {
    let app = TestApp::start().await;
    let slot = free(&app, "2026-11-25T00:00").await;
    let mut body = booking(&slot);
    body["hold"] = json!("h");
    app.staff_post("/api/v1/appointments", body).await.refused(422, "invalid");
    for missing in ["service", "office", "mode", "start"] {
        let mut body = booking(&slot);
        body.as_object_mut().expect("an object").remove(missing);
        app.staff_post("/api/v1/appointments", body).await.refused(422, "invalid");
    }
    for (number, value) in [("afm", "090000046"), ("amka", "01018012340"), ("afm", "12"), ("amka", "")] {
        let mut body = booking(&slot);
        body["beneficiary"][number] = json!(value);
        app.staff_post("/api/v1/appointments", body).await.refused(422, "invalid");
    }
    let mut good = booking(&slot);
    good["beneficiary"]["afm"] = json!("090000045");
    let booked = app.staff_post("/api/v1/appointments", good.clone()).await;
    assert_eq!((booked.status, &booked.body["start"]), (201, &slot["start"]), "{}", booked.body);
    assert!(!booked.body.to_string().contains("090000045"), "the tax number is not told again");
    // By the tax number it is the same beneficiary, whatever the telephone: two such appointments are allowed, no third.
    for (phone, day) in [("2101234567", "2026-11-26"), ("2107654321", "2026-11-27")] {
        let slot = free(&app, &format!("{day}T00:00")).await;
        good["requester"]["phone"] = json!(phone);
        (good["start"], good["office"]) = (slot["start"].clone(), slot["office"].clone());
        let answer = app.staff_post("/api/v1/appointments", good.clone()).await;
        if day == "2026-11-26" {
            assert_eq!(answer.status, 201, "{}", answer.body);
        } else {
            answer.refused(409, "limit_reached");
        }
    }
}

#[tokio::test]
async fn a_hold_that_is_let_go_is_free_again() {
    let app = TestApp::start().await;
    let slot = free(&app, "2026-11-25T00:00").await;
    let body = json!({"service": SERVICE, "office": slot["office"], "mode": slot["mode"], "start": slot["start"]});
    let held = app.staff_post("/api/v1/holds", body.clone()).await;
    let path = format!("/api/v1/holds/{}", held.text("hold"));
    for _ in 0..2 {
        assert_eq!(call(&app, Method::DELETE, &path, &CITIZEN, None).await.status, 204);
    }
    assert_eq!(free(&app, "2026-11-25T00:00").await, slot);
    Answer::of(app.request(Method::DELETE, &path)).await.refused(401, "unauthorised");
    let mut nobody = body;
    nobody["persons"] = json!(0);
    app.staff_post("/api/v1/holds", nobody).await.refused(422, "invalid");
}
