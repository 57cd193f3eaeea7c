//! Accents left out, and other spellings of the same sound.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// Accents go, case and the final sigma stay.
pub(super) fn without_accents(text: &str) -> String {
    const PLAIN: [(char, char); 18] = [
        ('ά', 'α'),
        ('έ', 'ε'),
        ('ή', 'η'),
        ('ί', 'ι'),
        ('ό', 'ο'),
        ('ύ', 'υ'),
        ('ώ', 'ω'),
        ('ϊ', 'ι'),
        ('ϋ', 'υ'),
        ('ΐ', 'ι'),
        ('ΰ', 'υ'),
        ('Ά', 'Α'),
        ('Έ', 'Ε'),
        ('Ή', 'Η'),
        ('Ί', 'Ι'),
        ('Ό', 'Ο'),
        ('Ύ', 'Υ'),
        ('Ώ', 'Ω'),
    ];
    text.chars().map(|c| PLAIN.iter().find(|(accented, _)| *accented == c).map_or(c, |(_, plain)| *plain)).collect()
}

/// Another spelling of the same sound: η for ι, ο for ω, ε for αι, one letter for two.
pub(super) fn same_sound(rng: &mut StdRng, word: &str) -> Option<String> {
    const SOUNDS: [(&str, &str); 24] = [
        ("η", "ι"),
        ("ή", "ί"),
        ("ι", "η"),
        ("ί", "ή"),
        ("υ", "ι"),
        ("ύ", "ί"),
        ("ει", "ι"),
        ("εί", "ί"),
        ("οι", "ι"),
        ("οί", "ί"),
        ("ι", "ει"),
        ("ω", "ο"),
        ("ώ", "ό"),
        ("ό", "ώ"),
        ("αι", "ε"),
        ("αί", "έ"),
        ("ε", "αι"),
        ("έ", "αί"),
        ("λλ", "λ"),
        ("σσ", "σ"),
        ("νν", "ν"),
        ("μμ", "μ"),
        ("ττ", "τ"),
        ("ππ", "π"),
    ];
    let possible: Vec<_> =
        SOUNDS.iter().filter(|(from, _)| word.contains(from) && !part_of_digraph(word, from)).collect();
    possible.choose(rng).map(|(from, to)| word.replacen(from, to, 1))
}

/// Whether a single vowel stands in a digraph, where nobody takes it for another one.
fn part_of_digraph(word: &str, vowel: &str) -> bool {
    const DIGRAPHS: [&str; 12] = ["αι", "αί", "ει", "εί", "οι", "οί", "ου", "ού", "αυ", "αύ", "ευ", "εύ"];
    vowel.chars().count() == 1 && DIGRAPHS.iter().any(|pair| pair.contains(vowel) && word.contains(pair))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn accents_go_and_everything_else_stays() {
        assert_eq!(without_accents("Θέλω ραντεβού στις 10:15, Μαΐου"), "Θελω ραντεβου στις 10:15, Μαιου");
    }

    #[test]
    fn another_spelling_sounds_the_same() {
        let mut rng = StdRng::seed_from_u64(4);
        for word in ["κλείσω", "άλλη", "ταυτότητα", "πηγαίνω", "έχετε", "ησυχία", "ναι"]
        {
            for _ in 0..20 {
                let Some(other) = same_sound(&mut rng, word) else { continue };
                assert_ne!(other, word);
                assert_eq!(crate::greek::phonetic::key(&other), crate::greek::phonetic::key(word), "{other}");
            }
        }
    }
}
