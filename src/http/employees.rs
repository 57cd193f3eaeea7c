//! The employees whom citizens may choose; public.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::body::Parameters;
use super::error::{ApiError, ErrorBody};
use crate::booking::catalogue::{Resource, ResourceKind};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::{Language, Mode};

/// Whose employees are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EmployeeFilter {
    /// Of this office.
    office: String,
    /// Only those who serve this service.
    service: Option<String>,
}

/// Employees.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Employees {
    employees: Vec<EmployeeView>,
}

/// An employee whom a citizen may choose.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EmployeeView {
    id: ResourceId,
    name: String,
    /// Languages served beside Greek, by ISO 639.
    languages: Vec<Language>,
    /// Only these services; all of the office when empty.
    services: Vec<ServiceId>,
    /// Only these modes; all when empty.
    modes: Vec<Mode>,
}

/// Lists the employees whom citizens may choose: none where the office does not let them, and never those who are hidden.
#[utoipa::path(
    get, path = "/api/v1/employees", tag = "catalogue", operation_id = "listEmployees", params(EmployeeFilter),
    responses(
        (status = 200, description = "Employees", body = Employees),
        (status = 400, description = "A parameter cannot be read", body = ErrorBody),
        (status = 404, description = "No such office or service", body = ErrorBody)
    )
)]
pub async fn employees(
    State(rim): Shared,
    Parameters(filter): Parameters<EmployeeFilter>,
) -> Result<Json<Employees>, ApiError> {
    let catalogue = rim.app.catalogue.get();
    let office = catalogue.office(&OfficeId::new(filter.office.as_str()));
    let office = office.ok_or_else(|| ApiError::not_found("office"))?;
    let wanted = match filter.service.as_deref() {
        Some(id) => Some(catalogue.service(&ServiceId::new(id)).ok_or_else(|| ApiError::not_found("service"))?),
        None => None,
    };
    let serves = |resource: &&Resource| {
        wanted.is_none_or(|service| {
            let named = resource.services.is_empty() || resource.services.contains(&service.id);
            named && service.skills.iter().all(|skill| resource.skills.contains(skill))
        })
    };
    let shown =
        office.resources.iter().filter(|r| office.choose_employee && r.kind == ResourceKind::Employee && !r.hidden);
    Ok(Json(Employees { employees: shown.filter(serves).map(EmployeeView::from).collect() }))
}

impl From<&Resource> for EmployeeView {
    fn from(resource: &Resource) -> Self {
        let Resource { id, name, languages, services, modes, .. } = resource.clone();
        Self { id, name, languages, services, modes }
    }
}
