//! The day itself: who came, who did not, and when that may be noted; until when citizens cancel; who is told of what.

use ariadni::booking::core::{
    Actor, Appointment, AppointmentState, AvailabilityCore, Closure, HoldRequest, Needs, Window,
};
use ariadni::booking::desk::{AppointmentDesk, Destination, Selection, SeriesRequest, TransferRequest};
use ariadni::booking::people::Mode;
use ariadni::booking::policy::may_mark;
use ariadni::booking::refusal::Refusal;
use ariadni::clock::ATHENS;
use chrono::{DateTime, TimeDelta, Utc};

use crate::world::{
    INFORMATION, KYPSELI, PATRA, World, booking, catalogue, citizen, hold_request, instant, on_every_engine, phone,
    staff, with_catalogue,
};

/// Thursday 26 November 2026, 10:00 in Athens, and its midnight.
const TEN: &str = "2026-11-26T08:00:00Z";
const MIDNIGHT: &str = "2026-11-25T22:00:00Z";

async fn go_to(world: &World, at: DateTime<Utc>) {
    world.clock.advance(at - world.clock.now());
}

async fn book(world: &World, office: &str, start: &str, name: &str) -> Appointment {
    let people = booking(&"none".into(), name);
    world.core.book_at(&hold_request(office, start), &people, &citizen()).await.expect("books")
}

#[tokio::test]
async fn each_state_has_its_time() {
    use AppointmentState::{Booked, Cancelled, CheckedIn, Completed, Missed, Started};
    on_every_engine(async |world| {
        let booked = book(world, KYPSELI, TEN, "Άννα Πολίτη").await;
        let (midnight, start) = (instant(MIDNIGHT), instant(TEN));
        let second = TimeDelta::seconds(1);
        let early = Refusal::TooSoon(midnight);
        let before = Refusal::TooSoon(start);
        let later = start + TimeDelta::days(3);
        // From which state to which, when, and what is said.
        let table = [
            (Booked, CheckedIn, midnight - second, Err(early.clone())),
            (Booked, Started, midnight - second, Err(early.clone())),
            (CheckedIn, Completed, midnight - second, Err(early)),
            (Booked, CheckedIn, midnight, Ok(())),
            (Booked, CheckedIn, later, Ok(())),
            (CheckedIn, Started, midnight, Ok(())),
            (CheckedIn, Completed, start, Ok(())),
            (Started, Completed, start, Ok(())),
            (Booked, Missed, start - second, Err(before.clone())),
            (CheckedIn, Missed, start - second, Err(before)),
            (Booked, Missed, start, Ok(())),
            (CheckedIn, Missed, later, Ok(())),
            (Booked, Completed, later, Err(Refusal::WrongState("booked"))),
            (Booked, Booked, later, Err(Refusal::WrongState("booked"))),
            (Booked, Cancelled, later, Err(Refusal::WrongState("booked"))),
            (Started, Missed, later, Err(Refusal::WrongState("started"))),
            (Missed, CheckedIn, later, Err(Refusal::WrongState("missed"))),
            (Cancelled, CheckedIn, later, Err(Refusal::WrongState("cancelled"))),
            (Completed, Missed, later, Err(Refusal::WrongState("completed"))),
        ];
        for (state, to, at, said) in table {
            let appointment = Appointment { state, ..booked.clone() };
            assert_eq!(may_mark(&appointment, to, at, ATHENS), said, "{state:?} to {to:?} at {at}");
        }
        let mark = async |to, reason: &str| world.core.mark(&booked.reference, to, &staff(), reason).await;
        assert_eq!(mark(CheckedIn, "").await, Err(Refusal::TooSoon(midnight)));
        go_to(world, midnight).await;
        assert_eq!(mark(Missed, "").await, Err(Refusal::TooSoon(start)));
        assert_eq!(mark(CheckedIn, "").await.map(|a| a.state), Ok(CheckedIn));
        assert_eq!(mark(Started, "").await.map(|a| a.state), Ok(Started));
        assert_eq!(mark(Completed, "").await.map(|a| (a.state, a.sequence)), Ok((Completed, 3)));
    })
    .await;
}

#[tokio::test]
async fn a_missed_appointment_says_who_missed_it() {
    on_every_engine(async |world| {
        let citizen_missed = book(world, KYPSELI, TEN, "Άννα Πολίτη").await;
        let office_missed = book(world, KYPSELI, TEN, "Βάσω Πολίτη").await;
        go_to(world, instant(TEN)).await;
        let missed = AppointmentState::Missed;
        for (appointment, why) in [(citizen_missed, "δεν προσήλθε"), (office_missed, "διακοπή ρεύματος στο γραφείο")]
        {
            world.core.mark(&appointment.reference, missed, &staff(), why).await.expect("marks");
            let trail = world.core.trail(&appointment.reference).await.expect("a trail");
            let last = trail.last().expect("a line");
            assert_eq!((last.action.as_str(), last.reason.as_str()), ("missed", why));
        }
    })
    .await;
}

#[tokio::test]
async fn citizens_cancel_until_the_limit_of_the_service_and_staff_at_any_time() {
    for minutes in [0, 30, 120, 1440, 4320] {
        let mut catalogue = catalogue();
        catalogue.services[0].rules.cancel_limit_minutes = minutes;
        catalogue.services[0].rules.lead_minutes = 0;
        with_catalogue(&catalogue, async |world| {
            let start = instant("2026-11-27T08:00:00Z");
            let limit = start - TimeDelta::minutes(i64::from(minutes));
            let (first, second) = (
                book(world, KYPSELI, "2026-11-27T08:00:00Z", "Άννα Πολίτη").await,
                book(world, KYPSELI, "2026-11-27T08:00:00Z", "Βάσω Πολίτη").await,
            );
            assert_eq!(first.cancellable_until, limit);
            go_to(world, limit).await;
            let cancelled = world.core.cancel(&first.reference, &citizen(), "").await.expect("at the last second");
            assert_eq!(cancelled.state, AppointmentState::Cancelled);
            world.clock.advance(TimeDelta::seconds(1));
            let too_late = Err(Refusal::TooLate(limit));
            assert_eq!(world.core.cancel(&second.reference, &citizen(), "").await, too_late);
            go_to(world, start + TimeDelta::minutes(5)).await;
            world.core.cancel(&second.reference, &staff(), "λάθος").await.expect("staff may at any time");
        })
        .await;
    }
}

/// What happened, in the order of the audit: kind of who, who, channel, what, why.
type Line = (&'static str, &'static str, &'static str, &'static str, &'static str);

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one walk through every kind of change, in the order of the audit")]
async fn every_change_says_who_for_whom_through_which_channel_and_why() {
    let mut catalogue = catalogue();
    catalogue.services[0].rules.series_most = 4;
    with_catalogue(&catalogue, async |world| {
        let core = &world.core;
        let mut wanted: Vec<(Line, String)> = Vec::new();
        let web = ("citizen", "c-1", "web");
        let desk = ("staff", "desk", "staff");
        let mut note = |(kind, who, channel), what, why, subject: &str| {
            wanted.push(((kind, who, channel, what, why), subject.to_owned()));
        };
        // Booked through a hold, moved, cancelled by the citizen.
        let hold = world.hold(KYPSELI, "2026-11-25T08:00:00Z").await.expect("holds");
        let one = core.book(&booking(&hold.id, "Άννα Πολίτη"), &citizen()).await.expect("books");
        note(web, "booked", "", one.reference.as_str());
        core.reschedule(&one.reference, instant("2026-11-27T08:00:00Z"), None, &citizen()).await.expect("moves");
        note(web, "rescheduled", "", one.reference.as_str());
        core.cancel(&one.reference, &citizen(), "αρρώστησα").await.expect("cancels");
        note(web, "cancelled", "αρρώστησα", one.reference.as_str());
        // Booked, transferred and cancelled by staff.
        let people = booking(&"none".into(), "Βάσω Πολίτη");
        let two = core.book_at(&hold_request(KYPSELI, TEN), &people, &staff()).await.expect("books");
        note(desk, "booked", "", two.reference.as_str());
        let which = Selection { references: vec![two.reference.clone()], ..Selection::default() };
        let to = Destination { minutes: 20, ..Destination::default() };
        let transfer = TransferRequest { which, to, reason: "αλλαγή βάρδιας".to_owned(), dry_run: false };
        assert!(core.transfer(&transfer, &staff()).await.expect("a plan").done);
        note(desk, "transferred", "αλλαγή βάρδιας", two.reference.as_str());
        core.cancel(&two.reference, &staff(), "λάθος εγγραφή").await.expect("cancels");
        note(desk, "cancelled", "λάθος εγγραφή", two.reference.as_str());
        // A closure with proposals: one taken, one refused, one forgotten, one taken back with the closure.
        let mut hurt = Vec::new();
        for (start, name) in [(TEN, "Γιώτα"), (TEN, "Δάφνη"), ("2026-11-26T08:20:00Z", "Ελένη")] {
            let booked = book(world, KYPSELI, start, name).await;
            note(web, "booked", "", booked.reference.as_str());
            hurt.push(booked);
        }
        let window = Window { from: instant(MIDNIGHT), to: instant("2026-11-26T22:00:00Z") };
        let closure = Closure {
            office: KYPSELI.into(), resource: None, window, reason: "Διακοπή ρεύματος".to_owned()
        };
        // In the order in which the office lists them.
        hurt = core.close(&closure, &staff()).await.expect("closes").hurt;
        assert_eq!(hurt.len(), 3);
        note(desk, "closed", "Διακοπή ρεύματος", KYPSELI);
        let id = core.closures(&KYPSELI.into(), world.clock.now()).await.expect("lists")[0].id.clone();
        core.propose(&id, &staff()).await.expect("proposes");
        for booked in &hurt {
            note(desk, "proposed", "Διακοπή ρεύματος", booked.reference.as_str());
        }
        core.answer_proposal(&hurt[0].reference, true, &citizen()).await.expect("accepts");
        note(web, "proposal_accepted", "", hurt[0].reference.as_str());
        core.answer_proposal(&hurt[1].reference, false, &citizen()).await.expect("declines");
        note(web, "proposal_declined", "", hurt[1].reference.as_str());
        world.clock.advance(TimeDelta::hours(49));
        assert_eq!(world.store.expire_proposals(world.clock.now()).await.expect("expires"), 1);
        note(("system", "system", "system"), "proposal_expired", "", hurt[2].reference.as_str());
        core.propose(&id, &staff()).await.expect("proposes again");
        for booked in &hurt[1..] {
            note(desk, "proposed", "Διακοπή ρεύματος", booked.reference.as_str());
        }
        core.reopen(&id, &staff()).await.expect("reopens");
        note(desk, "reopened", "Διακοπή ρεύματος", KYPSELI);
        for booked in &hurt[1..] {
            note(desk, "proposal_withdrawn", "", booked.reference.as_str());
        }
        // A series, and what is left of it cancelled.
        let first = HoldRequest {
            service: INFORMATION.into(),
            office: PATRA.into(),
            mode: Mode::InPerson,
            start: instant("2026-12-01T08:00:00Z"),
            needs: Needs::default(),
        };
        let people = booking(&"none".into(), "Ζωή Πολίτη");
        let series = SeriesRequest { first, count: 2, every_weeks: 1, people };
        let visits = core.book_series(&series, &staff()).await.expect("books");
        for visit in &visits {
            note(desk, "booked", "", visit.reference.as_str());
        }
        let id = visits[0].series.clone().expect("a series");
        core.cancel_series(&id, &staff(), "έκλεισε η υπόθεση").await.expect("cancels");
        for visit in &visits {
            note(desk, "cancelled", "έκλεισε η υπόθεση", visit.reference.as_str());
        }
        // The day itself.
        go_to(world, instant(TEN)).await;
        for (state, why) in [("checked_in", ""), ("started", ""), ("completed", "με όλα τα δικαιολογητικά")]
        {
            let to = AppointmentState::parse(state).expect("a state");
            core.mark(&hurt[1].reference, to, &staff(), why).await.expect("marks");
            note(desk, state, why, hurt[1].reference.as_str());
        }
        go_to(world, instant("2026-11-26T08:20:00Z")).await;
        core.mark(&hurt[2].reference, AppointmentState::Missed, &staff(), "δεν προσήλθε").await.expect("marks");
        note(desk, "missed", "δεν προσήλθε", hurt[2].reference.as_str());

        check_audit(world, &wanted).await;
        check_outbox(world, &wanted).await;
        no_person_is_named(world).await;
    })
    .await;
}

async fn check_audit(world: &World, wanted: &[(Line, String)]) {
    let audit = world.audit().await;
    for (number, ((kind, who, channel, what, why), subject)) in wanted.iter().enumerate() {
        let line: Vec<&str> = audit[number].iter().map(String::as_str).collect();
        assert_eq!(line, [*kind, *who, *channel, *what, subject.as_str(), *why], "line {number}");
    }
    assert_eq!(audit.len(), wanted.len());
    // And the trail of each is its part of the audit.
    let desk: &Actor = &staff();
    assert!(!desk.is_citizen());
    for (_, subject) in wanted.iter().filter(|(_, subject)| subject != KYPSELI) {
        let reference = ariadni::booking::reference::Reference::parse(subject).expect("a reference");
        let trail = world.core.trail(&reference).await.expect("a trail");
        let told: Vec<(&str, &str)> = trail.iter().map(|l| (l.action.as_str(), l.reason.as_str())).collect();
        let own: Vec<(&str, &str)> =
            wanted.iter().filter(|(_, of)| of == subject).map(|((_, _, _, what, why), _)| (*what, *why)).collect();
        assert_eq!(told, own);
        assert!(trail.is_sorted_by_key(|line| line.at));
    }
}

/// Each change is also told to whoever delivers messages, in the same order.
async fn check_outbox(world: &World, wanted: &[(Line, String)]) {
    let expected: Vec<[String; 2]> = wanted
        .iter()
        .map(|((_, _, _, what, _), subject)| match *what {
            "closed" | "reopened" => [format!("office_{what}"), subject.clone()],
            what => [format!("appointment_{what}"), subject.clone()],
        })
        .collect();
    assert_eq!(world.outbox().await, expected);
}

async fn no_person_is_named(world: &World) {
    let pool = world.raw().await;
    for sql in [
        "SELECT actor || subject || reason || detail FROM audit",
        "SELECT subject || payload FROM outbox",
        "SELECT offer_id || for_appointment || offered_because FROM proposals",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&pool).await.expect("reads");
        assert!(!rows.is_empty());
        for text in rows {
            for person in ["Πολίτη", "Άννα", "Γιώτα", "Δάφνη", "Ελένη", "Ζωή", phone().as_str()]
            {
                assert!(!text.contains(person), "{text} names {person}");
            }
        }
    }
    pool.close().await;
}
