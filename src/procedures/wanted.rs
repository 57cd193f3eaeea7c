//! How likely a procedure is asked for at all: most of the registry is for enterprises and the administration itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::procedure::Procedure;
use crate::greek::fold::fold;

/// What a procedure is worth more that is described in plain words, because people ask for it.
const PLAIN: f32 = 1.06;
/// What the procedures of each class of the table of wanted ones are worth more.
const WANTED: [f32; 3] = [1.08, 1.05, 1.03];

/// Registry numbers of the procedures that people ask for most, and their class, 1 to 3.
static POPULAR: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    let lines = include_str!("data/popular.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).filter_map(|(id, class)| Some((id, class.parse().ok()?))).collect()
});

/// Beginnings of words of a title, folded, and what they make of it; the first that occurs decides.
static AUDIENCES: LazyLock<Vec<(&'static str, f32)>> = LazyLock::new(|| {
    let lines = include_str!("data/audiences.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).filter_map(|(word, is)| Some((word, is.parse().ok()?))).collect()
});

/// How much likelier a procedure is asked for than another, around 1: it decides between equals, no more.
pub(super) fn prior(procedure: &Procedure) -> f32 {
    let title = format!(" {}", fold(&procedure.title));
    let audience = AUDIENCES.iter().find(|(word, _)| title.contains(&format!(" {word}"))).map_or(1.0, |(_, is)| *is);
    let class = POPULAR.get(procedure.id.as_str()).and_then(|class| WANTED.get(class.checked_sub(1)?));
    let plain = if procedure.for_what.is_some() { PLAIN } else { 1.0 };
    audience * class.copied().unwrap_or(1.0).max(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, title: &str) -> f32 {
        prior(&Procedure { id: id.into(), title: title.into(), ..Procedure::default() })
    }

    #[test]
    fn citizens_come_before_the_administration() {
        let citizen = of("1", "Χορήγηση αντιγράφου πτυχίου");
        assert!(of("707544", "Αρχική έκδοση δελτίου ταυτότητας") > citizen);
        assert!(of("2", "Μετάθεση αστυνομικού προσωπικού") < citizen);
        assert!(of("3", "Συγκρότηση επιτροπής") < citizen);
    }
}
