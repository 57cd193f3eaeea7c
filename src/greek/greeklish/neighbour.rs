//! Small words whose letters only the word after them tells: «tis» is «της» or «τις», «ton» is «τον» or «των».

use crate::greek::number;

/// The reading of the small Latin word `word` before `next`, which is Greek and folded already; `None` where the word after
/// it tells nothing.
pub(super) fn reading_before(word: &str, next: &str, is_first: bool) -> Option<&'static str> {
    match word {
        "tis" if is_plural(next) || is_hour(next) => Some("τισ"),
        "stis" if is_plural(next) || is_hour(next) => Some("στισ"),
        "ton" if next.ends_with("ων") => Some("των"),
        "i" | "h" | "y" if is_plural(next) || next.ends_with("οι") => Some("οι"),
        "ti" if takes_article(next) => Some("τη"),
        "gia" if is_first && matches!(next, "σασ" | "σου") => Some("γεια"),
        _ => None,
    }
}

/// «μέρες», «υπηρεσίες», «αιτήσεις», «άλλες», not «της Δευτέρας».
fn is_plural(next: &str) -> bool {
    next.chars().count() > 2 && (next.ends_with("εσ") || next.ends_with("εισ"))
}

/// «στις δέκα», «μετά τις πέντε», «τις 10».
fn is_hour(next: &str) -> bool {
    next.starts_with(|c: char| c.is_ascii_digit()) || number::is_word(next) && next != "μιασ"
}

/// A feminine noun before which the article loses its ν: «τη Δευτέρα», «τη βεβαίωση»; what is asked with «τι» are verbs.
fn takes_article(next: &str) -> bool {
    const IN_A: [&str; 12] = [
        "δευτερα",
        "δουλεια",
        "μητερα",
        "μαμα",
        "γιαγια",
        "γυναικα",
        "θεια",
        "μερα",
        "βδομαδα",
        "ληξιαρχικη",
        "λιστα",
        "διαδικασια",
    ];
    let before_continuant = next.starts_with(['β', 'γ', 'δ', 'ζ', 'θ', 'λ', 'μ', 'ν', 'ρ', 'σ', 'φ', 'χ']);
    let like_a_noun = ["ση", "ξη", "ψη", "μη", "νη", "λη", "κη"].iter().any(|end| next.ends_with(end));
    before_continuant && (like_a_noun && next.chars().count() > 4 || IN_A.contains(&next))
}
