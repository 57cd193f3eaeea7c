//! Whether a text is a plain explanation with some of it left out: the same units in the same order.

use super::piece::{Gap, Kind, OR, Piece};
use super::unit::{Part, Shape, Unit};

/// How far a text has been accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// How many of its pieces.
    at: usize,
    /// The unit that was found last.
    last: Option<usize>,
    /// How the choice is told among the alternatives that were found last.
    choice: Choice,
}

/// How a list of alternatives is told to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// No list of alternatives is open.
    None,
    /// «Ένα από αυτά» stands above it.
    Above,
    /// «Ή» will stand before the last.
    Promised,
    /// «Ή» stood before the last that was found.
    Kept,
}

/// Whether `answer` says what `units` say and loses nothing that counts.
pub(super) fn aligns(units: &[Unit], answer: &[Piece]) -> bool {
    let mut places = vec![Place { at: 0, last: None, choice: Choice::None }];
    for (number, unit) in units.iter().enumerate() {
        let mut next: Vec<Place> = Vec::new();
        for place in places {
            if unit.may_go {
                add(&mut next, place);
            }
            // What «ένα από αυτά» says may also be said by «ή».
            if unit.opens_choice() && place.choice == Choice::None {
                add(&mut next, Place { choice: Choice::Promised, ..place });
            }
            for found in step(units, number, answer, place) {
                add(&mut next, found);
            }
        }
        places = next;
    }
    places.iter().any(|place| place.at == answer.len() && place.choice != Choice::Promised)
}

fn add(places: &mut Vec<Place>, place: Place) {
    if !places.contains(&place) {
        places.push(place);
    }
}

/// The places after a unit that begins at a place.
fn step(units: &[Unit], number: usize, answer: &[Piece], place: Place) -> Vec<Place> {
    let unit = &units[number];
    if unit.shape == Shape::Alternative {
        return alternative(units, number, answer, place);
    }
    let last = place.last.map(|last| &units[last]);
    let begins = answer.get(place.at).is_some_and(|piece| may_begin(unit, last, piece.gap, place));
    if !begins || place.choice == Choice::Promised {
        return Vec::new();
    }
    let with = |choice| move |at| Place { at, last: Some(number), choice };
    match unit.shape {
        Shape::Header if unit.opens_choice() => {
            let told = header(unit, answer, place.at, 0).into_iter().map(with(Choice::Above));
            told.chain(header(unit, answer, place.at, 1).into_iter().map(with(Choice::Promised))).collect()
        }
        Shape::Header => header(unit, answer, place.at, 0).into_iter().map(with(Choice::None)).collect(),
        Shape::Sentence => words(&unit.parts, answer, place.at, false).into_iter().map(with(Choice::None)).collect(),
        _ => paper(unit, answer, place.at).into_iter().map(with(Choice::None)).collect(),
    }
}

/// Whether a unit may begin after another, by what stands between them.
fn may_begin(unit: &Unit, last: Option<&Unit>, gap: Gap, place: Place) -> bool {
    let Some(last) = last else { return true };
    match (last.shape, unit.is_paper()) {
        (Shape::Header, true) => true,
        (Shape::Paper, _) if unit.is_paper() || unit.shape == Shape::Header => {
            // «Φωτογραφία, ταυτότητα ή διαβατήριο» sounds like three to choose from, «ταυτότητα ή διαβατήριο και
            // φωτογραφία» like two to choose from.
            let before = !(unit.has_choice() || place.choice == Choice::Promised) || gap.and || gap.stop;
            let after = !last.has_choice() || gap.comma || gap.stop;
            // Else a condition of one would be heard of its neighbour.
            let apart = !(unit.is_bound() || last.is_bound()) || gap.stop;
            gap.parts() && before && after && apart
        }
        _ => gap.stop,
    }
}

/// One of several papers of which any is enough.
fn alternative(units: &[Unit], number: usize, answer: &[Piece], place: Place) -> Vec<Place> {
    let is_first = number.checked_sub(1).is_none_or(|before| units[before].shape != Shape::Alternative);
    let unit = &units[number];
    let last = place.last.map(|last| &units[last]);
    let or = answer.get(place.at).filter(|piece| piece.kind == Kind::Choice && piece.form == OR);
    let begin = place.at + usize::from(or.is_some());
    let Some(gap) = answer.get(place.at).map(|piece| piece.gap) else { return Vec::new() };
    let begins = match place.choice {
        Choice::None => false,
        Choice::Above => or.is_none() && is_first || !is_first && (or.is_some() || gap.parts()),
        Choice::Promised if is_first => or.is_none() && may_begin(unit, last, gap, place),
        Choice::Promised | Choice::Kept => or.is_some() && !gap.stop || gap.comma && !gap.stop && !gap.and,
    };
    if !begins {
        return Vec::new();
    }
    let choice = match place.choice {
        Choice::Above => Choice::Above,
        _ if or.is_some() => Choice::Kept,
        _ => Choice::Promised,
    };
    let ends = paper(unit, answer, begin).into_iter().filter(|end| *end > begin);
    ends.map(|at| Place { at, last: Some(number), choice }).collect()
}

/// Where the name of a paper that begins at `from` may end. «Φέρτε» may stand before it.
fn paper(unit: &Unit, answer: &[Piece], from: usize) -> Vec<usize> {
    let begin = from + answer[from.min(answer.len())..].iter().take_while(|piece| piece.kind == Kind::Need).count();
    words(&unit.parts, answer, begin, true)
}

/// Where a header that begins at `from` may end: some of its words in any order, and all that decide but so many.
fn header(unit: &Unit, answer: &[Piece], from: usize, fewer: usize) -> Vec<usize> {
    let known = |piece: &Piece| {
        matches!(piece.kind, Kind::Need | Kind::Article) || unit.pieces().any(|said| piece.says(said, true))
    };
    let counts = |pieces: &mut dyn Iterator<Item = &Piece>| {
        pieces.filter(|piece| !matches!(piece.kind, Kind::Word | Kind::Article | Kind::Need)).count()
    };
    let needed = counts(&mut unit.pieces());
    let longest = answer[from..].iter().take_while(|piece| known(piece)).count();
    let fits = |end: &usize| {
        let said = &answer[from..*end];
        counts(&mut said.iter()) + fewer == needed && said.iter().skip(1).all(|piece| !piece.gap.stop)
    };
    (from + 1..=from + longest).filter(fits).collect()
}

/// Where parts that begin at `from` may end.
fn words(parts: &[Part], answer: &[Piece], from: usize, is_name: bool) -> Vec<usize> {
    let mut ends = vec![(from, false)];
    for part in parts {
        let mut next = Vec::new();
        for (end, dropped) in ends {
            if part.may_go {
                next.push((end, true));
            }
            // What was left out before may have had a comma of its own.
            next.extend(run(&part.pieces, answer, end, is_name, dropped || end == from).map(|end| (end, false)));
        }
        ends = next;
    }
    ends.into_iter().map(|(end, _)| end).collect()
}

/// Where a run of words ends in the answer; `free` where what stands before it is judged elsewhere.
fn run(record: &[Piece], answer: &[Piece], from: usize, is_name: bool, free: bool) -> Option<usize> {
    let (mut at, mut free) = (from, free);
    let counts = |(_, piece): &(usize, &Piece)| !is_name || piece.kind != Kind::Article;
    for (number, said) in record.iter().enumerate().filter(counts) {
        // Articles of a name may come and go, but what stands before one stands before its word.
        let mut gap = Gap::default();
        while is_name && answer.get(at).is_some_and(|piece| piece.kind == Kind::Article) {
            gap = gap.with(answer[at].gap);
            at += 1;
        }
        let piece = answer.get(at)?;
        let before = gap.with(piece.gap);
        if !piece.says(said, is_name) || !(free || before == gap_in(record, number, is_name)) {
            return None;
        }
        (at, free) = (at + 1, false);
    }
    Some(at)
}

/// What stands before a piece of the record; in a name, before its article.
fn gap_in(record: &[Piece], number: usize, is_name: bool) -> Gap {
    let articles = record[..number].iter().rev().take_while(|piece| is_name && piece.kind == Kind::Article);
    articles.fold(record[number].gap, |gap, article| gap.with(article.gap))
}
