//! Time zones by the names that calendars give them, and wall clocks that jump.

use std::collections::HashMap;

use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};

/// A wall clock. [`Tz::Floating`] never stands in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone(Tz);

impl Zone {
    pub fn named(zone: chrono_tz::Tz) -> Self {
        Self(Tz::Tz(zone))
    }

    pub fn fixed(offset: FixedOffset) -> Self {
        Self(if offset.local_minus_utc() == 0 { Tz::UTC } else { Tz::Fixed(offset) })
    }

    /// When the wall clock reads `local`: the first time where it does twice; where it jumps over it, as if it had not
    /// jumped yet (RFC 5545, 3.3.5).
    pub fn instant(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let at = |local: NaiveDateTime| self.0.from_local_datetime(&local).earliest().map(|t| t.with_timezone(&Utc));
        // No zone jumps over more than a day at once; the jumps of our century are an hour.
        at(local).or_else(|| {
            [3, 25].into_iter().find_map(|hours| {
                let before = TimeDelta::hours(hours);
                at(local.checked_sub_signed(before)?)?.checked_add_signed(before)
            })
        })
    }

    /// What the wall clock reads at an instant.
    pub fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// Seconds east of Greenwich in the middle of January and of July.
    fn offsets(self, year: i32) -> Option<(i32, i32)> {
        let in_month = |month| {
            let noon = NaiveDate::from_ymd_opt(year, month, 15)?.and_hms_opt(12, 0, 0)?;
            Some(self.0.offset_from_utc_datetime(&noon).fix().local_minus_utc())
        };
        Some((in_month(1)?, in_month(7)?))
    }
}

/// The zones that one calendar names.
#[derive(Debug)]
pub(super) struct Zones {
    described: HashMap<String, Zone>,
    /// What times without a zone, and whole days, are read in.
    pub home: Zone,
}

impl Zones {
    /// Reads the zones of a calendar; `office` is where its owner works, `year` the one whose offsets are compared.
    pub fn of(calendar: &ICalendar, office: chrono_tz::Tz, year: i32) -> Self {
        let home = own_zone(calendar).unwrap_or(Zone::named(office));
        let mut described = HashMap::new();
        for zone in calendar.timezones() {
            let Some(name) = zone.property(&ICalendarProperty::Tzid).and_then(|entry| entry.values.first()?.as_text())
            else {
                continue;
            };
            // By its name or a vendor's mark; else by what it says of itself.
            let found = zone.timezone().map(|(_, found)| Zone(found));
            if let Some(found) = found.or_else(|| by_offsets(calendar, zone, office, year)) {
                described.insert(name.to_owned(), found);
            }
        }
        Self { described, home }
    }

    /// The zone with this name; `None` when nobody knows it.
    pub fn find(&self, name: &str) -> Option<Zone> {
        let known = || name.trim_matches('"').parse::<Tz>().ok().map(Zone);
        self.described.get(name).copied().or_else(known)
    }
}

/// `X-WR-TIMEZONE`, which Google and Apple write for the calendar as a whole.
fn own_zone(calendar: &ICalendar) -> Option<Zone> {
    let root = calendar.components.first()?;
    let written = root.entries.iter().find(
        |entry| matches!(&entry.name, ICalendarProperty::Other(name) if name.eq_ignore_ascii_case("X-WR-TIMEZONE")),
    )?;
    let zone = written.values.first()?.as_text()?.parse::<Tz>().ok()?;
    (!zone.is_floating()).then_some(Zone(zone))
}

/// A zone of which only the offsets are known («Customized Time Zone»): that of the office if it has the same ones, else
/// the first of the world's that has them.
fn by_offsets(calendar: &ICalendar, zone: &ICalendarComponent, office: chrono_tz::Tz, year: i32) -> Option<Zone> {
    let parts = zone.component_ids.iter().filter_map(|id| calendar.component_by_id(*id));
    let (mut standard, mut summer) = (None, None);
    for part in parts {
        let offset = part.property(&ICalendarProperty::Tzoffsetto).and_then(|entry| offset(entry.values.first()?));
        match part.component_type {
            ICalendarComponentType::Standard => standard = offset.or(standard),
            ICalendarComponentType::Daylight => summer = offset.or(summer),
            _ => {}
        }
    }
    let standard = standard?;
    let wanted = (standard, summer.unwrap_or(standard));
    if wanted.0 == wanted.1 {
        return FixedOffset::east_opt(standard).map(Zone::fixed);
    }
    let all = [office, crate::clock::ATHENS].into_iter().chain(chrono_tz::TZ_VARIANTS);
    all.map(Zone::named).find(|zone| zone.offsets(year) == Some(wanted))
}

fn offset(value: &ICalendarValue) -> Option<i32> {
    let ICalendarValue::PartialDateTime(value) = value else { return None };
    let seconds = i32::from(value.tz_hour?) * 3600 + i32::from(value.tz_minute.unwrap_or(0)) * 60;
    Some(if value.tz_minus { -seconds } else { seconds })
}
