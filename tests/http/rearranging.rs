//! What staff and citizens change: transfers to another day, hour, desk or office, moves that lose, series, and keys on every call.

use reqwest::Method;
use serde_json::{Value, json};

use crate::small::{DESK, OFFICE, SERVICE, Small, WEB, Who, office, path_of, rules, second_desk};

const NINE: &str = "2026-11-24T09:00";

/// A town with two offices of two desks each.
async fn two_offices() -> Small {
    Small::with(|catalogue| {
        second_desk(catalogue);
        let mut other = office(catalogue).clone();
        other["id"] = json!("kep-larisas");
        other["name"] = json!("ΚΕΠ Λάρισας");
        other["at"] = json!("στο ΚΕΠ Λάρισας");
        other["municipality"] = json!("Λάρισα");
        for (number, resource) in (1..).zip(other["resources"].as_array_mut().expect("resources")) {
            resource["id"] = json!(format!("kep-larisas-{number}"));
        }
        catalogue["offices"].as_array_mut().expect("offices").push(other);
        rules(catalogue)["series_most"] = json!(3);
    })
    .await
}

async fn transfer(small: &Small, which: Value, to: Value) -> Value {
    let body = json!({"which": which, "to": to, "reason": "Αλλαγή βάρδιας"});
    let done = small.app.staff_post("/api/v1/appointments/transfer", body).await;
    assert_eq!((done.status, &done.body["done"]), (200, &json!(true)), "{}", done.body);
    done.body
}

/// Where an appointment is: start, office, desk.
async fn place(small: &Small, appointment: &Value) -> [String; 3] {
    let found = small.app.staff_get(&path_of(appointment)).await.body;
    ["start", "office", "resource"].map(|key| found[key].as_str().expect("text").to_owned())
}

#[tokio::test]
async fn staff_move_one_or_many_to_another_day_hour_desk_or_office() {
    let small = two_offices().await;
    let one = small.booked(WEB, NINE, json!({})).await;
    let other = small.booked(WEB, NINE, json!({"beneficiary": {"name": "Νίκος Γεωργίου"}})).await;
    assert_eq!(place(&small, &one).await, [NINE, OFFICE, DESK]);
    assert_eq!(place(&small, &other).await, [NINE, OFFICE, "kep-patreon-2"]);
    let this = json!({"references": [one["reference"]]});
    transfer(&small, this.clone(), json!({"days": 1})).await;
    assert_eq!(place(&small, &one).await, ["2026-11-25T09:00", OFFICE, DESK], "the same hour, the next day");
    assert_eq!(place(&small, &other).await[0], NINE, "only the one that was named");
    transfer(&small, this.clone(), json!({"minutes": 30})).await;
    assert_eq!(place(&small, &one).await, ["2026-11-25T09:30", OFFICE, DESK]);
    transfer(&small, this.clone(), json!({"start": "2026-11-26T10:00"})).await;
    assert_eq!(place(&small, &one).await, ["2026-11-26T10:00", OFFICE, DESK]);
    transfer(&small, this.clone(), json!({"resource": "kep-patreon-2"})).await;
    assert_eq!(place(&small, &one).await, ["2026-11-26T10:00", OFFICE, "kep-patreon-2"]);
    transfer(&small, this, json!({"office": "kep-larisas"})).await;
    assert_eq!(place(&small, &one).await, ["2026-11-26T10:00", "kep-larisas", "kep-larisas-1"]);
    let all = json!({"from": "2026-11-24", "to": "2026-11-28"});
    let moved = transfer(&small, all, json!({"days": 7})).await;
    assert_eq!(moved["moved"].as_array().map(Vec::len), Some(2), "{moved}");
    assert_eq!(place(&small, &one).await[0], "2026-12-03T10:00");
    assert_eq!(place(&small, &other).await[0], "2026-12-01T09:00");
}

#[tokio::test]
async fn a_transfer_to_the_nearest_time_takes_what_is_free_that_day() {
    let small = Small::with(|_| ()).await;
    let one = small.booked(WEB, NINE, json!({})).await;
    small.booked(WEB, "2026-11-25T09:00", json!({"beneficiary": {"name": "Νίκος Γεωργίου"}})).await;
    let body = |nearest: bool| {
        json!({
            "which": {"references": [one["reference"]]}, "to": {"days": 1, "nearest_time": nearest},
            "reason": "Αλλαγή βάρδιας",
        })
    };
    let hurt = small.app.staff_post("/api/v1/appointments/transfer", body(false)).await;
    hurt.refused(409, "somebody_hurt");
    assert_eq!(place(&small, &one).await[0], NINE, "nobody is moved when somebody is hurt");
    let moved = small.app.staff_post("/api/v1/appointments/transfer", body(true)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(place(&small, &one).await[0], "2026-11-25T09:30");
}

#[tokio::test]
async fn a_move_that_is_lost_leaves_everything_as_it_was() {
    let small = Small::with(|_| ()).await;
    let one = small.booked(WEB, NINE, json!({})).await;
    small.booked(WEB, "2026-11-24T10:00", json!({"beneficiary": {"name": "Νίκος Γεωργίου"}})).await;
    let path = format!("{}/reschedule", path_of(&one));
    let lost = small.call(WEB, Method::POST, &path, Some(json!({"start": "2026-11-24T10:00"}))).await;
    lost.refused(409, "slot_taken");
    assert_eq!(small.app.staff_get(&path_of(&one)).await.body, one);
    small.hold(WEB, NINE, json!({})).await.refused(409, "slot_taken");
    let won = small.call(WEB, Method::POST, &path, Some(json!({"start": "2026-11-24T10:30"}))).await;
    assert_eq!((won.status, &won.body["start"]), (200, &json!("2026-11-24T10:30")), "{}", won.body);
    assert_eq!(small.hold(WEB, NINE, json!({})).await.status, 201);
}

#[tokio::test]
async fn a_series_has_no_more_visits_than_its_service_allows_and_is_booked_whole() {
    let small = two_offices().await;
    let series = |count: u32| {
        json!({
            "service": SERVICE, "office": OFFICE, "mode": "in_person", "start": NINE, "count": count,
            "beneficiary": {"name": "Μαρία Παπαδοπούλου"},
            "requester": {"name": "Μαρία Παπαδοπούλου", "phone": "6944123456"},
        })
    };
    small.app.staff_post("/api/v1/series", series(4)).await.refused(422, "invalid");
    for _ in 0..2 {
        small.booked(Who::Staff, "2026-12-08T09:00", json!({})).await;
    }
    small.app.staff_post("/api/v1/series", series(3)).await.refused(409, "slot_taken");
    assert_eq!(small.days(Who::Staff, "2026-11-24", "2026-11-24").await, [8 * 2], "at both offices nothing is taken");
    let booked = small.app.staff_post("/api/v1/series", series(2)).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
}

#[tokio::test]
async fn somebody_who_comes_is_noted_on_the_day_and_in_order() {
    let small = Small::with(|_| ()).await;
    let appointment = small.booked(WEB, NINE, json!({})).await;
    let mark = async |what: &str| {
        let body = if what == "missed" { json!({"who": "citizen"}) } else { json!({}) };
        small.app.staff_post(&format!("{}/{what}", path_of(&appointment)), body).await
    };
    mark("check-in").await.refused(409, "too_soon");
    small.wait_until("2026-11-23T22:00:00Z");
    mark("missed").await.refused(409, "too_soon");
    mark("finish").await.refused(409, "wrong_state");
    for (what, state) in [("check-in", "checked_in"), ("start", "started"), ("finish", "completed")] {
        assert_eq!(mark(what).await.body["state"], state);
    }
    mark("missed").await.refused(409, "wrong_state");
}
