//! A refusal on its way over HTTP and back.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::LocalTime;
use crate::booking::refusal::Refusal;

/// What every error answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong, for a program, a programmer and a citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErrorDetail {
    /// Stable code, such as `slot_taken`.
    pub code: String,
    /// English, for whoever calls the API.
    pub message: String,
    /// Greek, fit to be shown to a citizen.
    pub message_el: String,
    /// What the code alone does not say, such as `{"until": "2026-11-24T10:00"}` for `too_late`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Value>,
}

/// The states and fields that refusals name. What another version names besides is told by the last of each list.
const STATES: [&str; 7] = ["booked", "cancelled", "checked_in", "started", "completed", "missed", "changed"];
const FIELDS: [&str; 28] = [
    "which",
    "service",
    "office",
    "offices",
    "mode",
    "start",
    "from",
    "to",
    "window",
    "windows",
    "limit",
    "days",
    "near",
    "order",
    "after",
    "needs",
    "persons",
    "language",
    "resource",
    "count",
    "every_weeks",
    "reason",
    "relation",
    "identity",
    "beneficiary_name",
    "requester_name",
    "phone",
    "request",
];

/// What a refusal says besides its code; nothing for those whose code says all.
#[must_use]
pub fn detail(refusal: &Refusal) -> Option<Value> {
    let time = |instant: &chrono::DateTime<chrono::Utc>| LocalTime(*instant).to_string();
    match refusal {
        Refusal::LimitReached(limit) => Some(json!({ "limit": limit })),
        Refusal::TooLate(until) => Some(json!({ "until": time(until) })),
        Refusal::Closed(reason) => Some(json!({ "reason": reason })),
        Refusal::TooSoon(earliest) => Some(json!({ "earliest": time(earliest) })),
        Refusal::BeyondHorizon(days) => Some(json!({ "days": days })),
        Refusal::NotYetOpen(at) => Some(json!({ "opens_at": time(at) })),
        Refusal::NobodyServes(what) | Refusal::NotOffered(what) => Some(json!({ "what": what })),
        // A page that is not there is `not_found` too, and no refusal of a core.
        Refusal::NotFound => Some(json!({ "what": "appointment" })),
        Refusal::WrongState(state) => Some(json!({ "state": state })),
        Refusal::Invalid { field, message } => Some(json!({ "field": field, "problem": message })),
        Refusal::OnDate { date, because } => {
            let mut detail = detail(because).unwrap_or_else(|| json!({}));
            detail["date"] = json!(date);
            Some(detail)
        }
        Refusal::SlotTaken
        | Refusal::HoldExpired
        | Refusal::StillFree
        | Refusal::AlreadyWaits
        | Refusal::KeptForOthers
        | Refusal::NotASlot
        | Refusal::Unavailable(_) => None,
    }
}

/// The refusal that an error says; `None` where it says none, or lacks what belongs to it.
#[must_use]
pub fn refusal(error: &ErrorDetail) -> Option<Refusal> {
    let because = because(error)?;
    let date = error.detail.as_ref().and_then(|detail| detail.get("date")).and_then(Value::as_str);
    Some(match date.and_then(|date| date.parse().ok()) {
        Some(date) => Refusal::OnDate { date, because: Box::new(because) },
        None => because,
    })
}

/// The same, whichever date it is about.
fn because(error: &ErrorDetail) -> Option<Refusal> {
    let part = |name: &str| error.detail.as_ref().and_then(|detail| detail.get(name));
    let text = |name: &str| part(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| part(name).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let time = |name: &str| part(name).and_then(Value::as_str).and_then(LocalTime::parse).map(|time| time.0);
    Some(match error.code.as_str() {
        "slot_taken" => Refusal::SlotTaken,
        "hold_expired" => Refusal::HoldExpired,
        "still_free" => Refusal::StillFree,
        "already_waits" => Refusal::AlreadyWaits,
        "limit_reached" => Refusal::LimitReached(number("limit")?),
        "too_late" => Refusal::TooLate(time("until")?),
        "closed" => Refusal::Closed(text("reason")?),
        "too_soon" => Refusal::TooSoon(time("earliest")?),
        "beyond_horizon" => Refusal::BeyondHorizon(number("days")?),
        "not_yet_open" => Refusal::NotYetOpen(time("opens_at")?),
        "kept_for_others" => Refusal::KeptForOthers,
        "nobody_serves" => Refusal::NobodyServes(text("what")?),
        "not_a_slot" => Refusal::NotASlot,
        "not_offered" => Refusal::NotOffered(text("what")?),
        "not_found" => text("what").filter(|what| what == "appointment").map(|_| Refusal::NotFound)?,
        "wrong_state" => Refusal::WrongState(known(&STATES, &text("state")?)),
        "invalid" => {
            let field = text("field").unwrap_or_default();
            let message = text("problem").unwrap_or_else(|| error.message.clone());
            Refusal::Invalid { field: known(&FIELDS, &field), message }
        }
        _ => return None,
    })
}

/// The same name among ours; the last of ours for one that we do not know.
fn known(names: &'static [&'static str], name: &str) -> &'static str {
    names.iter().find(|known| **known == name).or(names.last()).copied().unwrap_or_default()
}
