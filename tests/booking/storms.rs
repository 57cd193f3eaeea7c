//! Many at once: however calls cross, nothing is booked twice, nothing is lost, nobody waits for ever.

use std::time::Duration;

use ariadni::booking::core::{Appointment, AvailabilityCore};
use ariadni::booking::refusal::Refusal;
use chrono::TimeDelta;
use futures::future::join_all;

use crate::world::{
    Gate, KYPSELI, PATRA, World, booking, citizen, hold_request, instant, on_every_engine, query, staff,
};

/// Thursday 26 November 2026, 09:00, 09:20, 09:40 in Athens.
const NINE: &str = "2026-11-26T07:00:00Z";
const TWENTY_PAST: &str = "2026-11-26T07:20:00Z";
const TWENTY_TO: &str = "2026-11-26T07:40:00Z";

/// Pairs of live claims that share a resource and a moment; written without the product.
const DOUBLES: &str = "SELECT COUNT(*) FROM claims a JOIN claims b ON a.resource_id = b.resource_id AND a.id < b.id \
    AND a.live = 1 AND b.live = 1 AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at";

/// Standing appointments that do not have exactly one live claim, at their own time and place.
const LOST: &str = "SELECT COUNT(*) FROM appointments p WHERE p.state = 'booked' AND 1 <> (SELECT COUNT(*) FROM claims c \
    WHERE c.group_id = p.id AND c.live = 1 AND c.kind = 'appointment' AND c.resource_id = p.resource_id \
    AND c.slot_starts_at = p.starts_at AND c.slot_ends_at = p.ends_at)";

/// Live claims of appointments that no longer stand.
const GHOSTS: &str = "SELECT COUNT(*) FROM claims c JOIN appointments p ON p.id = c.group_id \
    WHERE c.live = 1 AND c.kind = 'appointment' AND p.state = 'cancelled'";

pub async fn assert_sound(world: &World) {
    for check in [DOUBLES, LOST, GHOSTS] {
        assert_eq!(world.count(check).await, 0, "{check}");
    }
}

/// Runs calls on all threads at once; a deadlock left standing would run into the time limit.
pub async fn at_once<T: Send + 'static>(calls: Vec<impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    let tasks = join_all(calls.into_iter().map(tokio::spawn));
    let results = tokio::time::timeout(Duration::from_secs(60), tasks).await.expect("nobody waits for ever");
    results.into_iter().map(|result| result.expect("no panic")).collect()
}

async fn book_at(
    core: ariadni::store::LocalCore,
    office: &str,
    start: &str,
    name: String,
) -> Result<Appointment, Refusal> {
    let hold = core.hold(&hold_request(office, start), &citizen()).await?;
    core.book(&booking(&hold.id, &name), &citizen()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_clients_on_one_slot_exactly_one_wins() {
    on_every_engine(async |world| {
        let call = |n: usize| {
            let core = world.core.clone();
            async move { book_at(core, PATRA, NINE, format!("Πολίτης {}", letters(n))).await }
        };
        let results = Gate::Claims.before(world, at_once((0..200).map(call).collect())).await;
        let won = results.iter().filter(|result| result.is_ok()).count();
        let taken = results.iter().filter(|result| **result == Err(Refusal::SlotTaken)).count();
        assert_eq!((won, taken), (1, 199));
        assert_eq!(world.count("SELECT COUNT(*) FROM appointments").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await, 1);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_clients_fill_many_slots_and_each_place_once() {
    on_every_engine(async |world| {
        let page = world
            .core
            .search(&query("kep.information-application", &[KYPSELI], 20), &citizen())
            .await
            .expect("searches");
        let places: u32 = page.slots.iter().map(|slot| slot.free).sum();
        assert_eq!(places, 40, "twenty starts at two desks");
        let call = |n: usize| {
            let (core, slots) = (world.core.clone(), page.slots.clone());
            async move {
                let mut won = 0;
                for k in 0..slots.len() {
                    let slot = &slots[(k * 7 + n) % slots.len()];
                    let start = slot.start.to_rfc3339();
                    match book_at(core.clone(), KYPSELI, &start, format!("Πολίτης {}Ω{}", letters(n), letters(k))).await
                    {
                        Ok(_) => won += 1,
                        Err(refusal) => assert_eq!(refusal, Refusal::SlotTaken),
                    }
                }
                won
            }
        };
        let won: u32 = at_once((0..64).map(call).collect()).await.into_iter().sum();
        assert_eq!(won, places);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn crossing_moves_never_double_or_lose() {
    on_every_engine(async |world| {
        let first = world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        let second = world.book(PATRA, TWENTY_PAST, "Βάσω Β").await.expect("books");
        let call = |n: usize| {
            let core = world.core.clone();
            let (reference, target) = match n % 4 {
                0 => (first.reference.clone(), TWENTY_PAST),
                1 => (second.reference.clone(), NINE),
                2 => (first.reference.clone(), TWENTY_TO),
                _ => (second.reference.clone(), TWENTY_TO),
            };
            async move { core.reschedule(&reference, instant(target), None, &staff()).await }
        };
        let results = at_once((0..48).map(call).collect()).await;
        assert!(results.iter().any(Result::is_ok));
        for refusal in results.into_iter().filter_map(Result::err) {
            assert_eq!(refusal, Refusal::SlotTaken);
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await, 2);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn holds_that_expire_in_the_middle_are_won_once() {
    on_every_engine(async |world| {
        for round in 0..5 {
            let held = world.hold(PATRA, NINE).await.expect("holds");
            world.clock.advance(TimeDelta::minutes(10));
            let late = {
                let (core, id) = (world.core.clone(), held.id.clone());
                async move { core.book(&booking(&id, "Αργοπορημένη"), &citizen()).await.map(|_| ()) }
            };
            let job = {
                let (store, now) = (world.store.clone(), world.clock.now());
                async move { store.expire_holds(now).await.map(|_| ()).map_err(|_| Refusal::NotFound) }
            };
            let new = |_| {
                let core = world.core.clone();
                async move { core.hold(&hold_request(PATRA, NINE), &citizen()).await.map(|_| ()) }
            };
            let (late, job, holds) = tokio::join!(late, job, at_once((0..20).map(new).collect()));
            assert_eq!((late, job), (Err(Refusal::HoldExpired), Ok(())));
            assert_eq!(holds.iter().filter(|h| h.is_ok()).count(), 1, "round {round}");
            assert_sound(world).await;
            world.clock.advance(TimeDelta::minutes(10));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_beneficiary_books_once_however_many_try() {
    on_every_engine(async |world| {
        let starts = ["06:00", "06:20", "06:40", "07:00", "07:20", "07:40", "08:00", "08:20"];
        let call = |n: usize| {
            let core = world.core.clone();
            let start = format!("2026-11-26T{}:00Z", starts[n]);
            async move { book_at(core, KYPSELI, &start, "Μαρία Παπαδοπούλου".to_owned()).await }
        };
        let results = Gate::Appointments.before(world, at_once((0..8).map(call).collect())).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        assert_eq!(results.iter().filter(|r| **r == Err(Refusal::LimitReached(1))).count(), 7);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_hold_booked_from_many_places_is_one_appointment() {
    on_every_engine(async |world| {
        let hold = world.hold(PATRA, NINE).await.expect("holds");
        let call = |n: usize| {
            let (core, id) = (world.core.clone(), hold.id.clone());
            // Some of them misspell the name on their second try: the appointment is the same.
            let name = if n.is_multiple_of(2) { "Άννα Α" } else { "Άννα Άλφα" };
            async move { core.book(&booking(&id, name), &citizen()).await }
        };
        let results = at_once((0..30).map(call).collect()).await;
        let first = results[0].clone().expect("books");
        assert!(results.iter().all(|r| r.as_ref() == Ok(&first)), "{results:?}");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_closure_in_the_middle_names_everybody_it_hurts() {
    on_every_engine(async |world| close_in_the_middle(world, None).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn leave_in_the_middle_names_everybody_it_hurts() {
    on_every_engine(async |world| close_in_the_middle(world, Some("kep-kypselis-1")).await).await;
}

/// Shuts Kypseli, or one of its desks, while a crowd books there: nobody gets a place behind the closure's back.
async fn close_in_the_middle(world: &World, desk: Option<&str>) {
    let window =
        ariadni::booking::core::Window { from: instant("2026-11-26T00:00:00Z"), to: instant("2026-11-26T22:00:00Z") };
    let reason = "Κλειστά".to_owned();
    let resource = desk.map(Into::into);
    let closure = ariadni::booking::core::Closure { office: KYPSELI.into(), resource, window, reason };
    let close = {
        let core = world.core.clone();
        async move { core.close(&closure, &staff()).await }
    };
    let starts = ["06:00", "06:20", "06:40", "07:00", "07:20", "07:40", "08:00", "08:20"];
    let call = |n: usize| {
        let core = world.core.clone();
        let start = format!("2026-11-26T{}:00Z", starts[n % starts.len()]);
        async move { book_at(core, KYPSELI, &start, format!("Πολίτης {}", letters(n))).await }
    };
    let (hurt, results) = tokio::join!(close, at_once((0..32).map(call).collect()));
    let hurt = hurt.expect("closes").hurt;
    let booked = results.into_iter().filter_map(Result::ok);
    let inside: Vec<_> = booked.filter(|a| desk.is_none_or(|desk| a.resource.as_str() == desk)).collect();
    for appointment in &inside {
        assert!(hurt.contains(appointment), "booked behind the closure's back");
    }
    assert_eq!(hurt.len(), inside.len());
    assert_sound(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mixed_crowd_leaves_the_books_in_order() {
    on_every_engine(async |world| {
        let starts = [NINE, TWENTY_PAST, TWENTY_TO];
        let call = |n: usize| {
            let (core, store, now) = (world.core.clone(), world.store.clone(), world.clock.now());
            async move {
                let office = if n.is_multiple_of(2) { KYPSELI } else { PATRA };
                let booked = book_at(core.clone(), office, starts[n % 3], format!("Πολίτης {}", letters(n))).await;
                let Ok(booked) = booked else { return };
                let staff = staff();
                let (moved, cancelled, _) = tokio::join!(
                    core.reschedule(&booked.reference, instant(starts[(n + 1) % 3]), None, &staff),
                    async {
                        if n.is_multiple_of(3) { Some(core.cancel(&booked.reference, &staff, "").await) } else { None }
                    },
                    store.expire_holds(now),
                );
                for refusal in [moved.err(), cancelled.and_then(Result::err)].into_iter().flatten() {
                    assert!(matches!(refusal, Refusal::SlotTaken | Refusal::WrongState("cancelled")), "{refusal}");
                }
            }
        };
        at_once((0..60).map(call).collect()).await;
        assert_sound(world).await;
        assert!(world.count("SELECT COUNT(*) FROM appointments").await > 0);
    })
    .await;
}

/// A number as a name, so that every citizen is another.
pub fn letters(number: usize) -> String {
    const ALPHABET: [char; 10] = ['Α', 'Β', 'Γ', 'Δ', 'Ε', 'Ζ', 'Η', 'Θ', 'Ι', 'Κ'];
    number.to_string().bytes().map(|digit| ALPHABET[usize::from(digit - b'0')]).collect()
}
