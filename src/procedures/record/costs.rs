//! What a record says that is paid.

use serde_json::Value;

use super::value::{amount, is_true, names, objects, text, words};
use crate::procedures::money;
use crate::procedures::page::web_address;
use crate::procedures::procedure::Fee;
use crate::procedures::words::shorten;

/// The most entries that are taken in.
const FEES: usize = 40;
/// The longest note on a fee, characters.
const LONGEST_NOTE: usize = 300;

/// The entries, in the order of the record.
pub(super) fn fees(metadata: &Value) -> Vec<Fee> {
    let mut found: Vec<Fee> = Vec::new();
    for fee in objects(&metadata["process_evidences_cost"]).filter_map(fee).take(FEES) {
        if !found.contains(&fee) {
            found.push(fee);
        }
    }
    found
}

fn fee(entry: &Value) -> Option<Fee> {
    let (least, most) = (amount(&entry["evidence_cost_min"]), amount(&entry["evidence_cost_max"]));
    let kind = words(&entry["evidence_cost_type"]);
    let note = text(&entry["evidence_cost_description"]).map(|note| shorten(&note, LONGEST_NOTE));
    if least.is_none() && most.is_none() && kind.is_none() && note.is_none() {
        return None;
    }
    let code = text(&entry["evidence_cost_code"]);
    Some(Fee {
        name: kind.map_or_else(|| "Κόστος".to_owned(), |kind| shorten(&kind, 80)),
        note,
        least,
        most,
        code: code.filter(|code| code.chars().count() <= 40 && code.chars().any(|c| c.is_ascii_digit())),
        paid_by: names(&entry["evidence_cost_payment_type"], 6),
        page: text(&entry["evidence_cost_url"]).and_then(|url| web_address(&url)),
        alternative: is_true(&entry["evidence_cost_alternative"]),
    })
}

/// What it costs, a sentence: by the whole, by the entries, or as the registry shows it.
pub(super) fn cost(metadata: &Value, fees: &[Fee]) -> Option<String> {
    let process = &metadata["process"];
    let (least, most) = (amount(&process["cost_min"]), amount(&process["cost_max"]));
    let is_paid = fees.iter().flat_map(|fee| [fee.least, fee.most]).flatten().any(|amount| amount > 0.0);
    let is_free = [least, most].into_iter().flatten().all(|amount| amount == 0.0);
    // Zeros are also what nobody filled in: an entry with an amount says more.
    if !(is_free && is_paid)
        && let Some(sentence) = money::total(least, most)
    {
        return Some(sentence);
    }
    let glance = || {
        let value = text(&metadata["glance"]["cost"]["value"])?;
        let is_said = value.chars().any(char::is_alphanumeric);
        is_said.then(|| format!("Κόστος: {}.", shorten(&value, LONGEST_NOTE).trim_end_matches('.')))
    };
    money::sentence(fees).or_else(glance)
}
