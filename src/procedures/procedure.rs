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
    /// What must hold for whom it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What is needed.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// What it costs, a sentence.
    #[serde(default)]
    pub cost: Option<String>,
    /// What is paid, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// How long it takes, a sentence.
    #[serde(default)]
    pub duration: Option<String>,
    /// How long what one gets holds, a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<String>,
    /// What is done, in order; what is done online is marked so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Where it is done, a sentence.
    #[serde(default)]
    pub place: Option<String>,
    /// The kinds of places that serve it, as the registry names them: «ΚΕΠ», «Αστυνομικά Τμήματα».
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// How it can be done; unknown when absent.
    #[serde(default)]
    pub ways: Option<Ways>,
    /// Every page where it is done online; [`Ways::online`] is the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// What else one should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// The languages in which it is served.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The events of life it belongs to: «Γέννηση», «Ανεργία».
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub life_events: Vec<String>,
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
    /// How much of a record was taken in, [`record::READS`](super::record::READS) of the program that read it; 0 for what is
    /// no record, and for records from before this was counted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reads: u32,
}

/// Something that must hold (προϋπόθεση).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What must hold.
    pub text: String,
    /// Any one of the conditions marked so is enough.
    #[serde(default)]
    pub alternative: bool,
}

/// A document that is needed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// Whether one must have it before one may ask for the procedure.
    #[serde(default, skip_serializing_if = "is_false")]
    pub prerequisite: bool,
    /// The page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The registry number of the procedure by which one gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
}

/// Something that is paid (παράβολο, τέλος).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// What it is called, first letter capital: «Παράβολο».
    pub name: String,
    /// What it is paid for, or when.
    #[serde(default)]
    pub note: Option<String>,
    /// The least amount in euros; not known when absent.
    #[serde(default)]
    pub least: Option<f64>,
    /// The greatest amount in euros; not known when absent.
    #[serde(default)]
    pub most: Option<f64>,
    /// The code under which it is paid.
    #[serde(default)]
    pub code: Option<String>,
    /// How it can be paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paid_by: Vec<String>,
    /// The page where it is paid.
    #[serde(default)]
    pub page: Option<String>,
    /// Any one of the fees marked so is paid.
    #[serde(default)]
    pub alternative: bool,
}

/// One thing that is done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is done, first letter capital.
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub description: Option<String>,
    /// How long it takes, words after «διαρκεί»: «έως 2 ημέρες».
    #[serde(default)]
    pub duration: Option<String>,
    /// Whether it is a step of the way online.
    #[serde(default)]
    pub online: bool,
    /// The page where it is done.
    #[serde(default)]
    pub page: Option<String>,
}

/// A page on the web.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// What it is called.
    #[serde(default)]
    pub title: Option<String>,
    /// Its address, `http` or `https`.
    pub url: String,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
