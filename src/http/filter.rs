//! Which appointments are looked for, as the address of a search says it.

use serde::Deserialize;

use super::body::listed;
use super::error::ApiError;
use crate::booking::catalogue::{Catalogue, Day};
use crate::booking::core::{DailyWindow, Near, Needs, SlotQuery, Window};
use crate::booking::id::{OfficeId, ResourceId, ServiceId};
use crate::booking::people::{Language, Mode};
use crate::booking::place::Municipalities;
use crate::wire::stretch::{Stretch, TimeOfDay};

/// How many stretches of time and offices may be named.
const MOST_NAMED: usize = 200;

/// Which appointments are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// The service.
    service: String,
    /// Only at these offices; may be repeated, or written with commas. Every office that offers it when absent.
    #[serde(default, deserialize_with = "listed")]
    #[param(value_type = Vec<String>, max_items = 200)]
    office: Vec<OfficeId>,
    /// Only in these modes; every mode of the service when absent.
    #[serde(default, deserialize_with = "listed")]
    #[param(inline)]
    mode: Vec<Mode>,
    /// Starting in none of these (`2026-11-24T10:00/2026-11-24T12:00`, the end exclusive, or a date for its whole day).
    #[serde(default, deserialize_with = "listed")]
    #[param(value_type = Vec<Stretch>, inline, max_items = 200)]
    exclude: Vec<String>,
    /// Only on these weekdays, `mon` … `sun`, by the office's wall clock.
    #[serde(default, deserialize_with = "listed")]
    #[param(inline)]
    weekday: Vec<Day>,
    /// Only in this part of the day: `morning` is 06:00–12:00, `noon` 12:00–16:00, `afternoon` 16:00–20:00, `evening`
    /// 20:00–24:00.
    #[param(inline)]
    part: Option<Part>,
    /// Only from this time of day on (`08:30`), by the office's wall clock.
    #[param(inline)]
    daily_from: Option<TimeOfDay>,
    /// Only before this time of day.
    #[param(inline)]
    daily_to: Option<TimeOfDay>,
    /// A municipality, or `latitude,longitude` (WGS 84): distances are told, and count in the order.
    #[param(
        pattern = "^([^,]+|-?([0-8]?[0-9](\\.[0-9]+)?|90),-?((1[0-7][0-9]|[0-9]?[0-9])(\\.[0-9]+)?|180))$",
        example = "Χανιά"
    )]
    near: Option<String>,
    /// Only offices so near, kilometres as the crow flies; together with `near`.
    #[param(minimum = 0)]
    within_km: Option<f64>,
    /// How many persons come; one when absent.
    #[param(minimum = 1)]
    persons: Option<u32>,
    /// A language that must be spoken or signed, by ISO 639.
    #[param(inline)]
    language: Option<Language>,
    /// This very employee; only where the office lets citizens choose.
    employee: Option<String>,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// πρωί
    Morning,
    /// μεσημέρι
    Noon,
    /// απόγευμα
    Afternoon,
    /// βράδυ
    Evening,
}

impl Part {
    fn hours(self) -> (&'static str, &'static str) {
        match self {
            Self::Morning => ("06:00", "12:00"),
            Self::Noon => ("12:00", "16:00"),
            Self::Afternoon => ("16:00", "20:00"),
            Self::Evening => ("20:00", "00:00"),
        }
    }
}

impl Filter {
    /// One query for each mode that is wanted.
    pub fn queries(&self, catalogue: &Catalogue) -> Result<Vec<SlotQuery>, ApiError> {
        let service = ServiceId::new(self.service.as_str());
        let mut modes = if self.mode.is_empty() { modes_of(catalogue, &service)? } else { self.mode.clone() };
        modes.sort_unstable();
        modes.dedup();
        if self.office.len() > MOST_NAMED || self.exclude.len() > MOST_NAMED {
            return Err(ApiError::bad_parameters("office, exclude: at most 200"));
        }
        let query = SlotQuery {
            offices: self.office.clone(),
            needs: self.needs()?,
            excluded: stretches("exclude", &self.exclude)?,
            daily: self.daily()?,
            weekdays: self.weekday.clone(),
            near: self.near()?,
            ..SlotQuery::new(service, Mode::InPerson, 1)
        };
        Ok(modes.into_iter().map(|mode| SlotQuery { mode, ..query.clone() }).collect())
    }

    fn needs(&self) -> Result<Needs, ApiError> {
        let persons = self.persons.unwrap_or(1);
        if persons == 0 {
            return Err(ApiError::bad_parameters("persons: at least 1"));
        }
        let resource = self.employee.as_deref().filter(|id| !id.is_empty()).map(ResourceId::new);
        Ok(Needs { persons, language: self.language, resource })
    }

    fn daily(&self) -> Result<Option<DailyWindow>, ApiError> {
        let time = |text: &str| TimeOfDay::parse(text).map(|time| time.0).unwrap_or_default();
        match (self.part, self.daily_from, self.daily_to) {
            (None, None, None) => Ok(None),
            (Some(part), None, None) => {
                let (from, to) = part.hours();
                Ok(Some(DailyWindow { from: time(from), to: time(to) }))
            }
            (Some(_), _, _) => Err(ApiError::invalid(
                "part",
                "not together with daily_from or daily_to",
                "Δώστε είτε μέρος της ημέρας είτε ώρες.",
            )),
            // Midnight as an end is that of the next day.
            (None, from, to) => {
                let or_midnight = |time: Option<TimeOfDay>| time.map(|time| time.0).unwrap_or_default();
                Ok(Some(DailyWindow { from: or_midnight(from), to: or_midnight(to) }))
            }
        }
    }

    fn near(&self) -> Result<Option<Near>, ApiError> {
        let Some(near) = self.near.as_deref().map(str::trim).filter(|near| !near.is_empty()) else {
            return match self.within_km {
                Some(_) => Err(ApiError::invalid("within_km", "needs near", "Γράψτε και κοντά σε ποιο μέρος.")),
                None => Ok(None),
            };
        };
        if self.within_km.is_some_and(|km| !(km.is_finite() && km >= 0.0)) {
            return Err(ApiError::bad_parameters("within_km: a distance"));
        }
        let position = match position(near) {
            Some(position) => position?,
            None => municipality(near)?,
        };
        Ok(Some(Near { position, within_km: self.within_km }))
    }
}

/// Stretches of time as they are written. That their days exist and that they end after they begin, no form can tell.
pub fn stretches(field: &str, written: &[String]) -> Result<Vec<Window>, ApiError> {
    let wanted = "2026-11-24T10:00/2026-11-24T12:00 or 2026-11-24";
    let refused = || ApiError::invalid(field, wanted, "Κάποιο διάστημα δεν είναι σωστό.");
    written.iter().map(|text| Stretch::parse(text).map(|stretch| stretch.0).ok_or_else(refused)).collect()
}

/// `38.0,23.7`; `None` for what is no pair of numbers.
fn position(text: &str) -> Option<Result<(f64, f64), ApiError>> {
    let (latitude, longitude) = text.split_once(',')?;
    let (latitude, longitude): (f64, f64) = (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
    let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    Some(if on_earth {
        Ok((latitude, longitude))
    } else {
        Err(ApiError::bad_parameters("near: no such place on earth"))
    })
}

/// Where the seat of a municipality lies.
fn municipality(name: &str) -> Result<(f64, f64), ApiError> {
    let found = Municipalities::bundled().find(name);
    found.map(|municipality| municipality.position).ok_or_else(|| ApiError::not_found("municipality"))
}

fn modes_of(catalogue: &Catalogue, service: &ServiceId) -> Result<Vec<Mode>, ApiError> {
    let service = catalogue.service(service).ok_or_else(|| ApiError::not_found("service"))?;
    Ok(service.modes.iter().map(|served| served.mode).collect())
}
