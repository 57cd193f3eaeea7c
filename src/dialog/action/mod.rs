//! Actions: what a flow does between its questions. Each file holds one concern: when it is due, what it asks of the world,
//! and what it says of the outcome.

pub mod book;
pub mod change;
pub mod explain;
pub mod find;
pub mod hand_off;
pub mod hold;
pub mod mode;
pub mod needs;
pub mod party;
pub mod proposal;
pub mod rating;
pub mod search;
pub mod summary;
pub mod waiting;

use super::flow::Action;
use super::io::{Outcome, Request};
use super::repair;
use super::turn::Turn;
use crate::booking::refusal::Refusal;

/// What follows an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is done and will not be done again in this flow.
    Done,
    /// The walk begins again from the top.
    Again,
    /// The turn is over: a question was asked, or the world was.
    Wait,
    /// The flow is left.
    Leave,
}

/// The messages an action may say, for the check at load.
#[must_use]
pub fn messages_of(action: Action) -> &'static [&'static str] {
    match action {
        Action::CheckMode => &["not_by_video", "mode_not_served"],
        Action::CheckParty => &["party_of_one", "party_most", "party_noted"],
        Action::CheckNeeds => needs::MESSAGES,
        Action::Search => {
            const SAID: &[&str] = &[
                "nothing_free",
                "wish_holiday",
                "wish_closed",
                "wish_hours",
                "wish_soon",
                "wish_horizon",
                "wish_not_yet",
                "wish_kept",
                "wish_nobody",
                "wish_full",
                "nothing_free_now",
                "full_there",
                "wait_instead",
                "wait_for_there",
                "employee_busy",
                "employee_busy_then",
            ];
            SAID
        }
        Action::Hold => &["slot_taken"],
        Action::Book => &["booked", "limit_reached", "slot_taken"],
        Action::Find => &["not_found", "bad_reference"],
        Action::JoinWaitingList => &["waiting_joined", "already_waits", "limit_reached", "free_again"],
        Action::FindWait => &["wait_not_found", "bad_reference"],
        Action::TellWait => &["wait_still", "wait_outrun", "wait_booked", "wait_over"],
        Action::AcceptOffer => &["offer_accepted", "offer_gone", "offer_over", "offer_declined", "offer_limit"],
        Action::LeaveWaitingList => &["waiting_left", "wait_booked"],
        Action::CheckChangeable => &["too_late", "not_standing"],
        Action::TellAppointment => &["appointment", "cannot_be_kept"],
        Action::Cancel => &["cancelled", "too_late"],
        Action::Reschedule => &["rescheduled", "slot_taken", "too_late"],
        Action::AcceptProposal => &["rescheduled", "proposal_declined", "proposal_gone"],
        Action::Explain => &["service_facts", "office_facts", "no_topic_facts"],
        Action::SendSummary => &["summary_sent", "summary_not_sent"],
        Action::HandOff => &["handing_over", "desk_closed"],
        Action::RequestCallback => &["callback_noted"],
        Action::RecordRating => &["rating_thanks"],
        Action::AgreeToWait | Action::End => &[],
    }
}

/// Whether an action has something to do now.
#[must_use]
pub fn due(turn: &Turn<'_>, action: Action) -> bool {
    let done = turn.state.frame().is_some_and(|frame| frame.done.contains(&action));
    match action {
        Action::CheckMode => mode::due(turn),
        Action::CheckParty => party::due(turn),
        Action::CheckNeeds => needs::due(turn),
        Action::Search => search::due(turn),
        Action::Hold => hold::due(turn),
        Action::Find => turn.state.current_appointment().is_none(),
        _ => !done,
    }
}

/// Does an action.
pub fn run(turn: &mut Turn<'_>, action: Action) -> Next {
    match action {
        Action::CheckMode => mode::run(turn),
        Action::CheckParty => party::run(turn),
        Action::CheckNeeds => needs::run(turn),
        Action::Search => search::run(turn),
        Action::Hold => hold::run(turn),
        Action::Book => book::run(turn),
        Action::Find => find::run(turn),
        Action::CheckChangeable => find::check_changeable(turn),
        Action::TellAppointment => find::tell(turn),
        Action::Cancel => change::cancel(turn),
        Action::Reschedule => change::reschedule(turn),
        Action::AgreeToWait => waiting::agree(turn),
        Action::JoinWaitingList => waiting::join(turn),
        Action::FindWait => waiting::find(turn),
        Action::TellWait => waiting::tell(turn),
        Action::AcceptOffer => waiting::accept(turn),
        Action::LeaveWaitingList => waiting::leave(turn),
        Action::AcceptProposal => proposal::accept(turn),
        Action::Explain => explain::run(turn),
        Action::SendSummary => summary::send(turn),
        Action::HandOff => hand_off::run(turn),
        Action::RequestCallback => hand_off::request_callback(turn),
        Action::RecordRating => rating::run(turn),
        Action::End => {
            turn.state.status = crate::channel::turn::Status::Ended;
            Next::Wait
        }
    }
}

/// Takes what came of a request and goes on.
pub fn receive(turn: &mut Turn<'_>, outcome: Outcome) {
    match outcome {
        Outcome::Found(result) => search::receive(turn, result),
        Outcome::Held(result) => hold::receive(turn, result),
        Outcome::Booked(result) => book::receive(turn, result.map(|a| *a)),
        Outcome::Appointment(result) => find::receive(turn, result.map(|a| *a)),
        Outcome::Cancelled(result) => change::cancelled(turn, result.map(|a| *a)),
        Outcome::Rescheduled(result) => change::rescheduled(turn, result.map(|a| *a)),
        Outcome::Waiting(answered) => waiting::receive(turn, answered),
        Outcome::ProposalAccepted(result) => proposal::accepted(turn, result.map(|a| *a)),
        Outcome::ProposalDeclined(result) => proposal::declined(turn, result.map(|a| *a)),
    }
    super::advance::advance(turn);
}

/// Asks something of the world; the turn goes on with its outcome.
fn ask_world(turn: &mut Turn<'_>, request: Request) -> Next {
    turn.request = Some(request);
    Next::Wait
}

/// The world said no for a reason that is nobody's wish: says so, and leaves the flow unless trying again may help.
fn give_up(turn: &mut Turn<'_>, refusal: &Refusal) {
    tracing::warn!(code = refusal.code(), "a request was refused");
    if let Refusal::Unavailable(_) = refusal {
        return repair::try_again::offer(turn);
    }
    turn.say("internal");
    turn.pop();
}
