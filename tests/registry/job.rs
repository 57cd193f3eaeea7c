//! The nightly refresh, while citizens go on asking.

use std::sync::Arc;

use ariadni::clock::Clock;
use ariadni::gateway::registry::ProcedureRegistry;
use ariadni::procedures::{ProcedureBook, ProceduresInForce, kept};
use ariadni::worker::Job;
use ariadni::worker::jobs::refresh_procedures::RefreshProcedures;
use chrono::TimeDelta;
use serde_json::json;

use crate::server::{Fault, RegistryServer, record, records};

struct World {
    server: RegistryServer,
    folder: tempfile::TempDir,
    clock: Clock,
    procedures: ProceduresInForce,
    job: RefreshProcedures,
}

/// A program that has read 30 procedures once, at an instant.
async fn world(now: &str) -> World {
    let (server, folder) = (RegistryServer::start(records(30)).await, tempfile::tempdir().expect("a folder"));
    let clock = Clock::fixed(now.parse().expect("an instant"));
    let old: Vec<_> = records(30)
        .iter()
        .map(|record| ariadni::procedures::record::to_procedure(record).expect("a procedure"))
        .collect();
    kept::save(folder.path(), old.iter()).expect("saves");
    let stamp = kept::stamp(folder.path());
    let procedures = ProceduresInForce::new(ProcedureBook::open(folder.path()).expect("opens"));
    let registry: Arc<dyn ProcedureRegistry> = Arc::new(server.registry());
    let (handle, path) = (procedures.clone(), folder.path().to_owned());
    let job = RefreshProcedures::new(handle, path, stamp, Some(registry), 4, clock.clone());
    World { server, folder, clock, procedures, job }
}

#[tokio::test]
async fn the_registry_is_asked_once_a_night_and_what_it_says_is_in_force_at_once() {
    // 01:30 in Athens.
    let World { server, folder: _kept, clock, procedures, job } = world("2026-11-22T23:30:00Z").await;
    server.with(|served| served.put(record("500001", "Μέτρηση ανέμων"), "2026-11-22T10:00:00Z"));
    assert_eq!(job.run().await.expect("runs"), 0);
    assert!(server.asked().is_empty(), "it is not night yet");
    clock.advance(TimeDelta::minutes(45));
    let taken = procedures.get();
    assert!(job.run().await.expect("runs") >= 30);
    assert_eq!(procedures.get().search("μέτρηση ανέμου", 1)[0].id, "500001");
    assert_ne!(taken.get("500001").expect("there").title, "Μέτρηση ανέμων", "a turn keeps what it took");
    server.asked();
    clock.advance(TimeDelta::minutes(60));
    assert_eq!(job.run().await.expect("runs"), 0);
    assert!(server.with(|served| served.asked.is_empty()), "once a night is enough");
    clock.advance(TimeDelta::hours(23));
    job.run().await.expect("runs");
    assert!(!server.with(|served| served.asked.is_empty()), "the next night");
}

#[tokio::test]
async fn a_night_without_the_registry_changes_nothing() {
    let World { server, procedures, job, folder, .. } = world("2026-11-23T01:00:00Z").await;
    for fault in [Fault::Status(500), Fault::Cut] {
        server.break_for_good("services/1", fault);
    }
    assert!(job.run().await.is_err());
    assert!(procedures.get().get("500001").is_some());
    assert_eq!(job.run().await.expect("not again in this night"), 0);
    assert_eq!(kept::read(folder.path()).expect("reads").len(), 30);
}

/// 500s, cut bodies, slow answers, wrong types and a list that moves, all in one night, while somebody asks all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_at_night_every_question_is_answered() {
    let World { server, procedures, job, folder, .. } = world("2026-11-23T01:00:00Z").await;
    server.with(|served| {
        served.page = 10;
        for n in 1..=30 {
            served.put(
                record(&format!("{}", 500_000 + n), &format!("Νεότερη δοκιμή αριθμός {n}")),
                "2026-11-22T10:00:00Z",
            );
        }
        served.comes_in_between = Some("500030".to_owned());
    });
    server.spoil("services/1", &[Fault::Status(500), Fault::Cut, Fault::Slow]);
    server.spoil("services/2", &[Fault::Status(503), Fault::Cut]);
    let faults = [
        Fault::Status(500),
        Fault::Cut,
        Fault::Slow,
        Fault::Instead(json!({"data": {"id": ["500019"], "title": {"el": 7}}})),
        Fault::Instead(json!("όχι εγγραφή")),
    ];
    // Apart from one another: many in a row would be a registry that has gone away.
    for (n, fault) in faults.into_iter().enumerate() {
        server.break_for_good(&format!("services-extended/{}", 500_001 + 6 * n), fault);
    }
    let asking = procedures.clone();
    let night = tokio::spawn(async move { job.run().await });
    let mut questions = 0;
    while !night.is_finished() {
        let book = asking.get();
        let hits = book.search("δοκιμή αριθμός 20", 3);
        assert_eq!(hits.first().map(|hit| hit.id.as_str()), Some("500020"), "after {questions} questions");
        assert!(book.get("500001").is_some());
        questions += 1;
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    night.await.expect("no panic").expect("a night with faults is a night");
    assert!(questions > 20, "only {questions} questions were asked meanwhile");
    let (kept, book) = (kept::read(folder.path()).expect("reads"), procedures.get());
    for n in 1..=30 {
        let id = format!("{}", 500_000 + n);
        let old = n % 6 == 1;
        assert_eq!(kept[&id].title.starts_with("Νεότερη"), !old, "{id}");
        assert_eq!(book.get(&id).map(|p| &p.title), Some(&kept[&id].title), "what is kept is in force");
    }
}

#[tokio::test]
async fn what_another_process_imports_is_followed_and_a_broken_file_is_not() {
    // Noon.
    let World { folder, procedures, job, .. } = world("2026-11-23T10:00:00Z").await;
    let path = folder.path().join("procedures.jsonl");
    let good = std::fs::read(&path).expect("reads");
    std::fs::write(&path, [0x1f, 0x8b, 1, 2, 3]).expect("spoilt");
    assert!(job.run().await.is_err());
    assert!(procedures.get().get("500030").is_some());
    assert_eq!(job.run().await.expect("it is not read again and again"), 0);
    std::fs::write(&path, &good[..good.len() / 2]).expect("another");
    assert!(job.run().await.expect("follows") > 0);
    assert!(procedures.get().get("500030").is_none());
}

#[tokio::test]
async fn whoever_never_read_the_registry_does_not_ask_it() {
    let World { server, folder, job, .. } = world("2026-11-23T01:00:00Z").await;
    std::fs::remove_file(folder.path().join("procedures.jsonl")).expect("removed");
    job.run().await.expect("runs");
    assert!(server.with(|served| served.asked.is_empty()));
}
