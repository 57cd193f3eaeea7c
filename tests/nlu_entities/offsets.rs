//! Where a value stands is told in Unicode scalar values of the original text, whatever it is written in.

use crate::support::{UNDERSTANDER, context, entities};

/// The words of each entity, cut out of the text by its offsets.
fn cut(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let found = entities(text);
    found
        .iter()
        .map(|entity| {
            let words: String = chars[entity.start..entity.end].iter().collect();
            assert_eq!(words, entity.text, "{text}");
            words
        })
        .collect()
}

#[test]
fn offsets_are_those_of_the_original_text() {
    for (text, expected) in [
        ("gia tin kipseli, sto kep kypselis", vec!["kipseli", "kep kypselis"]),
        ("8elw diavathrio gia th mana mou", vec!["diavathrio", "mana"]),
        // Every vowel followed by a combining acute: two scalar values, one letter.
        ("στο ΚΕΠ Κυψε\u{301}λης", vec!["ΚΕΠ Κυψε\u{301}λης"]),
        ("θε\u{301}λω διαβατη\u{301}ριο για τη μα\u{301}να μου", vec!["διαβατη\u{301}ριο", "μα\u{301}να"]),
        ("😀😀 στο Αίγιο 👵🏽 για τη γιαγιά μου", vec!["Αίγιο", "γιαγιά"]),
        ("ΣΤΟ ΑΊΓΙΟ", vec!["ΑΊΓΙΟ"]),
        ("μένω στο\u{a0}Αίγιο\u{2026}", vec!["Αίγιο"]),
        // Polytonic, and a Latin A that only looks Greek.
        ("στὸ Aἴγιο μένω", vec!["Aἴγιο"]),
    ] {
        assert_eq!(cut(text), expected, "{text}");
    }
}

#[test]
fn what_follows_the_longest_text_that_is_read_is_not_understood() {
    let text = format!("{} στο Αίγιο", "ναι ".repeat(600));
    assert!(UNDERSTANDER.parse(&text, &context(None)).entities.iter().all(|entity| entity.text != "Αίγιο"));
    let text = format!("στο Αίγιο {}", "ναι ".repeat(25_000));
    assert_eq!(cut(&text), ["Αίγιο"]);
}
