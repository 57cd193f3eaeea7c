//! `ariadni catalogue import FILE`: replaces everything that can be booked.

use std::path::PathBuf;

use anyhow::Context;

use super::{Setup, migrate, print_line};
use crate::booking::catalogue::Catalogue;
use crate::booking::core::Actor;

/// What can be booked, where, when and by which rules
#[derive(Debug, clap::Subcommand)]
pub enum CatalogueCommand {
    /// Put another catalogue in the place of the one in force
    Import {
        /// The catalogue (YAML, or JSON): organisations, services, offices
        file: PathBuf,
    },
}

impl CatalogueCommand {
    /// Does it.
    ///
    /// # Errors
    /// The file cannot be read, does not hold together (every problem is named with its line), or the database refuses it.
    pub async fn run(self, setup: &Setup) -> anyhow::Result<()> {
        let Self::Import { file } = self;
        let name = file.display();
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        let catalogue =
            Catalogue::parse(&text).with_context(|| format!("{name} was not taken; nothing was changed"))?;
        let store = migrate::open(setup).await?;
        let revision = store
            .import_catalogue_as(&catalogue, &by_hand())
            .await
            .context("the database did not take the catalogue")?;
        store.close().await;
        print_line(format!(
            "catalogue {revision} is in force: {} organisations, {} services, {} offices; running servers \
             take it within seconds",
            catalogue.organisations.len(),
            catalogue.services.len(),
            catalogue.offices.len(),
        ))
    }
}

/// Whoever is at the command line, for the audit.
fn by_hand() -> Actor {
    Actor::Staff { name: "command line".to_owned() }
}
