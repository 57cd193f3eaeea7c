//! Tasks: starting one, switching to another, and asking something in the middle of one.

use crate::booking::people::Guest;
use crate::dialog::advance;
use crate::dialog::fill;
use crate::dialog::flow::SlotName;
use crate::dialog::state::{About, Frame, Topic};
use crate::dialog::topic;
use crate::dialog::turn::Turn;
use crate::dialog::wanted;
use crate::nlu::{Entity, EntityValue, Intent, Understanding};
use crate::procedures::explain::Aspect;

/// How sure the second intent of one breath must be.
const SECOND: f32 = 0.06;

/// What an utterance did to the open task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: it speaks of the open task.
    Nothing,
    /// It opened a flow, which now takes its values.
    Opened,
    /// It was answered already.
    Answered,
}

/// Opens the flow an utterance asks for.
pub fn begin(turn: &mut Turn<'_>, heard: &Understanding) -> Begun {
    let mut intent = heard.intent.name;
    if tells_needs(heard) {
        return begin_by_needs(turn, heard);
    }
    if heard.intent.confidence < super::SURE {
        return begin_by_topic(turn, heard);
    }
    // Whoever tells the reference has an appointment already.
    if intent == Intent::BookAppointment && turn.state.frames.is_empty() && has_reference(heard) {
        intent = Intent::CheckAppointment;
    }
    // «Πώς μπορώ να πάρω ραντεβού για …;»: the answer is to book it.
    if intent == Intent::ExplainProcedure && turn.means("wants_appointment", &heard.text) {
        intent = Intent::BookAppointment;
    }
    // «Μια αίτηση», «ένα πιστοποιητικό» where the service is asked for name it, however vaguely; they ask nothing.
    let names_service = turn.state.awaits(SlotName::Service)
        && match intent {
            Intent::SubmitApplication | Intent::RequestCertificate | Intent::TrackRequest => true,
            // «Πληροφορίες» is the name of a service there.
            Intent::ExplainProcedure => {
                heard.entities.iter().any(|e| is_topic(e) && e.text.trim() == heard.text.trim())
            }
            _ => false,
        };
    if intent == Intent::TrackRequest && !turn.state.awaits(SlotName::Service) {
        super::chat::answer(turn, "track");
        return Begun::Answered;
    }
    let about_times = speaks_of_times(turn, heard);
    if let Some(aspects) = aspects_of(intent).filter(|_| !names_service && !about_times) {
        let said = wanted::aspects(turn, &heard.text);
        return question(turn, heard, (aspects, said));
    }
    let Some(flow) = turn.flows.started_by(intent) else { return begin_by_topic(turn, heard) };
    let name = flow.name.clone();
    if turn.state.in_flow(&name) {
        return Begun::Nothing;
    }
    if stays(turn, heard) {
        return Begun::Nothing;
    }
    if intent == Intent::RescheduleAppointment && stays_in_booking(turn, heard) {
        turn.ask_message("what_to_change", About::Change);
        return Begun::Answered;
    }
    if stops(turn, heard) {
        super::stop::answer(turn);
        return Begun::Answered;
    }
    open(turn, &name);
    second_wish(turn, heard);
    Begun::Opened
}

/// «Μιλάει κανείς αγγλικά;», «είμαστε τέσσερις, γίνεται;»: a wish about the appointment, though it may be put as a question.
fn tells_needs(heard: &Understanding) -> bool {
    let need = |e: &Entity| match e.value {
        EntityValue::Language(_) | EntityValue::Persons(_) | EntityValue::Employee { .. } => true,
        EntityValue::Guest(guest) => guest == Guest::SignLanguageInterpreter,
        _ => false,
    };
    let asking = aspects_of(heard.intent.name).is_some() || heard.intent.confidence < super::SURE;
    let plain = matches!(heard.intent.name, Intent::Inform | Intent::Affirm | Intent::Greet | Intent::OutOfScope);
    (asking || plain) && heard.entities.iter().any(need)
}

fn begin_by_needs(turn: &mut Turn<'_>, heard: &Understanding) -> Begun {
    let about_papers = heard.entities.iter().any(is_topic) && aspects_of(heard.intent.name).is_some();
    if fill::asks(turn, SlotName::Service) {
        return Begun::Nothing;
    }
    if !turn.state.frames.is_empty() {
        return Begun::Nothing;
    }
    open(turn, if about_papers { "availability" } else { "book_appointment" });
    Begun::Opened
}

/// Opens the flow of an intent that a button or a key named.
pub fn start(turn: &mut Turn<'_>, intent: Intent) {
    if let Some(aspects) = aspects_of(intent) {
        let frame = turn.push("explain");
        frame.aspects = aspects;
        return;
    }
    if let Some(flow) = turn.flows.started_by(intent) {
        let name = flow.name.clone();
        open(turn, &name);
    } else if intent == Intent::TalkToHuman {
        super::human::ask_for(turn, "asked");
    } else if intent == Intent::Help {
        super::help::answer(turn);
    }
}

/// A task replaces the one that was open; the people and the topic are kept, nothing else leaks.
pub(super) fn open(turn: &mut Turn<'_>, name: &str) {
    if !turn.state.frames.is_empty() {
        turn.state.frames.clear();
        turn.leave_task();
    }
    turn.state.open = None;
    turn.state.frames.push(Frame::new(name));
}

/// Whether «ακυρώστε το» means the booking under way: nothing else is there to cancel.
fn stops(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let booking = turn.state.in_flow("book_appointment") || turn.state.in_flow("availability");
    let nothing_booked = turn.state.appointments.is_empty() && !has_reference(heard);
    let this_one = !turn.means("another_appointment", &heard.text);
    heard.intent.name == Intent::CancelAppointment && booking && nothing_booked && this_one
}

/// Whether the words answer the open question better than they start another task: «άλλη ώρα» in the middle of booking asks
/// for another time.
fn stays(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let booking = turn.state.in_flow("book_appointment") || turn.state.in_flow("availability");
    if booking && changes_one(heard.intent.name) && answers_open(turn, heard) {
        return true;
    }
    match heard.intent.name {
        Intent::BookAppointment => turn.state.in_flow("reschedule_appointment") && turn.state.open.is_some(),
        Intent::AskAvailability => booking || turn.state.in_flow("reschedule_appointment"),
        Intent::RescheduleAppointment => stays_in_booking(turn, heard) && !heard.entities.is_empty(),
        _ => false,
    }
}

/// Whether an intent speaks of an appointment that stands already.
fn changes_one(intent: Intent) -> bool {
    matches!(intent, Intent::CancelAppointment | Intent::CheckAppointment | Intent::RescheduleAppointment)
}

/// Whether an utterance holds the very value that was asked for: «για τη μητέρα μου είναι το ραντεβού», «Δευτέρα δεν μπορώ».
fn answers_open(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let Some(About::Slot(asked)) = turn.state.about() else { return false };
    let answers = |value: &EntityValue| match asked {
        SlotName::OnBehalf => matches!(value, EntityValue::Relation(_)),
        SlotName::When | SlotName::Slot => matches!(value, EntityValue::When(_)),
        _ => false,
    };
    !has_reference(heard) && heard.entities.iter().any(|e| answers(&e.value))
}

/// Whether «να το αλλάξω» can only mean the booking under way.
fn stays_in_booking(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let booking = turn.state.in_flow("book_appointment");
    booking && turn.state.appointments.is_empty() && !has_reference(heard)
}

/// «Μήπως γίνεται στις δέκα;», «σε άλλο γραφείο»: a wish about the times on offer, put as a question.
fn speaks_of_times(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let asking = match heard.intent.name {
        Intent::AskChannel | Intent::AskDuration => true,
        Intent::AskOffice => heard.entities.iter().any(|e| matches!(e.value, EntityValue::Preference(_))),
        _ => false,
    };
    let timely = |e: &Entity| matches!(e.value, EntityValue::When(_) | EntityValue::Preference(_));
    asking
        && fill::asks(turn, SlotName::When)
        && heard.entities.iter().any(timely)
        && !heard.entities.iter().any(is_topic)
}

fn has_reference(heard: &Understanding) -> bool {
    heard.entities.iter().any(|e| matches!(e.value, EntityValue::Reference(_)))
}

/// A question about something: alone it is the task, inside a task it is answered and the task goes on.
///
/// What the words ask for, where they say it, counts more than what the intent does.
fn question(turn: &mut Turn<'_>, heard: &Understanding, (aspects, said): (Vec<Aspect>, Vec<Aspect>)) -> Begun {
    let first = turn.state.in_flow("explain") && turn.state.awaits(SlotName::Procedure);
    if first {
        return question_first(turn, heard, (aspects, said));
    }
    let aspects = if said.is_empty() { aspects } else { said };
    if turn.state.in_flow("explain") {
        turn.state.frames.pop();
    }
    turn.state.slots.confirm = None;
    let resumes = !turn.state.frames.is_empty();
    let booked = turn.state.appointments.last().map(|a| Topic::Service(a.service.clone()));
    let nothing_known = !resumes && !turn.state.slots.has(SlotName::Procedure);
    let frame = turn.push("explain");
    frame.aspects = aspects;
    if nothing_known && !heard.entities.iter().any(is_topic) {
        // «Τι χαρτιά να φέρω;» after a booking asks about what was booked.
        frame.topic = booked;
    }
    Begun::Opened
}

/// A question where it was asked which procedure is meant: it says what is wanted of it. Where only one was named, it is that.
fn question_first(turn: &mut Turn<'_>, heard: &Understanding, (aspects, said): (Vec<Aspect>, Vec<Aspect>)) -> Begun {
    let names_another = !said.contains(&Aspect::Deputy) && topic::says_more(turn, heard) || names_topic(turn, heard);
    let told_apart = turn.state.frame().is_some_and(|frame| !frame.among.is_empty()) && !names_another;
    let wanted = if told_apart && said.is_empty() { aspects } else { said };
    if let Some(frame) = turn.state.frame_mut().filter(|_| !wanted.is_empty()) {
        frame.aspects = wanted;
    }
    if !told_apart {
        return Begun::Nothing;
    }
    match topic::only(turn) {
        Some(id) => fill::set_topic(turn, Topic::Procedure(id)),
        None => turn.say("noted"),
    }
    advance::advance(turn);
    Begun::Answered
}

/// «Ποιος το δικαιούται;», «μπορεί να πάει η κόρη μου;», «πείτε μου τα όλα» about what was explained or named: the words say
/// what is asked, whatever the classifier makes of them.
pub fn asks_more(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    let said = wanted::aspects(turn, &heard.text);
    let said = if said.is_empty() && wanted::everything(turn, &heard.text) { whole() } else { said };
    let explaining = turn.state.frames.is_empty() || turn.state.in_flow("explain");
    if said.is_empty() || !explaining || names_topic(turn, heard) {
        return false;
    }
    if turn.state.in_flow("explain") && turn.state.awaits(SlotName::Procedure) {
        return question_first(turn, heard, (Vec::new(), said)) == Begun::Answered;
    }
    // Who goes is no other procedure, however it is said.
    let names_another = !said.contains(&Aspect::Deputy) && topic::says_more(turn, heard);
    let Some(known) = turn.state.slots.procedure.clone().filter(|_| !names_another) else { return false };
    question(turn, heard, (Vec::new(), said));
    fill::set_topic(turn, Topic::Procedure(known));
    advance::advance(turn);
    true
}

/// Whether a procedure or a service is named, and not only in the words that ask: «ποιος μπορεί να κάνει αίτηση».
fn names_topic(turn: &Turn<'_>, heard: &Understanding) -> bool {
    heard.entities.iter().any(|entity| is_topic(entity) && !wanted::asks_with(turn, &heard.text, &entity.text))
}

/// What is not understood as a question, with nothing open, may be the trouble that leads to one: asks whether it is.
pub fn guess(turn: &mut Turn<'_>, heard: &Understanding) -> bool {
    use Intent::{
        Complain, Correct, Deny, GoBack, Inform, OutOfScope, RequestCertificate, SubmitApplication, Thank, TrackRequest,
    };
    let unclear = heard.intent.confidence < super::SURE
        || matches!(heard.intent.name, OutOfScope | Inform | Complain | Correct | Deny | GoBack | Thank | TrackRequest)
        || matches!(heard.intent.name, RequestCertificate | SubmitApplication) && !heard.entities.iter().any(is_topic);
    let ids = if unclear && heard.intent.name != Intent::Emergency { topic::guess(turn, heard) } else { Vec::new() };
    if ids.is_empty() {
        return false;
    }
    let said = wanted::aspects(turn, &heard.text);
    let frame = turn.push("explain");
    let aspects = if said.is_empty() { whole() } else { said };
    (frame.aspects, frame.among, frame.question) = (aspects, ids, Some(topic::asked(heard)));
    advance::advance(turn);
    true
}

/// All that can be told about a procedure.
fn whole() -> Vec<Aspect> {
    Aspect::ALL.to_vec()
}

/// Nothing but a thing was named, with nothing open: asks what to do with it; more than a thing is a booking.
fn begin_by_topic(turn: &mut Turn<'_>, heard: &Understanding) -> Begun {
    let free = turn.state.frames.is_empty();
    let named = heard.entities.iter().any(is_topic);
    let guess = heard.intent.confidence < super::SURE;
    if !free
        || !named
        || !(guess || matches!(heard.intent.name, Intent::Inform | Intent::Affirm | Intent::Greet | Intent::OutOfScope))
    {
        return Begun::Nothing;
    }
    let more = turn.means("appointment", &heard.text)
        || heard.entities.iter().any(|e| matches!(e.value, EntityValue::When(_) | EntityValue::Mode(_)));
    open(turn, "book_appointment");
    if more {
        return Begun::Opened;
    }
    fill::fill(turn, heard);
    turn.state.frames.clear();
    if turn.replies.is_empty() {
        turn.ask_message("purpose", About::Purpose);
    } else {
        advance::advance(turn);
    }
    Begun::Answered
}

fn is_topic(entity: &Entity) -> bool {
    matches!(entity.value, EntityValue::Service { .. } | EntityValue::Procedure { .. })
}

/// A second task in the same breath waits for its turn.
fn second_wish(turn: &mut Turn<'_>, heard: &Understanding) {
    let second = heard.ranking.iter().skip(1).find(|r| r.confidence >= SECOND).map(|r| r.name);
    let other = second.filter(|intent| turn.flows.started_by(*intent).is_some_and(|f| !turn.state.in_flow(&f.name)));
    let joined = heard.text.contains(" και ") || heard.text.contains(" kai ") || heard.text.contains("μετά");
    if let Some(intent) = other.filter(|_| joined) {
        turn.state.pending = Some(intent);
        turn.say("second_wish");
    }
}

/// What a question asks to know.
fn aspects_of(intent: Intent) -> Option<Vec<Aspect>> {
    Some(match intent {
        Intent::ExplainProcedure => whole(),
        Intent::AskDocuments => vec![Aspect::Documents],
        Intent::AskCost => vec![Aspect::Cost],
        Intent::AskDuration => vec![Aspect::Duration],
        Intent::AskOffice => vec![Aspect::Office],
        Intent::AskChannel => vec![Aspect::Channel],
        Intent::RequestCertificate | Intent::SubmitApplication => vec![Aspect::Summary, Aspect::Channel],
        _ => return None,
    })
}
