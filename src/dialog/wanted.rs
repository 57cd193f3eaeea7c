//! What words ask to know about a procedure: «τα βήματα», «ποιος το δικαιούται», «τι χαρτιά και πόσο κοστίζει».

use super::turn::{Turn, words};
use crate::procedures::explain::Aspect;

/// The phrases that ask for an aspect (`dialogs/shared.yaml`), in the order in which one reads the answers.
const ASKED: [(&str, Aspect); 9] = [
    ("asks_summary", Aspect::Summary),
    ("asks_deputy", Aspect::Deputy),
    ("asks_eligibility", Aspect::Eligibility),
    ("asks_documents", Aspect::Documents),
    ("asks_cost", Aspect::Cost),
    ("asks_duration", Aspect::Duration),
    ("asks_steps", Aspect::Steps),
    ("asks_office", Aspect::Office),
    ("asks_channel", Aspect::Channel),
];

/// The aspects that are asked for in so many words; none where the words leave it open.
pub(super) fn aspects(turn: &Turn<'_>, text: &str) -> Vec<Aspect> {
    let asked = ASKED.iter().filter(|(phrase, _)| turn.means(phrase, text));
    let mut asked: Vec<Aspect> = asked.map(|(_, aspect)| *aspect).collect();
    // «Μπορεί να πάει η κόρη μου;» asks who goes, not who is entitled.
    if asked.contains(&Aspect::Deputy) {
        asked.retain(|aspect| !matches!(aspect, Aspect::Eligibility | Aspect::Office));
    }
    // «Τι είναι» alone leaves open what is wanted.
    if asked == [Aspect::Summary] { Vec::new() } else { asked }
}

/// Whether a part of the text is a part of the words that ask: «αίτηση» in «ποιος μπορεί να κάνει αίτηση».
pub(super) fn asks_with(turn: &Turn<'_>, text: &str, part: &str) -> bool {
    let part = format!(" {} ", words(part));
    let text = format!(" {} ", words(text));
    let phrases = ASKED.iter().flat_map(|(name, _)| turn.flows.phrases_of(name));
    let mut asking = phrases.map(|phrase| format!(" {} ", words(phrase)));
    asking.any(|phrase| text.contains(&phrase) && phrase.contains(&part))
}

/// Whether everything is asked for: «πείτε μου τα όλα».
pub(super) fn everything(turn: &Turn<'_>, text: &str) -> bool {
    turn.is_phrase("asks_everything", text)
}
