//! How long one step of the engine takes: an utterance already understood, the state of a booking half-way, no IO.

use std::hint::black_box;
use std::sync::Arc;

use ariadni::booking::catalogue::Catalogue;
use ariadni::clock::{Clock, to_athens};
use ariadni::dialog::{Input, State, SupportDesk, World};
use ariadni::knowledge::Knowledge;
use ariadni::nlu::Context;
use ariadni::procedures::ProcedureBook;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// What is said up to the measured step: a booking for somebody else is under way and its office is asked for.
const BEFORE: [&str; 2] = ["θέλω ραντεβού για κλειδάριθμο για τη μητέρα μου", "με φυσική παρουσία"];
/// What is said at the measured step: it names an office, which leads to a search.
const SAID: &str = "στη ΔΟΥ Πειραιά";

fn step(criterion: &mut Criterion) {
    let support = SupportDesk {
        phone: "1500".to_owned(),
        days: Vec::new(),
        from: chrono::NaiveTime::MIN,
        to: chrono::NaiveTime::MIN,
    };
    let knowledge = Knowledge::new(Arc::new(Catalogue::bundled()), Arc::new(ProcedureBook::bundled()), support)
        .expect("the carried knowledge");
    let now = Clock::fixed("2026-11-23T07:00:00Z".parse().expect("an instant")).now();
    let world = World {
        catalogue: &knowledge.catalogue,
        procedures: &knowledge.procedures,
        support: &knowledge.support,
        waiting_list: true,
        by_voice: false,
        can_send: false,
        now,
    };
    let understand = |state: &State, text: &str| {
        let awaiting = state.about().and_then(|about| about.public()).map(str::to_owned);
        Input::Said(knowledge.understander.parse(text, &Context { now: to_athens(now), awaiting }))
    };
    let mut state = knowledge.engine.step(State::new(), Input::Begin, world).state;
    for text in BEFORE {
        let input = understand(&state, text);
        state = knowledge.engine.step(state, input, world).state;
    }
    let input = understand(&state, SAID);
    let reaction = knowledge.engine.step(state.clone(), input.clone(), world);
    assert!(reaction.request.is_some(), "the measured step asks for free times: {:?}", reaction.replies);
    criterion.bench_function("dialog_step", |bencher| {
        bencher.iter_batched(
            || (state.clone(), input.clone()),
            |(state, input)| black_box(knowledge.engine.step(state, input, world)),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, step);
criterion_main!(benches);
