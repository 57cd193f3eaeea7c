//! Where procedures come from: the plain words carried inside the binary, and records of the national registry.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::procedure::Procedure;
use super::record;
use crate::assets::{ProcedureFiles, texts};

/// What was read from a file of records.
#[derive(Debug, Default)]
pub struct Ingested {
    /// The procedures, in the order of the file; of two with one id the later.
    pub procedures: Vec<Procedure>,
    /// The lines that were left out, and why.
    pub skipped: Vec<Skipped>,
}

/// A line that is no usable record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Line, from 1.
    pub line: usize,
    /// Its registry number, where at least that can be read.
    pub id: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

/// Why a file of records could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file cannot be opened.
    #[error("cannot open {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Reading stopped: damaged compression or a device error.
    #[error("cannot read {path} after line {line}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The last line that was read, from 1.
        line: usize,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The procedures carried inside the binary, in plain words.
///
/// # Panics
/// When a carried file does not read, which the build's own tests would show.
#[must_use]
pub fn bundled() -> Vec<Procedure> {
    texts::<ProcedureFiles>("", ".yaml")
        .into_iter()
        .flat_map(|(path, text)| {
            serde_saphyr::from_str::<Vec<Procedure>>(&text).unwrap_or_else(|e| panic!("data/procedures/{path}: {e}"))
        })
        .collect()
}

/// Reads records of the registry, one a line, plain or gzipped (told by the content, not by the name).
///
/// `progress` is called with the number of the line after every line.
///
/// # Errors
/// When the file cannot be opened or read; a record that is broken is only left out.
pub fn read_registry(path: &Path, mut progress: impl FnMut(usize)) -> Result<Ingested, IngestError> {
    let open = |source| IngestError::Open { path: path.to_owned(), source };
    let mut file = BufReader::new(File::open(path).map_err(open)?);
    let gzipped = file.fill_buf().map_err(open)?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn Read> = if gzipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut lines = Lines::default();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        let number = lines.count;
        let failed = |source| IngestError::Read { path: path.to_owned(), line: number, source };
        if reader.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(lines.found);
        }
        lines.add(&line);
        progress(lines.count);
    }
}

/// Lines read so far.
#[derive(Default)]
struct Lines {
    count: usize,
    found: Ingested,
    places: std::collections::HashMap<String, usize>,
}

impl Lines {
    fn add(&mut self, line: &[u8]) {
        self.count += 1;
        let line = if self.count == 1 { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line) } else { line };
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        match read_line(line) {
            Ok(procedure) => {
                if let Some(place) = self.places.get(&procedure.id) {
                    self.found.procedures[*place] = procedure;
                } else {
                    self.places.insert(procedure.id.clone(), self.found.procedures.len());
                    self.found.procedures.push(procedure);
                }
            }
            Err(reason) => self.found.skipped.push(Skipped { line: self.count, id: id_of(line), reason }),
        }
    }
}

/// The registry number of a record that is of no use otherwise.
fn id_of(line: &[u8]) -> Option<String> {
    record::number_of(&serde_json::from_slice(line).ok()?)
}

/// One record: the registry's shape, or a procedure as this program writes it.
fn read_line(line: &[u8]) -> Result<Procedure, String> {
    let value: Value = serde_json::from_slice(line).map_err(|e| format!("not JSON: {e}"))?;
    let is_ours = value.get("metadata").is_none() && value.get("data").is_none();
    if is_ours && let Ok(procedure) = Procedure::deserialize_from(&value) {
        return Ok(procedure);
    }
    record::to_procedure(&value)
}

impl Procedure {
    fn deserialize_from(value: &Value) -> Result<Self, serde_json::Error> {
        use serde::Deserialize;
        Self::deserialize(value)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const RECORDS: &str = include_str!("../../tests/procedures/records.jsonl");

    #[test]
    fn records_are_read_whatever_they_lack() {
        for row in RECORDS.lines() {
            let row: Value = serde_json::from_str(row).expect("a row of the table");
            let about = row["about"].as_str().expect("what it is about");
            match read_line(row["record"].to_string().as_bytes()) {
                Ok(procedure) => {
                    let read = serde_json::to_value(procedure).expect("serializes");
                    for (field, expected) in row["expect"].as_object().expect(about) {
                        assert_eq!(&read[field], expected, "{about}: {field}");
                    }
                }
                Err(reason) => assert_eq!(row["skipped"], reason, "{about}"),
            }
        }
    }

    /// What a program from before the fees and the steps has kept reads as it is.
    #[test]
    fn what_an_older_program_kept_still_reads() {
        let line = r#"{"id":"1","title":"Τ","for_what":null,"aliases":[],"summary":null,"who_may":"Απευθύνεται σε: Πολίτες.","documents":[{"name":"Αίτηση","note":null,"alternative":false}],"cost":null,"duration":null,"place":"Γίνεται σε: ΚΕΠ.","ways":{"online":"https://www.gov.gr/x","video":false,"in_person":true,"note":null},"organisation":"kep","service":null,"read_at":"2026-11-22T01:00:00Z"}"#;
        let read = read_line(line.as_bytes()).expect("reads");
        assert_eq!((read.place.as_deref(), read.reads), (Some("Γίνεται σε: ΚΕΠ."), 0));
        let again = serde_json::to_string(&read).expect("serializes");
        assert_eq!(again, line, "and is written as before");
    }

    #[test]
    fn plain_and_gzipped_files_are_read_alike_and_broken_lines_are_reported() {
        let text = "\u{feff}{\"data\":{\"id\":\"1\",\"title\":\"Παλιό\"}}\n\n{broken\n{\"data\":{\"id\":\"2\",\"title\":\"Β\"}}\r\n\
                    \u{0}\n{\"data\":{\"id\":\"1\",\"title\":\"Νέο\"}}";
        let folder = tempfile::tempdir().expect("a folder");
        let (plain, gzipped) = (folder.path().join("plain"), folder.path().join("packed"));
        std::fs::write(&plain, text).expect("written");
        let mut encoder =
            flate2::write::GzEncoder::new(File::create(&gzipped).expect("created"), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish().map(drop)).expect("packed");
        for path in [&plain, &gzipped] {
            let mut last = 0;
            let read = read_registry(path, |line| last = line).expect("read");
            let titles: Vec<_> = read.procedures.iter().map(|p| p.title.as_str()).collect();
            assert_eq!(titles, ["Νέο", "Β"]);
            assert_eq!(read.skipped.iter().map(|s| s.line).collect::<Vec<_>>(), [3, 5]);
            assert_eq!(last, 6);
        }
    }

    #[test]
    fn a_missing_and_a_damaged_file_are_errors() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.gz");
        assert!(matches!(read_registry(&path, |_| ()), Err(IngestError::Open { .. })));
        std::fs::write(&path, [0x1f, 0x8b, 8, 0, 1, 2, 3]).expect("written");
        assert!(matches!(read_registry(&path, |_| ()), Err(IngestError::Read { .. })));
    }
}
