//! The planner of transfers against every combination there is, on tiny boards.

use std::sync::Arc;

use ariadni::booking::board::{Board, Seat};
use ariadni::booking::catalogue::Catalogue;
use ariadni::booking::claim::{Change, Claim, ClaimKind, Serves};
use ariadni::booking::core::{Appointment, AppointmentState, HoldRequest, Needs, Window};
use ariadni::booking::desk::Destination;
use ariadni::booking::id::ResourceId;
use ariadni::booking::people::Mode;
use ariadni::booking::reference::Reference;
use ariadni::booking::transfer::{Fate, Mover, Target, plan};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::world::{KYPSELI, MONDAY, catalogue, instant, phone, staff};

const SHORT: &str = "kep.information-application";
const LONG: &str = "kep.business-services";

/// Kypseli with two desks, from eight to half past nine, appointments of 20 and 30 minutes that begin every ten.
fn tiny(buffer: u32, only_short: bool) -> Arc<Catalogue> {
    let mut catalogue = catalogue();
    catalogue.offices.retain(|office| office.id.as_str() == KYPSELI);
    let office = &mut catalogue.offices[0];
    office.opening.truncate(1);
    let rule = &mut office.opening[0];
    rule.breaks.clear();
    rule.to = "09:30:00".parse().expect("a time");
    rule.every_minutes = Some(10);
    office.resources[1].buffer.after_minutes = buffer;
    if only_short {
        office.resources[0].services = vec![SHORT.into()];
    }
    Arc::new(catalogue)
}

fn desk_id(number: usize) -> ResourceId {
    ResourceId::new(format!("kep-kypselis-{number}"))
}

fn appointment(number: usize, long: bool, minute: i64, desk: usize) -> Appointment {
    let start = instant("2026-11-26T06:00:00Z") + TimeDelta::minutes(minute);
    Appointment {
        reference: Reference::from_random(u64::try_from(number).expect("small") * 7919),
        state: AppointmentState::Booked,
        service: if long { LONG } else { SHORT }.into(),
        office: KYPSELI.into(),
        resource: desk_id(desk + 1),
        mode: Mode::InPerson,
        start,
        end: start + TimeDelta::minutes(if long { 30 } else { 20 }),
        beneficiary: "Άννα Πολίτη".to_owned(),
        requester: "Άννα Πολίτη".to_owned(),
        phone: phone(),
        email: None,
        on_behalf: false,
        relation: None,
        guests: Vec::new(),
        procedure: None,
        sequence: 0,
        cancellable_until: start,
        persons: 1,
        language: None,
        series: None,
        proposal: None,
    }
}

fn mover(number: usize, (long, minute, desk): (bool, i64, usize)) -> Mover {
    let appointment = appointment(number, long, minute * 10, desk);
    Mover {
        group: format!("mover {number}"),
        channel: "web".to_owned(),
        desks: vec![appointment.resource.clone()],
        appointment,
    }
}

fn taken(id: &str, resource: &str, window: Window) -> Change {
    Change::Taken(Claim {
        id: id.to_owned(),
        office: KYPSELI.into(),
        resource: resource.into(),
        window,
        kind: ClaimKind::Busy,
        expires_at: None,
        serves: None::<Serves>,
    })
}

/// A board on which some of the next day is taken by others.
fn board(catalogue: &Arc<Catalogue>, others: &[(usize, i64, i64)]) -> Board {
    let mut board = Board::new(Arc::clone(catalogue));
    for (number, (desk, minute, length)) in others.iter().enumerate() {
        let from = instant("2026-11-27T06:00:00Z") + TimeDelta::minutes(minute * 10);
        let window = Window { from, to: from + TimeDelta::minutes(length * 10) };
        board.apply(taken(&format!("other {number}"), &format!("kep-kypselis-{}", desk + 1), window));
    }
    board
}

/// How few are hurt at the least: everybody is left out or tried at every start and desk, one after another.
fn fewest_hurt(board: &mut Board, movers: &[Mover], to: &Destination, now: DateTime<Utc>) -> usize {
    let Some((first, rest)) = movers.split_first() else { return 0 };
    let mut fewest = 1 + fewest_hurt(board, rest, to, now);
    for (at, seat) in places(board, first, to, now) {
        if fewest == 0 {
            break;
        }
        let id = format!("try {at}");
        board.apply(taken(&id, seat.resource.as_str(), seat.claim));
        fewest = fewest.min(fewest_hurt(board, rest, to, now));
        board.apply(Change::Freed(id));
    }
    fewest
}

fn places(board: &Board, mover: &Mover, to: &Destination, now: DateTime<Utc>) -> Vec<(String, Seat)> {
    let wanted = mover.appointment.start + TimeDelta::days(i64::from(to.days));
    let day = instant("2026-11-27T06:00:00Z");
    let starts: Vec<_> =
        if to.nearest_time { (0..9).map(|n| day + TimeDelta::minutes(n * 10)).collect() } else { vec![wanted] };
    let mut places = Vec::new();
    for start in starts {
        let needs = Needs { resource: to.resource.clone(), ..Needs::default() };
        let appointment = &mover.appointment;
        let (service, office) = (appointment.service.clone(), appointment.office.clone());
        let request = HoldRequest { service, office, mode: appointment.mode, start, needs };
        let Ok(placement) = board.place(&request, &staff(), now, None) else { continue };
        for seats in placement.seats {
            places.extend(seats.into_iter().map(|seat| (format!("{} {start} {}", mover.group, seat.resource), seat)));
        }
    }
    places
}

/// That no two new places overlap, that each is one the rules allow, and how many have none.
fn hurt_in(board: &Board, movers: &[Mover], fates: &[Fate], to: &Destination, now: DateTime<Utc>) -> usize {
    let targets: Vec<(&Mover, &Target)> = movers
        .iter()
        .zip(fates)
        .filter_map(|(mover, fate)| match fate {
            Fate::Goes(target) => Some((mover, &**target)),
            Fate::Hurt(why) => {
                assert!(!why.is_empty());
                None
            }
        })
        .collect();
    for (number, (mover, target)) in targets.iter().enumerate() {
        let seat = &target.seats[0];
        let allowed = places(board, mover, to, now);
        assert!(allowed.iter().any(|(_, place)| place == seat), "{seat:?} is no place for {mover:?}");
        for (_, other) in &targets[..number] {
            let clash = other.seats[0].resource == seat.resource
                && other.seats[0].claim.from < seat.claim.to
                && seat.claim.from < other.seats[0].claim.to;
            assert!(!clash, "{:?} and {seat:?}", other.seats[0]);
        }
    }
    movers.len() - targets.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn as_few_are_hurt_as_can_be(
        movers in prop::collection::vec((any::<bool>(), 0..8i64, 0..2usize), 1..6),
        others in prop::collection::vec((0..2usize, 0..8i64, 1..4i64), 0..4),
        nearest_time in any::<bool>(),
        to_one_desk in prop::option::weighted(0.2, 0..2usize),
        buffer in prop::sample::select(vec![0u32, 5, 10]),
        only_short in any::<bool>(),
    ) {
        let now = instant(MONDAY);
        let movers: Vec<Mover> = movers.into_iter().enumerate().map(|(n, kind)| mover(n, kind)).collect();
        let resource = to_one_desk.map(|desk| desk_id(desk + 1));
        let to = Destination { days: 1, nearest_time, resource, ..Destination::default() };
        let catalogue = tiny(buffer, only_short);
        let fates = plan(&mut board(&catalogue, &others), &movers, &to, &staff(), now);
        let mut fresh = board(&catalogue, &others);
        let hurt = hurt_in(&fresh, &movers, &fates, &to, now);
        prop_assert_eq!(hurt, fewest_hurt(&mut fresh, &movers, &to, now));
    }
}

#[test]
fn whoever_came_first_still_does_and_stays_at_the_same_desk_where_he_can() {
    let catalogue = tiny(0, false);
    let now = instant(MONDAY);
    let movers: Vec<Mover> =
        (0..6).map(|n| mover(n, (false, i64::try_from(n / 2).expect("small") * 2, n % 2))).collect();
    let to = Destination { days: 1, nearest_time: true, ..Destination::default() };
    let fates = plan(&mut board(&catalogue, &[]), &movers, &to, &staff(), now);
    for (mover, fate) in movers.iter().zip(&fates) {
        let Fate::Goes(target) = fate else { panic!("{fate:?}") };
        assert_eq!(target.placement.slot.from, mover.appointment.start + TimeDelta::days(1));
        assert!(mover.has(&target.seats));
    }
}

#[test]
fn a_full_day_of_hundreds_is_planned_in_no_time() {
    let mut catalogue = catalogue();
    let office = &mut catalogue.offices[0];
    let desk = office.resources[0].clone();
    office.resources =
        (1..=20).map(|n| ariadni::booking::catalogue::Resource { id: desk_id(n), ..desk.clone() }).collect();
    let catalogue = Arc::new(catalogue);
    let movers: Vec<Mover> = (0..320)
        .map(|n| {
            let (row, desk) = (n / 20, n % 20);
            let minute = i64::try_from(if row < 9 { row * 2 } else { 21 + (row - 9) * 2 }).expect("small");
            mover(n, (false, minute, desk))
        })
        .collect();
    // Two desks of the next day are busy for two hours: twelve people too many for a day that is full otherwise.
    let others = [(0, 0, 12), (1, 0, 12)];
    let began = std::time::Instant::now();
    let to = Destination { days: 1, nearest_time: true, ..Destination::default() };
    let fates = plan(&mut board(&catalogue, &others), &movers, &to, &staff(), instant(MONDAY));
    let hurt = fates.iter().filter(|fate| matches!(fate, Fate::Hurt(_))).count();
    assert_eq!(hurt, 12);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
