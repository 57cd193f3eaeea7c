//! Who takes which place, so that as many as possible have one: chains of people who make room for one another, and where that
//! leaves somebody out among few, every combination.

use std::collections::HashMap;

use crate::booking::board::Seat;
use crate::booking::id::ResourceId;

/// How many places are tried in combinations before the best one so far is taken: a fraction of a second.
const MOST_TRIED: usize = 500_000;

/// Among more rivals than this the combinations are too many to look at.
const MOST_COMBINED: usize = 30;

/// Time of a resource, by a number for the resource and seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    resource: usize,
    from: i64,
    to: i64,
}

/// All the time that one choice takes; one span for most.
type Place = Vec<Span>;

/// For each party the place it takes among its choices, the earlier ones preferred; `None` for whoever is left out.
///
/// Chains alone leave out as few as possible when places overlap wholly or not at all, as on a day of one service; the search
/// through all combinations does so for any few parties.
pub(super) fn assign(choices: &[Vec<&[Seat]>]) -> Vec<Option<usize>> {
    let choices = &numbered(choices);
    let mut chosen = vec![None; choices.len()];
    for group in rivals(choices) {
        let mut seating = Seating::new(choices);
        for &party in &group {
            seating.find_place(party, &mut vec![false; choices.len()]);
        }
        let left_out = group.iter().filter(|&&party| seating.chosen[party].is_none()).count();
        if left_out > 0 && group.len() <= MOST_COMBINED {
            let better = Combinations::new(choices, &group, left_out).search();
            if let Some(better) = better {
                seating.chosen = better;
            }
        }
        for party in group {
            chosen[party] = seating.chosen[party];
        }
    }
    chosen
}

/// The choices with numbers for resources, which are compared so often.
fn numbered(choices: &[Vec<&[Seat]>]) -> Vec<Vec<Place>> {
    let mut numbers: HashMap<&ResourceId, usize> = HashMap::new();
    let mut all = Vec::with_capacity(choices.len());
    for choices in choices {
        let mut places = Vec::with_capacity(choices.len());
        for seats in choices {
            let mut place = Vec::with_capacity(seats.len());
            for seat in *seats {
                let next = numbers.len();
                let resource = *numbers.entry(&seat.resource).or_insert(next);
                place.push(Span { resource, from: seat.claim.from.timestamp(), to: seat.claim.to.timestamp() });
            }
            places.push(place);
        }
        all.push(places);
    }
    all
}

impl Span {
    fn clashes(self, other: Self) -> bool {
        self.resource == other.resource && self.from < other.to && other.from < self.to
    }
}

/// Whether two places cannot both be taken.
fn clash(a: &[Span], b: &[Span]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.clashes(*b)))
}

/// Parties whose choices clash with one another's, directly or through others, each group in the order of the parties.
fn rivals(choices: &[Vec<Place>]) -> Vec<Vec<usize>> {
    let mut wanted: Vec<(Span, usize)> = Vec::new();
    for (party, choices) in choices.iter().enumerate() {
        wanted.extend(choices.iter().flatten().map(|span| (*span, party)));
    }
    wanted.sort_by_key(|(span, _)| (span.resource, span.from, span.to));
    let mut head: Vec<usize> = (0..choices.len()).collect();
    let mut last: Option<(Span, usize)> = None;
    for (span, party) in wanted {
        last = match last.filter(|(before, _)| before.clashes(span)) {
            Some((before, other)) => {
                join(&mut head, party, other);
                Some((Span { to: before.to.max(span.to), ..before }, party))
            }
            None => Some((span, party)),
        };
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); choices.len()];
    for party in 0..choices.len() {
        groups[top(&mut head, party)].push(party);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn top(head: &mut [usize], party: usize) -> usize {
    let mut party = party;
    while head[party] != party {
        head[party] = head[head[party]];
        party = head[party];
    }
    party
}

fn join(head: &mut [usize], a: usize, b: usize) {
    let (a, b) = (top(head, a), top(head, b));
    head[a.max(b)] = a.min(b);
}

/// Who has which place so far.
struct Seating<'a> {
    choices: &'a [Vec<Place>],
    chosen: Vec<Option<usize>>,
    /// By resource: what is taken, and by whom.
    taken: Vec<Vec<(Span, usize)>>,
}

impl<'a> Seating<'a> {
    fn new(choices: &'a [Vec<Place>]) -> Self {
        let resources = choices.iter().flatten().flatten().map(|span| span.resource + 1).max().unwrap_or(0);
        Self { choices, chosen: vec![None; choices.len()], taken: vec![Vec::new(); resources] }
    }

    /// Finds a place for a party: a free one, or one whose holders find another. Whoever was asked in vain is not asked again.
    fn find_place(&mut self, party: usize, asked: &mut [bool]) -> bool {
        if std::mem::replace(&mut asked[party], true) {
            return false;
        }
        let choices = self.choices;
        if let Some(free) = choices[party].iter().position(|place| self.holders(place).is_empty()) {
            self.take(party, free);
            return true;
        }
        for (choice, place) in choices[party].iter().enumerate() {
            let holders = self.holders(place);
            if holders.iter().any(|&holder| asked[holder]) {
                continue;
            }
            let before = self.chosen.clone();
            for &holder in &holders {
                self.leave(holder);
            }
            self.take(party, choice);
            if holders.iter().all(|&holder| self.find_place(holder, asked)) {
                return true;
            }
            self.restore(&before);
        }
        false
    }

    fn holders(&self, place: &[Span]) -> Vec<usize> {
        let taken = |&span: &Span| self.taken[span.resource].iter().filter(move |(other, _)| other.clashes(span));
        let mut holders: Vec<usize> = place.iter().flat_map(taken).map(|(_, holder)| *holder).collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    fn take(&mut self, party: usize, choice: usize) {
        self.chosen[party] = Some(choice);
        for span in &self.choices[party][choice] {
            self.taken[span.resource].push((*span, party));
        }
    }

    fn leave(&mut self, party: usize) {
        let Some(choice) = self.chosen[party].take() else { return };
        for span in &self.choices[party][choice] {
            self.taken[span.resource].retain(|(_, holder)| *holder != party);
        }
    }

    fn restore(&mut self, before: &[Option<usize>]) {
        let changed = (0..before.len()).filter(|&party| self.chosen[party] != before[party]).collect::<Vec<_>>();
        for &party in &changed {
            self.leave(party);
        }
        for party in changed {
            if let Some(choice) = before[party] {
                self.take(party, choice);
            }
        }
    }
}

/// Every combination of a group, as long as it may leave out fewer than the best one known.
struct Combinations<'a> {
    choices: &'a [Vec<Place>],
    /// The group, those with the fewest choices first.
    order: Vec<usize>,
    chosen: Vec<Option<usize>>,
    fewest: usize,
    best: Option<Vec<Option<usize>>>,
    left: usize,
}

impl<'a> Combinations<'a> {
    fn new(choices: &'a [Vec<Place>], group: &[usize], fewest: usize) -> Self {
        let mut order: Vec<usize> = group.iter().copied().filter(|&party| !choices[party].is_empty()).collect();
        order.sort_by_key(|&party| (choices[party].len(), party));
        let without = group.len() - order.len();
        let chosen = vec![None; choices.len()];
        Self { choices, order, chosen, fewest: fewest - without, best: None, left: MOST_TRIED }
    }

    fn search(mut self) -> Option<Vec<Option<usize>>> {
        self.go_on(0, 0);
        self.best
    }

    fn go_on(&mut self, next: usize, left_out: usize) {
        if left_out >= self.fewest || self.left == 0 {
            return;
        }
        let Some(&party) = self.order.get(next) else {
            (self.fewest, self.best) = (left_out, Some(self.chosen.clone()));
            return;
        };
        let choices = self.choices;
        for (choice, place) in choices[party].iter().enumerate() {
            self.left = self.left.saturating_sub(1);
            if !self.order[..next].iter().any(|&other| self.has(other, place)) {
                self.chosen[party] = Some(choice);
                self.go_on(next + 1, left_out);
                self.chosen[party] = None;
            }
        }
        self.go_on(next + 1, left_out + 1);
    }

    fn has(&self, party: usize, place: &[Span]) -> bool {
        self.chosen[party].is_some_and(|choice| clash(&self.choices[party][choice], place))
    }
}
