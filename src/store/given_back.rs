//! How long a time that somebody gives back stays shut, decided in one place for all who give back.

use sqlx::AnyConnection;

use super::Store;
use super::error::StoreError;
use super::waits::{self, ROOM};
use crate::booking::catalogue::BookingRules;
use crate::booking::core::Actor;
use crate::booking::id::ServiceId;

impl Store {
    /// Until when a time of `service` that `actor` gives back stays shut, seconds; `None` when it is free at once. What a citizen
    /// gives back is shut for the service's cooldown, so that nobody can trade in it. While somebody waits for the service it is
    /// always shut for a moment, so that it can be offered to them before anybody else takes it.
    pub(super) async fn shut_until(
        &self,
        tx: &mut AnyConnection,
        service: &ServiceId,
        rules: &BookingRules,
        actor: &Actor,
    ) -> Result<Option<i64>, StoreError> {
        let now = self.clock.now();
        if actor.is_citizen()
            && let Some(until) = rules.cooldown.until(now, rand::random())
        {
            return Ok(Some(until.timestamp()));
        }
        let waited_for = waits::somebody_waits(tx, service).await?;
        Ok(waited_for.then(|| (now + ROOM).timestamp()))
    }
}
