//! The steps of a record.

use serde_json::Value;

use super::value::{number, objects, text};
use crate::procedures::duration::in_words;
use crate::procedures::page::web_address;
use crate::procedures::procedure::Step;
use crate::procedures::words::{first_clause, shorten};

/// The most steps that are taken in of each way.
const STEPS: usize = 60;
/// The longest title, characters.
const LONGEST_TITLE: usize = 160;
/// The longest description, characters.
const LONGEST_DESCRIPTION: usize = 700;

/// What is done, then what is done online, each in the order of its numbers.
pub(super) fn steps(metadata: &Value) -> Vec<Step> {
    let mut all = ordered(&metadata["process_steps"], "step", false);
    all.extend(ordered(&metadata["process_steps_digital"], "step_digital", true));
    all
}

/// Steps by their number; those without one stay at the end as they are written.
fn ordered(list: &Value, prefix: &str, online: bool) -> Vec<Step> {
    let place = |entry: &Value| number(&entry[format!("{prefix}_num_id")]).and_then(|place| place.parse::<u64>().ok());
    let mut entries: Vec<&Value> = objects(list).collect();
    entries.sort_by_key(|entry| place(entry).unwrap_or(u64::MAX));
    let mut steps: Vec<Step> =
        entries.into_iter().filter_map(|entry| step(entry, prefix, online)).take(STEPS).collect();
    steps.dedup();
    steps
}

fn step(entry: &Value, prefix: &str, online: bool) -> Option<Step> {
    let field = |name: &str| &entry[format!("{prefix}_{name}")];
    let description = text(field("description"));
    let title = text(field("title"))
        .filter(|title| title.chars().any(char::is_alphabetic))
        .or_else(|| description.as_deref().map(|description| first_clause(description, LONGEST_TITLE)))
        .filter(|title| !title.is_empty())?;
    let notes: Vec<String> = description.into_iter().chain(text(field("note"))).collect();
    let title = shorten(&title, LONGEST_TITLE);
    let description = shorten(&notes.join(" "), LONGEST_DESCRIPTION);
    let bare = |text: &str| text.trim_end_matches('.').to_lowercase();
    Some(Step {
        description: Some(description).filter(|text| !text.is_empty() && bare(text) != bare(&title)),
        duration: duration(field("duration_min"), field("duration_max")),
        online,
        page: text(field("url")).and_then(|url| web_address(&url)),
        title: title.trim_end_matches('.').to_owned(),
    })
}

/// «από 1 ημέρα έως 3 ημέρες», «έως 3 ημέρες», «τουλάχιστον 1 ημέρα».
fn duration(least: &Value, most: &Value) -> Option<String> {
    let [least, most] = [least, most].map(|value| text(value).and_then(|iso| in_words(&iso)));
    match (least, most) {
        (Some(least), Some(most)) if least != most => Some(format!("από {least} έως {most}")),
        (_, Some(most)) => Some(format!("έως {most}")),
        (Some(least), None) => Some(format!("τουλάχιστον {least}")),
        (None, None) => None,
    }
}
