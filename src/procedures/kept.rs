//! What is kept of the registry in the data folder: one file of procedures, and beside it what an unfinished refresh has read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use super::ingest::{IngestError, read_registry};
use super::procedure::Procedure;
use super::record::READS;

/// The file of what was imported or read from the registry, one procedure a line.
const KEPT: &str = "procedures.jsonl";
/// What a refresh has read so far, one procedure a line, each line whole or the last one cut.
const UNFINISHED: &str = "procedures.unfinished.jsonl";

/// A record whose registry tells no date of change is read again after so long.
const READ_AGAIN: TimeDelta = TimeDelta::days(7);
/// When more than this share of what is kept has left the list at once, the list is doubted, not the procedures.
const MOST_WITHDRAWN: f64 = 0.1;

/// Procedures by registry number.
pub type Kept = BTreeMap<String, Procedure>;

/// Why what is kept could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] IngestError),
    /// It cannot be written; what was kept before stays.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process refreshes at this moment.
    #[error("another refresh of the procedures is at work in this data folder")]
    Busy,
}

/// By what one can tell that the file has been written anew: when, and how long it is.
pub type Stamp = Option<(SystemTime, u64)>;

/// The stamp of what is kept; none when nothing is.
#[must_use]
pub fn stamp(data_dir: &Path) -> Stamp {
    let file = std::fs::metadata(data_dir.join(KEPT)).ok()?;
    Some((file.modified().ok()?, file.len()))
}

/// All that is kept; nothing when nothing was ever imported.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read(data_dir: &Path) -> Result<Kept, KeptError> {
    read_file(&data_dir.join(KEPT))
}

fn read_file(path: &Path) -> Result<Kept, KeptError> {
    if !path.exists() {
        return Ok(Kept::new());
    }
    let read = read_registry(path, |_| ())?.procedures;
    Ok(read.into_iter().map(|procedure| (procedure.id.clone(), procedure)).collect())
}

/// Keeps procedures in place of those before: all of them or, on failure, none.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn save<'a>(data_dir: &Path, procedures: impl Iterator<Item = &'a Procedure>) -> Result<PathBuf, KeptError> {
    let path = data_dir.join(KEPT);
    let beside = data_dir.join(format!("{KEPT}.{}.part", std::process::id()));
    let written = std::fs::create_dir_all(data_dir)
        .and_then(|()| write_lines(&beside, procedures))
        .and_then(|()| std::fs::rename(&beside, &path));
    written.map(|()| path.clone()).map_err(|source| {
        // What is half written is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&beside);
        KeptError::Write { path, source }
    })
}

fn write_lines<'a>(path: &Path, procedures: impl Iterator<Item = &'a Procedure>) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    for procedure in procedures {
        serde_json::to_writer(&mut file, procedure)?;
        file.write_all(b"\n")?;
    }
    file.into_inner()?.sync_all()
}

/// A refresh at work. What it has read outlives it: killed in the middle, the next one goes on from there.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
    file: File,
    /// What an earlier refresh read and did not finish.
    pub found: Kept,
}

impl Unfinished {
    /// Begins, or goes on.
    ///
    /// # Errors
    /// [`KeptError::Busy`] when another process is at it; when the file cannot be opened or read.
    pub fn open(data_dir: &Path) -> Result<Self, KeptError> {
        let path = data_dir.join(UNFINISHED);
        let failed = |source| KeptError::Write { path: path.clone(), source };
        std::fs::create_dir_all(data_dir).map_err(failed)?;
        let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(KeptError::Busy),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let found = read_file(&path)?;
        // After a line that was cut the next one begins on its own.
        file.write_all(b"\n").map_err(failed)?;
        Ok(Self { path, file, found })
    }

    /// Adds what was read.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, procedure: &Procedure) -> Result<(), KeptError> {
        let failed = |source| KeptError::Write { path: self.path.clone(), source };
        let mut line = serde_json::to_vec(procedure).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(failed)
    }

    /// Ends: it is all kept elsewhere now.
    pub fn finish(self) {
        // A file that cannot be removed is read once more by the next refresh, which does no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether a procedure that the registry lists has to be read: it is new, it has changed, nobody can say whether it has, or
/// less was taken in of it than would be now.
#[must_use]
pub fn is_due(kept: Option<&Procedure>, last_updated: Option<&str>, now: DateTime<Utc>) -> bool {
    let Some(kept) = kept.filter(|kept| kept.reads >= READS) else { return true };
    match last_updated {
        Some(changed) => kept.last_updated.as_deref() != Some(changed),
        None => kept.read_at.is_none_or(|read| now - read >= READ_AGAIN),
    }
}

/// Takes out of what is kept all that a complete list no longer names; gives their numbers. A list that lacks very many is
/// doubted: then nothing is taken out, and the answer is an error that counts them.
///
/// # Errors
/// How many the list lacks.
pub fn withdraw(kept: &mut Kept, listed: &BTreeSet<&str>) -> Result<Vec<String>, usize> {
    let gone: Vec<String> = kept.keys().filter(|id| !listed.contains(id.as_str())).cloned().collect();
    if gone.len() as f64 > kept.len() as f64 * MOST_WITHDRAWN {
        return Err(gone.len());
    }
    for id in &gone {
        kept.remove(id);
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn procedure(id: &str, last_updated: Option<&str>) -> Procedure {
        let last_updated = last_updated.map(str::to_owned);
        Procedure {
            id: id.to_owned(),
            title: format!("Διαδικασία {id}"),
            last_updated,
            reads: READS,
            ..Procedure::default()
        }
    }

    #[test]
    fn what_changed_or_may_have_changed_is_due() {
        let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().expect("an instant");
        let mut kept = procedure("1", Some("2026-05-01"));
        assert!(is_due(None, Some("2026-05-01"), now));
        assert!(!is_due(Some(&kept), Some("2026-05-01"), now));
        assert!(is_due(Some(&kept), Some("2026-05-02"), now));
        assert!(is_due(Some(&kept), None, now), "never read from the registry itself");
        let by_an_older_program = Procedure { reads: 0, ..kept.clone() };
        assert!(is_due(Some(&by_an_older_program), Some("2026-05-01"), now), "it holds less");
        kept.read_at = Some(now - TimeDelta::days(6));
        assert!(!is_due(Some(&kept), None, now));
        kept.read_at = Some(now - READ_AGAIN);
        assert!(is_due(Some(&kept), None, now));
    }

    #[test]
    fn a_few_are_withdrawn_and_many_are_not() {
        let mut kept: Kept = (0..20).map(|n| (format!("{n:02}"), procedure(&format!("{n:02}"), None))).collect();
        let ids: Vec<String> = kept.keys().cloned().collect();
        let listed: BTreeSet<&str> = ids.iter().skip(2).map(String::as_str).collect();
        assert_eq!(withdraw(&mut kept, &listed), Ok(vec!["00".to_owned(), "01".to_owned()]));
        assert_eq!(kept.len(), 18);
        let fewer: BTreeSet<&str> = ids.iter().skip(4).map(String::as_str).collect();
        assert_eq!(withdraw(&mut kept, &fewer), Err(2));
        assert_eq!(kept.len(), 18);
    }

    #[test]
    fn an_unfinished_refresh_goes_on_after_a_line_that_was_cut_and_only_one_is_at_work() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = Unfinished::open(folder.path()).expect("opens");
        first.add(&procedure("1", Some("a"))).expect("adds");
        assert!(matches!(Unfinished::open(folder.path()), Err(KeptError::Busy)));
        first.file.write_all(b"{\"id\":\"2\",\"tit").expect("cut");
        drop(first);
        let mut second = Unfinished::open(folder.path()).expect("opens");
        assert_eq!(second.found.keys().collect::<Vec<_>>(), ["1"]);
        second.add(&procedure("3", None)).expect("adds");
        drop(second);
        let third = Unfinished::open(folder.path()).expect("opens");
        assert_eq!(third.found.keys().collect::<Vec<_>>(), ["1", "3"]);
        third.finish();
        assert!(Unfinished::open(folder.path()).expect("opens").found.is_empty());
    }

    #[test]
    fn what_is_kept_is_read_back_and_stamped() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!((read(folder.path()).expect("nothing").len(), stamp(folder.path())), (0, None));
        let all = [procedure("2", Some("b")), procedure("1", None)];
        save(folder.path(), all.iter()).expect("saves");
        let kept = read(folder.path()).expect("reads");
        assert_eq!(kept.values().cloned().collect::<Vec<_>>(), [all[1].clone(), all[0].clone()]);
        let before = stamp(folder.path());
        save(folder.path(), all[..1].iter()).expect("saves");
        assert_ne!(stamp(folder.path()), before);
    }
}
