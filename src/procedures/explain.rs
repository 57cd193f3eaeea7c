//! What a citizen is told about a procedure: short Greek sentences for the eye and for the ear.
//!
//! What the registry does not know is said plainly and never guessed.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::to_athens;
use crate::greek::display::month_genitive;

use super::procedure::{Document, Procedure, Ways};

/// How many documents are said aloud; the rest are counted.
const SAID_DOCUMENTS: usize = 3;
/// Small numbers as they are said of papers.
const COUNTS: [&str; 11] = ["κανένα", "ένα", "δύο", "τρία", "τέσσερα", "πέντε", "έξι", "επτά", "οκτώ", "εννέα", "δέκα"];

/// What is asked about a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What it is.
    Summary,
    /// What papers are needed (δικαιολογητικά).
    Documents,
    /// What it costs.
    Cost,
    /// How long it takes.
    Duration,
    /// Who may ask for it.
    Eligibility,
    /// Where it is done.
    Office,
    /// Whether online, by video or in person.
    Channel,
}

impl Aspect {
    /// Every aspect, in the order in which they are told.
    pub const ALL: [Self; 7] =
        [Self::Summary, Self::Documents, Self::Cost, Self::Duration, Self::Eligibility, Self::Office, Self::Channel];

    /// The name used in JSON, in flows and in events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Documents => "documents",
            Self::Cost => "cost",
            Self::Duration => "duration",
            Self::Eligibility => "eligibility",
            Self::Office => "office",
            Self::Channel => "channel",
        }
    }

    /// Reads the name used in JSON, in flows and in events.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.as_str() == name)
    }
}

/// An answer, for the eye and for the ear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Lines to read, with lists, addresses of pages and the source.
    pub display: String,
    /// Sentences to hear: no lists, no addresses, no question.
    pub speak: String,
}

/// Answers what is asked about a procedure, what is known first and then in one sentence what is not; nothing asked is
/// its summary.
#[must_use]
pub fn explain(procedure: &Procedure, aspects: &[Aspect]) -> Explanation {
    let aspects = if aspects.is_empty() { &[Aspect::Summary] } else { aspects };
    let mut display = Vec::new();
    let mut speak = Vec::new();
    let mut unknown = Vec::new();
    for aspect in aspects {
        match answer(procedure, *aspect) {
            Some(told) => {
                display.push(told.display);
                speak.push(told.speak);
            }
            None => unknown.push(question(*aspect).to_owned()),
        }
    }
    if !unknown.is_empty() {
        let sentence = format!("Το μητρώο δεν γράφει {}.", listed(&unknown, " ούτε "));
        display.push(sentence.clone());
        speak.push(sentence);
    }
    display.extend(procedure.read_at.map(age));
    display.push(format!("Περισσότερα: {}", procedure.source_url()));
    Explanation { display: display.join("\n"), speak: speak.join(" ") }
}

/// How old what the registry says is: «Από το μητρώο, όπως ήταν στις 22 Νοεμβρίου 2026.»
fn age(read_at: DateTime<Utc>) -> String {
    let day = to_athens(read_at).date();
    let on = if day.day() == 1 { "την 1η".to_owned() } else { format!("στις {}", day.day()) };
    format!("Από το μητρώο, όπως ήταν {on} {} {}.", month_genitive(day), day.year())
}

/// What is known about an aspect.
fn answer(procedure: &Procedure, aspect: Aspect) -> Option<Explanation> {
    let sentence = match aspect {
        Aspect::Documents => return documents(procedure),
        Aspect::Channel => return procedure.ways.as_ref().and_then(channel),
        Aspect::Summary => &procedure.summary,
        Aspect::Cost => &procedure.cost,
        Aspect::Duration => &procedure.duration,
        Aspect::Eligibility => &procedure.who_may.as_ref().map(|who| format!("Ποιος μπορεί να το ζητήσει: {who}")),
        Aspect::Office => &procedure.place,
    };
    sentence.as_ref().map(|sentence| Explanation { display: sentence.clone(), speak: sentence.clone() })
}

/// An aspect as a question inside a sentence.
fn question(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Summary => "τι ακριβώς είναι",
        Aspect::Documents => "ποια χαρτιά χρειάζονται",
        Aspect::Cost => "πόσο κοστίζει",
        Aspect::Duration => "πόσο χρόνο παίρνει",
        Aspect::Eligibility => "ποιοι το δικαιούνται",
        Aspect::Office => "πού γίνεται",
        Aspect::Channel => "αν γίνεται από το διαδίκτυο",
    }
}

fn documents(procedure: &Procedure) -> Option<Explanation> {
    if procedure.documents.is_empty() {
        return None;
    }
    let begin = match &procedure.for_what {
        Some(what) => format!("Για {what} θα χρειαστείτε"),
        None => "Θα χρειαστείτε".to_owned(),
    };
    let (either, all): (Vec<&Document>, Vec<&Document>) = procedure.documents.iter().partition(|d| d.alternative);
    // A single alternative has nothing to choose from.
    let (either, all) =
        if either.len() > 1 { (either, all) } else { (Vec::new(), procedure.documents.iter().collect()) };
    let mut lines = vec![format!("{begin}{}", if all.is_empty() { " ένα από αυτά:" } else { ":" })];
    lines.extend(all.iter().map(|document| line(document)));
    if !all.is_empty() && !either.is_empty() {
        lines.push("και ένα από αυτά:".to_owned());
    }
    lines.extend(either.iter().map(|document| line(document)));
    Some(Explanation { display: lines.join("\n"), speak: format!("{begin}: {}", said(&all, &either)) })
}

fn line(document: &Document) -> String {
    match &document.note {
        Some(note) => format!("• {} ({})", document.name, note.trim_end_matches('.')),
        None => format!("• {}", document.name),
    }
}

/// The first documents in a sentence, and how many more there are; a choice counts as one.
fn said(all: &[&Document], either: &[&Document]) -> String {
    let mut items: Vec<String> = all.iter().map(|document| inside(&document.name)).collect();
    if !either.is_empty() {
        let choices: Vec<String> = either.iter().take(SAID_DOCUMENTS).map(|document| inside(&document.name)).collect();
        items.push(listed(&choices, " ή "));
    }
    let more = items.len().saturating_sub(SAID_DOCUMENTS);
    items.truncate(SAID_DOCUMENTS);
    let sentence = listed(&items, if more > 0 { ", " } else { " και " });
    match more {
        0 => format!("{sentence}."),
        1 => format!("{sentence}, και ακόμη ένα χαρτί."),
        more => match COUNTS.get(more) {
            Some(count) => format!("{sentence}, και ακόμη {count} χαρτιά."),
            None => format!("{sentence}, και ακόμη {more} χαρτιά."),
        },
    }
}

/// «α, β και γ».
fn listed(items: &[String], last: &str) -> String {
    match items.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{}{last}{end}", rest.join(", ")),
        Some((end, _)) => end.clone(),
        None => String::new(),
    }
}

/// A name inside a sentence: its first letter small, unless it is an abbreviation.
fn inside(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

/// How it can be done; a note in plain words says it better than the bare facts.
fn channel(ways: &Ways) -> Option<Explanation> {
    let sentence = ways.note.as_deref().or_else(|| possible(ways))?;
    let display = match &ways.online {
        Some(page) => format!("{sentence}\nΗ σελίδα: {page}"),
        None => sentence.to_owned(),
    };
    Some(Explanation { display, speak: sentence.to_owned() })
}

fn possible(ways: &Ways) -> Option<&'static str> {
    Some(match (ways.online.is_some(), ways.video, ways.in_person) {
        (true, true, true) => "Γίνεται από το διαδίκτυο, με βιντεοκλήση ή από κοντά.",
        (true, true, false) => "Γίνεται από το διαδίκτυο ή με βιντεοκλήση.",
        (true, false, true) => "Γίνεται από το διαδίκτυο ή από κοντά.",
        (true, false, false) => "Γίνεται μόνο από το διαδίκτυο.",
        (false, true, true) => "Γίνεται με βιντεοκλήση ή από κοντά.",
        (false, true, false) => "Γίνεται μόνο με βιντεοκλήση.",
        (false, false, true) => "Γίνεται μόνο από κοντά. Πρέπει να έρθετε οι ίδιοι.",
        (false, false, false) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_for_the_eye_and_the_ear() {
        let procedures: Vec<Procedure> =
            serde_saphyr::from_str(include_str!("../../tests/procedures/explained.yaml")).expect("reads");
        let mut text = String::new();
        for procedure in &procedures {
            let told = explain(procedure, &Aspect::ALL);
            text.push_str(&format!("== {}\n{}\n--\n{}\n", procedure.title, told.display, told.speak));
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_ear_hears_no_list_no_address_and_no_question() {
        for procedure in crate::procedures::ingest::bundled() {
            let told = explain(&procedure, &Aspect::ALL);
            for sign in ["•", "http", "\n", ";", "?"] {
                assert!(!told.speak.contains(sign), "{} says {sign:?}: {}", procedure.id, told.speak);
            }
            assert!(told.display.ends_with(&procedure.source_url()));
        }
    }

    #[test]
    fn what_the_registry_says_tells_its_age() {
        let read = |at: &str| Procedure { read_at: Some(at.parse().expect("an instant")), ..Procedure::default() };
        let told = |at: &str| explain(&read(at), &[]).display;
        assert!(told("2026-11-22T23:30:00Z").contains("Από το μητρώο, όπως ήταν στις 23 Νοεμβρίου 2026."), "by Athens");
        assert!(told("2027-03-01T09:00:00Z").contains("όπως ήταν την 1η Μαρτίου 2027."));
        assert!(!explain(&Procedure::default(), &[]).display.contains("όπως ήταν"));
    }

    #[test]
    fn names_of_aspects_are_read_back() {
        for aspect in Aspect::ALL {
            assert_eq!(Aspect::parse(aspect.as_str()), Some(aspect));
            assert_eq!(serde_json::to_value(aspect).expect("serializes"), aspect.as_str());
        }
        assert_eq!(explain(&Procedure::default(), &[]), explain(&Procedure::default(), &[Aspect::Summary]));
    }
}
