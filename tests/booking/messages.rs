//! Messages on their way: in their order, to each once, again when the gateway could not take them, and forgotten in time.

use std::sync::Arc;
use std::time::Duration;

use ariadni::app::App;
use ariadni::booking::identity::Phone;
use ariadni::clock::Clock;
use ariadni::config::{Config, Messages};
use ariadni::gateway::sms::{MessageSender, SendError};
use ariadni::store::{Store, Undelivered};
use ariadni::worker::Job;
use ariadni::worker::jobs::deliver_messages::DeliverMessages;
use ariadni::worker::jobs::forget_messages::ForgetMessages;
use chrono::TimeDelta;

use crate::sms_server::{Answer, SmsServer};
use crate::world::{MONDAY, World, instant, on_every_engine};

const LEASE: TimeDelta = TimeDelta::minutes(2);

fn phone(text: &str) -> Phone {
    Phone::parse(text).expect("a telephone")
}

fn job(world: &World, server: &SmsServer) -> DeliverMessages {
    DeliverMessages { store: world.store.clone(), clock: world.clock.clone(), sender: Arc::new(server.sender()) }
}

async fn record(world: &World, to: &str, text: &str) {
    assert!(world.store.record_message("c-1", "documents", &phone(to), text).await.expect("records"));
}

/// The reason of the one message that was given up.
async fn given_up(world: &World) -> Option<String> {
    let pool = world.raw().await;
    let sql = "SELECT reason FROM messages WHERE failed_at > 0";
    let reason = sqlx::query_scalar(sql).fetch_optional(&pool).await.expect("reads");
    pool.close().await;
    reason
}

#[tokio::test]
async fn a_message_is_posted_once_with_its_key_and_its_secret() {
    on_every_engine(async |world| {
        let server = SmsServer::start().await;
        record(world, "6944123456", "Φέρτε την ταυτότητά σας.").await;
        let job = job(world, &server);
        assert_eq!(job.run().await.expect("sends"), 1);
        assert_eq!(job.run().await.expect("has nothing to do"), 0);
        let [posted] = &server.posted()[..] else { panic!("{:?}", server.posted()) };
        assert_eq!((posted.to.as_str(), posted.from.as_str()), ("+306944123456", "Ariadni"));
        assert_eq!(posted.text, "Φέρτε την ταυτότητά σας.");
        assert_eq!(posted.key.len(), 36);
        assert_eq!(
            world.count("SELECT COUNT(*) FROM messages WHERE delivered_at > 0 AND conversation = 'c-1'").await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn only_mobile_telephones_of_the_country_are_written_to() {
    on_every_engine(async |world| {
        for to in ["2101234567", "+49711222222"] {
            let recorded = world.store.record_message("c-1", "documents", &phone(to), "Φέρτε την ταυτότητά σας.").await;
            assert!(!recorded.expect("answers"), "{to}");
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM messages").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_the_gateway_cannot_take_now_is_sent_later_under_the_same_key() {
    on_every_engine(async |world| {
        let server = SmsServer::start().await;
        let job = job(world, &server);
        record(world, "6944123456", "α").await;
        server.will_answer(&[Answer::Status(500), Answer::Never, Answer::Busy(90), Answer::Status(301)]);
        // The first pause is at most ten seconds, each further one twice as long.
        for wait in [10, 20] {
            assert_eq!(job.run().await.expect("tries"), 0);
            assert_eq!(job.run().await.expect("waits"), 0, "not before the pause is over");
            world.clock.advance(TimeDelta::seconds(wait));
        }
        assert_eq!(job.run().await.expect("tries"), 0);
        world.clock.advance(TimeDelta::seconds(89));
        assert_eq!(job.run().await.expect("waits"), 0);
        assert_eq!(server.posted().len(), 3, "it is left alone for as long as it asked");
        world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(job.run().await.expect("tries"), 0);
        assert_eq!(server.posted().len(), 4);
        world.clock.advance(TimeDelta::seconds(80));
        assert_eq!(job.run().await.expect("sends"), 1);
        let posted = server.posted();
        assert!(posted.iter().all(|p| p.key == posted[0].key), "{posted:?}");
        assert_eq!(server.taken(), ["α"]);
    })
    .await;
}

#[tokio::test]
async fn what_the_gateway_refuses_is_not_sent_again_and_holds_up_nobody() {
    on_every_engine(async |world| {
        let server = SmsServer::start().await;
        let job = job(world, &server);
        record(world, "6944123456", "α").await;
        record(world, "6944123456", "β").await;
        server.will_answer(&[Answer::Status(422)]);
        assert_eq!(job.run().await.expect("sends"), 1);
        assert_eq!(server.taken(), ["β"]);
        assert_eq!(given_up(world).await.as_deref(), Some("the message gateway refused it with 422"));
        world.clock.advance(TimeDelta::days(1));
        assert_eq!(job.run().await.expect("has nothing to do"), 0);
        assert_eq!(server.posted().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn after_a_day_without_the_gateway_a_message_is_given_up() {
    on_every_engine(async |world| {
        let server = SmsServer::start().await;
        let job = job(world, &server);
        record(world, "6944123456", "α").await;
        server.will_answer(&[Answer::Status(503); 200]);
        let end = instant(MONDAY) + TimeDelta::hours(24);
        while given_up(world).await.is_none() {
            assert!(world.clock.now() <= end, "{} tries", server.posted().len());
            job.run().await.expect("tries");
            world.clock.advance(TimeDelta::minutes(10));
        }
        let tries = server.posted().len();
        assert!((24..=70).contains(&tries), "{tries} tries in a day");
        assert!(world.clock.now() > end - TimeDelta::minutes(90), "as long as there is hope, it is tried");
        assert_eq!(server.taken(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn messages_to_one_telephone_arrive_in_their_order_and_others_do_not_wait_for_them() {
    on_every_engine(async |world| {
        let server = SmsServer::start().await;
        let job = job(world, &server);
        for text in ["α", "β", "γ"] {
            record(world, "6944123456", text).await;
        }
        server.will_answer(&[Answer::Status(500)]);
        assert_eq!(job.run().await.expect("tries"), 0);
        record(world, "6944000000", "άλλος").await;
        assert_eq!(job.run().await.expect("sends"), 1);
        assert_eq!(server.taken(), ["άλλος"], "β and γ wait for α");
        world.clock.advance(TimeDelta::seconds(10));
        assert_eq!(job.run().await.expect("sends"), 3);
        assert_eq!(server.taken(), ["άλλος", "α", "β", "γ"]);
    })
    .await;
}

/// Counts how many times each key is sent, slowly.
#[derive(Default)]
struct Slow(std::sync::Mutex<Vec<String>>);

#[async_trait::async_trait]
impl MessageSender for Slow {
    async fn send(&self, _: &Phone, _: &str, key: &str) -> Result<(), SendError> {
        tokio::time::sleep(Duration::from_millis(3)).await;
        self.0.lock().expect("nobody fails inside").push(key.to_owned());
        Ok(())
    }
}

#[tokio::test]
async fn processes_at_once_send_each_message_once() {
    on_every_engine(async |world| {
        for n in 0..120 {
            record(world, &format!("69440000{:02}", n % 40), "α").await;
        }
        let sender = Arc::new(Slow::default());
        let mut jobs = Vec::new();
        for _ in 0..4 {
            let store = Store::open(&world.database.url, world.clock.clone()).await.expect("opens");
            jobs.push(DeliverMessages { store, clock: world.clock.clone(), sender: sender.clone() });
        }
        let work = async |job: &DeliverMessages| {
            let mut sent = 0;
            for _ in 0..20 {
                sent += job.run().await.expect("sends");
            }
            sent
        };
        let sent = futures::future::join_all(jobs.iter().map(work)).await;
        assert_eq!(sent.iter().sum::<u64>(), 120, "{sent:?}");
        let mut keys = sender.0.lock().expect("nobody fails inside").clone();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((sender.0.lock().expect("nobody fails inside").len(), keys.len()), (120, 120));
        for job in jobs {
            job.store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_dies_while_sending_loses_nothing_and_is_not_believed_afterwards() {
    on_every_engine(async |world| {
        record(world, "6944123456", "α").await;
        let taken = world.store.take_due(world.clock.now(), 10, LEASE).await.expect("takes");
        assert_eq!(taken.len(), 1);
        world.clock.advance(LEASE - TimeDelta::seconds(1));
        assert_eq!(world.store.take_due(world.clock.now(), 10, LEASE).await.expect("takes"), []);
        world.clock.advance(TimeDelta::seconds(1));
        let again = world.store.take_due(world.clock.now(), 10, LEASE).await.expect("takes");
        assert_eq!((again.len(), &again[0].id, again[0].attempt), (1, &taken[0].id, 2));
        // The first one comes back to life and has failed: the second one has the message now.
        let at_once = Undelivered::RetryAt(world.clock.now());
        world.store.mark_failed(&taken[0], at_once, "late").await.expect("notes");
        world.store.mark_failed(&taken[0], Undelivered::ForGood, "late").await.expect("notes");
        assert_eq!(world.store.take_due(world.clock.now(), 10, LEASE).await.expect("takes"), []);
        assert_eq!(given_up(world).await, None);
        world.store.mark_delivered(&again[0]).await.expect("notes");
        world.clock.advance(LEASE);
        assert_eq!(world.store.take_due(world.clock.now(), 10, LEASE).await.expect("takes"), []);
    })
    .await;
}

#[tokio::test]
async fn a_week_after_its_end_a_message_is_forgotten() {
    on_every_engine(async |world| {
        let server = SmsServer::start().await;
        let forget = ForgetMessages { store: world.store.clone(), clock: world.clock.clone() };
        record(world, "6944123456", "delivered").await;
        record(world, "6944123457", "refused").await;
        let deliver = job(world, &server);
        server.will_answer(&[Answer::Status(200), Answer::Status(400)]);
        deliver.run().await.expect("sends");
        // Nobody ever tries this one: the gateway was switched off meanwhile.
        record(world, "6944123458", "left").await;
        world.clock.advance(TimeDelta::days(7));
        assert_eq!(forget.run().await.expect("forgets"), 0);
        world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(forget.run().await.expect("forgets"), 2);
        world.clock.advance(TimeDelta::days(1));
        record(world, "6944123459", "new").await;
        assert_eq!(forget.run().await.expect("forgets"), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM messages").await, 1);
    })
    .await;
}

#[tokio::test]
async fn debug_output_tells_neither_telephone_nor_text() {
    on_every_engine(async |world| {
        record(world, "6944123456", "μυστικό").await;
        let taken = world.store.take_due(world.clock.now(), 10, LEASE).await.expect("takes");
        let shown = format!("{taken:?}");
        assert!(shown.contains("documents") && !shown.contains("6944123456") && !shown.contains("μυστικό"), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn without_a_gateway_there_are_no_jobs_that_send() {
    let folder = tempfile::tempdir().expect("a folder");
    let sends = ["announce_news", "deliver_messages"];
    for (endpoint, on) in [(None, false), (Some("https://sms.example.gr/send".to_owned()), true)] {
        let messages = Messages { sms_endpoint: endpoint, sms_token: Some("s3cret".to_owned()), ..Messages::default() };
        let config = Config { data_dir: folder.path().to_owned(), messages, ..Config::default() };
        let app = App::open(config, Clock::fixed(instant(MONDAY))).await.expect("opens");
        assert_eq!(app.can_send(), on);
        let jobs = ariadni::worker::jobs(&app);
        let names: Vec<&str> = jobs.iter().map(|job| job.name()).collect();
        assert!(sends.iter().all(|name| names.contains(name) == on), "{names:?}");
        assert!(names.contains(&"forget_messages"), "what was sent before is forgotten all the same");
        app.store.close().await;
    }
}
