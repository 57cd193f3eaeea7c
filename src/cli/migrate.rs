//! `ariadni migrate`: brings the tables of the database up to date.

use anyhow::Context;

use super::{Setup, print_line};
use crate::store::Store;

/// Bring the tables of the database up to date
#[derive(Debug, clap::Args)]
pub struct Migrate {}

impl Migrate {
    /// Applies every migration that was not applied before.
    ///
    /// # Errors
    /// The database cannot be reached, or a migration failed.
    pub async fn run(self, setup: &Setup) -> anyhow::Result<()> {
        let store = open(setup).await?;
        print_line(format!("the database {} is up to date", without_secrets(&setup.config.database_url())))?;
        store.close().await;
        Ok(())
    }
}

/// Opens the database of the settings, with its tables up to date.
///
/// # Errors
/// The database cannot be reached, or a migration failed.
pub(super) async fn open(setup: &Setup) -> anyhow::Result<Store> {
    let url = setup.config.database_url();
    let shown = without_secrets(&url);
    let store = Store::open(&url, setup.clock.clone())
        .await
        .with_context(|| format!("cannot open the database {shown}; check --database-url and --data-dir"))?;
    store.migrate().await.with_context(|| format!("cannot bring the tables of {shown} up to date"))?;
    Ok(store)
}

/// The address of a database without the password in it.
fn without_secrets(url: &str) -> String {
    let hidden = url.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}@{host}"))
    });
    hidden.unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(without_secrets("postgres://ariadni:s3:cr@t@db/ariadni"), "postgres://ariadni@db/ariadni");
        assert_eq!(without_secrets("postgres://ariadni@db/ariadni"), "postgres://ariadni@db/ariadni");
        assert_eq!(without_secrets("sqlite://./data/ariadni.db"), "sqlite://./data/ariadni.db");
    }
}
