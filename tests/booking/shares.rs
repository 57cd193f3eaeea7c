//! Quotas hold in the database too: however many book at once, no share of a day is exceeded.

use std::sync::Arc;

use ariadni::booking::core::{Actor, AvailabilityCore, EmptyBecause, HoldRequest, Needs, SlotQuery, Window};
use ariadni::booking::people::Mode;
use ariadni::booking::refusal::Refusal;
use ariadni::booking::rule::party::{Party, Share};
use ariadni::booking::rule::quota::{BookedBy, Most, Quota};
use ariadni::store::LocalCore;
use chrono::TimeDelta;
use futures::future::join_all;

use crate::world::{
    Gate, INFORMATION, KYPSELI, PATRA, World, booking, catalogue, hold_request, instant, on_every_engine, staff,
};

/// The nine starts of a day in Patra: one desk, 09:00 to 12:00 in Athens.
fn starts() -> Vec<String> {
    let first = instant("2026-11-26T07:00:00Z");
    (0..9).map(|n| (first + TimeDelta::minutes(20 * n)).to_rfc3339()).collect()
}

fn by(channel: &str) -> Actor {
    Actor::Citizen { channel: channel.to_owned(), conversation: "c-1".to_owned() }
}

fn quota(most: Most) -> Quota {
    Quota {
        channels: Vec::new(),
        booked_by: None,
        modes: Vec::new(),
        services: Vec::new(),
        most,
        lifts_hours_before: None,
    }
}

async fn core(world: &World, quotas: Vec<Quota>, walk_in_percent: u32) -> LocalCore {
    let mut catalogue = catalogue();
    for office in &mut catalogue.offices[..2] {
        office.quotas.clone_from(&quotas);
        office.walk_in_percent = walk_in_percent;
    }
    world.core.import(Arc::new(catalogue)).await.expect("imports");
    world.core.clone()
}

/// How many of the day's places somebody gets, one after another.
async fn gets(core: &LocalCore, office: &str, actor: &Actor) -> usize {
    let mut won = 0;
    for start in starts() {
        match core.hold(&hold_request(office, &start), actor).await {
            Ok(_) => won += 1,
            Err(refusal) => assert!(matches!(refusal, Refusal::KeptForOthers | Refusal::SlotTaken), "{refusal:?}"),
        }
    }
    won
}

async fn why_empty(core: &LocalCore, office: &str, actor: &Actor) -> Option<EmptyBecause> {
    let day = Window { from: instant("2026-11-26T00:00:00Z"), to: instant("2026-11-26T22:00:00Z") };
    let wish = SlotQuery::new(INFORMATION.into(), Mode::InPerson, 500);
    let query = SlotQuery { offices: vec![office.into()], windows: vec![day], ..wish };
    core.search(&query, actor).await.expect("searches").empty_because
}

#[tokio::test]
async fn a_channel_has_its_places_and_another_the_rest() {
    on_every_engine(async |world| {
        let web = Quota { channels: vec!["web".to_owned()], ..quota(Most::Places(4)) };
        let core = core(world, vec![web], 0).await;
        assert_eq!(gets(&core, PATRA, &by("web")).await, 4);
        assert_eq!(why_empty(&core, PATRA, &by("web")).await, Some(EmptyBecause::KeptForOthers));
        assert_eq!(why_empty(&core, PATRA, &by("phone")).await, None);
        assert_eq!(gets(&core, PATRA, &by("phone")).await, 5);
    })
    .await;
}

#[tokio::test]
async fn what_citizens_may_not_take_is_left_to_staff() {
    on_every_engine(async |world| {
        let citizens = Quota { booked_by: Some(BookedBy::Citizens), ..quota(Most::Percent(50)) };
        let core = core(world, vec![citizens], 0).await;
        assert_eq!(gets(&core, PATRA, &by("web")).await, 4, "80 of 180 minutes; 100 would be more than half");
        assert_eq!(gets(&core, PATRA, &staff()).await, 5);
    })
    .await;
}

#[tokio::test]
async fn the_share_of_those_who_walk_in_is_kept_from_everybody() {
    on_every_engine(async |world| {
        let core = core(world, Vec::new(), 34).await;
        assert_eq!(gets(&core, PATRA, &by("web")).await, 5, "100 of 180 minutes; 66 % are 118");
        assert_eq!(gets(&core, PATRA, &staff()).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_quota_lifts_when_its_time_has_come() {
    on_every_engine(async |world| {
        let web = Quota { channels: vec!["web".to_owned()], lifts_hours_before: Some(24), ..quota(Most::Places(1)) };
        let core = core(world, vec![web], 0).await;
        assert_eq!(gets(&core, PATRA, &by("web")).await, 1);
        world.clock.advance(TimeDelta::hours(52));
        assert_eq!(gets(&core, PATRA, &by("web")).await, 9, "the hold has expired, and the quota has lifted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_bookings_never_exceeds_a_share() {
    on_every_engine(async |world| {
        let web = Quota { channels: vec!["web".to_owned()], ..quota(Most::Places(7)) };
        let core = core(world, vec![web], 0).await;
        let calls = (0..64).map(|n| {
            let (core, starts) = (core.clone(), starts());
            tokio::spawn(async move {
                let start = &starts[n % starts.len()];
                let hold = core.hold(&hold_request(KYPSELI, start), &by("web")).await?;
                let letters: String = n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect();
                core.book(&booking(&hold.id, &format!("Πολίτης {letters}")), &by("web")).await
            })
        });
        let results = Gate::Claims.before(world, join_all(calls)).await;
        let won = results.into_iter().filter(|result| matches!(result, Ok(Ok(_)))).count();
        assert_eq!(won, 7);
        assert_eq!(world.count("SELECT COUNT(*) FROM claims WHERE live = 1 AND channel = 'web'").await, 7);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_family_takes_is_counted_again_when_another_writes() {
    on_every_engine(async |world| {
        let mut catalogue = catalogue();
        catalogue.services[0].rules.party = Party { most: 2, each: Share::Desk };
        let mut second = catalogue.offices[1].resources[0].clone();
        second.id = "kep-patreon-2".into();
        catalogue.offices[1].resources.push(second);
        // A fifth of two desks that serve for 330 minutes each: 132, three families of twice 20.
        catalogue.offices[0].quotas = vec![quota(Most::Percent(20))];
        world.core.import(Arc::new(catalogue)).await.expect("imports");
        let calls = (0..48).map(|n| {
            let (core, starts) = (world.core.clone(), starts());
            tokio::spawn(async move {
                let needs = Needs { persons: 2, ..Needs::default() };
                let family = HoldRequest { needs, ..hold_request(KYPSELI, &starts[n % 6]) };
                core.hold(&family, &by("web")).await
            })
        });
        let all = Gate::Claims.before(world, join_all(calls)).await;
        let won = all.into_iter().filter(|result| matches!(result, Ok(Ok(_)))).count();
        assert_eq!((won, world.count("SELECT COUNT(*) FROM claims WHERE live = 1").await), (3, 6));
    })
    .await;
}
