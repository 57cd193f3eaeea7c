//! Explains a procedure, a service, an office or an organisation.

use super::Next;
use crate::booking::catalogue::{Office, Service};
use crate::channel::turn::{Event, Reply};
use crate::dialog::facts::mode_words;
use crate::dialog::state::Topic;
use crate::dialog::topic;
use crate::dialog::turn::Turn;
use crate::dialog::world::days_in_words;
use crate::greek::display;
use crate::procedures::Procedure;
use crate::procedures::explain::{self, Aspect};

/// How many aspects are said aloud in one go.
const MOST_SAID: usize = 3;

/// Explains what the frame, or else what is being booked, is about.
pub fn run(turn: &mut Turn<'_>) -> Next {
    let aspects = turn.state.frame().map(|f| f.aspects.clone()).unwrap_or_default();
    turn.state.served = true;
    turn.state.slots.send_summary = None;
    match subject(turn, &aspects) {
        Some(Topic::Procedure(id)) => procedure(turn, &id, &aspects),
        Some(Topic::Service(id)) => {
            if let Some(service) = turn.world.catalogue.service(&id) {
                about_service(turn, service, &aspects);
            }
        }
        Some(Topic::Office(id)) => {
            if let Some(office) = turn.world.catalogue.office(&id) {
                about_office(turn, office);
            }
        }
        Some(Topic::Organisation(id)) => {
            let offices = turn.world.catalogue.offices.iter().filter(|o| o.organisation == id);
            let items = offices.map(|o| format!("{}, {}", o.name, o.address)).collect();
            let name = turn.world.catalogue.organisation(&id).map(|o| o.name.clone()).unwrap_or_default();
            let facts = turn.facts().with_items(items).with_note(name);
            turn.say_with("organisation_facts", &facts);
        }
        None => turn.say("no_topic_facts"),
    }
    Next::Done
}

/// What to explain: what was named now; where it is, the office being booked; else what is being booked.
fn subject(turn: &Turn<'_>, aspects: &[Aspect]) -> Option<Topic> {
    let slots = &turn.state.slots;
    let named = turn.state.frame().and_then(|f| f.topic.clone());
    let office = slots.office.clone().filter(|_| aspects == [Aspect::Office]).map(Topic::Office);
    let procedure = slots.procedure.clone().map(Topic::Procedure);
    named.or(office).or(procedure).or_else(|| slots.service.clone().map(Topic::Service))
}

fn procedure(turn: &mut Turn<'_>, id: &str, aspects: &[Aspect]) {
    let Some(procedure) = turn.world.procedures.get(id) else { return turn.say("no_topic_facts") };
    let explanation = explain::explain(procedure, aspects);
    name(turn, procedure, aspects);
    // Who asks about everything hears what it is and what to bring; the rest is to be read, or asked.
    let (speak, shortened) = if aspects.len() > MOST_SAID {
        (explain::explain(procedure, &[Aspect::Summary, Aspect::Documents]).speak, true)
    } else {
        (explanation.speak, explanation.shortened)
    };
    if let Some(frame) = turn.state.frame_mut() {
        frame.shortened = shortened;
    }
    turn.replies.push(Reply { display: explanation.display, speak, choices: Vec::new() });
    turn.events.push(Event::ProcedureExplained {
        procedure: id.to_owned(),
        aspects: aspects.iter().map(|a| a.as_str().to_owned()).collect(),
    });
}

/// Says what is explained, where it is another procedure than before and the answer does not say so itself: it may have been
/// found by words that mean something else.
fn name(turn: &mut Turn<'_>, procedure: &Procedure, aspects: &[Aspect]) {
    let named_itself =
        procedure.for_what.is_some() && aspects.contains(&Aspect::Documents) && !procedure.documents.is_empty();
    let is_booked = turn.state.frames.len() > 1 && turn.state.slots.procedure.as_ref() == Some(&procedure.id);
    let is_known = match &turn.state.explained {
        Some(named) => *named == procedure.id,
        None => is_booked,
    };
    if !is_known && !named_itself {
        match &procedure.for_what {
            Some(what) => turn.say_note("explained", what),
            None => turn.say_note("found", topic::title(turn, &procedure.id)),
        }
    }
    turn.state.explained = Some(procedure.id.clone());
}

fn about_service(turn: &mut Turn<'_>, service: &Service, aspects: &[Aspect]) {
    let wants = |aspect| aspects.contains(&aspect);
    let modes: Vec<String> =
        service.modes.iter().map(|m| format!("{} ({} λεπτά)", mode_words(m.mode), m.minutes)).collect();
    let mut sentences = Vec::new();
    if wants(Aspect::Documents) && !service.documents.is_empty() {
        sentences.push(format!("Θα χρειαστείτε:\n• {}", service.documents.join("\n• ")));
        if !service.video_documents.is_empty() {
            sentences.push(format!("Αν γίνει με βιντεοκλήση, και: {}.", service.video_documents.join(", ")));
        }
    } else if wants(Aspect::Channel) || wants(Aspect::Duration) {
        sentences.push(format!("Γίνεται {}.", display::list(&modes, "ή")));
        sentences.extend(service.no_video.clone().filter(|_| wants(Aspect::Channel)));
    } else if wants(Aspect::Office) {
        let offices: Vec<String> = turn.world.catalogue.offices_offering(&service.id).map(|o| o.name.clone()).collect();
        sentences.push(format!("Εξυπηρετεί: {}.", display::list(&offices, "και")));
    } else if wants(Aspect::Deputy) {
        sentences.push("Δεν γνωρίζω αν μπορεί να πάει άλλος στη θέση σας. Θα σας το πουν στην υπηρεσία.".to_owned());
    } else {
        sentences.push(service.description.clone());
        if wants(Aspect::Cost) {
            sentences.push("Δεν γνωρίζω αν έχει κόστος. Θα σας το πουν στην υπηρεσία.".to_owned());
        }
    }
    turn.say_note("service_facts", sentences.join("\n"));
}

fn about_office(turn: &mut Turn<'_>, office: &Office) {
    let hours = office.opening.iter().map(|rule| {
        let days: Vec<_> = rule.days.clone();
        format!("{} {}–{}", days_in_words(&days), rule.from.format("%H:%M"), rule.to.format("%H:%M"))
    });
    let mut hours: Vec<String> = hours.collect();
    hours.dedup();
    let note = format!(
        "{}: {}. Ώρες για ραντεβού: {}. Τηλέφωνο: {}.",
        office.name,
        office.address,
        hours.join(", "),
        office.phone
    );
    turn.say_note("office_facts", note);
}
