//! What a citizen is told about a procedure: short Greek sentences for the eye and for the ear.
//!
//! What the registry does not know is said plainly and never guessed.

use serde::{Deserialize, Serialize};

use super::procedure::{Document, Procedure, Ways};

/// How many documents are said aloud; the rest are counted.
const SAID_DOCUMENTS: usize = 3;

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

/// Answers what is asked about a procedure, in the order asked; nothing asked is its summary.
#[must_use]
pub fn explain(procedure: &Procedure, aspects: &[Aspect]) -> Explanation {
    let aspects = if aspects.is_empty() { &[Aspect::Summary] } else { aspects };
    let answers: Vec<Explanation> = aspects.iter().map(|aspect| answer(procedure, *aspect)).collect();
    let mut display: Vec<&str> = answers.iter().map(|a| a.display.as_str()).collect();
    let speak: Vec<&str> = answers.iter().map(|a| a.speak.as_str()).collect();
    let source = format!("Περισσότερα: {}", procedure.source_url());
    display.push(&source);
    Explanation { display: display.join("\n"), speak: speak.join(" ") }
}

fn answer(procedure: &Procedure, aspect: Aspect) -> Explanation {
    match aspect {
        Aspect::Summary => told(&procedure.summary, "Δεν έχω περιγραφή για αυτή τη διαδικασία."),
        Aspect::Documents => documents(procedure),
        Aspect::Cost => told(&procedure.cost, "Το μητρώο δεν γράφει πόσο κοστίζει."),
        Aspect::Duration => told(&procedure.duration, "Το μητρώο δεν γράφει πόσο χρόνο παίρνει."),
        Aspect::Eligibility => told(&procedure.who_may, "Το μητρώο δεν γράφει ποιοι μπορούν να το ζητήσουν."),
        Aspect::Office => told(&procedure.place, "Το μητρώο δεν γράφει πού γίνεται."),
        Aspect::Channel => channel(procedure.ways.as_ref()),
    }
}

fn told(known: &Option<String>, unknown: &str) -> Explanation {
    let sentence = known.as_deref().unwrap_or(unknown);
    Explanation { display: sentence.to_owned(), speak: sentence.to_owned() }
}

fn documents(procedure: &Procedure) -> Explanation {
    if procedure.documents.is_empty() {
        return told(&None, "Το μητρώο δεν γράφει ποια χαρτιά χρειάζονται.");
    }
    let begin = match &procedure.for_what {
        Some(what) => format!("Για {what} θα χρειαστείτε:"),
        None => "Θα χρειαστείτε:".to_owned(),
    };
    let (either, all): (Vec<&Document>, Vec<&Document>) = procedure.documents.iter().partition(|d| d.alternative);
    // A single alternative has nothing to choose from.
    let (either, all) =
        if either.len() > 1 { (either, all) } else { (Vec::new(), procedure.documents.iter().collect()) };
    let mut lines = vec![begin.clone()];
    lines.extend(all.iter().map(|document| line(document)));
    if !either.is_empty() {
        lines.push(if all.is_empty() { "ένα από αυτά:" } else { "και ένα από αυτά:" }.to_owned());
        lines.extend(either.iter().map(|document| line(document)));
    }
    Explanation { display: lines.join("\n"), speak: format!("{begin} {}", said(&all, &either)) }
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
        more => format!("{sentence}, και ακόμη {more} χαρτιά."),
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

fn channel(ways: Option<&Ways>) -> Explanation {
    let Some(ways) = ways else {
        return told(&None, "Το μητρώο δεν γράφει αν γίνεται από το διαδίκτυο ή από κοντά.");
    };
    let mut display = Vec::new();
    let mut speak = Vec::new();
    if let Some(note) = &ways.note {
        display.push(note.clone());
        speak.push(note.clone());
    } else {
        let sentence = possible(ways);
        display.push(sentence.to_owned());
        speak.push(sentence.to_owned());
    }
    if let Some(page) = &ways.online {
        display.push(format!("Η σελίδα: {page}"));
    }
    Explanation { display: display.join("\n"), speak: speak.join(" ") }
}

fn possible(ways: &Ways) -> &'static str {
    match (ways.online.is_some(), ways.video, ways.in_person) {
        (true, true, true) => "Γίνεται από το διαδίκτυο, με βιντεοκλήση ή από κοντά.",
        (true, true, false) => "Γίνεται από το διαδίκτυο ή με βιντεοκλήση.",
        (true, false, true) => "Γίνεται από το διαδίκτυο ή από κοντά.",
        (true, false, false) => "Γίνεται μόνο από το διαδίκτυο.",
        (false, true, true) => "Γίνεται με βιντεοκλήση ή από κοντά.",
        (false, true, false) => "Γίνεται μόνο με βιντεοκλήση.",
        (false, false, true) => "Γίνεται μόνο από κοντά. Πρέπει να έρθετε οι ίδιοι.",
        (false, false, false) => "Το μητρώο δεν γράφει αν γίνεται από το διαδίκτυο ή από κοντά.",
    }
}
