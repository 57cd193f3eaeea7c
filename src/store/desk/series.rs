//! Series: several appointments at the same hour every so many weeks, all or none.

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use sqlx::AnyConnection;

use crate::booking::board::Placement;
use crate::booking::catalogue::{BookingRules, Catalogue};
use crate::booking::core::{Actor, Appointment, AppointmentState, HoldRequest};
use crate::booking::desk::SeriesRequest;
use crate::booking::policy;
use crate::booking::refusal::Refusal;
use crate::store::appointments::{self, Made, People};
use crate::store::changes::{By, Wish, win};
use crate::store::error::{Failure, StoreError, retrying};
use crate::store::local_core::{LocalCore, place_of};
use crate::store::{Store, new_id, requests};

/// How often a series is planned anew because others took one of its places meanwhile.
const PLANS: usize = 8;

/// One appointment of a series, as the board would place it.
struct Visit {
    request: HoldRequest,
    date: NaiveDate,
    placement: Placement,
    /// The row it will have and the group of its claims.
    group: String,
}

impl LocalCore {
    /// Books every appointment of a series in one transaction, or none.
    pub(super) async fn book_all(&self, series: &SeriesRequest, actor: &Actor) -> Result<Vec<Appointment>, Refusal> {
        policy::check_people(&series.people)?;
        let rules = self.rules(&series.first.service);
        policy::check_series(&rules, series.count, series.every_weeks)?;
        let mut last = Refusal::SlotTaken;
        for _ in 0..PLANS {
            self.catch_up().await?;
            let visits = self.visits(series, actor)?;
            match self.win_all(series, &visits, &rules, actor).await {
                Err(refusal @ Refusal::OnDate { .. }) if refusal.code() == "slot_taken" => last = refusal,
                result => return result,
            }
        }
        Err(last)
    }

    /// Where each of them would be; the first one that cannot be had refuses all.
    fn visits(&self, series: &SeriesRequest, actor: &Actor) -> Result<Vec<Visit>, Refusal> {
        let first = &series.first;
        let zone = self.catalogue().office(&first.office).map_or(crate::clock::ATHENS, |o| o.time_zone);
        let local = first.start.with_timezone(&zone).naive_local();
        let visit = |number: u32| {
            let days = Days::new(u64::from(number * series.every_weeks * 7));
            let date = local.date().checked_add_days(days).unwrap_or(NaiveDate::MAX);
            let on_date = |because| Refusal::OnDate { date, because: Box::new(because) };
            let start = zone.from_local_datetime(&date.and_time(local.time())).earliest();
            // The very first start is taken as it was given, even where the clock shows it twice.
            let start = if number == 0 { Some(first.start) } else { start.map(|at| at.with_timezone(&Utc)) };
            let start: DateTime<Utc> = start.ok_or_else(|| on_date(Refusal::NotASlot))?;
            let request = HoldRequest { start, ..first.clone() };
            let placement = self.placement(&request, actor, None).map_err(on_date)?;
            Ok(Visit { request, date, placement, group: uuid::Uuid::new_v4().to_string() })
        };
        (0..series.count).map(visit).collect()
    }

    /// Tries the ways to be seated on each date, the next one after each that somebody else has.
    async fn win_all(
        &self,
        series: &SeriesRequest,
        visits: &[Visit],
        rules: &BookingRules,
        actor: &Actor,
    ) -> Result<Vec<Appointment>, Refusal> {
        let id = new_id();
        let mut ways = vec![0; visits.len()];
        loop {
            let made = Made { rules, series: &id };
            match retrying(|| self.try_all(series, visits, &ways, made, actor)).await? {
                Booked::All(appointments) => return Ok(appointments),
                Booked::Lost(visit) => ways[visit] += 1,
            }
            for (visit, way) in visits.iter().zip(&ways) {
                if *way >= visit.placement.seats.len() {
                    return Err(Refusal::OnDate { date: visit.date, because: Box::new(Refusal::SlotTaken) });
                }
            }
        }
    }

    async fn try_all(
        &self,
        series: &SeriesRequest,
        visits: &[Visit],
        ways: &[usize],
        made: Made<'_>,
        actor: &Actor,
    ) -> Result<Booked, Failure> {
        let mut tx = self.store.begin().await?;
        let mut booked = Vec::with_capacity(visits.len());
        for (number, (visit, way)) in visits.iter().zip(ways).enumerate() {
            let Visit { request, date, placement, group } = visit;
            let Some(seats) = placement.seats.get(*way) else { return Ok(Booked::Lost(number)) };
            let place = place_of(request, placement, actor, group.clone());
            let wish = Wish { place: &place, placement, seats };
            let won = win(&mut tx, wish, self.store.now()).await.map_err(|failure| on(*date, failure))?;
            let Some(won) = won else { return Ok(Booked::Lost(number)) };
            wish.check_open(&mut tx).await.map_err(|failure| on(*date, failure))?;
            if number == 0 {
                // A series counts as one, so that the first one answers for all.
                let now = self.store.now();
                appointments::check_limits(&mut tx, &place.service, made.rules, &People::of(&series.people), now)
                    .await?;
            }
            let by = By::actor(actor);
            booked.push(self.store.write_within_limits(&mut tx, &won, &People::of(&series.people), made, by).await?);
        }
        requests::commit(tx, &booked).await?;
        Ok(Booked::All(booked))
    }
}

/// What came of one attempt.
enum Booked {
    All(Vec<Appointment>),
    /// Somebody else has the seats chosen for this one.
    Lost(usize),
}

fn on(date: NaiveDate, failure: Failure) -> Failure {
    match failure {
        Failure::Refused(because) => Refusal::OnDate { date, because: Box::new(because) }.into(),
        other => other,
    }
}

impl Store {
    /// Cancels what still stands and has not begun of a series, in one transaction.
    pub(super) async fn try_cancel_series(
        &self,
        series: &str,
        catalogue: &Catalogue,
        by: By<'_>,
    ) -> Result<Vec<Appointment>, Failure> {
        let mut tx = self.begin().await?;
        let of_series = series_of(&mut tx, series).await?;
        if of_series.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let now = self.clock.now();
        let mut cancelled = Vec::new();
        for appointment in of_series {
            if appointment.state == AppointmentState::Booked && appointment.start > now {
                cancelled.push(self.cancel_in(&mut tx, &appointment.reference, catalogue, by).await?);
            }
        }
        requests::commit(tx, &cancelled).await?;
        Ok(cancelled)
    }
}

async fn series_of(tx: &mut AnyConnection, series: &str) -> Result<Vec<Appointment>, StoreError> {
    if series.is_empty() {
        return Ok(Vec::new());
    }
    let all = appointments::of_series(tx, series).await?;
    Ok(all.into_iter().map(|stored| stored.appointment).collect())
}
