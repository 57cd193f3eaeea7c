//! Work that nobody waits for: jobs, each at its own interval, until the process stops.

pub mod jobs;
pub mod runner;

pub use runner::{Job, Worker};

use std::sync::Arc;

use chrono::TimeDelta;

use crate::app::App;
use jobs::expire_holds::ExpireHolds;
use jobs::expire_proposals::ExpireProposals;
use jobs::follow_catalogue::FollowCatalogue;
use jobs::follow_distant_catalogue::FollowDistantCatalogue;
use jobs::forget_answers::ForgetAnswers;
use jobs::forget_waits::ForgetWaits;
use jobs::offer_waiting::OfferWaiting;
use jobs::purge_conversations::PurgeConversations;
use jobs::refresh_busy_calendars::RefreshBusyCalendars;

/// Every job of the application.
#[must_use]
pub fn jobs(app: &App) -> Vec<Box<dyn Job>> {
    let (store, clock) = (app.store.clone(), app.clock.clone());
    let retention_days = app.config.conversation.retention_days;
    let calendars = RefreshBusyCalendars {
        store: store.clone(),
        clock: clock.clone(),
        source: Arc::clone(&app.calendars),
        every: TimeDelta::minutes(i64::from(app.config.calendars.refresh_minutes)),
    };
    let mut jobs: Vec<Box<dyn Job>> = vec![
        Box::new(calendars),
        Box::new(ExpireHolds { store: store.clone(), clock: clock.clone() }),
        Box::new(ExpireProposals { store: store.clone(), clock: clock.clone() }),
        Box::new(ForgetAnswers { store: store.clone(), clock: clock.clone() }),
        Box::new(ForgetWaits { store: store.clone(), clock: clock.clone(), retention_days }),
        Box::new(PurgeConversations { store, clock, retention_days }),
    ];
    if let Some(core) = app.keeper.clone() {
        jobs.push(Box::new(FollowCatalogue { core }));
    }
    if let Some(core) = app.distant.clone() {
        let (store, catalogue) = (app.store.clone(), app.catalogue.clone());
        jobs.push(Box::new(FollowDistantCatalogue { core, store, catalogue }));
    }
    if let Some(list) = app.waiting.clone() {
        jobs.push(Box::new(OfferWaiting { list }));
    }
    jobs
}
