//! Limits per beneficiary, not per telephone, with what professionals may do more.

use std::sync::Arc;

use ariadni::booking::core::{AvailabilityCore, BookingRequest};
use ariadni::booking::identity::Phone;
use ariadni::booking::people::Relation;
use ariadni::booking::refusal::Refusal;
use ariadni::booking::rule::limit::Limits;
use ariadni::store::LocalCore;

use crate::world::{KYPSELI, World, booking, catalogue, citizen, hold_request, on_every_engine, staff};

const STARTS: [&str; 5] = [
    "2026-11-26T06:00:00Z",
    "2026-11-26T06:20:00Z",
    "2026-11-26T06:40:00Z",
    "2026-11-26T07:00:00Z",
    "2026-11-26T07:20:00Z",
];

/// The core with other limits for the service that is booked.
async fn core(world: &World, limits: Limits) -> LocalCore {
    let mut catalogue = catalogue();
    catalogue.services[0].rules.limits = limits;
    world.core.import(Arc::new(catalogue)).await.expect("imports");
    world.core.clone()
}

/// Books the n-th time for somebody, as `change` says; what was refused is let go.
async fn book(core: &LocalCore, n: usize, name: &str, change: impl Fn(&mut BookingRequest)) -> Result<(), Refusal> {
    let hold = core.hold(&hold_request(KYPSELI, STARTS[n]), &citizen()).await?;
    let mut request = booking(&hold.id, name);
    change(&mut request);
    let result = core.book(&request, &citizen()).await.map(|_| ());
    core.release(&hold.id, &citizen()).await?;
    result
}

fn nothing(_: &mut BookingRequest) {}

#[tokio::test]
async fn one_telephone_books_for_two_parents_and_nobody_twice() {
    on_every_engine(async |world| {
        let core = core(world, Limits::default()).await;
        book(&core, 0, "Ελένη Μητέρα", nothing).await.expect("for the mother");
        book(&core, 1, "Πέτρος Πατέρας", nothing).await.expect("for the father");
        assert_eq!(book(&core, 2, "ΜΗΤΕΡΑ Ελενη", nothing).await, Err(Refusal::LimitReached(1)));
    })
    .await;
}

#[tokio::test]
async fn a_tax_number_says_who_it_is_whoever_calls() {
    on_every_engine(async |world| {
        let core = core(world, Limits::default()).await;
        let known = |request: &mut BookingRequest| request.identity = Some("090000045".to_owned());
        book(&core, 0, "Μαρία Παπαδοπούλου", known).await.expect("books");
        let from_another_phone = |request: &mut BookingRequest| {
            known(request);
            request.phone = Phone::parse("2101234567").expect("a telephone");
        };
        let refused = book(&core, 1, "Μ. Παπαδοπούλου", from_another_phone).await;
        assert_eq!(refused, Err(Refusal::LimitReached(1)));
        let kept = world.count("SELECT COUNT(*) FROM appointments WHERE beneficiary_key LIKE '%090000045%'").await;
        assert_eq!(kept, 0, "only a digest is kept");
    })
    .await;
}

#[tokio::test]
async fn a_requester_has_a_limit_of_their_own_and_a_professional_none() {
    on_every_engine(async |world| {
        let limits = Limits { per_requester: Some(2), per_client: Some(2), ..Limits::default() };
        let core = core(world, limits).await;
        book(&core, 0, "Άννα Α", nothing).await.expect("first");
        book(&core, 1, "Βάσω Β", nothing).await.expect("second");
        assert_eq!(book(&core, 2, "Γιώργος Γ", nothing).await, Err(Refusal::LimitReached(2)));
        let as_accountant = |request: &mut BookingRequest| {
            (request.on_behalf, request.relation) = (true, Some(Relation::Client));
        };
        book(&core, 2, "Γιώργος Γ", as_accountant).await.expect("a client");
        book(&core, 3, "Γιώργος Γ", as_accountant).await.expect("the client's second");
        assert_eq!(book(&core, 4, "Γιώργος Γ", as_accountant).await, Err(Refusal::LimitReached(2)));
        let own = core.hold(&hold_request(KYPSELI, STARTS[4]), &staff()).await.expect("holds");
        assert_eq!(core.book(&booking(&own.id, "Άννα Α"), &staff()).await.map(|_| ()), Err(Refusal::LimitReached(1)));
    })
    .await;
}
