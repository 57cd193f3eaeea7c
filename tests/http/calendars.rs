//! Calendar feeds over HTTP: made and revoked by staff, followed by whoever has the link; and calendars that are followed.

use reqwest::Method;
use reqwest::header::{ETAG, IF_NONE_MATCH};
use serde_json::{Value, json};

use crate::support::{STAFF, TestApp};

const OFFICE: &str = "kep-kypselis";
const FEEDS: &str = "/api/v1/calendar-feeds";

/// Follows a link, as a calendar program does.
async fn follow(app: &TestApp, url: &str) -> (u16, String, String) {
    let path = url.splitn(4, '/').nth(3).expect("a path");
    let answer = app.request(Method::GET, &format!("/{path}")).send().await.expect("an answer");
    let tag = answer.headers().get(ETAG).map(|tag| tag.to_str().expect("text").to_owned()).unwrap_or_default();
    (answer.status().as_u16(), tag, answer.text().await.expect("text").replace("\r\n ", ""))
}

async fn delete(app: &TestApp, path: &str) -> u16 {
    app.request(Method::DELETE, path).bearer_auth(STAFF).send().await.expect("an answer").status().as_u16()
}

async fn book(app: &TestApp) -> Value {
    let free = app
        .staff_get(&format!("/api/v1/availability?service=kep.information-application&office={OFFICE}&mode=in_person"))
        .await
        .body;
    let slot = &free["slots"][0];
    let wish = json!({ "service": "kep.information-application", "office": OFFICE, "mode": "in_person",
                       "start": slot["start"] });
    let hold = app.staff_post("/api/v1/holds", wish).await.body["hold"].clone();
    let people = json!({ "hold": hold, "on_behalf": false, "beneficiary": { "name": "Μαρία Παπαδοπούλου" },
                         "requester": { "name": "Μαρία Παπαδοπούλου", "phone": "6944123456" } });
    app.staff_post("/api/v1/appointments", people).await.body
}

#[tokio::test]
async fn a_link_follows_appointments_through_their_life_until_it_is_revoked() {
    let app = TestApp::start().await;
    let made = app.staff_post_once(FEEDS, "key-1", json!({ "office": OFFICE })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = app.staff_post_once(FEEDS, "key-1", json!({ "office": OFFICE })).await;
    assert_eq!(made.body, again.body, "the same key gives the same link");
    let url = made.body["url"].as_str().expect("a link");
    let (status, empty_tag, _) = follow(&app, url).await;
    assert_eq!(status, 200);

    let booked = book(&app).await;
    let reference = booked["reference"].as_str().unwrap_or_else(|| panic!("not booked: {booked}"));
    let (_, tag, text) = follow(&app, url).await;
    for expected in
        [format!("UID:{reference}@ariadni"), "STATUS:CONFIRMED".into(), "SEQUENCE:0".into(), "Μαρία Π.".into()]
    {
        assert!(text.contains(&expected), "{expected}: {text}");
    }
    assert!(!text.contains("Παπαδοπούλου") && !text.contains("6944123456"), "{text}");
    assert_ne!(tag, empty_tag);
    let path = url.splitn(4, '/').nth(3).expect("a path");
    let known =
        app.request(Method::GET, &format!("/{path}")).header(IF_NONE_MATCH, &tag).send().await.expect("an answer");
    assert_eq!(known.status(), 304);

    let cancelled = app.request(Method::DELETE, &format!("/api/v1/appointments/{reference}")).bearer_auth(STAFF);
    assert!(cancelled.send().await.expect("an answer").status().is_success());
    let (_, _, text) = follow(&app, url).await;
    assert!(text.contains("STATUS:CANCELLED") && text.contains("SEQUENCE:1"), "{text}");

    let listed = app.staff_get(FEEDS).await.body;
    assert_eq!(listed["feeds"][0]["id"], made.body["id"]);
    assert!(!listed.to_string().contains(path.trim_start_matches("calendar/")), "{listed}");
    let one = format!("{FEEDS}/{}", made.body["id"].as_str().expect("an id"));
    assert_eq!((delete(&app, &one).await, delete(&app, &one).await), (204, 404));
    assert_eq!(follow(&app, url).await.0, 404);
}

#[tokio::test]
async fn a_desk_has_its_own_link_and_guesses_find_nothing() {
    let app = TestApp::start().await;
    let made = app.staff_post(FEEDS, json!({ "office": OFFICE, "resource": "kep-kypselis-1" })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(follow(&app, made.body["url"].as_str().expect("a link")).await.2.contains("X-WR-CALNAME:"));
    let secret = made.body["url"].as_str().expect("a link").rsplit('/').next().expect("a file").to_owned();
    for guess in ["x.ics", &secret[..20], secret.trim_end_matches(".ics"), &secret.to_uppercase()] {
        let answer = app.request(Method::GET, &format!("/calendar/{guess}")).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{guess}");
    }
    for body in [json!({ "office": "nowhere" }), json!({ "office": OFFICE, "resource": "kep-chanion-1" })] {
        assert_eq!(app.staff_post(FEEDS, body).await.status, 404);
    }
}

#[tokio::test]
async fn calendars_are_followed_listed_without_their_secret_and_forgotten() {
    let app = TestApp::start().await;
    let path = "/api/v1/busy-calendars";
    let wish = |url: &str| json!({ "office": OFFICE, "resource": "kep-kypselis-1", "url": url });
    let made = app.staff_post_once(path, "key-1", wish("webcal://cal.example.gr/private-123/basic.ics")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["address"], "https://cal.example.gr/…");
    let again = app.staff_post_once(path, "key-1", wish("webcal://cal.example.gr/private-123/basic.ics")).await;
    assert_eq!(made.body, again.body);
    let listed = app.staff_get(path).await.body;
    assert_eq!(listed["busy_calendars"].as_array().map(Vec::len), Some(1));
    assert!(!listed.to_string().contains("private-123"), "{listed}");
    for url in ["ftp://cal.example.gr/a.ics", "nothing", "https://name:word@cal.example.gr/"] {
        assert_eq!(app.staff_post(path, wish(url)).await.status, 422, "{url}");
    }
    let one = format!("{path}/{}", made.body["id"].as_str().expect("an id"));
    assert_eq!((delete(&app, &one).await, delete(&app, &one).await), (204, 404));
}
