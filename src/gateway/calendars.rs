//! Calendars of other programs, fetched from an address that staff gave.

use std::net::IpAddr;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{ACCEPT, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode, Url};

use super::choose_cryptography;
use super::public::{PrivateAddress, PublicNames, is_public};
use crate::booking::icalendar::LARGEST;

/// How long it may take until somebody answers the call.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one try may take in all.
const WHOLE: Duration = Duration::from_secs(30);
/// How often an address may send us on to another.
const REDIRECTS: usize = 5;
/// How often it is tried again when only chance was against it.
const RETRIES: usize = 2;
/// How long it waits before the first of these.
const PAUSE: Duration = Duration::from_millis(400);
/// The longest address, bytes.
const LONGEST: usize = 2_000;

/// Where a calendar is found: `https` or `http`. It is often a secret by itself, so it is never logged nor shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct CalendarAddress(Url);

/// Why a text is no address of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It cannot be read.
    #[error("this is no address such as https://calendar.example.gr/kep.ics")]
    Shape,
    /// It is neither `https` nor `http`.
    #[error("the address must begin with https:// or http://")]
    Scheme,
    /// It holds a name and a password.
    #[error("the address must not hold a name or a password")]
    Credentials,
}

impl CalendarAddress {
    /// Reads an address; `webcal://`, which calendars write to be opened by a program, is `https://`.
    ///
    /// # Errors
    /// [`BadAddress`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        let web = text.strip_prefix("webcal://").or_else(|| text.strip_prefix("webcals://"));
        let text = web.map_or_else(|| text.to_owned(), |rest| format!("https://{rest}"));
        let mut url = Url::parse(&text).map_err(|_| BadAddress::Shape)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(BadAddress::Scheme);
        }
        if !url.has_host() || text.len() > LONGEST {
            return Err(BadAddress::Shape);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// As much of it as may be shown: `https://calendar.example.gr/…`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}://{}/…", self.0.scheme(), self.0.host_str().unwrap_or_default())
    }
}

impl std::fmt::Debug for CalendarAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

/// What a server said of the calendar it gave, so that it need not give the same again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// Its ETag; empty when it gave none.
    pub etag: String,
    /// Its Last-Modified; empty when it gave none.
    pub modified: String,
}

/// What came of fetching a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is still the version that is known.
    Unchanged,
    /// This.
    Calendar {
        /// Its text, [`LARGEST`] bytes at most; whether it is a calendar is for others to say.
        text: Vec<u8>,
        /// Its version.
        version: Version,
    },
}

/// Why a calendar could not be fetched. It never holds the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address, or one it sends on to, belongs to a private network.
    #[error("the address belongs to a private network, which calendars.private_addresses does not allow")]
    Private,
    /// It is larger than anything that is read.
    #[error("the calendar is larger than 5 MB")]
    TooLarge,
    /// The server said no.
    #[error("the server answered {0}")]
    Status(u16),
    /// It sent on too often, or to where one may not go.
    #[error("the address sends on too often, or to something else than a web address")]
    Redirected,
    /// It took too long.
    #[error("the server did not answer in time")]
    TimedOut,
    /// Nobody there.
    #[error("the server cannot be reached")]
    Unreachable,
    /// It broke off.
    #[error("the answer broke off")]
    BrokeOff,
    /// This machine cannot tell whom it speaks to.
    #[error("this machine has no CA certificates to trust")]
    NoCertificates,
}

impl FetchError {
    /// Whether the same call may succeed a moment later.
    fn is_transient(&self) -> bool {
        match self {
            Self::Status(status) => *status == 429 || *status >= 500,
            Self::TimedOut | Self::Unreachable | Self::BrokeOff => true,
            Self::Private | Self::TooLarge | Self::Redirected | Self::NoCertificates => false,
        }
    }
}

/// Where calendars come from.
#[async_trait::async_trait]
pub trait CalendarSource: Send + Sync {
    /// Fetches a calendar, unless it is still the version that is `known`.
    ///
    /// # Errors
    /// [`FetchError`], after every try that had a chance.
    async fn fetch(&self, address: &CalendarAddress, known: &Version) -> Result<Fetched, FetchError>;
}

/// Calendars from the web.
#[derive(Debug, Clone)]
pub struct WebCalendars {
    /// Absent on a machine without certificates to trust: everything else works there.
    client: Option<Client>,
    private_allowed: bool,
}

impl WebCalendars {
    /// A way to the web; to addresses of private networks only when `private_allowed`.
    #[must_use]
    pub fn new(private_allowed: bool) -> Self {
        choose_cryptography();
        let builder = Client::builder()
            .user_agent(concat!("ariadni/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .no_proxy()
            .referer(false)
            .redirect(Policy::custom(move |attempt| next(attempt, private_allowed)));
        let builder = if private_allowed { builder } else { builder.dns_resolver(PublicNames) };
        let client = builder.build().inspect_err(|error| {
            tracing::warn!(error.cause = ?error, "no calendars can be fetched: are CA certificates installed here?");
        });
        Self { client: client.ok(), private_allowed }
    }

    async fn once(&self, address: &CalendarAddress, known: &Version) -> Result<Fetched, FetchError> {
        let client = self.client.as_ref().ok_or(FetchError::NoCertificates)?;
        let mut request = client.get(address.0.clone()).header(ACCEPT, "text/calendar, */*;q=0.5");
        for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.modified)] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|error| reason(&error))?;
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Fetched::Unchanged),
            StatusCode::OK => {
                let version = Version { etag: said(&response, &ETAG), modified: said(&response, &LAST_MODIFIED) };
                Ok(Fetched::Calendar { text: body(response).await?, version })
            }
            status => Err(FetchError::Status(status.as_u16())),
        }
    }
}

#[async_trait::async_trait]
impl CalendarSource for WebCalendars {
    async fn fetch(&self, address: &CalendarAddress, known: &Version) -> Result<Fetched, FetchError> {
        // A name is checked where it is looked up, a number has no look-up.
        if !self.private_allowed && is_private_number(&address.0) {
            return Err(FetchError::Private);
        }
        let patience = ExponentialBuilder::default().with_min_delay(PAUSE).with_max_times(RETRIES).with_jitter();
        (|| self.once(address, known)).retry(patience).when(FetchError::is_transient).await
    }
}

/// Where an answer sends on to: to another web address, never from `https` back to `http`, never into a private network.
fn next(attempt: Attempt<'_>, private_allowed: bool) -> reqwest::redirect::Action {
    let encrypted = attempt.previous().iter().all(|url| url.scheme() == "https");
    let scheme = attempt.url().scheme();
    if attempt.previous().len() > REDIRECTS || !(scheme == "https" || scheme == "http" && !encrypted) {
        return attempt.error(LedAstray);
    }
    if !private_allowed && is_private_number(attempt.url()) {
        return attempt.error(PrivateAddress);
    }
    attempt.follow()
}

#[derive(Debug, thiserror::Error)]
#[error("sent on too often, or to where one may not go")]
struct LedAstray;

fn is_private_number(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.parse::<IpAddr>().is_ok_and(|address| !is_public(address))
}

/// A header, when it is short enough to be kept.
fn said(response: &Response, name: &HeaderName) -> String {
    let value = response.headers().get(name).and_then(|value| value.to_str().ok());
    value.filter(|value| value.len() <= 500).unwrap_or_default().to_owned()
}

async fn body(mut response: Response) -> Result<Vec<u8>, FetchError> {
    if response.content_length().is_some_and(|length| length > LARGEST as u64) {
        return Err(FetchError::TooLarge);
    }
    let mut text = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| reason(&error))? {
        if text.len() + part.len() > LARGEST {
            return Err(FetchError::TooLarge);
        }
        text.extend_from_slice(&part);
    }
    Ok(text)
}

/// What went wrong, without the address.
fn reason(error: &reqwest::Error) -> FetchError {
    let causes = || std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    if causes().any(|cause| cause.is::<PrivateAddress>()) {
        FetchError::Private
    } else if error.is_redirect() {
        FetchError::Redirected
    } else if error.is_timeout() {
        FetchError::TimedOut
    } else if error.is_body() || error.is_decode() {
        FetchError::BrokeOff
    } else {
        FetchError::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_hidden() {
        let good = CalendarAddress::parse(" webcal://cal.example.gr/private-abc/basic.ics#top ").expect("an address");
        assert_eq!(good.as_str(), "https://cal.example.gr/private-abc/basic.ics");
        assert_eq!(format!("{good:?}"), "https://cal.example.gr/…");
        let cases = [
            ("", BadAddress::Shape),
            ("cal.example.gr/a.ics", BadAddress::Shape),
            ("https://", BadAddress::Shape),
            ("ftp://cal.example.gr/a.ics", BadAddress::Scheme),
            ("file:///etc/passwd", BadAddress::Scheme),
            ("https://user:word@cal.example.gr/", BadAddress::Credentials),
        ];
        for (text, expected) in cases {
            assert_eq!(CalendarAddress::parse(text), Err(expected), "{text}");
        }
        let long = format!("https://cal.example.gr/{}", "a".repeat(LONGEST));
        assert_eq!(CalendarAddress::parse(&long), Err(BadAddress::Shape));
    }

    #[test]
    fn numbers_of_private_networks_are_seen_through_every_spelling() {
        for text in
            ["http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://[::1]/", "http://[::ffff:a00:1]/"]
        {
            let address = CalendarAddress::parse(text).expect("an address");
            assert!(is_private_number(&address.0), "{text}");
        }
        let name = CalendarAddress::parse("http://localhost/").expect("an address");
        assert!(!is_private_number(&name.0), "a name is looked up first");
    }
}
