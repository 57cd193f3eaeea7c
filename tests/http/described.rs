//! The description matches the code: every route that is described is there, and answers what it says it answers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{STAFF, TestApp};

#[tokio::test]
async fn every_described_route_answers_as_described() {
    let app = TestApp::start().await;
    let text = app.request(Method::GET, "/openapi.json").send().await.expect("an answer").text().await.expect("text");
    let served: Value = serde_json::from_str(&text).expect("JSON");
    let printed: Value = serde_json::from_str(&ariadni::http::openapi().to_json().expect("JSON")).expect("JSON");
    assert_eq!(served, printed);
    let mut called = 0;
    for (path, operations) in served["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            // Nobody, then staff with an empty object: what needs a secret or a body says so.
            for secret in [None, Some(STAFF)] {
                let filled =
                    path.replace("{id}", "nothing").replace("{reference}", "nothing").replace("{file}", "nothing.ics");
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
                let mut request = app.request(method.clone(), &filled);
                if method == Method::POST {
                    request = request.json(&json!({}));
                }
                if let Some(secret) = secret {
                    request = request.bearer_auth(secret);
                }
                let answer = request.send().await.expect("an answer");
                let status = answer.status().as_u16().to_string();
                assert!(
                    operation["responses"][&status].is_object(),
                    "{method} {path} answered {status}, not described"
                );
                called += 1;
            }
        }
    }
    assert!(called >= 2 * 35, "{called} calls");
}

/// What a generator of clients would stumble over.
#[test]
fn parameters_are_where_the_description_says_and_refusals_have_one_shape() {
    let described: Value = serde_json::from_str(&ariadni::http::openapi().to_json().expect("JSON")).expect("JSON");
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name");
                let in_path = parameter["in"] == "path";
                assert_eq!(in_path, path.contains(&format!("{{{name}}}")), "{method} {path}: {name} is not there");
                assert!(
                    !parameter["schema"].to_string().contains("\"null\""),
                    "{method} {path}: {name} cannot be null"
                );
            }
            for (status, response) in operation["responses"].as_object().expect("responses") {
                let shape = &response["content"]["application/json"]["schema"]["$ref"];
                let refusal = status.starts_with(['4', '5']);
                assert!(!refusal || shape == "#/components/schemas/ErrorBody", "{method} {path}: {status} is {shape}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_public_is_told_to_everybody() {
    let app = TestApp::start().await;
    let get = async |path: &str| {
        let answer = app.request(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json::<Value>().await.expect("JSON")
    };
    let services = get("/api/v1/services?organisation=kep").await;
    let ids: Vec<_> = services["services"].as_array().expect("services").iter().map(|s| s["id"].clone()).collect();
    assert!(ids.contains(&json!("kep.information-application")), "{ids:?}");
    let offices = get("/api/v1/offices?service=kep.information-application").await;
    let offices = offices["offices"].as_array().expect("offices");
    assert!(offices.iter().any(|office| office["name"] == "ΚΕΠ Κυψέλης"), "{offices:?}");
    assert!(offices.iter().all(|office| office["organisation"] == "kep"));
    let found = get("/api/v1/procedures?q=%CE%B4%CE%B9%CE%B1%CE%B2%CE%B1%CF%84%CE%AE%CF%81%CE%B9%CE%BF&limit=3").await;
    let first = &found["procedures"][0];
    assert!(first["title"].as_str().is_some_and(|title| title.to_lowercase().contains("διαβατηρί")), "{found}");
    let shown = get(&format!("/api/v1/procedures/{}", first["id"].as_str().expect("an id"))).await;
    assert_eq!(shown["title"], first["title"]);
}

#[tokio::test]
async fn it_says_how_it_is_and_counts_without_naming_anybody() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.request(Method::GET, path).send().await.expect("an answer").status(), 200);
    }
    let talk = app.talk().await;
    talk.send(json!({"text": "με λένε Μαρία"})).await;
    let metrics = app.request(Method::GET, "/metrics").send().await.expect("an answer").text().await.expect("text");
    assert!(metrics.contains("ariadni_turns_total{channel=\"web\",outcome=\"answered\"}"), "{metrics}");
    assert!(metrics.contains("ariadni_turn_seconds_bucket"), "{metrics}");
    assert!(!metrics.contains(&talk.id) && !metrics.contains("Μαρία"), "{metrics}");
}
