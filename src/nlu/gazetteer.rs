//! Finds names of a list in a sentence, whatever the case, the accents, the article in between or the slip of a letter.
//!
//! Names are kept as numbers of words, words under the stem of their sound. So a sentence is looked up word by word,
//! and the size of the list costs nothing.

use std::collections::HashMap;

use super::utterance::Utterance;
use crate::greek::fold;

/// Words that join the parts of a name and may be left out or put in: «ΚΕΠ (της) Κυψέλης».
const JOINTS: &[&str] = &[
    "ο",
    "η",
    "το",
    "του",
    "τησ",
    "των",
    "τον",
    "την",
    "τη",
    "τα",
    "οι",
    "τουσ",
    "τισ",
    "στο",
    "στη",
    "στην",
    "στον",
    "στα",
    "στισ",
    "στουσ",
    "για",
    "και",
    "απο",
    "με",
];
/// Words that may stand alone between two words of a name: «τη φορολογική μου ενημερότητα».
const OWNERS: &[&str] = &["μου", "σου", "μασ", "σασ"];
/// How many joints may stand between two words of a name.
const MOST_JOINTS: usize = 2;
/// The shortest stem, in letters of its sound, in which a slip is forgiven.
const SHORTEST_FORGIVEN: usize = 5;
/// The longest: no name has longer words, and to look for slips in a text without spaces would cost its square.
const LONGEST_FORGIVEN: usize = 30;

/// What a difference between a word and the name's own costs.
pub(super) const MISSPELT: u32 = 1;
const INFLECTED: u32 = 2;
pub(super) const SLIPPED: u32 = 5;
/// The most that a whole name may cost; below two slips.
const DEAREST: u32 = 9;

/// How words of the sentence may differ from the words of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// Only in accents and in letters that sound the same.
    Sound,
    /// In the case (πτώση) and number too.
    Inflection,
    /// In one letter of a long word too.
    Slip,
}

/// A list of names with what they name.
#[derive(Debug)]
pub struct Gazetteer<T> {
    tolerance: Tolerance,
    words: Vec<NameWord>,
    /// Word numbers under the stem of their sound.
    by_stem: HashMap<String, Vec<usize>>,
    /// Word numbers under each stem with one letter left out.
    by_slip: HashMap<String, Vec<usize>>,
    /// Name numbers under their first word.
    by_first: Vec<Vec<usize>>,
    names: Vec<Name<T>>,
}

#[derive(Debug)]
struct NameWord {
    text: String,
    sound: String,
}

#[derive(Debug)]
struct Name<T> {
    words: Vec<usize>,
    value: T,
}

/// A name found in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<T> {
    /// Its first word.
    pub from: usize,
    /// The word after its last.
    pub to: usize,
    /// 0 when written exactly so.
    pub cost: u32,
    /// What it names.
    pub value: T,
}

impl<T> Gazetteer<T> {
    /// An empty list.
    #[must_use]
    pub fn new(tolerance: Tolerance) -> Self {
        Self {
            tolerance,
            words: Vec::new(),
            by_stem: HashMap::new(),
            by_slip: HashMap::new(),
            by_first: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Adds a name; one without words is passed over.
    pub fn add(&mut self, name: &str, value: T) {
        let all: Vec<String> = fold::tokens(name).into_iter().map(|token| token.text).collect();
        let telling: Vec<&String> = all.iter().filter(|word| !JOINTS.contains(&word.as_str())).collect();
        // In a set phrase the small words tell too: «από κοντά» is not «πιο κοντά».
        let whole = telling.is_empty() || self.tolerance == Tolerance::Sound;
        let kept: Vec<&String> = if whole { all.iter().collect() } else { telling };
        if kept.is_empty() {
            return;
        }
        let words: Vec<usize> = kept.into_iter().map(|word| self.number_of(word)).collect();
        self.by_first[words[0]].push(self.names.len());
        self.names.push(Name { words, value });
    }

    /// Every name in the sentence, overlapping ones too. A slip is forgiven only in words that are not `ordinary`.
    #[must_use]
    pub fn find(&self, utterance: &Utterance<'_>, ordinary: &dyn Fn(&str) -> bool) -> Vec<Match<&T>> {
        let words: Vec<&str> = utterance.words.iter().map(|word| word.text.as_str()).collect();
        self.find_in(&words, ordinary)
    }

    /// The same in folded words.
    #[must_use]
    pub fn find_in(&self, words: &[impl AsRef<str>], ordinary: &dyn Fn(&str) -> bool) -> Vec<Match<&T>> {
        let readings: Vec<Vec<(usize, u32)>> =
            words.iter().map(|word| self.readings(word.as_ref(), ordinary)).collect();
        let mut found = Vec::new();
        for (from, firsts) in readings.iter().enumerate() {
            for (word, cost) in firsts {
                for name in &self.by_first[*word] {
                    let name = &self.names[*name];
                    if let Some((to, rest)) = follow(words, &readings, from + 1, &name.words[1..])
                        && cost + rest <= DEAREST
                    {
                        found.push((*word, Match { from, to, cost: cost + rest, value: &name.value }));
                    }
                }
            }
        }
        self.told_apart(found)
    }

    /// Without the names of one word that another, of another stem, is as near to by a slip: nobody can tell which was meant.
    fn told_apart<'a>(&self, found: Vec<(usize, Match<&'a T>)>) -> Vec<Match<&'a T>> {
        let is_slip = |m: &Match<&T>| m.cost >= SLIPPED && m.to == m.from + 1;
        let rivals = |word: usize, m: &Match<&T>| {
            found.iter().any(|(other, rival)| {
                is_slip(rival)
                    && (rival.from, rival.cost) == (m.from, m.cost)
                    && stem(&self.words[*other].sound) != stem(&self.words[word].sound)
            })
        };
        let doubtful: Vec<bool> = found.iter().map(|(word, m)| is_slip(m) && rivals(*word, m)).collect();
        found.into_iter().zip(doubtful).filter(|(_, doubtful)| !doubtful).map(|((_, m), _)| m).collect()
    }

    /// Whether a folded word is part of a name, in any case and spelling.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        !self.readings(word, &|_| true).is_empty()
    }

    fn number_of(&mut self, word: &str) -> usize {
        let sound = sound(word);
        let stem = stem(&sound).to_owned();
        let same = self.by_stem.get(&stem).into_iter().flatten().find(|at| self.words[**at].text == word);
        if let Some(known) = same {
            return *known;
        }
        let number = self.words.len();
        if self.tolerance == Tolerance::Slip && is_forgiving(&stem) {
            for slip in slips(&stem) {
                self.by_slip.entry(slip).or_default().push(number);
            }
        }
        self.by_stem.entry(stem).or_default().push(number);
        self.words.push(NameWord { text: word.to_owned(), sound });
        self.by_first.push(Vec::new());
        number
    }

    /// The words of names that a word of the sentence may be, with what that costs.
    fn readings(&self, word: &str, ordinary: &dyn Fn(&str) -> bool) -> Vec<(usize, u32)> {
        let heard = sound(word);
        let stem = stem(&heard);
        let same_stem = self.by_stem.get(stem).into_iter().flatten();
        let readings: Vec<(usize, u32)> =
            same_stem.filter_map(|at| Some((*at, self.cost(&self.words[*at], word, &heard)?))).collect();
        let forgiving = readings.is_empty()
            && self.tolerance == Tolerance::Slip
            && is_forgiving(stem)
            && !word.starts_with(|c: char| c.is_ascii_digit())
            && !ordinary(word);
        if forgiving { self.slipped(stem, &heard) } else { readings }
    }

    fn cost(&self, name: &NameWord, word: &str, heard: &str) -> Option<u32> {
        if name.text == word {
            Some(0)
        } else if name.sound == heard {
            Some(MISSPELT)
        } else if self.tolerance != Tolerance::Sound && same_noun(&name.sound, heard) {
            // «Σάμο» is rather «Σάμος» than the plural of «Σάμη».
            Some(INFLECTED + u32::from(is_another_number(&name.sound, heard)))
        } else {
            None
        }
    }

    fn slipped(&self, stem: &str, heard: &str) -> Vec<(usize, u32)> {
        let first = stem.chars().next();
        let mut readings: Vec<(usize, u32)> = Vec::new();
        for slip in slips(stem) {
            for at in self.by_slip.get(&slip).into_iter().flatten() {
                let other = super::gazetteer::stem(&self.words[*at].sound);
                let near = strsim::osa_distance(stem, other) <= 1;
                let begins_alike = stem.chars().count() > 6 || other.chars().next() == first;
                if near && begins_alike && !readings.iter().any(|(seen, _)| seen == at) {
                    let ending = u32::from(strsim::osa_distance(heard, &self.words[*at].sound) > 1);
                    readings.push((*at, SLIPPED + ending));
                }
            }
        }
        readings
    }
}

/// Follows the rest of a name from word `at`; where it ends and what it costs.
fn follow(
    words: &[impl AsRef<str>],
    readings: &[Vec<(usize, u32)>],
    mut at: usize,
    rest: &[usize],
) -> Option<(usize, u32)> {
    let mut cost = 0;
    for wanted in rest {
        let mut joints = 0;
        loop {
            if let Some((_, more)) = readings.get(at)?.iter().find(|(word, _)| word == wanted) {
                cost += more;
                at += 1;
                break;
            }
            let word = words.get(at)?.as_ref();
            joints = match joints {
                0 if OWNERS.contains(&word) => MOST_JOINTS,
                0..MOST_JOINTS if JOINTS.contains(&word) => joints + 1,
                _ => return None,
            };
            at += 1;
        }
    }
    Some((at, cost))
}

/// A folded word as it sounds, roughly: one letter for every ι, ο and ε, doubled consonants once.
#[must_use]
pub fn sound(word: &str) -> String {
    let mut heard = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    let mut last = None;
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let (sounds, both) = match (letter, next) {
            ('ε' | 'ο' | 'υ', Some('ι')) => ('ι', true),
            ('α', Some('ι')) => ('ε', true),
            ('ο', Some('υ')) => ('u', true),
            ('γ', Some('γ' | 'κ')) => ('g', true),
            ('μ', Some('π')) => ('b', true),
            ('ν', Some('τ')) => ('d', true),
            ('η' | 'υ', _) => ('ι', false),
            ('ω', _) => ('ο', false),
            (other, _) => (other, false),
        };
        if both {
            letters.next();
        }
        let is_vowel = matches!(sounds, 'α' | 'ε' | 'ι' | 'ο' | 'u');
        if is_vowel || sounds.is_ascii_digit() || last != Some(sounds) {
            heard.push(sounds);
        }
        last = Some(sounds);
    }
    heard
}

/// The sound without its ending; at least three letters stay.
pub(super) fn stem(sound: &str) -> &str {
    let borders: Vec<usize> = sound.char_indices().map(|(at, _)| at).chain([sound.len()]).collect();
    let mut end = borders.len() - 1;
    let ends_with = |end: usize, letters: &[char]| end > 3 && sound[..borders[end]].ends_with(letters);
    if ends_with(end, &['σ', 'ν']) {
        end -= 1;
    }
    while ends_with(end, &['α', 'ε', 'ι', 'ο', 'u']) {
        end -= 1;
    }
    let stem = &sound[..borders[end]];
    // «αίτημα», «αιτήματος» have one stem.
    if end > 4 && stem.ends_with("ματ") { &sound[..borders[end - 2]] } else { stem }
}

/// Endings of one noun or adjective, as they sound; a word and a name that differ only so are the same.
const PARADIGMS: &[&[&str]] = &[
    &["οσ", "u", "ο", "ε", "ι", "ον", "uσ"],
    &["οσ", "uσ", "ι", "ον"],
    &["ασ", "α", "εσ", "ον", "αν"],
    &["ισ", "ι", "εσ", "ον", "εον", "εοσ", "ιν"],
    // «Λαρίσης», «Χαλκίδος», «Μαραθώνος», «Ελευσίνος»: as old papers and old people say it.
    &["ισα", "ισισ"],
    &["ιδα", "ιδοσ"],
    &["αδα", "αδοσ"],
    &["ονα", "ονασ", "ονοσ"],
    &["ινα", "ινοσ"],
    &["ο", "u", "α", "ον"],
    &["ι", "ιu", "ια", "ιον"],
    &["μα", "ματοσ", "ματα", "ματον"],
    &["uσ", "u"],
    &["εασ", "εα", "ισ", "εον"],
    &["ικοσ", "ικι", "ικο", "ικu", "ικισ", "ικα", "ικον", "ικuσ", "ικεσ"],
];

/// Whether two sounds are forms of one noun.
fn same_noun(name: &str, word: &str) -> bool {
    PARADIGMS.iter().any(|endings| {
        endings.iter().any(|ending| {
            name.strip_suffix(ending).is_some_and(|base| {
                base.chars().count() >= 2
                    && word.strip_prefix(base).is_some_and(|rest| !rest.is_empty() && endings.contains(&rest))
            })
        })
    })
}

/// Whether one of two forms of a noun ends as the plural of the other in -ος does.
fn is_another_number(name: &str, word: &str) -> bool {
    let masculine = |sound: &str| sound.ends_with("οσ") || sound.ends_with('ο') || sound.ends_with('u');
    (name.ends_with('ι') && masculine(word) && !word.ends_with("ιu")) || (word.ends_with('ι') && masculine(name))
}

fn is_forgiving(stem: &str) -> bool {
    (SHORTEST_FORGIVEN..=LONGEST_FORGIVEN).contains(&stem.chars().count())
        && !stem.contains(|c: char| c.is_ascii_digit())
}

/// The stem itself and the stem with each letter left out.
fn slips(stem: &str) -> Vec<String> {
    let letters: Vec<char> = stem.chars().collect();
    let without = |left_out: usize| -> String {
        letters.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, letter)| letter).collect()
    };
    (0..letters.len()).map(without).chain([stem.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&'static str], text: &str) -> Vec<(String, u32)> {
        let mut gazetteer = Gazetteer::new(Tolerance::Slip);
        for name in names {
            gazetteer.add(name, *name);
        }
        let utterance = Utterance::new(text);
        let matches = gazetteer.find(&utterance, &|_| false);
        matches.into_iter().map(|m| (format!("{}={}", utterance.written(m.from, m.to), m.value), m.cost)).collect()
    }

    #[test]
    fn names_are_found_in_every_case_with_articles_between() {
        let names = &["ΚΕΠ Κυψέλης", "Περιστέρι", "Καλαμαριά", "Πάτρα", "αίτημα", "κλειδάριθμος"];
        for (text, expected) in [
            ("στο κεπ τησ κυψελησ", "κεπ τησ κυψελησ=ΚΕΠ Κυψέλης"),
            ("ΚΕΠ στην Κυψέλη", "ΚΕΠ στην Κυψέλη=ΚΕΠ Κυψέλης"),
            ("στου Περιστερίου", "Περιστερίου=Περιστέρι"),
            ("Καλαμαριάς", "Καλαμαριάς=Καλαμαριά"),
            ("των αιτημάτων", "αιτημάτων=αίτημα"),
            ("για κλιδάριθμο", "κλιδάριθμο=κλειδάριθμος"),
            ("για κλειδαρυθμο", "κλειδαρυθμο=κλειδάριθμος"),
            ("για κλειδάρθμο", "κλειδάρθμο=κλειδάριθμος"),
        ] {
            let found: Vec<String> = found(names, text).into_iter().map(|(name, _)| name).collect();
            assert_eq!(found, [expected], "{text}");
        }
    }

    #[test]
    fn a_slip_is_never_settled_between_two_names() {
        assert_eq!(found(&["Λευκίμη", "Λευκίβη"], "στη Λευκίνη"), []);
        assert_eq!(found(&["Καλαμπάκι", "Καλαμπάκα"], "στην Καλαμμπάκα").len(), 2, "the ending tells");
        let costs = found(&["Καλαμπάκι", "Καλαμπάκα"], "στην Καλαμνπάκα");
        assert!(costs.iter().all(|(name, cost)| name.ends_with("Καλαμπάκα") == (*cost == SLIPPED)), "{costs:?}");
        assert_eq!(found(&["Τύρναβος"], "στον Τίρνναβο").len(), 1);
    }

    #[test]
    fn what_only_looks_like_a_name_is_not_one() {
        for (name, text) in [("Άργος", "πολύ αργά"), ("Βόλος", "λόγος"), ("Ίος", "ποιος"), ("Κως", "πώς")]
        {
            assert_eq!(found(&[name], text), [], "{text}");
        }
    }
}
