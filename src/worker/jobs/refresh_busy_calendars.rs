//! Reads the calendars that offices follow, so that nobody is given an appointment while a desk is busy elsewhere.

use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};

use crate::booking::core::{Actor, Window};
use crate::booking::icalendar::{BusyTimes, busy_times};
use crate::clock::Clock;
use crate::gateway::calendars::{CalendarAddress, CalendarSource, Fetched, Version};
use crate::store::{BusyCalendar, BusyImport, Store};
use crate::worker::Job;

/// How far ahead busy times are claimed, days: beyond every horizon of a service.
const AHEAD: TimeDelta = TimeDelta::days(180);

/// After how long a calendar is read again even if its server says that it is unchanged: a meeting that repeats for ever
/// reaches further each day.
const READ_ANYWAY: TimeDelta = TimeDelta::hours(6);

/// The most complaints about one calendar that are kept.
const MOST_PROBLEMS: usize = 20;

/// Reads every calendar whose turn has come, each minute.
pub struct RefreshBusyCalendars {
    /// Where the calendars and their claims are kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Where calendars come from.
    pub source: Arc<dyn CalendarSource>,
    /// How long a calendar is left alone after it was asked for.
    pub every: TimeDelta,
}

#[async_trait::async_trait]
impl Job for RefreshBusyCalendars {
    fn name(&self) -> &'static str {
        "refresh_busy_calendars"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn run(&self) -> anyhow::Result<u64> {
        let mut changed = 0;
        for calendar in self.store.calendars_due(self.clock.now() - self.every).await? {
            match self.refresh(&calendar).await? {
                Ok(claims) => changed += claims,
                Err(reason) => {
                    tracing::warn!(calendar.id = %calendar.id, "a calendar of busy times was not read: {reason}");
                    self.store.note_try(&calendar.id, &reason).await?;
                }
            }
        }
        Ok(changed)
    }
}

impl RefreshBusyCalendars {
    /// Reads one calendar: how many claims it changed, or why it could not be read. What it claimed before then stays.
    async fn refresh(&self, calendar: &BusyCalendar) -> anyhow::Result<Result<u64, String>> {
        let address = match CalendarAddress::parse(&calendar.url) {
            Ok(address) => address,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let (text, version) = match self.source.fetch(&address, &self.known(calendar)).await {
            Ok(Fetched::Calendar { text, version }) => (text, version),
            Ok(Fetched::Unchanged) => {
                self.store.note_try(&calendar.id, "").await?;
                return Ok(Ok(0));
            }
            Err(error) => return Ok(Err(error.to_string())),
        };
        let (span, zone) = (self.span(), calendar.time_zone);
        // Reading may take seconds, and a panic inside a parser must not end the job.
        let read = tokio::task::spawn_blocking(move || busy_times(&text, span, zone)).await;
        let busy = match read {
            Ok(Ok(busy)) => busy,
            Ok(Err(error)) => return Ok(Err(error.to_string())),
            Err(_) => return Ok(Err("the calendar cannot be read".to_owned())),
        };
        let import = BusyImport {
            span,
            problems: problems(&busy),
            windows: busy.windows,
            etag: version.etag,
            modified: version.modified,
        };
        let changes = self.store.import_busy(calendar, &import, &Actor::System).await?;
        Ok(Ok((changes.taken + changes.freed) as u64))
    }

    fn known(&self, calendar: &BusyCalendar) -> Version {
        let recent = calendar.fetched.is_some_and(|fetched| self.clock.now() - fetched < READ_ANYWAY);
        if recent {
            Version { etag: calendar.etag.clone(), modified: calendar.modified.clone() }
        } else {
            Version::default()
        }
    }

    /// From the beginning of today, so that what is under way keeps its beginning.
    fn span(&self) -> Window {
        let from = self.clock.now().date_naive().and_time(NaiveTime::MIN).and_utc();
        Window { from, to: from + AHEAD }
    }
}

fn problems(busy: &BusyTimes) -> Vec<String> {
    let mut listed: Vec<String> = busy.problems.iter().take(MOST_PROBLEMS).map(ToString::to_string).collect();
    if busy.problems.len() > MOST_PROBLEMS {
        listed.push(format!("and {} more", busy.problems.len() - MOST_PROBLEMS));
    }
    listed
}
