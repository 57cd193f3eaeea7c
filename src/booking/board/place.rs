//! Where an appointment could be put.

use chrono::{DateTime, Utc};

use super::Board;
use super::day::{DayAt, admitted};
use super::names::key_of;
use super::request::{Candidate, Member, Request};
use super::time::{Seconds, seconds};
use super::{Placement, QuotaCheck, Seat};
use crate::booking::calendar::{Date, DayRule};
use crate::booking::core::{Actor, EmptyBecause, HoldRequest};
use crate::booking::refusal::Refusal;

/// The most ways to seat one party; whoever loses the race for all of them asks again.
const MOST_WAYS: usize = 24;

/// What a resource has to do, to take them in turn: minutes of that day, claims of that week, id.
type Load<'a> = (u32, u32, &'a str);

pub(super) fn place(
    board: &Board,
    wanted: &HoldRequest,
    actor: &Actor,
    now: DateTime<Utc>,
    own: Option<&str>,
) -> Result<Placement, Refusal> {
    let request = Request::new(board, (&wanted.service, wanted.mode, &wanted.needs), actor, now)?;
    let at =
        board.index.office(&wanted.office).ok_or_else(|| Refusal::NotOffered(format!("office {}", wanted.office)))?;
    let candidate = request.candidate(at)?;
    check_people(&request, &candidate)?;
    check_time(&request, &candidate, wanted.start)?;
    let date = candidate.offer.date_at(wanted.start);
    let zone = candidate.offer.office.time_zone;
    let plan = candidate.plan(&request, Date::new(zone, date));
    if let DayRule::Holiday(name) = plan.rule {
        return Err(Refusal::Closed(name));
    }
    let exact = wanted.start.timestamp_subsec_nanos() == 0;
    let found = plan.starts.binary_search(&seconds(wanted.start)).ok().filter(|_| exact);
    let start = found.ok_or(Refusal::NotASlot)?;
    let day = DayAt::new(&request, &candidate, &plan).without(own.map(key_of));
    let free: Vec<Member<'_>> = candidate.team.iter().filter(|m| day.is_free(m, start)).copied().collect();
    if free.len() < request.desks() as usize {
        let closed = day.closed_because(plan.starts[start]);
        return Err(closed.map_or(Refusal::SlotTaken, |reason| Refusal::Closed(reason.to_owned())));
    }
    if admitted(&day.caps(), plan.starts[start]) == 0 {
        return Err(Refusal::KeptForOthers);
    }
    Ok(placement(&day, start, free))
}

fn placement(day: &DayAt<'_, '_>, start: usize, mut free: Vec<Member<'_>>) -> Placement {
    let (request, plan) = (day.request, day.plan);
    let slot = day.slot(plan.starts[start]);
    free.sort_by_cached_key(|member| {
        let (minutes, claims, id) = load(day, member);
        (minutes, claims, id.to_owned())
    });
    let seats =
        free.iter().map(|member| Seat { resource: member.resource.id.clone(), claim: member.claim(slot).window() });
    let seats: Vec<Seat> = seats.collect();
    let standing = day.candidate.quotas.iter().filter(|quota| !quota.lifted(day.starts_at(start), request.now));
    let quotas = standing.map(|quota| QuotaCheck { quota: quota.clone(), minutes_open: day.minutes_open() });
    Placement {
        slot: slot.window(),
        date: plan.date.date,
        day: plan.day.window(),
        seats: ways(&seats, request.desks() as usize),
        quotas: quotas.collect(),
        minutes: request.minutes_counted(),
        special_day: plan.rule == DayRule::Special,
    }
}

fn check_people(request: &Request<'_>, candidate: &Candidate<'_>) -> Result<(), Refusal> {
    let most = request.service.rules.party.most.max(1);
    if request.needs.persons > most {
        return Err(Refusal::Invalid { field: "persons", message: format!("is more than {most}") });
    }
    if candidate.team.is_empty() {
        return Err(Refusal::NobodyServes(what_is_needed(request)));
    }
    Ok(())
}

fn what_is_needed(request: &Request<'_>) -> String {
    let needs = request.needs;
    let language = needs.language.map(|language| format!("language {}", language.as_str()));
    let chosen = needs.resource.as_ref().map(|resource| format!("as {resource}"));
    let persons = (needs.persons > 1).then(|| format!("{} persons", needs.persons));
    let parts: Vec<String> = [language, chosen, persons].into_iter().flatten().collect();
    if parts.is_empty() { request.service.id.to_string() } else { parts.join(", ") }
}

fn check_time(request: &Request<'_>, candidate: &Candidate<'_>, start: DateTime<Utc>) -> Result<(), Refusal> {
    if start < request.earliest() {
        return Err(Refusal::TooSoon(request.earliest()));
    }
    let date = candidate.offer.date_at(start);
    if date <= candidate.last_date {
        return Ok(());
    }
    Err(match request.beyond(date, candidate.offer.office.time_zone) {
        EmptyBecause::NotYetOpen(at) => Refusal::NotYetOpen(at),
        _ => Refusal::BeyondHorizon(request.horizon_days()),
    })
}

/// What a resource has to do in the day and in the week, from Monday on, of a slot.
fn load<'m>(day: &DayAt<'_, '_>, member: &Member<'m>) -> Load<'m> {
    let week = day.plan.date.date.week(chrono::Weekday::Mon).first_day();
    let ledger = &day.request.board.ledger;
    let (mut taken, mut claims): (Seconds, u32) = (0, 0);
    for date in week.iter_days().take(7) {
        let Some(entries) = day.candidate.book.day(date) else { continue };
        for record in entries.all().map(|number| ledger.record(number)) {
            if record.resource != member.number || !day.stands(record) {
                continue;
            }
            claims += u32::from(day.candidate.book.date(record.span.from) == date);
            if date == day.plan.date.date {
                taken += record.span.within(day.plan.day).length();
            }
        }
    }
    (taken / 60, claims, member.resource.id.as_str())
}

/// The ways to seat a party at `desks` of the free seats, the least busy ones first.
fn ways(free: &[Seat], desks: usize) -> Vec<Vec<Seat>> {
    let mut ways = Vec::new();
    let mut chosen: Vec<usize> = (0..desks).collect();
    while ways.len() < MOST_WAYS {
        ways.push(chosen.iter().map(|&at| free[at].clone()).collect());
        // The next choice in order: the last index that can still move on does, those behind it follow closely.
        let Some(moving) = (0..desks).rev().find(|&i| chosen[i] + desks - i < free.len()) else { break };
        let next = chosen[moving] + 1;
        for (i, at) in chosen.iter_mut().enumerate().skip(moving) {
            *at = next + i - moving;
        }
    }
    ways
}
