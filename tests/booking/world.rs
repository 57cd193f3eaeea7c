//! A core with its database, its clock and a small catalogue; every test of the store runs on both engines.

use std::sync::Arc;

use ariadni::booking::catalogue::Catalogue;
use ariadni::booking::core::{
    Actor, Appointment, AvailabilityCore, BookingRequest, Hold, HoldRequest, Needs, Order, SlotQuery,
};
use ariadni::booking::id::HoldId;
use ariadni::booking::identity::Phone;
use ariadni::booking::people::Mode;
use ariadni::booking::refusal::Refusal;
use ariadni::clock::Clock;
use ariadni::store::{Engine, LocalCore, Store};
use chrono::{DateTime, Utc};
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::support::database::Database;

/// The service that most tests book: 20 minutes, at least 2 hours and at most 60 days ahead.
pub const INFORMATION: &str = "kep.information-application";
/// Two desks, Monday to Friday 08:00–14:00 with a break 11:00–11:30.
pub const KYPSELI: &str = "kep-kypselis";
/// One desk, Monday to Friday 09:00–12:00.
pub const PATRA: &str = "kep-patreon";

/// Monday 23 November 2026, 08:00 in Athens.
pub const MONDAY: &str = "2026-11-23T06:00:00Z";

pub struct World {
    pub core: LocalCore,
    pub store: Store,
    pub clock: Clock,
    pub database: Database,
}

impl World {
    async fn on(database: Database, catalogue: Catalogue) -> Self {
        let clock = Clock::fixed(instant(MONDAY));
        let store = Store::open(&database.url, clock.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let catalogue = Arc::new(catalogue);
        store.import_catalogue(&catalogue).await.expect("imports");
        let core = LocalCore::new(store.clone(), catalogue);
        Self { core, store, clock, database }
    }

    /// Connections of our own, to look behind the product's back.
    pub async fn raw(&self) -> AnyPool {
        AnyPool::connect(&self.database.url).await.expect("connects")
    }

    /// The number that a query counts.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let pool = self.raw().await;
        let count = sqlx::query_scalar(sql).fetch_one(&pool).await.expect("counts");
        pool.close().await;
        count
    }

    /// The audit from a line on: kind and name of who, channel, what, of what, why.
    pub async fn audit(&self) -> Vec<[String; 6]> {
        let pool = self.raw().await;
        let sql = "SELECT actor_kind, actor, channel, action, subject, reason FROM audit ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&pool).await.expect("reads");
        pool.close().await;
        let column = |row: &sqlx::any::AnyRow, at: usize| sqlx::Row::get::<String, _>(row, at);
        rows.iter().map(|row| std::array::from_fn(|at| column(row, at))).collect()
    }

    /// The kinds and subjects of the outbox.
    pub async fn outbox(&self) -> Vec<[String; 2]> {
        let pool = self.raw().await;
        let rows = sqlx::query("SELECT kind, subject FROM outbox ORDER BY id").fetch_all(&pool).await.expect("reads");
        pool.close().await;
        rows.iter().map(|row| std::array::from_fn(|at| sqlx::Row::get::<String, _>(row, at))).collect()
    }

    pub async fn hold(&self, office: &str, start: &str) -> Result<Hold, Refusal> {
        self.core.hold(&hold_request(office, start), &citizen()).await
    }

    pub async fn book(&self, office: &str, start: &str, name: &str) -> Result<Appointment, Refusal> {
        let hold = self.hold(office, start).await?;
        self.core.book(&booking(&hold.id, name), &citizen()).await
    }
}

/// What a whole crowd wants to write, while nobody can: all of them have looked before the first of them writes, however
/// fast that one is.
#[derive(Debug, Clone, Copy)]
pub enum Gate {
    /// Places: holds and whatever is booked without one.
    Claims,
    /// Appointments: what is booked of a hold. SQLite has one writer and knows no such difference.
    Appointments,
}

impl Gate {
    /// How long it stays shut.
    const GLANCE: std::time::Duration = std::time::Duration::from_millis(700);

    /// Keeps it shut in front of a crowd, then opens it.
    pub async fn before<T>(self, world: &World, crowd: impl Future<Output = T>) -> T {
        let mut keeper = AnyConnection::connect(&world.database.url).await.expect("connects");
        let shut: &[&'static str] = match (world.store.engine(), self) {
            (Engine::Sqlite, _) => &["BEGIN IMMEDIATE"],
            (Engine::Postgres, Self::Claims) => &["BEGIN", "LOCK TABLE claims IN SHARE ROW EXCLUSIVE MODE"],
            (Engine::Postgres, Self::Appointments) => &["BEGIN", "LOCK TABLE appointments IN SHARE ROW EXCLUSIVE MODE"],
        };
        for statement in shut {
            sqlx::query(*statement).execute(&mut keeper).await.expect("shuts");
        }
        let open = async {
            tokio::time::sleep(Self::GLANCE).await;
            sqlx::query("COMMIT").execute(&mut keeper).await.expect("opens");
        };
        tokio::join!(crowd, open).0
    }
}

/// Runs a test on SQLite and, where it is installed, on PostgreSQL.
pub async fn on_every_engine(test: impl AsyncFn(&World)) {
    with_catalogue(&catalogue(), test).await;
}

/// The same with rules of its own.
pub async fn with_catalogue(catalogue: &Catalogue, test: impl AsyncFn(&World)) {
    let sqlite = World::on(Database::sqlite(), catalogue.clone()).await;
    test(&sqlite).await;
    sqlite.store.close().await;
    if let Some(database) = Database::postgres().await {
        let postgres = World::on(database, catalogue.clone()).await;
        test(&postgres).await;
        postgres.store.close().await;
    }
}

pub fn catalogue() -> Catalogue {
    serde_saphyr::from_str(include_str!("catalogue.yaml")).expect("a catalogue")
}

pub fn citizen() -> Actor {
    Actor::Citizen { channel: "web".to_owned(), conversation: "c-1".to_owned() }
}

pub fn staff() -> Actor {
    Actor::Staff { name: "desk".to_owned() }
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn phone() -> Phone {
    Phone::parse("6944123456").expect("a telephone")
}

pub fn hold_request(office: &str, start: &str) -> HoldRequest {
    HoldRequest {
        service: INFORMATION.into(),
        office: office.into(),
        mode: Mode::InPerson,
        start: instant(start),
        needs: Needs::default(),
    }
}

pub fn booking(hold: &HoldId, beneficiary: &str) -> BookingRequest {
    BookingRequest {
        hold: hold.clone(),
        beneficiary: beneficiary.to_owned(),
        requester: beneficiary.to_owned(),
        phone: phone(),
        email: None,
        on_behalf: false,
        relation: None,
        guests: Vec::new(),
        procedure: None,
        identity: None,
    }
}

pub fn query(service: &str, offices: &[&str], limit: usize) -> SlotQuery {
    SlotQuery {
        service: service.into(),
        offices: offices.iter().map(|id| (*id).into()).collect(),
        mode: Mode::InPerson,
        windows: Vec::new(),
        excluded: Vec::new(),
        daily: None,
        needs: Needs::default(),
        weekdays: Vec::new(),
        near: None,
        order: Order::default(),
        after: None,
        limit,
    }
}
