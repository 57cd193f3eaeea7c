//! The engine under anything a citizen can do, with a world that answers anything.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::fate::Fate;
use crate::booking::catalogue::{Catalogue, Day};
use crate::booking::people::{Guest, Language, Mode, Relation};
use crate::booking::reference::Reference;
use crate::channel::turn::{Choice, Event, Status};
use crate::dialog::state::About;
use crate::dialog::{Engine, Flows, Input, Reaction, State, SupportDesk, World};
use crate::greek::when;
use crate::nlu::{Entity, EntityValue, Intent, Number, Preference, RankedIntent, Understanding};
use crate::procedures::ProcedureBook;

/// More requests than a turn may make before it ends.
const MOST_REQUESTS: usize = 12;

/// What a citizen does, before it is known what is on offer.
#[derive(Debug, Clone)]
enum Doing {
    /// Says words with an intent, how sure it is in percent, and values.
    Says(String, Intent, u8, Vec<EntityValue>),
    /// Presses the n-th button on offer, counted round.
    Presses(usize),
    /// Sends a choice value, on offer or not.
    Sends(String),
    /// Presses telephone keys.
    Keys(String),
    /// Says nothing.
    Silent,
}

fn words() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "ναι",
        "όχι",
        "άστο",
        "γιατί",
        "για μένα",
        "για άλλον",
        "το τηλέφωνο",
        "θέλω ραντεβού",
        "2",
        "το δεύτερο",
        "αύριο στις 10",
        "όχι την Τρίτη, την Τετάρτη",
        "με λένε Μαρία",
        "διαβατήριο",
        "",
        "   ",
        "5",
        "πίσω",
        "βάλτε με στη λίστα αναμονής",
        "άδειασε καμιά θέση;",
        "βγάλτε με από τη λίστα",
        "όπου να 'ναι κοντά στο Αίγιο",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,40}"]
}

fn value() -> impl Strategy<Value = EntityValue> {
    let (catalogue, procedures) = (Catalogue::bundled(), ProcedureBook::bundled());
    let services: Vec<_> = catalogue.services.iter().map(|s| s.id.clone()).collect();
    let offices: Vec<_> = catalogue.offices.iter().map(|o| (o.id.clone(), o.name.clone())).collect();
    let without_office = ["Ίλιον", "Αιγιάλεια", "Καστελλόριζο"].map(str::to_owned);
    let places: Vec<_> = catalogue.offices.iter().map(|o| o.municipality.clone()).chain(without_office).collect();
    let organisations: Vec<_> = catalogue.organisations.iter().map(|o| o.id.clone()).collect();
    let titles: Vec<_> = procedures.all().map(|p| (p.id.clone(), p.title.clone())).collect();
    let times =
        ["αύριο", "αύριο στις 10", "όχι Τρίτη", "μετά τις 11", "την άλλη εβδομάδα", "στις 28 Οκτωβρίου", "το πρωί"];
    let times: Vec<_> = times.iter().flat_map(|t| when::find(t, monday().naive_utc())).map(|f| f.value).collect();
    let references = (0..4u64).map(|n| Reference::from_random(n * 977));
    let references: Vec<_> =
        references.chain((0..3u64).map(|n| Reference::of_wait(n * 977))).map(|r| r.to_string()).collect();
    prop_oneof![
        4 => prop::sample::select(services).prop_map(|id| EntityValue::Service { id }),
        2 => prop::sample::select(offices).prop_map(|(id, name)| EntityValue::Office { id, name }),
        1 => prop::sample::select(places).prop_map(|municipality| EntityValue::Place { municipality }),
        1 => prop::sample::select(organisations).prop_map(|id| EntityValue::Organisation { id }),
        2 => prop::sample::select(titles).prop_map(|(id, title)| EntityValue::Procedure { id, title }),
        3 => prop::sample::select(times).prop_map(EntityValue::When),
        2 => prop::sample::select(Mode::ALL.to_vec()).prop_map(EntityValue::Mode),
        1 => prop::sample::select(vec![Relation::Mother, Relation::Other]).prop_map(EntityValue::Relation),
        1 => prop::sample::select(vec![Guest::Lawyer, Guest::SignLanguageInterpreter]).prop_map(EntityValue::Guest),
        1 => prop::option::of(1..7u32).prop_map(EntityValue::Persons),
        1 => prop::sample::select(Language::ALL.to_vec()).prop_map(EntityValue::Language),
        1 => prop::sample::select(vec!["Καραγιάννη", "Μανόλη Βλαστό", "Παπαδοπούλου"]).prop_map(|n| EntityValue::Employee { name: n.to_owned() }),
        3 => prop::sample::select(vec!["Μαρία Παπαδοπούλου", "Νίκος", "Ά"]).prop_map(|n| EntityValue::PersonName(n.to_owned())),
        3 => prop::sample::select(vec!["6944123456", "2104137400", "69"]).prop_map(|p| EntityValue::Phone(p.to_owned())),
        2 => prop::sample::select(references).prop_map(EntityValue::Reference),
        1 => (-1..9i64).prop_map(EntityValue::Ordinal),
        1 => (0..9i64).prop_map(|n| EntityValue::Number(Number::Plain(n))),
        1 => prop::sample::select(vec!["phone", "reference", "afm"]).prop_map(|what| EntityValue::Number(Number::Invalid { digits: "12".to_owned(), invalid: what.to_owned() })),
        2 => prop::sample::select(vec![Preference::Earliest, Preference::Any, Preference::Earlier, Preference::Later, Preference::OtherDay, Preference::OtherOffice]).prop_map(EntityValue::Preference),
    ]
}

fn doing() -> impl Strategy<Value = Doing> {
    let intents = prop_oneof![
        3 => prop::sample::select(vec![Intent::Affirm, Intent::Inform, Intent::BookAppointment]),
        2 => prop::sample::select(Intent::ALL.to_vec()),
    ];
    let sent = prop::sample::select(vec![
        "yes",
        "no",
        "slot:2026-11-24T10:00@kep-kypselis",
        "office:kep-kypselis",
        "mode:video",
        "rating:9",
        "rating:x",
        "change:phone",
        "intent:book_appointment",
        "reference:",
        "stop",
        "human",
        "",
        ":",
        "service:nothing",
        "later",
        "other_office",
        "waiting_list",
    ]);
    prop_oneof![
        5 => (words(), intents, 0..=100u8, prop::collection::vec(value(), 0..4)).prop_map(|(w, i, c, v)| Doing::Says(w, i, c, v)),
        6 => (0..12usize).prop_map(Doing::Presses),
        1 => sent.prop_map(|v| Doing::Sends(v.to_owned())),
        1 => "[0-9*#]{0,11}".prop_map(Doing::Keys),
        1 => Just(Doing::Silent),
    ]
}

pub(super) fn monday() -> DateTime<Utc> {
    "2026-11-23T07:00:00Z".parse().expect("a valid instant")
}

fn input(doing: &Doing, state: &State) -> Input {
    let offered: &[Choice] = state.open.as_ref().map(|open| open.choices.as_slice()).unwrap_or_default();
    match doing {
        Doing::Says(text, intent, percent, values) => {
            let best = RankedIntent { name: *intent, confidence: f32::from(*percent) / 100.0 };
            let entity = |v: &EntityValue| Entity { text: text.clone(), start: 0, end: 0, value: v.clone() };
            let entities = values.iter().map(entity).collect();
            Input::Said(Understanding { text: text.clone(), intent: best, ranking: vec![best], entities })
        }
        Doing::Presses(_) if offered.is_empty() => Input::Chosen("yes".to_owned()),
        Doing::Presses(n) => Input::Chosen(offered[n % offered.len()].value.clone()),
        Doing::Sends(value) => Input::Chosen(value.clone()),
        Doing::Keys(keys) => Input::Keys(keys.clone()),
        Doing::Silent => Input::Silence,
    }
}

/// Whether this input answers an open read-back with a yes.
fn is_yes(input: &Input, before: &State) -> bool {
    let first = |n: &str| before.open.as_ref().and_then(|o| o.choices.first()).is_some_and(|c| c.value == n);
    before.about() == Some(About::Confirm)
        && match input {
            Input::Chosen(value) => value == "yes",
            Input::Keys(keys) => keys.starts_with('1') && first("yes"),
            Input::Said(heard) => {
                let worded = heard
                    .entities
                    .iter()
                    .any(|e| matches!(e.value, EntityValue::Ordinal(1) | EntityValue::Number(Number::Plain(1))));
                heard.intent.name == Intent::Affirm || (worded && first("yes"))
            }
            _ => false,
        }
}

/// One whole turn: steps until nothing more is asked of the world.
fn turn(engine: &Engine, state: State, input: Input, world: World<'_>, fate: &mut Fate) -> Reaction {
    let mut reaction = engine.step(state, input, world);
    for _ in 0..MOST_REQUESTS {
        let Some(request) = reaction.request.take() else { return reaction };
        let outcome = fate.outcome(request, &reaction.state, world.catalogue);
        let next = engine.step(reaction.state, Input::Outcome(outcome), world);
        reaction.replies.extend(next.replies);
        reaction.events.extend(next.events);
        (reaction.state, reaction.request) = (next.state, next.request);
    }
    panic!("the dialog asks in circles: {:?}", reaction.request);
}

fn writes(event: &Event) -> bool {
    matches!(
        event,
        Event::AppointmentBooked { .. }
            | Event::AppointmentCancelled { .. }
            | Event::AppointmentRescheduled { .. }
            | Event::WaitingJoined { .. }
    )
}

fn check(before: &State, input: &Input, after: &Reaction) -> Result<(), TestCaseError> {
    let shown: Vec<&str> = after.replies.iter().map(|r| r.display.as_str()).collect();
    prop_assert!(shown.iter().any(|text| !text.trim().is_empty()), "nothing was said to {input:?}");
    let repeats = matches!(input, Input::Said(h) if matches!(h.intent.name, Intent::Repeat | Intent::SpeakSlower));
    let questions = shown.iter().filter(|text| text.trim_end().ends_with(';')).count();
    prop_assert!(repeats || questions <= 1, "{questions} questions in one turn: {shown:?}");
    let written = after.events.iter().filter(|e| writes(e)).count();
    prop_assert!(written <= 1, "{written} changes in one turn: {:?}", after.events);
    prop_assert!(written == 0 || is_yes(input, before), "written without a yes to {input:?}: {:?}", after.events);
    let json = serde_json::to_string(&after.state).expect("a state is JSON");
    let back = State::from_json(&json).expect("its JSON is a state");
    prop_assert_eq!(&back, &after.state);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_the_engine_answers_and_writes_nothing_without_a_yes(
        doings in prop::collection::vec(doing(), 1..40),
        seed in any::<u64>(),
        hour in 0..24i64,
    ) {
        let engine = Engine::new(Flows::bundled().expect("the bundled flows are right"));
        let (catalogue, procedures) = knowledge();
        let support = SupportDesk {
            phone: "1500".to_owned(),
            days: vec![Day::Mon],
            from: NaiveTime::from_hms_opt(8, 0, 0).expect("a time"),
            to: NaiveTime::from_hms_opt(20, 0, 0).expect("a time"),
        };
        let now = monday() + TimeDelta::hours(hour);
        let by_voice = seed % 2 == 0;
        let world =
            World { catalogue, procedures, support: &support, waiting_list: true, by_voice, can_send: true, now };
        let mut fate = Fate(seed);
        let mut state = turn(&engine, State::new(), Input::Begin, world, &mut fate).state;
        for doing in &doings {
            if state.status == Status::Ended {
                break;
            }
            let input = input(doing, &state);
            let after = turn(&engine, state.clone(), input.clone(), world, &mut fate);
            check(&state, &input, &after)?;
            state = after.state;
        }
    }
}

/// Read once: what every case looks at.
fn knowledge() -> (&'static Catalogue, &'static ProcedureBook) {
    static KNOWLEDGE: std::sync::OnceLock<(Catalogue, ProcedureBook)> = std::sync::OnceLock::new();
    let (catalogue, procedures) = KNOWLEDGE.get_or_init(|| (Catalogue::bundled(), ProcedureBook::bundled()));
    (catalogue, procedures)
}
