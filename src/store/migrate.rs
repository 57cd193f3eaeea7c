//! Brings the tables up to date from the files carried in the binary, `migrations/ENGINE/NNNN_verb_object.sql`.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyPool, AssertSqlSafe, SqlSafeStr};

use super::engine::Engine;
use super::error::StoreError;
use crate::assets::{self, Migrations};

/// Applies what was not applied before.
pub(super) async fn run(engine: Engine, pool: &AnyPool) -> Result<(), StoreError> {
    let files = assets::texts::<Migrations>(engine.folder(), ".sql");
    let migrations = files.into_iter().filter_map(|(path, sql)| migration(&path, sql)).collect();
    let mut connection = pool.acquire().await.map_err(StoreError::Open)?;
    Migrator::with_migrations(migrations).run(&mut *connection).await.map_err(StoreError::Migrate)
}

/// `sqlite/0001_create_availability.sql` is version 1, «create availability».
fn migration(path: &str, sql: String) -> Option<Migration> {
    let name = path.rsplit('/').next()?.strip_suffix(".sql")?;
    let (number, description) = name.split_once('_')?;
    let description = Cow::Owned(description.replace('_', " "));
    Some(Migration::new(
        number.parse().ok()?,
        description,
        MigrationType::Simple,
        AssertSqlSafe(sql).into_sql_str(),
        false,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_have_the_same_steps_and_every_file_is_one() {
        let steps = |engine: Engine| -> Vec<(i64, String)> {
            let files = assets::texts::<Migrations>(engine.folder(), ".sql");
            let step =
                |(path, sql): (String, String)| migration(&path, sql).map(|m| (m.version, m.description.into_owned()));
            files.into_iter().map(|file| step(file).expect("named NNNN_verb_object.sql")).collect()
        };
        assert_eq!(steps(Engine::Sqlite), steps(Engine::Postgres));
        assert!(steps(Engine::Sqlite).iter().zip(1..).all(|((version, _), expected)| *version == expected));
    }
}
