//! The waiting list, by the words people have for it: joining it, asking whether a place came free, leaving it.

use super::chat;
use super::task::{self, Begun};
use crate::booking::reference::Reference;
use crate::dialog::action::waiting;
use crate::dialog::turn::Turn;
use crate::nlu::{EntityValue, Understanding};

/// Opens what the words ask of the waiting list.
pub fn begin(turn: &mut Turn<'_>, heard: &Understanding) -> Begun {
    let text = heard.text.as_str();
    let (named, asked) = (turn.means("waiting_list", text), turn.means("check_waiting_list", text));
    if turn.state.in_flow("join_waiting_list") {
        return if asked { explain(turn) } else { Begun::Nothing };
    }
    if turn.means("leave_waiting_list", text) {
        return open(turn, "leave_waiting_list");
    }
    if named && turn.state.full.is_some() && turn.state.waits.is_empty() {
        waiting::open(turn, true);
        return Begun::Opened;
    }
    if asked || (turn.state.frames.is_empty() && names_wait(turn, heard, named)) {
        return open(turn, "check_waiting_list");
    }
    if !named || waiting::is_open(turn) {
        return Begun::Nothing;
    }
    turn.say("waiting_needs_wish");
    if turn.state.frames.is_empty() {
        return open(turn, "book_appointment");
    }
    chat::ask_again(turn);
    Begun::Answered
}

/// «Και θα με ειδοποιήσετε;» while one joins.
fn explain(turn: &mut Turn<'_>) -> Begun {
    turn.say("waiting_how");
    chat::ask_again(turn);
    Begun::Answered
}

/// Whether the words name a place in the list: by its reference, or because there is one that was just taken.
fn names_wait(turn: &Turn<'_>, heard: &Understanding, list_is_named: bool) -> bool {
    let by_reference = heard.entities.iter().any(|e| match &e.value {
        EntityValue::Reference(text) => Reference::parse(text).is_ok_and(|reference| reference.is_of_wait()),
        _ => false,
    });
    by_reference || (list_is_named && !turn.state.waits.is_empty())
}

fn open(turn: &mut Turn<'_>, flow: &str) -> Begun {
    if turn.state.in_flow(flow) {
        return Begun::Nothing;
    }
    task::open(turn, flow);
    Begun::Opened
}
