//! One call to another Ariadni: its tries, its time, what its answer means.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::{Method, StatusCode, Url, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Reach;
use super::query::Pairs;
use crate::booking::core::Actor;
use crate::booking::refusal::Refusal;
use crate::gateway::{NoCalls, client};
use crate::request::Request;
use crate::wire::{ErrorBody, header as actor_header, refusal};

/// How often a call is tried again at most.
const MOST_RETRIES: usize = 4;
/// The first pause before trying again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A call to be made. Each is safe to repeat: it reads, or carries a key under which it is done once, however often it comes.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    path: Vec<String>,
    parameters: Pairs,
    body: Option<Vec<u8>>,
    headers: Vec<(&'static str, String)>,
    patience: Duration,
}

impl Call {
    fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        Self { method, path, parameters: Vec::new(), body: None, headers: Vec::new(), patience: Duration::ZERO }
    }

    /// Asks for something.
    pub fn get(path: &[&str], parameters: Pairs) -> Self {
        Self { parameters, ..Self::new(Method::GET, path) }
    }

    /// Does something, once.
    pub fn post(path: &[&str], body: &impl Serialize) -> Self {
        Self::read(path, body).once()
    }

    /// Asks for something that has no place in an address.
    pub fn read(path: &[&str], body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self { body: Some(body), ..Self::new(Method::POST, path) }
    }

    /// Undoes something, once.
    pub fn delete(path: &[&str], parameters: Pairs) -> Self {
        Self { parameters, ..Self::new(Method::DELETE, path) }.once()
    }

    /// A key that stays the same over all tries of this call, and belongs to no other. What is done in the name of a request
    /// with a key has the same one when the request comes again.
    fn once(mut self) -> Self {
        let key = match Request::current() {
            Some(request) => request.key_for(&self.named()),
            None => uuid::Uuid::new_v4().to_string(),
        };
        self.headers.push(("idempotency-key", key));
        self
    }

    /// All that tells this call from another.
    fn named(&self) -> Vec<u8> {
        let mut name = format!("{} {:?} {:?}\n", self.method, self.path, self.parameters).into_bytes();
        name.extend(self.body.iter().flatten());
        name
    }

    /// For whom it is made.
    ///
    /// # Errors
    /// A citizen's channel or conversation has a name that cannot be sent: without it the call would have an official's rights.
    pub fn by(mut self, actor: &Actor) -> Result<Self, Refusal> {
        if let Actor::Citizen { channel, conversation } = actor
            && !(actor_header::is_channel(channel) && actor_header::is_conversation(conversation))
        {
            return Err(Refusal::Unavailable("the conversation has a name that the remote core does not take".into()));
        }
        let named = actor_header::of(actor).into_iter();
        self.headers
            .extend(named.filter(|(name, value)| *name != actor_header::OFFICIAL || actor_header::is_official(value)));
        Ok(self)
    }

    /// Waits at least so long.
    pub fn patient(mut self, least: Duration) -> Self {
        self.patience = least;
        self
    }
}

/// Why a try brought no answer.
#[derive(Debug)]
enum Trouble {
    /// It may pass; after this time, if the other end said so.
    Passing(String, Option<Duration>),
    /// It will not pass by trying again.
    Lasting(String),
    /// That was the answer.
    Refused(Refusal),
}

/// The line to another Ariadni.
#[derive(Debug, Clone)]
pub struct Line {
    client: reqwest::Client,
    reach: Reach,
}

impl Line {
    /// A line; nothing is asked yet.
    pub fn new(reach: Reach) -> Result<Self, NoCalls> {
        Ok(Self { client: client(reach.patience)?, reach })
    }

    /// Makes a call and reads its answer.
    pub async fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, Refusal> {
        let body = self.answer(call).await?;
        serde_json::from_slice(&body).map_err(|error| {
            tracing::error!(error.cause = %error, "the remote core answered with something else than was asked for");
            Refusal::Unavailable("an answer that cannot be read".to_owned())
        })
    }

    /// Makes a call whose answer says nothing more.
    pub async fn tell(&self, call: Call) -> Result<(), Refusal> {
        self.answer(call).await.map(|_| ())
    }

    /// Tries until there is an answer, or the time or the tries are used up.
    async fn answer(&self, call: Call) -> Result<Vec<u8>, Refusal> {
        let patience = self.reach.patience.max(call.patience);
        let began = tokio::time::Instant::now();
        // One hanging try leaves time for another.
        let attempt = || self.attempt(&call, patience / 2);
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(MOST_RETRIES)
            .with_jitter();
        let tries = attempt
            .retry(pauses)
            .when(|trouble| matches!(trouble, Trouble::Passing(..)))
            .adjust(|trouble, pause| pause_after(trouble, pause?, patience.saturating_sub(began.elapsed())));
        let trouble = match tokio::time::timeout(patience, tries).await {
            Ok(Ok(body)) => return Ok(body),
            Ok(Err(Trouble::Refused(refusal))) => return Err(refusal),
            Ok(Err(Trouble::Passing(cause, _) | Trouble::Lasting(cause))) => cause,
            Err(_) => "no answer in time".to_owned(),
        };
        let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(error.cause = trouble, call.milliseconds = milliseconds, "the remote core is away");
        Err(Refusal::Unavailable(trouble))
    }

    /// One try.
    async fn attempt(&self, call: &Call, patience: Duration) -> Result<Vec<u8>, Trouble> {
        let url = self.url(call).ok_or_else(|| Trouble::Lasting("its address cannot be used".to_owned()))?;
        let mut request = self.client.request(call.method.clone(), url).timeout(patience);
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.reach.token));
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &call.body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        // The address may hold a reference: it stays out of errors.
        let passing = |error: reqwest::Error| Trouble::Passing(told(&error.without_url()), None);
        let response = request.send().await.map_err(passing)?;
        let (status, wait) = (response.status(), retry_after(&response));
        let body = response.bytes().await.map_err(passing)?;
        if status.is_success() { Ok(body.to_vec()) } else { Err(trouble(status, wait, &body)) }
    }

    fn url(&self, call: &Call) -> Option<Url> {
        let mut url = Url::parse(&self.reach.url).ok()?;
        url.path_segments_mut().ok()?.pop_if_empty().extend(["api", "v1"]).extend(&call.path);
        if !call.parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.parameters);
        }
        Some(url)
    }
}

/// The pause before the next try: as long as the other end asked for, or none at all when that is too long to wait.
fn pause_after(trouble: &Trouble, pause: Duration, left: Duration) -> Option<Duration> {
    let asked = match trouble {
        Trouble::Passing(_, asked) => asked.unwrap_or_default(),
        _ => Duration::ZERO,
    };
    let pause = pause.max(asked);
    (pause < left).then_some(pause)
}

/// What an answer without success means.
fn trouble(status: StatusCode, wait: Option<Duration>, body: &[u8]) -> Trouble {
    let error = serde_json::from_slice::<ErrorBody>(body).ok().map(|body| body.error);
    let code = error.as_ref().map_or("", |error| error.code.as_str());
    let cause = format!("HTTP {} {code}", status.as_u16());
    let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || code == "in_progress";
    if passes {
        return Trouble::Passing(cause, wait);
    }
    match error.as_ref().and_then(refusal::refusal) {
        Some(refusal) => Trouble::Refused(refusal),
        None => Trouble::Lasting(cause),
    }
}

/// `Retry-After` in seconds; as a date nobody here sends it.
fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// An error with its causes, in one line.
fn told(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
