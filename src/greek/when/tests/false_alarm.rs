//! No ordinary word turns into a time for being near one.

use super::*;
use crate::greek::fold::tokens;

/// Examples of talk in which some misspelt word is mended and so a time read otherwise, of a thousand.
const MOST: usize = 1;

/// Every example of `intents/`, read with the mending of words and without it.
#[test]
fn mending_words_changes_no_ordinary_sentence() {
    let now = moment("2026-11-23T09:00");
    let (mut count, mut changed) = (0, Vec::new());
    for text in examples() {
        let words = tokens(&text);
        let plain = read(&text, &words, now, Options::default());
        let mended = read(&text, &mend::tokens(&words), now, Options::default());
        count += 1;
        if plain != mended {
            changed.push(format!("{text}: {plain:?} → {mended:?}"));
        }
    }
    report(&format!("{} of {count} examples read otherwise:\n{}", changed.len(), changed.join("\n")));
    assert!(count > 1000, "only {count} examples");
    assert!(changed.len() * 1000 <= MOST * count, "{}", changed.join("\n"));
}

/// The lines below `examples: |` of every intent.
fn examples() -> impl Iterator<Item = String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("intents");
    let files = std::fs::read_dir(folder).expect("the intents").map(|file| file.expect("a file").path());
    let texts = files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).expect("text"));
    texts.flat_map(|text| {
        let lines = text.lines().skip_while(|line| !line.starts_with("examples:")).skip(1);
        lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    })
}

#[test]
fn words_near_a_time_stay_what_they_are() {
    let sentences = [
        "ο κύριος Μάκης και η Μάρη",
        "ταξίδι στην Κρήτη",
        "δουλεύω βάρδια",
        "περί ανέμων",
        "με απειλεί, είναι απειλή",
        "στα σημεία που είπα",
        "ο Μάριος",
        "η παρέα μου",
        "θέλω προσοχή",
        "πήρε φωτιά το σπίτι",
        "ο Κυριάκος με τον Σάββα",
        "τα χωριά της Λάρισας",
        "το Ιόνιο πέλαγος",
        "η κυπριακή πρεσβεία",
        "τρίχες κατσαρές",
        "στην Πέτρα",
    ];
    for text in sentences {
        assert_eq!(find(text, moment("2026-11-23T09:00")), [], "{text}");
    }
}

/// A word of the grammar that the list leaves out would be mended to another one.
#[test]
fn every_word_of_the_grammar_is_in_the_list() {
    let sources = [
        include_str!("../clock.rs"),
        include_str!("../day.rs"),
        include_str!("../duration.rs"),
        include_str!("../interval.rs"),
        include_str!("../month.rs"),
        include_str!("../negation.rs"),
        include_str!("../parser.rs"),
        include_str!("../part_of_day.rs"),
        include_str!("../relative.rs"),
        include_str!("../word.rs"),
    ];
    let listed: Vec<&str> = include_str!("../../data/time_words.txt").split_whitespace().collect();
    let words = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let greek = |word: &&str| word.chars().count() > 1 && word.chars().all(|c| matches!(c, 'α'..='ω'));
    let missing: Vec<&str> = words.filter(greek).filter(|word| !listed.contains(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
