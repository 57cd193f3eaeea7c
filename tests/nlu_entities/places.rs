//! The places of the country: each is found by its names in every case, and ordinary words are none.

use std::path::PathBuf;

use ariadni::booking::place::{Municipalities, Municipality};
use ariadni::nlu::{EntityValue, examples};

use crate::support::entities;

/// The municipalities of the places in a sentence.
fn places(text: &str) -> Vec<String> {
    let place = |value: EntityValue| match value {
        EntityValue::Place { municipality } => Some(municipality),
        EntityValue::Office { name, .. } => Some(name),
        _ => None,
    };
    entities(text).into_iter().filter_map(|entity| place(entity.value)).collect()
}

/// A name in the accusative, from the nominative: «Άγιος Νικόλαος» → «Άγιο Νικόλαο».
fn accusative(name: &str) -> String {
    let word = |word: &str| {
        let cut = |ending: &str, new: &str| word.strip_suffix(ending).map(|base| format!("{base}{new}"));
        let plural = || cut("οι", "ους").or_else(|| cut("οί", "ούς"));
        let masculine = || {
            ["ος", "ός", "ας", "άς", "ης", "ής"]
                .iter()
                .find_map(|ending| word.ends_with(ending).then(|| word.trim_end_matches('ς').to_owned()))
        };
        plural().or_else(masculine).unwrap_or_else(|| word.to_owned())
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// «στον Βόλο», «στη Λαμία», «στα Χανιά».
fn at(name: &str) -> String {
    let last = name.split(' ').next_back().unwrap_or_default();
    let preposition = match ariadni::greek::fold::fold(last).as_str() {
        last if last.ends_with("οι") => "στους",
        last if last.ends_with("εσ") => "στις",
        last if last.ends_with('σ') => "στον",
        last if last.ends_with('α') || last.ends_with('η') => "στη",
        _ => "στο",
    };
    format!("{preposition} {}", accusative(name))
}

/// The share of sentences in which the municipality is heard; prints the others.
#[expect(clippy::print_stdout, reason = "a test tells its figures on stdout")]
fn recall<'a>(what: &str, sentences: impl Iterator<Item = (String, &'a str)>) -> f64 {
    let (mut all, mut found) = (0_u32, 0_u32);
    for (sentence, municipality) in sentences {
        all += 1;
        let heard = places(&sentence);
        if heard.iter().any(|one| one == municipality) {
            found += 1;
        } else {
            println!("{what}: {sentence}, not {municipality} but {heard:?}");
        }
    }
    let share = f64::from(found) / f64::from(all.max(1));
    println!("{what}: {found} of {all}, {share:.4}");
    share
}

fn all() -> impl Iterator<Item = &'static Municipality> {
    Municipalities::bundled().iter()
}

#[test]
fn every_municipality_is_heard_by_every_name_in_every_case() {
    let names = || all().flat_map(|m| m.names().filter(|name| *name != m.of).map(|name| (name, m.name.as_str())));
    let nominative = recall("municipalities, bare", names().map(|(name, m)| (format!("μένω {name}"), m)));
    let accusative = recall("municipalities, accusative", names().map(|(name, m)| (format!("μένω {}", at(name)), m)));
    let genitive = recall(
        "municipalities, genitive",
        all().map(|m| (format!("είμαι δημότης {}, τι χρειάζομαι;", m.of), m.name.as_str())),
    );
    assert!(nominative >= 0.99 && accusative >= 0.99 && genitive >= 0.99, "{nominative} {accusative} {genitive}");
}

#[test]
fn every_settlement_is_heard_and_a_namesake_with_its_larger_place() {
    let settlements = || all().flat_map(|m| m.settlements.iter().map(move |s| (s, m.name.as_str())));
    let bare = recall("settlements, bare", settlements().map(|(s, m)| (format!("μένω {s}"), m)));
    let accusative = recall("settlements, accusative", settlements().map(|(s, m)| (format!("μένω {}", at(s)), m)));
    let namesakes =
        all().flat_map(|m| m.namesakes.iter().map(move |s| (format!("μένω {s} {}", m.of), m.name.as_str())));
    let namesakes = recall("namesakes with the municipality", namesakes);
    assert!(bare >= 0.98 && accusative >= 0.97 && namesakes >= 0.98, "{bare} {accusative} {namesakes}");
}

#[test]
fn ordinary_words_are_no_places() {
    // Whoever writes without capital letters mostly does not name a place; those who do were looked at one by one.
    let plain = |text: &str| {
        let mut words = text.split_whitespace();
        words.next();
        !words.any(|word| word.starts_with(char::is_uppercase)) && text.chars().any(|c| ('α'..='ω').contains(&c))
    };
    let all = examples::bundled().expect("well-formed");
    let plain: Vec<&str> = all.iter().map(|example| example.text.as_str()).filter(|text| plain(text)).collect();
    let mut alarms = 0;
    for text in &plain {
        let found = entities(text);
        for entity in found.iter().filter(|entity| matches!(entity.value, EntityValue::Place { .. })) {
            alarms += 1;
            println!("{text}: {} {:?}", entity.text, entity.value);
        }
    }
    println!("{alarms} places in {} examples without a capital letter", plain.len());
    assert!(alarms * 500 <= plain.len(), "{alarms} of {}", plain.len());
}

#[expect(clippy::print_stdout, reason = "a test tells its figures on stdout")]
fn geography(file: &str) -> Option<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let text = ["../shared", "../../shared"]
        .iter()
        .find_map(|shared| std::fs::read_to_string(root.join(shared).join("data/geo").join(file)).ok());
    if text.is_none() {
        println!("skipped: no {file} beside the repository");
    }
    text
}

/// The lists of others: every municipality by its official name and by its seat.
#[test]
fn the_municipalities_of_an_official_list_are_heard() {
    let Some(table) = geography("municipalities_elutils.tsv") else { return };
    let rows: Vec<(String, String, &str)> = table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split('\t').skip(1);
            let (of, seat) = (cells.next()?.trim().to_owned(), cells.next()?.trim().to_owned());
            let known = Municipalities::bundled().find(&of);
            if known.is_none() {
                println!("not known by this name: {of}");
            }
            Some((of, seat, known?.name.as_str()))
        })
        .collect();
    assert!(rows.len() >= 320, "{} municipalities of the list are known", rows.len());
    let genitive = recall("official list, genitive", rows.iter().map(|r| (format!("είμαι κάτοικος {}", r.0), r.2)));
    let bare = recall("official list, seat", rows.iter().map(|r| (format!("μένω {}", r.1), r.2)));
    let accusative =
        recall("official list, seat, accusative", rows.iter().map(|r| (format!("είμαι {}", at(&r.1)), r.2)));
    // Some seats have namesakes elsewhere, which alone decide nothing or more often mean the other.
    assert!(genitive >= 0.98 && bare >= 0.94 && accusative >= 0.93, "{genitive} {bare} {accusative}");
}

/// How many of all settlements of the country are heard as some place; ours are those that people live in.
#[test]
fn many_settlements_of_a_list_of_all_are_heard() {
    let Some(table) = geography("greeklists_settlements.txt") else { return };
    let named = |line: &str| {
        let (name, article) = line.split_once(',')?;
        let whole = !article.contains('(') && name.chars().all(|c| c.is_alphabetic() || c == ' ');
        whole.then(|| (name.to_owned(), article.trim().to_owned()))
    };
    let all: Vec<(String, String)> = table.lines().filter_map(named).collect();
    let genitive = |name: &str, article: &str| -> Option<String> {
        let ends = |ending: &str, new: &str| name.strip_suffix(ending).map(|base| format!("{base}{new}"));
        if name.contains(' ') {
            return None;
        }
        match article {
            "η" => Some(format!("{name}ς")),
            "το" => {
                ends("ο", "ου").or_else(|| ends("ι", "ιού")).or_else(|| ends("όν", "ού")).or_else(|| ends("ον", "ου"))
            }
            "ο" => {
                ends("ος", "ου").or_else(|| ends("ός", "ού")).or_else(|| ends("ας", "α")).or_else(|| ends("ης", "η"))
            }
            _ => None,
        }
    };
    let share = |what: &str, sentences: Vec<String>| {
        let found = sentences.iter().filter(|sentence| !places(sentence).is_empty()).count();
        println!("{what}: {found} of {} heard as a place", sentences.len());
    };
    let some: Vec<_> = all.iter().step_by(4).collect();
    share("settlements, nominative", some.iter().map(|(name, _)| format!("μένω {name}")).collect());
    share("settlements, accusative", some.iter().map(|(name, _)| format!("μένω {}", at(name))).collect());
    let genitives = some.iter().filter_map(|(name, article)| genitive(name, article));
    share("settlements, genitive", genitives.map(|name| format!("είμαι κάτοικος {name}")).collect());
}
