//! «Γιατί το ρωτάτε;»

use crate::dialog::advance;
use crate::dialog::flow::StepKind;
use crate::dialog::state::About;
use crate::dialog::turn::Turn;

/// Says why the open question is asked, then asks it again.
pub fn answer(turn: &mut Turn<'_>) {
    let about = turn.state.about();
    let step = turn.flow().and_then(|flow| {
        flow.steps.iter().find(|step| match (step.kind, about) {
            (StepKind::Ask(name), Some(About::Slot(slot))) => name == slot,
            (StepKind::Confirm, Some(About::Confirm)) => true,
            _ => false,
        })
    });
    match step.and_then(|step| step.why.as_ref()) {
        Some(why) => {
            let reply = turn.flows.wording.render(why, &turn.facts(), Vec::new());
            turn.replies.push(reply);
        }
        None => turn.say("why"),
    }
    advance::advance(turn);
}
