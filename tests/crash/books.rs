//! The database behind the server's back.

use sqlx::{AnyPool, AssertSqlSafe, Row};

use crate::clients::Journal;

/// One row for each fault; the same file that operators run with `sqlite3` and `psql`.
pub const CHECK: &str = include_str!("../../scripts/check-bookings.sql");

/// A look into the tables.
pub struct Books(pub AnyPool);

impl Books {
    pub async fn open(url: &str) -> Self {
        sqlx::any::install_default_drivers();
        Self(AnyPool::connect(url).await.expect("connects"))
    }

    /// The faults that the script finds.
    pub async fn faults(&self) -> Vec<String> {
        let rows = sqlx::query(CHECK).fetch_all(&self.0).await.expect("the script runs");
        rows.iter().map(|row| format!("{}: {}", row.get::<String, _>(0), row.get::<String, _>(1))).collect()
    }

    /// Nothing overlaps, nothing is half done.
    pub async fn assert_in_order(&self) {
        assert_eq!(self.faults().await, Vec::<String>::new());
    }

    /// What callers were told is there, and nothing else: no request made a second appointment.
    pub async fn assert_holds(&self, journal: &Journal) {
        let rows = sqlx::query("SELECT reference, state, office_id FROM appointments").fetch_all(&self.0).await;
        for row in &rows.expect("reads") {
            let (reference, state, office): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            let told = journal.appointments.get(&reference);
            let told = told.map(|told| (told.state.as_str(), told.office.as_str()));
            assert_eq!(told, Some((state.as_str(), office.as_str())), "{reference}");
        }
        let there = self.count("SELECT COUNT(*) FROM appointments").await;
        assert_eq!(there, i64::try_from(journal.booked()).expect("a small number"), "an appointment was lost");
        let under_way = self.count("SELECT COUNT(*) FROM answered_requests WHERE status = 0").await;
        assert_eq!(under_way, 0, "a request was begun and never answered");
    }

    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.0).await.expect("counts")
    }
}
