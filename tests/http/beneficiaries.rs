//! The rules about people: how many appointments one may have, until when one may cancel, what happens to a place given back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::small::{Small, WEB, Who, path_of, rules};

const STARTS: [&str; 4] = ["2026-11-24T09:00", "2026-11-24T09:30", "2026-11-24T10:00", "2026-11-24T10:30"];

/// A service with these limits.
async fn with_limits(limits: Value) -> Small {
    Small::with(|catalogue| rules(catalogue)["limits"] = limits).await
}

fn people(name: &str, phone: &str) -> Value {
    json!({"beneficiary": {"name": name}, "requester": {"name": "Ελένη Βλάχου", "phone": phone}, "on_behalf": true})
}

fn client(name: &str) -> Value {
    let mut people = people(name, "6944123456");
    people["relation"] = json!("client");
    people
}

#[tokio::test]
async fn a_limit_is_of_the_beneficiary_and_not_of_the_telephone() {
    let small = with_limits(json!({"per_beneficiary": 1})).await;
    small.booked(WEB, STARTS[0], people("Μαρία Παπαδοπούλου", "6944123456")).await;
    let father = small.booked(WEB, STARTS[1], people("Γιώργος Παπαδόπουλος", "6944123456")).await;
    // The same woman as people write her otherwise.
    small.book(WEB, STARTS[2], people("ΠΑΠΑΔΟΠΟΥΛΟΥ ΜΑΡΙΑ", "6944123456")).await.refused(409, "limit_reached");
    assert_eq!(small.cancel(Who::Staff, &father).await.status, 200);
    small.booked(WEB, STARTS[2], people("Γιώργος Παπαδόπουλος", "6944123456")).await;
    small.wait_until("2026-11-24T08:00:00Z");
    small.booked(WEB, "2026-11-25T09:00", people("Μαρία Παπαδοπούλου", "6944123456")).await;
}

#[tokio::test]
async fn a_tax_number_says_who_it_is_whoever_calls() {
    let small = with_limits(json!({"per_beneficiary": 1})).await;
    let with_number = |name: &str, phone: &str| {
        let mut people = people(name, phone);
        people["beneficiary"]["afm"] = json!("090000045");
        people
    };
    small.booked(WEB, STARTS[0], with_number("Μαρία Παπαδοπούλου", "6944123456")).await;
    small.book(WEB, STARTS[1], with_number("Μ. Παπαδοπούλου", "2101234567")).await.refused(409, "limit_reached");
}

#[tokio::test]
async fn a_professional_books_more_for_a_client_and_without_the_limit_of_callers() {
    let small = with_limits(json!({"per_beneficiary": 1, "per_client": 2, "per_requester": 2})).await;
    small.booked(WEB, STARTS[0], people("Άννα Πολίτη", "6944123456")).await;
    small.booked(WEB, STARTS[1], people("Βάσω Πολίτη", "6944123456")).await;
    small.book(WEB, STARTS[2], people("Γιώτα Πολίτη", "6944123456")).await.refused(409, "limit_reached");
    small.booked(WEB, STARTS[2], client("Δάφνη Πολίτη")).await;
    small.booked(WEB, STARTS[3], client("Δάφνη Πολίτη")).await;
    small.book(WEB, "2026-11-25T09:00", client("Δάφνη Πολίτη")).await.refused(409, "limit_reached");
}

#[tokio::test]
async fn citizens_cancel_and_move_until_the_limit_of_the_service_and_staff_at_any_time() {
    let small = Small::with(|catalogue| rules(catalogue)["cancel_limit_minutes"] = json!(120)).await;
    let (first, second) =
        (small.booked(WEB, STARTS[1], json!({})).await, small.booked(WEB, STARTS[2], json!({})).await);
    small.wait_until("2026-11-24T05:30:00Z");
    assert_eq!(small.cancel(WEB, &first).await.status, 200, "two hours before, to the second");
    small.wait_until("2026-11-24T06:00:01Z");
    small.cancel(WEB, &second).await.refused(409, "too_late");
    let later = json!({"start": "2026-11-25T09:00"});
    let moved = small.call(WEB, Method::POST, &format!("{}/reschedule", path_of(&second)), Some(later)).await;
    moved.refused(409, "too_late");
    small.wait_until("2026-11-24T08:10:00Z");
    assert_eq!(small.cancel(Who::Staff, &second).await.body["state"], "cancelled", "while it goes on");
}

#[tokio::test]
async fn a_place_given_back_stays_shut_for_a_time_by_lot_unless_staff_gave_it_back() {
    let small = Small::with(|c| rules(c)["cooldown"] = json!({"from_minutes": 10, "to_minutes": 60})).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..8 {
        let booked = small.booked(WEB, "2026-11-26T09:00", json!({})).await;
        assert_eq!(small.cancel(WEB, &booked).await.status, 200);
        let mut minutes = 0;
        while small.times("2026-11-26").await.first().is_none_or(|start| start != "09:00") {
            small.hold(WEB, "2026-11-26T09:00", json!({})).await.refused(409, "slot_taken");
            small.app.clock.advance(chrono::TimeDelta::minutes(1));
            minutes += 1;
            assert!(minutes <= 61, "still shut after an hour");
        }
        assert!(minutes >= 10, "open after {minutes} minutes");
        seen.insert(minutes);
    }
    assert!(seen.len() > 1, "the same time each time: {seen:?}");
    let booked = small.booked(WEB, "2026-11-26T09:00", json!({})).await;
    assert_eq!(small.cancel(Who::Staff, &booked).await.status, 200);
    assert_eq!(small.times("2026-11-26").await.len(), 4);
}
