//! Conditions, fees, steps and pages of a procedure, told.

use super::Explanation;
use super::aloud::{counted, counted_feminine, inside, listed, said, sentence, told};
use crate::greek::fold::fold;
use crate::procedures::money;
use crate::procedures::page::web_address;
use crate::procedures::procedure::{Condition, Fee, Page, Procedure, Step, Ways};
use crate::procedures::provision::is_place;
use crate::procedures::words::clean;

/// How many fees are said aloud; the rest are counted.
const SAID_FEES: usize = 3;
/// How many places are said aloud.
const SAID_PLACES: usize = 3;
/// How many lines of a list are written; the rest are counted.
const WRITTEN: usize = 40;
/// The longest sentence that is said of one fact, characters.
const LONGEST_SAID: usize = 170;

pub(super) fn eligibility(procedure: &Procedure) -> Option<Explanation> {
    let who = procedure.who_may.as_deref().map(clean).filter(|who| !who.is_empty());
    let who = who.map(|who| told(&format!("Ποιος μπορεί να το ζητήσει: {who}"), LONGEST_SAID));
    let all = conditions(&procedure.conditions);
    together(who.into_iter().chain(all))
}

/// Conditions: one is said, several are counted and the first is said.
fn conditions(conditions: &[Condition]) -> Option<Explanation> {
    let (either, all): (Vec<_>, Vec<_>) = conditions.iter().partition(|condition| condition.alternative);
    let (either, all) = if either.len() > 1 { (either, all) } else { (Vec::new(), conditions.iter().collect()) };
    let bullet = |condition: &&Condition| format!("• {}", clean(&condition.text).trim_end_matches('.'));
    let mut lines = Vec::new();
    if !all.is_empty() {
        lines.push("Προϋποθέσεις:".to_owned());
        lines.extend(all.iter().map(bullet));
    }
    if !either.is_empty() {
        lines.push(
            if all.is_empty() {
                "Μία από αυτές τις προϋποθέσεις:"
            } else {
                "και μία από αυτές:"
            }
            .to_owned(),
        );
        lines.extend(either.iter().map(bullet));
    }
    let first = all.first().or(either.first())?;
    let (first, cut) = said(&first.text, 90);
    let count = conditions.len();
    let speak = match (count, first.is_empty() || cut) {
        (1, false) => format!("Προϋπόθεση: {}.", inside(&first)),
        (_, true) => format!("Υπάρχουν προϋποθέσεις: {}.", counted_feminine(count, "συνολικά", "συνολικά")),
        _ => {
            format!("Υπάρχουν {}. Η πρώτη: {}.", counted_feminine(count, "προϋπόθεση", "προϋποθέσεις"), inside(&first))
        }
    };
    Some(Explanation { display: lines.join("\n"), speak, shortened: count > 1 || cut })
}

pub(super) fn cost(procedure: &Procedure) -> Option<Explanation> {
    let stated = procedure.cost.as_deref().map(clean).filter(|cost| !cost.is_empty());
    if procedure.fees.is_empty() {
        return stated.map(|cost| told(&cost, LONGEST_SAID));
    }
    // A sentence that only repeats the list is not written beside it.
    let own = stated.filter(|cost| money::sentence(&procedure.fees).is_none_or(|sentence| clean(&sentence) != *cost));
    let list = fees(&procedure.fees);
    Some(match own {
        Some(cost) => {
            let whole = told(&cost, LONGEST_SAID);
            Explanation { display: format!("{}\n{}", whole.display, list.display), speak: whole.speak, shortened: true }
        }
        None => list,
    })
}

fn fees(fees: &[Fee]) -> Explanation {
    let (either, all): (Vec<_>, Vec<_>) = fees.iter().partition(|fee| fee.alternative);
    let (either, all) = if either.len() > 1 { (either, all) } else { (Vec::new(), fees.iter().collect()) };
    let mut lines = Vec::new();
    if !all.is_empty() {
        lines.push("Πληρώνετε:".to_owned());
        lines.extend(all.iter().map(|fee| fee_line(fee)));
    }
    if !either.is_empty() {
        lines.push(
            if all.is_empty() {
                "Πληρώνετε ένα από αυτά:"
            } else {
                "και ένα από αυτά:"
            }
            .to_owned(),
        );
        lines.extend(either.iter().map(|fee| fee_line(fee)));
    }
    let said_fee = |fee: &&Fee| match money::of_fee(fee) {
        Some(amount) => format!("{} {amount}", inside(&said(&fee.name, 40).0)),
        None => format!("{}, χωρίς να γράφεται το ποσό", inside(&said(&fee.name, 40).0)),
    };
    // A fine is paid by whoever does wrong: it is for the eye, unless nothing else is paid.
    let is_paid = |fee: &&&Fee| !fold(&fee.name).starts_with("προστιμ");
    let only_fines = !all.iter().any(|fee| is_paid(&fee)) && either.is_empty();
    let fines = if only_fines { 0 } else { all.iter().filter(|fee| !is_paid(fee)).count() };
    let mut items: Vec<String> = all.iter().filter(|fee| only_fines || is_paid(fee)).map(said_fee).collect();
    if !either.is_empty() {
        items.push(listed(&either.iter().take(SAID_FEES).map(said_fee).collect::<Vec<_>>(), " ή "));
    }
    let more = items.len().saturating_sub(SAID_FEES);
    items.truncate(SAID_FEES);
    let rest =
        if more > 0 { format!(", και ακόμη {}", counted(more, "ποσό", "ποσά")) } else { String::new() };
    let speak = format!("Πληρώνετε: {}{rest}.", listed(&items, if more > 0 { ", " } else { " και " }));
    let shortened = more > 0
        || fines > 0
        || either.len() > SAID_FEES
        || fees.iter().any(|fee| fee.page.is_some() || fee.note.is_some());
    Explanation { display: lines.join("\n"), speak, shortened }
}

/// «• Παράβολο: 16,50 ευρώ, για κάθε αίτηση. Κωδικός: 2137. Πληρωμή: https://…»
fn fee_line(fee: &Fee) -> String {
    let amount = money::of_fee(fee).unwrap_or_else(|| "το ποσό δεν γράφεται".to_owned());
    let mut line = format!("• {}: {amount}", clean(&fee.name));
    let note = fee.note.as_deref().map(clean).filter(|note| !note.is_empty());
    line.extend(note.map(|note| format!(", {}", note.trim_end_matches('.'))));
    let code = fee.code.as_deref().map(clean).filter(|code| !code.is_empty());
    line.extend(code.map(|code| format!(". Κωδικός: {code}")));
    let ways: Vec<String> = fee.paid_by.iter().map(|way| clean(way)).filter(|way| !way.is_empty()).collect();
    if !ways.is_empty() {
        line.push_str(&format!(". Πληρώνεται: {}", ways.join(", ")));
    }
    line.extend(fee.page.as_deref().and_then(web_address).map(|page| format!("\n  Πληρωμή: {page}")));
    line
}

/// The steps in their order, what is done online apart.
pub(super) fn steps(procedure: &Procedure) -> Option<Explanation> {
    let (online, here): (Vec<&Step>, Vec<&Step>) = procedure.steps.iter().partition(|step| step.online);
    let mut lines = Vec::new();
    for (head, steps) in [("Τα βήματα:", &here), ("Από το διαδίκτυο, τα βήματα:", &online)]
    {
        if steps.is_empty() {
            continue;
        }
        lines.push(head.to_owned());
        lines.extend(steps.iter().take(WRITTEN).enumerate().map(|(place, step)| step_line(place + 1, step)));
        let more = steps.len().saturating_sub(WRITTEN);
        if more > 0 {
            lines.push(format!("και ακόμη {}, στη σελίδα του μητρώου", counted(more, "βήμα", "βήματα")));
        }
    }
    let (begin, told) = if here.is_empty() {
        ("Από το διαδίκτυο γίνεται", &online)
    } else {
        ("Γίνεται", &here)
    };
    let (first, cut) = said(&told.first()?.title, 110);
    let count = counted(told.len(), "βήμα", "βήματα");
    let speak = match (first.is_empty(), told.len()) {
        (true, _) => format!("{begin} σε {count}."),
        (false, 1) => format!("{begin} σε {count}: {}.", inside(&first)),
        (false, _) => format!("{begin} σε {count}. Πρώτα: {}.", inside(&first)),
    };
    let more_to_read = procedure.steps.len() > 1 || told[0].description.is_some() || told[0].page.is_some();
    Some(Explanation { display: lines.join("\n"), speak, shortened: more_to_read || cut })
}

/// «2. Κατάθεση αίτησης: στο πρωτόκολλο (διαρκεί έως 1 ημέρα)»
fn step_line(place: usize, step: &Step) -> String {
    let mut line = format!("{place}. {}", clean(&step.title));
    let description = step.description.as_deref().map(clean).filter(|text| !text.is_empty());
    line.extend(description.map(|text| format!(": {}", inside(text.trim_end_matches('.')))));
    let duration = step.duration.as_deref().map(clean).filter(|text| !text.is_empty());
    line.extend(duration.map(|duration| format!(" (διαρκεί {duration})")));
    line.extend(step.page.as_deref().and_then(web_address).map(|page| format!("\n  Η σελίδα: {page}")));
    line
}

/// Where it is done: whole for the eye; of many kinds of places, the first for the ear.
pub(super) fn office(procedure: &Procedure) -> Option<Explanation> {
    let place = procedure.place.as_deref().map(clean).filter(|place| !place.is_empty())?;
    let is_named = |group: &&String| place.contains(group.as_str()) && is_place(group);
    let names: Vec<&String> = procedure.groups.iter().filter(is_named).collect();
    if names.len() <= SAID_PLACES {
        return Some(told(&place, LONGEST_SAID));
    }
    let said: Vec<String> = names.iter().take(SAID_PLACES).map(|name| said(name, 50).0).collect();
    let speak = format!("Γίνεται εδώ: {}, και αλλού.", said.join(", "));
    Some(Explanation { display: place, speak, shortened: true })
}

/// How it can be done; a note in plain words says it better than the bare facts.
pub(super) fn channel(procedure: &Procedure) -> Option<Explanation> {
    let ways = procedure.ways.as_ref()?;
    let note = ways.note.as_deref().map(clean).filter(|note| !note.is_empty());
    let stated = note.or_else(|| possible(ways).map(str::to_owned))?;
    let mut lines = vec![stated.clone()];
    let sound: Vec<&Page> = procedure.pages.iter().filter(|page| web_address(&page.url).is_some()).collect();
    match (sound.as_slice(), ways.online.as_deref().and_then(web_address)) {
        ([], Some(page)) => lines.push(format!("Η σελίδα: {page}")),
        ([], None) => {}
        ([one], _) => lines.push(page_line("Η σελίδα", one)),
        (several, _) => {
            lines.push("Οι σελίδες:".to_owned());
            lines.extend(several.iter().take(WRITTEN).map(|page| format!("• {}", page_line("Σελίδα", page))));
        }
    }
    let (speak, cut) = sentence(&stated, LONGEST_SAID);
    Some(Explanation { shortened: cut || lines.len() > 1, display: lines.join("\n"), speak })
}

fn page_line(unnamed: &str, page: &Page) -> String {
    let title = page.title.as_deref().map(clean).filter(|title| !title.is_empty());
    format!("{}: {}", title.as_deref().unwrap_or(unnamed), page.url)
}

fn possible(ways: &Ways) -> Option<&'static str> {
    Some(match (ways.online.is_some(), ways.video, ways.in_person) {
        (true, true, true) => "Γίνεται από το διαδίκτυο, με βιντεοκλήση ή από κοντά.",
        (true, true, false) => "Γίνεται από το διαδίκτυο ή με βιντεοκλήση.",
        (true, false, true) => "Γίνεται από το διαδίκτυο ή από κοντά.",
        (true, false, false) => "Γίνεται μόνο από το διαδίκτυο.",
        (false, true, true) => "Γίνεται με βιντεοκλήση ή από κοντά.",
        (false, true, false) => "Γίνεται μόνο με βιντεοκλήση.",
        (false, false, true) => "Γίνεται μόνο από κοντά. Πρέπει να έρθετε οι ίδιοι.",
        (false, false, false) => return None,
    })
}

/// Several answers as one.
pub(super) fn together(parts: impl Iterator<Item = Explanation>) -> Option<Explanation> {
    parts.reduce(|one, other| Explanation {
        display: format!("{}\n{}", one.display, other.display),
        speak: format!("{} {}", one.speak, other.speak),
        shortened: one.shortened || other.shortened,
    })
}
