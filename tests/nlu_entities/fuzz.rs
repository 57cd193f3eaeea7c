//! Anything at all is answered: without a panic, and with entities that stand where they say.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ariadni::greek::noise::{Hand, Noise};
use ariadni::nlu::examples;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::support::{UNDERSTANDER, context};

/// How many inputs are drawn unless `ARIADNI_FUZZ_INPUTS` asks for another number.
const USUAL: u64 = 3_000;
const SLOTS: [Option<&str>; 13] = [
    None,
    Some("phone"),
    Some("afm"),
    Some("amka"),
    Some("reference"),
    Some("otp"),
    Some("when"),
    Some("office"),
    Some("beneficiary_name"),
    Some("confirm"),
    Some("slot"),
    Some("rating"),
    Some("email"),
];
const NOISES: [Noise; 6] =
    [Noise::Accents, Noise::Greeklish, Noise::Itacism, Noise::Keyboard, Noise::Hearing, Noise::Typos];

static EXAMPLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = examples::bundled().expect("well-formed");
    let table = include_str!("../nlu/entities.tsv").lines().filter_map(|line| line.split('\t').next());
    all.into_iter().map(|example| example.text).chain(table.map(str::to_owned)).collect()
});

/// Panics unless every entity stands where it says, none overlaps another, and the confidence is a probability.
fn assert_sound(text: &str, awaiting: Option<&str>) {
    let understanding = UNDERSTANDER.parse(text, &context(awaiting));
    let chars: Vec<char> = text.chars().collect();
    let mut end = 0;
    for entity in &understanding.entities {
        assert!(entity.start >= end && entity.start < entity.end && entity.end <= chars.len(), "{text:?} {entity:?}");
        assert_eq!(entity.text, chars[entity.start..entity.end].iter().collect::<String>(), "{text:?}");
        end = entity.end;
    }
    let confidence = understanding.intent.confidence;
    assert!(confidence.is_finite() && (0.0..=1.0).contains(&confidence), "{text:?} {confidence}");
    assert_eq!(understanding.intent, understanding.ranking[0], "{text:?}");
}

/// A letter, sign or mark of any kind; the Greek ones most often.
fn any_char(rng: &mut StdRng) -> char {
    const LIKELY: &[char] = &[
        'α',
        'ς',
        'Σ',
        'ΐ',
        'Ώ',
        '\u{301}',
        '\u{308}',
        'ὦ',
        '\u{37e}',
        '·',
        '\'',
        '’',
        '-',
        '–',
        '.',
        ',',
        ':',
        '/',
        '+',
        '@',
        '0',
        '9',
        '½',
        '٣',
        'A',
        'q',
        'ß',
        'İ',
        'ﬁ',
        '\u{200b}',
        '\u{202e}',
        '\u{feff}',
        '\n',
        '\t',
        '😀',
        '\u{1f3fd}',
        '語',
    ];
    match rng.random_range(0..4) {
        0 => char::from_u32(rng.random_range(0..0x11_0000)).unwrap_or('\u{fffd}'),
        1 => char::from_u32(rng.random_range(0x370..0x400)).unwrap_or('α'),
        _ => LIKELY.choose(rng).copied().unwrap_or('α'),
    }
}

/// Some words of an example.
fn piece(rng: &mut StdRng) -> String {
    let words: Vec<&str> = EXAMPLES.choose(rng).map_or(Vec::new(), |text| text.split(' ').collect());
    let from = rng.random_range(0..=words.len().saturating_sub(1));
    let to = rng.random_range(from..=words.len());
    words.get(from..to).unwrap_or_default().join(" ")
}

/// An input: an example as it is misspelt, pieces of examples, an example with strange signs in it, or nothing but signs.
fn drawn(rng: &mut StdRng) -> String {
    let example = |rng: &mut StdRng| EXAMPLES.choose(rng).cloned().unwrap_or_default();
    match rng.random_range(0..100) {
        0..45 => {
            let (hand, text) = (Hand::draw(rng), example(rng));
            let noise = NOISES.choose(rng).copied().unwrap_or_default();
            noise.apply(rng, hand, &text, "")
        }
        45..70 => (0..rng.random_range(1..6)).map(|_| piece(rng)).collect::<Vec<_>>().join(" "),
        70..92 => {
            let mut text: Vec<char> = example(rng).chars().collect();
            for _ in 0..rng.random_range(1..8) {
                let at = rng.random_range(0..=text.len());
                if rng.random_bool(0.3) && at < text.len() {
                    text.remove(at);
                } else {
                    text.insert(at, any_char(rng));
                }
            }
            text.into_iter().collect()
        }
        92..99 => (0..rng.random_range(0..80)).map(|_| any_char(rng)).collect(),
        // Longer than anything that is read.
        _ => piece(rng).repeat(rng.random_range(1..400)),
    }
}

/// Draws `inputs` inputs from `seed` on, each in its own way, and asserts that all are answered soundly.
#[expect(clippy::print_stdout, reason = "a test tells its figures on stdout")]
fn run(inputs: u64, seed: u64) {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(2);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= inputs {
                        break;
                    }
                    let mut rng = StdRng::seed_from_u64(seed + at);
                    let text = drawn(&mut rng);
                    assert_sound(&text, SLOTS.choose(&mut rng).copied().flatten());
                    if at > 0 && at.is_multiple_of(50_000) {
                        println!("{at} inputs");
                    }
                }
            });
        }
    });
    println!("{inputs} inputs answered");
}

/// From another seed where another number is asked for, so that a longer run draws others.
#[test]
#[expect(clippy::disallowed_methods, reason = "a long run is asked for by hand")]
fn drawn_inputs_are_answered_soundly() {
    match std::env::var("ARIADNI_FUZZ_INPUTS") {
        Ok(asked) => run(asked.parse().expect("a number of inputs"), 0x0f00_0000_0000),
        Err(_) => run(USUAL, 0),
    }
}

#[test]
fn any_text_at_all_is_answered_soundly() {
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 1_000, ..ProptestConfig::default() });
    let words = prop::sample::select(vec![
        "ναι",
        "6944",
        "123456",
        "αύριο",
        "στις",
        "δέκα",
        "ΚΕΠ",
        "της",
        "Κυψέλης",
        "παπάκι",
        "τελεία",
        "gmail",
        "com",
        "κάπα",
        "ταυ",
        "άλφα",
        "με",
        "λένε",
        "Μαρία",
        "το",
        "δεύτερο",
        "-",
        "+30",
        "τη",
        "μάνα",
        "μου",
        "ή",
        ";",
        "@",
        "Α.Μ.Κ.Α.",
        "\u{301}",
        "😀",
    ]);
    let sentence = prop::collection::vec(words, 0..12).prop_map(|words| words.join(" "));
    let slot = prop::sample::select(SLOTS.to_vec());
    runner
        .run(&(prop_oneof![sentence, "\\PC{0,80}|[α-ωά-ώ0-9 .,@+-]{0,120}|(.|\n){0,40}"], slot), |(text, slot)| {
            assert_sound(&text, slot);
            Ok(())
        })
        .expect("sound for every text");
}

/// A hundred kilobytes: only the beginning is read, whatever they are made of.
#[test]
fn very_long_texts_are_answered_from_their_beginning() {
    use ariadni::nlu::utterance::{LONGEST, Utterance};
    for piece in
        ["α", "ΚΕΠ Κυψέλης ", "1", "α\u{301}", "παπάκι ", "Άγιος ", "στη ", "x", "😀", "μανα", "έχασα ταυτότητα "]
    {
        let text = piece.repeat(100_000 / piece.len() + 1);
        assert!(text.len() >= 100_000);
        assert_eq!(Utterance::new(&text).text.chars().count(), LONGEST, "{piece}");
        assert_sound(&text, None);
        assert_sound(&text, Some("phone"));
    }
}
