//! Every POST is done once for a key: sent again because the line broke, it gives the first answer and does nothing more.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::small::{DESK, OFFICE, SERVICE, Small, Who, office, path_of, rules};
use crate::support::Answer;

/// One that only reads, and the two of a conversation, which have tests of their own in `conversations.rs`.
const ELSEWHERE: [&str; 3] =
    ["/api/v1/appointments/find", "/api/v1/conversations", "/api/v1/conversations/{id}/messages"];

/// Posts twice with one key and gives the answer; notes the route.
struct Twice<'a> {
    small: &'a Small,
    routes: BTreeSet<String>,
}

impl Twice<'_> {
    async fn post(&mut self, route: &str, parts: &[&str], body: Value) -> Value {
        let mut path = route.to_owned();
        for part in parts {
            let (from, to) = (path.find('{').expect("a part"), path.find('}').expect("its end"));
            path.replace_range(from..=to, part);
        }
        let first = self.small.app.staff_post_once(&path, route, body.clone()).await;
        assert!((200..300).contains(&first.status), "{path}: {}", first.body);
        let again = self.small.app.staff_post_once(&path, route, body).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
        self.routes.insert(route.to_owned());
        first.body
    }
}

fn people(name: &str) -> Value {
    json!({"beneficiary": {"name": name}, "requester": {"name": name, "phone": "6944123456"}})
}

fn with(mut body: Value, more: &Value) -> Value {
    let more = more.as_object().expect("an object").clone();
    body.as_object_mut().expect("an object").extend(more);
    body
}

/// The routes of the description that are posted to.
async fn described(small: &Small) -> BTreeSet<String> {
    let description = Answer::of(small.app.request(Method::GET, "/openapi.json")).await.body;
    let paths = description["paths"].as_object().expect("paths").iter();
    paths.filter(|(_, calls)| calls["post"].is_object()).map(|(path, _)| path.clone()).collect()
}

#[tokio::test]
async fn every_post_is_done_once_for_a_key() {
    let small = Small::with(|catalogue| {
        rules(catalogue)["series_most"] = json!(2);
        office(catalogue)["opening"][0]["to"] = json!("19:00");
    })
    .await;
    let mut twice = Twice { small: &small, routes: BTreeSet::new() };
    let place = |start: &str| json!({"service": SERVICE, "office": OFFICE, "mode": "in_person", "start": start});
    let held = twice.post("/api/v1/holds", &[], place("2026-11-24T09:00")).await;
    let booking = with(json!({"hold": held["hold"]}), &people("Μαρία Παπαδοπούλου"));
    let one = twice.post("/api/v1/appointments", &[], booking).await;
    let reference = one["reference"].as_str().expect("a reference");
    twice.post("/api/v1/appointments/{reference}/reschedule", &[reference], json!({"start": "2026-11-24T10:00"})).await;
    assert_eq!(small.app.staff_get(&path_of(&one)).await.body["start"], "2026-11-24T10:00");

    let which = json!({"which": {"references": [reference]}, "to": {"minutes": 30}, "reason": "Αλλαγή βάρδιας"});
    twice.post("/api/v1/appointments/transfer", &[], which).await;
    assert_eq!(small.app.staff_get(&path_of(&one)).await.body["start"], "2026-11-24T10:30", "moved once");

    let closure = json!({
        "office": OFFICE, "from": "2026-11-24", "to": "2026-11-24T23:59", "reason": "Απεργία", "propose": true,
    });
    let closed = twice.post("/api/v1/closures", &[], closure).await;
    let id = closed["id"].as_str().expect("an id");
    twice.post("/api/v1/closures/{id}/proposals", &[id], json!({})).await;
    twice.post("/api/v1/appointments/{reference}/proposal", &[reference], json!({"accept": true})).await;

    let series = with(place("2026-11-25T12:00"), &people("Νίκος Γεωργίου"));
    twice.post("/api/v1/series", &[], with(series, &json!({"count": 2}))).await;
    assert_eq!(
        small.app.staff_get("/api/v1/appointments?from=2026-11-25&to=2026-11-26").await.body["appointments"]
            .as_array()
            .map(|all| all.iter().filter(|a| a["beneficiary"]["name"] == "Νίκος Γεωργίου").count()),
        Some(1)
    );

    the_day_itself(&small, &mut twice).await;
    the_waiting_list(&small, &mut twice).await;

    twice.post("/api/v1/calendar-feeds", &[], json!({"office": OFFICE})).await;
    let calendar = json!({"office": OFFICE, "resource": DESK, "url": "https://calendar.example.gr/busy.ics"});
    twice.post("/api/v1/busy-calendars", &[], calendar).await;
    let described = described(&small).await;
    let others: BTreeSet<&str> = described.difference(&twice.routes).map(String::as_str).collect();
    assert_eq!(others, BTreeSet::from(ELSEWHERE), "posted to nowhere in this test");
}

async fn the_day_itself(small: &Small, twice: &mut Twice<'_>) {
    let booked = async |start: &str, name: &str| {
        let booked = small.booked(Who::Staff, start, people(name)).await;
        booked["reference"].as_str().expect("a reference").to_owned()
    };
    let (comes, stays_away) =
        (booked("2026-11-23T12:00", "Άννα Πολίτη").await, booked("2026-11-23T12:30", "Βάσω Πολίτη").await);
    small.app.clock.advance(TimeDelta::hours(4));
    for doing in ["check-in", "start", "finish"] {
        twice.post(&format!("/api/v1/appointments/{{reference}}/{doing}"), &[&comes], json!({})).await;
    }
    twice.post("/api/v1/appointments/{reference}/missed", &[&stays_away], json!({"who": "citizen"})).await;
}

async fn the_waiting_list(small: &Small, twice: &mut Twice<'_>) {
    let (yes, no) = ("2026-12-01T09:00", "2026-12-02T09:00");
    let mut taken = Vec::new();
    for start in [yes, no] {
        taken.push(small.booked(Who::Staff, start, people("Άννα Πολίτη")).await);
    }
    let wish = |start: &str, name: &str| {
        let windows = json!([{"from": start, "to": start}]);
        let wish = json!({"service": SERVICE, "offices": [OFFICE], "mode": "in_person", "windows": windows});
        with(wish, &people(name))
    };
    let joined = twice.post("/api/v1/waiting-list", &[], wish(yes, "Γιώτα Πολίτη")).await;
    let other = small.app.staff_post("/api/v1/waiting-list", wish(no, "Δάφνη Πολίτη")).await.body;
    for appointment in &taken {
        assert_eq!(small.cancel(Who::Staff, appointment).await.status, 200);
    }
    let list = small.app.waiting.as_ref().expect("a waiting list");
    assert_eq!(list.offer_free().await, Ok(2));
    let phone = json!({"phone": "6944123456"});
    for (how, wait) in [("accept", joined), ("decline", other)] {
        let reference = wait["reference"].as_str().expect("a reference");
        twice.post(&format!("/api/v1/waiting-list/{{reference}}/{how}"), &[reference], phone.clone()).await;
    }
}
