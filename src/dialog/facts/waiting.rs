//! The facts of the waiting list: what one would wait for, and how a wait stands.

use chrono::TimeDelta;
use serde::Serialize;

use super::{ModeFacts, NameFacts, OfficeFacts, TimeFacts, mode_facts, name_facts, office_facts, time_facts};
use crate::booking::core::{DailyWindow, Window};
use crate::booking::id::OfficeId;
use crate::booking::waiting::Wait;
use crate::clock::to_athens;
use crate::dialog::state::State;
use crate::dialog::world::World;
use crate::greek::{display, speak};

/// More days than that are not listed one by one.
const MOST_DAYS: usize = 3;

/// What one would wait for.
#[derive(Debug, Serialize)]
pub(super) struct WishFacts {
    /// «διαβατήριο»
    service: String,
    /// «στο ΚΕΠ Κυψέλης»
    place: String,
    /// «για την Πέμπτη 26 Νοεμβρίου»
    when: String,
    mode: ModeFacts,
}

/// How a wait stands.
#[derive(Debug, Serialize)]
pub(super) struct WaitFacts {
    reference: String,
    wish: WishFacts,
    beneficiary: NameFacts,
    /// What is offered.
    slot: Option<TimeFacts>,
    /// Where.
    office: Option<OfficeFacts>,
    /// Until when it is kept: «στις 10:30».
    until: String,
    /// The same for the ear.
    spoken_until: String,
    /// The reference of the appointment that it has become.
    appointment: String,
}

/// What one would wait for, while everything is taken.
pub(super) fn wish(state: &State, world: World<'_>) -> Option<WishFacts> {
    let wish = state.full.as_ref()?;
    let service = world.catalogue.service(&wish.service)?;
    Some(WishFacts {
        service: service.for_what.clone(),
        place: place(&wish.offices, world),
        when: when(&wish.windows, wish.daily),
        mode: mode_facts(wish.mode),
    })
}

/// The proven wait that the reference names.
pub(super) fn wait(wait: &Wait, world: World<'_>) -> WaitFacts {
    let request = &wait.request;
    let office = wait.offer.as_ref().and_then(|offer| world.catalogue.office(&offer.office));
    let until = wait.offer.as_ref().map(|offer| display::at_time(to_athens(offer.expires_at).time()));
    let until = until.unwrap_or_default();
    WaitFacts {
        reference: wait.reference.to_string(),
        wish: WishFacts {
            service: world.catalogue.service(&request.service).map(|s| s.for_what.clone()).unwrap_or_default(),
            place: place(&request.offices, world),
            when: when(&request.windows, request.daily),
            mode: mode_facts(request.mode),
        },
        beneficiary: name_facts(&request.beneficiary),
        slot: wait.offer.as_ref().map(|offer| time_facts(offer.start, office)),
        office: office.map(office_facts),
        spoken_until: speak::text(&until),
        until,
        appointment: wait.appointment.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

fn place(offices: &[OfficeId], world: World<'_>) -> String {
    match offices {
        [] => "σε όποιο γραφείο αδειάσει θέση".to_owned(),
        several => {
            let at = several.iter().filter_map(|id| world.catalogue.office(id)).map(|office| office.at.clone());
            display::list(&at.collect::<Vec<_>>(), "ή")
        }
    }
}

fn when(windows: &[Window], daily: Option<DailyWindow>) -> String {
    let hours = daily.map(|d| format!(", {}–{}", d.from.format("%H:%M"), d.to.format("%H:%M"))).unwrap_or_default();
    let of_a_day = windows.iter().all(|w| w.to - w.from <= TimeDelta::hours(25));
    let days = match windows {
        [] => "για όποια ημέρα".to_owned(),
        few if of_a_day && few.len() <= MOST_DAYS => {
            let mut days: Vec<_> = few.iter().map(|w| display::day_long_accusative(to_athens(w.from).date())).collect();
            days.dedup();
            format!("για {}", display::list(&days, "ή"))
        }
        _ => "για τις ημέρες που ζητήσατε".to_owned(),
    };
    format!("{days}{hours}")
}
