//! Holds: places kept for a few minutes. A hold is its claims and nothing else.

use chrono::{DateTime, Utc};

use super::claims::{self, Place};
use super::error::{Failure, StoreError};
use super::{Store, closures, requests, shares};
use crate::booking::board::{Placement, Seat};
use crate::booking::claim::ClaimKind;
use crate::booking::core::Hold;
use crate::booking::id::HoldId;
use crate::booking::refusal::Refusal;

impl Store {
    /// Tries to keep the seats until an instant; `None` when somebody else has one of them.
    pub(super) async fn try_hold(
        &self,
        place: &Place,
        placement: &Placement,
        seats: &[Seat],
        expires_at: DateTime<Utc>,
    ) -> Result<Option<Hold>, Failure> {
        let now = self.now();
        let hold = claims::Hold { kind: ClaimKind::Hold, expires_at: expires_at.timestamp() };
        let mut tx = self.begin().await?;
        shares::check(&mut tx, place, &placement.quotas, placement.minutes, now).await?;
        if !claims::claim_all(&mut tx, place, seats, hold, now).await? {
            tx.rollback().await?;
            return Ok(None);
        }
        if let Some(reason) = closures::reason(&mut tx, place, seats, placement.special_day).await? {
            return Err(Refusal::Closed(reason).into());
        }
        let Place { group, slot, .. } = place.clone();
        let hold = Hold { id: HoldId::new(group), expires_at, start: slot.from, end: slot.to };
        requests::commit(tx, &hold).await?;
        Ok(Some(hold))
    }

    /// Lets a hold go, if it still stands.
    pub(super) async fn try_release(&self, hold: &HoldId) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        claims::free(&mut tx, hold.as_str(), ClaimKind::Hold).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Frees all that expired by `now`: holds, offers, slots that were shut after somebody gave them back; says how many. A
    /// job calls it; nothing depends on it being called, for what has expired counts as free everywhere.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expire_holds(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let result = sqlx::query("UPDATE claims SET live = 0 WHERE live = 1 AND expires_at <= $1 AND expires_at < $2")
            .bind(now.timestamp())
            .bind(claims::NEVER)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(result.rows_affected())
    }
}
