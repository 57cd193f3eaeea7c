//! The documents of a record.

use serde_json::Value;

use super::value::{is_true, number, objects, text, words as said};
use crate::greek::fold::fold;
use crate::procedures::page::web_address;
use crate::procedures::procedure::Document;
use crate::procedures::words::{first_clause, shorten};

/// The most documents that are taken in; a record with more repeats itself.
const DOCUMENTS: usize = 150;
/// The longest name, characters; of a longer one, its beginning.
const LONGEST_NAME: usize = 120;
/// The longest name that is made of a description, characters.
const LONGEST_CLAUSE: usize = 60;
/// The longest note, characters.
const LONGEST_NOTE: usize = 700;
/// Kinds of document that say nothing about which one is meant, folded.
const VAGUE: [&str; 9] = [
    "αλλο",
    "εγγραφο",
    "λοιπα",
    "δικαιολογητικα",
    "δικαιολογητικα ανα περιπτωση",
    "συμπληρωματικα δικαιολογητικα",
    "λοιπα δικαιολογητικα",
    "υπηρεσιακο εγγραφο",
    "διαφορα εγγραφα",
];

/// The documents, in the order of the record, each once.
pub(super) fn documents(evidences: &Value) -> Vec<Document> {
    let mut found: Vec<Document> = Vec::new();
    for document in objects(evidences).filter_map(document).take(DOCUMENTS) {
        if !found.contains(&document) {
            found.push(document);
        }
    }
    found
}

fn document(evidence: &Value) -> Option<Document> {
    let (name, description) = name(said(&evidence["evidence_type"]), text(&evidence["evidence_description"]))?;
    let own = ["evidence_url", "evidence_related_url"].iter().filter_map(|field| text(&evidence[*field]));
    let notes: Vec<String> = description.into_iter().chain(text(&evidence["evidence_note"])).collect();
    let note = shorten(&notes.join(" "), LONGEST_NOTE);
    Some(Document {
        note: Some(note).filter(|note| !note.is_empty() && !is_same(note, &name)),
        alternative: is_true(&evidence["evidence_alternative"]),
        prerequisite: is_true(&evidence["evidence_is_under_prerequisite"]),
        page: own.filter_map(|url| web_address(&url)).next(),
        procedure: related(&evidence["evidence_related_process"]),
        name: shorten(&name, LONGEST_NAME),
    })
}

/// The name of a document, and what of its description the name does not say.
fn name(kind: Option<String>, description: Option<String>) -> Option<(String, Option<String>)> {
    match (kind, description) {
        (Some(kind), Some(description)) => {
            let clause = first_clause(&description, LONGEST_CLAUSE);
            let name = if is_more_exact(&clause, &kind) { clause } else { kind };
            Some((name, Some(description)))
        }
        (Some(kind), None) => Some((kind, None)),
        (None, Some(description)) if description.chars().count() > LONGEST_NAME => {
            Some((first_clause(&description, LONGEST_CLAUSE), Some(description)))
        }
        (None, Some(description)) => Some((description, None)),
        (None, None) => None,
    }
}

/// Whether the beginning of the description says better than the kind which document is meant: the kind says nothing, or the
/// beginning is the kind and more.
fn is_more_exact(clause: &str, kind: &str) -> bool {
    let (clause, kind) = (fold(clause), fold(kind));
    if clause.chars().count() < 6 || !clause.chars().any(char::is_alphabetic) {
        return false;
    }
    let goes_on = clause.strip_prefix(&kind).is_some_and(|more| more.starts_with(' '));
    let is_plain = !clause.contains('.') && !clause.contains('/') && !clause.chars().any(|c| c.is_ascii_digit());
    VAGUE.contains(&kind.as_str()) || (goes_on && is_plain && !kind.contains(' '))
}

fn is_same(note: &str, name: &str) -> bool {
    fold(note).trim_end_matches('.') == fold(name).trim_end_matches('.')
}

/// The procedure that gives the document: its number, bare or in an object.
fn related(value: &Value) -> Option<String> {
    let value = value.as_array().and_then(|all| all.first()).unwrap_or(value);
    number(value).or_else(|| number(&value["id"])).filter(|id| id != "0")
}
