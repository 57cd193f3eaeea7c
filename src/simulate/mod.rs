//! Simulated citizens against the real engine: its understanding, its flows, its availability core and a real database.
//!
//! A citizen has a goal drawn from the catalogue, says it in words of the simulation's own, answers what is asked by what a
//! person can read on the screen, and is judged by the rows that are left in the database.

mod answers;
pub mod citizen;
pub mod every_rule;
pub mod goal;
pub mod judge;
pub mod people;
pub mod reading;
pub mod report;
pub mod session;
mod times;
pub mod wish;
pub mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;
use futures::StreamExt;

use crate::app::App;
use crate::booking::core::Appointment;
use crate::booking::reference::Reference;
use crate::greek::noise::Noise;
use goal::Goal;
use judge::{Left, Verdict, judge};
use people::People;
pub use report::Report;
use session::{Played, play};
use wording::Wording;

/// How far ahead rows are looked for: beyond every horizon.
const AHEAD: TimeDelta = TimeDelta::days(400);

/// What is to be simulated.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many conversations, 1 to 3000.
    pub conversations: usize,
    /// The same seed gives the same citizens, as long as the same times are free.
    pub seed: u64,
    /// What happens to what they write.
    pub noise: Noise,
    /// How many talk at once, at least 1.
    pub concurrency: usize,
}

/// The conversations with their verdicts, and the counts.
#[derive(Debug)]
pub struct Outcome {
    /// Every conversation, in the order of the citizens.
    pub judged: Vec<(Played, Verdict)>,
    /// The counts.
    pub report: Report,
}

/// Lets citizens talk; `on_done` is called after each conversation.
///
/// # Errors
/// When the application fails in a way that no citizen can cause.
pub async fn run(app: &App, options: &Options, on_done: impl Fn()) -> anyhow::Result<Outcome> {
    let people = Arc::new(People::shuffled(options.seed)?);
    let wording = Arc::new(Wording::bundled()?);
    let before: BTreeSet<Reference> = rows(app).await?.into_keys().collect();
    let talks = futures::stream::iter(0..options.conversations).map(|index| {
        let (app, people, wording, options) = (app.clone(), Arc::clone(&people), Arc::clone(&wording), options.clone());
        // On threads of their own: understanding is work for the processor.
        tokio::spawn(async move { play(&app, &people, &wording, &options, index).await })
    });
    let mut talks = talks.buffered(options.concurrency.max(1));
    let mut played = Vec::with_capacity(options.conversations);
    while let Some(talk) = talks.next().await {
        played.push(talk.context("a conversation was broken off")??);
        on_done();
    }
    let rows = rows(app).await?;
    let latin = options.noise == Noise::Greeklish;
    let orphans = orphans(&rows, &before, &played);
    let judged: Vec<(Played, Verdict)> = played
        .into_iter()
        .map(|played| {
            let verdict = judge(&app.catalogue.get(), &left(&played, &rows, latin));
            (played, verdict)
        })
        .collect();
    let report = Report::of(&judged, orphans);
    Ok(Outcome { judged, report })
}

/// Appointments by their references.
type Rows = BTreeMap<Reference, Appointment>;

/// Every appointment in the database.
async fn rows(app: &App) -> anyhow::Result<Rows> {
    let now = app.clock.now();
    let mut all = BTreeMap::new();
    for office in &app.catalogue.get().offices {
        let rows = app.store.appointments_between(&office.id, now - TimeDelta::days(1), now + AHEAD).await?;
        all.extend(rows.into_iter().map(|row| (row.reference.clone(), row)));
    }
    Ok(all)
}

/// What one conversation left in the database.
fn left<'a>(played: &'a Played, rows: &'a BTreeMap<Reference, Appointment>, latin: bool) -> Left<'a> {
    let booked = played.booked.iter().filter_map(|(reference, agreed)| Some((rows.get(reference)?, *agreed)));
    Left {
        goal: &played.goal,
        today: played.today,
        booked: booked.collect(),
        existing: existing(&played.goal).and_then(|reference| rows.get(reference)),
        changes_agreed: played.changes_agreed,
        latin,
        events: &played.events,
        told_no_video: played.told_no_video,
        earliest_offered: played.earliest_offered,
        gave_up: played.gave_up.as_deref(),
    }
}

fn existing(goal: &Goal) -> Option<&Reference> {
    match goal {
        Goal::Cancel(row) | Goal::Check(row) | Goal::Reschedule(row, ..) => Some(&row.reference),
        _ => None,
    }
}

/// Appointments that were not there before and of which no conversation told.
fn orphans(rows: &BTreeMap<Reference, Appointment>, before: &BTreeSet<Reference>, played: &[Played]) -> usize {
    let told: BTreeSet<&Reference> = played
        .iter()
        .flat_map(|played| played.booked.iter().map(|(reference, _)| reference).chain(existing(&played.goal)))
        .collect();
    rows.keys().filter(|reference| !before.contains(reference) && !told.contains(reference)).count()
}
