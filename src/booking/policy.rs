//! Rules about people and changes: what a name may be, who counts as the same beneficiary, until when a citizen may
//! change an appointment, which state may follow which.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::calendar::day_in;
use super::catalogue::BookingRules;
use super::core::{Actor, Appointment, AppointmentState, BookingRequest};
use super::refusal::Refusal;
use crate::greek::fold::fold;

/// The longest name that is taken, Unicode scalar values.
pub const LONGEST_NAME: usize = 120;

/// Until when a citizen may cancel or move an appointment that starts at `start`.
#[must_use]
pub fn cancellable_until(rules: &BookingRules, start: DateTime<Utc>) -> DateTime<Utc> {
    start - TimeDelta::minutes(i64::from(rules.cancel_limit_minutes))
}

/// Whether `actor` may cancel or move the appointment at `now`.
///
/// # Errors
/// `WrongState` when it no longer stands; `TooLate` for a citizen after the limit. Staff and jobs have no limit.
pub fn may_change(appointment: &Appointment, actor: &Actor, now: DateTime<Utc>) -> Result<(), Refusal> {
    if appointment.state != AppointmentState::Booked {
        return Err(Refusal::WrongState(appointment.state.as_str()));
    }
    let citizen = actor.is_citizen();
    if citizen && now > appointment.cancellable_until {
        return Err(Refusal::TooLate(appointment.cancellable_until));
    }
    Ok(())
}

/// Whether an appointment may go from one state to another.
#[must_use]
pub fn may_follow(from: AppointmentState, to: AppointmentState) -> bool {
    use AppointmentState::{Booked, Cancelled, CheckedIn, Completed, Missed, Started};
    matches!(
        (from, to),
        (Booked, Cancelled | CheckedIn | Started | Missed)
            | (CheckedIn, Started | Completed | Missed)
            | (Started, Completed)
    )
}

/// Whether an appointment may be taken to a state of its day at `now`; `zone` is that of its office.
///
/// Somebody who comes is noted from the beginning of the day on (people come early), somebody who does not come only once the
/// appointment should have begun. What was forgotten may be noted on a later day.
///
/// # Errors
/// `WrongState` when that state cannot follow; `TooSoon` with the instant from which on it can.
pub fn may_mark(appointment: &Appointment, to: AppointmentState, now: DateTime<Utc>, zone: Tz) -> Result<(), Refusal> {
    if to == AppointmentState::Cancelled || !may_follow(appointment.state, to) {
        return Err(Refusal::WrongState(appointment.state.as_str()));
    }
    let from = match to {
        AppointmentState::Missed => appointment.start,
        _ => day_in(zone, appointment.start.with_timezone(&zone).date_naive()).from,
    };
    if now < from { Err(Refusal::TooSoon(from)) } else { Ok(()) }
}

/// Who counts as the same beneficiary (ωφελούμενος) for the limit of live appointments.
///
/// The limit is per beneficiary, not per contact: a daughter books for two parents with one telephone. A tax or social security
/// number says who it is, whoever books. Without one the name is all there is, and names repeat across the country: so the key is the folded name with its
/// words in alphabetical order («Παπαδοπούλου Μαρία» is «ΜΑΡΙΑ ΠΑΠΑΔΟΠΟΥΛΟΥ») together with the telephone. Two people of
/// one name never block each other; whoever changes the telephone to book twice is not noticed yet.
#[must_use]
pub fn beneficiary_key(request: &BookingRequest) -> String {
    if let Some(identity) = &request.identity {
        return format!("# {identity}");
    }
    let folded = fold(&request.beneficiary);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    format!("{} {}", words.join(" "), request.phone.as_str())
}

/// Checks a series: how many appointments, how many weeks apart.
///
/// # Errors
/// `Invalid` with the field's public name.
pub fn check_series(rules: &BookingRules, count: u32, every_weeks: u32) -> Result<(), Refusal> {
    if count < 2 || count > rules.series_most {
        return invalid("count", &format!("is not 2 to {}", rules.series_most));
    }
    if !(1..=12).contains(&every_weeks) {
        return invalid("every_weeks", "is not 1 to 12");
    }
    Ok(())
}

/// Checks the people of a booking before anything is touched.
///
/// # Errors
/// `Invalid` with the field's public name.
pub fn check_people(request: &BookingRequest) -> Result<(), Refusal> {
    check_name("beneficiary_name", &request.beneficiary)?;
    check_name("requester_name", &request.requester)?;
    if request.relation.is_some() && !request.on_behalf {
        return invalid("relation", "is only given for an appointment on behalf of somebody");
    }
    Ok(())
}

fn check_name(field: &'static str, name: &str) -> Result<(), Refusal> {
    if !name.chars().any(char::is_alphabetic) {
        return invalid(field, "has no letters");
    }
    if name.chars().count() > LONGEST_NAME {
        return invalid(field, &format!("is longer than {LONGEST_NAME} characters"));
    }
    if name.chars().any(char::is_control) {
        return invalid(field, "has control characters");
    }
    Ok(())
}

fn invalid(field: &'static str, message: &str) -> Result<(), Refusal> {
    Err(Refusal::Invalid { field, message: message.to_owned() })
}
