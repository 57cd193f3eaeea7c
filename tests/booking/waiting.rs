//! The waiting list: who is asked, in which order, that one yes wins, and that nobody else can come in between.

use ariadni::booking::core::{Actor, AvailabilityCore, BookingRequest, Closure, Needs, Window};
use ariadni::booking::identity::Phone;
use ariadni::booking::people::Mode;
use ariadni::booking::reference::Reference;
use ariadni::booking::refusal::Refusal;
use ariadni::booking::waiting::{OFFER_MINUTES, Wait, WaitRequest, WaitState, WaitingList};
use ariadni::store::LocalCore;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use crate::world::{
    INFORMATION, PATRA, World, booking, catalogue, citizen, hold_request, instant, on_every_engine, staff,
};

/// Thursday 26 November 2026, 09:00 and 09:20 in Athens.
const NINE: &str = "2026-11-26T07:00:00Z";
const TWENTY_PAST: &str = "2026-11-26T07:20:00Z";

/// The telephone of the `n`-th person.
fn phone_of(n: usize) -> Phone {
    Phone::parse(&format!("69441230{n:02}")).expect("a telephone")
}

/// The conversation of the `n`-th person.
fn visitor(n: usize) -> Actor {
    Actor::Citizen { channel: "web".to_owned(), conversation: format!("conversation {n}") }
}

fn at(start: &str) -> Window {
    Window { from: instant(start), to: instant(start) }
}

/// The `n`-th person waits for these very times.
fn wish(n: usize, starts: &[&str]) -> WaitRequest {
    let letter = char::from(b'A' + u8::try_from(n).expect("a small number"));
    let name = format!("Πολίτης {letter}");
    WaitRequest {
        service: INFORMATION.into(),
        offices: vec![PATRA.into()],
        mode: Mode::InPerson,
        needs: Needs::default(),
        windows: starts.iter().map(|start| at(start)).collect(),
        excluded: Vec::new(),
        daily: None,
        beneficiary: name.clone(),
        requester: name,
        phone: phone_of(n),
        email: None,
        on_behalf: false,
        relation: None,
        procedure: None,
        identity: None,
    }
}

/// The first `n` people wait for nine o'clock, one after another.
async fn queue(world: &World, n: usize, starts: &[&str]) -> Vec<Wait> {
    let mut waits = Vec::new();
    for person in 0..n {
        waits.push(world.core.wait(&wish(person, starts), &visitor(person)).await.expect("joins"));
        world.clock.advance(TimeDelta::seconds(1));
    }
    waits
}

/// Nine o'clock is taken, and `n` people wait for it; gives the appointment that stands in their way.
async fn taken(world: &World, n: usize) -> (Reference, Vec<Wait>) {
    let first = world.book(PATRA, NINE, "Άννα Α").await.expect("books");
    (first.reference, queue(world, n, &[NINE]).await)
}

/// Nine o'clock is offered to `n` people.
async fn offered(world: &World, n: usize) -> Vec<Wait> {
    let (reference, waits) = taken(world, n).await;
    world.core.cancel(&reference, &staff(), "").await.expect("cancels");
    assert_eq!(world.core.offer_free().await, Ok(1));
    waits
}

async fn states(world: &World, waits: &[Wait]) -> Vec<WaitState> {
    let mut states = Vec::new();
    for wait in waits {
        states.push(shown(world, wait).await.state);
    }
    states
}

async fn shown(world: &World, wait: &Wait) -> Wait {
    world.core.waiting(&wait.reference, &wait.request.phone).await.expect("is found")
}

async fn accept(core: &LocalCore, wait: &Wait) -> Result<Reference, Refusal> {
    let accepted = core.accept(&wait.reference, &wait.request.phone, &citizen()).await;
    accepted.map(|appointment| appointment.reference)
}

/// How many messages of a kind there are to send.
async fn told(world: &World, kind: &str) -> usize {
    let pool = world.raw().await;
    let kinds: Vec<String> = sqlx::query_scalar("SELECT kind FROM outbox").fetch_all(&pool).await.expect("reads");
    pool.close().await;
    kinds.iter().filter(|k| *k == kind).count()
}

/// What must hold at every moment, asked without the product.
async fn assert_sound(world: &World) {
    for broken in [
        // Two live claims on one desk at one time.
        "SELECT COUNT(*) FROM claims a JOIN claims b ON a.resource_id = b.resource_id AND a.id < b.id AND a.live = 1 \
         AND b.live = 1 AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at",
        // An offer that stands without a place, or for somebody who does not know of it.
        "SELECT COUNT(*) FROM wait_offers o WHERE o.state = 'offered' AND (NOT EXISTS (SELECT 1 FROM claims c \
         WHERE c.group_id = o.group_id AND c.live = 1 AND c.kind = 'offer') OR NOT EXISTS (SELECT 1 FROM waits w \
         WHERE w.id = o.wait_id AND w.state = 'offered'))",
        // Somebody to whom something is offered that does not stand.
        "SELECT COUNT(*) FROM waits w WHERE w.state = 'offered' AND 1 <> (SELECT COUNT(*) FROM wait_offers o \
         WHERE o.wait_id = w.id AND o.state = 'offered')",
        // A yes without an appointment, an appointment without its claim.
        "SELECT COUNT(*) FROM wait_offers o WHERE o.state = 'taken' AND NOT EXISTS (SELECT 1 FROM appointments p \
         WHERE p.id = o.group_id)",
        "SELECT COUNT(*) FROM appointments p WHERE p.state = 'booked' AND NOT EXISTS (SELECT 1 FROM claims c \
         WHERE c.group_id = p.id AND c.live = 1 AND c.kind = 'appointment')",
        // A code that is both.
        "SELECT COUNT(*) FROM appointments p JOIN waits w ON w.reference = p.reference",
    ] {
        assert_eq!(world.count(broken).await, 0, "{broken}");
    }
}

#[tokio::test]
async fn one_joins_only_what_is_full_and_only_once() {
    on_every_engine(async |world| {
        let core = &world.core;
        assert_eq!(core.wait(&wish(0, &[NINE]), &visitor(0)).await, Err(Refusal::StillFree));
        world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        let wait = core.wait(&wish(0, &[NINE]), &visitor(0)).await.expect("joins");
        assert_eq!((wait.state, wait.offer.clone()), (WaitState::Waiting, None));
        assert!(wait.reference.is_of_wait());
        assert_eq!(core.wait(&wish(0, &[NINE]), &visitor(0)).await, Ok(wait.clone()), "the same conversation");
        assert_eq!(core.wait(&wish(0, &[NINE]), &visitor(1)).await, Err(Refusal::AlreadyWaits));
        assert_eq!(core.wait(&wish(0, &[NINE]), &staff()).await, Err(Refusal::AlreadyWaits));
        let has_one =
            WaitRequest { beneficiary: "Α Άννα".to_owned(), phone: crate::world::phone(), ..wish(1, &[NINE]) };
        assert_eq!(core.wait(&has_one, &visitor(1)).await, Err(Refusal::LimitReached(1)));
        let nameless = WaitRequest { beneficiary: " ".to_owned(), ..wish(2, &[NINE]) };
        assert_eq!(core.wait(&nameless, &visitor(2)).await.map_err(|r| r.code()), Err("invalid"));
        // In vain: a Sunday.
        let sunday = wish(3, &["2026-11-29T07:00:00Z"]);
        assert_eq!(core.wait(&sunday, &visitor(3)).await, Err(Refusal::NotASlot));
        assert_eq!(core.waiting(&wait.reference, &phone_of(9)).await, Err(Refusal::NotFound));
        let counts = core.counts().await.expect("counts");
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].office.clone(), counts[0].waiting), (Some(PATRA.into()), 1));
        assert_eq!(world.count("SELECT COUNT(*) FROM waits").await, 1);
        let mut closed = catalogue();
        closed.services.iter_mut().for_each(|service| service.rules.waiting_list = false);
        core.import(closed.into()).await.expect("imports");
        assert_eq!(core.wait(&wish(5, &[NINE]), &visitor(5)).await.map_err(|r| r.code()), Err("not_offered"));
    })
    .await;
}

#[tokio::test]
async fn what_staff_give_back_is_offered_before_anybody_else_can_take_it() {
    on_every_engine(async |world| {
        let (reference, waits) = taken(world, 1).await;
        world.core.cancel(&reference, &staff(), "").await.expect("cancels");
        assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken), "not before those who wait were asked");
        assert_eq!(world.core.offer_free().await, Ok(1));
        assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken));
        assert_eq!(states(world, &waits).await, [WaitState::Offered]);
    })
    .await;
}

#[tokio::test]
async fn what_is_cancelled_goes_to_the_three_who_waited_longest_before_anybody_else_can_take_it() {
    on_every_engine(async |world| {
        let (reference, waits) = taken(world, 4).await;
        world.core.cancel(&reference, &citizen(), "").await.expect("cancels");
        let cancelled = world.clock.now();
        // Somebody tries all the time; the job runs every twenty seconds.
        let mut offers = 0;
        while offers == 0 {
            for _ in 0..4 {
                assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken));
                world.clock.advance(TimeDelta::seconds(5));
            }
            offers = world.core.offer_free().await.expect("runs");
            assert!(world.clock.now() - cancelled <= TimeDelta::minutes(61), "it is offered in the end");
        }
        assert!(world.clock.now() - cancelled >= TimeDelta::minutes(9), "not before it has been shut for a while");
        assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken));
        let expected = [WaitState::Offered, WaitState::Offered, WaitState::Offered, WaitState::Waiting];
        assert_eq!(states(world, &waits).await, expected);
        let offer = shown(world, &waits[0]).await.offer.expect("is offered");
        assert_eq!((offer.start, offer.office.as_str()), (instant(NINE), PATRA));
        assert_eq!(offer.expires_at, world.clock.now() + TimeDelta::minutes(OFFER_MINUTES));
        assert_eq!(told(world, "waiting_offered").await, 3);
        assert_eq!(world.core.offer_free().await, Ok(0), "once is enough");
        let pool = world.raw().await;
        let lines: Vec<String> = sqlx::query_scalar("SELECT payload FROM outbox UNION ALL SELECT detail FROM audit")
            .fetch_all(&pool)
            .await
            .expect("reads");
        pool.close().await;
        assert!(lines.iter().all(|line| !line.contains("Πολίτης") && !line.contains("6944")), "{lines:?}");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_three_who_say_yes_at_once_one_wins_and_the_others_are_told_and_keep_their_places() {
    on_every_engine(async |world| {
        let waits = offered(world, 4).await;
        let yes = |wait: &Wait| {
            let (core, wait) = (world.core.clone(), wait.clone());
            tokio::spawn(async move { accept(&core, &wait).await })
        };
        let answers: Vec<_> = join_all(waits[..3].iter().map(yes)).await;
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("no panic")).collect();
        let winner = answers.iter().position(Result::is_ok).expect("somebody wins");
        for (n, answer) in answers.iter().enumerate().filter(|(n, _)| *n != winner) {
            assert_eq!(*answer, Err(Refusal::SlotTaken), "{n}");
            let wait = shown(world, &waits[n]).await;
            assert_eq!((wait.state, wait.outrun), (WaitState::Waiting, true));
        }
        let won = shown(world, &waits[winner]).await;
        assert_eq!((won.state, won.appointment), (WaitState::Booked, answers[winner].clone().ok()));
        assert_eq!(accept(&world.core, &waits[winner]).await, answers[winner], "a second yes is the same yes");
        assert_eq!(told(world, "waiting_offer_gone").await, 2);
        let appointment = world.core.get(answers[winner].as_ref().expect("won")).await.expect("stands");
        assert_eq!((appointment.start, &appointment.beneficiary), (instant(NINE), &won.request.beneficiary));
        // It comes free again: those who were outrun come before the fourth, whatever the winner does now.
        world.core.cancel(&appointment.reference, &staff(), "").await.expect("cancels");
        assert_eq!(world.core.offer_free().await, Ok(1));
        let mut expected = [WaitState::Offered; 4];
        expected[winner] = WaitState::Booked;
        assert_eq!(states(world, &waits).await, expected);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn an_offered_place_is_nobody_elses() {
    on_every_engine(async |world| {
        let waits = offered(world, 1).await;
        world.clock.advance(TimeDelta::minutes(OFFER_MINUTES) - TimeDelta::seconds(1));
        world.store.expire_holds(world.clock.now()).await.expect("runs");
        assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken));
        let place = hold_request(PATRA, NINE);
        let people = booking(&"".into(), "Βάσω Β");
        assert_eq!(world.core.book_in_one(&place, &people, &staff()).await, Err(Refusal::SlotTaken));
        let other = world.book(PATRA, TWENTY_PAST, "Γιάννης Γ").await.expect("books");
        let moved = world.core.reschedule(&other.reference, instant(NINE), None, &staff()).await;
        assert_eq!(moved, Err(Refusal::SlotTaken));
        accept(&world.core, &waits[0]).await.expect("it was kept");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn an_offer_without_an_answer_goes_on_to_the_next_and_in_the_end_to_everybody() {
    on_every_engine(async |world| {
        let waits = offered(world, 4).await;
        world.clock.advance(TimeDelta::minutes(OFFER_MINUTES));
        assert_eq!(accept(&world.core, &waits[0]).await, Err(Refusal::HoldExpired));
        assert_eq!(shown(world, &waits[0]).await.state, WaitState::Waiting);
        assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken), "the job has not run yet");
        world.store.expire_holds(world.clock.now()).await.expect("runs");
        assert_eq!(world.core.offer_free().await, Ok(4), "three ended, one made");
        assert_eq!(told(world, "waiting_offer_missed").await, 3);
        let expected = [WaitState::Waiting, WaitState::Waiting, WaitState::Waiting, WaitState::Offered];
        assert_eq!(states(world, &waits).await, expected);
        world.clock.advance(TimeDelta::minutes(OFFER_MINUTES));
        assert_eq!(world.core.offer_free().await, Ok(1), "nobody is asked twice for one place");
        assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken));
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(world.core.offer_free().await, Ok(0));
        world.hold(PATRA, NINE).await.expect("nobody would have it");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_lets_two_offers_lapse_goes_to_the_end_of_the_queue() {
    on_every_engine(async |world| {
        let starts = [NINE, TWENTY_PAST, "2026-11-26T07:40:00Z"];
        let mut standing = Vec::new();
        for (n, start) in starts.iter().enumerate() {
            let people =
                booking(&world.hold(PATRA, start).await.expect("holds").id, &format!("Άλλος {}", ["Α", "Β", "Γ"][n]));
            standing.push(world.core.book(&people, &citizen()).await.expect("books").reference);
        }
        let waits = queue(world, 2, &starts).await;
        for reference in &standing[..2] {
            // Only the first is asked: the second has just said no to this place.
            world.core.cancel(reference, &staff(), "").await.expect("cancels");
            world.core.offer_free().await.expect("runs");
            world.core.decline(&waits[1].reference, &waits[1].request.phone, &citizen()).await.expect("declines");
            world.clock.advance(TimeDelta::minutes(OFFER_MINUTES) + TimeDelta::minutes(2));
            world.core.offer_free().await.expect("runs");
        }
        let order =
            "SELECT COUNT(*) FROM waits a JOIN waits b ON a.queued_at > b.queued_at AND a.created_at < b.created_at";
        assert_eq!(world.count(order).await, 1, "the first is now behind the second");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_no_lets_the_place_go_to_the_next_and_keeps_ones_own() {
    on_every_engine(async |world| {
        let waits = offered(world, 4).await;
        for (n, wait) in waits[..3].iter().enumerate() {
            assert_eq!(shown(world, &waits[3]).await.state, WaitState::Waiting, "{n} answers are still to come");
            let declined =
                world.core.decline(&wait.reference, &wait.request.phone, &citizen()).await.expect("declines");
            assert_eq!((declined.state, declined.outrun), (WaitState::Waiting, false));
            assert_eq!(world.hold(PATRA, NINE).await, Err(Refusal::SlotTaken));
            world.core.offer_free().await.expect("runs");
        }
        assert_eq!(shown(world, &waits[3]).await.state, WaitState::Offered);
        let again = world.core.decline(&waits[0].reference, &waits[0].request.phone, &citizen()).await;
        assert_eq!(again, Err(Refusal::HoldExpired));
        assert_eq!(accept(&world.core, &waits[0]).await, Err(Refusal::HoldExpired));
        accept(&world.core, &waits[3]).await.expect("takes it");
        assert_eq!(told(world, "waiting_offer_gone").await, 0, "whoever declined need not be told");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_is_asked_no_more() {
    on_every_engine(async |world| {
        let waits = offered(world, 4).await;
        let leave =
            async |wait: &Wait, phone: Option<&Phone>| world.core.leave(&wait.reference, phone, &citizen()).await;
        assert_eq!(leave(&waits[0], Some(&phone_of(9))).await, Err(Refusal::NotFound));
        for wait in &waits[..3] {
            leave(wait, Some(&wait.request.phone)).await.expect("leaves");
        }
        leave(&waits[0], None).await.expect("once more does no harm");
        world.core.offer_free().await.expect("runs");
        let gone = [WaitState::Withdrawn, WaitState::Withdrawn, WaitState::Withdrawn, WaitState::Offered];
        assert_eq!(states(world, &waits).await, gone);
        accept(&world.core, &waits[3]).await.expect("takes it");
        assert_eq!(leave(&waits[3], None).await, Err(Refusal::WrongState("booked")));
        world.clock.advance(TimeDelta::days(40));
        assert_eq!(world.store.forget_waits(world.clock.now() - TimeDelta::days(30)).await.expect("runs"), 4);
        assert_eq!(world.count("SELECT COUNT(*) FROM wait_offers").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_closure_takes_an_offer_back_and_a_reopened_place_is_offered_again() {
    on_every_engine(async |world| {
        let waits = offered(world, 2).await;
        let window = Window { from: instant("2026-11-26T06:00:00Z"), to: instant("2026-11-26T12:00:00Z") };
        let closure = Closure {
            office: PATRA.into(), resource: None, window, reason: "Διακοπή ρεύματος".to_owned()
        };
        world.core.close(&closure, &staff()).await.expect("closes");
        assert_eq!(accept(&world.core, &waits[0]).await, Err(Refusal::HoldExpired));
        assert_eq!(world.core.offer_free().await, Ok(2));
        assert_eq!(states(world, &waits).await, [WaitState::Waiting; 2]);
        assert!(!shown(world, &waits[0]).await.outrun, "nobody was faster");
        assert_eq!(told(world, "waiting_offer_gone").await, 2);
        assert_eq!(world.core.offer_free().await, Ok(0), "it is shut");
        let pool = world.raw().await;
        sqlx::query("UPDATE closures SET reopened = 1").execute(&pool).await.expect("reopens");
        pool.close().await;
        assert_eq!(world.core.offer_free().await, Ok(1));
        assert_eq!(states(world, &waits).await, [WaitState::Offered; 2]);
        accept(&world.core, &waits[1]).await.expect("takes it");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn limits_hold_for_those_who_wait() {
    on_every_engine(async |world| {
        let (reference, waits) = taken(world, 3).await;
        // The first has found another place meanwhile: nothing is offered to them while it stands.
        let elsewhere = book_for(world, 0, "2026-11-27T07:00:00Z").await;
        world.core.cancel(&reference, &staff(), "").await.expect("cancels");
        world.core.offer_free().await.expect("runs");
        let expected = [WaitState::Waiting, WaitState::Offered, WaitState::Offered];
        assert_eq!(states(world, &waits).await, expected);
        // The second books elsewhere while the offer stands: the yes is refused, the offer goes on for the third.
        book_for(world, 1, "2026-11-27T07:20:00Z").await;
        assert_eq!(accept(&world.core, &waits[1]).await, Err(Refusal::LimitReached(1)));
        assert_sound(world).await;
        let won = accept(&world.core, &waits[2]).await.expect("takes it");
        world.core.cancel(&elsewhere, &staff(), "").await.expect("cancels");
        world.core.cancel(&won, &staff(), "").await.expect("cancels");
        world.core.offer_free().await.expect("runs");
        assert_eq!(shown(world, &waits[0]).await.state, WaitState::Offered, "now there is room for one");
    })
    .await;
}

/// The `n`-th person books at the same office by themselves.
async fn book_for(world: &World, n: usize, start: &str) -> Reference {
    let hold = world.hold(PATRA, start).await.expect("holds").id;
    let person = wish(n, &[]);
    let request = BookingRequest { phone: person.phone, ..booking(&hold, &person.beneficiary) };
    world.core.book(&request, &citizen()).await.expect("books").reference
}

#[tokio::test]
async fn a_tax_number_is_kept_only_as_a_digest_and_still_counts() {
    on_every_engine(async |world| {
        world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        world.book(PATRA, TWENTY_PAST, "Βάσω Β").await.expect("books");
        let afm = |request: WaitRequest| WaitRequest { identity: Some("123456783".to_owned()), ..request };
        let wait = world.core.wait(&afm(wish(0, &[NINE])), &visitor(0)).await.expect("joins");
        assert_eq!(wait.request.identity, None);
        assert_eq!(world.count("SELECT COUNT(*) FROM waits WHERE request LIKE '%123456783%'").await, 0);
        // Under another name and telephone it is still the same person.
        assert_eq!(world.core.wait(&afm(wish(1, &[TWENTY_PAST])), &visitor(1)).await, Err(Refusal::AlreadyWaits));
        let stands = "SELECT COUNT(*) FROM appointments WHERE state = 'booked'";
        let first =
            Reference::parse(&one(world, "SELECT reference FROM appointments ORDER BY starts_at LIMIT 1").await);
        world.core.cancel(&first.expect("a reference"), &staff(), "").await.expect("cancels");
        world.core.offer_free().await.expect("runs");
        accept(&world.core, &wait).await.expect("takes it");
        assert_eq!(world.count(stands).await, 2);
        assert_eq!(world.core.wait(&afm(wish(2, &[TWENTY_PAST])), &visitor(2)).await, Err(Refusal::LimitReached(1)));
    })
    .await;
}

async fn one(world: &World, sql: &'static str) -> String {
    let pool = world.raw().await;
    let text = sqlx::query_scalar(sql).fetch_one(&pool).await.expect("reads");
    pool.close().await;
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_at_once_offer_a_place_once() {
    on_every_engine(async |world| {
        let (reference, waits) = taken(world, 4).await;
        world.core.cancel(&reference, &staff(), "").await.expect("cancels");
        let run = |_| {
            let core = LocalCore::new(world.store.clone(), world.core.catalogue());
            tokio::spawn(async move { core.offer_free().await })
        };
        let runs = join_all((0..6).map(run)).await;
        let offers: u64 = runs.into_iter().map(|run| run.expect("no panic").expect("runs")).sum();
        assert_eq!(offers, 1);
        let expected = [WaitState::Offered, WaitState::Offered, WaitState::Offered, WaitState::Waiting];
        assert_eq!(states(world, &waits).await, expected);
        assert_eq!(told(world, "waiting_offered").await, 3);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn several_places_are_spread_over_those_who_wait() {
    on_every_engine(async |world| {
        let first = world.book(PATRA, NINE, "Άννα Α").await.expect("books").reference;
        let second = world.book(PATRA, TWENTY_PAST, "Βάσω Β").await.expect("books").reference;
        let waits = queue(world, 3, &[NINE, TWENTY_PAST]).await;
        for reference in [&first, &second] {
            world.core.cancel(reference, &staff(), "").await.expect("cancels");
        }
        assert_eq!(world.core.offer_free().await, Ok(2));
        let mut starts = Vec::new();
        for wait in &waits {
            starts.push(shown(world, wait).await.offer.expect("everybody is asked").start);
        }
        assert_eq!(starts, [instant(NINE), instant(NINE), instant(TWENTY_PAST)]);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_day_that_opens_is_offered_before_it_opens_for_all() {
    on_every_engine(async |world| {
        // The service opens sixty days ahead, at midnight: Friday 22 January is the sixtieth day from Monday 23 November.
        let day: DateTime<Utc> = instant("2027-01-25T07:00:00Z");
        let start = day.to_rfc3339();
        let wait = world.core.wait(&wish(0, &[&start]), &visitor(0)).await.expect("not open yet, so one may wait");
        let midnight = instant("2026-11-25T22:00:00Z");
        world.clock.advance(midnight - TimeDelta::minutes(5) - world.clock.now());
        assert_eq!(world.core.offer_free().await, Ok(0));
        world.clock.advance(TimeDelta::minutes(5) - TimeDelta::seconds(30));
        assert_eq!(world.core.offer_free().await, Ok(1));
        world.clock.advance(TimeDelta::seconds(40));
        assert_eq!(world.hold(PATRA, &start).await, Err(Refusal::SlotTaken));
        accept(&world.core, &wait).await.expect("takes it");
    })
    .await;
}

#[tokio::test]
async fn what_fails_half_way_leaves_nothing_behind() {
    on_every_engine(async |world| {
        let waits = offered(world, 2).await;
        let everything = "SELECT (SELECT COUNT(*) FROM appointments WHERE state = 'booked') * 10000 \
            + (SELECT COUNT(*) FROM wait_offers WHERE state = 'offered') * 1000 + (SELECT COUNT(*) FROM waits \
            WHERE state = 'offered') * 100 + (SELECT COUNT(*) FROM claims WHERE live = 1 AND kind = 'offer') * 10 \
            + (SELECT COUNT(*) FROM audit WHERE action LIKE '%taken')";
        assert_eq!(world.count(everything).await, 2210);
        let pool = world.raw().await;
        // The audit of the others is the last thing written; it cannot be.
        sqlx::query("ALTER TABLE audit RENAME TO elsewhere").execute(&pool).await.expect("renames");
        for _ in 0..2 {
            assert_eq!(accept(&world.core, &waits[0]).await.map_err(|r| r.code()), Err("unavailable"));
        }
        sqlx::query("ALTER TABLE elsewhere RENAME TO audit").execute(&pool).await.expect("renames");
        pool.close().await;
        assert_eq!(world.count(everything).await, 2210);
        assert_sound(world).await;
        accept(&world.core, &waits[0]).await.expect("takes it");
        assert_eq!(world.count(everything).await, 10001);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_wait_for_what_is_over_ends_by_itself() {
    on_every_engine(async |world| {
        let (_, waits) = taken(world, 1).await;
        world.clock.advance(instant(NINE) - world.clock.now());
        world.core.offer_free().await.expect("runs");
        assert_eq!(shown(world, &waits[0]).await.state, WaitState::Withdrawn);
    })
    .await;
}

#[tokio::test]
async fn a_place_counts_for_the_channel_of_whoever_takes_it() {
    on_every_engine(async |world| {
        let (reference, mut waits) = taken(world, 1).await;
        let by_phone = Actor::Citizen { channel: "phone".to_owned(), conversation: "call 1".to_owned() };
        waits.push(world.core.wait(&wish(1, &[NINE]), &by_phone).await.expect("joins"));
        world.core.cancel(&reference, &staff(), "").await.expect("cancels");
        world.core.offer_free().await.expect("runs");
        assert_eq!(states(world, &waits).await, [WaitState::Offered; 2], "whatever their channels");
        accept(&world.core, &waits[1]).await.expect("takes it");
        let channel = "SELECT channel FROM claims WHERE live = 1 AND kind = 'appointment'";
        assert_eq!(one(world, channel).await, "phone");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_place_that_is_kept_for_other_channels_is_offered_to_those_only() {
    on_every_engine(async |world| {
        use ariadni::booking::rule::quota::{Most, Quota};
        let (reference, mut waits) = taken(world, 1).await;
        let by_phone = Actor::Citizen { channel: "phone".to_owned(), conversation: "call 1".to_owned() };
        waits.push(world.core.wait(&wish(1, &[NINE]), &by_phone).await.expect("joins"));
        let mut shared = catalogue();
        let office = shared.offices.iter_mut().find(|office| office.id.as_str() == PATRA).expect("the office");
        office.quotas.push(Quota {
            channels: vec!["web".to_owned()],
            booked_by: None,
            modes: Vec::new(),
            services: Vec::new(),
            most: Most::Places(0),
            lifts_hours_before: None,
        });
        world.core.import(shared.into()).await.expect("imports");
        world.core.cancel(&reference, &staff(), "").await.expect("cancels");
        world.core.offer_free().await.expect("runs");
        assert_eq!(states(world, &waits).await, [WaitState::Waiting, WaitState::Offered]);
        accept(&world.core, &waits[1]).await.expect("takes it");
    })
    .await;
}
