//! What a question is near to: one procedure, or a few that must be told apart.

use super::book::ProcedureBook;
use super::search::Hit;

/// Below this score a hit of the search is a guess, and a guess is not told.
pub const LIKELY: f32 = 0.3;
/// How near a hit must come to the best one, of 1, to be as likely meant: with this, over the questions of
/// `tests/procedures/queries.dev.tsv`, three in a hundred are answered wrongly and three in ten are asked about.
const CLOSE: f32 = 0.9;
/// How many are told apart at most: what a person keeps in mind.
const MOST: usize = 4;

impl ProcedureBook {
    /// The procedures that a question may mean, the likeliest first: one, or a few that are as likely; none when there are only guesses.
    ///
    /// It is asked for its words and not for the names heard in it: «πέθανε ο άντρας μου, τι γίνεται με τη σύνταξη» names a pension, but
    /// not the one of old age.
    #[must_use]
    pub fn near(&self, question: &str) -> Vec<Hit> {
        let hits = self.search(question, MOST);
        let best = hits.first().map_or(0.0, |hit| hit.score);
        hits.into_iter().filter(|hit| hit.score >= LIKELY && hit.score >= best * CLOSE).collect()
    }
}
