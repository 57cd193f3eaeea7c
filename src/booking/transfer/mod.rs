//! Transfers (μεταφορές ραντεβού): which new place each of many appointments gets, so that as few people as possible are hurt.
//!
//! Pure: it looks at a board on which the appointments that move are not, because a chain of moves (everybody one hour later,
//! everybody from one desk to the next) passes through the present places of its own members.

mod assign;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};

use super::board::{Board, Placement, Seat};
use super::catalogue::Catalogue;
use super::claim::{Change, Claim, ClaimKind, Serves};
use super::core::{Actor, Appointment, HoldRequest, Needs, SlotQuery, Window};
use super::desk::Destination;
use super::id::{OfficeId, ResourceId, ServiceId};
use super::people::{Language, Mode};
use super::refusal::Refusal;

pub use words::hurt_because;

/// The most appointments that one transfer may be about.
pub const MOST_MOVED: usize = 1_000;

/// An appointment that is to move.
#[derive(Debug, Clone, PartialEq)]
pub struct Mover {
    /// What its claims share.
    pub group: String,
    /// The channel it was booked through: it goes on counting as that.
    pub channel: String,
    /// The desks or employees it has now, one for most.
    pub desks: Vec<ResourceId>,
    /// As it is now.
    pub appointment: Appointment,
}

/// Where an appointment goes.
#[derive(Debug, Clone)]
pub struct Target {
    /// What was asked of the board.
    pub request: HoldRequest,
    /// What the board said.
    pub placement: Placement,
    /// The seats chosen among those it named.
    pub seats: Vec<Seat>,
}

/// What becomes of an appointment.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It goes there, which may be where it is.
    Goes(Box<Target>),
    /// There is no place for it; why, in Greek.
    Hurt(String),
}

/// Where each of the movers goes, in their order. The board must not hold their claims; afterwards it holds their new ones.
///
/// As few as possible are hurt: always when those who compete for places are few, else as few as a search of bounded length
/// finds. Among plans that hurt equally few it keeps people near their time and at their desk, and in the order in which
/// they were.
#[must_use]
pub fn plan(board: &mut Board, movers: &[Mover], to: &Destination, actor: &Actor, now: DateTime<Utc>) -> Vec<Fate> {
    let mut order: Vec<usize> = (0..movers.len()).collect();
    order.sort_by_key(|&at| (movers[at].appointment.start, movers[at].appointment.resource.clone(), at));
    let mut asked = Asked { board, to, actor, now, placed: HashMap::new(), starts: HashMap::new() };
    let found: Vec<_> = order.iter().map(|&at| asked.options(&movers[at])).collect();
    let mut chosen = assign::assign(&found.iter().map(Found::seats).collect::<Vec<_>>());
    if to.nearest_time {
        keep_order(&found, &mut chosen);
    }
    let mut fates: Vec<Fate> = vec![Fate::Hurt(String::new()); movers.len()];
    for ((&at, found), chosen) in order.iter().zip(found).zip(chosen) {
        fates[at] = match (found, chosen) {
            (Found::Options(options), Some(chosen)) => {
                let option = options.into_iter().nth(chosen);
                option.map_or_else(|| Fate::Hurt(String::new()), |option| seat(board, &movers[at], option, actor, now))
            }
            (Found::Options(_), None) => Fate::Hurt(hurt_because(&Refusal::SlotTaken)),
            (Found::Nothing(refusal), _) => Fate::Hurt(hurt_because(&refusal)),
        };
    }
    fates
}

/// The same wall-clock time so many days and minutes later; `None` where the clock never shows it.
#[must_use]
pub fn shifted(catalogue: &Catalogue, appointment: &Appointment, to: &Destination) -> Option<DateTime<Utc>> {
    if let Some(start) = to.start {
        return Some(start);
    }
    let zone_of = |office: &OfficeId| catalogue.office(office).map_or(crate::clock::ATHENS, |o| o.time_zone);
    let zone = zone_of(to.office.as_ref().unwrap_or(&appointment.office));
    let local = appointment.start.with_timezone(&zone_of(&appointment.office)).naive_local();
    let days = Days::new(u64::from(to.days.unsigned_abs()));
    let date = if to.days < 0 { local.date().checked_sub_days(days) } else { local.date().checked_add_days(days) }?;
    let local = date.and_time(local.time()) + TimeDelta::minutes(i64::from(to.minutes));
    zone.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
}

/// What is asked of the board for each mover, once for all who want the same.
struct Asked<'a> {
    board: &'a Board,
    to: &'a Destination,
    actor: &'a Actor,
    now: DateTime<Utc>,
    placed: HashMap<Kind, Result<Arc<Placed>, Refusal>>,
    starts: HashMap<Kind, Vec<DateTime<Utc>>>,
}

/// What a mover wants but for its own desk; the start is that of a day where starts are asked for.
type Kind = (ServiceId, OfficeId, Mode, u32, Option<Language>, DateTime<Utc>);

/// A start at which there is room.
#[derive(Debug)]
struct Placed {
    request: HoldRequest,
    placement: Placement,
}

/// One place that a mover could take: one way to be seated at a start.
#[derive(Debug, Clone)]
struct Choice {
    placed: Arc<Placed>,
    way: usize,
}

impl Choice {
    fn seats(&self) -> &[Seat] {
        &self.placed.placement.seats[self.way]
    }

    fn start(&self) -> DateTime<Utc> {
        self.placed.placement.slot.from
    }
}

/// The places that a mover could take if nobody else moved, the best first; or why there is none.
enum Found {
    Options(Vec<Choice>),
    Nothing(Refusal),
}

impl Found {
    fn seats(&self) -> Vec<&[Seat]> {
        match self {
            Self::Options(options) => options.iter().map(Choice::seats).collect(),
            Self::Nothing(_) => Vec::new(),
        }
    }
}

impl Asked<'_> {
    fn options(&mut self, mover: &Mover) -> Found {
        let Some(wanted) = shifted(self.board.catalogue(), &mover.appointment, self.to) else {
            return Found::Nothing(Refusal::NotASlot);
        };
        let at_once = self.at(mover, wanted);
        if !self.to.nearest_time {
            return match at_once {
                Ok(options) if !options.is_empty() => Found::Options(options),
                Ok(_) => Found::Nothing(Refusal::SlotTaken),
                Err(refusal) => Found::Nothing(refusal),
            };
        }
        let mut options = Vec::new();
        for start in self.starts_of_day(mover, wanted) {
            options.extend(self.at(mover, start).unwrap_or_default());
        }
        if options.is_empty() {
            Found::Nothing(at_once.err().unwrap_or(Refusal::SlotTaken))
        } else {
            Found::Options(options)
        }
    }

    /// The places at one start: its own desk first, then as the board would have it.
    fn at(&mut self, mover: &Mover, start: DateTime<Utc>) -> Result<Vec<Choice>, Refusal> {
        let request = self.request(mover, start);
        let (board, actor, now) = (self.board, self.actor, self.now);
        let placed = self.placed.entry(kind(&request, start)).or_insert_with(|| {
            let placement = board.place(&request, actor, now, None)?;
            Ok(Arc::new(Placed { request, placement }))
        });
        let placed = Arc::clone(placed.as_ref().map_err(Clone::clone)?);
        let ways = 0..placed.placement.seats.len();
        let mut choices: Vec<_> = ways.map(|way| Choice { placed: Arc::clone(&placed), way }).collect();
        choices
            .sort_by_key(|choice| choice.seats().iter().filter(|seat| !mover.desks.contains(&seat.resource)).count());
        Ok(choices)
    }

    /// The free starts of the day of `wanted`, the nearest first.
    fn starts_of_day(&mut self, mover: &Mover, wanted: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let request = self.request(mover, wanted);
        let day = self.day(&request.office, wanted);
        let (board, actor, now) = (self.board, self.actor, self.now);
        let starts = self.starts.entry(kind(&request, day.from)).or_insert_with(|| {
            let query = SlotQuery {
                offices: vec![request.office],
                needs: request.needs,
                windows: vec![day],
                ..SlotQuery::new(request.service, request.mode, 500)
            };
            let page = board.find(&query, actor, now).unwrap_or_default();
            page.slots.into_iter().map(|slot| slot.start).collect()
        });
        let mut starts = starts.clone();
        starts.sort_by_key(|start| ((*start - wanted).abs(), *start));
        starts
    }

    fn day(&self, office: &OfficeId, at: DateTime<Utc>) -> Window {
        let zone = self.board.catalogue().office(office).map_or(crate::clock::ATHENS, |o| o.time_zone);
        super::calendar::day_in(zone, at.with_timezone(&zone).date_naive())
    }

    fn request(&self, mover: &Mover, start: DateTime<Utc>) -> HoldRequest {
        let appointment = &mover.appointment;
        HoldRequest {
            service: appointment.service.clone(),
            office: self.to.office.as_ref().unwrap_or(&appointment.office).clone(),
            mode: appointment.mode,
            start,
            needs: Needs {
                persons: appointment.persons,
                language: appointment.language,
                resource: self.to.resource.clone(),
            },
        }
    }
}

/// Puts a mover at its new place, unless the shares of the day, which no single place shows, are used up by then.
fn seat(board: &mut Board, mover: &Mover, option: Choice, actor: &Actor, now: DateTime<Utc>) -> Fate {
    let (request, seats) = (option.placed.request.clone(), option.seats().to_vec());
    let mut placement = option.placed.placement.clone();
    match board.place(&request, actor, now, None) {
        Ok(now_there) => placement = now_there,
        // Whoever stays on the same day takes nothing from anybody.
        Err(Refusal::KeptForOthers) if same_day(board, mover, &request, placement.date) => placement.quotas.clear(),
        Err(refusal) => return Fate::Hurt(hurt_because(&refusal)),
    }
    for (number, seat) in seats.iter().enumerate() {
        board.apply(Change::Taken(claim(mover, &request, &placement, seat, number)));
    }
    Fate::Goes(Box::new(Target { request, placement, seats }))
}

fn kind(request: &HoldRequest, start: DateTime<Utc>) -> Kind {
    let HoldRequest { service, office, mode, needs, .. } = request;
    (service.clone(), office.clone(), *mode, needs.persons, needs.language, start)
}

fn same_day(board: &Board, mover: &Mover, request: &HoldRequest, date: NaiveDate) -> bool {
    let zone = board.catalogue().office(&request.office).map_or(crate::clock::ATHENS, |o| o.time_zone);
    let old = &mover.appointment;
    old.office == request.office && old.start.with_timezone(&zone).date_naive() == date
}

fn claim(mover: &Mover, request: &HoldRequest, placement: &Placement, seat: &Seat, number: usize) -> Claim {
    Claim {
        id: format!("{}/{number}", mover.group),
        office: request.office.clone(),
        resource: seat.resource.clone(),
        window: seat.claim,
        kind: ClaimKind::Appointment,
        expires_at: None,
        serves: Some(Serves {
            group: mover.group.clone(),
            service: request.service.clone(),
            mode: request.mode,
            channel: mover.channel.clone(),
            staff: mover.by_staff(),
            slot: placement.slot,
        }),
    }
}

impl Mover {
    /// Whether staff booked it.
    #[must_use]
    pub fn by_staff(&self) -> bool {
        matches!(self.channel.as_str(), "staff" | "system")
    }

    /// Whether these are the desks it has now.
    #[must_use]
    pub fn has(&self, seats: &[Seat]) -> bool {
        seats.len() == self.desks.len() && seats.iter().all(|seat| self.desks.contains(&seat.resource))
    }
}

/// Gives those who could have each other's places these places in the order in which they were: whoever came first still does.
fn keep_order(found: &[Found], chosen: &mut [Option<usize>]) {
    for first in 0..found.len() {
        for second in first + 1..found.len() {
            let (Found::Options(a), Found::Options(b)) = (&found[first], &found[second]) else { continue };
            let (Some(mine), Some(theirs)) = (chosen[first], chosen[second]) else { continue };
            if a[mine].start() <= b[theirs].start() {
                continue;
            }
            let same = |x: &Choice, y: &Choice| Arc::ptr_eq(&x.placed, &y.placed) && x.way == y.way;
            let mine_now = a.iter().position(|option| same(option, &b[theirs]));
            let theirs_now = b.iter().position(|option| same(option, &a[mine]));
            if let (Some(mine_now), Some(theirs_now)) = (mine_now, theirs_now) {
                (chosen[first], chosen[second]) = (Some(mine_now), Some(theirs_now));
            }
        }
    }
}
