//! Places of more than one claim: buffers, several desks at once, and moves along one's own time.

use std::sync::Arc;

use ariadni::booking::catalogue::Catalogue;
use ariadni::booking::core::{AvailabilityCore, HoldRequest, Needs};
use ariadni::booking::people::Language;
use ariadni::booking::refusal::Refusal;
use ariadni::booking::rule::buffer::Buffer;
use ariadni::booking::rule::party::{Party, Share};

use crate::world::{KYPSELI, PATRA, World, booking, catalogue, citizen, hold_request, instant, on_every_engine, staff};

const NINE: &str = "2026-11-26T07:00:00Z";
const TEN_PAST: &str = "2026-11-26T07:10:00Z";
const TWENTY_PAST: &str = "2026-11-26T07:20:00Z";
const TWENTY_TO: &str = "2026-11-26T07:40:00Z";

async fn with(world: &World, change: impl FnOnce(&mut Catalogue)) {
    let mut catalogue = catalogue();
    change(&mut catalogue);
    world.core.import(Arc::new(catalogue)).await.expect("imports");
}

fn for_persons(office: &str, start: &str, persons: u32) -> HoldRequest {
    HoldRequest { needs: Needs { persons, ..Needs::default() }, ..hold_request(office, start) }
}

#[tokio::test]
async fn a_buffer_is_claimed_and_shown_to_nobody() {
    on_every_engine(async |world| {
        with(world, |catalogue| {
            catalogue.services[0].rules.buffer = Buffer { before_minutes: 0, after_minutes: 5 };
        })
        .await;
        let booked = world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        assert_eq!((booked.start, booked.end), (instant(NINE), instant(TWENTY_PAST)));
        assert_eq!(world.count("SELECT ends_at - slot_ends_at FROM claims WHERE live = 1").await, 300);
        assert_eq!(world.hold(PATRA, TWENTY_PAST).await.map(|_| ()), Err(Refusal::SlotTaken));
        world.hold(PATRA, TWENTY_TO).await.expect("after the buffer");
    })
    .await;
}

#[tokio::test]
async fn a_party_gets_its_desks_together_or_not_at_all() {
    on_every_engine(async |world| {
        with(world, |catalogue| {
            catalogue.services[0].rules.party = Party { most: 2, each: Share::Desk };
            // Wherever the service is offered, the largest party must find its desks.
            let mut second = catalogue.offices[1].resources[0].clone();
            second.id = "kep-patreon-2".into();
            catalogue.offices[1].resources.push(second);
        })
        .await;
        let hold = world.core.hold(&for_persons(KYPSELI, NINE, 2), &citizen()).await.expect("two desks are free");
        let booked = world.core.book(&booking(&hold.id, "Οικογένεια Α"), &citizen()).await.expect("books");
        assert_eq!(booked.persons, 2);
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1 AND kind = 'appointment'").await, 2);
        assert_eq!(world.hold(KYPSELI, NINE).await.map(|_| ()), Err(Refusal::SlotTaken));
        world.hold(KYPSELI, TWENTY_PAST).await.expect("one desk");
        let refused = world.core.hold(&for_persons(KYPSELI, TWENTY_PAST, 2), &citizen()).await;
        assert_eq!(refused.map(|_| ()), Err(Refusal::SlotTaken), "only one desk is left");
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await, 3, "nothing is half kept");
        let moved = world.core.reschedule(&booked.reference, instant(TWENTY_TO), None, &staff()).await.expect("moves");
        assert_eq!(moved.start, instant(TWENTY_TO));
        world.hold(KYPSELI, NINE).await.expect("both desks are free again");
        world.hold(KYPSELI, NINE).await.expect("both desks are free again");
    })
    .await;
}

#[tokio::test]
async fn more_persons_take_more_minutes_where_the_service_says_so() {
    on_every_engine(async |world| {
        with(world, |catalogue| catalogue.services[0].rules.party = Party { most: 3, each: Share::Minutes(10) }).await;
        let hold = world.core.hold(&for_persons(PATRA, NINE, 3), &citizen()).await.expect("holds");
        assert_eq!(hold.end, instant(TWENTY_TO));
        let refused = world.core.hold(&for_persons(PATRA, TWENTY_TO, 4), &citizen()).await;
        assert!(matches!(refused, Err(Refusal::Invalid { field: "persons", .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn an_appointment_moves_along_its_own_time_at_a_single_desk() {
    on_every_engine(async |world| {
        with(world, |catalogue| catalogue.offices[1].opening[0].every_minutes = Some(10)).await;
        let booked = world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        let moved = world.core.reschedule(&booked.reference, instant(TEN_PAST), None, &citizen()).await.expect("moves");
        assert_eq!((moved.start, moved.resource), (instant(TEN_PAST), booked.resource));
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await, 1);
        assert_eq!(world.hold(PATRA, TWENTY_PAST).await.map(|_| ()), Err(Refusal::SlotTaken));
    })
    .await;
}

#[tokio::test]
async fn a_language_is_served_only_by_who_speaks_it() {
    on_every_engine(async |world| {
        with(world, |catalogue| {
            catalogue.offices[0].resources[1].languages = vec![Language::SignLanguage];
        })
        .await;
        let signed = |office: &str| HoldRequest {
            needs: Needs { language: Some(Language::SignLanguage), ..Needs::default() },
            ..hold_request(office, NINE)
        };
        let hold = world.core.hold(&signed(KYPSELI), &citizen()).await.expect("holds");
        let booked = world.core.book(&booking(&hold.id, "Άννα Α"), &citizen()).await.expect("books");
        assert_eq!((booked.resource.as_str(), booked.language), ("kep-kypselis-2", Some(Language::SignLanguage)));
        assert_eq!(world.core.hold(&signed(KYPSELI), &citizen()).await.map(|_| ()), Err(Refusal::SlotTaken));
        let refused = world.core.hold(&signed(PATRA), &citizen()).await;
        assert!(matches!(refused, Err(Refusal::NobodyServes(_))), "{refused:?}");
    })
    .await;
}
