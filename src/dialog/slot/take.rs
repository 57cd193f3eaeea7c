//! What a chosen button or a pressed key does.

use chrono::NaiveDateTime;

use super::when;
use crate::booking::people::{Mode, Relation};
use crate::clock::from_athens;
use crate::dialog::engine::choose;
use crate::dialog::fill::{self, forget_dependents};
use crate::dialog::flow::SlotName;
use crate::dialog::state::About;
use crate::dialog::topic;
use crate::dialog::turn::Turn;
use crate::dialog::{action, repair};
use crate::nlu::Intent;

/// Takes the value of a choice that was on offer.
pub fn take(turn: &mut Turn<'_>, value: &str) {
    let (kind, rest) = value.split_once(':').unwrap_or((value, ""));
    match kind {
        "yes" => super::answer::yes(turn),
        "no" => super::answer::no(turn),
        "service" => {
            fill::set_service(turn, rest.into(), None);
        }
        "organisation" => turn.state.slots.organisation = Some(rest.into()),
        "procedure" => {
            let service = turn.world.procedures.get(rest).and_then(|p| p.service.clone());
            if turn.state.in_flow("explain") {
                fill::set_topic(turn, crate::dialog::state::Topic::Procedure(rest.to_owned()));
            } else if let Some(service) = service {
                fill::set_service(turn, service, Some(rest.to_owned()));
            }
        }
        "among" => topic::narrow(turn, rest),
        "other_topic" => topic::none_of_them(turn),
        "office" => {
            super::office::set(turn, &rest.into());
        }
        "mode" => set(turn, SlotName::Mode, |slots| slots.mode = Mode::parse(rest)),
        "slot" => offered(turn, rest),
        "on_behalf" => set(turn, SlotName::OnBehalf, |slots| slots.on_behalf = Some(rest == "true")),
        "relation" => set(turn, SlotName::OnBehalf, |slots| {
            (slots.on_behalf, slots.relation) = (Some(true), Relation::parse(rest));
        }),
        "rating" => turn.state.slots.rating = rest.parse().ok(),
        "reference" => turn.state.slots.reference = Some(rest.to_owned()),
        "change" => change(turn, rest),
        "intent" => {
            if let Some(intent) = Intent::parse(rest) {
                repair::task::start(turn, intent);
            }
        }
        "waiting_list" => action::waiting::open(turn, true),
        "earliest" => turn.state.slots.earliest = true,
        "later" => action::search::later(turn),
        "earlier" => action::search::earlier(turn),
        "other_day" => turn.ask_message("which_day", About::Slot(SlotName::When)),
        "other_office" => other_office(turn),
        "human" => repair::human::ask_for(turn, "asked"),
        "stop" => repair::stop::answer(turn),
        "try_again" => repair::try_again::answer(turn),
        _ => {}
    }
}

fn set(turn: &mut Turn<'_>, name: SlotName, change: impl FnOnce(&mut crate::dialog::state::Slots)) {
    change(&mut turn.state.slots);
    fill::settle_change(turn, name, fill::Put::New);
}

fn offered(turn: &mut Turn<'_>, value: &str) {
    let start = value.split_once('@').and_then(|(start, office)| {
        let local = NaiveDateTime::parse_from_str(start, "%Y-%m-%dT%H:%M").ok()?;
        Some((from_athens(local)?, office))
    });
    let offers = turn.state.offers.as_ref();
    let slot = start.and_then(|(start, office)| {
        offers?.slots.iter().find(|s| s.start == start && s.office.as_str() == office).cloned()
    });
    if let Some(slot) = slot {
        when::choose(turn, slot);
    }
}

/// Opens a field again that the citizen wants to change.
pub fn change(turn: &mut Turn<'_>, name: &str) {
    let all = [
        SlotName::When,
        SlotName::Office,
        SlotName::BeneficiaryName,
        SlotName::RequesterName,
        SlotName::Phone,
        SlotName::Mode,
        SlotName::Service,
    ];
    let Some(name) = all.into_iter().find(|n| n.as_str() == name) else { return };
    turn.state.open = None;
    turn.state.slots.clear(name);
    if name == SlotName::BeneficiaryName && turn.state.slots.on_behalf == Some(false) {
        turn.state.slots.requester_name = None;
    }
    if let Some(frame) = turn.state.frame_mut() {
        frame.confirmed = false;
    }
    forget_dependents(turn, name);
}

/// Lets the office go and asks for another.
pub fn other_office(turn: &mut Turn<'_>) {
    turn.state.slots.clear(SlotName::Office);
    // Whoever was wished for works at the office that is let go.
    turn.state.slots.clear(SlotName::Employee);
    forget_dependents(turn, SlotName::Office);
}

/// Keys of a telephone: 0 a person, 9 repeat, * back, else the number of a choice (1 yes, 2 no at a read-back).
pub fn keys(turn: &mut Turn<'_>, keys: &str) {
    let keys = keys.trim_end_matches('#');
    let choices = turn.state.open.as_ref().map(|open| open.choices.clone()).unwrap_or_default();
    match keys {
        "0" => repair::human::ask_for(turn, "asked"),
        "9" if choices.len() < 9 => repair::repeat::answer(turn),
        "*" => repair::go_back::answer(turn),
        _ => match keys.parse::<usize>().ok().and_then(|n| choices.get(n.wrapping_sub(1))) {
            Some(choice) => choose(turn, &choice.value.clone()),
            None => repair::not_understood::answer(turn, ""),
        },
    }
}
