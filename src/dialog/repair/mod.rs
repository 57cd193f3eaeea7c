//! Repairs: what people say besides answering, on every flow alike.

pub mod chat;
pub mod emergency;
pub mod go_back;
pub mod goodbye;
pub mod help;
pub mod human;
pub mod not_understood;
pub mod refuse;
pub mod repeat;
pub mod silence;
pub mod slower;
pub mod start_over;
pub mod stop;
pub mod task;
pub mod try_again;
pub mod wait;
pub mod waiting;
pub mod why;

use super::flow::SlotName;
use super::state::About;
use super::turn::Turn;
use crate::nlu::{EntityValue, Intent, Understanding};

/// The shared messages that repairs and slots say; the check at load makes sure that each is there.
pub const SHARED_MESSAGES: &[&str] = &[
    "and_now",
    "anything_else",
    "as_you_wish",
    "ask_bot",
    "back_to",
    "bad_phone",
    "bad_reference",
    "complaint",
    "corrected",
    "emergency",
    "explained",
    "found",
    "goodbye",
    "greet",
    "greeting",
    "greeting_again",
    "help",
    "help_with",
    "instead",
    "internal",
    "is_it_this",
    "left_as_it_is",
    "nearest_office",
    "nearest_office_again",
    "need_surname",
    "no_office",
    "no_office_in_municipality",
    "no_office_there",
    "not_bookable",
    "noted",
    "not_that_time",
    "not_understood",
    "not_understood_empty",
    "nothing_earlier",
    "nothing_later",
    "nothing_to_go_back",
    "office_does_not_offer",
    "old_choice",
    "organisation_facts",
    "out_of_scope",
    "personal_not_needed",
    "purpose",
    "refused",
    "second_wish",
    "silence_1",
    "silence_2",
    "silence_3",
    "slower",
    "stopped",
    "suggest",
    "tell_apart",
    "tell_me",
    "thank",
    "three_failures",
    "track",
    "unavailable",
    "wait",
    "waiting_how",
    "waiting_needs_wish",
    "what_to_change",
    "which_day",
    "which_of_these",
    "which_place",
    "why",
];

/// Below this the classifier is guessing, and a guess is not acted upon.
pub const SURE: f32 = 0.35;

/// Answers what is not an answer to the open question; `true` when it was such.
pub fn answer(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    if turn.is_phrase("stop", &heard.text) && !turn.state.frames.is_empty() {
        stop::answer(turn);
        return true;
    }
    if try_again::is_meant(turn, heard) {
        try_again::answer(turn);
        return true;
    }
    if turn.state.open.is_some() && !turn.state.frames.is_empty() && turn.is_phrase("why", &heard.text) {
        why::answer(turn);
        return true;
    }
    if heard.intent.confidence < SURE || carries_value(heard) || wishes_other_times(turn, heard) {
        return false;
    }
    match heard.intent.name {
        Intent::Repeat => repeat::answer(turn),
        Intent::SpeakSlower => slower::answer(turn),
        Intent::Wait => wait::answer(turn),
        Intent::Help => help::answer(turn),
        Intent::StartOver => start_over::answer(turn),
        Intent::GoBack => go_back::answer(turn),
        Intent::TalkToHuman => human::ask_for(turn, "asked"),
        Intent::Goodbye => goodbye::answer(turn),
        // At the end «γεια σας» is a goodbye.
        Intent::Greet if turn.state.served && closes(turn) => goodbye::answer(turn),
        Intent::Greet => chat::answer(turn, "greet"),
        Intent::Thank => goodbye::thanks(turn),
        Intent::AskBot => chat::answer(turn, "ask_bot"),
        Intent::Complain => chat::answer(turn, "complaint"),
        Intent::OutOfScope => return chat::out_of_scope(turn, heard),
        _ => return false,
    }
    true
}

/// Whether what is open only closes the conversation.
fn closes(turn: &Turn<'_>) -> bool {
    matches!(turn.state.about(), Some(About::AnythingElse | About::Slot(SlotName::Rating)))
}

/// «Πιο αργά» while times are on offer is a wish about them, not about how fast they are said.
fn wishes_other_times(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let choosing = matches!(turn.state.about(), Some(About::Slot(SlotName::When | SlotName::Slot)));
    choosing && heard.entities.iter().any(|e| matches!(e.value, EntityValue::Preference(_)))
}

/// Whether it also says something a task can use; then that is what it is.
fn carries_value(heard: &Understanding) -> bool {
    heard.entities.iter().any(|e| match e.value {
        EntityValue::Number(_) | EntityValue::Ordinal(_) | EntityValue::When(_) | EntityValue::Preference(_) => false,
        // «Περιμένετε να βρω την ταυτότητά μου» looks for a card and wishes for none.
        EntityValue::Service { .. } | EntityValue::Procedure { .. } => heard.intent.name != Intent::Wait,
        // «Τι καιρό θα κάνει στην Αθήνα;»
        EntityValue::Place { .. } => heard.intent.name != Intent::OutOfScope,
        _ => true,
    })
}
