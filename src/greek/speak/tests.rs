//! The table of what is said, and everything that can be counted: every minute, every day, every sum.

use proptest::prelude::*;

use super::*;
use crate::greek::{display, fold, number as read};

fn said(kind: &str, from: &str) -> String {
    let clock_time = || NaiveTime::parse_from_str(from, "%H:%M").expect("a time");
    match kind {
        "date" => date(from.parse().expect("a date")),
        "time" => time(clock_time()),
        "at" => at_time(clock_time()),
        "digits" => digits(from),
        "code" => code(from),
        "money" => money(from.parse().expect("cents")),
        "masculine" => number(from.parse().expect("a number"), Gender::Masculine),
        "feminine" => number(from.parse().expect("a number"), Gender::Feminine),
        "neuter" => number(from.parse().expect("a number"), Gender::Neuter),
        "text" => text(from),
        other => panic!("unknown kind {other}"),
    }
}

#[test]
fn speech_follows_the_table() {
    let wrong: Vec<String> = crate::greek::table(include_str!("../data/speak_cases.tsv"))
        .map(|row| (row[0], row[1], row[2], said(row[0], row[1])))
        .filter(|(_, _, expected, said)| expected != said)
        .map(|(kind, from, expected, said)| format!("{kind} {from}: «{said}», not «{expected}»"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Words only: whatever was written for the eye is said.
fn is_sayable(said: &str) -> bool {
    !said.is_empty() && said.chars().all(|c| fold::is_greek_letter(c) || matches!(c, ' ' | ',' | '.'))
}

fn minutes() -> impl Iterator<Item = NaiveTime> {
    (0..24 * 60).filter_map(|minute| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0))
}

#[test]
fn every_minute_of_a_day_is_said_in_its_own_words() {
    let mut seen = std::collections::HashSet::new();
    for at in minutes() {
        let said = at_time(at);
        assert!(is_sayable(&said), "{at}: {said}");
        assert!(seen.insert(said.clone()), "{at}: {said} is another minute too");
        assert_eq!(text(&format!("στις {}:{:02}", at.hour(), at.minute())), said, "{at}");
    }
    assert_eq!(seen.len(), 24 * 60);
}

#[test]
fn every_day_of_a_leap_year_is_said_and_read_back() {
    let first = NaiveDate::from_ymd_opt(2028, 1, 1).expect("a date");
    let days: Vec<NaiveDate> = first.iter_days().take(366).collect();
    for day in &days {
        let said = date(*day);
        assert!(is_sayable(&said), "{day}: {said}");
        assert_eq!(text(&display::day_long(*day)), said, "{day}");
        assert_eq!(text(&display::day_short(*day)), said, "{day}");
        let before = day.pred_opt().and_then(|day| day.and_hms_opt(9, 0, 0)).expect("a moment");
        let found = crate::greek::when::find(&said, before);
        assert_eq!(found.len(), 1, "{day}: {said}: {found:?}");
        assert_eq!(found[0].value.from.map(|from| from.date()), Some(*day), "{said}");
    }
    assert_eq!(days.last().map(ToString::to_string).as_deref(), Some("2028-12-31"));
}

/// «… ευρώ και … λεπτά» in cents.
fn cents_heard(said: &str) -> Option<i64> {
    let tokens = fold::tokens(said);
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let first = read::cardinal(&tokens, 0)?;
    if word(first.end_token).starts_with("λεπτ") {
        return Some(first.value);
    }
    assert_eq!(word(first.end_token), "ευρω", "{said}");
    if first.end_token + 1 == tokens.len() {
        return Some(first.value * 100);
    }
    let second = read::cardinal(&tokens, first.end_token + 2)?;
    assert!(word(second.end_token).starts_with("λεπτ") && second.end_token + 1 == tokens.len(), "{said}");
    Some(first.value * 100 + second.value)
}

#[test]
fn every_sum_up_to_ten_thousand_euros_is_said_and_heard() {
    let all_cents = (0..=3000).chain((0..=10_000).flat_map(|euros| [0, 1, 5, 20, 99].map(|cents| euros * 100 + cents)));
    for cents in all_cents {
        let said = money(cents);
        assert!(is_sayable(&said), "{cents}: {said}");
        assert_eq!(cents_heard(&said), Some(cents), "{said}");
        // As prices are written.
        if cents % 7 == 0 {
            let (euros, rest) = (cents / 100, cents % 100);
            let written =
                if euros < 1000 { euros.to_string() } else { format!("{}.{:03}", euros / 1000, euros % 1000) };
            assert_eq!(text(&format!("{written},{rest:02} €")), said);
            assert_eq!(text(&format!("{euros},{rest:02} ευρώ")), said);
        }
    }
}

#[test]
fn every_number_up_to_ten_thousand_is_said_and_heard_in_each_gender() {
    for value in 0..=10_000 {
        for gender in [Gender::Masculine, Gender::Feminine, Gender::Neuter] {
            let said = number(value, gender);
            let tokens = fold::tokens(&said);
            let heard = read::cardinal(&tokens, 0).map(|parsed| (parsed.value, parsed.end_token));
            assert_eq!(heard, Some((value, tokens.len())), "{said}");
        }
    }
}

#[test]
fn every_ordinal_is_said_and_heard_in_each_ending() {
    for value in 1..=99 {
        for ending in ["η", "ης", "ην", "ο", "ος", "ον", "ου", "οι", "ους", "ες", "α", "ων"] {
            let said = ordinal(value, ending).expect("below a hundred");
            let tokens = fold::tokens(&said);
            let heard = read::ordinal(&tokens, 0).map(|parsed| (parsed.value, parsed.end_token));
            assert_eq!(heard, Some((value as i64, tokens.len())), "{said}");
        }
    }
    assert_eq!(ordinal(0, "η").or(ordinal(100, "η")).or(ordinal(3, "ήμερο")), None);
}

proptest! {
    #[test]
    fn a_number_said_is_read_back(value in prop_oneof![0..2000_i64, 0..10_000_000_i64], which in 0..3) {
        let gender = [Gender::Masculine, Gender::Feminine, Gender::Neuter][which as usize];
        let tokens = fold::tokens(&number(value, gender));
        let parsed = read::cardinal(&tokens, 0).expect("a number");
        prop_assert_eq!((parsed.value, parsed.end_token), (value, tokens.len()));
    }

    #[test]
    fn an_ordinal_said_is_read_back(value in 1..99_u64) {
        let tokens = fold::tokens(&ordinal(value, "η").expect("below a hundred"));
        let parsed = read::ordinal(&tokens, 0).expect("an ordinal");
        prop_assert_eq!((parsed.value, parsed.end_token), (value as i64, tokens.len()));
    }

    #[test]
    fn a_telephone_said_is_read_back(plain in "[26][0-9]{9}") {
        let tokens = fold::tokens(&digits(&plain));
        let parsed = read::digits_of_length(&tokens, 0, 10).expect("ten digits");
        prop_assert_eq!(parsed.value, plain);
    }

    #[test]
    fn any_text_is_said_without_figures(text_shown in "([0-9]{1,5}|[-/:.,+€% ]|[α-ωΑ-Ω]{1,5}|[a-z.@]{1,6}|η){0,20}|\\PC{0,60}") {
        let said = text(&text_shown);
        prop_assert!(!said.contains(|c: char| c.is_ascii_digit()), "{}", said);
    }

    #[test]
    fn money_and_codes_never_panic(cents in any::<i64>(), code_shown in "\\PC{0,20}") {
        prop_assert!(money(cents).contains("ευρώ") || cents.abs() < 100);
        let _ = (code(&code_shown), digits(&code_shown));
    }

    #[test]
    fn numbers_of_identity_are_said_and_read_back(afm in "[0-9]{9}", amka in "[0-9]{11}") {
        for plain in [afm, amka] {
            let said = digits(&plain);
            prop_assert!(is_sayable(&said), "{}", said);
            let tokens = fold::tokens(&said);
            let read = read::digits_of_length(&tokens, 0, plain.len()).map(|parsed| parsed.value);
            prop_assert_eq!(read.as_deref(), Some(plain.as_str()), "{}", said);
        }
    }

    #[test]
    fn a_telephone_is_said_alike_however_it_is_written(plain in "[26][0-9]{9}") {
        let said = digits(&plain);
        for cuts in [[3, 6], [4, 7], [2, 5]] {
            for mark in [" ", "-"] {
                let written = format!("{}{mark}{}{mark}{}", &plain[..cuts[0]], &plain[cuts[0]..cuts[1]], &plain[cuts[1]..]);
                prop_assert_eq!(text(&written), said.clone(), "{}", written);
            }
        }
        prop_assert_eq!(text(&format!("Καλέστε στο {plain}.")), format!("Καλέστε στο {said}."));
    }

    #[test]
    fn a_reference_in_a_sentence_is_said_letter_by_letter(reference in "[ABEHKMNPTXYZ]{3}-[0-9]{5}") {
        let said = text(&format!("Ο κωδικός σας είναι {reference}."));
        prop_assert!(is_sayable(&said), "{}", said);
        prop_assert!(said.contains(&code(&reference)), "{}", said);
    }
}
