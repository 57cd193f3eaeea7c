//! The search index over the procedures: an inverted index in memory, and the names for a second look.

use std::collections::HashSet;

use tantivy::directory::RamDirectory;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, Searcher, TantivyDocument};

use super::analysis::{content_terms, root, terms};
use super::procedure::Procedure;
use super::sayings;
use super::vocabulary::{Vocabulary, WordId};
use super::wanted;
use crate::booking::id::OrganisationId;

/// Memory for building the index, bytes; it grows beyond when it must.
const BUILD_MEMORY: usize = 64 << 20;

/// The index of a set of procedures. Building it takes milliseconds for the bundled ones, about a second for all of them.
pub struct ProcedureIndex {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    /// In the order in which they were indexed: the place is the index's own number of the document.
    pub(super) entries: Vec<Entry>,
    /// The words of all names.
    pub(super) vocabulary: Vocabulary,
}

/// What of a procedure is searched, each weighted on its own.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) title: Field,
    pub(super) aliases: Field,
    pub(super) summary: Field,
    pub(super) documents: Field,
    /// The events of life it belongs to.
    pub(super) life_events: Field,
    /// The families of the words of title and aliases.
    pub(super) roots: Field,
}

/// What is known of an indexed procedure without reading it again.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) organisation: Option<OrganisationId>,
    /// How much likelier it is asked for than another, around 1.
    pub(super) wanted: f32,
    /// The words of its title, of each alias and of each saying.
    pub(super) names: Vec<Name>,
    /// How many of the names, from the first, are the registry's or ours; the others are sayings.
    pub(super) official: usize,
}

/// A name in the words of the vocabulary, and how telling each and all of them are.
pub(super) struct Name {
    pub(super) words: Vec<(WordId, f32)>,
    pub(super) weight: f32,
}

impl ProcedureIndex {
    /// Indexes procedures.
    ///
    /// # Errors
    /// When the index cannot be written, which in memory means that there is none left.
    pub fn build<'a>(procedures: impl Iterator<Item = &'a Procedure>) -> tantivy::Result<Self> {
        let (schema, fields) = schema();
        let mut writer = Index::builder()
            .schema(schema)
            .single_segment_index_writer::<TantivyDocument>(RamDirectory::create(), BUILD_MEMORY)?;
        let mut entries = Vec::new();
        let mut all_names = Vec::new();
        let mut vocabulary = Vocabulary::default();
        for procedure in procedures {
            let (official, said) = names(procedure);
            let names: Vec<Vec<String>> = official.iter().chain(&said).map(|name| content_terms(name)).collect();
            let distinct: HashSet<&String> = names.iter().flatten().collect();
            writer.add_document(document(procedure, &distinct, fields))?;
            entries.push(Entry {
                id: procedure.id.clone(),
                title: procedure.title.clone(),
                organisation: procedure.organisation.clone(),
                wanted: wanted::prior(procedure),
                official: official.len(),
                names: Vec::new(),
            });
            all_names.push(vocabulary.add(&names));
        }
        // How telling a word is, is known when all names are.
        for (entry, names) in entries.iter_mut().zip(all_names) {
            entry.names = names.into_iter().map(|words| name(words, &vocabulary)).collect();
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        Ok(Self { searcher, fields, entries, vocabulary })
    }
}

fn schema() -> (Schema, Fields) {
    // The terms are made by `analysis` and joined by spaces.
    let indexing =
        TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let mut builder = Schema::builder();
    let mut field = |name: &str| builder.add_text_field(name, options.clone());
    let fields = Fields {
        title: field("title"),
        aliases: field("aliases"),
        summary: field("summary"),
        documents: field("documents"),
        life_events: field("life_events"),
        roots: field("roots"),
    };
    (builder.build(), fields)
}

fn name(words: Vec<WordId>, vocabulary: &Vocabulary) -> Name {
    let words: Vec<_> = words.into_iter().map(|word| (word, vocabulary.telling(Some(word)))).collect();
    Name { weight: words.iter().map(|(_, weight)| weight).sum(), words }
}

/// What a procedure is called: by its title and aliases, and by people.
fn names(procedure: &Procedure) -> (Vec<&str>, Vec<&'static str>) {
    let titles = [&procedure.title].into_iter().chain(&procedure.for_what);
    let official = titles.chain(&procedure.aliases).map(String::as_str).collect();
    (official, sayings::of(&procedure.id).to_vec())
}

fn document(procedure: &Procedure, names: &HashSet<&String>, fields: Fields) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.title, terms(&procedure.title).join(" "));
    let aliases = procedure.aliases.iter().chain(&procedure.for_what).map(String::as_str);
    for alias in aliases.chain(sayings::of(&procedure.id).iter().copied()) {
        document.add_text(fields.aliases, terms(alias).join(" "));
    }
    if let Some(summary) = &procedure.summary {
        document.add_text(fields.summary, terms(summary).join(" "));
    }
    for needed in &procedure.documents {
        document.add_text(fields.documents, terms(&needed.name).join(" "));
        if let Some(note) = &needed.note {
            document.add_text(fields.documents, terms(note).join(" "));
        }
    }
    for event in &procedure.life_events {
        document.add_text(fields.life_events, terms(event).join(" "));
    }
    let roots: HashSet<String> = names.iter().filter_map(|term| root(term)).collect();
    document.add_text(fields.roots, roots.into_iter().collect::<Vec<_>>().join(" "));
    document
}
