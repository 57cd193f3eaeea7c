//! What the database itself forbids, asked behind the product's back, and what it keeps of every change.

use ariadni::booking::core::AvailabilityCore;
use ariadni::booking::desk::AppointmentDesk;
use ariadni::booking::refusal::Refusal;
use ariadni::clock::Clock;
use ariadni::store::{Engine, Store};
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::world::{PATRA, booking, catalogue, citizen, hold_request, instant, on_every_engine, staff};

const NINE: &str = "2026-11-26T07:00:00Z";

async fn claim(pool: &AnyPool, id: &str, resource: &str, from: i64, to: i64, live: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO claims (id, resource_id, office_id, starts_at, ends_at, slot_starts_at, slot_ends_at, live, kind, group_id, \
         created_at) VALUES ($1, $2, 'kep-kypselis', $3, $4, $3, $4, $5, 'busy', 'elsewhere', 0)",
    )
    .bind(id)
    .bind(resource)
    .bind(from)
    .bind(to)
    .bind(live)
    .execute(pool)
    .await
    .map(|_| ())
}

#[tokio::test]
async fn the_database_refuses_a_second_live_claim_made_or_changed_into() {
    on_every_engine(async |world| {
        let pool = world.raw().await;
        let (desk, other) = ("kep-kypselis-1", "kep-kypselis-2");
        claim(&pool, "first", desk, 10_000, 11_200, 1).await.expect("free");
        for (n, (from, to)) in
            [(10_000, 11_200), (9_000, 10_001), (11_199, 12_000), (10_300, 10_400), (9_000, 12_000), (-70_000, 10_001)]
                .into_iter()
                .enumerate()
        {
            let refused = claim(&pool, &format!("overlap {n}"), desk, from, to, 1).await;
            assert!(refused.is_err(), "{from}..{to}");
        }
        claim(&pool, "before", desk, 9_000, 10_000, 1).await.expect("touching is not overlapping");
        claim(&pool, "after", desk, 11_200, 12_000, 1).await.expect("touching is not overlapping");
        claim(&pool, "elsewhere", other, 10_000, 11_200, 1).await.expect("another desk");
        claim(&pool, "dead", desk, 10_000, 11_200, 0).await.expect("not live");
        for change in [
            "UPDATE claims SET live = 1 WHERE id = 'dead'",
            "UPDATE claims SET starts_at = 9999 WHERE id = 'first'",
            "UPDATE claims SET ends_at = 11201 WHERE id = 'first'",
            "UPDATE claims SET resource_id = 'kep-kypselis-1' WHERE id = 'elsewhere'",
        ] {
            assert!(sqlx::query(change).execute(&pool).await.is_err(), "{change}");
        }
        sqlx::query("UPDATE claims SET live = 0 WHERE id = 'first'").execute(&pool).await.expect("let go");
        sqlx::query("UPDATE claims SET live = 1 WHERE id = 'dead'").execute(&pool).await.expect("now it is free");
        assert!(claim(&pool, "too long", desk, 100_000, 186_401, 1).await.is_err(), "more than a day");
        assert!(claim(&pool, "backwards", desk, 200_000, 199_999, 1).await.is_err());
        pool.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_audit_is_only_added_to() {
    on_every_engine(async |world| {
        world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        let before = world.count("SELECT COUNT(*) FROM audit").await;
        let pool = world.raw().await;
        for change in ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"] {
            assert!(sqlx::query(change).execute(&pool).await.is_err(), "{change}");
        }
        if world.store.engine() == Engine::Postgres {
            assert!(sqlx::query("TRUNCATE audit").execute(&pool).await.is_err());
        }
        pool.close().await;
        assert_eq!(world.count("SELECT COUNT(*) FROM audit").await, before);
    })
    .await;
}

#[tokio::test]
async fn every_change_is_audited_and_announced_without_personal_data() {
    on_every_engine(async |world| {
        let booked = world.book(PATRA, NINE, "Άννα Αλεξίου").await.expect("books");
        world.core.reschedule(&booked.reference, instant("2026-11-26T07:20:00Z"), None, &staff()).await.expect("moves");
        world.core.cancel(&booked.reference, &citizen(), "").await.expect("cancels");
        let pool = world.raw().await;
        let audit: Vec<(String, String, String, String, String)> =
            sqlx::query_as("SELECT action, actor_kind, actor, channel, subject FROM audit ORDER BY id")
                .fetch_all(&pool)
                .await
                .expect("reads");
        let told: Vec<_> = audit.iter().map(|(a, k, who, c, _)| [a, k, who, c].map(String::as_str)).collect();
        let expected = [
            ["booked", "citizen", "c-1", "web"],
            ["rescheduled", "staff", "desk", "staff"],
            ["cancelled", "citizen", "c-1", "web"],
        ];
        assert_eq!(told, expected);
        assert!(audit.iter().all(|entry| entry.4 == booked.reference.as_str()));
        let outbox: Vec<(String, String)> =
            sqlx::query_as("SELECT kind, subject FROM outbox ORDER BY id").fetch_all(&pool).await.expect("reads");
        let kinds: Vec<&str> = outbox.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["appointment_booked", "appointment_rescheduled", "appointment_cancelled"]);
        assert!(outbox.iter().all(|(_, subject)| subject == booked.reference.as_str()));
        let details: Vec<String> = sqlx::query_scalar("SELECT detail FROM audit UNION ALL SELECT payload FROM outbox")
            .fetch_all(&pool)
            .await
            .expect("reads");
        pool.close().await;
        for detail in details {
            assert!(!detail.contains("Αλεξίου") && !detail.contains("6944123456"), "{detail}");
        }
    })
    .await;
}

#[tokio::test]
async fn migrating_twice_does_nothing_and_what_was_kept_is_still_there() {
    on_every_engine(async |world| {
        let booked = world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        let again = Store::open(&world.database.url, Clock::fixed(instant(NINE))).await.expect("opens");
        again.migrate().await.expect("migrates");
        again.ping().await.expect("answers");
        assert_eq!(again.latest_catalogue().await.expect("reads"), Some(catalogue()));
        let day = (instant("2026-11-26T00:00:00Z"), instant("2026-11-27T00:00:00Z"));
        let listed = again.appointments_between(&PATRA.into(), day.0, day.1).await.expect("lists");
        assert_eq!(listed, vec![booked]);
        again.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_catalogue_is_a_revision_and_what_leaves_it_is_retired() {
    on_every_engine(async |world| {
        let booked = world.book(PATRA, NINE, "Άννα Α").await.expect("books");
        assert_eq!(world.store.import_catalogue(&catalogue()).await.expect("imports"), 1);
        let mut smaller = catalogue();
        smaller.offices.retain(|office| office.id.as_str() != PATRA);
        assert_eq!(world.core.import_as(smaller.clone().into(), &staff()).await.expect("imports"), 2);
        let by_desk = "SELECT COUNT(*) FROM audit WHERE action = 'catalogue_imported' AND actor = 'desk'";
        assert_eq!(world.count(by_desk).await, 1, "that the first was there is nobody's doing");
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'catalogue_imported'").await, 1);
        assert_eq!(*world.core.catalogue(), smaller);
        assert_eq!(world.store.latest_catalogue().await.expect("reads"), Some(smaller));
        assert_eq!(world.count("SELECT COUNT(*) FROM resources WHERE retired = 1").await, 1);
        assert_eq!(world.core.get(&booked.reference).await, Ok(booked.clone()));
        let refused = world.hold(PATRA, "2026-11-26T07:20:00Z").await.expect_err("no longer offered");
        assert_eq!(refused.code(), "not_offered");
        assert!(world.core.cancel(&booked.reference, &citizen(), "").await.is_ok());
        let mut broken = catalogue();
        broken.offices[0].resources[1].id = broken.offices[0].resources[0].id.clone();
        assert!(world.core.import(broken.into()).await.is_err());
        assert_eq!(world.count("SELECT COUNT(*) FROM catalogue_documents").await, 2);
        world.core.import(catalogue().into()).await.expect("imports");
        assert_eq!(world.count("SELECT COUNT(*) FROM resources WHERE retired = 1").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    for url in ["mysql://localhost/x", "nonsense", ""] {
        assert!(Store::open(url, Clock::system()).await.is_err(), "{url}");
    }
}

/// A closure that is being written while somebody has already looked: it is not in the memory, and still nobody gets past it.
#[tokio::test]
async fn nobody_slips_in_while_an_office_is_being_closed() {
    on_every_engine(async |world| {
        world.hold(PATRA, "2026-11-25T07:00:00Z").await.expect("the journal has been read");
        let mut official = AnyConnection::connect(&world.database.url).await.expect("connects");
        let begin: &[&'static str] = match world.store.engine() {
            Engine::Sqlite => &["BEGIN IMMEDIATE"],
            Engine::Postgres => &["BEGIN", "SELECT id FROM offices WHERE id = 'kep-patreon' FOR UPDATE"],
        };
        for statement in begin {
            sqlx::query(*statement).execute(&mut official).await.expect("begins");
        }
        sqlx::query(
            "INSERT INTO closures (id, office_id, resource_id, starts_at, ends_at, reason, created_at) \
             VALUES ('now', 'kep-patreon', '', $1, $2, 'Διακοπή ρεύματος', 0)",
        )
        .bind(instant("2026-11-26T00:00:00Z").timestamp())
        .bind(instant("2026-11-26T22:00:00Z").timestamp())
        .execute(&mut official)
        .await
        .expect("closes");
        let (at, later) = (hold_request(PATRA, NINE), hold_request(PATRA, "2026-11-26T07:20:00Z"));
        let (people, citizen) = (booking(&"none".into(), "Άννα Αλεξίου"), citizen());
        let done = async {
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            sqlx::query("COMMIT").execute(&mut official).await.expect("ends");
        };
        let (booked, held, ()) =
            tokio::join!(world.core.book_at(&at, &people, &citizen), world.core.hold(&later, &citizen), done);
        let closed = Refusal::Closed("Διακοπή ρεύματος".to_owned());
        assert_eq!((booked, held.map(|_| ())), (Err(closed.clone()), Err(closed)));
        assert_eq!(world.count("SELECT COUNT(*) FROM appointments").await, 0);
        official.close().await.ok();
    })
    .await;
}
