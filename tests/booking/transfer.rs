//! Transfers by staff: one, many, chains through each other's places, and who is hurt.

use std::collections::BTreeSet;

use ariadni::booking::core::{Actor, Appointment, AppointmentState, AvailabilityCore, Closure, Window};
use ariadni::booking::desk::{AppointmentDesk, Destination, Selection, TransferPlan, TransferRequest};
use ariadni::booking::refusal::Refusal;
use chrono::{DateTime, TimeDelta, Utc};

use crate::storms::{assert_sound, at_once, letters};
use crate::world::{
    INFORMATION, KYPSELI, PATRA, World, booking, citizen, hold_request, instant, on_every_engine, query, staff,
};

/// Thursday 26 November 2026, 08:00 in Athens, and the midnights around it.
const EIGHT: &str = "2026-11-26T06:00:00Z";
const THURSDAY: (&str, &str) = ("2026-11-25T22:00:00Z", "2026-11-26T22:00:00Z");
const FRIDAY: (&str, &str) = ("2026-11-26T22:00:00Z", "2026-11-27T22:00:00Z");

fn of(office: &str, (from, to): (&str, &str)) -> Selection {
    let window = Some(Window { from: instant(from), to: instant(to) });
    Selection { office: Some(office.into()), window, ..Selection::default() }
}

fn request(which: Selection, to: Destination) -> TransferRequest {
    TransferRequest { which, to, reason: "Άδεια προσωπικού".to_owned(), dry_run: false }
}

fn later(days: i32, minutes: i32) -> Destination {
    Destination { days, minutes, ..Destination::default() }
}

async fn transfer(world: &World, which: Selection, to: Destination) -> TransferPlan {
    world.core.transfer(&request(which, to), &staff()).await.expect("a plan")
}

/// Fills so many starts of an office from an instant on, at every desk.
async fn fill(world: &World, office: &str, from: &str, starts: i64, desks: usize) -> Vec<Appointment> {
    let mut booked = Vec::new();
    for number in 0..starts {
        let start = (instant(from) + TimeDelta::minutes(20 * number)).to_rfc3339();
        for desk in 0..desks {
            let at = usize::try_from(instant(&start).timestamp() / 1200).expect("after 1970");
            let name = format!("Πολίτης {}", letters(at * 2 + desk));
            booked.push(book(world, office, &start, &name).await);
        }
    }
    booked
}

async fn book(world: &World, office: &str, start: &str, name: &str) -> Appointment {
    let at = hold_request(office, start);
    let people = booking(&"none".into(), name);
    world.core.book_at(&at, &people, &citizen()).await.expect("books")
}

async fn now_of(world: &World, appointment: &Appointment) -> Appointment {
    world.core.get(&appointment.reference).await.expect("is there")
}

#[tokio::test]
async fn everybody_goes_one_hour_later_through_each_others_places() {
    on_every_engine(async |world| {
        let booked = fill(world, KYPSELI, EIGHT, 6, 2).await;
        let plan = transfer(world, of(KYPSELI, THURSDAY), later(0, 60)).await;
        assert!(plan.done && plan.hurt.is_empty());
        assert_eq!(plan.moved.len(), 12);
        for old in &booked {
            let new = now_of(world, old).await;
            assert_eq!((new.start, &new.resource), (old.start + TimeDelta::hours(1), &old.resource));
            assert_eq!(new.end - new.start, old.end - old.start);
            assert_eq!((new.sequence, new.state), (1, AppointmentState::Booked));
            assert_eq!(new.cancellable_until, new.start - TimeDelta::hours(24));
        }
        assert_sound(world).await;
        // And memory knows it: the first hour is free again, the last is not.
        world.hold(KYPSELI, EIGHT).await.expect("free");
        assert_eq!(world.hold(KYPSELI, "2026-11-26T08:40:00Z").await, Err(Refusal::SlotTaken));
    })
    .await;
}

#[tokio::test]
async fn everybody_goes_from_one_desk_to_the_other() {
    on_every_engine(async |world| {
        let booked = fill(world, KYPSELI, EIGHT, 4, 1).await;
        let (first, second) = ("kep-kypselis-1", "kep-kypselis-2");
        let to_first = Destination { resource: Some(first.into()), ..Destination::default() };
        transfer(world, of(KYPSELI, THURSDAY), to_first).await;
        let at_first = Selection { resource: Some(first.into()), ..Selection::default() };
        assert_eq!(world.core.list(&at_first).await.expect("lists").len(), 4);
        let to_second = Destination { resource: Some(second.into()), ..Destination::default() };
        let plan = transfer(world, at_first.clone(), to_second).await;
        assert!(plan.done && plan.moved.iter().all(|m| m.resource.as_str() == second && !m.time_changed));
        assert_eq!(world.core.list(&at_first).await, Ok(Vec::new()));
        for old in &booked {
            let new = now_of(world, old).await;
            assert_eq!((new.start, new.resource.as_str()), (old.start, second));
        }
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn a_whole_day_goes_to_the_next_one_or_nobody_does() {
    on_every_engine(async |world| {
        let booked = fill(world, KYPSELI, EIGHT, 3, 2).await;
        book(world, KYPSELI, "2026-11-27T06:00:00Z", "Άλλος Πολίτης").await;
        let stays = fill(world, KYPSELI, "2026-11-27T06:20:00Z", 1, 2).await;
        let before = rows(world).await;
        let asked = TransferRequest { dry_run: true, ..request(of(KYPSELI, THURSDAY), later(1, 0)) };
        let dry = world.core.transfer(&asked, &staff()).await.expect("a plan");
        assert!(!dry.done);
        assert_eq!((dry.moved.len(), dry.hurt.len()), (3, 3));
        assert!(dry.hurt.iter().all(|(_, why)| why == "Δεν μένει ελεύθερη θέση."), "{:?}", dry.hurt);
        let wet = transfer(world, of(KYPSELI, THURSDAY), later(1, 0)).await;
        assert_eq!(wet, dry);
        assert_eq!(rows(world).await, before);
        let near = Destination { nearest_time: true, ..later(1, 0) };
        let plan = transfer(world, of(KYPSELI, THURSDAY), near).await;
        assert!(plan.done && plan.hurt.is_empty());
        let mut times: Vec<_> = plan.moved.iter().map(|m| (m.from.start, m.start)).collect();
        times.sort_unstable();
        let starts: Vec<DateTime<Utc>> = times.into_iter().map(|(_, start)| start).collect();
        assert!(starts.is_sorted(), "whoever came first still does: {starts:?}");
        assert_eq!((starts[0], starts[5]), (instant("2026-11-27T06:00:00Z"), instant("2026-11-27T07:20:00Z")));
        for old in &booked {
            assert_eq!(now_of(world, old).await.start.date_naive(), instant("2026-11-27T06:00:00Z").date_naive());
        }
        for old in &stays {
            assert_eq!(now_of(world, old).await, *old);
        }
        assert_sound(world).await;
    })
    .await;
}

async fn rows(world: &World) -> [i64; 4] {
    [
        world.count("SELECT COUNT(*) FROM claims").await,
        world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await,
        world.count("SELECT COUNT(*) FROM audit").await,
        world.count("SELECT CAST(SUM(sequence) AS BIGINT) FROM appointments").await,
    ]
}

#[tokio::test]
async fn leave_of_one_desk_moves_its_people_to_the_other_and_nobody_else() {
    on_every_engine(async |world| {
        fill(world, KYPSELI, EIGHT, 1, 2).await;
        let alone = book(world, KYPSELI, "2026-11-26T07:00:00Z", "Μόνη Πολίτισσα").await;
        let (from, to) = THURSDAY;
        let closure = Closure {
            office: KYPSELI.into(),
            resource: Some(alone.resource.clone()),
            window: Window { from: instant(from), to: instant(to) },
            reason: "Άδεια".to_owned(),
        };
        world.core.close(&closure, &staff()).await.expect("closes");
        let plan = transfer(world, of(KYPSELI, THURSDAY), Destination::default()).await;
        let hurt: Vec<&str> = plan.hurt.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(hurt, ["Δεν μένει ελεύθερη θέση."], "at eight one desk has two people");
        let which = Selection { references: vec![alone.reference.clone()], ..Selection::default() };
        let plan = transfer(world, which, Destination::default()).await;
        assert!(plan.done);
        let new = now_of(world, &alone).await;
        assert_eq!(new.start, alone.start);
        assert_ne!(new.resource, alone.resource);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn one_goes_to_another_time_and_office_unbound_by_the_limits_of_citizens() {
    on_every_engine(async |world| {
        let one = book(world, KYPSELI, EIGHT, "Άννα Πολίτη").await;
        let which = Selection { references: vec![one.reference.clone()], ..Selection::default() };
        let at = |office: &str, start: &str| Destination {
            office: Some(office.into()),
            start: Some(instant(start)),
            ..Destination::default()
        };
        // One hour from now, and seventy days ahead: neither is open to citizens.
        for (office, start) in [(PATRA, "2026-11-23T07:00:00Z"), (KYPSELI, "2027-02-01T07:00:00Z")] {
            let plan = transfer(world, which.clone(), at(office, start)).await;
            assert!(plan.done, "{:?}", plan.hurt);
            let new = now_of(world, &one).await;
            assert_eq!((new.office.as_str(), new.start), (office, instant(start)));
            assert_sound(world).await;
        }
        for (to, why) in [
            (at(PATRA, "2026-11-30T08:00:00Z"), "Τότε είναι κλειστά: Άγιος Ανδρέας."),
            (at(PATRA, "2026-11-26T14:00:00Z"), "Δεν υπάρχει ραντεβού που να αρχίζει εκείνη την ώρα."),
            (at("mfa-melbourne", "2026-11-26T08:00:00Z"), "Η υπηρεσία δεν δίνεται εκεί."),
            (at(PATRA, "2026-11-20T08:00:00Z"), "Εκείνη η ώρα έχει περάσει."),
            (at(PATRA, "2029-11-20T08:00:00Z"), "Εκείνη η ημέρα είναι πολύ μακριά."),
        ] {
            let plan = transfer(world, which.clone(), to).await;
            assert_eq!(plan.hurt.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>(), [why]);
            assert!(!plan.done);
        }
    })
    .await;
}

#[tokio::test]
async fn what_no_transfer_can_be_is_refused() {
    on_every_engine(async |world| {
        fill(world, KYPSELI, EIGHT, 1, 2).await;
        let day = || of(KYPSELI, THURSDAY);
        let with_reason = |reason: &str| TransferRequest { reason: reason.to_owned(), ..request(day(), later(1, 0)) };
        let at = Some(instant("2026-11-27T06:00:00Z"));
        for (wrong, code) in [
            (request(Selection::default(), later(1, 0)), "invalid"),
            (
                request(Selection { states: vec![AppointmentState::Booked], ..Selection::default() }, later(1, 0)),
                "invalid",
            ),
            (request(day(), Destination { start: at, ..Destination::default() }), "invalid"),
            (request(day(), Destination { start: at, ..later(1, 0) }), "invalid"),
            (request(day(), later(400, 0)), "invalid"),
            (request(day(), Destination { office: Some("nowhere".into()), ..Destination::default() }), "not_offered"),
            (request(day(), Destination { resource: Some("nobody".into()), ..Destination::default() }), "not_offered"),
            (with_reason(" "), "invalid"),
            (with_reason(&"α".repeat(301)), "invalid"),
        ] {
            let refused = world.core.transfer(&wrong, &staff()).await.expect_err("is refused");
            assert_eq!(refused.code(), code, "{wrong:?}");
        }
        let nobody = transfer(world, of(PATRA, THURSDAY), later(1, 0)).await;
        assert_eq!(nobody, TransferPlan { done: true, ..TransferPlan::default() });
    })
    .await;
}

#[tokio::test]
async fn the_day_keeps_its_wall_clock_across_the_change_of_the_hour() {
    on_every_engine(async |world| {
        // Friday 26 March 2027, two days before the clocks go forward.
        world.clock.advance(instant("2027-03-20T08:00:00Z") - instant(crate::world::MONDAY));
        let one = book(world, KYPSELI, "2027-03-26T08:00:00Z", "Άννα Πολίτη").await;
        let which = Selection { references: vec![one.reference.clone()], ..Selection::default() };
        let plan = transfer(world, which, later(3, 0)).await;
        assert!(plan.done, "{:?}", plan.hurt);
        assert_eq!(now_of(world, &one).await.start, instant("2027-03-29T07:00:00Z"));
        assert!(!plan.moved[0].time_changed);
    })
    .await;
}

#[tokio::test]
async fn lists_are_by_any_part_in_order() {
    on_every_engine(async |world| {
        let late = book(world, KYPSELI, "2026-11-26T08:00:00Z", "Άννα Α").await;
        let early = book(world, KYPSELI, "2026-11-26T07:00:00Z", "Βάσω Β").await;
        let patra = book(world, PATRA, "2026-11-26T07:20:00Z", "Γιώτα Γ").await;
        let gone = book(world, KYPSELI, "2026-11-27T07:20:00Z", "Δάφνη Δ").await;
        let gone = world.core.cancel(&gone.reference, &staff(), "").await.expect("cancels");
        let list = async |which: Selection| world.core.list(&which).await.expect("lists");
        assert_eq!(list(of(KYPSELI, THURSDAY)).await, [early.clone(), late.clone()]);
        let all = Selection { office: Some(KYPSELI.into()), ..Selection::default() };
        assert_eq!(list(all.clone()).await, [early.clone(), late.clone(), gone.clone()]);
        let standing = Selection { states: vec![AppointmentState::Booked], ..all.clone() };
        assert_eq!(list(standing).await, [early.clone(), late.clone()]);
        let cancelled = Selection { states: vec![AppointmentState::Cancelled], ..Selection::default() };
        assert_eq!(list(cancelled).await, std::slice::from_ref(&gone));
        let named = vec![patra.reference.clone(), late.reference.clone()];
        assert_eq!(list(Selection { references: named, ..Selection::default() }).await, [patra.clone(), late.clone()]);
        let desk = Selection { resource: Some(patra.resource.clone()), ..Selection::default() };
        assert_eq!(list(desk).await, std::slice::from_ref(&patra));
        assert_eq!(list(Selection::default()).await, [early, patra, late, gone]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_transfers_that_cross_lose_and_double_nobody() {
    on_every_engine(async |world| {
        fill(world, KYPSELI, EIGHT, 5, 2).await;
        fill(world, KYPSELI, "2026-11-27T07:40:00Z", 3, 2).await;
        let call = |n: usize| {
            let core = world.core.clone();
            let (day, days) = if n.is_multiple_of(2) { (THURSDAY, 1) } else { (FRIDAY, -1) };
            let asked = request(of(KYPSELI, day), Destination { nearest_time: true, ..later(days, 0) });
            async move { core.transfer(&asked, &staff()).await }
        };
        let plans = at_once((0..12).map(call).collect()).await;
        for plan in plans {
            // A day that everybody left meanwhile is an empty transfer; too many changes at once is said to be so.
            match plan {
                Ok(plan) => assert!(plan.done, "{:?}", plan.hurt),
                Err(refusal) => assert_eq!(refusal.code(), "unavailable"),
            }
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM appointments WHERE state = 'booked'").await, 16);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_slips_into_a_place_that_a_chain_passes_through() {
    on_every_engine(async |world| {
        let booked = fill(world, KYPSELI, EIGHT, 5, 2).await;
        let moves = (0..6).map(|n| {
            let core = world.core.clone();
            let asked = request(of(KYPSELI, THURSDAY), later(0, if n % 2 == 0 { 20 } else { -20 }));
            boxed(async move { core.transfer(&asked, &staff()).await.map(|plan| plan.done) })
        });
        let citizens = (0..40).map(|n| {
            let core = world.core.clone();
            let start = instant(EIGHT) + TimeDelta::minutes(20 * (n % 6));
            let at = hold_request(KYPSELI, &start.to_rfc3339());
            let name = format!("Ξένος {}", letters(usize::try_from(n).expect("small")));
            boxed(async move {
                let hold = core.hold(&at, &citizen()).await?;
                core.book(&booking(&hold.id, &name), &citizen()).await.map(|_| true)
            })
        });
        let changes = booked.iter().take(4).enumerate().map(|(n, appointment)| {
            let (core, reference) = (world.core.clone(), appointment.reference.clone());
            boxed(async move {
                if n % 2 == 0 {
                    return core.cancel(&reference, &citizen(), "").await.map(|_| true);
                }
                let start = instant("2026-11-27T08:00:00Z");
                core.reschedule(&reference, start, None, &citizen()).await.map(|_| true)
            })
        });
        let results = at_once(moves.chain(citizens).chain(changes).collect()).await;
        assert!(results.contains(&Ok(true)));
        let cancelled = world.count("SELECT COUNT(*) FROM appointments WHERE state = 'cancelled'").await;
        assert_eq!(cancelled, 2);
        assert_sound(world).await;
        let seats: BTreeSet<_> = world
            .core
            .list(&Selection { states: vec![AppointmentState::Booked], ..Selection::default() })
            .await
            .expect("lists")
            .into_iter()
            .map(|a| (a.resource, a.start))
            .collect();
        let standing = world.count("SELECT COUNT(*) FROM appointments WHERE state = 'booked'").await;
        assert_eq!(i64::try_from(seats.len()), Ok(standing));
        // What memory says is free can be held: it has followed all of it.
        let mut asked = query(INFORMATION, &[KYPSELI], 30);
        asked.windows = vec![Window { from: instant(THURSDAY.0), to: instant(THURSDAY.1) }];
        for slot in world.core.search(&asked, &staff()).await.expect("searches").slots {
            world.hold(KYPSELI, &slot.start.to_rfc3339()).await.expect("free");
        }
    })
    .await;
}

type Call = std::pin::Pin<Box<dyn Future<Output = Result<bool, Refusal>> + Send>>;

fn boxed(call: impl Future<Output = Result<bool, Refusal>> + Send + 'static) -> Call {
    Box::pin(call)
}

#[tokio::test]
async fn a_transfer_says_who_moved_whom_why_and_from_where() {
    on_every_engine(async |world| {
        let one = book(world, KYPSELI, EIGHT, "Άννα Πολίτη").await;
        let which = Selection { references: vec![one.reference.clone()], ..Selection::default() };
        let official = Actor::Staff { name: "m.georgiou".to_owned() };
        world.core.transfer(&request(which, later(1, 0)), &official).await.expect("moves");
        let trail = world.core.trail(&one.reference).await.expect("a trail");
        let line = trail.last().expect("a line");
        assert_eq!((line.actor_kind.as_str(), line.actor.as_str()), ("staff", "m.georgiou"));
        assert_eq!((line.action.as_str(), line.reason.as_str()), ("transferred", "Άδεια προσωπικού"));
        assert_eq!(line.detail["from"]["start"], serde_json::json!(one.start));
        assert_eq!(line.detail["start"], serde_json::json!(one.start + TimeDelta::days(1)));
        let outbox = world.outbox().await;
        assert_eq!(outbox.last(), Some(&["appointment_transferred".to_owned(), one.reference.to_string()]));
    })
    .await;
}
