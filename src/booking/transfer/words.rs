//! Why there is no new place for somebody, for the official who reads the plan.

use crate::booking::refusal::Refusal;

/// A sentence in Greek.
#[must_use]
pub fn hurt_because(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Closed(why) if why.is_empty() => "Τότε είναι κλειστά.".to_owned(),
        Refusal::Closed(why) => format!("Τότε είναι κλειστά: {why}."),
        Refusal::NotASlot => "Δεν υπάρχει ραντεβού που να αρχίζει εκείνη την ώρα.".to_owned(),
        Refusal::TooSoon(_) => "Εκείνη η ώρα έχει περάσει.".to_owned(),
        Refusal::BeyondHorizon(_) | Refusal::NotYetOpen(_) => "Εκείνη η ημέρα είναι πολύ μακριά.".to_owned(),
        Refusal::NotOffered(_) => "Η υπηρεσία δεν δίνεται εκεί.".to_owned(),
        Refusal::NobodyServes(_) => "Δεν υπάρχει εκεί κάποιος που να το εξυπηρετεί.".to_owned(),
        Refusal::KeptForOthers => "Οι θέσεις που μένουν εκείνη την ημέρα κρατιούνται για άλλους.".to_owned(),
        _ => "Δεν μένει ελεύθερη θέση.".to_owned(),
    }
}
