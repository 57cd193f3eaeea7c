//! Busy times of a calendar elsewhere: they shut a desk, let it go again, and never take an appointment's place.

use std::sync::Arc;

use ariadni::booking::core::{Appointment, AvailabilityCore};
use ariadni::booking::refusal::Refusal;
use ariadni::gateway::calendars::WebCalendars;
use ariadni::store::BusyCalendar;
use ariadni::worker::Job;
use ariadni::worker::jobs::refresh_busy_calendars::RefreshBusyCalendars;
use chrono::TimeDelta;

use crate::calendar_server::CalendarServer;
use crate::world::{self, INFORMATION, PATRA, World, instant, staff};

/// The only desk in Patra.
const DESK: &str = "kep-patreon-1";
const TEN: &str = "2026-11-24T08:00:00Z";
const EVENT: (&str, &str, &str) = ("meeting", "20261124T080000Z", "20261124T083000Z");

impl World {
    async fn follow(&self, server: &CalendarServer) -> BusyCalendar {
        let url = server.url("calendar.ics");
        self.store.follow_calendar(&PATRA.into(), &DESK.into(), &url, &staff()).await.expect("followed")
    }

    /// A quarter of an hour later, what the job changes.
    async fn refresh(&self) -> u64 {
        self.clock.advance(TimeDelta::minutes(15));
        let source = Arc::new(WebCalendars::new(true));
        let (store, clock) = (self.store.clone(), self.clock.clone());
        RefreshBusyCalendars { store, clock, source, every: TimeDelta::minutes(15) }.run().await.expect("runs")
    }

    async fn followed(&self) -> BusyCalendar {
        self.store.busy_calendars().await.expect("answers").pop().expect("one")
    }

    /// Whether a search offers a start.
    async fn offers(&self, start: &str) -> bool {
        let page =
            self.core.search(&world::query(INFORMATION, &[PATRA], 200), &world::citizen()).await.expect("searches");
        page.slots.iter().any(|slot| slot.start == instant(start))
    }

    async fn in_patra(&self, start: &str) -> Result<Appointment, Refusal> {
        self.book(PATRA, start, "Μαρία Παπαδοπούλου").await
    }

    async fn busy_claims(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM claims WHERE kind = 'busy' AND live = 1").await
    }
}

#[tokio::test]
async fn a_busy_event_shuts_a_slot_and_frees_it_when_it_is_gone() {
    world::on_every_engine(async |world| {
        let server = CalendarServer::start().await;
        assert!(world.offers(TEN).await);
        server.serve(&[EVENT]);
        world.follow(&server).await;
        assert_eq!(world.refresh().await, 1);
        assert!(!world.offers(TEN).await, "the meeting is in the way");
        assert_eq!(world.in_patra(TEN).await, Err(Refusal::SlotTaken));
        assert!(world.offers("2026-11-24T09:00:00Z").await, "later there is none");
        assert_eq!(world.refresh().await, 0, "what is the same stays");
        server.serve(&[]);
        assert_eq!(world.refresh().await, 1);
        assert!(world.offers(TEN).await);
        world.in_patra(TEN).await.expect("free again");
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'busy_imported'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_appointment_in_the_way_stands_and_is_reported_and_the_rest_is_claimed() {
    world::on_every_engine(async |world| {
        let server = CalendarServer::start().await;
        let booked = world.in_patra(TEN).await.expect("booked");
        server.with(|served| served.etag = Some("\"1\"".into()));
        server.serve(&[("long", "20261124T070000Z", "20261124T100000Z")]);
        world.follow(&server).await;
        assert_eq!(world.refresh().await, 2, "before and after the appointment");
        let calendar = world.followed().await;
        let [collision] = calendar.collisions.as_slice() else { panic!("{:?}", calendar.collisions) };
        assert_eq!(collision.reference, booked.reference.as_str());
        assert_eq!((collision.from, collision.to), (booked.start, booked.end));
        assert_eq!(calendar.etag, "", "it is read again until nothing is in the way");
        assert_eq!(world.core.get(&booked.reference).await.expect("stands").state, booked.state);
        world.core.cancel(&booked.reference, &staff(), "").await.expect("cancelled");
        // What a citizen gives back may stay shut for a while; after that the calendar has it.
        world.clock.advance(TimeDelta::hours(2));
        world.refresh().await;
        let calendar = world.followed().await;
        assert_eq!((calendar.collisions.len(), calendar.etag.as_str()), (0, "\"1\""));
        assert!(!world.offers(TEN).await);
        world.refresh().await;
        assert_eq!(server.with(|served| served.unchanged), 1);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_keeps_what_it_claimed() {
    world::on_every_engine(async |world| {
        let server = CalendarServer::start().await;
        server.serve(&[EVENT, ("broken", "yesterday", "20261124T083000Z")]);
        world.follow(&server).await;
        world.refresh().await;
        assert_eq!(world.followed().await.problems, ["event 2: it has no start that can be read; left out"]);
        for (text, complaint) in
            [("<html>Sign in</html>", "no calendar"), ("BEGIN:VCALENDAR\r\nBEGIN:VEV", "breaks off")]
        {
            server.with(|served| served.text = text.into());
            assert_eq!(world.refresh().await, 0);
            let calendar = world.followed().await;
            assert!(calendar.last_error.contains(complaint), "{}", calendar.last_error);
            assert_eq!(world.busy_claims().await, 1);
        }
        server.serve(&[EVENT]);
        world.refresh().await;
        assert_eq!(world.followed().await.last_error, "");
    })
    .await;
}

#[tokio::test]
async fn two_calendars_share_a_desk_and_a_forgotten_one_lets_go() {
    world::on_every_engine(async |world| {
        let (one, two) = (CalendarServer::start().await, CalendarServer::start().await);
        one.serve(&[EVENT]);
        two.with(|served| served.etag = Some("\"1\"".into()));
        two.serve(&[("other", "20261124T081500Z", "20261124T090000Z")]);
        let first = world.follow(&one).await;
        world.follow(&two).await;
        assert_eq!(world.follow(&one).await.id, first.id, "followed once");
        assert_eq!(world.refresh().await, 2);
        assert!(world.store.forget_calendar(&first.id, &staff()).await.expect("answers"));
        assert!(!world.store.forget_calendar(&first.id, &staff()).await.expect("answers"));
        assert_eq!(world.busy_claims().await, 1);
        assert!(world.refresh().await > 0, "the other takes what it wants too");
        assert!(!world.offers("2026-11-24T08:20:00Z").await);
        assert!(world.offers("2026-11-24T07:40:00Z").await);
    })
    .await;
}
