//! What is counted and timed. Labels are routes, channels and outcomes, never anything about a person.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::channel::turn::Channel;

/// Upper bounds of the latency histograms, seconds.
const BOUNDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Makes the process count; calling it again changes nothing.
pub fn install() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(BOUNDS).ok()?;
        let handle = builder.install_recorder().inspect_err(|error| {
            tracing::warn!(error.cause = %error, "metrics are not collected");
        });
        describe();
        handle.ok()
    });
}

fn describe() {
    metrics::describe_counter!("ariadni_conversations_started_total", "Conversations begun");
    metrics::describe_counter!("ariadni_turns_total", "Turns run, by channel and outcome");
    metrics::describe_histogram!("ariadni_turn_seconds", metrics::Unit::Seconds, "How long a turn took");
    metrics::describe_counter!("http_requests_total", "Requests, by route, method and status");
    metrics::describe_histogram!("http_request_seconds", metrics::Unit::Seconds, "How long a request took");
}

/// The Prometheus text.
pub fn rendered() -> String {
    HANDLE.get().and_then(Option::as_ref).map_or_else(String::new, |handle| {
        handle.run_upkeep();
        handle.render()
    })
}

/// Counts a conversation.
pub fn conversation_started(channel: Channel) {
    metrics::counter!("ariadni_conversations_started_total", "channel" => channel.as_str()).increment(1);
}

/// Counts and times a turn.
pub fn turn_ran(channel: Channel, succeeded: bool, took: Duration) {
    let outcome = if succeeded { "answered" } else { "refused" };
    metrics::counter!("ariadni_turns_total", "channel" => channel.as_str(), "outcome" => outcome).increment(1);
    metrics::histogram!("ariadni_turn_seconds", "channel" => channel.as_str()).record(took);
}

/// Counts and times every request under the pattern of its route.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(began.elapsed());
    metrics::counter!("http_requests_total", "route" => route, "method" => method, "status" => status).increment(1);
    response
}
