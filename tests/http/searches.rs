//! What a search over HTTP can say: pages, places, days, and why there is nothing.

use serde_json::{Value, json};

use crate::small::{Small, WEB, office, rules};
use crate::support::TestApp;

const SEARCH: &str = "/api/v1/availability?service=kep.information-application";

async fn found(app: &TestApp, query: &str) -> Value {
    let answer = app.staff_get(&format!("{SEARCH}{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

fn slots(answer: &Value) -> Vec<Value> {
    answer["slots"].as_array().expect("slots").clone()
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_and_miss_nothing_in_any_mode() {
    let app = TestApp::start().await;
    let day = "&window=2026-11-24&office=kep-kypselis,kep-larisas,kep-chanion";
    let whole = slots(&found(&app, &format!("{day}&limit=500")).await);
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let page = found(&app, &format!("{day}&limit=7{after}")).await;
        paged.extend(slots(&page));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
        assert_eq!(page["more"], true);
    }
    assert!(whole.len() > 50, "{}", whole.len());
    assert_eq!(paged.len(), whole.len());
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn a_page_stays_where_it_was_while_others_book() {
    let app = TestApp::start().await;
    let query = "&mode=in_person&office=kep-kypselis&window=2026-11-24&limit=3";
    let first = found(&app, query).await;
    let next = first["next"].as_str().expect("more").to_owned();
    let second = slots(&found(&app, &format!("{query}&after={next}")).await);
    let slot = &slots(&first)[0];
    for _ in 0..slot["free"].as_u64().expect("a number") {
        let hold = json!({"service": "kep.information-application", "office": "kep-kypselis", "mode": "in_person", "start": slot["start"]});
        assert_eq!(app.staff_post("/api/v1/holds", hold).await.status, 201);
    }
    assert_eq!(slots(&found(&app, &format!("{query}&after={next}")).await), second);
    app.staff_get(&format!("{SEARCH}&after=nothing")).await.refused(422, "invalid");
}

#[tokio::test]
async fn days_and_hours_and_offices_narrow_a_search() {
    let app = TestApp::start().await;
    let only = found(
        &app,
        "&mode=in_person,video&office=kep-kypselis&office=kep-peristeriou&weekday=tue,thu&daily_from=10:00&daily_to=11:00\
         &exclude=2026-11-24&from=2026-11-23&to=2026-12-01&limit=100",
    )
    .await;
    let slots = slots(&only);
    assert!(!slots.is_empty());
    for slot in &slots {
        let start = slot["start"].as_str().expect("a start");
        assert!(start.starts_with("2026-11-26T10:"), "{start}");
        assert!(["kep-kypselis", "kep-peristeriou"].contains(&slot["office"].as_str().expect("an office")));
    }
    let morning = found(&app, "&mode=in_person&part=morning&limit=100").await;
    let late = |slot: &Value| slot["start"].as_str().is_some_and(|start| &start[11..13] >= "12");
    assert!(!morning["slots"].as_array().expect("slots").iter().any(late));
}

#[tokio::test]
async fn distances_are_counted_from_a_municipality_or_a_point() {
    let app = TestApp::start().await;
    for (name, office) in
        [("%CE%A7%CE%B1%CE%BD%CE%B9%CE%AC", "kep-chanion"), ("%CE%9B%CE%AC%CF%81%CE%B9%CF%83%CE%B1", "kep-larisas")]
    {
        let by_name = found(&app, &format!("&mode=in_person&near={name}&order=nearest&limit=3")).await;
        for slot in slots(&by_name) {
            assert_eq!(slot["office"], office);
            assert!(slot["distance_km"].as_f64().is_some_and(|km| km < 20.0), "{slot}");
        }
        // At one time the nearest office comes first, whatever it is called.
        let first =
            slots(&found(&app, &format!("&mode=in_person&near={name}&window=2026-11-24T10:00/2026-11-24T10:01")).await);
        assert!(first.len() > 1 && first[0]["office"] == office, "{first:?}");
    }
    let near = found(&app, "&mode=in_person&near=35.51,24.02&within_km=30&limit=500").await;
    assert!(!slots(&near).is_empty());
    assert!(slots(&near).iter().all(|slot| slot["office"] == "kep-chanion"));
}

#[tokio::test]
async fn an_empty_answer_says_why_in_greek() {
    let app = TestApp::start().await;
    // Christmas, and a Sunday.
    let holiday = found(&app, "&mode=in_person&office=kep-kypselis&window=2026-12-25").await;
    let why = &holiday["empty_because"];
    assert_eq!(why["code"], "holiday", "{holiday}");
    assert!(why["message_el"].as_str().is_some_and(|text| text.contains("αργία")), "{holiday}");
    let sunday = found(&app, "&mode=in_person&office=kep-kypselis&window=2026-11-29").await;
    assert_eq!(sunday["empty_because"]["code"], "outside_hours", "{sunday}");
}

#[tokio::test]
async fn the_rule_that_emptied_an_answer_is_named() {
    let small = Small::with(|catalogue| {
        rules(catalogue)["lead_minutes"] = json!(45);
        rules(catalogue)["horizon_days"] = json!(10);
        office(catalogue)["quotas"] = json!([{"channels": ["web"], "modes": ["video"], "most": {"places": 0}}]);
    })
    .await;
    let why = async |query: &str| {
        let found = small.search(WEB, query).await;
        assert_eq!(found["slots"], json!([]), "{query}");
        let because = &found["empty_because"];
        assert!(because["message_el"].as_str().is_some_and(|text| text.chars().count() > 10), "{found}");
        because.clone()
    };
    let code = async |query: &str| why(query).await["code"].clone();
    for start in ["09:00", "09:30", "10:00", "10:30"] {
        small.booked(WEB, &format!("2026-11-26T{start}"), json!({})).await;
    }
    small.close("2026-11-25", None).await;
    assert_eq!(code("mode=in_person&window=2026-11-26").await, "fully_booked");
    let closed = why("mode=in_person&window=2026-11-25").await;
    assert_eq!((&closed["code"], &closed["detail"]), (&json!("closed"), &json!("Απεργία")));
    let holiday = why("mode=in_person&window=2026-11-30").await;
    assert_eq!((&holiday["code"], &holiday["detail"]), (&json!("holiday"), &json!("Άγιος Ανδρέας")));
    assert_eq!(code("mode=in_person&window=2026-11-28").await, "outside_hours");
    assert_eq!(code("mode=in_person&window=2026-11-23T09:00/2026-11-23T09:50").await, "too_soon");
    assert_eq!(code("mode=in_person&window=2026-12-04").await, "beyond_horizon");
    assert_eq!(code("mode=video&window=2026-11-24").await, "kept_for_others");
    assert_eq!(code("mode=in_person&language=fr").await, "nobody_serves");
    small.change(|catalogue| rules(catalogue)["release"] = json!({"weekly": {"on": "fri", "at": "12:00"}})).await;
    assert_eq!(code("mode=in_person&window=2026-12-01").await, "not_yet_open");
}

#[tokio::test]
async fn days_are_counted_for_a_calendar() {
    let app = TestApp::start().await;
    let path = "/api/v1/availability/days?service=kep.information-application&office=kep-kypselis&mode=in_person";
    let answer = app.staff_get(&format!("{path}&from=2026-11-24&to=2026-11-30")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let days = answer.body["days"].as_array().expect("days");
    assert_eq!(days.len(), 7);
    assert_eq!((&days[0]["date"], &days[5]["date"]), (&json!("2026-11-24"), &json!("2026-11-29")));
    assert!(days[0]["free"].as_u64().is_some_and(|free| free > 0), "{}", answer.body);
    assert_eq!((&days[5]["free"], &days[5]["empty_because"]["code"]), (&json!(0), &json!("outside_hours")));
    let both = app.staff_get(&format!("{path}&mode=video&from=2026-11-24&to=2026-11-24")).await;
    assert!(both.body["days"][0]["free"].as_u64() >= days[0]["free"].as_u64());
    for wrong in ["&from=x", "&persons=0"] {
        app.staff_get(&format!("{path}{wrong}")).await.refused(400, "bad_request");
    }
    for wrong in ["&from=2026-11-24&to=2026-11-23", "&from=2026-01-01&to=2027-06-01"] {
        app.staff_get(&format!("{path}{wrong}")).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused() {
    let app = TestApp::start().await;
    for wrong in [
        "&weekday=funday",
        "&daily_from=25:00",
        "&near=95.0,24.0",
        "&near=35.5,24.0&within_km=-1",
        "&persons=0",
        "&persons=many",
        "&language=xx",
        "&mode=in_person,letter",
    ] {
        app.staff_get(&format!("{SEARCH}{wrong}")).await.refused(400, "bad_request");
    }
    // What no pattern of one parameter tells.
    for wrong in [
        "&part=morning&daily_from=08:00",
        "&order=nearest",
        "&within_km=5",
        "&window=tomorrow",
        "&window=2026-11-25/2026-11-24",
        "&exclude=2026-02-30",
    ] {
        app.staff_get(&format!("{SEARCH}{wrong}")).await.refused(422, "invalid");
    }
    app.staff_get(&format!("{SEARCH}&near=Atlantis")).await.refused(404, "not_found");
}

#[tokio::test]
async fn only_employees_that_citizens_may_choose_are_told() {
    let app = TestApp::start().await;
    let offices = app.request(reqwest::Method::GET, "/api/v1/catalogue").bearer_auth(crate::support::STAFF);
    let catalogue: Value = offices.send().await.expect("an answer").json().await.expect("JSON");
    for office in catalogue["offices"].as_array().expect("offices") {
        let path = format!("/api/v1/employees?office={}", office["id"].as_str().expect("an id"));
        let told = app.request(reqwest::Method::GET, &path).send().await.expect("an answer");
        let told: Value = told.json().await.expect("JSON");
        let ids: Vec<_> = told["employees"].as_array().expect("a list").iter().map(|e| e["id"].clone()).collect();
        let may_be_chosen =
            |r: &&Value| r["kind"] == "employee" && r["hidden"] != true && office["choose_employee"] == true;
        let known = office["resources"].as_array().expect("resources").iter().filter(may_be_chosen);
        assert_eq!(ids, known.map(|r| r["id"].clone()).collect::<Vec<_>>());
    }
    let nowhere = app.request(reqwest::Method::GET, "/api/v1/employees?office=nowhere");
    crate::support::Answer::of(nowhere).await.refused(404, "not_found");
}
