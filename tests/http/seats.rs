//! The rules that say who serves an appointment, how many at once, and how long they are busy with it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::small::{DESK, OFFICE, SERVICE, Small, WEB, Who, office, rules, second_desk};

const TUESDAY: &str = "2026-11-24";
const NINE: &str = "2026-11-24T09:00";

/// The resource that serves a booking.
async fn served_by(small: &Small, who: Who, start: &str, more: Value) -> String {
    small.booked(who, start, more).await["resource"].as_str().expect("a resource").to_owned()
}

#[tokio::test]
async fn buffers_of_service_and_desk_stack_before_and_after() {
    let small = Small::with(|catalogue| {
        office(catalogue)["opening"][0]["every_minutes"] = json!(5);
        rules(catalogue)["buffer"] = json!({"before_minutes": 10, "after_minutes": 5});
        office(catalogue)["resources"][0]["buffer"] = json!({"before_minutes": 15, "after_minutes": 10});
    })
    .await;
    assert_eq!(small.times(TUESDAY).await[0], "09:00", "before the opening there is nobody to disturb");
    // 09:00–09:30 and a quarter of an hour after it; then 25 minutes before the next.
    let first = small.booked(WEB, NINE, json!({})).await;
    assert_eq!(first["end"], "2026-11-24T09:30", "people are told their own time");
    assert_eq!(small.times(TUESDAY).await, ["10:10", "10:15", "10:20", "10:25", "10:30"]);
    small.hold(WEB, "2026-11-24T10:05", json!({})).await.refused(409, "slot_taken");
    let later = small.booked(WEB, "2026-11-25T10:10", json!({})).await;
    assert_eq!(later["start"], "2026-11-25T10:10");
    // 40 minutes from the end of one to the beginning of the next on that side too: 15 after, 25 before.
    assert_eq!(small.times("2026-11-25").await, ["09:00"]);
}

#[tokio::test]
async fn a_buffer_reaches_over_midnight() {
    let night = |before: u32, after: u32| {
        Small::with(move |catalogue| {
            rules(catalogue)["buffer"] = json!({"before_minutes": before, "after_minutes": after});
            office(catalogue)["opening"] = json!([
                {"days": ["tue"], "from": "22:00", "to": "23:00"}, {"days": ["wed"], "from": "00:00", "to": "02:00"},
            ]);
        })
    };
    let small = night(120, 0).await;
    small.booked(WEB, "2026-11-24T22:30", json!({})).await;
    assert_eq!(small.times("2026-11-25").await, ["01:00", "01:30"], "two hours from eleven at night");
    let small = night(0, 120).await;
    small.booked(WEB, "2026-11-25T00:00", json!({})).await;
    assert_eq!(small.times(TUESDAY).await, Vec::<String>::new(), "until one at night the desk is busy after 22:30");
    assert_eq!(small.why(TUESDAY).await, "fully_booked");
    small.hold(WEB, "2026-11-24T22:00", json!({})).await.refused(409, "slot_taken");
}

#[tokio::test]
async fn each_further_person_takes_more_minutes() {
    let small = Small::with(|catalogue| {
        rules(catalogue)["party"] = json!({"most": 3, "each": {"minutes": 15}});
        office(catalogue)["opening"][0]["every_minutes"] = json!(15);
    })
    .await;
    let for_three = format!("mode=in_person&window={TUESDAY}&persons=3");
    assert_eq!(small.times_of(WEB, &for_three).await, ["09:00", "09:15", "09:30", "09:45", "10:00"]);
    let family = small.booked(WEB, NINE, json!({"persons": 3})).await;
    assert_eq!((&family["end"], &family["persons"]), (&json!("2026-11-24T10:00"), &json!(3)));
    assert_eq!(small.times(TUESDAY).await, ["10:00", "10:15", "10:30"]);
    small.hold(WEB, "2026-11-24T10:00", json!({"persons": 4})).await.refused(422, "invalid");
    assert!(small.times_of(WEB, "mode=in_person&persons=4").await.is_empty());
}

#[tokio::test]
async fn each_further_person_takes_a_desk() {
    let small = Small::with(|catalogue| {
        second_desk(catalogue);
        rules(catalogue)["party"] = json!({"most": 2, "each": "desk"});
    })
    .await;
    small.booked(WEB, NINE, json!({})).await;
    let for_two = format!("mode=in_person&window={TUESDAY}&persons=2");
    assert_eq!(small.times_of(WEB, &for_two).await, ["09:30", "10:00", "10:30"]);
    small.hold(WEB, NINE, json!({"persons": 2})).await.refused(409, "slot_taken");
    small.booked(WEB, "2026-11-24T09:30", json!({"persons": 2})).await;
    assert_eq!(small.times(TUESDAY).await, ["09:00", "10:00", "10:30"]);
}

#[tokio::test]
async fn a_service_is_served_by_those_who_can_in_the_modes_and_services_of_each() {
    let small = Small::with(|catalogue| {
        second_desk(catalogue);
        catalogue["services"][0]["skills"] = json!(["notary"]);
        office(catalogue)["resources"][1]["skills"] = json!(["notary"]);
    })
    .await;
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [4], "one of the two has learned it");
    assert_eq!(served_by(&small, WEB, NINE, json!({})).await, "kep-patreon-2");
    small
        .change(|catalogue| {
            catalogue["services"][0]["skills"] = json!([]);
            office(catalogue)["resources"][1]["modes"] = json!(["video"]);
        })
        .await;
    assert_eq!(served_by(&small, WEB, "2026-11-25T09:00", json!({})).await, DESK);
    small.hold(WEB, "2026-11-25T09:00", json!({})).await.refused(409, "slot_taken");
    small
        .change(|catalogue| {
            let mut other = catalogue["services"][0].clone();
            other["id"] = json!("kep.other");
            catalogue["services"].as_array_mut().expect("services").push(other);
            office(catalogue)["services"] = json!([SERVICE, "kep.other"]);
            office(catalogue)["resources"][1]["modes"] = json!([]);
            office(catalogue)["resources"][0]["services"] = json!(["kep.other"]);
        })
        .await;
    assert_eq!(served_by(&small, WEB, "2026-11-26T09:00", json!({})).await, "kep-patreon-2");
    small.hold(WEB, "2026-11-26T09:00", json!({})).await.refused(409, "slot_taken");
}

#[tokio::test]
async fn who_needs_sign_language_is_served_by_somebody_who_signs() {
    let small = Small::with(|catalogue| {
        second_desk(catalogue);
        office(catalogue)["resources"][1]["languages"] = json!(["gss"]);
    })
    .await;
    let signed = format!("mode=in_person&window={TUESDAY}&language=gss");
    assert_eq!(small.times_of(WEB, &signed).await.len(), 4);
    assert_eq!(served_by(&small, WEB, NINE, json!({"language": "gss"})).await, "kep-patreon-2");
    assert_eq!(small.times_of(WEB, &signed).await, ["09:30", "10:00", "10:30"]);
    small.hold(WEB, NINE, json!({"language": "gss"})).await.refused(409, "slot_taken");
    small.hold(WEB, NINE, json!({"language": "fr"})).await.refused(409, "nobody_serves");
    let nobody = small.search(WEB, "mode=in_person&language=fr").await;
    assert_eq!(nobody["empty_because"]["code"], "nobody_serves", "{nobody}");
}

#[tokio::test]
async fn a_citizen_chooses_the_employee_only_where_the_office_lets_them_and_never_a_hidden_one() {
    let small = Small::with(|catalogue| {
        second_desk(catalogue);
        for resource in office(catalogue)["resources"].as_array_mut().expect("resources") {
            resource["kind"] = json!("employee");
        }
    })
    .await;
    let second = || json!({"employee": "kep-patreon-2"});
    small.hold(WEB, NINE, second()).await.refused(409, "nobody_serves");
    assert_eq!(served_by(&small, Who::Staff, NINE, second()).await, "kep-patreon-2", "an official may");
    small.change(|catalogue| office(catalogue)["choose_employee"] = json!(true)).await;
    assert_eq!(served_by(&small, WEB, "2026-11-25T09:00", second()).await, "kep-patreon-2");
    small.hold(WEB, "2026-11-25T09:00", second()).await.refused(409, "slot_taken");
    assert_eq!(served_by(&small, WEB, "2026-11-25T09:00", json!({})).await, DESK);
    small.change(|catalogue| office(catalogue)["resources"][1]["hidden"] = json!(true)).await;
    small.hold(WEB, "2026-11-26T09:00", second()).await.refused(409, "nobody_serves");
    let told = small.call(WEB, Method::GET, &format!("/api/v1/employees?office={OFFICE}"), None).await;
    let ids: Vec<_> = told.body["employees"].as_array().expect("a list").iter().map(|e| e["id"].clone()).collect();
    assert_eq!(ids, [json!(DESK)]);
}

#[tokio::test]
async fn work_goes_to_whoever_has_least_that_day_and_then_that_week() {
    let small = Small::with(second_desk).await;
    let mut served = Vec::new();
    for start in ["2026-11-24T09:00", "2026-11-24T09:30", "2026-11-24T10:00", "2026-11-25T09:00", "2026-11-25T09:30"] {
        served.push(served_by(&small, WEB, start, json!({})).await);
    }
    // Tuesday in turn: 1, 2, 1. On Wednesday nobody has anything yet, but the first has more in that week.
    let in_turn = [DESK, "kep-patreon-2", DESK, "kep-patreon-2", DESK];
    assert_eq!(served, in_turn);
    // The day comes before the week: the first has three on Tuesday, the second one on Wednesday.
    let given = async |start: &str, desk: &str| served_by(&small, Who::Staff, start, json!({"employee": desk})).await;
    for start in ["2026-12-01T09:00", "2026-12-01T09:30", "2026-12-01T10:00"] {
        given(start, DESK).await;
    }
    given("2026-12-02T09:00", "kep-patreon-2").await;
    assert_eq!(served_by(&small, WEB, "2026-12-02T09:30", json!({})).await, DESK);
}
