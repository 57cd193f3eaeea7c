//! What a citizen wants, drawn from the catalogue and from what is free.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use chrono::{NaiveDateTime, TimeDelta};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::people::{Gender, People, Person};
use super::wish::Wish;
use super::wording::Wording;
use crate::app::App;
use crate::booking::catalogue::{Catalogue, Office, Service};
use crate::booking::core::{Actor, Appointment, BookingRequest, HoldRequest, Needs, Order, Slot, SlotQuery, Window};
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::identity::Phone;
use crate::booking::people::{Mode, Relation};
use crate::clock::to_athens;
use crate::procedures::procedure::Procedure;

/// How often a draw is tried again when nothing is free.
const TRIES: usize = 200;
/// Appointments to be changed lie beyond every cancellation limit of the bundled catalogue.
const CHANGEABLE_AFTER: TimeDelta = TimeDelta::days(4);

/// The kind of a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Book an appointment.
    Book,
    /// Ask for video where there is none, hear so, and book in person.
    WrongMode,
    /// Ask what is free, then book.
    Availability,
    /// Cancel an appointment made before.
    Cancel,
    /// Move an appointment made before.
    Reschedule,
    /// Find an appointment made before.
    Check,
    /// Learn something about a procedure.
    Explain,
    /// Reach a person.
    HandOff,
}

impl Kind {
    /// Every kind with its weight in a hundred.
    const WEIGHTS: [(Self, u32); 8] = [
        (Self::Book, 40),
        (Self::WrongMode, 8),
        (Self::Availability, 9),
        (Self::Cancel, 9),
        (Self::Reschedule, 12),
        (Self::Check, 7),
        (Self::Explain, 11),
        (Self::HandOff, 4),
    ];

    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::WrongMode => "book_wrong_mode",
            Self::Availability => "availability_then_book",
            Self::Cancel => "cancel",
            Self::Reschedule => "reschedule",
            Self::Check => "check",
            Self::Explain => "explain",
            Self::HandOff => "hand_off",
        }
    }

    fn draw(rng: &mut StdRng) -> Self {
        Self::WEIGHTS.choose_weighted(rng, |(_, weight)| *weight).map_or(Self::Book, |(kind, _)| *kind)
    }
}

/// Where one wants to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// To this office.
    Office(OfficeId),
    /// To any office of this municipality.
    Town(String),
}

/// An appointment somebody wants.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The service.
    pub service: ServiceId,
    /// Where.
    pub place: Where,
    /// How.
    pub mode: Mode,
    /// When.
    pub wish: Wish,
    /// The first free time there was when the conversation began.
    pub first_free: NaiveDateTime,
    /// What the beneficiary is to the requester; nothing when one comes for oneself.
    pub relation: Option<Relation>,
    /// Whom it is for.
    pub beneficiary: Person,
    /// Who asks.
    pub requester: Person,
    /// The telephone.
    pub phone: String,
}

/// A question about a procedure.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its registry id.
    pub procedure: String,
    /// The alias by which it is called.
    pub topic: String,
    /// What is asked: `documents`, `cost`, `duration`, `office` or `channel`.
    pub aspect: &'static str,
}

/// What a citizen wants.
#[derive(Debug, Clone)]
pub enum Goal {
    /// To book; the kind says how it begins.
    Book(Kind, Plan),
    /// To cancel this.
    Cancel(Appointment),
    /// To move this to a time that fits the wish; with the first time that was free.
    Reschedule(Appointment, Wish, NaiveDateTime),
    /// To find this.
    Check(Appointment),
    /// To learn something.
    Explain(Question),
    /// To reach a person; with the telephone for a call back.
    HandOff(String),
}

impl Goal {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Book(kind, _) => *kind,
            Self::Cancel(_) => Kind::Cancel,
            Self::Reschedule(..) => Kind::Reschedule,
            Self::Check(_) => Kind::Check,
            Self::Explain(_) => Kind::Explain,
            Self::HandOff(_) => Kind::HandOff,
        }
    }
}

/// What goals are drawn from.
pub struct Drawer<'a> {
    /// Who serves what.
    pub catalogue: Arc<Catalogue>,
    /// The application.
    pub app: &'a App,
    /// Names.
    pub people: &'a People,
    /// Words for relations.
    pub wording: &'a Wording,
    /// The number of the citizen.
    pub index: usize,
}

/// A wish that comes before the real one, for those who change their mind.
pub type Decoy = Option<Wish>;

impl Drawer<'_> {
    /// Draws a goal; an appointment to be changed or found is made on the spot.
    ///
    /// # Errors
    /// When the store is away, or nothing in the catalogue is free.
    pub async fn draw(&self, rng: &mut StdRng) -> anyhow::Result<(Goal, Decoy)> {
        let kind = Kind::draw(rng);
        Ok(match kind {
            Kind::Book | Kind::WrongMode | Kind::Availability => {
                let (plan, decoy) = self.plan(rng, kind).await?;
                (Goal::Book(kind, plan), decoy)
            }
            Kind::Cancel => (Goal::Cancel(self.existing(rng).await?), None),
            Kind::Check => (Goal::Check(self.existing(rng).await?), None),
            Kind::Reschedule => self.move_wish(rng).await?,
            Kind::Explain => (Goal::Explain(self.question(rng)?), None),
            Kind::HandOff => (Goal::HandOff(self.people.phone(self.index * 2)), None),
        })
    }

    /// A goal to book this service at this office in this mode; nothing where nothing is free.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn draw_booking(
        &self,
        rng: &mut StdRng,
        (service, office, mode): (ServiceId, OfficeId, Mode),
    ) -> anyhow::Result<Option<(Goal, Decoy)>> {
        let now = to_athens(self.app.clock.now());
        let slots = self.free(&service, std::slice::from_ref(&office), mode, TimeDelta::zero()).await?;
        let free: Vec<NaiveDateTime> = slots.iter().map(|slot| to_athens(slot.start)).collect();
        let Some(wish) = Wish::draw(rng, &free, now.date()) else { return Ok(None) };
        let decoy = decoy(rng, wish, &free, now);
        let place = Where::Office(office);
        let plan = self.wanted(rng, (service, mode, place), wish, free[0]);
        Ok(Some((Goal::Book(Kind::Book, plan), decoy)))
    }

    fn wanted(
        &self,
        rng: &mut StdRng,
        (service, mode, place): (ServiceId, Mode, Where),
        wish: Wish,
        first_free: NaiveDateTime,
    ) -> Plan {
        let (relation, beneficiary, requester) = self.persons(rng);
        let phone = self.people.phone(self.index * 2);
        Plan { service, place, mode, wish, first_free, relation, beneficiary, requester, phone }
    }

    async fn plan(&self, rng: &mut StdRng, kind: Kind) -> anyhow::Result<(Plan, Decoy)> {
        let now = to_athens(self.app.clock.now());
        for _ in 0..TRIES {
            let Some((service, mode, place)) = self.place(rng, kind == Kind::WrongMode) else { continue };
            let free: Vec<NaiveDateTime> = self
                .free(&service.id, &self.offices(&service.id, &place), mode, TimeDelta::zero())
                .await?
                .iter()
                .map(|slot| to_athens(slot.start))
                .collect();
            let Some(wish) = Wish::draw(rng, &free, now.date()) else { continue };
            let decoy = decoy(rng, wish, &free, now);
            return Ok((self.wanted(rng, (service.id.clone(), mode, place), wish, free[0]), decoy));
        }
        anyhow::bail!("nothing in the catalogue is free")
    }

    /// A service, a mode it is served by, and somewhere it is served.
    fn place(&self, rng: &mut StdRng, without_video: bool) -> Option<(&Service, Mode, Where)> {
        let catalogue = &self.catalogue;
        let fits = |s: &&Service| !without_video || !s.served_by(Mode::Video);
        let service: &Service = catalogue.services.iter().filter(fits).collect::<Vec<_>>().choose(rng).copied()?;
        let mode = if without_video { Mode::InPerson } else { service.modes.choose(rng)?.mode };
        // A procedure may ask for presence though its service has video: then nobody can have it otherwise.
        let procedures = self.app.procedures.get();
        let remote = |id: &String| {
            let ways = procedures.get(id).and_then(|procedure| procedure.ways.as_ref());
            ways.is_none_or(|ways| ways.video)
        };
        if mode != Mode::InPerson && !service.procedures.iter().all(remote) {
            return None;
        }
        let offices: Vec<&Office> = catalogue.offices_offering(&service.id).collect();
        let office = offices.choose(rng)?;
        let town = rng.random_bool(0.3);
        let place = if town { Where::Town(office.municipality.clone()) } else { Where::Office(office.id.clone()) };
        Some((service, mode, place))
    }

    /// The offices that a place stands for.
    fn offices(&self, service: &ServiceId, place: &Where) -> Vec<OfficeId> {
        match place {
            Where::Office(id) => vec![id.clone()],
            Where::Town(town) => {
                let here = self.catalogue.offices_offering(service).filter(|o| &o.municipality == town);
                here.map(|o| o.id.clone()).collect()
            }
        }
    }

    async fn free(
        &self,
        service: &ServiceId,
        offices: &[OfficeId],
        mode: Mode,
        ahead: TimeDelta,
    ) -> anyhow::Result<Vec<Slot>> {
        let from = self.app.clock.now() + ahead;
        let query = SlotQuery {
            service: service.clone(),
            offices: offices.to_vec(),
            mode,
            windows: vec![Window { from, to: from + TimeDelta::days(30) }],
            excluded: Vec::new(),
            daily: None,
            needs: Needs::default(),
            weekdays: Vec::new(),
            near: None,
            order: Order::default(),
            after: None,
            limit: 400,
        };
        // As a citizen of the channel they talk on: what is too near, or kept for others, is not free to them.
        let actor = Actor::Citizen { channel: "web".to_owned(), conversation: "simulate".to_owned() };
        // An office without anybody who serves this mode is refused: nothing is free there.
        Ok(self.app.core.search(&query, &actor).await.map(|page| page.slots).unwrap_or_default())
    }

    fn persons(&self, rng: &mut StdRng) -> (Option<Relation>, Person, Person) {
        let gender = if rng.random_bool(0.5) { Gender::Woman } else { Gender::Man };
        let requester = self.people.person(self.index * 3, gender);
        let relations = self.wording.relations();
        let relation = relations.choose(rng).filter(|_| rng.random_bool(0.3));
        match relation.and_then(|(relation, genders)| Some((*relation, *genders.choose(rng)?))) {
            Some((relation, gender)) => (Some(relation), self.people.person(self.index * 3 + 1, gender), requester),
            None => (None, requester.clone(), requester),
        }
    }

    /// An appointment made through the core, some days ahead.
    async fn existing(&self, rng: &mut StdRng) -> anyhow::Result<Appointment> {
        for _ in 0..TRIES {
            let Some((service, mode, place)) = self.place(rng, false) else { continue };
            let offices = self.offices(&service.id, &place);
            let free = self.free(&service.id, &offices, mode, CHANGEABLE_AFTER).await?;
            let Some(slot) = free.choose(rng) else { continue };
            let actor = Actor::Staff { name: "simulate".to_owned() };
            let request = HoldRequest {
                service: service.id.clone(),
                office: slot.office.clone(),
                mode,
                start: slot.start,
                needs: Needs::default(),
            };
            // Another citizen may have been quicker.
            let Ok(hold) = self.app.core.hold(&request, &actor).await else { continue };
            let (relation, beneficiary, requester) = self.persons(rng);
            let request = BookingRequest {
                hold: hold.id,
                beneficiary: beneficiary.name,
                requester: requester.name,
                phone: Phone::parse(&self.people.phone(self.index * 2)).context("a telephone of ours")?,
                email: None,
                on_behalf: relation.is_some(),
                relation,
                guests: Vec::new(),
                procedure: None,
                identity: None,
            };
            return self.app.core.book(&request, &actor).await.context("cannot make the appointment to be changed");
        }
        anyhow::bail!("nothing in the catalogue is free")
    }

    async fn move_wish(&self, rng: &mut StdRng) -> anyhow::Result<(Goal, Decoy)> {
        let appointment = self.existing(rng).await?;
        let now = to_athens(self.app.clock.now());
        let offices = [appointment.office.clone()];
        let free = self.free(&appointment.service, &offices, appointment.mode, TimeDelta::zero()).await?;
        let free: Vec<NaiveDateTime> = free.iter().map(|slot| to_athens(slot.start)).collect();
        let wish = Wish::draw(rng, &free, now.date()).context("nothing is free to move to")?;
        let decoy = decoy(rng, wish, &free, now);
        Ok((Goal::Reschedule(appointment, wish, free[0]), decoy))
    }

    /// An alias that only one procedure has, and something that is known of it.
    fn question(&self, rng: &mut StdRng) -> anyhow::Result<Question> {
        let mut owners: BTreeMap<String, Vec<(&Procedure, &String)>> = BTreeMap::new();
        let procedures = self.app.procedures.get();
        for procedure in procedures.all() {
            for alias in &procedure.aliases {
                owners.entry(super::reading::plain(alias)).or_default().push((procedure, alias));
            }
        }
        let one: Vec<_> = owners.values().filter(|all| all.len() == 1).filter_map(|all| all.first()).collect();
        for _ in 0..TRIES {
            let (procedure, alias) = one.choose(rng).context("no procedure has an alias of its own")?;
            if let Some(aspect) = known(procedure).choose(rng) {
                return Ok(Question { procedure: procedure.id.clone(), topic: (*alias).clone(), aspect });
            }
        }
        anyhow::bail!("nothing is known of any procedure")
    }
}

/// The aspects that are known of a procedure.
fn known(procedure: &Procedure) -> Vec<&'static str> {
    let all = [
        ("documents", !procedure.documents.is_empty()),
        ("cost", procedure.cost.is_some()),
        ("duration", procedure.duration.is_some()),
        ("office", procedure.place.is_some()),
        ("channel", procedure.ways.is_some()),
    ];
    all.into_iter().filter(|(_, known)| *known).map(|(aspect, _)| aspect).collect()
}

/// A day that is free and not what is really wished for.
fn decoy(rng: &mut StdRng, wish: Wish, free: &[NaiveDateTime], now: NaiveDateTime) -> Decoy {
    if wish == Wish::Earliest {
        return None;
    }
    let others: Vec<_> = free.iter().filter(|time| !wish.fits(**time, now.date())).collect();
    let another = |time: &NaiveDateTime| Wish::Day(time.date());
    let day = others.choose(rng).map(|time| another(time))?;
    // A day that also holds the wished time would not be another wish.
    (!free.iter().any(|time| day.fits(*time, now.date()) && wish.fits(*time, now.date()))).then_some(day)
}
