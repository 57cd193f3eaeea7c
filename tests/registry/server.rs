//! A server in the shape of the registry's public interface, over records that a test gives it, with faults on order.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ariadni::gateway::registry::WebRegistry;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

/// What is wrong with one answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This status, with a page of HTML.
    Status(u16),
    /// The answer begins and breaks off.
    Cut,
    /// It comes too late.
    Slow,
    /// Something else than what was asked for.
    Instead(Value),
}

/// What it serves.
#[derive(Debug, Default)]
pub struct Served {
    /// Record and date of change, by registry number.
    pub records: BTreeMap<String, (Value, Option<String>)>,
    /// The faults of the next answers to a path, such as `services/2` (a page) or `services-extended/100201`; the last stays
    /// for ever when `lasting` has the path.
    pub faults: HashMap<String, VecDeque<Fault>>,
    /// Paths whose last fault never ends.
    pub lasting: Vec<String>,
    /// Entries to a page.
    pub page: usize,
    /// A procedure that goes before all others once the first page was given, so that the entries move.
    pub comes_in_between: Option<String>,
    /// The paths that were asked for.
    pub asked: Vec<String>,
    /// How many there are, as it says; counted when absent.
    pub says_total: Option<usize>,
    /// The order of the list, the numbers when empty.
    order: Vec<String>,
}

/// The server, until it is dropped.
pub struct RegistryServer {
    address: SocketAddr,
    served: Arc<Mutex<Served>>,
    task: tokio::task::JoinHandle<()>,
}

impl RegistryServer {
    /// Serves these records, each changed at the date beside it.
    pub async fn start(records: impl IntoIterator<Item = Value>) -> Self {
        let records = records.into_iter().map(|record| {
            let id = record["data"]["id"].as_str().expect("a number").to_owned();
            (id, (record, Some("2026-05-21T09:00:00Z".to_owned())))
        });
        let records: BTreeMap<_, _> = records.collect();
        let order = records.keys().cloned().collect();
        let served = Served { records, page: 100, order, ..Served::default() };
        let served = Arc::new(Mutex::new(served));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&served));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, served, task }
    }

    /// A way to it that loses patience soon.
    pub fn registry(&self) -> WebRegistry {
        WebRegistry::with_patience(&self.url(), Duration::from_millis(400), Duration::from_millis(2))
            .expect("an address")
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Changes or reads what it serves.
    pub fn with<T>(&self, change: impl FnOnce(&mut Served) -> T) -> T {
        change(&mut self.served.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the next answers to a path these faults.
    pub fn spoil(&self, path: &str, faults: &[Fault]) {
        self.with(|served| served.faults.insert(path.to_owned(), faults.iter().cloned().collect()));
    }

    /// Gives every answer to a path this fault.
    pub fn break_for_good(&self, path: &str, fault: Fault) {
        self.spoil(path, &[fault]);
        self.with(|served| served.lasting.push(path.to_owned()));
    }

    /// The records that were asked for since the last time, in order.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.with(|served| std::mem::take(&mut served.asked));
        let mut records: Vec<String> =
            asked.into_iter().filter_map(|path| Some(path.strip_prefix("services-extended/")?.to_owned())).collect();
        records.sort();
        records
    }
}

impl Drop for RegistryServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Served {
    /// Takes a procedure out.
    pub fn remove(&mut self, id: &str) {
        self.records.remove(id);
        self.order.retain(|other| other != id);
    }

    /// Adds one at the end, or changes it.
    pub fn put(&mut self, record: Value, changed: &str) {
        let id = record["data"]["id"].as_str().expect("a number").to_owned();
        if !self.order.contains(&id) {
            self.order.push(id.clone());
        }
        self.records.insert(id, (record, Some(changed.to_owned())));
    }

    fn fault(&mut self, path: &str) -> Option<Fault> {
        let faults = self.faults.get_mut(path)?;
        if faults.len() == 1 && self.lasting.iter().any(|lasting| lasting == path) {
            return faults.front().cloned();
        }
        faults.pop_front()
    }

    fn page(&mut self, number: usize) -> Value {
        let entries: Vec<Value> =
            self.order.iter().skip((number - 1) * self.page).take(self.page).map(|id| self.entry(id)).collect();
        let more = number * self.page < self.order.len();
        if number == 1
            && let Some(id) = self.comes_in_between.take()
        {
            // It was among the last; now it is the first, and every other moves by one.
            self.order.retain(|other| *other != id);
            self.order.insert(0, id);
        }
        json!({
            "data": entries, "success": true, "total": self.says_total.unwrap_or(self.order.len()),
            "current_page": number, "next_page": more.then_some(number + 1), "limit": self.page,
        })
    }

    fn entry(&self, id: &str) -> Value {
        let (record, changed) = &self.records[id];
        json!({"id": id, "title": record["data"]["title"], "ns": "ΔΔ", "last_updated": changed})
    }
}

async fn answer(State(served): State<Arc<Mutex<Served>>>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches("/v1/").to_owned();
    let page = uri.query().and_then(|query| query.split('&').find_map(|part| part.strip_prefix("page=")));
    let path = page.map_or(path.clone(), |page| format!("{path}/{page}"));
    let (fault, body) = {
        let mut served = served.lock().unwrap_or_else(PoisonError::into_inner);
        served.asked.push(path.clone());
        let fault = served.fault(&path);
        let body = match path.split_once('/') {
            Some(("services", page)) => Some(served.page(page.parse().expect("a page"))),
            Some(("services-extended", id)) => served.records.get(id).map(|(record, _)| record.clone()),
            _ => None,
        };
        (fault, body)
    };
    let Some(body) = body else { return StatusCode::NOT_FOUND.into_response() };
    match fault {
        None => axum::Json(body).into_response(),
        Some(Fault::Status(status)) => {
            (StatusCode::from_u16(status).expect("a status"), "<html>Σφάλμα</html>").into_response()
        }
        Some(Fault::Slow) => {
            tokio::time::sleep(Duration::from_millis(900)).await;
            axum::Json(body).into_response()
        }
        Some(Fault::Cut) => {
            let text = body.to_string();
            let half = text.as_bytes()[..text.len() / 2].to_vec();
            let parts = [Ok(half), Err(std::io::Error::other("the line is cut"))];
            Body::from_stream(futures::stream::iter(parts)).into_response()
        }
        Some(Fault::Instead(value)) => axum::Json(value).into_response(),
    }
}

/// A record with little in it.
pub fn record(id: &str, title: &str) -> Value {
    json!({"success": true, "data": {"id": id, "title": {"el": title, "en": null}, "metadata": {
        "process": {"id": id, "official_title": title, "description": format!("Τι είναι: {title}.")},
        "process_evidences": [{"evidence_num_id": 1, "evidence_type": {"title": {"el": "Αίτηση"}}, "evidence_description": null}],
    }}})
}

/// So many of them, with numbers from 500001 on.
pub fn records(count: usize) -> Vec<Value> {
    (1..=count).map(|n| record(&format!("{}", 500_000 + n), &format!("Διαδικασία δοκιμής αριθμός {n}"))).collect()
}

/// The whole registry as it once was; nothing, with a word about it, where the file is not.
#[expect(clippy::print_stdout, reason = "whoever reads the log learns what was not tried")]
pub fn whole_registry() -> Option<Vec<Value>> {
    use std::io::BufRead;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = ["../shared", "../../shared"].map(|up| root.join(up).join("data/mitos/registry.jsonl.gz"));
    let Some(path) = path.iter().find(|path| path.exists()) else {
        println!("skipped: there is no dump of the registry here");
        return None;
    };
    let file = std::io::BufReader::new(GzDecoder::new(std::fs::File::open(path).expect("opens")));
    Some(file.lines().map(|line| serde_json::from_str(&line.expect("a line")).expect("JSON")).collect())
}
