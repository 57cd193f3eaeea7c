//! What came of all the conversations.

use std::collections::BTreeMap;

use serde::Serialize;

use super::judge::Verdict;
use super::session::Played;

/// The whole run, as `--json` prints it.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Conversations.
    pub n: usize,
    /// Those in which the citizen got what was wanted, and nothing else.
    pub succeeded: usize,
    /// `succeeded` of `n`, 0 to 1.
    pub success_rate: f64,
    /// Appointments in the database that fit no citizen's goal, or to which nobody said yes.
    pub wrong_bookings: usize,
    /// Turns of the citizen until the goal was reached, over those who succeeded.
    pub turns_median: usize,
    /// The same, which one in twenty exceeds.
    pub turns_p95: usize,
    /// The same by the kind of goal.
    pub by_goal: BTreeMap<&'static str, Tally>,
    /// Those who did not get what they wanted.
    pub failures: Vec<Failure>,
}

/// The conversations of one kind of goal.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tally {
    /// Conversations.
    pub n: usize,
    /// Those that succeeded.
    pub succeeded: usize,
}

/// A conversation that failed.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// The number of the citizen.
    pub index: usize,
    /// The kind of the goal.
    pub goal: &'static str,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Counts; `orphans` are appointments that no conversation made.
    #[must_use]
    pub fn of(judged: &[(Played, Verdict)], orphans: usize) -> Self {
        let mut by_goal: BTreeMap<&'static str, Tally> = BTreeMap::new();
        let mut failures = Vec::new();
        let mut turns = Vec::new();
        for (played, verdict) in judged {
            let goal = played.goal.kind().as_str();
            let tally = by_goal.entry(goal).or_default();
            tally.n += 1;
            if verdict.succeeded() {
                tally.succeeded += 1;
                turns.push(played.turns);
            } else {
                let reason = verdict.reason.clone().unwrap_or_default();
                failures.push(Failure { index: played.index, goal, reason });
            }
        }
        turns.sort_unstable();
        let succeeded = turns.len();
        Self {
            n: judged.len(),
            succeeded,
            success_rate: if judged.is_empty() { 0.0 } else { succeeded as f64 / judged.len() as f64 },
            wrong_bookings: judged.iter().map(|(_, verdict)| verdict.wrong).sum::<usize>() + orphans,
            turns_median: quantile(&turns, 50),
            turns_p95: quantile(&turns, 95),
            by_goal,
            failures,
        }
    }
}

/// The value that so many in a hundred do not exceed; 0 of nothing.
fn quantile(sorted: &[usize], hundredths: usize) -> usize {
    let at = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}
