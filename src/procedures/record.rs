//! One record of the national registry, as its public interface answers it, read into a [`Procedure`].
//!
//! The registry's records are filled in by many hands: any field may be missing, null or of another type, and any text
//! may be a plain string or one per language. Only a record without a number or a title is of no use.

use serde_json::Value;

use super::duration::in_words;
use super::procedure::{Document, Procedure, Ways};
use super::provider::organisation_of;

/// The longest summary that is kept, characters: what a person reads in one go.
const LONGEST_SUMMARY: usize = 320;
/// How many conditions are told.
const CONDITIONS: usize = 3;

/// Reads a record, with or without its `data` envelope.
///
/// # Errors
/// Says what a record lacks that is of no use without it.
pub fn to_procedure(value: &Value) -> Result<Procedure, String> {
    let data = value.get("data").filter(|d| d.is_object()).unwrap_or(value);
    if !data.is_object() {
        return Err("not an object".into());
    }
    let metadata = &data["metadata"];
    let process = &metadata["process"];
    let id = number_of(value).ok_or("it has no registry number")?;
    let title = text(&data["title"]).or_else(|| text(&process["official_title"])).ok_or("it has no title")?;
    let mut aliases = texts(&process["alternative_titles"]);
    aliases.extend(text(&process["official_title"]));
    aliases.retain(|alias| *alias != title);
    aliases.dedup();
    Ok(Procedure {
        aliases,
        summary: text(&process["description"]).map(|t| shorten(&t)),
        who_may: who_may(metadata),
        documents: documents(&metadata["process_evidences"]),
        cost: cost(metadata),
        duration: duration(process),
        place: place(process),
        ways: ways(metadata),
        organisation: organisation_of(&providers(process)),
        last_updated: text(&data["last_updated"]),
        id,
        title,
        ..Procedure::default()
    })
}

/// The registry number of a record, with or without its `data` envelope.
#[must_use]
pub fn number_of(value: &Value) -> Option<String> {
    let data = value.get("data").filter(|d| d.is_object()).unwrap_or(value);
    number(&data["id"]).or_else(|| number(&data["metadata"]["process"]["id"]))
}

/// A registry number: digits, whether they are written as text or as a number.
fn number(value: &Value) -> Option<String> {
    let digits = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// A text in Greek: a string, `{"el": …}`, or an object with such a `title`; white space in one, tags left out.
fn text(value: &Value) -> Option<String> {
    let raw = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(object) => {
            return ["el", "title", "name", "value", "en"].iter().find_map(|key| object.get(*key).and_then(text));
        }
        _ => return None,
    };
    let plain = without_tags(&raw);
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (!plain.is_empty()).then_some(plain)
}

/// A text without HTML tags; a lone `<` is a sign like any other.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match after.split_once('>') {
            Some((_, behind)) if is_tag => {
                plain.push(' ');
                rest = behind;
            }
            _ => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// A list of texts; a single text is a list of one.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

/// The objects of a list; none when it is something else.
fn objects(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter(|item| item.is_object())
}

/// Whole sentences up to the longest summary.
fn shorten(text: &str) -> String {
    if text.chars().count() <= LONGEST_SUMMARY {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST_SUMMARY).collect();
    if let Some((sentences, _)) = cut.rsplit_once(". ") {
        return format!("{sentences}.");
    }
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':']))
}

fn who_may(metadata: &Value) -> Option<String> {
    let to = texts(&metadata["process"]["provided_to"]);
    let conditions: Vec<_> =
        objects(&metadata["process_conditions"]).filter_map(|c| text(&c["conditions_name"])).take(CONDITIONS).collect();
    let mut sentences = Vec::new();
    if !to.is_empty() {
        sentences.push(format!("Απευθύνεται σε: {}.", to.join(", ")));
    }
    if !conditions.is_empty() {
        let listed = conditions.iter().map(|c| c.trim_end_matches('.')).collect::<Vec<_>>().join("· ");
        sentences.push(format!("Προϋποθέσεις: {listed}."));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn documents(evidences: &Value) -> Vec<Document> {
    let mut found: Vec<Document> = Vec::new();
    for evidence in objects(evidences) {
        let kind = Some(&evidence["evidence_type"]).filter(|t| !t.is_number()).and_then(text);
        let description = text(&evidence["evidence_description"]);
        let alternative = is_true(&evidence["evidence_alternative"]);
        let document = match (kind, description) {
            (Some(name), note) => Document { note: note.filter(|n| *n != name), name, alternative },
            (None, Some(name)) => Document { name, note: None, alternative },
            (None, None) => continue,
        };
        if !found.contains(&document) {
            found.push(document);
        }
    }
    found
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() == Some(1.0),
        Value::String(text) => matches!(text.trim(), "true" | "True" | "1" | "Ναι" | "ναι"),
        _ => false,
    }
}

fn cost(metadata: &Value) -> Option<String> {
    let process = &metadata["process"];
    let least = amount(&process["cost_min"]);
    let most = amount(&process["cost_max"]);
    if let Some(sentence) = cost_between(least, most) {
        return Some(sentence);
    }
    let entries: Vec<_> = objects(&metadata["process_evidences_cost"]).filter_map(cost_entry).collect();
    if !entries.is_empty() {
        return Some(format!("{}.", entries.join(", ")));
    }
    text(&metadata["glance"]["cost"]["value"]).map(|value| format!("Κόστος: {}.", value.trim_end_matches('.')))
}

fn cost_between(least: Option<f64>, most: Option<f64>) -> Option<String> {
    match (least, most) {
        (None, None) => None,
        (Some(0.0), None | Some(0.0)) | (None, Some(0.0)) => Some("Δεν κοστίζει τίποτα.".into()),
        (Some(least), Some(most)) if least < most => {
            Some(format!("Κοστίζει από {} έως {} ευρώ.", euros(least), euros(most)))
        }
        (Some(price), _) | (None, Some(price)) => Some(format!("Κοστίζει {} ευρώ.", euros(price))),
    }
}

fn cost_entry(entry: &Value) -> Option<String> {
    let price = amount(&entry["evidence_cost_min"]).or_else(|| amount(&entry["evidence_cost_max"]))?;
    let kind = text(&entry["evidence_cost_type"]).unwrap_or_else(|| "Κόστος".into());
    Some(format!("{kind} {} ευρώ", euros(price)))
}

/// An amount of euros, written as a number or as text with point or comma.
fn amount(value: &Value) -> Option<f64> {
    let amount = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches(['€', ' ']).replace(',', ".").parse().ok()?,
        _ => return None,
    };
    (amount.is_finite() && amount >= 0.0).then_some(amount)
}

/// Euros as people write them: `10`, `2,50`.
fn euros(amount: f64) -> String {
    if amount.fract() == 0.0 { format!("{amount:.0}") } else { format!("{amount:.2}").replace('.', ",") }
}

fn duration(process: &Value) -> Option<String> {
    ["deadline_duration", "estimated_implementation_time"].iter().find_map(|field| {
        let stated = text(&process[*field])?;
        in_words(&stated).map(|words| format!("Διαρκεί έως {words}."))
    })
}

fn place(process: &Value) -> Option<String> {
    let groups = texts(&process["provision_org_group"]);
    (!groups.is_empty()).then(|| format!("Γίνεται σε: {}.", groups.join(", ")))
}

/// Only what the record states: a page where it is done online.
fn ways(metadata: &Value) -> Option<Ways> {
    let locations = objects(&metadata["process_provision_digital_locations"])
        .filter_map(|l| text(&l["provision_digital_location_url"]));
    let codes = objects(&metadata["process"]["govgr_codes"]).filter_map(|c| text(&c["url"]));
    let online = locations.chain(codes).find(|url| url.starts_with("http"))?;
    Some(Ways { online: Some(online), video: false, in_person: true, note: None })
}

fn providers(process: &Value) -> Vec<String> {
    ["provision_org_group", "provision_org", "org_owner"].iter().flat_map(|field| texts(&process[*field])).collect()
}
