//! Calendars fetched from a web server: what is taken, what is tried again, where one may not go.

use ariadni::gateway::calendars::{CalendarAddress, CalendarSource, FetchError, Fetched, Version, WebCalendars};

use crate::calendar_server::CalendarServer;

async fn fetch(server: &CalendarServer, path: &str) -> Result<Fetched, FetchError> {
    fetch_from(&server.url(path), true).await
}

async fn fetch_from(url: &str, private_allowed: bool) -> Result<Fetched, FetchError> {
    let source = WebCalendars::new(private_allowed);
    source.fetch(&CalendarAddress::parse(url).expect("an address"), &Version::default()).await
}

fn text(fetched: &Fetched) -> String {
    match fetched {
        Fetched::Calendar { text, .. } => String::from_utf8(text.clone()).expect("text"),
        Fetched::Unchanged => "unchanged".to_owned(),
    }
}

#[tokio::test]
async fn the_same_version_is_not_fetched_twice() {
    let server = CalendarServer::start().await;
    server.with(|served| (served.text, served.etag) = ("one".into(), Some("\"1\"".into())));
    let source = WebCalendars::new(true);
    let address = CalendarAddress::parse(&server.url("calendar.ics")).expect("an address");
    let Fetched::Calendar { text, version } = source.fetch(&address, &Version::default()).await.expect("fetched")
    else {
        panic!("nothing was known");
    };
    assert_eq!((text.as_slice(), version.etag.as_str()), (b"one".as_slice(), "\"1\""));
    assert_eq!(source.fetch(&address, &version).await, Ok(Fetched::Unchanged));
    server.with(|served| (served.text, served.etag) = ("two".into(), Some("\"2\"".into())));
    assert!(matches!(source.fetch(&address, &version).await, Ok(Fetched::Calendar { text, .. }) if text == b"two"));
}

#[tokio::test]
async fn a_stumble_is_tried_again_and_a_refusal_is_not() {
    let server = CalendarServer::start().await;
    server.with(|served| (served.text, served.failures) = ("late".into(), 2));
    assert_eq!(text(&fetch(&server, "calendar.ics").await.expect("the third try")), "late");
    assert_eq!(server.with(|served| std::mem::take(&mut served.requests)), 3);
    server.with(|served| served.failures = 9);
    assert_eq!(fetch(&server, "calendar.ics").await, Err(FetchError::Status(503)));
    assert_eq!(server.with(|served| std::mem::take(&mut served.requests)), 3);
    assert_eq!(fetch(&server, "missing").await, Err(FetchError::Status(404)));
    assert_eq!(server.with(|served| served.requests), 1);
}

#[tokio::test]
async fn redirects_sizes_and_silence_are_bounded() {
    let server = CalendarServer::start().await;
    server.serve(&[("one", "20261124T080000Z", "20261124T090000Z")]);
    assert!(text(&fetch(&server, "moved").await.expect("followed")).contains("UID:one"));
    assert_eq!(fetch(&server, "circle").await, Err(FetchError::Redirected));
    assert_eq!(fetch(&server, "out").await, Err(FetchError::Redirected));
    assert_eq!(fetch(&server, "huge").await, Err(FetchError::TooLarge));
    let port = server.address.port();
    drop(server);
    tokio::task::yield_now().await;
    let gone = fetch_from(&format!("http://127.0.0.1:{port}/"), true).await;
    assert_eq!(gone, Err(FetchError::Unreachable));
}

#[tokio::test]
async fn what_is_private_is_not_asked_unless_it_is_allowed() {
    let server = CalendarServer::start().await;
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "[::1]", "0x7f.1"] {
        let refused = fetch_from(&format!("http://{host}:{port}/calendar.ics"), false).await;
        assert_eq!(refused, Err(FetchError::Private), "{host}");
    }
    assert_eq!(server.with(|served| served.requests), 0, "nobody was asked");
}
