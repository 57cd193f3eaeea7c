//! What is told of procedures, whatever their records hold.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::procedures::procedure::{Condition, Document, Fee, Page, Step, Ways};
use crate::procedures::record::to_procedure;

#[test]
fn explanations_for_the_eye_and_the_ear() {
    let procedures: Vec<Procedure> =
        serde_saphyr::from_str(include_str!("../../../tests/procedures/explained.yaml")).expect("reads");
    let mut text = String::new();
    for procedure in &procedures {
        let told = explain(procedure, &Aspect::ALL);
        text.push_str(&format!("== {}\n{}\n--\n{}\n", procedure.title, told.display, told.speak));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn full_records_are_told_whole_and_said_short() {
    let records: Vec<Value> =
        serde_saphyr::from_str(include_str!("../../../tests/procedures/full_records.yaml")).expect("reads");
    let mut text = String::new();
    for record in &records {
        let procedure = to_procedure(record).expect("a record");
        text.push_str(&format!("== {}\n", procedure.title));
        let told = explain(&procedure, &Aspect::ALL);
        text.push_str(&format!("{}\n-- shortened: {}\n{}\n", told.display, told.shortened, told.speak));
        for aspect in Aspect::ALL {
            let told = explain(&procedure, &[aspect]);
            text.push_str(&format!("-- {}, shortened: {}\n{}\n", aspect.as_str(), told.shortened, told.speak));
        }
        sound(&procedure, &told);
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_ear_hears_no_list_no_address_and_no_question() {
    for procedure in crate::procedures::ingest::bundled() {
        let told = explain(&procedure, &Aspect::ALL);
        for sign in ["•", "http", "\n", ";", "?"] {
            assert!(!told.speak.contains(sign), "{} says {sign:?}: {}", procedure.id, told.speak);
        }
        assert!(told.display.ends_with(&procedure.source_url()));
    }
}

#[test]
fn what_the_registry_says_tells_its_age() {
    let read = |at: &str| Procedure { read_at: Some(at.parse().expect("an instant")), ..Procedure::default() };
    let told = |at: &str| explain(&read(at), &[]).display;
    assert!(told("2026-11-22T23:30:00Z").contains("Από το μητρώο, όπως ήταν στις 23 Νοεμβρίου 2026."), "by Athens");
    assert!(told("2027-03-01T09:00:00Z").contains("όπως ήταν την 1η Μαρτίου 2027."));
    assert!(!explain(&Procedure::default(), &[]).display.contains("όπως ήταν"));
}

#[test]
fn names_of_aspects_are_read_back() {
    for aspect in Aspect::ALL {
        assert_eq!(Aspect::parse(aspect.as_str()), Some(aspect));
        assert_eq!(serde_json::to_value(aspect).expect("serializes"), aspect.as_str());
    }
    assert_eq!(explain(&Procedure::default(), &[]), explain(&Procedure::default(), &[Aspect::Summary]));
}

#[test]
fn it_is_worth_sending_only_when_the_eye_reads_more() {
    let named =
        |count: usize| (0..count).map(|n| Document { name: format!("Χαρτί {n}"), ..Document::default() }).collect();
    let shortened = |procedure: Procedure, aspect| explain(&procedure, &[aspect]).shortened;
    let with = |documents: Vec<Document>| Procedure { documents, ..Procedure::default() };
    assert!(!shortened(with(named(3)), Aspect::Documents));
    assert!(shortened(with(named(4)), Aspect::Documents));
    let ways = |online: Option<&str>| {
        Some(Ways { online: online.map(str::to_owned), video: false, in_person: true, note: None })
    };
    assert!(!shortened(Procedure { ways: ways(None), ..Procedure::default() }, Aspect::Channel));
    assert!(shortened(Procedure { ways: ways(Some("https://www.gov.gr/x")), ..Procedure::default() }, Aspect::Channel));
    let step = |title: &str| Step { title: title.to_owned(), ..Step::default() };
    let steps = |steps: Vec<Step>| Procedure { steps, ..Procedure::default() };
    assert!(!shortened(steps(vec![step("Αίτηση")]), Aspect::Steps));
    assert!(shortened(steps(vec![step("Αίτηση"), step("Παραλαβή")]), Aspect::Steps));
    assert!(!shortened(Procedure::default(), Aspect::Cost));
}

#[test]
fn a_note_that_says_the_name_again_stands_in_its_place() {
    let paper = |name: &str, note: &str| Document { name: name.into(), note: Some(note.into()), ..Document::default() };
    let told = |name: &str, note: &str| {
        let documents = vec![paper(name, note)];
        explain(&Procedure { documents, ..Procedure::default() }, &[Aspect::Documents]).display
    };
    assert!(told("Βεβαίωση", "ΒΕΒΑΙΩΣΗ του δήμου για το κτίριο.").contains("\n• ΒΕΒΑΙΩΣΗ του δήμου για το κτίριο\n"));
    assert!(told("Βεβαίωση", "Η βεβαίωση ισχύει έναν μήνα.").contains("\n• Βεβαίωση (η βεβαίωση ισχύει έναν μήνα)\n"));
}

#[test]
fn who_may_go_instead_is_told_by_the_papers_or_not_at_all() {
    let deputy = |procedure: &Procedure| explain(procedure, &[Aspect::Deputy]);
    let paper = |name: &str| Document { name: name.into(), ..Document::default() };
    let with = Procedure {
        documents: vec![paper("Ταυτότητα"), paper("Εξουσιοδότηση")], ..Procedure::default()
    };
    assert_eq!(deputy(&with).speak, "Αν πάει άλλος στη θέση σας, χρειάζεται και: εξουσιοδότηση.");
    assert!(!deputy(&with).display.contains("Ταυτότητα"));
    let without = Procedure { documents: vec![paper("Ταυτότητα")], ..Procedure::default() };
    assert_eq!(deputy(&without).speak, "Το μητρώο δεν γράφει αν μπορεί να πάει άλλος στη θέση σας.");
    let record = json!({"id": "1", "title": "Τ", "metadata": {"process": {
        "description": "Απαιτείται αυτοπρόσωπη παρουσία.", "provision_org_group": ["ΚΕΠ"]}}});
    assert_eq!(deputy(&to_procedure(&record).expect("a record")).speak, "Πρέπει να πάτε οι ίδιοι.");
}

#[test]
fn a_fine_is_for_the_eye_unless_nothing_else_is_paid() {
    let fee = |name: &str| Fee { name: name.into(), least: Some(5.0), ..Fee::default() };
    let told = |fees: Vec<Fee>| explain(&Procedure { fees, ..Procedure::default() }, &[Aspect::Cost]);
    let both = told(vec![fee("Πρόστιμο"), fee("Τέλος")]);
    assert!(both.display.contains("Πρόστιμο") && both.shortened);
    assert_eq!(both.speak, "Πληρώνετε: τέλος πέντε ευρώ.");
    assert_eq!(told(vec![fee("Πρόστιμο")]).speak, "Πληρώνετε: πρόστιμο πέντε ευρώ.");
}

#[test]
fn of_what_has_only_a_title_that_is_said() {
    let told = explain(&Procedure { title: "Τ".into(), ..Procedure::default() }, &Aspect::ALL);
    assert_eq!(told.speak, ONLY_ITS_TITLE);
    assert!(told.display.starts_with(ONLY_ITS_TITLE));
}

#[test]
fn texts_without_measure_are_still_told() {
    let long = "λέξη και, ".repeat(3_000);
    let steps: Vec<Value> =
        (0..200).map(|n| json!({"step_num_id": n, "step_title": long, "step_description": long})).collect();
    let evidences: Vec<Value> = (0..200).map(|n| json!({"evidence_type": format!("{n} {long}")})).collect();
    let record = json!({"data": {"id": "1", "title": long, "metadata": {
        "process": {"description": long, "remarks": long, "provided_to": [long], "provision_org_group": [long]},
        "process_steps": steps, "process_evidences": evidences,
        "process_conditions": [{"conditions_name": long}],
        "process_evidences_cost": [{"evidence_cost_type": long, "evidence_cost_description": long, "evidence_cost_min": 1}],
    }}});
    let procedure = to_procedure(&record).expect("a record");
    let told = explain(&procedure, &Aspect::ALL);
    assert!(told.display.chars().count() < 60_000, "{}", told.display.chars().count());
    sound(&procedure, &told);
    for aspect in Aspect::ALL {
        sound(&procedure, &explain(&procedure, &[aspect]));
    }
}

/// What holds of every explanation: it says something, the ear hears no list, no address and no question and not too much, and
/// neither reads a sign that turns or hides text.
fn sound(procedure: &Procedure, told: &Explanation) {
    assert!(!told.display.is_empty() && !told.speak.is_empty(), "{}: nothing is told", procedure.id);
    let length = told.speak.chars().count();
    assert!(length <= 600, "{}: {length} characters: {}", procedure.id, told.speak);
    for sign in ["•", "http", "\n", ";", "?", "(", ")", "{", "}", "<", "/"] {
        assert!(!told.speak.contains(sign), "{} says {sign:?}: {}", procedure.id, told.speak);
    }
    let is_hidden =
        |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{200b}';
    assert!(!told.display.chars().chain(told.speak.chars()).any(is_hidden), "{}: {:?}", procedure.id, told);
}

#[test]
fn every_record_of_the_whole_registry_is_told() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = ["../shared", "../../shared"].map(|up| root.join(up).join("data/mitos/registry.jsonl.gz"));
    let Some(path) = shared.iter().find(|path| path.exists()) else {
        println!("skipped: no registry beside this repository");
        return;
    };
    let read = crate::procedures::ingest::read_registry(path, |_| ()).expect("read");
    for procedure in &read.procedures {
        sound(procedure, &explain(procedure, &Aspect::ALL));
    }
    read.procedures.iter().step_by(7).for_each(assert_only_its_numbers);
}

/// Every number in a text, as digits with a comma where it has parts.
fn numbers(text: &str) -> std::collections::BTreeSet<String> {
    let is_sign = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    text.split(|c: char| !is_sign(c))
        .map(|number| number.trim_matches([',', '.']).to_owned())
        .filter(|number| !number.is_empty())
        .collect()
}

/// No number is told that the record does not hold, but counts and the places of steps.
fn assert_only_its_numbers(procedure: &Procedure) {
    let mut held = String::new();
    collect(&serde_json::to_value(procedure).expect("serializes"), &mut held);
    let held: std::collections::BTreeSet<String> = numbers(&held);
    let counts = procedure.documents.len() + procedure.conditions.len() + procedure.fees.len();
    let most = counts.max(procedure.steps.len());
    for aspects in [&Aspect::ALL[..], &[Aspect::Documents], &[Aspect::Cost, Aspect::Steps]] {
        let told = answers(procedure, aspects);
        for number in numbers(&told.display).into_iter().chain(numbers(&told.speak)) {
            let is_count = number.parse::<usize>().is_ok_and(|count| (1..=most).contains(&count));
            // A text that is cut or divided may leave a part of a longer number's punctuation, never another number.
            let is_held = held.contains(&number) || held.iter().any(|held| held.contains(number.as_str()));
            assert!(is_count || is_held, "{number} is not in {procedure:?}: {told:?}");
        }
    }
}

/// All texts and amounts of a procedure, amounts as people write them.
fn collect(value: &Value, held: &mut String) {
    match value {
        Value::String(text) => held.push_str(&format!(" {} ", clean(text))),
        Value::Number(number) => {
            if let Some(amount) = number.as_f64() {
                held.push_str(&format!(" {} {} ", format!("{amount:.2}").replace('.', ","), amount.trunc()));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, held)),
        Value::Object(object) => object.values().for_each(|item| collect(item, held)),
        Value::Null | Value::Bool(_) => {}
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[α-ωά-ώΑ-Ω ,.;()0-9€/«»]{0,80}",
        "\\PC{0,60}",
        any::<String>(),
        Just("{name} {{ 7*7 }} <b>x</b> &lt; \u{202e}\u{200b}• https://evil.example/1 (;".to_owned()),
    ]
}

fn any_amount() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        any::<f64>().prop_map(Some),
        (0..100_000_u32).prop_map(|cents| Some(f64::from(cents) / 100.0))
    ]
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any_text())
}

fn any_document() -> impl Strategy<Value = Document> {
    (any_text(), maybe_text(), any::<bool>(), any::<bool>(), maybe_text(), maybe_text()).prop_map(
        |(name, note, alternative, prerequisite, page, procedure)| Document {
            name,
            note,
            alternative,
            prerequisite,
            page,
            procedure,
        },
    )
}

fn any_fee() -> impl Strategy<Value = Fee> {
    (any_text(), maybe_text(), any_amount(), any_amount(), maybe_text(), any::<bool>()).prop_map(
        |(name, note, least, most, code, alternative)| Fee {
            page: code.clone(),
            paid_by: note.clone().into_iter().collect(),
            name,
            note,
            least,
            most,
            code,
            alternative,
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    (any_text(), maybe_text(), any::<bool>(), maybe_text()).prop_map(|(title, description, online, page)| Step {
        duration: page.clone(),
        title,
        description,
        online,
        page,
    })
}

fn any_lists() -> impl Strategy<Value = Procedure> {
    use proptest::collection::vec;
    let conditions = vec((any_text(), any::<bool>()), 0..4);
    let lists = (vec(any_document(), 0..6), vec(any_fee(), 0..5), vec(any_step(), 0..5), conditions);
    (lists, vec(any_text(), 0..5), vec(any_text(), 0..3)).prop_map(
        |((documents, fees, steps, conditions), groups, pages)| Procedure {
            documents,
            fees,
            steps,
            conditions: conditions.into_iter().map(|(text, alternative)| Condition { text, alternative }).collect(),
            place: (!groups.is_empty()).then(|| groups.join(", ")),
            languages: groups.clone(),
            groups,
            pages: pages.into_iter().map(|url| Page { title: Some(url.clone()), url }).collect(),
            ..Procedure::default()
        },
    )
}

fn any_procedure() -> impl Strategy<Value = Procedure> {
    let texts = (any_text(), maybe_text(), maybe_text(), maybe_text(), maybe_text(), maybe_text(), maybe_text());
    (any_lists(), texts, any::<[bool; 2]>()).prop_map(
        |(lists, (title, for_what, summary, who_may, cost, duration, online), [video, in_person])| Procedure {
            id: "1".into(),
            remarks: title.clone().into(),
            validity: cost.clone(),
            ways: Some(Ways { online, video, in_person, note: for_what.clone() }),
            title,
            for_what,
            summary,
            who_may,
            cost,
            duration,
            ..lists
        },
    )
}

proptest! {
    #[test]
    fn whatever_a_record_holds_it_is_told_soundly_and_nothing_is_invented(procedure in any_procedure()) {
        for aspects in [&Aspect::ALL[..], &[Aspect::Documents], &[Aspect::Cost], &[]] {
            sound(&procedure, &explain(&procedure, aspects));
        }
        assert_only_its_numbers(&procedure);
    }
}
