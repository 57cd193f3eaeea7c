//! Section 3 of the contract over HTTP.

use futures::StreamExt;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

#[tokio::test]
async fn a_conversation_begins_with_its_greeting() {
    let app = TestApp::start().await;
    let talk = app.talk().await;
    assert_eq!(talk.first["turn"], 0);
    assert_eq!(talk.first["status"], "open");
    let greeting = &talk.first["replies"][0];
    assert!(greeting["display"].as_str().is_some_and(|text| !text.is_empty()), "{}", talk.first);
    assert_ne!(talk.token, app.talk().await.token);
}

#[tokio::test]
async fn turns_are_numbered_and_replayed() {
    let app = TestApp::start().await;
    let talk = app.talk().await;
    for (turn, text) in [(1, "θέλω ένα ραντεβού"), (2, "βοήθεια")] {
        let answer = talk.send(json!({"text": text})).await;
        assert_eq!((answer.status, &answer.body["turn"]), (200, &json!(turn)), "{}", answer.body);
    }
    let all = Answer::of(talk.request(Method::GET, "messages")).await;
    let messages = all.body["messages"].as_array().expect("messages");
    let turns: Vec<_> = messages.iter().map(|m| m["out"]["turn"].as_u64().expect("a turn")).collect();
    assert_eq!(turns, [0, 1, 2]);
    assert_eq!(messages[0]["in"], Value::Null);
    assert_eq!(messages[1]["in"], json!({"text": "θέλω ένα ραντεβού"}));
    let later = Answer::of(talk.request(Method::GET, "messages?after=1")).await;
    assert_eq!(later.body["messages"], json!([messages[2]]));
}

#[tokio::test]
async fn the_same_key_runs_one_turn_only() {
    let app = TestApp::start().await;
    let talk = app.talk().await;
    let first = talk.send_once("key-1", json!({"text": "θέλω ραντεβού"})).await;
    let again = talk.send_once("key-1", json!({"text": "θέλω ραντεβού"})).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    talk.send_once("key-1", json!({"text": "όχι"})).await.refused(422, "key_reused");
    let next = talk.send_once("key-2", json!({"text": "βοήθεια"})).await;
    assert_eq!(next.body["turn"], 2);
}

#[tokio::test]
async fn the_same_key_begins_one_conversation_only() {
    let app = TestApp::start().await;
    let begin = |key: &'static str| {
        Answer::of(app.request(Method::POST, "/api/v1/conversations").header("Idempotency-Key", key).json(&json!({})))
    };
    let (first, again, other) = (begin("a").await, begin("a").await, begin("b").await);
    assert_eq!(first.body, again.body);
    assert_ne!(first.text("id"), other.text("id"));
}

#[tokio::test]
async fn nobody_goes_on_with_a_conversation_without_its_token() {
    let app = TestApp::start().await;
    let (talk, other) = (app.talk().await, app.talk().await);
    let path = format!("/api/v1/conversations/{}/messages", talk.id);
    let hello = json!({"text": "γεια"});
    for token in [other.token.as_str(), "wrong"] {
        Answer::of(app.request(Method::POST, &path).bearer_auth(token).json(&hello)).await.refused(401, "unauthorised");
        Answer::of(app.request(Method::GET, &path).bearer_auth(token)).await.refused(401, "unauthorised");
        let events = format!("/api/v1/conversations/{}/events", talk.id);
        Answer::of(app.request(Method::GET, &events).bearer_auth(token)).await.refused(401, "unauthorised");
    }
    Answer::of(app.request(Method::POST, &path).json(&hello)).await.refused(401, "unauthorised");
    let nowhere = app.request(Method::POST, "/api/v1/conversations/nowhere/messages").bearer_auth(&talk.token);
    Answer::of(nowhere.json(&hello)).await.refused(404, "not_found");
    let replay = Answer::of(talk.request(Method::GET, "messages")).await;
    assert_eq!(replay.body["messages"].as_array().map(Vec::len), Some(1), "nothing was said");
}

#[tokio::test]
async fn what_is_no_message_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let talk = app.talk().await;
    talk.send(json!({"text": "α".repeat(2001)})).await.refused(422, "too_long");
    for wrong in [
        json!({"text": 5}),
        json!({"text": "γεια", "more": true}),
        json!({"text": "γεια", "choice": "x"}),
        json!({"words": "γεια"}),
        json!({}),
        json!([]),
        json!("γεια"),
        json!({"silence": false}),
        json!({"dtmf": "12a"}),
    ] {
        talk.send(wrong).await.refused(422, "invalid");
    }
    let raw = |kind: &'static str, body: String| {
        Answer::of(talk.request(Method::POST, "messages").header("Content-Type", kind).body(body))
    };
    raw("application/json", "{\"text\":".into()).await.refused(400, "bad_json");
    raw("text/plain", "γεια".into()).await.refused(415, "unsupported_media_type");
    raw("application/json", format!("{{\"text\":\"{}\"}}", "a".repeat(17_000))).await.refused(413, "too_large");
    let long_enough = talk.send(json!({"text": "α".repeat(2000)})).await;
    assert_eq!((long_enough.status, &long_enough.body["turn"]), (200, &json!(1)));
}

#[tokio::test]
async fn the_stream_resumes_where_the_reader_stopped_and_goes_on() {
    let app = TestApp::start().await;
    let talk = app.talk().await;
    talk.send(json!({"text": "θέλω ραντεβού"})).await;
    let open = talk.request(Method::GET, "events").header("Last-Event-ID", "0").send().await.expect("a stream");
    assert_eq!(open.headers()["content-type"], "text/event-stream");
    let mut stream = Events::of(open);
    let (id, missed) = stream.next().await;
    assert_eq!((id.as_str(), &missed["out"]["turn"]), ("1", &json!(1)));
    assert_eq!(missed["in"], json!({"text": "θέλω ραντεβού"}));
    let answer = talk.send(json!({"text": "βοήθεια"})).await;
    let (id, live) = stream.next().await;
    assert_eq!((id.as_str(), &live["out"]), ("2", &answer.body));
}

/// The events of a stream.
struct Events {
    bytes: std::pin::Pin<Box<dyn futures::Stream<Item = reqwest::Result<Vec<u8>>>>>,
    text: String,
}

impl Events {
    fn of(response: Response) -> Self {
        let bytes = Box::pin(response.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec())));
        Self { bytes, text: String::new() }
    }

    /// The id and the data of the next event; comments are passed over.
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
                if let (Some(id), Some(data)) = (field("id:"), field("data:")) {
                    return (id.to_owned(), serde_json::from_str(data).expect("JSON"));
                }
                continue;
            }
            let next = tokio::time::timeout(std::time::Duration::from_secs(10), self.bytes.next());
            let chunk = next.await.expect("an event in time").expect("an open stream").expect("bytes");
            self.text.push_str(std::str::from_utf8(&chunk).expect("events of whole characters"));
        }
    }
}
