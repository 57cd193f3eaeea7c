//! Values of a record, whatever type they were written in.

use serde_json::Value;

use crate::procedures::words::clean;

/// The number of a thing: digits, whether they are written as text or as a number.
pub(super) fn number(value: &Value) -> Option<String> {
    let digits = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!digits.is_empty() && digits.len() <= 20 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// A text in Greek: a string, `{"el": …}`, or an object with such a `title`; cleaned of all that is no text.
pub(super) fn text(value: &Value) -> Option<String> {
    let raw = match value {
        Value::String(text) => clean(text),
        Value::Number(number) => number.to_string(),
        Value::Object(object) => {
            return ["el", "title", "name", "value", "en"].iter().find_map(|key| object.get(*key).and_then(text));
        }
        _ => return None,
    };
    (!raw.is_empty()).then_some(raw)
}

/// A text that says something: words, not a bare number, which is a reference into another list.
pub(super) fn words(value: &Value) -> Option<String> {
    if value.is_number() { None } else { text(value) }
}

/// A list of texts, each once; a single text is a list of one.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let all: Vec<String> = match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    };
    let mut once: Vec<String> = Vec::with_capacity(all.len());
    for text in all {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once
}

/// A list of words: texts that are no bare numbers, at most so many.
pub(super) fn names(value: &Value, most: usize) -> Vec<String> {
    let is_name = |name: &String| name.chars().any(char::is_alphabetic);
    texts(value)
        .into_iter()
        .filter(is_name)
        .map(|name| crate::procedures::words::shorten(&name, 120))
        .take(most)
        .collect()
}

/// The objects of a list; none when it is something else.
pub(super) fn objects(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter(|item| item.is_object())
}

pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() == Some(1.0),
        Value::String(text) => matches!(text.trim(), "true" | "True" | "1" | "Ναι" | "ναι"),
        _ => false,
    }
}

/// An amount of euros, written as a number or as text with point or comma.
pub(super) fn amount(value: &Value) -> Option<f64> {
    let amount = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches(['€', ' ']).replace(',', ".").parse().ok()?,
        _ => return None,
    };
    crate::procedures::money::is_amount(amount).then_some(amount)
}
