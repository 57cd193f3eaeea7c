//! A request that carries an idempotency key, and the work that is done in its name.
//!
//! The answer must be written in the very transaction of the work: then after a crash either both are there or neither.
//! What lies between the rim and that transaction speaks of appointments and knows nothing of requests, so that a request
//! goes with its task instead: the store asks for it when it commits, and whoever calls another program names it there.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// What is answered, and answered again to the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// Whose turn it is: one caller's key, and since when it is being worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Keeps the keys of different callers apart.
    pub caller: String,
    /// The key.
    pub key: String,
    /// Seconds since 1970. Whoever takes over from a request that seems lost has another.
    pub taken_at: i64,
}

/// How that is told which the work has made.
type View = dyn Fn(&dyn Any) -> Option<Answer> + Send + Sync;

/// A request while it is worked on.
pub struct Request {
    /// Its turn.
    pub turn: Turn,
    view: Box<View>,
    written: Mutex<Option<Answer>>,
}

tokio::task_local! {
    static CURRENT: Arc<Request>;
}

impl Request {
    /// A request for something of type `T`; `view` answers with it, or not at all when it is to be refused.
    pub fn new<T: Any>(turn: Turn, view: impl Fn(&T) -> Option<Answer> + Send + Sync + 'static) -> Arc<Self> {
        let view = Box::new(move |made: &dyn Any| made.downcast_ref().and_then(&view));
        Arc::new(Self { turn, view, written: Mutex::new(None) })
    }

    /// Does work in the name of this request.
    pub async fn during<F: Future>(self: &Arc<Self>, work: F) -> F::Output {
        CURRENT.scope(Arc::clone(self), work).await
    }

    /// The request in whose name the task works, if any.
    #[must_use]
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// The answer to it when this is what was made; `None` for a step on the way.
    #[must_use]
    pub fn answer(&self, made: &dyn Any) -> Option<Answer> {
        (self.view)(made)
    }

    /// Notes what was committed as its answer.
    pub fn note_written(&self, answer: Answer) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    /// What was committed as its answer so far.
    #[must_use]
    pub fn written(&self) -> Option<Answer> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A key for a call to another program on behalf of this request: the same for the same call, so that the other program
    /// does it once too, even when this one has died in between.
    #[must_use]
    pub fn key_for(&self, call: &[u8]) -> String {
        let mut digest = Sha256::new();
        for part in [self.turn.caller.as_bytes(), self.turn.key.as_bytes(), call] {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(key: &str) -> Arc<Request> {
        let turn = Turn { caller: "caller".to_owned(), key: key.to_owned(), taken_at: 0 };
        Request::new(turn, |made: &u16| Some(Answer { status: *made, body: String::new() }))
    }

    #[tokio::test]
    async fn it_goes_with_its_task_and_answers_only_with_what_was_asked_for() {
        assert!(Request::current().is_none());
        let request = request("key");
        let current = request.during(async { Request::current() }).await.expect("a request");
        assert_eq!(current.turn, request.turn);
        assert_eq!(current.answer(&201_u16).map(|answer| answer.status), Some(201));
        assert_eq!(current.answer(&"a step on the way"), None);
    }

    #[test]
    fn the_same_call_has_the_same_key_and_no_other_call_has_it() {
        let key = request("a").key_for(b"POST holds");
        assert_eq!(key, request("a").key_for(b"POST holds"));
        assert_ne!(key, request("b").key_for(b"POST holds"));
        assert_ne!(key, request("a").key_for(b"POST closures"));
        assert_ne!(request("ab").key_for(b"c"), request("a").key_for(b"bc"));
    }
}
