//! The script of a conversation: what the citizen does, and what must be seen.

use std::collections::BTreeMap;

use ariadni::channel::turn::{Choice, Event, Inbound, Outbound, Status};
use serde::Deserialize;
use serde_json::Value;

/// A conversation as it is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What it shows.
    #[allow(dead_code)]
    pub name: String,
    /// When it begins, Athens; a Monday morning by default.
    #[serde(default = "monday_morning")]
    pub now: String,
    /// Through a telephone: the citizen hears and does not read. Such scripts are called `voice_…` and are played straight in.
    #[serde(default)]
    pub by_voice: bool,
    /// Whether messages can be sent; what each must hold that waits to be sent in the end, in their order.
    #[serde(default)]
    pub messages: Option<Vec<Vec<String>>>,
    /// Whether the records of `tests/procedures/registry.jsonl` were imported before. Such scripts are called `registry_…`.
    #[serde(default)]
    pub registry: bool,
    /// Appointments and closures that are there before it begins.
    #[serde(default)]
    pub given: Vec<Given>,
    /// The turns.
    pub turns: Vec<Turn>,
    /// What the database holds in the end: reference (`{reference}`, `{1}`…) to expected fields.
    #[serde(default)]
    pub then: BTreeMap<String, Stored>,
}

fn monday_morning() -> String {
    "2026-11-23T09:00".to_owned()
}

/// What is there before the conversation begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Given {
    /// An appointment; the first is `{1}`, the next `{2}`.
    Appointment { service: String, office: String, mode: String, start: String, beneficiary: String, phone: String },
    /// An office is shut, or only one of its employees is away.
    Closure { office: String, resource: Option<String>, from: String, to: String, reason: String },
    /// An office is shut, and whoever it hurts is proposed another place.
    ClosureWithProposals { office: String, from: String, to: String, reason: String },
    /// Every free place of an office on a day is taken, by other people.
    FullDay {
        service: String,
        office: String,
        mode: String,
        date: String,
        /// The last of several such days.
        until: Option<String>,
    },
    /// Somebody waits for a place of a day; numbered like appointments.
    Wait { service: String, office: String, mode: String, date: String, beneficiary: String, phone: String },
}

/// One turn: exactly one of the doings, and what must be seen after it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Turn {
    pub say: Option<String>,
    /// Part of the title of a choice on offer.
    pub choose: Option<String>,
    /// A choice value as it stands, offered or not.
    pub value: Option<String>,
    pub keys: Option<String>,
    pub silence: bool,
    /// Minutes that pass before the turn.
    pub after_minutes: i64,
    /// Somebody else takes the chosen slot before the turn.
    pub slot_is_taken: bool,
    /// The office cancels this appointment before the turn.
    pub given_back: Option<String>,
    /// What is free is offered to those who wait before the turn.
    pub offered: bool,
    /// Whoever waits under this code says yes before the turn.
    pub says_yes: Option<String>,
    /// Each must be in what is displayed, accents and case aside.
    pub reply: Vec<String>,
    /// None may be in what is displayed.
    pub no_reply: Vec<String>,
    /// Each must be in what is spoken.
    pub speak: Vec<String>,
    /// The slot that must be asked for; `none` for null.
    pub awaiting: Option<String>,
    /// The flow that must be open; `none` for null.
    pub flow: Option<String>,
    /// Slots that must hold these values; null: must not be known.
    pub slots: BTreeMap<String, Value>,
    /// The types of the events, in order; an empty list forbids any. Not looked at when absent.
    pub events: Option<Vec<String>>,
    /// Fields of the first event.
    pub event: BTreeMap<String, Value>,
    /// How many choices are on offer.
    pub choices: Option<usize>,
    /// The status that must hold; `open` when absent.
    pub status: Option<Status>,
}

/// An appointment as the database must hold it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stored {
    pub state: Option<String>,
    pub service: Option<String>,
    pub office: Option<String>,
    pub mode: Option<String>,
    pub start: Option<String>,
    pub beneficiary: Option<String>,
    pub requester: Option<String>,
    pub phone: Option<String>,
    pub relation: Option<String>,
}

impl Turn {
    /// What the citizen does, with `{reference}` and the like put in.
    pub fn inbound(&self, names: &BTreeMap<String, String>, choices: &[Choice]) -> Result<Inbound, String> {
        let fill = |text: &str| names.iter().fold(text.to_owned(), |t, (k, v)| t.replace(&format!("{{{k}}}"), v));
        match (&self.say, &self.choose, &self.value, &self.keys, self.silence) {
            (Some(text), None, None, None, false) => Ok(Inbound::Text(fill(text))),
            (None, Some(part), None, None, false) => {
                let found = choices.iter().find(|c| plain(&c.title).contains(&plain(part)));
                let all = || choices.iter().map(|c| c.title.as_str()).collect::<Vec<_>>().join(" | ");
                found
                    .map(|c| Inbound::Choice(c.value.clone()))
                    .ok_or_else(|| format!("no choice «{part}» among {}", all()))
            }
            (None, None, Some(value), None, false) => Ok(Inbound::Choice(fill(value))),
            (None, None, None, Some(keys), false) => Ok(Inbound::Dtmf(fill(keys))),
            (None, None, None, None, true) => Ok(Inbound::Silence(true)),
            _ => Err("a turn does exactly one thing".to_owned()),
        }
    }

    /// Compares what was seen with what must be.
    pub fn check(&self, seen: &Outbound) -> Result<(), String> {
        let shown: String = seen.replies.iter().map(|r| r.display.as_str()).collect::<Vec<_>>().join("\n");
        let spoken: String = seen.replies.iter().map(|r| r.speak.as_str()).collect::<Vec<_>>().join("\n");
        for part in &self.reply {
            expect(plain(&shown).contains(&plain(part)), || format!("«{part}» is not in «{shown}»"))?;
        }
        for part in &self.no_reply {
            expect(!plain(&shown).contains(&plain(part)), || format!("«{part}» is in «{shown}»"))?;
        }
        for part in &self.speak {
            expect(plain(&spoken).contains(&plain(part)), || format!("«{part}» is not spoken in «{spoken}»"))?;
        }
        expect(!seen.replies.is_empty(), || "nothing was said".to_owned())?;
        expect(!spoken.trim().is_empty(), || "nothing was spoken".to_owned())?;
        named("awaiting", self.awaiting.as_deref(), seen.awaiting.as_deref())?;
        named("flow", self.flow.as_deref(), seen.flow.as_deref())?;
        for (slot, value) in &self.slots {
            let held = seen.slots.get(slot).unwrap_or(&Value::Null);
            expect(held == value, || format!("slot {slot} is {held}, not {value}"))?;
        }
        self.check_events(&seen.events)?;
        if let Some(count) = self.choices {
            let offered: usize = seen.replies.iter().map(|r| r.choices.len()).sum();
            expect(offered == count, || format!("{offered} choices, not {count}"))?;
        }
        let status = self.status.unwrap_or_default();
        expect(seen.status == status, || format!("status is {:?}, not {status:?}", seen.status))
    }

    fn check_events(&self, events: &[Event]) -> Result<(), String> {
        let seen: Vec<Value> = events.iter().map(|e| serde_json::to_value(e).expect("an event is JSON")).collect();
        let types: Vec<&str> = seen.iter().filter_map(|e| e["type"].as_str()).collect();
        if let Some(wanted) = &self.events {
            expect(types == *wanted, || format!("events are {types:?}, not {wanted:?}"))?;
        }
        for (field, value) in &self.event {
            let held = seen.first().map_or(&Value::Null, |e| &e[field]);
            expect(held == value, || format!("event field {field} is {held}, not {value}"))?;
        }
        Ok(())
    }
}

fn named(what: &str, wanted: Option<&str>, held: Option<&str>) -> Result<(), String> {
    match wanted {
        None => Ok(()),
        Some("none") => expect(held.is_none(), || format!("{what} is {held:?}, not null")),
        Some(name) => expect(held == Some(name), || format!("{what} is {held:?}, not {name}")),
    }
}

fn expect(holds: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(complaint()) }
}

/// Text as it is compared: folded words.
pub fn plain(text: &str) -> String {
    ariadni::dialog::turn::words(text)
}
