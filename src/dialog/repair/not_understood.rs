//! Not understood: another wording each time, suggestions where there are any, and after three failures a person.

use super::human;
use crate::channel::turn::Choice;
use crate::dialog::advance;
use crate::dialog::flow::SlotName;
use crate::dialog::state::About;
use crate::dialog::turn::Turn;
use crate::procedures::near::LIKELY;

/// So many failures on one question, and a person takes over.
const MOST_MISSES: u8 = 3;
/// So many readings of an unclear word are offered.
const SUGGESTIONS: usize = 4;

/// The words were understood but do not answer the question: asks again in other words.
pub fn no_answer(turn: &mut Turn<'_>) {
    ask_again(turn, "not_understood", None);
}

/// The words speak of something that is not ours: says so, and asks again in other words.
pub fn beside(turn: &mut Turn<'_>) {
    ask_again(turn, "out_of_scope", None);
}

/// Asks again in other words; empty text means that nothing readable came.
pub fn answer(turn: &mut Turn<'_>, text: &str) {
    let message = if text.trim().is_empty() { "not_understood_empty" } else { "not_understood" };
    ask_again(turn, message, Some(text));
}

fn ask_again(turn: &mut Turn<'_>, message: &str, text: Option<&str>) {
    let about = turn.state.about();
    let misses = turn.state.open.as_mut().map_or(1, |open| {
        open.misses += 1;
        open.misses
    });
    turn.state.failures = turn.state.failures.saturating_add(1);
    if misses >= MOST_MISSES {
        turn.say("three_failures");
        return human::ask_for(turn, "not_understood");
    }
    if text.is_some_and(|text| suggest(turn, text)) {
        return;
    }
    turn.say(message);
    match about {
        Some(About::Change) => turn.ask_message("what_to_change", About::Change),
        Some(About::Purpose) => turn.ask_message("purpose", About::Purpose),
        _ if !turn.state.frames.is_empty() => advance::advance(turn),
        _ => turn.ask_message("help", About::AnythingElse),
    }
}

/// Readings of an unclear word, where a service or a procedure is asked for or nothing is open.
fn suggest(turn: &mut Turn<'_>, text: &str) -> bool {
    let topical = match turn.state.about() {
        Some(About::Slot(SlotName::Service | SlotName::Procedure)) => true,
        Some(About::AnythingElse) => text.split_whitespace().count() <= 4,
        _ => false,
    };
    // Of the few that were asked about one is meant: others would only confuse.
    let told_apart = turn.state.frame().is_some_and(|frame| !frame.among.is_empty());
    if !topical || told_apart || text.trim().is_empty() {
        return false;
    }
    let booking = turn.state.awaits(SlotName::Service);
    let procedures = turn.world.procedures;
    let likely = procedures.search(text, SUGGESTIONS * 2).into_iter().filter(|hit| hit.score >= LIKELY);
    let hits = likely.filter_map(|hit| procedures.get(&hit.id));
    let choices: Vec<Choice> = hits
        .filter(|p| !booking || p.service.is_some())
        .take(SUGGESTIONS)
        .map(|p| Choice { title: p.title.clone(), value: format!("procedure:{}", p.id) })
        .collect();
    if choices.is_empty() || turn.state.frames.is_empty() {
        return false;
    }
    turn.say("suggest");
    let Some(reply) = turn.replies.last_mut() else { return false };
    reply.choices.splice(0..0, choices);
    let choices = reply.choices.clone();
    let open = turn.state.open.as_ref().map(|o| (o.about, o.misses));
    let (about, misses) = open.unwrap_or((About::AnythingElse, 0));
    turn.open(about, choices, misses);
    true
}
