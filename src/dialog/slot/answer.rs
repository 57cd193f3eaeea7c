//! Answers without a value of their own: yes, no, «το νωρίτερο», «για μένα».

use super::take::other_office;
use super::when;
use crate::dialog::action::{proposal, search, waiting};
use crate::dialog::fill::settle_change;
use crate::dialog::flow::{SlotName, StepKind};
use crate::dialog::repair;
use crate::dialog::state::{About, Topic};
use crate::dialog::topic;
use crate::dialog::turn::Turn;
use crate::dialog::{fill, slot};
use crate::nlu::{EntityValue, Intent, Number, Preference, Understanding};

/// A yes to a read-back must be this sure.
const SURE_YES: f32 = 0.6;

/// A party of more is a slip of the tongue, or an hour.
const MOST_PERSONS: u32 = 20;

/// A long no that ends a conversation must be this sure.
const SURE_NO: f32 = 0.8;

/// Reads an answer to the open question; `true` when the question was answered or the turn went another way.
pub fn answer(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    let Some(about) = turn.state.about() else { return false };
    if let Some(wish) = preference(heard) {
        return prefer(turn, wish);
    }
    if about == About::Slot(SlotName::Procedure) && turn.means("unsure", &heard.text) {
        topic::unsure(turn);
        return true;
    }
    if about == About::Change && field(turn, &heard.text) {
        return true;
    }
    if about == About::Slot(SlotName::OnBehalf) {
        return for_whom(turn, &heard.text);
    }
    if about == About::Slot(SlotName::Rating) {
        return rating(turn, heard);
    }
    if about == About::Slot(SlotName::Persons) {
        return persons(turn, heard);
    }
    if about == About::Slot(SlotName::Office) && super::office::named_in(turn, &heard.text) {
        return true;
    }
    match heard.intent.name {
        // Words that only look like a yes are asked about again: nothing is written on a guess.
        Intent::Affirm if about == About::Confirm && heard.intent.confidence < SURE_YES => false,
        Intent::Affirm => {
            yes(turn);
            true
        }
        // A conversation does not end on a sentence that only looks like a no.
        Intent::Deny | Intent::Correct if about == About::AnythingElse && !is_plain_no(heard) => false,
        Intent::Deny | Intent::Correct if heard.intent.confidence >= repair::SURE => {
            if about == About::Confirm && field(turn, &heard.text) {
                return true;
            }
            no(turn);
            true
        }
        _ => false,
    }
}

/// A no of few words, or one that leaves no doubt.
fn is_plain_no(heard: &Understanding) -> bool {
    heard.text.split_whitespace().count() <= 4 || heard.intent.confidence >= SURE_NO
}

/// A yes, whatever the open question is.
pub fn yes(turn: &mut Turn<'_>) {
    match turn.state.about() {
        Some(About::Confirm) => {
            if let Some(frame) = turn.state.frame_mut() {
                frame.confirmed = true;
            }
        }
        Some(About::Slot(SlotName::Confirm)) => turn.state.slots.confirm = Some(true),
        Some(About::Slot(SlotName::SendSummary)) => turn.state.slots.send_summary = Some(true),
        Some(About::Slot(SlotName::Procedure)) if topic::only(turn).is_some() => {
            let id = topic::only(turn).unwrap_or_default();
            fill::set_topic(turn, Topic::Procedure(id));
        }
        Some(About::Slot(SlotName::When | SlotName::Slot)) => {
            let offers = turn.state.offers.as_ref().map(|o| o.slots.clone()).unwrap_or_default();
            let first_named = turn.state.awaits(SlotName::When) || offers.len() == 1;
            match offers.first() {
                Some(first) if first_named => {
                    when::choose(turn, first.clone());
                }
                _ => repair::not_understood::no_answer(turn),
            }
        }
        Some(About::Slot(SlotName::Office)) if slot::office::accept_nearest(turn) => {}
        Some(About::Slot(SlotName::Mode)) if slot::served_modes(turn).len() == 1 => {
            turn.state.slots.mode = slot::served_modes(turn).first().copied();
        }
        Some(About::AnythingElse) if proposal::offers_another_time(turn) => {
            repair::task::start(turn, Intent::RescheduleAppointment);
        }
        Some(About::AnythingElse) => turn.ask_message("tell_me", About::AnythingElse),
        Some(About::TryAgain) => repair::try_again::answer(turn),
        Some(About::Purpose) if turn.state.slots.service.is_some() => {
            repair::task::start(turn, Intent::BookAppointment);
        }
        _ => repair::not_understood::no_answer(turn),
    }
}

/// A no, whatever the open question is.
pub fn no(turn: &mut Turn<'_>) {
    match turn.state.about() {
        Some(About::Confirm) => refuse_read_back(turn),
        Some(About::Change) => repair::stop::answer(turn),
        Some(About::Slot(SlotName::Confirm)) => decline(turn),
        Some(About::Slot(SlotName::SendSummary)) => turn.state.slots.send_summary = Some(false),
        Some(About::Slot(SlotName::Procedure)) => topic::none_of_them(turn),
        Some(About::Slot(SlotName::When | SlotName::Slot)) if turn.state.in_flow("availability") => decline(turn),
        Some(About::Slot(SlotName::When | SlotName::Slot)) => {
            turn.ask_message("which_day", About::Slot(SlotName::When))
        }
        Some(About::Slot(SlotName::Mode)) if slot::served_modes(turn).len() == 1 => decline(turn),
        Some(About::Slot(SlotName::Office)) if turn.state.slots.near.is_some() => slot::office::refuse_nearest(turn),
        Some(About::Slot(SlotName::Rating)) => {
            turn.say("goodbye");
            turn.state.status = crate::channel::turn::Status::Ended;
        }
        Some(About::AnythingElse) => repair::goodbye::nothing_else(turn),
        Some(About::TryAgain) => decline(turn),
        Some(About::Purpose) => turn.ask_message("tell_me", About::AnythingElse),
        Some(About::Slot(_)) => repair::refuse::answer(turn),
        None => repair::not_understood::no_answer(turn),
    }
}

/// A no to what is to be written down asks what to change; a no to an offered place lets it go to the next; a no to a
/// cancellation leaves things as they are.
fn refuse_read_back(turn: &mut Turn<'_>) {
    if turn.state.in_flow("book_appointment") || turn.state.in_flow("join_waiting_list") {
        turn.ask_message("what_to_change", About::Change);
    } else if turn.state.in_flow("check_waiting_list") {
        waiting::decline(turn);
    } else if turn.state.in_flow("check_appointment") {
        proposal::decline(turn);
    } else {
        turn.say("left_as_it_is");
        turn.pop();
    }
}

fn decline(turn: &mut Turn<'_>) {
    turn.state.slots.confirm = None;
    turn.say("as_you_wish");
    turn.pop();
}

fn preference(heard: &Understanding) -> Option<Preference> {
    heard.entities.iter().find_map(|e| match e.value {
        EntityValue::Preference(wish) => Some(wish),
        _ => None,
    })
}

/// A wish about the offered times or offices.
fn prefer(turn: &mut Turn<'_>, wish: Preference) -> bool {
    let timely = fill::asks(turn, SlotName::When) || fill::asks(turn, SlotName::Slot);
    if !timely {
        return false;
    }
    match wish {
        Preference::OtherOffice => other_office(turn),
        Preference::Any | Preference::Earliest if turn.state.awaits(SlotName::Office) => {
            turn.state.slots.any_office = true
        }
        Preference::Earliest | Preference::Any => {
            match turn.state.offers.as_ref().and_then(|o| o.slots.first().cloned()) {
                Some(first) if turn.state.about() != Some(About::Confirm) => {
                    when::choose(turn, first);
                }
                _ => {
                    turn.state.slots.clear(SlotName::When);
                    turn.state.slots.earliest = true;
                    settle_change(turn, SlotName::When, fill::Put::New);
                }
            }
        }
        Preference::Later if turn.state.offers.is_some() => search::later(turn),
        Preference::Earlier if turn.state.offers.is_some() => search::earlier(turn),
        Preference::OtherDay if turn.state.offers.is_some() => search::other_day(turn),
        _ => return false,
    }
    true
}

/// «Για μένα», «για άλλον».
pub fn for_whom(turn: &mut Turn<'_>, text: &str) -> bool {
    let on_behalf = match (turn.means("for_self", text), turn.means("for_other", text)) {
        _ if turn.means("not_for_self", text) => true,
        (true, false) => false,
        (false, true) => true,
        // «όχι για άλλον, για μένα», «εγώ κλείνω, για άλλον»
        (true, true) => !turn.means("deny", text),
        (false, false) => return false,
    };
    turn.state.slots.on_behalf = Some(on_behalf);
    settle_change(turn, SlotName::OnBehalf, fill::Put::New);
    true
}

/// «Τρεις», «τρία άτομα», where it was asked how many come.
fn persons(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    let said = heard.entities.iter().find_map(|e| match e.value {
        EntityValue::Number(Number::Plain(n)) | EntityValue::Ordinal(n) => u32::try_from(n).ok(),
        _ => None,
    });
    let number = said.or(heard.text.trim().parse().ok()).filter(|n| (1..=MOST_PERSONS).contains(n));
    number.is_some_and(|n| fill::set_persons(turn, Some(n)) != fill::Put::Refused)
}

fn rating(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    let said = heard.entities.iter().find_map(|e| match e.value {
        EntityValue::Number(Number::Plain(n)) | EntityValue::Ordinal(n) => Some(n),
        _ => None,
    });
    let digits = heard.text.trim().parse().ok();
    match said.or(digits) {
        Some(n @ 1..=5) => {
            turn.state.slots.rating = u8::try_from(n).ok();
            true
        }
        _ if heard.intent.name == Intent::Deny => {
            no(turn);
            true
        }
        _ => false,
    }
}

/// The field that words name: «το τηλέφωνο», «η ώρα».
fn field(turn: &mut Turn<'_>, text: &str) -> bool {
    let said = format!(" {}", crate::dialog::turn::words(text));
    let order = [
        SlotName::Phone,
        SlotName::BeneficiaryName,
        SlotName::When,
        SlotName::Office,
        SlotName::Mode,
        SlotName::Service,
    ];
    let stems = |name: &SlotName| turn.flows.fields.get(name).map(Vec::as_slice).unwrap_or_default();
    let named = order.into_iter().find(|name| stems(name).iter().any(|stem| said.contains(&format!(" {stem}"))));
    let Some(name) =
        named.filter(|name| turn.flow().is_some_and(|f| f.steps.iter().any(|s| s.kind == StepKind::Ask(*name))))
    else {
        return false;
    };
    super::take::change(turn, name.as_str());
    true
}
