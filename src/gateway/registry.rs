//! The national registry of procedures (Μίτος), read through its public interface.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::ACCEPT;
use reqwest::{Client, Url};
use serde_json::Value;

use super::answer::{self, Lost};
use super::{NoCalls, asked_pause, client};

/// How long one try may take in all.
const WHOLE: Duration = Duration::from_secs(20);
/// The largest answer that is read, bytes: a page of a hundred entries is a hundredth of it.
const LARGEST: usize = 8 << 20;
/// How often it is tried again when only chance was against it.
const RETRIES: usize = 4;
/// How long it waits before the first of these; each further pause is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How many procedures a page of the list holds.
const PAGE: u32 = 100;

/// What the list says of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Registry number (ΜΑΚ), digits.
    pub id: String,
    /// When it was changed last, as the registry writes it; absent when it does not say.
    pub last_updated: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListPage {
    /// What could be read of it.
    pub listed: Vec<Listed>,
    /// How many entries could not.
    pub unreadable: usize,
    /// The number of the page after it; absent on the last.
    pub next: Option<u32>,
    /// How many procedures there are in all, as far as the registry says.
    pub total: Option<usize>,
}

/// Why the registry gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// It answered with an error.
    #[error("the registry answered {status}")]
    Status {
        /// HTTP status.
        status: u16,
        /// How long it asked to be left alone.
        pause: Option<Duration>,
    },
    /// It did not answer in time.
    #[error("the registry did not answer in time")]
    TimedOut,
    /// Nobody there.
    #[error("the registry cannot be reached")]
    Unreachable,
    /// The answer broke off.
    #[error("the answer of the registry broke off")]
    BrokeOff,
    /// The answer is too large.
    #[error("the answer of the registry is larger than 8 MB")]
    TooLarge,
    /// The answer is no JSON, or not of the shape that is known.
    #[error("the answer of the registry cannot be read: {0}")]
    Shape(String),
}

impl RegistryError {
    /// Whether the same call may succeed a moment later. An answer cut in the middle may look like broken JSON.
    fn is_transient(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            Self::TimedOut | Self::Unreachable | Self::BrokeOff | Self::Shape(_) => true,
            Self::TooLarge => false,
        }
    }
}

/// Where records of procedures come from.
#[async_trait::async_trait]
pub trait ProcedureRegistry: Send + Sync {
    /// A page of the list; the first is 1.
    ///
    /// # Errors
    /// [`RegistryError`], after every try that had a chance.
    async fn page(&self, number: u32) -> Result<ListPage, RegistryError>;

    /// The record of a procedure, with what it refers to.
    ///
    /// # Errors
    /// As above.
    async fn record(&self, id: &str) -> Result<Value, RegistryError>;
}

/// The registry behind an address.
#[derive(Debug, Clone)]
pub struct WebRegistry {
    client: Client,
    base: Url,
    pause: Duration,
}

/// The registry cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum NoRegistry {
    /// This is no address.
    #[error("{0} is no address of a registry")]
    Address(String),
    /// No calls can be made at all.
    #[error(transparent)]
    NoCalls(#[from] NoCalls),
}

impl WebRegistry {
    /// The registry at an address such as `https://api.digigov.grnet.gr/v1`.
    ///
    /// # Errors
    /// [`NoRegistry`]
    pub fn new(base: &str) -> Result<Self, NoRegistry> {
        let address = |_| NoRegistry::Address(base.to_owned());
        // Without the slash at its end the last part would be replaced by what is joined to it.
        let url = Url::parse(&format!("{}/", base.trim_end_matches('/'))).map_err(address)?;
        Ok(Self { client: client(WHOLE)?, base: url, pause: PAUSE })
    }

    /// The same with another time for one try and another first pause between tries.
    ///
    /// # Errors
    /// As [`WebRegistry::new`].
    pub fn with_patience(base: &str, whole: Duration, pause: Duration) -> Result<Self, NoRegistry> {
        Ok(Self { client: client(whole)?, pause, ..Self::new(base)? })
    }

    async fn get(&self, path: &str) -> Result<Value, RegistryError> {
        let url = self.base.join(path).map_err(|error| RegistryError::Shape(error.to_string()))?;
        let patience = ExponentialBuilder::default().with_min_delay(self.pause).with_max_times(RETRIES).with_jitter();
        (|| self.once(url.clone()))
            .retry(patience)
            .when(RegistryError::is_transient)
            .adjust(|error, pause| match error {
                RegistryError::Status { pause: Some(asked), .. } => pause.map(|own| own.max(*asked)),
                _ => pause,
            })
            .await
    }

    async fn once(&self, url: Url) -> Result<Value, RegistryError> {
        let sent = self.client.get(url).header(ACCEPT, "application/json").send().await;
        let response = sent.map_err(Lost::from)?;
        if !response.status().is_success() {
            return Err(RegistryError::Status {
                status: response.status().as_u16(),
                pause: asked_pause(&response, LONGEST_PAUSE),
            });
        }
        let body = answer::body(response, LARGEST).await?;
        serde_json::from_slice(&body).map_err(|error| RegistryError::Shape(error.to_string()))
    }
}

#[async_trait::async_trait]
impl ProcedureRegistry for WebRegistry {
    async fn page(&self, number: u32) -> Result<ListPage, RegistryError> {
        let answer = self.get(&format!("services?page={number}&limit={PAGE}")).await?;
        read_page(&answer, number)
    }

    async fn record(&self, id: &str) -> Result<Value, RegistryError> {
        self.get(&format!("services-extended/{id}")).await
    }
}

/// Reads a page of the list. A single entry that is broken is counted and left out.
fn read_page(answer: &Value, number: u32) -> Result<ListPage, RegistryError> {
    let entries = answer["data"].as_array();
    let entries = entries.ok_or_else(|| RegistryError::Shape("the list has no entries".to_owned()))?;
    let listed: Vec<Listed> = entries.iter().filter_map(read_listed).collect();
    // A page that names itself, or one before it, as the next would never end.
    let next = whole(&answer["next_page"]).and_then(|next| u32::try_from(next).ok()).filter(|next| *next > number);
    let total = whole(&answer["total"]).and_then(|total| usize::try_from(total).ok());
    Ok(ListPage { unreadable: entries.len() - listed.len(), listed, next, total })
}

fn read_listed(entry: &Value) -> Option<Listed> {
    let id = match &entry["id"] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_number = (1..=12).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    let last_updated = entry["last_updated"].as_str().map(str::trim).filter(|text| (1..=40).contains(&text.len()));
    is_number.then(|| Listed { id, last_updated: last_updated.map(str::to_owned) })
}

/// A whole number, also one written as text.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

impl From<Lost> for RegistryError {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::TimedOut => Self::TimedOut,
            Lost::Unreachable => Self::Unreachable,
            Lost::BrokeOff => Self::BrokeOff,
            Lost::TooLarge => Self::TooLarge,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_is_read_whatever_its_entries_are() {
        let answer = json!({
            "success": true, "total": "7", "current_page": 2, "next_page": 3, "limit": 100,
            "data": [
                {"id": "439993", "title": {"el": "Α"}, "last_updated": "2026-05-21T09:00:00Z"},
                {"id": 100201, "last_updated": null}, {"id": " 100202 ", "last_updated": 5},
                {"id": "../../etc"}, {"title": "χωρίς αριθμό"}, null, "439994",
            ],
        });
        let page = read_page(&answer, 2).expect("a page");
        let listed: Vec<(&str, Option<&str>)> =
            page.listed.iter().map(|l| (l.id.as_str(), l.last_updated.as_deref())).collect();
        assert_eq!(listed, [("439993", Some("2026-05-21T09:00:00Z")), ("100201", None), ("100202", None)]);
        assert_eq!((page.unreadable, page.next, page.total), (4, Some(3), Some(7)));
    }

    #[test]
    fn a_list_without_an_end_ends_and_no_list_is_an_error() {
        for next in [json!(2), json!(1), json!(0), json!(-1), json!(null), json!("soon")] {
            let answer = json!({"data": [], "next_page": next});
            assert_eq!(read_page(&answer, 2).expect("a page").next, None, "{next}");
        }
        for answer in [json!({}), json!([]), json!({"data": {}}), json!({"data": null}), json!("x")] {
            assert!(matches!(read_page(&answer, 1), Err(RegistryError::Shape(_))), "{answer}");
        }
    }

    #[test]
    fn addresses_are_joined_below_the_base() {
        for base in ["https://registry.example.gr/v1", "https://registry.example.gr/v1/"] {
            let registry = WebRegistry::new(base).expect("an address");
            assert_eq!(registry.base.join("services-extended/1").expect("joins").path(), "/v1/services-extended/1");
        }
        assert!(matches!(WebRegistry::new("nonsense"), Err(NoRegistry::Address(_))));
    }
}
