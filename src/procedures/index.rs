//! The search index over the procedures: an inverted index in memory, and the names for a second look.

use std::collections::{HashMap, HashSet};

use tantivy::directory::RamDirectory;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, Searcher, TantivyDocument};

use super::analysis::{content_terms, root, terms};
use super::procedure::Procedure;
use crate::booking::id::OrganisationId;

/// Memory for building the index, bytes; it grows beyond when it must.
const BUILD_MEMORY: usize = 64 << 20;

/// The index of a set of procedures. Building it takes milliseconds for the bundled ones, about a second for all of them.
pub struct ProcedureIndex {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    /// In the order in which they were indexed: the place is the index's own number of the document.
    pub(super) entries: Vec<Entry>,
    /// Each term of the names, and how many procedures have it in a name.
    pub(super) vocabulary: HashMap<String, u32>,
}

/// What of a procedure is searched, each weighted on its own.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) title: Field,
    pub(super) aliases: Field,
    pub(super) summary: Field,
    pub(super) documents: Field,
    /// The families of the words of title and aliases.
    pub(super) roots: Field,
}

/// What is known of an indexed procedure without reading it again.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) organisation: Option<OrganisationId>,
    /// Described in plain words: one of those that people ask for most.
    pub(super) is_plain: bool,
    /// The terms of its title and of each alias.
    pub(super) names: Vec<Vec<String>>,
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
        let mut vocabulary: HashMap<String, u32> = HashMap::new();
        for procedure in procedures {
            let entry = entry(procedure);
            let distinct: HashSet<&String> = entry.names.iter().flatten().collect();
            for term in &distinct {
                *vocabulary.entry((*term).clone()).or_default() += 1;
            }
            writer.add_document(document(procedure, &distinct, fields))?;
            entries.push(entry);
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
        roots: field("roots"),
    };
    (builder.build(), fields)
}

fn entry(procedure: &Procedure) -> Entry {
    let titles = [&procedure.title].into_iter().chain(&procedure.for_what);
    let names = titles.chain(&procedure.aliases).map(|name| content_terms(name)).collect();
    Entry {
        id: procedure.id.clone(),
        title: procedure.title.clone(),
        organisation: procedure.organisation.clone(),
        is_plain: procedure.for_what.is_some(),
        names,
    }
}

fn document(procedure: &Procedure, names: &HashSet<&String>, fields: Fields) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.title, terms(&procedure.title).join(" "));
    for alias in procedure.aliases.iter().chain(&procedure.for_what) {
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
    let roots: HashSet<String> = names.iter().filter_map(|term| root(term)).collect();
    document.add_text(fields.roots, roots.into_iter().collect::<Vec<_>>().join(" "));
    document
}
