//! What a citizen is told about a procedure: for the eye everything, for the ear short sentences.
//!
//! What the registry does not know is said plainly and never guessed. Its texts are data: they are shown, cleaned, and are
//! neither templates nor, unless they are sound addresses, pages.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::to_athens;
use crate::greek::display::month_genitive;
use crate::greek::speak;

use super::procedure::Procedure;
use super::words::{clean, fit, sentences};

mod aloud;
mod documents;
mod facts;

use aloud::{inside, listed, sentence, told};

/// The longest summary that is said, characters: two short sentences.
const SAID_SUMMARY: usize = 180;
/// What is said where there is something to read and nothing to say.
const UNSAYABLE: &str = "Είναι γραμμένο στη σελίδα του μητρώου.";
/// What is said of a procedure of which nothing else is known.
const ONLY_ITS_TITLE: &str = "Το μητρώο γράφει μόνο τον τίτλο της διαδικασίας και τίποτε άλλο.";
/// The most that is said of one procedure at once, characters.
const SAID_AT_ONCE: usize = 600;

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
    /// What is done, in order.
    Steps,
    /// Whether somebody else may go instead.
    Deputy,
}

impl Aspect {
    /// Every aspect that one reads of a whole procedure, in this order; whether somebody else may go is told when it is asked.
    pub const ALL: [Self; 8] = [
        Self::Summary,
        Self::Eligibility,
        Self::Documents,
        Self::Cost,
        Self::Duration,
        Self::Steps,
        Self::Office,
        Self::Channel,
    ];

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
            Self::Steps => "steps",
            Self::Deputy => "deputy",
        }
    }

    /// Reads the name used in JSON, in flows and in events.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Deputy]).find(|aspect| aspect.as_str() == name)
    }
}

/// An answer, for the eye and for the ear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Lines to read, with lists, addresses of pages and the source.
    pub display: String,
    /// Sentences to hear: no lists, no addresses, no question, at most about 600 characters.
    pub speak: String,
    /// Whether the eye reads more than the ear hears: more documents, steps or fees, pages, a longer text. Then it is worth
    /// sending.
    #[serde(default)]
    pub shortened: bool,
}

/// Answers what is asked about a procedure, what is known first and then in one sentence what is not; nothing asked is
/// its summary.
#[must_use]
pub fn explain(procedure: &Procedure, aspects: &[Aspect]) -> Explanation {
    let told = answers(procedure, aspects);
    Explanation { speak: speak::text(&told.speak), ..told }
}

/// The same, with figures and abbreviations not yet in words for the ear.
fn answers(procedure: &Procedure, aspects: &[Aspect]) -> Explanation {
    let aspects = if aspects.is_empty() { &[Aspect::Summary] } else { aspects };
    let mut display = Vec::new();
    let mut speak = Vec::new();
    let mut unknown = Vec::new();
    let mut shortened = false;
    for aspect in aspects {
        match answer(procedure, *aspect) {
            Some(told) => {
                display.push(told.display);
                speak.push(told.speak);
                shortened |= told.shortened;
            }
            None => unknown.push(question(*aspect).to_owned()),
        }
        if let Some(besides) = besides(procedure, *aspect) {
            display.push(besides.display);
            speak.push(besides.speak);
            shortened |= besides.shortened;
        }
    }
    let unknown = if display.is_empty() && aspects.len() >= Aspect::ALL.len() {
        Some(ONLY_ITS_TITLE.to_owned())
    } else {
        (!unknown.is_empty()).then(|| format!("Το μητρώο δεν γράφει {}.", listed(&unknown, " ούτε ")))
    };
    display.extend(unknown.clone());
    let (speak, left_out) = at_once(speak, unknown);
    display.extend(procedure.read_at.map(age));
    display.push(format!("Περισσότερα: {}", page_of(&clean(&procedure.id))));
    Explanation { display: display.join("\n"), speak, shortened: shortened || left_out }
}

/// As many of the answers as one can listen to at once, and whether some are left out; what is not known is never left out.
fn at_once(answers: Vec<String>, unknown: Option<String>) -> (String, bool) {
    let length = |text: &String| speak::text(text).chars().count() + 1;
    let mut left = SAID_AT_ONCE.saturating_sub(unknown.as_ref().map_or(0, length));
    let mut said = Vec::new();
    let mut left_out = false;
    let can_be_said = |answer: &String| speak::text(answer).chars().any(char::is_alphanumeric);
    for answer in answers.into_iter().filter(can_be_said) {
        match left.checked_sub(length(&answer)) {
            Some(rest) => {
                left = rest;
                said.push(answer);
            }
            None => left_out = true,
        }
    }
    said.extend(unknown);
    if said.is_empty() {
        return (UNSAYABLE.to_owned(), true);
    }
    (said.join(" "), left_out)
}

/// How old what the registry says is: «Από το μητρώο, όπως ήταν στις 22 Νοεμβρίου 2026.»
fn age(read_at: DateTime<Utc>) -> String {
    let day = to_athens(read_at).date();
    let on = if day.day() == 1 { "την 1η".to_owned() } else { format!("στις {}", day.day()) };
    format!("Από το μητρώο, όπως ήταν {on} {} {}.", month_genitive(day), day.year())
}

/// The page of the registry about the procedure of a number.
fn page_of(id: &str) -> String {
    format!("https://id.mitos.gov.gr/{id}")
}

/// What is known about an aspect.
fn answer(procedure: &Procedure, aspect: Aspect) -> Option<Explanation> {
    let answer = match aspect {
        Aspect::Summary => procedure.summary.as_deref().map(summary),
        Aspect::Documents => documents::documents(procedure),
        Aspect::Cost => facts::cost(procedure),
        Aspect::Duration => procedure.duration.as_deref().map(|duration| told(duration, SAID_SUMMARY)),
        Aspect::Eligibility => facts::eligibility(procedure),
        Aspect::Office => facts::office(procedure),
        Aspect::Channel => facts::channel(procedure),
        Aspect::Steps => facts::steps(procedure),
        Aspect::Deputy => documents::deputy(procedure),
    };
    answer.filter(|answer| !answer.display.trim().is_empty())
}

/// At most two sentences for the ear.
fn summary(text: &str) -> Explanation {
    let text = clean(text);
    let two: String = sentences(&text).take(2).collect();
    let (speak, cut) = sentence(&two, SAID_SUMMARY);
    Explanation { shortened: cut || two.trim_end() != text, speak, display: text }
}

/// What is told besides an answer, whether or not there is one: how long what one gets holds, and, only to read, what else one
/// should know.
fn besides(procedure: &Procedure, aspect: Aspect) -> Option<Explanation> {
    let to_read = |display: String| Explanation { display, speak: String::new(), shortened: true };
    match aspect {
        Aspect::Summary => {
            let remarks = procedure.remarks.as_deref().map(clean).filter(|remarks| !remarks.is_empty())?;
            Some(to_read(format!("Να ξέρετε: {}", inside(&remarks))))
        }
        Aspect::Duration => {
            let validity = procedure.validity.as_deref().map(clean).filter(|validity| !validity.is_empty())?;
            Some(told(&validity, SAID_SUMMARY))
        }
        Aspect::Office => {
            let languages: Vec<String> = procedure.languages.iter().map(|name| fit(&clean(name), 60).text).collect();
            (languages.len() > 1).then(|| to_read(format!("Γλώσσες: {}.", languages.join(", "))))
        }
        _ => None,
    }
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
        Aspect::Channel => "αν γίνεται από το διαδίκτυο ή με βιντεοκλήση",
        Aspect::Steps => "με ποια βήματα γίνεται",
        Aspect::Deputy => "αν μπορεί να πάει άλλος στη θέση σας",
    }
}

#[cfg(test)]
mod tests;
