//! Calendars of other programs, read as busy times: the standard, its two great dialects, and mischief.

use std::time::{Duration, Instant};

use ariadni::booking::core::Window;
use ariadni::booking::icalendar::{BusyTimes, LARGEST, MOST_OCCURRENCES, Unreadable, busy_times};
use chrono::SecondsFormat;
use chrono_tz::Tz;

use crate::world::instant;

const ATHENS: Tz = chrono_tz::Europe::Athens;

fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{}\r\nEND:VCALENDAR\r\n", crlf(lines))
}

fn event(lines: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:one\n{lines}\nEND:VEVENT"))
}

fn crlf(lines: &str) -> String {
    lines.lines().map(str::trim).collect::<Vec<_>>().join("\r\n")
}

fn span(from: &str, to: &str) -> Window {
    Window { from: instant(&format!("{from}T00:00:00Z")), to: instant(&format!("{to}T00:00:00Z")) }
}

fn read(text: &str, from: &str, to: &str) -> BusyTimes {
    busy_times(text.as_bytes(), span(from, to), ATHENS).expect("a calendar")
}

/// `11-23T08:00/09:00`: the windows without year and seconds, the end without its day where it is that of the start.
fn shown(busy: &BusyTimes) -> Vec<String> {
    let show = |window: &Window| {
        let [from, to] = [window.from, window.to].map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
        let to = if from[..10] == to[..10] { &to[11..16] } else { &to[5..16] };
        format!("{}/{to}", &from[5..16])
    };
    busy.windows.iter().map(show).collect()
}

/// A name, what the event says, the span (days of 2026), and when its owner is busy, UTC.
type Case = (&'static str, &'static str, (&'static str, &'static str), &'static [&'static str]);

const EVENTS: &[Case] = &[
    ("UTC", "DTSTART:20261123T080000Z\nDTEND:20261123T090000Z", ("11-23", "11-24"), &["11-23T08:00/09:00"]),
    ("floating", "DTSTART:20261123T080000\nDTEND:20261123T090000", ("11-23", "11-24"), &["11-23T06:00/07:00"]),
    (
        "zoned",
        "DTSTART;TZID=Europe/Berlin:20261123T080000\nDURATION:PT1H30M",
        ("11-23", "11-24"),
        &["11-23T07:00/08:30"],
    ),
    (
        "two zones",
        "DTSTART;TZID=Europe/Berlin:20261123T080000\nDTEND;TZID=Europe/Athens:20261123T100000",
        ("11-23", "11-24"),
        &["11-23T07:00/08:00"],
    ),
    (
        "a zone with a prefix",
        "DTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/Europe/Berlin:20261123T080000\nDURATION:PT1H",
        ("11-23", "11-24"),
        &["11-23T07:00/08:00"],
    ),
    ("all day", "DTSTART;VALUE=DATE:20261125", ("11-23", "11-28"), &["11-24T22:00/11-25T22:00"]),
    (
        "three days",
        "DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261128",
        ("11-23", "11-30"),
        &["11-24T22:00/11-27T22:00"],
    ),
    ("clipped", "DTSTART:20261101T000000Z\nDTEND:20261201T000000Z", ("11-23", "11-24"), &["11-23T00:00/11-24T00:00"]),
    ("outside", "DTSTART:20261101T000000Z\nDTEND:20261102T000000Z", ("11-23", "11-24"), &[]),
    ("no length", "DTSTART:20261123T080000Z", ("11-23", "11-24"), &[]),
    ("free", "DTSTART:20261123T080000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", ("11-23", "11-24"), &[]),
    ("cancelled", "DTSTART:20261123T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED", ("11-23", "11-24"), &[]),
    (
        "tentative",
        "DTSTART:20261123T080000Z\nDURATION:PT1H\nSTATUS:TENTATIVE",
        ("11-23", "11-24"),
        &["11-23T08:00/09:00"],
    ),
    // 29 March 2026: 03:00 becomes 04:00. A meeting at 03:30 is held as if it had not, and nine o'clock stays nine.
    (
        "spring, skipped hour",
        "DTSTART;TZID=Europe/Athens:20260328T033000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3",
        ("03-27", "04-01"),
        &["03-28T01:30/02:00", "03-29T01:30/02:00", "03-30T00:30/01:00"],
    ),
    (
        "spring, wall clock",
        "DTSTART;TZID=Europe/Athens:20260328T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2",
        ("03-27", "04-01"),
        &["03-28T07:00/08:00", "03-29T06:00/07:00"],
    ),
    ("spring, whole day", "DTSTART;VALUE=DATE:20260329", ("03-27", "04-01"), &["03-28T22:00/03-29T21:00"]),
    // 25 October 2026: 04:00 becomes 03:00. The hour that comes twice is meant the first time.
    (
        "autumn, doubled hour",
        "DTSTART;TZID=Europe/Athens:20261024T033000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3",
        ("10-23", "10-28"),
        &["10-24T00:30/01:00", "10-25T00:30/01:00", "10-26T01:30/02:00"],
    ),
    ("autumn, whole day", "DTSTART;VALUE=DATE:20261025", ("10-23", "10-28"), &["10-24T21:00/10-25T22:00"]),
    (
        "a day as DURATION",
        "DTSTART;TZID=Europe/Athens:20261024T120000\nDURATION:P1D",
        ("10-23", "10-28"),
        &["10-24T09:00/10-25T10:00"],
    ),
    (
        "RDATE and EXDATE",
        "DTSTART:20261123T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261125T080000Z\nEXDATE:20261124T080000Z\nRDATE:20261127T080000Z\nRDATE;VALUE=PERIOD:20261128T080000Z/PT3H",
        ("11-23", "11-30"),
        &["11-23T08:00/09:00", "11-25T08:00/09:00", "11-27T08:00/09:00", "11-28T08:00/11:00"],
    ),
    (
        "UNTIL as a day",
        "DTSTART;TZID=Europe/Athens:20261123T080000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261124",
        ("11-23", "11-30"),
        &["11-23T06:00/07:00", "11-24T06:00/07:00"],
    ),
    (
        "UNTIL without a zone",
        "DTSTART;TZID=Europe/Athens:20261123T080000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261124T080000",
        ("11-23", "11-30"),
        &["11-23T06:00/07:00", "11-24T06:00/07:00"],
    ),
    (
        "ended long ago",
        "DTSTART:20190101T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20200101T080000Z",
        ("11-23", "11-30"),
        &[],
    ),
    (
        "since long ago",
        "DTSTART:20010101T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        ("11-16", "11-30"),
        &["11-17T08:00/09:00"],
    ),
    (
        "last Friday",
        "DTSTART:20260130T080000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYDAY=-1FR",
        ("11-01", "11-30"),
        &["11-27T08:00/09:00"],
    ),
    (
        "touching",
        "DTSTART:20261123T080000Z\nDURATION:PT1H\nRDATE:20261123T090000Z,20261123T083000Z",
        ("11-23", "11-24"),
        &["11-23T08:00/10:00"],
    ),
    (
        "over midnight",
        "DTSTART:20261122T230000Z\nDURATION:PT2H\nRRULE:FREQ=DAILY",
        ("11-24", "11-25"),
        &["11-24T00:00/01:00", "11-24T23:00/11-25T00:00"],
    ),
];

#[test]
fn events_are_read_by_the_standard() {
    for (name, lines, (from, to), expected) in EVENTS {
        let busy = read(&event(lines), &format!("2026-{from}"), &format!("2026-{to}"));
        assert_eq!(shown(&busy), *expected, "{name}");
        assert_eq!(busy.problems, [], "{name}");
    }
}

#[test]
fn a_leap_day_comes_every_four_years() {
    let text = event("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY");
    assert_eq!(shown(&read(&text, "2027-01-01", "2028-01-01")), <[&str; 0]>::default());
    assert_eq!(shown(&read(&text, "2028-01-01", "2029-01-01")), ["02-28T22:00/02-29T22:00"]);
}

#[test]
fn single_times_of_a_series_are_moved_cancelled_and_moved_from_one_on() {
    let series = |other: &str| {
        let master =
            "BEGIN:VEVENT\nUID:s\nDTSTART:20261123T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT";
        let stranger = "BEGIN:VEVENT\nUID:t\nDTSTART:20261123T080000Z\nDURATION:PT10M\nEND:VEVENT";
        let other = format!("BEGIN:VEVENT\nUID:s\n{other}\nEND:VEVENT");
        shown(&read(&calendar(&format!("{other}\n{master}\n{stranger}")), "2026-11-23", "2026-11-30"))
    };
    assert_eq!(
        series("RECURRENCE-ID:20261124T080000Z\nDTSTART:20261124T150000Z\nDURATION:PT2H\nSEQUENCE:7"),
        ["11-23T08:00/09:00", "11-24T15:00/17:00", "11-25T08:00/09:00", "11-26T08:00/09:00"]
    );
    assert_eq!(
        series("RECURRENCE-ID:20261123T080000Z\nDTSTART:20261123T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED"),
        ["11-23T08:00/08:10", "11-24T08:00/09:00", "11-25T08:00/09:00", "11-26T08:00/09:00"],
        "a stranger with the same start stays"
    );
    assert_eq!(
        series("RECURRENCE-ID;RANGE=THISANDFUTURE:20261125T080000Z\nDTSTART:20261125T100000Z\nDURATION:PT30M"),
        ["11-23T08:00/09:00", "11-24T08:00/09:00", "11-25T10:00/10:30", "11-26T10:00/10:30"]
    );
    assert_eq!(
        series("RECURRENCE-ID;VALUE=DATE:20261124\nDTSTART:20261124T150000Z\nDURATION:PT2H"),
        ["11-23T08:00/09:00", "11-24T15:00/17:00", "11-25T08:00/09:00", "11-26T08:00/09:00"]
    );
}

#[test]
fn free_busy_lists_are_read() {
    let text = calendar(
        "BEGIN:VFREEBUSY\nUID:f\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20261123T080000Z/20261123T090000Z,20261123T120000Z/PT1H\n\
         FREEBUSY;FBTYPE=FREE:20261123T150000Z/PT1H\nEND:VFREEBUSY",
    );
    assert_eq!(shown(&read(&text, "2026-11-23", "2026-11-24")), ["11-23T08:00/09:00", "11-23T12:00/13:00"]);
}

#[test]
fn what_google_writes_is_understood() {
    let busy = read(include_str!("calendars/google.ics"), "2026-11-23", "2026-12-03");
    let expected = ["11-23T07:00/07:30", "11-26T22:00/11-27T22:00", "11-30T10:00/11:00", "12-02T07:00/07:30"];
    assert_eq!(shown(&busy), expected);
    assert_eq!(busy.problems, []);
}

#[test]
fn what_outlook_writes_is_understood() {
    let busy = read(include_str!("calendars/outlook.ics"), "2026-11-23", "2026-12-03");
    let expected = ["11-23T08:00/09:00", "11-25T08:00/09:00", "11-26T08:00/09:00", "11-27T08:00/09:00"];
    assert_eq!(shown(&busy), expected);
}

#[test]
fn a_broken_event_is_reported_and_the_others_stand() {
    let good = "BEGIN:VEVENT\nUID:good\nDTSTART:20261123T080000Z\nDURATION:PT1H\nEND:VEVENT";
    let cases = [
        ("SUMMARY:nothing else", "no start"),
        ("DTSTART:yesterday", "no start"),
        ("DTSTART:20261399T080000Z", "no start"),
        ("DTSTART:20261123T100000Z\nDTEND:20261123T090000Z", "ends before"),
        ("DTSTART:20261123T100000Z\nDURATION:-PT1H", "ends before"),
        ("DTSTART:20261123T100000Z\nDURATION:P4000000W", "longer than ten years"),
        ("DTSTART:20261123T080000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES", "repetition"),
        ("DTSTART:20261123T080000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY", "repetition"),
        ("DTSTART;TZID=Middle Earth:20261123T100000\nDURATION:PT1H", "time zone"),
    ];
    for (lines, complaint) in cases {
        let bad = format!("BEGIN:VEVENT\nUID:bad\n{lines}\nEND:VEVENT");
        let busy = read(&calendar(&format!("{bad}\n{good}")), "2026-11-23", "2026-11-24");
        assert_eq!(shown(&busy), ["11-23T08:00/09:00"], "{lines}");
        let [problem] = busy.problems.as_slice() else { panic!("{lines}: {:?}", busy.problems) };
        assert_eq!(problem.event, 1, "{lines}");
        assert!(problem.to_string().contains(complaint), "{lines}: {problem}");
    }
}

#[test]
fn what_is_no_whole_calendar_is_refused() {
    let whole = event("DTSTART:20261123T080000Z\nDURATION:PT1H");
    let huge = format!("{}{}", whole.trim_end(), " ".repeat(LARGEST));
    let cut = &whole[..whole.len() - 20];
    let cases: &[(&[u8], Unreadable)] = &[
        (b"", Unreadable::NotACalendar),
        (b"<!doctype html><title>Sign in</title>", Unreadable::NotACalendar),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\0\x80", Unreadable::NotACalendar),
        (b"BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n", Unreadable::NotACalendar),
        (cut.as_bytes(), Unreadable::Unfinished),
        (huge.as_bytes(), Unreadable::TooLarge),
    ];
    for (text, expected) in cases {
        assert_eq!(busy_times(text, span("2026-11-23", "2026-11-24"), ATHENS), Err(*expected));
    }
}

#[test]
fn mischief_costs_little_and_harms_nothing() {
    let rule = |rule: &str| format!("DTSTART:20200101T080000Z\nDURATION:PT1S\nRRULE:{rule}");
    let list = |last: usize| (0..last).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let every_second = format!("FREQ=YEARLY;BYHOUR={};BYMINUTE={};BYSECOND={}", list(24), list(60), list(60));
    let many = |lines: &str| {
        let events: Vec<String> = (0..2_000).map(|n| format!("BEGIN:VEVENT\nUID:{n}\n{lines}\nEND:VEVENT")).collect();
        calendar(&events.join("\n"))
    };
    let unfolded = format!("DTSTART:20261123T080000Z\nDURATION:PT1H\nSUMMARY:{}", "χ".repeat(1_000_000));
    let texts = [
        event(&rule("FREQ=SECONDLY")),
        event(&rule("FREQ=SECONDLY;COUNT=4000000000")),
        event(&rule(&every_second)),
        event(&rule("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30")),
        event(&rule("FREQ=DAILY;INTERVAL=65535;BYDAY=MO;BYMONTHDAY=31;BYYEARDAY=-366")),
        many(&rule("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")),
        many(&rule("FREQ=DAILY;COUNT=100000000")),
        event(&unfolded),
        calendar(&"BEGIN:VEVENT\n".repeat(20_000)),
        event("DTSTART:99991231T235959Z\nDURATION:P9999999W"),
        event("DTSTART:00010101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"),
        event("DTSTART:20261123T080000Z\nDURATION:PT1H\0\u{7}\u{202e}\nX-\u{ff}:;;;:::,,,\"\"\""),
    ];
    for text in texts {
        let begun = Instant::now();
        let busy = read(&text, "2026-11-23", "2027-05-22");
        assert!(busy.windows.len() <= MOST_OCCURRENCES);
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{:?} for {}",
            begun.elapsed(),
            &text[..200.min(text.len())]
        );
    }
    let busy = read(&event(&unfolded), "2026-11-23", "2026-11-24");
    assert_eq!(shown(&busy), ["11-23T08:00/09:00"], "a line of two megabytes");
}
