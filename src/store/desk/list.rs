//! Lists of appointments, as officials ask for them.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

use crate::booking::core::AppointmentState;
use crate::booking::desk::Selection;
use crate::store::Store;
use crate::store::appointments::{self, SELECT, Stored};
use crate::store::error::StoreError;

/// The most appointments in one list.
pub(super) const MOST_LISTED: usize = 1_000;

impl Store {
    /// The appointments of a selection by their start, at most so many.
    pub(super) async fn list(&self, which: &Selection, most: usize) -> Result<Vec<Stored>, StoreError> {
        let mut connection = self.read.acquire().await?;
        selected(&mut connection, which, most).await
    }
}

/// The same inside a transaction.
pub(super) async fn selected(
    tx: &mut AnyConnection,
    which: &Selection,
    most: usize,
) -> Result<Vec<Stored>, StoreError> {
    let (sql, values) = statement(which, most);
    // Only fixed text and numbered placeholders make up the statement; every value is bound.
    let query: Query<'_, Any, AnyArguments> = sqlx::query(AssertSqlSafe(sql));
    let query = values.into_iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
    });
    let rows = query.fetch_all(tx).await?;
    rows.iter().map(appointments::stored).collect()
}

enum Value {
    Text(String),
    Number(i64),
}

/// A statement with only the conditions that were given, so that each finds its index.
fn statement(which: &Selection, most: usize) -> (String, Vec<Value>) {
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    let mut number = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(office) = &which.office {
        conditions.push(format!("office_id = {}", number(Value::Text(office.to_string()))));
    }
    if let Some(resource) = &which.resource {
        let resource = number(Value::Text(resource.to_string()));
        // Any of its desks; what was cancelled is remembered by the desk it named.
        conditions.push(format!(
            "(resource_id = {resource} OR EXISTS (SELECT 1 FROM claims c WHERE c.group_id = appointments.id \
             AND c.live = 1 AND c.resource_id = {resource}))"
        ));
    }
    if let Some(window) = which.window {
        let from = number(Value::Number(window.from.timestamp()));
        let to = number(Value::Number(window.to.timestamp()));
        conditions.push(format!("starts_at >= {from} AND starts_at < {to}"));
    }
    if !which.references.is_empty() {
        let all: Vec<_> = which.references.iter().map(|r| number(Value::Text(r.to_string()))).collect();
        conditions.push(format!("reference IN ({})", all.join(", ")));
    }
    if !which.states.is_empty() {
        let all = which.states.iter().map(|state| number(Value::Text(AppointmentState::as_str(*state).to_owned())));
        conditions.push(format!("state IN ({})", all.collect::<Vec<_>>().join(", ")));
    }
    if conditions.is_empty() {
        conditions.push("1 = 1".to_owned());
    }
    let sql = format!("{SELECT}{} ORDER BY starts_at, id LIMIT {most}", conditions.join(" AND "));
    (sql, values)
}
