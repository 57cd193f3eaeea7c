//! `ariadni openapi`: the description of the HTTP API, as `/openapi.json` serves it.

use anyhow::Context;

use super::{Setup, print_line};

/// Print the description of the HTTP API (OpenAPI, JSON)
#[derive(Debug, clap::Args)]
pub struct OpenApi {}

impl OpenApi {
    /// Prints the description.
    ///
    /// # Errors
    /// Stdout is closed.
    pub async fn run(self, _setup: &Setup) -> anyhow::Result<()> {
        let description = serde_json::to_string_pretty(&crate::http::openapi()).context("cannot write JSON")?;
        print_line(description)
    }
}
