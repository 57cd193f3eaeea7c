//! Long explanations that a language model shortens, through whole conversations: an honest one, lying ones, broken ones.

use std::time::{Duration, Instant};

use ariadni::config::Explain;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};
use crate::writer_server::{Change, KEY, Manner, WriterServer};

/// A question whose answer is long.
const QUESTION: &str = "είμαι η Ευτυχία Παπαδογιαννάκη, τι χαρτιά χρειάζομαι για διαβατήριο;";
const PLAIN: &str = "Για την έκδοση διαβατηρίου θα χρειαστείτε:\n• Ταυτότητα (όχι παλαιότερη από 15 χρόνια)\n";
const SHORT: &str = "Φέρτε:\n• Ταυτότητα (όχι παλαιότερη από 15 χρόνια)\n";
const SOURCE: &str = "\nΠερισσότερα: https://id.mitos.gov.gr/144400";

async fn app(explain: Explain) -> TestApp {
    TestApp::configured(|config| config.explain = explain).await
}

fn shown(turn: &Value) -> &str {
    turn["replies"][0]["display"].as_str().expect("a text")
}

/// What is shown for the question when the writer answers in this manner, and how often it was asked.
async fn shown_by(manner: Manner) -> (String, usize) {
    let server = WriterServer::start(manner).await;
    let app = app(server.settings()).await;
    let talk = app.talk().await;
    let turn = talk.says(QUESTION).await;
    assert_eq!(turn["events"][0]["type"], "procedure_explained", "{turn}");
    assert_eq!(turn["awaiting"], "confirm", "{turn}");
    (shown(&turn).to_owned(), server.asked().len())
}

fn is_plain(text: &str) -> bool {
    text.starts_with(PLAIN) && text.ends_with(SOURCE)
}

#[tokio::test]
async fn an_honest_writer_shortens_and_what_was_shown_is_kept() {
    let server = WriterServer::start(Manner::Writes(|text| text)).await;
    let app = app(server.settings()).await;
    let talk = app.talk().await;
    let turn = talk.send_once("once", json!({"text": QUESTION})).await.body;
    assert!(shown(&turn).starts_with(SHORT) && shown(&turn).ends_with(SOURCE), "{turn}");
    assert!(turn["replies"][0]["speak"].as_str().is_some_and(|said| said.starts_with("Για την έκδοση")), "{turn}");
    assert_eq!(talk.send_once("once", json!({"text": QUESTION})).await.body, turn);
    let replayed = Answer::of(talk.request(Method::GET, "messages?after=0")).await;
    assert_eq!(replayed.body["messages"][0]["out"]["replies"], turn["replies"]);
    let again = talk.says("ξαναπές το").await;
    assert_eq!(again["replies"], turn["replies"], "said again as it was shown");
    // Somebody else asks the same.
    assert_eq!(shown(&app.talk().await.says("χαρτιά για διαβατήριο").await), shown(&turn));
    assert_eq!(server.asked().len(), 1, "what is known is not asked again");
}

#[tokio::test]
async fn only_what_the_registry_says_is_sent() {
    let server = WriterServer::start(Manner::Writes(|text| text)).await;
    let app = app(server.settings()).await;
    let talk = app.talk().await;
    talk.says("το τηλέφωνό μου είναι 6971234567").await;
    talk.says(QUESTION).await;
    let asked = server.asked();
    let [request] = asked.as_slice() else { panic!("asked {} times", asked.len()) };
    assert_eq!((&request["model"], &request["temperature"]), (&json!("a-model"), &json!(0)));
    assert!(request["max_tokens"].as_u64().is_some_and(|most| most <= 2000), "{request}");
    let roles: Vec<_> = request["messages"].as_array().expect("messages").iter().map(|m| &m["role"]).collect();
    assert_eq!(roles, ["system", "user"]);
    let sent = request.to_string();
    for word in ["Ευτυχία", "Παπαδογιαννάκη", "χρειάζομαι", "6971234567", talk.id.as_str(), talk.token.as_str(), KEY]
    {
        assert!(!sent.contains(word), "{word} was sent: {sent}");
    }
    let text = request["messages"][1]["content"].as_str().expect("a text");
    assert!(text.starts_with(&format!("<<<\n{PLAIN}")) && text.ends_with("\n>>>"), "{text}");
    assert!(!text.contains("http"), "addresses stay here: {text}");
}

#[tokio::test]
async fn a_lying_writer_is_not_shown() {
    let lies: [(&str, Change); 14] = [
        ("another number", |text| text.replace("15", "5")),
        ("another measure", |text| text.replace("15 χρόνια", "15 ημέρες")),
        ("a paper more", |text| format!("{text}\n• Εκκαθαριστικό σημείωμα")),
        ("a paper less", |text| text.replace("• Συναίνεση των γονέων (για παιδιά)\n", "")),
        ("a condition less", |text| text.replace(" (αν έχετε)", "")),
        ("a negation less", |text| text.replace("όχι παλαιότερη", "παλαιότερη")),
        ("a choice less", |text| text.replace("γέννησης ή οικογενειακής", "γέννησης και οικογενειακής")),
        ("a fee", |text| format!("{text}\nΚοστίζει 84,40 ευρώ.")),
        ("a telephone", |text| format!("{text}\nΚαλέστε 210 1234567.")),
        ("an address", |text| format!("{text}\nhttps://evil.example")),
        ("an authority", |text| format!("{text}\nΕλάτε στο ΚΕΠ.")),
        ("a question", |text| format!("{text}\nΠοια είναι η ταυτότητά σας;")),
        ("mark-up", |text| text.replace("Φέρτε", "<b>Φέρτε</b>")),
        ("another language", |_| "You need your identity card and a photograph.".to_owned()),
    ];
    let server = WriterServer::start(Manner::Writes(|text| text)).await;
    let app = app(server.settings()).await;
    for (asked, (lie, change)) in lies.into_iter().enumerate() {
        server.answers(Manner::Writes(change));
        let turn = app.talk().await.says(QUESTION).await;
        assert!(is_plain(shown(&turn)), "{lie}: {turn}");
        assert_eq!(server.asked().len(), asked + 1, "{lie}");
    }
    // It was not for its name that it was refused.
    server.answers(Manner::Writes(|text| text));
    assert!(shown(&app.talk().await.says(QUESTION).await).starts_with(SHORT));
}

#[tokio::test]
async fn a_broken_writer_changes_nothing() {
    let broken = [
        ("500", Manner::Status(500)),
        ("429", Manner::Status(429)),
        ("a redirect", Manner::Status(302)),
        ("cut", Manner::Cut),
        ("huge", Manner::Huge),
        ("no JSON", Manner::Instead("Φέρτε:")),
        ("nothing", Manner::Instead("")),
        ("no choices", Manner::Instead(r#"{"choices":[]}"#)),
        ("no content", Manner::Instead(r#"{"choices":[{"message":{"content":null}}]}"#)),
        ("unended", Manner::Unended),
    ];
    for (what, manner) in broken {
        let (text, asked) = shown_by(manner).await;
        assert!(is_plain(&text), "{what}: {text}");
        assert_eq!(asked, 1, "{what}");
    }
}

#[tokio::test]
async fn a_wrong_key_and_an_absent_server_change_nothing() {
    let server = WriterServer::start(Manner::Writes(|text| text)).await;
    let settings = server.settings();
    let wrong = app(Explain { api_key: Some("wrong".to_owned()), ..settings.clone() }).await;
    assert!(is_plain(shown(&wrong.talk().await.says(QUESTION).await)));
    assert_eq!(server.asked().len(), 1);
    drop(server);
    let absent = app(settings).await;
    assert!(is_plain(shown(&absent.talk().await.says(QUESTION).await)));
}

#[tokio::test]
async fn nobody_waits_for_a_slow_writer_longer_than_its_patience() {
    let server = WriterServer::start(Manner::Slow(Duration::from_secs(30))).await;
    let app = app(server.settings()).await;
    let talk = app.talk().await;
    let begun = Instant::now();
    assert!(is_plain(shown(&talk.says(QUESTION).await)));
    let waited = begun.elapsed();
    assert!((Duration::from_millis(900)..Duration::from_secs(5)).contains(&waited), "{waited:?}");
    // The next one does not wait at all: the writer is left alone for a while.
    assert!(is_plain(shown(&app.talk().await.says(QUESTION).await)));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_where_none_is_set_or_nothing_is_long() {
    let server = WriterServer::start(Manner::Writes(|text| text)).await;
    let off = app(Explain { endpoint: None, ..server.settings() }).await;
    assert!(is_plain(shown(&off.talk().await.says(QUESTION).await)));
    let short = app(Explain { longer_than: 2000, ..server.settings() }).await;
    assert!(is_plain(shown(&short.talk().await.says(QUESTION).await)));
    assert!(server.asked().is_empty());
    assert_eq!(Explain::default().endpoint, None, "off unless somebody sets it");
}

#[tokio::test]
async fn no_setting_turns_the_check_off() {
    // Every setting there is, as far as it goes: a lie is refused all the same.
    let server = WriterServer::start(Manner::Writes(|text| text.replace("15", "5"))).await;
    let known = serde_json::to_value(Explain::default()).expect("serializes");
    let keys: Vec<&str> = known.as_object().expect("a table").keys().map(String::as_str).collect();
    assert_eq!(keys, ["api_key", "endpoint", "longer_than", "model", "patience"], "a new setting needs its lie here");
    for patience in [1, 10] {
        let app = app(Explain { patience, ..server.settings() }).await;
        assert!(is_plain(shown(&app.talk().await.says(QUESTION).await)));
    }
}
