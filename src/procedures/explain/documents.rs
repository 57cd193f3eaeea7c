//! The documents of a procedure, told.

use super::Explanation;
use super::aloud::{counted, inside, listed, said};
use crate::greek::fold::fold;
use crate::procedures::page::web_address;
use crate::procedures::procedure::{Document, Procedure};
use crate::procedures::words::clean;

/// How many documents are said aloud; the rest are counted.
const SAID: usize = 3;
/// How many documents of a kind are written; the rest are counted.
const WRITTEN: usize = 40;
/// The longest name that is said, characters.
const LONGEST_SAID: usize = 70;

/// What papers say that let somebody else go, folded.
const DEPUTED: [&str; 2] = ["εξουσιοδοτ", "πληρεξουσι"];
/// What says that nobody else can, folded.
const ONESELF: &str = "να ερθετε οι ιδιοι";

/// The documents in their kinds.
struct Kinds<'a> {
    /// All of them are needed.
    all: Vec<&'a Document>,
    /// One of them is enough.
    either: Vec<&'a Document>,
    /// One must have them already.
    before: Vec<&'a Document>,
}

pub(super) fn documents(procedure: &Procedure) -> Option<Explanation> {
    if procedure.documents.is_empty() {
        return None;
    }
    let kinds = Kinds::of(&procedure.documents);
    let what = procedure.for_what.as_deref();
    let (speak, shortened) = kinds.said(&begin(what.map(|what| said(what, LONGEST_SAID).0)));
    Some(Explanation { display: kinds.written(&begin(what.map(clean))), speak, shortened })
}

/// What the record says of somebody who goes instead: the paper that lets him, or that one has to come oneself.
pub(super) fn deputy(procedure: &Procedure) -> Option<Explanation> {
    let lets_another = |document: &&Document| {
        let text = fold(&format!("{} {}", document.name, document.note.as_deref().unwrap_or_default()));
        DEPUTED.iter().any(|sign| text.contains(sign))
    };
    let papers: Vec<&Document> = procedure.documents.iter().filter(lets_another).collect();
    if !papers.is_empty() {
        let lines: Vec<String> = bullets(&papers).collect();
        let names: Vec<String> = papers.iter().take(SAID).map(|document| name(document)).collect();
        return Some(Explanation {
            display: format!("Αν πάει άλλος στη θέση σας, χρειάζεται και:\n{}", lines.join("\n")),
            speak: format!("Αν πάει άλλος στη θέση σας, χρειάζεται και: {}.", listed(&names, " ή ")),
            shortened: papers.len() > SAID,
        });
    }
    let note = procedure.ways.as_ref().and_then(|ways| ways.note.as_deref());
    let oneself = "Πρέπει να πάτε οι ίδιοι.";
    note.filter(|note| fold(note).contains(ONESELF)).map(|_| Explanation {
        display: oneself.to_owned(),
        speak: oneself.to_owned(),
        shortened: false,
    })
}

fn begin(for_what: Option<String>) -> String {
    match for_what.filter(|what| !what.is_empty()) {
        Some(what) => format!("Για {what} θα χρειαστείτε"),
        None => "Θα χρειαστείτε".to_owned(),
    }
}

impl<'a> Kinds<'a> {
    fn of(documents: &'a [Document]) -> Self {
        let (before, now): (Vec<_>, Vec<_>) = documents.iter().partition(|document| document.prerequisite);
        let (either, all): (Vec<_>, Vec<_>) = now.iter().partition(|document| document.alternative);
        // A single alternative has nothing to choose from.
        if either.len() > 1 { Self { all, either, before } } else { Self { all: now, either: Vec::new(), before } }
    }

    fn written(&self, begin: &str) -> String {
        let mut lines = Vec::new();
        if !self.all.is_empty() {
            lines.push(format!("{begin}:"));
            lines.extend(bullets(&self.all));
        }
        if !self.either.is_empty() {
            lines.push(if lines.is_empty() {
                format!("{begin} ένα από αυτά:")
            } else {
                "και ένα από αυτά:".to_owned()
            });
            lines.extend(bullets(&self.either));
        }
        if !self.before.is_empty() {
            lines.push("Πρέπει να έχετε ήδη:".to_owned());
            lines.extend(bullets(&self.before));
        }
        lines.join("\n")
    }

    /// The first documents in a sentence, and how many more there are; a choice counts as one.
    fn said(&self, begin: &str) -> (String, bool) {
        let names = |documents: &[&Document]| documents.iter().map(|document| name(document)).collect::<Vec<_>>();
        let mut items = names(&self.all);
        let mut fewer = false;
        if !self.either.is_empty() {
            items.push(listed(&names(&self.either[..self.either.len().min(SAID)]), " ή "));
            fewer = self.either.len() > SAID;
        }
        let begin = if items.is_empty() { "Πρέπει να έχετε ήδη" } else { begin };
        items.extend(names(&self.before));
        let more = items.len().saturating_sub(SAID);
        items.truncate(SAID);
        let sentence = listed(&items, if more > 0 { ", " } else { " και " });
        let rest = match more {
            0 => String::new(),
            more => format!(", και ακόμη {}", counted(more, "χαρτί", "χαρτιά")),
        };
        (format!("{begin}: {sentence}{rest}."), more > 0 || fewer)
    }
}

/// A name as it is said inside a sentence.
fn name(document: &Document) -> String {
    let (name, _) = said(&document.name, LONGEST_SAID);
    if name.is_empty() { "ένα έγγραφο".to_owned() } else { inside(&name) }
}

fn bullets<'a>(documents: &'a [&Document]) -> impl Iterator<Item = String> + 'a {
    let more = documents.len().saturating_sub(WRITTEN);
    let rest = (more > 0).then(|| format!("και ακόμη {}, στη σελίδα του μητρώου", counted(more, "έγγραφο", "έγγραφα")));
    documents.iter().take(WRITTEN).map(|document| bullet(document)).chain(rest)
}

/// «• Βεβαίωση (πρόσφατη)»; a longer note, and the page, on its own.
fn bullet(document: &Document) -> String {
    let name = clean(&document.name);
    let name = name.trim_start_matches(['•', '·', '-', '–', '*', ' ']);
    let note = document.note.as_deref().map(clean).filter(|note| !note.is_empty());
    let line = match note.as_deref().map(|note| note.trim_end_matches('.')) {
        // The name may be the beginning of the note.
        Some(note) if fold(note).starts_with(&fold(name)) => format!("• {note}"),
        Some(note) if is_aside(note) => format!("• {name} ({})", inside(note)),
        Some(note) => format!("• {name}: {note}"),
        None => format!("• {name}"),
    };
    let page =
        document.page.as_deref().and_then(web_address).or_else(|| procedure_page(document.procedure.as_deref()?));
    match page {
        Some(page) => format!("{line}\n  Δείτε: {page}"),
        None => line,
    }
}

/// Whether a note can stand in parentheses.
fn is_aside(note: &str) -> bool {
    note.chars().count() <= 120 && !note.contains(['(', ')'])
}

fn procedure_page(id: &str) -> Option<String> {
    let is_number = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| super::page_of(id))
}
