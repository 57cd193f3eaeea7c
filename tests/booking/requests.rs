//! A request with an idempotency key is done once, wherever the server dies: its answer is written with its work.

use std::any::Any;
use std::sync::Arc;
use std::task::Poll;

use ariadni::booking::core::{AvailabilityCore, Closed, Closure, Hold, Window};
use ariadni::booking::desk::{AppointmentDesk, Destination, Selection, TransferPlan, TransferRequest};
use ariadni::booking::refusal::Refusal;
use ariadni::request::{Answer, Request, Turn};
use ariadni::store::{RequestTurn, StoreError};
use chrono::TimeDelta;

use crate::world::{KYPSELI, World, hold_request, instant, on_every_engine, staff};

/// Thursday, 10:00 in Athens; one of two desks.
const THURSDAY_TEN: &str = "2026-11-26T08:00:00Z";
/// Longer than a request counts as being under way.
const LOST: TimeDelta = TimeDelta::seconds(61);

async fn begin(world: &World, key: &str) -> RequestTurn {
    world.store.begin_request("caller", key, "what is asked").await.expect("answers")
}

async fn turn(world: &World, key: &str) -> Turn {
    match begin(world, key).await {
        RequestTurn::New(turn) => turn,
        other => panic!("{key}: {other:?}"),
    }
}

/// A request whose answer only says of what kind it is.
fn request_for<T: Any>(turn: Turn, body: &'static str) -> Arc<Request> {
    Request::new(turn, move |_: &T| Some(answer(body)))
}

fn answer(body: &str) -> Answer {
    Answer { status: 201, body: body.to_owned() }
}

fn closure() -> Closure {
    let window = Window { from: instant("2026-11-25T22:00:00Z"), to: instant("2026-11-26T22:00:00Z") };
    Closure { office: KYPSELI.into(), resource: None, window, reason: "Διακοπή ρεύματος".to_owned() }
}

/// Everybody of the office so many days later.
fn everybody(days: i32) -> TransferRequest {
    TransferRequest {
        which: Selection { office: Some(KYPSELI.into()), ..Selection::default() },
        to: Destination { days, ..Destination::default() },
        reason: "Απεργία".to_owned(),
        dry_run: false,
    }
}

/// Lets work get so far and drops it: nobody is there any more to wait for it. Whether it had come to its end.
async fn cut_off(work: impl Future, steps: usize) -> bool {
    let (mut work, mut left) = (std::pin::pin!(work), steps);
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

const LIVE_HOLDS: &str = "SELECT COUNT(*) FROM claims WHERE live = 1 AND kind = 'hold'";
const CLOSURES: &str = "SELECT COUNT(*) FROM closures";

#[tokio::test]
async fn an_answer_that_nobody_lived_to_give_is_given_to_who_asks_again() {
    on_every_engine(async |world| {
        let (core, desk) = (&world.core, staff());
        let hold = request_for::<Hold>(turn(world, "hold").await, "held");
        hold.during(core.hold(&hold_request(KYPSELI, THURSDAY_TEN), &desk)).await.expect("holds");
        assert_eq!(begin(world, "hold").await, RequestTurn::Answered(answer("held")));

        let close = request_for::<Closed>(turn(world, "close").await, "closed");
        close.during(core.close(&closure(), &desk)).await.expect("closes");
        assert_eq!(begin(world, "close").await, RequestTurn::Answered(answer("closed")));

        let refused = request_for::<Hold>(turn(world, "refused").await, "held");
        let refusal = refused.during(core.hold(&hold_request(KYPSELI, THURSDAY_TEN), &desk)).await;
        assert!(matches!(refusal, Err(Refusal::Closed(_))), "{refusal:?}");
        assert_eq!(refused.written(), None, "a refusal is for the caller to keep");
        assert_eq!(begin(world, "refused").await, RequestTurn::InProgress);
    })
    .await;
}

#[tokio::test]
async fn wherever_a_request_is_cut_off_asking_again_does_it_once() {
    on_every_engine(async |world| {
        let (core, desk) = (&world.core, staff());
        for steps in 1.. {
            let key = format!("hold-{steps}");
            let wish = hold_request(KYPSELI, THURSDAY_TEN);
            let first = request_for::<Hold>(turn(world, &key).await, "held");
            let ended = cut_off(first.during(core.hold(&wish, &desk)), steps).await;
            world.clock.advance(LOST);
            match begin(world, &key).await {
                RequestTurn::New(turn) => {
                    let again = request_for::<Hold>(turn, "held");
                    again.during(core.hold(&wish, &desk)).await.expect("holds");
                }
                other => assert_eq!(other, RequestTurn::Answered(answer("held"))),
            }
            assert_eq!(world.count(LIVE_HOLDS).await, 1, "cut off after {steps} steps");
            world.clock.advance(TimeDelta::minutes(11));
            world.store.expire_holds(instant(THURSDAY_TEN)).await.expect("expires");
            if ended {
                assert!(steps > 1, "never cut off");
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn wherever_a_transfer_is_cut_off_nobody_is_moved_twice() {
    on_every_engine(async |world| {
        let booked = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        let (core, desk) = (&world.core, staff());
        // To and fro, a week each time.
        for (steps, days) in (1..).zip([7, -7].into_iter().cycle()) {
            let (key, wish) = (format!("transfer-{steps}"), everybody(days));
            let first = request_for::<TransferPlan>(turn(world, &key).await, "moved");
            let ended = cut_off(first.during(core.transfer(&wish, &desk)), steps).await;
            world.clock.advance(LOST);
            if let RequestTurn::New(turn) = begin(world, &key).await {
                let again = request_for::<TransferPlan>(turn, "moved");
                assert!(again.during(core.transfer(&wish, &desk)).await.expect("moves").done);
            }
            let now = core.get(&booked.reference).await.expect("is there").start;
            let there = TimeDelta::days(days.max(0).into());
            assert_eq!(now - booked.start, there, "cut off after {steps} steps");
            if ended {
                assert!(steps > 1, "never cut off");
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_was_given_up_for_lost_changes_nothing_any_more() {
    on_every_engine(async |world| {
        let (core, desk) = (&world.core, staff());
        let slow = request_for::<Closed>(turn(world, "close").await, "the slow one's");
        world.clock.advance(LOST);
        let other = request_for::<Closed>(turn(world, "close").await, "the other's");
        let late = slow.during(core.close(&closure(), &desk)).await;
        assert!(matches!(late, Err(Refusal::Unavailable(_))), "{late:?}");
        assert_eq!(world.count(CLOSURES).await, 0);
        // Nor does its answer, or its giving up, count.
        let refused = world.store.finish_request(&slow.turn, &answer("the slow one's")).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        world.store.abandon_request(&slow.turn).await.expect("answers");
        other.during(core.close(&closure(), &desk)).await.expect("closes");
        assert_eq!(begin(world, "close").await, RequestTurn::Answered(answer("the other's")));
        assert_eq!(world.count(CLOSURES).await, 1);
    })
    .await;
}
