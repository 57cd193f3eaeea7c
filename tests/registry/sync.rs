//! A refresh reads all, then only what changed, and loses nothing whatever the registry does.

use std::path::Path;

use ariadni::clock::Clock;
use ariadni::procedures::{ProcedureBook, kept};
use ariadni::worker::registry_sync::{LeftOut, Progress, RegistrySync, Report};
use serde_json::json;

use crate::server::{Fault, RegistryServer, record, records, whole_registry};

/// Monday 23 November 2026, 03:00 in Athens.
pub const NIGHT: &str = "2026-11-23T01:00:00Z";

fn clock() -> Clock {
    Clock::fixed(NIGHT.parse().expect("an instant"))
}

async fn sync_with(
    server: &RegistryServer,
    folder: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> anyhow::Result<Report> {
    let (registry, clock) = (server.registry(), clock());
    RegistrySync { registry: &registry, data_dir: folder, clock: &clock, at_once: 4, progress }.run().await
}

async fn sync(server: &RegistryServer, folder: &Path) -> Report {
    sync_with(server, folder, &|_| ()).await.expect("refreshes")
}

fn whats(report: &Report) -> Vec<&str> {
    report.left_out.iter().map(|LeftOut { what, .. }| what.as_str()).collect()
}

#[tokio::test]
async fn the_first_reads_all_and_the_next_only_what_changed() {
    let (server, folder) = (RegistryServer::start(records(250)).await, tempfile::tempdir().expect("a folder"));
    let first = sync(&server, folder.path()).await;
    assert_eq!((first.listed, first.read, first.unchanged, first.complete), (250, 250, 0, true));
    assert_eq!(server.asked().len(), 250);
    let again = sync(&server, folder.path()).await;
    assert_eq!((again.listed, again.read, again.unchanged), (250, 0, 250));
    assert!(server.asked().is_empty());
    server.with(|served| {
        served.put(record("500007", "Νέος τίτλος"), "2026-11-22T10:00:00Z");
        served.put(record("500900", "Καινούρια διαδικασία"), "2026-11-22T11:00:00Z");
        served.remove("500250");
    });
    let third = sync(&server, folder.path()).await;
    assert_eq!(server.asked(), ["500007", "500900"]);
    assert_eq!((third.read, third.withdrawn.as_slice()), (2, &["500250".to_owned()][..]));
    let book = ProcedureBook::open(folder.path()).expect("opens");
    let changed = book.get("500007").expect("kept");
    assert_eq!(
        (changed.title.as_str(), changed.last_updated.as_deref()),
        ("Νέος τίτλος", Some("2026-11-22T10:00:00Z"))
    );
    assert_eq!(changed.read_at, Some(NIGHT.parse().expect("an instant")));
    assert!(book.get("500900").is_some() && book.get("500250").is_none());
    assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 1, "nothing half done stays");
}

#[tokio::test]
async fn what_goes_wrong_once_is_tried_again() {
    for fault in [Fault::Status(500), Fault::Status(503), Fault::Status(429), Fault::Cut, Fault::Slow] {
        let (server, folder) = (RegistryServer::start(records(150)).await, tempfile::tempdir().expect("a folder"));
        server.spoil("services/1", std::slice::from_ref(&fault));
        server.spoil("services/2", &[fault.clone(), Fault::Status(502)]);
        server.spoil("services-extended/500003", &[fault.clone(), Fault::Cut, Fault::Status(500)]);
        let report = sync(&server, folder.path()).await;
        assert_eq!((report.read, report.left_out.as_slice(), report.complete), (150, &[][..], true), "{fault:?}");
    }
}

#[tokio::test]
async fn a_record_that_stays_broken_leaves_the_older_one_and_stops_nobody() {
    let (server, folder) = (RegistryServer::start(records(12)).await, tempfile::tempdir().expect("a folder"));
    sync(&server, folder.path()).await;
    let faults = [
        ("500001", Fault::Status(500)),
        ("500002", Fault::Cut),
        ("500003", Fault::Slow),
        ("500004", Fault::Status(404)),
        ("500005", Fault::Instead(json!({"success": false}))),
        ("500006", Fault::Instead(json!([1, 2]))),
        ("500007", Fault::Instead(json!({"data": {"id": {"el": "x"}, "title": 5}}))),
        ("500008", Fault::Instead(record("500009", "Άλλη διαδικασία"))),
        ("500009", Fault::Instead(json!({"data": {"id": "500009", "title": null, "metadata": "όχι"}}))),
    ];
    server.with(|served| {
        for n in 1..=12 {
            served.put(record(&format!("{}", 500_000 + n), "Νεότερος τίτλος"), "2026-11-22T10:00:00Z");
        }
    });
    for (id, fault) in &faults {
        server.break_for_good(&format!("services-extended/{id}"), fault.clone());
    }
    let report = sync(&server, folder.path()).await;
    let mut left_out = whats(&report);
    left_out.sort_unstable();
    assert_eq!(left_out, faults.each_ref().map(|(id, _)| *id));
    assert_eq!((report.read, report.withdrawn.len()), (3, 0));
    let kept = kept::read(folder.path()).expect("reads");
    for n in 1..=12 {
        let title = kept[&format!("{}", 500_000 + n)].title.clone();
        let expected = if n <= 9 {
            format!("Διαδικασία δοκιμής αριθμός {n}")
        } else {
            "Νεότερος τίτλος".to_owned()
        };
        assert_eq!(title, expected);
    }
    // Mended, they are read the next time.
    server.with(|served| (served.faults.clear(), served.lasting.clear()));
    assert_eq!(sync(&server, folder.path()).await.read, 9);
}

#[tokio::test]
async fn a_page_that_is_lost_takes_nothing_with_it() {
    let (server, folder) = (RegistryServer::start(records(450)).await, tempfile::tempdir().expect("a folder"));
    sync(&server, folder.path()).await;
    for fault in [Fault::Status(500), Fault::Cut, Fault::Slow, Fault::Instead(json!({"data": "όχι λίστα"}))] {
        server.break_for_good("services/3", fault.clone());
        let report = sync(&server, folder.path()).await;
        assert_eq!((report.listed, report.complete, whats(&report)), (350, false, vec!["page 3"]), "{fault:?}");
        assert_eq!(report.withdrawn, Vec::<String>::new());
    }
    server.break_for_good("services/1", Fault::Status(500));
    let failed = sync_with(&server, folder.path(), &|_| ()).await.expect_err("no list at all");
    assert!(failed.to_string().contains("the registry answered 500"), "{failed}");
    assert_eq!(kept::read(folder.path()).expect("reads").len(), 450);
}

#[tokio::test]
async fn a_list_that_moves_while_it_is_read_is_read_again() {
    let (server, folder) = (RegistryServer::start(records(300)).await, tempfile::tempdir().expect("a folder"));
    server.with(|served| served.comes_in_between = Some("500300".to_owned()));
    let report = sync(&server, folder.path()).await;
    assert_eq!((report.listed, report.read, report.complete), (300, 300, true));
}

#[tokio::test]
async fn a_list_that_is_short_withdraws_nothing() {
    let (server, folder) = (RegistryServer::start(records(100)).await, tempfile::tempdir().expect("a folder"));
    sync(&server, folder.path()).await;
    // It says that there are more than it names.
    server.with(|served| {
        served.says_total = Some(100);
        served.remove("500001");
    });
    let short = sync(&server, folder.path()).await;
    assert_eq!((short.listed, short.complete, short.withdrawn.len()), (99, false, 0));
    // It names half of what it named yesterday, and means it.
    server.with(|served| {
        served.says_total = None;
        (2..=50).for_each(|n| served.remove(&format!("{}", 500_000 + n)));
    });
    let half = sync(&server, folder.path()).await;
    assert_eq!((half.listed, half.withdrawn.len(), whats(&half)), (50, 0, vec!["the list"]));
    assert_eq!(kept::read(folder.path()).expect("reads").len(), 100);
}

#[tokio::test]
async fn a_registry_that_goes_away_is_left_in_peace_and_gone_on_with_later() {
    let (server, folder) = (RegistryServer::start(records(200)).await, tempfile::tempdir().expect("a folder"));
    for n in 41..=200 {
        server.break_for_good(&format!("services-extended/{}", 500_000 + n), Fault::Status(500));
    }
    let report = sync(&server, folder.path()).await;
    assert_eq!((report.read, report.left_out.len()), (40, 160));
    let tries = server.asked().len();
    assert!(tries < 40 + 30 * 5, "it was asked {tries} times");
    server.with(|served| (served.faults.clear(), served.lasting.clear()));
    assert_eq!(sync(&server, folder.path()).await.read, 160);
    assert_eq!(server.asked().len(), 160);
}

#[tokio::test]
async fn killed_in_the_middle_the_next_goes_on() {
    let (server, folder) = (RegistryServer::start(records(200)).await, tempfile::tempdir().expect("a folder"));
    let (told, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let progress = move |progress: Progress| {
        told.send(progress).ok();
    };
    tokio::select! {
        _ = sync_with(&server, folder.path(), &progress) => panic!("it was too quick"),
        () = async { while let Some(progress) = hears.recv().await { if progress == Progress::Read(90, 200) { return } } } => {}
    }
    assert!(kept::read(folder.path()).expect("reads").is_empty(), "what is kept is never half of it");
    server.asked();
    let report = sync(&server, folder.path()).await;
    assert_eq!((report.read + report.unchanged, report.complete), (200, true));
    assert!(report.unchanged >= 90, "{report:?}");
    // Those under way when it was killed may arrive after.
    let asked = server.asked().len();
    assert!((report.read..=report.read + 4).contains(&asked), "{asked} asked, {} read", report.read);
    assert_eq!(kept::read(folder.path()).expect("reads").len(), 200);
}

#[tokio::test]
async fn two_at_once_do_not_disturb_each_other() {
    let (server, folder) = (RegistryServer::start(records(120)).await, tempfile::tempdir().expect("a folder"));
    let quietly = |_: Progress| ();
    let (a, b) = tokio::join!(sync_with(&server, folder.path(), &quietly), sync_with(&server, folder.path(), &quietly));
    let (done, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 1));
    let refused = refused.into_iter().find_map(Result::err).expect("the other");
    assert!(refused.to_string().contains("another refresh"), "{refused}");
    assert_eq!(kept::read(folder.path()).expect("reads").len(), 120);
}

#[tokio::test]
async fn the_whole_registry_is_read_and_found() {
    let Some(all) = whole_registry() else { return };
    let (count, folder) = (all.len(), tempfile::tempdir().expect("a folder"));
    let server = RegistryServer::start(all).await;
    server.spoil("services/17", &[Fault::Cut, Fault::Status(500)]);
    let report = sync(&server, folder.path()).await;
    assert_eq!((report.listed, report.read, report.left_out.as_slice()), (count, count, &[][..]));
    let book = ProcedureBook::open(folder.path()).expect("opens");
    assert!(book.all().count() >= count);
}
