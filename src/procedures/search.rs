//! Searching for a procedure in the words of a citizen.
//!
//! Two looks: the inverted index brings candidates by every word in every field, then each candidate is judged by how well
//! its names and the question cover each other. docs/SEARCH.md tells how well they are found.

use serde::Serialize;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::fit::{WAYS, ways};
use super::index::{Entry, ProcedureIndex};
use super::question::{Asked, FAMILY, Question};
use crate::booking::id::OrganisationId;

/// How many candidates the second look judges.
const CANDIDATES: usize = 200;
/// How much each way of fitting counts, in the order of [`ways`]: learned on the questions of
/// `tests/procedures/queries.dev.tsv` and on sayings that were left out of the index, as those under which the right
/// procedure is likeliest.
const WEIGHTS: [f32; WAYS] = [0.204, 0.108, 0.118, 0.063, 0.073, 0.150, 0.178, 0.105];

/// A procedure that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Registry number.
    pub id: String,
    /// Official title.
    pub title: String,
    /// How well it fits, from 0 to about 1.2; comparable between queries.
    pub score: f32,
    /// Who provides it, when known.
    pub organisation: Option<OrganisationId>,
}

impl ProcedureIndex {
    /// The procedures that fit the question best, the best first, at most `limit`.
    ///
    /// A score below 0.3 is a guess. A registry number finds its procedure. Greek and Greeklish, with or without accents, are understood alike.
    #[must_use]
    pub fn search(&self, question: &str, limit: usize) -> Vec<Hit> {
        let number = question.trim();
        if let Some(entry) = self.entries.iter().find(|entry| entry.id == number) {
            return vec![hit(entry, 1.0)];
        }
        let mut hits: Vec<(f32, &Entry)> =
            self.judged(question).into_iter().map(|(entry, ways)| (score(entry, &ways), entry)).collect();
        hits.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.id.cmp(&y.id)));
        hits.into_iter().take(limit).map(|(score, entry)| hit(entry, score)).collect()
    }

    /// The candidates for a question, and the ways in which each fits.
    pub(super) fn judged(&self, question: &str) -> Vec<(&Entry, [f32; WAYS])> {
        let question = Question::read(question, &self.vocabulary);
        let candidates = self.candidates(&question.words);
        let strongest = candidates.iter().map(|(score, _)| *score).fold(f32::MIN_POSITIVE, f32::max);
        let known =
            candidates.into_iter().filter_map(|(score, place)| Some((score / strongest, self.entries.get(place)?)));
        known.map(|(score, entry)| (entry, ways(entry, &question, score))).collect()
    }

    fn candidates(&self, asked: &[Asked]) -> Vec<(f32, usize)> {
        let clauses = asked.iter().map(|word| self.clause(word)).collect();
        let found =
            self.searcher.search(&BooleanQuery::union(clauses), &TopDocs::with_limit(CANDIDATES).order_by_score());
        match found {
            Ok(found) => found.into_iter().map(|(score, address)| (score, address.doc_id as usize)).collect(),
            Err(error) => {
                tracing::error!(%error, "the index of procedures does not answer");
                Vec::new()
            }
        }
    }

    /// The best of a word's forms in the best field.
    fn clause(&self, word: &Asked) -> Box<dyn Query> {
        let weighted = [
            (self.fields.aliases, 1.2),
            (self.fields.title, 1.0),
            (self.fields.summary, 0.5),
            (self.fields.documents, 0.2),
            (self.fields.life_events, 0.15),
        ];
        let mut choices: Vec<Box<dyn Query>> = Vec::new();
        for (form, weight) in &word.forms {
            choices.extend(weighted.iter().map(|(field, boost)| term_query(*field, form, boost * weight)));
        }
        choices.extend(word.root.iter().map(|root| term_query(self.fields.roots, root, FAMILY)));
        Box::new(DisjunctionMaxQuery::with_tie_breaker(choices, 0.1))
    }
}

fn score(entry: &Entry, ways: &[f32; WAYS]) -> f32 {
    entry.wanted * ways.iter().zip(WEIGHTS).map(|(way, weight)| way * weight).sum::<f32>()
}

fn term_query(field: Field, term: &str, boost: f32) -> Box<dyn Query> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), boost))
}

fn hit(entry: &Entry, score: f32) -> Hit {
    Hit { id: entry.id.clone(), title: entry.title.clone(), score, organisation: entry.organisation.clone() }
}
