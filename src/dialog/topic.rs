//! What a question is about: what was named in it, else what its words are nearest to; and where several are as near, which of them.

use super::apart::{Part, Split};
use super::fill;
use super::flow::{Action, SlotName};
use super::state::{About, Topic};
use super::turn::Turn;
use crate::channel::turn::Choice;
use crate::greek::display;
use crate::nlu::{EntityValue, Intent, Understanding};
use crate::procedures::Hit;
use crate::procedures::analysis::{telling_terms, terms};

/// From this score on a procedure is meant even where nothing shows that a new one is asked about, or that one is asked about at all.
pub const STRONG: f32 = 0.65;
/// What several words must reach together that choose one of a few.
const CHOOSES: f32 = 0.5;
/// How much better the chosen one must fit than the next.
const CLEARLY: f32 = 1.1;
/// The longest title on a button, characters.
const LONGEST_TITLE: usize = 90;

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// Nothing that could be told: it speaks of what was spoken of before, or of nothing known.
    Nothing,
    /// One thing.
    One(Topic),
    /// A few procedures that must be told apart.
    Few(Vec<String>),
}

/// What an utterance asks about, where an explanation is open.
#[must_use]
pub fn meant(turn: &Turn<'_>, heard: &Understanding) -> Meant {
    let names = heard.entities.iter().filter_map(|e| Some((topic_of(&e.value)?, &e.text)));
    let (named, name) = names.min_by_key(|(topic, _)| rank(topic, heard.intent.name)).unzip();
    let several = names_several(heard);
    let more = several || says_more(turn, heard);
    match named {
        Some(topic) if !more => return Meant::One(topic),
        Some(topic @ Topic::Office(_)) if heard.intent.name == Intent::AskOffice => return Meant::One(topic),
        None if !more => return Meant::Nothing,
        _ => {}
    }
    // What answers the question behind an explanation asks nothing: only a name changes what is spoken of.
    let explained = turn.state.frame().is_some_and(|frame| frame.done.contains(&Action::Explain));
    if explained {
        return named.map_or(Meant::Nothing, Meant::One);
    }
    // What is asked in passing does not change what is spoken of.
    let awaited = turn.state.awaits(SlotName::Procedure);
    let known = turn.state.slots.has(SlotName::Procedure) && !awaited;
    let surely = known && named.is_none() || matches!(named, Some(Topic::Office(_) | Topic::Organisation(_)));
    let asked = asked_of(turn, heard, known && named.is_none());
    let mut near = turn.world.procedures.near(&asked);
    if !is_strong(&near) {
        match &turn.state.frame().and_then(|frame| frame.question.clone()).filter(|_| awaited) {
            // What does not choose among a few says more about what was asked before.
            Some(question) => near = turn.world.procedures.near(&format!("{question} {asked}")),
            None if surely || named.is_some() => near.clear(),
            None => {}
        }
    }
    // A service has many procedures: the rest of the words may clearly tell one of them.
    let exact = match (&named, near.as_slice()) {
        (Some(Topic::Service(service)), [only]) => only.score >= STRONG && serves(turn, only, service),
        _ => false,
    };
    if !several && !exact && name.is_some_and(|name| is_of_name(turn, name, &near)) {
        near.clear();
    }
    let spoken_of = turn.state.slots.procedure.as_ref().filter(|_| known && named.is_none());
    match (near.as_slice(), named) {
        ([], Some(topic)) => Meant::One(topic),
        ([], None) => Meant::Nothing,
        (near, _) if near.iter().any(|hit| Some(&hit.id) == spoken_of) => Meant::Nothing,
        ([only], Some(Topic::Service(service))) if !exact && serves(turn, only, &service) => {
            Meant::One(Topic::Service(service))
        }
        ([only], _) => Meant::One(Topic::Procedure(only.id.clone())),
        (few, _) => few_or_one(turn, few, &heard.text),
    }
}

/// What is asked of the search: a single word, where something is spoken of already, is about that («και αν μου το κλέψανε;»).
fn asked_of(turn: &Turn<'_>, heard: &Understanding, follows: bool) -> String {
    let asked = asked(heard);
    let spoken_of = turn.state.slots.procedure.as_ref().and_then(|id| turn.world.procedures.get(id));
    match spoken_of.filter(|_| follows && telling_terms(&asked).len() == 1) {
        Some(procedure) => format!("{} {asked}", procedure.title),
        None => asked,
    }
}

/// «Η επικουρική σύνταξη λόγω θανάτου» names the supplementary pension and the one after a death, and means neither alone.
fn names_several(heard: &Understanding) -> bool {
    let mut ids = heard.entities.iter().filter_map(|entity| match &entity.value {
        EntityValue::Procedure { id, .. } => Some(id),
        _ => None,
    });
    ids.next().is_some_and(|first| ids.any(|other| other != first))
}

/// Whether words were found only by the name that is heard in them: then they say nothing against what it names.
#[must_use]
pub fn is_of_name(turn: &Turn<'_>, name: &str, found: &[Hit]) -> bool {
    let by_name = turn.world.procedures.search(name, 1);
    found.first().is_some_and(|best| by_name.first().is_some_and(|hit| hit.id == best.id))
}

/// The few, without those that what was said rules out: nobody is asked what he has just told.
fn few_or_one(turn: &Turn<'_>, few: &[Hit], text: &str) -> Meant {
    let ids = told_apart(turn, few.iter().map(|hit| hit.id.clone()).collect(), text);
    match ids.as_slice() {
        [only] => Meant::One(Topic::Procedure(only.clone())),
        _ => Meant::Few(ids),
    }
}

/// Those of the procedures for which holds what was said.
fn told_apart(turn: &Turn<'_>, mut ids: Vec<String>, text: &str) -> Vec<String> {
    while let Some(places) = split(turn, &ids).and_then(|split| Some(split.parts[split.chosen(text)?].places.clone())) {
        if places.len() == ids.len() {
            break;
        }
        ids = places.into_iter().map(|place| ids[place].clone()).collect();
    }
    ids
}

/// What somebody may want to know who asks nothing that is understood, with nothing open: «το δίπλωμά μου το έφαγε το πλυντήριο».
#[must_use]
pub fn guess(turn: &Turn<'_>, heard: &Understanding) -> Vec<String> {
    // Who speaks of an appointment, or says where and when, wants one.
    let asked = asked(heard);
    if asked != heard.text || turn.means("appointment", &heard.text) {
        return Vec::new();
    }
    if !turn.state.frames.is_empty() || telling_terms(&asked).len() < 2 || !says_more(turn, heard) {
        return Vec::new();
    }
    let near = turn.world.procedures.near(&asked);
    let ids = if is_strong(&near) { near.into_iter().map(|hit| hit.id).collect() } else { Vec::new() };
    told_apart(turn, ids, &heard.text)
}

/// Asks which of the procedures is meant that are as likely.
pub fn ask(turn: &mut Turn<'_>) {
    let among = among(turn);
    let misses = turn.state.open.as_ref().map_or(0, |open| open.misses);
    let mut choices = Vec::new();
    let facts = turn.facts();
    // Whom a fact did not help reads what there is.
    match split(turn, &among).filter(|_| misses == 0) {
        _ if among.len() == 1 => {
            let name = turn.world.procedures.get(&among[0]).map_or_else(String::new, fill::name_in_sentence);
            turn.say_with("is_it_this", &facts.with_note(name));
            choices.push(choice("Ναι", format!("procedure:{}", among[0])));
            turn.state.explained = Some(among[0].clone());
        }
        Some(split) => {
            let phrases: Vec<String> = split.parts.iter().map(|part| part.phrase.to_owned()).collect();
            let question = format!("{}: {};", split.question, either(&phrases));
            choices.extend(split.parts.iter().map(|part| choice(part.title, value(part, &among))));
            turn.say_with("tell_apart", &facts.with_note(question));
        }
        _ => {
            let titles: Vec<String> = among.iter().map(|id| title(turn, id)).collect();
            choices.extend(titles.iter().zip(&among).map(|(title, id)| choice(title, format!("procedure:{id}"))));
            turn.say_with("which_of_these", &facts.with_items(titles));
        }
    }
    if let Some(reply) = turn.replies.last_mut() {
        reply.choices.splice(0..0, choices);
        let choices = reply.choices.clone();
        turn.open(About::Slot(SlotName::Procedure), choices, misses);
    }
}

/// «α ή β»; «με α ή β, ή με γ» where one of them is a choice already.
fn either(phrases: &[String]) -> String {
    match phrases.split_last() {
        Some((last, rest)) if !rest.is_empty() && phrases.iter().any(|phrase| phrase.contains(" ή ")) => {
            format!("{}, ή {last}", rest.join(", "))
        }
        _ => display::list(phrases, "ή"),
    }
}

/// The choice that words mean, where it was asked which of a few is meant.
#[must_use]
pub fn chosen(turn: &Turn<'_>, heard: &Understanding) -> Option<String> {
    let among = among(turn);
    if among.len() < 2 || !turn.state.awaits(SlotName::Procedure) {
        return None;
    }
    let by_fact = split(turn, &among).and_then(|split| Some(value(&split.parts[split.chosen(&heard.text)?], &among)));
    by_fact.or_else(|| by_search(turn, &heard.text, &among))
}

/// The one of a few that words are clearly nearest to, and nearer than to any other procedure.
fn by_search(turn: &Turn<'_>, text: &str, among: &[String]) -> Option<String> {
    if telling_terms(text).is_empty() {
        return None;
    }
    let hits = turn.world.procedures.search(text, 20);
    let best = hits.first().filter(|hit| among.contains(&hit.id) && hit.score >= CHOOSES)?;
    let next = hits.iter().skip(1).find(|hit| among.contains(&hit.id));
    next.is_none_or(|next| best.score >= next.score * CLEARLY).then(|| format!("procedure:{}", best.id))
}

/// None of them: asks for the topic in other words.
pub fn none_of_them(turn: &mut Turn<'_>) {
    if let Some(frame) = turn.state.frame_mut() {
        (frame.among, frame.topic) = (Vec::new(), None);
    }
    turn.state.slots.clear(SlotName::Procedure);
    turn.state.slots.clear(SlotName::Service);
    if let Some(open) = turn.state.open.as_mut() {
        open.misses = 1;
        open.choices.clear();
    }
}

/// It cannot be said which: shows them by their titles.
pub fn unsure(turn: &mut Turn<'_>) {
    if let Some(open) = turn.state.open.as_mut() {
        open.misses += 1;
    }
}

/// Only these of the few are meant.
pub fn narrow(turn: &mut Turn<'_>, ids: &str) {
    if let Some(frame) = turn.state.frame_mut() {
        frame.among.retain(|id| ids.split(',').any(|kept| kept == id));
    }
}

/// The one procedure about which it was asked whether it is meant.
#[must_use]
pub fn only(turn: &Turn<'_>) -> Option<String> {
    match among(turn).as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn among(turn: &Turn<'_>) -> Vec<String> {
    turn.state.frame().map(|frame| frame.among.clone()).unwrap_or_default()
}

fn split<'a>(turn: &Turn<'a>, among: &[String]) -> Option<Split<'a>> {
    let titles: Option<Vec<&str>> =
        among.iter().map(|id| turn.world.procedures.get(id).map(|p| p.title.as_str())).collect();
    turn.flows.apart().split(&titles?)
}

fn value(part: &Part<'_>, among: &[String]) -> String {
    let ids: Vec<&str> = part.places.iter().map(|place| among[*place].as_str()).collect();
    match ids.as_slice() {
        [only] => format!("procedure:{only}"),
        several => format!("among:{}", several.join(",")),
    }
}

fn choice(title: &str, value: String) -> Choice {
    Choice { title: title.to_owned(), value }
}

/// A title short enough for a button: whole words.
#[must_use]
pub fn title(turn: &Turn<'_>, id: &str) -> String {
    let title = turn.world.procedures.get(id).map_or("", |procedure| procedure.title.as_str());
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let cut: String = title.chars().take(LONGEST_TITLE).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words).trim_end_matches([',', ';']))
}

fn is_strong(near: &[Hit]) -> bool {
    near.first().is_some_and(|hit| hit.score >= STRONG)
}

fn serves(turn: &Turn<'_>, hit: &Hit, service: &crate::booking::id::ServiceId) -> bool {
    turn.world.procedures.get(&hit.id).is_some_and(|procedure| procedure.service.as_ref() == Some(service))
}

/// What was said without where, when and who: what an office is called says nothing about what is wanted there.
#[must_use]
pub fn asked(heard: &Understanding) -> String {
    use EntityValue::{
        Email, Employee, Language, Mode, Office, PersonName, Persons, Phone, Place, Preference, Reference, When,
    };
    let beside = |value: &EntityValue| {
        matches!(
            value,
            Office { .. }
                | Place { .. }
                | When(_)
                | Mode(_)
                | PersonName(_)
                | Phone(_)
                | Email(_)
                | Reference(_)
                | Persons(_)
                | Language(_)
                | Employee { .. }
                | Preference(_)
        )
    };
    let spans: Vec<_> = heard.entities.iter().filter(|e| beside(&e.value)).map(|e| e.start..e.end).collect();
    let letters = heard.text.chars().enumerate();
    letters.map(|(at, letter)| if spans.iter().any(|span| span.contains(&at)) { ' ' } else { letter }).collect()
}

/// Whether words say more about what is wanted than names that were heard in them and words of any question.
#[must_use]
pub fn says_more(turn: &Turn<'_>, heard: &Understanding) -> bool {
    let names = heard.entities.iter().filter(|entity| topic_of(&entity.value).is_some());
    let known: Vec<String> = names.flat_map(|name| terms(&name.text)).collect();
    let usual = turn.flows.follow_up();
    telling_terms(&asked(heard)).iter().any(|term| !known.contains(term) && !usual.contains(term))
}

/// The topic that a value names.
#[must_use]
pub fn topic_of(value: &EntityValue) -> Option<Topic> {
    Some(match value {
        EntityValue::Procedure { id, .. } => Topic::Procedure(id.clone()),
        EntityValue::Service { id } => Topic::Service(id.clone()),
        EntityValue::Office { id, .. } => Topic::Office(id.clone()),
        EntityValue::Organisation { id } => Topic::Organisation(id.clone()),
        _ => return None,
    })
}

/// Where it is: an office says most. Everything else: a procedure says most.
fn rank(topic: &Topic, intent: Intent) -> u8 {
    match topic {
        Topic::Office(_) if intent == Intent::AskOffice => 0,
        Topic::Procedure(_) => 1,
        Topic::Service(_) => 2,
        Topic::Office(_) => 3,
        Topic::Organisation(_) => 4,
    }
}
