//! Searching for a procedure in the words of a citizen.
//!
//! Two looks: the inverted index brings candidates by every word in every field, then each candidate is judged by how well
//! one of its names covers the question and the question covers the name.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Serialize;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::analysis::{content_terms, root, terms};
use super::index::{Entry, ProcedureIndex};
use crate::booking::id::OrganisationId;

/// How many candidates the second look judges.
const CANDIDATES: usize = 120;
/// The weight of a word that is said differently in the registry.
const SYNONYM: f32 = 0.6;
/// The weight of a word that was probably misspelt.
const MISSPELT: f32 = 0.7;
/// The weight of a word of the same family.
const FAMILY: f32 = 0.4;
/// How much the names count against the rest of the text.
const NAMES: f32 = 0.8;
/// What words are worth that stand in the description or the documents and in no name.
const ONLY_IN_TEXT: f32 = 0.1;
/// What a procedure that people ask for most is worth more than another.
const OFTEN_ASKED: f32 = 1.15;

static SYNONYMS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut synonyms: HashMap<String, Vec<String>> = HashMap::new();
    let lines = include_str!("data/synonyms.tsv").lines().filter(|line| !line.starts_with('#'));
    for (spoken, official) in lines.filter_map(|line| line.split_once('\t')) {
        for word in terms(spoken) {
            synonyms.entry(word).or_default().extend(terms(official));
        }
    }
    synonyms
});

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

/// A word of the question: the forms in which it may stand in a procedure, and how telling it is.
struct Asked {
    forms: Vec<(String, f32)>,
    root: Option<String>,
    weight: f32,
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
        let asked = self.asked(question);
        let candidates = self.candidates(&asked);
        let strongest = candidates.iter().map(|(score, _)| *score).fold(f32::MIN_POSITIVE, f32::max);
        let mut hits: Vec<(f32, &Entry)> = candidates
            .into_iter()
            .filter_map(|(score, place)| Some((score / strongest, self.entries.get(place)?)))
            .map(|(score, entry)| {
                let names = entry.names.iter().map(|name| self.fit(name, &asked)).fold(0.0, f32::max);
                let often = if entry.is_plain { OFTEN_ASKED } else { 1.0 };
                ((often * names * (NAMES + (1.0 - NAMES) * score)).max(ONLY_IN_TEXT * score), entry)
            })
            .collect();
        hits.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.id.cmp(&y.id)));
        hits.into_iter().take(limit).map(|(score, entry)| hit(entry, score)).collect()
    }

    fn asked(&self, question: &str) -> Vec<Asked> {
        let mut seen = HashSet::new();
        content_terms(question)
            .into_iter()
            .filter(|term| seen.insert(term.clone()))
            .map(|term| {
                let mut forms = vec![(term.clone(), 1.0)];
                forms.extend(SYNONYMS.get(&term).into_iter().flatten().map(|form| (form.clone(), SYNONYM)));
                let is_known = self.vocabulary.contains_key(&term);
                let nearest = if is_known { None } else { self.nearest(&term) };
                let root = root(nearest.as_deref().unwrap_or(&term));
                let weight = self.telling(nearest.as_deref().unwrap_or(&term));
                forms.extend(nearest.map(|form| (form, MISSPELT)));
                Asked { forms, root, weight }
            })
            .collect()
    }

    /// How telling a term is: the rarer in names, the more.
    fn telling(&self, term: &str) -> f32 {
        let all = self.entries.len() as f32;
        let having = self.vocabulary.get(term).copied().unwrap_or(0) as f32;
        (1.0 + all / (having + 1.0)).ln()
    }

    /// The known term that was probably meant: one slip in a word of four or more letters, two in one of eight or more.
    fn nearest(&self, term: &str) -> Option<String> {
        let length = term.chars().count();
        let slips = match length {
            0..4 => return None,
            4..8 => 1,
            _ => 2,
        };
        self.vocabulary
            .iter()
            .filter(|(known, _)| known.len().abs_diff(term.len()) <= slips && known.len() >= 4)
            .map(|(known, having)| (strsim::osa_distance(known, term), std::cmp::Reverse(*having), known))
            .filter(|(distance, ..)| *distance <= slips)
            .min()
            .map(|(.., known)| known.clone())
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
        ];
        let mut choices: Vec<Box<dyn Query>> = Vec::new();
        for (form, weight) in &word.forms {
            choices.extend(weighted.iter().map(|(field, boost)| term_query(*field, form, boost * weight)));
        }
        choices.extend(word.root.iter().map(|root| term_query(self.fields.roots, root, FAMILY)));
        Box::new(DisjunctionMaxQuery::with_tie_breaker(choices, 0.1))
    }

    /// How well a name and a question cover each other, 0 to 1.
    fn fit(&self, name: &[String], asked: &[Asked]) -> f32 {
        let mut covered_words = 0.0;
        let mut of_name = vec![0.0_f32; name.len()];
        for word in asked {
            let mut best = 0.0_f32;
            for (term, covered) in name.iter().zip(&mut of_name) {
                let likeness = likeness(word, term);
                best = best.max(likeness);
                *covered = covered.max(likeness);
            }
            covered_words += best * word.weight;
        }
        let all_words: f32 = asked.iter().map(|word| word.weight).sum();
        let weights: Vec<f32> = name.iter().map(|term| self.telling(term)).collect();
        let covered_name: f32 = of_name.iter().zip(&weights).map(|(covered, weight)| covered * weight).sum();
        let all_name: f32 = weights.iter().sum();
        if all_words <= 0.0 || all_name <= 0.0 {
            return 0.0;
        }
        (covered_words / all_words).powf(0.6) * (covered_name / all_name).powf(0.4)
    }
}

/// How much a term of a name is what was asked, 0 to 1.
fn likeness(word: &Asked, term: &str) -> f32 {
    let form = word.forms.iter().filter(|(form, _)| form == term).map(|(_, weight)| *weight).fold(0.0, f32::max);
    let family = word.root.as_ref().is_some_and(|root| term.len() > root.len() && term.starts_with(root.as_str()));
    if family { form.max(FAMILY) } else { form }
}

fn term_query(field: Field, term: &str, boost: f32) -> Box<dyn Query> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), boost))
}

fn hit(entry: &Entry, score: f32) -> Hit {
    Hit { id: entry.id.clone(), title: entry.title.clone(), score, organisation: entry.organisation.clone() }
}
