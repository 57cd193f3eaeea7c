//! Work that nobody waits for: jobs, each at its own interval, until the process stops.

pub mod jobs;
pub mod registry_sync;
pub mod runner;

pub use runner::{Job, Worker};

use std::sync::Arc;

use chrono::TimeDelta;

use crate::app::App;
use crate::gateway::registry::{ProcedureRegistry, WebRegistry};
use jobs::announce_news::AnnounceNews;
use jobs::deliver_messages::DeliverMessages;
use jobs::expire_holds::ExpireHolds;
use jobs::expire_proposals::ExpireProposals;
use jobs::follow_catalogue::FollowCatalogue;
use jobs::follow_distant_catalogue::FollowDistantCatalogue;
use jobs::forget_answers::ForgetAnswers;
use jobs::forget_messages::ForgetMessages;
use jobs::forget_waits::ForgetWaits;
use jobs::offer_waiting::OfferWaiting;
use jobs::purge_conversations::PurgeConversations;
use jobs::refresh_busy_calendars::RefreshBusyCalendars;
use jobs::refresh_procedures::RefreshProcedures;

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
        Box::new(refresh_procedures(app)),
        Box::new(ExpireHolds { store: store.clone(), clock: clock.clone() }),
        Box::new(ExpireProposals { store: store.clone(), clock: clock.clone() }),
        Box::new(ForgetAnswers { store: store.clone(), clock: clock.clone() }),
        Box::new(ForgetMessages { store: store.clone(), clock: clock.clone() }),
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
    if let Some(sender) = app.messages.clone() {
        jobs.push(Box::new(announce_news(app)));
        jobs.push(Box::new(DeliverMessages { store: app.store.clone(), clock: app.clock.clone(), sender }));
    }
    jobs
}

fn announce_news(app: &App) -> AnnounceNews {
    AnnounceNews {
        store: app.store.clone(),
        clock: app.clock.clone(),
        catalogue: app.catalogue.clone(),
        phone: app.config.support.phone.clone(),
        site: app.config.server.public_url.clone(),
    }
}

/// The registry is asked at night where that is wanted and possible; what others import is followed in any case.
fn refresh_procedures(app: &App) -> RefreshProcedures {
    let settings = &app.config.procedures;
    let registry = settings.nightly.then(|| WebRegistry::new(&settings.registry_url)).and_then(|registry| {
        let registry = registry.inspect_err(|error| tracing::warn!("procedures are not refreshed: {error}")).ok()?;
        Some(Arc::new(registry) as Arc<dyn ProcedureRegistry>)
    });
    let (procedures, folder, stamp) = (app.procedures.clone(), app.config.data_dir.clone(), app.procedures_stamp);
    RefreshProcedures::new(procedures, folder, stamp, registry, settings.at_once, app.clock.clone())
}
