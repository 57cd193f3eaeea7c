//! Who is trying to win which seat at this moment, so that many who come at once do not all try for the same one.
//!
//! It only puts the ways into a better order: whoever finds all seats wanted tries all the same, and the database decides.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::booking::board::Seat;
use crate::booking::id::ResourceId;

/// The seats that are being tried for in this process: a resource, from when on, and by how many.
#[derive(Debug, Default)]
pub(super) struct Crowd(Mutex<HashMap<(ResourceId, i64), u32>>);

/// An attempt at some seats; it is over when this is dropped.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    crowd: &'a Crowd,
    seats: Vec<Seat>,
}

impl Crowd {
    /// Takes out of `ways` the first that nobody else tries at this moment, or the first of all; `None` when none is left.
    pub(super) fn try_next(&self, ways: &mut Vec<Vec<Seat>>) -> Option<Attempt<'_>> {
        let mut wanted = self.wanted();
        let quiet = ways.iter().position(|seats| seats.iter().all(|seat| !wanted.contains_key(&key(seat))));
        let seats = if ways.is_empty() { None } else { Some(ways.remove(quiet.unwrap_or(0))) }?;
        for seat in &seats {
            *wanted.entry(key(seat)).or_default() += 1;
        }
        Some(Attempt { crowd: self, seats })
    }

    fn wanted(&self) -> MutexGuard<'_, HashMap<(ResourceId, i64), u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// The seats that are tried for.
    pub(super) fn seats(&self) -> &[Seat] {
        &self.seats
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut wanted = self.crowd.wanted();
        for seat in &self.seats {
            if let Some(count) = wanted.get_mut(&key(seat)) {
                *count -= 1;
                if *count == 0 {
                    wanted.remove(&key(seat));
                }
            }
        }
    }
}

fn key(seat: &Seat) -> (ResourceId, i64) {
    (seat.resource.clone(), seat.claim.from.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::core::Window;

    fn seat(desk: &str) -> Seat {
        let from = "2026-11-24T08:00:00Z".parse().expect("an instant");
        Seat { resource: desk.into(), claim: Window { from, to: from + chrono::TimeDelta::minutes(15) } }
    }

    #[test]
    fn those_who_come_at_once_try_for_different_desks_and_the_last_for_a_wanted_one() {
        let crowd = Crowd::default();
        let ways = || vec![vec![seat("1")], vec![seat("2")]];
        let (mut a, mut b, mut c) = (ways(), ways(), ways());
        let first = crowd.try_next(&mut a).expect("a way");
        let second = crowd.try_next(&mut b).expect("a way");
        let third = crowd.try_next(&mut c).expect("a way");
        let desks = [&first, &second, &third].map(|attempt| attempt.seats()[0].resource.to_string());
        assert_eq!(desks, ["1", "2", "1"]);
        drop(second);
        assert_eq!(crowd.try_next(&mut c).expect("the other way").seats(), [seat("2")]);
        assert!(crowd.try_next(&mut c).is_none());
        drop((first, third));
        assert!(crowd.wanted().is_empty());
    }

    #[test]
    fn a_party_is_seated_where_nobody_else_tries() {
        let crowd = Crowd::default();
        let single = crowd.try_next(&mut vec![vec![seat("2")]]).expect("a way");
        let mut pairs = vec![vec![seat("1"), seat("2")], vec![seat("1"), seat("3")]];
        assert_eq!(crowd.try_next(&mut pairs).expect("a way").seats(), [seat("1"), seat("3")]);
        drop(single);
    }
}
