//! The script that looks for faults finds them: each is made by hand, in a transaction that is rolled back.

use reqwest::Method;
use serde_json::json;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use std::collections::BTreeSet;

use crate::Answered;
use crate::books::{Books, CHECK};
use crate::clients::Line;
use crate::server::Server;
use crate::support::database::Database;

/// What is done to sound books, and the rule that must be named then.
const FAULTS: &[(&str, &str)] = &[
    (
        "UPDATE claims SET resource_id = (SELECT MIN(resource_id) FROM claims), starts_at = (SELECT MIN(starts_at) FROM claims), \
         ends_at = (SELECT MIN(ends_at) FROM claims)",
        "two live claims overlap",
    ),
    ("UPDATE claims SET live = 0", "a standing appointment has no claim over its own time"),
    ("UPDATE claims SET ends_at = ends_at - 60", "a standing appointment has no claim over its own time"),
    ("UPDATE appointments SET state = 'cancelled'", "a live claim belongs to no standing appointment"),
    ("UPDATE claims SET group_id = 'nobody'", "a live claim belongs to no standing appointment"),
    (
        "UPDATE claims SET slot_starts_at = slot_starts_at + 300, slot_ends_at = slot_ends_at + 300",
        "a live claim is not at its appointment's time and office",
    ),
    ("UPDATE claims SET kind = 'hold'", "a hold is booked and still held"),
    ("UPDATE claims SET kind = 'offer'", "what is kept for a while never ends"),
    ("UPDATE claims SET slot_starts_at = starts_at - 60", "a claim does not cover its slot"),
    ("DELETE FROM audit WHERE action = 'booked'", "an appointment was not booked once in the audit"),
    (
        "UPDATE audit SET action = 'cancelled' WHERE action = 'booked'",
        "a cancelled appointment was not cancelled once in the audit",
    ),
    ("UPDATE appointments SET sequence = 7", "a change has no audit row"),
    ("DELETE FROM outbox", "a change has no message, or a message no change"),
    ("UPDATE audit SET subject = 'NOBODY'", "the audit books an appointment that is not there"),
    ("UPDATE outbox SET subject = 'NOBODY'", "a message is about an appointment that is not there"),
];

#[tokio::test]
async fn the_script_names_every_fault() {
    let database = Database::sqlite();
    book_two(&database.url).await;
    Books::open(&database.url).await.assert_in_order().await;
    let mut connection = AnyConnection::connect(&database.url).await.expect("connects");
    sqlx::raw_sql("PRAGMA foreign_keys = OFF").execute(&mut connection).await.expect("loosened");
    drop_guards(&mut connection).await;
    for (fault, rule) in FAULTS {
        let mut broken = connection.begin().await.expect("begins");
        sqlx::raw_sql(*fault).execute(&mut *broken).await.expect(fault);
        let rows = sqlx::query(CHECK).fetch_all(&mut *broken).await.expect("the script runs");
        let named: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(named.contains(*rule), "{fault}: {named:?}");
        broken.rollback().await.expect("rolled back");
    }
    let rules = CHECK.matches("SELECT '").count() - CHECK.matches("'appointment_").count() + 1;
    let tried: BTreeSet<_> = FAULTS.iter().map(|(_, rule)| rule).collect();
    assert_eq!(tried.len(), rules, "a rule of the script has no fault here");
}

/// Through the server, as anybody books.
async fn book_two(url: &str) {
    let mut server = Server::on(url);
    server.start().await;
    let mut line = Line::new(server.address(), Answered::default());
    for (start, name) in [("2026-11-26T09:00", "Άννα Άλφα"), ("2026-11-26T09:15", "Βάσω Βήτα")] {
        let held = json!({
            "service": "kep.information-application", "office": "kep-kypselis", "mode": "in_person", "start": start,
        });
        let held = line.ask(Method::POST, "/api/v1/holds", Some(held)).await;
        let wish = json!({
            "hold": held.body["hold"], "beneficiary": { "name": name },
            "requester": { "name": name, "phone": "6944123456" },
        });
        let booked = line.ask(Method::POST, "/api/v1/appointments", Some(wish)).await;
        assert_eq!(booked.status, 201, "{}", booked.body);
    }
    server.kill().await;
}

/// The database would refuse most of these faults by itself.
async fn drop_guards(connection: &mut AnyConnection) {
    let guards = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
    let names: Vec<String> = sqlx::query_scalar(guards).fetch_all(&mut *connection).await.expect("reads");
    assert!(!names.is_empty());
    for name in names {
        let sql = AssertSqlSafe(format!("DROP TRIGGER {name}"));
        sqlx::raw_sql(sql).execute(&mut *connection).await.expect("dropped");
    }
}
