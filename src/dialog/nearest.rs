//! What a whole sentence is about, where one word of it named only the general thing: «έχασα το πορτοφόλι μου με την
//! ταυτότητα» is about a lost identity card, though «ταυτότητα» alone is the first issue of one.

use super::topic;
use super::turn::Turn;
use crate::nlu::{EntityValue, Understanding};

/// How much nearer than the named procedure the found one must be.
const NEARER: f32 = 1.4;
/// How many hits are looked through for the named procedure.
const HITS: usize = 6;

/// The understanding with its one procedure replaced by what the whole sentence is nearest to; `None` where it stands.
pub fn nearest(turn: &Turn<'_>, heard: &Understanding) -> Option<Understanding> {
    let mut procedures = heard.entities.iter().enumerate().filter_map(|(at, e)| match &e.value {
        EntityValue::Procedure { id, .. } => Some((at, id)),
        _ => None,
    });
    let (at, named) = procedures.next()?;
    if procedures.next().is_some() || !topic::says_more(turn, heard) {
        return None;
    }
    let hits = turn.world.procedures.search(&topic::asked(heard), HITS);
    let best = hits.first().filter(|hit| hit.score >= topic::STRONG && hit.id != *named)?;
    if topic::is_of_name(turn, &heard.entities[at].text, &hits) {
        return None;
    }
    let score = hits.iter().find(|hit| hit.id == *named).map_or(0.0, |hit| hit.score);
    if best.score < score * NEARER {
        return None;
    }
    let procedure = turn.world.procedures.get(&best.id)?;
    let mut nearer = heard.clone();
    nearer.entities[at].value = EntityValue::Procedure { id: best.id.clone(), title: procedure.title.clone() };
    Some(nearer)
}
