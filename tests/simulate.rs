//! Simulated citizens against the real engine, a few of them, and a judge that can find fault.

use std::path::Path;

use ariadni::app::App;
use ariadni::booking::core::{Actor, Appointment, BookingRequest, HoldRequest, Needs, Order, SlotQuery};
use ariadni::booking::identity::Phone;
use ariadni::booking::people::{Mode, Relation};
use ariadni::clock::{Clock, to_athens};
use ariadni::config::Config;
use ariadni::greek::noise::Noise;
use ariadni::simulate::every_rule::{self, Rule};
use ariadni::simulate::goal::{Goal, Kind, Plan, Where};
use ariadni::simulate::judge::{Left, judge};
use ariadni::simulate::people::{Gender, Person};
use ariadni::simulate::wish::Wish;
use ariadni::simulate::{Options, run};
use chrono::TimeDelta;

/// Monday 23 November 2026, 09:00 in Athens.
const NOW: &str = "2026-11-23T07:00:00Z";

async fn app(folder: &Path) -> App {
    let config = Config { data_dir: folder.to_owned(), ..Config::default() };
    App::open(config, Clock::fixed(NOW.parse().expect("an instant"))).await.expect("a whole application")
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_citizens_get_what_they_want_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = app(folder.path()).await;
    let options = Options { conversations: 30, seed: 1, noise: Noise::Clean, concurrency: 2 };
    let outcome = run(&app, &options, || ()).await.expect("all talks were held");
    let report = &outcome.report;
    assert_eq!((report.n, report.wrong_bookings), (30, 0), "{:?}", report.failures);
    assert!(report.success_rate >= 0.9, "{:?}", report.failures);
}

/// An appointment of the database and the plan that it fulfils.
async fn booked(app: &App) -> (Appointment, Plan) {
    let actor = Actor::Staff { name: "test".to_owned() };
    let (service, office) = ("aade.key-number".into(), "doy-peiraia".into());
    let query = SlotQuery {
        service,
        offices: vec![office],
        mode: Mode::Video,
        windows: Vec::new(),
        excluded: Vec::new(),
        daily: None,
        needs: Needs::default(),
        weekdays: Vec::new(),
        near: None,
        order: Order::default(),
        after: None,
        limit: 1,
    };
    let slot = app.core.search(&query, &actor).await.expect("free times").slots.remove(0);
    let request = HoldRequest {
        service: query.service.clone(),
        office: slot.office.clone(),
        mode: Mode::Video,
        start: slot.start,
        needs: Needs::default(),
    };
    let hold = app.core.hold(&request, &actor).await.expect("held");
    let request = BookingRequest {
        hold: hold.id,
        beneficiary: "Ελένη Βλάχου".to_owned(),
        requester: "Νίκος Βλάχος".to_owned(),
        phone: Phone::parse("6944123456").expect("a telephone"),
        email: None,
        on_behalf: true,
        relation: Some(Relation::Mother),
        guests: Vec::new(),
        procedure: None,
        identity: None,
    };
    let row = app.core.book(&request, &actor).await.expect("booked");
    let plan = Plan {
        service: row.service.clone(),
        place: Where::Office(row.office.clone()),
        mode: row.mode,
        wish: Wish::Day(to_athens(row.start).date()),
        first_free: to_athens(row.start),
        relation: Some(Relation::Mother),
        beneficiary: Person { name: row.beneficiary.clone(), gender: Gender::Woman },
        requester: Person { name: row.requester.clone(), gender: Gender::Man },
        phone: row.phone.as_str().to_owned(),
    };
    (row, plan)
}

#[tokio::test]
async fn a_row_that_contradicts_the_goal_counts_as_wrong() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = app(folder.path()).await;
    let (row, plan) = booked(&app).await;
    let verdict = |plan: &Plan, agreed: bool| {
        let goal = Goal::Book(Kind::Book, plan.clone());
        let left = Left {
            goal: &goal,
            today: to_athens(app.clock.now()).date(),
            booked: vec![(&row, agreed)],
            existing: None,
            changes_agreed: true,
            latin: false,
            events: &[],
            told_no_video: false,
            earliest_offered: None,
            gave_up: None,
        };
        judge(&app.catalogue.get(), &left)
    };
    assert!(verdict(&plan, true).succeeded(), "{:?}", verdict(&plan, true));
    assert_eq!(verdict(&plan, false).wrong, 1, "nobody said yes");
    type Contradiction = fn(&mut Plan);
    let contradictions: [(&str, Contradiction); 9] = [
        ("service", |p| p.service = "aade.tax-return".into()),
        ("office", |p| p.place = Where::Office("doy-chanion".into())),
        ("town", |p| p.place = Where::Town("Χανιά".to_owned())),
        ("mode", |p| p.mode = Mode::InPerson),
        ("day", |p| p.wish = Wish::Day(p.first_free.date() + TimeDelta::days(1))),
        ("beneficiary", |p| p.beneficiary.name = "Ελένη Βλάχος".to_owned()),
        ("requester", |p| p.requester.name = "Νίκος Δούκας".to_owned()),
        ("telephone", |p| p.phone = "6944123457".to_owned()),
        ("relation", |p| p.relation = Some(Relation::Aunt)),
    ];
    for (what, contradict) in contradictions {
        let mut other = plan.clone();
        contradict(&mut other);
        assert_eq!(verdict(&other, true).wrong, 1, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_under_every_rule_keeps_to_an_independent_reading_of_the_catalogue() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = app(folder.path()).await;
    let options = every_rule::Options { every: 12, seed: 1, concurrency: 2 };
    let report = every_rule::run(&app, &options, || ()).await.expect("every attempt was made");
    assert!(report.wrong.is_empty(), "{:#?}", report.wrong);
    assert!(report.untried.is_empty(), "{:#?}", report.untried);
    assert!(
        report.booked_by_talking * 10 >= (report.conversations - report.nothing_to_have) * 9,
        "{:#?}",
        report.failed
    );
}

#[test]
fn the_bundled_catalogue_says_something_by_every_rule() {
    let catalogue = ariadni::booking::catalogue::Catalogue::bundled();
    let today = to_athens(NOW.parse().expect("an instant")).date();
    let said = Rule::of_catalogue(&catalogue, today);
    let silent: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !said.contains(rule)).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
