//! The rules that say when an office serves, each seen from outside: what a citizen is offered with the rule and without it.

use serde_json::json;

use crate::small::{DESK, SERVICE, Small, WEB, Who, office, rules, second_desk};

const TUESDAY: &str = "2026-11-24";
const WEDNESDAY: &str = "2026-11-25";
const THURSDAY: &str = "2026-11-26";
const DECEMBER: &str = "2026-12-18";

#[tokio::test]
async fn hours_hold_from_their_first_day_to_their_last() {
    let small = Small::with(|catalogue| {
        office(catalogue)["opening"][0]["valid_from"] = json!(WEDNESDAY);
        office(catalogue)["opening"][0]["valid_to"] = json!(THURSDAY);
    })
    .await;
    assert_eq!(small.days(WEB, TUESDAY, "2026-11-27").await, [0, 4, 4, 0]);
    assert_eq!(small.why(TUESDAY).await, "outside_hours");
}

#[tokio::test]
async fn every_second_week_is_counted_from_the_first_day() {
    let small = Small::with(|catalogue| {
        office(catalogue)["opening"][0]["days"] = json!(["thu"]);
        office(catalogue)["opening"][0]["valid_from"] = json!(WEDNESDAY);
        office(catalogue)["opening"][0]["recurrence"] = json!({"every_weeks": 2});
    })
    .await;
    let thursdays = [THURSDAY, "2026-12-03", "2026-12-10", "2026-12-17"];
    for (thursday, free) in thursdays.into_iter().zip([4, 0, 4, 0]) {
        assert_eq!(small.times(thursday).await.len(), free, "{thursday}");
    }
}

#[tokio::test]
async fn a_week_of_the_month_and_its_last_one() {
    let small = Small::with(|catalogue| {
        office(catalogue)["municipality"] = json!("Λάρισα");
        office(catalogue)["opening"][0]["days"] = json!(["mon"]);
        office(catalogue)["opening"][0]["recurrence"] = json!({"weeks_of_month": [1]});
    })
    .await;
    let mondays = ["2026-11-30", "2026-12-07", "2026-12-14"];
    let free = async || {
        let mut free = Vec::new();
        for monday in mondays {
            free.push(small.times(monday).await.len());
        }
        free
    };
    assert_eq!(free().await, [0, 4, 0], "the first Monday of December");
    small.change(|c| office(c)["opening"][0]["recurrence"] = json!({"weeks_of_month": [-1]})).await;
    assert_eq!(free().await, [4, 0, 0], "the last Monday of November");
    small.change(|c| office(c)["opening"][0]["recurrence"] = json!({})).await;
    assert_eq!(free().await, [4, 4, 4]);
}

#[tokio::test]
async fn parts_of_a_day_add_up_and_are_for_the_modes_and_services_they_name() {
    let small = Small::with(|catalogue| {
        let mut other = catalogue["services"][0].clone();
        other["id"] = json!("kep.other");
        catalogue["services"].as_array_mut().expect("services").push(other);
        office(catalogue)["services"] = json!([SERVICE, "kep.other"]);
        let days = json!(["tue"]);
        office(catalogue)["opening"] = json!([
            {"days": days, "from": "09:00", "to": "10:00"},
            {"days": days, "from": "12:00", "to": "13:00", "modes": ["video"]},
            {"days": days, "from": "15:00", "to": "16:00", "services": ["kep.other"]},
            {"days": days, "from": "18:00", "to": "18:30"},
        ]);
    })
    .await;
    assert_eq!(small.times(TUESDAY).await, ["09:00", "09:30", "18:00"]);
    let by_video = small.times_of(WEB, &format!("mode=video&window={TUESDAY}")).await;
    assert_eq!(by_video, ["09:00", "09:30", "12:00", "12:30", "18:00"]);
    small.hold(WEB, "2026-11-24T12:00", json!({})).await.refused(409, "not_a_slot");
    small.hold(WEB, "2026-11-24T15:00", json!({})).await.refused(409, "not_a_slot");
    assert_eq!(small.hold(WEB, "2026-11-24T12:00", json!({"mode": "video"})).await.status, 201);
    assert_eq!(small.hold(WEB, "2026-11-24T15:00", json!({"service": "kep.other"})).await.status, 201);
}

#[tokio::test]
async fn nobody_is_served_in_a_break_or_into_one() {
    let small = Small::with(|catalogue| {
        office(catalogue)["opening"][0]["breaks"] = json!([{"from": "09:45", "to": "10:00"}]);
    })
    .await;
    assert_eq!(small.times(TUESDAY).await, ["09:00", "10:00", "10:30"]);
    small.hold(WEB, "2026-11-24T09:30", json!({})).await.refused(409, "not_a_slot");
}

#[tokio::test]
async fn a_service_may_take_several_slots_of_the_grid() {
    let small = Small::with(|catalogue| office(catalogue)["opening"][0]["every_minutes"] = json!(10)).await;
    assert_eq!(small.times(TUESDAY).await.len(), 10, "09:00, 09:10, … 10:30");
    small.booked(WEB, "2026-11-24T09:20", json!({})).await;
    assert_eq!(small.times(TUESDAY).await, ["09:50", "10:00", "10:10", "10:20", "10:30"]);
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [2], "one after the other: 09:50 and 10:20");
}

#[tokio::test]
async fn a_public_holiday_shuts_and_says_its_name() {
    let small = Small::with(|catalogue| rules(catalogue)["horizon_days"] = json!(60)).await;
    let found = small.search(WEB, "mode=in_person&window=2026-12-25").await;
    assert_eq!((&found["slots"], &found["empty_because"]["detail"]), (&json!([]), &json!("Χριστούγεννα")));
    small.hold(WEB, "2026-12-25T09:00", json!({})).await.refused(409, "closed");
    assert_eq!(small.times("2026-12-23").await.len(), 4);
}

#[tokio::test]
async fn a_patron_saint_shuts_the_offices_of_his_town_unless_they_have_a_list_of_their_own() {
    let small = Small::with(|_| ()).await;
    let saint_andrew = "mode=in_person&window=2026-11-30";
    let found = small.search(WEB, saint_andrew).await;
    assert_eq!(found["empty_because"]["code"], "holiday", "{found}");
    assert!(
        found["empty_because"]["message_el"].as_str().is_some_and(|text| text.contains("Άγιος Ανδρέας")),
        "{found}"
    );
    small.change(|catalogue| office(catalogue)["municipality"] = json!("Λάρισα")).await;
    assert_eq!(small.times_of(WEB, saint_andrew).await.len(), 4, "elsewhere it is a day like any other");
    let own = json!([{"month": 11, "day": 24, "name": "Αγία Αικατερίνη"}]);
    small.change(|catalogue| office(catalogue)["local_holidays"] = own).await;
    assert_eq!((small.why(TUESDAY).await, small.times(WEDNESDAY).await.len()), (json!("holiday"), 4));
}

#[tokio::test]
async fn leave_takes_one_desk_and_a_sudden_closure_all_of_them() {
    let small = Small::with(second_desk).await;
    let held = small.hold(WEB, "2026-11-25T09:00", json!({})).await;
    assert_eq!(held.status, 201, "{}", held.body);
    small.close(TUESDAY, Some(DESK)).await;
    assert_eq!(small.days(WEB, TUESDAY, THURSDAY).await, [4, 7, 8]);
    let booked = small.booked(WEB, "2026-11-24T09:00", json!({})).await;
    assert_eq!(booked["resource"], "kep-patreon-2");
    small.hold(WEB, "2026-11-24T09:00", json!({})).await.refused(409, "slot_taken");
    small.close(WEDNESDAY, None).await;
    assert_eq!(small.why(WEDNESDAY).await, "closed");
    small.hold(WEB, "2026-11-25T09:30", json!({})).await.refused(409, "closed");
    let people = json!({
        "hold": held.text("hold"), "beneficiary": {"name": "Άννα Πολίτη"},
        "requester": {"name": "Άννα Πολίτη", "phone": "6944123456"},
    });
    small.app.staff_post("/api/v1/appointments", people).await.refused(409, "hold_expired");
}

#[tokio::test]
async fn a_special_day_opens_on_a_holiday_and_over_a_closure_but_not_over_leave() {
    let special = json!([{"date": DECEMBER, "from": "16:00", "to": "17:00"}]);
    let small = Small::with(|catalogue| {
        second_desk(catalogue);
        office(catalogue)["local_holidays"] = json!([{"month": 12, "day": 18, "name": "Άγιος Σεβαστιανός"}]);
    })
    .await;
    assert_eq!(small.why(DECEMBER).await, "holiday");
    small.change(|catalogue| office(catalogue)["special_days"] = special).await;
    assert_eq!(small.times(DECEMBER).await, ["16:00", "16:30"]);
    small.close(DECEMBER, None).await;
    assert_eq!(small.days(WEB, DECEMBER, DECEMBER).await, [4], "both desks");
    let first = small.booked(WEB, "2026-12-18T16:00", json!({})).await;
    assert_eq!(first["resource"], DESK);
    small.close(DECEMBER, Some("kep-patreon-2")).await;
    assert_eq!(small.times(DECEMBER).await, ["16:30"], "the second desk is on leave");
    small.hold(WEB, "2026-12-18T16:00", json!({})).await.refused(409, "slot_taken");
}

#[tokio::test]
async fn the_least_and_the_most_lead_are_those_of_the_service_and_for_citizens_only() {
    let small = Small::with(|catalogue| {
        rules(catalogue)["lead_minutes"] = json!(60);
        rules(catalogue)["horizon_days"] = json!(2);
    })
    .await;
    let today = "2026-11-23";
    assert_eq!(small.times(today).await, ["10:00", "10:30"]);
    small.hold(WEB, "2026-11-23T09:30", json!({})).await.refused(409, "too_soon");
    small.hold(WEB, "2026-11-26T09:00", json!({})).await.refused(409, "beyond_horizon");
    assert_eq!(small.days(WEB, WEDNESDAY, THURSDAY).await, [4, 0]);
    assert_eq!(small.why(THURSDAY).await, "beyond_horizon");
    assert_eq!(small.times_of(Who::Staff, &format!("mode=in_person&window={today}")).await.len(), 4);
    assert_eq!(small.hold(Who::Staff, "2026-11-23T09:00", json!({})).await.status, 201);
    assert_eq!(small.hold(Who::Staff, "2026-11-26T09:00", json!({})).await.status, 201);
}

#[tokio::test]
async fn one_day_more_opens_each_day_at_its_hour() {
    let small = Small::with(|catalogue| {
        rules(catalogue)["horizon_days"] = json!(2);
        rules(catalogue)["release"] = json!({"daily": {"at": "12:00"}});
    })
    .await;
    // Monday, nine o'clock: the last release was on Sunday.
    assert_eq!(small.days(WEB, TUESDAY, WEDNESDAY).await, [4, 0]);
    let shut = small.search(WEB, &format!("mode=in_person&window={WEDNESDAY}")).await;
    let why = (&shut["empty_because"]["code"], &shut["empty_because"]["opens_at"], &shut["next_release"]);
    let noon = json!("2026-11-23T12:00");
    assert_eq!(why, (&json!("not_yet_open"), &noon, &noon), "{shut}");
    assert!(shut["empty_because"]["message_el"].as_str().is_some_and(|text| text.contains("ανοίγουν")), "{shut}");
    small.hold(WEB, "2026-11-25T09:00", json!({})).await.refused(409, "not_yet_open");
    assert_eq!(small.hold(Who::Staff, "2026-11-25T09:00", json!({})).await.status, 201, "staff need not wait");
    let in_a_year = "2027-11-24T09:00";
    assert_eq!(small.hold(Who::Staff, in_a_year, json!({})).await.status, 201, "366 days from today, not yesterday");
    small.wait_until("2026-11-23T10:00:00Z");
    assert_eq!(small.days(WEB, WEDNESDAY, THURSDAY).await, [4, 0], "the hold of staff is over");
    small.hold(WEB, "2026-11-26T09:00", json!({})).await.refused(409, "not_yet_open");
}

#[tokio::test]
async fn a_batch_opens_once_a_week_or_once_a_month() {
    let small = Small::with(|catalogue| {
        rules(catalogue)["horizon_days"] = json!(8);
        rules(catalogue)["release"] = json!({"weekly": {"on": "wed", "at": "12:00"}});
    })
    .await;
    // Until Wednesday noon the batch of Wednesday 18 November holds: up to Thursday the 26th.
    assert_eq!(small.days(WEB, WEDNESDAY, "2026-11-27").await, [4, 4, 0]);
    let shut = small.search(WEB, "mode=in_person&window=2026-11-27").await;
    assert_eq!(shut["next_release"], "2026-11-25T12:00", "{shut}");
    small.wait_until("2026-11-25T10:00:00Z");
    assert_eq!(small.days(WEB, "2026-11-27", "2026-11-27").await, [4]);
    assert_eq!(small.days(WEB, "2026-12-03", "2026-12-04").await, [4, 0]);
    small.change(|c| rules(c)["release"] = json!({"monthly": {"on": 26, "at": "12:00"}})).await;
    assert_eq!(small.days(WEB, "2026-11-27", "2026-11-27").await, [0], "the batch of 26 October is used up");
    let shut = small.search(WEB, "mode=in_person&window=2026-11-27").await;
    assert_eq!(shut["empty_because"]["opens_at"], "2026-11-26T12:00", "{shut}");
    small.wait_until("2026-11-26T10:00:00Z");
    assert_eq!(small.days(WEB, "2026-12-03", "2026-12-07").await, [4, 4, 0, 0, 0]);
}
