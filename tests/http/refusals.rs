//! What is refused, and how.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, STAFF, TestApp};

#[tokio::test]
async fn what_the_framework_refuses_has_the_one_shape_too() {
    let app = TestApp::start().await;
    Answer::of(app.request(Method::GET, "/nothing/here")).await.refused(404, "not_found");
    Answer::of(app.request(Method::PUT, "/api/v1/offices")).await.refused(405, "method_not_allowed");
    Answer::of(app.request(Method::GET, "/api/v1/procedures?limit=many")).await.refused(400, "bad_request");
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    app.staff_get("/api/v1/availability?service=no.such&mode=in_person").await.refused(404, "not_offered");
    app.staff_get("/api/v1/availability?service=no.such").await.refused(404, "not_found");
    app.staff_get("/api/v1/appointments/KTA-00000").await.refused(404, "not_found");
    app.staff_get("/api/v1/appointments/nothing").await.refused(404, "not_found");
    app.staff_get("/api/v1/procedures/0").await.refused(404, "not_found");
    let gone = Answer::of(app.request(Method::DELETE, "/api/v1/appointments/nothing").bearer_auth(STAFF)).await;
    gone.refused(404, "not_found");
}

#[tokio::test]
async fn parameters_that_cannot_be_are_refused() {
    let app = TestApp::start().await;
    for query in
        ["", "service=kep.x&mode=letter", "service=kep.x&limit=0", "service=kep.x&limit=501", "service=x&from=αύριο"]
    {
        app.staff_get(&format!("/api/v1/availability?{query}")).await.refused(400, "bad_request");
    }
    let backwards = "service=kep.information-application&from=2026-11-25T00:00&to=2026-11-24T00:00";
    app.staff_get(&format!("/api/v1/availability?{backwards}")).await.refused(422, "invalid");
}

#[tokio::test]
async fn keys_that_cannot_be_are_refused() {
    let app = TestApp::start().await;
    for key in ["", " ", "two words", "a\tb", "κλειδί", "k".repeat(256).as_str()] {
        app.staff_post_once("/api/v1/holds", key, json!({})).await.refused(400, "bad_request");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_are_refused() {
    let app = TestApp::start().await;
    let good = || json!({"hold": "h", "beneficiary": {"name": "Μαρία"}, "requester": {"name": "Μαρία", "phone": "6944123456"}});
    for (pointer, value) in [
        ("/beneficiary/name", json!("  ")),
        ("/beneficiary/name", json!("12")),
        ("/beneficiary/name", json!("α".repeat(121))),
        ("/requester/phone", json!("12345")),
        ("/requester/phone", json!(6_944_123_456_u64)),
        ("/hold", json!(null)),
    ] {
        let mut body = good();
        *body.pointer_mut(pointer).expect("a field") = value;
        app.staff_post("/api/v1/appointments", body).await.refused(422, "invalid");
    }
    for (field, value) in [("relation", json!("friend")), ("unknown", json!(1)), ("on_behalf", json!("yes"))] {
        let mut body = good();
        body[field] = value;
        app.staff_post("/api/v1/appointments", body).await.refused(422, "invalid");
    }
    let hold = json!({"service": "kep.information-application", "office": "kep-kypselis", "mode": "in_person", "start": "αύριο"});
    app.staff_post("/api/v1/holds", hold).await.refused(422, "invalid");
    let closure =
        json!({"office": "kep-kypselis", "from": "2026-11-24T10:00", "to": "2026-11-24T10:00", "reason": "Έργα"});
    app.staff_post("/api/v1/closures", closure).await.refused(422, "invalid");
    let request =
        app.request(Method::POST, "/api/v1/holds").bearer_auth(STAFF).header("Content-Type", "application/json");
    Answer::of(request.body("{")).await.refused(400, "bad_json");
}

#[tokio::test]
async fn only_allowed_origins_may_call_from_a_browser() {
    let app = TestApp::start().await;
    for (origin, allowed) in [("https://www.example.gr", true), ("https://evil.example", false)] {
        let preflight = app
            .request(Method::OPTIONS, "/api/v1/conversations")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,idempotency-key,content-type");
        let answer = preflight.send().await.expect("an answer");
        let said = answer.headers().get("access-control-allow-origin").and_then(|value| value.to_str().ok());
        assert_eq!(said, allowed.then_some(origin));
    }
}

#[tokio::test]
async fn pages_carry_their_policy_and_are_not_sent_twice() {
    let app = TestApp::start().await;
    for path in ["/", "/embedded", "/demo.css", "/favicon.svg", "/widget.js"] {
        let page = app.request(Method::GET, path).send().await.expect("a page");
        assert_eq!(page.status(), 200, "{path}");
        let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let tag = page.headers()["etag"].clone();
        let again = app.request(Method::GET, path).header("If-None-Match", tag).send().await.expect("an answer");
        assert_eq!(again.status(), 304, "{path}");
    }
}
