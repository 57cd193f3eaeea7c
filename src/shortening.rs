//! Long explanations made shorter by a writer, which may be away, slow or lie; what it says is shown only if the check of
//! [`crate::procedures::faithful`] takes it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::channel::turn::{Event, Reply};
use crate::gateway::writer::{Writer, WriterError};
use crate::procedures::faithful::{Faithful, Plain};
use crate::procedures::{Aspect, ProcedureBook, explain};

/// How many shorter explanations are kept.
const KEPT: usize = 500;

/// Whose explanations are shortened, and when.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Only explanations with more characters are shortened.
    pub longer_than: usize,
    /// How long a turn may wait for it.
    pub patience: Duration,
    /// How long a writer that gave no answer is left alone, so that citizens do not wait for it one after another.
    pub rest: Duration,
}

/// Shortens explanations.
pub struct Shortening {
    writer: Arc<dyn Writer>,
    limits: Limits,
    known: Mutex<Known>,
    /// One question at a time about one text.
    asking: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    rests_until: Mutex<Option<Instant>>,
}

/// Shorter explanations by the plain ones, which have in them all that they depend on: the procedure as it was read, and what
/// was asked of it. The oldest goes first.
#[derive(Default)]
struct Known {
    by_plain: HashMap<String, Faithful>,
    order: VecDeque<String>,
}

impl Known {
    fn keep(&mut self, plain: &str, shorter: &Faithful) {
        if self.by_plain.insert(plain.to_owned(), shorter.clone()).is_none() {
            self.order.push_back(plain.to_owned());
        }
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_plain.remove(&oldest);
        }
    }
}

impl std::fmt::Debug for Shortening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shortening {{ {:?} }}", self.limits)
    }
}

impl Shortening {
    /// Shortening by this writer.
    #[must_use]
    pub fn new(writer: Arc<dyn Writer>, limits: Limits) -> Self {
        let (known, asking, rests_until) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { writer, limits, known, asking, rests_until }
    }

    /// Puts shorter explanations in place of the long ones that were given in this turn. What is said aloud stays: it is short.
    pub async fn shorten(&self, replies: &mut [Reply], events: &[Event], procedures: &ProcedureBook) {
        // For all explanations of a turn together: a citizen waits once.
        let until = Instant::now() + self.limits.patience;
        for event in events {
            let Event::ProcedureExplained { procedure, aspects } = event else { continue };
            let Some(procedure) = procedures.get(procedure) else { continue };
            let aspects: Vec<Aspect> = aspects.iter().filter_map(|name| Aspect::parse(name)).collect();
            let plain = explain(procedure, &aspects).display;
            let Some(reply) = replies.iter_mut().find(|reply| reply.display == plain) else { continue };
            if let Some(shorter) = self.of(&plain, until).await {
                shorter.as_str().clone_into(&mut reply.display);
            }
        }
    }

    /// The shorter form of a plain explanation; none when it is short, or the writer gave none that is faithful in time.
    async fn of(&self, plain: &str, until: Instant) -> Option<Faithful> {
        if plain.chars().count() <= self.limits.longer_than {
            return None;
        }
        if let Some(known) = self.known(plain) {
            return Some(known);
        }
        if let Ok(found) = tokio::time::timeout_at(until, self.ask(plain)).await {
            return found;
        }
        self.rest(&WriterError::TimedOut);
        None
    }

    async fn ask(&self, plain: &str) -> Option<Faithful> {
        let asking = self.asking(plain);
        let _one_at_a_time = asking.lock().await;
        // Whoever asked meanwhile may have got it, or may have found the writer away.
        if let Some(known) = self.known(plain) {
            return Some(known);
        }
        if self.rests() {
            return None;
        }
        let text = Plain::of(plain);
        let answer = match self.writer.shorten(text.body()).await {
            Ok(answer) => answer,
            Err(error) => {
                self.rest(&error);
                return None;
            }
        };
        let checked = tokio::task::spawn_blocking(move || text.check(&answer)).await;
        match checked.expect("the check does not panic, and nobody aborts it") {
            Ok(shorter) => {
                self.known.lock().unwrap_or_else(PoisonError::into_inner).keep(plain, &shorter);
                Some(shorter)
            }
            Err(unfaithful) => {
                tracing::info!(writer.reason = unfaithful.name(), "a shorter explanation was not taken");
                None
            }
        }
    }

    fn known(&self, plain: &str) -> Option<Faithful> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).by_plain.get(plain).cloned()
    }

    fn asking(&self, plain: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = asking.get(plain).and_then(Weak::upgrade) {
            return lock;
        }
        asking.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        asking.insert(plain.to_owned(), Arc::downgrade(&lock));
        lock
    }

    fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn rest(&self, error: &WriterError) {
        tracing::warn!(error.cause = %error, rest.s = self.limits.rest.as_secs(), "explanations are not shortened for a while");
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + self.limits.rest);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::procedures::Procedure;

    /// Answers the same to everybody, after a while.
    struct Says {
        answer: Result<String, WriterError>,
        after: Duration,
        asked: AtomicUsize,
    }

    #[async_trait::async_trait]
    impl Writer for Says {
        async fn shorten(&self, _: &str) -> Result<String, WriterError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(self.after).await;
            self.answer.clone()
        }
    }

    const LIMITS: Limits =
        Limits { longer_than: 20, patience: Duration::from_millis(300), rest: Duration::from_millis(600) };

    fn saying(answer: Result<&str, WriterError>, after: u64) -> (Arc<Says>, Shortening) {
        let after = Duration::from_millis(after);
        let writer = Arc::new(Says { answer: answer.map(str::to_owned), after, asked: AtomicUsize::new(0) });
        (Arc::clone(&writer), Shortening::new(writer, LIMITS))
    }

    fn book(count: usize) -> ProcedureBook {
        let one = |number: usize| Procedure {
            id: number.to_string(),
            title: "Άδεια".to_owned(),
            summary: Some("Βγάζετε άδεια. Το χαρτί είναι πράσινο και μικρό.".to_owned()),
            ..Procedure::default()
        };
        ProcedureBook::of((1..=count).map(one).collect()).expect("a book")
    }

    async fn shown(shortening: &Shortening, book: &ProcedureBook, id: &str) -> String {
        let told = explain(book.get(id).expect("is there"), &[]);
        let mut replies = [Reply::default(), Reply { display: told.display, speak: told.speak, choices: Vec::new() }];
        let events = [Event::ProcedureExplained { procedure: id.to_owned(), aspects: Vec::new() }];
        shortening.shorten(&mut replies, &events, book).await;
        assert!(replies[1].speak.contains("πράσινο"), "what is said aloud stays");
        replies[1].display.clone()
    }

    const SHORT: &str = "Βγάζετε άδεια.\nΠερισσότερα: https://id.mitos.gov.gr/1";

    #[tokio::test]
    async fn an_honest_answer_is_shown_and_kept() {
        let (writer, shortening) = saying(Ok("Βγάζετε άδεια."), 50);
        let book = book(1);
        let (one, other) = tokio::join!(shown(&shortening, &book, "1"), shown(&shortening, &book, "1"));
        assert_eq!((one.as_str(), other.as_str()), (SHORT, SHORT));
        assert_eq!(shown(&shortening, &book, "1").await, SHORT);
        assert_eq!(writer.asked.load(Ordering::SeqCst), 1, "asked once for all");
    }

    #[tokio::test]
    async fn a_lie_is_neither_shown_nor_kept() {
        let (writer, shortening) = saying(Ok("Βγάζετε άδεια με 20 ευρώ."), 0);
        let book = book(1);
        for asked in 1..=2 {
            assert!(shown(&shortening, &book, "1").await.contains("πράσινο"));
            assert_eq!(writer.asked.load(Ordering::SeqCst), asked);
        }
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_the_patience_and_the_next_do_not_wait() {
        let (writer, shortening) = saying(Ok("Βγάζετε άδεια."), 60_000);
        let book = book(2);
        let begun = Instant::now();
        tokio::join!(shown(&shortening, &book, "1"), shown(&shortening, &book, "1"), shown(&shortening, &book, "2"));
        assert!(begun.elapsed() < LIMITS.patience * 2, "{:?}", begun.elapsed());
        let again = Instant::now();
        assert!(shown(&shortening, &book, "2").await.contains("πράσινο"));
        assert!(again.elapsed() < LIMITS.patience, "{:?}", again.elapsed());
        assert_eq!(writer.asked.load(Ordering::SeqCst), 2);
        tokio::time::sleep(LIMITS.rest).await;
        shown(&shortening, &book, "2").await;
        assert_eq!(writer.asked.load(Ordering::SeqCst), 3, "after a rest it is asked again");
    }

    #[tokio::test]
    async fn a_writer_that_is_away_is_left_alone_for_a_while() {
        let (writer, shortening) = saying(Err(WriterError::Unreachable), 0);
        let book = book(1);
        for _ in 0..3 {
            assert!(shown(&shortening, &book, "1").await.contains("πράσινο"));
        }
        assert_eq!(writer.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn so_many_are_kept_and_no_more() {
        let (writer, shortening) = saying(Ok("Βγάζετε άδεια."), 0);
        let book = book(KEPT + 1);
        for id in 1..=KEPT + 1 {
            shown(&shortening, &book, &id.to_string()).await;
        }
        assert_eq!(shortening.known.lock().expect("not poisoned").by_plain.len(), KEPT);
        shown(&shortening, &book, "2").await;
        assert_eq!(writer.asked.load(Ordering::SeqCst), KEPT + 1);
        shown(&shortening, &book, "1").await;
        assert_eq!(writer.asked.load(Ordering::SeqCst), KEPT + 2, "the oldest was let go");
    }
}
