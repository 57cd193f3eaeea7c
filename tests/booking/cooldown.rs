//! Against trade in appointments: what a citizen gives back stays shut for a while that nobody can foresee.

use std::collections::BTreeSet;

use ariadni::booking::core::{AvailabilityCore, SlotQuery};
use ariadni::booking::people::Mode;
use ariadni::booking::refusal::Refusal;
use chrono::TimeDelta;

use crate::world::{INFORMATION, PATRA, World, citizen, instant, on_every_engine, staff};

const THURSDAY_TEN: &str = "2026-11-26T08:00:00Z";
const THURSDAY_ELEVEN: &str = "2026-11-26T09:00:00Z";

/// Whether a search shows the slot.
async fn shown(world: &World, start: &str) -> bool {
    let query = SlotQuery { offices: vec![PATRA.into()], ..SlotQuery::new(INFORMATION.into(), Mode::InPerson, 500) };
    let page = world.core.search(&query, &citizen()).await.expect("searches");
    page.slots.iter().any(|slot| slot.start == instant(start))
}

/// Minutes until the slot is seen again.
async fn minutes_shut(world: &World, start: &str) -> i64 {
    for minutes in 0..=61 {
        if shown(world, start).await {
            return minutes;
        }
        assert_eq!(world.hold(PATRA, start).await.map(|_| ()), Err(Refusal::SlotTaken), "hidden and yet to be had");
        world.clock.advance(TimeDelta::minutes(1));
    }
    panic!("still shut after an hour");
}

#[tokio::test]
async fn what_a_citizen_cancels_opens_again_after_ten_to_sixty_minutes_never_the_same() {
    on_every_engine(async |world| {
        let mut seen = BTreeSet::new();
        for _ in 0..5 {
            let booked = world.book(PATRA, THURSDAY_TEN, "Άννα Α").await.expect("books");
            world.core.cancel(&booked.reference, &citizen(), "").await.expect("cancels");
            let minutes = minutes_shut(world, THURSDAY_TEN).await;
            assert!((10..=61).contains(&minutes), "{minutes}");
            seen.insert(minutes);
        }
        assert!(seen.len() > 1, "always {seen:?}");
    })
    .await;
}

#[tokio::test]
async fn what_a_citizen_moves_away_from_stays_shut_too() {
    on_every_engine(async |world| {
        let booked = world.book(PATRA, THURSDAY_TEN, "Άννα Α").await.expect("books");
        world.core.reschedule(&booked.reference, instant(THURSDAY_ELEVEN), None, &citizen()).await.expect("moves");
        assert!(minutes_shut(world, THURSDAY_TEN).await >= 10);
    })
    .await;
}

#[tokio::test]
async fn what_staff_cancel_or_move_is_free_at_once() {
    on_every_engine(async |world| {
        let booked = world.book(PATRA, THURSDAY_TEN, "Άννα Α").await.expect("books");
        world.core.reschedule(&booked.reference, instant(THURSDAY_ELEVEN), None, &staff()).await.expect("moves");
        assert!(shown(world, THURSDAY_TEN).await);
        world.core.cancel(&booked.reference, &staff(), "").await.expect("cancels");
        assert!(shown(world, THURSDAY_ELEVEN).await);
    })
    .await;
}
