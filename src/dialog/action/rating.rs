//! Records the rating and thanks.

use super::Next;
use crate::channel::turn::Event;
use crate::dialog::io::Record;
use crate::dialog::turn::Turn;

/// Records the rating.
pub fn run(turn: &mut Turn<'_>) -> Next {
    if let Some(rating) = turn.state.slots.rating {
        turn.events.push(Event::FeedbackGiven { rating });
        turn.records.push(Record::Feedback { rating });
    }
    turn.say("rating_thanks");
    Next::Done
}
