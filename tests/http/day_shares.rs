//! The shares of a day: for a channel, for staff, for a mode, for a service, for those who walk in.

use serde_json::{Value, json};

use crate::small::{SERVICE, Small, WEB, Who, office, rules, second_desk};

const TUESDAY: &str = "2026-11-24";
const PHONE: Who = Who::Citizen("phone");
/// The starts of the day.
const STARTS: [&str; 4] = ["2026-11-24T09:00", "2026-11-24T09:30", "2026-11-24T10:00", "2026-11-24T10:30"];

/// The office with one quota on each day.
async fn with_quota(quota: Value) -> Small {
    Small::with(|catalogue| office(catalogue)["quotas"] = json!([quota])).await
}

/// How many of the day's places somebody gets, in one mode; whatever is refused is kept for others, or gone.
async fn gets(small: &Small, who: Who, more: Value) -> usize {
    let mut won = 0;
    for start in STARTS {
        let held = small.hold(who, start, more.clone()).await;
        match (held.status, held.body["error"]["code"].as_str()) {
            (201, _) => won += 1,
            (409, Some("kept_for_others" | "slot_taken")) => {}
            other => panic!("{other:?}: {}", held.body),
        }
    }
    won
}

#[tokio::test]
async fn a_channel_has_so_many_places_of_a_day_and_no_more() {
    let small = with_quota(json!({"channels": ["web"], "most": {"places": 2}})).await;
    assert_eq!(
        (small.days(WEB, TUESDAY, TUESDAY).await, small.days(PHONE, TUESDAY, TUESDAY).await),
        (vec![2], vec![4])
    );
    assert_eq!(gets(&small, WEB, json!({})).await, 2);
    assert_eq!(small.why(TUESDAY).await, "kept_for_others");
    small.hold(WEB, STARTS[3], json!({})).await.refused(409, "kept_for_others");
    assert_eq!(gets(&small, PHONE, json!({})).await, 2);
}

#[tokio::test]
async fn what_citizens_may_not_take_staff_may() {
    let small = with_quota(json!({"booked_by": "citizens", "most": {"percent": 50}})).await;
    assert_eq!(gets(&small, WEB, json!({})).await, 2, "60 of 120 minutes");
    assert_eq!(gets(&small, Who::Staff, json!({})).await, 2);
    let small = with_quota(json!({"booked_by": "staff", "most": {"places": 1}})).await;
    assert_eq!(gets(&small, Who::Staff, json!({})).await, 1);
    assert_eq!(gets(&small, WEB, json!({})).await, 3);
}

#[tokio::test]
async fn a_mode_and_a_service_have_shares_of_their_own() {
    let small = with_quota(json!({"modes": ["video"], "most": {"places": 1}})).await;
    assert_eq!(gets(&small, WEB, json!({"mode": "video"})).await, 1);
    assert_eq!(gets(&small, WEB, json!({})).await, 3);
    let small = Small::with(|catalogue| {
        let mut other = catalogue["services"][0].clone();
        other["id"] = json!("kep.other");
        catalogue["services"].as_array_mut().expect("services").push(other);
        office(catalogue)["services"] = json!([SERVICE, "kep.other"]);
        office(catalogue)["quotas"] = json!([{"services": ["kep.other"], "most": {"places": 1}}]);
    })
    .await;
    assert_eq!(gets(&small, WEB, json!({"service": "kep.other"})).await, 1);
    assert_eq!(gets(&small, WEB, json!({})).await, 3);
}

#[tokio::test]
async fn the_share_of_those_who_walk_in_is_nobody_elses() {
    let small = Small::with(|catalogue| office(catalogue)["walk_in_percent"] = json!(50)).await;
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [2]);
    assert_eq!(gets(&small, WEB, json!({})).await, 2);
    assert_eq!(gets(&small, Who::Staff, json!({})).await, 0);
}

#[tokio::test]
async fn a_share_lifts_slot_by_slot_when_its_hour_comes() {
    let small = with_quota(json!({"channels": ["web"], "most": {"places": 1}, "lifts_hours_before": 24})).await;
    assert_eq!(gets(&small, WEB, json!({})).await, 1);
    small.hold(WEB, STARTS[1], json!({})).await.refused(409, "kept_for_others");
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [0]);
    // The hold runs out after ten minutes; half an hour later two starts are less than a day away, two are not.
    small.wait_until("2026-11-23T07:30:00Z");
    assert_eq!(small.times(TUESDAY).await.len(), 4);
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [3], "two that are free for all, and one of the share");
    assert_eq!(gets(&small, WEB, json!({})).await, 2, "what was taken free of the share counts in it for the rest");
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [0]);
    small.wait_until("2026-11-23T08:30:00Z");
    assert_eq!(gets(&small, WEB, json!({})).await, 4);
}

#[tokio::test]
async fn a_family_at_two_desks_is_one_place_of_a_share() {
    let small = Small::with(|catalogue| {
        second_desk(catalogue);
        rules(catalogue)["party"] = json!({"most": 2, "each": "desk"});
        office(catalogue)["quotas"] = json!([{"channels": ["web"], "most": {"places": 3}}]);
    })
    .await;
    small.booked(WEB, STARTS[0], json!({"persons": 2})).await;
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [2]);
    assert_eq!(small.hold(WEB, STARTS[1], json!({"persons": 2})).await.status, 201);
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [1]);
    assert_eq!(small.hold(WEB, STARTS[2], json!({})).await.status, 201);
    small.hold(WEB, STARTS[3], json!({})).await.refused(409, "kept_for_others");
}

#[tokio::test]
async fn a_family_takes_its_minutes_of_a_share() {
    let quarter = |each: Value| {
        Small::with(move |catalogue| {
            second_desk(catalogue);
            rules(catalogue)["party"] = json!({"most": 3, "each": each});
            let third = json!({"id": "kep-patreon-3", "name": "Θυρίδα 3"});
            office(catalogue)["resources"].as_array_mut().expect("resources").push(third);
            office(catalogue)["quotas"] = json!([{"channels": ["web"], "most": {"percent": 25}}]);
        })
    };
    // A quarter of three desks that serve for two hours each: 90 minutes. Three persons take an hour at one desk.
    let small = quarter(json!({"minutes": 15})).await;
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [3]);
    small.booked(WEB, STARTS[0], json!({"persons": 3})).await;
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [1]);
    small.hold(WEB, STARTS[1], json!({"persons": 2})).await.refused(409, "kept_for_others");
    assert_eq!(small.hold(WEB, STARTS[1], json!({})).await.status, 201);
    // At a desk each they take half an hour of three desks: all of it.
    let small = quarter(json!("desk")).await;
    small.booked(WEB, STARTS[0], json!({"persons": 3})).await;
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [0]);
    small.hold(WEB, STARTS[1], json!({})).await.refused(409, "kept_for_others");
}

#[tokio::test]
async fn what_is_remembered_of_a_day_is_true_no_longer_than_the_clock_lets_it_be() {
    let small = with_quota(json!({"channels": ["web"], "most": {"places": 0}, "lifts_hours_before": 24})).await;
    // Nine o'clock is a day away, so it is free for all; half past nine will be in half an hour.
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [1]);
    small.wait_until("2026-11-23T07:29:59Z");
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [1]);
    small.wait_until("2026-11-23T07:30:00Z");
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [2]);
    let small = Small::with(|_| ()).await;
    for start in STARTS {
        assert_eq!(small.hold(WEB, start, json!({})).await.status, 201);
    }
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [0]);
    small.wait_until("2026-11-23T07:10:00Z");
    assert_eq!(small.days(WEB, TUESDAY, TUESDAY).await, [4], "holds last ten minutes");
}
