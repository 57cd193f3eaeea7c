//! The catalogue changed while the server runs: staff put another in force, and everything goes by it from then on.

use ariadni::booking::catalogue::Catalogue;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, STAFF, TestApp};

const PATH: &str = "/api/v1/catalogue";
const SERVICE: &str = "kep.information-application";

/// The catalogue in force.
async fn catalogue(app: &TestApp) -> Value {
    let answer = app.staff_get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn put(app: &TestApp, query: &str, catalogue: &Value) -> Answer {
    Answer::of(app.request(Method::PUT, &format!("{PATH}{query}")).bearer_auth(STAFF).json(catalogue)).await
}

/// Puts the catalogue in force with some changes made to it.
async fn change(app: &TestApp, with: impl FnOnce(&mut Value)) -> Answer {
    let mut changed = catalogue(app).await;
    with(&mut changed);
    let answer = put(app, "", &changed).await;
    assert_eq!((answer.status, &answer.body["in_force"]), (200, &json!(true)), "{}", answer.body);
    let read = |document: &Value| Catalogue::parse(&document.to_string()).expect("a sound catalogue");
    assert!(read(&catalogue(app).await) == read(&changed), "what was put is what is read");
    answer
}

/// A part of a catalogue by its id.
fn part<'a>(catalogue: &'a mut Value, kind: &str, id: &str) -> &'a mut Value {
    let parts = catalogue[kind].as_array_mut().expect("a list");
    parts.iter_mut().find(|part| part["id"] == id).expect("there is one")
}

async fn starts(app: &TestApp, office: &str) -> Vec<String> {
    let path = format!("/api/v1/availability?service={SERVICE}&mode=in_person&office={office}&limit=500");
    let answer = app.staff_get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let slots = answer.body["slots"].as_array().expect("slots");
    slots.iter().map(|slot| slot["start"].as_str().expect("a start").to_owned()).collect()
}

async fn book(app: &TestApp, office: &str, start: &str) -> String {
    let place = json!({"service": SERVICE, "office": office, "mode": "in_person", "start": start});
    let hold = app.staff_post("/api/v1/holds", place).await;
    assert_eq!(hold.status, 201, "{}", hold.body);
    let people = json!({
        "hold": hold.text("hold"),
        "beneficiary": {"name": "Μαρία Παπαδοπούλου"},
        "requester": {"name": "Μαρία Παπαδοπούλου", "phone": "6944123456"},
        "on_behalf": false,
    });
    let booked = app.staff_post("/api/v1/appointments", people).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    booked.text("reference")
}

#[tokio::test]
async fn the_next_search_goes_by_new_hours_and_new_places() {
    let app = TestApp::start().await;
    let before = starts(&app, "kep-larisas").await;
    assert!(before.iter().any(|start| start.starts_with("2026-11-24T08:00")), "{before:?}");
    change(&app, |catalogue| {
        let office = part(catalogue, "offices", "kep-larisas");
        office["opening"] = json!([{"days": ["thu"], "from": "10:00", "to": "12:00"}]);
    })
    .await;
    let after = starts(&app, "kep-larisas").await;
    assert!(!after.is_empty() && after.iter().all(|start| ("10:00".."12:00").contains(&&start[11..])), "{after:?}");
    assert_eq!(after[0], "2026-11-26T10:00");
    change(&app, |catalogue| {
        part(catalogue, "offices", "kep-larisas")["services"]
            .as_array_mut()
            .expect("services")
            .retain(|s| s != SERVICE);
    })
    .await;
    let gone = format!("/api/v1/availability?service={SERVICE}&mode=in_person&office=kep-larisas");
    app.staff_get(&gone).await.refused(404, "not_offered");
}

#[tokio::test]
async fn the_next_search_goes_by_a_new_horizon_and_a_new_share() {
    let app = TestApp::start().await;
    let before = starts(&app, "kep-larisas").await;
    assert!(before.iter().any(|start| start.as_str() >= "2026-11-26"), "{before:?}");
    change(&app, |catalogue| part(catalogue, "services", SERVICE)["rules"]["horizon_days"] = json!(2)).await;
    // Staff are bound by shares, not by horizons; a front speaks for a citizen.
    let path = format!("/api/v1/availability?service={SERVICE}&mode=in_person&office=kep-larisas&limit=500");
    let as_citizen = async || {
        let request = app.request(Method::GET, &path).bearer_auth(STAFF);
        Answer::of(request.header("Ariadni-Channel", "web").header("Ariadni-Conversation", "c-1")).await.body
    };
    let near = as_citizen().await;
    let slots = near["slots"].as_array().expect("slots");
    assert!(slots.iter().all(|slot| slot["start"].as_str().expect("a start") < "2026-11-26"), "{near}");
    assert!(!slots.is_empty());
    change(&app, |catalogue| {
        part(catalogue, "offices", "kep-larisas")["quotas"] = json!([{"channels": ["web"], "most": {"places": 0}}]);
    })
    .await;
    let kept = as_citizen().await;
    assert_eq!((&kept["slots"], &kept["empty_because"]["code"]), (&json!([]), &json!("kept_for_others")), "{kept}");
}

#[tokio::test]
async fn what_stands_keeps_standing_and_is_named_beforehand() {
    let app = TestApp::start().await;
    let reference = book(&app, "kep-larisas", "2026-11-25T10:00").await;
    let other = book(&app, "kep-patreon", "2026-11-25T10:00").await;
    let mut smaller = catalogue(&app).await;
    smaller["offices"].as_array_mut().expect("offices").retain(|office| office["id"] != "kep-larisas");
    let tried = put(&app, "?check=true", &smaller).await;
    assert_eq!((tried.status, &tried.body["in_force"]), (200, &json!(false)), "{}", tried.body);
    let expected = json!([{
        "reference": reference, "service": SERVICE, "office": "kep-larisas", "mode": "in_person",
        "start": "2026-11-25T10:00", "because": "office_gone",
    }]);
    assert_eq!(tried.body["unfit"], expected);
    assert!(!starts(&app, "kep-larisas").await.is_empty(), "a trial changes nothing");

    let put = put(&app, "", &smaller).await;
    assert_eq!((put.status, &put.body["unfit"]), (200, &expected), "{}", put.body);
    for reference in [&reference, &other] {
        let found = app.staff_get(&format!("/api/v1/appointments/{reference}")).await;
        assert_eq!((found.status, &found.body["state"]), (200, &json!("booked")), "{}", found.body);
    }
    let path = format!("/api/v1/appointments/{reference}");
    let moved = app.staff_post(&format!("{path}/reschedule"), json!({"start": "2026-11-26T10:00"})).await;
    moved.refused(404, "not_offered");
    let cancelled = Answer::of(app.request(Method::DELETE, &path).bearer_auth(STAFF)).await;
    assert_eq!((cancelled.status, &cancelled.body["state"]), (200, &json!("cancelled")), "{}", cancelled.body);
}

#[tokio::test]
async fn an_appointment_whose_office_and_service_are_gone_is_told_in_whole_sentences() {
    let app = TestApp::start().await;
    let reference = book(&app, "kep-larisas", "2026-11-25T10:00").await;
    change(&app, |catalogue| {
        for (kind, id) in [("offices", "kep-larisas"), ("services", SERVICE)] {
            catalogue[kind].as_array_mut().expect("a list").retain(|part| part["id"] != id);
        }
        for office in catalogue["offices"].as_array_mut().expect("offices") {
            office["services"].as_array_mut().expect("services").retain(|service| service != SERVICE);
        }
    })
    .await;
    let talk = app.talk().await;
    talk.send(json!({"text": "πότε είναι το ραντεβού μου;"})).await;
    talk.send(json!({"text": reference})).await;
    let told = talk.send(json!({"text": "6944123456"})).await;
    let said = told.body["replies"].to_string();
    assert_eq!(told.body["events"][0]["type"], "appointment_found", "{}", told.body);
    assert!(said.contains("την υπηρεσία που είχατε διαλέξει"), "{said}");
    assert!(!said.contains("για ,") && !said.contains("  ") && !said.contains("None"), "{said}");
}

#[tokio::test]
async fn a_conversation_begun_before_goes_on_and_understands_the_new_names() {
    let app = TestApp::start().await;
    let talk = app.talk().await;
    let asked = talk.send(json!({"text": "θέλω ραντεβού στο ΚΕΠ για πληροφορίες, με φυσική παρουσία"})).await;
    assert_eq!(asked.body["awaiting"], "office", "{}", asked.body);
    let unknown = talk.send(json!({"text": "στο ΚΕΠ Καισαριανής"})).await;
    assert_eq!(unknown.body["slots"].get("office"), None, "{}", unknown.body);
    change(&app, |catalogue| {
        let mut office = part(catalogue, "offices", "kep-larisas").clone();
        office["id"] = json!("kep-kaisarianis");
        office["name"] = json!("ΚΕΠ Καισαριανής");
        office["at"] = json!("στο ΚΕΠ Καισαριανής");
        office["aliases"] = json!(["ΚΕΠ Καισαριανή"]);
        office["municipality"] = json!("Καισαριανή");
        for (number, resource) in (1..).zip(office["resources"].as_array_mut().expect("resources")) {
            resource["id"] = json!(format!("kep-kaisarianis-{number}"));
        }
        catalogue["offices"].as_array_mut().expect("offices").push(office);
    })
    .await;
    let understood = talk.send(json!({"text": "στο ΚΕΠ Καισαριανής"})).await;
    assert_eq!(understood.body["slots"]["office"], "kep-kaisarianis", "{}", understood.body);
    for text in ["αύριο στις δέκα", "για μένα", "Ελένη Βλάχου", "6944123456"] {
        talk.send(json!({"text": text})).await;
    }
    let booked = talk.send(json!({"text": "ναι"})).await;
    let event = &booked.body["events"][0];
    assert_eq!(event["type"], "appointment_booked", "{}", booked.body);
    assert_eq!((&event["office"], &event["start"]), (&json!("kep-kaisarianis"), &json!("2026-11-24T10:00")));
}

#[tokio::test]
async fn a_copy_is_kept_by_its_tag_and_nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::start().await;
    let get = |tag: &str| app.request(Method::GET, PATH).bearer_auth(STAFF).header("If-None-Match", tag);
    let first = get("\"nothing\"").send().await.expect("an answer");
    assert_eq!(first.status(), 200);
    let tag = first.headers()["etag"].to_str().expect("text").to_owned();
    let same = get(&tag).send().await.expect("an answer");
    assert_eq!((same.status().as_u16(), same.headers()["etag"].to_str().expect("text")), (304, tag.as_str()));
    let mut changed = first.json::<Value>().await.expect("JSON");
    part(&mut changed, "offices", "kep-larisas")["phone"] = json!("2413500281");
    let put =
        |catalogue: &Value| app.request(Method::PUT, PATH).bearer_auth(STAFF).header("If-Match", &tag).json(catalogue);
    let done = Answer::of(put(&changed)).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(format!("\"{}\"", done.text("digest")), get(&tag).send().await.expect("an answer").headers()["etag"]);
    Answer::of(put(&changed)).await.refused(412, "overtaken");
}

#[tokio::test]
async fn a_catalogue_that_does_not_hold_together_is_refused_whole_and_a_trial_names_every_line() {
    let app = TestApp::start().await;
    let before = catalogue(&app).await;
    let mut broken = before.clone();
    part(&mut broken, "services", SERVICE)["rules"]["horizon_days"] = json!(0);
    part(&mut broken, "offices", "kep-larisas")["walk_in_percent"] = json!(91);
    put(&app, "", &broken).await.refused(422, "invalid_catalogue");
    let tried = put(&app, "?check=true", &broken).await;
    let problems: Vec<(&str, &str)> = tried.body["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|p| (p["id"].as_str().expect("an id"), p["message"].as_str().expect("a message")))
        .collect();
    let expected = [
        (SERVICE, "horizon_days is not between 1 and 730"),
        (SERVICE, "lead_minutes exceeds the horizon"),
        ("kep-larisas", "walk_in_percent is not between 0 and 90"),
    ];
    assert_eq!(problems, expected, "{}", tried.body);
    let yaml =
        app.request(Method::PUT, &format!("{PATH}?check=true")).bearer_auth(STAFF).body("offices: []\nofices: []\n");
    let unread = Answer::of(yaml.header("Content-Type", "application/yaml")).await;
    assert_eq!(unread.body["problems"][0]["line"], 2, "{}", unread.body);
    assert_eq!(catalogue(&app).await, before);
    let nobody = Answer::of(app.request(Method::PUT, PATH).json(&before)).await;
    nobody.refused(401, "unauthorised");
    Answer::of(app.request(Method::GET, PATH)).await.refused(401, "unauthorised");
}

#[tokio::test]
async fn yaml_as_operators_write_it_is_taken_too() {
    let app = TestApp::start().await;
    let sound = include_str!("../catalogue/sound.yaml");
    let request = app.request(Method::PUT, PATH).bearer_auth(STAFF).header("Content-Type", "application/yaml");
    let answer = Answer::of(request.body(sound)).await;
    assert_eq!((answer.status, &answer.body["in_force"]), (200, &json!(true)), "{}", answer.body);
    assert_eq!(catalogue(&app).await["offices"].as_array().expect("offices").len(), 1);
}
