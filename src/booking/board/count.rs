//! How many appointments can still be made on a day.

use super::day::{Cap, DayAt, Scratch};
use super::time::Seconds;

impl DayAt<'_, '_> {
    /// How many appointments can still be made at the allowed starts, when they are made one after the other from the first
    /// start on: where starts lie closer together than an appointment takes, one that is made uses up the next.
    pub(super) fn count(&self, scratch: &mut Scratch, allows: impl Fn(Seconds) -> bool) -> u32 {
        let starts = &self.plan.starts;
        if self.are_apart() {
            self.free(scratch);
            let desks = self.request.desks();
            for (free, &start) in scratch.free.iter_mut().zip(starts) {
                *free = if allows(start) { *free / desks } else { 0 };
            }
            return capped(starts, &scratch.free, self.caps());
        }
        let allowed: Vec<bool> = starts.iter().map(|&start| allows(start)).collect();
        capped(starts, &self.one_after_the_other(&allowed), self.caps())
    }

    /// Whether appointments at different starts never stand in each other's way.
    fn are_apart(&self) -> bool {
        let widest = self.candidate.team.iter().map(|m| m.before + m.after).max().unwrap_or(0);
        let needed = self.request.length_seconds() + widest;
        self.plan.starts.windows(2).all(|pair| pair[1] - pair[0] >= needed)
    }

    fn one_after_the_other(&self, allowed: &[bool]) -> Vec<u32> {
        let (starts, desks) = (&self.plan.starts, self.request.desks());
        let team = &self.candidate.team;
        let free: Vec<Vec<bool>> = team.iter().map(|member| self.free_starts(member)).collect();
        let mut busy_until: Vec<Seconds> = vec![0; team.len()];
        let mut made = Vec::with_capacity(starts.len());
        for (at, &start) in starts.iter().enumerate() {
            let can = |member: usize| {
                free[member][at] && start.saturating_sub(team[member].before) >= busy_until[member] && allowed[at]
            };
            let able: Vec<usize> = (0..team.len()).filter(|&member| can(member)).collect();
            let parties = u32::try_from(able.len()).unwrap_or(u32::MAX) / desks;
            for &member in able.iter().take((parties * desks) as usize) {
                busy_until[member] = start + self.request.length_seconds() + team[member].after;
            }
            made.push(parties);
        }
        made
    }
}

/// The most that quotas admit of what can be made at each start: a quota counts for the starts after its lifting only, so
/// the starts under one quota are a tail of those under a quota that lifts later, or never.
fn capped(starts: &[Seconds], made: &[u32], mut caps: Vec<Cap>) -> u32 {
    caps.sort_by_key(|cap| cap.lifted_until);
    let mut total = 0_u32;
    for (&start, &made) in starts.iter().zip(made).rev() {
        while let Some(cap) = caps.pop_if(|cap| start <= cap.lifted_until) {
            total = total.min(cap.room);
        }
        total = total.saturating_add(made);
    }
    caps.iter().rev().fold(total, |total, cap| total.min(cap.room))
}
