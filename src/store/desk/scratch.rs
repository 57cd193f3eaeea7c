//! A board of a few offices as one transaction sees them, to plan on without touching what everybody searches.

use std::collections::HashSet;
use std::sync::Arc;

use sqlx::AnyConnection;

use crate::booking::board::Board;
use crate::booking::catalogue::Catalogue;
use crate::booking::core::Window;
use crate::booking::id::OfficeId;
use crate::store::error::StoreError;
use crate::store::journal;

/// An empty board of these offices with all their services.
pub(super) fn board_of(catalogue: &Catalogue, offices: &[OfficeId]) -> Board {
    let offices = catalogue.offices.iter().filter(|office| offices.contains(&office.id)).cloned().collect();
    let Catalogue { organisations, services, .. } = catalogue;
    Board::new(Arc::new(Catalogue { organisations: organisations.clone(), services: services.clone(), offices }))
}

/// Enters on a board what an office has taken or shut in a stretch of time, except what certain groups have.
pub(super) async fn learn(
    tx: &mut AnyConnection,
    board: &mut Board,
    office: &OfficeId,
    window: Window,
    except: &HashSet<&str>,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT 'claim' AS what, id, office_id, resource_id, starts_at, ends_at, live, kind, group_id, service_id, mode, \
         channel, by_staff, slot_starts_at, slot_ends_at, expires_at, '' AS reason \
         FROM claims WHERE live = 1 AND office_id = $1 AND starts_at < $2 AND ends_at > $3 \
         UNION ALL \
         SELECT 'closure', id, office_id, resource_id, starts_at, ends_at, 1, '', '', '', '', '', 0, starts_at, ends_at, 0, \
         reason FROM closures WHERE reopened = 0 AND office_id = $1 AND starts_at < $2 AND ends_at > $3",
    )
    .bind(office.as_str())
    .bind(window.to.timestamp())
    .bind(window.from.timestamp())
    .fetch_all(tx)
    .await?;
    for row in &rows {
        if !except.contains(journal::group_of(row)?.as_str()) {
            board.apply(journal::change(row)?);
        }
    }
    Ok(())
}
