//! Judges a conversation by the rows that it left, never by what was said.

use chrono::{NaiveDateTime, TimeDelta};

use super::goal::{Goal, Kind, Plan, Where};
use super::reading::plain;
use super::wish::Wish;
use crate::booking::catalogue::Catalogue;
use crate::booking::core::{Appointment, AppointmentState};
use crate::booking::people::Mode;
use crate::channel::turn::Event;
use crate::clock::to_athens;
use crate::greek::{greeklish, phonetic};

/// What a conversation left behind.
#[derive(Debug, Clone)]
pub struct Left<'a> {
    /// What the citizen wanted.
    pub goal: &'a Goal,
    /// The day on which the wish was made.
    pub today: chrono::NaiveDate,
    /// The rows of the appointments that this conversation booked, each with whether the citizen had said yes to it.
    pub booked: Vec<(&'a Appointment, bool)>,
    /// The row of the appointment that was there before.
    pub existing: Option<&'a Appointment>,
    /// Whether every cancellation and every move came after a yes.
    pub changes_agreed: bool,
    /// Whether the citizen wrote Greek in Latin letters, in which a name has many spellings.
    pub latin: bool,
    /// What happened for good, by the public events.
    pub events: &'a [Event],
    /// Whether it was said that there is no video.
    pub told_no_video: bool,
    /// The earliest time that was ever offered.
    pub earliest_offered: Option<NaiveDateTime>,
    /// Why the citizen left, if not content.
    pub gave_up: Option<&'a str>,
}

/// What came of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Appointments that do not fit the goal, or to which nobody said yes.
    pub wrong: usize,
    /// Why it failed; nothing when it succeeded.
    pub reason: Option<String>,
}

impl Verdict {
    /// Whether the citizen has what was wanted.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.wrong == 0 && self.reason.is_none()
    }
}

/// Judges one conversation.
#[must_use]
pub fn judge(catalogue: &Catalogue, left: &Left<'_>) -> Verdict {
    let mut wrong = Vec::new();
    for (row, agreed) in &left.booked {
        if !agreed {
            wrong.push("booked without a yes".to_owned());
        } else if let Err(why) = fits(catalogue, left, row) {
            wrong.push(why);
        }
    }
    if let (Some(row), Some(why)) = (left.existing, left.existing.and_then(|row| harm(left, row))) {
        wrong.push(format!("{}: {why}", row.state.as_str()));
    }
    let reason = match wrong.first() {
        Some(why) => Some(format!("wrong booking: {why}")),
        None => missing(left).map(|what| left.gave_up.map_or(what.clone(), |why| format!("{what}: {why}"))),
    };
    Verdict { wrong: wrong.len(), reason }
}

/// Whether a row is what its citizen wanted.
fn fits(catalogue: &Catalogue, left: &Left<'_>, row: &Appointment) -> Result<(), String> {
    let Goal::Book(_, plan) = left.goal else { return Err("nothing was to be booked".to_owned()) };
    if left.booked.len() > 1 {
        return Err("booked more than once".to_owned());
    }
    let expect = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
    expect(row.state == AppointmentState::Booked, "it does not stand")?;
    expect(row.service == plan.service, &format!("service {}, not {}", row.service, plan.service))?;
    expect(in_place(catalogue, plan, row), &format!("office {}, not {:?}", row.office, plan.place))?;
    // Who hears that there is no video for it after all comes in person.
    let instead = left.told_no_video && plan.mode == Mode::Video && row.mode == Mode::InPerson;
    expect(row.mode == plan.mode || instead, &format!("mode {:?}, not {:?}", row.mode, plan.mode))?;
    expect(
        time_fits(left, plan.wish, plan.first_free, row),
        &format!("{} is not {:?}", to_athens(row.start), plan.wish),
    )?;
    let names = || format!("«{}» for «{}»", row.beneficiary, plan.beneficiary.name);
    expect(same_name(&row.beneficiary, &plan.beneficiary.name, left.latin), &format!("beneficiary {}", names()))?;
    expect(same_name(&row.requester, &plan.requester.name, left.latin), &format!("requester «{}»", row.requester))?;
    expect(row.phone.as_str() == plan.phone, "another telephone")?;
    expect(row.on_behalf == plan.relation.is_some(), "on behalf or not")?;
    expect(row.relation == plan.relation, &format!("relation {:?}, not {:?}", row.relation, plan.relation))
}

fn in_place(catalogue: &Catalogue, plan: &Plan, row: &Appointment) -> bool {
    match &plan.place {
        Where::Office(id) => &row.office == id,
        Where::Town(town) => catalogue.office(&row.office).is_some_and(|office| &office.municipality == town),
    }
}

/// Whether the start fits the wish. The earliest is the first that was free when the conversation began, or the first that was
/// offered, when others were quicker in between.
fn time_fits(left: &Left<'_>, wish: Wish, first_free: NaiveDateTime, row: &Appointment) -> bool {
    let start = to_athens(row.start);
    if wish != Wish::Earliest {
        return wish.fits(start, left.today);
    }
    let first_offered = left.earliest_offered.is_some_and(|earliest| start <= earliest);
    start <= first_free || (first_offered && start <= first_free + TimeDelta::days(3))
}

/// One name in two spellings: accents and case aside, and in Latin letters all that sounds alike.
fn same_name(written: &str, meant: &str, latin: bool) -> bool {
    let heard = |name: &str| phonetic::key(&greeklish::to_greek(name));
    plain(written) == plain(meant) || latin && heard(written) == heard(meant)
}

/// What was done to an appointment made before that nobody wanted.
fn harm(left: &Left<'_>, row: &Appointment) -> Option<String> {
    let before = match left.goal {
        Goal::Cancel(before) | Goal::Check(before) | Goal::Reschedule(before, ..) => before,
        _ => return None,
    };
    let moved = row.start != before.start || row.office != before.office;
    let cancelled = row.state != AppointmentState::Booked;
    if (moved || cancelled) && !left.changes_agreed {
        return Some("changed without a yes".to_owned());
    }
    match left.goal {
        Goal::Cancel(_) if moved => Some("moved instead of cancelled".to_owned()),
        Goal::Check(_) if moved || cancelled => Some("changed instead of found".to_owned()),
        Goal::Reschedule(..) if cancelled => Some("cancelled instead of moved".to_owned()),
        Goal::Reschedule(_, wish, first_free) if moved && !time_fits(left, *wish, *first_free, row) => {
            Some(format!("moved to {}, not {wish:?}", to_athens(row.start)))
        }
        Goal::Reschedule(..) if row.office != before.office => Some("moved to another office".to_owned()),
        _ => None,
    }
}

/// What the citizen went without.
fn missing(left: &Left<'_>) -> Option<String> {
    let happened = |wanted: fn(&Event) -> bool| left.events.iter().any(wanted);
    let without = |what: &str| Some(what.to_owned());
    match left.goal {
        Goal::Book(..) if left.booked.is_empty() => without("nothing was booked"),
        Goal::Book(Kind::WrongMode, _) if !left.told_no_video => without("was not told that there is no video"),
        Goal::Cancel(_) if left.existing.is_none_or(|row| row.state != AppointmentState::Cancelled) => {
            without("nothing was cancelled")
        }
        Goal::Reschedule(before, ..) if left.existing.is_none_or(|row| row.sequence == before.sequence) => {
            without("nothing was moved")
        }
        Goal::Check(_) if !happened(|e| matches!(e, Event::AppointmentFound { .. })) => without("nothing was found"),
        Goal::Explain(wanted) => {
            let told: Vec<_> = left
                .events
                .iter()
                .filter_map(|event| match event {
                    Event::ProcedureExplained { procedure, aspects } => Some((procedure, aspects)),
                    _ => None,
                })
                .collect();
            let right = told.iter().find(|(procedure, _)| **procedure == wanted.procedure);
            match right {
                None if told.is_empty() => without("nothing was explained"),
                None => Some(format!("another procedure was explained: {}", told[0].0)),
                Some((_, aspects)) if !aspects.iter().any(|a| a == wanted.aspect) => {
                    Some(format!("{aspects:?} was told, not {}", wanted.aspect))
                }
                Some(_) => None,
            }
        }
        Goal::HandOff(_) if !happened(|e| matches!(e, Event::HandedOff { .. } | Event::CallbackRequested { .. })) => {
            without("nobody took over")
        }
        _ => None,
    }
}
