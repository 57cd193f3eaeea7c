//! Finds another place for one after another whose appointment cannot be kept.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AnyConnection;

use super::scratch;
use crate::booking::board::{Board, Placement, Seat};
use crate::booking::catalogue::{Catalogue, Office};
use crate::booking::claim::{Change, Claim, ClaimKind};
use crate::booking::core::{Actor, Appointment, HoldRequest, Needs, Proposal, SlotQuery, Window};
use crate::booking::id::{OfficeId, ResourceId};
use crate::booking::proposal::{self, WITHIN_DAYS};
use crate::store::appointments::Stored;
use crate::store::changes::At;
use crate::store::claims::{self, Hold, Place};
use crate::store::error::Failure;
use crate::store::local_core::place_of;
use crate::store::{Store, closures, new_id, shares};

/// How many free starts of an office are tried before the next office.
const TRIED: usize = 20;

/// A place that is kept for somebody.
pub(super) struct Offer {
    /// The group of its claims.
    pub id: String,
    /// The first of its desks.
    pub resource: ResourceId,
    /// What the citizen is told; the reason is not known here.
    pub proposal: Proposal,
}

/// Finds another place for one after another: at the same office, else at the nearest one that has any.
pub(super) struct Finder<'a> {
    store: &'a Store,
    catalogue: &'a Catalogue,
    actor: &'a Actor,
    window: Window,
    board: Board,
    known: HashSet<OfficeId>,
}

impl<'a> Finder<'a> {
    /// A finder that looks at this stretch of time.
    pub(super) fn new(store: &'a Store, catalogue: &'a Catalogue, actor: &'a Actor, window: Window) -> Self {
        let offices: Vec<OfficeId> = catalogue.offices.iter().map(|office| office.id.clone()).collect();
        let board = scratch::board_of(catalogue, &offices);
        Self { store, catalogue, actor, window, board, known: HashSet::new() }
    }

    /// Keeps the nearest place there is; `None` when there is none in time.
    pub(super) async fn offer(&mut self, tx: &mut AnyConnection, stored: &Stored) -> Result<Option<Offer>, Failure> {
        let until = proposal::deadline(self.store.clock.now(), stored.appointment.start);
        for office in self.offices(&stored.appointment) {
            if self.known.insert(office.clone()) {
                scratch::learn(tx, &mut self.board, &office, self.window, &HashSet::new()).await?;
            }
            if let Some(offer) = self.offer_at(tx, stored, &office, until).await? {
                return Ok(Some(offer));
            }
        }
        Ok(None)
    }

    /// The office itself, then the others that offer the service, by how far they are from it.
    fn offices(&self, appointment: &Appointment) -> Vec<OfficeId> {
        let own = self.catalogue.office(&appointment.office);
        let mut others: Vec<_> =
            self.catalogue.offices_offering(&appointment.service).filter(|o| o.id != appointment.office).collect();
        if let Some(own) = own {
            others.sort_by(|a, b| {
                let far = |o: &Office| proposal::distance_km(own.position, o.position);
                far(a).total_cmp(&far(b)).then_with(|| a.id.cmp(&b.id))
            });
        }
        std::iter::once(appointment.office.clone()).chain(others.into_iter().map(|o| o.id.clone())).collect()
    }

    async fn offer_at(
        &mut self,
        tx: &mut AnyConnection,
        stored: &Stored,
        office: &OfficeId,
        until: DateTime<Utc>,
    ) -> Result<Option<Offer>, Failure> {
        let old = &stored.appointment;
        let from = old.start.max(until);
        let needs = Needs { persons: old.persons, language: old.language, resource: None };
        let query = SlotQuery {
            offices: vec![office.clone()],
            needs: needs.clone(),
            windows: vec![Window { from, to: from + TimeDelta::days(WITHIN_DAYS) }],
            ..SlotQuery::new(old.service.clone(), old.mode, TRIED)
        };
        let now = self.store.clock.now();
        let page = self.board.find(&query, self.actor, now).unwrap_or_default();
        for slot in page.slots {
            let request = HoldRequest {
                service: old.service.clone(),
                office: office.clone(),
                mode: old.mode,
                start: slot.start,
                needs: needs.clone(),
            };
            let Ok(placement) = self.board.place(&request, self.actor, now, None) else { continue };
            if let Some(offer) = self.keep(tx, stored, &request, &placement, until).await? {
                return Ok(Some(offer));
            }
        }
        Ok(None)
    }

    /// Claims one of the ways to be seated at a place; `None` when others were faster with all of them.
    async fn keep(
        &mut self,
        tx: &mut AnyConnection,
        stored: &Stored,
        request: &HoldRequest,
        placement: &Placement,
        until: DateTime<Utc>,
    ) -> Result<Option<Offer>, Failure> {
        let now = self.store.now();
        let id = new_id();
        let place = Place {
            channel: stored.channel.clone(),
            staff: matches!(stored.channel.as_str(), "staff" | "system"),
            ..place_of(request, placement, self.actor, id.clone())
        };
        match shares::check(tx, &place, &placement.quotas, placement.minutes, now).await {
            Err(Failure::Refused(_)) => return Ok(None),
            checked => checked?,
        }
        for seats in &placement.seats {
            let hold = Hold { kind: ClaimKind::Offer, expires_at: until.timestamp() };
            let won = claims::claim_all(tx, &place, seats, hold, now).await?;
            // Either this party has them or somebody else does.
            self.enter(&request.office, seats, until);
            if won && closures::reason(tx, &place, seats, placement.special_day).await?.is_none() {
                let At { office, resource, slot } = At::of(&place, seats)?;
                let proposal =
                    Proposal { start: slot.from, end: slot.to, office, expires_at: until, reason: String::new() };
                return Ok(Some(Offer { id, resource, proposal }));
            }
            claims::free(tx, &id, ClaimKind::Offer).await?;
        }
        Ok(None)
    }

    /// Enters seats on the board, so that nobody else is offered them.
    fn enter(&mut self, office: &OfficeId, seats: &[Seat], until: DateTime<Utc>) {
        for seat in seats {
            self.board.apply(Change::Taken(Claim {
                id: new_id(),
                office: office.clone(),
                resource: seat.resource.clone(),
                window: seat.claim,
                kind: ClaimKind::Offer,
                expires_at: Some(until),
                serves: None,
            }));
        }
    }
}
