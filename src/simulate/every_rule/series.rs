//! Series of appointments, as staff make them: a whole one, one that is too long, one that meets a day on which nobody works.

use chrono::{NaiveDate, TimeDelta};

use super::probe::instant;
use super::reading::{Asked, Row, free_desks};
use super::rule::offers;
use super::{Rule, Trial, actor};
use crate::booking::catalogue::Catalogue;
use crate::booking::core::{Appointment, HoldRequest, Needs};
use crate::booking::desk::SeriesRequest;
use crate::booking::id::HoldId;
use crate::booking::refusal::Refusal;

impl Trial<'_> {
    /// Every service that has series, at its first office and mode.
    pub(super) async fn series(&mut self, catalogue: &Catalogue) -> anyhow::Result<()> {
        for service in catalogue.services.iter().filter(|service| service.rules.series_most > 1) {
            let Some((_, office, mode)) = offers(catalogue).find(|(s, ..)| s.id == service.id) else { continue };
            let most = service.rules.series_most;
            let at = Asked { service, office, mode, persons: 1, start: self.now };
            let from = self.now + TimeDelta::minutes(service.rules.lead_minutes.into()) + TimeDelta::days(1);
            let open = self.starts(at, from, from + TimeDelta::days(14));
            let free = |visit: &Asked<'_>| !free_desks(catalogue, *visit, &self.rows).is_empty();
            let stands = |visit: &Asked<'_>| visit.closed().is_none() && free(visit);
            let whole = open.iter().find(|first| weekly(**first, most).iter().all(stands)).copied();
            let shut = open.iter().find_map(|first| {
                let visits = weekly(*first, most);
                let at = visits.iter().position(|visit| !stands(visit))?;
                visits[at].closed().map(|_| (*first, date(visits[at])))
            });
            if let Some(first) = whole {
                let booked = self.book_series(first, most).await;
                self.note(Rule::Series, &format!("{} of {most}: {booked:?}", service.id), true, booked.is_err());
                let rows = booked.unwrap_or_default().into_iter().map(|appointment| Row {
                    appointment,
                    needs: Needs::default(),
                    channel: "staff".to_owned(),
                    staff: true,
                    waited: false,
                });
                self.rows.extend(rows);
                let longer = self.book_series(first, most + 1).await;
                self.note(Rule::Series, &format!("{} of {}", service.id, most + 1), false, longer.is_err());
            }
            if let Some((first, closed_on)) = shut {
                let refused = self.book_series(first, most).await;
                let named = matches!(&refused, Err(Refusal::OnDate { date, .. }) if *date == closed_on);
                self.note(Rule::Series, &format!("{} over {closed_on}: {refused:?}", service.id), false, named);
            }
        }
        Ok(())
    }

    async fn book_series(&mut self, first: Asked<'_>, count: u32) -> Result<Vec<Appointment>, Refusal> {
        self.next_person += 1;
        let people = self.people_of(&HoldId::new("none"), (self.next_person, self.next_person, None))?;
        let first = HoldRequest {
            service: first.service.id.clone(),
            office: first.office.id.clone(),
            mode: first.mode,
            start: first.start,
            needs: Needs::default(),
        };
        let Some(desk) = &self.app.desk else { return Err(Refusal::NotOffered("a desk".to_owned())) };
        desk.book_series(&SeriesRequest { first, count, every_weeks: 1, people }, &actor("staff")).await
    }
}

/// So many visits at the same hour by the office's clock.
fn weekly(first: Asked<'_>, count: u32) -> Vec<Asked<'_>> {
    let local = first.start.with_timezone(&first.office.time_zone).naive_local();
    let visit = |week: u32| {
        let day = local.date() + TimeDelta::weeks(week.into());
        Asked { start: instant(first.office, day, local.time()), ..first }
    };
    (0..count).map(visit).collect()
}

fn date(visit: Asked<'_>) -> NaiveDate {
    visit.start.with_timezone(&visit.office.time_zone).date_naive()
}
