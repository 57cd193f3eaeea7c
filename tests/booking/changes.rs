//! Booking, finding, moving, cancelling: what each does, and that a refusal changes nothing.

use ariadni::booking::core::{AppointmentState, AvailabilityCore, BookingRequest, Closure, Window};
use ariadni::booking::desk::AppointmentDesk;
use ariadni::booking::identity::Phone;
use ariadni::booking::people::Relation;
use ariadni::booking::reference::Reference;
use ariadni::booking::refusal::Refusal;
use chrono::TimeDelta;

use crate::world::{KYPSELI, PATRA, World, booking, citizen, instant, on_every_engine, phone, query, staff};

/// Tuesday 24 November 2026, 10:00 in Athens.
const TUESDAY_TEN: &str = "2026-11-24T08:00:00Z";
/// Thursday 26 November 2026, 09:00 and 10:00 in Athens.
const THURSDAY_NINE: &str = "2026-11-26T07:00:00Z";
const THURSDAY_TEN: &str = "2026-11-26T08:00:00Z";

/// All that a refused call must leave as it was.
async fn rows(world: &World) -> [i64; 5] {
    [
        world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await,
        world.count("SELECT COUNT(*) FROM appointments").await,
        world.count("SELECT COUNT(*) FROM audit").await,
        world.count("SELECT COUNT(*) FROM outbox").await,
        world.count("SELECT COUNT(*) FROM claims").await,
    ]
}

#[tokio::test]
async fn what_is_booked_is_found_with_its_telephone_and_only_with_it() {
    on_every_engine(async |world| {
        let booked = world.book(KYPSELI, THURSDAY_TEN, "Μαρία Παπαδοπούλου").await.expect("books");
        assert_eq!((booked.start, booked.end), (instant(THURSDAY_TEN), instant("2026-11-26T08:20:00Z")));
        assert_eq!(booked.cancellable_until, instant("2026-11-25T08:00:00Z"));
        assert_eq!(world.core.find(&booked.reference, &phone()).await, Ok(booked.clone()));
        let other_phone = Phone::parse("2101234567").expect("a telephone");
        assert_eq!(world.core.find(&booked.reference, &other_phone).await, Err(Refusal::NotFound));
        let other = (0..).map(Reference::from_random).find(|r| *r != booked.reference).expect("another");
        assert_eq!(world.core.find(&other, &phone()).await, Err(Refusal::NotFound));
        assert_eq!(world.core.get(&booked.reference).await, Ok(booked));
        assert_eq!(world.core.get(&other).await, Err(Refusal::NotFound));
    })
    .await;
}

#[tokio::test]
async fn booking_one_hold_again_gives_the_same_appointment() {
    on_every_engine(async |world| {
        let hold = world.hold(KYPSELI, THURSDAY_TEN).await.expect("holds");
        let request = booking(&hold.id, "Μαρία Παπαδοπούλου");
        let first = world.core.book(&request, &citizen()).await.expect("books");
        assert_eq!(world.core.book(&request, &citizen()).await, Ok(first.clone()));
        world.clock.advance(TimeDelta::hours(1));
        assert_eq!(world.core.book(&request, &citizen()).await, Ok(first));
        assert_eq!(rows(world).await, [1, 1, 1, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn people_keep_all_that_was_said_of_them() {
    on_every_engine(async |world| {
        let hold = world.hold(KYPSELI, THURSDAY_TEN).await.expect("holds");
        let mut request = booking(&hold.id, "Ελένη Γεωργίου");
        request.requester = "Νίκος Γεωργίου".to_owned();
        request.on_behalf = true;
        request.relation = Some(Relation::Child);
        request.email = Some("nikos@example.gr".to_owned().try_into().expect("an address"));
        request.guests = vec![ariadni::booking::people::Guest::Lawyer];
        request.procedure = Some("125331".to_owned());
        let booked = world.core.book(&request, &citizen()).await.expect("books");
        let found = world.core.get(&booked.reference).await.expect("finds");
        assert_eq!(found, booked);
        assert_eq!((found.on_behalf, found.relation), (true, Some(Relation::Child)));
        assert_eq!(found.email, request.email);
    })
    .await;
}

#[tokio::test]
async fn two_desks_serve_two_people_and_a_third_hears_that_it_is_taken() {
    on_every_engine(async |world| {
        let first = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        let second = world.book(KYPSELI, THURSDAY_TEN, "Βάσω Β").await.expect("books");
        assert_ne!(first.resource, second.resource);
        assert_eq!(world.hold(KYPSELI, THURSDAY_TEN).await, Err(Refusal::SlotTaken));
        let third = world.book(KYPSELI, THURSDAY_NINE, "Γιώτα Γ").await.expect("books");
        let fourth = world.book(KYPSELI, THURSDAY_NINE, "Δάφνη Δ").await.expect("books");
        assert_ne!(third.resource, fourth.resource);
    })
    .await;
}

#[tokio::test]
async fn work_is_shared_out_by_load() {
    on_every_engine(async |world| {
        for (start, name) in
            [("2026-11-26T06:00:00Z", "Α"), ("2026-11-26T06:20:00Z", "Β"), ("2026-11-26T06:40:00Z", "Γ")]
        {
            world.book(KYPSELI, start, name).await.expect("books");
        }
        let last = world.book(KYPSELI, THURSDAY_NINE, "Δ").await.expect("books");
        assert_eq!(last.resource.as_str(), "kep-kypselis-2");
    })
    .await;
}

#[tokio::test]
async fn a_citizen_cancels_until_the_day_before_and_staff_always() {
    on_every_engine(async |world| {
        let far = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        let near = world.book(PATRA, "2026-11-23T09:00:00Z", "Βάσω Β").await.expect("books");
        let too_late = Err(Refusal::TooLate(instant("2026-11-22T09:00:00Z")));
        let before = rows(world).await;
        assert_eq!(world.core.cancel(&near.reference, &citizen(), "").await, too_late);
        assert_eq!(world.core.reschedule(&near.reference, instant(THURSDAY_NINE), None, &citizen()).await, too_late);
        assert_eq!(rows(world).await, before);
        let cancelled = world.core.cancel(&far.reference, &citizen(), "").await.expect("cancels");
        assert_eq!((cancelled.state, cancelled.sequence), (AppointmentState::Cancelled, 1));
        assert_eq!(world.core.cancel(&far.reference, &citizen(), "").await, Err(Refusal::WrongState("cancelled")));
        assert!(world.core.cancel(&near.reference, &staff(), "").await.is_ok());
        world.hold(PATRA, "2026-11-23T09:00:00Z").await.expect("the place is free again");
    })
    .await;
}

#[tokio::test]
async fn the_last_moment_to_cancel_counts() {
    on_every_engine(async |world| {
        let booked = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        world.clock.advance(booked.cancellable_until - world.clock.now());
        assert!(world.core.cancel(&booked.reference, &citizen(), "").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn moving_wins_the_new_place_and_frees_the_old() {
    on_every_engine(async |world| {
        let booked = world.book(PATRA, THURSDAY_TEN, "Άννα Α").await.expect("books");
        let kypseli = KYPSELI.into();
        let new_start = instant(THURSDAY_NINE);
        let moved =
            world.core.reschedule(&booked.reference, new_start, Some(&kypseli), &citizen()).await.expect("moves");
        assert_eq!((&moved.reference, moved.sequence), (&booked.reference, 1));
        assert_eq!((moved.office.as_str(), moved.start), (KYPSELI, instant(THURSDAY_NINE)));
        assert_eq!(moved.cancellable_until, instant("2026-11-25T07:00:00Z"));
        assert_eq!(world.core.get(&booked.reference).await, Ok(moved));
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1 AND kind = 'appointment'").await, 1);
        world.clock.advance(TimeDelta::minutes(61));
        world.book(PATRA, THURSDAY_TEN, "Βάσω Β").await.expect("the old place is free");
    })
    .await;
}

#[tokio::test]
async fn a_lost_move_keeps_the_old_place() {
    on_every_engine(async |world| {
        let mine = world.book(PATRA, THURSDAY_TEN, "Άννα Α").await.expect("books");
        world.book(PATRA, THURSDAY_NINE, "Βάσω Β").await.expect("books");
        let before = rows(world).await;
        let refused = world.core.reschedule(&mine.reference, instant(THURSDAY_NINE), None, &citizen()).await;
        assert_eq!(refused, Err(Refusal::SlotTaken));
        let melbourne = "mfa-melbourne".into();
        let refused =
            world.core.reschedule(&mine.reference, instant(THURSDAY_NINE), Some(&melbourne), &citizen()).await;
        assert!(matches!(refused, Err(Refusal::NotOffered(_))));
        assert_eq!(world.core.get(&mine.reference).await, Ok(mine.clone()));
        assert_eq!(world.core.reschedule(&mine.reference, mine.start, None, &citizen()).await, Ok(mine));
        assert_eq!(rows(world).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_hold_expires_and_then_its_place_is_free_and_it_cannot_be_booked() {
    on_every_engine(async |world| {
        let hold = world.hold(PATRA, THURSDAY_TEN).await.expect("holds");
        assert_eq!(hold.expires_at - world.clock.now(), TimeDelta::minutes(10));
        world.clock.advance(TimeDelta::seconds(599));
        assert_eq!(world.hold(PATRA, THURSDAY_TEN).await, Err(Refusal::SlotTaken));
        world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(world.core.book(&booking(&hold.id, "Άννα Α"), &citizen()).await, Err(Refusal::HoldExpired));
        let next = world.hold(PATRA, THURSDAY_TEN).await.expect("the place is free again");
        assert_eq!(world.core.book(&booking(&hold.id, "Άννα Α"), &citizen()).await, Err(Refusal::HoldExpired));
        world.core.book(&booking(&next.id, "Βάσω Β"), &citizen()).await.expect("books");
        assert_eq!(world.core.book(&booking(&"none".into(), "Γ"), &citizen()).await, Err(Refusal::HoldExpired));
    })
    .await;
}

#[tokio::test]
async fn the_job_frees_what_expired_and_nothing_else() {
    on_every_engine(async |world| {
        world.hold(PATRA, THURSDAY_TEN).await.expect("holds");
        world.book(PATRA, THURSDAY_NINE, "Άννα Α").await.expect("books");
        world.clock.advance(TimeDelta::minutes(6));
        world.hold(KYPSELI, THURSDAY_TEN).await.expect("holds");
        assert_eq!(world.store.expire_holds(world.clock.now()).await.expect("runs"), 0);
        world.clock.advance(TimeDelta::minutes(4));
        assert_eq!(world.store.expire_holds(world.clock.now()).await.expect("runs"), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_released_hold_frees_its_place_and_releasing_again_is_no_error() {
    on_every_engine(async |world| {
        let hold = world.hold(PATRA, THURSDAY_TEN).await.expect("holds");
        for _ in 0..2 {
            assert_eq!(world.core.release(&hold.id, &citizen()).await, Ok(()));
        }
        assert_eq!(world.core.book(&booking(&hold.id, "Άννα Α"), &citizen()).await, Err(Refusal::HoldExpired));
        let hold = world.hold(PATRA, THURSDAY_TEN).await.expect("holds");
        let booked = world.core.book(&booking(&hold.id, "Άννα Α"), &citizen()).await.expect("books");
        assert_eq!(world.core.release(&hold.id, &citizen()).await, Ok(()));
        assert_eq!(world.core.get(&booked.reference).await, Ok(booked));
        assert_eq!(world.hold(PATRA, THURSDAY_TEN).await, Err(Refusal::SlotTaken));
    })
    .await;
}

#[tokio::test]
async fn the_limit_is_per_beneficiary_however_the_name_is_written() {
    on_every_engine(async |world| {
        let first = world.book(KYPSELI, THURSDAY_TEN, "Μαρία Παπαδοπούλου").await.expect("books");
        for name in ["ΜΑΡΙΑ ΠΑΠΑΔΟΠΟΥΛΟΥ", "Παπαδοπούλου  Μαρία"] {
            assert_eq!(world.book(PATRA, THURSDAY_NINE, name).await, Err(Refusal::LimitReached(1)));
            world.clock.advance(TimeDelta::minutes(11));
        }
        world.book(PATRA, THURSDAY_NINE, "Ελένη Παπαδοπούλου").await.expect("another person, the same telephone");
        let hold = world.hold(PATRA, THURSDAY_TEN).await.expect("holds");
        let phone = Phone::parse("2310555666").expect("a telephone");
        let namesake = BookingRequest { phone, ..booking(&hold.id, "Μαρία Παπαδοπούλου") };
        world.core.book(&namesake, &citizen()).await.expect("another person of the same name");
        world.core.cancel(&first.reference, &citizen(), "").await.expect("cancels");
        world.book(KYPSELI, THURSDAY_NINE, "Μαρία Παπαδοπούλου").await.expect("books again");
    })
    .await;
}

#[tokio::test]
async fn bad_input_is_refused_and_changes_nothing() {
    on_every_engine(async |world| {
        let hold = world.hold(PATRA, THURSDAY_TEN).await.expect("holds");
        let before = rows(world).await;
        for (field, change) in [
            (
                "beneficiary_name",
                (|b| b.beneficiary = "  ".to_owned()) as fn(&mut ariadni::booking::core::BookingRequest),
            ),
            ("requester_name", |b| b.requester = "12".to_owned()),
            ("beneficiary_name", |b| b.beneficiary = "Α".repeat(121)),
            ("requester_name", |b| b.requester = "Άννα\nΑ".to_owned()),
            ("relation", |b| b.relation = Some(Relation::Mother)),
        ] {
            let mut request = booking(&hold.id, "Άννα Α");
            change(&mut request);
            let refused = world.core.book(&request, &citizen()).await;
            assert!(matches!(refused, Err(Refusal::Invalid { field: f, .. }) if f == field), "{refused:?}");
        }
        for (office, start, code) in [
            (PATRA, "2026-11-26T08:01:00Z", "not_a_slot"),
            (PATRA, "2026-11-26T04:00:00Z", "not_a_slot"),
            (PATRA, "2026-11-29T08:00:00Z", "not_a_slot"),
            (PATRA, "2026-11-23T07:40:00Z", "too_soon"),
            (PATRA, "2026-11-20T08:00:00Z", "too_soon"),
            (PATRA, "2027-01-25T08:00:00Z", "beyond_horizon"),
            (PATRA, "2026-11-30T08:00:00Z", "closed"),
            (KYPSELI, "2026-12-25T08:00:00Z", "closed"),
            (KYPSELI, "2026-11-26T09:00:00Z", "not_a_slot"),
            ("nowhere", THURSDAY_NINE, "not_offered"),
        ] {
            let refused = world.hold(office, start).await.expect_err(start);
            assert_eq!(refused.code(), code, "{office} {start}");
        }
        assert_eq!(rows(world).await, before);
        world.core.book(&booking(&hold.id, "Άννα Α"), &citizen()).await.expect("the hold still stands");
    })
    .await;
}

#[tokio::test]
async fn a_closure_shuts_the_office_names_those_it_hurts_and_frees_holds() {
    on_every_engine(async |world| {
        let hurt = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        let spared = world.book(KYPSELI, TUESDAY_TEN, "Βάσω Β").await.expect("books");
        let held = world.hold(KYPSELI, THURSDAY_NINE).await.expect("holds");
        let window = Window { from: instant("2026-11-25T22:00:00Z"), to: instant("2026-11-26T22:00:00Z") };
        let closure = Closure {
            office: KYPSELI.into(), resource: None, window, reason: "Διακοπή ρεύματος".to_owned()
        };
        let affected = world.core.close(&closure, &staff()).await.expect("closes");
        assert_eq!(affected.hurt, vec![hurt]);
        let closed = Err(Refusal::Closed("Διακοπή ρεύματος".to_owned()));
        assert_eq!(world.hold(KYPSELI, THURSDAY_NINE).await, closed);
        assert_eq!(world.core.book(&booking(&held.id, "Γ"), &citizen()).await, Err(Refusal::HoldExpired));
        let moved = world.core.reschedule(&spared.reference, instant(THURSDAY_NINE), None, &staff()).await;
        assert_eq!(moved.map(|_| ()), closed.map(|_| ()));
        let mut asked = query("kep.information-application", &[KYPSELI], 3);
        asked.windows = vec![window];
        let page = world.core.search(&asked, &citizen()).await.expect("searches");
        let because = ariadni::booking::core::EmptyBecause::Closed("Διακοπή ρεύματος".to_owned());
        assert_eq!(page.empty_because, Some(because));
    })
    .await;
}

#[tokio::test]
async fn leave_of_one_desk_leaves_the_other() {
    on_every_engine(async |world| {
        let window = Window { from: instant("2026-11-26T00:00:00Z"), to: instant("2026-11-26T22:00:00Z") };
        let desk = Some("kep-kypselis-1".into());
        let leave = Closure { office: KYPSELI.into(), resource: desk, window, reason: "Άδεια".to_owned() };
        assert_eq!(world.core.close(&leave, &staff()).await.map(|closed| closed.hurt), Ok(Vec::new()));
        let booked = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        assert_eq!(booked.resource.as_str(), "kep-kypselis-2");
        assert_eq!(world.hold(KYPSELI, THURSDAY_TEN).await, Err(Refusal::SlotTaken));
        let before = rows(world).await;
        for wrong in [
            Closure { office: "nowhere".into(), ..leave.clone() },
            Closure { resource: Some("kep-patreon-1".into()), ..leave.clone() },
            Closure { window: Window { from: window.to, to: window.from }, ..leave.clone() },
            Closure { reason: " ".to_owned(), ..leave.clone() },
        ] {
            assert!(world.core.close(&wrong, &staff()).await.is_err());
        }
        assert_eq!(rows(world).await, before);
    })
    .await;
}

#[tokio::test]
async fn the_day_itself_goes_through_its_states() {
    on_every_engine(async |world| {
        use AppointmentState::{Booked, Cancelled, CheckedIn, Completed, Missed};
        let booked = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        for wrong in [Booked, Cancelled, Completed] {
            let refused = world.core.mark(&booked.reference, wrong, &staff(), "").await;
            assert_eq!(refused, Err(Refusal::WrongState("booked")));
        }
        world.clock.advance(instant(THURSDAY_NINE) - instant(crate::world::MONDAY));
        for next in [CheckedIn, Completed] {
            assert_eq!(world.core.mark(&booked.reference, next, &staff(), "").await.expect("marks").state, next);
        }
        let refused = world.core.mark(&booked.reference, Missed, &staff(), "").await;
        assert_eq!(refused, Err(Refusal::WrongState("completed")));
        assert_eq!(world.core.cancel(&booked.reference, &staff(), "").await, Err(Refusal::WrongState("completed")));
    })
    .await;
}

#[tokio::test]
async fn lists_of_an_office_are_in_order_and_its_own() {
    on_every_engine(async |world| {
        let late = world.book(KYPSELI, THURSDAY_TEN, "Άννα Α").await.expect("books");
        let early = world.book(KYPSELI, THURSDAY_NINE, "Βάσω Β").await.expect("books");
        world.book(PATRA, THURSDAY_NINE, "Γιώτα Γ").await.expect("books");
        world.book(KYPSELI, TUESDAY_TEN, "Δάφνη Δ").await.expect("books");
        let listed = world
            .store
            .appointments_between(&KYPSELI.into(), instant("2026-11-26T00:00:00Z"), instant("2026-11-27T00:00:00Z"))
            .await
            .expect("lists");
        assert_eq!(listed, vec![early, late]);
    })
    .await;
}
