//! A crowd that holds, forgets, books, moves into one another's places and cancels while holds expire under it: at the end no
//! place is had twice, none is lost, and the script that knows nothing of the program finds no fault.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ariadni::booking::core::{Appointment, AvailabilityCore};
use ariadni::booking::reference::Reference;
use ariadni::booking::refusal::Refusal;
use ariadni::clock::Clock;
use ariadni::store::LocalCore;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::storms::letters;
use crate::world::{
    INFORMATION, KYPSELI, PATRA, World, booking, citizen, hold_request, instant, on_every_engine, query, staff,
};

/// The same file that operators run; one row for each fault.
const CHECK: &str = include_str!("../../scripts/check-bookings.sql");

const CLIENTS: usize = 64;
/// What every client does, one after the other.
const ACTIONS: usize = 12;
/// Starts at the two desks of Kypseli: a hundred places.
const STARTS: usize = 50;
/// How long any one call may take: a deadlock that nobody breaks would stand for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the crowd was told, by reference, and how it got there.
#[derive(Debug, Default)]
struct Told {
    standing: BTreeMap<Reference, DateTime<Utc>>,
    moved: usize,
    expired: usize,
    cancelled: usize,
}

type Notes = Arc<Mutex<Told>>;

fn note<T>(notes: &Notes, write: impl FnOnce(&mut Told) -> T) -> T {
    write(&mut notes.lock().unwrap_or_else(PoisonError::into_inner))
}

/// One of the crowd. Its own appointments are its own: only their places are wanted by others.
struct Client {
    core: LocalCore,
    clock: Clock,
    number: usize,
    starts: Vec<DateTime<Utc>>,
    notes: Notes,
    mine: Vec<Reference>,
}

impl Client {
    async fn run(mut self) {
        for action in 0..ACTIONS {
            let dice = rand::rng().random_range(0..10);
            let mine = self.mine.choose(&mut rand::rng()).cloned();
            let done = match mine {
                Some(reference) if dice < 5 => timely(self.move_into_another_place(&reference)).await,
                Some(reference) if dice == 5 => timely(self.cancel(&reference)).await,
                _ if dice == 6 => timely(self.hold_and_forget()).await,
                _ => timely(self.book(action)).await,
            };
            if let Err(refusal) = done {
                assert!(matches!(refusal, Refusal::SlotTaken | Refusal::HoldExpired), "{refusal}");
                note(&self.notes, |told| told.expired += usize::from(refusal == Refusal::HoldExpired));
            }
        }
    }

    fn any_start(&self) -> DateTime<Utc> {
        *self.starts.choose(&mut rand::rng()).expect("a start")
    }

    async fn hold_and_forget(&self) -> Result<(), Refusal> {
        let start = self.any_start().to_rfc3339();
        self.core.hold(&hold_request(KYPSELI, &start), &citizen()).await.map(|_| ())
    }

    async fn book(&mut self, action: usize) -> Result<(), Refusal> {
        let start = self.any_start().to_rfc3339();
        let hold = self.core.hold(&hold_request(KYPSELI, &start), &citizen()).await?;
        // Some dawdle to the last second, or beyond it.
        if rand::rng().random_ratio(1, 5) {
            let decided = hold.expires_at - TimeDelta::seconds(rand::rng().random_range(0..40));
            while self.clock.now() < decided {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        let name = format!("Πολίτης {}Λ{}", letters(self.number), letters(action));
        let booked = self.core.book(&booking(&hold.id, &name), &citizen()).await?;
        self.mine.push(booked.reference.clone());
        note(&self.notes, |told| told.standing.insert(booked.reference, booked.start));
        Ok(())
    }

    /// Where somebody else stands at this moment, who may be on the way to where I am: A→B while B→A.
    async fn move_into_another_place(&self, reference: &Reference) -> Result<(), Refusal> {
        let taken: Vec<_> = note(&self.notes, |told| told.standing.values().copied().collect());
        let wanted = taken.choose(&mut rand::rng()).copied().filter(|_| rand::rng().random_ratio(2, 3));
        let wanted = wanted.unwrap_or_else(|| self.any_start());
        let moved = self.core.reschedule(reference, wanted, None, &staff()).await?;
        assert_eq!(moved.start, wanted);
        note(&self.notes, |told| {
            told.moved += 1;
            told.standing.insert(reference.clone(), wanted);
        });
        Ok(())
    }

    async fn cancel(&mut self, reference: &Reference) -> Result<(), Refusal> {
        self.core.cancel(reference, &staff(), "").await?;
        self.mine.retain(|mine| mine != reference);
        note(&self.notes, |told| {
            told.cancelled += 1;
            told.standing.remove(reference);
        });
        Ok(())
    }
}

async fn timely<T>(call: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, call).await.expect("nobody waits for ever")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_clients_on_a_hundred_places_while_holds_expire_and_moves_cross() {
    on_every_engine(async |world| {
        let page = world.core.search(&tomorrow(STARTS), &citizen()).await.expect("searches");
        let starts: Vec<_> = page.slots.iter().map(|slot| slot.start).collect();
        assert_eq!(page.slots.iter().map(|slot| slot.free).sum::<u32>(), 100, "fifty starts at two desks");
        let notes = Notes::default();
        let client = |number| {
            let (core, clock) = (world.core.clone(), world.clock.clone());
            let (starts, notes) = (starts.clone(), Arc::clone(&notes));
            tokio::spawn(Client { core, clock, number, starts, notes, mine: Vec::new() }.run())
        };
        let crowd = join_all((0..CLIENTS).map(client));
        let ended = tokio::select! {
            ended = crowd => ended,
            () = let_holds_expire(world) => unreachable!("the clock runs as long as the crowd"),
        };
        ended.into_iter().for_each(|client| client.expect("told only what may be"));
        let told = std::mem::take(&mut *notes.lock().unwrap_or_else(PoisonError::into_inner));
        assert!(told.moved > 10 && told.cancelled > 0 && told.expired > 0, "hardly a storm: {told:?}");
        assert_in_order(world).await;
        assert_stands(world, &told).await;
        fill_what_is_left(world, &told, &starts).await;
    })
    .await;
}

/// The search for slots that are far enough away for the clock to run.
fn tomorrow(limit: usize) -> ariadni::booking::core::SlotQuery {
    let window =
        ariadni::booking::core::Window { from: instant("2026-11-24T22:00:00Z"), to: instant("2026-12-20T22:00:00Z") };
    ariadni::booking::core::SlotQuery { windows: vec![window], ..query(INFORMATION, &[KYPSELI], limit) }
}

/// Twenty seconds every 50 milliseconds, as long as it is let, so that a hold lives for a second and a half; the job comes by
/// now and then. A day at most, whatever the machine does: after that the slots would be too near.
async fn let_holds_expire(world: &World) {
    for tick in 0.. {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if tick < 4000 {
            world.clock.advance(TimeDelta::seconds(20));
        }
        if tick % 7 == 0 {
            world.store.expire_holds(world.clock.now()).await.expect("the job runs");
        }
    }
}

async fn assert_in_order(world: &World) {
    let pool = world.raw().await;
    let rows = sqlx::query(CHECK).fetch_all(&pool).await.expect("the script runs");
    let named = |row: &sqlx::any::AnyRow| {
        format!("{}: {}", sqlx::Row::get::<String, _>(row, 0), sqlx::Row::get::<String, _>(row, 1))
    };
    let faults: Vec<_> = rows.iter().map(named).collect();
    pool.close().await;
    assert_eq!(faults, Vec::<String>::new());
}

/// Everything that was told stands where it was told, and nothing else stands.
async fn assert_stands(world: &World, told: &Told) {
    let pool = world.raw().await;
    let rows =
        sqlx::query_as("SELECT reference, starts_at FROM appointments WHERE state = 'booked' ORDER BY reference");
    let rows: Vec<(String, i64)> = rows.fetch_all(&pool).await.expect("reads");
    pool.close().await;
    let wanted = told.standing.iter().map(|(reference, start)| (reference.to_string(), start.timestamp()));
    assert_eq!(rows, wanted.collect::<Vec<_>>());
}

/// When every hold has expired, whatever is not booked can be booked, and no place more: none was lost in the storm.
async fn fill_what_is_left(world: &World, told: &Told, starts: &[DateTime<Utc>]) {
    world.clock.advance(TimeDelta::minutes(10));
    let mut filled = 0;
    for (number, start) in starts.iter().flat_map(|start| [start; 3]).enumerate() {
        match world.book(KYPSELI, &start.to_rfc3339(), &format!("Τελευταίος {}", letters(number))).await {
            Ok(_) => filled += 1,
            Err(refusal) => assert_eq!(refusal, Refusal::SlotTaken),
        }
    }
    assert_eq!(told.standing.len() + filled, 100);
    assert_in_order(world).await;
}

/// Two on one desk who want each other's places, and nowhere else to go: neither may win, neither may lose its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_want_each_others_place_both_keep_their_own() {
    on_every_engine(async |world| {
        let (here, there) = (instant("2026-11-26T07:00:00Z"), instant("2026-11-26T07:20:00Z"));
        let one = world.book(PATRA, &here.to_rfc3339(), "Άννα Άλφα").await.expect("books");
        let other = world.book(PATRA, &there.to_rfc3339(), "Βάσω Βήτα").await.expect("books");
        for _ in 0..40 {
            let go = |who: &Appointment, to| {
                let (core, reference) = (world.core.clone(), who.reference.clone());
                tokio::spawn(async move { timely(core.reschedule(&reference, to, None, &staff())).await })
            };
            let (a, b) = tokio::join!(go(&one, there), go(&other, here));
            let taken = Err(Refusal::SlotTaken);
            assert_eq!((a.expect("no panic"), b.expect("no panic")), (taken.clone(), taken));
        }
        assert_eq!(world.core.get(&one.reference).await.expect("stands"), one);
        assert_eq!(world.core.get(&other.reference).await.expect("stands"), other);
        assert_in_order(world).await;
    })
    .await;
}
