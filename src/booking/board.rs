//! The board: everything that answers searches from memory.
//!
//! It knows the catalogue in force and all that is taken or shut, and hears every change from the journal of the store.
//! Whether a place is really won is decided by the database; the board says where to try, and what to show.

mod count;
mod day;
mod index;
mod ledger;
mod memo;
mod names;
mod office_day;
mod open;
mod place;
mod reasons;
mod request;
mod search;
mod time;

use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use self::index::Index;
use self::ledger::Ledger;
use self::memo::Memo;
use self::open::OpenMinutes;
use self::search::Search;
use super::calendar::Date;
use super::catalogue::Catalogue;
use super::claim::Change;
use super::core::{Actor, DayCount, HoldRequest, Order, SlotPage, SlotQuery, Window};
use super::id::{OfficeId, ResourceId};
use super::refusal::Refusal;
use super::rule::quota::Quota;

pub use self::search::LARGEST_PAGE;

/// Everything that answers searches from memory: the catalogue in force and all that is taken or shut.
#[derive(Debug)]
pub struct Board {
    catalogue: Arc<Catalogue>,
    index: Index,
    ledger: Ledger,
    memo: Memo,
    open_minutes: OpenMinutes,
}

/// Where an appointment could be put.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// The appointment without buffers.
    pub slot: Window,
    /// Its date by the office's wall clock.
    pub date: NaiveDate,
    /// The whole of that day.
    pub day: Window,
    /// The ways to seat it, in the order to try them; each has as many seats as the party needs, all of different resources.
    /// Never empty.
    pub seats: Vec<Vec<Seat>>,
    /// The quotas that it counts towards and that have not lifted, to be checked again when it is written.
    pub quotas: Vec<QuotaCheck>,
    /// What it counts as in quotas: minutes of the slot times seats.
    pub minutes: u32,
    /// Whether a special day opened it, so that closures of the whole office do not count; those of a single resource do.
    pub special_day: bool,
}

/// A resource and what an appointment claims of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Which desk or employee.
    pub resource: ResourceId,
    /// From when until when, with the buffers of the service and of this resource.
    pub claim: Window,
}

/// A quota and what it is a share of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaCheck {
    /// The quota.
    pub quota: Quota,
    /// The serving time of the office on that day, minutes over all its resources.
    pub minutes_open: u32,
}

impl Board {
    /// A board on which nothing is taken.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        let mut ledger = Ledger::new();
        let index = Index::new(&catalogue, &mut ledger);
        Self { catalogue, index, ledger, memo: Memo::default(), open_minutes: OpenMinutes::default() }
    }

    /// The catalogue in force.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Puts other rules in force. What is taken stays, also at offices and resources that the new catalogue does not have.
    pub fn replace_catalogue(&mut self, catalogue: Arc<Catalogue>) {
        self.index = Index::new(&catalogue, &mut self.ledger);
        self.catalogue = catalogue;
        self.memo.clear();
        self.open_minutes = OpenMinutes::default();
    }

    /// Takes note of a change; hearing one twice does no harm.
    pub fn apply(&mut self, change: Change) {
        let Self { index, ledger, memo, .. } = self;
        match change {
            Change::Taken(claim) => ledger.take(&claim, |office, day| memo.forget_day(index, office, day)),
            Change::Freed(id) => ledger.free(&id, |office, day| memo.forget_day(index, office, day)),
            Change::Shut { id, closure } => ledger.shut(&id, &closure, |office| memo.forget_office(index, office)),
            Change::Reopened(id) => ledger.reopen(&id, |office| memo.forget_office(index, office)),
        }
        memo.trim();
    }

    /// Forgets what was over by `instant`; nobody asks for days before it any more.
    pub fn forget_before(&mut self, instant: DateTime<Utc>) {
        let Self { index, ledger, memo, .. } = self;
        ledger.forget_before(time::seconds(instant), |office, day| memo.forget_day(index, office, day));
        // No zone is a whole day behind another.
        let first = instant.date_naive() - Days::new(1);
        memo.forget_before(first.num_days_from_ce());
        self.open_minutes.get_mut().unwrap_or_else(PoisonError::into_inner).retain(|(_, date), _| *date >= first);
    }

    /// How many claims it knows.
    #[must_use]
    pub fn claims(&self) -> usize {
        self.ledger.len()
    }

    /// Free slots, or the rule that left none.
    ///
    /// # Errors
    /// `NotOffered` for an unknown or not offered service, office or mode; `Invalid` for a limit or a window out of range, nobody
    /// who comes, an order by distance from nowhere.
    pub fn find(&self, query: &SlotQuery, actor: &Actor, now: DateTime<Utc>) -> Result<SlotPage, Refusal> {
        Ok(Search::new(self, query, actor, now)?.page())
    }

    /// How much is free on each day of `from..=to`; windows and page of the query aside.
    ///
    /// # Errors
    /// As [`Self::find`]; more than 366 days.
    pub fn days(
        &self,
        query: &SlotQuery,
        from: NaiveDate,
        to: NaiveDate,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Vec<DayCount>, Refusal> {
        search::check_days(from, to)?;
        let query = SlotQuery { limit: 1, after: None, order: Order::Earliest, ..query.clone() };
        Ok(Search::new(self, &query, actor, now)?.days(from, to))
    }

    /// Where an appointment could be put. The claims of the group `own`, a hold or an appointment, do not count: it is to be
    /// moved, or to be taken as it was offered.
    ///
    /// # Errors
    /// The rule that forbids it; `SlotTaken` when everybody who could serve it is taken.
    pub fn place(
        &self,
        request: &HoldRequest,
        actor: &Actor,
        now: DateTime<Utc>,
        own: Option<&str>,
    ) -> Result<Placement, Refusal> {
        place::place(self, request, actor, now, own)
    }

    /// What percentages of a day are shares of: the opening minutes of all resources of an office, less closures and leave; none
    /// for an office that is not in the catalogue.
    #[must_use]
    pub fn serving_minutes(&self, office: &OfficeId, date: NaiveDate) -> u32 {
        let place = self.index.office(office);
        place.map_or(0, |place| self.minutes_open(place, &Date::new(self.catalogue.offices[place].time_zone, date)))
    }
}
