//! The waiting list: a full day, three who join by talking, one place that is given back, and the yes of one of them.

use chrono::TimeDelta;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::reading::{Asked, Row};
use super::rule::offers;
use super::{Rule, Trial, actor};
use crate::booking::catalogue::{Catalogue, Office, Service};
use crate::booking::core::{Needs, Window};
use crate::booking::identity::Phone;
use crate::booking::people::Mode;
use crate::booking::reference::Reference;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::{WaitRequest, WaitState};
use crate::channel::turn::{Channel, Event, Inbound, Outbound};
use crate::simulate::reading::choices;
use crate::simulate::wish::Wish;

/// So many services have a full day.
const SERVICES: usize = 3;
/// So many wait for it.
const WAITING: usize = 3;
/// More turns than it takes to join or to say yes.
const MOST_TURNS: usize = 15;
/// How far from now the full day is at the least, days.
const AHEAD: i64 = 8;

/// Somebody who waits.
struct Waiting {
    name: String,
    phone: Phone,
    reference: Reference,
}

impl Trial<'_> {
    /// Plays a full day for some of the services that have a waiting list, and asks for one where there is none.
    pub(super) async fn waiting_lists(&mut self, catalogue: &Catalogue) -> anyhow::Result<()> {
        let first = |service: &Service| offers(catalogue).find(|(s, ..)| s.id == service.id);
        // With one mode only the day has to be told.
        let simple = catalogue.services.iter().filter(|s| s.rules.waiting_list && s.modes.len() == 1);
        for (service, office, mode) in simple.filter_map(first).take(SERVICES) {
            self.full_day((service, office, mode)).await?;
        }
        for (service, office, mode) in catalogue.services.iter().filter(|s| !s.rules.waiting_list).filter_map(first) {
            let Some((asked, day)) = self.some_day((service, office, mode)) else { continue };
            self.fill(&day, "staff").await?;
            let refused = self.join_in_vain(asked).await;
            let what = format!("{} has no list: {refused:?}", service.id);
            self.note(Rule::WaitingList, &what, false, matches!(refused, Err(Refusal::NotOffered(_))));
        }
        Ok(())
    }

    /// A day that citizens may book, with all its places.
    fn some_day<'b>(
        &self,
        (service, office, mode): (&'b Service, &'b Office, Mode),
    ) -> Option<(Asked<'b>, Vec<Asked<'b>>)> {
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let from = self.now + TimeDelta::minutes(service.rules.lead_minutes.into()) + TimeDelta::days(AHEAD);
        let open = self.starts(at, from, from + TimeDelta::days(14));
        let date = |asked: &Asked<'_>| asked.start.with_timezone(&office.time_zone).date_naive();
        // The first one may have begun.
        let first = open.first().map(date)?;
        let day = open.iter().map(date).find(|day| *day > first)?;
        let day: Vec<Asked<'b>> = open.iter().filter(|asked| date(asked) == day).copied().collect();
        Some((*day.first()?, day))
    }

    async fn full_day(&mut self, (service, office, mode): (&Service, &Office, Mode)) -> anyhow::Result<()> {
        let Some(list) = self.app.waiting.clone() else { return Ok(()) };
        let Some((asked, day)) = self.some_day((service, office, mode)) else { return Ok(()) };
        let early = self.join_in_vain(asked).await;
        let what = format!("{} is still free: {early:?}", service.id);
        self.note(Rule::WaitingList, &what, false, early == Err(Refusal::StillFree));
        self.fill(&day, "staff").await?;
        let here = |row: &&Row| row.staff && row.appointment.office == office.id && row.appointment.mode == mode;
        let on_day = |row: &&Row| day.iter().any(|asked| asked.start == row.appointment.start);
        let mine = self.rows.iter().rev().filter(here).find(on_day);
        let Some(given_back) = mine.map(|row| row.appointment.clone()) else { return Ok(()) };
        let mut waiting = Vec::new();
        for _ in 0..WAITING {
            match self.join(asked).await? {
                Some(joined) => waiting.push(joined),
                None => return Ok(()),
            }
        }
        self.app.core.cancel(&given_back.reference, &actor("staff"), "").await?;
        // What the job does.
        list.offer_free().await?;
        // Not the first one who was asked, but the first one who says yes.
        let Some(quick) = waiting.pop() else { return Ok(()) };
        let booked = self.say_yes(&quick).await?;
        let what = format!("{} for {}", service.id, quick.name);
        self.note(Rule::WaitingList, &what, true, booked.is_none());
        if let Some(reference) = booked {
            let appointment = self.app.core.get(&reference).await?;
            let right = appointment.beneficiary == quick.name && appointment.start == given_back.start;
            if !right {
                self.report.wrong.push(format!("WaitingList: {what} became {appointment:?}"));
            }
            let (needs, channel) = (Needs::default(), "web".to_owned());
            self.rows.push(Row { appointment, needs, channel, staff: false, waited: true });
        }
        for slow in waiting {
            let kept = list.waiting(&slow.reference, &slow.phone).await?;
            if kept.state != WaitState::Waiting || !kept.outrun {
                self.report.wrong.push(format!("WaitingList: {} was not told: {kept:?}", slow.name));
            }
            let too_late = self.say_yes(&slow).await?;
            self.note(Rule::WaitingList, &format!("{} was too late", slow.name), false, too_late.is_none());
        }
        Ok(())
    }

    /// Tries to wait where there is nothing to wait for.
    async fn join_in_vain(&mut self, asked: Asked<'_>) -> Result<(), Refusal> {
        let (name, phone) = self.somebody()?;
        let Some(list) = &self.app.waiting else { return Err(Refusal::NotOffered("a list".to_owned())) };
        let request = WaitRequest {
            service: asked.service.id.clone(),
            offices: vec![asked.office.id.clone()],
            mode: asked.mode,
            needs: Needs::default(),
            windows: vec![Window { from: asked.start, to: asked.start }],
            excluded: Vec::new(),
            daily: None,
            beneficiary: name.clone(),
            requester: name,
            phone,
            email: None,
            on_behalf: false,
            relation: None,
            procedure: None,
            identity: None,
        };
        list.wait(&request, &actor("web")).await.map(|_| ())
    }

    fn somebody(&mut self) -> Result<(String, Phone), Refusal> {
        self.next_person += 1;
        let people = self.people_of(&"none".into(), (self.next_person, self.next_person, None))?;
        Ok((people.beneficiary, people.phone))
    }

    /// Joins by talking; nothing when that did not come about, which is then told.
    async fn join(&mut self, asked: Asked<'_>) -> anyhow::Result<Option<Waiting>> {
        let (name, phone) = self.somebody()?;
        let today = crate::clock::to_athens(self.now).date();
        let day = Wish::Day(crate::clock::to_athens(asked.start).date());
        let mut rng = StdRng::seed_from_u64(self.options.seed.wrapping_add(self.next_person as u64));
        let when = day.phrase(&mut rng, &self.wording, today);
        let values = [("service", asked.service.for_what.as_str()), ("where", &asked.office.at), ("when", &when)];
        let opening = self.wording.say(&mut rng, "open_all", &values);
        let heard = self.talk_until(opening, (&name, &phone), |event| match event {
            Event::WaitingJoined { reference } => Reference::parse(reference).ok(),
            _ => None,
        });
        match heard.await? {
            Ok(reference) => Ok(Some(Waiting { name, phone, reference })),
            Err(said) => {
                self.note(Rule::WaitingList, &format!("{name} did not join:\n{said}"), true, true);
                Ok(None)
            }
        }
    }

    /// Comes back with the code and takes what is offered; nothing when there is nothing to take.
    async fn say_yes(&mut self, waiting: &Waiting) -> anyhow::Result<Option<Reference>> {
        let opening = format!("Μήπως άδειασε καμιά θέση; Ο κωδικός μου είναι {}", waiting.reference);
        let heard = self.talk_until(opening, (&waiting.name, &waiting.phone), |event| match event {
            Event::AppointmentBooked { reference, .. } => Reference::parse(reference).ok(),
            _ => None,
        });
        Ok(heard.await?.ok())
    }

    /// Talks until something happened; all that was said where it did not.
    async fn talk_until(
        &self,
        opening: String,
        who: (&str, &Phone),
        happened: impl Fn(&Event) -> Option<Reference>,
    ) -> anyhow::Result<Result<Reference, String>> {
        let begun = self.app.conversations.start(Channel::Web).await?;
        let mut act = Some(Inbound::Text(opening));
        let mut said = String::new();
        for _ in 0..MOST_TURNS {
            let Some(inbound) = act else { break };
            said.push_str(&format!("> {inbound:?}\n"));
            let heard = self.app.conversations.turn(&begun.id, &begun.token, None, inbound).await?;
            for reply in &heard.replies {
                said.push_str(&format!("  {}\n", reply.display));
            }
            if let Some(reference) = heard.events.iter().find_map(&happened) {
                return Ok(Ok(reference));
            }
            act = answer(&heard, who);
        }
        Ok(Err(said))
    }
}

/// What somebody answers who wants to wait for that very day, and to have what is offered.
fn answer(heard: &Outbound, (name, phone): (&str, &Phone)) -> Option<Inbound> {
    let list = choices(heard).into_iter().find(|choice| choice.value == "waiting_list");
    if let Some(list) = list {
        return Some(Inbound::Choice(list.value.clone()));
    }
    match heard.awaiting.as_deref()? {
        "confirm" => Some(Inbound::Text("Ναι".to_owned())),
        "on_behalf" => Some(Inbound::Text("Για μένα".to_owned())),
        "beneficiary_name" => Some(Inbound::Text(name.to_owned())),
        "phone" => Some(Inbound::Text(phone.as_str().to_owned())),
        _ => None,
    }
}
