//! Appointments written as calendars: what is there, what is not, and that other programs can read it.

use ariadni::booking::core::{AppointmentState, Window};
use ariadni::booking::icalendar::{Feed, FeedEntry, busy_times, citizen_file};
use ariadni::booking::people::{Guest, Mode};
use ariadni::booking::reference::Reference;

use crate::world::{self, KYPSELI, instant};

fn entry(state: AppointmentState, mode: Mode) -> FeedEntry {
    FeedEntry {
        reference: Reference::from_random(4_827_301),
        state,
        service: world::INFORMATION.into(),
        resource: "kep-kypselis-1".into(),
        mode,
        start: instant("2026-11-24T08:00:00Z"),
        end: instant("2026-11-24T08:20:00Z"),
        beneficiary: "Παπαδοπούλου Μαρία".into(),
        guests: vec![Guest::SignLanguageInterpreter],
        sequence: 3,
        changed: instant("2026-11-23T06:00:00Z"),
    }
}

fn feed(entries: &[FeedEntry]) -> String {
    let catalogue = world::catalogue();
    let office = catalogue.office(&KYPSELI.into()).expect("an office");
    Feed { catalogue: &catalogue, office, resource: None }.write(entries)
}

/// The lines of the text with their folds undone, after a look at the folds.
fn lines(text: &str) -> Vec<String> {
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "no line is longer than 75 octets");
    text.replace("\r\n ", "").trim_end().split("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_feed_shows_what_staff_need_and_no_more() {
    let text = feed(&[entry(AppointmentState::Booked, Mode::InPerson)]);
    let lines = lines(&text);
    let office = world::catalogue().office(&KYPSELI.into()).expect("an office").clone();
    let reference = Reference::from_random(4_827_301);
    for expected in [
        "METHOD:PUBLISH".to_owned(),
        format!("X-WR-CALNAME:{}", office.name),
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M".to_owned(),
        format!("UID:{reference}@ariadni"),
        "SEQUENCE:3".to_owned(),
        "STATUS:CONFIRMED".to_owned(),
        "DTSTAMP:20261123T060000Z".to_owned(),
        "DTSTART:20261124T080000Z".to_owned(),
        "DTEND:20261124T082000Z".to_owned(),
        format!("LOCATION:{}\\, {}", office.name, office.address.replace(',', "\\,")),
    ] {
        assert!(lines.contains(&expected), "{expected}\n{text}");
    }
    let summary = lines.iter().find(|line| line.starts_with("SUMMARY:")).expect("a summary");
    assert!(summary.ends_with("με φυσική παρουσία: Μαρία Π."), "{summary}");
    assert!(!lines.join("").contains("Παπαδοπούλου"), "{text}");
    let busy = busy_times(text.as_bytes(), day(), chrono_tz::Europe::Athens).expect("a calendar");
    assert_eq!(busy.windows, [Window { from: instant("2026-11-24T08:00:00Z"), to: instant("2026-11-24T08:20:00Z") }]);
}

#[test]
fn what_is_cancelled_stays_in_the_feed_as_cancelled_and_takes_no_time() {
    let text = feed(&[entry(AppointmentState::Cancelled, Mode::Video)]);
    let lines = lines(&text);
    assert!(lines.contains(&"STATUS:CANCELLED".to_owned()), "{text}");
    assert!(!lines.iter().any(|line| line.starts_with("LOCATION")), "nobody goes to a video call: {text}");
    let busy = busy_times(text.as_bytes(), day(), chrono_tz::Europe::Athens).expect("a calendar");
    assert_eq!(busy.windows, []);
    assert_eq!(feed(&[]), feed(&[]));
}

#[tokio::test]
async fn a_citizen_is_reminded_a_day_before_and_nobody_is_named() {
    world::on_every_engine(async |world| {
        let mut booked = world.book(KYPSELI, "2026-11-24T08:00:00Z", "Μαρία Παπαδοπούλου").await.expect("booked");
        let catalogue = world::catalogue();
        let text = citizen_file(&catalogue, &booked, instant(world::MONDAY));
        let there = lines(&text);
        for expected in ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D", "SEQUENCE:0", "METHOD:PUBLISH"] {
            assert!(there.contains(&expected.to_owned()), "{expected}\n{text}");
        }
        assert!(there.iter().any(|line| line.starts_with("SUMMARY:Ραντεβού στο ΚΕΠ")), "{text}");
        assert!(there.join("").contains(booked.reference.as_str()));
        assert!(!text.contains("Μαρία") && !text.contains(world::phone().as_str()), "{text}");
        booked.state = AppointmentState::Cancelled;
        let text = citizen_file(&catalogue, &booked, instant(world::MONDAY));
        assert!(text.contains("STATUS:CANCELLED") && !text.contains("VALARM"), "{text}");
    })
    .await;
}

fn day() -> Window {
    Window { from: instant("2026-11-24T00:00:00Z"), to: instant("2026-11-25T00:00:00Z") }
}
