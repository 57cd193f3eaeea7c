//! Bookings under every rule of the catalogue: one conversation for each service at each office in each mode, and attempts at the
//! edges of every rule. What is left in the database is judged by an independent reading of the catalogue.

mod capacity;
mod probe;
pub mod reading;
pub mod rule;
mod series;
mod share;
mod talk;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use self::reading::{Asked, Row, broken, stands_by_lift};
pub use self::rule::Rule;
use super::people::People;
use super::wording::Wording;
use crate::app::App;
use crate::booking::catalogue::Catalogue;
use crate::booking::core::{Actor, AppointmentState, BookingRequest, HoldRequest, Needs};
use crate::booking::id::HoldId;
use crate::booking::identity::Phone;
use crate::booking::people::Relation;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;

/// What is to be tried.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only every n-th of the services at the offices in the modes talks, and where several offices or services have the same
    /// rules only one of them is tried; 1 is all of them.
    pub every: usize,
    /// The same seed gives the same citizens.
    pub seed: u64,
    /// How many talk at once.
    pub concurrency: usize,
}

/// What came of one rule.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tally {
    /// Appointments of the database under the rule.
    pub bookings: usize,
    /// Attempts that the rule forbids and that were refused.
    pub refused_rightly: usize,
    /// Appointments that break it, attempts refused without need, and those taken against it.
    pub wrong: usize,
    /// Through what it was tried: the dialog, the core, or why it was not.
    pub through: &'static str,
}

/// What came of it all.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Conversations that were to book.
    pub conversations: usize,
    /// Those that booked what was wanted.
    pub booked_by_talking: usize,
    /// Those that could not, because nothing is free by the rules.
    pub nothing_to_have: usize,
    /// Conversations that came to nothing though something was free, and why.
    pub failed: Vec<String>,
    /// All that was said in each of those, by the number of the citizen.
    #[serde(skip)]
    pub transcripts: Vec<(usize, String)>,
    /// By rule.
    pub rules: BTreeMap<Rule, Tally>,
    /// Everything that is wrong, a line each.
    pub wrong: Vec<String>,
    /// Rules of the catalogue under which nothing was booked, or that refused nothing though they can, a line each.
    pub untried: Vec<String>,
}

/// The walk over the rules.
pub(super) struct Trial<'a> {
    app: &'a App,
    catalogue: Arc<Catalogue>,
    people: Arc<People>,
    wording: Arc<Wording>,
    options: &'a Options,
    /// When it began: every appointment was made at this time or little later.
    now: DateTime<Utc>,
    rows: Vec<Row>,
    next_person: usize,
    report: Report,
}

/// Tries every rule; `on_done` is called after each conversation.
///
/// # Errors
/// When the application fails in a way that no citizen can cause.
pub async fn run(app: &App, options: &Options, on_done: impl Fn()) -> anyhow::Result<Report> {
    let mut trial = Trial {
        app,
        catalogue: app.catalogue.get(),
        people: Arc::new(People::shuffled(options.seed)?),
        wording: Arc::new(Wording::bundled()?),
        options,
        now: app.clock.now(),
        rows: Vec::new(),
        next_person: 0,
        report: Report::default(),
    };
    let rules = Rule::of_catalogue(&trial.catalogue, crate::clock::to_athens(trial.now).date());
    for rule in &rules {
        trial.report.rules.insert(*rule, Tally { through: rule.tried_through(), ..Tally::default() });
    }
    trial.talk(on_done).await?;
    trial.probe().await?;
    trial.judge().await?;
    trial.report.untried = rules.iter().filter_map(|rule| trial.report.rules.get(rule)?.missing(*rule)).collect();
    Ok(trial.report)
}

/// How many conversations [`run`] will hold.
#[must_use]
pub fn conversations(catalogue: &Catalogue, every: usize) -> usize {
    rule::offers(catalogue).count().div_ceil(every.max(1))
}

impl Trial<'_> {
    /// Judges every appointment of the database by the catalogue.
    async fn judge(&mut self) -> anyhow::Result<()> {
        let mut stored = super::rows(self.app).await?;
        for row in &mut self.rows {
            match stored.remove(&row.appointment.reference) {
                Some(kept) => row.appointment = kept,
                None => self.report.wrong.push(format!("{} is not in the database", row.appointment.reference)),
            }
        }
        self.rows.retain(|row| row.appointment.state == AppointmentState::Booked);
        let orphans = stored.values().filter(|row| row.state == AppointmentState::Booked).count();
        if orphans > 0 {
            self.report.wrong.push(format!("{orphans} appointments that nobody made"));
        }
        for row in &self.rows {
            let it = &row.appointment;
            let lifted = stands_by_lift(&self.catalogue, row, &self.rows, self.now).then_some(Rule::QuotaLifts);
            for rule in Rule::of_row(&self.catalogue, row).into_iter().chain(lifted) {
                self.report.rules.entry(rule).or_default().bookings += 1;
            }
            for rule in broken(&self.catalogue, row, &self.rows, self.now) {
                self.report.rules.entry(rule).or_default().wrong += 1;
                let place = format!("{} at {} {}", it.service, it.resource, it.start);
                self.report.wrong.push(format!("{rule:?}: {place} for {:?} by {}", row.needs, row.channel));
            }
        }
        Ok(())
    }

    fn note(&mut self, rule: Rule, what: &str, expected: bool, refused: bool) {
        let tally = self.report.rules.entry(rule).or_default();
        match (expected, refused) {
            (false, true) => tally.refused_rightly += 1,
            (true, false) => {}
            (true, true) => {
                tally.wrong += 1;
                self.report.wrong.push(format!("{rule:?}: refused, though the catalogue allows it: {what}"));
            }
            (false, false) => {
                tally.wrong += 1;
                self.report.wrong.push(format!("{rule:?}: taken, though the catalogue forbids it: {what}"));
            }
        }
    }

    /// Holds and books a place for somebody new.
    async fn take(&mut self, asked: Asked<'_>, needs: Needs, channel: &str) -> Result<Reference, Refusal> {
        self.next_person += 1;
        self.take_for(asked, needs, channel, (self.next_person, self.next_person, None)).await
    }

    /// The same for a certain person, by a certain telephone.
    async fn take_for(
        &mut self,
        asked: Asked<'_>,
        needs: Needs,
        channel: &str,
        (person, phone, relation): (usize, usize, Option<Relation>),
    ) -> Result<Reference, Refusal> {
        let staff = channel == "staff";
        let actor = actor(channel);
        let place = HoldRequest {
            service: asked.service.id.clone(),
            office: asked.office.id.clone(),
            mode: asked.mode,
            start: asked.start,
            needs: needs.clone(),
        };
        let hold = self.app.core.hold(&place, &actor).await?;
        let request = self.people_of(&hold.id, (person, phone, relation))?;
        match self.app.core.book(&request, &actor).await {
            Ok(appointment) => {
                let reference = appointment.reference.clone();
                self.rows.push(Row { appointment, needs, channel: channel.to_owned(), staff, waited: false });
                Ok(reference)
            }
            Err(refusal) => {
                self.app.core.release(&hold.id, &actor).await?;
                Err(refusal)
            }
        }
    }

    /// The people of a booking: somebody for themselves, or for somebody else by their telephone.
    fn people_of(
        &self,
        hold: &HoldId,
        (person, phone, relation): (usize, usize, Option<Relation>),
    ) -> Result<BookingRequest, Refusal> {
        let name = self.people.person(person, super::people::Gender::Woman).name;
        Ok(BookingRequest {
            hold: hold.clone(),
            beneficiary: name.clone(),
            requester: if relation.is_some() { "Αγγελική Ρήγα".to_owned() } else { name },
            phone: Phone::parse(&self.people.phone(phone)).map_err(|_| Refusal::NotFound)?,
            email: None,
            on_behalf: relation.is_some(),
            relation,
            guests: Vec::new(),
            procedure: None,
            identity: None,
        })
    }

    /// The starts in `from..to` at which the office serves it, as the catalogue reads.
    fn starts<'b>(&self, at: Asked<'b>, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Asked<'b>> {
        let first = DateTime::from_timestamp(from.timestamp().div_euclid(300) * 300 + 300, 0).unwrap_or(from);
        let steps = (0..(to - first).num_minutes() / 5).map(|step| first + TimeDelta::minutes(5 * step));
        steps.map(|start| Asked { start, ..at }).filter(|asked| asked.is_open()).collect()
    }
}

/// Whoever comes through a channel.
fn actor(channel: &str) -> Actor {
    if channel == "staff" {
        return Actor::Staff { name: "simulate".to_owned() };
    }
    Actor::Citizen { channel: channel.to_owned(), conversation: "simulate".to_owned() }
}

impl Tally {
    /// What was left untried of a rule.
    fn missing(&self, rule: Rule) -> Option<String> {
        if self.bookings == 0 {
            return Some(format!("{rule:?}: nothing was booked under it"));
        }
        (rule.can_refuse() && self.refused_rightly == 0).then(|| format!("{rule:?}: it refused nothing"))
    }
}

impl Rule {
    /// Through what the trial puts it to the test.
    fn tried_through(self) -> &'static str {
        match self {
            Self::Series => "staff's desk",
            Self::WaitingList => "dialog and waiting list",
            Self::PartyMinutes
            | Self::PartyDesks
            | Self::Languages
            | Self::ChosenEmployee
            | Self::CancelLimit
            | Self::LimitPerBeneficiary
            | Self::LimitPerClient
            | Self::LimitPerRequester
            | Self::QuotaOfStaff
            | Self::QuotaLifts
            | Self::Cooldown => "core",
            Self::Hours
            | Self::HoursOfMode
            | Self::HoursOfService
            | Self::Break
            | Self::Grid
            | Self::Validity
            | Self::EveryWeeks
            | Self::WeeksOfMonth
            | Self::TimeZone
            | Self::Holiday
            | Self::LocalHoliday
            | Self::SpecialDay
            | Self::ServedBy
            | Self::Lead
            | Self::Horizon
            | Self::ReleaseDaily
            | Self::ReleaseWeekly
            | Self::ReleaseMonthly
            | Self::BufferOfService
            | Self::BufferOfResource
            | Self::Skills
            | Self::ResourceModes
            | Self::ResourceServices
            | Self::HiddenEmployee
            | Self::QuotaOfChannel
            | Self::QuotaOfCitizens
            | Self::QuotaOfMode
            | Self::QuotaOfService
            | Self::QuotaPercent
            | Self::QuotaPlaces
            | Self::WalkIn => "dialog and core",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_tried_when_something_was_booked_under_it_and_it_refused_something() {
        let tally = |bookings, refused_rightly| Tally { bookings, refused_rightly, ..Tally::default() };
        for (rule, tally, tried) in [
            (Rule::Break, tally(3, 1), true),
            (Rule::Break, tally(3, 0), false),
            (Rule::Break, tally(0, 1), false),
            (Rule::QuotaLifts, tally(3, 0), true),
            (Rule::QuotaLifts, tally(0, 0), false),
        ] {
            assert_eq!(tally.missing(rule).is_none(), tried, "{rule:?} {tally:?}");
        }
    }
}
