//! Proposals after a closure: everybody hurt is offered another place of their own, and answers in time or not.

use std::collections::BTreeSet;

use ariadni::booking::core::{Appointment, AppointmentState, AvailabilityCore, Closure, Window};
use ariadni::booking::desk::{AppointmentDesk, Destination, Selection, TransferRequest};
use ariadni::booking::id::ResourceId;
use ariadni::booking::refusal::Refusal;
use chrono::TimeDelta;

use crate::storms::{assert_sound, at_once};
use crate::world::{KYPSELI, PATRA, World, booking, citizen, hold_request, instant, on_every_engine, phone, staff};

/// Thursday 26 November 2026, 10:00 in Athens, and the midnights around it.
const TEN: &str = "2026-11-26T08:00:00Z";
const TWENTY_PAST: &str = "2026-11-26T08:20:00Z";
const THURSDAY: (&str, &str) = ("2026-11-25T22:00:00Z", "2026-11-26T22:00:00Z");
const REASON: &str = "Διακοπή ρεύματος";

async fn book(world: &World, office: &str, start: &str, name: &str) -> Appointment {
    let people = booking(&"none".into(), name);
    world.core.book_at(&hold_request(office, start), &people, &citizen()).await.expect("books")
}

/// Closes an office, or one desk of it; the closure's id.
async fn close(world: &World, office: &str, resource: Option<ResourceId>, (from, to): (&str, &str)) -> String {
    let window = Window { from: instant(from), to: instant(to) };
    let closure = Closure { office: office.into(), resource, window, reason: REASON.to_owned() };
    world.core.close(&closure, &staff()).await.expect("closes");
    let kept = world.core.closures(&office.into(), world.clock.now()).await.expect("lists");
    kept.into_iter().find(|kept| kept.closure == closure).expect("is kept").id
}

async fn three_hurt(world: &World) -> ([Appointment; 3], String) {
    let booked = [
        book(world, KYPSELI, TEN, "Άννα Πολίτη").await,
        book(world, KYPSELI, TEN, "Βάσω Πολίτη").await,
        book(world, KYPSELI, TWENTY_PAST, "Γιώτα Πολίτη").await,
    ];
    let closure = close(world, KYPSELI, None, THURSDAY).await;
    (booked, closure)
}

async fn live(world: &World, kind: &str) -> i64 {
    match kind {
        "offer" => world.count("SELECT COUNT(*) FROM claims WHERE live = 1 AND kind = 'offer'").await,
        _ => world.count("SELECT COUNT(*) FROM claims WHERE live = 1 AND kind = 'appointment'").await,
    }
}

#[tokio::test]
async fn everybody_hurt_is_kept_the_nearest_place_of_their_own() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        assert_eq!(told.len(), 3);
        // Friday at eight, when the office opens: two desks, then twenty past.
        let mut starts: Vec<_> = told.iter().map(|a| a.proposal.as_ref().expect("a proposal").start).collect();
        starts.sort();
        let eight = instant("2026-11-27T06:00:00Z");
        assert_eq!(starts, [eight, eight, eight + TimeDelta::minutes(20)]);
        for old in &booked {
            let told = told.iter().find(|told| told.reference == old.reference).expect("is told");
            let proposal = told.proposal.clone().expect("a proposal");
            assert_eq!((proposal.office.as_str(), proposal.reason.as_str()), (KYPSELI, REASON));
            assert_eq!(proposal.expires_at, world.clock.now() + TimeDelta::hours(48));
            assert_eq!((told.start, told.sequence, told.state), (old.start, 1, AppointmentState::Booked));
            assert_eq!(told.cancellable_until, old.start, "the citizen may change it until it would begin");
            assert_eq!(world.core.find(&old.reference, &phone()).await.as_ref(), Ok(told));
            assert_eq!(world.core.get(&old.reference).await.as_ref(), Ok(told));
            let which = Selection { references: vec![old.reference.clone()], ..Selection::default() };
            assert_eq!(world.core.list(&which).await.as_deref(), Ok(std::slice::from_ref(told)));
        }
        // The places are kept from others.
        assert_eq!(live(world, "offer").await, 3);
        assert_eq!(world.hold(KYPSELI, "2026-11-27T06:00:00Z").await, Err(Refusal::SlotTaken));
        world.hold(KYPSELI, "2026-11-27T06:20:00Z").await.expect("the other desk");
        // A second round proposes nothing to those who have a proposal, and something to those who come later.
        assert_eq!(world.core.propose(&closure, &staff()).await.as_ref(), Ok(&told));
        assert_eq!(live(world, "offer").await, 3);
        assert_eq!(world.core.propose("nothing", &staff()).await, Err(Refusal::NotFound));
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_yes_moves_the_appointment_onto_the_place_kept_for_it() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        assert_eq!(booked.len(), told.len());
        let proposal = told[0].proposal.clone().expect("a proposal");
        let reference = &told[0].reference;
        let moved = world.core.answer_proposal(reference, true, &citizen()).await.expect("moves");
        assert_eq!((moved.start, moved.end, &moved.office), (proposal.start, proposal.end, &proposal.office));
        assert_eq!((&moved.proposal, moved.sequence, &moved.reference), (&None, 2, reference));
        assert_eq!(moved.cancellable_until, proposal.start - TimeDelta::hours(24));
        assert_eq!(world.core.get(reference).await, Ok(moved));
        assert_eq!((live(world, "offer").await, live(world, "appointment").await), (2, 3));
        assert_eq!(world.core.answer_proposal(reference, true, &citizen()).await, Err(Refusal::HoldExpired));
        assert_sound(world).await;
        // The old place is free at once when the office opens again: nobody gave it back to trade with it.
        world.core.reopen(&closure, &staff()).await.expect("reopens");
        world.hold(KYPSELI, TEN).await.expect("free");
    })
    .await;
}

#[tokio::test]
async fn a_no_lets_the_place_go_and_leaves_the_appointment_changeable() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        world.core.propose(&closure, &staff()).await.expect("proposes");
        let reference = &booked[2].reference;
        let left = world.core.answer_proposal(reference, false, &citizen()).await.expect("declines");
        assert_eq!((left.start, &left.proposal), (booked[2].start, &None));
        assert_eq!(world.core.get(reference).await, Ok(left));
        assert_eq!(live(world, "offer").await, 2);
        // Inside the usual limit of 24 hours: it is the office that cannot keep it.
        world.clock.advance(instant("2026-11-26T06:00:00Z") - world.clock.now());
        let other = instant("2026-11-27T08:00:00Z");
        let moved = world.core.reschedule(reference, other, None, &citizen()).await.expect("moves");
        assert_eq!((moved.start, moved.cancellable_until), (other, other - TimeDelta::hours(24)));
        world.core.cancel(&booked[1].reference, &citizen(), "").await.expect("cancels");
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn who_does_not_answer_in_time_keeps_the_appointment_as_it_was() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        let until = told[0].proposal.as_ref().expect("a proposal").expires_at;
        assert_eq!(world.store.expire_proposals(until - TimeDelta::seconds(1)).await.expect("runs"), 0);
        world.clock.advance(until - world.clock.now());
        let late = world.core.answer_proposal(&booked[0].reference, true, &citizen()).await;
        assert_eq!(late, Err(Refusal::HoldExpired));
        let found = world.core.find(&booked[0].reference, &phone()).await.expect("is there");
        assert_eq!((found.start, found.proposal, found.state), (booked[0].start, None, AppointmentState::Booked));
        // What is kept no longer is free before any job runs, and somebody takes it.
        world.hold(KYPSELI, "2026-11-27T06:00:00Z").await.expect("free");
        assert_eq!(world.store.expire_proposals(world.clock.now()).await.expect("runs"), 3);
        assert_eq!(world.store.expire_proposals(world.clock.now()).await.expect("runs"), 0);
        assert_eq!(live(world, "offer").await, 0);
        // And there can be another proposal.
        let again = world.core.propose(&closure, &staff()).await.expect("proposes");
        assert!(again.iter().all(|a| a.proposal.is_some()));
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_proposal_that_no_job_has_ended_does_not_keep_another_from_being_made() {
    on_every_engine(async |world| {
        let (_, closure) = three_hurt(world).await;
        let first = world.core.propose(&closure, &staff()).await.expect("proposes");
        world.clock.advance(TimeDelta::hours(49));
        let second = world.core.propose(&closure, &staff()).await.expect("proposes");
        for (old, new) in first.iter().zip(&second) {
            let until = |a: &Appointment| a.proposal.as_ref().map(|p| p.expires_at);
            assert!(until(old) < until(new));
        }
        assert_eq!(live(world, "offer").await, 3);
    })
    .await;
}

#[tokio::test]
async fn where_the_office_has_nothing_in_time_the_nearest_other_one_is_proposed() {
    on_every_engine(async |world| {
        let hurt = book(world, PATRA, TEN, "Άννα Πολίτη").await;
        let closure = close(world, PATRA, None, (THURSDAY.0, "2027-01-20T22:00:00Z")).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        let proposal = told[0].proposal.as_ref().expect("a proposal");
        assert_eq!((proposal.office.as_str(), proposal.start), (KYPSELI, hurt.start));
        let moved = world.core.answer_proposal(&hurt.reference, true, &citizen()).await.expect("moves");
        assert_eq!(moved.office.as_str(), KYPSELI);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn who_can_be_given_nothing_is_named_without_a_proposal() {
    on_every_engine(async |world| {
        let hurt = book(world, PATRA, TEN, "Άννα Πολίτη").await;
        let long = (THURSDAY.0, "2027-01-20T22:00:00Z");
        close(world, KYPSELI, None, long).await;
        let closure = close(world, PATRA, None, long).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        assert_eq!(told, [hurt]);
    })
    .await;
}

#[tokio::test]
async fn leave_of_one_desk_proposes_to_its_people_only() {
    on_every_engine(async |world| {
        let first = book(world, KYPSELI, TEN, "Άννα Πολίτη").await;
        let second = book(world, KYPSELI, TEN, "Βάσω Πολίτη").await;
        let closure = close(world, KYPSELI, Some(second.resource.clone()), THURSDAY).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        assert_eq!(told.iter().map(|a| &a.reference).collect::<Vec<_>>(), [&second.reference]);
        let proposal = told[0].proposal.as_ref().expect("a proposal");
        assert_eq!(proposal.start, first.start + TimeDelta::minutes(20), "the next start at the other desk");
        let moved = world.core.answer_proposal(&second.reference, true, &citizen()).await.expect("moves");
        assert_eq!(moved.resource, first.resource);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_second_closure_and_a_reopening_take_proposals_back() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        world.core.propose(&closure, &staff()).await.expect("proposes");
        let friday = (THURSDAY.1, "2026-11-27T22:00:00Z");
        close(world, KYPSELI, None, friday).await;
        for old in &booked {
            assert_eq!(world.core.get(&old.reference).await.expect("is there").proposal, None);
        }
        assert_eq!(live(world, "offer").await, 0);
        let again = world.core.propose(&closure, &staff()).await.expect("proposes");
        let monday = instant("2026-11-30T06:00:00Z");
        assert!(again.iter().all(|a| a.proposal.as_ref().is_some_and(|p| p.start >= monday)));
        world.core.reopen(&closure, &staff()).await.expect("reopens");
        assert_eq!(live(world, "offer").await, 0);
        let refused = world.core.answer_proposal(&booked[0].reference, true, &citizen()).await;
        assert_eq!(refused, Err(Refusal::HoldExpired));
        assert_eq!(world.core.reopen(&closure, &staff()).await, Err(Refusal::NotFound));
        let kept = world.core.closures(&KYPSELI.into(), world.clock.now()).await.expect("lists");
        assert_eq!(kept.len(), 1, "Friday's");
        assert!(matches!(world.core.closures(&"nowhere".into(), world.clock.now()).await, Err(Refusal::NotOffered(_))));
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_moves_cancels_or_is_moved_needs_the_proposal_no_longer() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        world.core.propose(&closure, &staff()).await.expect("proposes");
        let other = instant("2026-11-27T08:00:00Z");
        let moved = world.core.reschedule(&booked[0].reference, other, None, &citizen()).await.expect("moves");
        assert_eq!(moved.proposal, None);
        let cancelled = world.core.cancel(&booked[1].reference, &citizen(), "").await.expect("cancels");
        assert_eq!(cancelled.proposal, None);
        assert_eq!(live(world, "offer").await, 1);
        let which = Selection { references: vec![booked[2].reference.clone()], ..Selection::default() };
        let to = Destination { days: 4, ..Destination::default() };
        let request = TransferRequest { which, to, reason: "κλειστά".to_owned(), dry_run: false };
        assert!(world.core.transfer(&request, &staff()).await.expect("a plan").done);
        assert_eq!(live(world, "offer").await, 0);
        let refused = world.core.answer_proposal(&booked[1].reference, true, &citizen()).await;
        assert_eq!(refused, Err(Refusal::WrongState("cancelled")));
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn answers_cancellations_and_expiry_that_cross_end_in_one_of_them() {
    on_every_engine(async |world| {
        let (booked, closure) = three_hurt(world).await;
        world.core.propose(&closure, &staff()).await.expect("proposes");
        let calls = (0..36).map(|n: usize| {
            let (core, reference) = (world.core.clone(), booked[n % 3].reference.clone());
            let closure = closure.clone();
            async move {
                match n / 3 % 6 {
                    0 | 1 => core.answer_proposal(&reference, true, &citizen()).await.map(|_| ()),
                    2 => core.answer_proposal(&reference, false, &citizen()).await.map(|_| ()),
                    3 => core.cancel(&reference, &citizen(), "").await.map(|_| ()),
                    4 => core.propose(&closure, &staff()).await.map(|_| ()),
                    _ => {
                        let until = core.store().expire_proposals(instant("2026-11-30T00:00:00Z")).await;
                        until.map(|_| ()).map_err(|e| Refusal::Unavailable(e.to_string()))
                    }
                }
            }
        });
        let results = at_once(calls.collect()).await;
        assert!(results.iter().any(Result::is_ok));
        assert_sound(world).await;
        // What is kept for somebody stands for exactly that, and nothing else is kept.
        let standing = world.count("SELECT COUNT(*) FROM proposals WHERE standing = 1").await;
        assert_eq!(live(world, "offer").await, standing);
        let stray = "SELECT COUNT(*) FROM proposals p JOIN appointments a ON a.id = p.for_appointment \
                     WHERE p.standing = 1 AND a.state <> 'booked'";
        assert_eq!(world.count(stray).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn proposals_and_citizens_who_book_meanwhile_never_get_one_place() {
    on_every_engine(async |world| {
        let (_, closure) = three_hurt(world).await;
        let calls = (0..24).map(|n: usize| {
            let (core, closure) = (world.core.clone(), closure.clone());
            let start = instant("2026-11-27T06:00:00Z") + TimeDelta::minutes(i64::try_from(n % 4).expect("small") * 20);
            async move {
                if n.is_multiple_of(6) {
                    return core.propose(&closure, &staff()).await.map(|told| told.len());
                }
                let at = hold_request(KYPSELI, &start.to_rfc3339());
                let name = format!("Ξένος {}", crate::storms::letters(n));
                core.book_at(&at, &booking(&"none".into(), &name), &citizen()).await.map(|_| 1)
            }
        });
        at_once(calls.collect()).await;
        let told = world.core.propose(&closure, &staff()).await.expect("proposes");
        let places: BTreeSet<_> =
            told.iter().map(|a| a.proposal.as_ref().map(|p| (p.start, p.office.to_string()))).collect();
        assert!(!places.contains(&None), "everybody has a place: {places:?}");
        assert_eq!(live(world, "offer").await, 3);
        assert_sound(world).await;
    })
    .await;
}
