//! `ariadni procedures sync` as an operator meets it.

use std::path::Path;
use std::process::Output;

use crate::server::{Fault, RegistryServer, records};

async fn ariadni(folder: &Path, url: &str, arguments: &'static [&'static str]) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ariadni"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ARIADNI_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).env("ARIADNI_PROCEDURES__REGISTRY_URL", url).args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.expect("no panic").expect("the program starts")
}

#[tokio::test]
async fn the_command_reads_the_registry_and_says_what_it_left_out() {
    let (server, folder) = (RegistryServer::start(records(110)).await, tempfile::tempdir().expect("a folder"));
    server.break_for_good("services-extended/500110", Fault::Status(404));
    let synced = ariadni(folder.path(), &server.url(), &["procedures", "sync"]).await;
    let told = String::from_utf8_lossy(&synced.stdout);
    assert!(synced.status.success(), "{}", String::from_utf8_lossy(&synced.stderr));
    assert_eq!(
        told,
        "left out: 500110: the registry answered 404\n\
         listed 110 procedures: read 109, unchanged 0, withdrawn 0, left out 1\n"
    );
    let shown = ariadni(folder.path(), &server.url(), &["procedures", "show", "500003", "--json"]).await;
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    assert_eq!(shown["title"], "Διαδικασία δοκιμής αριθμός 3");
    assert_eq!(shown["last_updated"], "2026-05-21T09:00:00Z");
    assert!(shown["read_at"].is_string(), "{shown}");
}

#[tokio::test]
async fn without_a_registry_the_command_fails_plainly_and_keeps_what_there_was() {
    let (server, folder) = (RegistryServer::start(records(3)).await, tempfile::tempdir().expect("a folder"));
    assert!(ariadni(folder.path(), &server.url(), &["procedures", "sync"]).await.status.success());
    let url = server.url();
    drop(server);
    let failed = ariadni(folder.path(), &url, &["procedures", "sync"]).await;
    assert_eq!(failed.status.code(), Some(1));
    let told = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(told.contains("the list of procedures cannot be read: the registry cannot be reached"), "{told}");
    assert!(ariadni(folder.path(), &url, &["procedures", "show", "500001"]).await.status.success());
}
