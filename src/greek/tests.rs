//! Nothing panics, whatever text comes: every public function of the language over any Unicode at all and over heaps of the
//! words that it knows. (`when` and `noise` have their own.)

use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;

use super::*;

/// The tables of cases, without the one of times (`data/when.tsv`).
const TABLES: [&str; 8] = [
    include_str!("data/fold_cases.tsv"),
    include_str!("data/token_cases.tsv"),
    include_str!("data/greeklish_cases.tsv"),
    include_str!("data/phonetic_cases.tsv"),
    include_str!("data/number_cases.tsv"),
    include_str!("data/spell_cases.tsv"),
    include_str!("data/name_cases.tsv"),
    include_str!("data/speak_cases.tsv"),
];

#[test]
fn the_tables_hold_many_rows_and_none_twice() {
    let rows: Vec<Vec<&str>> = TABLES.into_iter().flat_map(table).collect();
    let different: std::collections::HashSet<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    println!("{} rows", rows.len());
    assert!(rows.len() >= 1200, "{} rows", rows.len());
    assert_eq!(different.len(), rows.len(), "a row stands twice");
}

/// Words and signs that the readers look for.
const PIECES: &str = "δύο χιλιάδες διπλό τρία μηδενικά μηδέν συν τριάντα κόμμα μισή και πρώτη εκατοστή καμιά μια δεκαριά \
    γύρω στα παπάκι τελεία κάτω παύλα gmail a@b μαρία@x.gr άλφα όπως δυο νι tis ti th 8elw proιontwn \
    κυρία της Μαρία-Ελένη - -- Παπαδόπουλου ιου ου ς Σ ν. Αγ. Ν. 24 ωρο ήμερο 4808/2021 10 € /μήνα ½ Α΄ \
    ' 1 η +30 26/11 10:15 KTA-48273 İ ß ŉ ΐ 🙂 ٣ ² . ,";

/// Any string, any printable text, or pieces that the readers look for, joined in any way.
fn any_text() -> impl Strategy<Value = String> {
    let marks = ["\u{301}", "\u{200d}", "\n", "\t", " "];
    let pieces: Vec<&str> = PIECES.split_whitespace().chain(marks).collect();
    let heap = prop::collection::vec((prop::sample::select(pieces), any::<bool>()), 0..16).prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(piece, spaced)| format!("{piece}{}", if spaced { " " } else { "" }))
            .collect::<String>()
    });
    prop_oneof![any::<String>(), "\\PC{0,60}", "[α-ωά-ώΑ-Ωa-z0-9 .,:/+@€%'-]{0,60}", heap]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn folding_and_sound_take_any_text(text in any_text()) {
        let folded = fold::fold(&text);
        prop_assert_eq!(fold::fold(&folded), folded.clone());
        let _ = (fold::is_ordinal_ending(&text), text.chars().map(fold::is_greek_letter).count());
        let _ = phonetic::key(&text);
        let length = text.chars().count();
        for token in fold::tokens(&text).into_iter().chain(greeklish::tokens(&text)) {
            prop_assert!(token.start < token.end && token.end <= length && !token.text.is_empty(), "{:?}", token);
        }
    }

    #[test]
    fn greeklish_takes_any_text(text in any_text()) {
        let _ = greeklish::is_greeklish(&text);
        let greek = greeklish::to_greek(&text);
        prop_assert!(text.is_empty() || greek.len() <= text.len() * 6 + 8);
    }

    #[test]
    fn numbers_and_spelling_take_any_text(text in any_text(), length in 0_usize..20) {
        let tokens = fold::tokens(&text);
        for from in 0..=tokens.len() + 1 {
            let ends = [
                number::cardinal(&tokens, from).map(|parsed| parsed.end_token),
                number::amount(&tokens, from).map(|parsed| parsed.end_token),
                number::ordinal(&tokens, from).map(|parsed| parsed.end_token),
                number::digits(&tokens, from).map(|parsed| parsed.end_token),
                number::digits_of_length(&tokens, from, length).map(|parsed| parsed.end_token),
                spell::letters(&tokens, from).map(|parsed| parsed.end_token),
                spell::code(&tokens, from).map(|parsed| parsed.end_token),
            ];
            for end in ends.into_iter().flatten() {
                prop_assert!(end > from && end <= tokens.len());
            }
        }
        if let Some(address) = spell::email(&tokens) {
            prop_assert!(address.value.is_ascii() && address.value.contains('@'), "{}", address.value);
        }
        let _ = (spell::letter(&text), spell::latin(&text));
    }

    #[test]
    fn names_take_any_text(text in any_text()) {
        let _ = (name::gender(&text), name::first_name_gender(&text));
        for changed in [
            name::nominative(&text),
            name::genitive(&text),
            name::accusative(&text),
            name::vocative(&text),
            name::restore(&text),
        ] {
            prop_assert!(changed.len() <= text.len() * 3 + 16, "{}", changed);
        }
    }

    #[test]
    fn speech_takes_any_text_and_leaves_no_figure(text in any_text(), letter in any::<char>(), cents in any::<i64>()) {
        let said = speak::text(&text);
        prop_assert!(!said.contains(|c: char| c.is_ascii_digit() || "½²٣".contains(c)), "{}", said);
        let (code, digits, money) = (speak::code(&text), speak::digits(&text), speak::money(cents));
        for said in [code, digits, money] {
            prop_assert!(!said.contains(|c: char| c.is_ascii_digit()), "{}", said);
        }
        let _ = speak::letter_name(letter);
    }

    #[test]
    fn numbers_of_any_size_are_said(value in any::<i64>(), ordinal in any::<u64>(), ending in any_text()) {
        for gender in [Gender::Masculine, Gender::Feminine, Gender::Neuter] {
            prop_assert!(!speak::number(value, gender).is_empty());
        }
        let _ = (speak::ordinal(ordinal, &ending), speak::ordinal(ordinal % 101, &ending));
    }

    #[test]
    fn any_day_and_time_is_shown_and_said(days in any::<i32>(), seconds in 0_u32..86_400) {
        let day = NaiveDate::from_num_days_from_ce_opt(days % 90_000_000).unwrap_or_default();
        let at = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).expect("within a day");
        for shown in [
            display::day_short(day),
            display::day_long(day),
            display::day_long_accusative(day),
            display::slot_title(day.and_time(at)),
            display::time(at),
            display::at_time(at),
            speak::date(day),
            speak::day_and_month(day),
            speak::time(at),
            speak::at_time(at),
            speak::clock(at),
        ] {
            prop_assert!(!shown.is_empty());
        }
        let _ = (feast::holiday_on(day), speak::part_of_day(at));
    }

    #[test]
    fn feasts_take_any_year_and_any_words(year in any::<i32>(), text in any_text()) {
        let _ = (feast::public_holidays(year), feast::orthodox_easter(year));
        let words: Vec<&str> = text.split_whitespace().collect();
        if let Some((named, used)) = feast::named_day(&words) {
            prop_assert!(used > 0 && used <= words.len());
            let _ = (named.in_year(year), named.length());
        }
    }
}
