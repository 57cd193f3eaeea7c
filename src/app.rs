//! Puts the parts together once, for every sub-command and for the tests.

pub mod lexicon;
pub mod transformer;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::TimeDelta;

use crate::booking::catalogue::Catalogue;
use crate::booking::core::AvailabilityCore;
use crate::booking::desk::AppointmentDesk;
use crate::booking::in_force::CatalogueInForce;
use crate::booking::waiting::WaitingList;
use crate::clock::Clock;
use crate::config::{Config, Explain};
use crate::conversation::Conversations;
use crate::dialog::SupportDesk;
use crate::gateway::calendars::{CalendarSource, WebCalendars};
use crate::gateway::remote_core::{self, RemoteCore};
use crate::gateway::sms::{HttpSms, MessageSender};
use crate::gateway::writer::{Reach, WebWriter};
use crate::knowledge::CurrentKnowledge;
use crate::procedures::kept::{self, Stamp};
use crate::procedures::{ProcedureBook, ProceduresInForce};
use crate::shortening::{Limits, Shortening};
use crate::store::{LocalCore, Store};

/// The whole program behind its channels.
#[derive(Clone)]
pub struct App {
    /// Runs turns.
    pub conversations: Arc<Conversations>,
    /// Finds, keeps and books.
    pub core: Arc<dyn AvailabilityCore>,
    /// What officials do beside; absent where another Ariadni keeps the appointments.
    pub desk: Option<Arc<dyn AppointmentDesk>>,
    /// Who waits for a place; absent where another program keeps the appointments.
    pub waiting: Option<Arc<dyn WaitingList>>,
    /// The database.
    pub store: Store,
    /// Who serves what, as it is in force.
    pub catalogue: CatalogueInForce,
    /// Where a catalogue is put in force; absent where another Ariadni keeps it.
    pub keeper: Option<LocalCore>,
    /// The other Ariadni, where it keeps the appointments and the catalogue.
    pub distant: Option<Arc<RemoteCore>>,
    /// The national registry, as it is in force.
    pub procedures: ProceduresInForce,
    /// By what one can tell whether the procedures in the data folder are other ones by now.
    pub procedures_stamp: Stamp,
    /// What turns look at.
    pub knowledge: Arc<CurrentKnowledge>,
    /// Where calendars of other programs come from.
    pub calendars: Arc<dyn CalendarSource>,
    /// Who sends short messages; absent where none are sent.
    pub messages: Option<Arc<dyn MessageSender>>,
    /// The one clock.
    pub clock: Clock,
    /// The settings.
    pub config: Config,
}

impl App {
    /// Opens the database, brings it up to date, and puts the parts together.
    ///
    /// # Errors
    /// When the database cannot be opened or migrated, or what it or the binary carries is wrong.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        crate::gateway::choose_cryptography();
        let url = config.database_url();
        if url.starts_with("sqlite:") {
            std::fs::create_dir_all(&config.data_dir)
                .with_context(|| format!("cannot make the folder {}", config.data_dir.display()))?;
        }
        let store = Store::open(&url, clock.clone()).await?;
        store.migrate().await?;
        let Keeping { core, desk, waiting, catalogue, keeper, distant } = match &config.availability.url {
            Some(url) => elsewhere(&config, url, &store).await?,
            None => here(&config, &store).await?,
        };
        let procedures_stamp = kept::stamp(&config.data_dir);
        let procedures = ProceduresInForce::new(ProcedureBook::open(&config.data_dir)?);
        let support = SupportDesk {
            phone: config.support.phone.clone(),
            days: config.support.days.clone(),
            from: config.support.from,
            to: config.support.to,
        };
        let settings = config.nlu.clone();
        let classifier = tokio::task::spawn_blocking(move || transformer::beside_the_linear(&settings)).await?;
        let knowledge = CurrentKnowledge::new(catalogue.clone(), procedures.clone(), support, classifier)?;
        let knowledge = Arc::new(knowledge);
        let calendars: Arc<dyn CalendarSource> = Arc::new(WebCalendars::new(config.calendars.private_addresses));
        let messages = sender(&config)?;
        let conversations = Conversations::new(
            Arc::clone(&knowledge),
            Arc::clone(&core),
            waiting.clone(),
            store.clone(),
            clock.clone(),
            config.conversation.max_text,
        );
        let conversations = conversations.shortened(shortening(&config.explain)?).sending(messages.is_some());
        let conversations = Arc::new(conversations);
        Ok(Self {
            conversations,
            core,
            desk,
            waiting,
            store,
            catalogue,
            keeper,
            distant,
            procedures,
            procedures_stamp,
            knowledge,
            calendars,
            messages,
            clock,
            config,
        })
    }

    /// Whether citizens can be sent messages.
    #[must_use]
    pub fn can_send(&self) -> bool {
        self.messages.is_some()
    }
}

/// The gateway of short messages, where one is named.
fn sender(config: &Config) -> anyhow::Result<Option<Arc<dyn MessageSender>>> {
    let settings = &config.messages;
    let Some(endpoint) = &settings.sms_endpoint else { return Ok(None) };
    let token = settings.sms_token.as_deref().unwrap_or_default();
    Ok(Some(Arc::new(HttpSms::new(endpoint, token, &settings.sender)?)))
}

/// How long a writer that gave no answer is left alone.
const WRITER_RESTS: Duration = Duration::from_secs(30);

/// Who shortens long explanations, where somebody does.
fn shortening(settings: &Explain) -> anyhow::Result<Option<Shortening>> {
    let Some(endpoint) = &settings.endpoint else { return Ok(None) };
    let patience = Duration::from_secs(u64::from(settings.patience));
    let reach = Reach {
        endpoint: endpoint.clone(),
        model: settings.model.clone().unwrap_or_default(),
        api_key: settings.api_key.clone(),
        patience,
    };
    let limits = Limits { longer_than: settings.longer_than, patience, rest: WRITER_RESTS };
    Ok(Some(Shortening::new(Arc::new(WebWriter::new(&reach)?), limits)))
}

/// Who keeps the appointments, and by which catalogue.
struct Keeping {
    core: Arc<dyn AvailabilityCore>,
    desk: Option<Arc<dyn AppointmentDesk>>,
    waiting: Option<Arc<dyn WaitingList>>,
    catalogue: CatalogueInForce,
    keeper: Option<LocalCore>,
    distant: Option<Arc<RemoteCore>>,
}

/// This program's own database.
async fn here(config: &Config, store: &Store) -> anyhow::Result<Keeping> {
    let imported = store.latest_catalogue().await?;
    let catalogue = Arc::new(imported.unwrap_or_else(Catalogue::bundled));
    let local = LocalCore::new(store.clone(), Arc::clone(&catalogue))
        .holding_for(TimeDelta::minutes(i64::from(config.booking.hold_minutes)));
    local.import(catalogue).await?;
    let (catalogue, keeper) = (local.in_force().clone(), Some(local.clone()));
    let waiting: Option<Arc<dyn WaitingList>> = Some(Arc::new(local.clone()));
    let desk: Option<Arc<dyn AppointmentDesk>> = Some(Arc::new(local.clone()));
    Ok(Keeping { core: Arc::new(local), desk, waiting, catalogue, keeper, distant: None })
}

/// Another Ariadni. Its catalogue is kept here as last known, so that this one starts while it is away.
async fn elsewhere(config: &Config, url: &str, store: &Store) -> anyhow::Result<Keeping> {
    let core = RemoteCore::new(remote_core::Reach {
        url: url.to_owned(),
        token: config.availability.token.clone().unwrap_or_default(),
        patience: Duration::from_secs(u64::from(config.availability.timeout_seconds)),
    })?;
    let catalogue = match core.catalogue().await {
        Ok(catalogue) => {
            store
                .import_catalogue(&catalogue)
                .await
                .with_context(|| format!("the catalogue of {url} was not taken"))?;
            catalogue
        }
        Err(refusal) => {
            tracing::warn!(error.cause = %refusal, core.url = url, "the core is away: its last known catalogue is used");
            store.latest_catalogue().await?.with_context(|| {
                format!("the availability core at {url} gives no catalogue ({refusal}) and none is known from before")
            })?
        }
    };
    let (core, catalogue) = (Arc::new(core), CatalogueInForce::new(Arc::new(catalogue)));
    let distant = Some(Arc::clone(&core));
    Ok(Keeping { core, desk: None, waiting: None, catalogue, keeper: None, distant })
}
