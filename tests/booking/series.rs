//! Series: the same hour every so many weeks, all or none.

use ariadni::booking::catalogue::Catalogue;
use ariadni::booking::core::{AppointmentState, AvailabilityCore, Closure, HoldRequest, Needs, Window};
use ariadni::booking::desk::{AppointmentDesk, SeriesRequest};
use ariadni::booking::people::Mode;
use ariadni::booking::refusal::Refusal;
use chrono::{NaiveDate, TimeDelta};

use crate::storms::{assert_sound, at_once, letters};
use crate::world::{INFORMATION, KYPSELI, PATRA, World, booking, catalogue, citizen, instant, staff, with_catalogue};

/// Tuesday 24 November 2026, 10:00 in Athens.
const TUESDAY: &str = "2026-11-24T08:00:00Z";

fn rules() -> Catalogue {
    let mut catalogue = catalogue();
    catalogue.services[0].rules.series_most = 8;
    catalogue.services[0].rules.horizon_days = 180;
    catalogue
}

fn series(office: &str, start: &str, count: u32, every_weeks: u32, name: &str) -> SeriesRequest {
    let first = HoldRequest {
        service: INFORMATION.into(),
        office: office.into(),
        mode: Mode::InPerson,
        start: instant(start),
        needs: Needs::default(),
    };
    SeriesRequest { first, count, every_weeks, people: booking(&"none".into(), name) }
}

async fn rows(world: &World) -> [i64; 3] {
    [
        world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await,
        world.count("SELECT COUNT(*) FROM appointments").await,
        world.count("SELECT COUNT(*) FROM audit").await,
    ]
}

fn on(date: &str, because: Refusal) -> Refusal {
    let date: NaiveDate = date.parse().expect("a date");
    Refusal::OnDate { date, because: Box::new(because) }
}

#[tokio::test]
async fn a_series_keeps_its_hour_and_each_visit_its_own_reference() {
    with_catalogue(&rules(), async |world| {
        let booked = world.core.book_series(&series(KYPSELI, TUESDAY, 4, 1, "Άννα Α"), &staff()).await.expect("books");
        let starts: Vec<_> = booked.iter().map(|a| a.start).collect();
        let weekly: Vec<_> = (0..4).map(|week| instant(TUESDAY) + TimeDelta::weeks(week)).collect();
        assert_eq!(starts, weekly);
        let id = booked[0].series.clone().expect("a series");
        assert!(booked.iter().all(|a| a.series.as_ref() == Some(&id)));
        let mut references: Vec<_> = booked.iter().map(|a| a.reference.to_string()).collect();
        references.dedup();
        assert_eq!(references.len(), 4);
        for visit in &booked {
            assert_eq!(world.core.get(&visit.reference).await.as_ref(), Ok(visit));
        }
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn every_so_many_weeks_by_the_wall_clock() {
    with_catalogue(&rules(), async |world| {
        // Every twelve weeks from 26 January 2027: the second one is after the clocks went forward.
        let asked = series(KYPSELI, "2027-01-26T08:00:00Z", 2, 12, "Άννα Α");
        let booked = world.core.book_series(&asked, &staff()).await.expect("books");
        assert_eq!(booked[1].start, instant("2027-04-20T07:00:00Z"));
    })
    .await;
}

#[tokio::test]
async fn the_first_date_that_cannot_be_had_is_named_and_nothing_is_booked() {
    with_catalogue(&rules(), async |world| {
        // The third Friday from 11 December is Christmas, and nobody is booked on the other two.
        let before = rows(world).await;
        let asked = series(KYPSELI, "2026-12-11T08:00:00Z", 4, 1, "Άννα Α");
        let refused = world.core.book_series(&asked, &staff()).await.expect_err("Christmas");
        assert_eq!(refused.code(), "closed");
        assert!(matches!(&refused, Refusal::OnDate { date, .. } if date.to_string() == "2026-12-25"), "{refused}");
        assert_eq!(rows(world).await, before);
        // Somebody else has the only desk of the second week.
        world.book(PATRA, "2026-12-01T08:00:00Z", "Βάσω Β").await.expect("books");
        let asked = series(PATRA, TUESDAY, 3, 1, "Άννα Α");
        assert_eq!(world.core.book_series(&asked, &staff()).await, Err(on("2026-12-01", Refusal::SlotTaken)));
        // The office is shut in the third week.
        let window = Window { from: instant("2026-12-07T22:00:00Z"), to: instant("2026-12-08T22:00:00Z") };
        let reason = "Απογραφή".to_owned();
        let closure = Closure { office: KYPSELI.into(), resource: None, window, reason: reason.clone() };
        world.core.close(&closure, &staff()).await.expect("closes");
        let asked = series(KYPSELI, TUESDAY, 4, 1, "Άννα Α");
        assert_eq!(world.core.book_series(&asked, &staff()).await, Err(on("2026-12-08", Refusal::Closed(reason))));
        assert_eq!(world.count("SELECT COUNT(*) FROM appointments").await, 1);
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn counts_and_distances_that_no_series_has_are_refused() {
    with_catalogue(&rules(), async |world| {
        for (count, every, field) in
            [(0, 1, "count"), (1, 1, "count"), (9, 1, "count"), (2, 0, "every_weeks"), (2, 13, "every_weeks")]
        {
            let refused = world.core.book_series(&series(KYPSELI, TUESDAY, count, every, "Άννα Α"), &staff()).await;
            assert!(matches!(refused, Err(Refusal::Invalid { field: f, .. }) if f == field), "{count} {every}");
        }
        let mut other = series(KYPSELI, TUESDAY, 2, 1, "Άννα Α");
        other.first.service = "kep.business-services".into();
        let refused = world.core.book_series(&other, &staff()).await.expect_err("has no series");
        assert_eq!(refused.code(), "invalid");
        let mut nameless = series(KYPSELI, TUESDAY, 2, 1, "Άννα Α");
        nameless.people.beneficiary = "12".to_owned();
        assert!(world.core.book_series(&nameless, &staff()).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_series_counts_as_one_towards_the_limit() {
    let mut rules = rules();
    rules.services[0].rules.limits.per_beneficiary = 2;
    with_catalogue(&rules, async |world| {
        let first = series(KYPSELI, TUESDAY, 3, 1, "Άννα Α");
        world.core.book_series(&first, &staff()).await.expect("one of two");
        world.book(KYPSELI, "2026-11-26T08:00:00Z", "Άννα Α").await.expect("two of two");
        let third = world.book(KYPSELI, "2026-11-27T08:00:00Z", "Άννα Α").await;
        assert_eq!(third, Err(Refusal::LimitReached(2)));
        let another = series(KYPSELI, "2026-11-25T08:00:00Z", 2, 1, "Άννα Α");
        assert_eq!(world.core.book_series(&another, &staff()).await, Err(Refusal::LimitReached(2)));
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test]
async fn what_still_stands_of_a_series_is_cancelled_at_once() {
    with_catalogue(&rules(), async |world| {
        let booked = world.core.book_series(&series(KYPSELI, TUESDAY, 4, 1, "Άννα Α"), &staff()).await.expect("books");
        let id = booked[0].series.clone().expect("a series");
        world.core.cancel(&booked[1].reference, &citizen(), "").await.expect("cancels one");
        world.clock.advance(instant("2026-11-24T09:00:00Z") - world.clock.now());
        let cancelled = world.core.cancel_series(&id, &staff(), "έκλεισε").await.expect("cancels");
        let references: Vec<_> = cancelled.iter().map(|a| &a.reference).collect();
        assert_eq!(references, [&booked[2].reference, &booked[3].reference]);
        assert!(cancelled.iter().all(|a| a.state == AppointmentState::Cancelled));
        let begun = world.core.get(&booked[0].reference).await.expect("is there");
        assert_eq!(begun.state, AppointmentState::Booked, "it has begun");
        assert_eq!(world.core.cancel_series(&id, &staff(), "").await, Ok(Vec::new()));
        for unknown in ["", "nothing"] {
            assert_eq!(world.core.cancel_series(unknown, &staff(), "").await, Err(Refusal::NotFound));
        }
        assert_sound(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_series_at_one_hour_as_many_as_there_are_desks_are_booked() {
    with_catalogue(&rules(), async |world| {
        let call = |n: usize| {
            let core = world.core.clone();
            let asked = series(KYPSELI, TUESDAY, 4, 1, &format!("Πολίτης {}", letters(n)));
            async move { core.book_series(&asked, &staff()).await }
        };
        let results = at_once((0..16).map(call).collect()).await;
        let won = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(won, 2, "{:?}", results.iter().filter_map(|r| r.as_ref().err()).collect::<Vec<_>>());
        for refused in results.into_iter().filter_map(Result::err) {
            assert!(matches!(refused.code(), "slot_taken" | "unavailable"), "{refused}");
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM appointments").await, 8);
        assert_sound(world).await;
    })
    .await;
}
