//! What citizens are told of what others did: each kind of news, in its words, once, and only while it is news.

use std::sync::atomic::{AtomicU8, Ordering};

use ariadni::booking::core::{
    Actor, Appointment, AppointmentState, AvailabilityCore, BookingRequest, Closure, HoldRequest, Needs, Window,
};
use ariadni::booking::desk::{AppointmentDesk, Destination, Selection, TransferRequest};
use ariadni::booking::identity::Phone;
use ariadni::booking::notice::Notice;
use ariadni::booking::people::Mode;
use ariadni::booking::waiting::{OFFER_MINUTES, Wait, WaitRequest, WaitingList};
use ariadni::store::{CallbackRequest, Handoff, Store};
use ariadni::worker::Job;
use ariadni::worker::jobs::announce_news::AnnounceNews;
use chrono::TimeDelta;
use sqlx::Row;

use crate::conversations;
use crate::world::{
    INFORMATION, KYPSELI, PATRA, World, booking, citizen, hold_request, instant, on_every_engine, phone, staff,
};

/// Thursday 26 November 2026, 10:00 in Athens, and the midnights around it.
const TEN: &str = "2026-11-26T08:00:00Z";
const ELEVEN_FORTY: &str = "2026-11-26T09:40:00Z";
const THURSDAY: (&str, &str) = ("2026-11-25T22:00:00Z", "2026-11-26T22:00:00Z");

fn job(world: &World, store: Store) -> AnnounceNews {
    AnnounceNews {
        store,
        clock: world.clock.clone(),
        catalogue: world.core.in_force().clone(),
        phone: "1500".to_owned(),
        site: Some("https://rantevou.gr".to_owned()),
    }
}

/// Announces what there is; the messages it makes, with `CODE` for the code of each, and their telephones.
async fn announced(world: &World) -> Vec<[String; 3]> {
    let pool = world.raw().await;
    let before: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages").fetch_one(&pool).await.expect("counts");
    let made = job(world, world.store.clone()).run().await.expect("announces");
    let sql = "SELECT kind, phone, text FROM messages ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(&pool).await.expect("reads");
    let left =
        "SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL AND (kind LIKE 'appointment%' OR kind LIKE 'waiting%')";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&pool).await.expect("counts");
    assert_eq!(left, 0, "everything was looked at");
    let subjects: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT subject FROM outbox").fetch_all(&pool).await.expect("reads");
    pool.close().await;
    let messages = rows.iter().skip(usize::try_from(before).expect("a count")).map(|row| {
        let text: String = row.get(2);
        assert!(text.chars().count() <= 300, "{text}");
        assert!(!text.contains("Πολίτη"), "no name: {text}");
        [row.get(0), row.get(1), subjects.iter().fold(text, |text, subject| text.replace(subject.as_str(), "CODE"))]
    });
    let messages: Vec<_> = messages.collect();
    assert_eq!(messages.len() as u64, made);
    messages
}

/// The kinds and the texts of what is announced; all of it goes to the telephone of the booking.
async fn told(world: &World) -> Vec<(String, String)> {
    let messages = announced(world).await;
    assert!(messages.iter().all(|[_, to, _]| to == "6944123456"), "{messages:?}");
    messages.into_iter().map(|[kind, _, text]| (kind, text)).collect()
}

fn one(kind: &str, text: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), text.to_owned())]
}

async fn book(world: &World, start: &str, actor: &Actor) -> Appointment {
    book_in(world, Mode::InPerson, start, actor).await
}

async fn book_in(world: &World, mode: Mode, start: &str, actor: &Actor) -> Appointment {
    static BEFORE: AtomicU8 = AtomicU8::new(0);
    // One person may have one appointment.
    let name = format!("Άννα Πολίτη {}", char::from(b'A' + BEFORE.fetch_add(1, Ordering::Relaxed) % 26));
    let wish = HoldRequest { mode, ..hold_request(KYPSELI, start) };
    world.core.book_at(&wish, &booking(&"none".into(), &name), actor).await.expect("books")
}

async fn closed(world: &World) -> String {
    let window = Window { from: instant(THURSDAY.0), to: instant(THURSDAY.1) };
    let closure = Closure {
        office: KYPSELI.into(), resource: None, window, reason: "Διακοπή ρεύματος".to_owned()
    };
    let closed = world.core.close(&closure, &staff()).await.expect("closes");
    closed.id.expect("is known")
}

/// A citizen's appointment of Thursday at ten, for which the office proposes Friday at eight.
async fn proposed(world: &World) -> (Appointment, String) {
    let booked = book(world, TEN, &citizen()).await;
    let closure = closed(world).await;
    world.core.propose(&closure, &staff()).await.expect("proposes");
    (booked, closure)
}

const PROPOSED: &str = "Το ραντεβού σας για την Πέμπτη 26/11 στις 10:00 δεν μπορεί να γίνει. Σας κρατάμε άλλη ώρα: την \
                        Παρασκευή 27 Νοεμβρίου στις 8:00, στο ΚΕΠ Κυψέλης. Πείτε μας αν τη θέλετε ως την Τετάρτη 25/11 στις 8:00: καλέστε στο 1500 ή γράψτε μας στο https://rantevou.gr, με τον κωδικό CODE.";

#[tokio::test]
async fn what_officials_do_is_told_in_its_words() {
    on_every_engine(async |world| {
        let booked = book(world, TEN, &staff()).await;
        let text = "Κλείστηκε το ραντεβού σας: την Πέμπτη 26 Νοεμβρίου στις 10:00, στο ΚΕΠ Κυψέλης. Κωδικός: CODE. Για να το \
                    αλλάξετε ή να το ακυρώσετε, καλέστε στο 1500 ή γράψτε μας στο https://rantevou.gr.";
        assert_eq!(told(world).await, one("appointment_booked", text));
        world.core.reschedule(&booked.reference, instant(ELEVEN_FORTY), None, &staff()).await.expect("moves");
        let text = "Το ραντεβού σας CODE άλλαξε. Θα γίνει την Πέμπτη 26 Νοεμβρίου στις 11:40, στο ΚΕΠ Κυψέλης. Αν δεν σας \
                    βολεύει, καλέστε στο 1500 ή γράψτε μας στο https://rantevou.gr.";
        assert_eq!(told(world).await, one("appointment_rescheduled", text));
        let which = Selection { references: vec![booked.reference.clone()], ..Selection::default() };
        let to = Destination { office: Some(PATRA.into()), ..Destination::default() };
        let request = TransferRequest { which, to, reason: "Άδεια".to_owned(), dry_run: false };
        assert!(world.core.transfer(&request, &staff()).await.expect("moves").done);
        let text = "Το ραντεβού σας CODE άλλαξε. Θα γίνει την Πέμπτη 26 Νοεμβρίου στις 11:40, στο ΚΕΠ Πατρέων. Αν δεν σας \
                    βολεύει, καλέστε στο 1500 ή γράψτε μας στο https://rantevou.gr.";
        assert_eq!(told(world).await, one("appointment_transferred", text));
        world.core.cancel(&booked.reference, &staff(), "").await.expect("cancels");
        let text = "Ακυρώθηκε το ραντεβού σας CODE, που ήταν για την Πέμπτη 26 Νοεμβρίου στις 11:40, στο ΚΕΠ Πατρέων. Για νέο \
                    ραντεβού, καλέστε στο 1500 ή γράψτε μας στο https://rantevou.gr.";
        assert_eq!(told(world).await, one("appointment_cancelled", text));
        book_in(world, Mode::Phone, TEN, &staff()).await;
        assert!(told(world).await[0].1.contains("στις 10:00, στο ΚΕΠ Κυψέλης, τηλεφωνικά. Κωδικός"));
        assert_eq!(told(world).await, [], "each is told once");
    })
    .await;
}

#[tokio::test]
async fn what_citizens_do_themselves_and_what_happens_while_they_are_there_is_not_told() {
    on_every_engine(async |world| {
        let moved = book(world, TEN, &citizen()).await;
        world.core.reschedule(&moved.reference, instant(ELEVEN_FORTY), None, &citizen()).await.expect("moves");
        world.core.cancel(&moved.reference, &citizen(), "").await.expect("cancels");
        let accepted = proposed(world).await.0;
        world.core.answer_proposal(&accepted.reference, true, &citizen()).await.expect("accepts");
        assert_eq!(told(world).await, [], "neither his deeds nor what he has answered");
        let day = book(world, "2026-11-25T08:00:00Z", &citizen()).await;
        world.clock.advance(TimeDelta::hours(50));
        for state in [AppointmentState::CheckedIn, AppointmentState::Started, AppointmentState::Completed] {
            world.core.mark(&day.reference, state, &staff(), "").await.expect("marks");
        }
        assert_eq!(told(world).await, []);
        assert!(world.outbox().await.len() >= 9);
    })
    .await;
}

#[tokio::test]
async fn a_proposal_and_what_becomes_of_it_is_told() {
    on_every_engine(async |world| {
        let (booked, closure) = proposed(world).await;
        assert_eq!(told(world).await, one("appointment_proposed", PROPOSED));
        world.core.reopen(&closure, &staff()).await.expect("reopens");
        let text = "Το ραντεβού σας CODE ισχύει κανονικά: την Πέμπτη 26 Νοεμβρίου στις 10:00, στο ΚΕΠ Κυψέλης. Η νέα ώρα που σας \
                    προτείναμε δεν χρειάζεται πια.";
        assert_eq!(told(world).await, one("appointment_proposal_withdrawn", text));
        // Shut again, and nobody answers.
        let closure = closed(world).await;
        world.core.propose(&closure, &staff()).await.expect("proposes");
        assert_eq!(told(world).await, one("appointment_proposed", PROPOSED));
        world.clock.advance(TimeDelta::hours(48));
        assert_eq!(world.store.expire_proposals(world.clock.now()).await.expect("ends"), 1);
        let text = "Η νέα ώρα που σας προτείναμε για το ραντεβού σας CODE δεν ισχύει πια. Για να βρούμε άλλη, καλέστε στο 1500 ή \
                    γράψτε μας στο https://rantevou.gr.";
        assert_eq!(told(world).await, one("appointment_proposal_expired", text));
        // An official answers for the citizen.
        world.core.propose(&closure, &staff()).await.expect("proposes");
        assert_eq!(told(world).await.len(), 1);
        world.core.answer_proposal(&booked.reference, true, &staff()).await.expect("accepts");
        let accepted = told(world).await;
        assert_eq!(accepted[0].0, "appointment_proposal_accepted");
        assert!(accepted[0].1.starts_with("Το ραντεβού σας CODE άλλαξε. Θα γίνει την Παρασκευή 27"), "{accepted:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_overtaken_or_is_over_or_old_is_no_news() {
    on_every_engine(async |world| {
        let moved = book(world, TEN, &citizen()).await;
        world.core.reschedule(&moved.reference, instant(ELEVEN_FORTY), None, &staff()).await.expect("moves");
        world.core.reschedule(&moved.reference, instant(TEN), None, &staff()).await.expect("moves back");
        let news = told(world).await;
        assert_eq!(news.len(), 1, "only where it is now: {news:?}");
        assert!(news[0].1.contains("στις 10:00"), "{news:?}");
        world.core.reschedule(&moved.reference, instant(ELEVEN_FORTY), None, &staff()).await.expect("moves");
        world.core.cancel(&moved.reference, &citizen(), "").await.expect("cancels");
        assert_eq!(told(world).await, [], "the citizen knows more than the news");
        let near = book(world, "2026-11-23T09:40:00Z", &staff()).await;
        let far = book(world, TEN, &staff()).await;
        world.clock.advance(near.start - world.clock.now());
        let news = told(world).await;
        assert_eq!(news.len(), 1, "nothing of what has begun: {news:?}");
        world.core.reschedule(&far.reference, instant("2026-11-30T08:00:00Z"), None, &staff()).await.expect("moves");
        world.clock.advance(TimeDelta::days(3));
        assert_eq!(told(world).await, [], "it lies too far back");
    })
    .await;
}

#[tokio::test]
async fn a_message_is_of_no_use_once_its_moment_is_over() {
    on_every_engine(async |world| {
        let booked = book(world, "2026-11-23T09:40:00Z", &staff()).await;
        assert_eq!(told(world).await.len(), 1);
        world.clock.advance(booked.start - world.clock.now());
        let late = world.store.take_due(world.clock.now(), 10, TimeDelta::minutes(2)).await.expect("takes");
        assert_eq!(late[0].send_until, booked.start);
    })
    .await;
}

#[tokio::test]
async fn landlines_are_told_nothing_and_what_is_for_staff_is_left_to_them() {
    on_every_engine(async |world| {
        let people = BookingRequest {
            phone: Phone::parse("2101234567").expect("a landline"),
            ..booking(&"none".into(), "Άννα Πολίτη")
        };
        world.core.book_at(&hold_request(KYPSELI, TEN), &people, &staff()).await.expect("books");
        let conversation = conversations::new(world, "c-1");
        world.store.create_conversation(&conversation).await.expect("begins");
        let handoff = Handoff { conversation: "c-1".to_owned(), reason: "asked".to_owned(), slots: "{}".to_owned() };
        world.store.record_handoff(&handoff).await.expect("records");
        let callback = CallbackRequest { conversation: "c-1".to_owned(), phone: phone() };
        world.store.record_callback(&callback).await.expect("records");
        closed(world).await;
        assert_eq!(announced(world).await, [[""; 3]; 0]);
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL").await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_holds_up_nobody() {
    on_every_engine(async |world| {
        let pool = world.raw().await;
        for (kind, subject, payload) in
            [("appointment_cancelled", "NOBODY", "{}"), ("waiting_offered", "X", "}"), ("appointment_booked", "", "")]
        {
            sqlx::query(
                "INSERT INTO outbox (kind, subject, payload, created_at, told_by) VALUES ($1, $2, $3, 0, 'staff')",
            )
            .bind(kind)
            .bind(subject)
            .bind(payload)
            .execute(&pool)
            .await
            .expect("writes");
        }
        pool.close().await;
        book(world, TEN, &staff()).await;
        assert_eq!(announced(world).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_dies_half_way_has_told_nothing() {
    on_every_engine(async |world| {
        for start in [TEN, ELEVEN_FORTY] {
            book(world, start, &staff()).await;
        }
        let store = world.store.clone();
        let broken = tokio::spawn(async move {
            let worded = AtomicU8::new(0);
            let dies = |_: &Notice| {
                assert_eq!(worded.fetch_add(1, Ordering::Relaxed), 0, "dies at the second");
                "α".to_owned()
            };
            store.turn_news(&dies).await
        });
        assert!(broken.await.is_err(), "it died");
        assert_eq!(world.count("SELECT COUNT(*) FROM messages").await, 0);
        assert_eq!(told(world).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn processes_at_once_tell_each_thing_once() {
    on_every_engine(async |world| {
        for minute in ["00", "20", "40"] {
            for _ in 0..2 {
                book(world, &format!("2026-11-26T08:{minute}:00Z"), &staff()).await;
            }
        }
        let others = [
            Store::open(&world.database.url, world.clock.clone()).await.expect("opens"),
            Store::open(&world.database.url, world.clock.clone()).await.expect("opens"),
        ];
        let jobs = [job(world, world.store.clone()), job(world, others[0].clone()), job(world, others[1].clone())];
        let made = futures::future::join_all(jobs.iter().map(|job| job.run())).await;
        let made: u64 = made.into_iter().map(|made| made.expect("announces")).sum();
        assert_eq!((made, world.count("SELECT COUNT(*) FROM messages").await), (6, 6));
        for store in others {
            store.close().await;
        }
    })
    .await;
}

/// The `n`-th person waits for Thursday at ten in Patra, where one desk serves.
async fn wait(world: &World, n: usize) -> Wait {
    let name = format!("Πολίτης {}", ["Α", "Β"][n]);
    let request = WaitRequest {
        service: INFORMATION.into(),
        offices: vec![PATRA.into()],
        mode: Mode::InPerson,
        needs: Needs::default(),
        windows: vec![Window { from: instant(TEN), to: instant(TEN) }],
        excluded: Vec::new(),
        daily: None,
        beneficiary: name.clone(),
        requester: name,
        phone: Phone::parse(&format!("694400000{n}")).expect("a telephone"),
        email: None,
        on_behalf: false,
        relation: None,
        procedure: None,
        identity: None,
    };
    let joined = world.core.wait(&request, &citizen()).await.expect("joins");
    world.clock.advance(TimeDelta::seconds(1));
    joined
}

#[tokio::test]
async fn whoever_waits_is_told_of_an_offer_and_of_its_end() {
    on_every_engine(async |world| {
        let first = world.book(PATRA, TEN, "Άννα Πολίτη").await.expect("books");
        let waits = [wait(world, 0).await, wait(world, 1).await];
        world.core.cancel(&first.reference, &citizen(), "").await.expect("cancels");
        world.clock.advance(TimeDelta::hours(1));
        assert_eq!(announced(world).await, [[""; 3]; 0]);
        assert_eq!(world.core.offer_free().await, Ok(1));
        let offered = "Άδειασε θέση για πληροφορίες και αιτήσεις: την Πέμπτη 26 Νοεμβρίου στις 10:00, στο ΚΕΠ Πατρέων. Την παίρνει \
                       όποιος απαντήσει πρώτος, ως τις 9:30. Για να την πάρετε, καλέστε στο 1500 ή γράψτε μας στο \
                       https://rantevou.gr, με τον κωδικό CODE.";
        let to = |n: usize, kind: &str, text: &str| [kind.to_owned(), format!("694400000{n}"), text.to_owned()];
        let mut told = announced(world).await;
        told.sort();
        assert_eq!(told, [to(0, "waiting_offered", offered), to(1, "waiting_offered", offered)]);
        let phone = waits[0].request.phone.clone();
        let taken = world.core.accept(&waits[0].reference, &phone, &citizen()).await.expect("accepts");
        let gone = "Η θέση που είχε αδειάσει δεν είναι πια ελεύθερη. Μένετε στη λίστα αναμονής, στη σειρά σας (κωδικός CODE). Θα \
                    σας ειδοποιήσουμε για την επόμενη.";
        assert_eq!(announced(world).await, [to(1, "waiting_offer_gone", gone)]);
        // The one who said yes cannot come after all; the other does not answer in time.
        world.core.cancel(&taken.reference, &citizen(), "").await.expect("cancels");
        world.clock.advance(TimeDelta::hours(1));
        assert_eq!(world.core.offer_free().await, Ok(1));
        assert_eq!(announced(world).await.len(), 1);
        world.clock.advance(TimeDelta::minutes(OFFER_MINUTES));
        world.core.offer_free().await.expect("ends it");
        let missed = "Πέρασε η ώρα για τη θέση που είχε αδειάσει και θα δοθεί στον επόμενο. Μένετε στη λίστα αναμονής (κωδικός CODE). \
                      Αν δεν περιμένετε πια, καλέστε στο 1500 ή γράψτε μας στο https://rantevou.gr.";
        assert_eq!(announced(world).await, [to(1, "waiting_offer_missed", missed)]);
    })
    .await;
}

#[tokio::test]
async fn an_offer_that_is_over_by_then_is_not_told() {
    on_every_engine(async |world| {
        let first = world.book(PATRA, TEN, "Άννα Πολίτη").await.expect("books");
        let one = wait(world, 0).await;
        world.core.cancel(&first.reference, &staff(), "").await.expect("cancels");
        assert_eq!(world.core.offer_free().await, Ok(1));
        world.core.decline(&one.reference, &one.request.phone, &citizen()).await.expect("declines");
        let told = announced(world).await;
        assert_eq!(told.iter().map(|[kind, ..]| kind.as_str()).collect::<Vec<_>>(), ["appointment_cancelled"]);
    })
    .await;
}
