//! Transfers: planned on a board without the appointments that move, then written in one transaction.
//!
//! The people of one transfer may pass through each other's places, so all their old claims are let go before the new ones are
//! made. Nobody slips in between. SQLite has one writer. On PostgreSQL whoever claims a time whose claim another transaction
//! is letting go waits for that transaction, because the exclusion constraint looks at rows that are being changed as well;
//! when it is over he finds the new claims, or the old ones if it came to nothing.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AnyConnection;

use super::list::selected;
use super::{overtake, scratch};
use crate::booking::board::{Board, Seat};
use crate::booking::claim::ClaimKind;
use crate::booking::core::{Actor, AppointmentState, Window};
use crate::booking::desk::{Destination, Move, Selection, TransferPlan, TransferRequest};
use crate::booking::id::{OfficeId, ResourceId};
use crate::booking::refusal::Refusal;
use crate::booking::transfer::{self, Fate, MOST_MOVED, Mover, Target};
use crate::store::appointments::Stored;
use crate::store::changes::{At, By, moved_from};
use crate::store::claims::{self, BOOKED, Place};
use crate::store::error::{Failure, StoreError};
use crate::store::local_core::{LocalCore, place_of};
use crate::store::{closures, requests, shares};

/// How far around the new places the board is filled: a whole day on each side, so that shares of days are counted in full.
const AROUND: TimeDelta = TimeDelta::days(2);

/// The longest reason, Unicode scalar values.
const LONGEST_REASON: usize = 300;

/// An appointment and what becomes of it.
struct Step {
    old: Stored,
    target: Box<Target>,
    place: Place,
}

impl LocalCore {
    /// Refuses what no transfer can be.
    pub(super) fn check_transfer(&self, request: &TransferRequest) -> Result<(), Refusal> {
        let invalid = |field, message: &str| Err(Refusal::Invalid { field, message: message.to_owned() });
        let Destination { days, minutes, start, office, resource, .. } = &request.to;
        let which = &request.which;
        if which.references.is_empty() && which.office.is_none() && which.resource.is_none() && which.window.is_none() {
            return invalid("which", "names no appointment, office, desk or time");
        }
        if start.is_some() && (*days, *minutes) != (0, 0) {
            return invalid("to", "is either at a time or so much later");
        }
        if days.unsigned_abs() > 366 || minutes.unsigned_abs() > 24 * 60 {
            return invalid("to", "is more than 366 days or 1,440 minutes away");
        }
        if request.reason.trim().is_empty() || request.reason.chars().count() > LONGEST_REASON {
            return invalid("reason", &format!("is empty or longer than {LONGEST_REASON} characters"));
        }
        self.check_place(office.as_ref(), resource.as_ref())
    }

    fn check_place(&self, office: Option<&OfficeId>, resource: Option<&ResourceId>) -> Result<(), Refusal> {
        let catalogue = self.catalogue();
        if let Some(office) = office.filter(|id| catalogue.office(id).is_none()) {
            return Err(Refusal::NotOffered(format!("office {office}")));
        }
        let has = |id: &ResourceId| {
            let mut offices = catalogue.offices.iter().filter(|o| office.is_none_or(|office| *office == o.id));
            offices.any(|o| o.resources.iter().any(|r| r.id == *id))
        };
        match resource.filter(|id| !has(id)) {
            Some(resource) => Err(Refusal::NotOffered(format!("resource {resource}"))),
            None => Ok(()),
        }
    }

    pub(super) async fn try_transfer(&self, request: &TransferRequest, actor: &Actor) -> Result<TransferPlan, Failure> {
        if request.dry_run {
            let mut connection = self.store.read.acquire().await?;
            return Ok(self.planned(&mut connection, request, actor).await?.0);
        }
        let mut tx = self.store.begin().await?;
        let (mut plan, steps) = self.planned(&mut tx, request, actor).await?;
        if !plan.hurt.is_empty() {
            return Ok(plan);
        }
        self.write_transfer(&mut tx, &steps, By { actor, reason: request.reason.trim() }).await?;
        plan.done = true;
        requests::commit(tx, &plan).await?;
        Ok(plan)
    }

    /// What would happen, and what is to be written for it.
    async fn planned(
        &self,
        tx: &mut AnyConnection,
        request: &TransferRequest,
        actor: &Actor,
    ) -> Result<(TransferPlan, Vec<Step>), Failure> {
        let which = Selection { states: vec![AppointmentState::Booked], ..request.which.clone() };
        let stored = selected(tx, &which, MOST_MOVED + 1).await?;
        if stored.len() > MOST_MOVED || (request.to.start.is_some() && stored.len() > 1) {
            let most = if request.to.start.is_some() { 1 } else { MOST_MOVED };
            return Err(Refusal::Invalid { field: "which", message: format!("are more than {most}") }.into());
        }
        let movers = movers(tx, &stored).await?;
        let board = self.board_without(tx, &movers, &request.to).await?;
        let (movers, fates) = plan_elsewhere(board, movers, request.to.clone(), actor.clone(), self.now()).await?;
        Ok(self.sorted(stored, &movers, fates, actor))
    }

    /// A board of the offices concerned, without those who move.
    async fn board_without(
        &self,
        tx: &mut AnyConnection,
        movers: &[Mover],
        to: &Destination,
    ) -> Result<Board, StoreError> {
        let catalogue = self.catalogue();
        let places: Vec<_> = movers
            .iter()
            .filter_map(|mover| {
                let office = to.office.as_ref().unwrap_or(&mover.appointment.office);
                Some((office.clone(), transfer::shifted(&catalogue, &mover.appointment, to)?))
            })
            .collect();
        let offices: BTreeSet<OfficeId> = movers
            .iter()
            .map(|mover| mover.appointment.office.clone())
            .chain(places.iter().map(|(office, _)| office.clone()))
            .collect();
        let except: HashSet<&str> = movers.iter().map(|mover| mover.group.as_str()).collect();
        let offices: Vec<OfficeId> = offices.into_iter().collect();
        let mut board = scratch::board_of(&catalogue, &offices);
        for office in &offices {
            let times = || places.iter().filter(|(at, _)| at == office).map(|(_, start)| *start);
            let (Some(first), Some(last)) = (times().min(), times().max()) else { continue };
            let window = Window { from: first - AROUND, to: last + AROUND };
            scratch::learn(tx, &mut board, office, window, &except).await?;
        }
        Ok(board)
    }

    /// Splits the fates into what people see and what is to be written; who stays where he is, is in neither.
    fn sorted(
        &self,
        stored: Vec<Stored>,
        movers: &[Mover],
        fates: Vec<Fate>,
        actor: &Actor,
    ) -> (TransferPlan, Vec<Step>) {
        let catalogue = self.catalogue();
        let (mut plan, mut steps) = (TransferPlan::default(), Vec::new());
        for ((old, mover), fate) in stored.into_iter().zip(movers).zip(fates) {
            let target = match fate {
                Fate::Hurt(why) => {
                    plan.hurt.push((old.as_of(self.now()), why));
                    continue;
                }
                Fate::Goes(target) => target,
            };
            let Some(resource) = target.seats.iter().map(|seat| &seat.resource).min().cloned() else { continue };
            let from = old.as_of(self.now());
            let (start, office) = (target.placement.slot.from, target.request.office.clone());
            if (start, &office) == (from.start, &from.office) && mover.has(&target.seats) {
                continue;
            }
            let clock = |office: &OfficeId, at: DateTime<Utc>| {
                let zone = catalogue.office(office).map_or(crate::clock::ATHENS, |o| o.time_zone);
                at.with_timezone(&zone).time()
            };
            let time_changed = clock(&from.office, from.start) != clock(&office, start);
            plan.moved.push(Move { from, start, office, resource, time_changed });
            let place = Place {
                channel: old.channel.clone(),
                staff: mover.by_staff(),
                ..place_of(&target.request, &target.placement, actor, old.id.clone())
            };
            steps.push(Step { old, target, place });
        }
        (plan, steps)
    }

    async fn write_transfer(&self, tx: &mut AnyConnection, steps: &[Step], by: By<'_>) -> Result<(), Failure> {
        let now = self.store.now();
        let mut moved = Vec::with_capacity(steps.len());
        let mut by_id: Vec<&Step> = steps.iter().collect();
        // The rows first, as everybody does who changes one, and in one order for all: two transfers of the same people wait
        // for each other and do not deadlock. Then the days, then the claims.
        by_id.sort_by(|a, b| a.old.id.cmp(&b.old.id));
        for step in by_id {
            let at = At::of(&step.place, &step.target.seats)?;
            let appointment = self.store.set_place(tx, &step.old, at, &self.rules(&step.place.service)).await?;
            moved.push((step, appointment));
        }
        self.wait_for_days(tx, steps).await?;
        for step in steps {
            claims::free(tx, &step.old.id, ClaimKind::Appointment).await?;
            overtake(tx, &step.old.id).await?;
        }
        self.claim_targets(tx, steps, now).await?;
        moved.sort_by_key(|(step, appointment)| (appointment.start, step.old.id.clone()));
        for (step, appointment) in moved {
            self.store.tell(tx, &appointment, by, "transferred", moved_from(&step.old.appointment)).await?;
        }
        Ok(())
    }

    /// Bookings of the days concerned wait from here on, in the order of the days.
    async fn wait_for_days(&self, tx: &mut AnyConnection, steps: &[Step]) -> Result<(), StoreError> {
        let counted = steps.iter().filter(|step| !step.target.placement.quotas.is_empty());
        let days: BTreeSet<_> = counted.map(|step| (step.place.office.clone(), step.place.date)).collect();
        for (office, date) in days {
            shares::wait_for_day(tx, &office, date).await?;
        }
        Ok(())
    }

    /// Claims the new seats; whoever took one of them since the plan was made makes it be planned again.
    async fn claim_targets(&self, tx: &mut AnyConnection, steps: &[Step], now: i64) -> Result<(), Failure> {
        let mut wanted: Vec<(&Seat, &Step)> =
            steps.iter().flat_map(|step| step.target.seats.iter().map(move |seat| (seat, step))).collect();
        wanted.sort_by(|(a, _), (b, _)| (&a.resource, a.claim.from).cmp(&(&b.resource, b.claim.from)));
        let mut checked: HashSet<&str> = HashSet::new();
        for (seat, step) in wanted {
            let placement = &step.target.placement;
            if checked.insert(step.place.group.as_str()) {
                let fits = shares::check(tx, &step.place, &placement.quotas, placement.minutes, now).await;
                fits.map_err(planned_again)?;
            }
            if !claims::claim(tx, &step.place, seat, BOOKED, now).await? {
                return Err(Failure::Again);
            }
        }
        for step in steps {
            let placement = &step.target.placement;
            if closures::reason(tx, &step.place, &step.target.seats, placement.special_day).await?.is_some() {
                return Err(Failure::Again);
            }
        }
        Ok(())
    }
}

/// Those who move, with all the desks they have now.
async fn movers(tx: &mut AnyConnection, stored: &[Stored]) -> Result<Vec<Mover>, StoreError> {
    let mut movers = Vec::with_capacity(stored.len());
    for Stored { id, channel, appointment } in stored {
        let alone = appointment.persons == 1;
        let desks = if alone { vec![appointment.resource.clone()] } else { claims::resources(tx, id).await? };
        let (group, channel) = (id.clone(), channel.clone());
        movers.push(Mover { group, channel, desks, appointment: appointment.clone() });
    }
    Ok(movers)
}

/// The share of a day that was left when the plan was made is gone.
fn planned_again(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(Refusal::KeptForOthers) => Failure::Again,
        other => other,
    }
}

/// Plans on a thread of its own: hundreds of people on a full day take longer than a turn may wait.
async fn plan_elsewhere(
    mut board: Board,
    movers: Vec<Mover>,
    to: Destination,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<(Vec<Mover>, Vec<Fate>), Failure> {
    let planning = tokio::task::spawn_blocking(move || {
        let fates = transfer::plan(&mut board, &movers, &to, &actor, now);
        (movers, fates)
    });
    planning.await.map_err(|_| Refusal::Unavailable("a transfer was not planned".to_owned()).into())
}
