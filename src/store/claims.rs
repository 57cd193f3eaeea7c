//! Claims: who has a resource when. The database refuses a second live one; here it is only asked.

use chrono::NaiveDate;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::new_id;
use super::row::Columns;
use crate::booking::board::Seat;
use crate::booking::claim::ClaimKind;
use crate::booking::core::Window;
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::{Language, Mode};

/// The `expires_at` of what never expires: the last second of the year 9999.
pub(super) const NEVER: i64 = 253_402_300_799;

/// What the claims of one hold, offer or appointment have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The id of the hold, which becomes the appointment's, or of the offer.
    pub group: String,
    /// The office.
    pub office: OfficeId,
    /// The service.
    pub service: ServiceId,
    /// The mode.
    pub mode: Mode,
    /// The channel it was booked through.
    pub channel: String,
    /// Whether staff booked it.
    pub staff: bool,
    /// How many persons come.
    pub persons: u32,
    /// The language asked for.
    pub language: Option<Language>,
    /// The appointment without its buffers.
    pub slot: Window,
    /// The day by the office's wall clock.
    pub date: NaiveDate,
}

/// What was won: a place, and the resources that serve it, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Won {
    /// Whose and what.
    pub place: Place,
    /// Who serves; the first one is named to people.
    pub resources: Vec<ResourceId>,
}

/// Why and until when a place is claimed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    /// Why.
    pub kind: ClaimKind,
    /// Until when, seconds.
    pub expires_at: i64,
}

/// An appointment's claim: it never expires.
pub(super) const BOOKED: Hold = Hold { kind: ClaimKind::Appointment, expires_at: NEVER };

/// Claims every seat for a place; `false` when somebody else has one of them: then the transaction must be given up.
pub(super) async fn claim_all(
    tx: &mut AnyConnection,
    place: &Place,
    seats: &[Seat],
    hold: Hold,
    now: i64,
) -> Result<bool, StoreError> {
    // In one order for everybody, so that two parties that want the same desks never wait for each other.
    let mut seats: Vec<&Seat> = seats.iter().collect();
    seats.sort_by(|a, b| a.resource.cmp(&b.resource));
    for seat in seats {
        if !claim(tx, place, seat, hold, now).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Claims one seat; what expired in the way is freed first, but only when it is in the way.
pub(super) async fn claim(
    tx: &mut AnyConnection,
    place: &Place,
    seat: &Seat,
    hold: Hold,
    now: i64,
) -> Result<bool, StoreError> {
    if insert(tx, place, seat, hold, now).await? {
        return Ok(true);
    }
    Ok(free_expired(tx, seat, now).await? > 0 && insert(tx, place, seat, hold, now).await?)
}

/// On PostgreSQL `DO NOTHING` makes two clients that want the same time wait for each other instead of deadlocking.
async fn insert(tx: &mut AnyConnection, place: &Place, seat: &Seat, hold: Hold, now: i64) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "INSERT INTO claims (id, resource_id, office_id, starts_at, ends_at, live, kind, group_id, service_id, mode, channel, \
         by_staff, persons, language, slot_starts_at, slot_ends_at, local_date, expires_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING",
    )
    .bind(new_id())
    .bind(seat.resource.as_str())
    .bind(place.office.as_str())
    .bind(seat.claim.from.timestamp())
    .bind(seat.claim.to.timestamp())
    .bind(hold.kind.as_str())
    .bind(place.group.as_str())
    .bind(place.service.as_str())
    .bind(place.mode.as_str())
    .bind(place.channel.as_str())
    .bind(i64::from(place.staff))
    .bind(i64::from(place.persons))
    .bind(place.language.map_or("", Language::as_str))
    .bind(place.slot.from.timestamp())
    .bind(place.slot.to.timestamp())
    .bind(place.date.to_string())
    .bind(hold.expires_at)
    .bind(now)
    .execute(tx)
    .await;
    won(result)
}

/// Whether a statement that claims time did so, or found it claimed.
fn won(result: Result<sqlx::any::AnyQueryResult, sqlx::Error>) -> Result<bool, StoreError> {
    match result {
        Ok(result) => Ok(result.rows_affected() == 1),
        Err(error) if StoreError::is_slot_taken(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Frees what has expired of the wanted time; says how many there were.
async fn free_expired(tx: &mut AnyConnection, seat: &Seat, now: i64) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "UPDATE claims SET live = 0 WHERE resource_id = $1 AND live = 1 AND expires_at <= $2 \
         AND starts_at < $3 AND starts_at > $4 - 86400 AND ends_at > $4",
    )
    .bind(seat.resource.as_str())
    .bind(now)
    .bind(seat.claim.to.timestamp())
    .bind(seat.claim.from.timestamp())
    .execute(tx)
    .await?;
    Ok(result.rows_affected())
}

/// Makes what is kept under `group`, as a hold or as an offer, an appointment; `None` when it is kept no longer.
pub(super) async fn promote(
    tx: &mut AnyConnection,
    group: &str,
    kept_as: ClaimKind,
    now: i64,
) -> Result<Option<Won>, StoreError> {
    let rows = sqlx::query(
        "UPDATE claims SET kind = 'appointment', expires_at = 253402300799 \
         WHERE group_id = $1 AND live = 1 AND kind = $2 AND expires_at > $3 \
         RETURNING resource_id, office_id, service_id, mode, channel, by_staff, persons, language, slot_starts_at, \
         slot_ends_at, local_date",
    )
    .bind(group)
    .bind(kept_as.as_str())
    .bind(now)
    .fetch_all(tx)
    .await?;
    won_place(&rows, group)
}

/// Makes what is offered under a group claims of an appointment that exists; `None` when it is offered no longer.
pub(super) async fn adopt(
    tx: &mut AnyConnection,
    offer: &str,
    appointment: &str,
    now: i64,
) -> Result<Option<Won>, StoreError> {
    let rows = sqlx::query(
        "UPDATE claims SET kind = 'appointment', group_id = $1, expires_at = 253402300799 \
         WHERE group_id = $2 AND live = 1 AND kind = 'offer' AND expires_at > $3 \
         RETURNING resource_id, office_id, service_id, mode, channel, by_staff, persons, language, slot_starts_at, \
         slot_ends_at, local_date",
    )
    .bind(appointment)
    .bind(offer)
    .bind(now)
    .fetch_all(tx)
    .await?;
    won_place(&rows, appointment)
}

/// Reads the claims that a statement returned as one place of a group.
fn won_place(rows: &[AnyRow], group: &str) -> Result<Option<Won>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let place = Place {
        group: group.to_owned(),
        office: OfficeId::new(first.text("office_id")?),
        service: ServiceId::new(first.text("service_id")?),
        mode: Mode::parse(&first.text("mode")?).ok_or(StoreError::Unreadable("mode"))?,
        channel: first.text("channel")?,
        staff: first.number("by_staff")? == 1,
        persons: u32::try_from(first.number("persons")?).map_err(|_| StoreError::Unreadable("persons"))?,
        language: Language::parse(&first.text("language")?),
        slot: Window { from: first.instant("slot_starts_at")?, to: first.instant("slot_ends_at")? },
        date: first.text("local_date")?.parse().map_err(|_| StoreError::Unreadable("local_date"))?,
    };
    let mut resources =
        rows.iter().map(|row| Ok(ResourceId::new(row.text("resource_id")?))).collect::<Result<Vec<_>, StoreError>>()?;
    resources.sort();
    Ok(Some(Won { place, resources }))
}

/// Lets go of what is kept under `group`; says how many claims there were.
pub(super) async fn free(tx: &mut AnyConnection, group: &str, kind: ClaimKind) -> Result<u64, StoreError> {
    let result = sqlx::query("UPDATE claims SET live = 0 WHERE group_id = $1 AND live = 1 AND kind = $2")
        .bind(group)
        .bind(kind.as_str())
        .execute(tx)
        .await?;
    Ok(result.rows_affected())
}

/// Lets go of an appointment's claims: at once, or shut until an instant, seconds, so that nobody can trade in them.
pub(super) async fn give_back(tx: &mut AnyConnection, group: &str, shut_until: Option<i64>) -> Result<(), StoreError> {
    match shut_until {
        Some(until) => shut(tx, group, ClaimKind::Appointment, until).await,
        None => free(tx, group, ClaimKind::Appointment).await.map(|_| ()),
    }
}

/// Shuts what is offered under `group` for a moment, so that it can be passed on before anybody else takes it.
pub(super) async fn pass_on(tx: &mut AnyConnection, group: &str, until: i64) -> Result<(), StoreError> {
    shut(tx, group, ClaimKind::Offer, until).await
}

/// Keeps the times of a group's claims shut until an instant, seconds; they are nobody's from then on.
async fn shut(tx: &mut AnyConnection, group: &str, kind: ClaimKind, until: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE claims SET kind = 'cooldown', group_id = 'given back', expires_at = $1 \
         WHERE group_id = $2 AND live = 1 AND kind = $3",
    )
    .bind(until)
    .bind(group)
    .bind(kind.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

/// Opens a seat that is shut after somebody gave it back, if it opens by `soon` anyway.
pub(super) async fn open_early(tx: &mut AnyConnection, seat: &Seat, soon: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE claims SET live = 0 WHERE resource_id = $1 AND live = 1 AND kind = 'cooldown' AND expires_at <= $2 \
         AND starts_at < $3 AND starts_at > $4 - 86400 AND ends_at > $4",
    )
    .bind(seat.resource.as_str())
    .bind(soon)
    .bind(seat.claim.to.timestamp())
    .bind(seat.claim.from.timestamp())
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes the claims of a group count as booked by somebody else than they were made for.
pub(super) async fn count_as(
    tx: &mut AnyConnection,
    group: &str,
    channel: &str,
    staff: bool,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE claims SET channel = $1, by_staff = $2 WHERE group_id = $3 AND live = 1")
        .bind(channel)
        .bind(i64::from(staff))
        .bind(group)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether a part of what was offered under `group` was not promoted with the rest: a closure had taken single seats away.
pub(super) async fn is_torn(tx: &mut AnyConnection, group: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS lost FROM claims WHERE group_id = $1 AND kind = 'offer'")
        .bind(group)
        .fetch_one(tx)
        .await?;
    Ok(row.number("lost")? > 0)
}

/// Moves an appointment's claims to other seats; `false` when somebody else has one: then the transaction must be given up.
///
/// What overlaps its own old claim is changed in place, for the database lets nobody claim a time twice, not even its owner.
/// Everything else is won first and then let go.
pub(super) async fn move_all(
    tx: &mut AnyConnection,
    place: &Place,
    seats: &[Seat],
    shut_until: Option<i64>,
    now: i64,
) -> Result<bool, StoreError> {
    let mut seats: Vec<&Seat> = seats.iter().collect();
    seats.sort_by(|a, b| a.resource.cmp(&b.resource));
    let old = own(tx, &place.group).await?;
    let (mut kept, mut fresh) = (Vec::new(), Vec::new());
    for seat in seats {
        match old.iter().find(|o| o.resource == seat.resource && touches(o.window, seat.claim)) {
            Some(own) if shift(tx, &own.id, place, seat).await? => kept.push(own.id.as_str()),
            Some(_) => return Ok(false),
            None => fresh.push(seat),
        }
    }
    for seat in fresh {
        if !claim(tx, place, seat, BOOKED, now).await? {
            return Ok(false);
        }
    }
    for own in old.iter().filter(|own| !kept.contains(&own.id.as_str())) {
        leave(tx, &own.id, shut_until).await?;
    }
    Ok(true)
}

/// The resources that an appointment has, by id.
pub(super) async fn resources(tx: &mut AnyConnection, group: &str) -> Result<Vec<ResourceId>, StoreError> {
    Ok(own(tx, group).await?.into_iter().map(|own| own.resource).collect())
}

/// A claim of the appointment that moves.
struct Own {
    id: String,
    resource: ResourceId,
    window: Window,
}

async fn own(tx: &mut AnyConnection, group: &str) -> Result<Vec<Own>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, resource_id, starts_at, ends_at FROM claims \
         WHERE group_id = $1 AND live = 1 AND kind = 'appointment' ORDER BY resource_id",
    )
    .bind(group)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Own {
                id: row.text("id")?,
                resource: ResourceId::new(row.text("resource_id")?),
                window: Window { from: row.instant("starts_at")?, to: row.instant("ends_at")? },
            })
        })
        .collect()
}

fn touches(a: Window, b: Window) -> bool {
    a.from < b.to && b.from < a.to
}

/// Moves one claim along the time of its own resource.
async fn shift(tx: &mut AnyConnection, id: &str, place: &Place, seat: &Seat) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE claims SET starts_at = $1, ends_at = $2, slot_starts_at = $3, slot_ends_at = $4, local_date = $5 \
         WHERE id = $6",
    )
    .bind(seat.claim.from.timestamp())
    .bind(seat.claim.to.timestamp())
    .bind(place.slot.from.timestamp())
    .bind(place.slot.to.timestamp())
    .bind(place.date.to_string())
    .bind(id)
    .execute(tx)
    .await;
    won(result)
}

/// Lets one claim go, at once or shut for a while.
async fn leave(tx: &mut AnyConnection, id: &str, shut_until: Option<i64>) -> Result<(), StoreError> {
    let query = match shut_until {
        None => sqlx::query("UPDATE claims SET live = 0 WHERE id = $1").bind(id),
        Some(until) => {
            sqlx::query("UPDATE claims SET kind = 'cooldown', group_id = 'given back', expires_at = $1 WHERE id = $2")
                .bind(until)
                .bind(id)
        }
    };
    query.execute(tx).await?;
    Ok(())
}
