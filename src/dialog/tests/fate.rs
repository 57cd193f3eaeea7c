//! A world that answers anything, so that the engine is seen under all of it.

use chrono::TimeDelta;

use super::driven::monday;
use crate::booking::catalogue::Catalogue;
use crate::booking::core::{
    Appointment, AppointmentState, EmptyBecause, Hold, Needs, Proposal, Slot, SlotPage, SlotQuery,
};
use crate::booking::identity::Phone;
use crate::booking::people::Mode;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::{Offered, Wait, WaitRequest, WaitState};
use crate::dialog::io::{Answered, Waiting};
use crate::dialog::{Outcome, Request, State};

/// A world whose answers follow from a number.
pub(super) struct Fate(pub(super) u64);

impl Fate {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn refusal(&mut self) -> Refusal {
        match self.next(8) {
            6 => Refusal::StillFree,
            7 => Refusal::AlreadyWaits,
            0 => Refusal::SlotTaken,
            1 => Refusal::HoldExpired,
            2 => Refusal::LimitReached(1),
            3 => Refusal::TooLate(monday()),
            4 => Refusal::NotFound,
            _ => Refusal::Unavailable("gone".to_owned()),
        }
    }

    fn page(&mut self, query: &SlotQuery, catalogue: &Catalogue) -> SlotPage {
        let first = catalogue.offices_offering(&query.service).next().map(|o| o.id.clone());
        let Some(office) = query.offices.first().cloned().or(first).filter(|_| self.next(5) > 0) else {
            let why =
                [EmptyBecause::FullyBooked, EmptyBecause::OutsideHours, EmptyBecause::Holiday("αργία".to_owned())];
            let why = why[usize::try_from(self.next(3)).unwrap_or(0)].clone();
            return SlotPage { slots: Vec::new(), more: false, empty_because: Some(why), next_release: None };
        };
        let slots = (0..3).map(|n| {
            let start = monday() + TimeDelta::hours(25 + n);
            Slot {
                start,
                end: start + TimeDelta::minutes(15),
                office: office.clone(),
                mode: query.mode,
                free: 1,
                distance_m: None,
            }
        });
        SlotPage { slots: slots.collect(), more: true, empty_because: None, next_release: None }
    }

    fn appointment(&mut self, state: &State, reference: Reference) -> Result<Box<Appointment>, Refusal> {
        if self.next(4) == 0 {
            return Err(self.refusal());
        }
        let start = monday() + TimeDelta::hours(50);
        let known = state.appointments.iter().find(|a| a.reference == reference).cloned();
        Ok(Box::new(known.unwrap_or(Appointment {
            reference,
            state: AppointmentState::Booked,
            service: "kep.municipal-services".into(),
            office: "kep-kypselis".into(),
            resource: "kep-kypselis-1".into(),
            mode: Mode::InPerson,
            start,
            end: start + TimeDelta::minutes(15),
            beneficiary: "Μαρία Παπαδοπούλου".to_owned(),
            requester: "Μαρία Παπαδοπούλου".to_owned(),
            phone: Phone::parse("6944123456").expect("a telephone"),
            email: None,
            on_behalf: false,
            relation: None,
            guests: Vec::new(),
            procedure: None,
            sequence: 0,
            cancellable_until: start - TimeDelta::hours(24),
            persons: 1,
            language: None,
            series: None,
            proposal: (self.next(3) == 0).then(|| Proposal {
                start: start + TimeDelta::days(1),
                end: start + TimeDelta::days(1) + TimeDelta::minutes(15),
                office: "kep-kypselis".into(),
                expires_at: start,
                reason: "Απεργία".to_owned(),
            }),
        })))
    }

    pub(super) fn outcome(&mut self, request: Request, state: &State, catalogue: &Catalogue) -> Outcome {
        match request {
            Request::Search(query) if self.next(12) == 0 => {
                let _ = query;
                Outcome::Found(Err(Refusal::Unavailable("gone".to_owned())))
            }
            Request::Search(query) => Outcome::Found(Ok(self.page(&query, catalogue))),
            Request::Hold(_) if self.next(6) == 0 => Outcome::Held(Err(self.refusal())),
            Request::Hold(request) => Outcome::Held(Ok(Hold {
                id: "hold".into(),
                expires_at: monday() + TimeDelta::minutes(10),
                start: request.start,
                end: request.start + TimeDelta::minutes(15),
            })),
            Request::Book(_) => {
                let reference = Reference::from_random(self.next(4) * 977);
                Outcome::Booked(self.appointment(state, reference))
            }
            Request::Find(reference, _) => Outcome::Appointment(self.appointment(state, reference)),
            Request::Cancel(reference) => Outcome::Cancelled(self.appointment(state, reference).map(|mut a| {
                a.state = AppointmentState::Cancelled;
                a
            })),
            Request::AnswerProposal(reference, true) => Outcome::ProposalAccepted(self.appointment(state, reference)),
            Request::AnswerProposal(reference, false) => Outcome::ProposalDeclined(self.appointment(state, reference)),
            Request::Reschedule(reference, start, _) => {
                Outcome::Rescheduled(self.appointment(state, reference).map(|mut a| {
                    a.start = start;
                    a
                }))
            }
            Request::Waiting(call) => Outcome::Waiting(self.answered(call, state)),
        }
    }

    fn answered(&mut self, call: Waiting, state: &State) -> Answered {
        match call {
            Waiting::Join(request) => {
                let reference = Reference::of_wait(self.next(3) * 977);
                Answered::Joined(self.wait(reference, Some(*request)))
            }
            Waiting::Find(reference, _) => Answered::Found(self.wait(reference, None)),
            Waiting::Accept(..) => {
                let reference = Reference::from_random(self.next(4) * 977);
                Answered::Accepted(self.appointment(state, reference))
            }
            Waiting::Decline(reference, _) => Answered::Declined(self.wait(reference, None)),
            Waiting::Leave(..) if self.next(4) == 0 => Answered::Left(Err(self.refusal())),
            Waiting::Leave(..) => Answered::Left(Ok(())),
        }
    }

    fn wait(&mut self, reference: Reference, request: Option<WaitRequest>) -> Result<Box<Wait>, Refusal> {
        if self.next(4) == 0 {
            return Err(self.refusal());
        }
        let name = "Μαρία Παπαδοπούλου".to_owned();
        let request = request.unwrap_or(WaitRequest {
            service: "kep.municipal-services".into(),
            offices: Vec::new(),
            mode: Mode::InPerson,
            needs: Needs::default(),
            windows: Vec::new(),
            excluded: Vec::new(),
            daily: None,
            beneficiary: name.clone(),
            requester: name,
            phone: Phone::parse("6944123456").expect("a telephone"),
            email: None,
            on_behalf: false,
            relation: None,
            procedure: None,
            identity: None,
        });
        let start = monday() + TimeDelta::hours(50);
        let state = WaitState::ALL[usize::try_from(self.next(4)).unwrap_or(0)];
        let offer = (state == WaitState::Offered).then(|| Offered {
            start,
            end: start + TimeDelta::minutes(15),
            office: "kep-kypselis".into(),
            expires_at: monday() + TimeDelta::minutes(30),
        });
        let outrun = self.next(2) == 0;
        Ok(Box::new(Wait { reference, request, state, offer, outrun, appointment: None }))
    }
}
