//! Callers of the machine API: they hold, book, move and cancel without a pause, ask again with the same key when the
//! server dies under them, and write down what they were told.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rand::RngExt;
use rand::seq::IndexedRandom;
use reqwest::{Client as Http, Method};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::server::SECRET;
use crate::{Address, Answered};

const SERVICE: &str = "kep.information-application";
/// Few enough for callers to be in one another's way.
const OFFICES: [&str; 3] = ["kep-kypselis", "kep-peristeriou", "kep-patreon"];

/// What callers were told.
#[derive(Debug, Default)]
pub struct Journal {
    /// By reference, as it was last told.
    pub appointments: BTreeMap<String, Told>,
    /// Requests that were answered.
    pub requests: usize,
    /// Requests that were cut off by a kill, each asked again.
    pub interrupted: usize,
    /// Times that the server said «try again».
    pub busy: usize,
    /// Moves that succeeded.
    pub moved: usize,
}

/// An appointment as a caller knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub state: String,
    pub office: String,
    pub start: String,
}

impl Told {
    fn of(body: &Value) -> Self {
        let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned();
        Self { state: text("state"), office: text("office"), start: text("start") }
    }
}

impl Journal {
    /// Adds what another caller was told. A reference belongs to one caller.
    pub fn add(&mut self, other: Self) {
        for (reference, told) in other.appointments {
            assert!(self.appointments.insert(reference, told).is_none(), "one reference was given to two callers");
        }
        self.requests += other.requests;
        self.interrupted += other.interrupted;
        self.busy += other.busy;
        self.moved += other.moved;
    }

    /// Appointments made.
    pub fn booked(&self) -> usize {
        self.appointments.len()
    }

    /// Appointments cancelled again.
    pub fn cancelled(&self) -> usize {
        self.appointments.values().filter(|told| told.state == "cancelled").count()
    }
}

/// One caller.
pub struct Client {
    number: usize,
    line: Line,
    stopped: watch::Receiver<bool>,
    journal: Journal,
    /// Starts seen free at some moment: by now somebody may have them, which is the point.
    seen: Vec<(String, String)>,
    made: usize,
}

impl Client {
    pub fn new(number: usize, line: Line, stopped: watch::Receiver<bool>) -> Self {
        Self { number, line, stopped, journal: Journal::default(), seen: Vec::new(), made: 0 }
    }

    /// Goes on until it is told to stop, and brings what it began to its end.
    pub async fn run(mut self) -> Journal {
        while !*self.stopped.borrow() {
            if self.seen.is_empty() || rand::rng().random_ratio(1, 8) {
                self.look().await;
            }
            let mine = self.standing().choose(&mut rand::rng()).cloned();
            let dice = rand::rng().random_range(0..10);
            match (mine, dice) {
                (Some(reference), 0..=3) => self.reschedule(&reference).await,
                (Some(reference), 4..=5) => self.cancel(&reference).await,
                _ => self.book().await,
            }
        }
        let Line { requests, interrupted, busy, .. } = self.line;
        Journal { requests, interrupted, busy, ..self.journal }
    }

    fn standing(&self) -> Vec<String> {
        let standing = self.journal.appointments.iter().filter(|(_, told)| told.state == "booked");
        standing.map(|(reference, _)| reference.clone()).collect()
    }

    async fn look(&mut self) {
        let office = OFFICES.choose(&mut rand::rng()).expect("an office");
        let path = format!("/api/v1/availability?service={SERVICE}&office={office}&mode=in_person&limit=40");
        let answer = self.line.ask(Method::GET, &path, None).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        for slot in answer.body["slots"].as_array().expect("slots") {
            self.seen.push(((*office).to_owned(), slot["start"].as_str().expect("a start").to_owned()));
        }
        let old = self.seen.len().saturating_sub(120);
        self.seen.drain(..old);
    }

    /// Some time that was free a while ago.
    fn wish(&self) -> Option<(String, String)> {
        self.seen.choose(&mut rand::rng()).cloned()
    }

    async fn book(&mut self) {
        let Some((office, start)) = self.wish() else { return };
        let held = json!({ "service": SERVICE, "office": office, "mode": "in_person", "start": start });
        let held = self.line.ask(Method::POST, "/api/v1/holds", Some(held)).await;
        if held.refused() {
            return;
        }
        assert_eq!(held.status, 201, "{}", held.body);
        self.made += 1;
        let name = format!("Πολίτης {}Λ{}", letters(self.number), letters(self.made));
        let wish = json!({
            "hold": held.body["hold"], "beneficiary": { "name": name },
            "requester": { "name": name, "phone": "6944123456" }, "on_behalf": false,
        });
        let booked = if rand::rng().random_ratio(1, 5) {
            self.line.ask_twice("/api/v1/appointments", wish).await
        } else {
            self.line.ask(Method::POST, "/api/v1/appointments", Some(wish)).await
        };
        if booked.refused() {
            return;
        }
        assert_eq!(booked.status, 201, "{}", booked.body);
        let reference = booked.body["reference"].as_str().expect("a reference").to_owned();
        let earlier = self.journal.appointments.insert(reference, Told::of(&booked.body));
        assert_eq!(earlier, None, "the same appointment was booked twice");
    }

    async fn reschedule(&mut self, reference: &str) {
        let Some((office, start)) = self.wish() else { return };
        let path = format!("/api/v1/appointments/{reference}/reschedule");
        let moved = self.line.ask(Method::POST, &path, Some(json!({ "start": start, "office": office }))).await;
        if moved.refused() {
            return;
        }
        assert_eq!(moved.status, 200, "{}", moved.body);
        let told = Told::of(&moved.body);
        assert_eq!((&told.start, &told.office), (&start, &office), "moved elsewhere");
        self.journal.moved += 1;
        self.journal.appointments.insert(reference.to_owned(), told);
    }

    async fn cancel(&mut self, reference: &str) {
        let answer = self.line.ask(Method::DELETE, &format!("/api/v1/appointments/{reference}"), None).await;
        let told = self.journal.appointments.get_mut(reference).expect("mine");
        // Cut off and asked again, whether or not the first was done.
        assert_eq!(answer.status, 200, "{}", answer.body);
        "cancelled".clone_into(&mut told.state);
    }
}

/// A connection that does not give up.
pub struct Line {
    http: Http,
    address: Address,
    answered: Answered,
    requests: usize,
    interrupted: usize,
    busy: usize,
}

/// What came back in the end.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// Whether somebody else was first, or the time has run out: what a caller must reckon with.
    fn refused(&self) -> bool {
        let usual = ["slot_taken", "hold_expired", "too_soon", "not_a_slot", "closed"];
        self.status == 409 && usual.contains(&self.code())
    }

    /// Whether the server asks to be asked again.
    fn try_again(&self) -> bool {
        self.status == 503 || self.code() == "in_progress"
    }
}

impl Line {
    pub fn new(address: Address, answered: Answered) -> Self {
        ariadni::gateway::choose_cryptography();
        Self { http: Http::new(), address, answered, requests: 0, interrupted: 0, busy: 0 }
    }

    /// Asks until there is an answer, always with the same key.
    pub async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let key = uuid::Uuid::new_v4().to_string();
        self.ask_with(&key, method, path, body.as_ref()).await
    }

    /// The same request with the same key twice at once, as impatient callers send it: both must hear the same.
    async fn ask_twice(&mut self, path: &str, body: Value) -> Answer {
        let key = uuid::Uuid::new_v4().to_string();
        let mut twin = Self { http: self.http.clone(), ..Self::new(self.address.clone(), self.answered.clone()) };
        let (one, other) = tokio::join!(
            self.ask_with(&key, Method::POST, path, Some(&body)),
            twin.ask_with(&key, Method::POST, path, Some(&body)),
        );
        assert_eq!((one.status, &one.body), (other.status, &other.body), "one key, two answers");
        self.requests += twin.requests;
        self.interrupted += twin.interrupted;
        self.busy += twin.busy;
        one
    }

    async fn ask_with(&mut self, key: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
        loop {
            match self.try_once(key, method.clone(), path, body).await {
                Ok((status, body)) => {
                    let answer = Answer { status, body };
                    self.requests += 1;
                    self.answered.fetch_add(1, Ordering::Relaxed);
                    if !answer.try_again() {
                        return answer;
                    }
                    self.busy += 1;
                }
                Err(_) => self.interrupted += 1,
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// An error when the server died before its whole answer was there.
    async fn try_once(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), reqwest::Error> {
        let base = self.address.subscribe().wait_for(Option::is_some).await.expect("the test goes on").clone();
        let url = format!("{}{path}", base.expect("it is up"));
        let mut request = self.http.request(method, url).bearer_auth(SECRET).header("Idempotency-Key", key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }
}

/// Asks a server that came up after the storm for everything that was told.
pub async fn assert_still_told(mut line: Line, journal: &Journal) {
    for (reference, told) in &journal.appointments {
        let answer = line.ask(Method::GET, &format!("/api/v1/appointments/{reference}"), None).await;
        assert_eq!((answer.status, &Told::of(&answer.body)), (200, told), "{reference}");
    }
}

/// A number as a name, so that every citizen is another.
fn letters(number: usize) -> String {
    const ALPHABET: [char; 10] = ['Α', 'Β', 'Γ', 'Δ', 'Ε', 'Ζ', 'Η', 'Θ', 'Ι', 'Κ'];
    number.to_string().bytes().map(|digit| ALPHABET[usize::from(digit - b'0')]).collect()
}
