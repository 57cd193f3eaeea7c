//! What the core keeps in memory, and how it follows the database: the board of all that is taken or shut.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Store;
use super::crowd::Crowd;
use super::error::StoreError;
use super::journal::Position;
use crate::booking::board::Board;
use crate::booking::catalogue::Catalogue;

/// How much of the past is kept: an appointment of today may still be changed by staff.
const PAST: TimeDelta = TimeDelta::days(2);

/// How often the past is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// So many who wait at once make a reading worth waiting for, and so much time lies then between the beginnings of two.
const MANY: usize = 4;
const PAUSE: Duration = Duration::from_millis(4);

/// The board and its place in the journal.
#[derive(Debug)]
pub(super) struct Memory {
    /// Who is trying for what at this moment.
    pub(super) crowd: Crowd,
    board: RwLock<Board>,
    read: Mutex<Read>,
    /// How many wait for a reading, or read.
    waiting: AtomicUsize,
}

/// How far the journal has been read.
#[derive(Debug)]
struct Read {
    /// `None` before the first time.
    position: Option<Position>,
    /// When the last reading began: whatever was committed before it is known.
    began: Instant,
    /// When the past was forgotten last.
    forgotten: Instant,
}

impl Memory {
    /// An empty memory; the first question fills it.
    pub(super) fn new(catalogue: Arc<Catalogue>) -> Self {
        let now = Instant::now();
        Self {
            crowd: Crowd::default(),
            board: RwLock::new(Board::new(catalogue)),
            waiting: AtomicUsize::new(0),
            read: Mutex::new(Read { position: None, began: now, forgotten: now }),
        }
    }

    /// The board as it is known; hold it shortly, never across an await.
    pub(super) fn board(&self) -> RwLockReadGuard<'_, Board> {
        self.board.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts another catalogue in force.
    pub(super) fn replace_catalogue(&self, catalogue: Arc<Catalogue>) {
        self.board_mut().replace_catalogue(catalogue);
    }

    /// Learns all that was committed before this call. Callers that come together share one reading; when many come, readings
    /// are spaced out so that more of them share one and the database is asked a few hundred times a second at most.
    pub(super) async fn catch_up(&self, store: &Store) -> Result<(), StoreError> {
        let asked = Instant::now();
        let _waits = Waits::among(&self.waiting);
        let mut read = self.read.lock().await;
        if read.position.is_some() && read.began >= asked {
            return Ok(());
        }
        if read.position.is_some() && self.waiting.load(Ordering::Relaxed) >= MANY {
            tokio::time::sleep_until(read.began + PAUSE).await;
        }
        let began = Instant::now();
        let horizon = store.clock.now() - PAST;
        let (changes, position) = match read.position {
            Some(position) => store.changes_from(position).await?,
            None => store.in_force(horizon.timestamp()).await?,
        };
        let forget = began - read.forgotten > FORGET_EVERY;
        if !changes.is_empty() || forget {
            let mut board = self.board_mut();
            for change in changes {
                board.apply(change);
            }
            if forget {
                board.forget_before(horizon);
                read.forgotten = began;
            }
        }
        (read.position, read.began) = (Some(position), began);
        Ok(())
    }

    fn board_mut(&self) -> RwLockWriteGuard<'_, Board> {
        self.board.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of those who wait.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn among(all: &'a AtomicUsize) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(all)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
