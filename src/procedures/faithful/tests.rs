use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::procedures::{Aspect, explain, ingest};

/// The plain explanations and the rows of the table.
fn table() -> (HashMap<&'static str, String>, Vec<[&'static str; 3]>) {
    let (mut plain, mut rows) = (HashMap::new(), Vec::new());
    let broken = |text: &str| text.replace("\\n", "\n");
    // Answers may end in blanks, which count.
    for line in include_str!("../../../tests/procedures/faithful.tsv").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        match columns[..] {
            [name, text] => drop(plain.insert(name.strip_prefix('@').expect("a name"), broken(text))),
            [name, verdict, answer] => rows.push([name, verdict, answer]),
            _ => panic!("a row of {} columns: {line}", columns.len()),
        }
    }
    (plain, rows)
}

#[test]
fn answers_are_judged_as_the_table_says() {
    let (plain, rows) = table();
    let mut wrong = Vec::new();
    for [name, verdict, answer] in &rows {
        let answer = answer.replace("\\n", "\n");
        let found = Plain::of(&plain[name]).check(&answer);
        if found.as_ref().map_or_else(Unfaithful::name, |_| "ok") != *verdict {
            wrong.push(format!("{verdict}, not {found:?}, of {name}:\n{answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(rows.len() >= 40);
}

#[test]
fn the_age_and_the_addresses_are_never_the_writers() {
    let (plain, rows) = table();
    let plain = Plain::of(&plain["passport"]);
    assert!(!plain.body().contains("http") && !plain.body().contains("όπως ήταν"), "{}", plain.body());
    let answer = rows.iter().find(|row| row[..2] == ["passport", "ok"]).expect("an honest one")[2].replace("\\n", "\n");
    let taken = plain.check(&answer).expect("is faithful");
    let end = "Από το μητρώο, όπως ήταν στις 22 Νοεμβρίου 2026.\nΠερισσότερα: https://id.mitos.gov.gr/1";
    assert_eq!(taken.as_str(), format!("{answer}\n{end}"));
}

#[test]
fn of_every_carried_procedure_the_fixed_lines_are_told_apart() {
    for mut procedure in ingest::bundled() {
        procedure.read_at = Some("2026-11-22T10:00:00Z".parse().expect("an instant"));
        let told = explain(&procedure, &Aspect::ALL).display;
        let plain = Plain::of(&told);
        for sign in ["://", "όπως ήταν", "Περισσότερα"] {
            assert!(!plain.body().contains(sign), "{}: {}", procedure.id, plain.body());
        }
        assert_eq!(plain.body().lines().count() + plain.fixed.len(), told.lines().count());
    }
}

/// What an honest writer does at least: what stands above a list is said shorter.
fn said_shorter(text: &str) -> String {
    let lines = text.lines().map(|line| if line.ends_with("θα χρειαστείτε:") { "Φέρτε:" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn of_every_carried_procedure_a_little_may_go_and_no_line_may() {
    let mut taken = 0;
    for procedure in ingest::bundled() {
        let plain = Plain::of(&explain(&procedure, &Aspect::ALL).display);
        let lines: Vec<&str> = plain.body().lines().collect();
        for missing in 0..lines.len() {
            let header = lines[missing].ends_with(':');
            let rest: Vec<&str> = lines.iter().enumerate().filter(|(n, _)| *n != missing).map(|(_, l)| *l).collect();
            let found = plain.check(&rest.join("\n"));
            assert!(found.is_err() || header, "{} may lose {:?}", procedure.id, lines[missing]);
        }
        taken += usize::from(plain.check(&said_shorter(plain.body())).is_ok());
    }
    assert!(taken >= 50, "only {taken} could be shortened");
}

/// The words of every carried procedure, to lie with.
fn carried() -> Vec<(Plain, Vec<String>)> {
    let told = ingest::bundled().into_iter().map(|procedure| Plain::of(&explain(&procedure, &Aspect::ALL).display));
    told.map(|plain| {
        let words = plain.body().split_inclusive([' ', '\n']).map(str::to_owned).collect();
        (plain, words)
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_number_or_a_paper_of_another_procedure_is_never_taken(
        one in 0_usize..1000, other in 0_usize..1000, at in 0_usize..1000, cut in 0_usize..1000,
    ) {
        let all = carried();
        let (plain, words) = &all[one % all.len()];
        let (_, others) = &all[other % all.len()];
        let stranger = &others[cut % others.len()];
        let mut lied = words.clone();
        let at = at % lied.len();
        lied[at].clone_from(stranger);
        let lie = lied.concat();
        if let Ok(taken) = plain.check(&lie) {
            // Whatever is taken has every number and every paper of the record, and no other.
            let (mine, its) = (pieces(plain.body()), pieces(&Plain::of(taken.as_str()).body));
            let of = |all: &[Piece]| all.iter().filter(|p| p.kind == Kind::Number).map(|p| p.form.clone()).collect::<Vec<_>>();
            let kept: Vec<String> = of(&its);
            prop_assert!(kept.iter().all(|number| of(&mine).contains(number)), "{lie}");
            let negations = |all: &[Piece]| all.iter().filter(|p| p.kind == Kind::Not).count();
            prop_assert_eq!(negations(&mine), negations(&its), "{}", lie);
        }
    }

    #[test]
    fn no_answer_is_too_strange(answer in "([α-ω]{1,4}|\\PC{0,3}|[0-9.,/:+-]{0,9}|ένα από αυτά|\n•|ή|δεν|\\(|\\)| ){0,40}") {
        let plain = Plain::of("Δεν κοστίζει 20 ευρώ, αν είναι (ή δεν είναι) κάτι.\nΚαι ένα από αυτά:\n• Ένα\n• Άλλο (ή μη)\n(όλα μαζί)");
        let _ = plain.check(&answer);
        let _ = Plain::of(&answer).check(&answer[..answer.floor_char_boundary(answer.len() / 2)]);
    }
}
