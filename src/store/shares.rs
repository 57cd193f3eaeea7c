//! Quotas inside a transaction: bookings of one day of an office wait for one another, then count what is really taken.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AnyConnection;

use super::claims::Place;
use super::engine;
use super::error::{Failure, StoreError};
use super::row::Columns;
use crate::booking::board::QuotaCheck;
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::people::Mode;
use crate::booking::refusal::Refusal;
use crate::booking::rule::quota::{Kind, Usage};

/// One appointment, hold or offer of the day.
struct Counted {
    service: ServiceId,
    mode: Mode,
    channel: String,
    staff: bool,
    /// Minutes over all its resources.
    minutes: u32,
}

/// Makes sure that one more booking of so many `minutes` fits every quota that it counts towards. Until the transaction ends
/// nobody else books at the office on that day.
pub(super) async fn check(
    tx: &mut AnyConnection,
    place: &Place,
    quotas: &[QuotaCheck],
    minutes: u32,
    now: i64,
) -> Result<(), Failure> {
    if quotas.is_empty() {
        return Ok(());
    }
    wait_for_day(tx, &place.office, place.date).await?;
    let others = counted(tx, place, now).await?;
    for check in quotas {
        let counts = |c: &&Counted| {
            check.quota.counts(&Kind { channel: &c.channel, staff: c.staff, mode: c.mode, service: &c.service })
        };
        let used = others.iter().filter(counts).fold(Usage::default(), |used, counted| Usage {
            places: used.places + 1,
            minutes: used.minutes + counted.minutes,
        });
        if !check.quota.admits(used, minutes, check.minutes_open) {
            return Err(Refusal::KeptForOthers.into());
        }
    }
    Ok(())
}

/// Bookings of one day of an office wait for one another here until the transaction ends.
pub(super) async fn wait_for_day(tx: &mut AnyConnection, office: &OfficeId, date: NaiveDate) -> Result<(), StoreError> {
    engine::wait_in_line(tx, &format!("day {office} {date}")).await
}

/// What is held, offered or booked that day by others than this group.
async fn counted(tx: &mut AnyConnection, place: &Place, now: i64) -> Result<Vec<Counted>, StoreError> {
    let rows = sqlx::query(
        "SELECT group_id, service_id, mode, channel, by_staff, slot_starts_at, slot_ends_at FROM claims \
         WHERE office_id = $1 AND local_date = $2 AND live = 1 AND kind IN ('hold', 'offer', 'appointment') AND expires_at > $3 \
         AND group_id <> $4 ORDER BY group_id",
    )
    .bind(place.office.as_str())
    .bind(place.date.to_string())
    .bind(now)
    .bind(place.group.as_str())
    .fetch_all(tx)
    .await?;
    let mut counted: Vec<Counted> = Vec::new();
    let mut last = String::new();
    for row in &rows {
        let minutes = minutes_between(row.instant("slot_starts_at")?, row.instant("slot_ends_at")?);
        let group = row.text("group_id")?;
        match counted.last_mut().filter(|_| group == last) {
            Some(same) => same.minutes += minutes,
            None => counted.push(Counted {
                service: ServiceId::new(row.text("service_id")?),
                mode: Mode::parse(&row.text("mode")?).ok_or(StoreError::Unreadable("mode"))?,
                channel: row.text("channel")?,
                staff: row.number("by_staff")? == 1,
                minutes,
            }),
        }
        last = group;
    }
    Ok(counted)
}

fn minutes_between(from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from((to - from).max(TimeDelta::zero()).num_minutes()).unwrap_or(u32::MAX)
}
