//! Random rule books, bookings and questions, all from one number.

use ariadni::booking::catalogue::{
    BookingRules, Break, Catalogue, Day, LocalHoliday, Office, OpeningRule, Resource, ServedBy, Service,
};
use ariadni::booking::claim::{Change, Claim, ClaimKind, Serves};
use ariadni::booking::core::{Actor, Closure, DailyWindow, Near, Needs, Order, SlotQuery, Window};
use ariadni::booking::people::{Language, Mode};
use ariadni::booking::rule::buffer::Buffer;
use ariadni::booking::rule::party::{Party, Share};
use ariadni::booking::rule::quota::{BookedBy, Most, Quota};
use ariadni::booking::rule::recurrence::Recurrence;
use ariadni::booking::rule::release::Release;
use ariadni::booking::rule::special_day::SpecialDay;
use ariadni::booking::rule::yearly_day::YearlyDay;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::world::{catalogue as small_catalogue, citizen, staff};

pub const WEEK: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];
const SERVICES: [&str; 2] = ["kep.x", "kep.y"];
const CHANNELS: [&str; 2] = ["web", "phone"];
/// Nights of clock changes in all three zones, Easter, Christmas, a leap day, and any day.
const DAYS: [&str; 8] =
    ["2026-03-27", "2026-10-23", "2026-04-02", "2026-10-02", "2026-04-09", "2026-12-23", "2028-02-27", "2026-06-15"];

/// The days before the clocks change: in Europe, and in Melbourne.
const BEFORE_CLOCK_CHANGES: [&str; 4] = ["2026-03-28", "2026-10-24", "2026-04-04", "2026-10-03"];

/// Throws the same numbers for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `from` up to but not including `to`.
    pub fn within(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.next() % u64::try_from(to - from).expect("a range")).expect("small")
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.within(0, 100) < percent
    }

    pub fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.within(0, i64::try_from(all.len()).expect("few"))).expect("an index")].clone()
    }

    fn small(&mut self, from: i64, to: i64) -> u32 {
        u32::try_from(self.within(from, to)).expect("small")
    }

    /// Each of them with a chance.
    fn some<T: Clone>(&mut self, all: &[T], percent: i64) -> Vec<T> {
        all.iter().filter(|_| self.chance(percent)).cloned().collect()
    }
}

fn time(minutes: u32) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt((minutes % 1440) * 60, 0).expect("within a day")
}

/// A rule book, what is taken and shut, and the moment.
pub struct Case {
    pub catalogue: Catalogue,
    pub changes: Vec<Change>,
    pub now: DateTime<Utc>,
}

impl Dice {
    pub fn case(&mut self) -> Case {
        let day: NaiveDate = self.pick(&DAYS).parse().expect("a date");
        let now = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(self.within(0, 2 * 86_400));
        let catalogue = self.catalogue(now);
        let changes = (0..self.within(0, 14)).flat_map(|_| self.change(&catalogue, now)).collect();
        Case { catalogue, changes, now }
    }

    /// A case whose offices are all open in the night in which the clocks change somewhere.
    pub fn night_of_a_clock_change(&mut self) -> Case {
        let day: NaiveDate = self.pick(&BEFORE_CLOCK_CHANGES).parse().expect("a date");
        let now = day.and_time(NaiveTime::MIN).and_utc();
        let mut catalogue = self.catalogue(now);
        for office in &mut catalogue.offices {
            office.special_days.clear();
            office.local_holidays = Some(Vec::new());
            for rule in &mut office.opening {
                let (from, to) = (self.small(60, 200), self.small(200, 400));
                (rule.from, rule.to, rule.days) = (time(from), time(to), WEEK.to_vec());
                (rule.valid_from, rule.valid_to, rule.recurrence) = (None, None, Recurrence::default());
                rule.breaks.clear();
            }
        }
        for service in &mut catalogue.services {
            (service.rules.lead_minutes, service.rules.horizon_days) = (0, 10);
            service.rules.release = Release::Continuous;
        }
        let changes = (0..self.within(0, 6)).flat_map(|_| self.change(&catalogue, now)).collect();
        Case { catalogue, changes, now }
    }

    pub fn catalogue(&mut self, now: DateTime<Utc>) -> Catalogue {
        let services = SERVICES.map(|id| self.service(id)).to_vec();
        let offices = (0..self.within(1, 4)).map(|n| self.office(n, now)).collect();
        Catalogue { services, offices, ..small_catalogue() }
    }

    fn service(&mut self, id: &str) -> Service {
        let minutes = self.pick(&[5u32, 10, 20, 25, 60]);
        let each = if self.chance(50) { Share::Desk } else { Share::Minutes(self.pick(&[0, 10, 20])) };
        let rules = BookingRules {
            lead_minutes: self.pick(&[0u32, 60, 120, 1440]),
            horizon_days: self.small(1, 7),
            release: self.release(),
            buffer: if self.chance(30) { self.buffer() } else { Buffer::default() },
            party: if self.chance(50) { Party { most: self.small(1, 4), each } } else { Party::default() },
            ..BookingRules::default()
        };
        let modes = [Mode::InPerson, Mode::Video].map(|mode| ServedBy { mode, minutes }).to_vec();
        let skills = if self.chance(15) { vec!["notary".to_owned()] } else { Vec::new() };
        Service { id: id.into(), modes, rules, skills, ..small_catalogue().services[0].clone() }
    }

    fn release(&mut self) -> Release {
        let at = time(self.small(0, 96) * 15);
        match self.within(0, 7) {
            0 => Release::Daily { at },
            1 => Release::Weekly { on: self.pick(&WEEK), at },
            2 => Release::Monthly { on: self.small(1, 29), at },
            _ => Release::Continuous,
        }
    }

    fn buffer(&mut self) -> Buffer {
        Buffer { before_minutes: self.small(0, 30), after_minutes: self.small(0, 30) }
    }

    fn office(&mut self, number: i64, now: DateTime<Utc>) -> Office {
        let zones = [chrono_tz::Europe::Athens, chrono_tz::Europe::Berlin, chrono_tz::Australia::Melbourne];
        let id = format!("office-{number}");
        let today = now.date_naive();
        let resources = (0..self.within(1, 4)).map(|n| self.resource(&format!("{id}-{n}"))).collect();
        let holiday = today + TimeDelta::days(self.within(0, 6));
        let local = LocalHoliday {
            on: YearlyDay::Fixed { month: holiday.month(), day: holiday.day() },
            name: "Τοπική εορτή".to_owned(),
        };
        Office {
            id: id.as_str().into(),
            position: (38.0 + self.within(0, 3) as f64 / 100.0, 23.7),
            time_zone: self.pick(&zones),
            opening: (0..self.within(1, 4)).map(|_| self.opening(today)).collect(),
            local_holidays: Some(if self.chance(30) { vec![local] } else { Vec::new() }),
            special_days: (0..self.within(0, 2)).map(|_| self.special_day(today)).collect(),
            quotas: if self.chance(35) { (0..self.within(1, 3)).map(|_| self.quota()).collect() } else { Vec::new() },
            walk_in_percent: if self.chance(20) { self.small(0, 91) } else { 0 },
            choose_employee: self.chance(50),
            resources,
            services: SERVICES.map(Into::into).to_vec(),
            ..small_catalogue().offices[0].clone()
        }
    }

    fn hours(&mut self) -> (u32, u32, Vec<Break>) {
        let from = if self.chance(30) { self.small(60, 240) } else { self.small(400, 900) };
        let to = from + self.small(20, 400);
        let pause = from + self.small(0, 200);
        let pause = Break { from: time(pause), to: time(pause + self.small(10, 90)) };
        (from, to, if self.chance(40) { vec![pause] } else { Vec::new() })
    }

    fn opening(&mut self, today: NaiveDate) -> OpeningRule {
        let (from, to, breaks) = self.hours();
        let valid = |dice: &mut Self| dice.chance(25).then(|| today + TimeDelta::days(dice.within(-16, 5)));
        let recurrence = Recurrence {
            every_weeks: self.chance(30).then(|| self.small(1, 4)),
            weeks_of_month: if self.chance(25) { self.some(&[1i8, 2, 3, 4, 5, -1], 50) } else { Vec::new() },
        };
        OpeningRule {
            days: if self.chance(60) { WEEK.to_vec() } else { self.some(&WEEK, 60) },
            from: time(from),
            to: time(to),
            breaks,
            modes: if self.chance(20) { vec![self.pick(&[Mode::InPerson, Mode::Video])] } else { Vec::new() },
            services: if self.chance(15) { vec![self.pick(&SERVICES).into()] } else { Vec::new() },
            valid_from: valid(self),
            valid_to: valid(self),
            recurrence,
            every_minutes: self.chance(40).then(|| self.pick(&[5u32, 7, 15, 20, 45])),
        }
    }

    fn special_day(&mut self, today: NaiveDate) -> SpecialDay {
        let (from, to, breaks) = self.hours();
        SpecialDay {
            date: today + TimeDelta::days(self.within(0, 6)),
            from: time(from),
            to: time(to),
            breaks,
            modes: if self.chance(20) { vec![self.pick(&[Mode::InPerson, Mode::Video])] } else { Vec::new() },
            services: if self.chance(20) { vec![self.pick(&SERVICES).into()] } else { Vec::new() },
            every_minutes: self.chance(30).then(|| self.pick(&[10u32, 15, 30])),
        }
    }

    fn quota(&mut self) -> Quota {
        Quota {
            channels: if self.chance(30) { vec![self.pick(&CHANNELS).to_owned()] } else { Vec::new() },
            booked_by: self.pick(&[None, Some(BookedBy::Citizens), Some(BookedBy::Staff)]),
            modes: if self.chance(20) { vec![self.pick(&[Mode::InPerson, Mode::Video])] } else { Vec::new() },
            services: if self.chance(20) { vec![self.pick(&SERVICES).into()] } else { Vec::new() },
            most: if self.chance(50) { Most::Places(self.small(0, 5)) } else { Most::Percent(self.small(0, 101)) },
            lifts_hours_before: self.chance(40).then(|| self.small(0, 72)),
        }
    }

    fn resource(&mut self, id: &str) -> Resource {
        Resource {
            id: id.into(),
            name: "Θυρίδα".to_owned(),
            modes: if self.chance(15) { vec![self.pick(&[Mode::InPerson, Mode::Video])] } else { Vec::new() },
            services: if self.chance(15) { vec![self.pick(&SERVICES).into()] } else { Vec::new() },
            kind: Default::default(),
            skills: if self.chance(50) { vec!["notary".to_owned()] } else { Vec::new() },
            languages: self.some(&[Language::SignLanguage, Language::English], 50),
            hidden: self.chance(30),
            buffer: if self.chance(25) { self.buffer() } else { Buffer::default() },
        }
    }

    /// A booking of one or several desks, a busy time, or a closure.
    pub fn change(&mut self, catalogue: &Catalogue, now: DateTime<Utc>) -> Vec<Change> {
        let office = self.pick(&catalogue.offices);
        let id = format!("c{}", self.within(0, 24));
        if self.chance(15) {
            let resource = self.chance(50).then(|| self.pick(&office.resources).id);
            let window = self.window(now, 3000);
            let closure = Closure { office: office.id, resource, window, reason: format!("Κλειστά {id}") };
            return vec![Change::Shut { id, closure }];
        }
        let whole = now - TimeDelta::seconds(now.timestamp() % 60);
        let from = whole + TimeDelta::minutes(self.within(-300, 7 * 1440));
        let slot = Window { from, to: from + TimeDelta::minutes(self.within(5, 200)) };
        let kind = self.pick(&ClaimKind::ALL);
        let serves = Serves {
            group: format!("g{id}"),
            service: self.pick(&SERVICES).into(),
            mode: self.pick(&[Mode::InPerson, Mode::Video]),
            channel: self.pick(&CHANNELS).to_owned(),
            staff: self.chance(30),
            slot,
        };
        let window = self.buffer().around(slot);
        let expires_at = self.chance(40).then(|| now + TimeDelta::minutes(self.within(-100, 900)));
        let serving = matches!(kind, ClaimKind::Hold | ClaimKind::Appointment | ClaimKind::Offer);
        let desks = if self.chance(30) { 2 } else { 1 };
        let resources = office.resources.iter().take(desks).enumerate();
        let claim = |(n, resource): (usize, &Resource)| Claim {
            id: format!("{id}-{n}"),
            office: office.id.clone(),
            resource: resource.id.clone(),
            window,
            kind,
            expires_at,
            serves: serving.then(|| serves.clone()),
        };
        resources.map(claim).map(Change::Taken).collect()
    }

    fn window(&mut self, now: DateTime<Utc>, longest: i64) -> Window {
        let whole = now - TimeDelta::seconds(now.timestamp() % 60);
        let from = whole + TimeDelta::minutes(self.within(-600, 6 * 1440));
        Window { from, to: from + TimeDelta::minutes(self.within(1, longest)) }
    }

    pub fn actor(&mut self) -> Actor {
        match (self.chance(30), citizen()) {
            (true, _) => staff(),
            (false, Actor::Citizen { conversation, .. }) => {
                Actor::Citizen { channel: self.pick(&CHANNELS).to_owned(), conversation }
            }
            (false, other) => other,
        }
    }

    pub fn needs(&mut self, catalogue: &Catalogue) -> Needs {
        let chosen = {
            let office = self.pick(&catalogue.offices);
            self.pick(&office.resources).id
        };
        Needs {
            persons: if self.chance(30) { self.small(1, 4) } else { 1 },
            language: self.chance(15).then(|| self.pick(&[Language::SignLanguage, Language::English])),
            resource: self.chance(10).then_some(chosen),
        }
    }

    /// A question; an official's is always about some hours, because a whole year would take the model too long.
    pub fn query(&mut self, catalogue: &Catalogue, actor: &Actor, now: DateTime<Utc>) -> SlotQuery {
        let narrow = !actor.is_citizen() || self.chance(40);
        let daily = self.chance(20).then(|| {
            let from = self.small(0, 700);
            DailyWindow { from: time(from), to: time(from + self.small(1, 700)) }
        });
        let near = self.chance(30).then(|| Near { position: (38.0, 23.7), within_km: self.chance(30).then_some(1.5) });
        SlotQuery {
            needs: self.needs(catalogue),
            windows: if narrow { (0..self.within(1, 3)).map(|_| self.window(now, 2500)).collect() } else { Vec::new() },
            excluded: if self.chance(20) { vec![self.window(now, 2500)] } else { Vec::new() },
            daily,
            weekdays: if self.chance(20) { self.some(&WEEK, 60) } else { Vec::new() },
            near,
            order: if near.is_some() && self.chance(50) { Order::Nearest } else { Order::Earliest },
            ..SlotQuery::new(
                self.pick(&SERVICES).into(),
                self.pick(&[Mode::InPerson, Mode::Video]),
                self.pick(&[1usize, 7, 500, 500]),
            )
        }
    }
}
