//! Plays a script over SQLite, with a clock that stands still; here straight into the engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ariadni::app::App;
use ariadni::booking::core::{Actor, BookingRequest, Closure, HoldRequest, Needs, Order, SlotQuery, Window};
use ariadni::booking::identity::Phone;
use ariadni::booking::people::Mode;
use ariadni::booking::reference::Reference;
use ariadni::booking::waiting::{WaitRequest, WaitingList};
use ariadni::channel::turn::{Channel, Event, Inbound, Outbound};
use ariadni::clock::{Clock, from_athens, to_athens};
use ariadni::config::Config;
use ariadni::procedures::{ingest, kept};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::script::{Given, Script, Stored, Turn};

/// A way in to a conversation.
pub trait Door: Sized {
    /// Begins a conversation; gives its greeting.
    async fn open(app: &App, channel: Channel) -> Result<(Self, Outbound), String>;
    /// One turn of it.
    async fn turn(&mut self, inbound: Inbound) -> Result<Outbound, String>;
}

/// Straight in.
pub struct Straight {
    app: App,
    id: String,
    token: String,
}

impl Door for Straight {
    async fn open(app: &App, channel: Channel) -> Result<(Self, Outbound), String> {
        let begun = app.conversations.start(channel).await.map_err(|e| e.to_string())?;
        Ok((Self { app: app.clone(), id: begun.id, token: begun.token }, begun.greeting))
    }

    async fn turn(&mut self, inbound: Inbound) -> Result<Outbound, String> {
        self.app.conversations.turn(&self.id, &self.token, None, inbound).await.map_err(|e| e.to_string())
    }
}

/// Plays one file straight into the engine.
pub fn plays(path: &Path) -> datatest_stable::Result<()> {
    plays_through::<Straight>(path)
}

/// Plays one file through a door.
pub fn plays_through<D: Door>(path: &Path) -> datatest_stable::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let script: Script = serde_saphyr::from_str(&text)?;
    tokio::runtime::Runtime::new()?.block_on(play::<D>(script))?;
    Ok(())
}

fn instant(local: &str) -> Result<DateTime<Utc>, String> {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").map_err(|e| format!("{local}: {e}"))?;
    from_athens(local).ok_or_else(|| "no such local time".to_owned())
}

fn staff() -> Actor {
    Actor::Staff { name: "given".to_owned() }
}

async fn play<D: Door>(script: Script) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
    if script.messages.is_some() {
        // Nobody listens there: what is to be sent waits and is looked at.
        config.messages.sms_endpoint = Some("http://127.0.0.1:9/".to_owned());
        config.messages.sms_token = Some("token".to_owned());
    }
    if script.registry {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/procedures/registry.jsonl");
        let read = ingest::read_registry(&path, |_| ()).map_err(|e| e.to_string())?;
        kept::save(folder.path(), read.procedures.iter()).map_err(|e| e.to_string())?;
    }
    let clock = Clock::fixed(instant(&script.now)?);
    let app = App::open(config, clock.clone()).await.map_err(|e| format!("{e:#}"))?;
    let mut names = BTreeMap::new();
    for given in &script.given {
        arrange(&app, given, &mut names).await?;
    }
    let (mut door, mut last) = D::open(&app, if script.by_voice { Channel::Phone } else { Channel::Terminal }).await?;
    show("", &last);
    for (number, turn) in script.turns.iter().enumerate() {
        let at = |complaint: String| format!("turn {}: {complaint}", number + 1);
        clock.advance(TimeDelta::minutes(turn.after_minutes));
        if turn.slot_is_taken {
            take_slot(&app, &last).await.map_err(at)?;
        }
        meanwhile(&app, turn, &names).await.map_err(at)?;
        let choices: Vec<_> = last.replies.iter().flat_map(|r| r.choices.clone()).collect();
        let inbound = turn.inbound(&names, &choices).map_err(at)?;
        let said = format!("{inbound:?}");
        last = door.turn(inbound).await.map_err(at)?;
        show(&said, &last);
        for event in &last.events {
            match event {
                Event::AppointmentBooked { reference, .. } => names.insert("reference".to_owned(), reference.clone()),
                Event::WaitingJoined { reference } => names.insert("waiting".to_owned(), reference.clone()),
                _ => None,
            };
        }
        turn.check(&last).map_err(at)?;
    }
    for (name, wanted) in &script.then {
        let reference = names.get(name).ok_or_else(|| format!("nothing is called {name}"))?;
        stored(&app, reference, wanted).await?;
    }
    if let Some(wanted) = &script.messages {
        sent(&app, wanted).await?;
    }
    Ok(())
}

/// What waits to be sent holds these parts.
async fn sent(app: &App, wanted: &[Vec<String>]) -> Result<(), String> {
    let due = app.store.take_due(app.clock.now(), 10, TimeDelta::minutes(1)).await.map_err(|e| e.to_string())?;
    if due.len() != wanted.len() {
        return Err(format!("{} messages wait to be sent, not {}", due.len(), wanted.len()));
    }
    for (message, parts) in due.iter().zip(wanted) {
        let whole = format!("{}: {}", message.phone.as_str(), message.text);
        if let Some(part) = parts.iter().find(|part| !whole.contains(*part)) {
            return Err(format!("«{part}» is not in «{whole}»"));
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever asks for the transcript reads it there")]
fn show(said: &str, outbound: &Outbound) {
    if std::env::var_os("ARIADNI_TRANSCRIPT").is_none() {
        return;
    }
    println!("> {said}");
    for reply in &outbound.replies {
        println!("{}", reply.display);
        if reply.speak != reply.display {
            println!("    aloud: {}", reply.speak);
        }
        let titles: Vec<_> = reply.choices.iter().map(|c| c.title.as_str()).collect();
        if !titles.is_empty() {
            println!("    [{}]", titles.join("] ["));
        }
    }
    println!(
        "    awaiting={:?} flow={:?} status={:?} events={:?}",
        outbound.awaiting, outbound.flow, outbound.status, outbound.events
    );
    println!("    slots={}", serde_json::Value::Object(outbound.slots.clone()));
}

async fn arrange(app: &App, given: &Given, names: &mut BTreeMap<String, String>) -> Result<(), String> {
    match given {
        Given::Appointment { service, office, mode, start, beneficiary, phone } => {
            let mode = Mode::parse(mode).ok_or("no such mode")?;
            let request = HoldRequest {
                service: service.as_str().into(),
                office: office.as_str().into(),
                mode,
                start: instant(start)?,
                needs: Needs::default(),
            };
            let reference = book(app, request, beneficiary, phone).await?;
            names.insert((names.len() + 1).to_string(), reference);
        }
        Given::Closure { office, resource, from, to, reason } => {
            close(app, (office, resource.as_deref()), (from, to), reason).await?;
        }
        Given::ClosureWithProposals { office, from, to, reason } => {
            close(app, (office, None), (from, to), reason).await?;
            let desk = app.desk.as_ref().ok_or("no desk here")?;
            let kept = desk.closures(&office.as_str().into(), app.clock.now()).await.map_err(|e| e.to_string())?;
            let id = &kept.last().ok_or("no closure")?.id;
            desk.propose(id, &staff()).await.map_err(|e| e.to_string())?;
        }
        Given::FullDay { service, office, mode, date, until } => {
            let mode = Mode::parse(mode).ok_or("no such mode")?;
            let (mut day, last) = (day(date)?, day(until.as_ref().unwrap_or(date))?);
            while day.from <= last.from {
                fill(app, service, office, mode, day).await?;
                day = Window { from: day.to, to: day.to + TimeDelta::days(1) };
            }
        }
        Given::Wait { service, office, mode, date, beneficiary, phone } => {
            let request = WaitRequest {
                service: service.as_str().into(),
                offices: vec![office.as_str().into()],
                mode: Mode::parse(mode).ok_or("no such mode")?,
                needs: Needs::default(),
                windows: vec![day(date)?],
                excluded: Vec::new(),
                daily: None,
                beneficiary: beneficiary.clone(),
                requester: beneficiary.clone(),
                phone: Phone::parse(phone).map_err(|e| e.to_string())?,
                email: None,
                on_behalf: false,
                relation: None,
                procedure: None,
                identity: None,
            };
            let actor = Actor::Citizen { channel: "terminal".to_owned(), conversation: "given".to_owned() };
            let wait = list(app)?.wait(&request, &actor).await.map_err(|e| e.to_string())?;
            names.insert((names.len() + 1).to_string(), wait.reference.to_string());
            app.clock.advance(TimeDelta::seconds(1));
        }
    }
    Ok(())
}

/// A day in Athens.
fn day(date: &str) -> Result<Window, String> {
    let from = instant(&format!("{date}T00:00"))?;
    Ok(Window { from, to: from + TimeDelta::days(1) })
}

fn list(app: &App) -> Result<Arc<dyn WaitingList>, String> {
    app.waiting.clone().ok_or_else(|| "no waiting list".to_owned())
}

/// What others do before a turn.
async fn meanwhile(app: &App, turn: &Turn, names: &BTreeMap<String, String>) -> Result<(), String> {
    let reference = |name: &String| {
        let filled = names.iter().fold(name.clone(), |t, (k, v)| t.replace(&format!("{{{k}}}"), v));
        Reference::parse(&filled).map_err(|e| format!("{filled}: {e}"))
    };
    if let Some(name) = &turn.given_back {
        app.core.cancel(&reference(name)?, &staff(), "").await.map_err(|e| e.to_string())?;
    }
    if turn.offered {
        list(app)?.offer_free().await.map_err(|e| e.to_string())?;
    }
    if let Some(name) = &turn.says_yes {
        let (reference, list) = (reference(name)?, list(app)?);
        // Their telephone is the one that every other person of these scripts has.
        let phone = Phone::parse("6900000000").map_err(|e| e.to_string())?;
        list.accept(&reference, &phone, &staff()).await.map_err(|e| e.to_string())?;
    }
    Ok(())
}

async fn close(
    app: &App,
    (office, resource): (&str, Option<&str>),
    (from, to): (&str, &str),
    reason: &str,
) -> Result<(), String> {
    let window = Window { from: instant(from)?, to: instant(to)? };
    let closure =
        Closure { office: office.into(), resource: resource.map(Into::into), window, reason: reason.to_owned() };
    app.core.close(&closure, &staff()).await.map_err(|e| e.to_string())?;
    Ok(())
}

async fn fill(app: &App, service: &str, office: &str, mode: Mode, window: Window) -> Result<(), String> {
    let query = SlotQuery {
        service: service.into(),
        offices: vec![office.into()],
        mode,
        windows: vec![window],
        excluded: Vec::new(),
        daily: None,
        needs: Needs::default(),
        weekdays: Vec::new(),
        near: None,
        order: Order::default(),
        after: None,
        limit: 500,
    };
    let page = app.core.search(&query, &staff()).await.map_err(|e| e.to_string())?;
    for slot in page.slots {
        for _ in 0..slot.free {
            let request = HoldRequest {
                service: service.into(),
                office: office.into(),
                mode,
                start: slot.start,
                needs: Needs::default(),
            };
            // A place that another service's length took meanwhile is as good as filled.
            let Ok(hold) = app.core.hold(&request, &staff()).await else { break };
            let name = format!("Άλλος {}", hold.id);
            confirm(app, hold.id, &name, "2100000000").await?;
        }
    }
    Ok(())
}

async fn book(app: &App, request: HoldRequest, beneficiary: &str, phone: &str) -> Result<String, String> {
    let hold = app.core.hold(&request, &staff()).await.map_err(|e| e.to_string())?;
    confirm(app, hold.id, beneficiary, phone).await
}

async fn confirm(app: &App, hold: ariadni::booking::id::HoldId, name: &str, phone: &str) -> Result<String, String> {
    let request = BookingRequest {
        hold,
        beneficiary: name.to_owned(),
        requester: name.to_owned(),
        phone: Phone::parse(phone).map_err(|e| e.to_string())?,
        email: None,
        on_behalf: false,
        relation: None,
        guests: Vec::new(),
        procedure: None,
        identity: None,
    };
    let booked = app.core.book(&request, &staff()).await.map_err(|e| e.to_string())?;
    Ok(booked.reference.to_string())
}

/// Somebody else fills the chosen slot, every desk of it.
async fn take_slot(app: &App, last: &Outbound) -> Result<(), String> {
    let text =
        |name: &str| last.slots.get(name).and_then(|v| v.as_str()).map(str::to_owned).ok_or(format!("no {name}"));
    let start = instant(&text("slot")?)?;
    let mode = Mode::parse(&text("mode")?).ok_or("no such mode")?;
    app.store.expire_holds(app.clock.now() + TimeDelta::days(1)).await.map_err(|e| e.to_string())?;
    fill(app, &text("service")?, &text("office")?, mode, Window { from: start, to: start + TimeDelta::minutes(1) })
        .await
}

async fn stored(app: &App, reference: &str, wanted: &Stored) -> Result<(), String> {
    let reference = Reference::parse(reference).map_err(|e| e.to_string())?;
    let held = app.core.get(&reference).await.map_err(|e| e.to_string())?;
    let start = to_athens(held.start).format("%Y-%m-%dT%H:%M").to_string();
    let relation = held.relation.map(|r| r.as_str().to_owned());
    let pairs = [
        ("state", wanted.state.as_deref(), Some(held.state.as_str())),
        ("service", wanted.service.as_deref(), Some(held.service.as_str())),
        ("office", wanted.office.as_deref(), Some(held.office.as_str())),
        ("mode", wanted.mode.as_deref(), Some(held.mode.as_str())),
        ("start", wanted.start.as_deref(), Some(start.as_str())),
        ("beneficiary", wanted.beneficiary.as_deref(), Some(held.beneficiary.as_str())),
        ("requester", wanted.requester.as_deref(), Some(held.requester.as_str())),
        ("phone", wanted.phone.as_deref(), Some(held.phone.as_str())),
        ("relation", wanted.relation.as_deref(), relation.as_deref()),
    ];
    match pairs.into_iter().find(|(_, wanted, held)| wanted.is_some() && wanted != held) {
        Some((field, wanted, held)) => Err(format!("{reference}: {field} is {held:?} in the database, not {wanted:?}")),
        None => Ok(()),
    }
}
