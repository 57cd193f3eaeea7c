//! The catalogue as a whole: what an Ariadni that books here goes by.

use axum::Json;
use axum::extract::State;

use super::Shared;
use super::auth::Official;
use super::error::ErrorBody;
use crate::booking::catalogue::Catalogue;

/// The catalogue in force, in the form in which `ariadni catalogue import` takes it; hidden employees included.
#[utoipa::path(
    get, path = "/api/v1/catalogue", tag = "desk", operation_id = "getCatalogue",
    responses(
        (status = 200, description = "Organisations, services, offices", body = Object),
        (status = 401, description = "No valid token", body = ErrorBody),
        (status = 409, description = "`staff_only`", body = ErrorBody)
    ),
    security(("staff" = []))
)]
pub async fn get(State(rim): Shared, _: Official) -> Json<Catalogue> {
    Json(Catalogue::clone(&rim.app.catalogue))
}
