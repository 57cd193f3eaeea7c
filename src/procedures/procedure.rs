//! One procedure of the national registry (διαδικασία του Μίτος) in plain words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::booking::id::{OrganisationId, ServiceId};

/// A procedure in plain words. A field that is absent is not known; it is never invented.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Registry number (ΜΑΚ), digits.
    pub id: String,
    /// Official title.
    pub title: String,
    /// Its name inside a sentence, lower case, after «για»: «την έκδοση διαβατηρίου».
    #[serde(default)]
    pub for_what: Option<String>,
    /// What people call it: words and phrases, each understood on its own.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is, one or two short sentences.
    #[serde(default)]
    pub summary: Option<String>,
    /// Who may ask for it.
    #[serde(default)]
    pub who_may: Option<String>,
    /// What is needed.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// What it costs, a sentence.
    #[serde(default)]
    pub cost: Option<String>,
    /// How long it takes, a sentence.
    #[serde(default)]
    pub duration: Option<String>,
    /// Where it is done, a sentence.
    #[serde(default)]
    pub place: Option<String>,
    /// How it can be done; unknown when absent.
    #[serde(default)]
    pub ways: Option<Ways>,
    /// Who provides it, when the catalogue knows them.
    #[serde(default)]
    pub organisation: Option<OrganisationId>,
    /// The service that books it.
    #[serde(default)]
    pub service: Option<ServiceId>,
    /// When the registry changed it last, as the registry writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<String>,
    /// When it was read from the registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
}

/// A document that is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its name, nominative, first letter capital.
    pub name: String,
    /// When or in which form it is needed.
    #[serde(default)]
    pub note: Option<String>,
    /// Any one of the documents marked so is enough.
    #[serde(default)]
    pub alternative: bool,
}

/// How a procedure can be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    /// The page where it is done online; absent when it cannot be.
    #[serde(default)]
    pub online: Option<String>,
    /// Whether it can be done by video call.
    pub video: bool,
    /// Whether the citizen may come in person.
    pub in_person: bool,
    /// A sentence for the citizen about this: why no video, what to do instead.
    #[serde(default)]
    pub note: Option<String>,
}

impl Procedure {
    /// The page of the registry about it.
    #[must_use]
    pub fn source_url(&self) -> String {
        format!("https://id.mitos.gov.gr/{}", self.id)
    }
}
