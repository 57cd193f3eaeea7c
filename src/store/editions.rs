//! Which catalogue the local core goes by: what is imported here, and what another process imported.

use std::sync::Arc;

use sqlx::any::AnyRow;

use super::Store;
use super::error::StoreError;
use super::local_core::LocalCore;
use super::row::Columns;
use crate::booking::catalogue::Catalogue;
use crate::booking::claim::ClaimKind;
use crate::booking::core::{Actor, AppointmentState, Window};
use crate::booking::fit::{Misfit, Place, misfit};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::in_force::Edition;
use crate::booking::people::Mode;
use crate::booking::reference::Reference;

/// Something that stands though the rules of a catalogue would not allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Which appointment; absent for a hold.
    pub reference: Option<Reference>,
    /// The place it has.
    pub place: Place,
    /// What does not fit.
    pub because: Misfit,
}

impl LocalCore {
    /// Imports a catalogue and puts it in force at once; gives its revision.
    ///
    /// # Errors
    /// As [`Store::import_catalogue`]; the old catalogue then stays in force.
    pub async fn import(&self, catalogue: Arc<Catalogue>) -> Result<i64, StoreError> {
        self.import_as(catalogue, &Actor::System).await
    }

    /// The same, with who did it for the audit.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub async fn import_as(&self, catalogue: Arc<Catalogue>, actor: &Actor) -> Result<i64, StoreError> {
        let revision = self.store().import_catalogue_as(&catalogue, actor).await?;
        self.put_in_force(Edition::of(catalogue));
        Ok(revision)
    }

    /// Puts the newest catalogue of the database in force, when another process imported one; says whether it did.
    ///
    /// # Errors
    /// When the database does not answer, or its catalogue is none that this program understands: the old one then stays.
    pub async fn follow(&self) -> Result<bool, StoreError> {
        let newest = self.store().latest_digest().await?;
        if newest.is_none_or(|newest| newest == self.in_force().edition().digest) {
            return Ok(false);
        }
        let Some(catalogue) = self.store().latest_catalogue().await? else { return Ok(false) };
        Ok(self.put_in_force(Edition::of(Arc::new(catalogue))))
    }

    /// What stands now and would not fit the rules of `catalogue`, by its start.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unfit(&self, catalogue: &Catalogue) -> Result<Vec<Unfit>, StoreError> {
        let standing = self.store().standing().await?;
        let unfit = |(reference, place): (Option<Reference>, Place)| {
            let because = misfit(catalogue, &place)?;
            Some(Unfit { reference, place, because })
        };
        Ok(standing.into_iter().filter_map(unfit).collect())
    }

    /// The one place where rules change under the running core.
    fn put_in_force(&self, edition: Edition) -> bool {
        self.in_force().replace(edition, |catalogue| self.memory.replace_catalogue(Arc::clone(catalogue)))
    }
}

impl Store {
    /// The places of all appointments that stand and of all holds, from now on, by their start.
    async fn standing(&self) -> Result<Vec<(Option<Reference>, Place)>, StoreError> {
        let rows = sqlx::query(
            "SELECT reference, service_id, office_id, resource_id, mode, starts_at, ends_at, persons FROM appointments \
             WHERE state = $1 AND ends_at > $2 UNION ALL \
             SELECT '' AS reference, service_id, office_id, resource_id, mode, slot_starts_at AS starts_at, \
             slot_ends_at AS ends_at, persons FROM claims WHERE live = 1 AND kind = $3 AND expires_at > $2 ORDER BY 6, 1",
        )
        .bind(AppointmentState::Booked.as_str())
        .bind(self.now())
        .bind(ClaimKind::Hold.as_str())
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(standing).collect()
    }
}

fn standing(row: &AnyRow) -> Result<(Option<Reference>, Place), StoreError> {
    let reference = Some(row.text("reference")?).filter(|text| !text.is_empty());
    let reference = reference.map(|text| Reference::parse(&text)).transpose();
    let reference = reference.map_err(|_| StoreError::Unreadable("reference"))?;
    let place = Place {
        service: ServiceId::new(row.text("service_id")?),
        office: OfficeId::new(row.text("office_id")?),
        resource: ResourceId::new(row.text("resource_id")?),
        mode: Mode::parse(&row.text("mode")?).ok_or(StoreError::Unreadable("mode"))?,
        slot: Window { from: row.instant("starts_at")?, to: row.instant("ends_at")? },
        persons: u32::try_from(row.number("persons")?).map_err(|_| StoreError::Unreadable("persons"))?,
    };
    Ok((reference, place))
}
