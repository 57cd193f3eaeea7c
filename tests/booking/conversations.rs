//! Conversations as they are kept: one turn at a time, replay, keys, follow-ups; and the keys of other requests.

use ariadni::booking::identity::Phone;
use ariadni::request::Answer;
use ariadni::store::{CallbackRequest, Handoff, NewConversation, RequestTurn, SaveTurn, StoreError};
use chrono::TimeDelta;

use crate::world::{World, on_every_engine};

/// A conversation about to begin on the web.
pub fn new(world: &World, id: &str) -> NewConversation {
    NewConversation {
        id: id.to_owned(),
        token_hash: "hash".to_owned(),
        channel: "web".to_owned(),
        state_version: 1,
        state: "{}".to_owned(),
        greeting: "\"γεια\"".to_owned(),
        now: world.clock.now(),
    }
}

fn turn(world: &World, expected_turn: u32, key: Option<&str>) -> SaveTurn {
    SaveTurn {
        id: "a".to_owned(),
        expected_turn,
        state_version: 2,
        state: format!("{{\"after\":{expected_turn}}}"),
        status: "open".to_owned(),
        inbound: "\"ναι\"".to_owned(),
        outbound: format!("\"απάντηση {expected_turn}\""),
        idempotency_key: key.map(str::to_owned),
        inbound_hash: format!("hash of {expected_turn}"),
        now: world.clock.now(),
    }
}

#[tokio::test]
async fn turns_are_saved_in_order_and_replayed() {
    on_every_engine(async |world| {
        assert_eq!(world.store.load_conversation("a").await.expect("reads"), None);
        world.store.create_conversation(&new(world, "a")).await.expect("begins");
        assert!(world.store.create_conversation(&new(world, "a")).await.is_err(), "the id is taken");
        world.store.save_turn(&turn(world, 0, Some("k0"))).await.expect("saves");
        world.store.save_turn(&turn(world, 1, None)).await.expect("saves");
        let mut last = turn(world, 2, None);
        last.status = "handed_off".to_owned();
        world.store.save_turn(&last).await.expect("saves");
        let loaded = world.store.load_conversation("a").await.expect("reads").expect("is there");
        assert_eq!((loaded.turn, loaded.state_version, loaded.status.as_str()), (3, 2, "handed_off"));
        assert_eq!((loaded.state.as_str(), loaded.token_hash.as_str()), ("{\"after\":2}", "hash"));
        let all = world.store.exchanges_after("a", None).await.expect("reads");
        assert_eq!(all.iter().map(|e| e.turn).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!((all[0].inbound.as_deref(), all[0].outbound.as_str()), (None, "\"γεια\""));
        assert_eq!(world.store.exchanges_after("a", Some(1)).await.expect("reads"), all[2..]);
        let found = world.store.exchange_by_key("a", "k0").await.expect("reads");
        assert_eq!(found.as_ref(), Some(&all[1]));
        assert_eq!(found.and_then(|e| e.inbound_hash).as_deref(), Some("hash of 0"));
        assert_eq!(world.store.exchange_by_key("a", "k1").await.expect("reads"), None);
    })
    .await;
}

#[tokio::test]
async fn of_two_turns_at_once_one_is_refused_and_changes_nothing() {
    on_every_engine(async |world| {
        world.store.create_conversation(&new(world, "a")).await.expect("begins");
        world.store.save_turn(&turn(world, 0, Some("k"))).await.expect("saves");
        assert!(matches!(world.store.save_turn(&turn(world, 0, None)).await, Err(StoreError::Conflict)));
        assert!(matches!(world.store.save_turn(&turn(world, 1, Some("k"))).await, Err(StoreError::Conflict)));
        let loaded = world.store.load_conversation("a").await.expect("reads").expect("is there");
        assert_eq!((loaded.turn, loaded.state.as_str()), (1, "{\"after\":0}"));
        let mut wrong = turn(world, 1, None);
        wrong.status = "asleep".to_owned();
        assert!(world.store.save_turn(&wrong).await.is_err());
        assert_eq!(world.count("SELECT COUNT(*) FROM exchanges").await, 2);
    })
    .await;
}

#[tokio::test]
async fn follow_ups_are_kept_and_announced_and_old_conversations_go() {
    on_every_engine(async |world| {
        world.store.create_conversation(&new(world, "a")).await.expect("begins");
        let conversation = "a".to_owned();
        let phone = Phone::parse("6944123456").expect("a telephone");
        let handoff =
            Handoff { conversation: conversation.clone(), reason: "asked".to_owned(), slots: "{}".to_owned() };
        world.store.record_handoff(&handoff).await.expect("records");
        world.store.record_callback(&CallbackRequest { conversation, phone }).await.expect("records");
        world.store.record_feedback("a", 5).await.expect("records");
        for rating in [0, 6] {
            assert!(world.store.record_feedback("a", rating).await.is_err());
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox").await, 2);
        world.clock.advance(TimeDelta::days(1));
        world.store.create_conversation(&new(world, "b")).await.expect("begins");
        let yesterday = world.clock.now() - TimeDelta::hours(1);
        assert_eq!(world.store.purge_conversations(yesterday).await.expect("purges"), 1);
        assert_eq!(world.store.load_conversation("a").await.expect("reads"), None);
        for gone in ["SELECT COUNT(*) FROM handoffs", "SELECT COUNT(*) FROM callbacks"] {
            assert_eq!(world.count(gone).await, 0);
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM exchanges").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM feedback").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_request_with_a_key_is_done_once() {
    on_every_engine(async |world| {
        let begin = async |token, key, request| world.store.begin_request(token, key, request).await.expect("answers");
        let turn_of = |turn| match turn {
            RequestTurn::New(turn) => turn,
            other => panic!("{other:?}"),
        };
        let first = turn_of(begin("t", "k", "r").await);
        assert_eq!(begin("t", "k", "r").await, RequestTurn::InProgress);
        assert_eq!(begin("t", "k", "other").await, RequestTurn::KeyReused);
        turn_of(begin("another caller", "k", "other").await);
        let answer = Answer { status: 201, body: "{\"hold\":1}".to_owned() };
        world.store.finish_request(&first, &answer).await.expect("keeps");
        world.clock.advance(TimeDelta::minutes(5));
        let answered = RequestTurn::Answered(answer);
        assert_eq!(begin("t", "k", "r").await, answered);
        // The first try was lost.
        let again = turn_of(begin("another caller", "k", "other").await);
        world.store.abandon_request(&again).await.expect("forgets");
        turn_of(begin("another caller", "k", "r").await);
        world.clock.advance(TimeDelta::days(1));
        assert_eq!(world.store.purge_requests(world.clock.now()).await.expect("purges"), 2);
        turn_of(begin("t", "k", "r").await);
    })
    .await;
}
