//! The buttons a question shows, and the words that mean one of them.

use super::{office, served_modes};
use crate::booking::core::AppointmentState;
use crate::channel::turn::Choice;
use crate::clock::to_athens;
use crate::dialog::facts::mode_words;
use crate::dialog::flow::SlotName;
use crate::dialog::prompt::{ChoiceSource, capital};
use crate::dialog::state::About;
use crate::dialog::topic;
use crate::dialog::turn::{Turn, words};
use crate::greek::display;
use crate::nlu::{EntityValue, Intent, Number, Understanding};
use crate::procedures::analysis::content_terms;

/// The most offices shown at once; a place narrows them.
const MOST_OFFICES: usize = 8;

/// The buttons of a source, as things are now.
pub fn choices(turn: &Turn<'_>, source: ChoiceSource) -> Vec<Choice> {
    match source {
        ChoiceSource::Services => services(turn),
        ChoiceSource::Offices => {
            let most = if turn.state.slots.near.is_some() { office::NEAREST } else { MOST_OFFICES };
            let candidates = office::candidates(turn).into_iter().take(most);
            candidates.map(|o| choice(&o.name, format!("office:{}", o.id))).collect()
        }
        ChoiceSource::Modes => served_modes(turn)
            .into_iter()
            .map(|mode| choice(&capital(mode_words(mode)), format!("mode:{}", mode.as_str())))
            .collect(),
        ChoiceSource::Offers => offers(turn),
        ChoiceSource::Appointments => appointments(turn),
        ChoiceSource::Fields => fields(turn),
        ChoiceSource::Purposes => purposes(turn),
    }
}

fn choice(title: &str, value: String) -> Choice {
    Choice { title: title.to_owned(), value }
}

fn services(turn: &Turn<'_>) -> Vec<Choice> {
    let catalogue = turn.world.catalogue;
    match &turn.state.slots.organisation {
        Some(organisation) => {
            let at_office = turn.state.slots.office.as_ref().and_then(|id| catalogue.office(id));
            let offered = |id| at_office.is_none_or(|o| o.services.contains(id));
            let of_it = catalogue.services.iter().filter(|s| &s.organisation == organisation && offered(&s.id));
            of_it.map(|s| choice(&s.name, format!("service:{}", s.id))).collect()
        }
        None => catalogue.organisations.iter().map(|o| choice(&o.name, format!("organisation:{}", o.id))).collect(),
    }
}

fn offers(turn: &Turn<'_>) -> Vec<Choice> {
    let Some(offers) = &turn.state.offers else { return Vec::new() };
    let several = turn.state.slots.office.is_none();
    let title = |slot: &crate::booking::core::Slot| {
        let time = display::slot_title(to_athens(slot.start));
        match turn.world.catalogue.office(&slot.office).filter(|_| several) {
            Some(office) => format!("{time}, {}", office.name),
            None => time,
        }
    };
    let value = |slot: &crate::booking::core::Slot| {
        format!("slot:{}@{}", to_athens(slot.start).format("%Y-%m-%dT%H:%M"), slot.office)
    };
    offers.slots.iter().map(|slot| choice(&title(slot), value(slot))).collect()
}

fn appointments(turn: &Turn<'_>) -> Vec<Choice> {
    let live = turn.state.appointments.iter().filter(|a| a.state == AppointmentState::Booked);
    live.map(|a| choice(&display::slot_title(to_athens(a.start)), format!("reference:{}", a.reference))).collect()
}

fn fields(turn: &Turn<'_>) -> Vec<Choice> {
    const FIELDS: [(SlotName, &str); 6] = [
        (SlotName::When, "Την ημέρα ή την ώρα"),
        (SlotName::Office, "Το γραφείο"),
        (SlotName::BeneficiaryName, "Το όνομα"),
        (SlotName::Phone, "Το τηλέφωνο"),
        (SlotName::Mode, "Τον τρόπο"),
        (SlotName::Service, "Την υπηρεσία"),
    ];
    let asked = FIELDS.into_iter().filter(|(name, _)| crate::dialog::fill::asks(turn, *name));
    let changes = asked.filter(|(name, _)| *name != SlotName::Mode || served_modes(turn).len() > 1);
    changes.map(|(name, title)| choice(title, format!("change:{}", name.as_str()))).collect()
}

fn purposes(turn: &Turn<'_>) -> Vec<Choice> {
    let book =
        turn.state.slots.service.is_some().then(|| choice("Κλείσιμο ραντεβού", "intent:book_appointment".into()));
    let explain = choice("Τι χρειάζεται", "intent:ask_documents".into());
    book.into_iter().chain([explain]).collect()
}

/// The choice that words mean: its title, its number, «το δεύτερο».
pub fn chosen_by_words(turn: &Turn<'_>, heard: &Understanding) -> Option<String> {
    let open = turn.state.open.as_ref()?;
    if open.choices.is_empty() {
        return None;
    }
    let said = words(&heard.text);
    if let Some(choice) = open.choices.iter().find(|c| words(&c.title) == said) {
        return Some(choice.value.clone());
    }
    if let Some(value) = topic::chosen(turn, heard) {
        return Some(value);
    }
    if let Some(value) = named_in_part(turn, open.about, heard) {
        return Some(value);
    }
    let countable = !matches!(
        open.about,
        About::Slot(SlotName::Rating | SlotName::Phone | SlotName::Reference | SlotName::Persons)
    );
    let number = match heard.entities.as_slice() {
        [one] if countable => match &one.value {
            // «Πρέπει πρώτα να ακυρώσω το άλλο» counts nothing.
            EntityValue::Ordinal(n) if said.split(' ').count() <= 4 || heard.intent.name == Intent::Inform => Some(*n),
            EntityValue::Number(Number::Plain(n)) if said.split(' ').count() <= 2 => Some(*n),
            _ => None,
        },
        [] if countable => said.parse().ok(),
        _ => None,
    };
    let bare = said.parse::<i64>().ok().filter(|n| countable && (1..=open.choices.len() as i64).contains(n));
    let picked = match number.or(bare)? {
        -1 => list_of(turn, open.about, &open.choices).last(),
        n => list_of(turn, open.about, &open.choices).get(usize::try_from(n - 1).ok()?),
    };
    picked.map(|choice| choice.value.clone())
}

/// The one choice whose title has every word that was said: «αίτηση» is «Πληροφορίες και αιτήσεις».
fn named_in_part(turn: &Turn<'_>, about: About, heard: &Understanding) -> Option<String> {
    let by_name = matches!(about, About::Slot(SlotName::Service | SlotName::Mode));
    if !by_name || !heard.entities.is_empty() || heard.text.split_whitespace().count() > 4 {
        return None;
    }
    let said = content_terms(&heard.text);
    let named = |choice: &Choice| {
        let title = content_terms(&choice.title);
        !said.is_empty() && said.iter().all(|term| title.contains(term))
    };
    let mut fitting = turn.state.open.as_ref()?.choices.iter().filter(|choice| named(choice));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.value.clone()),
        _ => None,
    }
}

/// The choices that are counted: at an offer only the times, not the buttons behind them.
fn list_of<'c>(turn: &Turn<'_>, about: About, choices: &'c [Choice]) -> &'c [Choice] {
    let times = choices.iter().filter(|c| c.value.starts_with("slot:")).count();
    let offering = matches!(about, About::Slot(SlotName::When | SlotName::Slot)) && turn.state.offers.is_some();
    if offering && times > 0 { &choices[..times] } else { choices }
}
