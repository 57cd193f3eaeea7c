//! Sends what was explained as a message to the citizen's mobile, where he only heard the beginning of it.

use super::Next;
use crate::booking::identity::Phone;
use crate::dialog::io::Record;
use crate::dialog::state::Topic;
use crate::dialog::turn::Turn;
use crate::procedures::explain;

/// The most that a message holds, characters; the link to the rest always fits.
const LONGEST: usize = 600;

/// Whether there is more to read than was heard, and a way to send it.
#[must_use]
pub fn can_send(turn: &Turn<'_>) -> bool {
    let shortened = turn.state.frame().is_some_and(|frame| frame.shortened);
    shortened && turn.world.by_voice && turn.world.can_send
}

/// Sends it; a landline gets no messages, and the citizen is told so.
pub fn send(turn: &mut Turn<'_>) -> Next {
    let phone = turn.state.slots.phone.clone().and_then(|phone| Phone::parse(&phone).ok());
    let Some(phone) = phone.filter(Phone::is_mobile) else {
        turn.say("summary_not_sent");
        return Next::Done;
    };
    let topic = turn.state.frame().and_then(|frame| frame.topic.clone());
    let id = match topic {
        Some(Topic::Procedure(id)) => Some(id),
        _ => turn.state.slots.procedure.clone(),
    };
    let aspects = turn.state.frame().map(|frame| frame.aspects.clone()).unwrap_or_default();
    let Some(procedure) = id.and_then(|id| turn.world.procedures.get(&id)) else { return Next::Done };
    let text = shortened(&procedure.title, &explain::explain(procedure, &aspects).display, &procedure.source_url());
    turn.records.push(Record::Message { phone: phone.as_str().to_owned(), text });
    turn.say("summary_sent");
    Next::Done
}

/// Title, whole lines as long as they fit, and the page with all of it.
fn shortened(title: &str, explanation: &str, page: &str) -> String {
    let mut text = title.to_owned();
    for line in explanation.lines().filter(|line| !line.contains(page)) {
        if text.chars().count() + line.chars().count() + page.chars().count() + 2 > LONGEST {
            break;
        }
        text.push('\n');
        text.push_str(line);
    }
    format!("{text}\n{page}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_whole_lines_and_the_page() {
        let page = "https://id.mitos.gov.gr/1";
        let long = format!("• {}\n• δεύτερο\n", "α".repeat(700));
        assert_eq!(shortened("Τίτλος", &long, page), format!("Τίτλος\n{page}"));
        let short = format!("Θα χρειαστείτε:\n• Ταυτότητα\nΠερισσότερα: {page}");
        assert_eq!(shortened("Τίτλος", &short, page), format!("Τίτλος\nΘα χρειαστείτε:\n• Ταυτότητα\n{page}"));
    }
}
